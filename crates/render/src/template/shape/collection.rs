//! Collections: pairs, sides, lists, and objects with free names.

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::{Length, Shape};
use crate::diagnostic::codes;
use crate::template::describe::{Description, Form};
use crate::template::reading::{Reading, shortened};

/// Two values of one shape: `[x, y]`.
#[derive(Clone, Copy)]
pub(in crate::template) struct Pair<S>(pub(in crate::template) &'static str, pub(in crate::template) S);

impl<S: Shape> Shape for Pair<S> {
    type Value = [S::Value; 2];

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Self::Value> {
        let Some(items) = json.as_array() else {
            reading.wrong_type(self.0, json);
            return None;
        };
        let [first, second] = items.as_slice() else {
            reading.not_allowed(self.0, json, None);
            return None;
        };
        let first = reading.within_item(0, |reading| self.1.read(first, reading));
        let second = reading.within_item(1, |reading| self.1.read(second, reading));
        Some([first?, second?])
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::tuple(self.1.form(description), 2)
    }

    fn show(&self, value: &Self::Value) -> Option<Json> {
        let [first, second] = value;
        Some(Json::Array(vec![self.1.show(first)?, self.1.show(second)?]))
    }
}

const SIDES_PHRASE: &str = "a length, [vertical, horizontal] or [top, right, bottom, left]";

/// Four sides: one number, `[vertical, horizontal]`, or `[top, right, bottom, left]`.
#[derive(Clone, Copy)]
pub(in crate::template) struct Sides;

impl Shape for Sides {
    type Value = [f32; 4];

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<[f32; 4]> {
        let items = match json {
            Json::Array(items) => items,
            Json::Number(_) | Json::String(_) => {
                let all = Length::DISTANCE.read(json, reading)?;
                return Some([all; 4]);
            }
            other => {
                reading.wrong_type(SIDES_PHRASE, other);
                return None;
            }
        };
        if !matches!(items.len(), 2 | 4) {
            reading.not_allowed(SIDES_PHRASE, json, None);
            return None;
        }
        let mut lengths = Vec::with_capacity(4);
        for (index, item) in items.iter().enumerate() {
            lengths.push(reading.within_item(index, |reading| Length::DISTANCE.read(item, reading)));
        }
        match lengths.as_slice() {
            [vertical, horizontal] => {
                let (vertical, horizontal) = ((*vertical)?, (*horizontal)?);
                Some([vertical, horizontal, vertical, horizontal])
            }
            [top, right, bottom, left] => Some([(*top)?, (*right)?, (*bottom)?, (*left)?]),
            _ => None,
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        let length = Length::DISTANCE.form(description);
        let form = Form::AnyOf(vec![length.clone(), Form::tuple(length.clone(), 2), Form::tuple(length, 4)]);
        let doc = "Four sides: one length for all, `[vertical, horizontal]`, or `[top, right, bottom, left]`.";
        description.value("sides", "sides", doc, form)
    }

    fn show(&self, value: &[f32; 4]) -> Option<Json> {
        let [top, right, bottom, left] = *value;
        if [right, bottom, left] == [top; 3] {
            return Length::DISTANCE.show(&top);
        }
        value.iter().map(|side| Length::DISTANCE.show(side)).collect::<Option<Vec<Json>>>().map(Json::Array)
    }
}

/// A list of one shape, with bounds on its length.
#[derive(Clone, Copy)]
pub(in crate::template) struct List<S> {
    /// What it is: `an array of columns`.
    pub(in crate::template) phrase: &'static str,
    /// Shape of an item.
    pub(in crate::template) of: S,
    /// Fewest items.
    pub(in crate::template) least: usize,
    /// Most items.
    pub(in crate::template) most: usize,
}

impl<S> List<S> {
    /// A list of any length; the node limit and the size of the text bound it.
    pub(in crate::template) const fn any(phrase: &'static str, of: S) -> Self {
        Self { phrase, of, least: 0, most: usize::MAX }
    }
}

impl<S: Shape> Shape for List<S> {
    type Value = Vec<S::Value>;

    /// Items that cannot be read are reported and left out.
    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Self::Value> {
        let Some(items) = json.as_array() else {
            reading.wrong_type(self.phrase, json);
            return None;
        };
        if items.len() < self.least || items.len() > self.most {
            let bound = if items.len() < self.least {
                format!("at least {}", self.least)
            } else {
                format!("at most {}", self.most)
            };
            let noun = if bound.ends_with(" 1") { "item" } else { "items" };
            let message = format!("{} must have {bound} {noun}, not {}", reading.subject(), items.len());
            reading.error(codes::INVALID_VALUE, message, None);
            return None;
        }
        let mut values = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            values.extend(reading.within_item(index, |reading| self.of.read(item, reading)));
        }
        Some(values)
    }

    fn form(&self, description: &mut Description) -> Form {
        let most = (self.most != usize::MAX).then_some(self.most);
        Form::List { of: Box::new(self.of.form(description)), least: self.least, most }
    }

    fn show(&self, value: &Self::Value) -> Option<Json> {
        value.iter().map(|item| self.of.show(item)).collect::<Option<Vec<Json>>>().map(Json::Array)
    }
}

/// Longest id, in characters; ids are shown in messages and outlines.
const NAME_LENGTH_MAX: usize = 64;

/// Longest name of a style, an asset or a sample, in characters: that of a file name of people.
const TITLE_LENGTH_MAX: usize = 120;

/// An object with free names, in order.
#[derive(Clone, Copy)]
pub(in crate::template) struct MapOf<S> {
    /// What it is: `an object of styles by name`.
    pub(in crate::template) phrase: &'static str,
    /// Shape of a value.
    pub(in crate::template) of: S,
}

impl<S: Shape> Shape for MapOf<S> {
    type Value = IndexMap<String, S::Value>;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Self::Value> {
        let Some(object) = json.as_object() else {
            reading.wrong_type(self.phrase, json);
            return None;
        };
        let mut values = IndexMap::with_capacity(object.len());
        for (name, item) in object {
            let value = reading.within(name, |reading| {
                if !is_title(name) {
                    let message = format!("\"{}\" cannot be a name", shortened(name));
                    let hint = format!(
                        "names have 1 to {TITLE_LENGTH_MAX} characters, none of them a control, and no space at either end"
                    );
                    reading.error(codes::INVALID_NAME, message, Some(hint));
                }
                self.of.read(item, reading)
            });
            values.extend(value.map(|value| (name.clone(), value)));
        }
        Some(values)
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::Map(Box::new(self.of.form(description)))
    }
}

/// Whether a text can name a style, an asset or a sample.
fn is_title(text: &str) -> bool {
    !text.is_empty()
        && text.trim() == text
        && text.chars().nth(TITLE_LENGTH_MAX).is_none()
        && !text.chars().any(char::is_control)
}

/// Whether a text can be the id of a node.
pub(in crate::template) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.chars().nth(NAME_LENGTH_MAX).is_none()
        && !text.chars().any(|letter| {
            letter.is_whitespace() || letter.is_control() || matches!(letter, '#' | '/' | '"' | '\'' | '\\' | '{' | '}')
        })
}
