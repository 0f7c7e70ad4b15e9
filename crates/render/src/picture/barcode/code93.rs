//! Code 93 (AIM BC5) with the whole of ASCII.

use super::code39::CHARACTERS;
use super::registry::Symbology;
use super::{BarcodeError, Bars, NaturalHeight, Options, QuietZone, Symbol, millimetres};

pub(super) const SYMBOLOGY: Symbology = Symbology {
    title: "Code 93",
    standard: "AIM BC5",
    carries: "it carries ASCII characters",
    quiet_zone: QuietZone::beside(10, 10),
    shows_text: false,
    module_points: millimetres(0.33),
    height: NaturalHeight::Points(36.0),
    properties: &[],
    encode,
};

/// Characters of a value. Each is 9 or 18 modules wide, and wider symbols exceed what scanners read.
const VALUE_LENGTH_MAX: usize = 100;

/// Nine modules of each symbol by value: the characters of Code 39, then the shifts ($), (%), (/), (+).
const PATTERNS: [u16; 47] = [
    0x114, 0x148, 0x144, 0x142, 0x128, 0x124, 0x122, 0x150, 0x112, 0x10A, 0x1A8, 0x1A4, 0x1A2, 0x194, 0x192, 0x18A,
    0x168, 0x164, 0x162, 0x134, 0x11A, 0x158, 0x14C, 0x146, 0x12C, 0x116, 0x1B4, 0x1B2, 0x1AC, 0x1A6, 0x196, 0x19A,
    0x16C, 0x166, 0x136, 0x13A, 0x12E, 0x1D4, 0x1D2, 0x1CA, 0x16E, 0x176, 0x1AE, 0x126, 0x1DA, 0x1D6, 0x132,
];

/// The start and stop symbol; a last bar ends the barcode.
const START: u16 = 0x15E;

const SHIFT_DOLLAR: u8 = 43;
const SHIFT_PERCENT: u8 = 44;
const SHIFT_SLASH: u8 = 45;
const SHIFT_PLUS: u8 = 46;

/// Value of the letter A.
const LETTER_A: u8 = 10;

fn encode(value: &str, _options: &Options) -> Result<Symbol, BarcodeError> {
    BarcodeError::check_length(value, VALUE_LENGTH_MAX)?;
    BarcodeError::check_characters(value, SYMBOLOGY.carries, |character| character.is_ascii())?;
    let mut symbols = Vec::new();
    for byte in value.bytes() {
        let (shift, symbol) = symbols_of(byte);
        symbols.extend(shift);
        symbols.push(symbol);
    }
    symbols.push(check(&symbols, 20));
    symbols.push(check(&symbols, 15));
    let mut bars = Bars::default();
    bars.pattern(START, 9);
    for pattern in symbols.iter().filter_map(|&symbol| PATTERNS.get(usize::from(symbol))) {
        bars.pattern(*pattern, 9);
    }
    bars.pattern(START, 9);
    bars.bars(&[1]);
    Ok(Symbol::linear(&bars, value))
}

/// The shift, if one is needed, and the symbol of an ASCII character.
fn symbols_of(byte: u8) -> (Option<u8>, u8) {
    if let Some(value) = CHARACTERS.bytes().position(|known| known == byte).and_then(|value| u8::try_from(value).ok()) {
        return (None, value);
    }
    let letter = |shift, first: u8, offset: u8| (Some(shift), LETTER_A + (first - b'A') + (byte - offset));
    match byte {
        0 => letter(SHIFT_PERCENT, b'U', 0),
        1..=26 => letter(SHIFT_DOLLAR, b'A', 1),
        27..=31 => letter(SHIFT_PERCENT, b'A', 27),
        b'!'..=b',' => letter(SHIFT_SLASH, b'A', b'!'),
        b':' => letter(SHIFT_SLASH, b'Z', b':'),
        b';'..=b'?' => letter(SHIFT_PERCENT, b'F', b';'),
        b'@' => letter(SHIFT_PERCENT, b'V', b'@'),
        b'['..=b'_' => letter(SHIFT_PERCENT, b'K', b'['),
        b'`' => letter(SHIFT_PERCENT, b'W', b'`'),
        b'a'..=b'z' => letter(SHIFT_PLUS, b'A', b'a'),
        b'{'..=127 => letter(SHIFT_PERCENT, b'P', b'{'),
        // Digits, capitals and - . $ / + % have values of their own; beyond ASCII nothing arrives.
        _ => (None, 0),
    }
}

/// A check symbol: from the right the symbols weigh 1, 2 … up to `weight_max` and again; the sum modulo 47.
fn check(symbols: &[u8], weight_max: u32) -> u8 {
    let weights = (1..=weight_max).cycle();
    let sum: u32 = symbols.iter().rev().zip(weights).map(|(&symbol, weight)| u32::from(symbol) * weight).sum();
    u8::try_from(sum % 47).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_three_bars_and_three_spaces_and_no_two_are_alike() {
        let mut patterns: Vec<u16> = PATTERNS.iter().copied().chain([START]).collect();
        for pattern in &patterns {
            let edges = (pattern ^ pattern >> 1) & 0xFF;
            assert_eq!((edges.count_ones(), pattern >> 8, pattern & 1), (5, 1, 0), "{pattern:#x}");
        }
        patterns.sort_unstable();
        patterns.dedup();
        assert_eq!(patterns.len(), 48);
    }

    #[test]
    fn the_check_symbols_of_the_published_example_are_right() {
        // "TEST93" has the check characters + and 6 in the usual textbooks.
        let mut symbols: Vec<u8> = b"TEST93".iter().map(|&byte| symbols_of(byte).1).collect();
        symbols.push(check(&symbols, 20));
        symbols.push(check(&symbols, 15));
        assert_eq!(symbols.get(6..), Some([41, 6].as_slice()));
    }

    #[test]
    fn every_ascii_character_has_a_sequence_of_its_own() {
        let mut all: Vec<_> = (0..128).map(symbols_of).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 128);
    }
}
