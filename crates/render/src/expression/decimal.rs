//! Decimal digits of numbers: the shortest ones for people, the exact ones for `toFixed`.

use super::value::number_text;

/// A decimal number: `digits` with the point behind the first `point` of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    pub(super) negative: bool,
    /// Values from 0 to 9 without leading zeros; empty for zero.
    digits: Vec<u8>,
    /// How many digits stand before the point; negative when zeros follow it.
    point: i32,
}

impl Decimal {
    /// The shortest decimal that reads back as this number; `None` when it is not finite.
    pub(super) fn shortest(number: f64) -> Option<Self> {
        number.is_finite().then(|| Self::from_scientific(&format!("{number:e}")))
    }

    /// The exact decimal value of a finite number.
    fn exact(number: f64) -> Self {
        // A double has at most 767 significant decimal digits.
        Self::from_scientific(&format!("{number:.767e}"))
    }

    fn from_scientific(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
        let point = exponent.parse::<i32>().unwrap_or(0) + 1;
        let mut decimal = Self { negative: mantissa.starts_with('-'), digits, point };
        decimal.trim();
        decimal
    }

    fn from_plain(text: &str) -> Self {
        let point = text.find('.').unwrap_or(text.len());
        let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
        let mut decimal = Self { negative: false, digits, point: i32::try_from(point).unwrap_or(0) };
        decimal.trim();
        decimal
    }

    fn trim(&mut self) {
        while self.digits.last() == Some(&0) {
            self.digits.pop();
        }
        let leading = self.digits.iter().take_while(|digit| **digit == 0).count();
        self.digits.drain(..leading);
        self.point = if self.digits.is_empty() { 0 } else { self.point - i32::try_from(leading).unwrap_or(0) };
    }

    pub(super) fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// The power of ten of the first digit; meaningless for zero.
    pub(super) fn exponent(&self) -> i32 {
        self.point - 1
    }

    /// The integer before the point, as large as it fits.
    pub(super) fn to_i64(&self) -> i64 {
        let magnitude = self
            .integer()
            .try_fold(0i64, |number, digit| number.checked_mul(10)?.checked_add(i64::from(digit)))
            .unwrap_or(i64::MAX);
        if self.negative { -magnitude } else { magnitude }
    }

    /// The nearest number.
    pub(super) fn to_f64(&self) -> f64 {
        let mut text = String::from(if self.negative { "-" } else { "" });
        self.write_plain(&mut text, self.fraction_length());
        text.parse().unwrap_or(f64::NAN)
    }

    /// Multiplies by a power of ten.
    pub(super) fn shift(&mut self, power: i32) {
        if !self.digits.is_empty() {
            self.point = self.point.saturating_add(power);
        }
    }

    /// Rounds to that many digits behind the point, half away from zero.
    pub(super) fn round(&mut self, decimals: u32) {
        let keep = self.point.saturating_add(i32::try_from(decimals).unwrap_or(i32::MAX));
        self.keep(keep);
    }

    /// Keeps that many digits and rounds half away from zero.
    fn keep(&mut self, count: i32) {
        let Ok(count) = usize::try_from(count) else {
            self.digits.clear();
            self.point = 0;
            return;
        };
        let up = self.digits.get(count).is_some_and(|digit| *digit >= 5);
        self.digits.truncate(count);
        if up {
            let mut carry = true;
            for digit in self.digits.iter_mut().rev() {
                if *digit < 9 {
                    *digit += 1;
                    carry = false;
                    break;
                }
                *digit = 0;
            }
            if carry {
                self.digits.insert(0, 1);
                self.point += 1;
            }
        }
        self.trim();
    }

    /// The digit at a place: 0 is the one before the point, 1 the one before that, -1 the one behind it.
    fn digit(&self, place: i32) -> u8 {
        usize::try_from(self.point - 1 - place).ok().and_then(|index| self.digits.get(index)).copied().unwrap_or(0)
    }

    /// How many digits stand before the point, at least one.
    pub(super) fn integer_length(&self) -> usize {
        usize::try_from(self.point).unwrap_or(0).max(1)
    }

