//! Checks of data against the template's schema: the part of JSON Schema that describes plain documents.

use serde_json::{Map, Value as Json};

use crate::diagnostic::{Diagnostic, codes};
use crate::template::reading::{FINDING_COUNT_MAX, quoted, shortened, suggestion};

/// Values and schemas that one check looks at: `$ref` and nested `anyOf` must not make a check endless.
const STEP_COUNT_MAX: u32 = 1_000_000;

/// Nesting of values and references.
const DEPTH_MAX: u32 = 64;

/// Holds the samples of a template, and data, against the schema of the template.
///
/// Known keywords: `type`, `enum`, `const`, `properties`, `required`, `additionalProperties`, `items`, `minItems`,
/// `maxItems`, `minimum`, `maximum`, `minLength`, `maxLength`, `allOf`, `anyOf`, and `$ref` within the schema. Others
/// are ignored, as JSON Schema asks of unknown keywords.
pub(super) fn check(expected: &Json, data: Option<&Json>, findings: &mut Vec<Diagnostic>) {
    let Some(schema) = expected.get("schema") else { return };
    if let Some(samples) = expected.get("samples").and_then(Json::as_object) {
        for (name, sample) in samples {
            for (pointer, problem) in problems(schema, sample) {
                let pointer = format!("/data/samples/{}{pointer}", escaped(name));
                let mut finding = Diagnostic::warning(codes::INVALID_VALUE, pointer, problem.message);
                finding.hint = problem.hint;
                findings.push(finding);
            }
        }
    }
    if let Some(data) = data {
        for (pointer, problem) in problems(schema, data) {
            let mut finding = Diagnostic::error(codes::DATA_MISMATCH, pointer, problem.message);
            finding.hint = problem.hint;
            findings.push(finding);
        }
    }
}

struct Problem {
    message: String,
    hint: Option<String>,
}

fn problems(schema: &Json, value: &Json) -> Vec<(String, Problem)> {
    let mut walk = Walk { root: schema, steps: 0, found: Vec::new() };
    walk.value(schema, value, &mut String::new(), DEPTH_MAX);
    walk.found
}

struct Walk<'s> {
    root: &'s Json,
    steps: u32,
    found: Vec<(String, Problem)>,
}

impl<'s> Walk<'s> {
    fn value(&mut self, schema: &'s Json, value: &Json, pointer: &mut String, depth_left: u32) {
        self.steps += 1;
        if depth_left == 0 || self.steps > STEP_COUNT_MAX || self.found.len() >= FINDING_COUNT_MAX {
            return;
        }
        let Some(rules) = schema.as_object() else {
            if schema == &Json::Bool(false) {
                self.report(pointer, "nothing is allowed here".to_owned(), None);
            }
            return;
        };
        if let Some(target) = rules.get("$ref").and_then(Json::as_str).and_then(|name| self.target(name)) {
            self.value(target, value, pointer, depth_left - 1);
        }
        for part in list(rules, "allOf") {
            self.value(part, value, pointer, depth_left - 1);
        }
        self.alternatives(rules, value, pointer, depth_left);
        if !self.type_fits(rules, value, pointer) {
            return;
        }
        self.constants(rules, value, pointer);
        match value {
            Json::Object(object) => self.object(rules, object, pointer, depth_left),
            Json::Array(items) => {
                self.bounds(rules, "minItems", "maxItems", count(items.len()), "items", pointer);
                if let Some(schema) = rules.get("items") {
                    for (index, item) in items.iter().enumerate() {
                        self.within(&index.to_string(), pointer, |walk, pointer| {
                            walk.value(schema, item, pointer, depth_left - 1);
                        });
                    }
                }
            }
            Json::String(text) => {
                self.bounds(rules, "minLength", "maxLength", count(text.chars().count()), "characters", pointer);
            }
            Json::Number(number) => {
                self.bounds(rules, "minimum", "maximum", number.as_f64().unwrap_or(0.0), "", pointer);
            }
            Json::Null | Json::Bool(_) => {}
        }
    }

