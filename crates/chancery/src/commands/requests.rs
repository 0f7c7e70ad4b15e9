//! `requests`: finds requests in the log.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::Path;

use serde_json::Value as Json;

use crate::cli_watching::{RequestSearch, Requests};
use crate::error::CommandError;
use crate::{inputs, output};

/// Bytes of one line that is looked at; a request takes some hundred.
const LINE_BYTES_MAX: u64 = 64 * 1024;

/// Does what was asked. Needs no database: the log is what operators have, wherever it went.
pub(crate) fn run(command: &Requests) -> Result<(), CommandError> {
    let Requests::Search(flags) = command;
    let wanted = Wanted::new(flags)?;
    for path in &flags.logs {
        if path == Path::new("-") {
            search(&mut io::stdin().lock(), path, &wanted)?;
        } else {
            let file = File::open(path).map_err(|source| CommandError::file("read", path, source))?;
            search(&mut BufReader::new(file), path, &wanted)?;
        }
    }
    Ok(())
}

/// What a line must have.
struct Wanted<'a> {
    flags: &'a RequestSearch,
    since_ms: Option<i64>,
    until_ms: Option<i64>,
}

impl<'a> Wanted<'a> {
    fn new(flags: &'a RequestSearch) -> Result<Self, CommandError> {
        Ok(Self {
            flags,
            since_ms: flags.since.as_deref().map(inputs::time_ms).transpose()?,
            until_ms: flags.until.as_deref().map(inputs::time_ms).transpose()?,
        })
    }

    fn fits(&self, line: &Json) -> bool {
        let text = |name: &str| line.get(name).and_then(Json::as_str);
        let is =
            |name: &str, wanted: &Option<String>| wanted.as_deref().is_none_or(|wanted| text(name) == Some(wanted));
        let status = line.get("status").and_then(Json::as_u64);
        let at = text("timestamp").and_then(|at| inputs::time_ms(at).ok());
        let flags = self.flags;
        text("message") == Some("request")
            && is("request_id", &flags.id)
            && is("actor", &flags.actor)
            && is("workspace", &flags.workspace)
            && is("route", &flags.route)
            && is("code", &flags.code)
            && flags.status.as_deref().is_none_or(|wanted| status.is_some_and(|status| status_fits(wanted, status)))
            && self.since_ms.is_none_or(|since| at.is_some_and(|at| at >= since))
            && self.until_ms.is_none_or(|until| at.is_some_and(|at| at < until))
    }
}

/// `404` or `4xx`.
fn status_fits(wanted: &str, status: u64) -> bool {
    match wanted.strip_suffix("xx") {
        Some(class) => class.parse() == Ok(status / 100),
        None => wanted.parse() == Ok(status),
    }
}

fn search(log: &mut impl BufRead, path: &Path, wanted: &Wanted<'_>) -> Result<(), CommandError> {
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = log.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line);
        if read.map_err(|source| CommandError::file("read", path, source))? == 0 {
            return Ok(());
        }
        // Other lines, and those of other programs, are passed over.
        let Ok(json) = serde_json::from_slice::<Json>(&line) else { continue };
        if wanted.fits(&json) {
            output::line(String::from_utf8_lossy(&line).trim_end())?;
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;

    use super::*;

    #[test]
    fn requests_are_found_by_id_actor_route_status_and_time() {
        let line = json!({
            "timestamp": "2026-01-31T12:00:00Z", "message": "request", "request_id": "a-1", "actor": "k", "workspace": "w",
            "route": "/v1/create", "status": 404, "code": "not-found"
        });
        let none = RequestSearch::default();
        let fits = |flags: RequestSearch| Wanted::new(&flags).unwrap().fits(&line);
        let some = |text: &str| Some(text.to_owned());
        assert!(fits(none.clone()));
        for (yes, no) in [
            (RequestSearch { id: some("a-1"), ..none.clone() }, RequestSearch { id: some("a-2"), ..none.clone() }),
            (RequestSearch { actor: some("k"), ..none.clone() }, RequestSearch { actor: some("l"), ..none.clone() }),
            (
                RequestSearch { workspace: some("w"), ..none.clone() },
                RequestSearch { workspace: some("v"), ..none.clone() },
            ),
            (
                RequestSearch { status: some("4xx"), ..none.clone() },
                RequestSearch { status: some("5xx"), ..none.clone() },
            ),
            (
                RequestSearch { status: some("404"), ..none.clone() },
                RequestSearch { status: some("200"), ..none.clone() },
            ),
            (
                RequestSearch { since: some("2026-01-31T12:00:00Z"), ..none.clone() },
                RequestSearch { until: some("2026-01-31T12:00:00Z"), ..none.clone() },
            ),
        ] {
            assert!(fits(yes) && !fits(no));
        }
        assert!(!Wanted::new(&none).unwrap().fits(&json!({ "message": "purged", "status": 404 })));
    }

    #[test]
    fn what_is_no_line_of_ours_is_passed_over() {
        let flags = RequestSearch::default();
        let log = b"PostgreSQL says something\n{\"a\":1}\n\xff\xfe\n";
        search(&mut log.as_slice(), Path::new("log"), &Wanted::new(&flags).unwrap()).unwrap();
    }
}
