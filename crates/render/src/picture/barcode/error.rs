//! Why a value cannot become a barcode.

use thiserror::Error;

/// Why a value cannot become a barcode. Positions count characters from 1.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BarcodeError {
    /// There is nothing to encode.
    #[error("the value is empty")]
    Empty,
    /// The value has more characters, or more bytes, than the symbology can carry.
    #[error("the value has {length} {unit}, which is more than this barcode can carry ({length_max})")]
    TooLong {
        /// Length of the value.
        length: usize,
        /// What fits at most.
        length_max: usize,
        /// What is counted: `characters`, or `bytes` where characters need more than one.
        unit: &'static str,
    },
    /// The largest symbol cannot carry these characters; how many it carries depends on which they are.
    #[error("the value has {length} bytes, and this barcode cannot carry so many of their kind")]
    Full {
        /// Bytes of the value.
        length: usize,
    },
    /// The value has a length that the symbology does not have.
    #[error("the value has {length} digits; {allowed}")]
    Length {
        /// Digits of the value.
        length: usize,
        /// What the symbology carries.
        allowed: &'static str,
    },
    /// The symbology has no symbol for a character.
    #[error("the character {character:?} at position {position} cannot be encoded; {allowed}")]
    Character {
        /// The first such character.
        character: char,
        /// Where it is.
        position: usize,
        /// What the symbology carries.
        allowed: &'static str,
    },
    /// The check digit of the value is not the one that its other digits ask for.
    #[error("the check digit at position {position} is {given}, but should be {expected}")]
    CheckDigit {
        /// Where it is.
        position: usize,
        /// What the value says.
        given: char,
        /// What would be right.
        expected: char,
    },
    /// The value has the right characters in an order that means nothing.
    #[error("at position {position} {expected}")]
    Structure {
        /// Where it goes wrong.
        position: usize,
        /// What was expected there.
        expected: String,
    },
    /// The symbology does not have this level of error correction.
    #[error("this barcode has no level {level}")]
    Level {
        /// The level that was asked for.
        level: &'static str,
        /// Those that it has.
        allowed: &'static str,
    },
    /// The error correction of this code cannot make up for what a logo covers.
    #[error("this code corrects {corrected} of its codewords, too few to carry a logo")]
    Logo {
        /// Codewords that can be corrected.
        corrected: usize,
    },
}

impl BarcodeError {
    /// What to do about it, where the message does not say it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Level { .. } => Some("set `level` to L, M or Q, or choose a QR code, which has all levels"),
            Self::Logo { .. } => Some("set `level` to Q or H, or leave out `logo`"),
            Self::TooLong { .. } | Self::Full { .. } => {
                Some("shorten it, or choose a symbology or level that carries more")
            }
            Self::CheckDigit { .. } => Some("leave the check digit out to have it computed"),
            _ => None,
        }
    }

    /// Refuses what is empty, or has more characters than `length_max`.
    pub(super) fn check_length(value: &str, length_max: usize) -> Result<(), Self> {
        if value.is_empty() {
            return Err(Self::Empty);
        }
        // A character has four bytes at most: hostile values are not counted through.
        if value.len() / 4 > length_max {
            return Err(Self::TooLong { length: value.len(), length_max, unit: "bytes" });
        }
        let length = value.chars().count();
        if length > length_max {
            return Err(Self::TooLong { length, length_max, unit: "characters" });
        }
        Ok(())
    }

    /// Refuses the first character that is not `known`.
    pub(super) fn check_characters(
        value: &str,
        allowed: &'static str,
        known: impl Fn(char) -> bool,
    ) -> Result<(), Self> {
        match value.chars().enumerate().find(|(_, character)| !known(*character)) {
            Some((index, character)) => Err(Self::Character { character, position: index + 1, allowed }),
            None => Ok(()),
        }
    }
}
