//! How many pixels a page becomes.

use super::{ImageError, ImageFormat, ImageOptions};
use crate::document::Size;

/// Longest side of a WebP (RFC 9649, 2.5: 14 bits).
const WEBP_SIDE_MAX: u16 = 16_383;

/// Pixels of a page, rounded, each side at least one.
pub(super) fn of_page(number: usize, size: Size, options: &ImageOptions) -> Result<(u16, u16), ImageError> {
    let scale = scale(size, options);
    let (width, height) = (pixels(size.width, scale), pixels(size.height, scale));
    let side_max = if matches!(options.format, ImageFormat::Webp { .. }) { WEBP_SIDE_MAX } else { u16::MAX };
    let fits = width.saturating_mul(height) <= u64::from(options.pixels_max) && scale.is_finite() && scale > 0.0;
    let side = |pixels: u64| u16::try_from(pixels).ok().filter(|&side| side <= side_max);
    match (side(width), side(height)) {
        (Some(width), Some(height)) if fits => Ok((width, height)),
        _ => Err(ImageError::PixelCount { page: number, width, height, pixels_max: options.pixels_max, side_max }),
    }
}

/// Pixels a point.
fn scale(size: Size, options: &ImageOptions) -> f64 {
    let Some(fit) = options.fit else { return f64::from(options.dpi) / 72.0 };
    let side = |pixels: Option<u32>, points: f32| pixels.map(|pixels| f64::from(pixels) / f64::from(points));
    match (side(fit.width, size.width), side(fit.height, size.height)) {
        (Some(across), Some(down)) => across.min(down),
        (Some(scale), None) | (None, Some(scale)) => scale,
        (None, None) => 1.0,
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` cuts to the range, which is checked")]
fn pixels(points: f32, scale: f64) -> u64 {
    (f64::from(points) * scale).round().max(1.0) as u64
}
