//! Why bytes are no picture that this engine can show.

use thiserror::Error;

/// Why a picture cannot be read.
#[derive(Debug, Error)]
pub enum PictureError {
    /// The first bytes belong to no format that is read here.
    #[error("the bytes are neither PNG, JPEG, SVG nor PDF")]
    UnknownFormat,
    /// More bytes than [`crate::Limits::picture_size_bytes_max`].
    #[error("the picture has {size_bytes} bytes, the limit is {size_bytes_max}")]
    TooManyBytes {
        /// Bytes of the file.
        size_bytes: usize,
        /// The limit.
        size_bytes_max: u32,
    },
    /// More pixels than [`crate::Limits::picture_pixels_max`], or none.
    #[error("the picture is {width} × {height} pixels, the limit is {pixels_max} in all")]
    PixelCount {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// The limit.
        pixels_max: u32,
    },
    /// A damaged PNG.
    #[error("the PNG cannot be read: {0}")]
    Png(String),
    /// A damaged JPEG.
    #[error("the JPEG cannot be read: {0}")]
    Jpeg(String),
    /// A damaged SVG.
    #[error("the SVG cannot be read: {0}")]
    Svg(String),
    /// A valid SVG with something that would be lost.
    #[error("the SVG uses {feature}, which is not supported; convert it to paths with flat colours")]
    SvgFeature {
        /// What it is, such as `a pattern`.
        feature: &'static str,
    },
    /// An SVG that is deeper, or expands to more, than a drawing ever needs.
    #[error("the SVG exceeds the limit of {limit} {what}")]
    SvgLimit {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        limit: u32,
    },
    /// A damaged PDF.
    #[error("the PDF cannot be read: {0}")]
    Pdf(String),
    /// A PDF with something that a copy of its page would lose or show wrongly.
    #[error("the PDF has {feature}; save it without")]
    PdfFeature {
        /// What it is, such as `a password`.
        feature: &'static str,
    },
    /// A PDF without that page.
    #[error("the PDF has {page_count} pages, there is no page {number}")]
    PdfPage {
        /// The page that is asked for, from 1.
        number: u32,
        /// Pages of the file.
        page_count: usize,
    },
    /// A PDF page of more than a document needs.
    #[error("the PDF exceeds the limit of {limit} {what}")]
    PdfLimit {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// A page is asked of what has none.
    #[error("only a PDF has pages, and this is none")]
    NoPages,
    /// A `data:` URL that is not well-formed.
    #[error("the data URL is damaged: {0}")]
    DataUrl(&'static str),
}
