//! Writing numbers by the patterns of Numeral.js, with the separators of the locale.

use super::decimal::Decimal;
use super::locale::Locale;
use super::moment::ordinal_suffix;

/// The longest pattern; longer ones are texts by mistake.
const PATTERN_SIZE_BYTES_MAX: usize = 100;

/// Formats a finite number; the error says what is wrong with the pattern.
pub(super) fn format(number: f64, pattern: &str, locale: &Locale) -> Result<String, String> {
    if pattern.len() > PATTERN_SIZE_BYTES_MAX {
        return Err(format!("a format of numbers has at most {PATTERN_SIZE_BYTES_MAX} bytes"));
    }
    let pattern = if pattern.trim().is_empty() { "0,0" } else { pattern.trim() };
    if !pattern.contains('0') {
        return Err(format!("the format `{pattern}` has no `0`"));
    }
    if pattern.contains('#') {
        return Err(format!("the format `{pattern}` has a `#`, which only spreadsheets know"));
    }
    let Some(decimal) = Decimal::shortest(number) else {
        return Err("only finite numbers can be formatted".to_owned());
    };
    if pattern.contains(':') {
        return Ok(clock(decimal));
    }
    Ok(Pattern::read(pattern).write(decimal, locale))
}

/// How the sign is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SignStyle {
    /// A minus where it is needed.
    Minus,
    /// Parentheses instead of a minus.
    Parentheses,
    /// A sign always, in front.
    Always,
    /// A sign always, at the end.
    AlwaysBehind,
    /// A minus at the end.
    MinusBehind,
}

/// A unit that is written behind the number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scale {
    None,
    Percent,
    /// `k`, `m`, `b`, `t`, chosen by the number or by the pattern.
    Short(Option<char>),
    /// Bytes in steps of 1000.
    Bytes,
    /// Bytes in steps of 1024.
    BinaryBytes,
    Exponent,
    Ordinal,
}

/// A pattern taken apart.
struct Pattern<'p> {
    sign: SignStyle,
    /// The currency and spaces in front of and behind the digits.
    before: String,
    behind: String,
    scale: Scale,
    /// Whether a space stands before the unit.
    space: bool,
    grouping: bool,
    /// Digits before the point at least; none when the pattern begins with the point.
    leading: usize,
    decimals: Decimals,
    digits: &'p str,
}

/// Digits behind the point.
#[derive(Clone, Copy, Default)]
struct Decimals {
    least: usize,
    most: usize,
    /// Whether they vanish when all are zero.
    only_if_any: bool,
}

impl<'p> Pattern<'p> {
    fn read(pattern: &'p str) -> Self {
        let sign = if pattern.contains('(') {
            SignStyle::Parentheses
        } else if pattern.starts_with('+') {
            SignStyle::Always
        } else if pattern.contains('+') && !pattern.contains("e+") {
            SignStyle::AlwaysBehind
        } else if pattern.ends_with('-') && pattern.len() > 1 {
            SignStyle::MinusBehind
        } else {
            SignStyle::Minus
        };
        let is_digit_part = |character: char| matches!(character, '0' | ',' | '.' | '[' | ']');
        let start = pattern.find(is_digit_part).unwrap_or(0);
        let rest = pattern.get(start..).unwrap_or_default();
        let length = rest.find(|character| !is_digit_part(character)).unwrap_or(rest.len());
        let (digits, tail) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let symbols = |text: &str| text.chars().filter(|character| matches!(character, '$' | ' ')).collect::<String>();
        let (scale, unit_at) = read_scale(tail);
        let space = scale != Scale::None && tail.get(..unit_at).is_some_and(|before| before.ends_with(' '));
        let behind = if scale == Scale::None { symbols(tail) } else { String::new() };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let leading = whole.split(',').next().unwrap_or_default().matches('0').count();
        Self {
            sign,
            before: symbols(pattern.get(..start).unwrap_or_default()),
            behind: if behind.trim().is_empty() { String::new() } else { behind },
            scale,
            space,
            grouping: whole.contains(','),
            leading: if whole.trim_end_matches('[').is_empty() { 0 } else { leading.max(1) },
            decimals: Decimals::read(whole.ends_with('['), fraction),
            digits,
        }
    }

