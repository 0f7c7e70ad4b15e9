//! Micro QR codes (ISO/IEC 18004): for few characters in little room.

use qrcode::bits::Bits;
use qrcode::canvas::Canvas;
use qrcode::ec::construct_codewords;
use qrcode::{EcLevel, Version};

use super::qr_bits::{Content, ec_level, modules};
use super::registry::Symbology;
use super::{BarcodeError, Level, Modules, NaturalHeight, Options, QuietZone, Symbol};

pub(super) const SYMBOLOGY: Symbology = Symbology {
    title: "Micro QR code",
    standard: "ISO/IEC 18004",
    carries: "it carries up to 35 digits, 21 capitals or 15 bytes, less at the levels M and Q; level H does not exist",
    quiet_zone: QuietZone::around(2),
    shows_text: false,
    module_points: 2.5,
    height: NaturalHeight::Proportional,
    properties: &["level"],
    encode,
};

/// Digits that the largest symbol carries; nothing longer can ever fit.
const VALUE_LENGTH_MAX: usize = 35;

/// The level of a code when its author says nothing.
const LEVEL_DEFAULT: Level = Level::Low;

fn encode(value: &str, options: &Options) -> Result<Symbol, BarcodeError> {
    BarcodeError::check_length(value, VALUE_LENGTH_MAX)?;
    let level = options.level.unwrap_or(LEVEL_DEFAULT);
    if level == Level::High {
        return Err(BarcodeError::Level { level: "H", allowed: "L, M or Q" });
    }
    let level = ec_level(level);
    let too_long = || BarcodeError::Full { length: value.len() };
    let content = Content::new(value);
    // Not every version has every level and mode; the crate refuses those that do not exist.
    let made = (1..=4).find_map(|version| draw(content.bits(Version::Micro(version), level)?, level));
    Ok(Symbol::matrix(made.ok_or_else(too_long)?, value))
}

fn draw(bits: Bits, level: EcLevel) -> Option<Modules> {
    let version = bits.version();
    let (mut data, mut checks) = construct_codewords(&bits.into_bytes(), version, level).ok()?;
    if (version, level) == (Version::Micro(3), EcLevel::L) {
        // The last data codeword is half a byte here too, which the crate does not know: the check words move up.
        let last = data.pop()?;
        let mut half = last >> 4;
        for check in std::mem::take(&mut checks) {
            data.push(half << 4 | check >> 4);
            half = check & 15;
        }
        data.push(half << 4);
    }
    let mut canvas = Canvas::new(version, level);
    canvas.draw_all_functional_patterns();
    canvas.draw_data(&data, &checks);
    Some(modules(version.width(), &canvas.apply_best_mask().into_colors()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(value: &str, level: Option<Level>) -> Result<u32, BarcodeError> {
        encode(value, &Options { level, ..Options::default() }).map(|symbol| symbol.modules.width)
    }

    #[test]
    fn the_smallest_version_is_taken() {
        assert_eq!(side("12345", None), Ok(11));
        assert_eq!(side("123456", None), Ok(13));
        assert_eq!(side("ABC", None), Ok(13));
        assert_eq!(side("abc", None), Ok(15));
        assert_eq!(side("0123456789ABCDEFGHIJK", None), Ok(17));
        assert_eq!(side("12345", Some(Level::Medium)), Ok(13));
        assert_eq!(side("12345", Some(Level::Quartile)), Ok(17));
    }

    #[test]
    fn every_number_of_digits_is_padded() {
        // M3 ends with half a byte: 20 digits end within it at level L, 15 at level M.
        for length in 1..=35 {
            let digits = "7".repeat(length);
            assert!(side(&digits, None).is_ok(), "{length}");
            assert_eq!(side(&digits, Some(Level::Medium)).is_ok(), length <= 30, "{length}");
        }
        assert_eq!(side(&"7".repeat(20), None), Ok(15));
    }

    #[test]
    fn the_level_that_does_not_exist_is_named() {
        let options = Options { level: Some(Level::High), ..Options::default() };
        let error = encode("1", &options).err();
        assert_eq!(error, Some(BarcodeError::Level { level: "H", allowed: "L, M or Q" }));
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        assert_eq!(side(&"7".repeat(35), None), Ok(17));
        assert!(side(&"7".repeat(36), None).is_err());
        assert!(side("abcdefghijklmnop", None).is_err());
        assert!(side("1", Some(Level::High)).is_err());
        assert_eq!(side("", None), Err(BarcodeError::Empty));
    }
}
