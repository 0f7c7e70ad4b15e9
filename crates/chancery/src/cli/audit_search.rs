//! Flags of `audit search`.

use clap::Args;

/// Flags of `audit search`; what is not given matches all.
#[derive(Debug, Args)]
pub(crate) struct AuditSearch {
    /// The workspace: its id or its name.
    #[arg(long)]
    pub(crate) workspace: String,
    /// Id of the person or API key who acted.
    #[arg(long, value_name = "ID")]
    pub(crate) actor: Option<String>,
    /// What was done, such as `template.create`.
    #[arg(long)]
    pub(crate) action: Option<String>,
    /// Id of what it was done to.
    #[arg(long, value_name = "ID")]
    pub(crate) target: Option<String>,
    /// Not before: RFC 3339, or milliseconds since 1970.
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<String>,
    /// Before: RFC 3339, or milliseconds since 1970.
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,
    /// Opens what is sealed of each act, too, and puts it behind the rest as JSON: of a download the range, the network, the
    /// recipient. That they were read is recorded.
    #[arg(long)]
    pub(crate) details: bool,
    /// How many at most.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) limit: u32,
}
