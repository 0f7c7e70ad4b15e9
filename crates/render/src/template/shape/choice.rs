//! Choices: one of a few words, or true and false.

use serde_json::Value as Json;

use super::Shape;
use crate::diagnostic::codes;
use crate::template::describe::{Description, Form};
use crate::template::reading::{Reading, shortened};

/// One of a few words, each with its meaning.
pub(in crate::template) struct Choice<T: 'static>(pub(in crate::template) &'static [(&'static str, T)]);

impl<T> Clone for Choice<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Choice<T> {}

impl<T: Copy + PartialEq> Shape for Choice<T> {
    type Value = T;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<T> {
        let names = self.0.iter().map(|(name, _)| *name);
        let Some(text) = json.as_str() else {
            let listed: Vec<String> = names.map(|name| format!("`{name}`")).collect();
            reading.wrong_type(&format!("one of {}", listed.join(", ")), json);
            return None;
        };
        if let Some((_, value)) = self.0.iter().find(|(name, _)| *name == text) {
            return Some(*value);
        }
        let message = format!("{} cannot be \"{}\"", reading.subject(), shortened(text));
        let listed: Vec<String> = names.clone().map(|name| format!("`{name}`")).collect();
        let hint = match crate::template::suggest::nearest(text, names) {
            Some(near) => format!("did you mean `{near}`? It can be {}", listed.join(", ")),
            None => format!("it can be {}", listed.join(", ")),
        };
        reading.error(codes::INVALID_VALUE, message, Some(hint));
        None
    }

    fn form(&self, _description: &mut Description) -> Form {
        Form::Choice(self.0.iter().map(|(name, _)| *name).collect())
    }

    fn show(&self, value: &T) -> Option<Json> {
        self.0.iter().find(|(_, known)| known == value).map(|(name, _)| Json::from(*name))
    }
}

/// True or false.
#[derive(Clone, Copy)]
pub(in crate::template) struct Flag;

impl Shape for Flag {
    type Value = bool;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<bool> {
        if json.as_bool().is_none() {
            reading.wrong_type("true or false", json);
        }
        json.as_bool()
    }

    fn form(&self, _description: &mut Description) -> Form {
        Form::Boolean
    }

    fn show(&self, value: &bool) -> Option<Json> {
        Some(Json::from(*value))
    }
}
