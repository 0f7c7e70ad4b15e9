//! JSON text: bounded in size and nesting before anything recurses, with errors that tell line and column.

use std::fmt;

use serde::Deserialize as _;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};

use super::reading::Reading;
use super::shape::Place;
use crate::diagnostic::{Diagnostic, codes};
use crate::limits::Limits;

/// Bytes of one template; pictures inside are most of a large one.
pub const TEMPLATE_SIZE_BYTES_MAX: usize = 64_000_000;

/// Nesting that no limit may exceed: reading recurses, and a thread's stack is small.
const DEPTH_MAX: u32 = 128;

/// Nesting of JSON that these limits allow.
fn depth_max(limits: &Limits) -> u32 {
    limits.depth_max.min(DEPTH_MAX)
}

/// Reads JSON text of bounded size and depth.
///
/// # Errors
/// One finding with the code `invalid-json` or `limit-exceeded`.
pub(super) fn json(text: &str, limits: &Limits) -> Result<Json, Diagnostic> {
    if text.len() > TEMPLATE_SIZE_BYTES_MAX {
        let message = format!("the template has more than {TEMPLATE_SIZE_BYTES_MAX} bytes");
        return Err(Diagnostic::error(codes::LIMIT_EXCEEDED, "", message));
    }
    let depth_max = depth_max(limits);
    if let Some(offset) = too_deep(text, depth_max) {
        let place = Place::find(text, offset, 1);
        let message = format!("{}: the template is nested more than {depth_max} deep", place.name);
        return Err(Diagnostic::error(codes::LIMIT_EXCEEDED, "", message));
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Unique.deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|error| explain(text, &error))
}

/// Reports a value that is nested too deep to be read.
pub(super) fn check_depth(json: &Json, reading: &mut Reading) -> Option<()> {
    let depth_max = depth_max(&reading.limits);
    if is_too_deep(json, depth_max) {
        let message = format!("{} is nested more than {depth_max} deep", reading.subject());
        reading.error(codes::LIMIT_EXCEEDED, message, None);
        return None;
    }
    Some(())
}

/// Whether a value is nested deeper than allowed; never recurses further than that.
fn is_too_deep(json: &Json, depth_left: u32) -> bool {
    match json {
        Json::Array(items) => depth_left == 0 || items.iter().any(|item| is_too_deep(item, depth_left - 1)),
        Json::Object(object) => depth_left == 0 || object.values().any(|item| is_too_deep(item, depth_left - 1)),
        _ => false,
    }
}

/// Offset of the bracket that opens one level too many.
fn too_deep(text: &str, depth_max: u32) -> Option<usize> {
    let mut depth = 0_u32;
    let mut in_string = false;
    let mut escaped = false;
    for (offset, byte) in text.bytes().enumerate() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => {
                depth += 1;
                if depth > depth_max {
                    return Some(offset);
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// Says in words what the JSON reader says in its own.
fn explain(text: &str, error: &serde_json::Error) -> Diagnostic {
    let whole = error.to_string();
    let said = whole.rsplit_once(" at line ").map_or(whole.as_str(), |(said, _)| said);
    let offset = offset_of(text, error.line(), error.column());
    let place = Place::find(text, offset, 1);
    let near = text.get(offset..).unwrap_or_default();
    let said = if error.is_eof() { "the text ends before the JSON does" } else { said };
    let advice = if text.trim().is_empty() {
        "the least template is {\"format\": 1}"
    } else if error.is_eof() {
        "a bracket, brace or quote is not closed"
    } else if said.ends_with("is given twice in one object") {
        "leave out one of the two"
    } else if said.starts_with("trailing comma") {
        "leave out the comma before the closing bracket"
    } else if near.starts_with("//") || near.starts_with("/*") {
        "JSON has no comments; use `meta` for notes"
    } else if near.starts_with('\'') {
        "JSON strings and keys stand in double quotes"
    } else if said.starts_with("key must be a string") {
        "keys stand in double quotes"
    } else {
        "look at the marked place"
    };
    let message = format!("line {}, column {}: {said}", error.line(), error.column().max(1));
    Diagnostic::error(codes::INVALID_JSON, "", message).with_hint(format!("{advice}\n{}", place.excerpt))
}

/// Byte offset of a line and column that both count from 1; columns count bytes.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (before + column.saturating_sub(1)).min(text.len())
}

/// Reads any JSON value and refuses objects that have a key twice: readers disagree on which one counts.
struct Unique;

impl<'de> DeserializeSeed<'de> for Unique {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Unique {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element_seed(Self)? {
            items.push(item);
        }
        Ok(Json::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut object = Map::new();
        while let Some(name) = entries.next_key_seed(Key)? {
            if object.contains_key(&name) {
                let shown = super::reading::shortened(&name);
                return Err(A::Error::custom(format!("the key \"{shown}\" is given twice in one object")));
            }
            object.insert(name, entries.next_value_seed(Self)?);
        }
        Ok(Json::Object(object))
    }
}

/// The key of an object.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        String::deserialize(deserializer)
    }
}
