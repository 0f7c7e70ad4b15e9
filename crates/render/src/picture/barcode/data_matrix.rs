//! Data Matrix ECC 200 (ISO/IEC 16022).

use datamatrix::{DataMatrix, DataMatrixBuilder, SymbolList, SymbolSize};

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
    let modules = smallest(value, options, |builder| builder.encode_str(value).ok())?;
    Ok(Symbol::matrix(modules, value))
}

/// Squares that carry more digits or letters than the largest one carries bytes.
const LARGE_SQUARES: &[SymbolSize] =
    &[SymbolSize::Square104, SymbolSize::Square120, SymbolSize::Square132, SymbolSize::Square144];

/// The same for rectangles.
const LARGE_RECTANGLES: &[SymbolSize] = &[SymbolSize::Rect16x36, SymbolSize::Rect16x48];

/// The smallest symbol that `make` can make for a value.
pub(super) fn smallest(
    value: &str,
    options: &Options,
    make: impl Fn(DataMatrixBuilder) -> Option<DataMatrix>,
) -> Result<Modules, BarcodeError> {
    let all = SymbolList::default();
    let (all, large) = if options.rectangle {
        (all.enforce_rectangular(), LARGE_RECTANGLES)
    } else {
        (all.enforce_square(), LARGE_SQUARES)
    };
    // The crate gives up on what would not fit as bytes, unless it has one size only to choose from.
    let large = large.iter().copied().map(SymbolList::from);
    let made = [all].into_iter().chain(large).find_map(|sizes| make(DataMatrixBuilder::new().with_symbol_list(sizes)));
    let too_long = || BarcodeError::Full { length: value.len() };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_symbol_is_filled_with_digits_letters_or_bytes() {
        let side = |value: &str| encode(value, &Options::default()).map(|symbol| symbol.modules.width);
        assert_eq!(side(&"7".repeat(3_116)), Ok(144));
        assert_eq!(side(&"A".repeat(2_335)), Ok(144));
        assert_eq!(side(&"é".repeat(1_555)), Ok(144));
        assert_eq!(side(&"7".repeat(2_000)), Ok(120));
        assert_eq!(side(&"é".repeat(1_556)), Err(BarcodeError::Full { length: 3_112 }));
        let rectangle = Options { rectangle: true, ..Options::default() };
        assert!(encode(&"7".repeat(98), &rectangle).is_ok() && encode(&"7".repeat(99), &rectangle).is_err());
    }
}
