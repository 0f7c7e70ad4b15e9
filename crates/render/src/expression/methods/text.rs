//! Methods of strings, with positions in UTF-16 code units.

use super::{Method, argument, integer};
use crate::expression::error::EvaluationError;
use crate::expression::evaluate::{Machine, Outcome};
use crate::expression::value::{Text, Value, index_from, is_white_space, units, wrap_to_i64};

pub(super) const METHODS: &[Method] = &[
    Method::At,
    Method::CharAt,
    Method::CharCodeAt,
    Method::CodePointAt,
    Method::Concat,
    Method::EndsWith,
    Method::Includes,
    Method::IndexOf,
    Method::LastIndexOf,
    Method::LocaleCompare,
    Method::Match,
    Method::MatchAll,
    Method::PadEnd,
    Method::PadStart,
    Method::Repeat,
    Method::Replace,
    Method::ReplaceAll,
    Method::Search,
    Method::Slice,
    Method::Split,
    Method::StartsWith,
    Method::Substr,
    Method::Substring,
    Method::ToLowerCase,
    Method::ToUpperCase,
    Method::ToLocaleLowerCase,
    Method::ToLocaleUpperCase,
    Method::ToString,
    Method::Trim,
    Method::TrimEnd,
    Method::TrimStart,
    Method::ValueOf,
];

pub(super) fn call<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    text: &Text<'d>,
    method: Method,
    arguments: &[Value<'d>],
) -> Outcome<'d> {
    let first = argument(arguments, 0);
    if let Value::Pattern(pattern) = first
        && let Some(outcome) = super::pattern::call_on_text(machine, text, method, pattern, arguments)
    {
        return outcome;
    }
    match method {
        Method::At => Ok(at(text, first)),
        Method::CharAt => Ok(Value::Text(
            position(first).map_or(Text::Borrowed(""), |unit| units::slice(text, unit, unit.saturating_add(1))),
        )),
        Method::CharCodeAt => {
            let unit = position(first).and_then(|unit| units::unit_at(text, unit));
            Ok(Value::Number(unit.map_or(f64::NAN, f64::from)))
        }
        Method::CodePointAt => {
            let point = position(first).and_then(|unit| units::code_point_at(text, unit));
            Ok(point.map_or(Value::Undefined, |point| Value::Number(f64::from(point))))
        }
        Method::Concat => {
            let mut out = text.to_string();
            for argument in arguments {
                machine.append(&mut out, argument)?;
            }
            machine.text(out)
        }
        Method::EndsWith => {
            let wanted = machine.display(first)?;
            let end = match argument(arguments, 1) {
                Value::Undefined => text.len(),
                end => units::byte_of_position(text, index_at_least_zero(end)),
            };
            Ok(Value::Bool(text.get(..end).unwrap_or_default().ends_with(&*wanted)))
        }
        Method::StartsWith => {
            let wanted = machine.display(first)?;
            Ok(Value::Bool(from(text, argument(arguments, 1)).1.starts_with(&*wanted)))
        }
        Method::Includes => {
            let wanted = machine.display(first)?;
            Ok(Value::Bool(from(text, argument(arguments, 1)).1.contains(&*wanted)))
        }
        Method::IndexOf => {
            let wanted = machine.display(first)?;
            let (start, rest) = from(text, argument(arguments, 1));
            Ok(found(text, rest.find(&*wanted).map(|byte| start + byte)))
        }
        Method::LastIndexOf => {
            let wanted = machine.display(first)?;
            let limit = argument(arguments, 1).as_number();
            let searched = if limit.is_nan() {
                text.len()
            } else {
                units::byte_of_position(text, index_at_least_zero(argument(arguments, 1)))
                    .saturating_add(wanted.len())
                    .min(text.len())
            };
            // A match may begin at the limit, so that its end may lie behind it.
            let searched = (searched..=text.len()).find(|byte| text.is_char_boundary(*byte)).unwrap_or(text.len());
            Ok(found(text, text.get(..searched).unwrap_or_default().rfind(&*wanted)))
        }
        Method::LocaleCompare => {
            let other = machine.display(first)?;
            Ok(Value::Number(f64::from(machine.context.locale().compare(text, &other) as i8)))
        }
        Method::Match | Method::MatchAll | Method::Search => Err(machine.wrong(
            format!("this method needs a regular expression, but got {}", first.type_name()),
            Some("write one between slashes, such as `/[0-9]+/`; for a text use `includes` or `indexOf`"),
        )),
        Method::PadStart | Method::PadEnd => pad(machine, text, arguments, method == Method::PadStart),
        Method::Repeat => repeat(machine, text, first),
        Method::Replace | Method::ReplaceAll => replace(machine, text, arguments, method == Method::ReplaceAll),
        Method::Slice => {
            let length = units::length(text);
            Ok(Value::Text(units::slice(
                text,
                index_from(first.as_number(), length),
                end_index(argument(arguments, 1), length),
            )))
        }
        Method::Split => split(machine, text, arguments),
        Method::Substring => {
            let length = units::length(text);
            let start = index_at_least_zero(first).min(length);
            let end = match argument(arguments, 1) {
                Value::Undefined => length,
                end => index_at_least_zero(end).min(length),
            };
            Ok(Value::Text(units::slice(text, start.min(end), start.max(end))))
        }
        Method::Substr => {
            let length = units::length(text);
            let start = index_from(first.as_number(), length);
            let count = match argument(arguments, 1) {
                Value::Undefined => length,
                count => index_at_least_zero(count),
            };
            Ok(Value::Text(units::slice(text, start, start.saturating_add(count).min(length))))
        }
        Method::ToLowerCase | Method::ToLocaleLowerCase => machine.text(text.to_lowercase()),
        Method::ToUpperCase | Method::ToLocaleUpperCase => machine.text(text.to_uppercase()),
        Method::Trim | Method::TrimStart | Method::TrimEnd => Ok(trim(text, method)),
        // `toString` and `valueOf`; the table above lets nothing else in.
        _ => Ok(Value::Text(text.clone())),
    }
}