    /// The digits before the point.
    pub(super) fn integer(&self) -> impl Iterator<Item = u8> {
        let length = i32::try_from(self.integer_length()).unwrap_or(i32::MAX);
        (0..length).rev().map(|place| self.digit(place))
    }

    /// How many digits are needed behind the point.
    pub(super) fn fraction_length(&self) -> usize {
        let digits = i32::try_from(self.digits.len()).unwrap_or(i32::MAX);
        usize::try_from(digits - self.point).unwrap_or(0)
    }

    /// That many digits behind the point.
    pub(super) fn fraction(&self, count: usize) -> impl Iterator<Item = u8> {
        let count = i32::try_from(count).unwrap_or(i32::MAX);
        (1..=count).map(|place| self.digit(-place))
    }

    /// Writes plain ASCII digits with that many behind the point, without the sign.
    pub(super) fn write_plain(&self, out: &mut String, decimals: usize) {
        out.extend(self.integer().map(ascii));
        if decimals > 0 {
            out.push('.');
            out.extend(self.fraction(decimals).map(ascii));
        }
    }
}

fn ascii(digit: u8) -> char {
    char::from(b'0' + digit.min(9))
}

/// `Number.prototype.toFixed` (ECMA-262 21.1.3.3): rounds the exact value, a tie away from zero.
pub(super) fn to_fixed(number: f64, decimals: u32) -> String {
    if !number.is_finite() || number.abs() >= 1e21 {
        return number_text(number);
    }
    let magnitude = number.abs();
    let sign = if number < 0.0 { "-" } else { "" };
    let decimals_wide = decimals as usize;
    // A tie has exactly one digit more, and such a number is a multiple of 2^-(decimals + 1).
    let scaled = magnitude * 2f64.powi(i32::try_from(decimals).unwrap_or(0) + 1);
    if scaled.fract() == 0.0 {
        let mut decimal = Decimal::from_plain(&format!("{magnitude:.*}", decimals_wide + 1));
        decimal.round(decimals);
        let mut out = String::from(sign);
        decimal.write_plain(&mut out, decimals_wide);
        return out;
    }
    format!("{sign}{magnitude:.decimals_wide$}")
}

/// `Number.prototype.toPrecision` (ECMA-262 21.1.3.5).
pub(super) fn to_precision(number: f64, precision: u32) -> String {
    if !number.is_finite() {
        return number_text(number);
    }
    let precision_signed = i32::try_from(precision).unwrap_or(1);
    let mut decimal = Decimal::exact(number.abs());
    decimal.keep(precision_signed);
    let sign = if number < 0.0 { "-" } else { "" };
    let exponent = if decimal.is_zero() { 0 } else { decimal.point - 1 };
    if exponent < -6 || exponent >= precision_signed {
        return format!("{sign}{}", scientific(&decimal, exponent, precision as usize));
    }
    let mut out = String::from(sign);
    decimal.write_plain(&mut out, usize::try_from(precision_signed - 1 - exponent).unwrap_or(0));
    out
}

/// `Number.prototype.toExponential` (ECMA-262 21.1.3.2); without `decimals` as many as are needed.
pub(super) fn to_exponential(number: f64, decimals: Option<u32>) -> String {
    if !number.is_finite() {
        return number_text(number);
    }
    let mut decimal = match decimals {
        Some(_) => Decimal::exact(number.abs()),
        None => Decimal::from_scientific(&format!("{:e}", number.abs())),
    };
    let count = decimals.map_or(decimal.digits.len().max(1), |decimals| decimals as usize + 1);
    decimal.keep(i32::try_from(count).unwrap_or(i32::MAX));
    let sign = if number < 0.0 { "-" } else { "" };
    let exponent = if decimal.is_zero() { 0 } else { decimal.exponent() };
    format!("{sign}{}", scientific(&decimal, exponent, count))
}

fn scientific(decimal: &Decimal, exponent: i32, precision: usize) -> String {
    let mut out = String::new();
    for index in 0..precision {
        if index == 1 {
            out.push('.');
        }
        out.push(ascii(decimal.digits.get(index).copied().unwrap_or(0)));
    }
    out.push('e');
    out.push(if exponent < 0 { '-' } else { '+' });
    out.push_str(&exponent.unsigned_abs().to_string());
    out
}