    fn write(&self, mut number: Decimal, locale: &Locale) -> String {
        let unit = self.scaled(&mut number, locale);
        number.round(u32::try_from(self.decimals.most).unwrap_or(0));
        let negative = number.negative && !number.is_zero();
        let mut text = String::new();
        self.write_digits(&mut text, &number, locale);
        if !unit.is_empty() && self.space {
            text.push(' ');
        }
        text.push_str(&unit);
        let body = format!("{}{text}{}", self.before, self.behind);
        let sign = if negative { "-" } else { "+" };
        match (self.sign, negative) {
            (SignStyle::Parentheses, true) => format!("({body})"),
            (SignStyle::Always, _) | (SignStyle::Minus, true) => format!("{sign}{body}"),
            (SignStyle::AlwaysBehind, _) | (SignStyle::MinusBehind, true) => format!("{body}{sign}"),
            _ => body,
        }
    }

    fn write_digits(&self, out: &mut String, number: &Decimal, locale: &Locale) {
        let shape = locale.decimal();
        let length = number.integer_length();
        let hidden = self.leading == 0 && !self.digits.starts_with('0');
        if !hidden {
            for _ in length..self.leading {
                out.push(shape.digit(0));
            }
            for (index, digit) in number.integer().enumerate() {
                if self.grouping && index > 0 && (length - index).is_multiple_of(3) {
                    out.push_str(shape.group_separator());
                }
                out.push(shape.digit(digit));
            }
        }
        let present = number.fraction_length();
        let count = if self.decimals.only_if_any && present == 0 { 0 } else { present.max(self.decimals.least) };
        if count > 0 {
            out.push_str(shape.decimal_separator());
            out.extend(number.fraction(count).map(|digit| shape.digit(digit)));
        }
    }

    /// Brings the number to its unit and gives the unit.
    fn scaled(&self, number: &mut Decimal, locale: &Locale) -> String {
        match self.scale {
            Scale::None => String::new(),
            Scale::Percent => {
                number.shift(2);
                "%".to_owned()
            }
            Scale::Short(forced) => self.shortened(number, forced),
            Scale::Bytes => self.bytes(number, 1_000.0, &["B", "KB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"]),
            Scale::BinaryBytes => {
                self.bytes(number, 1_024.0, &["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"])
            }
            Scale::Exponent => {
                let mut exponent = if number.is_zero() { 0 } else { number.exponent() };
                number.shift(-exponent);
                let mut probe = number.clone();
                probe.round(u32::try_from(self.decimals.most).unwrap_or(0));
                if probe.integer_length() > 1 {
                    exponent += 1;
                    number.shift(-1);
                }
                format!("e{}{}", if exponent < 0 { '-' } else { '+' }, exponent.unsigned_abs())
            }
            Scale::Ordinal => {
                let mut whole = number.clone();
                whole.round(0);
                ordinal_suffix(whole.to_i64(), locale.language()).to_owned()
            }
        }
    }

    fn shortened(&self, number: &mut Decimal, forced: Option<char>) -> String {
        const STEPS: [(char, i32); 4] = [('k', 3), ('m', 6), ('b', 9), ('t', 12)];
        if let Some((letter, power)) = STEPS.iter().find(|(letter, _)| forced == Some(*letter)) {
            number.shift(-power);
            return letter.to_string();
        }
        let fits = |power: i32| {
            // 999,950 is 1m and not 1000k when it is rounded to one decimal.
            let mut scaled = number.clone();
            scaled.shift(-power);
            scaled.round(u32::try_from(self.decimals.most).unwrap_or(0));
            scaled.integer_length() <= 3
        };
        if number.is_zero() || fits(0) {
            return String::new();
        }
        let (letter, power) = STEPS.into_iter().find(|(_, power)| fits(*power)).unwrap_or(('t', 12));
        number.shift(-power);
        letter.to_string()
    }

