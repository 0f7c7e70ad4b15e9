//! Points, sizes, rectangles and transforms, in points with y downwards.

/// Distance of the control points of a quarter circle of radius 1 as a cubic curve.
pub const CIRCLE: f32 = 0.552_284_8;

/// A place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Downwards.
    pub y: f32,
}

/// Width and height.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// A rectangle by its top left corner and size.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left.
    pub x: f32,
    /// Top.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

impl Rect {
    /// The right edge.
    #[must_use]
    pub fn right(&self) -> f32 {
        self.x + self.width
    }

    /// The bottom edge.
    #[must_use]
    pub fn bottom(&self) -> f32 {
        self.y + self.height
    }

    /// Whether two rectangles have more than an edge in common.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }
}

/// An affine transform: `x' = a·x + c·y + e`, `y' = b·x + d·y + f`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transform {
    /// Coefficients a to f, in this order.
    pub coefficients: [f32; 6],
}

impl Transform {
    /// Changes nothing.
    pub const IDENTITY: Self = Self { coefficients: [1.0, 0.0, 0.0, 1.0, 0.0, 0.0] };

    /// The transform that does another one first and then this one.
    pub(crate) fn around(&self, inner: &Self) -> Self {
        let [a, b, c, d, e, f] = self.coefficients;
        let turned = |x: f32, y: f32| [a * x + c * y, b * x + d * y];
        let [inner_a, inner_b, inner_c, inner_d, inner_e, inner_f] = inner.coefficients;
        let [first_x, first_y] = turned(inner_a, inner_b);
        let [second_x, second_y] = turned(inner_c, inner_d);
        let [x, y] = turned(inner_e, inner_f);
        Self { coefficients: [first_x, first_y, second_x, second_y, x + e, y + f] }
    }
}

/// The nearest single-precision number.
#[expect(clippy::cast_possible_truncation, reason = "lengths on a page need no more than single precision")]
pub(crate) fn narrow(value: f64) -> f32 {
    value as f32
}
