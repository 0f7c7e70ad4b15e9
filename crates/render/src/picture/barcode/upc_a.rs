//! UPC-A (ISO/IEC 15420).

use super::check_digit::checked_digits;
use super::ean::{Builder, HEIGHT, MODULE_POINTS, Set};
use super::registry::Symbology;
use super::{BarcodeError, Caption, Options, QuietZone, Symbol};

pub(super) const SYMBOLOGY: Symbology = Symbology {
    title: "UPC-A",
    standard: "ISO/IEC 15420",
    carries: "it carries 11 digits, or 12 with the check digit",
    quiet_zone: QuietZone::beside(9, 9),
    shows_text: true,
    module_points: MODULE_POINTS,
    height: HEIGHT,
    properties: &[],
    encode,
};

fn encode(value: &str, _options: &Options) -> Result<Symbol, BarcodeError> {
    let digits = checked_digits(value, 12, SYMBOLOGY.carries)?;
    let (first, rest) = digits.split_at_checked(1).unwrap_or_default();
    let (left, rest) = rest.split_at_checked(5).unwrap_or_default();
    let (right, last) = rest.split_at_checked(5).unwrap_or_default();
    let mut builder = Builder::default();
    builder.end_guard();
    builder.long_digit(first, Set::A);
    builder.left(left, 0);
    builder.middle_guard();
    builder.right(right);
    builder.long_digit(last, Set::C);
    builder.end_guard();
    // The outer digits are set smaller, in 5 modules beside the bars.
    Ok(builder.symbol(vec![
        Caption::cells(first, -7, 5),
        Caption::cells(left, 10, 35),
        Caption::cells(right, 50, 35),
        Caption::cells(last, 97, 5),
    ]))
}
