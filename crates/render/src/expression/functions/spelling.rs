//! Numbers in words and in Roman numerals.

use crate::expression::decimal::Decimal;

/// A language whose words for numbers are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    English,
    German,
}

impl Language {
    pub(super) fn from_code(code: &str) -> Option<Self> {
        match code {
            "en" => Some(Self::English),
            "de" => Some(Self::German),
            _ => None,
        }
    }
}

/// Larger numbers are not held to the last digit.
const NUMBER_MAX: f64 = 1e15;

/// No double that one would read out has more.
const FRACTION_LENGTH_MAX: usize = 20;

/// Writes a number in words; `None` when it is too large or has too many decimals.
pub(super) fn spelled(number: f64, language: Language) -> Option<String> {
    let decimal = Decimal::shortest(number).filter(|_| number.abs() < NUMBER_MAX)?;
    if decimal.fraction_length() > FRACTION_LENGTH_MAX {
        return None;
    }
    let magnitude = decimal.to_i64().unsigned_abs();
    let digit = |digit: u8| small(u64::from(digit), language);
    let mut out = String::new();
    if decimal.negative && !decimal.is_zero() {
        out.push_str("minus ");
    }
    out.push_str(&whole(magnitude, language));
    if decimal.fraction_length() > 0 {
        out.push_str(if language == Language::English { " point" } else { " Komma" });
        for each in decimal.fraction(decimal.fraction_length()) {
            out.push(' ');
            out.push_str(&digit(each));
        }
    }
    Some(out)
}

fn whole(number: u64, language: Language) -> String {
    match language {
        Language::English => english(number),
        Language::German => german(number),
    }
}

const ENGLISH: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const ENGLISH_TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const GERMAN: [&str; 20] = [
    "null",
    "eins",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
    "dreizehn",
    "vierzehn",
    "fünfzehn",
    "sechzehn",
    "siebzehn",
    "achtzehn",
    "neunzehn",
];
const GERMAN_TENS: [&str; 10] =
    ["", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"];

fn word(words: &[&'static str], number: u64) -> &'static str {
    usize::try_from(number).ok().and_then(|index| words.get(index)).copied().unwrap_or_default()
}

/// A number below 20.
fn small(number: u64, language: Language) -> String {
    word(if language == Language::English { &ENGLISH } else { &GERMAN }, number).to_owned()
}

fn english(number: u64) -> String {
    const STEPS: [(u64, &str); 4] =
        [(1_000_000_000_000, "trillion"), (1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand")];
    if number == 0 {
        return small(0, Language::English);
    }
    let mut parts = Vec::new();
    let mut left = number;
    for (step, name) in STEPS {
        if left >= step {
            parts.push(format!("{} {name}", english_hundreds(left / step)));
            left %= step;
        }
    }
    if left > 0 {
        parts.push(english_hundreds(left));
    }
    parts.join(" ")
}

/// A number from 1 to 999.
fn english_hundreds(number: u64) -> String {
    let mut parts = Vec::new();
    if number >= 100 {
        parts.push(format!("{} hundred", word(&ENGLISH, number / 100)));
    }
    match number % 100 {
        0 => {}
        rest @ 1..20 => parts.push(word(&ENGLISH, rest).to_owned()),
        rest if rest % 10 == 0 => parts.push(word(&ENGLISH_TENS, rest / 10).to_owned()),
        rest => parts.push(format!("{}-{}", word(&ENGLISH_TENS, rest / 10), word(&ENGLISH, rest % 10))),
    }
    parts.join(" ")
}

fn german(number: u64) -> String {
    const STEPS: [(u64, &str, &str); 3] = [
        (1_000_000_000_000, "Billion", "Billionen"),
        (1_000_000_000, "Milliarde", "Milliarden"),
        (1_000_000, "Million", "Millionen"),
    ];
    if number == 0 {
        return small(0, Language::German);
    }
    let mut parts = Vec::new();
    let mut left = number;
    for (step, one, many) in STEPS {
        match left / step {
            0 => {}
            1 => parts.push(format!("eine {one}")),
            count => parts.push(format!("{} {many}", german_hundreds(count, "eins"))),
        }
        left %= step;
    }
    let mut last = String::new();
    if left >= 1_000 {
        last.push_str(&german_hundreds(left / 1_000, "ein"));
        last.push_str("tausend");
    }
    if !left.is_multiple_of(1_000) {
        last.push_str(&german_hundreds(left % 1_000, "eins"));
    }
    if !last.is_empty() {
        parts.push(last);
    }
    parts.join(" ")
}

/// A number from 1 to 999; `one` is its last word when that is a one.
fn german_hundreds(number: u64, one: &str) -> String {
    let unit = |digit: u64| if digit == 1 { "ein" } else { word(&GERMAN, digit) };
    let mut out = String::new();
    if number >= 100 {
        out.push_str(unit(number / 100));
        out.push_str("hundert");
    }
    match number % 100 {
        0 => {}
        1 => out.push_str(one),
        rest @ 2..20 => out.push_str(word(&GERMAN, rest)),
        rest => {
            if rest % 10 > 0 {
                out.push_str(unit(rest % 10));
                out.push_str("und");
            }
            out.push_str(word(&GERMAN_TENS, rest / 10));
        }
    }
    out
}

/// Numbers that Roman numerals write without marks above them.
pub(crate) const ROMAN: std::ops::RangeInclusive<u32> = 1..=3_999;

/// Writes one of these numbers in Roman numerals.
pub(crate) fn roman(number: u32) -> String {
    const STEPS: [(u32, &str); 13] = [
        (1_000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut out = String::new();
    let mut left = number;
    for (value, letters) in STEPS {
        while left >= value {
            out.push_str(letters);
            left -= value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn numbers_are_spelled_as_on_cheques() {
        for (number, english, german) in [
            (0.0, "zero", "null"),
            (1.0, "one", "eins"),
            (21.0, "twenty-one", "einundzwanzig"),
            (101.0, "one hundred one", "einhunderteins"),
            (117.0, "one hundred seventeen", "einhundertsiebzehn"),
            (1_001.0, "one thousand one", "eintausendeins"),
            (21_000.0, "twenty-one thousand", "einundzwanzigtausend"),
            (101_000.0, "one hundred one thousand", "einhunderteintausend"),
            (1_000_000.0, "one million", "eine Million"),
            (2_300_030.0, "two million three hundred thousand thirty", "zwei Millionen dreihunderttausenddreißig"),
            (-4.05, "minus four point zero five", "minus vier Komma null fünf"),
            (
                999_999_999_999_999.0,
                "nine hundred ninety-nine trillion nine hundred ninety-nine billion nine hundred ninety-nine million nine hundred ninety-nine thousand nine hundred ninety-nine",
                "neunhundertneunundneunzig Billionen neunhundertneunundneunzig Milliarden neunhundertneunundneunzig Millionen neunhundertneunundneunzigtausendneunhundertneunundneunzig",
            ),
        ] {
            assert_eq!(spelled(number, Language::English).unwrap(), english);
            assert_eq!(spelled(number, Language::German).unwrap(), german);
        }
        assert_eq!(spelled(1e15, Language::English), None);
        assert_eq!(spelled(f64::NAN, Language::English), None);
    }

    #[test]
    fn roman_numerals_subtract_where_the_romans_did() {
        for (number, expected) in [(1, "I"), (4, "IV"), (1994, "MCMXCIV"), (2026, "MMXXVI"), (3999, "MMMCMXCIX")] {
            assert_eq!(roman(number), expected);
        }
    }
}