fn position(value: &Value<'_>) -> Option<usize> {
    usize::try_from(wrap_to_i64(integer(value))).ok()
}

fn index_at_least_zero(value: &Value<'_>) -> usize {
    position(value).unwrap_or(0)
}

fn end_index(value: &Value<'_>, length: usize) -> usize {
    match value {
        Value::Undefined => length,
        end => index_from(end.as_number(), length),
    }
}

/// The rest of a text from a position, with its byte offset.
fn from<'t>(text: &'t str, start: &Value<'_>) -> (usize, &'t str) {
    let start = units::byte_of_position(text, index_at_least_zero(start));
    (start, text.get(start..).unwrap_or_default())
}

#[expect(clippy::cast_precision_loss, reason = "positions are far below 2^53")]
fn found<'d>(text: &str, byte: Option<usize>) -> Value<'d> {
    Value::Number(byte.map_or(-1.0, |byte| units::position_of_byte(text, byte) as f64))
}

fn at<'d>(text: &Text<'d>, index: &Value<'_>) -> Value<'d> {
    let length = i64::try_from(units::length(text)).unwrap_or(i64::MAX);
    let index = wrap_to_i64(integer(index));
    let index = if index < 0 { index.saturating_add(length) } else { index };
    match usize::try_from(index) {
        Ok(unit) if index < length => Value::Text(units::slice(text, unit, unit.saturating_add(1))),
        _ => Value::Undefined,
    }
}

fn trim<'d>(text: &Text<'d>, method: Method) -> Value<'d> {
    let start = if method == Method::TrimEnd { 0 } else { text.len() - text.trim_start_matches(is_white_space).len() };
    let end = if method == Method::TrimStart { text.len() } else { text.trim_end_matches(is_white_space).len() };
    Value::Text(text.piece(start, end.max(start)))
}

fn pad<'d>(machine: &mut Machine<'_, '_, 'd>, text: &Text<'d>, arguments: &[Value<'d>], at_start: bool) -> Outcome<'d> {
    let length = units::length(text);
    let missing = index_at_least_zero(argument(arguments, 0)).saturating_sub(length);
    let filler = match argument(arguments, 1) {
        Value::Undefined => Text::Borrowed(" "),
        filler => machine.display(filler)?,
    };
    if missing == 0 || filler.is_empty() {
        return Ok(Value::Text(text.clone()));
    }
    // One code unit is at most three bytes.
    machine.check_size((missing as u64).saturating_mul(3).saturating_add(text.len() as u64))?;
    let filler_length = units::length(&filler);
    let mut padding = filler.repeat(missing / filler_length);
    padding.push_str(&units::slice(&filler, 0, missing % filler_length));
    machine.text(if at_start { format!("{padding}{}", &**text) } else { format!("{}{padding}", &**text) })
}

