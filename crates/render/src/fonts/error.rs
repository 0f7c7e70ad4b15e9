//! What can be wrong with a font file.

use thiserror::Error;

/// Why bytes are not a usable font.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FontError {
    /// The bytes are not a TrueType or OpenType font.
    #[error("the bytes are not a TrueType or OpenType font: {reason}")]
    Unreadable {
        /// What the parser found.
        reason: String,
    },
    /// The font lacks a table that layout cannot do without.
    #[error("the font has no readable `{table}` table")]
    MissingTable {
        /// Tag of the table.
        table: &'static str,
    },
    /// The font has no family name.
    #[error("the font has no family name")]
    MissingName,
    /// A number in the font is outside of what the format allows.
    #[error("the font's {what} is out of range")]
    OutOfRange {
        /// Which number.
        what: &'static str,
    },
}
