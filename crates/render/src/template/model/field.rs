//! Form fields: what a reader fills in, drawn as it is on paper.

use super::{BoxLook, TextStyle};
use crate::document::Color;
use crate::expression::{Expression, TextTemplate};

/// A form field.
#[derive(Clone, Debug)]
pub struct FieldNode {
    /// Its name in the form; dots make groups. Fields of one key share their value.
    pub key: TextTemplate,
    /// What it is.
    pub kind: FieldKind,
    /// Whether it must be filled in.
    pub required: bool,
    /// Whether its value is fixed.
    pub read_only: bool,
    /// Behind and around it.
    pub look: BoxLook,
    /// Look of its text; a mark has its colour.
    pub style: TextStyle,
}

/// What is wrong with the key of a field, and what to do. The parts between its dots are names of their own
/// (ISO 32000-2, 12.7.4.2), and a name without letters names nothing.
pub(crate) fn key_fault(key: &str) -> Option<(String, &'static str)> {
    if key.is_empty() {
        let hint = "give it one that no other field has; radio buttons of a group share one";
        return Some(("a form field has no key".to_owned(), hint));
    }
    key.split('.').any(|part| part.trim().is_empty()).then(|| {
        let shown: String = key.chars().take(KEY_SHOWN_LENGTH).collect();
        let message = format!("the key \"{shown}\" has a group or a field without a name");
        (message, "write a name before and after each dot, such as `person.name`")
    })
}

/// Characters of a key that a message shows.
const KEY_SHOWN_LENGTH: usize = 60;

/// What a field is.
#[derive(Clone, Debug)]
pub enum FieldKind {
    /// Text.
    Text {
        /// What it holds.
        value: Option<TextTemplate>,
        /// What stands there, pale, as long as it holds nothing.
        placeholder: Option<TextTemplate>,
        /// How its text stands.
        lines: FieldLines,
        /// Characters that it takes; 0 is any number.
        length_max: u16,
    },
    /// Yes or no.
    Checkbox {
        /// Whether it is on.
        checked: Option<Expression>,
        /// What stands in it when it is on.
        mark: FieldMark,
    },
    /// One of several: those with the same key are a group.
    Radio {
        /// What the group holds when this one is on.
        option: String,
        /// What the group holds.
        value: Option<TextTemplate>,
    },
    /// One of a list.
    Choice {
        /// What it holds.
        value: Option<TextTemplate>,
        /// What stands there, pale, as long as it holds nothing.
        placeholder: Option<TextTemplate>,
        /// What can be chosen.
        options: Vec<String>,
    },
    /// A place to sign.
    Signature {
        /// What stands under the line.
        caption: Option<TextTemplate>,
    },
}

impl FieldKind {
    /// All text that it shows or holds.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &TextTemplate> {
        let [first, second] = match self {
            Self::Text { value, placeholder, .. } | Self::Choice { value, placeholder, .. } => [value, placeholder],
            Self::Radio { value, .. } => [value, &None],
            Self::Signature { caption } => [caption, &None],
            Self::Checkbox { .. } => [&None, &None],
        };
        first.iter().chain(second)
    }

    /// What decides whether it is on.
    pub(crate) fn condition(&self) -> Option<&Expression> {
        match self {
            Self::Checkbox { checked, .. } => checked.as_ref(),
            _ => None,
        }
    }
}

/// How the text of a field stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldLines {
    /// In one line.
    Single,
    /// In as many lines as it takes.
    Multiple,
    /// Each character in a cell of its own.
    Cells,
}

/// What stands in a box that is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum FieldMark {
    Check,
    Cross,
    Dot,
}

/// Colour of a field's border when nothing is said.
pub(crate) const FIELD_BORDER: Color = Color::rgb(0x8A, 0x94, 0xA3);
