//! A drawn chart: rectangles, paths and texts in paint order, from the chart's upper left corner.

use std::ops::Range;

use super::typesetter::Label;
use crate::document::{CIRCLE, Color, LineCap, LineJoin, Point, Rect, Segment, Stroke, narrow, sin_cos_degrees};
use crate::text::index32;

/// What a chart looks like.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scene {
    /// Pool of path segments.
    pub(crate) segments: Vec<Segment>,
    /// What to paint, in order.
    pub(crate) marks: Vec<Mark>,
}

/// One thing to paint.
#[derive(Clone, Debug)]
pub(crate) enum Mark {
    /// A filled rectangle.
    Rect {
        /// Where.
        rect: Rect,
        /// Colour.
        fill: Color,
    },
    /// A path.
    Path {
        /// Range in the pool of segments.
        segments: Range<u32>,
        /// Fill, if any.
        fill: Option<Color>,
        /// Stroke, if any.
        stroke: Option<Stroke>,
    },
    /// A text.
    Text {
        /// Which one.
        label: usize,
        /// Upper left corner of its box.
        at: Point,
        /// Clockwise turn about that corner.
        degrees: f32,
        /// Colour, when not that of its style.
        color: Option<Color>,
    },
}

impl Scene {
    /// Fills a rectangle, whichever way round its corners are.
    pub(crate) fn rect(&mut self, from: Point, to: Point, fill: Color) {
        let (left, right) = (from.x.min(to.x), from.x.max(to.x));
        let (top, bottom) = (from.y.min(to.y), from.y.max(to.y));
        let rect = Rect { x: left, y: top, width: right - left, height: bottom - top };
        if rect.width > 0.0 && rect.height > 0.0 && fill.alpha > 0 {
            self.marks.push(Mark::Rect { rect, fill });
        }
    }

    /// Fills and strokes a path.
    pub(crate) fn path(&mut self, segments: &[Segment], fill: Option<Color>, stroke: Option<Stroke>) {
        if segments.is_empty() || (fill.is_none() && stroke.is_none()) {
            return;
        }
        let start = index32(self.segments.len());
        self.segments.extend_from_slice(segments);
        let segments = start..index32(self.segments.len());
        self.marks.push(Mark::Path { segments, fill, stroke });
    }

    /// A straight line.
    pub(crate) fn line(&mut self, from: Point, to: Point, stroke: Option<Stroke>) {
        if stroke.is_some() {
            self.path(&[Segment::Move(from), Segment::Line(to)], None, stroke);
        }
    }

    /// A text with its upper left corner at a place.
    pub(crate) fn text(&mut self, label: &Label, at: Point, color: Option<Color>) {
        self.turned_text(label, at, 0.0, color);
    }

    /// A text turned about its upper left corner.
    pub(crate) fn turned_text(&mut self, label: &Label, at: Point, degrees: f32, color: Option<Color>) {
        if label.width > 0.0 {
            self.marks.push(Mark::Text { label: label.id, at, degrees, color });
        }
    }

    /// A text with its middle at a place.
    pub(crate) fn text_centred(&mut self, label: &Label, x: f32, y: f32, color: Option<Color>) {
        self.text(label, Point { x: x - label.width / 2.0, y: y - label.height / 2.0 }, color);
    }
}

/// A round line of one colour.
pub(crate) fn round_stroke(color: Color, width: f32) -> Stroke {
    Stroke { color, width, dash: Vec::new(), cap: LineCap::Round, join: LineJoin::Round }
}

/// The place at an angle on a circle; 0 degrees is the top, clockwise.
pub(crate) fn on_circle(centre: Point, radius: f32, degrees: f64) -> Point {
    let (sin, cos) = sin_cos_degrees(degrees);
    Point { x: centre.x + radius * narrow(sin), y: centre.y - radius * narrow(cos) }
}

/// An arc from its first point, which is where the path already is; at most a quarter turn a curve.
pub(crate) fn arc(out: &mut Vec<Segment>, centre: Point, radius: f32, from: f64, to: f64) {
    let quarters = ((to - from).abs() / 90.0).ceil().clamp(1.0, 8.0);
    let turn = (to - from) / quarters;
    // tan(turn / 4) × 4 / 3, by the half-angle formula.
    let (sin, cos) = sin_cos_degrees(turn / 2.0);
    let reach = if sin.abs() < 1e-12 { 0.0 } else { narrow(4.0 / 3.0 * (1.0 - cos) / sin) };
    let mut angle = from;
    let mut count = 0.0;
    while count < quarters {
        let next = angle + turn;
        let (start, end) = (on_circle(centre, radius, angle), on_circle(centre, radius, next));
        let control = |point: Point, way: f32| Point {
            x: point.x - (point.y - centre.y) * reach * way,
            y: point.y + (point.x - centre.x) * reach * way,
        };
        out.push(Segment::Cubic(control(start, 1.0), control(end, -1.0), end));
        angle = next;
        count += 1.0;
    }
}

/// A whole circle.
pub(crate) fn circle(out: &mut Vec<Segment>, centre: Point, radius: f32) {
    let Point { x, y } = centre;
    let reach = radius * CIRCLE;
    let point = |x: f32, y: f32| Point { x, y };
    out.extend([
        Segment::Move(point(x + radius, y)),
        Segment::Cubic(point(x + radius, y + reach), point(x + reach, y + radius), point(x, y + radius)),
        Segment::Cubic(point(x - reach, y + radius), point(x - radius, y + reach), point(x - radius, y)),
        Segment::Cubic(point(x - radius, y - reach), point(x - reach, y - radius), point(x, y - radius)),
        Segment::Cubic(point(x + reach, y - radius), point(x + radius, y - reach), point(x + radius, y)),
        Segment::Close,
    ]);
}

/// A closed polygon.
pub(crate) fn polygon(out: &mut Vec<Segment>, points: impl IntoIterator<Item = Point>) {
    let start = out.len();
    for point in points {
        out.push(if out.len() == start { Segment::Move(point) } else { Segment::Line(point) });
    }
    if out.len() > start {
        out.push(Segment::Close);
    }
}

/// The shapes that mark points of one series each, so that they differ without colour too.
pub(crate) fn marker(out: &mut Vec<Segment>, series: usize, centre: Point, radius: f32) {
    let at = |x: f32, y: f32| Point { x: centre.x + x * radius, y: centre.y + y * radius };
    match series % 4 {
        0 => circle(out, centre, radius),
        // The factors give all shapes about the same area.
        1 => polygon(out, [at(-0.886, -0.886), at(0.886, -0.886), at(0.886, 0.886), at(-0.886, 0.886)]),
        2 => polygon(out, [at(0.0, -1.25), at(1.2, 0.85), at(-1.2, 0.85)]),
        _ => polygon(out, [at(0.0, -1.3), at(1.3, 0.0), at(0.0, 1.3), at(-1.3, 0.0)]),
    }
}
