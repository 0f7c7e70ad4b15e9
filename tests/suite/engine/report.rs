//! The report of a run that fails: one page of HTML that needs nothing else.

use std::fmt::Write as _;
use std::path::PathBuf;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::case::CaseFile;
use super::difference::{Change, lines};
use super::pictures;
use super::run::{CaseResult, Difference};

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color:#1b1f24}\
    h1{font-size:1.4rem}h2{font-size:1.1rem;margin:2.5rem 0 .25rem}small{color:#667180}\
    h3{font-size:.9rem;margin:1rem 0 .25rem}pre{background:#f3f5f7;padding:.6rem .8rem;margin:0;overflow:auto;\
    font:13px/1.45 ui-monospace,monospace;border-radius:4px}del,ins{text-decoration:none;display:block}\
    del{background:#fbdcd9}ins{background:#d8f2dd}.pictures{display:flex;gap:1rem;flex-wrap:wrap}\
    figure{margin:0}img{border:1px solid #ccd2d9;image-rendering:pixelated;display:block}\
    figcaption{color:#667180;font-size:.85rem}";

/// Writes the report of the cases that do not hold and says where it is.
pub(crate) fn write(files: &[CaseFile], failed: &[&CaseResult]) -> PathBuf {
    let mut out = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Suite</title><style>{STYLE}</style>\
         <h1>{} cases give other answers</h1>",
        failed.len()
    );
    for result in failed {
        let (file, case) = (&files[result.file], result.case(files));
        let _ = write!(
            out,
            "<h2>{}</h2><small>{}.case, line {}</small><h3>input</h3><pre>{}</pre>",
            escaped(&case.name),
            escaped(&file.name),
            case.line,
            escaped(&case.input)
        );
        for difference in &result.differences {
            let _ = write!(out, "<h3>{}</h3>", escaped(&difference.kind));
            if difference.kind == "picture" {
                let golden = std::fs::read(pictures::path(file, case)).ok();
                out.push_str(&compared(difference, golden.as_deref(), result.answers.picture.as_deref()));
            } else {
                out.push_str(&changed(difference));
            }
        }
    }
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("suite.html");
    std::fs::create_dir_all(env!("CARGO_TARGET_TMPDIR")).expect("the folder of the report is there");
    std::fs::write(&path, out).expect("the report is written");
    path
}

fn changed(difference: &Difference) -> String {
    let mut out = String::from("<pre>");
    for (change, line) in lines(&difference.expected, &difference.got) {
        let line = escaped(line);
        let _ = match change {
            Change::Same => writeln!(out, "{line}"),
            Change::Removed => write!(out, "<del>− {line}</del>"),
            Change::Added => write!(out, "<ins>+ {line}</ins>"),
        };
    }
    out.push_str("</pre>");
    out
}

fn compared(difference: &Difference, golden: Option<&[u8]>, got: Option<&[u8]>) -> String {
    let both = golden.zip(got).and_then(|(golden, got)| pictures::difference(golden, got));
    let mut out =
        format!("<p>{}: {}</p><div class=\"pictures\">", escaped(&difference.expected), escaped(&difference.got));
    for (caption, bytes) in [("expected", golden), ("got", got), ("different", both.as_deref())] {
        if let Some(bytes) = bytes {
            let _ = write!(
                out,
                "<figure><img alt=\"{caption}\" src=\"data:image/png;base64,{}\"><figcaption>{caption}</figcaption></figure>",
                BASE64_STANDARD.encode(bytes)
            );
        }
    }
    out.push_str("</div>");
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
