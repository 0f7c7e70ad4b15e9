//! Code 39 (ISO/IEC 16388).

use super::registry::Symbology;
use super::{BarcodeError, Bars, NaturalHeight, Options, QuietZone, Symbol, millimetres};

pub(super) const SYMBOLOGY: Symbology = Symbology {
    title: "Code 39",
    standard: "ISO/IEC 16388",
    carries: "it carries digits, capital letters, space and - . $ / + %",
    quiet_zone: QuietZone::beside(10, 10),
    shows_text: false,
    module_points: millimetres(0.33),
    height: NaturalHeight::Points(36.0),
    properties: &["checkDigit"],
    encode,
};

/// Characters of a value. Each is 16 modules wide, and wider symbols exceed what scanners read.
const VALUE_LENGTH_MAX: usize = 100;

/// Characters in the order of their values, which the check character adds up.
pub(super) const CHARACTERS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";

/// Nine elements of each character, the first one highest; a set bit is wide.
const PATTERNS: [u16; 43] = [
    0x034, 0x121, 0x061, 0x160, 0x031, 0x130, 0x070, 0x025, 0x124, 0x064, 0x109, 0x049, 0x148, 0x019, 0x118, 0x058,
    0x00D, 0x10C, 0x04C, 0x01C, 0x103, 0x043, 0x142, 0x013, 0x112, 0x052, 0x007, 0x106, 0x046, 0x016, 0x181, 0x0C1,
    0x1C0, 0x091, 0x190, 0x0D0, 0x085, 0x184, 0x0C4, 0x0A8, 0x0A2, 0x08A, 0x02A,
];

/// The start and stop character, written `*`.
const START: u16 = 0x094;

fn encode(value: &str, options: &Options) -> Result<Symbol, BarcodeError> {
    BarcodeError::check_length(value, VALUE_LENGTH_MAX)?;
    BarcodeError::check_characters(value, SYMBOLOGY.carries, |character| CHARACTERS.contains(character))?;
    let mut text = value.to_owned();
    if options.check_digit {
        text.extend(check(value));
    }
    let mut bars = Bars::default();
    bars.narrow_and_wide(START, 9);
    for pattern in values(&text).filter_map(|value| PATTERNS.get(value)).copied().chain([START]) {
        bars.spaces(&[1]);
        bars.narrow_and_wide(pattern, 9);
    }
    Ok(Symbol::linear(&bars, text))
}

fn values(text: &str) -> impl Iterator<Item = usize> {
    text.chars().filter_map(|character| CHARACTERS.find(character))
}

/// The check character: the sum of all values modulo 43.
fn check(text: &str) -> Option<char> {
    CHARACTERS.chars().nth(values(text).sum::<usize>() % 43)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_of_nine_elements_are_wide_and_no_two_characters_are_alike() {
        let mut patterns: Vec<u16> = PATTERNS.iter().copied().chain([START]).collect();
        assert!(patterns.iter().all(|pattern| pattern.count_ones() == 3 && *pattern < 512));
        patterns.sort_unstable();
        patterns.dedup();
        assert_eq!(patterns.len(), 44);
    }

    #[test]
    fn the_check_character_of_the_published_example_is_right() {
        // "159AZ" has the check character H in the usual textbooks.
        assert_eq!(check("159AZ"), Some('H'));
    }
}
