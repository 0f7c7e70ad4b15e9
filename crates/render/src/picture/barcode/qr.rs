//! QR codes (ISO/IEC 18004).

use qrcode::bits::{Bits, encode_auto};
use qrcode::{Color, EcLevel, QrCode, Version};

use super::{BarcodeError, Modules, QrLevel};

/// Bytes that the largest symbol (version 40, level L) carries when they are all digits; nothing longer can ever fit.
const VALUE_LENGTH_MAX: usize = 7_089;

/// Encodes a value as the smallest QR code that carries it.
///
/// Text beyond ASCII is written as UTF-8 bytes without an ECI header: the payment codes (EPC069-12, the Swiss QR-bill)
/// ask for exactly that, and readers recognise it. `quiet_zone` is the number of light modules on each side; the
/// standard asks for 4.
///
/// # Errors
/// The value is empty, or too long for version 40 at this level.
pub fn qr(value: &str, level: QrLevel, quiet_zone: u8) -> Result<Modules, BarcodeError> {
    if value.is_empty() {
        return Err(BarcodeError::Empty);
    }
    let level = match level {
        QrLevel::Low => EcLevel::L,
        QrLevel::Medium => EcLevel::M,
        QrLevel::Quartile => EcLevel::Q,
        QrLevel::High => EcLevel::H,
    };
    let too_long = || BarcodeError::TooLong { length: value.len(), length_max: length_max(value, level) };
    if value.len() > VALUE_LENGTH_MAX {
        return Err(too_long());
    }
    let bits = if value.is_ascii() {
        encode_auto(value.as_bytes(), level).ok()
    } else {
        // The automatic mode takes byte pairs of UTF-8 for Shift JIS and would write them as kanji.
        (1..=40).find_map(|version| byte_mode(value.as_bytes(), Version::Normal(version), level))
    };
    let code = bits.and_then(|bits| QrCode::with_bits(bits, level).ok()).ok_or_else(too_long)?;
    let side = u16::try_from(code.width()).map_err(|_| too_long())?;
    let mut modules = Modules::light(side + 2 * u16::from(quiet_zone), side + 2 * u16::from(quiet_zone));
    let (side, quiet_zone) = (u32::from(side), u32::from(quiet_zone));
    let places = (0..side).flat_map(|y| (0..side).map(move |x| (x, y)));
    for ((x, y), color) in places.zip(code.to_colors()) {
        if color == Color::Dark {
            modules.darken(x + quiet_zone, y + quiet_zone);
        }
    }
    Ok(modules)
}

fn byte_mode(bytes: &[u8], version: Version, level: EcLevel) -> Option<Bits> {
    let capacity = Bits::new(version).max_len(level).ok()?;
    if bytes.len().saturating_mul(8) > capacity {
        return None;
    }
    let mut bits = Bits::new(version);
    bits.push_byte_data(bytes).ok()?;
    bits.push_terminator(level).ok()?;
    Some(bits)
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

    use super::{BarcodeError, QrLevel, qr};

    #[test]
    fn the_quiet_zone_is_light_and_the_finder_pattern_starts_right_after_it() {
        let modules = qr("HELLO", QrLevel::Medium, 4).unwrap();
        assert_eq!((modules.width, modules.height), (29, 29));
        for other in 0..29 {
            for edge in [0, 1, 2, 3, 25, 26, 27, 28] {
                assert!(!modules.dark(edge, other) && !modules.dark(other, edge));
            }
        }
        for step in 0..7 {
            assert!(modules.dark(4 + step, 4) && modules.dark(4, 4 + step) && modules.dark(18 + step, 4));
        }
    }

    #[test]
    fn a_higher_level_needs_more_modules_for_the_same_value() {
        let value = "https://example.com/pay/2026-001?amount=1204.50";
        let widths = [QrLevel::Low, QrLevel::Medium, QrLevel::Quartile, QrLevel::High]
            .map(|level| qr(value, level, 0).unwrap().width);
        assert!(widths.is_sorted() && widths[0] < widths[3], "{widths:?}");
    }

    #[test]
    fn text_beyond_ascii_is_carried_as_utf_8_bytes() {
        // 14 bytes of payload fill version 1 at level M exactly; one more needs version 2.
        assert_eq!(qr("é–é–éab", QrLevel::Medium, 0).unwrap().width, 21);
        assert_eq!(qr("é–é–éabcd", QrLevel::Medium, 0).unwrap().width, 25);
    }

    #[test]
    fn an_empty_value_is_an_error() {
        assert_eq!(qr("", QrLevel::Low, 4), Err(BarcodeError::Empty));
    }

    #[test]
    fn the_longest_value_fits_and_one_more_byte_does_not() {
        assert!(qr(&"7".repeat(7_089), QrLevel::Low, 0).is_ok());
        assert_eq!(
            qr(&"7".repeat(7_090), QrLevel::Low, 0),
            Err(BarcodeError::TooLong { length: 7_090, length_max: 7_089 })
        );
        assert!(qr(&"a".repeat(1_273), QrLevel::High, 0).is_ok());
        assert_eq!(
            qr(&"a".repeat(1_274), QrLevel::High, 0),
            Err(BarcodeError::TooLong { length: 1_274, length_max: 1_273 })
        );
        assert!(qr(&"é".repeat(1_000_000), QrLevel::High, 0).is_err());
    }
}
