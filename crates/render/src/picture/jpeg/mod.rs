//! JPEG (ISO/IEC 10918-1): checked and passed through as it is, decoded only to turn it upright.

mod headers;

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::decode::check_pixels;
use super::orientation::upright;
use super::{Picture, PictureData, PictureError};
use crate::limits::Limits;
use headers::Headers;

/// Scans of a progressive JPEG. Encoders write about ten; thousands make a small file slow to decode.
const SCAN_COUNT_MAX: usize = 100;

/// Width and height as the file says, of one that need not be whole.
pub(super) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    Headers::size(bytes)
}

/// Checks a JPEG and keeps its bytes; one that a camera held sideways is decoded and turned.
pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture, PictureError> {
    let headers = Headers::read(bytes)?;
    check_pixels(headers.width, headers.height, limits)?;
    if headers.scan_count > SCAN_COUNT_MAX {
        return Err(damaged("it has too many scans"));
    }
    let space = if headers.components == 1 { ColorSpace::Luma } else { ColorSpace::RGB };
    let options = DecoderOptions::default().set_max_width(65_535).set_max_height(65_535).jpeg_set_out_colorspace(space);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(|error| damaged(format!("{error:?}")))?;
    is_of_size(&decoder, &headers)?;
    if headers.orientation == 1 {
        let data = PictureData::Jpeg {
            bytes: bytes.to_vec(),
            components: headers.components,
            inverted: headers.is_inverted(),
        };
        return Ok(Picture { width: headers.width, height: headers.height, data, alpha: None });
    }

    let samples = decoder.decode().map_err(|error| damaged(format!("{error:?}")))?;
    is_of_size(&decoder, &headers)?;
    let channels = if headers.components == 1 { 1 } else { 3 };
    let (width, height, samples) = upright(headers.width, headers.height, channels, &samples, headers.orientation)
        .ok_or_else(|| damaged("its data ends early"))?;
    let data = if channels == 1 { PictureData::Grey(samples) } else { PictureData::Rgb(samples) };
    Ok(Picture { width, height, data, alpha: None })
}

/// Where a file is damaged, the decoder may go on at another place than we, and take a frame header for the one that counts.
fn is_of_size(decoder: &JpegDecoder<ZCursor<&[u8]>>, headers: &Headers) -> Result<(), PictureError> {
    let is_same = decoder
        .info()
        .is_some_and(|info| (u32::from(info.width), u32::from(info.height)) == (headers.width, headers.height));
    if is_same { Ok(()) } else { Err(damaged("its frame header cannot be told from damage")) }
}

fn damaged(reason: impl Into<String>) -> PictureError {
    PictureError::Jpeg(reason.into())
}

#[cfg(test)]
mod tests;
