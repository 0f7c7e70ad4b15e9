//! Values: what expressions work with; data is borrowed, made values are shared.

mod convert;
mod list;
mod record;
mod text;
pub(in crate::expression) mod units;

pub(in crate::expression) use convert::{
    compare_texts, index_from, integer_in_radix, is_white_space, loosely_equal, number_from_text, number_text,
    same_value_zero, strictly_equal, to_int32, to_uint32, wrap_to_i64, write_number,
};
pub use list::{Array, Items, List};
pub(in crate::expression) use record::{Entries, list_index};
pub use record::{Object, Record};
pub use text::Text;

use super::evaluate::Function;
use super::moment::Moment;
use super::pattern::Pattern;
use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

/// Bytes that one cell of a list is counted as.
pub(in crate::expression) const CELL_SIZE_BYTES: u64 = 24;

/// The longest text that [`Value::to_display_string`] gives, like the largest value of `Limits`.
const DISPLAY_SIZE_BYTES_MAX: usize = 4_000_000;

/// A value of an expression; cheap to clone.
#[derive(Clone, Debug)]
pub enum Value<'d> {
    /// Nothing was found.
    Undefined,
    /// The data says that there is nothing.
    Null,
    /// A truth value.
    Bool(bool),
    /// A number, as JavaScript has it.
    Number(f64),
    /// A string.
    Text(Text<'d>),
    /// A list that an expression made.
    Array(Rc<Array<'d>>),
    /// An object that an expression made.
    Object(Rc<Object<'d>>),
    /// A list of the data.
    DataArray(&'d [serde_json::Value]),
    /// An object of the data.
    DataObject(&'d serde_json::Map<String, serde_json::Value>),
    /// Something that can be called.
    Function(Function<'d>),
    /// A point in time, made by `moment()` or `now()`.
    Moment(Rc<Moment>),
    /// A regular expression.
    Pattern(Arc<Pattern>),
    /// A number wrapped by `numeral()`.
    Numeral(f64),
}

impl<'d> Value<'d> {
    /// Borrows a value of the data.
    pub fn from_json(json: &'d serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Bool(*value),
            serde_json::Value::Number(number) => Self::Number(number.as_f64().unwrap_or(f64::NAN)),
            serde_json::Value::String(text) => Self::Text(Text::Borrowed(text)),
            serde_json::Value::Array(items) => Self::DataArray(items),
            serde_json::Value::Object(entries) => Self::DataObject(entries),
        }
    }

    /// Makes a string.
    pub fn text(text: impl Into<Rc<str>>) -> Self {
        Self::Text(Text::Shared(text.into()))
    }

    /// Tells whether a condition takes this as yes: not so are `undefined`, `null`, `false`, `0`, `NaN` and `""`.
    pub fn truthy(&self) -> bool {
        match self {
            Self::Undefined | Self::Null => false,
            Self::Bool(value) => *value,
            Self::Number(number) | Self::Numeral(number) => *number != 0.0 && !number.is_nan(),
            Self::Text(text) => !text.is_empty(),
            Self::Array(_)
            | Self::Object(_)
            | Self::DataArray(_)
            | Self::DataObject(_)
            | Self::Function(_)
            | Self::Pattern(_)
            | Self::Moment(_) => true,
        }
    }

    /// Tells whether two values are the same key of a group: as `===`, and `NaN` is itself.
    pub fn is_same(&self, other: &Self) -> bool {
        same_value_zero(self, other)
    }

    /// Tells whether this is `undefined` or `null`.
    pub fn is_nullish(&self) -> bool {
        matches!(self, Self::Undefined | Self::Null)
    }

    /// Converts to a number as JavaScript does; what is no number gives `NaN`.
    pub fn as_number(&self) -> f64 {
        match self {
            Self::Number(number) | Self::Numeral(number) => *number,
            Self::Undefined => f64::NAN,
            Self::Null => 0.0,
            Self::Bool(value) => f64::from(u8::from(*value)),
            Self::Text(text) => number_from_text(text),
            Self::Moment(moment) => moment.epoch_ms(),
            Self::Array(_) | Self::DataArray(_) => match self.as_list() {
                Some(list) if list.len() <= 1 => list.get(0).map_or(0.0, |only| match only {
                    Self::Undefined | Self::Null => 0.0,
                    Self::Bool(_) => f64::NAN,
                    other => other.as_number(),
                }),
                _ => f64::NAN,
            },
            Self::Object(_) | Self::DataObject(_) | Self::Function(_) | Self::Pattern(_) => f64::NAN,
        }
    }

    /// The string, when this is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The list, when this is one.
    pub fn as_list(&self) -> Option<List<'d>> {
        match self {
            Self::Array(array) => Some(List::Made(Rc::clone(array))),
            Self::DataArray(items) => Some(List::Data(items)),
            _ => None,
        }
    }

    /// The object, when this is one.
    pub fn as_record(&self) -> Option<Record<'d>> {
        match self {
            Self::Object(object) => Some(Record::Made(Rc::clone(object))),
            Self::DataObject(entries) => Some(Record::Data(entries)),
            _ => None,
        }
    }

    /// Walks over the items of a list; `None` when this is no list.
    pub fn iterate(&self) -> Option<Items<'d>> {
        self.as_list().map(List::into_items)
    }

    /// Converts to a string as `String(x)` does, cut at 4,000,000 bytes (only nested lists get there).
    pub fn to_display_string(&self) -> Cow<'_, str> {
        if let Self::Text(text) = self {
            return Cow::Borrowed(text);
        }
        let mut out = String::new();
        // Reaching the limit leaves the beginning, which is what the documentation promises.
        let _complete = self.write_display(&mut out, DISPLAY_SIZE_BYTES_MAX);
        Cow::Owned(out)
    }

    /// The name of the type for messages, with its article.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Undefined => "undefined",
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::Array(_) | Self::DataArray(_) => "a list",
            Self::Object(_) | Self::DataObject(_) => "an object",
            Self::Function(_) => "a function",
            Self::Moment(_) => "a moment",
            Self::Pattern(_) => "a regular expression",
            Self::Numeral(_) => "a numeral",
        }
    }

    /// What `typeof` says.
    pub(in crate::expression) fn type_of(&self) -> &'static str {
        match self {
            Self::Undefined => "undefined",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::Text(_) => "string",
            Self::Function(_) => "function",
            Self::Null
            | Self::Array(_)
            | Self::DataArray(_)
            | Self::Object(_)
            | Self::DataObject(_)
            | Self::Moment(_)
            | Self::Pattern(_)
            | Self::Numeral(_) => "object",
        }
    }

    /// Levels of made values inside this one; they are freed recursively, so that this must stay small.
    pub(in crate::expression) fn depth(&self) -> u32 {
        match self {
            Self::Array(array) => array.depth(),
            Self::Object(object) => object.depth(),
            Self::Function(function) => function.depth(),
            _ => 0,
        }
    }

    /// Appends what `String(x)` gives; fails when `out` would grow beyond the limit.
    ///
    /// Every branching of nested lists writes a comma, so that the work is bounded by the limit too.
    pub(in crate::expression) fn write_display(
        &self,
        out: &mut String,
        size_bytes_max: usize,
    ) -> Result<(), DisplayTooLarge> {
        match self {
            Self::Undefined => out.push_str("undefined"),
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(number) | Self::Numeral(number) => write_number(out, *number),
            Self::Text(text) => out.push_str(text),
            Self::Object(_) | Self::DataObject(_) => out.push_str("[object Object]"),
            Self::Function(_) => out.push_str("[function]"),
            Self::Moment(moment) => moment.write_iso(out),
            Self::Pattern(pattern) => pattern.write(out),
            Self::Array(_) | Self::DataArray(_) => {
                for (index, item) in self.iterate().into_iter().flatten().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    if !item.is_nullish() {
                        item.write_display(out, size_bytes_max)?;
                    }
                    if out.len() > size_bytes_max {
                        return Err(DisplayTooLarge);
                    }
                }
            }
        }
        if out.len() > size_bytes_max { Err(DisplayTooLarge) } else { Ok(()) }
    }
}

/// A text that would be larger than allowed.
#[derive(Debug)]
pub(in crate::expression) struct DisplayTooLarge;

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<f64> for Value<'_> {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}
