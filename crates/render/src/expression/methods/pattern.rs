//! Methods of strings that take a regular expression, and methods of regular expressions.

use super::{Method, argument};
use crate::expression::error::EvaluationError;
use crate::expression::evaluate::{Machine, Outcome};
use crate::expression::pattern::{Found, Pattern};
use crate::expression::value::{Entries, Text, Value, to_uint32, units};

pub(super) const METHODS: &[Method] = &[Method::Exec, Method::Test, Method::ToString, Method::ValueOf];

/// Calls a method of a regular expression; each call begins at the start of the text.
pub(super) fn call<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    receiver: &Value<'d>,
    pattern: &Pattern,
    method: Method,
    arguments: &[Value<'d>],
) -> Outcome<'d> {
    match method {
        Method::Exec | Method::Test => {
            let text = machine.display(argument(arguments, 0))?;
            let found = pattern.find(machine, &text, 0)?;
            match (method, found) {
                (Method::Test, found) => Ok(Value::Bool(found.is_some())),
                (_, None) => Ok(Value::Null),
                (_, Some(found)) => groups(machine, &text, &found),
            }
        }
        Method::ToString => machine.display(receiver).map(Value::Text),
        _ => Ok(receiver.clone()),
    }
}

/// Calls a method of a string whose first argument is a regular expression; `None` when it takes none.
pub(super) fn call_on_text<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    text: &Text<'d>,
    method: Method,
    pattern: &Pattern,
    arguments: &[Value<'d>],
) -> Option<Outcome<'d>> {
    Some(match method {
        Method::Match if pattern.global => all_matches(machine, text, pattern),
        Method::Match => match pattern.find(machine, text, 0) {
            Ok(Some(found)) => groups(machine, text, &found),
            Ok(None) => Ok(Value::Null),
            Err(error) => Err(error),
        },
        Method::MatchAll | Method::ReplaceAll if !pattern.global => {
            Err(machine.wrong("all matches need the flag `g`", Some("write `/…/g`")))
        }
        Method::MatchAll => all_groups(machine, text, pattern),
        Method::Search => search(machine, text, pattern),
        Method::Replace | Method::ReplaceAll => replace(machine, text, pattern, argument(arguments, 1)),
        Method::Split => split(machine, text, pattern, argument(arguments, 1)),
        Method::Includes | Method::StartsWith | Method::EndsWith => {
            Err(machine.wrong("this method takes a text and no regular expression", Some("write `/…/.test(text)`")))
        }
        _ => return None,
    })
}

/// The matches one behind the other; an empty one moves on by a character.
fn each_match<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    text: &str,
    pattern: &Pattern,
    mut visit: impl FnMut(&mut Machine<'_, '_, 'd>, &Found) -> Result<(), EvaluationError>,
) -> Result<(), EvaluationError> {
    let mut start = 0;
    while let Some(found) = pattern.find(machine, text, start)? {
        visit(machine, &found)?;
        let (from, to) = found.range();
        start = if to > from { to } else { next_character(text, to) };
        if !pattern.global || start > text.len() {
            break;
        }
    }
    Ok(())
}

/// The byte offset behind the character at an offset, and beyond the end at the end.
fn next_character(text: &str, at: usize) -> usize {
    at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
}

fn group_value<'d>(text: &Text<'d>, found: &Found, number: usize) -> Value<'d> {
    found.group(number).map_or(Value::Undefined, |(start, end)| Value::Text(text.piece(start, end)))
}

/// A list of the whole match and its groups.
fn groups<'d>(machine: &mut Machine<'_, '_, 'd>, text: &Text<'d>, found: &Found) -> Outcome<'d> {
    machine.list((0..=found.group_count()).map(|number| group_value(text, found, number)).collect())
}

fn all_matches<'d>(machine: &mut Machine<'_, '_, 'd>, text: &Text<'d>, pattern: &Pattern) -> Outcome<'d> {
    let mut items = Vec::new();
    each_match(machine, text, pattern, |machine, found| {
        items.push(group_value(text, found, 0));
        machine.check_count(items.len())
    })?;
    if items.is_empty() { Ok(Value::Null) } else { machine.list(items) }
}

fn all_groups<'d>(machine: &mut Machine<'_, '_, 'd>, text: &Text<'d>, pattern: &Pattern) -> Outcome<'d> {
    let mut items = Vec::new();
    each_match(machine, text, pattern, |machine, found| {
        items.push(groups(machine, text, found)?);
        machine.check_count(items.len())
    })?;
    machine.list(items)
}

fn search<'d>(machine: &mut Machine<'_, '_, 'd>, text: &Text<'d>, pattern: &Pattern) -> Outcome<'d> {
    let found = pattern.find(machine, text, 0)?;
    Ok(found.map_or(Value::Number(-1.0), |found| position(text, found.range().0)))
}

