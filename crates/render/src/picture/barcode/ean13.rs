//! EAN-13 (ISO/IEC 15420), also for ISBN and ISSN.

use super::check_digit::checked_digits;
use super::ean::{Builder, HEIGHT, MODULE_POINTS};
use super::registry::Symbology;
use super::{BarcodeError, Caption, Options, QuietZone, Symbol};

pub(super) const SYMBOLOGY: Symbology = Symbology {
    title: "EAN-13",
    standard: "ISO/IEC 15420",
    carries: "it carries 12 digits, or 13 with the check digit",
    quiet_zone: QuietZone::beside(11, 7),
    shows_text: true,
    module_points: MODULE_POINTS,
    height: HEIGHT,
    properties: &[],
    encode,
};

/// Which of the six left digits are in set B, by the first digit, which has no bars of its own.
const SETS: [u8; 10] =
    [0b00_0000, 0b00_1011, 0b00_1101, 0b00_1110, 0b01_0011, 0b01_1001, 0b01_1100, 0b01_0101, 0b01_0110, 0b01_1010];

fn encode(value: &str, _options: &Options) -> Result<Symbol, BarcodeError> {
    let digits = checked_digits(value, 13, SYMBOLOGY.carries)?;
    let (first, rest) = digits.split_at_checked(1).unwrap_or_default();
    let (left, right) = rest.split_at_checked(6).unwrap_or_default();
    let sets = first.bytes().next().and_then(|first| SETS.get(usize::from(first & 15))).copied().unwrap_or_default();
    let mut builder = Builder::default();
    builder.end_guard();
    builder.left(left, sets);
    builder.middle_guard();
    builder.right(right);
    builder.end_guard();
    Ok(builder.symbol(vec![Caption::cells(first, -9, 7), Caption::cells(left, 3, 42), Caption::cells(right, 50, 42)]))
}
