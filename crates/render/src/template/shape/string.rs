//! Strings: plain ones, names of variables, expressions, and text with expressions.

use serde_json::Value as Json;

use super::Shape;
use crate::diagnostic::codes;
use crate::expression::{Expression, ExpressionError, TextTemplate};
use crate::limits::Limits;
use crate::template::describe::{Description, Form};
use crate::template::reading::Reading;

/// A plain string on one line.
#[derive(Clone, Copy)]
pub(in crate::template) struct Line {
    /// What it is: `a name`.
    pub(in crate::template) phrase: &'static str,
    /// Most characters.
    pub(in crate::template) length_max: usize,
}

impl Shape for Line {
    type Value = String;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<String> {
        let Some(text) = json.as_str() else {
            reading.wrong_type(&format!("a string: {}", self.phrase), json);
            return None;
        };
        if text.chars().nth(self.length_max).is_some() {
            let message = format!("{} must have at most {} characters", reading.subject(), self.length_max);
            reading.error(codes::INVALID_VALUE, message, None);
            return None;
        }
        if text.chars().any(char::is_control) {
            let message = format!("{} must be one line without control characters", reading.subject());
            reading.error(codes::INVALID_VALUE, message, None);
            return None;
        }
        Some(text.to_owned())
    }

    fn form(&self, _description: &mut Description) -> Form {
        Form::Text { phrase: self.phrase, pattern: None, length_max: Some(self.length_max) }
    }

    fn show(&self, value: &String) -> Option<Json> {
        Some(Json::from(value.as_str()))
    }
}

/// Words that expressions give a meaning of their own.
const RESERVED: [&str; 24] = [
    "data",
    "sys",
    "true",
    "false",
    "null",
    "undefined",
    "typeof",
    "in",
    "new",
    "this",
    "function",
    "class",
    "delete",
    "void",
    "await",
    "yield",
    "import",
    "return",
    "if",
    "else",
    "let",
    "const",
    "var",
    "instanceof",
];

/// Longest name of a variable, in characters.
const IDENTIFIER_LENGTH_MAX: usize = 40;

/// The name of a variable in expressions.
#[derive(Clone, Copy)]
pub(in crate::template) struct Identifier;

impl Shape for Identifier {
    type Value = String;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<String> {
        let Some(text) = json.as_str() else {
            reading.wrong_type("a string: the name of a variable", json);
            return None;
        };
        if RESERVED.contains(&text) {
            let hint = format!("`{text}` has a meaning of its own in expressions");
            reading.not_allowed("the name of a variable", json, Some(hint));
            return None;
        }
        if !is_identifier(text) {
            let hint = "use letters, digits and `_`, beginning with a letter".to_owned();
            reading.not_allowed("the name of a variable", json, Some(hint));
            return None;
        }
        Some(text.to_owned())
    }

    fn form(&self, _description: &mut Description) -> Form {
        Form::Text {
            phrase: "name of a variable",
            pattern: Some("^[A-Za-z_][A-Za-z0-9_]*$"),
            length_max: Some(IDENTIFIER_LENGTH_MAX),
        }
    }

    fn show(&self, value: &String) -> Option<Json> {
        Some(Json::from(value.as_str()))
    }
}

fn is_identifier(text: &str) -> bool {
    text.len() <= IDENTIFIER_LENGTH_MAX
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
}

/// One expression.
#[derive(Clone, Copy)]
pub(in crate::template) struct ExpressionShape;

impl Shape for ExpressionShape {
    type Value = Expression;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Expression> {
        read_expression(json, reading, Expression::compile)
    }

    fn form(&self, description: &mut Description) -> Form {
        let doc = "One JavaScript expression, such as `data.items.length > 0`.";
        let form = Form::Text { phrase: "an expression", pattern: None, length_max: None };
        description.value("expression", "expression", doc, form)
    }
}

/// One expression that is a condition: a missing property is an answer there.
#[derive(Clone, Copy)]
pub(in crate::template) struct Condition;

impl Shape for Condition {
    type Value = Expression;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Expression> {
        read_expression(json, reading, Expression::compile_condition)
    }

    fn form(&self, description: &mut Description) -> Form {
        ExpressionShape.form(description)
    }
}

fn read_expression(
    json: &Json,
    reading: &mut Reading,
    compile: fn(&str, &Limits) -> Result<Expression, ExpressionError>,
) -> Option<Expression> {
    let Some(source) = json.as_str() else {
        reading.wrong_type("a string: an expression", json);
        return None;
    };
    let trimmed = source.trim();
    if trimmed.starts_with("{{") && trimmed.ends_with("}}") {
        let message = format!("{} is an expression already", reading.subject());
        reading.error(codes::INVALID_EXPRESSION, message, Some("leave out `{{` and `}}`".to_owned()));
        return None;
    }
    match compile(source, &reading.limits) {
        Ok(expression) => Some(expression),
        Err(error) => {
            report(source, &error, reading);
            None
        }
    }
}

