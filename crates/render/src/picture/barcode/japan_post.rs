//! Japan Post customer barcode: postcode and address numbers in bars of four heights.

use super::four_state::{Bar, symbol};
use super::registry::Symbology;
use super::{BarcodeError, NaturalHeight, Options, QuietZone, Symbol, millimetres};

pub(super) const SYMBOLOGY: Symbology = Symbology {
    title: "Japan Post customer barcode",
    standard: "Japan Post customer barcode manual",
    carries: "it carries the 7 digits of the postcode, then address numbers of digits, capital letters (which count \
              twice) and hyphens; after 13 of them the rest is left out, as the manual says",
    quiet_zone: QuietZone::around(4),
    shows_text: false,
    module_points: millimetres(0.6),
    height: NaturalHeight::Modules(6.0),
    properties: &[],
    encode,
};

/// Characters of a value. What does not fit into the barcode is left out, as the manual says; an address line is
/// never longer than this.
const VALUE_LENGTH_MAX: usize = 100;

/// Characters between start and check character.
const CHARACTER_COUNT: usize = 20;

/// Values: digits are 0 to 9, then the hyphen, then eight control characters.
const HYPHEN: u8 = 10;
const CONTROL_1: u8 = 11;
const CONTROL_4: u8 = 14;

/// Three bars by value: 1 is full, 2 rises, 3 falls, 4 is the track only.
const PATTERNS: [[u8; 3]; 19] = [
    [1, 4, 4],
    [1, 1, 4],
    [1, 3, 2],
    [3, 1, 2],
    [1, 2, 3],
    [1, 4, 1],
    [3, 2, 1],
    [2, 1, 3],
    [2, 3, 1],
    [4, 1, 1],
    [4, 1, 4],
    [3, 2, 4],
    [3, 4, 2],
    [2, 3, 4],
    [4, 3, 2],
    [2, 4, 3],
    [4, 2, 3],
    [4, 4, 1],
    [1, 1, 1],
];

fn encode(value: &str, _options: &Options) -> Result<Symbol, BarcodeError> {
    BarcodeError::check_length(value, VALUE_LENGTH_MAX)?;
    let known = |character: char| character.is_ascii_digit() || character.is_ascii_uppercase() || character == '-';
    BarcodeError::check_characters(value, SYMBOLOGY.carries, known)?;
    let is_digit = |byte: u8| byte.is_ascii_digit();
    // A postcode may be given as people write it, 154-0023.
    let (first, rest) = value.split_at_checked(3).unwrap_or((value, ""));
    let postcode = format!("{first}{}", rest.strip_prefix('-').unwrap_or(rest));
    let digits = postcode.bytes().take(7).take_while(|&byte| is_digit(byte)).count();
    if digits < 7 {
        let expected = "a digit of the postcode must stand, which has 7".to_owned();
        let position = digits + 1 + usize::from(digits >= 3 && postcode.len() < value.len());
        return Err(BarcodeError::Structure { position, expected });
    }
    let mut values = values(&postcode);
    values.push(check(&values));
    let mut bars = vec![Bar::Full, Bar::Descender];
    for pattern in values.iter().filter_map(|&value| PATTERNS.get(usize::from(value))) {
        bars.extend(pattern.iter().map(|&height| bar(height)));
    }
    bars.extend([Bar::Descender, Bar::Full]);
    Ok(symbol(&bars, value))
}

fn bar(height: u8) -> Bar {
    match height {
        1 => Bar::Full,
        2 => Bar::Ascender,
        3 => Bar::Descender,
        _ => Bar::Tracker,
    }
}

/// The values of 20 characters: a letter is a control character and a digit; what is free is filled up.
fn values(text: &str) -> Vec<u8> {
    let mut values = Vec::new();
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => values.push(byte - b'0'),
            b'A'..=b'Z' => {
                let letter = byte - b'A';
                values.extend([CONTROL_1 + letter / 10, letter % 10]);
            }
            _ => values.push(HYPHEN),
        }
    }
    values.resize(CHARACTER_COUNT, CONTROL_4);
    values
}

/// The check character makes the sum of all a multiple of 19.
fn check(values: &[u8]) -> u8 {
    let sum: u32 = values.iter().map(|&value| u32::from(value)).sum();
    u8::try_from((19 - sum % 19) % 19).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_take_two_characters_and_the_check_character_makes_the_sum_a_multiple_of_19() {
        assert_eq!(values("0800700A").get(7..10), Some([CONTROL_1, 0, CONTROL_4].as_slice()));
        assert_eq!(values("0800700K").get(7..9), Some([CONTROL_1 + 1, 0].as_slice()));
        let mut values = values("26300233-20-5-503");
        values.push(check(&values));
        assert_eq!(values.iter().map(|&value| u32::from(value)).sum::<u32>() % 19, 0);
    }

    #[test]
    fn a_postcode_is_seven_digits_with_or_without_its_hyphen() {
        let modules = |value| encode(value, &Options::default()).map(|symbol| symbol.modules);
        assert_eq!(modules("263-00233-20-5-503"), modules("26300233-20-5-503"));
        assert_eq!(modules("26300233-20-5-503").map(|modules| modules.width), Ok(2 * 67 - 1));
        let said = |value| modules(value).map_err(|error| error.to_string()).err().unwrap_or_default();
        assert_eq!(said("26300A3"), "at position 6 a digit of the postcode must stand, which has 7");
        assert_eq!(said("263-00A3"), "at position 7 a digit of the postcode must stand, which has 7");
        assert_eq!(said("263-002"), "at position 8 a digit of the postcode must stand, which has 7");
        assert!(said("2630023 3").contains("' ' at position 8"));
    }
}
