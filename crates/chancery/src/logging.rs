//! The log: lines on stderr, as JSON or for people.

use std::io;

use tracing::{Level, Metadata};
use tracing_subscriber::filter::FilterFn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::config::{Config, LogFormat};
use crate::error::CommandError;
use crate::masking::Masked;

/// The database's notices, such as that a migrated schema exists already, are no news; a filter may ask for them.
const QUIET: &str = "sqlx::postgres::notice=warn";

/// Starts it.
///
/// # Errors
/// [`CommandError::Input`] when the filter cannot be read.
pub(crate) fn start(config: &Config) -> Result<(), CommandError> {
    let filter = EnvFilter::try_new(format!("{QUIET},{}", config.log_level))
        .map_err(|error| CommandError::input(format!("`log.level` cannot be read: {error}")))?;
    let layer = tracing_subscriber::fmt::layer().with_writer(|| Masked(io::stderr()));
    let layer = match config.log_format {
        LogFormat::Json => layer.json().flatten_event(true).with_current_span(false).with_span_list(false).boxed(),
        LogFormat::Text => layer.with_ansi(false).boxed(),
    };
    let started =
        tracing_subscriber::registry().with(layer.with_filter(filter).with_filter(FilterFn::new(may_speak))).try_init();
    started.map_err(|error| CommandError::environment("cannot start the log", error))?;
    log_panics();
    Ok(())
}

/// Whether a line may be logged at all, whatever the filter says. Other crates write headers, URLs and statements at
/// their lower levels, and nobody here knows what else: of them, only warnings and errors are heard.
fn may_speak(metadata: &Metadata<'_>) -> bool {
    metadata.target().starts_with("chancery") || *metadata.level() <= Level::WARN
}

/// Panics are logged by their place only: the message may hold what a customer sent.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let location = panic.location().map_or_else(|| "unknown".to_owned(), ToString::to_string);
        let thread = std::thread::current();
        tracing::error!(location, thread = thread.name().unwrap_or("unnamed"), "a thread panicked");
    }));
}
