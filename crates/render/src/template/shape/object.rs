//! Objects: those with a reading function of their own, and those that are kept as they are.

use serde_json::Value as Json;

use super::Shape;
use crate::template::describe::{Description, Form};
use crate::template::reader::ObjectReader;
use crate::template::reading::Reading;

/// An object that a function reads, property by property.
pub(in crate::template) struct Object<T> {
    /// Name of its definition.
    pub(in crate::template) name: &'static str,
    /// How messages call it: `a column`.
    pub(in crate::template) title: &'static str,
    /// What it is.
    pub(in crate::template) doc: &'static str,
    /// Reads it; none when a finding was reported.
    pub(in crate::template) read: fn(&mut ObjectReader<'_>) -> Option<T>,
}

impl<T> Clone for Object<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Object<T> {}

impl<T> Shape for Object<T> {
    type Value = T;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<T> {
        let Some(object) = json.as_object() else {
            reading.wrong_type("an object", json);
            return None;
        };
        let mut reader = ObjectReader::reading(self.title, object, reading);
        let value = (self.read)(&mut reader);
        reader.finish();
        value
    }

    fn form(&self, description: &mut Description) -> Form {
        description.object(self.name, self.title, self.doc, |reader| {
            let _nothing_is_read = (self.read)(reader);
        })
    }
}

/// Any JSON value, kept as it is.
#[derive(Clone, Copy)]
pub(in crate::template) struct Anything;

impl Shape for Anything {
    type Value = Json;

    fn read(&self, json: &Json, _reading: &mut Reading) -> Option<Json> {
        Some(json.clone())
    }

    fn form(&self, _description: &mut Description) -> Form {
        Form::Anything
    }
}

/// Any JSON object, kept as it is.
#[derive(Clone, Copy)]
pub(in crate::template) struct AnyObject;

impl Shape for AnyObject {
    type Value = Json;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Json> {
        if json.is_object() {
            return Some(json.clone());
        }
        reading.wrong_type("an object", json);
        None
    }

    fn form(&self, _description: &mut Description) -> Form {
        Form::AnyObject
    }
}
