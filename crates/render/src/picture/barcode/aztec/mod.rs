//! Aztec codes (ISO/IEC 24778).

mod draw;
mod text;

use super::reed_solomon::Field;
use super::registry::Symbology;
use super::{BarcodeError, Level, NaturalHeight, Options, QuietZone, Symbol, millimetres};
use draw::draw;
use text::{encode_text, push};

pub(super) const SYMBOLOGY: Symbology = Symbology {
    title: "Aztec code",
    standard: "ISO/IEC 24778",
    carries: "it carries any text: up to 3,832 digits, 3,067 letters or 1,914 bytes; `level` L to H gives 10, 23, 36 \
              or 50 per cent to error correction",
    quiet_zone: QuietZone::around(0),
    shows_text: false,
    module_points: millimetres(0.5),
    height: NaturalHeight::Proportional,
    properties: &["level"],
    encode,
};

/// Digits that the largest symbol carries; nothing longer can ever fit.
const VALUE_LENGTH_MAX: usize = 3_832;

/// Layers of the largest symbol.
const LAYER_COUNT_MAX: usize = 32;

/// Words of the largest compact symbol; its mode message has six bits for their number.
const COMPACT_WORD_COUNT_MAX: usize = 64;

/// A symbol's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Size {
    compact: bool,
    layers: usize,
}

impl Size {
    /// All sizes, the smallest first. A full symbol of up to 3 layers is never smaller than a compact one.
    fn all() -> impl Iterator<Item = Self> {
        let compact = (1..=4).map(|layers| Self { compact: true, layers });
        compact.chain((4..=LAYER_COUNT_MAX).map(|layers| Self { compact: false, layers }))
    }

    /// Bits that its layers hold.
    fn bits(self) -> usize {
        let innermost = if self.compact { 88 } else { 112 };
        (innermost + 16 * self.layers) * self.layers
    }

    /// Bits of a word.
    fn word_bits(self) -> u8 {
        match self.layers {
            ..=2 => 6,
            3..=8 => 8,
            9..=22 => 10,
            _ => 12,
        }
    }
}

/// The primitive polynomial of the field whose words have so many bits.
fn polynomial(word_bits: u8) -> u32 {
    match word_bits {
        4 => 0x13,
        6 => 0x43,
        8 => 0x12D,
        10 => 0x409,
        _ => 0x1069,
    }
}

fn encode(value: &str, options: &Options) -> Result<Symbol, BarcodeError> {
    BarcodeError::check_length(value, VALUE_LENGTH_MAX)?;
    let bits = encode_text(value);
    // The standard recommends 23 per cent, and 3 words more.
    let percent = match options.level.unwrap_or(Level::Medium) {
        Level::Low => 10,
        Level::Medium => 23,
        Level::Quartile => 36,
        Level::High => 50,
    };
    for size in Size::all() {
        let word_count = size.bits() / usize::from(size.word_bits());
        let check_count_min = (size.bits() * percent).div_ceil(100 * usize::from(size.word_bits())) + 3;
        if bits.len() > size.bits() {
            continue;
        }
        let words = stuffed(&bits, size.word_bits());
        let fits = words.len() + check_count_min <= word_count;
        if fits && !(size.compact && words.len() > COMPACT_WORD_COUNT_MAX) {
            let checks = Field::new(size.word_bits(), polynomial(size.word_bits()))
                .check_words(&words, word_count - words.len());
            let mut message = vec![false; size.bits() % usize::from(size.word_bits())];
            for word in words.iter().chain(&checks) {
                push(&mut message, u32::from(*word), size.word_bits());
            }
            let modules = draw(size, &message, &mode_message(size, words.len()));
            return Ok(Symbol::matrix(modules, value));
        }
    }
    Err(BarcodeError::Full { length: value.len() })
}

/// Bits as words: none is all ones or all zeros, so that an erased one is seen. The last word is filled with ones.
fn stuffed(bits: &[bool], word_bits: u8) -> Vec<u16> {
    let mut words = Vec::new();
    let mut rest = bits;
    while !rest.is_empty() {
        let bit = |place: usize| u16::from(rest.get(place).copied().unwrap_or(true));
        let head = (0..usize::from(word_bits) - 1).fold(0, |word, place| word << 1 | bit(place));
        let all_ones = (1 << (word_bits - 1)) - 1;
        let (last, taken) = match head {
            0 => (1, word_bits - 1),
            head if head == all_ones => (0, word_bits - 1),
            _ => (bit(usize::from(word_bits) - 1), word_bits),
        };
        words.push(head << 1 | last);
        rest = rest.get(usize::from(taken)..).unwrap_or_default();
    }
    words
}

/// Layers and words of a symbol with their own error correction, in words of four bits.
fn mode_message(size: Size, word_count: usize) -> Vec<bool> {
    let number = |value: usize| u32::try_from(value).unwrap_or_default();
    let mut bits = Vec::new();
    let (layer_bits, word_bits, check_count) = if size.compact { (2, 6, 5) } else { (5, 11, 6) };
    push(&mut bits, number(size.layers - 1), layer_bits);
    push(&mut bits, number(word_count - 1), word_bits);
    let words: Vec<u16> =
        bits.chunks(4).map(|word| word.iter().fold(0, |word, &bit| word << 1 | u16::from(bit))).collect();
    for word in Field::new(4, polynomial(4)).check_words(&words, check_count) {
        push(&mut bits, u32::from(word), 4);
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_never_all_ones_or_all_zeros() {
        let ones = stuffed(&[true; 20], 6);
        assert_eq!(ones, [0b11_1110, 0b11_1110, 0b11_1110, 0b11_1110]);
        let zeros = stuffed(&[false; 10], 6);
        assert_eq!(zeros, [1, 1]);
        assert_eq!(stuffed(&[true, false, true, false, true, false, true], 6), [0b10_1010, 0b11_1110]);
    }

    #[test]
    fn short_values_make_compact_symbols_and_long_ones_full_ones() {
        let side = |length: usize| encode(&"A".repeat(length), &Options::default()).map(|symbol| symbol.modules.width);
        assert_eq!(side(1), Ok(15));
        assert_eq!(side(30), Ok(19));
        assert_eq!(side(1_000), Ok(91));
        assert!(side(3_832).is_err());
    }
}
