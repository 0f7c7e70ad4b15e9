//! The log: lines on stderr, as JSON or for people.

use std::io;

use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat};
use crate::error::CommandError;

/// The database's notices, such as that a migrated schema exists already, are no news; a filter may ask for them.
const QUIET: &str = "sqlx::postgres::notice=warn";

/// Starts it.
///
/// # Errors
/// [`CommandError::Input`] when the filter cannot be read.
pub(crate) fn start(config: &Config) -> Result<(), CommandError> {
    let filter = EnvFilter::try_new(format!("{QUIET},{}", config.log_level))
        .map_err(|error| CommandError::input(format!("`log.level` cannot be read: {error}")))?;
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let started = match config.log_format {
        LogFormat::Json => {
            subscriber.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init()
        }
        LogFormat::Text => subscriber.with_ansi(false).try_init(),
    };
    started.map_err(|error| CommandError::environment("cannot start the log", error))?;
    log_panics();
    Ok(())
}

/// Panics are logged by their place only: the message may hold what a customer sent.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let location = panic.location().map_or_else(|| "unknown".to_owned(), ToString::to_string);
        let thread = std::thread::current();
        tracing::error!(location, thread = thread.name().unwrap_or("unnamed"), "a thread panicked");
    }));
}
