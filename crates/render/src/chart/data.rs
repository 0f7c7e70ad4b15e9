//! What a chart shows: items with their values, as they are after all expressions were asked.

use crate::document::Color;

/// Values beyond this are taken as missing: sums and products of them stay finite.
const MAGNITUDE_MAX: f64 = 1e100;

/// Values nearer to zero are zero: what is divided by them stays finite.
const MAGNITUDE_MIN: f64 = 1e-100;

/// Everything that a chart shows.
#[derive(Debug, Default)]
pub(crate) struct Data {
    /// What each item is called.
    pub(crate) labels: Vec<String>,
    /// What is measured.
    pub(crate) series: Vec<Series>,
    /// The axis of the items, or of `x`.
    pub(crate) category: AxisData,
    /// The axis of the values.
    pub(crate) value: AxisData,
    /// Upper ends and colours of a gauge's ranges.
    pub(crate) bands: Vec<(f64, Color)>,
    /// What stands instead when there is nothing.
    pub(crate) empty: String,
}

/// What an axis says and where it ends.
#[derive(Debug, Default)]
pub(crate) struct AxisData {
    /// Its title; empty for none.
    pub(crate) title: String,
    /// Where it begins, when the author says so.
    pub(crate) min: Option<f64>,
    /// Where it ends, when the author says so.
    pub(crate) max: Option<f64>,
}

/// One measure of all items.
#[derive(Debug)]
pub(crate) struct Series {
    /// What it is called.
    pub(crate) name: String,
    /// Its colour.
    pub(crate) color: Color,
    /// One value an item; none where it is missing.
    pub(crate) values: Vec<Option<f64>>,
    /// In a scatter chart one place an item.
    pub(crate) x: Vec<Option<f64>>,
    /// Colours of single items, or nothing at all.
    pub(crate) colors: Vec<Option<Color>>,
}

impl Series {
    /// The colour of an item.
    pub(crate) fn color_of(&self, item: usize) -> Color {
        self.colors.get(item).copied().flatten().unwrap_or(self.color)
    }

    /// The value of an item.
    pub(crate) fn value(&self, item: usize) -> Option<f64> {
        self.values.get(item).copied().flatten()
    }

    /// Least and greatest value.
    pub(crate) fn extent(&self) -> Option<(f64, f64)> {
        extent(self.values.iter().flatten().copied())
    }
}

impl Data {
    /// Whether there is anything to draw.
    pub(crate) fn has_values(&self) -> bool {
        self.series.iter().any(|series| series.values.iter().any(Option::is_some))
    }

    /// Number of items.
    pub(crate) fn item_count(&self) -> usize {
        self.labels.len()
    }

    /// Least and greatest value of all series.
    pub(crate) fn extent(&self) -> Option<(f64, f64)> {
        extent(self.series.iter().filter_map(Series::extent).flat_map(|(low, high)| [low, high]))
    }
}

/// A number that can be drawn.
pub(crate) fn drawable(number: f64) -> Option<f64> {
    match number.abs() {
        magnitude if magnitude < MAGNITUDE_MIN => Some(0.0),
        magnitude if magnitude <= MAGNITUDE_MAX => Some(number),
        _ => None,
    }
}

/// Least and greatest of some numbers.
pub(crate) fn extent(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |extent, value| match extent {
        None => Some((value, value)),
        Some((low, high)) => Some((value.min(low), value.max(high))),
    })
}
