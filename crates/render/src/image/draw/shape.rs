//! Turns the document's shapes, colours and strokes into those of the rasteriser.

use vello_cpu::color::{AlphaColor, DynamicColor, Srgb};
use vello_cpu::kurbo::{Affine, BezPath, Cap, Join, PathEl, Point as KurboPoint, Rect as KurboRect, Stroke as Pen};
use vello_cpu::peniko::{ColorStop, Extend, Gradient as Brush};

use crate::document::{CIRCLE, Color, LineCap, LineJoin, Point, Rect, Segment, Stroke, Transform};
use crate::picture::{Gradient, GradientShape};

/// Dashes that repeat more often than this are drawn as a solid line: nobody sees them, and a line across a page has
/// thousands of them.
const DASH_PERIOD_PIXELS_MIN: f64 = 0.25;

/// Dashes of one path; more do not fit on a page, and only the rasteriser's memory would see them.
const DASH_COUNT_MAX: f64 = 200_000.0;

/// Length of a dot's dash, as a share of the line's width: too short to be seen.
const DOT_LENGTH_SHARE: f64 = 1e-3;

/// The document's transform.
pub(super) fn affine(transform: &Transform) -> Affine {
    Affine::new(transform.coefficients.map(f64::from))
}

/// The document's rectangle.
pub(super) fn rect(rect: &Rect) -> KurboRect {
    KurboRect::new(f64::from(rect.x), f64::from(rect.y), f64::from(rect.right()), f64::from(rect.bottom()))
}

/// The document's colour.
pub(super) fn color(color: Color) -> AlphaColor<Srgb> {
    AlphaColor::from_rgba8(color.red, color.green, color.blue, color.alpha)
}

fn point(point: Point) -> KurboPoint {
    KurboPoint::new(f64::from(point.x), f64::from(point.y))
}

/// Appends pieces to a path. What comes before the first move has nowhere to start, and is left out.
pub(super) fn append(path: &mut BezPath, segments: &[Segment]) {
    for segment in segments {
        match *segment {
            Segment::Move(end) => path.move_to(point(end)),
            _ if path.elements().is_empty() => {}
            Segment::Line(end) => path.line_to(point(end)),
            Segment::Cubic(first, second, end) => path.curve_to(point(first), point(second), point(end)),
            Segment::Close => path.close_path(),
        }
    }
}

/// A rectangle with round corners, with the curves that the PDF has.
pub(super) fn round_rect(rect: &Rect, radius: f32) -> BezPath {
    let (left, top, right, bottom) = (rect.x, rect.y, rect.right(), rect.bottom());
    let far = radius * (1.0 - CIRCLE);
    let at = |x: f32, y: f32| KurboPoint::new(f64::from(x), f64::from(y));
    let mut path = BezPath::with_capacity(10);
    path.move_to(at(left + radius, top));
    path.line_to(at(right - radius, top));
    path.curve_to(at(right - far, top), at(right, top + far), at(right, top + radius));
    path.line_to(at(right, bottom - radius));
    path.curve_to(at(right, bottom - far), at(right - far, bottom), at(right - radius, bottom));
    path.line_to(at(left + radius, bottom));
    path.curve_to(at(left + far, bottom), at(left, bottom - far), at(left, bottom - radius));
    path.line_to(at(left, top + radius));
    path.curve_to(at(left, top + far), at(left + far, top), at(left + radius, top));
    path.close_path();
    path
}

/// The stroke of a path of at most some length; one thinner than `thinnest_pixels` is widened to that.
pub(super) fn pen(stroke: &Stroke, length: f64, transform: &Affine, miter_limit: f64, thinnest_pixels: f64) -> Pen {
    let (x_scale, y_scale) = scales(transform);
    let scale = x_scale.max(y_scale).max(f64::MIN_POSITIVE);
    let cap = match stroke.cap {
        LineCap::Butt => Cap::Butt,
        LineCap::Round => Cap::Round,
        LineCap::Square => Cap::Square,
    };
    let join = match stroke.join {
        LineJoin::Miter => Join::Miter,
        LineJoin::Round => Join::Round,
        LineJoin::Bevel => Join::Bevel,
    };
    let period: f32 = stroke.dash.iter().map(|length| length.max(0.0)).sum();
    let period = f64::from(period);
    let dashed = period * scale >= DASH_PERIOD_PIXELS_MIN && length <= period * DASH_COUNT_MAX;
    // A dash without length is a dot with round caps; the rasteriser would leave it out.
    let dot = f64::from(stroke.width) * DOT_LENGTH_SHARE;
    let dashes = stroke.dash.iter().filter(|_| dashed).map(|&length| f64::from(length).max(dot));
    Pen::new(f64::from(stroke.width).max(thinnest_pixels / scale))
        .with_caps(cap)
        .with_join(join)
        .with_miter_limit(miter_limit)
        .with_dashes(0.0, dashes)
}

/// Length of a path at most: that of the lines between its points.
pub(crate) fn length_at_most(path: &BezPath) -> f64 {
    let mut sum = 0.0;
    let mut last = KurboPoint::ZERO;
    for element in path.elements() {
        let points: &[KurboPoint] = match element {
            PathEl::MoveTo(point) => {
                last = *point;
                &[]
            }
            PathEl::LineTo(end) => &[*end],
            PathEl::QuadTo(control, end) => &[*control, *end],
            PathEl::CurveTo(first, second, end) => &[*first, *second, *end],
            PathEl::ClosePath => &[],
        };
        for point in points {
            sum += last.distance(*point);
            last = *point;
        }
    }
    // Lines that close a path are no longer than all others together.
    sum * 2.0
}

/// How many pixels a step of one to the right and one down are.
pub(super) fn scales(transform: &Affine) -> (f64, f64) {
    let [a, b, c, d, _, _] = transform.as_coeffs();
    ((a * a + b * b).sqrt(), (c * c + d * d).sqrt())
}

/// A gradient's colours, in its own coordinates.
pub(super) fn gradient_brush(gradient: &Gradient) -> Brush {
    let stops: Vec<ColorStop> = gradient
        .stops
        .iter()
        .map(|stop| ColorStop { offset: stop.offset, color: DynamicColor::from_alpha_color(color(stop.color)) })
        .collect();
    let brush = match gradient.shape {
        GradientShape::Linear { start, end } => Brush::new_linear(point(start), point(end)),
        GradientShape::Radial { start: (start, start_radius), end: (end, end_radius) } => {
            Brush::new_two_point_radial(point(start), start_radius, point(end), end_radius)
        }
    };
    brush.with_extend(Extend::Pad).with_stops(stops.as_slice())
}
