//! ITF-14 (GS1 General Specifications, 5.3): a GTIN-14 in Interleaved 2 of 5 with a frame of bearer bars.

use super::check_digit::checked_digits;
use super::registry::Symbology;
use super::{BarcodeError, NaturalHeight, Options, QuietZone, Symbol, itf, millimetres};

pub(super) const SYMBOLOGY: Symbology = Symbology {
    title: "ITF-14",
    standard: "GS1 General Specifications, ISO/IEC 16390",
    carries: "it carries 13 digits, or 14 with the check digit",
    quiet_zone: QuietZone::beside(10, 10),
    shows_text: false,
    module_points: millimetres(0.495),
    height: NaturalHeight::Points(millimetres(31.75)),
    properties: &[],
    encode,
};

/// Thickness of the frame; the standard asks for 2 modules at least.
const BEARER_MODULES: u8 = 4;

fn encode(value: &str, _options: &Options) -> Result<Symbol, BarcodeError> {
    let digits = checked_digits(value, 14, SYMBOLOGY.carries)?;
    let part = |range: std::ops::Range<usize>| digits.get(range).unwrap_or_default();
    let text = format!("{} {} {} {}", part(0..1), part(1..3), part(3..8), part(8..13)) + " " + part(13..14);
    let symbol = Symbol::linear(&itf::bars(&digits), text);
    Ok(Symbol { bearer: BEARER_MODULES, ..symbol })
}