fn repeat<'d>(machine: &mut Machine<'_, '_, 'd>, text: &Text<'d>, count: &Value<'d>) -> Outcome<'d> {
    let count = integer(count);
    if count < 0.0 || count.is_infinite() {
        return Err(machine.wrong("`repeat` needs a count of 0 or more", None));
    }
    let count = u64::try_from(wrap_to_i64(count)).unwrap_or(0);
    machine.check_size(count.saturating_mul(text.len() as u64))?;
    let count = if text.is_empty() { 0 } else { usize::try_from(count).unwrap_or(0) };
    machine.text(text.repeat(count))
}

fn replace<'d>(machine: &mut Machine<'_, '_, 'd>, text: &Text<'d>, arguments: &[Value<'d>], all: bool) -> Outcome<'d> {
    let pattern = machine.display(argument(arguments, 0))?;
    let replacement = argument(arguments, 1);
    let mut out = String::new();
    let mut copied = 0;
    let mut matches = text.match_indices(&*pattern).take(if all { usize::MAX } else { 1 });
    for (start, matched) in matches.by_ref() {
        out.push_str(text.get(copied..start).unwrap_or_default());
        copied = start + matched.len();
        if let Value::Function(_) = replacement {
            #[expect(clippy::cast_precision_loss, reason = "positions are far below 2^53")]
            let position = Value::Number(units::position_of_byte(text, start) as f64);
            let made =
                machine.call(replacement, &[Value::Text(pattern.clone()), position, Value::Text(text.clone())])?;
            machine.append(&mut out, &made)?;
        } else {
            let template = machine.display(replacement)?;
            expand(&mut out, &template, text, start, copied);
            machine.spend_for_bytes(template.len() as u64)?;
        }
        machine.check_size(out.len() as u64)?;
    }
    if copied == 0 && out.is_empty() && !pattern.is_empty() {
        return Ok(Value::Text(text.clone()));
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    machine.text(out)
}

/// Writes a replacement with its `$$`, `$&`, `` $` `` and `$'` (ECMA-262 22.1.3.19.1).
fn expand(out: &mut String, template: &str, text: &str, start: usize, end: usize) {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let inserted = match after.bytes().next() {
            Some(b'$') => Some("$"),
            Some(b'&') => text.get(start..end),
            Some(b'`') => text.get(..start),
            Some(b'\'') => text.get(end..),
            _ => None,
        };
        match inserted {
            Some(inserted) => {
                out.push_str(inserted);
                rest = after.get(1..).unwrap_or_default();
            }
            None => {
                out.push('$');
                rest = after;
            }
        }
    }
    out.push_str(rest);
}

fn split<'d>(machine: &mut Machine<'_, '_, 'd>, text: &Text<'d>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let limit = match argument(arguments, 1) {
        Value::Undefined => usize::MAX,
        limit => usize::try_from(crate::expression::value::to_uint32(limit.as_number())).unwrap_or(usize::MAX),
    };
    let separator = match argument(arguments, 0) {
        Value::Undefined => return machine.list(if limit == 0 { Vec::new() } else { vec![Value::Text(text.clone())] }),
        separator => machine.display(separator)?,
    };
    let items = if separator.is_empty() {
        characters(machine, text, limit)?
    } else {
        pieces(machine, text, &separator, limit)?
    };
    machine.list(items)
}

fn characters<'d>(
    machine: &Machine<'_, '_, 'd>,
    text: &Text<'d>,
    limit: usize,
) -> Result<Vec<Value<'d>>, EvaluationError> {
    machine.check_count(text.len().min(limit))?;
    let mut items = Vec::new();
    for (start, character) in text.char_indices() {
        // A surrogate pair would come apart into two halves, which cannot be held.
        for _ in 0..character.len_utf16() {
            items.push(match character.len_utf16() {
                1 => Value::Text(text.piece(start, start + character.len_utf8())),
                _ => Value::Text(Text::Borrowed("\u{FFFD}")),
            });
        }
        if items.len() >= limit {
            break;
        }
    }
    items.truncate(limit);
    Ok(items)
}

fn pieces<'d>(
    machine: &Machine<'_, '_, 'd>,
    text: &Text<'d>,
    separator: &str,
    limit: usize,
) -> Result<Vec<Value<'d>>, EvaluationError> {
    let mut items = Vec::new();
    let mut start = 0;
    for (end, matched) in text.match_indices(separator) {
        if items.len() >= limit {
            return Ok(items);
        }
        items.push(Value::Text(text.piece(start, end)));
        machine.check_count(items.len())?;
        start = end + matched.len();
    }
    if items.len() < limit {
        items.push(Value::Text(text.piece(start, text.len())));
    }
    Ok(items)
}
