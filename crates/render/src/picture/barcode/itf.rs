//! Interleaved 2 of 5 (ISO/IEC 16390): the first digit of a pair is in the bars, the second in the spaces.

use super::check_digit::{modulo_10, only_digits};
use super::registry::Symbology;
use super::{BarcodeError, Bars, NaturalHeight, Options, QuietZone, Symbol, millimetres};

pub(super) const SYMBOLOGY: Symbology = Symbology {
    title: "Interleaved 2 of 5",
    standard: "ISO/IEC 16390",
    carries: "it carries an even number of digits, the check digit among them; put a 0 before an odd number",
    quiet_zone: QuietZone::beside(10, 10),
    shows_text: false,
    module_points: millimetres(0.33),
    height: NaturalHeight::Points(36.0),
    properties: &["checkDigit"],
    encode,
};

/// Digits of a value. A pair is 18 modules wide, and wider symbols exceed what scanners read.
const VALUE_LENGTH_MAX: usize = 100;

/// Five elements of each digit, the first one highest; a set bit is wide.
const PATTERNS: [u16; 10] = [0b00110, 0b10001, 0b01001, 0b11000, 0b00101, 0b10100, 0b01100, 0b00011, 0b10010, 0b01010];

fn encode(value: &str, options: &Options) -> Result<Symbol, BarcodeError> {
    BarcodeError::check_length(value, VALUE_LENGTH_MAX)?;
    only_digits(value, SYMBOLOGY.carries)?;
    let mut digits = value.to_owned();
    if options.check_digit {
        digits.push(char::from(b'0' + modulo_10(value.as_bytes())));
    }
    if digits.len() % 2 == 1 {
        return Err(BarcodeError::Length { length: digits.len(), allowed: SYMBOLOGY.carries });
    }
    Ok(Symbol::linear(&bars(&digits), digits))
}

/// The bars of an even number of digits.
pub(super) fn bars(digits: &str) -> Bars {
    let pattern = |digit: u8| PATTERNS.get(usize::from(digit & 15)).copied().unwrap_or_default();
    let mut bars = Bars::default();
    bars.narrow_and_wide(0, 4);
    for pair in digits.as_bytes().chunks_exact(2) {
        let (first, second) = (pair.first().copied().unwrap_or(0), pair.get(1).copied().unwrap_or(0));
        // Spreading the bits of both makes one pattern of ten elements.
        let spread = |pattern: u16| (0..5).fold(0, |spread, bit| spread | (pattern >> bit & 1) << (2 * bit));
        bars.narrow_and_wide(spread(pattern(first)) << 1 | spread(pattern(second)), 10);
    }
    bars.narrow_and_wide(0b100, 3);
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_of_five_elements_are_wide() {
        assert!(PATTERNS.iter().all(|pattern| pattern.count_ones() == 2 && *pattern < 32));
    }

    #[test]
    fn a_pair_is_ten_elements_between_start_and_stop() {
        let modules = bars("12").modules(1);
        let row: String = (0..modules.width).map(|x| if modules.dark(x, 0) { '#' } else { '.' }).collect();
        // 1 is wide, narrow, narrow, narrow, wide in the bars; 2 is narrow, wide, narrow, narrow, wide in the spaces.
        assert_eq!(row, "#.#.".to_owned() + "###.#...#.#.###..." + "###.#");
    }

    #[test]
    fn a_check_digit_is_added_when_asked_for() {
        let with = Options { check_digit: true, ..Options::default() };
        assert_eq!(
            encode("123", &with).map(|symbol| symbol.captions),
            encode("1236", &Options::default()).map(|symbol| symbol.captions)
        );
        let odd = encode("123", &Options::default()).map_err(|error| error.to_string());
        assert!(odd.is_err_and(|said| said.starts_with("the value has 3 digits; it carries an even number")));
    }
}