#[expect(clippy::cast_precision_loss, reason = "positions are far below 2^53")]
fn position<'d>(text: &str, byte: usize) -> Value<'d> {
    Value::Number(units::position_of_byte(text, byte) as f64)
}

fn replace<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    text: &Text<'d>,
    pattern: &Pattern,
    replacement: &Value<'d>,
) -> Outcome<'d> {
    let template = match replacement {
        Value::Function(_) => None,
        other => Some(machine.display(other)?),
    };
    let mut out = String::new();
    let mut copied = 0;
    each_match(machine, text, pattern, |machine, found| {
        let (start, end) = found.range();
        out.push_str(text.get(copied..start).unwrap_or_default());
        copied = end;
        match &template {
            Some(template) => {
                expand(&mut out, template, text, pattern, found);
                machine.spend_for_bytes(template.len() as u64)?;
            }
            None => {
                let mut given: Vec<Value<'d>> =
                    (0..=found.group_count()).map(|number| group_value(text, found, number)).collect();
                given.extend([position(text, start), Value::Text(text.clone())]);
                if pattern.names().iter().any(Option::is_some) {
                    given.push(named_groups(machine, text, pattern, found)?);
                }
                let made = machine.call(replacement, &given)?;
                machine.append(&mut out, &made)?;
            }
        }
        machine.check_size(out.len() as u64)
    })?;
    out.push_str(text.get(copied..).unwrap_or_default());
    machine.text(out)
}

fn named_groups<'d>(
    machine: &mut Machine<'_, '_, 'd>,
    text: &Text<'d>,
    pattern: &Pattern,
    found: &Found,
) -> Outcome<'d> {
    let mut entries = Entries::default();
    for (index, name) in pattern.names().iter().enumerate() {
        if let Some(name) = name {
            entries.insert(Text::from(name.to_string()), group_value(text, found, index + 1));
        }
    }
    machine.object(entries)
}

/// Writes a replacement with its `$$`, `$&`, `` $` ``, `$'`, `$1` and `$<name>` (ECMA-262 22.1.3.19.1).
fn expand(out: &mut String, template: &str, text: &str, pattern: &Pattern, found: &Found) {
    let (start, end) = found.range();
    let group = |number: usize| {
        let inside = (1..=found.group_count()).contains(&number);
        inside.then(|| found.group(number).and_then(|(start, end)| text.get(start..end)).unwrap_or_default())
    };
    let digits = |text: &str, count: usize| {
        text.get(..count).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()
    };
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        // What is inserted, and how many bytes of the template say so.
        let inserted = match after.bytes().next() {
            Some(b'$') => Some(("$", 1)),
            Some(b'&') => text.get(start..end).map(|text| (text, 1)),
            Some(b'`') => text.get(..start).map(|text| (text, 1)),
            Some(b'\'') => text.get(end..).map(|text| (text, 1)),
            Some(b'<') if pattern.names().iter().any(Option::is_some) => after.find('>').map(|close| {
                let name = after.get(1..close).unwrap_or_default();
                let number = pattern.names().iter().position(|known| known.as_deref() == Some(name));
                (number.and_then(|number| group(number + 1)).unwrap_or_default(), close + 1)
            }),
            _ => [2, 1].into_iter().find_map(|count| Some((group(digits(after, count)?)?, count))),
        };
        match inserted {
            Some((inserted, length)) => {
                out.push_str(inserted);
                rest = after.get(length..).unwrap_or_default();
            }
            None => {
                out.push('$');
                rest = after;
            }
        }
    }
    out.push_str(rest);
}

/// Splits a text at each match; groups become items too (ECMA-262 22.2.6.14).
fn split<'d>(machine: &mut Machine<'_, '_, 'd>, text: &Text<'d>, pattern: &Pattern, limit: &Value<'d>) -> Outcome<'d> {
    let limit = match limit {
        Value::Undefined => usize::MAX,
        limit => usize::try_from(to_uint32(limit.as_number())).unwrap_or(usize::MAX),
    };
    let mut items = Vec::new();
    let (mut copied, mut start) = (0, 0);
    while items.len() < limit
        && let Some(found) = pattern.find(machine, text, start)?
    {
        let (from, to) = found.range();
        if text.is_empty() {
            return machine.list(Vec::new());
        }
        if from >= text.len() {
            break;
        }
        if to == copied {
            // An empty match where the last one ended splits nothing.
            start = next_character(text, from);
            continue;
        }
        items.push(Value::Text(text.piece(copied, from)));
        items.extend((1..=found.group_count()).map(|number| group_value(text, &found, number)));
        machine.check_count(items.len())?;
        copied = to;
        start = if to > from { to } else { next_character(text, to) };
    }
    items.push(Value::Text(text.piece(copied, text.len())));
    items.truncate(limit);
    machine.list(items)
}
