//! Bars: one a category and series, side by side or stacked, upright or lying.

use super::{ChartKind, Content, Legend};
use crate::chart::axes::{self, Across, Plan, Plot};
use crate::chart::legend::Swatch;
use crate::chart::palette::readable_on;
use crate::chart::scale::Wanted;
use crate::chart::stack::{Span, span_extent, spans};
use crate::chart::{Chart, Figure, Purpose, Scene, Typesetter, Voice};
use crate::document::{Color, Point, narrow};
use crate::template::model::{LegendPlace, Stack};
use crate::text::index32;

pub(super) const KIND: ChartKind = ChartKind {
    name: "bar",
    takes: &["horizontal", "stack", "gap", "categoryAxis", "valueAxis", "legend", "valueLabels", "labelFormat"],
    legend: Legend::Series(LegendPlace::Top),
    swatch: Swatch::Square,
    hole: 0.0,
    content: Content::Categories,
    draw,
};

/// Widest bar, points: a wider one is a poster, not a bar.
const BAR_WIDTH_MAX: f32 = 56.0;

/// Categories nearer than this, points, have no gaps.
const GAP_PITCH_MIN: f32 = 3.0;

/// Part of a bar that is left empty beside its neighbour in the same category.
const INNER_GAP: f32 = 0.08;

/// Thinnest bar that is drawn alone; below it the bars of a column are one.
const BAR_WIDTH_MIN: f32 = 0.25;

/// Where the bars of a category stand.
struct Slots {
    /// Bars side by side.
    count: usize,
    /// Width of one, with its gap.
    step: f32,
    /// Width of one.
    width: f32,
}

fn draw(chart: &Chart<'_>, scene: &mut Scene, setter: &mut dyn Typesetter) {
    let node = chart.node;
    let spans = spans(chart.data, node.stack);
    let (low, high) = span_extent(&spans);
    let stacked = node.stack != Stack::None;
    let plan = Plan {
        across: Across::Bands,
        values: wanted(chart, low, high),
        shares: node.stack == Stack::Share,
        labels_above: node.value_labels && !stacked,
    };
    let plot = axes::draw(chart, scene, setter, &plan);
    let slots = slots(chart, &plot, stacked);
    for (place, (series, own)) in chart.data.series.iter().zip(&spans).enumerate() {
        if slots.width < BAR_WIDTH_MIN {
            envelope(scene, &plot, own, series.color);
            continue;
        }
        for (item, span) in own.iter().enumerate() {
            if let Some((from, to)) = span {
                let (left, right) = slot(&plot, &slots, item, if stacked { 0 } else { place });
                scene.rect(plot.point(left, *from), plot.point(right, *to), series.color_of(item));
            }
        }
    }
    plot.finish(scene);
    if node.value_labels && slots.width >= BAR_WIDTH_MIN {
        labels(chart, scene, setter, &plot, &slots, &spans);
    }
}

/// What the axis of values must show, for bars and areas, which are compared by their lengths.
pub(super) fn wanted(chart: &Chart<'_>, low: f64, high: f64) -> Wanted {
    let values = || chart.data.series.iter().flat_map(|series| &series.values).flatten();
    let shares = chart.node.stack == Stack::Share;
    Wanted {
        low,
        high,
        min: chart.data.value.min,
        max: chart.data.value.max,
        zero: true,
        whole: !shares && values().all(|value| value.fract() == 0.0),
        tight: axes::is_unseen(&chart.node.value_axis),
        steps: 1,
    }
}

fn slots(chart: &Chart<'_>, plot: &Plot, stacked: bool) -> Slots {
    let count = if stacked { 1 } else { chart.data.series.len().max(1) };
    let across = narrow(f64::from(index32(count)));
    // Gaps that nobody sees one by one would only make the bars pale.
    let gap = if plot.pitch() < GAP_PITCH_MIN { 0.0 } else { chart.node.gap };
    let room = plot.pitch() * (1.0 - gap);
    let step = (room / across).min(BAR_WIDTH_MAX);
    let width = if count > 1 { step * (1.0 - INNER_GAP) } else { step };
    Slots { count, step, width }
}

