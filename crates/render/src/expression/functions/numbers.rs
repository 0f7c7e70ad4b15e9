//! Functions for numbers and money, written as the locale writes them.

use super::options::{NumberOptions, Style};
use super::{Builtin, number_or_nothing};
use crate::expression::decimal::Decimal;
use crate::expression::error::EvaluationError;
use crate::expression::evaluate::{Machine, Outcome};
use crate::expression::locale::{Locale, NumberShape};
use crate::expression::methods::{argument, digits};
use crate::expression::value::{Text, Value};
use std::sync::Arc;

/// What writing one number costs, as measured against a simple step.
const FORMAT_STEPS: u64 = 20;

/// What the first use of a currency or of another locale in a render costs; both are read from CLDR then.
pub(in crate::expression) const FIRST_USE_STEPS: u64 = 10_000;

pub(super) const FUNCTIONS: &[Builtin] = &[
    Builtin {
        name: "number",
        signature: "number(x, decimals?)",
        summary: "Writes a number with the separators of the locale; without `decimals` with at most three. Nothing gives an empty text.",
        example: "number(1234567.891, 2)",
        result: "1,234,567.89",
        call: number,
    },
    Builtin {
        name: "money",
        signature: "money(x, currency, options?)",
        summary: "Writes an amount with its currency and as many decimals as the currency has, half cents away from zero.",
        example: "money(1234.5, 'EUR') + ' ' + money(-2.675, 'USD') + ' ' + money(99.5, 'JPY')",
        result: "€1,234.50 -$2.68 ¥100",
        call: money,
    },
    Builtin {
        name: "currency",
        signature: "currency(x, currency, options?)",
        summary: "The same as `money`.",
        example: "currency(12, 'USD', { currencyDisplay: 'code', decimals: 0 })",
        result: "USD\u{a0}12",
        call: money,
    },
    Builtin {
        name: "percent",
        signature: "percent(x, decimals?)",
        summary: "Writes a share as a percentage: 0.19 is 19%; without `decimals` with at most two.",
        example: "percent(0.075) + ' ' + percent(0.5, 1)",
        result: "7.5% 50.0%",
        call: percent,
    },
    Builtin {
        name: "round",
        signature: "round(x, decimals?)",
        summary: "Rounds as people do on the digits that they see, half away from zero.",
        example: "round(2.675, 2)",
        result: "2.68",
        call: round,
    },
    Builtin {
        name: "numeral",
        signature: "numeral(x).format(pattern)",
        summary: "Writes a number by a pattern of Numeral.js, such as `0,0.00`, `0.[00]`, `0%`, `$0,0.00`, `0a`, `(0,0)`, `0o`.",
        example: "numeral(1234.567).format('0,0.00') + ' ' + numeral(-5).format('($0,0.00)')",
        result: "1,234.57 ($5.00)",
        call: numeral,
    },
];

fn number<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let options = NumberOptions::new(Style::Decimal).read(machine, argument(arguments, 1))?;
    written(machine, argument(arguments, 0), &options, "number")
}

fn money<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let mut options = NumberOptions::new(Style::Currency);
    if !argument(arguments, 1).is_nullish() {
        options.currency = Some(machine.display(argument(arguments, 1))?.to_string());
    }
    let options = options.read(machine, argument(arguments, 2))?;
    written(machine, argument(arguments, 0), &options, "money")
}

fn percent<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let mut options = NumberOptions::new(Style::Percent);
    options.decimals_max = Some(2);
    let options = options.read(machine, argument(arguments, 1))?;
    written(machine, argument(arguments, 0), &options, "percent")
}

/// Writes a number for people: nothing is an empty text, and what rounds to zero has no sign.
fn written<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    value: &Value<'d>,
    options: &NumberOptions,
    function: &str,
) -> Outcome<'d> {
    machine.spend(FORMAT_STEPS)?;
    let Some(number) = number_or_nothing(machine, value, function)? else {
        return Ok(Value::Text(Text::Borrowed("")));
    };
    let mut out = String::new();
    let locale = machine.context.locale();
    write(machine, &mut out, number, options, locale, false)?;
    machine.text(out)
}

