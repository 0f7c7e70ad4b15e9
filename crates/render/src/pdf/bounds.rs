//! Where figures stand on their page: a figure must tell its bounding box (ISO 32000-1, 14.8.5.4.3).

use crate::document::{Point, Rect, Segment, Transform};

/// A bounding box, y downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bounds {
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) right: f32,
    pub(super) bottom: f32,
}

impl Bounds {
    /// The box around a rectangle, after a transform.
    pub(super) fn of_rect(rect: &Rect, transform: &Transform) -> Self {
        let corners =
            [(rect.x, rect.y), (rect.right(), rect.y), (rect.x, rect.bottom()), (rect.right(), rect.bottom())];
        let first = apply(transform, Point { x: rect.x, y: rect.y });
        corners.iter().fold(Self::of_point(first), |bounds, &(x, y)| {
            bounds.union(Self::of_point(apply(transform, Point { x, y })))
        })
    }

    /// The box around a path and its control points, before a transform; nothing for an empty path.
    pub(super) fn of_segments(segments: &[Segment]) -> Option<Rect> {
        let mut bounds: Option<Self> = None;
        let mut add = |point: Point| {
            let point = Self::of_point(point);
            bounds = Some(bounds.map_or(point, |bounds| bounds.union(point)));
        };
        for segment in segments {
            match *segment {
                Segment::Move(end) | Segment::Line(end) => add(end),
                Segment::Cubic(first, second, end) => [first, second, end].into_iter().for_each(&mut add),
                Segment::Close => {}
            }
        }
        bounds.map(|Self { left, top, right, bottom }| Rect {
            x: left,
            y: top,
            width: right - left,
            height: bottom - top,
        })
    }

    /// The box around both.
    pub(super) fn union(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    fn of_point(Point { x, y }: Point) -> Self {
        Self { left: x, top: y, right: x, bottom: y }
    }
}

fn apply(transform: &Transform, Point { x, y }: Point) -> Point {
    let [a, b, c, d, e, f] = transform.coefficients;
    Point { x: a * x + c * y + e, y: b * x + d * y + f }
}

#[cfg(test)]
mod tests {
    use super::Bounds;
    use crate::document::{Rect, Transform};

    #[test]
    fn a_turned_and_moved_rectangle_has_the_box_of_its_corners() {
        let turn = Transform { coefficients: [0.0, 1.0, -1.0, 0.0, 0.0, 0.0] };
        let shift = Transform { coefficients: [1.0, 0.0, 0.0, 1.0, 100.0, 10.0] };
        let rect = Rect { x: 1.0, y: 2.0, width: 10.0, height: 20.0 };
        let bounds = Bounds::of_rect(&rect, &shift.around(&turn));
        assert_eq!(bounds, Bounds { left: 78.0, top: 11.0, right: 98.0, bottom: 21.0 });
        // The other way round the shift is turned as well.
        let bounds = Bounds::of_rect(&rect, &turn.around(&shift));
        assert_eq!(bounds, Bounds { left: -32.0, top: 101.0, right: -12.0, bottom: 111.0 });
    }
}
