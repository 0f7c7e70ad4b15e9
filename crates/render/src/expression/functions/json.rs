//! JSON of values.

use crate::expression::error::EvaluationError;
use crate::expression::evaluate::{Machine, Outcome};
use crate::expression::methods::argument;
use crate::expression::value::{Value, wrap_to_i64, write_number};

/// Levels of data that are written; data that was parsed with limits is never deeper.
const DEPTH_MAX: usize = 256;

pub(super) fn stringify<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let value = argument(arguments, 0);
    if matches!(value, Value::Undefined | Value::Function(_)) {
        return Ok(Value::Undefined);
    }
    let indent = match argument(arguments, 2) {
        Value::Number(count) => " ".repeat(usize::try_from(wrap_to_i64(*count).clamp(0, 10)).unwrap_or(0)),
        Value::Text(text) => text.chars().take(10).collect(),
        _ => String::new(),
    };
    let mut out = String::new();
    write(machine, &mut out, value, &indent, 0)?;
    machine.text(out)
}

fn write<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    out: &mut String,
    value: &Value<'d>,
    indent: &str,
    depth: usize,
) -> Result<(), EvaluationError> {
    machine.spend(1)?;
    machine.check_size(out.len() as u64)?;
    if depth > DEPTH_MAX {
        return Err(EvaluationError::TooDeep { offset: machine.offset() });
    }
    match value {
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) | Value::Numeral(number) if number.is_finite() => write_number(out, *number),
        Value::Text(text) => write_text(out, text),
        Value::Moment(moment) => write_text(out, &moment.utc_text()),
        Value::Array(_) | Value::DataArray(_) => {
            let items = value.iterate();
            out.push('[');
            let mut empty = true;
            for item in items.into_iter().flatten() {
                separate(out, &mut empty, indent, depth);
                write(machine, out, &item, indent, depth + 1)?;
            }
            finish(out, empty, indent, depth);
            out.push(']');
        }
        Value::Object(_) | Value::DataObject(_) => {
            out.push('{');
            let mut empty = true;
            let entries = value.as_record().map(|record| record.entries()).unwrap_or_default();
            for (key, item) in entries {
                // JSON has no way to say `undefined`, so that such an entry is left out.
                if matches!(item, Value::Undefined | Value::Function(_)) {
                    continue;
                }
                separate(out, &mut empty, indent, depth);
                write_text(out, &key);
                out.push_str(if indent.is_empty() { ":" } else { ": " });
                write(machine, out, &item, indent, depth + 1)?;
            }
            finish(out, empty, indent, depth);
            out.push('}');
        }
        _ => out.push_str("null"),
    }
    Ok(())
}

fn separate(out: &mut String, empty: &mut bool, indent: &str, depth: usize) {
    if !*empty {
        out.push(',');
    }
    *empty = false;
    new_line(out, indent, depth + 1);
}

fn finish(out: &mut String, empty: bool, indent: &str, depth: usize) {
    if !empty {
        new_line(out, indent, depth);
    }
}

fn new_line(out: &mut String, indent: &str, depth: usize) {
    if !indent.is_empty() {
        out.push('\n');
        out.extend(std::iter::repeat_n(indent, depth));
    }
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{C}' => out.push_str("\\f"),
            control if control < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => out.push(other),
        }
    }
    out.push('"');
}
