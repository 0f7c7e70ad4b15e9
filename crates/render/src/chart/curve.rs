//! Lines through points: straight, smooth or in steps; with more points than the paper can show, their envelope.

use crate::document::{Point, Segment};
use crate::template::model::Curve;

/// Width of a column of which only the ends and the extremes are drawn, points: half the width of the thinnest line.
const COLUMN: f32 = 0.25;

/// Leaves out points that would not be seen: of each narrow column the first, the lowest, the highest and the last stay.
pub(crate) fn thinned(points: Vec<Point>) -> Vec<Point> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return points };
    let columns = ((last.x - first.x).abs() / COLUMN).max(1.0);
    if crate::document::narrow(f64::from(crate::text::index32(points.len()))) <= columns {
        return points;
    }
    let left = first.x;
    let column = |point: &Point| ((point.x - left) / COLUMN).floor();
    let mut kept = Vec::new();
    for group in points.chunk_by(|one, other| column(one) == column(other)) {
        let mut keep = Vec::with_capacity(4);
        keep.extend(group.first().map(|_| 0));
        let by_height = |one: &(usize, &Point), other: &(usize, &Point)| one.1.y.total_cmp(&other.1.y);
        keep.extend(group.iter().enumerate().min_by(by_height).map(|(place, _)| place));
        keep.extend(group.iter().enumerate().max_by(by_height).map(|(place, _)| place));
        keep.push(group.len().saturating_sub(1));
        keep.sort_unstable();
        keep.dedup();
        kept.extend(keep.into_iter().filter_map(|place| group.get(place).copied()));
    }
    kept
}

/// Goes on from the first point, where the path already is, to the last.
pub(crate) fn through(out: &mut Vec<Segment>, points: &[Point], curve: Curve) {
    match curve {
        Curve::Straight => out.extend(points.iter().skip(1).map(|point| Segment::Line(*point))),
        Curve::Step => {
            for (from, to) in points.iter().zip(points.iter().skip(1)) {
                let middle = (from.x + to.x) / 2.0;
                out.push(Segment::Line(Point { x: middle, y: from.y }));
                out.push(Segment::Line(Point { x: middle, y: to.y }));
                out.push(Segment::Line(*to));
            }
        }
        Curve::Smooth => smooth(out, points),
    }
}

/// A monotone cubic curve (Fritsch and Carlson, 1980): it has its extremes at the points, so that it never shows a value
/// that is not there.
fn smooth(out: &mut Vec<Segment>, points: &[Point]) {
    let slopes: Vec<f32> = points
        .iter()
        .zip(points.iter().skip(1))
        .map(|(from, to)| if to.x == from.x { 0.0 } else { (to.y - from.y) / (to.x - from.x) })
        .collect();
    let tangent = |place: usize| {
        let before = place.checked_sub(1).and_then(|before| slopes.get(before)).copied();
        let after = slopes.get(place).copied();
        match (before, after) {
            (Some(before), Some(after)) if before * after > 0.0 => {
                // The harmonic mean keeps both neighbouring pieces monotone.
                2.0 * before * after / (before + after)
            }
            (Some(_), Some(_)) | (None, None) => 0.0,
            (Some(only), None) | (None, Some(only)) => only,
        }
    };
    for (place, (from, to)) in points.iter().zip(points.iter().skip(1)).enumerate() {
        let third = (to.x - from.x) / 3.0;
        let first = Point { x: from.x + third, y: from.y + tangent(place) * third };
        let second = Point { x: to.x - third, y: to.y - tangent(place + 1) * third };
        out.push(Segment::Cubic(first, second, *to));
    }
}
