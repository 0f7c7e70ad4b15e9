//! Writes numbers, names, strings and references, without the formatting machinery: most of a PDF is numbers.

/// A length in hundredths of a point; not-a-number is 0, what is too large is cut.
/// Coordinates on a page are kept so: 3.5 µm is finer than any printer, and differences stay exact.
pub(super) fn hundredths(value: f32) -> i64 {
    scaled(value, 100.0)
}

/// No number is larger than this: sums of some of them still fit, and no page comes near it.
const SCALED_MAX: f64 = 1e12;

/// A value times `scale`, rounded to the nearest whole number.
pub(crate) fn scaled(value: f32, scale: f64) -> i64 {
    rounded(f64::from(value) * scale)
}

/// The nearest whole number, halves away from zero.
#[expect(clippy::cast_possible_truncation, reason = "the value is cut to a range that fits; `as` makes not-a-number 0")]
pub(super) fn rounded(value: f64) -> i64 {
    let value = value.clamp(-SCALED_MAX, SCALED_MAX);
    (if value < 0.0 { value - 0.5 } else { value + 0.5 }) as i64
}

/// Writes a whole number.
pub(super) fn push_integer(out: &mut Vec<u8>, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    push_unsigned(out, value.unsigned_abs());
}

/// Writes a whole number that is not negative.
pub(super) fn push_unsigned(out: &mut Vec<u8>, value: u64) {
    match value {
        0..10 => out.push(digit(value)),
        10..100 => out.extend_from_slice(&[digit(value / 10), digit(value % 10)]),
        100..1_000 => out.extend_from_slice(&[digit(value / 100), digit(value / 10 % 10), digit(value % 10)]),
        _ => {
            push_unsigned(out, value / 1_000);
            let rest = value % 1_000;
            out.extend_from_slice(&[digit(rest / 100), digit(rest / 10 % 10), digit(rest % 10)]);
        }
    }
}

/// Writes `value / 10^decimals` without trailing zeros and without a zero before the point.
pub(crate) fn push_fixed(out: &mut Vec<u8>, value: i64, decimals: u32) {
    if value < 0 {
        out.push(b'-');
    }
    let magnitude = value.unsigned_abs();
    let unit = 10_u64.pow(decimals);
    let (whole, mut rest) = (magnitude / unit, magnitude % unit);
    if whole != 0 || rest == 0 {
        push_unsigned(out, whole);
    }
    if rest == 0 {
        return;
    }
    out.push(b'.');
    let mut place = unit / 10;
    while rest != 0 {
        out.push(digit(rest / place));
        rest %= place;
        place = (place / 10).max(1);
    }
}

/// Writes hundredths, the most common case of [`push_fixed`].
pub(super) fn push_hundredths(out: &mut Vec<u8>, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    let magnitude = value.unsigned_abs();
    let (whole, rest) = (magnitude / 100, magnitude % 100);
    if whole != 0 || rest == 0 {
        push_unsigned(out, whole);
    }
    if rest != 0 {
        let (tenths, last) = (digit(rest / 10), digit(rest % 10));
        if last == b'0' {
            out.extend_from_slice(&[b'.', tenths]);
        } else {
            out.extend_from_slice(&[b'.', tenths, last]);
        }
    }
}

/// Writes a reference to an object. What follows in a dictionary needs no space before it.
pub(super) fn push_reference(out: &mut Vec<u8>, id: u32) {
    push_unsigned(out, u64::from(id));
    out.extend_from_slice(b" 0 R");
}

/// Writes a reference inside an array, with a space after it.
pub(super) fn push_item(out: &mut Vec<u8>, id: u32) {
    push_unsigned(out, u64::from(id));
    out.extend_from_slice(b" 0 R ");
}

/// Writes bytes as a literal string (ISO 32000-1, 7.3.4.2): only what would be misread is escaped.
pub(super) fn push_literal(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'(');
    for &byte in bytes {
        push_string_byte(out, byte);
    }
    out.push(b')');
}

