//! A donut: a pie with a hole, in which there is room for a word.

use super::{ChartKind, Content, Legend, round};
use crate::chart::legend::Swatch;
use crate::template::model::LegendPlace;

pub(super) const KIND: ChartKind = ChartKind {
    name: "donut",
    takes: &["hole", "legend", "valueLabels", "labelFormat"],
    legend: Legend::Slices(LegendPlace::Right),
    swatch: Swatch::Square,
    hole: 0.6,
    content: Content::Slices,
    draw: |chart, scene, setter| round::draw(chart, scene, setter, chart.node.hole),
};
