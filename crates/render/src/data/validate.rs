//! Validation: what in a value does not follow a schema.

use serde_json::{Map, Value as Json};

use super::schema::{Additional, Bounds, Schema};
use crate::diagnostic::{Diagnostic, codes};
use crate::template::{FINDING_COUNT_MAX, nearest, quoted, shortened, suggestion};

/// Values and schemas that one validation looks at: references and nested alternatives must not make it endless.
const STEP_COUNT_MAX: u32 = 1_000_000;

/// Nesting of values and references.
const DEPTH_MAX: u32 = 64;

/// One thing that does not follow the schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// JSON pointer into the value.
    pub pointer: String,
    /// One sentence, lower case, no full stop.
    pub message: String,
    /// What to do about it, when that can be told.
    pub hint: Option<String>,
}

impl From<Problem> for Diagnostic {
    /// The problem as an error of the data.
    fn from(problem: Problem) -> Self {
        let finding = Self::error(codes::DATA_MISMATCH, problem.pointer, problem.message);
        Self { hint: problem.hint, ..finding }
    }
}

impl Schema {
    /// What does not follow this schema, in the order of the value; at most [`FINDING_COUNT_MAX`].
    #[must_use]
    pub fn problems(&self, value: &Json) -> Vec<Problem> {
        let mut walk = Walk { root: self, steps: 0, found: Vec::new() };
        walk.value(self, value, &mut String::new(), DEPTH_MAX);
        walk.found
    }
}

struct Walk<'s> {
    root: &'s Schema,
    steps: u32,
    found: Vec<Problem>,
}

impl<'s> Walk<'s> {
    fn value(&mut self, schema: &'s Schema, value: &Json, pointer: &mut String, depth_left: u32) {
        self.steps += 1;
        if depth_left == 0 || self.steps > STEP_COUNT_MAX || self.found.len() >= FINDING_COUNT_MAX {
            return;
        }
        if let Some(target) = schema.reference.as_deref().and_then(|name| self.root.definition(name)) {
            self.value(target, value, pointer, depth_left - 1);
        }
        for part in &schema.all_of {
            self.value(part, value, pointer, depth_left - 1);
        }
        self.alternatives(schema, value, pointer, depth_left);
        if !self.type_fits(schema, value, pointer) {
            return;
        }
        self.is_allowed(schema, value, pointer);
        match value {
            Json::Object(object) => self.object(schema, object, pointer, depth_left),
            Json::Array(items) => {
                self.bounds(schema.count, count(items.len()), "items", pointer);
                if let Some(schema) = &schema.items {
                    for (index, item) in items.iter().enumerate() {
                        self.within(&index.to_string(), pointer, |walk, pointer| {
                            walk.value(schema, item, pointer, depth_left - 1);
                        });
                    }
                }
            }
            Json::String(text) => self.text(schema, text, pointer),
            Json::Number(number) => self.bounds(schema.range, number.as_f64().unwrap_or(0.0), "", pointer),
            Json::Null | Json::Bool(_) => {}
        }
    }

    fn object(&mut self, schema: &'s Schema, object: &Map<String, Json>, pointer: &mut String, depth_left: u32) {
        for name in &schema.required {
            if !object.contains_key(name) {
                let near = nearest(name, object.keys().map(String::as_str)).map(|near| format!("there is `{near}`"));
                self.report(pointer, format!("`{}` is missing", shortened(name)), near);
            }
        }
        for (name, item) in object {
            let inside = match (schema.properties.get(name), &schema.additional) {
                (Some(property), _) => property,
                (None, Additional::Schema(property)) => property,
                (None, Additional::Allowed) => continue,
                (None, Additional::Forbidden) => {
                    let hint = suggestion(name, "there is", schema.properties.keys().map(String::as_str));
                    let message = format!("`{}` is not expected", shortened(name));
                    self.within(name, pointer, |walk, pointer| walk.report(pointer, message, Some(hint)));
                    continue;
                }
            };
            self.within(name, pointer, |walk, pointer| walk.value(inside, item, pointer, depth_left - 1));
        }
    }

    fn alternatives(&mut self, schema: &'s Schema, value: &Json, pointer: &mut String, depth_left: u32) {
        if schema.any_of.is_empty() {
            return;
        }
        let before = self.found.len();
        for part in &schema.any_of {
            self.value(part, value, pointer, depth_left - 1);
            if self.found.len() == before {
                return;
            }
            self.found.truncate(before);
        }
        self.report(pointer, format!("{} is none of what is expected here", quoted(value)), None);
    }

    fn type_fits(&mut self, schema: &Schema, value: &Json, pointer: &str) -> bool {
        let fits = schema.types.is_empty() || schema.types.iter().any(|known| known.fits(value));
        if !fits {
            let found = match value {
                Json::Array(_) => "an array".to_owned(),
                other => quoted(other),
            };
            let names: Vec<&str> = schema.types.iter().map(|known| known.name()).collect();
            self.report(pointer, format!("must be {}, not {found}", names.join(" or ")), None);
        }
        fits
    }

    fn is_allowed(&mut self, schema: &Schema, value: &Json, pointer: &str) {
        /// Values that a hint lists.
        const LISTED_COUNT_MAX: usize = 20;
        match schema.values.as_slice() {
            [] => {}
            values if values.iter().any(|allowed| same(allowed, value)) => {}
            [only] => self.report(pointer, format!("must be {}, not {}", quoted(only), quoted(value)), None),
            values => {
                let listed: Vec<String> = values.iter().take(LISTED_COUNT_MAX).map(quoted).collect();
                let hint = format!("it can be {}", listed.join(", "));
                self.report(pointer, format!("cannot be {}", quoted(value)), Some(hint));
            }
        }
    }

    fn text(&mut self, schema: &Schema, text: &str, pointer: &str) {
        self.bounds(schema.length, count(text.chars().count()), "characters", pointer);
        if let Some(format) = schema.format.filter(|format| !format.fits(text)) {
            self.report(pointer, format!("must be {}, not \"{}\"", format.phrase(), shortened(text)), None);
        }
        if let Some(pattern) = schema.pattern.as_ref().filter(|pattern| !pattern.matches(text)) {
            let message =
                format!("\"{}\" does not match the pattern `{}`", shortened(text), shortened(pattern.source()));
            self.report(pointer, message, None);
        }
    }

    fn bounds(&mut self, bounds: Bounds, value: f64, unit: &str, pointer: &str) {
        let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
        if let Some(bound) = bounds.least.filter(|bound| value < *bound) {
            self.report(pointer, format!("must be at least {bound}{unit}, not {value}"), None);
        }
        if let Some(bound) = bounds.most.filter(|bound| value > *bound) {
            self.report(pointer, format!("must be at most {bound}{unit}, not {value}"), None);
        }
    }

    fn within(&mut self, name: &str, pointer: &mut String, visit: impl FnOnce(&mut Self, &mut String)) {
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(&escaped(name));
        visit(self, pointer);
        pointer.truncate(length);
    }

    fn report(&mut self, pointer: &str, message: String, hint: Option<String>) {
        if self.found.len() < FINDING_COUNT_MAX {
            self.found.push(Problem { pointer: pointer.to_owned(), message, hint });
        }
    }
}

/// Whether two values are equal as JSON Schema has it: 1 and 1.0 are.
fn same(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => left.as_f64() == right.as_f64(),
        _ => left == right,
    }
}

fn count(length: usize) -> f64 {
    f64::from(u32::try_from(length).unwrap_or(u32::MAX))
}

/// A name as a JSON pointer has it (RFC 6901, 3).
pub(crate) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
