//! What shapes are painted with, and paths.

use super::BoxLook;
use crate::document::{Color, Segment, Size};
use crate::picture::GradientStop;

/// A fill.
#[derive(Clone, Debug, PartialEq)]
pub enum Fill {
    /// One colour.
    Color(Color),
    /// Several that run into one another.
    Gradient(Box<GradientLook>),
}

impl Fill {
    /// The colour, when it is one.
    pub(crate) fn color(&self) -> Option<Color> {
        match self {
            Self::Color(color) => Some(*color),
            Self::Gradient(_) => None,
        }
    }
}

/// A gradient across a box.
#[derive(Clone, Debug, PartialEq)]
pub struct GradientLook {
    /// Along what the colours change.
    pub form: GradientForm,
    /// Colours from 0 to 1, ascending, the first at 0 and the last at 1.
    pub stops: Vec<GradientStop>,
}

/// Along what the colours of a gradient change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GradientForm {
    /// In a direction, from corner to corner: degrees from upwards, clockwise.
    Angle(f32),
    /// Between two places, as shares of the box.
    Points([f32; 2], [f32; 2]),
    /// From a centre outwards, as a share of the box; the radius is a multiple of half of its sides.
    Radial([f32; 2], f32),
}

/// A shadow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShadowLook {
    /// How far it lies to the right and below.
    pub offset: [f32; 2],
    /// How far its edge fades, inwards and outwards.
    pub blur: f32,
    /// Colour with its opacity.
    pub color: Color,
}

impl ShadowLook {
    /// The same on the page for what is painted in a space that is turned clockwise by a quarter.
    pub(crate) fn turned_back(&self) -> Self {
        let [right, below] = self.offset;
        Self { offset: [below, -right], ..*self }
    }
}

/// A path, a polygon or a polyline.
#[derive(Clone, Debug)]
pub struct PathNode {
    /// The path, from the box's corner or in the coordinates of `view`.
    pub segments: Vec<Segment>,
    /// Right and bottom edge of what the path covers.
    pub extent: Size,
    /// The part of the path's coordinates that fills the box: left, top, width, height.
    pub view: Option<[f32; 4]>,
    /// Whether the even-odd rule fills, instead of non-zero.
    pub even_odd: bool,
    /// Its look.
    pub look: BoxLook,
}
