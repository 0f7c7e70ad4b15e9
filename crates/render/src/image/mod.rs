//! Draws pages as PNG, JPEG, WebP or SVG, straight from the display list that the PDF is written from.
//!
//! That file and picture show the same is held by a test, which draws the PDF of every example with another program and
//! compares.

mod cache;
mod draw;
mod encode;
mod jpeg;
mod palette;
mod pdf_page;
mod png;
mod reduce;
mod size;
mod svg;

use std::ops::Range;

use thiserror::Error;
use vello_cpu::color::{AlphaColor, Srgb};
use vello_cpu::kurbo::Affine;
use vello_cpu::{RasterizerSettings, TargetInit};

use crate::document::{Color, Document};
use crate::limits::Limits;
pub use cache::ImageCache;
use draw::Painter;
pub(crate) use draw::length_at_most;
pub(crate) use pdf_page::picture as picture_of_pdf_page;

/// How pages are drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageOptions {
    /// Pixels in an inch; 72 gives one pixel a point.
    pub dpi: f32,
    /// Instead of a resolution: what every page must fit into.
    pub fit: Option<Fit>,
    /// File format.
    pub format: ImageFormat,
    /// Indexes of the pages.
    pub pages: Range<usize>,
    /// What is behind the page. JPEG has no transparency: there its alpha is not looked at.
    pub background: Color,
    /// Pixels of one page; more is an error.
    pub pixels_max: u32,
}

/// A frame in pixels, into which a page fits as large as it can without being distorted. A side that is missing is as
/// long as the page makes it; with none, a page has one pixel a point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fit {
    /// Pixels across.
    pub width: Option<u32>,
    /// Pixels down.
    pub height: Option<u32>,
}

/// A file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageFormat {
    /// Lossless; grey when the page has no colour, with alpha when the background has one.
    Png,
    /// Lossy.
    Jpeg {
        /// 1 (small) to 100 (good).
        quality: u8,
    },
    /// Smaller than the others and slower to make; with alpha when the background has one.
    Webp {
        /// 1 (small) to 100 (good); without one it is lossless.
        quality: Option<u8>,
    },
    /// Vectors, in the size of the page; dots per inch and [`Fit`] mean nothing to it.
    Svg,
}

/// Why pages cannot be drawn.
#[derive(Debug, Error)]
pub enum ImageError {
    /// An item names something that the document does not have.
    #[error("an item names {what} {index}, which the document does not have")]
    Dangling {
        /// What is named.
        what: &'static str,
        /// Its index.
        index: u32,
    },
    /// Groups are nested too deep.
    #[error("groups are nested deeper than {depth_max}")]
    Depth {
        /// The limit.
        depth_max: usize,
    },
    /// A picture cannot be drawn.
    #[error("the page cannot be drawn: {reason}")]
    Raster {
        /// What is wrong.
        reason: String,
    },
    /// The document does not have these pages.
    #[error("the document has {page_count} pages; pages {start} to {end} are not among them")]
    Pages {
        /// First page asked for, from 1.
        start: usize,
        /// Last page asked for, from 1.
        end: usize,
        /// Pages of the document.
        page_count: usize,
    },
    /// A page would have no pixel, or more than the limit.
    #[error("page {page} would be {width} × {height} pixels, the limit is {pixels_max} in all and {side_max} a side")]
    PixelCount {
        /// Number of the page, from 1.
        page: usize,
        /// Pixels across.
        width: u64,
        /// Pixels down.
        height: u64,
        /// The limit.
        pixels_max: u32,
        /// The format's limit of a side.
        side_max: u16,
    },
    /// The pixels cannot be encoded.
    #[error("the image cannot be encoded: {reason}")]
    Encode {
        /// What is wrong.
        reason: String,
    },
}

impl Default for ImageOptions {
    fn default() -> Self {
        Self {
            dpi: 150.0,
            fit: None,
            format: ImageFormat::Png,
            pages: 0..1,
            background: Color::WHITE,
            pixels_max: Limits::default().picture_pixels_max,
        }
    }
}

/// Resolution from which on no stroke is thinner than a pixel, as in readers of PDF. Below it a page is an overview, and
/// lines are as faint as they are thin.
const OVERVIEW_DPI_MAX: f64 = 72.0;

/// Draws pages; one file for each, in order.
///
/// # Errors
/// The pages do not exist, would be too large, or cannot be drawn or encoded.
pub fn render_pages(
    document: &Document,
    options: &ImageOptions,
    cache: &mut ImageCache,
) -> Result<Vec<Vec<u8>>, ImageError> {
    let pages = document.pages.get(options.pages.clone()).filter(|pages| !pages.is_empty());
    let pages = pages.ok_or_else(|| ImageError::Pages {
        start: options.pages.start.saturating_add(1),
        end: options.pages.end,
        page_count: document.pages.len(),
    })?;
    if options.format == ImageFormat::Svg {
        return pages.iter().map(|page| svg::page(document, page, options.background)).collect();
    }
    // All sizes are checked before anything is drawn.
    let sizes = (options.pages.start + 1..)
        .zip(pages)
        .map(|(number, page)| size::of_page(number, page.size, options))
        .collect::<Result<Vec<_>, _>>()?;

    let Color { red, green, blue, alpha, .. } = options.background;
    let transparent = alpha < 255 && !matches!(options.format, ImageFormat::Jpeg { .. });
    let background: AlphaColor<Srgb> = AlphaColor::from_rgba8(red, green, blue, if transparent { alpha } else { 255 });
    let target = RasterizerSettings { target_init: TargetInit::Clear(background), ..RasterizerSettings::default() };

    let mut files = Vec::with_capacity(sizes.len());
    for (page, (width, height)) in pages.iter().zip(sizes) {
        let ImageCache { context, resources, pixmap, masks, pictures } = cache;
        context.reset_and_resize(width, height);
        pixmap.resize(width, height);
        let x_scale = f64::from(width) / f64::from(page.size.width);
        let y_scale = f64::from(height) / f64::from(page.size.height);
        let thinnest_pixels = if x_scale * 72.0 < OVERVIEW_DPI_MAX { 0.0 } else { 1.0 };
        let transform = Affine::scale_non_uniform(x_scale, y_scale);
        Painter::new(document, context, (masks, pictures), transform, thinnest_pixels).page(page)?;
        context.flush();
        context.render_with(&mut *pixmap, resources, target);
        files.push(encode::encode(pixmap, options.format, transparent)?);
        cache.trim();
    }
    Ok(files)
}

#[cfg(test)]
mod tests;
