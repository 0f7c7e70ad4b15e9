//! What pie and donut have in common: slices around a middle.

use crate::chart::palette::readable_on;
use crate::chart::scene::{Scene, arc, on_circle};
use crate::chart::slices::{Slice, negative_count, slices};
use crate::chart::{Chart, Figure, Label, Purpose, Typesetter, Voice};
use crate::document::{Point, Rect, Segment, narrow};
use crate::template::model::LegendPlace;

/// Slices that are narrower than this, in degrees, are drawn together with the next ones.
const ANGLE_MIN: f64 = 0.25;

/// Space between two slices, points.
const SLICE_GAP: f32 = 1.0;

/// A ring of slices with a hole of this share of its radius.
pub(super) fn draw(chart: &Chart<'_>, scene: &mut Scene, setter: &mut dyn Typesetter, hole: f32) {
    let slices = slices(chart.node, chart.data);
    let negative = negative_count(chart.data);
    if negative > 0 {
        let noun = if negative == 1 { "value is" } else { "values are" };
        let message = format!("{negative} negative {noun} left out: a whole has no negative parts");
        setter.warn(message, "show negative values as bars");
    }
    let area = chart.area;
    let outside = chart.node.value_labels && !slices.is_empty();
    let full = (area.width.min(area.height) / 2.0).max(0.0);
    let labels = if outside { set_labels(chart, setter, &slices, full) } else { Vec::new() };
    let widest = labels.iter().map(|label| label.width).fold(0.0, f32::max);
    let highest = labels.iter().map(|label| label.height).fold(0.0, f32::max);
    // Labels that do not fit into their slices stand around the circle.
    let inside = |radius: f32| {
        let places = slices.iter().zip(&labels);
        places.map(|(slice, label)| fits_inside(slice, radius, hole, label.width, label.height)).collect::<Vec<bool>>()
    };
    // Beside a legend the smallest slices can do without a number; otherwise no name may be missing.
    let explained = chart.node.legend != LegendPlace::None;
    let mut radius = full;
    if !inside(full).iter().zip(&slices).all(|(fits, slice)| *fits || (explained && slice.share < SHARE_SMALL)) {
        let across = area.width / 2.0 - widest - LABEL_GAP;
        let down = area.height / 2.0 - highest - LABEL_GAP * 0.5;
        radius = full.min(across.min(down).max(full * RADIUS_SHARE_MIN));
    }
    let centre = Point { x: area.x + area.width / 2.0, y: area.y + area.height / 2.0 };
    let single = slices.len() == 1;
    let mut from = 0.0;
    for slice in &slices {
        if slice.to - from >= ANGLE_MIN {
            let path = sector(centre, radius, radius * hole, from, slice.to, if single { 0.0 } else { SLICE_GAP });
            scene.path(&path, Some(slice.color), None);
            from = slice.to;
        }
    }
    let fits = inside(radius);
    let mut taken: Vec<Rect> = Vec::new();
    for ((slice, label), fits) in slices.iter().zip(&labels).zip(fits) {
        let middle = (slice.from + slice.to) / 2.0;
        if fits {
            let at = on_circle(centre, label_radius(radius, hole, single), middle);
            scene.text_centred(label, at.x, at.y, Some(readable_on(slice.color)));
            continue;
        }
        // The box of the label touches a circle with that corner, or that side, which is nearest to the middle.
        if radius >= full {
            continue;
        }
        let at = on_circle(centre, radius + LABEL_GAP, middle);
        let (across, down) = ((at.x - centre.x) / radius.max(1.0), (at.y - centre.y) / radius.max(1.0));
        let x = at.x + label.width / 2.0 * across.clamp(-1.0, 1.0) - label.width / 2.0;
        let y = at.y + label.height / 2.0 * down.clamp(-1.0, 1.0) - label.height / 2.0;
        let place = Rect { x: x - 2.0, y, width: label.width + 4.0, height: label.height };
        let crowded = taken.iter().any(|other| place.overlaps(other));
        if !crowded && slice.to - slice.from >= ANGLE_MIN {
            scene.text(label, Point { x, y }, None);
            taken.push(place);
        }
    }
}

