//! UTF-16 positions in strings, because lengths and offsets of JavaScript count UTF-16 code units.
//!
//! A cut through a surrogate pair leaves U+FFFD for the half, since a Rust string cannot hold it.

use super::Text;

/// The number of UTF-16 code units.
pub(in crate::expression) fn length(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(char::len_utf16).sum() }
}

/// The UTF-16 position of a byte offset.
pub(in crate::expression) fn position_of_byte(text: &str, byte: usize) -> usize {
    length(text.get(..byte).unwrap_or(text))
}

/// A UTF-16 position as a byte offset.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Between two characters.
    Between(usize),
    /// In the middle of the surrogate pair whose character starts here.
    Inside(usize),
}

fn place(text: &str, unit: usize) -> Place {
    let mut units = 0;
    for (byte, character) in text.char_indices() {
        if units >= unit {
            return Place::Between(byte);
        }
        units += character.len_utf16();
        if units > unit {
            return Place::Inside(byte);
        }
    }
    Place::Between(text.len())
}

/// The byte offset at which the character stands that a UTF-16 position is in or before.
pub(in crate::expression) fn byte_of_position(text: &str, unit: usize) -> usize {
    if text.is_ascii() {
        return unit.min(text.len());
    }
    match place(text, unit) {
        Place::Between(byte) | Place::Inside(byte) => byte,
    }
}

/// The piece between two UTF-16 positions; empty when they are the wrong way round.
pub(in crate::expression) fn slice<'d>(text: &Text<'d>, start: usize, end: usize) -> Text<'d> {
    if start >= end {
        return Text::Borrowed("");
    }
    if text.is_ascii() {
        let length = text.len();
        return text.piece(start.min(length), end.min(length));
    }
    match (place(text, start), place(text, end)) {
        (Place::Between(start), Place::Between(end)) => text.piece(start, end),
        (start, end) => {
            let mut out = String::new();
            let first = match start {
                Place::Between(byte) => byte,
                Place::Inside(byte) => {
                    out.push(char::REPLACEMENT_CHARACTER);
                    byte + text.get(byte..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
                }
            };
            let (last, half) = match end {
                Place::Between(byte) => (byte, false),
                Place::Inside(byte) => (byte, true),
            };
            out.push_str(text.get(first..last).unwrap_or_default());
            // Both ends can be in the same pair only when `start` equals `end`, which is handled above.
            if half {
                out.push(char::REPLACEMENT_CHARACTER);
            }
            Text::from(out)
        }
    }
}

/// The code unit at a UTF-16 position.
pub(in crate::expression) fn unit_at(text: &str, unit: usize) -> Option<u16> {
    if text.is_ascii() {
        return text.as_bytes().get(unit).map(|byte| u16::from(*byte));
    }
    text.encode_utf16().nth(unit)
}

/// The code point at a UTF-16 position; the second half of a pair stands for itself.
pub(in crate::expression) fn code_point_at(text: &str, unit: usize) -> Option<u32> {
    match place(text, unit) {
        Place::Between(byte) => text.get(byte..)?.chars().next().map(u32::from),
        Place::Inside(_) => unit_at(text, unit).map(u32::from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_utf16_code_units() {
        assert_eq!(length("a€😀"), 4);
        assert_eq!(&*slice(&Text::Borrowed("a€😀b"), 1, 4), "€😀");
        assert_eq!(unit_at("😀", 1), Some(0xDE00));
        assert_eq!(code_point_at("😀", 0), Some(0x1F600));
        assert_eq!(position_of_byte("€x", 3), 1);
    }

    #[test]
    fn half_a_surrogate_pair_becomes_the_replacement_character() {
        assert_eq!(&*slice(&Text::Borrowed("a😀b"), 0, 2), "a\u{FFFD}");
        assert_eq!(&*slice(&Text::Borrowed("a😀b"), 2, 4), "\u{FFFD}b");
        assert_eq!(&*slice(&Text::Borrowed("a😀b"), 2, 2), "");
    }
}
