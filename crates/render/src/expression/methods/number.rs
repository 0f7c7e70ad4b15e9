//! Methods of numbers and of numerals.

use super::{Method, argument, digits};
use crate::expression::decimal;
use crate::expression::evaluate::{Machine, Outcome};
use crate::expression::functions::locale_string;
use crate::expression::numeral;
use crate::expression::value::Value;

pub(super) const METHODS: &[Method] = &[
    Method::ToExponential,
    Method::ToFixed,
    Method::ToLocaleString,
    Method::ToPrecision,
    Method::ToString,
    Method::ValueOf,
];

pub(super) const NUMERAL_METHODS: &[Method] =
    &[Method::Format, Method::Value, Method::Add, Method::Subtract, Method::ToString, Method::ValueOf];

pub(super) fn call<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    number: f64,
    method: Method,
    arguments: &[Value<'d>],
) -> Outcome<'d> {
    let first = argument(arguments, 0);
    match method {
        Method::ToFixed => {
            machine.spend(10)?;
            let decimals = digits(machine, first, 0, 100)?;
            machine.text(decimal::to_fixed(number, decimals))
        }
        Method::ToPrecision => match first {
            precision if matches!(precision, Value::Undefined) || !number.is_finite() => {
                machine.display(&Value::Number(number)).map(Value::Text)
            }
            precision => {
                machine.spend(50)?;
                let precision = digits(machine, precision, 1, 100)?;
                machine.text(decimal::to_precision(number, precision))
            }
        },
        Method::ToExponential => {
            machine.spend(50)?;
            let decimals = match first {
                value if matches!(value, Value::Undefined) || !number.is_finite() => None,
                decimals => Some(digits(machine, decimals, 0, 100)?),
            };
            machine.text(decimal::to_exponential(number, decimals))
        }
        Method::ToLocaleString => locale_string(machine, number, arguments),
        Method::ToString => match first {
            Value::Undefined => machine.display(&Value::Number(number)).map(Value::Text),
            radix => {
                machine.spend(50)?;
                let radix = digits(machine, radix, 0, 100)?;
                if !(2..=36).contains(&radix) {
                    return Err(machine.wrong("`toString` needs a radix from 2 to 36", None));
                }
                machine.text(decimal::to_radix(number, radix))
            }
        },
        // `valueOf`; the table above lets nothing else in.
        _ => Ok(Value::Number(number)),
    }
}

pub(super) fn call_numeral<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    number: f64,
    method: Method,
    arguments: &[Value<'d>],
) -> Outcome<'d> {
    let first = argument(arguments, 0);
    match method {
        Method::Format => {
            machine.spend(20)?;
            let pattern = match first {
                Value::Undefined => crate::expression::value::Text::Borrowed("0,0"),
                pattern => machine.display(pattern)?,
            };
            let text = numeral::format(number, &pattern, machine.context.locale()).map_err(|message| {
                machine.wrong(message, Some("write a format such as `0,0.00`, `0.[00]`, `0%` or `$0,0.00`"))
            })?;
            machine.text(text)
        }
        Method::Add => Ok(Value::Numeral(number + first.as_number())),
        Method::Subtract => Ok(Value::Numeral(number - first.as_number())),
        Method::ToString => machine.display(&Value::Number(number)).map(Value::Text),
        // `value` and `valueOf`; the table above lets nothing else in.
        _ => Ok(Value::Number(number)),
    }
}
