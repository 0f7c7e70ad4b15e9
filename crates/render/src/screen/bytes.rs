//! The smallest parts of the messages: numbers of as many bytes as they need, texts, colours.

use crate::document::{Color, Transform};
use crate::pdf::number::scaled;

/// A length in hundredths of a point, as the PDF has it.
pub(super) fn hundredths(value: f32) -> i64 {
    scaled(value, 100.0)
}

/// Writes a whole number, seven bits a byte, the lowest first; all bytes but the last have the eighth bit set.
pub(super) fn push_unsigned(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let low = value.to_le_bytes()[0] & 0x7F;
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

/// Writes a whole number with a sign: 0, −1, 1, −2 … become 0, 1, 2, 3 …
pub(super) fn push_signed(out: &mut Vec<u8>, value: i64) {
    push_unsigned(out, ((value << 1) ^ (value >> 63)).cast_unsigned());
}

/// Writes a count or an index.
pub(super) fn push_count(out: &mut Vec<u8>, count: usize) {
    push_unsigned(out, u64::try_from(count).unwrap_or(u64::MAX));
}

/// Writes the length in bytes, then the bytes.
pub(super) fn push_block(out: &mut Vec<u8>, block: &[u8]) {
    push_count(out, block.len());
    out.extend_from_slice(block);
}

/// Writes a text that may be missing: 0, or the length in bytes plus 1, then the bytes.
pub(super) fn push_optional(out: &mut Vec<u8>, text: Option<&str>) {
    match text {
        None => out.push(0),
        Some(text) => {
            push_count(out, text.len().saturating_add(1));
            out.extend_from_slice(text.as_bytes());
        }
    }
}

/// Writes a number as IEEE 754 has it in 32 bits, the lowest byte first.
pub(super) fn push_float(out: &mut Vec<u8>, value: f32) {
    out.extend_from_slice(&value.to_le_bytes());
}

/// Writes the six coefficients.
pub(super) fn push_transform(out: &mut Vec<u8>, transform: &Transform) {
    transform.coefficients.iter().for_each(|&coefficient| push_float(out, coefficient));
}

/// Writes red, green, blue and alpha.
pub(super) fn push_color(out: &mut Vec<u8>, color: Color) {
    out.extend_from_slice(&[color.red, color.green, color.blue, color.alpha]);
}
