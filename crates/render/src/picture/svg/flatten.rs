//! Flattens usvg's tree into a drawing: groups become pushes and pops, shapes become paths.

use std::ops::Range;

use usvg::tiny_skia_path::{
    Path as SkiaPath, PathSegment, Point as SkiaPoint, Rect as SkiaRect, Transform as SkiaTransform,
};
use usvg::{BlendMode, ClipPath, FillRule, Group, LineCap, LineJoin, Node, Opacity, PaintOrder, Tree};

use super::super::{Drawing, DrawingItem, PictureError};
use super::paint::{Fill, fill};
use crate::document::{Path, Point, Segment, Size, Stroke, Transform};

/// Segments of one drawing, clip paths counted at every use. A detailed map has some hundred thousand.
const SEGMENT_COUNT_MAX: u32 = 2_000_000;

/// How far a shape may reach, as a multiple of the drawing's larger side. A map that shows a street of a continent stays far
/// below; to bend a line as far away as the stars takes all memory.
const REACH_MAX: f32 = 1e5;

/// How far a shape may reach in its own units; further away the width of a stroke is lost among them.
const UNITS_MAX: f32 = 1e9;

/// SVG's initial miter limit, which drawings are painted with; other limits become outlines.
const MITER_LIMIT: f32 = 4.0;

/// How much finer than one unit the outline of a stroke is computed: drawings are small and get enlarged.
const STROKE_RESOLUTION_SCALE: f32 = 16.0;

/// Turns the tree into a drawing.
pub(super) fn flatten(tree: &Tree) -> Result<Drawing, PictureError> {
    let size = Size { width: tree.size().width(), height: tree.size().height() };
    let mut flattener = Flattener { drawing: Drawing { size, ..Drawing::default() } };
    flattener.group(tree.root())?;
    Ok(flattener.drawing)
}

struct Flattener {
    drawing: Drawing,
}

impl Flattener {
    fn group(&mut self, group: &Group) -> Result<(), PictureError> {
        if group.mask().is_some() {
            return Err(PictureError::SvgFeature { feature: "a mask" });
        }
        if !group.filters().is_empty() {
            return Err(PictureError::SvgFeature { feature: "a filter" });
        }
        if group.blend_mode() != BlendMode::Normal {
            return Err(PictureError::SvgFeature { feature: "a blend mode" });
        }
        let items_before = self.drawing.items.len();
        let plain = group.transform().is_identity() && group.opacity() == Opacity::ONE;
        if !plain {
            self.push(group.transform(), None, group.opacity().get());
        }
        let mut pushes = usize::from(!plain);
        let mut clip_path = group.clip_path();
        while let Some(clip) = clip_path {
            let clip_range = self.clip(clip, group.abs_transform())?;
            self.push(SkiaTransform::identity(), Some(clip_range), 1.0);
            pushes += 1;
            clip_path = clip.clip_path();
        }
        let items_inside = self.drawing.items.len();
        for child in group.children() {
            match child {
                Node::Group(group) => self.group(group)?,
                Node::Path(path) => self.path(path)?,
                Node::Image(_) => return Err(PictureError::SvgFeature { feature: "an embedded raster image" }),
                Node::Text(_) => return Err(PictureError::SvgFeature { feature: "text" }),
            }
        }
        if self.drawing.items.len() == items_inside {
            self.drawing.items.truncate(items_before);
        } else {
            self.drawing.items.extend(std::iter::repeat_n(DrawingItem::Pop, pushes));
        }
        Ok(())
    }

    fn push(&mut self, transform: SkiaTransform, clip: Option<(Range<u32>, bool)>, opacity: f32) {
        let SkiaTransform { sx, ky, kx, sy, tx, ty } = transform;
        let (clip, even_odd) = clip.map_or((None, false), |(segments, even_odd)| (Some(segments), even_odd));
        let transform = Transform { coefficients: [sx, ky, kx, sy, tx, ty] };
        self.drawing.items.push(DrawingItem::Push { transform, clip, even_odd, opacity });
    }

