//! The check: what is probably wrong with a template that can be read, told without laying anything out.

mod data;
mod outline;

use serde_json::Value as Json;

use super::reading::{FINDING_COUNT_MAX, too_many};
use super::{Template, read_schema};
use crate::data::{Usage, infer};
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::world::Assets;

/// What a check may know beside the template.
#[derive(Clone, Copy, Default)]
pub struct CheckOptions<'a> {
    /// Data that the template is to be used with; it is held against the template's own schema.
    pub data: Option<&'a Json>,
    /// Assets that exist outside of the template. Without them, a name is only reported when it is nearly one of the
    /// template's own.
    pub assets: Option<&'a dyn Assets>,
}

/// Reads a template strictly and reports everything that can be found without laying it out, in the order of the
/// template: the findings of [`Template::parse`], then links that lead nowhere, missing pictures, missing alternative
/// texts, nodes outside of the page, columns wider than their table, fields that the schema does not know, and samples
/// and data that do not follow the schema.
///
/// At most [`FINDING_COUNT_MAX`] findings. An empty list means that nothing was found.
#[must_use]
pub fn check(text: &str, options: &CheckOptions<'_>, limits: &Limits) -> Vec<Diagnostic> {
    let (template, mut findings) = match Template::parse(text, limits) {
        Ok(read) => read,
        Err(findings) => return findings,
    };
    findings.extend(template.class_fault());
    outline::check(&template, options.assets, &mut findings);
    // Without a schema, the samples show what the data look like.
    let inferred = match &template.data.schema {
        None if !template.data.samples.is_empty() => read_schema(&infer(template.data.samples.values()), limits).ok(),
        _ => None,
    };
    if let Some(schema) = template.data.schema.as_deref().or(inferred.as_ref()) {
        findings.extend(Usage::of(&template).missing(schema));
    }
    data::check(&template.data, options.data, &mut findings);
    if findings.len() > FINDING_COUNT_MAX {
        findings.truncate(FINDING_COUNT_MAX - 1);
        findings.push(too_many());
    }
    findings
}
