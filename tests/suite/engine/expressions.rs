//! Expressions: the value with its type, or the error with its place.

use chancery_render::Limits;
use chancery_render::expression::{Context, Expression, Locale, Scope, Value};
use serde_json::Value as Json;

use super::world::NOW_MS;

/// Levels of lists and objects that are shown.
const DEPTH_MAX: u32 = 8;

/// What an expression gives with this data: its value, and below it what could not be resolved; or its error.
pub(crate) fn value(source: &str, data: &Json, locale: &str, limits: &Limits) -> String {
    let locale = match Locale::new(locale) {
        Ok(locale) => locale,
        Err(error) => return format!("error: {error}"),
    };
    let expression = match Expression::compile(source, limits) {
        Ok(expression) => expression,
        Err(error) => {
            return told("refused", source, error.offset, error.length, &error.message, error.hint.as_deref());
        }
    };
    let mut context = Context::new(&locale, NOW_MS, limits);
    context.page_number = Some(3);
    context.total_pages = Some(12);
    let mut out = match expression.evaluate(&Scope::new(data), &mut context) {
        Ok(value) => shown(&value, 0),
        Err(error) => told("fails", source, error.offset().unwrap_or_default(), 0, &error.to_string(), error.hint()),
    };
    for unresolved in context.take_unresolved() {
        out.push_str(&format!("\nunresolved: {}", unresolved.path));
        if let Some(hint) = unresolved.hint {
            out.push_str(&format!(" ({hint})"));
        }
    }
    out
}

/// An error with the place in its source.
fn told(what: &str, source: &str, offset: usize, length: usize, message: &str, hint: Option<&str>) -> String {
    let before = source.get(..offset).unwrap_or(source);
    let marked = source.get(offset..offset.saturating_add(length)).map_or(1, |text| text.chars().count().max(1));
    let mut out = format!("{what}: {message}");
    if source.lines().count() == 1 && source.chars().count() < 100 {
        out.push_str(&format!("\n  {source}\n  {}{}", " ".repeat(before.chars().count()), "^".repeat(marked)));
    } else {
        out.push_str(&format!("\n  at byte {offset}"));
    }
    if let Some(hint) = hint {
        out.push_str(&format!("\n  hint: {hint}"));
    }
    out
}

/// A value as it would be written in JavaScript, so that its type is seen.
fn shown(value: &Value<'_>, depth: u32) -> String {
    if depth > DEPTH_MAX {
        return "…".into();
    }
    if let Some(items) = value.iterate() {
        let items: Vec<String> = items.map(|item| shown(&item, depth + 1)).collect();
        return format!("[{}]", items.join(", "));
    }
    if let Some(record) = value.as_record() {
        let entries: Vec<String> = record
            .entries()
            .iter()
            .map(|(name, value)| format!("{}: {}", Json::from(&**name), shown(value, depth + 1)))
            .collect();
        return if entries.is_empty() { "{}".into() } else { format!("{{ {} }}", entries.join(", ")) };
    }
    match value {
        Value::Text(text) => Json::from(&**text).to_string(),
        Value::Number(number) if *number == 0.0 && number.is_sign_negative() => "-0".into(),
        Value::Moment(_) => format!("moment {}", value.to_display_string()),
        Value::Numeral(_) => format!("numeral {}", value.to_display_string()),
        other => other.to_display_string().into_owned(),
    }
}
