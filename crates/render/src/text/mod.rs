//! Text: from characters to lines of positioned glyphs.
//!
//! Simple text (one left-to-right script, all in one face) takes a short way: words are shaped once and kept, lines
//! are broken here. Everything else goes through parley. Both give the same lines; a test holds them together.

mod breaks;
mod classify;
mod complex;
mod east_asian;
mod emoji;
mod engine;
mod features;
mod finish;
mod fit;
mod hanging;
mod hyphenation;
mod justify;
mod language;
mod normalise;
mod pairs;
mod rules;
mod shape;
mod simple;
mod spans;
mod typeset;
mod units;
mod vertical;
mod words;

#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

pub(crate) use engine::TextEngine;
pub(crate) use fit::Mark as PoolMark;
pub(crate) use language::TextLanguage;
pub(crate) use spans::{LineBox, Span, SpanBlock, SpansRequest};
pub(crate) use units::{index32, round_i32};

use crate::document::{Document, Posture};
use crate::fonts::{AxisSetting, Face};
use crate::template::model::TextStyle;

/// The faces for a text: the wanted one first, then those that are asked for characters it does not have.
#[derive(Clone, Debug)]
pub(crate) struct FontChoice {
    /// The face that sets the line's measures.
    pub(crate) primary: Arc<Face>,
    /// All faces in the order in which they are asked; the first is the primary one.
    pub(crate) faces: Vec<Arc<Face>>,
    /// Where on their axes the variable ones among them stand, as far as they have the axes.
    pub(crate) places: Vec<AxisSetting>,
    /// What the style wants and cannot have.
    pub(crate) shortfalls: Box<[Shortfall]>,
}

/// What a style wants of its fonts and they do not have, for people.
#[derive(Clone, Debug)]
pub(crate) struct Shortfall {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) hint: String,
    /// The document is as readable, so strict mode lets it pass.
    pub(crate) is_harmless: bool,
}

/// What to lay out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'r> {
    /// The text; line feeds end paragraphs.
    pub(crate) text: &'r str,
    /// Room for a line in points; infinite when lines are never broken.
    pub(crate) width: f32,
    /// Size, spacing and alignment.
    pub(crate) style: &'r TextStyle,
    /// The faces.
    pub(crate) font: &'r FontChoice,
    /// Language of the text.
    pub(crate) language: &'r TextLanguage,
}

/// Where laid-out text goes: glyphs and characters into the document, lines and runs into the store.
pub(crate) struct Output<'o> {
    /// Receives glyphs, characters and faces.
    pub(crate) document: &'o mut Document,
    /// Receives lines and runs.
    pub(crate) store: &'o mut TextStore,
}

/// Lines and runs of all text of a render.
#[derive(Debug, Default)]
pub(crate) struct TextStore {
    /// Pool of lines.
    pub(crate) lines: Vec<Line>,
    /// Pool of runs.
    pub(crate) runs: Vec<Run>,
    /// Characters that no face has, in the order met; the caller takes them.
    pub(crate) missing: Vec<char>,
}

/// A laid-out text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Block {
    /// Range in the pool of lines.
    pub(crate) lines: Range<u32>,
    /// Height of all lines and gaps together.
    pub(crate) height: f32,
    /// Width of the widest line.
    pub(crate) width: f32,
    /// Height of one line.
    pub(crate) line_height: f32,
    /// Distance from a line's top to its baseline.
    pub(crate) baseline: f32,
    /// Em size, after shrinking.
    pub(crate) size: f32,
}

/// A line of a block.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// Range in the pool of runs, in visual order.
    pub(crate) runs: Range<u32>,
    /// Left end within the block.
    pub(crate) x: f32,
    /// Top within the block.
    pub(crate) y: f32,
    /// Width without trailing spaces.
    pub(crate) width: f32,
    /// Whether the paragraph ends here.
    pub(crate) ends_paragraph: bool,
    /// Whether the paragraph runs from right to left.
    pub(crate) right_to_left: bool,
}

/// Glyphs of one face in a line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Run {
    /// Index into the document's faces.
    pub(crate) face: u32,
    /// Range in the document's glyphs.
    pub(crate) glyphs: Range<u32>,
    /// Range in the document's text.
    pub(crate) text: Range<u32>,
    /// Left end within the line.
    pub(crate) x: f32,
    /// Width.
    pub(crate) width: f32,
    /// Added after each glyph, points.
    pub(crate) letter_spacing: f32,
    /// Glyphs after `glyphs` that hang invisibly at the end of the line: the space at which it was broken, kept so
    /// that the text can be read back word by word.
    pub(crate) hanging: u8,
    /// How the glyphs stand to the line.
    pub(crate) posture: Posture,
}

/// Text may be this much wider than its room, in points: sums of rounded numbers are not exact.
const FIT_TOLERANCE: f64 = 0.001;
