//! Areas: from zero, or from the series below, up to the values.

use super::bar;
use super::line::{LINE_WIDTH, line};
use super::{ChartKind, Content, Legend};
use crate::chart::axes::{self, Across, Plan, Plot};
use crate::chart::curve::{thinned, through};
use crate::chart::legend::Swatch;
use crate::chart::palette::faded;
use crate::chart::scene::round_stroke;
use crate::chart::stack::{Span, span_extent, spans};
use crate::chart::{Chart, Scene, Typesetter};
use crate::document::{Point, Segment};
use crate::template::model::{Curve, LegendPlace, Stack};

pub(super) const KIND: ChartKind = ChartKind {
    name: "area",
    takes: &["stack", "curve", "markers", "categoryAxis", "valueAxis", "legend"],
    legend: Legend::Series(LegendPlace::Top),
    swatch: Swatch::Square,
    hole: 0.0,
    content: Content::Categories,
    draw,
};

/// Opacity of areas that lie over one another, of 255: what is behind stays visible.
const ALPHA: u8 = 56;

fn draw(chart: &Chart<'_>, scene: &mut Scene, setter: &mut dyn Typesetter) {
    let stack = chart.node.stack;
    let stacked = stack != Stack::None;
    let mut spans = spans(chart.data, stack);
    if stacked {
        fill_gaps(&mut spans);
    }
    let (low, high) = span_extent(&spans);
    let plan = Plan {
        across: Across::Ends,
        values: bar::wanted(chart, low, high),
        shares: stack == Stack::Share,
        labels_above: false,
    };
    let plot = axes::draw(chart, scene, setter, &plan);
    for (series, own) in chart.data.series.iter().zip(&spans) {
        let color = if stacked { series.color } else { faded(series.color, ALPHA) };
        let path = outline(&plot, own, chart.node.curve);
        scene.path(&path, Some(color), None);
        // Neighbours touch without a light line between them.
        let seam = stacked.then(|| round_stroke(series.color, SEAM_WIDTH));
        scene.path(&path, None, seam);
    }
    if !stacked {
        for (place, series) in chart.data.series.iter().enumerate() {
            line(chart, scene, &plot, place, series);
        }
    }
    plot.finish(scene);
}

/// Width of the line that closes the hair between two areas: less than half of any line.
const SEAM_WIDTH: f32 = LINE_WIDTH / 7.0;

/// In a stack what is missing is nothing: it is as thick as the series below it ends.
fn fill_gaps(spans: &mut [Vec<Span>]) {
    let count = spans.first().map_or(0, Vec::len);
    for item in 0..count {
        let mut end = 0.0;
        for own in spans.iter_mut() {
            match own.get_mut(item) {
                Some(Some((_, to))) => end = *to,
                Some(missing @ None) => *missing = Some((end, end)),
                None => {}
            }
        }
    }
}

/// The closed outline of one area, in as many parts as it has gaps.
fn outline(plot: &Plot, own: &[Span], curve: Curve) -> Vec<Segment> {
    let mut path = Vec::new();
    let items: Vec<(usize, Span)> = own.iter().copied().enumerate().collect();
    for run in items.chunk_by(|one, other| one.1.is_some() == other.1.is_some()) {
        let edge = |pick: fn((f64, f64)) -> f64| -> Vec<Point> {
            run.iter().filter_map(|(item, span)| Some(plot.point(plot.along(*item), pick((*span)?)))).collect()
        };
        let (top, bottom) = (edge(|(_, to)| to), edge(|(from, _)| from));
        let count = top.len();
        let (top, mut bottom) = (thinned(top), thinned(bottom));
        bottom.reverse();
        let curve = if top.len() < count { Curve::Straight } else { curve };
        let (Some(first), Some(turn)) = (top.first(), bottom.first()) else { continue };
        path.push(Segment::Move(*first));
        through(&mut path, &top, curve);
        path.push(Segment::Line(*turn));
        through(&mut path, &bottom, curve);
        path.push(Segment::Close);
    }
    path
}
