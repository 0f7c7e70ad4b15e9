//! PDF417 (ISO/IEC 15438).

mod patterns;
mod text;

use super::registry::Symbology;
use super::{BarcodeError, Bars, Level, Modules, NaturalHeight, Options, QuietZone, Rows, Symbol, millimetres};
use patterns::PATTERNS;
use text::{PAD, encode_text};

pub(super) const SYMBOLOGY: Symbology = Symbology {
    title: "PDF417",
    standard: "ISO/IEC 15438",
    carries: "it carries any text: up to 2,710 digits, 1,850 letters or 1,108 bytes, less with more error correction; \
              `level` M takes what the standard recommends for the length, L half of it, Q and H two and four times it",
    quiet_zone: QuietZone::around(2),
    shows_text: false,
    module_points: millimetres(0.33),
    height: NaturalHeight::Proportional,
    properties: &["level"],
    encode,
};

/// Digits that the largest symbol carries; nothing longer can ever fit.
const VALUE_LENGTH_MAX: usize = 2_710;

/// Codewords of the largest symbol: length, data and check words.
const CODEWORD_COUNT_MAX: usize = 928;

const ROW_COUNTS: std::ops::RangeInclusive<usize> = 3..=90;
const COLUMN_COUNT_MAX: usize = 30;

/// Height of a row in modules, the least that the standard allows.
const ROW_MODULES: u8 = 3;

/// Codewords are numbers of this base.
const BASE: u32 = 929;

fn encode(value: &str, options: &Options) -> Result<Symbol, BarcodeError> {
    BarcodeError::check_length(value, VALUE_LENGTH_MAX)?;
    let data = encode_text(value);
    let level = level(data.len(), options.level.unwrap_or(Level::Medium));
    let check_count = 2_usize << level;
    let shape = shape(1 + data.len() + check_count).ok_or(BarcodeError::Full { length: value.len() })?;
    // The first codeword tells how many there are, itself included; the rest of the rectangle is filled up.
    let data_count = shape.rows * shape.columns - check_count;
    let mut codewords = vec![u16::try_from(data_count).unwrap_or_default()];
    codewords.extend(data);
    codewords.resize(data_count, PAD);
    codewords.extend(check_words(&codewords, check_count));
    let modules = draw(shape, level, &codewords);
    Ok(Symbol { rows: Rows::Fixed(ROW_MODULES), ..Symbol::matrix(modules, value) })
}

/// The level of error correction for so many codewords (ISO/IEC 15438, annex E), and for more or less care. Each level
/// has twice the check words of the one before; level 0 has 2.
fn level(data_count: usize, level: Level) -> u32 {
    let recommended: u32 = match data_count {
        ..=40 => 2,
        41..=160 => 3,
        161..=320 => 4,
        _ => 5,
    };
    match level {
        Level::Low => recommended - 1,
        Level::Medium => recommended,
        Level::Quartile => recommended + 1,
        Level::High => recommended + 2,
    }
}

/// Rows and columns of a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shape {
    rows: usize,
    columns: usize,
}

/// The shape for so many codewords that is closest to three times as wide as high.
fn shape(count: usize) -> Option<Shape> {
    let shapes =
        (1..=COLUMN_COUNT_MAX).map(|columns| Shape { rows: count.div_ceil(columns).max(*ROW_COUNTS.start()), columns });
    let fits = |shape: &Shape| ROW_COUNTS.contains(&shape.rows) && shape.rows * shape.columns <= CODEWORD_COUNT_MAX;
    shapes.filter(fits).min_by_key(|shape| {
        let (width, height) = (17 * shape.columns + 69, usize::from(ROW_MODULES) * shape.rows);
        width.abs_diff(3 * height)
    })
}

