//! Which part of a picture is shown.

use super::{ImageNode, PathNode};
use crate::expression::TextTemplate;

/// Which part of a picture is shown.
#[derive(Clone, Debug)]
pub struct ImageCut {
    /// A rectangle of it.
    pub crop: Option<Crop>,
    /// A shape, in what the rectangle leaves.
    pub mask: Option<ImageMask>,
}

impl ImageNode {
    /// The source of the picture that masks this one.
    pub(crate) fn mask_source(&self) -> Option<&TextTemplate> {
        match self.cut.as_ref()?.mask.as_ref()? {
            ImageMask::Picture(source) => Some(source),
            ImageMask::Ellipse | ImageMask::Path(_) => None,
        }
    }
}

/// A rectangle of a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crop {
    /// Its left and upper edge.
    pub at: [f32; 2],
    /// Its width and height.
    pub size: [f32; 2],
    /// In pixels, not in shares of the picture.
    pub in_pixels: bool,
}

/// The shape that a picture is cut to.
#[derive(Clone, Debug)]
pub enum ImageMask {
    /// The ellipse that touches its sides.
    Ellipse,
    /// Any path, stretched to it.
    Path(Box<PathNode>),
    /// A picture: where it is light, or opaque, the other is seen.
    Picture(TextTemplate),
}
