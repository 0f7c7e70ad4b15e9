//! Where each value of a category begins and ends: from zero, or upon what stands below it.

use super::data::{Data, extent};
use crate::template::model::Stack;

/// From where to where a value goes; none where it is missing.
pub(crate) type Span = Option<(f64, f64)>;

/// Spans of all series, each with one span an item.
pub(crate) fn spans(data: &Data, stack: Stack) -> Vec<Vec<Span>> {
    let mut above = vec![0.0; data.item_count()];
    let mut below = vec![0.0; data.item_count()];
    let totals: Vec<f64> = match stack {
        Stack::Share => (0..data.item_count()).map(|item| total(data, item)).collect(),
        Stack::None | Stack::Sum => Vec::new(),
    };
    let mut spans = Vec::with_capacity(data.series.len());
    for series in &data.series {
        let mut own = Vec::with_capacity(data.item_count());
        for (item, value) in series.values.iter().enumerate() {
            let value = match (stack, *value) {
                (_, None) => None,
                (Stack::Share, Some(value)) => match totals.get(item) {
                    Some(total) if *total > 0.0 => Some(value / total),
                    _ => Some(0.0),
                },
                (Stack::None | Stack::Sum, value) => value,
            };
            own.push(value.map(|value| match stack {
                Stack::None => (0.0, value),
                Stack::Sum | Stack::Share => {
                    // What is negative hangs below the line, apart from what stands upon it.
                    let pile = if value < 0.0 { &mut below } else { &mut above };
                    let from = pile.get(item).copied().unwrap_or(0.0);
                    let to = from + value;
                    if let Some(end) = pile.get_mut(item) {
                        *end = to;
                    }
                    (from, to)
                }
            }));
        }
        spans.push(own);
    }
    spans
}

/// The sum of all values of an item without their signs.
fn total(data: &Data, item: usize) -> f64 {
    data.series.iter().filter_map(|series| series.value(item)).map(f64::abs).sum()
}

/// Least and greatest end of all spans.
pub(crate) fn span_extent(spans: &[Vec<Span>]) -> (f64, f64) {
    extent(spans.iter().flatten().flatten().flat_map(|(from, to)| [*from, *to])).unwrap_or((0.0, 0.0))
}
