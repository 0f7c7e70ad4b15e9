//! Shapes: what one JSON value may look like, how it is read, and how it is described.

mod choice;
mod collection;
mod color;
mod number;
mod object;
mod string;

use serde_json::Value as Json;

pub(super) use choice::{Choice, Flag};
pub(super) use collection::{List, MapOf, Pair, Sides, is_name};
pub(super) use color::ColorShape;
pub use color::parse_color;
pub(super) use color::{note_ink, percent, tinted};
pub(super) use number::{Factor, LENGTH_MAX_POINTS, Length, Whole, number_text, points};
pub(super) use object::{AnyObject, Anything, Object};
pub(crate) use string::Place;
pub(super) use string::{Condition, ExpressionShape, Identifier, Line, TemplateText};

use super::describe::{Description, Form};
use super::reading::Reading;

/// One way a JSON value may look.
pub(super) trait Shape: Copy {
    /// What it is read into.
    type Value;

    /// Reads it; none means that a finding was reported.
    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Self::Value>;

    /// Describes it.
    fn form(&self, description: &mut Description) -> Form;

    /// How a default of this shape is written in JSON; none when it is better told in words.
    fn show(&self, value: &Self::Value) -> Option<Json> {
        let _ = value;
        None
    }
}
