//! What a colour glyph is painted on: steps of a drawing, in font units with y downwards, within limits.

use std::ops::Range;

use skrifa::outline::OutlinePen;

use super::brush::Fill;
use super::sweep::wedges;
use crate::document::{Color, Path, Point, Rect, Segment, Transform};
use crate::picture::{DrawingItem, Gradient};
use crate::text::index32;

/// Steps of one glyph. The richest emoji have a few hundred; beyond this a font is broken or wants to do harm.
pub(super) const ITEM_COUNT_MAX: usize = 10_000;

/// Segments of one glyph, for the same reason.
const SEGMENT_COUNT_MAX: usize = 200_000;

/// Coordinates reach at most so far: twice what fonts can write, so that what is computed from them is exact enough.
const COORDINATE_MAX: f32 = 65_536.0;

/// Collects segments and knows what is around them.
#[derive(Default)]
pub(super) struct Canvas {
    pub(super) segments: Vec<Segment>,
    /// Whether a limit was reached, or something has no place; then the glyph cannot be shown.
    pub(super) failed: bool,
    item_count: usize,
}

impl Canvas {
    /// Counts a step.
    pub(super) fn add(&mut self, items: &mut Vec<DrawingItem>, item: DrawingItem) {
        self.item_count += 1;
        self.failed |= self.item_count > ITEM_COUNT_MAX || self.segments.len() > SEGMENT_COUNT_MAX;
        if !self.failed {
            items.push(item);
        }
    }

    /// Keeps an outline, transformed.
    pub(super) fn outline(&mut self, transform: &Transform, draw: impl FnOnce(&mut Pen<'_>) -> bool) -> Range<u32> {
        let start = self.segments.len();
        if !self.failed {
            let mut pen = Pen { canvas: self, transform, last: Point::default() };
            if !draw(&mut pen) {
                self.segments.truncate(start);
            }
        }
        let drawn = self.segments.get(start..).unwrap_or_default();
        let is_far = |point: &Point| !(point.x.abs() <= COORDINATE_MAX && point.y.abs() <= COORDINATE_MAX);
        self.failed |= drawn.iter().flat_map(points).any(|point| is_far(&point));
        index32(start)..index32(self.segments.len())
    }

    /// Keeps the four sides of a rectangle.
    pub(super) fn rectangle(&mut self, transform: &Transform, [left, bottom, right, top]: [f32; 4]) -> Range<u32> {
        self.outline(transform, |pen| {
            pen.move_to(left, bottom);
            for (x, y) in [(right, bottom), (right, top), (left, top)] {
                pen.line_to(x, y);
            }
            pen.close();
            true
        })
    }

    /// What is around segments, by their control points; nothing around none.
    pub(super) fn bounds(&self, segments: &Range<u32>) -> Option<[f32; 4]> {
        let segments = self.segments.get(segments.start as usize..segments.end as usize)?;
        segments.iter().flat_map(points).fold(None, |bounds, Point { x, y }| {
            let [left, top, right, bottom] = bounds.unwrap_or([x, y, x, y]);
            Some([left.min(x), top.min(y), right.max(x), bottom.max(y)])
        })
    }

    /// Fills segments.
    pub(super) fn fill(&mut self, items: &mut Vec<DrawingItem>, segments: Range<u32>, fill: Fill, own: &Transform) {
        match fill {
            Fill::Solid(color) => self.add(items, solid(segments, color)),
            Fill::Gradient { shape, stops } => {
                let gradient = Gradient { segments, even_odd: false, shape, transform: *own, stops };
                self.add(items, DrawingItem::Gradient(gradient));
            }
            Fill::Sweep { center, angles, stops, extend } => {
                self.add(items, clip(segments));
                for (corners, color) in wedges(center, angles, &stops, extend) {
                    let wedge = self.outline(own, |pen| {
                        let [first, rest @ ..] = corners;
                        pen.move_to(first.x, first.y);
                        rest.iter().for_each(|corner| pen.line_to(corner.x, corner.y));
                        pen.close();
                        true
                    });
                    self.add(items, solid(wedge, color));
                }
                self.add(items, DrawingItem::Pop);
            }
        }
    }
}

/// Clips what follows to segments.
pub(super) fn clip(segments: Range<u32>) -> DrawingItem {
    DrawingItem::Push { transform: Transform::IDENTITY, clip: Some(segments), even_odd: false, opacity: 1.0 }
}

fn solid(segments: Range<u32>, color: Color) -> DrawingItem {
    DrawingItem::Path(Path { segments, fill: Some(color), even_odd: false, stroke: None })
}

fn points(segment: &Segment) -> impl Iterator<Item = Point> {
    let (points, count) = match *segment {
        Segment::Move(point) | Segment::Line(point) => ([point; 3], 1),
        Segment::Cubic(first, second, end) => ([first, second, end], 3),
        Segment::Close => ([Point::default(); 3], 0),
    };
    points.into_iter().take(count)
}

/// The rectangle between left, top, right and bottom, when it has an area.
pub(super) fn rect([left, top, right, bottom]: [f32; 4]) -> Option<Rect> {
    let rect = Rect { x: left, y: top, width: right - left, height: bottom - top };
    (rect.width > 0.0 && rect.height > 0.0).then_some(rect)
}

/// Collects an outline as segments.
pub(super) struct Pen<'c> {
    canvas: &'c mut Canvas,
    transform: &'c Transform,
    /// Where the pen is, before the transform.
    last: Point,
}

impl Pen<'_> {
    fn place(&mut self, x: f32, y: f32) -> Point {
        let [a, b, c, d, e, f] = self.transform.coefficients;
        Point { x: a * x + c * y + e, y: b * x + d * y + f }
    }

    fn push(&mut self, segment: Segment) {
        if self.canvas.segments.len() > SEGMENT_COUNT_MAX {
            self.canvas.failed = true;
        } else {
            self.canvas.segments.push(segment);
        }
    }
}

impl OutlinePen for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        let point = self.place(x, y);
        self.last = Point { x, y };
        self.push(Segment::Move(point));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let point = self.place(x, y);
        self.last = Point { x, y };
        self.push(Segment::Line(point));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        // Two thirds of the way to the control point, from both ends.
        let toward = |from: f32, control: f32| from + (control - from) * (2.0 / 3.0);
        let last = self.last;
        self.curve_to(toward(last.x, cx), toward(last.y, cy), toward(x, cx), toward(y, cy), x, y);
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        let (first, second, end) = (self.place(cx0, cy0), self.place(cx1, cy1), self.place(x, y));
        self.last = Point { x, y };
        self.push(Segment::Cubic(first, second, end));
    }

    fn close(&mut self) {
        self.push(Segment::Close);
    }
}
