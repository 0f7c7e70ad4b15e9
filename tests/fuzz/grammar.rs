//! Changes templates by the schema of the document language: properties that may be where they are put, with values that
//! they may have.
//!
//! A word in a random place is hardly ever a property of the node that it came into.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Map, Value as Json, json};

use crate::dice::Dice;
use crate::json::NUMBERS;
use crate::phrases;

/// Levels of a value that is made; what is deeper is left out as far as it may be.
const DEPTH_MAX: usize = 4;
/// Bytes of a value that is learnt, as text.
const LEARNT_SIZE_MAX: usize = 400;

pub(crate) static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| {
    let mut grammar = Grammar { schema: chancery_render::template::json_schema(), values: BTreeMap::new() };
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in [here.join("corpus/template"), here.join("../../examples")] {
        grammar.read(&folder);
    }
    grammar
});

/// The schema of the language, and values that its properties have had, by name.
pub(crate) struct Grammar {
    schema: Json,
    values: BTreeMap<String, Vec<Json>>,
}

/// A value in a template: how to get there, what it may be, and the property that holds it.
struct Place<'s> {
    pointer: String,
    schema: &'s Json,
    name: String,
}

impl Grammar {
    /// Changes one value of a template.
    pub(crate) fn change(&self, template: &mut Json, dice: &mut Dice) {
        let mut places = Vec::new();
        self.walk(
            template,
            &self.schema,
            Place { pointer: String::new(), schema: &self.schema, name: String::new() },
            &mut places,
        );
        let Some(place) = dice.pick(&places) else { return };
        let Some(value) = template.pointer_mut(&place.pointer) else { return };
        let schema = self.variant(place.schema, value).unwrap_or(place.schema);
        match (dice.below(6), &mut *value) {
            (0..=2, Json::Object(object)) => {
                if let Some((name, schema)) = pick_property(schema, dice) {
                    object.insert(name.clone(), self.make(schema, name, 0, dice));
                }
            }
            (3, Json::Object(object)) => {
                let name = object.keys().nth(dice.index(object.len())).cloned();
                drop(name.and_then(|name| object.shift_remove(&name)));
            }
            (0..=3, Json::Array(items)) => {
                if let Some(schema) = schema.get("items") {
                    items.insert(dice.index(items.len() + 1), self.make(schema, &place.name, 0, dice));
                }
            }
            (4, Json::String(text)) if text.contains("{{") => *text = phrases::change(text, dice),
            _ => *value = self.make(place.schema, &place.name, 0, dice),
        }
    }