    fn path(&mut self, path: &usvg::Path) -> Result<(), PictureError> {
        if !path.is_visible() {
            return Ok(());
        }
        self.check_reach(path.data(), path.abs_transform())?;
        match path.paint_order() {
            PaintOrder::FillAndStroke => self.fill(path).and_then(|()| self.stroke(path)),
            PaintOrder::StrokeAndFill => self.stroke(path).and_then(|()| self.fill(path)),
        }
    }

    /// Fails when a path reaches too far, in its own units or, transformed, beside the size of the drawing.
    fn check_reach(&self, path: &SkiaPath, transform: SkiaTransform) -> Result<(), PictureError> {
        let reach = |bounds: SkiaRect| {
            let sides = [bounds.left(), bounds.top(), bounds.right(), bounds.bottom()];
            sides.into_iter().fold(0.0, |most: f32, side| most.max(side.abs()))
        };
        let Size { width, height } = self.drawing.size;
        if path.bounds().transform(transform).is_none_or(|bounds| reach(bounds) > width.max(height) * REACH_MAX) {
            return Err(PictureError::SvgLimit {
                what: "times its size, in which all shapes must lie",
                limit: 100_000,
            });
        }
        if reach(path.bounds()) > UNITS_MAX {
            return Err(PictureError::SvgLimit { what: "units from its corner", limit: 1_000_000_000 });
        }
        Ok(())
    }

    fn fill(&mut self, path: &usvg::Path) -> Result<(), PictureError> {
        let Some(paint) = path.fill() else { return Ok(()) };
        let fill = fill(paint.paint(), paint.opacity())?;
        let segments = self.segments(path.data(), SkiaTransform::identity())?;
        let segments = self.without_flat_parts(segments)?;
        if !segments.is_empty() {
            self.push_filled(segments, fill, paint.rule() == FillRule::EvenOdd);
        }
        Ok(())
    }

    /// Takes the parts out of the segments just pushed that lie on a line: SVG fills nothing there, but readers of PDF
    /// show a hairline (ISO 32000-1, 8.5.3.3).
    fn without_flat_parts(&mut self, pushed: Range<u32>) -> Result<Range<u32>, PictureError> {
        let segments = self.drawing.segments.split_off(usize::try_from(pushed.start).unwrap_or_default());
        for part in segments.chunk_by(|_, next| !matches!(next, Segment::Move(_))) {
            if has_area(part) {
                self.drawing.segments.extend_from_slice(part);
            }
        }
        Ok(pushed.start..self.segment_count()?)
    }

    fn push_filled(&mut self, segments: Range<u32>, fill: Fill, even_odd: bool) {
        self.drawing.items.push(match fill {
            Fill::Flat(color) => DrawingItem::Path(Path { segments, fill: Some(color), even_odd, stroke: None }),
            Fill::Gradient(gradient) => {
                DrawingItem::Gradient(super::super::Gradient { segments, even_odd, ..gradient })
            }
        });
    }

