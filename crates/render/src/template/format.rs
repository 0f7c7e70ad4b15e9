//! The formatter: one spelling of each template, so that a change of a template is a change of few lines.

use serde_json::{Map, Value as Json};

use super::describe::{Body, Form, Property};
use super::root::ROOT;
use super::schema::DESCRIPTION;

/// Longest line that an array of plain values may make; what is longer is written one value a line.
const LINE_LENGTH_MAX: usize = 100;

/// Numbers beyond this have no decimals worth rounding.
const ROUNDED_MAX: f64 = 1.0e9;

/// Writes a template the one canonical way, with a newline at the end.
///
/// Keys stand in the order of the reference, unknown ones after them as they come. Lengths have at most two decimals,
/// factors at most four. Properties that say what is the default anyway are left out. Arrays of plain values stand on
/// one line when they fit. What the engine keeps as it is (`data`, `meta`, `designer`) is only indented.
/// Formatting what is formatted changes nothing, and the template means the same before and after.
///
/// The call recurses as deep as the value is nested; JSON readers bound that to 128.
#[must_use]
pub fn format_json(json: &Json) -> String {
    let canonical = canonical(json, &Form::Named(ROOT.name));
    let mut text = String::new();
    print(&canonical, 0, 0, &mut text);
    text.push('\n');
    text
}

fn canonical(json: &Json, form: &Form) -> Json {
    match (json, form) {
        (_, Form::Named(name)) => match DESCRIPTION.definitions.get(name).map(|definition| &definition.body) {
            Some(Body::Value(form)) => canonical(json, form),
            Some(Body::Object(properties)) => match json {
                Json::Object(object) => ordered(object, properties),
                other => other.clone(),
            },
            Some(Body::Kinds(kinds)) => {
                let kind = json.get("kind").and_then(Json::as_str).unwrap_or_default();
                match kinds.iter().find(|(name, _)| *name == kind) {
                    Some((_, definition)) => canonical(json, &Form::Named(definition)),
                    None => json.clone(),
                }
            }
            Some(Body::Pending) | None => json.clone(),
        },
        (_, Form::AnyOf(forms)) => match forms.iter().find(|form| fits(json, form)) {
            Some(form) => canonical(json, form),
            None => json.clone(),
        },
        (Json::Number(number), Form::Number { decimals, .. }) => rounded(number, *decimals),
        (Json::Number(number), Form::Integer { .. } | Form::Constant(_)) => rounded(number, 9),
        (Json::Array(items), Form::List { of, .. }) => {
            Json::Array(items.iter().map(|item| canonical(item, of)).collect())
        }
        (Json::Object(object), Form::Map(of)) => {
            Json::Object(object.iter().map(|(name, item)| (name.clone(), canonical(item, of))).collect())
        }
        (Json::Object(object), Form::Keys(names, _)) => {
            let mut sorted = Map::with_capacity(object.len());
            let known = names.iter().filter_map(|name| object.get_key_value(*name));
            let unknown = object.iter().filter(|(name, _)| !names.contains(&name.as_str()));
            sorted.extend(known.chain(unknown).map(|(name, item)| (name.clone(), item.clone())));
            Json::Object(sorted)
        }
        _ => json.clone(),
    }
}

fn ordered(object: &Map<String, Json>, properties: &[Property]) -> Json {
    let mut sorted = Map::with_capacity(object.len());
    for property in properties {
        if let Some(value) = object.get(property.name) {
            let value = canonical(value, &property.form);
            if property.default.as_ref() != Some(&value) {
                sorted.insert(property.name.to_owned(), value);
            }
        }
    }
    for (name, value) in object {
        if !properties.iter().any(|property| property.name == name) {
            sorted.insert(name.clone(), value.clone());
        }
    }
    Json::Object(sorted)
}

/// Whether a value has the JSON type that a form asks for.
fn fits(json: &Json, form: &Form) -> bool {
    match form {
        Form::Anything => true,
        Form::AnyObject | Form::Map(_) | Form::Keys(..) => json.is_object(),
        Form::Boolean => json.is_boolean(),
        Form::Text { .. } | Form::Choice(_) | Form::Words(_) | Form::Word(_) => json.is_string(),
        Form::Number { .. } | Form::Integer { .. } | Form::Constant(_) => json.is_number(),
        Form::List { least, most, .. } => {
            json.as_array().is_some_and(|items| items.len() >= *least && most.is_none_or(|most| items.len() <= most))
        }
        Form::AnyOf(forms) => forms.iter().any(|form| fits(json, form)),
        Form::Named(name) => match DESCRIPTION.definitions.get(name).map(|definition| &definition.body) {
            Some(Body::Value(form)) => fits(json, form),
            Some(Body::Object(_) | Body::Kinds(_)) => json.is_object(),
            Some(Body::Pending) | None => false,
        },
    }
}

fn rounded(number: &serde_json::Number, decimals: u8) -> Json {
    let unchanged = || Json::Number(number.clone());
    let Some(value) = number.as_f64().filter(|value| value.abs() < ROUNDED_MAX) else { return unchanged() };
    let scale = 10_f64.powi(i32::from(decimals));
    // Adding zero turns -0 into 0.
    let rounded = (value * scale).round() / scale + 0.0;
    serde_json::from_str(&format!("{rounded}")).unwrap_or_else(|_| unchanged())
}

/// Writes a value; `column` is how much of the line is taken already.
fn print(json: &Json, indent: usize, column: usize, text: &mut String) {
    match json {
        Json::Array(items) if !items.is_empty() => {
            let plain = items.iter().all(|item| !item.is_array() && !item.is_object());
            if plain {
                let inline: Vec<String> = items.iter().map(Json::to_string).collect();
                let inline = format!("[{}]", inline.join(", "));
                if column + inline.chars().count() <= LINE_LENGTH_MAX {
                    text.push_str(&inline);
                    return;
                }
            }
            let mut separator = "[";
            for item in items {
                text.push_str(separator);
                new_line(indent + 1, text);
                print(item, indent + 1, 2 * (indent + 1), text);
                separator = ",";
            }
            new_line(indent, text);
            text.push(']');
        }
        Json::Object(object) if !object.is_empty() => {
            let mut separator = "{";
            for (name, item) in object {
                text.push_str(separator);
                new_line(indent + 1, text);
                let name = Json::from(name.as_str()).to_string();
                text.push_str(&name);
                text.push_str(": ");
                print(item, indent + 1, 2 * (indent + 1) + name.chars().count() + 2, text);
                separator = ",";
            }
            new_line(indent, text);
            text.push('}');
        }
        other => text.push_str(&other.to_string()),
    }
}

fn new_line(indent: usize, text: &mut String) {
    text.push('\n');
    for _level in 0..indent {
        text.push_str("  ");
    }
}
