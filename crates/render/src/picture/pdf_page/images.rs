//! Sizes of images of a PDF that are in their packed data, where the dictionary may say something else.

use hayro::hayro_syntax::Filter;
use hayro::hayro_syntax::object::{Dict, Object, Stream};

use super::copy::damaged;
use crate::limits::Limits;
use crate::picture::decode::check_pixels;
use crate::picture::{PictureError, jpeg};

/// Pixels across a fax; the widest printers have half of it.
const FAX_WIDTH_MAX: usize = 65_536;

/// Bytes of a function that is written as a program, which runs for each pixel: those of spot colours have two thousand.
const FUNCTION_SIZE_BYTES_MAX: usize = 8_192;

/// The begin of a JPEG 2000 codestream, whose next segment tells the size (ISO 15444-1, A.4.1 and A.5.1).
const CODESTREAM: &[u8] = &[0xFF, 0x4F, 0xFF, 0x51];

/// Refuses a stream that becomes an image of too many pixels, or a program that is too long.
pub(super) fn check(stream: &Stream<'_>, limits: &Limits) -> Result<(), PictureError> {
    for (index, filter) in stream.filters().iter().enumerate() {
        match filter {
            Filter::JpxDecode if index > 0 => return Err(damaged("an image of JPEG 2000 is packed once more")),
            Filter::JpxDecode => check_codestreams(&stream.raw_data(), limits)?,
            Filter::DctDecode if index == 0 => {
                if let Some((width, height)) = jpeg::size(&stream.raw_data()) {
                    check_pixels(width, height, limits)?;
                }
            }
            Filter::CcittFaxDecode => check_width(stream.dict())?,
            _ => {}
        }
    }
    let is_program = stream.dict().get::<i32>("FunctionType") == Some(4);
    if is_program && stream.decoded_data().is_ok_and(|program| program.len() > FUNCTION_SIZE_BYTES_MAX) {
        return Err(PictureError::PdfLimit { what: "bytes in one function", limit: FUNCTION_SIZE_BYTES_MAX });
    }
    Ok(())
}

fn check_codestreams(data: &[u8], limits: &Limits) -> Result<(), PictureError> {
    let starts = data.windows(CODESTREAM.len()).enumerate().filter(|(_, window)| *window == CODESTREAM);
    for (start, _) in starts {
        // Behind the length of the segment and its capabilities.
        let number = |at: usize| data.get(start + at..)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes));
        if let (Some(width), Some(height)) = (number(8), number(12)) {
            check_pixels(width, height, limits)?;
        }
    }
    Ok(())
}

fn check_width(dictionary: &Dict<'_>) -> Result<(), PictureError> {
    for key in ["DecodeParms", "DP"] {
        let found = match dictionary.get::<Object<'_>>(key) {
            Some(Object::Array(array)) => array.iter::<Object<'_>>().collect(),
            found => Vec::from_iter(found),
        };
        for parameters in found.into_iter().filter_map(Object::into_dict) {
            if parameters.get::<usize>("Columns").is_some_and(|width| width > FAX_WIDTH_MAX) {
                return Err(PictureError::PdfLimit { what: "pixels across one fax", limit: FAX_WIDTH_MAX });
            }
        }
    }
    Ok(())
}