    /// Keeps a stroke that [`Stroke`] can say; any other becomes the filled outline of itself.
    fn stroke(&mut self, path: &usvg::Path) -> Result<(), PictureError> {
        let Some(stroke) = path.stroke() else { return Ok(()) };
        let paint = fill(stroke.paint(), stroke.opacity())?;
        let cap = match stroke.linecap() {
            LineCap::Butt => crate::document::LineCap::Butt,
            LineCap::Round => crate::document::LineCap::Round,
            LineCap::Square => crate::document::LineCap::Square,
        };
        let usual_miter = (stroke.miterlimit().get() - MITER_LIMIT).abs() < f32::EPSILON;
        let join = match stroke.linejoin() {
            LineJoin::Miter if usual_miter => Some(crate::document::LineJoin::Miter),
            LineJoin::Round => Some(crate::document::LineJoin::Round),
            LineJoin::Bevel => Some(crate::document::LineJoin::Bevel),
            LineJoin::Miter | LineJoin::MiterClip => None,
        };
        let dash_starts_at_zero = stroke.dasharray().is_none() || stroke.dashoffset() == 0.0;
        if let (Fill::Flat(color), Some(join), true) = (&paint, join, dash_starts_at_zero) {
            let segments = self.segments(path.data(), SkiaTransform::identity())?;
            let dash = stroke.dasharray().map(<[f32]>::to_vec).unwrap_or_default();
            let stroke = Stroke { color: *color, width: stroke.width().get(), dash, cap, join };
            let path = Path { segments, fill: None, even_odd: false, stroke: Some(stroke) };
            self.drawing.items.push(DrawingItem::Path(path));
        } else {
            let plan = stroke.to_tiny_skia();
            let dashed = plan.dash.as_ref().and_then(|dash| path.data().dash(dash, STROKE_RESOLUTION_SCALE));
            let line = dashed.as_ref().unwrap_or(path.data());
            let Some(outline) = line.stroke(&plan, STROKE_RESOLUTION_SCALE) else { return Ok(()) };
            let segments = self.segments(&outline, SkiaTransform::identity())?;
            self.push_filled(segments, paint, false);
        }
        Ok(())
    }

    /// The union of a clip path's shapes as one path, and whether it follows the even-odd rule.
    fn clip(&mut self, clip: &ClipPath, outside: SkiaTransform) -> Result<(Range<u32>, bool), PictureError> {
        let mut shapes = Vec::new();
        collect_shapes(clip.root(), clip.transform(), &mut shapes)?;
        for (path, _, transform) in &shapes {
            self.check_reach(path, outside.pre_concat(*transform))?;
        }
        let start = self.segment_count()?;
        if let [(path, rule, transform)] = shapes.as_slice() {
            let segments = self.segments(path, *transform)?;
            return Ok((segments, *rule == FillRule::EvenOdd));
        }
        // Under the non-zero rule, paths of one part make a union when all of them turn the same way.
        for (path, _, transform) in shapes {
            let part_count = path.segments().filter(|segment| matches!(segment, PathSegment::MoveTo(_))).count();
            if part_count > 1 {
                return Err(PictureError::SvgFeature { feature: "a clip path of several compound shapes" });
            }
            let range = self.segments(path, transform)?;
            let range =
                usize::try_from(range.start).unwrap_or_default()..usize::try_from(range.end).unwrap_or_default();
            if let Some(segments) = self.drawing.segments.get_mut(range) {
                turn_clockwise(segments);
            }
        }
        Ok((start..self.segment_count()?, false))
    }

    fn segments(&mut self, path: &SkiaPath, transform: SkiaTransform) -> Result<Range<u32>, PictureError> {
        let start = self.segment_count()?;
        let mut current = Point::default();
        for segment in path.segments() {
            let map = |mut point: SkiaPoint| {
                transform.map_point(&mut point);
                Point { x: point.x, y: point.y }
            };
            let (segment, end) = match segment {
                PathSegment::MoveTo(end) => (Segment::Move(map(end)), map(end)),
                PathSegment::LineTo(end) => (Segment::Line(map(end)), map(end)),
                PathSegment::QuadTo(control, end) => {
                    let (control, end) = (map(control), map(end));
                    (Segment::Cubic(two_thirds(current, control), two_thirds(end, control), end), end)
                }
                PathSegment::CubicTo(first, second, end) => {
                    (Segment::Cubic(map(first), map(second), map(end)), map(end))
                }
                PathSegment::Close => (Segment::Close, current),
            };
            current = end;
            self.drawing.segments.push(segment);
        }
        Ok(start..self.segment_count()?)
    }

    fn segment_count(&self) -> Result<u32, PictureError> {
        u32::try_from(self.drawing.segments.len())
            .ok()
            .filter(|&count| count <= SEGMENT_COUNT_MAX)
            .ok_or(PictureError::SvgLimit { what: "path segments", limit: SEGMENT_COUNT_MAX })
    }
}

