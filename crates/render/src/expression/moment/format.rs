//! Writing points in time by the patterns of Moment.js.

use super::Moment;
use crate::expression::calendar;
use crate::expression::locale::{DateStyle, Locale, TimeStyle};
use jiff::civil::DateTime;

/// A piece of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'p> {
    Literal(&'p str),
    Field(&'p str),
}

/// The fields, longest first among those with the same beginning.
const FIELDS: &[&str] = &[
    "YYYY", "YY", "Y", "Qo", "Q", "MMMM", "MMM", "MM", "Mo", "M", "DDDD", "DDDo", "DDD", "DD", "Do", "D", "dddd",
    "ddd", "dd", "do", "d", "e", "E", "ww", "wo", "w", "WW", "Wo", "W", "gggg", "gg", "GGGG", "GG", "A", "a", "HH",
    "H", "hh", "h", "kk", "k", "mm", "m", "ss", "s", "SSS", "SS", "S", "ZZ", "Z", "zz", "z", "X", "x", "LTS", "LT",
    "LLLL", "LLL", "LL", "L", "llll", "lll", "ll", "l",
];

/// Takes a pattern apart; text in `[ ]` and a field behind `\` are literal.
pub(super) fn tokens(pattern: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = pattern;
    std::iter::from_fn(move || {
        if let Some(inner) = rest.strip_prefix('[')
            && let Some((literal, after)) = inner.split_once(']')
        {
            rest = after;
            return Some(Token::Literal(literal));
        }
        let escaped = rest.strip_prefix('\\').unwrap_or(rest);
        if let Some(field) = FIELDS.iter().find(|field| escaped.starts_with(**field)) {
            if escaped.len() < rest.len() {
                let (field, after) = escaped.split_at_checked(field.len())?;
                rest = after;
                return Some(Token::Literal(field));
            }
            let (field, after) = rest.split_at_checked(field.len())?;
            rest = after;
            return Some(Token::Field(field));
        }
        let length = rest.chars().next()?.len_utf8();
        let (literal, after) = rest.split_at_checked(length)?;
        rest = after;
        Some(Token::Literal(literal))
    })
}

/// Writes a pattern that holds only numbers, without a locale.
pub(super) fn write_numeric(out: &mut String, at: &Moment, pattern: &str) {
    for token in tokens(pattern) {
        match token {
            Token::Literal(text) => out.push_str(text),
            Token::Field(field) => {
                if let Some((value, width)) = number_of(field, at) {
                    calendar::push_number(out, value, width, '0');
                } else if matches!(field, "Z" | "ZZ") {
                    push_offset(out, at, field == "Z");
                }
            }
        }
    }
}

/// Writes a pattern.
pub(super) fn write(out: &mut String, at: &Moment, pattern: &str, locale: &Locale) {
    // Slavic languages write the month in another case beside a day.
    let with_day = tokens(pattern).any(|token| matches!(token, Token::Field("D" | "DD" | "Do")));
    for token in tokens(pattern) {
        match token {
            Token::Literal(text) => out.push_str(text),
            Token::Field(field) => write_field(out, at, field, locale, with_day),
        }
    }
}

fn write_field(out: &mut String, moment: &Moment, field: &str, locale: &Locale, with_day: bool) {
    if let Some((value, width)) = number_of(field, moment) {
        return calendar::push_number(out, value, width, '0');
    }
    let at = moment.civil;
    let names = locale.calendar();
    let months = if with_day { &names.months } else { &names.months_alone };
    let month = usize::try_from(at.month() - 1).unwrap_or(0);
    let weekday = usize::try_from(at.weekday().to_sunday_zero_offset()).unwrap_or(0);
    let mut name = |list: &[Box<str>], index: usize| out.push_str(list.get(index).map_or("", |name| name));
    match field {
        "MMMM" => name(&months.wide, month),
        "MMM" => name(&months.short, month),
        "dddd" => name(&names.weekdays.wide, weekday),
        "ddd" => name(&names.weekdays.short, weekday),
        "dd" => name(&names.weekdays_shortest, weekday),
        "Mo" => push_ordinal(out, i64::from(at.month()), locale),
        "Do" => push_ordinal(out, i64::from(at.day()), locale),
        "Qo" => push_ordinal(out, i64::from((at.month() + 2) / 3), locale),
        "DDDo" => push_ordinal(out, i64::from(at.day_of_year()), locale),
        "do" => push_ordinal(out, i64::from(at.weekday().to_sunday_zero_offset()), locale),
        "Wo" => push_ordinal(out, iso_week(at), locale),
        "w" | "ww" | "wo" => {
            let week = if locale.tag() == "en" || locale.tag() == "en-US" { us_week(at) } else { iso_week(at) };
            match field {
                "wo" => push_ordinal(out, week, locale),
                _ => calendar::push_number(out, week, field.len(), '0'),
            }
        }
        "A" | "a" => {
            let period = if at.hour() < 12 { &names.morning } else { &names.afternoon };
            // The locale may write it either way; the pattern says which is wanted.
            out.push_str(&if field == "a" { period.to_lowercase() } else { period.to_uppercase() });
        }
        "Z" => push_offset(out, moment, true),
        "ZZ" => push_offset(out, moment, false),
        "z" | "zz" => out.push_str(&moment.zone_name()),
        other => {
            if let Some((date, time)) = styles(other) {
                let pattern = names.pattern(date, time);
                match other {
                    "L" => calendar::write(out, &calendar::widened(pattern, true), at, locale),
                    "l" => calendar::write(out, &calendar::widened(pattern, false), at, locale),
                    _ => calendar::write(out, pattern, at, locale),
                }
            }
        }
    }
}

/// The styles behind the long forms of a locale.
fn styles(field: &str) -> Option<(Option<DateStyle>, Option<TimeStyle>)> {
    Some(match field {
        "LT" => (None, Some(TimeStyle::Short)),
        "LTS" => (None, Some(TimeStyle::Medium)),
        "L" | "l" => (Some(DateStyle::Short), None),
        "LL" => (Some(DateStyle::Long), None),
        "ll" => (Some(DateStyle::Medium), None),
        "LLL" => (Some(DateStyle::Long), Some(TimeStyle::Short)),
        "lll" | "llll" => (Some(DateStyle::Medium), Some(TimeStyle::Short)),
        "LLLL" => (Some(DateStyle::Full), Some(TimeStyle::Short)),
        _ => return None,
    })
}

/// Fields that are a number, with the digits they are padded to.
fn number_of(field: &str, moment: &Moment) -> Option<(i64, usize)> {
    let at = moment.civil;
    let half_day = |hour: i8| if hour % 12 == 0 { 12 } else { i64::from(hour % 12) };
    let iso_year = || i64::from(at.date().iso_week_date().year());
    let value = match field {
        "YYYY" | "Y" => i64::from(at.year()),
        "YY" => i64::from(at.year()).rem_euclid(100),
        "GGGG" | "gggg" => iso_year(),
        "GG" | "gg" => iso_year().rem_euclid(100),
        "Q" => i64::from((at.month() + 2) / 3),
        "M" | "MM" => i64::from(at.month()),
        "D" | "DD" => i64::from(at.day()),
        "DDD" | "DDDD" => i64::from(at.day_of_year()),
        "d" | "e" => i64::from(at.weekday().to_sunday_zero_offset()),
        "E" => i64::from(at.weekday().to_monday_one_offset()),
        "W" | "WW" => iso_week(at),
        "H" | "HH" => i64::from(at.hour()),
        "h" | "hh" => half_day(at.hour()),
        "k" | "kk" => {
            if at.hour() == 0 {
                24
            } else {
                i64::from(at.hour())
            }
        }
        "m" | "mm" => i64::from(at.minute()),
        "s" | "ss" => i64::from(at.second()),
        "S" => i64::from(at.millisecond()) / 100,
        "SS" => i64::from(at.millisecond()) / 10,
        "SSS" => i64::from(at.millisecond()),
        "X" => moment.epoch_seconds(),
        "x" => moment.epoch_ms_whole(),
        _ => return None,
    };
    let width = match field {
        "DDDD" => 3,
        "DDD" | "Y" => 1,
        other => other.len(),
    };
    Some((value, width))
}

fn iso_week(at: DateTime) -> i64 {
    i64::from(at.date().iso_week_date().week())
}

/// The week of the year when weeks begin on Sunday and 1 January is always in week 1.
fn us_week(at: DateTime) -> i64 {
    let first_weekday = at.date().first_of_year().weekday().to_sunday_zero_offset();
    let week = (i64::from(at.day_of_year()) + i64::from(first_weekday) - 1) / 7 + 1;
    let last_days = i64::from(at.days_in_year()) - i64::from(at.day_of_year());
    let weekday = i64::from(at.weekday().to_sunday_zero_offset());
    // The last days of December belong to week 1 when its 1 January falls into the same week.
    if last_days + weekday < 6 { 1 } else { week }
}

fn push_offset(out: &mut String, moment: &Moment, colon: bool) {
    let seconds = moment.offset_seconds();
    out.push(if seconds < 0 { '-' } else { '+' });
    let minutes = i64::from(seconds.unsigned_abs() / 60);
    calendar::push_number(out, minutes / 60, 2, '0');
    if colon {
        out.push(':');
    }
    calendar::push_number(out, minutes % 60, 2, '0');
}

fn push_ordinal(out: &mut String, number: i64, locale: &Locale) {
    out.push_str(&number.to_string());
    out.push_str(ordinal_suffix(number, locale.language()));
}

/// What a language writes behind a number to make it an ordinal.
pub(in crate::expression) fn ordinal_suffix(number: i64, language: &str) -> &'static str {
    match language {
        "en" => match (number % 10, number % 100) {
            (_, 11..=13) => "th",
            (1, _) => "st",
            (2, _) => "nd",
            (3, _) => "rd",
            _ => "th",
        },
        "de" | "da" | "nb" | "no" | "nn" | "fi" | "cs" | "sk" | "hu" | "hr" | "sl" | "sr" | "et" | "is" | "lv"
        | "tr" => ".",
        "es" | "pt" | "it" | "gl" => "º",
        "fr" if number == 1 => "er",
        "nl" => "e",
        _ => "",
    }
}
