//! Lines: one a series, through the values of its items.

use super::bar;
use super::{ChartKind, Content, Legend};
use crate::chart::axes::{self, Across, Plan, Plot};
use crate::chart::curve::{thinned, through};
use crate::chart::data::Series;
use crate::chart::legend::Swatch;
use crate::chart::scale::Wanted;
use crate::chart::scene::{marker, round_stroke};
use crate::chart::{Chart, Figure, Purpose, Scene, Typesetter, Voice};
use crate::document::{Point, Rect, Segment};
use crate::template::model::{Curve, LegendPlace};

pub(super) const KIND: ChartKind = ChartKind {
    name: "line",
    takes: &["curve", "markers", "categoryAxis", "valueAxis", "legend", "valueLabels", "labelFormat"],
    legend: Legend::Series(LegendPlace::Top),
    swatch: Swatch::Line,
    hole: 0.0,
    content: Content::Categories,
    draw,
};

/// Width of a line: clearly more than a grid line, clearly less than a bar.
pub(super) const LINE_WIDTH: f32 = 1.75;

/// Width of a line with a point in every point of the page.
const LINE_WIDTH_MIN: f32 = 0.75;

/// Radius of the mark at a point.
pub(super) const MARKER_RADIUS: f32 = 2.4;

/// Values that are written along lines at most; with more of them nobody reads any.
const LABEL_COUNT_MAX: usize = 400;

fn draw(chart: &Chart<'_>, scene: &mut Scene, setter: &mut dyn Typesetter) {
    let (low, high) = chart.data.extent().unwrap_or((0.0, 0.0));
    let plan = Plan {
        across: Across::Ends,
        values: Wanted { zero: false, ..bar::wanted(chart, low, high) },
        shares: false,
        labels_above: chart.node.value_labels,
    };
    let plot = axes::draw(chart, scene, setter, &plan);
    plot.finish(scene);
    for (place, series) in chart.data.series.iter().enumerate() {
        line(chart, scene, &plot, place, series);
    }
    if chart.node.value_labels {
        labels(chart, scene, setter, &plot);
    }
}

/// One line; where values are missing it has gaps, and a value between two gaps is a point.
pub(super) fn line(chart: &Chart<'_>, scene: &mut Scene, plot: &Plot, place: usize, series: &Series) {
    let points: Vec<Option<Point>> = (0..chart.data.item_count())
        .map(|item| series.value(item).map(|value| plot.point(plot.along(item), value)))
        .collect();
    let mut path = Vec::new();
    let mut marks = Vec::new();
    for run in points.chunk_by(|one, other| one.is_some() == other.is_some()) {
        let run: Vec<Point> = run.iter().flatten().copied().collect();
        let count = run.len();
        let dense = count > 1 && plot.pitch() < MARKER_RADIUS * 2.0;
        if (chart.node.markers && !dense) || count == 1 {
            run.iter().for_each(|point| marker(&mut marks, place, *point, MARKER_RADIUS));
        }
        let kept = thinned(run);
        // What was thinned out is a cloud, which a smooth line would only falsify.
        let curve = if kept.len() < count { Curve::Straight } else { chart.node.curve };
        if let Some(first) = kept.first().filter(|_| kept.len() > 1) {
            path.push(Segment::Move(*first));
            through(&mut path, &kept, curve);
        }
    }
    // A line that turns at every step would run together if it were wide.
    let width = plot.pitch().clamp(LINE_WIDTH_MIN, LINE_WIDTH);
    scene.path(&path, None, Some(round_stroke(series.color, width)));
    scene.path(&marks, Some(series.color), None);
}

/// Values above their points; one that would touch another is left out.
fn labels(chart: &Chart<'_>, scene: &mut Scene, setter: &mut dyn Typesetter, plot: &Plot) {
    let em = setter.size(Voice::Text);
    let points = || {
        let series = chart.data.series.iter();
        let values = series.flat_map(|series| series.values.iter().enumerate());
        let points = values.filter_map(|(item, value)| Some((item, (*value)?)));
        points.map(|(item, value)| (item, value, plot.point(plot.along(item), value))).take(LABEL_COUNT_MAX)
    };
    let mark = |point: Point| Rect {
        x: point.x - MARKER_RADIUS,
        y: point.y - MARKER_RADIUS,
        width: MARKER_RADIUS * 2.0,
        height: MARKER_RADIUS * 2.0,
    };
    let mut taken: Vec<Rect> = points().map(|(_, _, point)| mark(point)).collect();
    for (item, value, point) in points() {
        let name = chart.data.labels.get(item).map_or("", String::as_str);
        let text = setter.write(Purpose::Label, &Figure { label: name, ..Figure::plain(value) });
        let label = setter.line(&text, Voice::Text, None);
        let most = (chart.area.right() - label.width).max(chart.area.x);
        let x = (point.x - label.width / 2.0).min(most);
        let y = point.y - MARKER_RADIUS - label.height;
        let place = Rect { x: x - em * 0.3, y, width: label.width + em * 0.6, height: label.height };
        if !taken.iter().any(|other| place.overlaps(other)) {
            scene.text(&label, Point { x, y }, None);
            taken.push(place);
        }
    }
}
