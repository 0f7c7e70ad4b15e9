//! Rotation of rectangles.

use crate::document::{Point, Rect, Transform, sin_cos_degrees};

/// The clockwise rotation about the middle of a rectangle.
pub(super) fn rotation_about(rect: Rect, degrees: f32) -> Transform {
    let (sin, cos) = sin_cos_degrees(f64::from(degrees));
    let (x, y) = (f64::from(rect.x + rect.width / 2.0), f64::from(rect.y + rect.height / 2.0));
    let coefficients = [cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y];
    Transform { coefficients: coefficients.map(super::narrow) }
}

/// The smallest upright rectangle around a transformed one.
pub(crate) fn bounds_of(rect: Rect, transform: &Transform) -> Rect {
    let [a, b, c, d, e, f] = transform.coefficients;
    let corners = [(rect.x, rect.y), (rect.right(), rect.y), (rect.x, rect.bottom()), (rect.right(), rect.bottom())]
        .map(|(x, y)| Point { x: a * x + c * y + e, y: b * x + d * y + f });
    let low = corners
        .iter()
        .fold(Point { x: f32::MAX, y: f32::MAX }, |low, point| Point { x: low.x.min(point.x), y: low.y.min(point.y) });
    let high = corners.iter().fold(Point { x: f32::MIN, y: f32::MIN }, |high, point| Point {
        x: high.x.max(point.x),
        y: high.y.max(point.y),
    });
    Rect { x: low.x, y: low.y, width: high.x - low.x, height: high.y - low.y }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_stays_and_clockwise_is_clockwise() {
        let rect = Rect { x: 10.0, y: 20.0, width: 40.0, height: 20.0 };
        let transform = rotation_about(rect, 90.0);
        let turned = bounds_of(rect, &transform);
        assert_eq!(turned, Rect { x: 20.0, y: 10.0, width: 20.0, height: 40.0 });
        let [a, b, c, d, e, f] = transform.coefficients;
        assert_eq!(bounds_of(rect, &transform.around(&rotation_about(rect, -90.0))), rect);
        // The top left corner comes to the top right.
        let corner = (a * rect.x + c * rect.y + e, b * rect.x + d * rect.y + f);
        assert_eq!(corner, (40.0, 10.0));
    }
}