/// A quadratic curve's control point, moved to where a cubic one of the same shape has it.
fn two_thirds(end: Point, control: Point) -> Point {
    let mix = |end: f32, control: f32| end + (control - end) * (2.0 / 3.0);
    Point { x: mix(end.x, control.x), y: mix(end.y, control.y) }
}

fn collect_shapes<'a>(
    group: &'a Group,
    transform: SkiaTransform,
    shapes: &mut Vec<(&'a SkiaPath, FillRule, SkiaTransform)>,
) -> Result<(), PictureError> {
    if group.clip_path().is_some() {
        return Err(PictureError::SvgFeature { feature: "a clip path inside a clip path" });
    }
    let transform = transform.pre_concat(group.transform());
    for child in group.children() {
        match child {
            Node::Group(group) => collect_shapes(group, transform, shapes)?,
            Node::Path(path) if path.is_visible() => {
                let rule = path.fill().map_or(FillRule::NonZero, usvg::Fill::rule);
                shapes.push((path.data(), rule, transform));
            }
            Node::Path(_) => {}
            Node::Image(_) | Node::Text(_) => {
                return Err(PictureError::SvgFeature { feature: "a clip path of text or images" });
            }
        }
    }
    Ok(())
}

/// How far points may be from a line that they are said to lie on, as a share of its length: what rounding leaves.
const LINE_TOLERANCE: f64 = 1e-6;

/// Whether a part of a path spreads in two directions.
fn has_area(part: &[Segment]) -> bool {
    let ends = part.iter().flat_map(|segment| match *segment {
        Segment::Move(end) | Segment::Line(end) => [end; 3],
        Segment::Cubic(first, second, end) => [first, second, end],
        Segment::Close => [Point { x: f32::NAN, y: f32::NAN }; 3],
    });
    let points: Vec<(f64, f64)> =
        ends.filter(|point| !point.x.is_nan()).map(|point| (f64::from(point.x), f64::from(point.y))).collect();
    let Some(&(x, y)) = points.first() else { return false };
    let away = |&(other_x, other_y): &(f64, f64)| (other_x - x, other_y - y);
    let square = |(across, down): (f64, f64)| across * across + down * down;
    let far = points.iter().map(away).fold((0.0, 0.0), |far, next| if square(next) > square(far) { next } else { far });
    let tolerance = square(far) * LINE_TOLERANCE;
    points.iter().map(away).any(|(across, down)| (across * far.1 - down * far.0).abs() > tolerance)
}

/// Reverses a path of one part when it turns counter-clockwise.
fn turn_clockwise(segments: &mut [Segment]) {
    let mut points = Vec::with_capacity(segments.len() * 3);
    for segment in segments.iter() {
        match *segment {
            Segment::Move(end) | Segment::Line(end) => points.push(end),
            Segment::Cubic(first, second, end) => points.extend([first, second, end]),
            Segment::Close => {}
        }
    }
    let next = points.iter().cycle().skip(1);
    let area: f64 =
        points.iter().zip(next).map(|(a, b)| f64::from(a.x) * f64::from(b.y) - f64::from(b.x) * f64::from(a.y)).sum();
    if area >= 0.0 {
        return;
    }
    // The same points from the end: the kinds of the segments turn round as well.
    let kinds: Vec<bool> = segments
        .iter()
        .filter_map(|segment| match segment {
            Segment::Line(_) => Some(false),
            Segment::Cubic(..) => Some(true),
            Segment::Move(_) | Segment::Close => None,
        })
        .collect();
    let mut reversed_points = points.into_iter().rev();
    let mut reversed_kinds = kinds.into_iter().rev();
    for segment in segments {
        let mut point = || reversed_points.next().unwrap_or_default();
        *segment = match segment {
            Segment::Move(_) => Segment::Move(point()),
            Segment::Close => Segment::Close,
            _ if reversed_kinds.next() == Some(true) => Segment::Cubic(point(), point(), point()),
            _ => Segment::Line(point()),
        };
    }
}
