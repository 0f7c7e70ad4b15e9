//! EAN-8 (ISO/IEC 15420).

use super::check_digit::checked_digits;
use super::ean::{Builder, MODULE_POINTS};
use super::registry::Symbology;
use super::{BarcodeError, Caption, NaturalHeight, Options, QuietZone, Symbol};

pub(super) const SYMBOLOGY: Symbology = Symbology {
    title: "EAN-8",
    standard: "ISO/IEC 15420",
    carries: "it carries 7 digits, or 8 with the check digit",
    quiet_zone: QuietZone::beside(7, 7),
    shows_text: true,
    module_points: MODULE_POINTS,
    // 18.23 mm at nominal size.
    height: NaturalHeight::Modules(55.24),
    properties: &[],
    encode,
};

fn encode(value: &str, _options: &Options) -> Result<Symbol, BarcodeError> {
    let digits = checked_digits(value, 8, SYMBOLOGY.carries)?;
    let (left, right) = digits.split_at_checked(4).unwrap_or_default();
    let mut builder = Builder::default();
    builder.end_guard();
    builder.left(left, 0);
    builder.middle_guard();
    builder.right(right);
    builder.end_guard();
    Ok(builder.symbol(vec![Caption::cells(left, 3, 28), Caption::cells(right, 36, 28)]))
}
