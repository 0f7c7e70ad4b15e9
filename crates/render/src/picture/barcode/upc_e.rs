//! UPC-E (ISO/IEC 15420): a UPC-A number with its zeros left out.

use super::check_digit::{modulo_10, only_digits};
use super::ean::{Builder, HEIGHT, MODULE_POINTS};
use super::registry::Symbology;
use super::{BarcodeError, Caption, Options, QuietZone, Symbol};

pub(super) const SYMBOLOGY: Symbology = Symbology {
    title: "UPC-E",
    standard: "ISO/IEC 15420",
    carries: "it carries 6 digits, 7 with the number system 0 or 1 before them, or 8 with the check digit too",
    quiet_zone: QuietZone::beside(9, 7),
    shows_text: true,
    module_points: MODULE_POINTS,
    height: HEIGHT,
    properties: &[],
    encode,
};

/// Which of the six digits are in set B, by the check digit, for number system 0; for 1 it is the other way round.
const SETS: [u8; 10] =
    [0b11_1000, 0b11_0100, 0b11_0010, 0b11_0001, 0b10_1100, 0b10_0110, 0b10_0011, 0b10_1010, 0b10_1001, 0b10_0101];

fn encode(value: &str, _options: &Options) -> Result<Symbol, BarcodeError> {
    if value.is_empty() {
        return Err(BarcodeError::Empty);
    }
    // What is far too long is not looked through.
    if value.len() <= 16 {
        only_digits(value, SYMBOLOGY.carries)?;
    }
    let (system, digits, given) = match value.len() {
        6 => ("0", value, None),
        7 | 8 => {
            let (system, rest) = value.split_at_checked(1).unwrap_or_default();
            let (digits, given) = rest.split_at_checked(6).unwrap_or_default();
            (system, digits, given.chars().next())
        }
        length => return Err(BarcodeError::Length { length, allowed: SYMBOLOGY.carries }),
    };
    if !matches!(system, "0" | "1") {
        let expected = "stands the number system, which is 0 or 1 in UPC-E".to_owned();
        return Err(BarcodeError::Structure { position: 1, expected });
    }
    let check = modulo_10(expanded(system, digits).as_bytes());
    let expected = char::from(b'0' + check);
    if let Some(given) = given.filter(|given| *given != expected) {
        return Err(BarcodeError::CheckDigit { position: 8, given, expected });
    }
    let sets = SETS.get(usize::from(check)).copied().unwrap_or_default();
    let mut builder = Builder::default();
    builder.end_guard();
    builder.left(digits, if system == "1" { !sets } else { sets });
    builder.upc_e_guard();
    Ok(builder.symbol(vec![
        Caption::cells(system, -7, 5),
        Caption::cells(digits, 3, 42),
        Caption::cells(expected, 53, 5),
    ]))
}

/// The 11 digits of the UPC-A number that is meant.
fn expanded(system: &str, digits: &str) -> String {
    let part = |range: std::ops::Range<usize>| digits.get(range).unwrap_or_default();
    match part(5..6) {
        last @ ("0" | "1" | "2") => format!("{system}{}{last}0000{}", part(0..2), part(2..5)),
        "3" => format!("{system}{}00000{}", part(0..3), part(3..5)),
        "4" => format!("{system}{}00000{}", part(0..4), part(4..5)),
        last => format!("{system}{}0000{last}", part(0..5)),
    }
}

#[cfg(test)]
mod tests {
    use super::expanded;

    #[test]
    fn zeros_are_put_back_where_the_last_digit_says() {
        assert_eq!(expanded("0", "123450"), "01200000345");
        assert_eq!(expanded("0", "123452"), "01220000345");
        assert_eq!(expanded("0", "123453"), "01230000045");
        assert_eq!(expanded("0", "123454"), "01234000005");
        assert_eq!(expanded("1", "123457"), "11234500007");
        // Published: 04252614 is 042100005264.
        assert_eq!(expanded("0", "425261"), "04210000526");
    }
}