    fn bytes(&self, number: &mut Decimal, base: f64, units: &[&'static str]) -> String {
        let mut value = number.to_f64();
        let mut units = units.iter().peekable();
        let mut unit = units.next().copied().unwrap_or_default();
        while value.abs() >= base {
            let Some(next) = units.next() else { break };
            value /= base;
            unit = next;
        }
        if let Some(scaled) = Decimal::shortest(value) {
            *number = scaled;
        }
        unit.to_owned()
    }
}

impl Decimals {
    fn read(only_if_any: bool, fraction: &str) -> Self {
        // `0[.]00` writes `[.]`, whose second half stands before the digits.
        let fraction = fraction.strip_prefix(']').unwrap_or(fraction);
        let (fixed, optional) = fraction.split_once('[').unwrap_or((fraction, ""));
        let count = |text: &str| text.matches('0').count();
        Self { least: count(fixed), most: count(fixed) + count(optional), only_if_any }
    }
}

fn read_scale(tail: &str) -> (Scale, usize) {
    if let Some(at) = tail.find('%') {
        return (Scale::Percent, at);
    }
    if let Some(at) = tail.find("ib") {
        return (Scale::BinaryBytes, at);
    }
    if let Some(at) = tail.find('a') {
        let forced = tail
            .get(at + 1..)
            .and_then(|rest| rest.chars().next())
            .filter(|letter| matches!(letter, 'k' | 'm' | 'b' | 't'));
        return (Scale::Short(forced), at);
    }
    if let Some(at) = tail.find("e+").or_else(|| tail.find("e-")) {
        return (Scale::Exponent, at);
    }
    if let Some(at) = tail.find('o') {
        return (Scale::Ordinal, at);
    }
    if let Some(at) = tail.find('b') {
        return (Scale::Bytes, at);
    }
    (Scale::None, 0)
}

/// Seconds as hours, minutes and seconds.
fn clock(mut number: Decimal) -> String {
    number.round(0);
    let seconds = number.to_i64();
    let sign = if seconds < 0 { "-" } else { "" };
    let seconds = seconds.unsigned_abs();
    format!("{sign}{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn patterns_give_what_numeral_js_gives() {
        let locale = Locale::new("en").unwrap();
        // Results of Numeral.js 2.0.6.
        let cases: &[(f64, &str, &str)] = &[
            (10_000.0, "0,0.0000", "10,000.0000"),
            (10_000.23, "0,0", "10,000"),
            (10_000.23, "+0,0", "+10,000"),
            (-10_000.0, "0,0.0", "-10,000.0"),
            (10_000.123_4, "0.000", "10000.123"),
            (100.1234, "00000", "00100"),
            (1_000.123_4, "000000,0", "001,000"),
            (10.0, "000.00", "010.00"),
            (10_000.123_4, "0[.]00000", "10000.12340"),
            (-10_000.0, "(0,0.0000)", "(10,000.0000)"),
            (-0.23, ".00", "-.23"),
            (-0.23, "(.00)", "(.23)"),
            (0.23, "0.00000", "0.23000"),
            (0.23, "0.0[0000]", "0.23"),
            (1_230_974.0, "0.0a", "1.2m"),
            (1_460.0, "0 a", "1 k"),
            (-104_000.0, "0a", "-104k"),
            (1.0, "0o", "1st"),
            (100.0, "0o", "100th"),
            (1_000.234, "$0,0.00", "$1,000.23"),
            (1_000.2, "0,0[.]00 $", "1,000.20 $"),
            (1_001.0, "$ 0,0[.]00", "$ 1,001"),
            (-1_000.234, "($0,0)", "($1,000)"),
            (-1_000.234, "$0.00", "-$1000.23"),
            (1_230_974.0, "($ 0.00 a)", "$ 1.23 m"),
            (100.0, "0b", "100B"),
            (1_024.0, "0b", "1KB"),
            (2_048.0, "0 ib", "2 KiB"),
            (3_072.0, "0.0 b", "3.1 KB"),
            (1.0, "0%", "100%"),
            (0.974_878_234, "0.000%", "97.488%"),
            (-0.43, "0 %", "-43 %"),
            (0.43, "(0.000%)", "43.000%"),
            (25.0, "00:00:00", "0:00:25"),
            (63_846.0, "00:00:00", "17:44:06"),
            (1_123_456_789.0, "0,0e+0", "1e+9"),
            (0.000_123_987, "0.000e+0", "1.240e-4"),
            (0.0, "0,0.00", "0.00"),
            (999_999.0, "0a", "1m"),
            (-0.001, "0.00", "0.00"),
            (1_234.0, "", "1,234"),
        ];
        for (number, pattern, expected) in cases {
            assert_eq!(format(*number, pattern, &locale).unwrap(), *expected, "{number} {pattern}");
        }
    }

    #[test]
    fn separators_are_those_of_the_locale() {
        let locale = Locale::new("de-DE").unwrap();
        assert_eq!(format(1_234.5, "0,0.00", &locale).unwrap(), "1.234,50");
    }

    #[test]
    fn patterns_without_digits_and_huge_ones_are_refused() {
        let locale = Locale::new("en").unwrap();
        assert!(format(1.0, "abc", &locale).is_err());
        assert!(format(1.0, &"0".repeat(10_000), &locale).is_err());
        assert!(format(f64::NAN, "0", &locale).is_err());
    }
}
