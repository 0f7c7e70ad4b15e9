//! Shapes of numbers: separators, digits and affixes, found out by formatting a few probes with the CLDR formatters.

use crate::expression::decimal::Decimal;
use fixed_decimal::Decimal as FixedDecimal;
use icu_decimal::DecimalFormatter;
use icu_experimental::dimension::currency::CurrencyType;
use icu_experimental::dimension::currency::formatter::CurrencyFormatter;
use icu_experimental::dimension::currency::options::CurrencyUsage;
use icu_experimental::dimension::percent::formatter::PercentFormatter;
use icu_locale::Locale as IcuLocale;
use writeable::Writeable;

/// How a currency is named in an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::expression) enum CurrencyDisplay {
    Symbol,
    NarrowSymbol,
    Code,
}

/// How a locale writes one kind of number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::expression) struct NumberShape {
    zero: char,
    decimal: Box<str>,
    group: Box<str>,
    /// Digits in the last group.
    primary: usize,
    /// Digits in the other groups, which differ in India.
    secondary: usize,
    /// Digits that must stand before the first separator, 2 in Spanish or Polish.
    minimum: usize,
    positive: (Box<str>, Box<str>),
    negative: (Box<str>, Box<str>),
    /// Digits behind the point that the kind of number asks for.
    decimals: u32,
}

impl NumberShape {
    /// How plain numbers are written where nothing else is known.
    fn plain() -> Self {
        Self {
            zero: '0',
            decimal: ".".into(),
            group: ",".into(),
            primary: 3,
            secondary: 3,
            minimum: 1,
            positive: Default::default(),
            negative: ("-".into(), Box::default()),
            decimals: 0,
        }
    }

    pub(in crate::expression) fn decimal_separator(&self) -> &str {
        &self.decimal
    }

    pub(in crate::expression) fn group_separator(&self) -> &str {
        &self.group
    }

    /// Digits behind the point that the kind of number asks for: 2 for EUR, 0 for JPY.
    pub(in crate::expression) fn decimals(&self) -> u32 {
        self.decimals
    }

    /// The digit of this locale.
    pub(in crate::expression) fn digit(&self, digit: u8) -> char {
        char::from_u32(u32::from(self.zero) + u32::from(digit)).unwrap_or('0')
    }

    /// Writes a decimal that is rounded already, with at least that many digits behind the point.
    pub(in crate::expression) fn write(&self, out: &mut String, number: &Decimal, decimals_min: u32, grouping: bool) {
        let (prefix, suffix) = if number.negative { &self.negative } else { &self.positive };
        out.push_str(prefix);
        let length = number.integer_length();
        let grouped = grouping && self.primary > 0 && length >= self.primary + self.minimum;
        for (index, digit) in number.integer().enumerate() {
            let left = length - index;
            if grouped && index > 0 && self.begins_group(left) {
                out.push_str(&self.group);
            }
            out.push(self.digit(digit));
        }
        let decimals = number.fraction_length().max(decimals_min as usize);
        if decimals > 0 {
            out.push_str(&self.decimal);
            out.extend(number.fraction(decimals).map(|digit| self.digit(digit)));
        }
        out.push_str(suffix);
    }

    /// Tells whether a separator stands before the last that many digits.
    fn begins_group(&self, left: usize) -> bool {
        match left.checked_sub(self.primary) {
            Some(above) => above == 0 || (self.secondary > 0 && above % self.secondary == 0),
            None => false,
        }
    }

    /// Finds the shape out from what a formatter makes of probes; `None` when it writes no decimal digits.
    fn probe(format: impl Fn(&FixedDecimal) -> String, base: &Self) -> Option<Self> {
        let one = format(&FixedDecimal::from(1));
        let (prefix, core, suffix) = split(&one)?;
        let zero = core.chars().next().and_then(|digit| char::from_u32(u32::from(digit).checked_sub(1)?))?;
        let fraction = core.get(core.chars().next()?.len_utf8()..)?;
        let decimals = fraction.chars().filter(|character| character.is_numeric()).count();
        let mut shape = Self {
            zero,
            positive: (prefix.into(), suffix.into()),
            decimals: u32::try_from(decimals).ok()?,
            ..base.clone()
        };
        let (minus_prefix, _, minus_suffix) = split_owned(&format(&FixedDecimal::from(-1)))?;
        shape.negative = (minus_prefix, minus_suffix);
        let mut half = FixedDecimal::from(15);
        half.multiply_pow10(-1);
        let half = format(&half);
        let separator: String = split(&half)?.1.chars().filter(|character| !character.is_numeric()).collect();
        if !separator.is_empty() {
            shape.decimal = separator.into();
        }
        shape.probe_groups(|number| {
            let text = format(&FixedDecimal::from(number));
            let core = split_owned(&text).map(|(_, core, _)| core).unwrap_or_default();
            let fraction_length = if decimals == 0 { 0 } else { decimals + 1 };
            let integer_length = core.chars().count().saturating_sub(fraction_length);
            core.chars().take(integer_length).collect()
        });
        Some(shape)
    }

