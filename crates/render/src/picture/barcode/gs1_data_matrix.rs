//! GS1 DataMatrix (GS1 General Specifications, 5.6): Data Matrix that begins with FNC1 and carries application
//! identifiers.

use super::data_matrix::smallest;
use super::gs1;
use super::registry::Symbology;
use super::{BarcodeError, NaturalHeight, Options, QuietZone, Symbol, millimetres};

pub(super) const SYMBOLOGY: Symbology = Symbology {
    title: "GS1 DataMatrix",
    standard: "GS1 General Specifications, ISO/IEC 16022",
    carries: "it carries application identifiers in brackets with their data, such as (01)09501101530003(10)AB-12",
    quiet_zone: QuietZone::around(1),
    shows_text: false,
    module_points: millimetres(0.5),
    height: NaturalHeight::Proportional,
    properties: &["shape"],
    encode,
};

/// Separates fields; the standard allows this control character beside FNC1, and readers give it for both.
const GROUP_SEPARATOR: u8 = 0x1D;

fn encode(value: &str, options: &Options) -> Result<Symbol, BarcodeError> {
    let elements = gs1::parse(value)?;
    let bytes = gs1::joined(&elements, GROUP_SEPARATOR);
    let modules =
        smallest(value, options, |builder| builder.with_fnc1_start(true).with_macros(false).encode(&bytes).ok())?;
    Ok(Symbol::matrix(modules, &gs1::shown(&elements)))
}
