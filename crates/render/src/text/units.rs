//! Conversions of numbers that cannot fail: they saturate.

/// An index that goes into a document's pool.
pub(crate) fn index32(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// The nearest integer; not a number gives 0.
#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, which is what is wanted")]
pub(crate) fn round_i32(value: f64) -> i32 {
    value.round() as i32
}

/// The nearest 16-bit integer; not a number gives 0.
#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, which is what is wanted")]
pub(super) fn round_i16(value: f64) -> i16 {
    value.round() as i16
}

/// The nearest single-precision number.
#[expect(clippy::cast_possible_truncation, reason = "lengths on a page need no more than single precision")]
pub(super) fn to_f32(value: f64) -> f32 {
    value as f32
}

/// A length that must fit into 16 bits.
pub(super) fn length16(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}

/// Font units to points.
pub(super) fn points(units: i64, scale: f64) -> f64 {
    // Exact: a line's advance is far below 2^53 font units.
    #[expect(clippy::cast_precision_loss, reason = "lines are shorter than 2^53 font units")]
    let units = units as f64;
    units * scale
}
