//! The command line of what watches over the store: security events, the log of requests, the check of the store.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// What to do with the log of requests.
#[derive(Debug, Subcommand)]
pub(crate) enum Requests {
    /// Prints the lines of requests that fit, from logs in JSON; other lines are passed over.
    #[command(
        after_help = "Examples:\n  chancery requests search /var/log/chancery.log --status 5xx\n  journalctl -u chancery -o cat | chancery requests search - --id 0193f2a41b7c0000-00000001"
    )]
    Search(RequestSearch),
}

/// Flags of `requests search`; what is not given matches all.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct RequestSearch {
    /// Logs; `-` is standard input.
    #[arg(required = true, value_name = "LOG")]
    pub(crate) logs: Vec<PathBuf>,
    /// The request's id, as its answer tells it.
    #[arg(long)]
    pub(crate) id: Option<String>,
    /// Id of the API key or person who asked.
    #[arg(long, value_name = "ID")]
    pub(crate) actor: Option<String>,
    /// Id of the workspace.
    #[arg(long, value_name = "ID")]
    pub(crate) workspace: Option<String>,
    /// The route as it is declared, such as `/f/{token}`.
    #[arg(long)]
    pub(crate) route: Option<String>,
    /// The status, such as `404` or `5xx`.
    #[arg(long)]
    pub(crate) status: Option<String>,
    /// The code of the error, such as `data-refused`.
    #[arg(long)]
    pub(crate) code: Option<String>,
    /// Not before: RFC 3339, or milliseconds since 1970.
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<String>,
    /// Before: RFC 3339, or milliseconds since 1970.
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,
}

/// What to do with security events.
#[derive(Debug, Subcommand)]
pub(crate) enum Security {
    /// Lists them, the latest first: id, time, kind, how many, workspace, actor, its id, place, column, row, reason, separated by tabs.
    ///
    /// Each is an entry of the ledger. Kinds: data_refused, key_unknown, object_refused, link_refused,
    /// authentication_burst, isolation_violated, row_forged.
    #[command(
        after_help = "Examples:\n  chancery security events --since 2026-01-01T00:00:00Z\n  chancery security events --kind link_refused --json"
    )]
    Events(SecurityEvents),
}

/// Flags of `security events`; what is not given matches all.
#[derive(Debug, Args)]
pub(crate) struct SecurityEvents {
    /// The workspace: its id or its name.
    #[arg(long)]
    pub(crate) workspace: Option<String>,
    /// What happened, such as `link_refused`.
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// Not before: RFC 3339, or milliseconds since 1970.
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<String>,
    /// Before: RFC 3339, or milliseconds since 1970.
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,
    /// How many at most.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) limit: u32,
    /// One JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What to do with database and objects together.
#[derive(Debug, Subcommand)]
pub(crate) enum Store {
    /// Checks that they fit together, both ways; exit code 1 when something is wrong and was not mended.
    ///
    /// Rows without object, objects without row, lengths, sealed values and segments that do not open, keys that are
    /// not there, rows that are not as the ledger records them, borders between workspaces, uploads left open, and the
    /// ledger itself. Prints one line a finding: fault, workspace, place, which, detail, repair, separated by tabs; then
    /// what was looked at. The service may run meanwhile.
    #[command(
        after_help = "Examples:\n  chancery store check\n  chancery store check --deep --json\n  chancery store check --repair"
    )]
    Check(StoreCheck),
}

/// Flags of `store check`.
#[derive(Debug, Args)]
pub(crate) struct StoreCheck {
    /// Opens every sealed value and every segment of every object, instead of one in sixteen.
    #[arg(long)]
    pub(crate) deep: bool,
    /// Deletes objects that no row names, ends uploads left open, marks documents without object as lost. Never deletes
    /// what could be read.
    #[arg(long)]
    pub(crate) repair: bool,
    /// Goes on behind a place that an earlier check told on standard error.
    #[arg(long, value_name = "PLACE")]
    pub(crate) from: Option<String>,
    /// One JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
}
