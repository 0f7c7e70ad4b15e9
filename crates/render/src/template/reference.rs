//! The reference of format 1 as Markdown, made from the description.

use std::fmt::Write as _;

use super::describe::{Body, Definition, Form, Property, Word};
use super::root::FORMAT;
use super::schema::DESCRIPTION;

/// The reference of the document language as Markdown: one section a kind of object, one table of its properties.
#[must_use]
pub fn reference_markdown() -> String {
    let mut page = format!("# Template format {FORMAT}\n\n");
    page.push_str("This page is generated from the engine. Lengths are points unless they carry a unit.\n");
    for (name, definition) in &DESCRIPTION.definitions {
        section(&mut page, name, definition);
    }
    page
}

fn section(page: &mut String, name: &str, definition: &Definition) {
    let _infallible = write!(page, "\n## {name}\n\n{}\n", definition.doc);
    match &definition.body {
        Body::Value(Form::Words(words)) => {
            page.push_str("\nIt is one of these:\n\n");
            for Word { name, doc } in words {
                let _infallible = writeln!(page, "- `{name}`: {doc}");
            }
        }
        Body::Value(form) => {
            let _infallible = write!(page, "\nIt is {}.\n", value_phrase(form));
        }
        Body::Object(properties) => table(page, properties),
        Body::Kinds(kinds) => {
            page.push_str("\n| Kind | |\n|---|---|\n");
            for (kind, name) in kinds {
                let doc = DESCRIPTION.definitions.get(name).map_or("", |definition| definition.doc);
                let _infallible = writeln!(page, "| [`{kind}`](#{}) | {doc} |", name.to_lowercase());
            }
        }
        Body::Pending => {}
    }
}

fn table(page: &mut String, properties: &[Property]) {
    page.push_str("\n| Property | Type | Default | Meaning |\n|---|---|---|---|\n");
    for property in properties {
        let default = match &property.default {
            Some(default) => format!("`{default}`"),
            None if property.required => "required".to_owned(),
            None => String::new(),
        };
        let _infallible =
            writeln!(page, "| `{}` | {} | {default} | {} |", property.name, phrase(&property.form), property.doc);
    }
}

/// A named value is told by what it consists of.
fn value_phrase(form: &Form) -> String {
    match form {
        Form::AnyOf(forms) => forms.iter().map(value_phrase).collect::<Vec<_>>().join(", or "),
        Form::Text { phrase, .. } => format!("a string: {phrase}"),
        Form::List { .. } => format!("an {}", phrase(form)),
        other => phrase(other),
    }
}

fn phrase(form: &Form) -> String {
    match form {
        Form::Anything => "any JSON".to_owned(),
        Form::AnyObject => "any object".to_owned(),
        Form::Boolean => "`true` or `false`".to_owned(),
        Form::Text { phrase, .. } => format!("string: {phrase}"),
        Form::Number { phrase, .. } if phrase.starts_with("a number") => (*phrase).to_owned(),
        Form::Number { phrase, .. } => format!("a number of {phrase}"),
        Form::Integer { phrase, .. } => (*phrase).to_owned(),
        Form::Choice(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" "),
        Form::Words(words) => words.iter().map(|word| format!("`{}`", word.name)).collect::<Vec<_>>().join(" "),
        Form::Constant(number) => format!("`{number}`"),
        Form::Word(word) => format!("`\"{word}\"`"),
        Form::Named(name) => {
            let title = DESCRIPTION.definitions.get(name).map_or(*name, |definition| bare(definition.title));
            format!("[{title}](#{})", name.to_lowercase())
        }
        Form::List { of, least, most } if most.is_some_and(|most| most == *least) => {
            let items = vec![phrase(of); *least];
            format!("array of {least}: {}", items.join(", "))
        }
        Form::List { of, .. } => format!("array of: {}", phrase(of)),
        Form::Map(of) => format!("object by name of: {}", phrase(of)),
        Form::Keys(names, of) => {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            format!("object with any of {}, each: {}", names.join(" "), phrase(of))
        }
        Form::AnyOf(forms) => forms.iter().map(phrase).collect::<Vec<_>>().join(", or "),
    }
}

/// `a text node` is called `text node` in a table.
fn bare(title: &str) -> &str {
    ["a ", "an ", "the "].iter().find_map(|article| title.strip_prefix(article)).unwrap_or(title)
}
