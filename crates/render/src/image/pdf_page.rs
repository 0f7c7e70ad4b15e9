//! Draws pages of other files: at the place that they get, or as a picture of their own for who knows only those.

use std::sync::Arc;

use hayro::hayro_interpret::util::TransformExt as _;
use hayro::hayro_interpret::{InterpreterSettings, RenderContent};
use hayro::hayro_syntax::Pdf;
use hayro::{RenderCache, RenderSettings, render_into};
use vello_cpu::color::{AlphaColor, Srgb};
use vello_cpu::kurbo::{Affine, Rect};
use vello_cpu::{Pixmap, RasterizerSettings, RenderContext, TargetInit};

use super::cache::ImageCache;
use super::{ImageError, encode};
use crate::picture::{PdfPage, Picture, PictureData};

/// Resolution of a page that becomes a picture: letters of usual size are sharp on a screen.
const PICTURE_DPI: f64 = 200.0;

/// Longest side of such a picture, pixels.
const PICTURE_SIDE_MAX: f64 = 4_000.0;

/// Draws a page into a context. The transform leads from its own box, whose upper left corner is the origin, to pixels.
pub(super) fn draw(page: &PdfPage, context: &mut RenderContext, transform: Affine) -> Result<(), ImageError> {
    let damaged = || ImageError::Raster { reason: "a page of another file cannot be read again".into() };
    let pdf = Pdf::new(Arc::clone(&page.file)).map_err(|_| damaged())?;
    let found = pdf.pages().get(page.page as usize).ok_or_else(damaged)?;
    context.set_transform(transform);
    context.push_clip_rect(&Rect::new(0.0, 0.0, f64::from(page.size.width), f64::from(page.size.height)));
    // Hinting is for screens of 96 dpi; unhinted text stands where the PDF has it.
    let settings = RenderSettings { hinting: false, ..RenderSettings::default() };
    // Notes, links and fields of the page are left behind in the PDF, too.
    let content = InterpreterSettings { render_content: RenderContent::PAGE, ..InterpreterSettings::default() };
    let to_pixels = transform * found.initial_transform(true).to_kurbo();
    render_into(found, &RenderCache::new(), &content, &settings, context, to_pixels);
    context.pop_clip();
    Ok(())
}

/// A page as a picture.
pub(crate) fn picture(page: &PdfPage) -> Result<Picture, ImageError> {
    let [width, height] = [page.size.width, page.size.height].map(f64::from);
    let scale = (PICTURE_DPI / 72.0).min(PICTURE_SIDE_MAX / width.max(height));
    let [across, down] = [width, height].map(|side| pixels(side * scale));
    let mut cache = ImageCache::new();
    let ImageCache { context, resources, pixmap, .. } = &mut cache;
    context.reset_and_resize(across, down);
    pixmap.resize(across, down);
    let transform = Affine::scale_non_uniform(f64::from(across) / width, f64::from(down) / height);
    draw(page, context, transform)?;
    context.flush();
    let clear: AlphaColor<Srgb> = AlphaColor::from_rgba8(0, 0, 0, 0);
    let target = RasterizerSettings { target_init: TargetInit::Clear(clear), ..RasterizerSettings::default() };
    context.render_with(&mut *pixmap, resources, target);
    Ok(samples(pixmap))
}

/// The pixels of a picture; alpha only when some are not opaque.
fn samples(pixmap: &mut Pixmap) -> Picture {
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let mut rgb = Vec::new();
    let mut alpha = Vec::new();
    for pixel in encode::straight(pixmap) {
        let [red, green, blue, opacity] = pixel;
        rgb.extend_from_slice(&[red, green, blue]);
        alpha.push(opacity);
    }
    let alpha = alpha.iter().any(|alpha| *alpha < 255).then_some(alpha);
    Picture { width, height, data: PictureData::Rgb(rgb), alpha }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the value is cut to the range first")]
fn pixels(side: f64) -> u16 {
    side.round().clamp(1.0, PICTURE_SIDE_MAX) as u16
}
