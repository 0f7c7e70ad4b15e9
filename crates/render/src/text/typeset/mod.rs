//! Setting a paragraph well: where its lines may end, and which of these places are taken.

mod choose;
mod opportunities;
mod total_fit;

pub(super) use choose::choose;
pub(super) use opportunities::{Piece, PieceKind};
pub(super) use total_fit::SPACE_SHRINK;

use crate::template::model::{Align, TextStyle, Wrap};

/// Hyphens at the ends of successive lines; more make a ladder that the eye climbs.
const HYPHENS_IN_A_ROW_MAX: usize = 2;

/// A paragraph in pieces, and what its lines must keep to.
pub(super) struct Paragraph<'p> {
    /// Its text.
    pub(super) text: &'p str,
    /// Its clusters in logical order.
    pub(super) pieces: &'p [Piece],
    /// Byte offsets before which a line may begin (UAX 14).
    pub(super) breaks: &'p [usize],
    /// Byte offsets at which a word may be broken with a hyphen.
    pub(super) hyphens: &'p [usize],
    /// Room for a line.
    pub(super) width: f64,
    /// Width of a hyphen.
    pub(super) hyphen: f64,
    /// Width of a space.
    pub(super) space: f64,
    /// How much the space between letters may change, points.
    pub(super) letter_stretch: f64,
    /// Whether lines are made equally wide.
    pub(super) is_justified: bool,
    /// Whether marks hang out at the ends of lines.
    pub(super) hangs: bool,
    /// How its lines are chosen.
    pub(super) wrap: Wrap,
}

impl Paragraph<'static> {
    /// An empty paragraph with the rules of a style.
    pub(super) fn of(style: &TextStyle) -> Self {
        Self {
            text: "",
            pieces: &[],
            breaks: &[],
            hyphens: &[],
            width: 0.0,
            hyphen: 0.0,
            space: 0.0,
            letter_stretch: f64::from(style.typography.letter_stretch) * f64::from(style.size),
            is_justified: style.align == Align::Justify,
            hangs: style.typography.hanging_punctuation,
            wrap: style.typography.wrap,
        }
    }
}

/// The end of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LineEnd {
    /// Index of the piece with which the next line begins.
    pub(super) piece: usize,
    /// Whether a hyphen is shown.
    pub(super) hyphen: bool,
}