    fn probe_groups(&mut self, integer: impl Fn(i64) -> String) {
        let groups = |number| {
            let text = integer(number);
            let lengths: Vec<usize> =
                text.split(|character: char| !character.is_numeric()).map(|group| group.chars().count()).collect();
            let separator: String = text.chars().find(|character| !character.is_numeric()).into_iter().collect();
            (lengths, separator)
        };
        let (lengths, separator) = groups(1_234_567_890);
        match lengths.as_slice() {
            [.., _, secondary, primary] => (self.secondary, self.primary) = (*secondary, *primary),
            _ => (self.secondary, self.primary) = (0, 0),
        }
        if !separator.is_empty() {
            self.group = separator.into();
        }
        self.minimum = if groups(1_234).0.len() > 1 { 1 } else { 2 };
    }
}

/// Splits a formatted number into what stands before, from the first to the last digit, and behind.
fn split(text: &str) -> Option<(&str, &str, &str)> {
    let start = text.find(char::is_numeric)?;
    let (last, digit) = text.char_indices().rfind(|(_, character)| character.is_numeric())?;
    let end = last + digit.len_utf8();
    Some((text.get(..start)?, text.get(start..end)?, text.get(end..)?))
}

fn split_owned(text: &str) -> Option<(Box<str>, Box<str>, Box<str>)> {
    split(text).map(|(prefix, core, suffix)| (prefix.into(), core.into(), suffix.into()))
}

fn written(number: &impl Writeable) -> String {
    number.write_to_string().into_owned()
}

/// The shape of plain numbers.
pub(super) fn decimal(locale: &IcuLocale) -> NumberShape {
    let plain = NumberShape::plain();
    DecimalFormatter::try_new(locale.into(), Default::default())
        .ok()
        .and_then(|formatter| NumberShape::probe(|number| written(&formatter.format(number)), &plain))
        .unwrap_or(plain)
}

/// The shape of percentages.
pub(super) fn percent(locale: &IcuLocale, base: &NumberShape) -> NumberShape {
    PercentFormatter::try_new(locale.into(), Default::default())
        .ok()
        .and_then(|formatter| NumberShape::probe(|number| written(&formatter.format(number)), base))
        .unwrap_or_else(|| NumberShape {
            positive: (Box::default(), "%".into()),
            negative: ("-".into(), "%".into()),
            ..base.clone()
        })
}

/// The shape of amounts of a currency, given as three capital letters.
pub(super) fn currency(
    locale: &IcuLocale,
    base: &NumberShape,
    code: [u8; 3],
    display: CurrencyDisplay,
    accounting: bool,
) -> Option<NumberShape> {
    let code = std::str::from_utf8(&code).ok()?.to_ascii_lowercase();
    let currency = CurrencyType::try_from_str(&code).ok()?;
    let usage = if accounting { CurrencyUsage::Accounting } else { CurrencyUsage::Standard };
    let formatter = match display {
        CurrencyDisplay::Symbol => CurrencyFormatter::try_new_symbol(locale.into(), currency, usage.into()),
        CurrencyDisplay::NarrowSymbol => {
            CurrencyFormatter::try_new_symbol_narrow(locale.into(), currency, usage.into())
        }
        CurrencyDisplay::Code => CurrencyFormatter::try_new_code(locale.into(), currency, usage.into()),
    };
    let formatter = formatter.ok()?;
    let mut shape = NumberShape::probe(|number| written(&formatter.format_fixed_decimal(number)), base)?;
    if locale.id.language.as_str() == "de" && locale.id.region.is_some_and(|region| region.as_str() == "AT") {
        // CLDR gives Austria a separator of its own for amounts (`currencyGroup`), which the formatter does not know.
        shape.group = ".".into();
    }
    Some(shape)
}
