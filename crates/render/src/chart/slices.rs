//! Slices of what is round: each item's part of a whole turn.

use super::data::Data;
use super::palette::nth;
use crate::document::Color;
use crate::template::model::ChartNode;

/// A part of a whole.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Slice<'d> {
    /// What it is called.
    pub(crate) name: &'d str,
    /// How much it is.
    pub(crate) value: f64,
    /// Its part of the sum, 0 to 1.
    pub(crate) share: f64,
    /// Where it begins, in degrees from the top, clockwise.
    pub(crate) from: f64,
    /// Where it ends.
    pub(crate) to: f64,
    /// Its colour.
    pub(crate) color: Color,
}

/// The slices, in the order of the data. What is missing, zero or negative is no part of a whole. Without items the
/// series are the slices.
pub(crate) fn slices<'d>(node: &ChartNode, data: &'d Data) -> Vec<Slice<'d>> {
    let mut slices: Vec<Slice<'d>> = Vec::new();
    let mut add = |name: &'d str, value: Option<f64>, color: Color| {
        if let Some(value) = value.filter(|value| *value > 0.0) {
            slices.push(Slice { name, value, share: 0.0, from: 0.0, to: 0.0, color });
        }
    };
    if node.each.is_some() {
        for series in data.series.iter().take(1) {
            for (item, label) in data.labels.iter().enumerate() {
                let own = series.colors.get(item).copied().flatten();
                add(label, series.value(item), own.unwrap_or_else(|| nth(&node.palette, item)));
            }
        }
    } else {
        for series in &data.series {
            add(&series.name, series.value(0), series.color_of(0));
        }
    }
    let sum: f64 = slices.iter().map(|slice| slice.value).sum();
    let mut before = 0.0;
    for slice in &mut slices {
        slice.share = slice.value / sum;
        slice.from = before / sum * 360.0;
        before += slice.value;
        slice.to = before / sum * 360.0;
    }
    slices
}

/// Values that a whole cannot have.
pub(crate) fn negative_count(data: &Data) -> usize {
    data.series.iter().flat_map(|series| &series.values).flatten().filter(|value| **value < 0.0).count()
}
