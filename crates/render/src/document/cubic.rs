//! Cubic curves: how far one reaches.

use super::narrow;

/// The greatest coordinate that a curve reaches on one axis; its control points may lie beyond it.
pub(crate) fn cubic_reach([start, first, second, end]: [f32; 4]) -> f32 {
    let ends = start.max(end);
    if first <= ends && second <= ends {
        return ends;
    }
    let [p0, p1, p2, p3] = [start, first, second, end].map(f64::from);
    // Where the derivative, a quadratic polynomial, is 0.
    let (a, b, c) = (p3 - 3.0 * p2 + 3.0 * p1 - p0, 2.0 * (p2 - 2.0 * p1 + p0), p1 - p0);
    let root = (b * b - 4.0 * a * c).max(0.0).sqrt();
    // The form that loses no digits: none of the quotients has a difference of numbers that are nearly alike.
    let sum = -0.5 * (b + root.copysign(b));
    [sum / a, c / sum]
        .into_iter()
        .filter(|t| (0.0..=1.0).contains(t))
        .map(|t| {
            let s = 1.0 - t;
            narrow(s * s * s * p0 + 3.0 * s * s * t * p1 + 3.0 * s * t * t * p2 + t * t * t * p3)
        })
        .fold(ends, f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_reaches_as_far_as_it_goes_and_no_further() {
        assert_eq!(cubic_reach([0.0, 40.0, 40.0, 0.0]), 30.0);
        assert_eq!(cubic_reach([0.0, 10.0, 20.0, 30.0]), 30.0);
        assert_eq!(cubic_reach([5.0, 5.0, 5.0, 5.0]), 5.0);
        assert_eq!(cubic_reach([30.0, -40.0, -40.0, 0.0]), 30.0);
        // The derivative is linear.
        assert_eq!(cubic_reach([0.0, 20.0, 20.0, 0.0]), 15.0);
    }

    #[test]
    fn no_curve_reaches_beyond_its_points_or_falls_short_of_what_is_drawn() {
        for number in 0..625_u16 {
            let digit = |place: u16| f32::from(number / 5_u16.pow(place.into()) % 5) * 25.0 - 50.0;
            let points = [digit(0), digit(1), digit(2), digit(3)];
            let reach = cubic_reach(points);
            assert!(reach <= points.into_iter().fold(f32::MIN, f32::max), "{points:?} {reach}");
            let [p0, p1, p2, p3] = points;
            for step in 0..=64_u8 {
                let t = f32::from(step) / 64.0;
                let s = 1.0 - t;
                let drawn = s * s * s * p0 + 3.0 * s * s * t * p1 + 3.0 * s * t * t * p2 + t * t * t * p3;
                assert!(reach >= drawn - 1e-3, "{points:?} {reach} {drawn}");
            }
        }
    }
}