fn write(
    machine: &mut Machine<'_, '_, '_>,
    out: &mut String,
    number: f64,
    options: &NumberOptions,
    locale: &Locale,
    keep_sign_of_zero: bool,
) -> Result<(), EvaluationError> {
    let Some(mut decimal) = Decimal::shortest(number) else { return Ok(()) };
    let mut put = |mut decimal: Decimal, shape: &NumberShape, (least, most): (u32, u32)| {
        decimal.round(most);
        if decimal.is_zero() && !keep_sign_of_zero {
            decimal.negative = false;
        }
        shape.write(out, &decimal, least, options.grouping);
    };
    match options.style {
        Style::Decimal => put(decimal, locale.decimal(), options.decimals(0, 3)),
        Style::Percent => {
            decimal.shift(2);
            put(decimal, locale.percent(), options.decimals(0, 0));
        }
        Style::Currency => {
            let Some(code) = options.currency.as_deref() else {
                return Err(machine.wrong(
                    "the currency is missing",
                    Some("write `money(x, 'EUR')`, or give a field: `money(x, data.currency)`"),
                ));
            };
            if machine.context.is_first_use(code) {
                machine.spend(FIRST_USE_STEPS)?;
            }
            let Some(shape) = locale.currency(code, options.currency_display, options.accounting) else {
                let code: String = code.chars().take(40).collect();
                return Err(machine.wrong(
                    format!("`{code}` is no currency"),
                    Some("give the three letters of ISO 4217, such as 'EUR' or 'USD'"),
                ));
            };
            put(decimal, &shape, options.decimals(shape.decimals(), shape.decimals()));
        }
    }
    Ok(())
}

impl Machine<'_, '_, '_> {
    /// Gives the locale that a call named.
    pub(in crate::expression) fn named_locale(&mut self, tag: &str) -> Result<Arc<Locale>, EvaluationError> {
        if self.context.is_first_use(tag) {
            self.spend(FIRST_USE_STEPS)?;
        }
        self.context
            .named_locale(tag)
            .map_err(|error| self.wrong(error.to_string(), Some("write a tag such as 'en-US' or 'de-DE'")))
    }
}

/// `Number.prototype.toLocaleString(locale?, options?)`, as ECMA-402 has it.
pub(in crate::expression) fn locale_string<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    number: f64,
    arguments: &[Value<'d>],
) -> Outcome<'d> {
    machine.spend(FORMAT_STEPS)?;
    if number.is_nan() {
        return Ok(Value::Text(Text::Borrowed("NaN")));
    }
    if number.is_infinite() {
        return Ok(Value::Text(Text::Borrowed(if number < 0.0 { "-∞" } else { "∞" })));
    }
    let options = NumberOptions::new(Style::Decimal).read(machine, argument(arguments, 1))?;
    let mut out = String::new();
    match argument(arguments, 0) {
        value if value.is_nullish() => {
            let locale = machine.context.locale();
            write(machine, &mut out, number, &options, locale, true)?;
        }
        tag => {
            let tag = machine.display(tag)?;
            let locale = machine.named_locale(&tag)?;
            write(machine, &mut out, number, &options, &locale, true)?;
        }
    }
    machine.text(out)
}

fn round<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let Some(number) = number_or_nothing(machine, argument(arguments, 0), "round")? else {
        return Ok(Value::Undefined);
    };
    let decimals = digits(machine, argument(arguments, 1), 0, 100)?;
    let Some(mut decimal) = Decimal::shortest(number) else { return Ok(Value::Number(number)) };
    decimal.round(decimals);
    Ok(Value::Number(decimal.to_f64()))
}

fn numeral<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    // Numeral.js takes nothing as zero.
    let number = number_or_nothing(machine, argument(arguments, 0), "numeral")?.unwrap_or(0.0);
    Ok(Value::Numeral(number))
}
