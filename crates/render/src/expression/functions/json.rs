//! JSON of values.

use crate::expression::error::EvaluationError;
use crate::expression::evaluate::{Machine, Outcome};
use crate::expression::methods::argument;
use crate::expression::value::{Entries, Text, Value, wrap_to_i64, write_number};
use serde_json::Value as Json;

/// Levels of data that are written; data that was parsed with limits is never deeper.
const DEPTH_MAX: usize = 256;

/// Bytes that parsing makes for each byte of the text: `[[],[]]` gives a cell of its own for three bytes.
const PARSE_BYTES_PER_BYTE: u64 = 10;

/// What the second argument of `JSON.stringify` leaves of an object or makes of a value.
enum Replacer<'d> {
    None,
    Names(Vec<Text<'d>>),
    Function(Value<'d>),
}

impl<'d> Replacer<'d> {
    fn read(machine: &mut Machine<'_, '_, 'd>, value: &Value<'d>) -> Result<Self, EvaluationError> {
        if let Value::Function(_) = value {
            return Ok(Self::Function(value.clone()));
        }
        let Some(items) = value.iterate() else { return Ok(Self::None) };
        machine.check_count(items.len())?;
        let names = items.filter(|item| matches!(item, Value::Text(_) | Value::Number(_)));
        names.map(|name| machine.display(&name)).collect::<Result<_, _>>().map(Self::Names)
    }

    /// The value to write in place of an entry; `undefined` leaves it out.
    fn replaced(&self, machine: &mut Machine<'_, '_, 'd>, key: &str, value: Value<'d>) -> Outcome<'d> {
        match self {
            Self::Function(function) => machine.call(function, &[Value::text(key), value]),
            _ => Ok(value),
        }
    }

    /// The entries of an object that are to be written.
    fn entries(
        &self,
        machine: &mut Machine<'_, '_, 'd>,
        value: &Value<'d>,
    ) -> Result<Vec<(Text<'d>, Value<'d>)>, EvaluationError> {
        let Some(record) = value.as_record() else { return Ok(Vec::new()) };
        match self {
            Self::Names(names) => {
                machine.spend(names.len() as u64)?;
                Ok(names.iter().filter_map(|name| Some((name.clone(), record.get(name)?))).collect())
            }
            _ => Ok(record.entries()),
        }
    }
}

pub(super) fn stringify<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let replacer = Replacer::read(machine, argument(arguments, 1))?;
    let value = replacer.replaced(machine, "", argument(arguments, 0).clone())?;
    if matches!(value, Value::Undefined | Value::Function(_)) {
        return Ok(Value::Undefined);
    }
    let indent = match argument(arguments, 2) {
        Value::Number(count) => " ".repeat(usize::try_from(wrap_to_i64(*count).clamp(0, 10)).unwrap_or(0)),
        Value::Text(text) => text.chars().take(10).collect(),
        _ => String::new(),
    };
    let mut writer = Writer { out: String::new(), indent, replacer };
    writer.write(machine, &value, 0)?;
    machine.text(writer.out)
}

struct Writer<'d> {
    out: String,
    indent: String,
    replacer: Replacer<'d>,
}

impl<'d> Writer<'d> {
    fn write(
        &mut self,
        machine: &mut Machine<'_, '_, 'd>,
        value: &Value<'d>,
        depth: usize,
    ) -> Result<(), EvaluationError> {
        machine.spend(1)?;
        machine.check_size(self.out.len() as u64)?;
        if depth > DEPTH_MAX {
            return Err(EvaluationError::TooDeep { offset: machine.offset() });
        }
        match value {
            Value::Bool(true) => self.out.push_str("true"),
            Value::Bool(false) => self.out.push_str("false"),
            Value::Number(number) | Value::Numeral(number) if number.is_finite() => {
                write_number(&mut self.out, *number);
            }
            Value::Text(text) => write_text(&mut self.out, text),
            Value::Moment(moment) => write_text(&mut self.out, &moment.utc_text()),
            Value::Array(_) | Value::DataArray(_) => self.write_list(machine, value, depth)?,
            Value::Object(_) | Value::DataObject(_) => self.write_object(machine, value, depth)?,
            _ => self.out.push_str("null"),
        }
        Ok(())
    }

    fn write_list(
        &mut self,
        machine: &mut Machine<'_, '_, 'd>,
        list: &Value<'d>,
        depth: usize,
    ) -> Result<(), EvaluationError> {
        self.out.push('[');
        let mut empty = true;
        for (index, item) in list.iterate().into_iter().flatten().enumerate() {
            let item = match self.replacer {
                Replacer::Function(_) => self.replacer.replaced(machine, &index.to_string(), item)?,
                _ => item,
            };
            separate(&mut self.out, &mut empty, &self.indent, depth);
            self.write(machine, &item, depth + 1)?;
        }
        finish(&mut self.out, empty, &self.indent, depth);
        self.out.push(']');
        Ok(())
    }

    fn write_object(
        &mut self,
        machine: &mut Machine<'_, '_, 'd>,
        object: &Value<'d>,
        depth: usize,
    ) -> Result<(), EvaluationError> {
        self.out.push('{');
        let mut empty = true;
        for (key, item) in self.replacer.entries(machine, object)? {
            let item = self.replacer.replaced(machine, &key, item)?;
            // JSON has no way to say `undefined`, so that such an entry is left out.
            if matches!(item, Value::Undefined | Value::Function(_)) {
                continue;
            }
            separate(&mut self.out, &mut empty, &self.indent, depth);
            write_text(&mut self.out, &key);
            self.out.push_str(if self.indent.is_empty() { ":" } else { ": " });
            self.write(machine, &item, depth + 1)?;
        }
        finish(&mut self.out, empty, &self.indent, depth);
        self.out.push('}');
        Ok(())
    }
}

pub(super) fn parse<'d>(machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let text = machine.display(argument(arguments, 0))?;
    machine.spend_for_bytes((text.len() as u64).saturating_mul(PARSE_BYTES_PER_BYTE))?;
    match serde_json::from_str(&text) {
        Ok(json) => made(machine, json),
        Err(error) => Err(machine.wrong(
            format!("this text is not JSON: {error}"),
            Some("names and texts stand in double quotes, and no comma follows the last item"),
        )),
    }
}

/// Makes a value of parsed JSON; lists and objects are counted like others.
fn made<'d>(machine: &mut Machine<'_, '_, 'd>, json: Json) -> Outcome<'d> {
    machine.spend(1)?;
    match json {
        Json::Null => Ok(Value::Null),
        Json::Bool(value) => Ok(Value::Bool(value)),
        Json::Number(number) => Ok(Value::Number(number.as_f64().unwrap_or(f64::NAN))),
        Json::String(text) => machine.text(text),
        Json::Array(items) => {
            let items = items.into_iter().map(|item| made(machine, item)).collect::<Result<_, _>>()?;
            machine.list(items)
        }
        Json::Object(entries) => {
            let mut out = Entries::default();
            for (key, item) in entries {
                out.insert(Text::from(key), made(machine, item)?);
            }
            machine.object(out)
        }
    }
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
