//! The type of chart nodes.

use super::{Bindable, BoxLook, StrokeLook, TextStyle};
use crate::chart::ChartKind;
use crate::document::Color;
use crate::expression::{Expression, TextTemplate};

/// A chart.
#[derive(Clone, Debug)]
pub struct ChartNode {
    /// Which chart it is.
    pub(crate) kind: &'static ChartKind,
    /// Gives an array, one category, point or slice an item; absent: there is one item, and the series stand for themselves.
    pub each: Option<Expression>,
    /// Name of the item in expressions.
    pub name: String,
    /// Name of the zero-based index in expressions.
    pub index_name: String,
    /// What an item is called.
    pub label: Option<TextTemplate>,
    /// What is measured, at least one.
    pub series: Vec<ChartSeries>,
    /// How series share a category.
    pub stack: Stack,
    /// Bars go to the right instead of upwards.
    pub horizontal: bool,
    /// Share of a category that stays empty between bars, 0 to 0.9.
    pub gap: f32,
    /// How points are joined.
    pub curve: Curve,
    /// Whether points are marked.
    pub markers: bool,
    /// Whether values are written beside what shows them.
    pub value_labels: bool,
    /// Radius of the hole as a share of the whole, for what is round.
    pub hole: f32,
    /// Ranges of a gauge in ascending order: upper end and colour.
    pub bands: Vec<(Expression, Color)>,
    /// Where the names of series or slices stand.
    pub legend: LegendPlace,
    /// Colours of series or slices that have none of their own; never empty.
    pub palette: Vec<Color>,
    /// How values are written; absent: as the locale does.
    pub format: Option<Expression>,
    /// How values are written beside what shows them, when not as elsewhere.
    pub label_format: Option<Expression>,
    /// The axis of the items, in a scatter chart that of `x`.
    pub category_axis: ChartAxis,
    /// The axis of the values.
    pub value_axis: ChartAxis,
    /// What stands instead when there are no values.
    pub empty: Option<TextTemplate>,
    /// Look of all text.
    pub style: TextStyle,
    /// Look of what stands along the axes.
    pub axis_style: TextStyle,
    /// Behind and around it.
    pub look: BoxLook,
}

/// One measure of all items.
#[derive(Clone, Debug)]
pub struct ChartSeries {
    /// What it is called.
    pub name: TextTemplate,
    /// The value of an item; nothing leaves it out.
    pub value: Expression,
    /// In a scatter chart: the place to the right.
    pub x: Option<Expression>,
    /// Its colour, when not the palette's.
    pub color: Option<Color>,
    /// Sets the colour of single items.
    pub bind: Vec<(Bindable, Expression)>,
    /// JSON pointer of the series in the template.
    pub pointer: String,
}

/// An axis.
#[derive(Clone, Debug, Default)]
pub struct ChartAxis {
    /// What it measures.
    pub title: Option<TextTemplate>,
    /// Where it begins.
    pub min: Option<Expression>,
    /// Where it ends.
    pub max: Option<Expression>,
    /// How its numbers are written.
    pub format: Option<Expression>,
    /// Whether anything is written along it.
    pub labels: bool,
    /// Lines across the chart.
    pub grid: Rule,
    /// The line along the axis.
    pub line: Rule,
}

/// A line that is there or not.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Rule {
    /// As the chart has it.
    #[default]
    Usual,
    /// Not there.
    None,
    /// There, as light as the chart has such lines.
    Shown,
    /// There, and it looks like this.
    Stroke(StrokeLook),
}

/// How series share a category.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stack {
    /// Side by side, or over one another.
    #[default]
    None,
    /// One upon the other.
    Sum,
    /// One upon the other, as shares of their sum.
    Share,
}

/// How points are joined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Curve {
    /// Straight lines.
    #[default]
    Straight,
    /// A curve that goes through all points and never beyond them.
    Smooth,
    /// Level lines that change half-way.
    Step,
}

/// Where the legend stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LegendPlace {
    /// Where the kind of chart has it, and only when there is more than one thing to tell apart.
    #[default]
    Auto,
    /// Nowhere.
    None,
    /// Above.
    Top,
    /// Below.
    Bottom,
    /// On the right.
    Right,
}
