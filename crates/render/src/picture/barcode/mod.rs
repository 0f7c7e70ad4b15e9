//! Barcodes: a value becomes a grid of dark and light modules.

mod code128;
mod code128_patterns;
mod modules;
mod qr;

use thiserror::Error;

pub use crate::template::model::QrLevel;
pub use code128::code128;
pub use modules::Modules;
pub use qr::qr;

/// Why a value cannot become a barcode.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BarcodeError {
    /// There is nothing to encode.
    #[error("the value is empty")]
    Empty,
    /// The value has more bytes than the symbology can carry.
    #[error("the value has {length} bytes, which is more than this barcode can carry ({length_max})")]
    TooLong {
        /// Bytes of the value.
        length: usize,
        /// Bytes that fit at most.
        length_max: usize,
    },
    /// The symbology has no symbol for a character.
    #[error("the character {character:?} cannot be encoded; Code 128 carries ASCII only")]
    Character {
        /// The first such character.
        character: char,
    },
}