/// Check words for the generator with the roots 3^1 to 3^count.
fn check_words(data: &[u16], count: usize) -> Vec<u16> {
    let mut generator = vec![0_u32; count + 1];
    if let Some(first) = generator.first_mut() {
        *first = 1;
    }
    let mut root = 1;
    for degree in 1..=count {
        // Times (x − root); the highest power first.
        root = root * 3 % BASE;
        for place in (1..=degree).rev() {
            let before = generator.get(place - 1).copied().unwrap_or_default();
            if let Some(coefficient) = generator.get_mut(place) {
                *coefficient = (*coefficient + BASE - before * root % BASE) % BASE;
            }
        }
    }
    let mut remainder = vec![0_u32; count];
    for &word in data {
        let factor = (u32::from(word) + remainder.first().copied().unwrap_or_default()) % BASE;
        remainder.rotate_left(1);
        if let Some(last) = remainder.last_mut() {
            *last = 0;
        }
        for (slot, coefficient) in remainder.iter_mut().zip(generator.iter().skip(1)) {
            *slot = (*slot + BASE - factor * coefficient % BASE) % BASE;
        }
    }
    remainder.into_iter().map(|word| u16::try_from((BASE - word) % BASE).unwrap_or_default()).collect()
}

fn draw(shape: Shape, level: u32, codewords: &[u16]) -> Modules {
    let width = u16::try_from(17 * shape.columns + 69).unwrap_or(u16::MAX);
    let mut modules = Modules::light(width, u16::try_from(shape.rows).unwrap_or(u16::MAX));
    let level = usize::try_from(level).unwrap_or_default();
    for (row, (y, words)) in (0_u32..).zip(codewords.chunks(shape.columns)).enumerate() {
        // Beside the data stand, in turns, the numbers of rows and columns and the level.
        let rows = (shape.rows - 1) / 3;
        let level = 3 * level + (shape.rows - 1) % 3;
        let columns = shape.columns - 1;
        let (left, right) = match row % 3 {
            0 => (rows, columns),
            1 => (level, rows),
            _ => (columns, level),
        };
        let indicator = |number: usize| u16::try_from(30 * (row / 3) + number).unwrap_or_default();
        let mut bars = Bars::default();
        bars.bars(&[8, 1, 1, 1, 1, 1, 1, 3]);
        for word in [indicator(left)].into_iter().chain(words.iter().copied()).chain([indicator(right)]) {
            let pattern = PATTERNS.get(row % 3).and_then(|cluster| cluster.get(usize::from(word)));
            bars.bars(&[1]);
            bars.pattern(pattern.copied().unwrap_or_default(), 16);
        }
        bars.bars(&[7, 1, 1, 3, 1, 1, 1, 2, 1]);
        bars.darken_row(&mut modules, y);
    }
    modules
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_with_its_check_words_vanishes_at_every_root() {
        let data: Vec<u16> = (0..20).map(|word| word * 31 % 929).collect();
        let whole: Vec<u32> = data.iter().chain(&check_words(&data, 8)).map(|&word| u32::from(word)).collect();
        let mut root = 1;
        for _ in 0..8 {
            root = root * 3 % BASE;
            assert_eq!(whole.iter().fold(0, |value, word| (value * root + word) % BASE), 0);
        }
    }

    #[test]
    fn symbols_are_about_three_times_as_wide_as_high_and_never_beyond_the_limits() {
        assert_eq!(shape(20), Some(Shape { rows: 10, columns: 2 }));
        for count in 3..=CODEWORD_COUNT_MAX {
            if let Some(shape) = shape(count) {
                assert!(shape.rows * shape.columns >= count && ROW_COUNTS.contains(&shape.rows), "{count}");
            }
        }
        assert!(shape(900).is_some() && shape(929).is_none());
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        assert!(encode(&"7".repeat(2_400), &Options::default()).is_ok());
        assert!(encode(&"7".repeat(2_710), &Options { level: Some(Level::High), ..Options::default() }).is_err());
        assert!(encode(&"é".repeat(2_000), &Options::default()).is_err());
        assert_eq!(encode("", &Options::default()), Err(BarcodeError::Empty));
    }
}
