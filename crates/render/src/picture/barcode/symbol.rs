//! What a symbology makes of a value: modules, how they become points, and the text under them.

use super::Modules;

/// An encoded value, without its quiet zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Dark and light modules.
    pub modules: Modules,
    /// How high the rows are.
    pub rows: Rows,
    /// The human-readable text, in the pieces in which it is set.
    pub captions: Vec<Caption>,
    /// Thickness in modules of a frame around bars and quiet zone.
    pub bearer: u8,
    /// Side in modules of the square in the middle that is left free for a logo.
    pub logo: Option<u32>,
}

/// How high the rows of a grid are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Every row is this many modules high, so that the proportions are fixed.
    Fixed(u8),
    /// All rows share the height that the barcode is given.
    Shared,
    /// The first row takes the height; the second one are guard bars that reach this many modules into the text, and
    /// is left out when there is no text.
    Guarded(u8),
}

/// A piece of the human-readable text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caption {
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub place: CaptionPlace,
}

/// Where a piece of the human-readable text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaptionPlace {
    /// In the middle under the whole barcode.
    Under,
    /// Its characters share these modules evenly.
    Cells {
        /// First module, counted from the first bar; negative in the left quiet zone.
        start: i32,
        /// Modules for all of it.
        width: u32,
    },
}

impl Symbol {
    /// Square modules with fixed proportions.
    pub(super) fn matrix(modules: Modules, text: &str) -> Self {
        Self { modules, rows: Rows::Fixed(1), captions: vec![Caption::under(text)], bearer: 0, logo: None }
    }

    /// Bars of one height.
    pub(super) fn linear(bars: &super::Bars, text: impl Into<String>) -> Self {
        let modules = bars.modules(1);
        Self { modules, rows: Rows::Shared, captions: vec![Caption::under(text)], bearer: 0, logo: None }
    }
}

impl Caption {
    /// Text in the middle under the barcode, on one line.
    pub(super) fn under(text: impl Into<String>) -> Self {
        let text: String = text.into();
        let text = if text.chars().any(char::is_control) { text.replace(char::is_control, " ") } else { text };
        Self { text, place: CaptionPlace::Under }
    }

    /// Digits that share some modules.
    pub(super) fn cells(text: impl Into<String>, start: i32, width: u32) -> Self {
        Self { text: text.into(), place: CaptionPlace::Cells { start, width } }
    }
}
