//! Draws pages as PNG or JPEG, by rasterising the document's own PDF: one truth for file and picture.

mod encode;
mod palette;

use std::ops::Range;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::util::TransformExt as _;
use hayro::hayro_syntax::Pdf;
use hayro::kurbo::Affine;
use hayro::vello_cpu::color::{AlphaColor, Srgb};
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings, render_into};
use thiserror::Error;

use crate::conformance::Conformance;
use crate::document::{Color, Document, Page};
use crate::limits::Limits;
use crate::pdf::{self, PdfCache, PdfError, PdfOptions, Purpose};

/// How pages are drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageOptions {
    /// Pixels in an inch; 72 gives one pixel a point.
    pub dpi: f32,
    /// File format.
    pub format: ImageFormat,
    /// Indexes of the pages.
    pub pages: Range<usize>,
    /// What is behind the page. JPEG has no transparency: there its alpha is not looked at.
    pub background: Color,
    /// Pixels of one page; more is an error.
    pub pixels_max: u32,
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
}

/// Why pages cannot be drawn.
#[derive(Debug, Error)]
pub enum ImageError {
    /// The document cannot be written as PDF.
    #[error("the document cannot be written")]
    Pdf(#[from] PdfError),
    /// Our own PDF cannot be read back.
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
    #[error("page {page} would be {width} × {height} pixels, the limit is {pixels_max} in all and 65,535 a side")]
    PixelCount {
        /// Number of the page, from 1.
        page: usize,
        /// Pixels across.
        width: u64,
        /// Pixels down.
        height: u64,
        /// The limit.
        pixels_max: u32,
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
            format: ImageFormat::Png,
            pages: 0..1,
            background: Color::WHITE,
            pixels_max: Limits::default().picture_pixels_max,
        }
    }
}

/// Draws pages; one file for each, in order.
///
/// # Errors
/// The pages do not exist, would be too large, or cannot be written or encoded.
pub fn render_pages(
    document: &Document,
    options: &ImageOptions,
    cache: &mut PdfCache,
) -> Result<Vec<Vec<u8>>, ImageError> {
    let pages = document.pages.get(options.pages.clone()).filter(|pages| !pages.is_empty());
    let pages = pages.ok_or_else(|| ImageError::Pages {
        start: options.pages.start.saturating_add(1),
        end: options.pages.end,
        page_count: document.pages.len(),
    })?;
    let sizes = (options.pages.start + 1..)
        .zip(pages)
        .map(|(number, page)| pixel_size(number, page, options))
        .collect::<Result<Vec<_>, _>>()?;

    // Nobody reads this file but the lines below: tags and compression would only cost time.
    let plain = PdfOptions { compression: 0, tagged: false, profiles: Vec::new() };
    let bytes =
        pdf::write_pages(document, &plain, &Conformance::default(), cache, options.pages.clone(), Purpose::Screen)?;
    let file = Pdf::new(bytes).map_err(|error| ImageError::Raster { reason: format!("{error:?}") })?;
    let drawn = file.pages();
    if drawn.len() != sizes.len() {
        return Err(ImageError::Raster { reason: "pages are missing".into() });
    }

    let interpreter = InterpreterSettings::default();
    // Hinting is for screens of 96 dpi; unhinted text stands where the PDF has it.
    let settings = RenderSettings { hinting: false, ..RenderSettings::default() };
    let render_cache = RenderCache::new();
    let mut resources = Resources::default();
    let mut context = RenderContext::new(1, 1);
    let mut pixmap = Pixmap::new(1, 1);
    let Color { red, green, blue, alpha, .. } = options.background;
    let alpha = if options.format == ImageFormat::Png { alpha } else { 255 };
    let background: AlphaColor<Srgb> = AlphaColor::from_rgba8(red, green, blue, alpha);

    let mut files = Vec::with_capacity(sizes.len());
    for (page, (width, height)) in drawn.iter().zip(sizes) {
        context.reset_and_resize(width, height);
        pixmap.resize(width, height);
        let (page_width, page_height) = page.render_dimensions();
        let scale = Affine::scale_non_uniform(
            f64::from(width) / f64::from(page_width),
            f64::from(height) / f64::from(page_height),
        );
        let transform = scale * page.initial_transform(true).to_kurbo();
        render_into(page, &render_cache, &interpreter, &settings, &mut context, transform);
        context.flush();
        let target = RasterizerSettings { target_init: TargetInit::Clear(background), ..RasterizerSettings::default() };
        context.render_with(&mut pixmap, &mut resources, target);
        files.push(encode::encode(&mut pixmap, options.format, alpha < 255)?);
    }
    Ok(files)
}

/// Pixels of a page, rounded, each side at least one.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` cuts to the range, which is checked")]
fn pixel_size(number: usize, page: &Page, options: &ImageOptions) -> Result<(u16, u16), ImageError> {
    let pixels = |points: f32| (points * options.dpi / 72.0).round().max(1.0) as u64;
    let (width, height) = (pixels(page.size.width), pixels(page.size.height));
    let fits =
        width.saturating_mul(height) <= u64::from(options.pixels_max) && options.dpi.is_finite() && options.dpi > 0.0;
    match (u16::try_from(width), u16::try_from(height)) {
        (Ok(width), Ok(height)) if fits => Ok((width, height)),
        _ => Err(ImageError::PixelCount { page: number, width, height, pixels_max: options.pixels_max }),
    }
}

#[cfg(test)]
mod tests;
