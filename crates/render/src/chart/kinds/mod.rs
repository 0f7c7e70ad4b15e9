//! Kinds of charts: one file each, listed here.

mod area;
mod bar;
mod donut;
mod gauge;
mod line;
mod pie;
mod round;
mod scatter;
mod sparkline;

use std::fmt;

pub(super) use gauge::ends as gauge_ends;

use super::legend::Swatch;
use super::{Chart, Scene, Typesetter};
use crate::template::model::LegendPlace;

/// A kind of chart.
pub(crate) struct ChartKind {
    /// What `type` says.
    pub(crate) name: &'static str,
    /// Which of the properties that not every kind has have an effect on this one.
    pub(crate) takes: &'static [&'static str],
    /// What a legend names, and where it usually stands.
    pub(crate) legend: Legend,
    /// The mark of a legend's entry.
    pub(crate) swatch: Swatch,
    /// Radius of its hole as a share of its own, unless the author says otherwise.
    pub(crate) hole: f32,
    /// What it is made of, for descriptions.
    pub(crate) content: Content,
    /// Draws it into the room that the legend leaves.
    pub(crate) draw: fn(&Chart<'_>, &mut Scene, &mut dyn Typesetter),
}

/// What a legend names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Legend {
    /// There is none.
    None,
    /// Series, when there are several.
    Series(LegendPlace),
    /// Slices.
    Slices(LegendPlace),
}

/// What a chart is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Values of categories.
    Categories,
    /// Points with two numbers each.
    Points,
    /// Parts of a whole.
    Slices,
    /// One value on a scale.
    Single,
}

impl fmt::Debug for ChartKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("ChartKind").field(&self.name).finish()
    }
}

/// All kinds, in the order of the documentation.
pub(crate) static ALL: &[ChartKind] =
    &[bar::KIND, line::KIND, area::KIND, pie::KIND, donut::KIND, scatter::KIND, gauge::KIND, sparkline::KIND];
