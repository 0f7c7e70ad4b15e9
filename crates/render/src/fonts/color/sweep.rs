//! Gradients around a centre: no writer knows them, so they become thin wedges of one colour each.

use skrifa::color::Extend;

use super::brush::color_at;
use crate::document::{Color, Point, narrow, sin_cos_degrees};
use crate::picture::GradientStop;

/// Wedges of a full turn. Neighbours differ by less than can be seen in a glyph.
const WEDGE_COUNT: u8 = 180;

/// How far a wedge reaches, in font units: beyond everything that a font of the largest em has.
const REACH: f64 = 32_768.0;

/// The wedges of a full turn in the order in which they are painted. Each reaches under the next one, so that no
/// background shines through between them.
pub(super) fn wedges(
    center: Point,
    [start, end]: [f32; 2],
    stops: &[GradientStop],
    extend: Extend,
) -> Vec<([Point; 4], Color)> {
    let step = 360.0 / f64::from(WEDGE_COUNT);
    let corner = |degrees: f64| {
        // Clockwise, while y still goes upwards.
        let (sin, cos) = sin_cos_degrees(degrees);
        Point { x: center.x + narrow(cos * REACH), y: center.y - narrow(sin * REACH) }
    };
    let wedge = |index: u8| {
        let from = f64::from(index) * step;
        let to = (from + 2.0 * step).min(360.0);
        let share = (narrow(from + step / 2.0) - start) / (end - start);
        let share = match extend {
            Extend::Repeat => share - share.floor(),
            Extend::Reflect => 1.0 - ((share * 0.5).fract().abs() * 2.0 - 1.0).abs(),
            _ => share,
        };
        ([center, corner(from), corner(f64::midpoint(from, to)), corner(to)], color_at(stops, share))
    };
    (0..WEDGE_COUNT).map(wedge).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]

    use super::*;

    #[test]
    fn wedges_go_clockwise_and_reach_under_the_next_one() {
        let stop = |offset, grey| GradientStop { offset, color: Color::rgb(grey, grey, grey) };
        let stops = [stop(0.0, 0), stop(1.0, 200)];
        let all = wedges(Point::default(), [0.0, 360.0], &stops, Extend::Pad);
        assert_eq!(all.len(), 180);
        let ([_, from, _, to], color) = all[45];
        // A quarter turn clockwise is below, where y is negative.
        assert!(from.x.abs() < 1.0 && from.y < 0.0 && to.x < from.x, "{from:?} {to:?}");
        assert_eq!(color, Color::rgb(51, 51, 51));
        assert_eq!(all[46].0[1], all[45].0[2], "the next one begins in the middle of this one");
        let repeated = wedges(Point::default(), [0.0, 90.0], &stops, Extend::Repeat);
        assert_eq!(repeated[100].1, repeated[10].1);
        let padded = wedges(Point::default(), [0.0, 90.0], &stops, Extend::Pad);
        assert_eq!(padded[100].1, Color::rgb(200, 200, 200));
    }
}
