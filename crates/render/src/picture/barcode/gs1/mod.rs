//! GS1 element strings (GS1 General Specifications): `(01)09501101530003(10)AB-12` is read, checked, and joined for
//! the symbols that carry it.

mod identifiers;

use super::BarcodeError;
use super::check_digit::modulo_10;
use identifiers::{Check, Identifier, Rest, find, has_known_length, is_assigned};

/// Characters of a value in brackets. The longest symbol, a GS1 DataMatrix, carries 3,116 digits.
const VALUE_LENGTH_MAX: usize = 4_000;

/// Digits of an application identifier.
const IDENTIFIER_LENGTH_MAX: usize = 4;

/// Characters of a field whose identifier is not among the known ones; no field is longer.
const UNKNOWN_LENGTH_MAX: usize = 90;

/// One application identifier with its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Element<'v> {
    pub(super) identifier: &'v str,
    pub(super) data: &'v str,
}

/// Reads a value such as `(01)09501101530003(10)AB-12`.
pub(super) fn parse(value: &str) -> Result<Vec<Element<'_>>, BarcodeError> {
    BarcodeError::check_length(value, VALUE_LENGTH_MAX)?;
    let mut elements = Vec::new();
    let mut offset = 0;
    while offset < value.len() {
        let rest = value.get(offset..).unwrap_or_default();
        let Some(identifier) = identifier_at(rest) else {
            let expected = "an application identifier in brackets must stand, such as (01)".to_owned();
            return Err(BarcodeError::Structure { position: position(value, offset), expected });
        };
        if !is_assigned(identifier) {
            let expected = format!("({identifier}) is no application identifier of GS1");
            return Err(BarcodeError::Structure { position: position(value, offset), expected });
        }
        let start = offset + identifier.len() + 2;
        let data = data_at(value.get(start..).unwrap_or_default());
        check(identifier, data, position(value, start))?;
        elements.push(Element { identifier, data });
        offset = start + data.len();
    }
    Ok(elements)
}

