//! A sparkline: a line as small as a word, without axes.

use super::{ChartKind, Content, Legend};
use crate::chart::curve::{thinned, through};
use crate::chart::legend::Swatch;
use crate::chart::scene::{circle, round_stroke};
use crate::chart::{Chart, Scene, Typesetter};
use crate::document::{Point, Segment, narrow};
use crate::template::model::Curve;
use crate::text::index32;

pub(super) const KIND: ChartKind = ChartKind {
    name: "sparkline",
    takes: &["curve", "markers", "valueAxis"],
    legend: Legend::None,
    swatch: Swatch::Line,
    hole: 0.0,
    content: Content::Categories,
    draw,
};

/// Width of the line: that of a thin stroke of a letter.
const LINE_WIDTH: f32 = 1.2;

/// Radius of the mark at the last value.
const MARKER_RADIUS: f32 = 2.0;

fn draw(chart: &Chart<'_>, scene: &mut Scene, _setter: &mut dyn Typesetter) {
    let Some((low, high)) = chart.data.extent() else { return };
    let low = chart.data.value.min.unwrap_or(low);
    let high = chart.data.value.max.unwrap_or(high);
    let inset = if chart.node.markers { MARKER_RADIUS } else { LINE_WIDTH / 2.0 };
    let area = chart.area;
    let width = (area.width - inset * 2.0).max(0.0);
    let height = (area.height - inset * 2.0).max(0.0);
    let steps = narrow(f64::from(index32(chart.data.item_count().saturating_sub(1).max(1))));
    for series in &chart.data.series {
        let points: Vec<Option<Point>> = series
            .values
            .iter()
            .enumerate()
            .map(|(item, value)| {
                // All values alike are a line in the middle.
                let share = value.map(|value| if high > low { (value - low) / (high - low) } else { 0.5 })?;
                let x = area.x + inset + narrow(f64::from(index32(item))) / steps * width;
                Some(Point { x, y: area.y + inset + (1.0 - narrow(share.clamp(0.0, 1.0))) * height })
            })
            .collect();
        let mut path = Vec::new();
        for run in points.chunk_by(|one, other| one.is_some() == other.is_some()) {
            let run: Vec<Point> = run.iter().flatten().copied().collect();
            let count = run.len();
            let kept = thinned(run);
            let curve = if kept.len() < count { Curve::Straight } else { chart.node.curve };
            if let Some(first) = kept.first() {
                path.push(Segment::Move(*first));
                through(&mut path, &kept, curve);
            }
        }
        scene.path(&path, None, Some(round_stroke(series.color, LINE_WIDTH)));
        if let Some(last) = points.iter().rev().flatten().next().filter(|_| chart.node.markers) {
            let mut mark = Vec::new();
            circle(&mut mark, *last, MARKER_RADIUS);
            scene.path(&mark, Some(series.color), None);
        }
    }
}
