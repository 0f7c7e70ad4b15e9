//! Typical mistakes and what is said about each: the message, the marked place, and what to do.

use super::{NOW_MS, compile, sample};
use crate::Limits;
use crate::expression::{Context, Locale, Scope};
use crate::template::Place;

/// What an author of templates reads about a source.
fn said(source: &str) -> String {
    let told = |offset: usize, length: usize, message: String, hint: Option<&str>| {
        let place = if length == 0 { Place::of_word(source, offset) } else { Place::find(source, offset, length) };
        let marked = place.excerpt;
        let hint = hint.map_or(String::new(), |hint| format!("\n  hint: {hint}"));
        format!("{marked}\n  {message}{hint}")
    };
    let expression = match compile(source) {
        Ok(expression) => expression,
        Err(error) => return told(error.offset, error.length, error.to_string(), error.hint.as_deref()),
    };
    let data = sample();
    let locale = Locale::new("en-US").unwrap();
    let limits = Limits::default();
    let mut context = Context::new(&locale, NOW_MS, &limits);
    match expression.evaluate(&Scope::new(&data), &mut context) {
        Err(error) => told(error.offset().unwrap(), 0, error.to_string(), error.hint()),
        Ok(value) => match context.take_unresolved().first() {
            Some(unresolved) => {
                let message = format!("`{}` leads nowhere in this data", unresolved.path);
                let at = source.find(&unresolved.path).unwrap();
                told(at, unresolved.path.len(), message, unresolved.hint.as_deref())
            }
            None => format!("    {source}\n  no mistake: it gives `{}`", value.to_display_string()),
        },
    }
}

#[test]
fn every_mistake_is_told_in_words_that_help() {
    let file = include_str!("mistakes.txt");
    let sources: Vec<&str> = file.lines().filter_map(|line| line.strip_prefix("> ")).collect();
    assert!(sources.len() >= 60, "only {} mistakes", sources.len());
    let actual: String = sources.iter().map(|source| format!("> {source}\n{}\n\n", said(source))).collect();
    if actual != file {
        let difference = actual.lines().zip(file.lines()).find(|(actual, expected)| actual != expected);
        panic!("mistakes.txt differs, first at {difference:?}; it would be:\n{actual}");
    }
}

#[test]
fn no_mistake_goes_unnoticed() {
    assert!(!include_str!("mistakes.txt").contains("no mistake:"));
}