/// `Number.prototype.toString` with a radix from 2 to 36: the shortest digits that tell the number from its neighbours.
pub(super) fn to_radix(number: f64, radix: u32) -> String {
    if radix == 10 || !number.is_finite() {
        return number_text(number);
    }
    let base = f64::from(radix);
    let magnitude = number.abs();
    let mut integer = magnitude.trunc();
    let fraction = fraction_in_radix(magnitude, base, &mut integer);
    let mut digits = Vec::new();
    // Digits below the precision of the number are zeros, as other implementations print them.
    while integer / base >= 9_007_199_254_740_992.0 && digits.len() < 1_100 {
        integer /= base;
        digits.push(0);
    }
    while integer > 0.0 && digits.len() < 1_100 {
        let digit = integer % base;
        digits.push(value_to_digit(digit));
        integer = (integer - digit) / base;
    }
    let mut out = String::new();
    if number < 0.0 {
        out.push('-');
    }
    if digits.is_empty() {
        out.push('0');
    }
    out.extend(digits.iter().rev().map(|digit| char::from_digit(u32::from(*digit), 36).unwrap_or('0')));
    if !fraction.is_empty() {
        out.push('.');
        out.extend(fraction.iter().map(|digit| char::from_digit(u32::from(*digit), 36).unwrap_or('0')));
    }
    out
}

fn value_to_digit(value: f64) -> u8 {
    u8::try_from(super::value::wrap_to_i64(value)).unwrap_or(0)
}

/// The digits behind the point; rounding up may carry into the integer.
fn fraction_in_radix(magnitude: f64, base: f64, integer: &mut f64) -> Vec<u8> {
    let mut digits: Vec<u8> = Vec::new();
    let mut fraction = magnitude.fract();
    // Half the distance to the next number: digits beyond it tell nothing.
    let mut delta = (0.5 * (magnitude.next_up() - magnitude)).max(f64::from_bits(1));
    if fraction < delta {
        return digits;
    }
    loop {
        fraction *= base;
        delta *= base;
        let digit = fraction.trunc();
        digits.push(value_to_digit(digit));
        fraction -= digit;
        let above_half = fraction > 0.5 || (fraction == 0.5 && digit % 2.0 == 1.0);
        if above_half && fraction + delta > 1.0 {
            // Round up and let the carry run through.
            loop {
                match digits.pop() {
                    None => {
                        *integer += 1.0;
                        break;
                    }
                    Some(last) if f64::from(last) + 1.0 < base => {
                        digits.push(last + 1);
                        break;
                    }
                    Some(_) => {}
                }
            }
            return digits;
        }
        if fraction < delta {
            return digits;
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn rounded(number: f64, decimals: u32) -> String {
        let mut decimal = Decimal::shortest(number).unwrap();
        decimal.round(decimals);
        let mut out = String::new();
        decimal.write_plain(&mut out, decimals as usize);
        out
    }

    #[test]
    fn people_round_the_shortest_decimal_half_away_from_zero() {
        assert_eq!(rounded(2.675, 2), "2.68");
        assert_eq!(rounded(1.005, 2), "1.01");
        assert_eq!(rounded(0.5, 0), "1");
        assert_eq!(rounded(0.05, 0), "0");
        assert_eq!(rounded(999.999, 2), "1000.00");
        assert_eq!(rounded(1e21, 1), "1000000000000000000000.0");
        assert_eq!(rounded(5e-324, 2), "0.00");
    }

    #[test]
    fn to_fixed_rounds_the_exact_value() {
        assert_eq!(to_fixed(2.675, 2), "2.67");
        assert_eq!(to_fixed(2.5, 0), "3");
        assert_eq!(to_fixed(-2.5, 0), "-3");
        assert_eq!(to_fixed(1.45, 1), "1.4");
        assert_eq!(to_fixed(8.345, 2), "8.35");
        assert_eq!(to_fixed(0.5, 0), "1");
        assert_eq!(to_fixed(1e21, 2), "1e+21");
        assert_eq!(to_fixed(-0.0001, 2), "-0.00");
    }
}
