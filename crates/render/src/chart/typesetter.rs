//! What a chart asks of its surroundings: lines of text, and numbers as people write them.

use crate::template::model::Align;

/// Sets text and writes numbers. It remembers what it has set; a [`Label`] says which.
pub(crate) trait Typesetter {
    /// One line, or those that its author broke; with a width, what does not fit ends with an ellipsis.
    fn line(&mut self, text: &str, voice: Voice, width: Option<f32>) -> Label;

    /// As many lines as it needs, at most `count`; the label is as wide as its room.
    fn lines(&mut self, text: &str, voice: Voice, width: f32, count: u8, align: Align) -> Label;

    /// Height of a line.
    fn line_height(&self, voice: Voice) -> f32;

    /// Em size.
    fn size(&self, voice: Voice) -> f32;

    /// Writes a number.
    fn write(&mut self, purpose: Purpose, figure: &Figure<'_>) -> String;

    /// Records that something cannot be drawn as the data has it.
    fn warn(&mut self, message: String, hint: &'static str);
}

/// Who speaks: the look of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Voice {
    /// Legends and values.
    Text,
    /// What stands along an axis.
    Axis,
    /// The one number that a chart is about, so many times as large.
    Figure(f32),
}

/// A text that has been set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Label {
    /// Which one.
    pub(crate) id: usize,
    /// Width of its box.
    pub(crate) width: f32,
    /// Height of its box.
    pub(crate) height: f32,
}

/// What a number is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A tick of the axis of values.
    ValueTick,
    /// A tick of the axis of `x`.
    CategoryTick,
    /// A label beside a bar, a point or a slice.
    Label,
    /// A description that is read aloud.
    Description,
}

/// A number and what may be said about it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figure<'f> {
    /// The number.
    pub(crate) value: f64,
    /// Which part of the whole it is, where there is a whole; then it is usually written as a percentage.
    pub(crate) share: Option<f64>,
    /// Digits behind the point, where all numbers of an axis have the same.
    pub(crate) decimals: Option<u32>,
    /// What it is the number of.
    pub(crate) label: &'f str,
}

impl Figure<'_> {
    /// A number of which nothing else is known.
    pub(crate) fn plain(value: f64) -> Self {
        Self { value, share: None, decimals: None, label: "" }
    }
}
