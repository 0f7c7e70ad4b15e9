//! GS1-128 (GS1 General Specifications, 5.4): Code 128 that begins with FNC1 and carries application identifiers.

use super::code128::{FUNCTION_1_BYTE, bars};
use super::gs1;
use super::registry::Symbology;
use super::{BarcodeError, NaturalHeight, Options, QuietZone, Symbol, millimetres};

pub(super) const SYMBOLOGY: Symbology = Symbology {
    title: "GS1-128",
    standard: "GS1 General Specifications, ISO/IEC 15417",
    carries: "it carries application identifiers in brackets with their data, such as (01)09501101530003(10)AB-12",
    quiet_zone: QuietZone::beside(10, 10),
    shows_text: false,
    module_points: millimetres(0.495),
    height: NaturalHeight::Points(millimetres(31.75)),
    properties: &[],
    encode,
};

/// Characters of identifiers and data together (GS1 General Specifications, 5.4.4.6).
const DATA_LENGTH_MAX: usize = 48;

fn encode(value: &str, _options: &Options) -> Result<Symbol, BarcodeError> {
    let elements = gs1::parse(value)?;
    let length = elements.iter().map(|element| element.identifier.len() + element.data.len()).sum();
    if length > DATA_LENGTH_MAX {
        return Err(BarcodeError::TooLong { length, length_max: DATA_LENGTH_MAX, unit: "characters without brackets" });
    }
    let mut bytes = vec![FUNCTION_1_BYTE];
    bytes.extend(gs1::joined(&elements, FUNCTION_1_BYTE));
    Ok(Symbol::linear(&bars(&bytes), gs1::shown(&elements)))
}
