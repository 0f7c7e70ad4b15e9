//! Check digits that several symbologies share, and values that end with one.

use super::BarcodeError;

/// The check digit of GS1 keys, EAN, UPC and ITF: from the right the digits weigh 3, 1, 3 …; the sum and the check
/// digit make a multiple of 10 (GS1 General Specifications, 7.9.1).
pub(super) fn modulo_10(digits: &[u8]) -> u8 {
    let weights = [3_u32, 1].into_iter().cycle();
    let sum: u32 = digits.iter().rev().zip(weights).map(|(digit, weight)| u32::from(digit & 15) * weight).sum();
    u8::try_from((10 - sum % 10) % 10).unwrap_or_default()
}

/// Refuses the first character that is not a digit.
pub(super) fn only_digits(value: &str, allowed: &'static str) -> Result<(), BarcodeError> {
    BarcodeError::check_characters(value, allowed, |character| character.is_ascii_digit())
}

/// `length` digits of which the last is the check digit: it is computed when it is left out, and verified when given.
pub(super) fn checked_digits(value: &str, length: usize, allowed: &'static str) -> Result<String, BarcodeError> {
    if value.is_empty() {
        return Err(BarcodeError::Empty);
    }
    // What is far too long is not looked through.
    if value.len() <= 2 * length {
        only_digits(value, allowed)?;
    }
    let data = value.get(..length - 1).filter(|_| value.len() <= length);
    let Some(data) = data else { return Err(BarcodeError::Length { length: value.len(), allowed }) };
    let expected = char::from(b'0' + modulo_10(data.as_bytes()));
    match value.chars().nth(length - 1) {
        Some(given) if given != expected => Err(BarcodeError::CheckDigit { position: length, given, expected }),
        _ => Ok(format!("{data}{expected}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_numbers_have_the_check_digits_that_they_are_printed_with() {
        // EAN-13, EAN-8, UPC-A, GTIN-14 and SSCC examples of the GS1 General Specifications and of well-known goods.
        for number in ["4006381333931", "96385074", "036000291452", "15400141288763", "106141412345678908"] {
            let (data, check) = number.split_at(number.len() - 1);
            assert_eq!(modulo_10(data.as_bytes()).to_string(), check, "{number}");
        }
    }

    #[test]
    fn a_check_digit_is_computed_or_verified() {
        let digits = |value: &str| checked_digits(value, 8, "it carries 7 or 8 digits");
        assert_eq!(digits("9638507"), Ok("96385074".to_owned()));
        assert_eq!(digits("96385074"), Ok("96385074".to_owned()));
        assert_eq!(
            digits("96385075").map_err(|error| error.to_string()),
            Err("the check digit at position 8 is 5, but should be 4".to_owned())
        );
        assert_eq!(
            digits("963850").map_err(|error| error.to_string()),
            Err("the value has 6 digits; it carries 7 or 8 digits".to_owned())
        );
        assert_eq!(
            digits("96 38507").map_err(|error| error.to_string()),
            Err("the character ' ' at position 3 cannot be encoded; it carries 7 or 8 digits".to_owned())
        );
        assert!(digits("").is_err() && digits(&"1".repeat(100_000)).is_err() && digits("９６３８５０７").is_err());
    }
}
