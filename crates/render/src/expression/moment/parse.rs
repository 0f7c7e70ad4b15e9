//! Reading points in time: ISO 8601, and texts by a pattern.

use super::{Moment, Zone};
use crate::expression::locale::Locale;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

/// The longest text that can be a date; anything longer is not looked at.
const TEXT_SIZE_BYTES_MAX: usize = 100;

/// A reader over the characters of a text.
struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Option<Self> {
        (text.len() <= TEXT_SIZE_BYTES_MAX).then_some(Self { rest: text.trim() })
    }

    fn eat(&mut self, expected: char) -> bool {
        match self.rest.strip_prefix(expected) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn eat_ignoring_case(&mut self, word: &str) -> bool {
        let length = self.rest.char_indices().map(|(at, _)| at).chain([self.rest.len()]).nth(word.chars().count());
        let matched = length.and_then(|length| self.rest.split_at_checked(length));
        match matched {
            Some((start, rest)) if start.to_lowercase() == word.to_lowercase() => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// Reads from `least` to `most` digits.
    fn number(&mut self, least: usize, most: usize) -> Option<i64> {
        let length = self.rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        if length < least {
            return None;
        }
        let (digits, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        digits.parse().ok()
    }

    fn skip_punctuation(&mut self) {
        self.rest = self
            .rest
            .trim_start_matches(|character: char| !character.is_alphanumeric() && !matches!(character, '+' | '-'));
    }

    fn digits_left(&self) -> usize {
        self.rest.bytes().take_while(u8::is_ascii_digit).count()
    }
}

/// The parts of a time as they are read.
struct Parts {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    nanosecond: i64,
    offset_seconds: Option<i64>,
    afternoon: Option<bool>,
}

impl Parts {
    fn new() -> Self {
        Self {
            year: 1970,
            month: 1,
            day: 1,
            hour: 0,
            minute: 0,
            second: 0,
            nanosecond: 0,
            offset_seconds: None,
            afternoon: None,
        }
    }

    fn into_moment(self) -> Option<Moment> {
        let hour = match (self.afternoon, self.hour) {
            (Some(true), hour @ 1..=11) => hour + 12,
            (Some(false), 12) => 0,
            (_, hour) => hour,
        };
        // ISO 8601 writes the end of a day as 24:00.
        let (hour, next_day) = if (hour, self.minute, self.second) == (24, 0, 0) { (0, true) } else { (hour, false) };
        let day =
            jiff::civil::Date::new(self.year.try_into().ok()?, self.month.try_into().ok()?, self.day.try_into().ok()?)
                .ok()?;
        let day = if next_day { day.tomorrow().ok()? } else { day };
        let time = jiff::civil::Time::new(
            hour.try_into().ok()?,
            self.minute.try_into().ok()?,
            self.second.try_into().ok()?,
            self.nanosecond.try_into().ok()?,
        )
        .ok()?;
        let civil: DateTime = day.to_datetime(time);
        match self.offset_seconds {
            None => Some(Moment::new(civil, Zone::Floating)),
            Some(seconds) => {
                let offset = Offset::from_seconds(seconds.try_into().ok()?).ok()?;
                let timestamp = offset.to_timestamp(civil).ok()?;
                Some(Moment::new(TimeZone::UTC.to_datetime(timestamp), Zone::Utc))
            }
        }
    }
}

/// Reads ISO 8601: a date, a year and month, or a date and time with or without a zone.
pub(super) fn iso(text: &str) -> Option<Moment> {
    let mut reader = Reader::new(text)?;
    let mut parts = Parts::new();
    parts.year = reader.number(4, 4)?;
    if reader.eat('-') {
        parts.month = reader.number(2, 2)?;
        if reader.eat('-') {
            parts.day = reader.number(2, 2)?;
        }
    } else if reader.digits_left() == 4 {
        parts.month = reader.number(2, 2)?;
        parts.day = reader.number(2, 2)?;
    } else {
        return None;
    }
    if reader.eat('T') || reader.eat('t') || (reader.eat(' ') && !reader.rest.is_empty()) {
        clock(&mut reader, &mut parts)?;
    }
    if reader.rest.is_empty() { parts.into_moment() } else { None }
}

fn clock(reader: &mut Reader<'_>, parts: &mut Parts) -> Option<()> {
    parts.hour = reader.number(2, 2)?;
    let colon = reader.eat(':');
    if colon || reader.digits_left() >= 2 {
        parts.minute = reader.number(2, 2)?;
        if reader.eat(':') || (!colon && reader.digits_left() >= 2) {
            parts.second = reader.number(2, 2)?;
            if reader.eat('.') || reader.eat(',') {
                parts.nanosecond = fraction(reader)?;
            }
        }
    }
    parts.offset_seconds = zone(reader)?;
    Some(())
}

/// Reads digits behind a point as nanoseconds.
fn fraction(reader: &mut Reader<'_>) -> Option<i64> {
    let length = reader.digits_left();
    let read = u32::try_from(length.min(9)).ok()?;
    let value = reader.number(1, 9)?;
    reader.rest = reader.rest.trim_start_matches(|character: char| character.is_ascii_digit());
    Some(value * 10i64.pow(9 - read))
}

/// Reads `Z` or an offset; the outer `None` means that something else stands there.
#[expect(clippy::option_option, reason = "no zone and a wrong zone are different answers")]
fn zone(reader: &mut Reader<'_>) -> Option<Option<i64>> {
    reader.rest = reader.rest.trim_start();
    if reader.rest.is_empty() {
        return Some(None);
    }
    if reader.eat('Z') || reader.eat('z') {
        return Some(Some(0));
    }
    let sign = if reader.eat('+') {
        1
    } else if reader.eat('-') {
        -1
    } else {
        return None;
    };
    let hours = reader.number(2, 2)?;
    reader.eat(':');
    let minutes = if reader.rest.is_empty() { 0 } else { reader.number(2, 2)? };
    Some(Some(sign * (hours * 3_600 + minutes * 60)))
}

/// Reads a text by a pattern of Moment.js; what is no token must not hold letters that matter.
pub(super) fn by_pattern(text: &str, pattern: &str, locale: &Locale) -> Option<Moment> {
    let mut reader = Reader::new(text)?;
    let mut parts = Parts::new();
    for token in super::format::tokens(pattern) {
        match token {
            super::format::Token::Literal(literal) => {
                for character in literal.chars().filter(|character| character.is_alphanumeric()) {
                    reader.skip_punctuation();
                    if !reader.eat(character) {
                        return None;
                    }
                }
            }
            super::format::Token::Field(field) => {
                if !matches!(field, "Z" | "ZZ") {
                    reader.rest = reader.rest.trim_start_matches(|character: char| !character.is_alphanumeric());
                } else {
                    reader.rest = reader.rest.trim_start();
                }
                read_field(field, &mut reader, &mut parts, locale)?;
            }
        }
    }
    reader.skip_punctuation();
    if reader.rest.is_empty() { parts.into_moment() } else { None }
}

fn read_field(field: &str, reader: &mut Reader<'_>, parts: &mut Parts, locale: &Locale) -> Option<()> {
    match field {
        "YYYY" => parts.year = reader.number(4, 4)?,
        "YY" => {
            let year = reader.number(2, 2)?;
            parts.year = if year > 68 { 1900 + year } else { 2000 + year };
        }
        "M" | "MM" => parts.month = reader.number(1, 2)?,
        "MMM" | "MMMM" => parts.month = read_month(reader, locale)?,
        "D" | "DD" => parts.day = reader.number(1, 2)?,
        "Do" => {
            parts.day = reader.number(1, 2)?;
            reader.rest =
                reader.rest.trim_start_matches(|character: char| character.is_alphabetic() || character == 'º');
        }
        "H" | "HH" | "h" | "hh" => parts.hour = reader.number(1, 2)?,
        "m" | "mm" => parts.minute = reader.number(1, 2)?,
        "s" | "ss" => parts.second = reader.number(1, 2)?,
        "S" | "SS" | "SSS" => parts.nanosecond = fraction(reader)?,
        "a" | "A" => {
            let afternoon = reader.eat_ignoring_case("pm") || reader.eat_ignoring_case(&locale.calendar().afternoon);
            if !afternoon && !reader.eat_ignoring_case("am") && !reader.eat_ignoring_case(&locale.calendar().morning) {
                return None;
            }
            parts.afternoon = Some(afternoon);
        }
        "Z" | "ZZ" => parts.offset_seconds = zone(reader)?,
        "X" | "x" => {
            let value = reader.number(1, 15)?;
            let ms = if field == "X" { value.checked_mul(1_000)? } else { value };
            let moment = Moment::from_epoch_ms(ms)?;
            let at = moment.civil;
            (parts.year, parts.month, parts.day) = (at.year().into(), at.month().into(), at.day().into());
            (parts.hour, parts.minute, parts.second) = (at.hour().into(), at.minute().into(), at.second().into());
            parts.offset_seconds = Some(0);
        }
        _ => return None,
    }
    Some(())
}

fn read_month(reader: &mut Reader<'_>, locale: &Locale) -> Option<i64> {
    let calendar = locale.calendar();
    let lists =
        [&calendar.months.wide, &calendar.months_alone.wide, &calendar.months.short, &calendar.months_alone.short];
    for names in lists {
        for (name, month) in names.iter().zip(1i64..) {
            if reader.eat_ignoring_case(name) || reader.eat_ignoring_case(name.trim_end_matches('.')) {
                reader.eat('.');
                return Some(month);
            }
        }
    }
    // English is understood everywhere, since data is often written in it.
    const ENGLISH: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    for (name, month) in ENGLISH.iter().zip(1i64..) {
        if reader.eat_ignoring_case(name) || name.get(..3).is_some_and(|short| reader.eat_ignoring_case(short)) {
            return Some(month);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn read(text: &str) -> Option<String> {
        iso(text).map(|moment| moment.utc_text())
    }

    #[test]
    fn iso_dates_are_read_with_and_without_zone() {
        assert_eq!(read("2026-03-01").unwrap(), "2026-03-01T00:00:00.000Z");
        assert_eq!(read("2026-03").unwrap(), "2026-03-01T00:00:00.000Z");
        assert_eq!(read("20260301").unwrap(), "2026-03-01T00:00:00.000Z");
        assert_eq!(read("2026-03-01T23:30:00+02:00").unwrap(), "2026-03-01T21:30:00.000Z");
        assert_eq!(read("2026-03-01 10:20:30.1234567Z").unwrap(), "2026-03-01T10:20:30.123Z");
        assert_eq!(read("2026-12-31T24:00:00Z").unwrap(), "2027-01-01T00:00:00.000Z");
    }

    #[test]
    fn damaged_dates_are_no_dates() {
        for text in [
            "",
            "2026",
            "2026-13-01",
            "2026-02-30",
            "03/01/2026",
            "2026-03-01T",
            "2026-03-01T25:00",
            "2026-03-01x",
            "９０２６-01-01",
            "2026-03-01T10:00+99:00",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&"2".repeat(100_000)), None);
    }

    #[test]
    fn patterns_read_what_they_write() {
        let locale = Locale::new("en").unwrap();
        let read = |text, pattern| by_pattern(text, pattern, &locale).map(|moment| moment.utc_text());
        assert_eq!(read("31/12/2026", "DD/MM/YYYY").unwrap(), "2026-12-31T00:00:00.000Z");
        assert_eq!(read("3 Sep 26, 4:05 pm", "D MMM YY, h:mm a").unwrap(), "2026-09-03T16:05:00.000Z");
        assert_eq!(read("December 1st, 2026", "MMMM Do, YYYY").unwrap(), "2026-12-01T00:00:00.000Z");
        assert_eq!(read("1700000000", "X").unwrap(), "2023-11-14T22:13:20.000Z");
        assert_eq!(read("31/13/2026", "DD/MM/YYYY"), None);
        assert_eq!(read("31/12/2026 trailing", "DD/MM/YYYY"), None);
    }
}
