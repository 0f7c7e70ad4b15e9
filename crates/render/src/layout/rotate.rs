//! Rotation without the platform's trigonometry, whose last digits differ from one machine to the next.

use crate::document::{Point, Rect, Transform};

/// Sine and cosine of an angle in degrees. Multiples of 90 are exact; the rest is right to about 1e-13.
pub(super) fn sin_cos_degrees(degrees: f64) -> (f64, f64) {
    let turned = degrees.rem_euclid(360.0);
    // Four quarters, and an angle of at most 45 degrees around the middle of each.
    let quarter = ((turned + 45.0) / 90.0).floor();
    let rest = (turned - quarter * 90.0).to_radians();
    let (sin, cos) = (sin_small(rest), cos_small(rest));
    match quarter.rem_euclid(4.0) {
        q if q < 0.5 => (sin, cos),
        q if q < 1.5 => (cos, -sin),
        q if q < 2.5 => (-sin, -cos),
        _ => (-cos, sin),
    }
}

/// Taylor series; the first term left out is below 1e-15 for angles up to an eighth turn.
fn sin_small(x: f64) -> f64 {
    let square = x * x;
    x * (1.0
        - square / 6.0
            * (1.0
                - square / 20.0
                    * (1.0 - square / 42.0 * (1.0 - square / 72.0 * (1.0 - square / 110.0 * (1.0 - square / 156.0))))))
}

fn cos_small(x: f64) -> f64 {
    let square = x * x;
    1.0 - square / 2.0
        * (1.0
            - square / 12.0
                * (1.0
                    - square / 30.0
                        * (1.0
                            - square / 56.0 * (1.0 - square / 90.0 * (1.0 - square / 132.0 * (1.0 - square / 182.0))))))
}

/// The clockwise rotation about the middle of a rectangle.
pub(super) fn rotation_about(rect: Rect, degrees: f32) -> Transform {
    let (sin, cos) = sin_cos_degrees(f64::from(degrees));
    let (x, y) = (f64::from(rect.x + rect.width / 2.0), f64::from(rect.y + rect.height / 2.0));
    let coefficients = [cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y];
    Transform { coefficients: coefficients.map(super::narrow) }
}

/// The smallest upright rectangle around a transformed one.
pub(super) fn bounds_of(rect: Rect, transform: &Transform) -> Rect {
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
    fn quarter_turns_are_exact_and_the_rest_is_right() {
        assert_eq!(sin_cos_degrees(0.0), (0.0, 1.0));
        assert_eq!(sin_cos_degrees(90.0), (1.0, 0.0));
        assert_eq!(sin_cos_degrees(180.0), (0.0, -1.0));
        assert_eq!(sin_cos_degrees(-90.0), (-1.0, 0.0));
        assert_eq!(sin_cos_degrees(720.0), (0.0, 1.0));
        for tenths in -7_200..7_200 {
            let degrees = f64::from(tenths) / 10.0;
            let (sin, cos) = sin_cos_degrees(degrees);
            let (true_sin, true_cos) = degrees.to_radians().sin_cos();
            assert!((sin - true_sin).abs() < 1e-12 && (cos - true_cos).abs() < 1e-12, "{degrees}");
        }
    }

    #[test]
    fn the_middle_stays_and_clockwise_is_clockwise() {
        let rect = Rect { x: 10.0, y: 20.0, width: 40.0, height: 20.0 };
        let transform = rotation_about(rect, 90.0);
        let turned = bounds_of(rect, &transform);
        assert_eq!(turned, Rect { x: 20.0, y: 10.0, width: 20.0, height: 40.0 });
        let [a, b, c, d, e, f] = transform.coefficients;
        // The top left corner comes to the top right.
        let corner = (a * rect.x + c * rect.y + e, b * rect.x + d * rect.y + f);
        assert_eq!(corner, (40.0, 10.0));
    }
}
