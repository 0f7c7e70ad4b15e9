//! Functions: the table of everything that can be called by name, from which the reference is made.

mod casing;
mod dates;
mod digests;
mod global;
mod json;
mod lists;
mod math;
mod numbers;
mod objects;
mod options;
mod reference;
mod sequences;
mod spelling;
mod texts;
mod wording;

pub(super) use numbers::{FIRST_USE_STEPS, locale_string};
pub use reference::reference_markdown;
pub(crate) use spelling::{ROMAN, roman};

use super::error::EvaluationError;
use super::evaluate::{Machine, Outcome};
use super::suggest;
use super::value::Value;

/// A function with its documentation.
#[derive(Debug)]
pub(super) struct Builtin {
    pub(super) name: &'static str,
    /// The call with the names of its arguments; `?` marks those that can be left out.
    signature: &'static str,
    summary: &'static str,
    /// An expression whose result with locale `en-US` is `result`.
    example: &'static str,
    result: &'static str,
    pub(super) call: for<'d> fn(&mut Machine<'_, '_, 'd>, &[Value<'d>]) -> Outcome<'d>,
}

/// What a namespace such as `Math` has.
pub(super) enum Member {
    Function(&'static Builtin),
    Constant(f64),
}

/// A part of the reference.
struct Group {
    title: &'static str,
    functions: &'static [Builtin],
}

/// Everything that can be called by name; names with a point belong to a namespace.
static GROUPS: &[Group] = &[
    Group { title: "Numbers and money", functions: numbers::FUNCTIONS },
    Group { title: "Dates and times", functions: dates::FUNCTIONS },
    Group { title: "Lists", functions: lists::FUNCTIONS },
    Group { title: "Parts of lists", functions: sequences::FUNCTIONS },
    Group { title: "Texts", functions: texts::FUNCTIONS },
    Group { title: "Case, length and groups of texts", functions: casing::FUNCTIONS },
    Group { title: "Words for numbers and lists", functions: wording::FUNCTIONS },
    Group { title: "Digests", functions: digests::FUNCTIONS },
    Group { title: "Values", functions: global::FUNCTIONS },
    Group { title: "Math", functions: math::FUNCTIONS },
    Group { title: "Objects and lists of JavaScript", functions: objects::FUNCTIONS },
];

/// Namespaces; those that can be called too have a function of the same name.
const NAMESPACES: &[&str] = &["Array", "Boolean", "JSON", "Math", "Number", "Object", "String"];

fn all() -> impl Iterator<Item = &'static Builtin> {
    GROUPS.iter().flat_map(|group| group.functions)
}

/// Finds a function that is called by its plain name.
pub(super) fn function(name: &str) -> Option<&'static Builtin> {
    all().find(|builtin| builtin.name == name && !is_namespace(name))
}

/// The plain names, for suggestions.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    all().map(|builtin| builtin.name).filter(|name| !name.contains('.'))
}

pub(super) fn is_namespace(name: &str) -> bool {
    NAMESPACES.contains(&name)
}

/// The function of a namespace that can be called itself, such as `Number(x)`.
pub(super) fn callable_namespace(name: &str) -> Option<&'static Builtin> {
    all().find(|builtin| builtin.name == name)
}

/// Finds what a namespace has under a name.
pub(super) fn member(namespace: &str, name: &str) -> Option<Member> {
    let constant = math::CONSTANTS.iter().find(|(of, constant, _)| *of == namespace && *constant == name);
    if let Some((_, _, value)) = constant {
        return Some(Member::Constant(*value));
    }
    all().find(|builtin| builtin.name.split_once('.') == Some((namespace, name))).map(Member::Function)
}

/// What a namespace has: its functions first, then its constants.
fn members(namespace: &str) -> impl Iterator<Item = &'static str> {
    let functions = all().filter_map(|builtin| builtin.name.split_once('.'));
    let constants = math::CONSTANTS.iter().map(|(of, name, _)| (*of, *name));
    functions.chain(constants).filter(move |(of, _)| *of == namespace).map(|(_, name)| name)
}

/// Lists what a namespace has, for messages.
pub(super) fn member_names(namespace: &str) -> String {
    /// Names that a message holds; nobody reads on.
    const NAME_COUNT_MAX: usize = 12;
    let mut names: Vec<String> = members(namespace).map(|name| format!("`{name}`")).collect();
    let left_out = names.len().saturating_sub(NAME_COUNT_MAX);
    if left_out > 1 {
        names.truncate(NAME_COUNT_MAX);
        return format!("{} and {left_out} more", names.join(", "));
    }
    names.join(", ")
}

/// The member of a namespace that was probably meant.
pub(super) fn closest_member(namespace: &str, name: &str) -> Option<&'static str> {
    suggest::closest(name, members(namespace))
}

/// A value as a message shows it, cut where it gets long.
pub(super) fn shown(value: &Value<'_>) -> String {
    /// Characters of a value in a message; enough to recognise it.
    const SHOWN_LENGTH_MAX: usize = 40;
    match value {
        Value::Text(text) => {
            let cut: String = text.chars().take(SHOWN_LENGTH_MAX).collect();
            if cut.len() < text.len() { format!("`{cut}…`") } else { format!("`{cut}`") }
        }
        Value::Number(number) => format!("`{}`", super::value::number_text(*number)),
        other => other.type_name().to_owned(),
    }
}

/// Reads an argument that must be a number; nothing and the empty string are `None`.
fn number_or_nothing(
    machine: &Machine<'_, '_, '_>,
    value: &Value<'_>,
    function: &str,
) -> Result<Option<f64>, EvaluationError> {
    match value {
        Value::Undefined | Value::Null => Ok(None),
        Value::Text(text) if text.trim().is_empty() => Ok(None),
        other => {
            let number = other.as_number();
            if number.is_finite() {
                return Ok(Some(number));
            }
            let hint = match (other, function) {
                (Value::Text(_), _) => "numbers in texts must be written like `1234.56`",
                (_, "sum" | "avg" | "min" | "max" | "cumulative" | "minBy" | "maxBy") => {
                    "say what to take of each item: `sum(list, 'price')` or `sum(list, item => item.price)`"
                }
                _ => "give one of its values, such as `data.total`",
            };
            Err(machine.wrong(format!("`{function}` needs a number, but got {}", shown(other)), Some(hint)))
        }
    }
}
