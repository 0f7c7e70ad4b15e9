//! Conversions and comparisons of values, by the rules of ECMAScript.

use super::{List, Record, Value};
use std::cmp::Ordering;
use std::rc::Rc;

/// Tells whether JavaScript counts a character as white space (ECMA-262 12.2 and 12.3).
pub(in crate::expression) fn is_white_space(character: char) -> bool {
    match character {
        '\u{0085}' => false,
        '\u{FEFF}' => true,
        other => other.is_whitespace(),
    }
}

/// Reads a string as a number (ECMA-262 7.1.4.1).
pub(in crate::expression) fn number_from_text(text: &str) -> f64 {
    let text = text.trim_matches(is_white_space);
    if text.is_empty() {
        return 0.0;
    }
    let radix = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => Some(16),
        [b'0', b'o' | b'O', ..] => Some(8),
        [b'0', b'b' | b'B', ..] => Some(2),
        _ => None,
    };
    if let Some(radix) = radix {
        return text.get(2..).and_then(|digits| digits_in_radix(digits, radix)).unwrap_or(f64::NAN);
    }
    match text {
        "Infinity" | "+Infinity" => return f64::INFINITY,
        "-Infinity" => return f64::NEG_INFINITY,
        _ => {}
    }
    // The parser of Rust also knows `inf` and `nan`, which JavaScript does not.
    if text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E')) {
        text.parse().unwrap_or(f64::NAN)
    } else {
        f64::NAN
    }
}

fn digits_in_radix(digits: &str, radix: u32) -> Option<f64> {
    if digits.is_empty() {
        return None;
    }
    let digits: Vec<u32> = digits.chars().map(|digit| digit.to_digit(radix)).collect::<Option<_>>()?;
    Some(integer_in_radix(&digits, radix))
}

/// The number that digits make, in a radix from 2 to 36 (ECMA-262 19.2.5, step 13).
pub(in crate::expression) fn integer_in_radix(digits: &[u32], radix: u32) -> f64 {
    if radix.is_power_of_two() {
        integer_of_bits(digits, radix.trailing_zeros())
    } else {
        integer_in_parts(digits, radix)
    }
}

/// Exact to the last bit, as the standard asks for where the radix is a power of two.
fn integer_of_bits(digits: &[u32], bits: u32) -> f64 {
    let (mut head, mut exponent, mut lost) = (0u128, 0i32, false);
    for digit in digits {
        if head < 1 << 96 {
            head = (head << bits) | u128::from(*digit);
        } else {
            lost |= *digit != 0;
            exponent = exponent.saturating_add(bits.cast_signed());
        }
    }
    // One more bit far below the last one of the result decides what lies in the middle.
    libm::scalbn((head | u128::from(lost)) as f64, exponent)
}

/// Rounded between parts of several digits; the standard leaves the last digits open, and others round here too.
fn integer_in_parts(digits: &[u32], radix: u32) -> f64 {
    /// A part and its weight stay below 2³², as in other implementations.
    const WEIGHT_MAX: u32 = u32::MAX / 36;
    let (mut number, mut part, mut weight) = (0.0, 0u32, 1u32);
    for digit in digits {
        if weight.saturating_mul(radix) > WEIGHT_MAX {
            number = number * f64::from(weight) + f64::from(part);
            (part, weight) = (0, 1);
        }
        part = part * radix + digit;
        weight *= radix;
    }
    number * f64::from(weight) + f64::from(part)
}

/// Appends a number as JavaScript prints it (ECMA-262 6.1.6.1.20).
pub(in crate::expression) fn write_number(out: &mut String, number: f64) {
    if number == 0.0 {
        // Negative zero prints without its sign.
        out.push('0');
    } else {
        out.push_str(ryu_js::Buffer::new().format(number));
    }
}

/// A number as JavaScript prints it.
pub(in crate::expression) fn number_text(number: f64) -> String {
    let mut out = String::new();
    write_number(&mut out, number);
    out
}

/// Truncates a number to an integer that fits; `NaN` is 0 (the saturating half of `ToIntegerOrInfinity`).
#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates and maps NaN to 0, which is what is meant")]
pub(in crate::expression) fn wrap_to_i64(number: f64) -> i64 {
    number as i64
}

/// Converts to a 32-bit unsigned integer, modulo 2³² (ECMA-262 7.1.7).
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the remainder is within 0..2^32 before the cast"
)]
pub(in crate::expression) fn to_uint32(number: f64) -> u32 {
    if !number.is_finite() {
        return 0;
    }
    let remainder = number.trunc() % 4_294_967_296.0;
    let wrapped = if remainder < 0.0 { remainder + 4_294_967_296.0 } else { remainder };
    wrapped as u32
}

/// Converts to a 32-bit signed integer, modulo 2³² (ECMA-262 7.1.6).
pub(in crate::expression) fn to_int32(number: f64) -> i32 {
    to_uint32(number).cast_signed()
}

