//! Sine and cosine without the platform's trigonometry, whose last digits differ from one machine to the next.

/// Sine and cosine of an angle in degrees. Multiples of 90 are exact; the rest is right to about 1e-13.
pub(crate) fn sin_cos_degrees(degrees: f64) -> (f64, f64) {
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
}
