//! Form fields: what a reader can fill in, where it stands, and what it holds.

use super::{ElementId, Rect};

/// A form field on a page. What is seen of it is among the page's items.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Where, in page coordinates; not turned.
    pub rect: Rect,
    /// Its element of the tag tree, unless it is part of a running header or footer.
    pub element: Option<ElementId>,
    /// Index into [`super::Document::nodes`].
    pub node: u32,
    /// What it is.
    pub entry: FieldEntry,
}

/// What a form field is and holds.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldEntry {
    /// Its name in the form; dots make groups.
    pub key: String,
    /// What is read out for it.
    pub description: String,
    /// Whether it must be filled in.
    pub required: bool,
    /// Whether its value is fixed.
    pub read_only: bool,
    /// Its kind, with what it holds.
    pub value: FieldValue,
}

/// What a form field holds.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldValue {
    /// Text.
    Text {
        /// The text.
        text: String,
        /// Whether it may have several lines.
        is_multiple: bool,
        /// Cells that it is divided into; 0 is none.
        cell_count: u16,
        /// Characters that it takes; 0 is any number.
        length_max: u16,
    },
    /// Yes or no.
    Checkbox {
        /// Whether it is on.
        is_on: bool,
    },
    /// One of several with the same key.
    Radio {
        /// What the group holds when this one is on.
        option: String,
        /// Whether it is on.
        is_on: bool,
    },
    /// One of a list.
    Choice {
        /// What can be chosen.
        options: Vec<String>,
        /// What is chosen; empty is nothing.
        chosen: String,
    },
    /// A place to sign.
    Signature,
}
