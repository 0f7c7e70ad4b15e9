//! Inference: a schema from examples of data, as a person would write it down who has seen only these.

use indexmap::IndexMap;
use serde_json::{Map, Value as Json, json};

use super::format::Format;
use super::personal;
use super::schema::Type;

/// Nesting that is looked at; what lies deeper is left open. Each level takes two of the schema, which with them, its
/// place in a template and a list of what is required stays within the nesting that a template may have.
const DEPTH_MAX: u32 = 30;

/// Different texts that are remembered of one field; with more it is no choice between a few.
const TEXT_COUNT_MAX: usize = 8;

/// Texts that a field must have had before a few repeated ones count as the only ones.
const CHOICE_SEEN_MIN: usize = 8;

/// Longest text that is a choice, in characters; longer ones are sentences.
const CHOICE_LENGTH_MAX: usize = 24;

/// Numbers without fraction that must have been seen before others are refused.
const INTEGER_SEEN_MIN: usize = 5;

/// Proposes a schema that all samples follow.
///
/// A property is required when it was always there, and a list of allowed values is given where few values repeat
/// often. `x-personal` is set where name or form of a field suggest it; look at it before you rely on it.
#[must_use]
pub fn infer<'d>(samples: impl IntoIterator<Item = &'d Json>) -> Json {
    let mut seen = Seen::default();
    samples.into_iter().for_each(|sample| seen.add(sample, DEPTH_MAX));
    let mut names = Vec::new();
    Json::Object(seen.schema(&mut names))
}

/// What was seen in one place.
#[derive(Default)]
struct Seen<'d> {
    /// Types in the order in which they appeared.
    types: Vec<Type>,
    objects: usize,
    properties: IndexMap<&'d str, Self>,
    /// Times that something stood here.
    count: usize,
    items: Option<Box<Self>>,
    numbers: usize,
    has_fraction: bool,
    texts: usize,
    /// Different texts with how often they were seen, while they are few.
    choices: Option<IndexMap<&'d str, usize>>,
    /// Formats that all texts so far have.
    formats: Option<Vec<Format>>,
}

impl<'d> Seen<'d> {
    fn add(&mut self, value: &'d Json, depth_left: u32) {
        self.count += 1;
        if depth_left == 0 {
            return;
        }
        let seen = match value {
            Json::Null => Type::Null,
            Json::Bool(_) => Type::Boolean,
            Json::Number(number) => {
                self.numbers += 1;
                self.has_fraction |= number.as_f64().is_none_or(|number| number.fract() != 0.0);
                Type::Number
            }
            Json::String(text) => {
                self.add_text(text);
                Type::String
            }
            Json::Array(items) => {
                let inside = self.items.get_or_insert_default();
                items.iter().for_each(|item| inside.add(item, depth_left - 1));
                Type::Array
            }
            Json::Object(object) => {
                self.objects += 1;
                for (name, value) in object {
                    self.properties.entry(name.as_str()).or_default().add(value, depth_left - 1);
                }
                Type::Object
            }
        };
        if !self.types.contains(&seen) {
            self.types.push(seen);
        }
    }

    fn add_text(&mut self, text: &'d str) {
        self.texts += 1;
        let formats = self.formats.get_or_insert_with(|| Format::ALL.iter().map(|(_, format)| *format).collect());
        formats.retain(|format| format.fits(text));
        if self.texts == 1 {
            self.choices = Some(IndexMap::new());
        }
        let is_short = text.chars().nth(CHOICE_LENGTH_MAX).is_none();
        match &mut self.choices {
            Some(choices) if is_short && (choices.len() < TEXT_COUNT_MAX || choices.contains_key(text)) => {
                *choices.entry(text).or_default() += 1;
            }
            choices => *choices = None,
        }
    }