/// All elements one after the other, `separator` after each whose length the reader cannot know, but not at the end.
pub(super) fn joined(elements: &[Element<'_>], separator: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut elements = elements.iter().peekable();
    while let Some(element) = elements.next() {
        bytes.extend(element.identifier.bytes().chain(element.data.bytes()));
        if elements.peek().is_some() && !has_known_length(element.identifier) {
            bytes.push(separator);
        }
    }
    bytes
}

/// The elements as people read them, identifiers in brackets.
pub(super) fn shown(elements: &[Element<'_>]) -> String {
    elements.iter().map(|element| format!("({}){}", element.identifier, element.data)).collect()
}

/// The digits in brackets at the start of a text, when there are two to four.
fn identifier_at(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('(')?;
    let length = inner.bytes().take(IDENTIFIER_LENGTH_MAX).take_while(u8::is_ascii_digit).count();
    let identifier = inner.get(..length).filter(|_| length >= 2)?;
    inner.get(length..)?.starts_with(')').then_some(identifier)
}

/// What stands before the next identifier. A bracket that opens none is data.
fn data_at(text: &str) -> &str {
    let next = text.match_indices('(').find(|(index, _)| text.get(*index..).and_then(identifier_at).is_some());
    match next {
        Some((index, _)) => text.get(..index).unwrap_or_default(),
        None => text,
    }
}

fn position(value: &str, offset: usize) -> usize {
    value.get(..offset).map_or(0, |before| before.chars().count()) + 1
}

fn check(identifier: &str, data: &str, position: usize) -> Result<(), BarcodeError> {
    let known = find(identifier);
    let expected = |phrase: String| BarcodeError::Structure {
        position,
        expected: format!("the data of ({identifier}) must be {phrase}"),
    };
    let allowed = "a field carries letters, digits and ! \" % & ' ( ) * + , - . / : ; < = > ? _";
    if let Some((index, character)) = data.chars().enumerate().find(|(_, character)| !is_field_character(*character)) {
        return Err(BarcodeError::Character { character, position: position + index, allowed });
    }
    let fits = match &known {
        None => !data.is_empty() && data.len() <= UNKNOWN_LENGTH_MAX,
        Some(known) => known.fits(data),
    };
    if !fits {
        return Err(expected(
            known.map_or_else(|| format!("1 to {UNKNOWN_LENGTH_MAX} characters"), |known| known.phrase()),
        ));
    }
    match known {
        Some(Identifier { check: Check::Digit, digits, .. }) => {
            let (payload, rest) = data.split_at_checked(usize::from(digits).saturating_sub(1)).unwrap_or_default();
            let right = char::from(b'0' + modulo_10(payload.as_bytes()));
            match rest.chars().next() {
                Some(given) if given != right => {
                    Err(BarcodeError::CheckDigit { position: position + payload.len(), given, expected: right })
                }
                _ => Ok(()),
            }
        }
        Some(Identifier { check: Check::Date, .. }) if !is_date(data) => {
            Err(expected("a date as YYMMDD, with the day 00 for the whole month".to_owned()))
        }
        _ => Ok(()),
    }
}

impl Identifier {
    fn fits(&self, data: &str) -> bool {
        let Some((fixed, rest)) = data.split_at_checked(usize::from(self.digits)) else { return false };
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        digits(fixed)
            && match self.rest {
                Rest::None => rest.is_empty(),
                Rest::Digits { least, most } => digits(rest) && (least..=most).contains(&rest.len()),
                Rest::Text { least, most } => (least..=most).contains(&rest.len()),
            }
    }

    /// What the data must be, for a message.
    fn phrase(&self) -> String {
        let digits = self.digits;
        let range = |least: usize, most: usize, what: &str| {
            if least == most { format!("{most} {what}") } else { format!("{least} to {most} {what}") }
        };
        let rest = match self.rest {
            Rest::None => String::new(),
            Rest::Digits { least, most } => range(least, most, "digits"),
            Rest::Text { least, most } => range(least, most, "characters"),
        };
        match (digits, rest.is_empty()) {
            (0, _) => rest,
            (_, true) => format!("{digits} digits"),
            _ => format!("{digits} digits and {rest}"),
        }
    }
}

/// The 82 characters of fields (GS1 General Specifications, figure 7.11-1).
fn is_field_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "!\"%&'()*+,-./:;<=>?_".contains(character)
}

fn is_date(data: &str) -> bool {
    let part = |range: std::ops::Range<usize>| data.get(range).and_then(|digits| digits.parse::<u8>().ok());
    part(2..4).is_some_and(|month| (1..=12).contains(&month)) && part(4..6).is_some_and(|day| day <= 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(value: &str) -> String {
        parse(value).map_or_else(|error| error.to_string(), |_| String::new())
    }

    #[test]
    fn elements_are_read_and_separated_where_their_length_is_not_known() {
        let value = "(01)09501101530003(17)261231(10)AB-12(21)77";
        let elements = parse(value).unwrap_or_default();
        assert_eq!(elements.len(), 4);
        assert_eq!(shown(&elements), value);
        assert_eq!(joined(&elements, b'|'), b"01095011015300031726123110AB-12|2177");
        let last = parse("(17)261231(10)AB").unwrap_or_default();
        assert_eq!(joined(&last, b'|'), b"1726123110AB");
    }

    #[test]
    fn brackets_that_open_no_identifier_are_data() {
        let elements = parse("(10)A(B)(x)(1)(21)(7").unwrap_or_default();
        let data: Vec<&str> = elements.iter().map(|element| element.data).collect();
        assert_eq!(data, ["A(B)(x)(1)", "(7"]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        for (value, expected) in [
            ("", "the value is empty"),
            ("0109501101530003", "at position 1 an application identifier in brackets must stand, such as (01)"),
            ("(01)0950110153000", "at position 5 the data of (01) must be 14 digits"),
            ("(01)09501101530004", "the check digit at position 18 is 4, but should be 3"),
            ("(00)106141412345678909", "the check digit at position 22 is 9, but should be 8"),
            ("(10)", "at position 5 the data of (10) must be 1 to 20 characters"),
            ("(10)ABCDEFGHIJKLMNOPQRSTU", "at position 5 the data of (10) must be 1 to 20 characters"),
            (
                "(17)261301",
                "at position 5 the data of (17) must be a date as YYMMDD, with the day 00 for the whole month",
            ),
            ("(30)123456789", "at position 5 the data of (30) must be 1 to 8 digits"),
            ("(3103)12345", "at position 7 the data of (3103) must be 6 digits"),
            ("(3932)978", "at position 7 the data of (3932) must be 3 digits and 1 to 15 digits"),
            ("(414)4012345000009", ""),
            ("(414)4012345000008", "the check digit at position 18 is 8, but should be 9"),
            (
                "(10)Zürich",
                "the character 'ü' at position 6 cannot be encoded; a field carries letters, digits and \
                 ! \" % & ' ( ) * + , - . / : ; < = > ? _",
            ),
            ("(4330)", "at position 7 the data of (4330) must be 1 to 90 characters"),
            ("(4330)anything", ""),
        ] {
            assert_eq!(said(value), expected, "{value}");
        }
        assert!(said(&"(10)A".repeat(1_000)).contains("more than this barcode can carry"));
    }
}