/// Text in which `{{ … }}` holds an expression.
#[derive(Clone, Copy)]
pub(in crate::template) struct TemplateText;

impl Shape for TemplateText {
    type Value = TextTemplate;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<TextTemplate> {
        let Some(source) = json.as_str() else {
            reading.wrong_type("text", json);
            return None;
        };
        match TextTemplate::compile(source, &reading.limits) {
            Ok(text) => Some(text),
            Err(errors) => {
                for error in &errors {
                    report(source, error, reading);
                }
                None
            }
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        let doc = "Text. `{{ … }}` holds one JavaScript expression; `\\n` ends a paragraph.";
        let form = Form::Text { phrase: "text with `{{ … }}`", pattern: None, length_max: None };
        description.value("text", "text", doc, form)
    }

    fn show(&self, value: &TextTemplate) -> Option<Json> {
        value.as_literal().map(Json::from)
    }
}

/// Reports an error in an expression, with its place marked in the line that holds it.
fn report(source: &str, error: &ExpressionError, reading: &mut Reading) {
    let place = Place::find(source, error.offset, error.length);
    let message = format!("{}: {}", place.name, error.message);
    let hint = match &error.hint {
        Some(hint) => format!("{hint}\n{}", place.excerpt),
        None => format!("look at the marked place\n{}", place.excerpt),
    };
    reading.error(codes::INVALID_EXPRESSION, message, Some(hint));
}

/// A place in a text, as people find it.
pub(crate) struct Place {
    /// `column 12`, or `line 2, column 12`; both count from 1, columns in characters.
    pub(crate) name: String,
    /// The line around it, and carets below it.
    pub(crate) excerpt: String,
}

/// Characters shown on each side of a marked place.
const EXCERPT_LENGTH_MAX: usize = 30;

impl Place {
    /// Finds the place of the name or sign that begins at a byte offset.
    pub(crate) fn of_word(source: &str, offset: usize) -> Self {
        let rest = source.get(offset..).unwrap_or_default();
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '_' | '$'));
        Self::find(source, offset, end.unwrap_or(rest.len()))
    }

    /// Finds the line and column of a byte offset; an offset that is out of bounds or inside a character is moved back.
    pub(crate) fn find(source: &str, offset: usize, length: usize) -> Self {
        let mut start = offset.min(source.len());
        while !source.is_char_boundary(start) {
            start -= 1;
        }
        let before = source.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let head = source.get(line_start..start).unwrap_or_default();
        let tail = source.get(start..).unwrap_or_default();
        let tail = tail.split('\n').next().unwrap_or_default();
        let column = head.chars().count();
        let name = if source.contains('\n') {
            let line = before.matches('\n').count() + 1;
            format!("line {line}, column {}", column + 1)
        } else {
            format!("column {}", column + 1)
        };
        let skipped = column.saturating_sub(EXCERPT_LENGTH_MAX);
        let mut shown = String::from(if skipped > 0 { "…" } else { "" });
        shown.extend(head.chars().skip(skipped));
        let indent = shown.chars().count();
        shown.extend(tail.chars().take(EXCERPT_LENGTH_MAX));
        if tail.chars().nth(EXCERPT_LENGTH_MAX).is_some() {
            shown.push('…');
        }
        let shown: String = shown.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
        let marked = tail.get(..length.min(tail.len())).map_or(1, |marked| marked.chars().count());
        let carets = "^".repeat(marked.clamp(1, EXCERPT_LENGTH_MAX));
        Self { name, excerpt: format!("    {shown}\n    {}{carets}", " ".repeat(indent)) }
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn a_place_is_named_by_line_and_column_and_marked() {
        let place = Place::find("Straße {{ 1 = 2 }}", 13, 1);
        assert_eq!(place.name, "column 13");
        assert_eq!(place.excerpt, "    Straße {{ 1 = 2 }}\n                ^");
        let place = Place::find("one\ntwo", 4, 3);
        assert_eq!(place.name, "line 2, column 1");
        assert_eq!(place.excerpt, "    two\n    ^^^");
    }

    #[test]
    fn a_place_out_of_bounds_or_inside_a_character_does_no_harm() {
        assert_eq!(Place::find("", 99, 99).name, "column 1");
        assert_eq!(Place::find("ß", 1, 1).name, "column 1");
        let long = "x".repeat(1000);
        assert!(Place::find(&long, 500, 400).excerpt.chars().count() < 200);
    }
}
