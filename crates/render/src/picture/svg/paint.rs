//! What shapes are filled with: flat colours and gradients.

use usvg::{BaseGradient, LinearGradient, Opacity, Paint, RadialGradient, SpreadMethod};

use super::super::{Gradient, GradientShape, GradientStop, PictureError};
use crate::document::{Color, Point, Transform};

/// A fill that a drawing can have.
pub(super) enum Fill {
    Flat(Color),
    /// With an empty path.
    Gradient(Gradient),
}

/// Reads a fill with its opacity.
pub(super) fn fill(paint: &Paint, opacity: Opacity) -> Result<Fill, PictureError> {
    match paint {
        Paint::Color(color) => Ok(Fill::Flat(to_color(*color, opacity))),
        Paint::LinearGradient(linear) => gradient(linear, linear_shape(linear), opacity),
        Paint::RadialGradient(radial) => gradient(radial, radial_shape(radial), opacity),
        Paint::Pattern(_) => Err(PictureError::SvgFeature { feature: "a pattern" }),
    }
}

fn linear_shape(linear: &LinearGradient) -> GradientShape {
    GradientShape::Linear {
        start: Point { x: linear.x1(), y: linear.y1() },
        end: Point { x: linear.x2(), y: linear.y2() },
    }
}

fn radial_shape(radial: &RadialGradient) -> GradientShape {
    GradientShape::Radial {
        start: (Point { x: radial.fx(), y: radial.fy() }, radial.fr().get()),
        end: (Point { x: radial.cx(), y: radial.cy() }, radial.r().get()),
    }
}

fn gradient(base: &BaseGradient, shape: GradientShape, opacity: Opacity) -> Result<Fill, PictureError> {
    if base.spread_method() != SpreadMethod::Pad {
        return Err(PictureError::SvgFeature { feature: "a repeating gradient" });
    }
    let mut stops: Vec<GradientStop> = Vec::with_capacity(base.stops().len());
    for stop in base.stops() {
        let color = to_color(stop.color(), stop.opacity() * opacity);
        let offset = stop.offset().get().max(stops.last().map_or(0.0, |last| last.offset));
        stops.push(GradientStop { offset, color });
    }
    let [first, .., last] = stops.as_slice() else {
        let first = stops.first();
        return Ok(Fill::Flat(first.map_or(Color { alpha: 0, ..Color::BLACK }, |stop| stop.color)));
    };
    let ends = [GradientStop { offset: 0.0, ..*first }, GradientStop { offset: 1.0, ..*last }];
    if first.offset > 0.0 {
        stops.insert(0, ends[0]);
    }
    if stops.last().is_some_and(|last| last.offset < 1.0) {
        stops.push(ends[1]);
    }
    let usvg::Transform { sx, ky, kx, sy, tx, ty } = base.transform();
    let transform = Transform { coefficients: [sx, ky, kx, sy, tx, ty] };
    Ok(Fill::Gradient(Gradient { segments: 0..0, even_odd: false, shape, transform, stops }))
}

fn to_color(color: usvg::Color, opacity: Opacity) -> Color {
    Color::rgba(color.red, color.green, color.blue, opacity.to_u8())
}
