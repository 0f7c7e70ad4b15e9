//! Data Matrix ECC 200 (ISO/IEC 16022).

use datamatrix::{DataMatrix, DataMatrixBuilder, SymbolList};

use super::registry::Symbology;
use super::{BarcodeError, Modules, NaturalHeight, Options, QuietZone, Symbol, millimetres};

pub(super) const SYMBOLOGY: Symbology = Symbology {
    title: "Data Matrix",
    standard: "ISO/IEC 16022",
    carries: "it carries any text: up to 3,116 digits, 2,335 letters, or 1,555 bytes",
    quiet_zone: QuietZone::around(1),
    shows_text: false,
    module_points: millimetres(0.5),
    height: NaturalHeight::Proportional,
    properties: &["shape"],
    encode,
};

/// Digits that the largest symbol carries (ISO/IEC 16022, table 7); nothing longer can ever fit.
pub(super) const VALUE_LENGTH_MAX: usize = 3_116;

/// Text of Latin-1 is written as that, which readers expect; any other as UTF-8 behind its ECI designator.
fn encode(value: &str, options: &Options) -> Result<Symbol, BarcodeError> {
    BarcodeError::check_length(value, VALUE_LENGTH_MAX)?;
    let made = builder(options).encode_str(value);
    Ok(Symbol::matrix(modules(made.ok(), value)?, value))
}

pub(super) fn builder(options: &Options) -> DataMatrixBuilder {
    let sizes = SymbolList::default();
    let sizes = if options.rectangle { sizes.enforce_rectangular() } else { sizes.enforce_square() };
    DataMatrixBuilder::new().with_symbol_list(sizes)
}

pub(super) fn modules(made: Option<DataMatrix>, value: &str) -> Result<Modules, BarcodeError> {
    let length = value.len();
    let too_long = || BarcodeError::TooLong { length, length_max: length.saturating_sub(1), unit: "bytes" };
    let bitmap = made.ok_or_else(too_long)?.bitmap();
    let side = |modules: usize| u16::try_from(modules).map_err(|_| too_long());
    let mut modules = Modules::light(side(bitmap.width())?, side(bitmap.height())?);
    for (x, y) in bitmap.pixels() {
        if let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) {
            modules.darken(x, y);
        }
    }
    Ok(modules)
}
