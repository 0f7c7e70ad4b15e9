//! Writing dates and times by the patterns of CLDR (UTS 35, part 4, date field symbols).

use super::locale::Locale;
use jiff::civil::DateTime;

/// Writes a pattern such as `EEEE, d. MMMM y`.
pub(super) fn write(out: &mut String, pattern: &str, at: DateTime, locale: &Locale) {
    let zero = locale.decimal().digit(0);
    let mut rest = pattern.chars().peekable();
    while let Some(character) = rest.next() {
        if character == '\'' {
            quoted(out, &mut rest);
            continue;
        }
        if !character.is_ascii_alphabetic() {
            out.push(character);
            continue;
        }
        let mut width = 1;
        while rest.next_if_eq(&character).is_some() {
            width += 1;
        }
        field(out, character, width, at, locale, zero);
    }
}

/// Copies text in quotes; two quotes are one.
fn quoted(out: &mut String, rest: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    if rest.next_if_eq(&'\'').is_some() {
        return out.push('\'');
    }
    while let Some(character) = rest.next() {
        if character != '\'' {
            out.push(character);
        } else if rest.next_if_eq(&'\'').is_some() {
            out.push('\'');
        } else {
            return;
        }
    }
}

fn field(out: &mut String, symbol: char, width: usize, at: DateTime, locale: &Locale, zero: char) {
    let names = locale.calendar();
    let month = usize::try_from(at.month() - 1).unwrap_or(0);
    let weekday = usize::try_from(at.weekday().to_sunday_zero_offset()).unwrap_or(0);
    let pick = |list: &[Box<str>], index: usize| list.get(index).map_or(String::new(), |name| name.to_string());
    match (symbol, width) {
        ('y' | 'u', 2) => push_number(out, i64::from(at.year()).rem_euclid(100), 2, zero),
        ('y' | 'u' | 'r', _) => push_number(out, i64::from(at.year()), width, zero),
        ('M' | 'L', 1 | 2) => push_number(out, i64::from(at.month()), width, zero),
        ('M', 3) => out.push_str(&pick(&names.months.short, month)),
        ('M', _) => out.push_str(&pick(&names.months.wide, month)),
        ('L', 3) => out.push_str(&pick(&names.months_alone.short, month)),
        ('L', _) => out.push_str(&pick(&names.months_alone.wide, month)),
        ('d', _) => push_number(out, i64::from(at.day()), width, zero),
        ('E', 1..=3) | ('c' | 'e', 3) => out.push_str(&pick(&names.weekdays.short, weekday)),
        ('E' | 'c' | 'e', 4) => out.push_str(&pick(&names.weekdays.wide, weekday)),
        ('E' | 'c' | 'e', _) => out.push_str(&pick(&names.weekdays_shortest, weekday)),
        ('a' | 'b' | 'B', _) => out.push_str(if at.hour() < 12 { &names.morning } else { &names.afternoon }),
        ('h', _) => push_number(out, if at.hour() % 12 == 0 { 12 } else { i64::from(at.hour() % 12) }, width, zero),
        ('K', _) => push_number(out, i64::from(at.hour() % 12), width, zero),
        ('H', _) => push_number(out, i64::from(at.hour()), width, zero),
        ('k', _) => push_number(out, if at.hour() == 0 { 24 } else { i64::from(at.hour()) }, width, zero),
        ('m', _) => push_number(out, i64::from(at.minute()), width, zero),
        ('s', _) => push_number(out, i64::from(at.second()), width, zero),
        _ => {}
    }
}

/// Writes an integer with at least that many digits, in the digits that begin with `zero`.
pub(super) fn push_number(out: &mut String, value: i64, width: usize, zero: char) {
    if value < 0 {
        out.push('-');
    }
    let digits = value.unsigned_abs().to_string();
    for _ in digits.len()..width {
        out.push(zero);
    }
    for digit in digits.bytes() {
        out.push(char::from_u32(u32::from(zero) + u32::from(digit.saturating_sub(b'0'))).unwrap_or('0'));
    }
}

/// Gives a short pattern with the year in four digits, and with day and month in two when `padded` is set.
pub(super) fn widened(pattern: &str, padded: bool) -> String {
    let mut out = String::new();
    let mut rest = pattern.chars().peekable();
    while let Some(character) = rest.next() {
        let mut width = 1;
        while character.is_ascii_alphabetic() && rest.next_if_eq(&character).is_some() {
            width += 1;
        }
        let width = match character {
            'y' => 4,
            'd' | 'M' if padded && width == 1 => 2,
            _ => width,
        };
        out.extend(std::iter::repeat_n(character, width));
    }
    out
}
