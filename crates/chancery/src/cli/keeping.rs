//! Commands about what is held, how long, and under which name.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Whose data is meant.
#[derive(Debug, Args)]
pub(crate) struct Of {
    /// The workspace: its id or its name.
    #[arg(long)]
    pub(crate) workspace: String,
}

/// How long what is kept.
#[derive(Debug, Subcommand)]
pub(crate) enum Retention {
    /// Lists kind, class, days, whether they were set, and the limits, separated by tabs.
    List(Of),
    /// Sets how many days a kind of data is kept; the next purge follows it, also for what is there already.
    #[command(
        after_help = "Kinds: documents, template_versions, transactions, audit_bodies, requests, api_keys, pseudonyms.\nPreview a change before: what is purged is gone for good.\n\nExamples:\n  chancery retention preview requests 30 --workspace Northwind\n  chancery retention set requests 30 --workspace Northwind\n  chancery retention set transactions 400 --class restricted --workspace Northwind"
    )]
    Set(RetentionChange),
    /// Counts what a purge would delete now or, with a kind and days, after that change: kind, class, days, rows, bytes and
    /// rows that a hold keeps, separated by tabs.
    Preview {
        /// A kind of data, with days.
        #[arg(requires = "days")]
        kind: Option<String>,
        /// Days, or `forever`.
        days: Option<String>,
        /// The change is for one class only.
        #[arg(long, requires = "kind")]
        class: Option<String>,
        #[command(flatten)]
        of: Of,
    },
}

/// Flags of `retention set`.
#[derive(Debug, Args)]
pub(crate) struct RetentionChange {
    /// The kind of data.
    pub(crate) kind: String,
    /// Days, or `forever`; 0 keeps no requests.
    pub(crate) days: String,
    /// For one class only: public, internal, confidential or restricted.
    #[arg(long)]
    pub(crate) class: Option<String>,
    #[command(flatten)]
    pub(crate) of: Of,
}

/// What is kept whatever a policy says.
#[derive(Debug, Subcommand)]
pub(crate) enum Hold {
    /// Places a legal hold and prints its id: what it keeps is neither purged nor deleted until it is released.
    #[command(
        after_help = "Examples:\n  chancery hold place --workspace Northwind --reason 'litigation 4711'\n  chancery hold place --template 0123456789abcdef --workspace Northwind --reason 'litigation 4711'"
    )]
    #[command(group = clap::ArgGroup::new("target").args(["template", "document"]))]
    Place {
        #[command(flatten)]
        of: Of,
        /// Holds a template with all that was made from it; without a target, everything of the workspace is held.
        #[arg(long, value_name = "ID")]
        template: Option<String>,
        /// Holds a document with its request.
        #[arg(long, value_name = "ID")]
        document: Option<String>,
        /// Why; it is sealed.
        #[arg(long)]
        reason: String,
    },
    /// Releases a hold.
    Release {
        /// The hold's id.
        hold: String,
        #[command(flatten)]
        of: Of,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Lists holds, the latest first: id, target, its id, since when, until when, reason, separated by tabs.
    List(Of),
}

/// What a purge leaves.
#[derive(Debug, Subcommand)]
pub(crate) enum PurgeCommand {
    /// Lists the runs and deletions that destroyed something, or prints the signed receipt of one.
    ///
    /// A line of the list has run, cause, begin, end and rows that holds kept, separated by tabs.
    #[command(
        after_help = "Examples:\n  chancery purge receipts --workspace Northwind\n  chancery purge receipts 0193f2a4-1b7c-7000-8000-000000000001 --workspace Northwind > receipt.txt\n  chancery receipt verify receipt.txt --key ledger.pub"
    )]
    Receipts {
        /// The run whose receipt is printed.
        run: Option<String>,
        #[command(flatten)]
        of: Of,
    },
}

/// Receipts of what was destroyed.
#[derive(Debug, Subcommand)]
pub(crate) enum Receipt {
    /// Verifies a receipt without a database, and prints what it says was destroyed.
    #[command(
        after_help = "The key is what `chancery audit key` prints. A receipt of a destruction holds the proofs that its events are in the ledger; for one of a purge `chancery audit prove EVENT` shows it.\n\nExamples:\n  chancery receipt verify receipt.txt --key ledger.pub\n  chancery receipt verify receipt.json --key ledger-2026.pub --key ledger-2025.pub"
    )]
    Verify {
        /// The receipt: of a purge or a deletion, or of the destruction of a workspace's keys.
        receipt: PathBuf,
        /// File with the public key of the ledger at the time of the receipt; may be given several times.
        #[arg(long = "key", value_name = "FILE", required = true)]
        keys: Vec<PathBuf>,
        /// Also says whether the receipt covers this id of a document, a key or a workspace; exit code 1 when it does not.
        #[arg(long, value_name = "ID")]
        id: Option<String>,
    },
}

/// What to do with stored documents.
#[derive(Debug, Subcommand)]
pub(crate) enum Documents {
    /// Prints the request that led to a document, where the workspace keeps requests; that it was read is recorded.
    ///
    /// Pseudonyms stand for all that the template's schema marks as personal, and for the file's name.
    Request {
        /// The document's id, or the transaction's.
        document: String,
        #[command(flatten)]
        of: Of,
        /// Prints the request as it came.
        #[arg(long, requires = "reason")]
        plain: bool,
        /// Why it is needed as it came.
        #[arg(long)]
        reason: Option<String>,
    },
    /// Deletes a document now: its key, its object, its row; and prints the run that names its receipt.
    Delete {
        /// The document's id.
        document: String,
        #[command(flatten)]
        of: Of,
    },
}

/// What stands for persons in logs and exports.
#[derive(Debug, Subcommand)]
pub(crate) enum PseudonymCommand {
    /// Prints who is behind a pseudonym; that it was asked is recorded, and why.
    Resolve {
        /// The pseudonym, such as `person-7KQ2MZB4XJ3TA5LD`.
        pseudonym: String,
        #[command(flatten)]
        of: Of,
        /// Why.
        #[arg(long)]
        reason: String,
    },
}

/// What was made.
#[derive(Debug, Subcommand)]
pub(crate) enum Usage {
    /// Prints the transactions of a workspace, one JSON object a line, the latest first. File names are pseudonyms.
    Export {
        #[command(flatten)]
        of: Of,
    },
}

/// Flags of `inventory`.
#[derive(Debug, Args)]
pub(crate) struct Inventory {
    /// As JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
