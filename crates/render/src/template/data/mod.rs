//! What a template says of its data: a schema and named samples.

mod schema;

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::Strictness;
use super::model::DataModel;
use super::reader::ObjectReader;
use super::reading::{Reading, has_error};
use super::shape::{Anything, MapOf, Object, Shape as _};
use crate::data::Schema;
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use schema::SCHEMA;

pub(super) const DATA: Object<DataModel> = Object {
    name: "data",
    title: "the data",
    doc: "What the template expects as data, for tools and tests.",
    read: read_data,
};

fn read_data(reader: &mut ObjectReader<'_>) -> Option<DataModel> {
    let schema = reader.optional(
        "schema",
        SCHEMA,
        "What the data looks like (JSON Schema); `x-personal` and `x-class` mark what needs care.",
    );
    let samples = MapOf { phrase: "an object of samples by name", of: Anything };
    let samples: IndexMap<String, Json> =
        reader.optional("samples", samples, "Examples of data by name.").unwrap_or_default();
    Some(DataModel { schema: schema.map(Box::new), samples })
}

/// Reads a schema that stands alone.
///
/// # Errors
/// All findings, when at least one is an error.
pub(crate) fn read_schema(json: &Json, limits: &Limits) -> Result<Schema, Vec<Diagnostic>> {
    let mut reading = Reading::new(limits, Strictness::Check);
    let schema = super::parse::check_depth(json, &mut reading).and_then(|()| SCHEMA.read(json, &mut reading));
    let findings = reading.into_findings();
    match schema {
        Some(schema) if !has_error(&findings) => Ok(schema),
        _ => Err(findings),
    }
}
