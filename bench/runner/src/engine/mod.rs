//! The engine in process: renders documents as the harness asks for them.

mod content;
mod subject;
mod world;

use std::io::BufRead as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use crate::arguments::Options;
use crate::failure::Failure;
use crate::report;

pub(crate) use content::{Content, DocumentKind};
use subject::Subject;
pub(crate) use world::BenchWorld;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Layout and writing.
    Render,
    /// Writing alone.
    Floor,
}

/// Obeys the harness until its input ends: `{"first": 17, "count": 5, "output": "file or null"}` renders the
/// documents 17 to 21, and writes the last one to the output. With `"period_us": 5000` a document begins every five
/// milliseconds, and the processor idles in between, as it does for a service with one caller.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let [document, content, regular, semibold] = options.words(["DOCUMENT", "CONTENT", "REGULAR", "SEMIBOLD"])?;
    let kind = DocumentKind::parse(document)?;
    let mode = match options.required("mode")? {
        "render" => Mode::Render,
        "floor" => Mode::Floor,
        other => return Err(Failure::Usage(format!("--mode is render or floor, not `{other}`"))),
    };
    let world = BenchWorld::read(&[Path::new(regular), Path::new(semibold)])?;
    let template = PathBuf::from(options.required("templates")?).join(format!("{document}.json"));
    let mut subject = Subject::new(&read_text(&template)?, Content::read(kind, Path::new(content))?, world)?;
    if mode == Mode::Floor {
        subject.keep_document()?;
    }
    report::line(&json!({ "ready": true, "version": env!("CARGO_PKG_VERSION") }))?;
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|source| Failure::Channel { doing: "reading a command", source })?;
        let answer = match obey(&mut subject, &line) {
            Ok(size_bytes) => json!({ "ok": true, "bytes": size_bytes }),
            Err(failure) => json!({ "ok": false, "error": report::chain(&failure) }),
        };
        report::line(&answer)?;
    }
    Ok(())
}

/// Renders what one command asks for and gives the bytes of all documents together.
fn obey(subject: &mut Subject, line: &str) -> Result<u64, Failure> {
    let command: Json = serde_json::from_str(line).map_err(|error| Failure::Usage(format!("a command: {error}")))?;
    let number = |name: &str| {
        command.get(name).and_then(Json::as_u64).ok_or_else(|| Failure::Usage(format!("a command without `{name}`")))
    };
    let (first, count) = (number("first")?, number("count")?);
    let period = command.get("period_us").and_then(Json::as_u64).map(Duration::from_micros);
    let mut size_bytes = 0;
    let mut last = Vec::new();
    let mut due = Instant::now();
    for index in first..first.saturating_add(count) {
        if let Some(period) = period {
            wait_until(due);
            due += period;
        }
        last = subject.pdf(index)?;
        size_bytes += u64::try_from(last.len()).unwrap_or(u64::MAX);
    }
    if let Some(output) = command.get("output").and_then(Json::as_str) {
        std::fs::write(output, last).map_err(|source| Failure::File { path: output.into(), source })?;
    }
    Ok(size_bytes)
}

#[expect(clippy::disallowed_methods, reason = "the pace is what is measured")]
fn wait_until(due: Instant) {
    std::thread::sleep(due.saturating_duration_since(Instant::now()));
}

pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|source| Failure::File { path: path.to_owned(), source })
}