    fn schema(&self, names: &mut Vec<&'d str>) -> Map<String, Json> {
        let mut schema = Map::new();
        let is_whole = self.numbers >= INTEGER_SEEN_MIN && !self.has_fraction;
        let type_names: Vec<&str> = self
            .types
            .iter()
            .map(|known| if is_whole && *known == Type::Number { Type::Integer.name() } else { known.name() })
            .collect();
        match type_names.as_slice() {
            [] => {}
            [only] => drop(schema.insert("type".to_owned(), json!(only))),
            several => drop(schema.insert("type".to_owned(), json!(several))),
        }
        // A path or a clock is a URI or a time too; the formats stand in the order of how much they say.
        let format = self.formats.iter().flatten().next().copied();
        if let Some(format) = format {
            schema.insert("format".to_owned(), json!(format.name()));
        }
        let personal = if self.texts > 0 { personal::guess(names, format) } else { None };
        if format.is_none()
            && personal.is_none()
            && let Some(mut choices) = self.choices()
        {
            if self.types.contains(&Type::Null) {
                choices.push(Json::Null);
            }
            schema.insert("enum".to_owned(), Json::Array(choices));
        }
        if let Some(personal) = personal {
            schema.insert("x-personal".to_owned(), json!(personal.keyword()));
        }
        if self.objects > 0 {
            let mut properties = Map::new();
            for (name, seen) in &self.properties {
                names.push(name);
                properties.insert((*name).to_owned(), Json::Object(seen.schema(names)));
                names.pop();
            }
            schema.insert("properties".to_owned(), Json::Object(properties));
            let always = self.properties.iter().filter(|(_, seen)| seen.count == self.objects);
            let required: Vec<&str> = always.map(|(name, _)| *name).collect();
            if !required.is_empty() {
                schema.insert("required".to_owned(), json!(required));
            }
        }
        if let Some(items) = self.items.as_ref().filter(|items| items.count > 0) {
            schema.insert("items".to_owned(), Json::Object(items.schema(names)));
        }
        schema
    }

    /// The only texts that were seen, when they are few and each came several times.
    fn choices(&self) -> Option<Vec<Json>> {
        let choices = self.choices.as_ref()?;
        let is_choice = self.texts >= CHOICE_SEEN_MIN && choices.values().all(|count| *count > 1);
        is_choice.then(|| choices.keys().map(|text| json!(text)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, Template};

    #[test]
    fn a_schema_says_what_all_samples_have_in_common() {
        let first = json!({
            "number": "A-1", "date": "2026-01-31", "total": 12.5, "paid": true, "note": null,
            "customer": { "name": "Ann", "email": "ann@example.com" },
            "items": [{ "name": "Lamp", "price": 2 }, { "name": "Desk", "price": 3.5, "size": "L" }],
        });
        let second = json!({
            "number": "A-2", "date": "2026-02-01", "total": 3, "paid": false, "note": "hello",
            "customer": { "name": "Bob" }, "items": [],
        });
        assert_eq!(
            infer([&first, &second]),
            json!({
                "type": "object",
                "properties": {
                    "number": { "type": "string" },
                    "date": { "type": "string", "format": "date" },
                    "total": { "type": "number" },
                    "paid": { "type": "boolean" },
                    "note": { "type": ["null", "string"] },
                    "customer": {
                        "type": "object",
                        "properties": {
                            "name": { "type": "string", "x-personal": "name" },
                            "email": { "type": "string", "format": "email", "x-personal": "email" },
                        },
                        "required": ["name"],
                    },
                    "items": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {
                                "name": { "type": "string" },
                                "price": { "type": "number" },
                                "size": { "type": "string" },
                            },
                            "required": ["name", "price"],
                        },
                    },
                },
                "required": ["number", "date", "total", "paid", "note", "customer", "items"],
            })
        );
    }

    #[test]
    fn few_texts_that_repeat_are_a_choice_and_whole_numbers_are_integers() {
        let rows: Vec<Json> = (0..12)
            .map(|n| json!({ "unit": if n % 2 == 0 { "pcs" } else { "kg" }, "n": n, "id": format!("x{n}") }))
            .collect();
        let schema = infer([&json!(rows)]);
        let properties = &schema["items"]["properties"];
        assert_eq!(properties["unit"], json!({ "type": "string", "enum": ["pcs", "kg"] }));
        assert_eq!(properties["n"], json!({ "type": "integer" }));
        assert_eq!(properties["id"], json!({ "type": "string" }));
    }

    #[test]
    fn what_is_inferred_of_deep_data_is_a_schema_that_a_template_may_have() {
        let deep = (0..100)
            .fold(json!(1), |inside, level| if level % 3 == 0 { json!([inside]) } else { json!({ "a": inside }) });
        let template = json!({ "format": 1, "data": { "schema": infer([&deep]), "samples": { "default": {} } } });
        let (template, findings) = Template::parse(&template.to_string(), &Limits::default()).unwrap();
        assert!(findings.is_empty(), "{findings:?}");
        assert!(template.data.schema.unwrap().problems(&deep).is_empty());
        let objects = (0..100).fold(json!(1), |inside, _| json!({ "a": inside }));
        let template = json!({ "format": 1, "data": { "schema": infer([&objects]) } });
        assert!(Template::parse(&template.to_string(), &Limits::default()).is_ok());
    }

    #[test]
    fn nothing_is_said_of_nothing() {
        assert_eq!(infer([]), json!({}));
        assert_eq!(infer([&json!({}), &json!([])]), json!({ "type": ["object", "array"], "properties": {} }));
    }
}
