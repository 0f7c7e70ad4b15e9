//! Data: what a template expects, whether a value follows it, and what is known of each field.

mod format;
mod infer;
mod path;
mod personal;
mod schema;
mod usage;
mod validate;

#[cfg(test)]
mod tests;

pub use format::Format;
pub use infer::infer;
pub use path::{DataPath, Step};
pub use schema::{Additional, Bounds, Field, Pattern, Personal, Schema, Type};
pub use usage::{Usage, Use};
pub use validate::Problem;
pub(crate) use validate::escaped;

use serde_json::Value as Json;

use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::template::Template;

impl Schema {
    /// Reads a schema as `data.schema` of a template has it; pointers of findings begin at the schema.
    ///
    /// # Errors
    /// All findings, when at least one is an error.
    pub fn from_json(json: &Json, limits: &Limits) -> Result<Self, Vec<Diagnostic>> {
        crate::template::read_schema(json, limits)
    }
}

impl Template {
    /// Places of the data that tell about a person, as the schema marks them: of several inside each other the outermost.
    #[must_use]
    pub fn personal_fields(&self) -> Vec<Field> {
        let mut marked: Vec<Field> = Vec::new();
        for field in self.data.schema.iter().flat_map(|schema| schema.fields()) {
            // Inside of a marked place only what says something else is told on its own.
            let is_told = |outer: &Field| outer.path.contains(&field.path) && outer.personal == field.personal;
            if field.personal.is_some() && !marked.iter().any(is_told) {
                marked.push(field);
            }
        }
        marked
    }
}
