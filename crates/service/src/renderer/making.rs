//! Makes one file of one program: lays out, writes, and says what was found on the way.

use std::sync::atomic::AtomicBool;

use chancery_render::diagnostic::codes;
use chancery_render::fonts::FontSet;
use chancery_render::image::{ImageFormat, ImageOptions, render_pages};
use chancery_render::pdf::{self, PdfError, PdfOptions};
use chancery_render::{Assets, Diagnostic, Document, Limits, Program, RenderOptions, World};
use serde_json::Value as Json;

use super::Workbench;
use crate::classes::Class;
use crate::documents::Format;
use crate::error::ServiceError;

/// Quality of JPEG pictures, from 1 to 100: no visible loss in text at 150 dpi.
const JPEG_QUALITY: u8 = 90;

/// The world of a render in the service: fonts of the installation, assets only from the template itself.
pub(crate) struct ServiceWorld<'a> {
    pub(crate) fonts: &'a FontSet,
    pub(crate) now_ms: i64,
}

impl World for ServiceWorld<'_> {
    fn fonts(&self) -> &FontSet {
        self.fonts
    }

    fn assets(&self) -> &dyn Assets {
        &()
    }

    fn now_ms(&self) -> i64 {
        self.now_ms
    }
}

/// What to make.
pub(crate) struct Order<'a> {
    pub(crate) program: &'a Program,
    pub(crate) world: &'a ServiceWorld<'a>,
    pub(crate) data: &'a Json,
    pub(crate) format: Format,
    pub(crate) class: Class,
    pub(crate) strict: bool,
    pub(crate) image_dpi: f32,
    pub(crate) limits: &'a Limits,
}

/// What was made.
pub(crate) struct Product {
    pub(crate) bytes: Vec<u8>,
    pub(crate) page_count: u32,
    pub(crate) warnings: Vec<Diagnostic>,
}

/// Makes it.
///
/// # Errors
/// [`ServiceError::RenderFailed`] with all findings, [`ServiceError::Internal`] when the document cannot be written.
pub(crate) fn make(
    order: &Order<'_>,
    workbench: &mut Workbench,
    cancelled: &AtomicBool,
) -> Result<Product, ServiceError> {
    let options = RenderOptions {
        strict: order.strict,
        class: Some(order.class),
        limits: order.limits.clone(),
        cancel: Some(cancelled),
        ..RenderOptions::default()
    };
    let rendered = order
        .program
        .render(order.data, order.world, &options, &mut workbench.scratch)
        .map_err(|findings| ServiceError::RenderFailed { findings })?;
    let page_count = u32::try_from(rendered.document.pages.len()).unwrap_or(u32::MAX);
    let bytes = write(&rendered.document, order, workbench)?;
    Ok(Product { bytes, page_count, warnings: rendered.diagnostics })
}

fn write(document: &Document, order: &Order<'_>, workbench: &mut Workbench) -> Result<Vec<u8>, ServiceError> {
    let format = match order.format {
        Format::Pdf => {
            return pdf::write(document, &PdfOptions::default(), &mut workbench.pdf_cache).map_err(
                |error| match error {
                    PdfError::Nonconforming { findings } => ServiceError::RenderFailed { findings },
                    error => ServiceError::internal("writing a PDF", error),
                },
            );
        }
        Format::Png => ImageFormat::Png,
        Format::Jpeg => ImageFormat::Jpeg { quality: JPEG_QUALITY },
        Format::Webp => ImageFormat::Webp { quality: None },
        Format::Svg => ImageFormat::Svg,
    };
    // The contract has one file for one picture: that of the first page.
    let options = ImageOptions {
        dpi: order.image_dpi,
        format,
        pages: 0..1,
        pixels_max: order.limits.picture_pixels_max,
        ..ImageOptions::default()
    };
    let pictures = render_pages(document, &options, &mut workbench.image_cache).map_err(|error| {
        ServiceError::RenderFailed { findings: vec![Diagnostic::error(codes::LIMIT_EXCEEDED, "", error.to_string())] }
    })?;
    pictures.into_iter().next().ok_or_else(|| ServiceError::internal("making a picture", "the document has no page"))
}