    /// Learns the values of the properties in every JSON file of a folder.
    fn read(&mut self, folder: &Path) {
        let mut paths: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|it| it.path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                self.read(&path);
            } else if let Some(json) = std::fs::read(&path).ok().and_then(|text| serde_json::from_slice(&text).ok()) {
                self.learn(&json);
            }
        }
    }

    fn learn(&mut self, json: &Json) {
        match json {
            Json::Object(object) => {
                for (name, value) in object {
                    let known = self.values.entry(name.clone()).or_default();
                    if value.to_string().len() <= LEARNT_SIZE_MAX && !known.contains(value) {
                        known.push(value.clone());
                    }
                    self.learn(value);
                }
            }
            Json::Array(items) => items.iter().for_each(|item| self.learn(item)),
            _ => {}
        }
    }

    fn resolved<'s>(&'s self, mut schema: &'s Json) -> &'s Json {
        while let Some(name) = schema.get("$ref").and_then(Json::as_str) {
            schema = self.schema.pointer(name.trim_start_matches('#')).unwrap_or(&Json::Null);
        }
        schema
    }

    /// What of a schema is meant by a value: of several, the one of its kind, or of its type.
    fn variant<'s>(&'s self, schema: &'s Json, value: &Json) -> Option<&'s Json> {
        let schema = self.resolved(schema);
        let Some(variants) = variants(schema) else { return Some(schema).filter(|schema| may_be(schema, value)) };
        variants.iter().find_map(|variant| self.variant(variant, value))
    }

    fn walk<'s>(&'s self, json: &Json, schema: &'s Json, place: Place<'s>, places: &mut Vec<Place<'s>>) {
        if let Some(variant) = self.variant(schema, json) {
            let mut step = |key: &str, value: &Json, schema: &'s Json, name: &str| {
                let pointer = format!("{}/{}", place.pointer, key.replace('~', "~0").replace('/', "~1"));
                self.walk(value, schema, Place { pointer, schema, name: name.to_owned() }, places);
            };
            match json {
                Json::Object(object) => {
                    for (name, value) in object {
                        let known = variant.get("properties").and_then(|properties| properties.get(name));
                        if let Some(schema) = known.or_else(|| variant.get("additionalProperties")) {
                            step(name, value, schema, name);
                        }
                    }
                }
                Json::Array(items) => {
                    for (index, item) in items.iter().enumerate() {
                        if let Some(schema) = variant.get("items") {
                            step(&index.to_string(), item, schema, &place.name);
                        }
                    }
                }
                _ => {}
            }
        }
        places.push(place);
    }

    /// A value that a schema allows, for a property of a name.
    fn make(&self, schema: &Json, name: &str, depth: usize, dice: &mut Dice) -> Json {
        let learnt = self.values.get(name).map_or(&[][..], Vec::as_slice);
        if let Some(value) = dice.pick(learnt).filter(|_| depth > DEPTH_MAX || dice.below(3) == 0) {
            return value.clone();
        }
        let schema = self.resolved(schema);
        if let Some(variant) = variants(schema).and_then(|variants| dice.pick(variants)) {
            return self.make(variant, name, depth, dice);
        }
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        if let Some(value) = schema.get("enum").and_then(Json::as_array).and_then(|values| dice.pick(values)) {
            return value.clone();
        }
        match schema.get("type").and_then(Json::as_str) {
            Some("object") => self.make_object(schema, depth, dice),
            Some("array") => {
                let least = schema.get("minItems").and_then(Json::as_u64).unwrap_or(0);
                let count = least + if depth < DEPTH_MAX { dice.below(3) } else { 0 };
                let item = schema.get("items").unwrap_or(&Json::Null);
                (0..count).map(|_| self.make(item, name, depth + 1, dice)).collect()
            }
            Some("boolean") => Json::Bool(dice.below(2) == 0),
            Some("number" | "integer") => match (schema.get("minimum"), schema.get("maximum"), dice.below(4)) {
                (Some(least), _, 0) => least.clone(),
                (_, Some(most), 1) => most.clone(),
                (_, _, 2) => json!(NUMBERS[dice.index(NUMBERS.len())]),
                _ => json!(dice.below(60)),
            },
            Some("string") => match (dice.below(4), dice.pick(learnt).and_then(Json::as_str)) {
                (0, _) | (_, None) => json!(format!("{{{{ {} }}}}", phrases::change("", dice))),
                (1, Some(text)) => json!(phrases::change(text, dice)),
                (_, Some(text)) => json!(text),
            },
            _ => Json::Null,
        }
    }

    fn make_object(&self, schema: &Json, depth: usize, dice: &mut Dice) -> Json {
        let mut object = Map::new();
        let properties = schema.get("properties").and_then(Json::as_object);
        for name in schema.get("required").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str) {
            if let Some(schema) = properties.and_then(|properties| properties.get(name)) {
                object.insert(name.to_owned(), self.make(schema, name, depth + 1, dice));
            }
        }
        for _ in 0..if depth < DEPTH_MAX { dice.below(5) } else { 0 } {
            if let Some((name, schema)) = pick_property(schema, dice) {
                object.insert(name.clone(), self.make(schema, name, depth + 1, dice));
            }
        }
        Json::Object(object)
    }
}

fn variants(schema: &Json) -> Option<&Vec<Json>> {
    schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Json::as_array)
}

fn pick_property<'s>(schema: &'s Json, dice: &mut Dice) -> Option<(&'s String, &'s Json)> {
    let properties = schema.get("properties")?.as_object()?;
    properties.iter().nth(dice.index(properties.len()))
}

fn may_be(schema: &Json, value: &Json) -> bool {
    let kind = schema.pointer("/properties/kind/const");
    let is_of_type = match schema.get("type").and_then(Json::as_str) {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("number" | "integer") => value.is_number(),
        _ => schema.get("const").is_none_or(|only| only == value),
    };
    is_of_type && (kind.is_none() || kind == value.get("kind"))
}
