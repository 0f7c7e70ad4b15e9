//! What the parser could not read, in words for people who write templates and no programs.

use crate::expression::error::ExpressionError;
use crate::expression::pattern::flag_fault;

/// Words of other languages, or of statements, with the way to write what is meant.
const WORDS: &[(&str, &str, &str)] = &[
    ("and", "`and` is no operator", "write `&&`"),
    ("or", "`or` is no operator", "write `||`"),
    ("not", "`not` is no operator", "write `!` before the value"),
    ("is", "`is` is no operator", "write `===`"),
    ("eq", "`eq` is no operator", "write `===`"),
    ("then", "`then` has no meaning here", "write `condition ? yes : no`"),
    ("if", "`if` cannot be used in an expression", "write `condition ? yes : no`"),
    ("for", "`for` cannot be used in an expression", "write `list.map(item => … )`"),
    ("while", "`while` cannot be used in an expression", "write `list.map(item => … )`"),
    ("let", "`let` cannot be used in an expression", "write the value itself where it is needed"),
    ("const", "`const` cannot be used in an expression", "write the value itself where it is needed"),
    ("var", "`var` cannot be used in an expression", "write the value itself where it is needed"),
    ("return", "`return` cannot be used in an expression", "write the value itself"),
];

/// Makes the error for what the parser found first, at byte offsets of the source.
pub(super) fn explained(source: &str, message: &str, place: Option<(usize, usize)>) -> ExpressionError {
    let (offset, length) = place.unwrap_or((0, source.len()));
    let offset = offset.min(source.len());
    let length = length.min(source.len() - offset);
    if let Some(error) = beginning(source) {
        return error;
    }
    // A word is often noticed only behind it: `not data.paid`.
    for (start, word) in [word_at(source, offset), word_before(source, offset)].into_iter().flatten() {
        if let Some((_, message, hint)) = WORDS.iter().find(|(known, _, _)| *known == word) {
            return ExpressionError::new(start, word.len(), *message).with_hint(*hint);
        }
    }
    let rest = source.get(offset..).unwrap_or_default();
    let Some(first) = rest.chars().next() else {
        let hint = if message.contains("`:`") { "write both: `condition ? yes : no`" } else { "write what is missing" };
        return ExpressionError::new(source.trim_end().len(), 0, "the expression ends too early").with_hint(hint);
    };
    let found = rest
        .get(..length)
        .filter(|found| !found.trim().is_empty())
        .unwrap_or_else(|| rest.get(..first.len_utf8()).unwrap_or_default());
    let error = |message: String| ExpressionError::new(offset, found.len(), message);
    match first {
        ';' => error("this is more than one expression".to_owned())
            .with_hint("write one expression, without `;`; join texts with `+`"),
        '“' | '”' | '„' | '‘' | '’' | '«' | '»' => error(format!("`{first}` is no quote of an expression"))
            .with_hint("write texts in straight quotes: `'text'`"),
        '.' if found.bytes().skip(1).all(|byte| byte.is_ascii_digit()) && found.len() > 1 => {
            let index = found.get(1..).unwrap_or_default();
            error(format!("`{found}` cannot stand here")).with_hint(format!("write `[{index}]` for an item of a list"))
        }
        '/' if let Some((message, hint)) = found.rsplit('/').next().and_then(flag_fault) => {
            error(message).with_hint(hint)
        }
        _ if message.starts_with("Logical expressions and coalesce") => {
            ExpressionError::new(offset, length, "`??` stands beside `||` or `&&` without brackets")
                .with_hint("say what comes first, such as `(a ?? b) || c`")
        }
        _ if message.starts_with("Invalid Character") => {
            error(format!("`{first}` has no meaning here")).with_hint("write texts in quotes: `'text'`")
        }
        _ if message.contains("Expected `:`") => {
            error(format!("`{found}` stands where a `:` is expected")).with_hint("write both: `condition ? yes : no`")
        }
        _ if message == "Unexpected token" || message.starts_with("Expected ") => {
            let is_value = first.is_alphanumeric() || matches!(first, '\'' | '"' | '`');
            error(format!("`{found}` cannot stand here")).with_hint(if is_value {
                "an operator such as `+` is missing before it, or a text is not in quotes"
            } else {
                "a value is missing before it"
            })
        }
        _ => ExpressionError::new(offset, length, format!("this cannot be read as an expression: {message}")),
    }
}

/// What goes wrong with the first character, wherever the parser stops.
fn beginning(source: &str) -> Option<ExpressionError> {
    let offset = source.len() - source.trim_start().len();
    let rest = source.trim_start();
    let (length, message, hint) = if rest.starts_with("{{") || rest.starts_with("{%") {
        (2, "braces stand around an expression in a text, not in the expression", "leave out the braces")
    } else if rest.starts_with('=') {
        (1, "an expression does not begin with `=`", "leave it out")
    } else if rest.starts_with(['@', '#']) {
        (1, "an expression does not begin with this sign", "leave it out")
    } else {
        return None;
    };
    Some(ExpressionError::new(offset, length, message).with_hint(hint))
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn word_at(source: &str, offset: usize) -> Option<(usize, &str)> {
    let rest = source.get(offset..)?;
    let end = rest.find(|letter| !is_letter(letter)).unwrap_or(rest.len());
    Some((offset, rest.get(..end)?))
}

fn word_before(source: &str, offset: usize) -> Option<(usize, &str)> {
    let before = source.get(..offset)?.trim_end();
    let start = before
        .rfind(|letter| !is_letter(letter))
        .map_or(0, |at| at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
    Some((start, before.get(start..)?))
}
