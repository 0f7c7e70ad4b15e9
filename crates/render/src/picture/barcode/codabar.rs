//! Codabar (EN 798).

use super::registry::Symbology;
use super::{BarcodeError, Bars, NaturalHeight, Options, QuietZone, Symbol, millimetres};

pub(super) const SYMBOLOGY: Symbology = Symbology {
    title: "Codabar",
    standard: "EN 798",
    carries: "it carries digits and - $ : / . + between two of the letters A to D; without letters it gets two A",
    quiet_zone: QuietZone::beside(10, 10),
    shows_text: false,
    module_points: millimetres(0.33),
    height: NaturalHeight::Points(36.0),
    properties: &[],
    encode,
};

/// Characters of a value. Each is 12 or 14 modules wide, and wider symbols exceed what scanners read.
const VALUE_LENGTH_MAX: usize = 100;

const CHARACTERS: &str = "0123456789-$:/.+ABCD";

/// Seven elements of each character, the first one highest; a set bit is wide.
const PATTERNS: [u16; 20] = [
    0x03, 0x06, 0x09, 0x60, 0x12, 0x42, 0x21, 0x24, 0x30, 0x48, 0x0C, 0x18, 0x45, 0x51, 0x54, 0x15, 0x1A, 0x29, 0x0B,
    0x0E,
];

fn encode(value: &str, _options: &Options) -> Result<Symbol, BarcodeError> {
    BarcodeError::check_length(value, VALUE_LENGTH_MAX)?;
    BarcodeError::check_characters(value, SYMBOLOGY.carries, |character| CHARACTERS.contains(character))?;
    let letter = |character: char| character.is_ascii_uppercase();
    let (starts, ends) = (value.starts_with(letter), value.len() > 1 && value.ends_with(letter));
    if starts != ends {
        let position = if starts { value.len() } else { 1 };
        let expected = "a letter from A to D must stand, as at the other end".to_owned();
        return Err(BarcodeError::Structure { position, expected });
    }
    let edge = usize::from(starts);
    let inner = value.get(edge..value.len() - edge).unwrap_or_default();
    if let Some((index, character)) = inner.char_indices().find(|(_, character)| letter(*character)) {
        let allowed = "the letters A to D stand at the ends only";
        return Err(BarcodeError::Character { character, position: index + edge + 1, allowed });
    }
    let whole = if starts { value.to_owned() } else { format!("A{value}A") };
    let mut bars = Bars::default();
    for (index, pattern) in whole.chars().filter_map(|character| PATTERNS.get(CHARACTERS.find(character)?)).enumerate()
    {
        if index > 0 {
            bars.spaces(&[1]);
        }
        bars.narrow_and_wide(*pattern, 7);
    }
    Ok(Symbol::linear(&bars, inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_stand_at_both_ends_or_at_none() {
        let said = |value: &str| encode(value, &Options::default()).map(|_| ()).map_err(|error| error.to_string());
        assert_eq!(said("A40156B"), Ok(()));
        assert_eq!(said("40156"), Ok(()));
        assert_eq!(
            said("A40156"),
            Err("at position 6 a letter from A to D must stand, as at the other end".to_owned())
        );
        assert_eq!(
            said("40156B"),
            Err("at position 1 a letter from A to D must stand, as at the other end".to_owned())
        );
        assert!(said("A40B156C").is_err_and(|said| said.contains("'B' at position 4")));
        assert!(said("A").is_err());
        assert!(said("4O156").is_err_and(|said| said.contains("'O' at position 2")));
        let modules = |value| encode(value, &Options::default()).map(|symbol| symbol.modules);
        assert_eq!(modules("40156"), modules("A40156A"));
        assert_ne!(modules("40156"), modules("A40156B"));
    }
}