/// Writes one byte inside a literal string. A raw carriage return would be read as a line feed.
pub(super) fn push_string_byte(out: &mut Vec<u8>, byte: u8) {
    match byte {
        b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
        b'\r' => out.extend_from_slice(b"\\r"),
        _ => out.push(byte),
    }
}

/// Writes text as a text string (7.9.2.2): ASCII as it is, all else in UTF-16.
pub(super) fn push_text(out: &mut Vec<u8>, text: &str) {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t')) {
        push_literal(out, text.as_bytes());
        return;
    }
    out.extend_from_slice(b"(\xFE\xFF");
    for unit in text.encode_utf16() {
        for byte in unit.to_be_bytes() {
            push_string_byte(out, byte);
        }
    }
    out.push(b')');
}

/// Writes a name (7.3.5); bytes that are not regular characters become `#xx`.
pub(super) fn push_name(out: &mut Vec<u8>, name: &str) {
    out.push(b'/');
    for byte in name.bytes() {
        if byte.is_ascii_graphic() && !b"()<>[]{}/%#".contains(&byte) {
            out.push(byte);
        } else {
            out.push(b'#');
            push_hexadecimal(out, byte);
        }
    }
}

/// Writes a byte as two hexadecimal digits.
pub(super) fn push_hexadecimal(out: &mut Vec<u8>, byte: u8) {
    let half = |value: u8| if value < 10 { b'0' + value } else { b'A' - 10 + value };
    out.extend_from_slice(&[half(byte >> 4), half(byte & 15)]);
}

#[expect(clippy::cast_possible_truncation, reason = "every caller gives a value below 10")]
const fn digit(value: u64) -> u8 {
    b'0' + value as u8
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::{hundredths, push_fixed, push_hundredths, push_integer, push_name, push_text, scaled};

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn whole_numbers_of_every_length_are_written_in_full() {
        for value in
            [0, 7, 10, 99, 100, 999, 1_000, 1_001, 65_535, 1_000_000, 1_002_003_004, i64::MAX, -1, -1_050, i64::MIN]
        {
            assert_eq!(written(|out| push_integer(out, value)), value.to_string());
        }
    }

    #[test]
    fn fractions_have_no_needless_digits() {
        for (value, expected) in [
            (0, "0"),
            (5, ".005"),
            (50, ".05"),
            (500, ".5"),
            (1_000, "1"),
            (1_250, "1.25"),
            (-1, "-.001"),
            (-20_010, "-20.01"),
        ] {
            assert_eq!(written(|out| push_fixed(out, value, 3)), expected);
        }
        assert_eq!(written(|out| push_fixed(out, 42, 0)), "42");
    }

    #[test]
    fn the_fast_way_for_hundredths_writes_the_same() {
        for value in -12_345..12_345 {
            assert_eq!(written(|out| push_hundredths(out, value)), written(|out| push_fixed(out, value, 2)));
        }
    }

    #[test]
    fn values_that_make_no_sense_become_numbers() {
        assert_eq!(hundredths(f32::NAN), 0);
        assert_eq!(hundredths(f32::INFINITY), 1_000_000_000_000);
        assert_eq!(hundredths(-1e30), -1_000_000_000_000);
        assert_eq!((hundredths(1.004), hundredths(1.006), hundredths(-1.006)), (100, 101, -101));
        assert_eq!(scaled(0.5, 1.0), 1);
    }

    #[test]
    fn text_is_escaped_and_goes_to_utf_16_only_when_needed() {
        assert_eq!(written(|out| push_text(out, "a(b)\\")), "(a\\(b\\)\\\\)");
        let mut out = Vec::new();
        push_text(&mut out, "č😀");
        assert_eq!(out, b"(\xFE\xFF\x01\\r\xD8\x3D\xDE\x00)");
    }

    #[test]
    fn names_escape_what_is_not_regular() {
        assert_eq!(written(|out| push_name(out, "A B#(é")), "/A#20B#23#28#C3#A9");
    }
}