    fn object(
        &mut self,
        rules: &'s Map<String, Json>,
        object: &Map<String, Json>,
        pointer: &mut String,
        depth_left: u32,
    ) {
        for name in list(rules, "required").iter().filter_map(Json::as_str) {
            if !object.contains_key(name) {
                let hint = object.keys().map(String::as_str);
                let near = crate::template::suggest::nearest(name, hint).map(|near| format!("there is `{near}`"));
                self.report(pointer, format!("`{}` is missing", shortened(name)), near);
            }
        }
        let known = rules.get("properties").and_then(Json::as_object);
        for (name, item) in object {
            let schema = known.and_then(|known| known.get(name)).or_else(|| {
                rules.get("additionalProperties").filter(|schema| schema.is_object() || *schema == &Json::Bool(false))
            });
            match schema {
                Some(Json::Bool(false)) => {
                    let names = known.into_iter().flat_map(Map::keys).map(String::as_str);
                    let hint = suggestion(name, "there is", names);
                    let message = format!("`{}` is not expected", shortened(name));
                    self.within(name, pointer, |walk, pointer| walk.report(pointer, message, Some(hint)));
                }
                Some(schema) => self.within(name, pointer, |walk, pointer| {
                    walk.value(schema, item, pointer, depth_left - 1);
                }),
                None => {}
            }
        }
    }

    fn alternatives(&mut self, rules: &'s Map<String, Json>, value: &Json, pointer: &mut String, depth_left: u32) {
        let alternatives = list(rules, "anyOf");
        if alternatives.is_empty() {
            return;
        }
        let before = self.found.len();
        for part in alternatives {
            self.value(part, value, pointer, depth_left - 1);
            if self.found.len() == before {
                return;
            }
            self.found.truncate(before);
        }
        self.report(pointer, format!("{} is none of what is expected here", quoted(value)), None);
    }

    fn type_fits(&mut self, rules: &Map<String, Json>, value: &Json, pointer: &str) -> bool {
        let names: Vec<&str> = match rules.get("type") {
            Some(Json::String(name)) => vec![name],
            Some(Json::Array(names)) => names.iter().filter_map(Json::as_str).collect(),
            _ => return true,
        };
        let fits = names.iter().any(|name| match *name {
            "null" => value.is_null(),
            "boolean" => value.is_boolean(),
            "string" => value.is_string(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            "number" => value.is_number(),
            "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
            _ => true,
        });
        if !fits {
            let found = match value {
                Json::Array(_) => "an array".to_owned(),
                other => quoted(other),
            };
            self.report(pointer, format!("must be {}, not {found}", names.join(" or ")), None);
        }
        fits
    }

    fn constants(&mut self, rules: &Map<String, Json>, value: &Json, pointer: &str) {
        if let Some(expected) = rules.get("const").filter(|expected| *expected != value) {
            self.report(pointer, format!("must be {}, not {}", quoted(expected), quoted(value)), None);
        }
        let allowed = list(rules, "enum");
        if !allowed.is_empty() && !allowed.contains(value) {
            let listed: Vec<String> = allowed.iter().take(20).map(quoted).collect();
            self.report(
                pointer,
                format!("cannot be {}", quoted(value)),
                Some(format!("it can be {}", listed.join(", "))),
            );
        }
    }

    fn bounds(&mut self, rules: &Map<String, Json>, least: &str, most: &str, value: f64, unit: &str, pointer: &str) {
        let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
        if let Some(bound) = rules.get(least).and_then(Json::as_f64).filter(|bound| value < *bound) {
            self.report(pointer, format!("must be at least {bound}{unit}, not {value}"), None);
        }
        if let Some(bound) = rules.get(most).and_then(Json::as_f64).filter(|bound| value > *bound) {
            self.report(pointer, format!("must be at most {bound}{unit}, not {value}"), None);
        }
    }

    fn target(&self, reference: &str) -> Option<&'s Json> {
        self.root.pointer(reference.strip_prefix('#')?)
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
            self.found.push((pointer.to_owned(), Problem { message, hint }));
        }
    }
}

fn list<'s>(rules: &'s Map<String, Json>, keyword: &str) -> &'s [Json] {
    rules.get(keyword).and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

fn count(length: usize) -> f64 {
    f64::from(u32::try_from(length).unwrap_or(u32::MAX))
}

/// A name as a JSON pointer has it (RFC 6901, 3).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
