//! `data:` URLs (RFC 2397), as templates and data carry small pictures.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::PictureError;

/// Accepts padding or its absence: both are common in the wild.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Takes the bytes out of a `data:` URL, in base64 or percent form. The media type is not looked at: what the bytes
/// are is decided by the bytes.
///
/// # Errors
/// The text does not begin with `data:`, has no comma, or is no valid base64.
pub fn data_url(source: &str) -> Result<Cow<'_, [u8]>, PictureError> {
    let scheme = source.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("data:"));
    let rest = scheme.and_then(|_| source.get(5..)).ok_or(PictureError::DataUrl("it does not begin with `data:`"))?;
    let (media_type, payload) = rest.split_once(',').ok_or(PictureError::DataUrl("it has no comma"))?;
    let bytes = percent_decode(payload);
    let is_base64 = media_type.rsplit(';').next().is_some_and(|last| last.trim().eq_ignore_ascii_case("base64"));
    if !is_base64 {
        return Ok(bytes);
    }
    let invalid = |_| PictureError::DataUrl("its base64 text is invalid");
    if bytes.iter().any(u8::is_ascii_whitespace) {
        let compact: Vec<u8> = bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        BASE64.decode(compact).map(Cow::Owned).map_err(invalid)
    } else {
        BASE64.decode(bytes).map(Cow::Owned).map_err(invalid)
    }
}

/// Replaces `%41` by its byte. A percent sign without two hexadecimal digits stays as it is, as browsers do it.
fn percent_decode(text: &str) -> Cow<'_, [u8]> {
    if !text.contains('%') {
        return Cow::Borrowed(text.as_bytes());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.split_at_checked(2).filter(|_| first == b'%');
        match digits.and_then(|(pair, tail)| Some((hexadecimal(pair)?, tail))) {
            Some((byte, tail)) => {
                bytes.push(byte);
                rest = tail;
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    Cow::Owned(bytes)
}

fn hexadecimal(pair: &[u8]) -> Option<u8> {
    let mut value = 0;
    for &digit in pair {
        value = value * 16 + u8::try_from(char::from(digit).to_digit(16)?).ok()?;
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::data_url;

    #[test]
    fn base64_is_decoded_with_and_without_padding_and_across_lines() {
        for source in
            ["data:image/png;base64,aGk=", "data:;base64,aGk", "DATA:image/png;BASE64,aG\n k=", "data:;base64,aGk%3D"]
        {
            assert_eq!(data_url(source).unwrap().as_ref(), b"hi", "{source}");
        }
    }

    #[test]
    fn percent_form_is_decoded_and_a_lone_percent_sign_stays() {
        assert_eq!(data_url("data:image/svg+xml,%3Csvg%3e 100%").unwrap().as_ref(), b"<svg> 100%");
        assert_eq!(data_url("data:,%+1%é%4").unwrap().as_ref(), "%+1%é%4".as_bytes());
        assert_eq!(data_url("data:,").unwrap().as_ref(), b"");
    }

    #[test]
    fn what_is_no_data_url_is_an_error() {
        for source in
            ["", "data", "datä:", "http://example.com/,", "data:image/png;base64", "data:;base64,a", "data:;base64,***"]
        {
            assert!(data_url(source).is_err(), "{source}");
        }
    }
}
