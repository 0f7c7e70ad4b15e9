//! Reads what the user names: files and standard input, JSON, times.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use chancery_render::{Diagnostic, Severity};
use serde_json::Value as Json;

use crate::error::CommandError;

/// Bytes of one input file; a hundred times what the API takes.
const INPUT_SIZE_BYTES_MAX: u64 = 600_000_000;

/// Reads a text file; `-` is standard input.
pub(crate) fn text(path: &Path) -> Result<String, CommandError> {
    let read = |source| CommandError::file("read", path, source);
    let mut text = String::new();
    let source: Box<dyn Read> =
        if path == Path::new("-") { Box::new(io::stdin().lock()) } else { Box::new(File::open(path).map_err(read)?) };
    source.take(INPUT_SIZE_BYTES_MAX + 1).read_to_string(&mut text).map_err(|source| match source.kind() {
        io::ErrorKind::InvalidData => CommandError::input(format!("{} is not UTF-8 text", path.display())),
        _ => CommandError::file("read", path, source),
    })?;
    if u64::try_from(text.len()).unwrap_or(u64::MAX) > INPUT_SIZE_BYTES_MAX {
        return Err(CommandError::input(format!("{} is larger than 600 MB", path.display())));
    }
    Ok(text)
}

/// Reads a JSON file; `-` is standard input.
pub(crate) fn json(path: &Path) -> Result<Json, CommandError> {
    let text = text(path)?;
    serde_json::from_str(&text)
        .map_err(|error| CommandError::input(format!("{} is not valid JSON: {error}", path.display())))
}

/// Reads a time: RFC 3339, or milliseconds since 1970.
pub(crate) fn time_ms(text: &str) -> Result<i64, CommandError> {
    if let Ok(time_ms) = text.parse::<i64>() {
        return Ok(time_ms);
    }
    text.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_millisecond).map_err(|_| {
        CommandError::input(format!(
            "`{text}` is not a time: give RFC 3339 such as 2026-01-31T12:00:00Z, or milliseconds since 1970"
        ))
    })
}

/// Tells findings on stderr, and fails with the number of errors when there are any.
pub(crate) fn told(findings: &[Diagnostic], name: &Path) -> Result<(), CommandError> {
    for finding in findings {
        crate::output::note(&finding.to_string());
    }
    match findings.iter().filter(|finding| finding.severity == Severity::Error).count() {
        0 => Ok(()),
        1 => Err(CommandError::input(format!("{} has 1 error", name.display()))),
        count => Err(CommandError::input(format!("{} has {count} errors", name.display()))),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_time_is_rfc_3339_or_milliseconds() {
        assert_eq!(time_ms("1769860800000").unwrap(), 1_769_860_800_000);
        assert_eq!(time_ms("2026-01-31T12:00:00Z").unwrap(), 1_769_860_800_000);
        assert_eq!(time_ms("2026-01-31T13:00:00+01:00").unwrap(), 1_769_860_800_000);
        assert_eq!(time_ms("-1").unwrap(), -1);
    }

    #[test]
    fn anything_else_is_no_time() {
        for text in ["", "today", "2026-01-31", "99999999999999999999", "2026-13-01T00:00:00Z"] {
            assert!(time_ms(text).unwrap_err().to_string().contains("is not a time"), "{text}");
        }
    }

    #[test]
    fn a_missing_file_is_the_users_error_and_named() {
        let error = text(Path::new("/nowhere/x.json")).unwrap_err();
        assert!(matches!(error, CommandError::Input { .. }));
        assert!(error.to_string().starts_with("cannot read /nowhere/x.json: "));
    }
}
