//! PNG (ISO/IEC 15948): every colour type and depth becomes 8-bit grey or RGB, with alpha beside it.

use std::io::Cursor;

use png::{ColorType, DecodeOptions, Decoder, DecodingError, Limits as PngLimits, Transformations};

use super::decode::check_pixels;
use super::{Picture, PictureData, PictureError};
use crate::limits::Limits;

/// What the decoder may take beside the samples: row buffers, palette, inflate state. A row of the widest allowed
/// picture at 8 bytes a pixel is the largest of them.
const DECODER_OVERHEAD_BYTES_MAX: usize = 1 << 26;

/// Decodes a PNG. Only the first image of an animation is read; text and colour profiles are skipped.
pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture, PictureError> {
    let mut options = DecodeOptions::default();
    options.set_ignore_text_chunk(true);
    options.set_ignore_iccp_chunk(true);
    let mut decoder = Decoder::new_with_options(Cursor::new(bytes), options);
    decoder.set_limits(PngLimits { bytes: DECODER_OVERHEAD_BYTES_MAX });
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let header = decoder.read_header_info().map_err(damaged)?;
    let (width, height) = (header.width, header.height);
    check_pixels(width, height, limits)?;

    let mut reader = decoder.read_info().map_err(damaged)?;
    // The decoder takes it for whole colours, and panics at the end of one that is not.
    if reader.info().palette.as_ref().is_some_and(|palette| palette.len() % 3 != 0) {
        return Err(PictureError::Png("its palette ends within a colour".into()));
    }
    let size_bytes = reader.output_buffer_size().ok_or_else(|| PictureError::Png("it is too large".into()))?;
    let mut samples = vec![0; size_bytes];
    let frame = reader.next_frame(&mut samples).map_err(damaged)?;
    samples.truncate(frame.buffer_size());
    let (data, alpha) = match frame.color_type {
        ColorType::Grayscale => (PictureData::Grey(samples), None),
        ColorType::Rgb => (PictureData::Rgb(samples), None),
        ColorType::GrayscaleAlpha => {
            let alpha = split_alpha::<2>(&mut samples);
            (PictureData::Grey(samples), alpha)
        }
        ColorType::Rgba => {
            let alpha = split_alpha::<4>(&mut samples);
            (PictureData::Rgb(samples), alpha)
        }
        // The transformations above leave no palette.
        ColorType::Indexed => return Err(PictureError::Png("its palette is missing".into())),
    };
    Ok(Picture { width, height, data, alpha })
}

/// Takes the last of every `CHANNELS` samples out, in place. Nothing when all of them are opaque.
fn split_alpha<const CHANNELS: usize>(samples: &mut Vec<u8>) -> Option<Vec<u8>> {
    let (pixels, _) = samples.as_chunks::<CHANNELS>();
    let opaque = pixels.iter().all(|pixel| pixel.last() == Some(&255));
    let alpha = (!opaque).then(|| pixels.iter().filter_map(|pixel| pixel.last().copied()).collect());
    let mut channel = 0;
    samples.retain(|_| {
        channel = if channel == CHANNELS { 1 } else { channel + 1 };
        channel != CHANNELS
    });
    alpha
}

fn damaged(error: DecodingError) -> PictureError {
    PictureError::Png(match error {
        DecodingError::LimitsExceeded => "it needs too much memory".into(),
        // What the decoder says about bytes helps nobody who has the picture.
        DecodingError::Format(_) => "its bytes are damaged".into(),
        other => other.to_string(),
    })
}

#[cfg(test)]
mod tests;
