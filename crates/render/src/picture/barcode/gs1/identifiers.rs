//! Application identifiers and the form of their data (GS1 General Specifications, section 3).

/// The form of the data of one identifier, or of a range of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identifier {
    first: u16,
    last: u16,
    /// Digits of the identifier.
    length: u8,
    /// Digits that the data begins with.
    pub(super) digits: u8,
    /// What follows them.
    pub(super) rest: Rest,
    /// What else must hold.
    pub(super) check: Check,
}

/// What follows the fixed digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    None,
    Digits { least: usize, most: usize },
    Text { least: usize, most: usize },
}

/// What else must hold for the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    None,
    /// The last of the fixed digits is their check digit.
    Digit,
    /// It is a date.
    Date,
}

/// The identifier of this number, when it is a known one.
pub(super) fn find(identifier: &str) -> Option<Identifier> {
    let number: u16 = identifier.parse().ok()?;
    let fits = |known: &&Identifier| {
        usize::from(known.length) == identifier.len() && (known.first..=known.last).contains(&number)
    };
    KNOWN.iter().find(fits).copied()
}

/// Whether GS1 has given identifiers out that begin with these two digits (GS1 General Specifications, figure 3.2-1).
/// Ones that are not known here may be new; those that begin otherwise cannot be.
pub(super) fn is_assigned(identifier: &str) -> bool {
    let start: Option<u8> = identifier.get(..2).and_then(|start| start.parse().ok());
    matches!(start, Some(0..=3 | 10..=13 | 15..=17 | 20..=25 | 30..=37 | 39..=43 | 70..=72 | 80..=82 | 90..=99))
}

/// Whether readers know the length of the data from the first two digits, so that no separator follows (GS1 General
/// Specifications, figure 7.8.5-2).
pub(super) fn has_known_length(identifier: &str) -> bool {
    let start: Option<u8> = identifier.get(..2).and_then(|start| start.parse().ok());
    matches!(start, Some(0..=4 | 11..=20 | 31..=36 | 41))
}

/// Only digits.
const fn digits(first: u16, last: u16, length: u8, digits: u8) -> Identifier {
    Identifier { first, last, length, digits, rest: Rest::None, check: Check::None }
}

/// Digits of which the last is a check digit.
const fn checked(first: u16, last: u16, length: u8, count: u8) -> Identifier {
    Identifier { check: Check::Digit, ..digits(first, last, length, count) }
}

/// Digits, then up to so many more.
const fn more_digits(first: u16, last: u16, length: u8, count: u8, most: usize) -> Identifier {
    Identifier { rest: Rest::Digits { least: 1, most }, ..digits(first, last, length, count) }
}

/// Up to so many characters.
const fn text(first: u16, last: u16, length: u8, most: usize) -> Identifier {
    Identifier { rest: Rest::Text { least: 1, most }, ..digits(first, last, length, 0) }
}

/// A key with its check digit, then up to so many characters.
const fn key_and_text(number: u16, length: u8, count: u8, most: usize) -> Identifier {
    Identifier { rest: Rest::Text { least: 0, most }, ..checked(number, number, length, count) }
}

const fn dates(first: u16, last: u16) -> Identifier {
    Identifier { check: Check::Date, ..digits(first, last, 2, 6) }
}

