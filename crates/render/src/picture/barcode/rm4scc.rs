//! Royal Mail 4-state customer code (RM4SCC).

use super::four_state::{Bar, symbol};
use super::registry::Symbology;
use super::{BarcodeError, NaturalHeight, Options, QuietZone, Symbol, millimetres};

pub(super) const SYMBOLOGY: Symbology = Symbology {
    title: "Royal Mail 4-state customer code",
    standard: "Royal Mail RM4SCC",
    carries: "it carries digits and capital letters: postcode and delivery point without spaces",
    quiet_zone: QuietZone::around(4),
    shows_text: false,
    // 22 bars an inch.
    module_points: millimetres(0.577),
    height: NaturalHeight::Modules(8.7),
    properties: &[],
    encode,
};

/// Characters of a value; a postcode with its delivery point has 9 at most, and other uses stay below this.
const VALUE_LENGTH_MAX: usize = 50;

/// The six ways to choose two of four bars, in the order of their values 1 to 5 and 0.
const PAIRS: [u8; 6] = [0b0011, 0b0101, 0b0110, 0b1001, 0b1010, 0b1100];

fn encode(value: &str, _options: &Options) -> Result<Symbol, BarcodeError> {
    BarcodeError::check_length(value, VALUE_LENGTH_MAX)?;
    BarcodeError::check_characters(value, SYMBOLOGY.carries, |character| index(character).is_some())?;
    let mut bars = vec![Bar::Ascender];
    for index in value.chars().filter_map(index).chain([check(value)]) {
        bars.extend(character(index));
    }
    bars.push(Bar::Full);
    Ok(symbol(&bars, value))
}

/// A character's place in the table of six rows and six columns.
fn index(character: char) -> Option<usize> {
    character.to_digit(36).filter(|_| !character.is_ascii_lowercase()).and_then(|digit| usize::try_from(digit).ok())
}

/// The row says which of the four bars rise, the column which fall.
fn character(index: usize) -> impl Iterator<Item = Bar> {
    let rising = PAIRS.get(index / 6).copied().unwrap_or_default();
    let falling = PAIRS.get(index % 6).copied().unwrap_or_default();
    (0..4).rev().map(move |bit| match (rising >> bit & 1, falling >> bit & 1) {
        (1, 1) => Bar::Full,
        (1, _) => Bar::Ascender,
        (_, 1) => Bar::Descender,
        _ => Bar::Tracker,
    })
}

/// The place of the check character: rows and columns count 1 to 5 and 0, and both are added up modulo 6.
fn check(value: &str) -> usize {
    let sum = |part: fn(usize) -> usize| {
        let sum: usize = value.chars().filter_map(index).map(|index| part(index) + 1).sum();
        (sum + 5) % 6
    };
    sum(|index| index / 6) * 6 + sum(|index| index % 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_character_of_the_published_example_is_right() {
        // "SN34RD1A" has the check character K in Royal Mail's guide.
        assert_eq!(Some(check("SN34RD1A")), index('K'));
    }
}
