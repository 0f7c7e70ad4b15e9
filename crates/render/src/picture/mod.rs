//! Pictures: PNG and JPEG become raster pictures, SVG becomes a drawing of paths, a page of a PDF stays what it is.

pub mod barcode;
mod data_url;
mod decode;
mod error;
mod jpeg;
mod orientation;
mod pdf_page;
mod png;
mod svg;

use std::borrow::Cow;
use std::ops::Range;

pub use data_url::data_url;
pub use decode::decode;
pub use error::PictureError;
pub(crate) use pdf_page::{Matter, split_page};
pub use pdf_page::{PdfObject, PdfPage, PdfPart};

use crate::document::{Color, Path, Point, Segment, Size, Transform};

/// What the bytes of an image turned out to be.
#[derive(Clone, Debug)]
pub enum Decoded {
    /// PNG or JPEG.
    Picture(Picture),
    /// SVG.
    Drawing(Drawing),
    /// A page of a PDF.
    PdfPage(PdfPage),
}

/// A raster picture, kept in the form that goes into a PDF.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// The samples.
    pub data: PictureData,
    /// 8-bit alpha, one byte a pixel, when any pixel is not opaque.
    pub alpha: Option<Vec<u8>>,
}

impl Picture {
    /// Pixels across times pixels down.
    pub(crate) fn pixel_count(&self) -> usize {
        usize::try_from(u64::from(self.width) * u64::from(self.height)).unwrap_or(usize::MAX)
    }

    /// The same with a sample for each pixel, for who knows no picture of one colour.
    pub(crate) fn spread(&self) -> Cow<'_, Self> {
        let PictureData::Flat(color) = self.data else { return Cow::Borrowed(self) };
        let samples = [color.red, color.green, color.blue].repeat(self.pixel_count());
        Cow::Owned(Self { data: PictureData::Rgb(samples), alpha: self.alpha.clone(), ..*self })
    }
}

/// Samples of a picture.
#[derive(Clone, Debug)]
pub enum PictureData {
    /// A whole JPEG file (baseline or progressive), passed through as it is.
    Jpeg {
        /// The file.
        bytes: Vec<u8>,
        /// 1 grey, 3 RGB (YCbCr), 4 CMYK.
        components: u8,
        /// Whether CMYK samples are inverted (Adobe marker).
        inverted: bool,
    },
    /// 8-bit grey, one byte a pixel.
    Grey(Vec<u8>),
    /// 8-bit sRGB, three bytes a pixel.
    Rgb(Vec<u8>),
    /// One colour all over; only the alpha has pixels.
    Flat(Color),
}

/// A vector drawing.
#[derive(Clone, Debug, Default)]
pub struct Drawing {
    /// Its own size; the drawing is stretched from it to the place it gets.
    pub size: Size,
    /// What to paint in order; paths point into `segments`.
    pub items: Vec<DrawingItem>,
    /// Pool of path segments.
    pub segments: Vec<Segment>,
}

/// One step of a drawing.
#[derive(Clone, Debug)]
pub enum DrawingItem {
    /// A path.
    Path(Path),
    /// A path filled with a gradient.
    Gradient(Gradient),
    /// Saves the state, transforms and fades, clips to a path.
    Push {
        /// Applied up to the matching pop.
        transform: Transform,
        /// Range in the pool of segments.
        clip: Option<Range<u32>>,
        /// Whether the clip follows the even-odd rule, instead of non-zero.
        even_odd: bool,
        /// 0 to 1.
        opacity: f32,
    },
    /// Restores the state of the matching push.
    Pop,
}

/// A path and the gradient that fills it. Beyond its ends the gradient goes on with its first and last colour.
#[derive(Clone, Debug)]
pub struct Gradient {
    /// Range in the pool of segments.
    pub segments: Range<u32>,
    /// Whether the even-odd rule fills, instead of non-zero.
    pub even_odd: bool,
    /// Along what the colours change, before the transform.
    pub shape: GradientShape,
    /// From the gradient's coordinates to those of the path.
    pub transform: Transform,
    /// Colours from 0 to 1, in ascending order, at least two. Where their alpha differs, opacity changes with them.
    pub stops: Vec<GradientStop>,
}

/// Along what the colours of a gradient change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GradientShape {
    /// From one point to another.
    Linear {
        /// Where 0 is.
        start: Point,
        /// Where 1 is.
        end: Point,
    },
    /// From one circle to another.
    Radial {
        /// Centre and radius of the circle where 0 is.
        start: (Point, f32),
        /// Centre and radius of the circle where 1 is.
        end: (Point, f32),
    },
}

/// A colour of a gradient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GradientStop {
    /// 0 to 1.
    pub offset: f32,
    /// Its colour.
    pub color: Color,
}
