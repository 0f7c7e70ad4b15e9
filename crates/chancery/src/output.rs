//! Data goes to stdout, everything else to stderr.

use std::io::{self, Write};

use crate::error::CommandError;

/// Writes text to stdout as it is.
pub(crate) fn data(text: &str) -> Result<(), CommandError> {
    bytes(text.as_bytes())
}

/// Writes a line to stdout.
pub(crate) fn line(text: &str) -> Result<(), CommandError> {
    data(&format!("{text}\n"))
}

/// Writes bytes to stdout.
pub(crate) fn bytes(bytes: &[u8]) -> Result<(), CommandError> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(CommandError::output)
}

/// Writes a line to stderr. Nobody can be told when that fails.
pub(crate) fn note(text: &str) {
    drop(writeln!(io::stderr().lock(), "{text}"));
}
