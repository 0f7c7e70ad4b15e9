//! Encodes pixels as PNG, JPEG or WebP.

use vello_cpu::Pixmap;
use webp::{PixelLayout, WebPConfig};

use super::{ImageError, ImageFormat, jpeg, png};

/// Encodes a pixmap; `transparent` tells whether its alpha matters.
pub(super) fn encode(pixmap: &mut Pixmap, format: ImageFormat, transparent: bool) -> Result<Vec<u8>, ImageError> {
    let (width, height) = (pixmap.width(), pixmap.height());
    let pixels = pixmap.data_as_u8_slice_mut();
    match format {
        ImageFormat::Png => {
            if transparent {
                divide_alpha(pixels);
            }
            let (pixels, _) = pixels.as_chunks::<4>();
            png::write(pixels, u32::from(width), u32::from(height), transparent)
        }
        ImageFormat::Jpeg { quality } => {
            let is_grey = is_grey(pixels);
            let (pixels, _) = pixels.as_chunks::<4>();
            Ok(jpeg::write(pixels, (width, height), quality, is_grey))
        }
        // Has no pixels.
        ImageFormat::Svg => Ok(Vec::new()),
        ImageFormat::Webp { quality } => {
            let (layout, samples) = if transparent {
                divide_alpha(pixels);
                (PixelLayout::Rgba, pixels.to_vec())
            } else {
                (PixelLayout::Rgb, channels::<3>(pixels))
            };
            webp(&samples, layout, (width, height), quality)
        }
    }
}

/// How much time a lossless WebP may take, from 0 to 6: more makes pages a few hundredths smaller and takes twice as long.
const WEBP_EFFORT: i32 = 2;

fn webp(
    samples: &[u8],
    layout: PixelLayout,
    (width, height): (u16, u16),
    quality: Option<u8>,
) -> Result<Vec<u8>, ImageError> {
    let failed = || ImageError::Encode { reason: "the WebP encoder refuses it".into() };
    let mut config = WebPConfig::new().map_err(|()| failed())?;
    config.method = WEBP_EFFORT;
    config.thread_level = 0;
    // Colours under full transparency are not seen; left as they are, they would only cost bytes.
    config.exact = 0;
    match quality {
        Some(quality) => config.quality = f32::from(quality.clamp(1, 100)),
        None => {
            config.lossless = 1;
            config.quality = 0.0;
        }
    }
    let encoder = webp::Encoder::new(samples, layout, u32::from(width), u32::from(height));
    let bytes =
        encoder.encode_advanced(&config).map_err(|error| ImageError::Encode { reason: format!("{error:?}") })?;
    Ok(bytes.to_vec())
}

fn is_grey(pixels: &[u8]) -> bool {
    pixels.as_chunks::<4>().0.iter().all(|&[red, green, blue, _]| red == green && green == blue)
}

/// The first channels of every pixel.
fn channels<const COUNT: usize>(pixels: &[u8]) -> Vec<u8> {
    let (pixels, _) = pixels.as_chunks::<4>();
    let mut samples = vec![0; pixels.len() * COUNT];
    for (sample, pixel) in samples.as_chunks_mut::<COUNT>().0.iter_mut().zip(pixels) {
        if let Some(first) = pixel.first_chunk() {
            *sample = *first;
        }
    }
    samples
}

/// The pixels with plain samples.
pub(super) fn straight(pixmap: &mut Pixmap) -> impl Iterator<Item = [u8; 4]> {
    let pixels = pixmap.data_as_u8_slice_mut();
    divide_alpha(pixels);
    pixels.as_chunks::<4>().0.iter().copied()
}

/// Turns premultiplied samples into plain ones, as PNG has them.
fn divide_alpha(pixels: &mut [u8]) {
    for [red, green, blue, alpha] in pixels.as_chunks_mut::<4>().0 {
        let alpha = u16::from(*alpha);
        if alpha == 0 || alpha == 255 {
            continue;
        }
        for channel in [red, green, blue] {
            let plain = (u16::from(*channel) * 255 + alpha / 2) / alpha;
            *channel = u8::try_from(plain).unwrap_or(u8::MAX);
        }
    }
}