/// The identifiers in common use. Others are carried as they are given.
const KNOWN: &[Identifier] = &[
    // Goods and their parts: SSCC, GTIN, content, made to order; batch, dates, variant, serial number.
    checked(0, 0, 2, 18),
    checked(1, 3, 2, 14),
    text(10, 10, 2, 20),
    dates(11, 13),
    dates(15, 17),
    digits(20, 20, 2, 2),
    text(21, 22, 2, 20),
    text(235, 235, 3, 28),
    text(240, 241, 3, 30),
    more_digits(242, 242, 3, 0, 6),
    text(243, 243, 3, 20),
    text(250, 251, 3, 30),
    key_and_text(253, 3, 13, 17),
    text(254, 254, 3, 20),
    Identifier { rest: Rest::Digits { least: 0, most: 12 }, ..checked(255, 255, 3, 13) },
    // Counts, measures, amounts.
    more_digits(30, 30, 2, 0, 8),
    digits(3100, 3169, 4, 6),
    digits(3200, 3299, 4, 6),
    digits(3300, 3379, 4, 6),
    digits(3400, 3499, 4, 6),
    digits(3500, 3579, 4, 6),
    digits(3600, 3699, 4, 6),
    more_digits(37, 37, 2, 0, 8),
    more_digits(3900, 3909, 4, 0, 15),
    more_digits(3910, 3919, 4, 3, 15),
    more_digits(3920, 3929, 4, 0, 15),
    more_digits(3930, 3939, 4, 3, 15),
    digits(3940, 3943, 4, 4),
    digits(3950, 3955, 4, 6),
    // Orders, consignments, places.
    text(400, 401, 3, 30),
    checked(402, 402, 3, 17),
    text(403, 403, 3, 30),
    checked(410, 417, 3, 13),
    text(420, 420, 3, 20),
    Identifier { rest: Rest::Text { least: 1, most: 9 }, ..digits(421, 421, 3, 3) },
    digits(422, 422, 3, 3),
    Identifier { rest: Rest::Digits { least: 0, most: 12 }, ..digits(423, 423, 3, 3) },
    digits(424, 424, 3, 3),
    Identifier { rest: Rest::Digits { least: 0, most: 12 }, ..digits(425, 425, 3, 3) },
    digits(426, 426, 3, 3),
    text(427, 427, 3, 3),
    // Trades.
    digits(7001, 7001, 4, 13),
    text(7002, 7002, 4, 30),
    digits(7003, 7003, 4, 10),
    more_digits(7004, 7004, 4, 0, 4),
    text(7005, 7005, 4, 12),
    digits(7006, 7006, 4, 6),
    text(710, 717, 3, 20),
    // Assets, services, coupons.
    digits(8001, 8001, 4, 14),
    text(8002, 8002, 4, 20),
    key_and_text(8003, 4, 14, 16),
    text(8004, 8004, 4, 30),
    digits(8005, 8005, 4, 6),
    digits(8006, 8006, 4, 18),
    text(8007, 8007, 4, 34),
    Identifier { rest: Rest::Digits { least: 0, most: 4 }, ..digits(8008, 8008, 4, 8) },
    text(8010, 8010, 4, 30),
    more_digits(8011, 8011, 4, 0, 12),
    text(8012, 8012, 4, 20),
    text(8013, 8013, 4, 25),
    checked(8017, 8018, 4, 18),
    more_digits(8019, 8019, 4, 0, 10),
    text(8020, 8020, 4, 25),
    text(8110, 8110, 4, 70),
    text(8200, 8200, 4, 70),
    // Agreed between partners.
    text(90, 90, 2, 30),
    text(91, 99, 2, 90),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_identifier_is_listed_twice_and_all_have_their_length() {
        for (index, one) in KNOWN.iter().enumerate() {
            assert!(one.first <= one.last && one.last < 10_u16.pow(u32::from(one.length)));
            let twice = KNOWN
                .iter()
                .skip(index + 1)
                .any(|other| other.length == one.length && other.first <= one.last && one.first <= other.last);
            assert!(!twice, "{one:?}");
        }
    }

    #[test]
    fn all_known_identifiers_are_assigned_and_gaps_are_not() {
        for one in KNOWN {
            let shown = format!("{:0width$}", one.first, width = usize::from(one.length));
            assert!(is_assigned(&shown), "{shown}");
        }
        for gap in ["04", "05", "09", "14", "18", "19", "26", "38", "44", "69", "73", "83", "89"] {
            assert!(!is_assigned(gap), "{gap}");
        }
    }

    #[test]
    fn what_has_a_known_length_really_has_a_fixed_one() {
        for one in
            KNOWN.iter().filter(|one| one.length == 2 || matches!(one.first / 100, 31..=36) || one.first / 10 == 41)
        {
            let shown = format!("{:0width$}", one.first, width = usize::from(one.length));
            assert_eq!(has_known_length(&shown), one.rest == Rest::None, "{shown}");
        }
        assert!(find("01").is_some() && find("1").is_none() && find("001").is_none());
        assert!(has_known_length("3103") && has_known_length("414") && !has_known_length("10"));
    }
}
