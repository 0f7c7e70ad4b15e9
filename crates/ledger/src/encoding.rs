//! Base64 and numbers in their one accepted spelling.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// RFC 4648, 4, with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Reads base64; the engine refuses missing padding and stray bits, so that each value has one spelling.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Reads a decimal number without sign and leading zeros.
pub(crate) fn number(text: &str) -> Option<u64> {
    let is_plain = text == "0" || (!text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit()));
    if is_plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_has_one_spelling() {
        assert_eq!(number("0"), Some(0));
        assert_eq!(number("18446744073709551615"), Some(u64::MAX));
        for text in ["", "00", "01", "+1", "-1", " 1", "1 ", "18446744073709551616", "é"] {
            assert_eq!(number(text), None, "{text:?}");
        }
        assert_eq!(from_base64("QQ=="), Some(b"A".to_vec()));
        for text in ["QQ", "QR==", "QQ=", "Q Q=", "QQ==\n", "_w=="] {
            assert_eq!(from_base64(text), None, "{text:?}");
        }
    }
}
