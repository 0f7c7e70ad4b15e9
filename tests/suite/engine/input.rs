//! The short form of inputs: nodes and properties of a template without the noise of JSON.
//!
//! `text { at: [0, 0], text: "Hello" }` is `{ "kind": "text", "at": [0, 0], "text": "Hello" }`; a string alone is a text
//! node. Objects without `kind` are properties of the template.

use std::iter::Peekable;
use std::str::Chars;

use serde_json::{Value as Json, json};

/// What a template has when neither case nor file say anything: a small page without margins, and text in lines
/// of 12 points.
fn usual() -> Json {
    json!({
        "format": 1,
        "name": "Case",
        "locale": "en-GB",
        "page": { "size": [200, 150], "margin": 0 },
        "style": { "font": "Inter", "size": 10, "lineHeight": 1.2 },
    })
}

/// The template that an input stands for; `shared` are properties that its file gives to all of its cases.
///
/// # Errors
/// What is wrong with the short form.
pub(crate) fn template(input: &str, shared: &[Json]) -> Result<Json, String> {
    let mut template = usual();
    for properties in shared {
        merge(&mut template, properties);
    }
    let mut nodes = Vec::new();
    for value in values(input)? {
        match value {
            Json::String(text) => nodes.push(json!({ "kind": "text", "text": text })),
            Json::Object(object) if object.contains_key("kind") => nodes.push(Json::Object(object)),
            other => merge(&mut template, &other),
        }
    }
    if !nodes.is_empty() {
        merge(&mut template, &json!({ "body": { "nodes": nodes } }));
    }
    Ok(template)
}

/// One value in short form, such as the data of a case.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn value(text: &str) -> Result<Json, String> {
    match <[Json; 1]>::try_from(values(text)?) {
        Ok([value]) => Ok(value),
        Err(values) => Err(format!("there are {} values instead of one", values.len())),
    }
}

/// The values of a text, one after the other.
fn values(text: &str) -> Result<Vec<Json>, String> {
    let json = to_json(text);
    let stream = serde_json::Deserializer::from_str(&json).into_iter::<Json>();
    stream.collect::<Result<_, _>>().map_err(|error| format!("{error} in {json}"))
}

/// Objects are merged by property; anything else is replaced.
fn merge(base: &mut Json, over: &Json) {
    match (base, over) {
        (Json::Object(base), Json::Object(over)) => {
            for (name, value) in over {
                merge(base.entry(name.as_str()).or_insert(Json::Null), value);
            }
        }
        (base, over) => *base = over.clone(),
    }
}

/// Puts quotes around names of properties, and kinds of nodes into their objects.
fn to_json(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text.chars().peekable();
    while let Some(&character) = rest.peek() {
        if character == '"' {
            copy_string(&mut rest, &mut out);
        } else if character.is_ascii_alphabetic() || character == '$' || character == '_' {
            let word = take_while(&mut rest, |c| c.is_ascii_alphanumeric() || matches!(c, '$' | '_' | '-'));
            let space = take_while(&mut rest, char::is_whitespace);
            match rest.peek() {
                Some(':') => out.push_str(&format!("\"{word}\"")),
                Some('{') => {
                    rest.next();
                    let space = take_while(&mut rest, char::is_whitespace);
                    let comma = if rest.peek() == Some(&'}') { "" } else { "," };
                    out.push_str(&format!("{{\"kind\":\"{word}\"{comma}{space}"));
                }
                _ => out.push_str(&format!("{word}{space}")),
            }
        } else {
            out.push(character);
            rest.next();
        }
    }
    out
}

fn copy_string(rest: &mut Peekable<Chars<'_>>, out: &mut String) {
    out.extend(rest.next());
    while let Some(character) = rest.next() {
        out.push(character);
        match character {
            '"' => return,
            '\\' => out.extend(rest.next()),
            _ => {}
        }
    }
}

fn take_while(rest: &mut Peekable<Chars<'_>>, test: impl Fn(char) -> bool) -> String {
    let mut taken = String::new();
    while let Some(character) = rest.next_if(|c| test(*c)) {
        taken.push(character);
    }
    taken
}

#[test]
fn the_short_form_stands_for_a_template() {
    let input = "{ page: { margin: 5 } } \"Hi {{ a: 1 }}\"\nframe { nodes: [line {}, text { text: \"a\\\" b: c\" }], visible: true }";
    let template = template(input, &[json!({ "page": { "size": [9, 9] }, "locale": "de-DE" })]).unwrap();
    assert_eq!(
        template,
        json!({
            "format": 1, "name": "Case", "locale": "de-DE", "page": { "size": [9, 9], "margin": 5 },
            "style": { "font": "Inter", "size": 10, "lineHeight": 1.2 },
            "body": { "nodes": [
                { "kind": "text", "text": "Hi {{ a: 1 }}" },
                { "kind": "frame", "nodes": [{ "kind": "line" }, { "kind": "text", "text": "a\" b: c" }], "visible": true },
            ] },
        })
    );
}
