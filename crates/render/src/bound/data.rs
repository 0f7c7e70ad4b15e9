//! What is known of data before it is there: from a schema, from one value, or by assumption.

use std::rc::Rc;

use serde_json::Value as Json;

use super::Shape;
use crate::data::{Additional, Bounds, Schema, Type};

/// Nesting of schemas and values that is followed; what lies deeper counts as not described.
const DEPTH_MAX: u32 = 16;

/// Bytes of a character at most (UTF-8).
const CHARACTER_BYTES: u64 = 4;

/// Bytes of a number as a text.
const NUMBER_BYTES: u64 = 26;

/// Bounds of data. What nothing describes is assumed to stay below the numbers here.
#[derive(Clone, Debug)]
pub struct DataBounds {
    /// Items of a list, and entries of an object, whose number nothing tells.
    pub list_length: u64,
    /// Characters of a text whose length nothing tells, and of any value that nothing describes when it is written.
    pub text_length: u64,
    /// How far numbers are from zero that nothing bounds, also those that are written as texts.
    pub number: f64,
    /// Pages of the document.
    pub page_count: u32,
    known: Known,
}

#[derive(Clone, Debug)]
enum Known {
    Nothing,
    Schema(Box<Schema>),
    Value(Json),
}

impl DataBounds {
    /// Data that follows a schema.
    #[must_use]
    pub fn new(schema: &Schema) -> Self {
        Self { known: Known::Schema(Box::new(schema.clone())), ..Self::unknown() }
    }

    /// Data that is as large as a value, and has no other properties.
    #[must_use]
    pub fn of_value(data: &Json) -> Self {
        Self { known: Known::Value(data.clone()), ..Self::unknown() }
    }

    /// Data of which nothing is known: lists of 100 items, texts of 200 characters, numbers of 15 digits, 20 pages.
    #[must_use]
    pub fn unknown() -> Self {
        Self { list_length: 100, text_length: 200, number: 1e15, page_count: 20, known: Known::Nothing }
    }

    pub(super) fn shape(&self) -> Shape {
        let shape = match &self.known {
            Known::Nothing => self.open(),
            Known::Schema(schema) => self.of_schema(schema, schema, DEPTH_MAX),
            Known::Value(value) => of_json(value),
        };
        shape.at_place("data")
    }

    fn text_bytes(&self, characters: u64) -> u64 {
        characters.saturating_mul(CHARACTER_BYTES)
    }

    fn open(&self) -> Shape {
        let bytes = self.text_bytes(self.text_length).max(NUMBER_BYTES);
        Shape::open(bytes, self.list_length, self.number)
    }

    fn of_schema(&self, schema: &Schema, root: &Schema, depth_left: u32) -> Shape {
        let Some(depth_left) = depth_left.checked_sub(1) else { return self.open() };
        if !schema.values.is_empty() {
            return any_of(schema.values.iter().map(of_json));
        }
        if schema.types.is_empty() && schema.properties.is_empty() && schema.items.is_none() {
            // Whatever must hold too says enough alone.
            let target = schema.reference.as_deref().and_then(|name| root.definition(name));
            if let Some(part) = target.or(schema.all_of.first()) {
                return self.of_schema(part, root, depth_left);
            }
            if !schema.any_of.is_empty() {
                return any_of(schema.any_of.iter().map(|part| self.of_schema(part, root, depth_left)));
            }
            return self.open();
        }
        let types: Vec<Type> = match (schema.types.is_empty(), schema.items.is_some()) {
            (false, _) => schema.types.clone(),
            // Rules for one type say nothing of the others.
            (true, _) => return self.open(),
        };
        any_of(types.iter().map(|kind| self.of_type(*kind, schema, root, depth_left)))
    }

    fn of_type(&self, kind: Type, schema: &Schema, root: &Schema, depth_left: u32) -> Shape {
        match kind {
            Type::Null => Shape::nothing(),
            Type::Boolean => Shape::bool(),
            Type::Number | Type::Integer => Shape::number(self.distance(schema.range)),
            Type::String => Shape::text(self.text_bytes(most(schema.length).unwrap_or(self.text_length))),
            Type::Array => {
                let count = most(schema.count).unwrap_or(self.list_length);
                let items = schema.items.as_deref();
                let item = items.map_or_else(|| self.open(), |items| self.of_schema(items, root, depth_left));
                Shape::list(count, item)
            }
            Type::Object => {
                let named = schema.properties.iter();
                let named =
                    named.map(|(name, inside)| (Rc::from(name.as_str()), self.of_schema(inside, root, depth_left)));
                let others = match &schema.additional {
                    Additional::Forbidden => None,
                    Additional::Allowed => Some(self.open()),
                    Additional::Schema(inside) => Some(self.of_schema(inside, root, depth_left)),
                };
                let key = self.text_bytes(self.text_length);
                Shape::object(named.collect(), others.map(|shape| (self.list_length, key, shape)))
            }
        }
    }

    fn distance(&self, range: Bounds) -> f64 {
        match (range.least, range.most) {
            (Some(least), Some(most)) => least.abs().max(most.abs()),
            (Some(least), None) => self.number.max(least.abs()),
            (None, Some(most)) => self.number.max(most.abs()),
            (None, None) => self.number,
        }
    }
}

fn any_of(shapes: impl Iterator<Item = Shape>) -> Shape {
    shapes.reduce(|one, other| one.or(&other)).unwrap_or_else(Shape::nothing)
}

/// The greatest count that is allowed.
fn most(bounds: Bounds) -> Option<u64> {
    let most = bounds.most.filter(|most| *most >= 0.0 && *most < 1e15)?;
    // The whole part of a number that is written as one.
    format!("{:.0}", most.floor()).parse().ok()
}

/// The shape of a value: each list is as long as it is, with items as large as the largest.
fn of_json(value: &Json) -> Shape {
    match value {
        Json::Null => Shape::nothing(),
        Json::Bool(_) => Shape::bool(),
        Json::Number(number) => Shape::number(number.as_f64().map_or(f64::INFINITY, f64::abs)),
        Json::String(text) => Shape::text(text.len() as u64),
        Json::Array(items) => {
            let item = any_of(items.iter().map(of_json));
            Shape::list(items.len() as u64, item)
        }
        Json::Object(entries) => {
            let named = entries.iter().map(|(name, value)| (Rc::from(name.as_str()), of_json(value)));
            Shape::object(named.collect(), None)
        }
    }
}
