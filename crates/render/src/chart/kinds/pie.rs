//! A pie: parts of a whole as slices of a circle.

use super::{ChartKind, Content, Legend, round};
use crate::chart::legend::Swatch;
use crate::template::model::LegendPlace;

pub(super) const KIND: ChartKind = ChartKind {
    name: "pie",
    takes: &["legend", "valueLabels", "labelFormat"],
    legend: Legend::Slices(LegendPlace::Right),
    swatch: Swatch::Square,
    hole: 0.0,
    content: Content::Slices,
    draw: |chart, scene, setter| round::draw(chart, scene, setter, 0.0),
};
