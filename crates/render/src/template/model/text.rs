//! Text nodes, and looks of text.

use super::{BoxLook, ShadowLook, Typography};
use crate::document::Color;
use crate::expression::TextTemplate;

/// Text.
#[derive(Clone, Debug)]
pub struct TextNode {
    /// What it says; `\n` ends a paragraph.
    pub text: TextTemplate,
    /// Its look: the named style, with the node's own properties over it.
    pub style: TextStyle,
    /// Behind and around it.
    pub look: BoxLook,
    /// What happens when a given height is too small.
    pub overflow: Overflow,
}

/// A look of text; complete, with nothing left to inherit.
#[derive(Clone, Debug, PartialEq)]
pub struct TextStyle {
    /// Families in order of preference.
    pub font: Vec<String>,
    /// Em size.
    pub size: f32,
    /// 100 to 900.
    pub weight: u16,
    /// Italic or oblique.
    pub italic: bool,
    /// Distance of baselines as a multiple of the size.
    pub line_height: f32,
    /// Fill.
    pub color: Color,
    /// Horizontal alignment.
    pub align: Align,
    /// Vertical alignment in a box with a given height.
    pub vertical_align: VerticalAlign,
    /// Added after each glyph, points.
    pub letter_spacing: f32,
    /// Space between paragraphs, points.
    pub paragraph_gap: f32,
    /// A line under the text.
    pub underline: bool,
    /// A line through the text.
    pub strike: bool,
    /// Tabular figures (`tnum`).
    pub tabular: bool,
    /// Change of case.
    pub case: TextCase,
    /// Lines of a paragraph that stay together at the end of a page or column.
    pub orphans: u8,
    /// Lines of a paragraph that stay together at the beginning of a page or column.
    pub widows: u8,
    /// Whether lines stand on the page's baseline grid, when it has one.
    pub snap: bool,
    /// What the letters throw on what is behind them.
    pub shadow: Option<Box<ShadowLook>>,
    /// Features, axes, hyphenation and the like.
    pub typography: Typography,
}

impl Default for TextStyle {
    fn default() -> Self {
        Self {
            font: vec!["Inter".to_owned()],
            size: 10.0,
            weight: 400,
            italic: false,
            line_height: 1.4,
            color: Color::BLACK,
            align: Align::Start,
            vertical_align: VerticalAlign::Top,
            letter_spacing: 0.0,
            paragraph_gap: 0.0,
            underline: false,
            strike: false,
            tabular: false,
            case: TextCase::None,
            orphans: 2,
            widows: 2,
            snap: false,
            shadow: None,
            typography: Typography::default(),
        }
    }
}

/// Horizontal alignment; start and end follow the paragraph's direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Align {
    #[default]
    Start,
    Center,
    End,
    Left,
    Right,
    Justify,
}

/// Vertical alignment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum VerticalAlign {
    #[default]
    Top,
    Middle,
    Bottom,
    /// In a row of a table: the first lines stand on one line; elsewhere as `Top`.
    Baseline,
}

/// Change of case, by the rules of the template's language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum TextCase {
    #[default]
    None,
    Upper,
    Lower,
}

/// What happens to text that is too tall for a given height.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overflow {
    /// The box grows (the given height is the least).
    #[default]
    Grow,
    /// It is cut off, with a warning.
    Clip,
    /// The last line that fits ends with an ellipsis.
    Ellipsis,
    /// The size goes down until it fits, to a half at most.
    Shrink,
}
