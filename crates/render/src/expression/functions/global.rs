//! Functions for values of every kind.

use super::Builtin;
use crate::expression::evaluate::{Machine, Outcome};
use crate::expression::methods::argument;
use crate::expression::value::{self, Text, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[
    Builtin {
        name: "ifNull",
        signature: "ifNull(value, fallback)",
        summary: "The value, or the fallback where the value is missing or null.",
        example: "ifNull(null, '–')",
        result: "–",
        call: if_null,
    },
    Builtin {
        name: "String",
        signature: "String(x)",
        summary: "The value as a text.",
        example: "String(12.50) + String(null)",
        result: "12.5null",
        call: string,
    },
    Builtin {
        name: "String.fromCharCode",
        signature: "String.fromCharCode(code, …)",
        summary: "The text of UTF-16 code units.",
        example: "String.fromCharCode(72, 105)",
        result: "Hi",
        call: from_char_code,
    },
    Builtin {
        name: "String.fromCodePoint",
        signature: "String.fromCodePoint(code, …)",
        summary: "The text of Unicode characters.",
        example: "String.fromCodePoint(0x20AC, 0x1F600)",
        result: "€😀",
        call: from_code_point,
    },
    Builtin {
        name: "Number",
        signature: "Number(x)",
        summary: "The value as a number; `NaN` for what is none.",
        example: "Number('12.50') + 1",
        result: "13.5",
        call: number,
    },
    Builtin {
        name: "Boolean",
        signature: "Boolean(x)",
        summary: "Whether the value counts as yes.",
        example: "['', 0, 'a', []].map(Boolean)",
        result: "false,false,true,true",
        call: boolean,
    },
    Builtin {
        name: "parseInt",
        signature: "parseInt(text, radix?)",
        summary: "The integer that a text begins with.",
        example: "parseInt('42px') + parseInt('ff', 16)",
        result: "297",
        call: parse_int,
    },
    Builtin {
        name: "parseFloat",
        signature: "parseFloat(text)",
        summary: "The number that a text begins with.",
        example: "parseFloat('3.5 kg')",
        result: "3.5",
        call: parse_float,
    },
    Builtin {
        name: "isNaN",
        signature: "isNaN(x)",
        summary: "Whether the value is no number after conversion.",
        example: "isNaN('abc')",
        result: "true",
        call: is_nan,
    },
    Builtin {
        name: "isFinite",
        signature: "isFinite(x)",
        summary: "Whether the value is a finite number after conversion.",
        example: "isFinite('12')",
        result: "true",
        call: is_finite,
    },
    Builtin {
        name: "JSON.parse",
        signature: "JSON.parse(text)",
        summary: "The value that a text in JSON holds.",
        example: "JSON.parse('{\"lines\": [1, 2]}').lines.length",
        result: "2",
        call: super::json::parse,
    },
    Builtin {
        name: "JSON.stringify",
        signature: "JSON.stringify(x, names?, indent?)",
        summary: "The value as JSON; with a list of names only these properties, with a function what it gives for name and value.",
        example: "JSON.stringify({ a: [1, 'x', null] })",
        result: "{\"a\":[1,\"x\",null]}",
        call: super::json::stringify,
    },
];

fn if_null<'d>(_machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let value = argument(arguments, 0);
    Ok(if value.is_nullish() { argument(arguments, 1).clone() } else { value.clone() })
}

fn string<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    match arguments.first() {
        Some(value) => machine.display(value).map(Value::Text),
        None => Ok(Value::Text(Text::Borrowed(""))),
    }
}

fn from_char_code<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let units: Vec<u16> = arguments
        .iter()
        .map(|argument| u16::try_from(value::to_uint32(argument.as_number()) & 0xFFFF).unwrap_or(0))
        .collect();
    machine.text(String::from_utf16_lossy(&units))
}

fn from_code_point<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let mut out = String::new();
    for argument in arguments {
        let number = argument.as_number();
        let point = u32::try_from(value::wrap_to_i64(number)).ok().filter(|_| number.fract() == 0.0);
        match point {
            Some(0xD800..=0xDFFF) => out.push(char::REPLACEMENT_CHARACTER),
            Some(point) if point <= u32::from(char::MAX) => out.extend(char::from_u32(point)),
            _ => {
                return Err(machine.wrong(
                    format!("{} is no code point", super::shown(argument)),
                    Some("code points are integers from 0 to 0x10FFFF"),
                ));
            }
        }
    }
    machine.text(out)
}

fn number<'d>(_machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    Ok(Value::Number(arguments.first().map_or(0.0, Value::as_number)))
}

fn boolean<'d>(_machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    Ok(Value::Bool(argument(arguments, 0).truthy()))
}

fn is_nan<'d>(_machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    Ok(Value::Bool(argument(arguments, 0).as_number().is_nan()))
}

fn is_finite<'d>(_machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    Ok(Value::Bool(argument(arguments, 0).as_number().is_finite()))
}

pub(super) fn parse_int<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let text = machine.display(argument(arguments, 0))?;
    machine.spend_for_bytes(text.len() as u64)?;
    let text = text.trim_start_matches(value::is_white_space);
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let hexadecimal = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let (radix, text) = match (value::to_int32(argument(arguments, 1).as_number()), hexadecimal) {
        (0 | 16, Some(rest)) => (16, rest),
        (0, None) => (10, text),
        (radix @ 2..=36, _) => (radix.cast_unsigned(), text),
        _ => return Ok(Value::Number(f64::NAN)),
    };
    let end = text.find(|character: char| !character.is_digit(radix)).unwrap_or(text.len());
    let digits = text.get(..end).unwrap_or_default();
    if digits.is_empty() {
        return Ok(Value::Number(f64::NAN));
    }
    let number = if radix == 10 {
        digits.parse().unwrap_or(f64::NAN)
    } else {
        let digits: Vec<u32> = digits.chars().filter_map(|digit| digit.to_digit(radix)).collect();
        value::integer_in_radix(&digits, radix)
    };
    Ok(Value::Number(if negative { -number } else { number }))
}

pub(super) fn parse_float<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let text = machine.display(argument(arguments, 0))?;
    machine.spend_for_bytes(text.len() as u64)?;
    Ok(Value::Number(leading_number(text.trim_start_matches(value::is_white_space))))
}

/// Reads the longest beginning that is a decimal literal (ECMA-262 19.2.4).
fn leading_number(text: &str) -> f64 {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned.starts_with("Infinity") {
        return if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let mut end = text.len() - unsigned.len();
    let digits = |from: usize| text.bytes().skip(from).take_while(u8::is_ascii_digit).count();
    let whole = digits(end);
    end += whole;
    let mut fraction = 0;
    if text.as_bytes().get(end) == Some(&b'.') {
        fraction = digits(end + 1);
        if whole + fraction > 0 {
            end += 1 + fraction;
        }
    }
    if whole + fraction == 0 {
        return f64::NAN;
    }
    if matches!(text.as_bytes().get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.as_bytes().get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    text.get(..end).and_then(|number| number.parse().ok()).unwrap_or(f64::NAN)
}
