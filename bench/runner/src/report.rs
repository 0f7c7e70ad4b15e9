//! Writes figures to standard output and notes to standard error.

use std::error::Error;
use std::io::Write as _;

use serde_json::Value as Json;

use crate::failure::Failure;

/// Writes one JSON object as a line to standard output.
pub(crate) fn line(value: &Json) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{value}")
        .and_then(|()| out.flush())
        .map_err(|source| Failure::Channel { doing: "writing to standard output", source })
}

/// Writes a note to standard error; when that is closed, nobody wants to read it.
pub(crate) fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// An error and all that caused it, outermost first.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
