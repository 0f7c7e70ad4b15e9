//! Paths into the data that the schema or the samples of the template do not know, told before there is any data.

use serde_json::{Map, Value as Json};

use super::reading::Reading;
use super::shape::Place;
use super::suggest::nearest;
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::{Expression, PathStep};

/// Reports paths that lead nowhere. A schema may list a part of the data only, and a sample may lack what is optional,
/// so that a name they do not have is reported when one of theirs is near it, or when the schema allows no other.
pub(super) fn check(expression: &Expression, source: &str, start: usize, reading: &mut Reading) {
    let Some(data) = reading.data.take() else { return };
    expression.each_data_path(|path| {
        if let Some(unknown) = unknown(&data, path) {
            let place = Place::find(source, start + unknown.offset, unknown.name.len());
            let message = format!("{}: the data of this template has no `{}`", place.name, unknown.name);
            let advice = match unknown.meant {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "the schema allows no other properties than those that it lists".to_owned(),
            };
            let finding = Diagnostic::warning(codes::UNRESOLVED_PATH, reading.pointer(), message);
            reading.report(finding.with_hint(format!("{advice}\n{}", place.excerpt)));
        }
    });
    reading.data = Some(data);
}

/// A name that is not known where it stands.
struct Unknown<'e, 'k> {
    name: &'e str,
    offset: usize,
    meant: Option<&'k str>,
}

fn unknown<'e, 'k>(data: &'k Json, path: &[PathStep<'e>]) -> Option<Unknown<'e, 'k>> {
    let samples = data.get("samples").and_then(Json::as_object).into_iter().flat_map(Map::values).collect();
    match data.get("schema") {
        Some(schema) => unknown_to_schema(schema, path),
        None => unknown_to_samples(samples, path),
    }
}

fn unknown_to_schema<'e, 'k>(schema: &'k Json, path: &[PathStep<'e>]) -> Option<Unknown<'e, 'k>> {
    let mut schema = schema;
    for step in path {
        // What these keywords add is not looked into; nothing is said below them.
        if ["$ref", "anyOf", "oneOf", "allOf"].iter().any(|keyword| schema.get(keyword).is_some()) {
            return None;
        }
        schema = match step {
            PathStep::Item => schema.get("items")?,
            PathStep::Property { name, offset } => {
                let properties = schema.get("properties")?.as_object()?;
                match properties.get(*name) {
                    Some(found) => found,
                    None => {
                        let meant = nearest(name, properties.keys().map(String::as_str));
                        let closed = schema.get("additionalProperties") == Some(&Json::Bool(false));
                        return (meant.is_some() || closed).then_some(Unknown { name, offset: *offset, meant });
                    }
                }
            }
        };
    }
    None
}

fn unknown_to_samples<'e, 'k>(mut samples: Vec<&'k Json>, path: &[PathStep<'e>]) -> Option<Unknown<'e, 'k>> {
    for step in path {
        let inside: Vec<&'k Json> = match step {
            PathStep::Item => samples.iter().filter_map(|sample| sample.as_array()).flatten().collect(),
            PathStep::Property { name, .. } => samples.iter().filter_map(|sample| sample.get(name)).collect(),
        };
        if let (true, PathStep::Property { name, offset }) = (inside.is_empty(), step) {
            let known = samples.iter().filter_map(|sample| sample.as_object()).flat_map(Map::keys);
            let meant = nearest(name, known.map(String::as_str))?;
            return Some(Unknown { name, offset: *offset, meant: Some(meant) });
        }
        samples = inside;
    }
    None
}
