//! Names that are not known: what was probably meant.

use crate::expression::functions;
use crate::expression::methods::Method;
use crate::expression::scope::Scope;
use crate::expression::suggest;
use crate::expression::tree::Name;
use crate::expression::value::Value;

/// Functions of other languages and what they are here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("len", "x.length"),
    ("size", "x.length"),
    ("average", "avg(list)"),
    ("mean", "avg(list)"),
    ("total", "sum(list, 'price')"),
    ("iif", "condition ? yes : no"),
    ("coalesce", "x ?? y"),
    ("isNull", "x == null"),
    ("isEmpty", "!x"),
    ("str", "String(x)"),
    ("int", "Math.trunc(x)"),
    ("float", "Number(x)"),
    ("today", "now()"),
    ("concatenate", "x + y"),
    ("formatNumber", "number(x, 2)"),
    ("formatMoney", "money(x, 'EUR')"),
    ("formatCurrency", "money(x, 'EUR')"),
    ("formatPercent", "percent(x)"),
    ("formatDate", "date(x, 'long')"),
    ("formatTime", "time(x)"),
];

/// What to write in place of an unknown name.
pub(super) fn hint(source: &str, scope: &Scope<'_, '_>, name: &Name) -> String {
    let start = name.offset as usize;
    let before = source.get(..start).unwrap_or_default();
    let behind = source.get(start + name.name.len()..).unwrap_or_default().trim_start();
    let is_called = behind.starts_with('(');
    if let Some(object) = before.strip_suffix('-')
        && let Some(dot) = object.rfind('.')
        && object.get(dot + 1..).is_some_and(|word| !word.is_empty() && word.chars().all(char::is_alphanumeric))
    {
        let word = object.get(dot + 1..).unwrap_or_default();
        return format!("for a property whose name has a `-` write `['{word}-{}']`", name.name);
    }
    let in_data = matches!(scope.get("data"), Some(Value::DataObject(entries)) if entries.contains_key(&*name.name));
    if in_data {
        return format!("did you mean `data.{}`?", name.name);
    }
    if is_called {
        if let Some((_, here)) = ELSEWHERE.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name.name)) {
            return format!("write `{here}`");
        }
        if Method::from_name(&name.name).is_some() {
            return format!("it is a method; write `x.{}( … )`", name.name);
        }
    }
    let names: Vec<&str> = scope.names().chain(["sys"]).collect();
    let mut candidates = names.clone();
    for function in functions::names().filter(|_| is_called) {
        candidates.push(function);
    }
    match suggest::closest(&name.name, candidates.into_iter()) {
        Some(close) => format!("did you mean `{close}`?"),
        None if is_called => "the reference of expressions lists the functions".to_owned(),
        None => {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            format!("the names here are {}; texts stand in quotes", names.join(", "))
        }
    }
}