/// Both edges of a bar along the axis of items.
fn slot(plot: &Plot, slots: &Slots, item: usize, place: usize) -> (f32, f32) {
    let number = |count: usize| narrow(f64::from(index32(count)));
    let left = plot.along(item) - slots.step * number(slots.count) / 2.0;
    let middle = left + (number(place) + 0.5) * slots.step;
    (middle - slots.width / 2.0, middle + slots.width / 2.0)
}

/// Bars that are too thin to be seen one by one: each column reaches as far as the bars in it.
fn envelope(scene: &mut Scene, plot: &Plot, own: &[Span], color: Color) {
    let column = |item: usize| (plot.along(item) / BAR_WIDTH_MIN / 2.0).floor();
    let items: Vec<(usize, Span)> = own.iter().copied().enumerate().collect();
    for group in items.chunk_by(|one, other| column(one.0) == column(other.0)) {
        let ends = group.iter().filter_map(|(_, span)| *span).flat_map(|(from, to)| [from, to]);
        if let (Some((low, high)), Some((item, _))) = (crate::chart::data::extent(ends), group.first()) {
            let left = column(*item) * BAR_WIDTH_MIN * 2.0;
            scene.rect(plot.point(left, low), plot.point(left + BAR_WIDTH_MIN * 2.0, high), color);
        }
    }
}

/// Values: in the middle of what is stacked, else beyond the end of each bar. One that has no room is left out; where
/// one of a row of bars has none, all are, so that nobody takes a bar without a number for zero.
fn labels(
    chart: &Chart<'_>,
    scene: &mut Scene,
    setter: &mut dyn Typesetter,
    plot: &Plot,
    slots: &Slots,
    spans: &[Vec<Span>],
) {
    let stacked = chart.node.stack != Stack::None;
    let horizontal = chart.node.horizontal;
    let em = setter.size(Voice::Text);
    let line = setter.line_height(Voice::Text);
    let room =
        if stacked { slots.width } else { slots.step.max(plot.pitch() / narrow(f64::from(index32(slots.count)))) };
    // Labels narrower than this do not exist: then nothing needs to be set.
    if room < if horizontal { line * 0.8 } else { em * 0.6 } {
        return;
    }
    let mut placed = Vec::new();
    for (place, (series, own)) in chart.data.series.iter().zip(spans).enumerate() {
        for (item, span) in own.iter().enumerate() {
            let (Some((from, to)), Some(value)) = (span, series.value(item)) else { continue };
            let share = (chart.node.stack == Stack::Share).then_some(to - from);
            let name = chart.data.labels.get(item).map_or("", String::as_str);
            let text = setter.write(Purpose::Label, &Figure { value, share, decimals: None, label: name });
            let label = setter.line(&text, Voice::Text, None);
            let (left, right) = slot(plot, slots, item, if stacked { 0 } else { place });
            let middle = (left + right) / 2.0;
            let (start, end) = (plot.point(middle, *from), plot.point(middle, *to));
            let length = if horizontal { (end.x - start.x).abs() } else { (end.y - start.y).abs() };
            let (along, across) = if horizontal { (label.width, label.height) } else { (label.height, label.width) };
            if stacked {
                if length >= along + em * 0.3 && room >= across * 0.8 {
                    let color = readable_on(series.color_of(item));
                    placed.push((label, (start.x + end.x) / 2.0, (start.y + end.y) / 2.0, Some(color)));
                }
                continue;
            }
            if across > room {
                return;
            }
            let away = along / 2.0 + if horizontal { em * 0.4 } else { 0.0 };
            let sign = if *to < 0.0 { -1.0 } else { 1.0 };
            let Point { x, y } = end;
            let (x, y) = if horizontal { (x + away * sign, y) } else { (x, y - away * sign) };
            placed.push((label, x, y, None));
        }
    }
    for (label, x, y, color) in placed {
        scene.text_centred(&label, x, y, color);
    }
}
