//! QR codes (ISO/IEC 18004), with or without a logo in the middle.

use qrcode::{EcLevel, QrCode};

use super::qr_bits::{Content, ec_level, modules};
use super::registry::Symbology;
use super::{BarcodeError, Level, Modules, NaturalHeight, Options, QuietZone, Symbol};

pub(super) const SYMBOLOGY: Symbology = Symbology {
    title: "QR code",
    standard: "ISO/IEC 18004",
    carries: "it carries any text: up to 7,089 digits, 4,296 capitals, 2,953 bytes, or 1,817 kanji",
    quiet_zone: QuietZone::around(4),
    shows_text: false,
    // An inch for 29 modules is read from a hand's distance.
    module_points: 2.5,
    height: NaturalHeight::Proportional,
    properties: &["level", "logo"],
    encode,
};

/// Bytes that the largest symbol (version 40, level L) carries when they are all digits; nothing longer can ever fit.
const VALUE_LENGTH_MAX: usize = 7_089;

/// The level of a code when its author says nothing.
const LEVEL_DEFAULT: Level = Level::Medium;

/// The same with a logo, which takes from what the level can correct.
const LEVEL_WITH_LOGO_DEFAULT: Level = Level::High;

fn encode(value: &str, options: &Options) -> Result<Symbol, BarcodeError> {
    if value.is_empty() {
        return Err(BarcodeError::Empty);
    }
    let usual = if options.logo { LEVEL_WITH_LOGO_DEFAULT } else { LEVEL_DEFAULT };
    let level = ec_level(options.level.unwrap_or(usual));
    let too_long =
        || BarcodeError::TooLong { length: value.len(), length_max: length_max(value, level), unit: "bytes" };
    if value.len() > VALUE_LENGTH_MAX {
        return Err(too_long());
    }
    // Version 1 is too small for a logo.
    let first = if options.logo { 2 } else { 1 };
    let bits = Content::new(value).smallest(first, level).ok_or_else(too_long)?;
    let code = QrCode::with_bits(bits, level).map_err(|_| too_long())?;
    let mut modules = modules(code.version().width(), &code.to_colors());
    let logo = if options.logo { Some(free_middle(&mut modules, code.max_allowed_errors())?) } else { None };
    Ok(Symbol { logo, ..Symbol::matrix(modules, value) })
}

/// Makes a square in the middle light; gives its side. It covers so few codewords that two thirds of the error
/// correction are enough to read them: the rest is for real damage.
fn free_middle(modules: &mut Modules, corrected: usize) -> Result<u32, BarcodeError> {
    let side = modules.width;
    // Codewords are 2 modules wide and 4 high: this many are touched wherever the square begins.
    let touched = |square: u32| (square + 1).div_ceil(2) * (square + 3).div_ceil(4);
    let budget = u32::try_from(corrected * 2 / 3).unwrap_or(u32::MAX);
    // An odd side leaves whole modules around it; three tenths stay away from the finder patterns, and below a fifth
    // a logo is no longer seen.
    let squares = (1..=side * 3 / 10).rev().filter(|square| square % 2 == 1);
    let square = squares
        .take_while(|square| square * 5 >= side)
        .find(|&square| touched(square) <= budget)
        .ok_or(BarcodeError::Logo { corrected })?;
    let start = (side - square) / 2;
    for y in start..start + square {
        for x in start..start + square {
            modules.lighten(x, y);
        }
    }
    Ok(square)
}

/// Bytes of such a value that fit into version 40 (ISO/IEC 18004, table 7): digits pack best, then the 45
/// characters of the alphanumeric mode, then anything.
fn length_max(value: &str, level: EcLevel) -> usize {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    let alphanumeric =
        value.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase() || b" $%*+-./:".contains(&byte));
    let [numeric, text, bytes] = match level {
        EcLevel::L => [7_089, 4_296, 2_953],
        EcLevel::M => [5_596, 3_391, 2_331],
        EcLevel::Q => [3_993, 2_420, 1_663],
        EcLevel::H => [3_057, 1_852, 1_273],
    };
    if digits {
        numeric
    } else if alphanumeric {
        text
    } else {
        bytes
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn side(value: &str, level: Level) -> Result<u32, BarcodeError> {
        encode(value, &Options { level: Some(level), ..Options::default() }).map(|symbol| symbol.modules.width)
    }

    #[test]
    fn the_finder_patterns_stand_in_three_corners() {
        let modules = encode("HELLO", &Options::default()).unwrap().modules;
        assert_eq!((modules.width, modules.height), (21, 21));
        for step in 0..7 {
            assert!(modules.dark(step, 0) && modules.dark(0, step) && modules.dark(14 + step, 0));
        }
    }

    #[test]
    fn a_higher_level_needs_more_modules_for_the_same_value() {
        let value = "https://example.com/pay/2026-001?amount=1204.50";
        let sides = [Level::Low, Level::Medium, Level::Quartile, Level::High].map(|level| side(value, level).unwrap());
        assert!(sides.is_sorted() && sides[0] < sides[3], "{sides:?}");
    }

    #[test]
    fn text_beyond_ascii_is_carried_as_utf_8_bytes_and_japanese_as_kanji() {
        // 14 bytes of payload fill version 1 at level M exactly; one more needs version 2.
        assert_eq!(side("é–é–éab", Level::Medium), Ok(21));
        assert_eq!(side("é–é–éabcd", Level::Medium), Ok(25));
        // 8 kanji fill version 1 at level M; as UTF-8 they would be 24 bytes.
        assert_eq!(side("東京都千代田区一", Level::Medium), Ok(21));
        assert_eq!(side("東京都千代田区一番", Level::Medium), Ok(25));
        // What Shift JIS does not have goes as UTF-8 as a whole.
        assert_eq!(side("東京都千代田区é", Level::Medium), Ok(25));
    }

    #[test]
    fn the_longest_value_fits_and_one_more_byte_does_not() {
        let too_long = |length, length_max| Err(BarcodeError::TooLong { length, length_max, unit: "bytes" });
        assert!(side(&"7".repeat(7_089), Level::Low).is_ok());
        assert_eq!(side(&"7".repeat(7_090), Level::Low), too_long(7_090, 7_089));
        assert!(side(&"a".repeat(1_273), Level::High).is_ok());
        assert_eq!(side(&"a".repeat(1_274), Level::High), too_long(1_274, 1_273));
        assert!(side(&"é".repeat(1_000_000), Level::High).is_err());
        assert_eq!(side("", Level::Low), Err(BarcodeError::Empty));
        assert!(side(&"漢".repeat(1_817), Level::Low).is_ok());
        assert!(side(&"漢".repeat(1_818), Level::Low).is_err());
    }

    #[test]
    fn a_logo_takes_less_than_two_thirds_of_the_error_correction() {
        let with = |level| Options { level, logo: true, ..Options::default() };
        for length in [1, 20, 50, 100, 200, 400, 800, 1_200] {
            let symbol = encode(&"a".repeat(length), &with(None)).unwrap();
            let (side, logo) = (symbol.modules.width, symbol.logo.unwrap());
            assert!(logo * 5 >= side && logo * 10 <= side * 3 && (side - logo) % 2 == 0, "{logo} of {side}");
            let start = (side - logo) / 2;
            assert!((start..start + logo).all(|at| !symbol.modules.dark(at, start) && !symbol.modules.dark(at, at)));
        }
        let refused = encode("https://example.com", &with(Some(Level::Low))).unwrap_err();
        assert_eq!(refused.to_string(), "this code corrects 4 of its codewords, too few to carry a logo");
    }
}