/// Slices smaller than this share may go without a label.
const SHARE_SMALL: f64 = 0.1;

/// Radius of a circle among its labels, at least, as a share of what it has without them.
const RADIUS_SHARE_MIN: f32 = 0.62;

/// Space between a circle and what is written around it.
const LABEL_GAP: f32 = 5.0;

/// Slices whose labels are set; narrower ones have no room for any.
const LABEL_COUNT_MAX: usize = 60;

fn set_labels(chart: &Chart<'_>, setter: &mut dyn Typesetter, slices: &[Slice<'_>], full: f32) -> Vec<Label> {
    let width = (chart.area.width / 2.0 - full * RADIUS_SHARE_MIN - LABEL_GAP).max(full * 0.6);
    let mut labels = Vec::new();
    for slice in slices.iter().take(LABEL_COUNT_MAX) {
        let figure = Figure { value: slice.value, share: Some(slice.share), decimals: None, label: slice.name };
        let text = setter.write(Purpose::Label, &figure);
        labels.push(setter.line(&text, Voice::Text, Some(width)));
    }
    labels
}

/// Where labels inside of slices stand: in the middle of a ring, and beyond that of a full circle, where it is wider.
fn label_radius(radius: f32, hole: f32, single: bool) -> f32 {
    if hole > 0.0 {
        radius * (1.0 + hole) / 2.0
    } else if single {
        0.0
    } else {
        radius * 0.68
    }
}

fn fits_inside(slice: &Slice<'_>, radius: f32, hole: f32, width: f32, height: f32) -> bool {
    let at = label_radius(radius, hole, slice.share >= 1.0);
    // The way across a slice, along its arc and towards the middle.
    let along = narrow((slice.to - slice.from).to_radians()) * at;
    let deep = if hole > 0.0 { radius * (1.0 - hole) } else { radius * 0.6 };
    slice.share >= 1.0 && hole == 0.0 || (along >= width.max(height) * 1.25 && deep >= width.max(height) * 1.05)
}

/// A part of a ring, or of a circle when the inner radius is 0. Its sides keep half a gap from its neighbours.
pub(super) fn sector(centre: Point, outer: f32, inner: f32, from: f64, to: f64, gap: f32) -> Vec<Segment> {
    let mut path = Vec::new();
    if to - from >= 360.0 - 1e-9 && gap == 0.0 {
        path.push(Segment::Move(on_circle(centre, outer, 0.0)));
        arc(&mut path, centre, outer, 0.0, 360.0);
        path.push(Segment::Close);
        if inner > 0.0 {
            path.push(Segment::Move(on_circle(centre, inner, 0.0)));
            arc(&mut path, centre, inner, 360.0, 0.0);
            path.push(Segment::Close);
        }
        return path;
    }
    let half = (to - from) / 2.0;
    // The angle that is as wide as half a gap at a radius; never more than would leave a third of the slice.
    let inset = |radius: f32| {
        if radius <= 0.0 { 0.0 } else { f64::from(gap / 2.0 / radius).to_degrees().min(half * 0.66) }
    };
    let (far, near) = (inset(outer), inset(inner));
    path.push(Segment::Move(on_circle(centre, outer, from + far)));
    arc(&mut path, centre, outer, from + far, to - far);
    if inner > 0.0 {
        path.push(Segment::Line(on_circle(centre, inner, to - near)));
        arc(&mut path, centre, inner, to - near, from + near);
    } else {
        path.push(Segment::Line(tip(centre, outer, gap, from, to)));
    }
    path.push(Segment::Close);
    path
}

/// The tip of a slice: so far from the middle that its sides keep half a gap from those of its neighbours.
fn tip(centre: Point, outer: f32, gap: f32, from: f64, to: f64) -> Point {
    let half = (to - from) / 2.0;
    let (sin, _) = crate::document::sin_cos_degrees(half.min(90.0));
    let away = if sin > 1e-6 { gap / 2.0 / narrow(sin) } else { outer };
    on_circle(centre, away.min(outer / 3.0), (from + to) / 2.0)
}
