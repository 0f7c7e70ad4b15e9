//! The template: format 1 as types, read from JSON with diagnostics.
//!
//! One function a kind of object asks for its properties by name, shape and meaning. Run against JSON it reads;
//! run against nothing it describes. The JSON Schema, the reference and the formatter come from that description.

mod breaks;
mod check;
mod classes;
mod colors;
mod data;
mod describe;
mod flow;
mod format;
mod kinds;
mod layers;
mod look;
pub mod model;
mod node;
mod output;
mod page;
mod paint;
mod parse;
mod reader;
mod reading;
mod reference;
mod root;
mod schema;
mod shape;
pub(crate) mod style;
mod suggest;
#[cfg(test)]
mod tests;
mod typography;

use serde_json::Value as Json;

pub use check::{CheckOptions, check};
pub(crate) use classes::LABEL_BYTES_MAX;
pub use colors::Colors;
pub(crate) use data::read_schema;
pub use format::format_json;
pub use model::{Classification, Template};
pub use parse::TEMPLATE_SIZE_BYTES_MAX;
pub use reading::FINDING_COUNT_MAX;
pub(crate) use reading::{quoted, shortened, suggestion};
pub use reference::reference_markdown;
pub use root::FORMAT;
pub(crate) use root::NAME_DEFAULT;
pub use schema::json_schema;
pub(crate) use shape::Place;
pub use shape::parse_color;
pub(crate) use suggest::nearest;

use self::reading::{Reading, has_error};
use self::shape::Shape as _;
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;

/// What becomes of properties that the format does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// They are errors.
    Check,
    /// They are ignored, and `null` means "not given"; for `/v1`, whose clients send what they like.
    Lenient,
}

impl Template {
    /// Reads a template from JSON text of at most [`TEMPLATE_SIZE_BYTES_MAX`] bytes. Warnings come with the template.
    ///
    /// # Errors
    /// All findings, at most [`FINDING_COUNT_MAX`], when at least one is an error.
    pub fn parse(text: &str, limits: &Limits) -> Result<(Self, Vec<Diagnostic>), Vec<Diagnostic>> {
        let json = parse::json(text, limits).map_err(|finding| vec![finding])?;
        Self::from_value(&json, limits, Strictness::Check)
    }

    /// Reads a template from a JSON value. Warnings come with the template.
    ///
    /// # Errors
    /// As [`Template::parse`].
    pub fn from_value(
        json: &Json,
        limits: &Limits,
        strictness: Strictness,
    ) -> Result<(Self, Vec<Diagnostic>), Vec<Diagnostic>> {
        let mut reading = Reading::new(limits, strictness);
        let template = read(json, &mut reading);
        let findings = reading.into_findings();
        match template {
            Some(template) if !has_error(&findings) => Ok((template, findings)),
            _ => Err(findings),
        }
    }
}

fn read(json: &Json, reading: &mut Reading) -> Option<Template> {
    parse::check_depth(json, reading)?;
    // Another format has other properties: what this one knows about them is no help.
    if let Some(object) = json.as_object() {
        root::check_format(object.get("format"), reading)?;
    }
    for part in ["background", "header", "body", "footer"] {
        if let Some(nodes) = json.get(part) {
            node::collect_ids(nodes, &mut reading.given_ids);
        }
    }
    root::ROOT.read(json, reading)
}