/// Resolves a relative position as `slice` does: negative counts from the end; the result lies within `0..=length`.
pub(in crate::expression) fn index_from(position: f64, length: usize) -> usize {
    let length_signed = i64::try_from(length).unwrap_or(i64::MAX);
    let position = wrap_to_i64(position);
    let absolute =
        if position < 0 { position.saturating_add(length_signed).max(0) } else { position.min(length_signed) };
    usize::try_from(absolute).unwrap_or(0)
}

/// `===` (ECMA-262 7.2.14).
pub(in crate::expression) fn strictly_equal(left: &Value<'_>, right: &Value<'_>) -> bool {
    match (left, right) {
        (Value::Undefined, Value::Undefined) | (Value::Null, Value::Null) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Number(left), Value::Number(right)) => left == right,
        (Value::Text(left), Value::Text(right)) => left == right,
        _ => same_object(left, right),
    }
}

/// Equality of `includes`: like `===`, but `NaN` equals itself (ECMA-262 7.2.11).
pub(in crate::expression) fn same_value_zero(left: &Value<'_>, right: &Value<'_>) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) if left.is_nan() => right.is_nan(),
        _ => strictly_equal(left, right),
    }
}

/// `==` (ECMA-262 7.2.13).
pub(in crate::expression) fn loosely_equal(left: &Value<'_>, right: &Value<'_>) -> bool {
    match (left, right) {
        (Value::Undefined | Value::Null, _) | (_, Value::Undefined | Value::Null) => {
            left.is_nullish() && right.is_nullish()
        }
        (Value::Text(left), Value::Text(right)) => left == right,
        (Value::Bool(_) | Value::Number(_) | Value::Text(_), Value::Bool(_) | Value::Number(_) | Value::Text(_)) => {
            left.as_number() == right.as_number()
        }
        (Value::Text(text), object) | (object, Value::Text(text)) => match object {
            Value::Numeral(_) | Value::Moment(_) => object.as_number() == number_from_text(text),
            _ => *object.to_display_string() == **text,
        },
        (Value::Bool(_) | Value::Number(_), object) | (object, Value::Bool(_) | Value::Number(_)) => {
            let number = if matches!(left, Value::Bool(_) | Value::Number(_)) { left } else { right };
            object.as_number() == number.as_number()
        }
        _ => same_object(left, right),
    }
}

fn same_object(left: &Value<'_>, right: &Value<'_>) -> bool {
    match (left, right) {
        (Value::Moment(left), Value::Moment(right)) => Rc::ptr_eq(left, right),
        (Value::Function(left), Value::Function(right)) => left.is_same(right),
        (Value::Pattern(left), Value::Pattern(right)) => std::sync::Arc::ptr_eq(left, right),
        _ => match (left.as_list(), right.as_list()) {
            (Some(List::Made(left)), Some(List::Made(right))) => Rc::ptr_eq(&left, &right),
            (Some(List::Data(left)), Some(List::Data(right))) => std::ptr::eq(left, right),
            (Some(_), _) | (_, Some(_)) => false,
            (None, None) => match (left.as_record(), right.as_record()) {
                (Some(Record::Made(left)), Some(Record::Made(right))) => Rc::ptr_eq(&left, &right),
                (Some(Record::Data(left)), Some(Record::Data(right))) => std::ptr::eq(left, right),
                _ => false,
            },
        },
    }
}

/// Orders strings by UTF-16 code units, as `<` and `sort` do.
pub(in crate::expression) fn compare_texts(left: &str, right: &str) -> Ordering {
    // UTF-8 bytes order as code points do; that differs from code units only above the basic plane (4-byte forms).
    let has_pairs = |text: &str| text.bytes().any(|byte| byte >= 0xF0);
    if has_pairs(left) || has_pairs(right) { left.encode_utf16().cmp(right.encode_utf16()) } else { left.cmp(right) }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::float_cmp, reason = "exact results are meant")]
    use super::*;

    #[test]
    fn strings_become_numbers_as_in_javascript() {
        assert_eq!(number_from_text("  12.5 "), 12.5);
        assert_eq!(number_from_text(""), 0.0);
        assert_eq!(number_from_text("0x1F"), 31.0);
        assert_eq!(number_from_text("-Infinity"), f64::NEG_INFINITY);
        for text in ["inf", "nan", "1_000", "12px", "0x", "1e", "--1"] {
            assert!(number_from_text(text).is_nan(), "{text}");
        }
    }

    #[test]
    fn integers_wrap_modulo_two_to_the_32() {
        assert_eq!(to_int32(4_294_967_295.0), -1);
        assert_eq!(to_int32(-1.9), -1);
        assert_eq!(to_uint32(f64::NAN), 0);
    }

    #[test]
    fn strings_above_the_basic_plane_order_by_code_units() {
        assert_eq!(compare_texts("😀", "\u{FF5E}"), Ordering::Less);
    }
}
