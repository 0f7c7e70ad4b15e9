//! Recognises a picture by its first bytes and decodes it.

use super::{Decoded, PictureError, jpeg, pdf_page, png, svg};
use crate::limits::Limits;

/// Decodes a PNG, JPEG, SVG, or a page of a PDF (counted from 1; the first when nothing is said), recognised by
/// content, never by name.
///
/// # Errors
/// The format is unknown, the bytes are damaged, a limit of size or pixels is exceeded (checked before memory is
/// taken), an SVG uses what a [`super::Drawing`] cannot show, or there is no such page.
pub fn decode(bytes: &[u8], page: Option<u32>, limits: &Limits) -> Result<Decoded, PictureError> {
    if u32::try_from(bytes.len()).map_or(true, |length| length > limits.picture_size_bytes_max) {
        return Err(PictureError::TooManyBytes {
            size_bytes: bytes.len(),
            size_bytes_max: limits.picture_size_bytes_max,
        });
    }
    if looks_like_pdf(bytes) {
        return pdf_page::decode(bytes, page.unwrap_or(1), limits).map(Decoded::PdfPage);
    }
    if page.is_some() {
        return Err(PictureError::NoPages);
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        png::decode(bytes, limits).map(Decoded::Picture)
    } else if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        jpeg::decode(bytes, limits).map(Decoded::Picture)
    } else if looks_like_svg(bytes) {
        svg::decode(bytes, limits).map(Decoded::Drawing)
    } else {
        Err(PictureError::UnknownFormat)
    }
}

/// How far the head of a PDF is looked for: what stands before it is skipped by all readers (ISO 32000-1, annex H,
/// note 13).
const PDF_HEAD_OFFSET_BYTES_MAX: usize = 1_024;

fn looks_like_pdf(bytes: &[u8]) -> bool {
    let head = bytes.get(..PDF_HEAD_OFFSET_BYTES_MAX).unwrap_or(bytes);
    head.windows(5).any(|window| window == b"%PDF-")
}

/// How far an SVG's root element is looked for; licence comments before it can be long.
const SVG_ROOT_OFFSET_BYTES_MAX: usize = 16_384;

fn looks_like_svg(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let head = text.get(..SVG_ROOT_OFFSET_BYTES_MAX).unwrap_or(text);
    head.trim_ascii_start().starts_with(b"<") && head.windows(4).any(|window| window == b"<svg" || window == b":svg")
}

/// Refuses pictures without pixels or with more than the limit.
pub(super) fn check_pixels(width: u32, height: u32, limits: &Limits) -> Result<(), PictureError> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 || pixels > u64::from(limits.picture_pixels_max) {
        return Err(PictureError::PixelCount { width, height, pixels_max: limits.picture_pixels_max });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::{PictureError, decode};
    use crate::limits::Limits;

    #[test]
    fn bytes_of_no_known_format_are_refused() {
        for bytes in [&b""[..], b"GIF89a", b"<html></html>", b"\x89PNG", b"\xFF\xD8", &[0; 5000]] {
            assert!(matches!(decode(bytes, None, &Limits::default()).unwrap_err(), PictureError::UnknownFormat));
        }
    }

    #[test]
    fn more_bytes_than_the_limit_are_refused_before_they_are_looked_at() {
        let limits = Limits { picture_size_bytes_max: 10, ..Limits::default() };
        let error = decode(b"\x89PNG\r\n\x1a\n...", None, &limits).unwrap_err();
        assert!(matches!(error, PictureError::TooManyBytes { size_bytes: 11, size_bytes_max: 10 }));
    }

    #[test]
    fn an_svg_is_found_behind_byte_order_mark_and_comments() {
        let text = "\u{FEFF} <!-- a licence -->\n<svg xmlns='http://www.w3.org/2000/svg' width='4' height='4'>\
                    <rect width='4' height='4'/></svg>";
        assert!(decode(text.as_bytes(), None, &Limits::default()).is_ok());
    }
}
