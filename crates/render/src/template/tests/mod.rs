//! Tests of the template: reading, description, formatting and check.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod cases;
mod described;
mod formatted;
mod hostile;
mod model;

use super::{CheckOptions, Strictness, Template, check};
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;

/// The example of the format's own documentation.
const EXAMPLE: &str = include_str!("example.json");

fn parse(text: &str) -> Result<(Template, Vec<Diagnostic>), Vec<Diagnostic>> {
    Template::parse(text, &Limits::default())
}

/// Parses a template that must have no findings.
fn good(text: &str) -> Template {
    match parse(text) {
        Ok((template, warnings)) => {
            assert!(warnings.is_empty(), "{}", shown(&warnings));
            template
        }
        Err(findings) => panic!("{}", shown(&findings)),
    }
}

/// A template with these nodes in its body.
fn with_nodes(nodes: &str) -> String {
    format!(r#"{{"format": 1, "body": {{"nodes": [{nodes}]}}}}"#)
}

fn shown(findings: &[Diagnostic]) -> String {
    findings.iter().map(Diagnostic::to_string).collect::<Vec<_>>().join("\n")
}

fn checked(text: &str) -> String {
    shown(&check(text, &CheckOptions::default(), &Limits::default()))
}

fn lenient(text: &str) -> Result<(Template, Vec<Diagnostic>), Vec<Diagnostic>> {
    Template::from_value(&serde_json::from_str(text).unwrap(), &Limits::default(), Strictness::Lenient)
}
