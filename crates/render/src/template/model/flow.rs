//! The types of flow: where breaks lead, columns, layers, the baseline grid.

use super::{BandOn, Node, StrokeLook};

/// A grid of lines on every page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Baseline {
    /// Distance of two lines; above 0.
    pub step: f32,
    /// Distance of one of them from the top of the paper.
    pub start: f32,
}

/// What is painted below or above the content of some pages.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Where it stands.
    pub on: BandOn,
    /// Content, relative to the corner of the paper.
    pub nodes: Vec<Node>,
}

/// Where what stands after a break begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BreakTo {
    /// On the next page.
    #[default]
    Page,
    /// In the next column; where there are no columns, on the next page.
    Column,
    /// On the next page with an odd number: a right-hand page.
    Odd,
    /// On the next page with an even number: a left-hand page.
    Even,
}

/// What happens to what must not be cut and is taller than a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TooTall {
    /// The document is not made.
    #[default]
    Error,
    /// It is made smaller until it fits.
    Scale,
    /// What does not fit is not shown.
    Cut,
}

/// A span over all columns.
pub const SPAN_ALL: u16 = u16::MAX;

/// Columns that content flows through; on the largest paper more are narrower than a word.
pub const FLOW_COLUMN_COUNT_MAX: u16 = 20;

/// Columns that content flows through.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowColumns {
    /// How many there are.
    pub count: ColumnCount,
    /// Space between two columns, and between two nodes.
    pub gap: [f32; 2],
    /// A line between two columns.
    pub rule: Option<StrokeLook>,
    /// Whether they end at the same height where the content ends.
    pub balance: bool,
}

/// How many columns there are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ColumnCount {
    /// That many.
    Fixed(u16),
    /// As many as fit, each at least that wide.
    Width(f32),
}
