//! Reads the fields of a request leniently: numbers may come as strings and the other way round, unknown keys are ignored.

use serde_json::{Map, Value};

use crate::error::WireError;

/// The fields of one request. Reading a field takes it out; what is left at the end is ignored.
///
/// `null` and the empty string count as "not given", because form-based clients send them for every field left blank.
#[derive(Debug, Default)]
pub(crate) struct Fields(Map<String, Value>);

impl Fields {
    /// Takes the fields of a body that was parsed as JSON.
    ///
    /// # Errors
    /// [`WireError::Field`] when the body is no object.
    pub(crate) fn from_json(body: Value) -> Result<Self, WireError> {
        match body {
            Value::Object(map) => Ok(Self(map)),
            other => Err(WireError::field("body", format!("must be a JSON object, not {}", kind_of(&other)))),
        }
    }

    /// Adds fields of the query string; those of the body win.
    pub(crate) fn add_query(&mut self, pairs: Vec<(String, String)>) {
        for (name, value) in pairs {
            if !self.0.contains_key(&name) {
                self.0.insert(name, Value::String(value));
            }
        }
    }

    /// Takes a field as it is.
    pub(crate) fn json(&mut self, name: &str) -> Option<Value> {
        match self.0.swap_remove(name) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.is_empty() => None,
            Some(value) => Some(value),
        }
    }

    /// Takes a text; numbers and booleans become their text.
    pub(crate) fn text(&mut self, name: &'static str) -> Result<Option<String>, WireError> {
        match self.json(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(Value::Bool(value)) => Ok(Some(value.to_string())),
            Some(other) => Err(WireError::field(name, format!("must be a string, not {}", kind_of(&other)))),
        }
    }

    /// Takes a text that must be there.
    pub(crate) fn required_text(&mut self, name: &'static str) -> Result<String, WireError> {
        self.text(name)?.ok_or_else(|| WireError::field(name, "is required"))
    }

    /// Takes a whole number; a string or a float that holds one will do.
    pub(crate) fn integer(&mut self, name: &'static str) -> Result<Option<i64>, WireError> {
        let Some(value) = self.json(name) else { return Ok(None) };
        let number = match &value {
            Value::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(whole)),
            Value::String(text) => {
                let text = text.trim();
                text.parse::<i64>().ok().or_else(|| text.parse::<f64>().ok().and_then(whole))
            }
            Value::Bool(value) => Some(i64::from(*value)),
            _ => None,
        };
        number.map(Some).ok_or_else(|| WireError::field(name, format!("must be a whole number, not {}", shown(&value))))
    }

    /// Takes a yes or no: `true`, `1`, `"1"`, `"true"`, `"yes"`, and their opposites.
    pub(crate) fn boolean(&mut self, name: &'static str) -> Result<Option<bool>, WireError> {
        let Some(value) = self.json(name) else { return Ok(None) };
        let answer = match &value {
            Value::Bool(value) => Some(*value),
            Value::Number(number) => match number.as_f64() {
                Some(0.0) => Some(false),
                Some(1.0) => Some(true),
                _ => None,
            },
            Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" | "on" => Some(true),
                "false" | "0" | "no" | "off" => Some(false),
                _ => None,
            },
            _ => None,
        };
        answer.map(Some).ok_or_else(|| WireError::field(name, format!("must be true or false, not {}", shown(&value))))
    }

    /// Takes JSON that may come as itself or as a string that holds it, and returns its text.
    pub(crate) fn json_text(&mut self, name: &'static str) -> Result<Option<String>, WireError> {
        match self.json(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(value @ (Value::Object(_) | Value::Array(_))) => Ok(Some(value.to_string())),
            Some(other) => {
                Err(WireError::field(name, format!("must be JSON or a string that holds it, not {}", kind_of(&other))))
            }
        }
    }
}

/// The largest whole number that a double holds exactly.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

fn whole(number: f64) -> Option<i64> {
    if number.fract() != 0.0 || number.abs() > WHOLE_MAX {
        return None;
    }
    format!("{number:.0}").parse().ok()
}

/// The kind of a JSON value in words, with its article.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Characters of a wrong value that an answer repeats; enough to recognise it.
const SHOWN_LENGTH_MAX: usize = 40;

fn shown(value: &Value) -> String {
    match value {
        Value::Array(_) | Value::Object(_) | Value::Null => kind_of(value).to_owned(),
        Value::String(text) if text.chars().count() > SHOWN_LENGTH_MAX => "a long string".to_owned(),
        scalar => scalar.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;

    use super::*;

    fn fields(value: Value) -> Fields {
        Fields::from_json(value).unwrap()
    }

    #[test]
    fn numbers_may_come_as_strings_and_strings_as_numbers() {
        let mut fields = fields(json!({"a": "5", "b": 5, "c": 5.0, "d": " 7.0 ", "e": 12}));
        assert_eq!(fields.integer("a").unwrap(), Some(5));
        assert_eq!(fields.integer("b").unwrap(), Some(5));
        assert_eq!(fields.integer("c").unwrap(), Some(5));
        assert_eq!(fields.integer("d").unwrap(), Some(7));
        assert_eq!(fields.text("e").unwrap().as_deref(), Some("12"));
        assert_eq!(fields.text("f").unwrap(), None);
    }

    #[test]
    fn a_yes_has_many_forms_and_anything_else_is_refused() {
        for (value, expected) in [
            (json!(true), true),
            (json!(1), true),
            (json!("1"), true),
            (json!("TRUE"), true),
            (json!(0), false),
            (json!("no"), false),
        ] {
            assert_eq!(fields(json!({"x": value})).boolean("x").unwrap(), Some(expected));
        }
        let error = fields(json!({"x": "maybe"})).boolean("x").unwrap_err();
        assert_eq!(error.to_string(), "`x` must be true or false, not \"maybe\"");
    }

    #[test]
    fn blank_and_null_count_as_not_given() {
        let mut fields = fields(json!({"a": "", "b": null}));
        assert_eq!(fields.text("a").unwrap(), None);
        assert_eq!(fields.integer("b").unwrap(), None);
    }

    #[test]
    fn fractions_and_words_are_no_whole_numbers() {
        for value in [json!(1.5), json!("five"), json!([1]), json!("1e400"), json!(1e300)] {
            assert!(fields(json!({"x": value})).integer("x").is_err());
        }
    }

    #[test]
    fn a_long_wrong_value_is_not_repeated() {
        let error = fields(json!({"x": "y".repeat(100_000)})).integer("x").unwrap_err();
        assert_eq!(error.to_string(), "`x` must be a whole number, not a long string");
    }

    #[test]
    fn the_body_wins_over_the_query() {
        let mut fields = fields(json!({"a": 1}));
        fields.add_query(vec![("a".into(), "2".into()), ("b".into(), "3".into())]);
        assert_eq!(fields.integer("a").unwrap(), Some(1));
        assert_eq!(fields.integer("b").unwrap(), Some(3));
    }

    #[test]
    fn json_may_come_as_a_string_that_holds_it() {
        let mut fields = fields(json!({"a": {"x": 1}, "b": "{\"x\":1}", "c": 1}));
        assert_eq!(fields.json_text("a").unwrap().as_deref(), Some("{\"x\":1}"));
        assert_eq!(fields.json_text("b").unwrap().as_deref(), Some("{\"x\":1}"));
        assert!(fields.json_text("c").is_err());
    }

    #[test]
    fn a_body_that_is_no_object_is_refused() {
        let error = Fields::from_json(json!([1])).unwrap_err();
        assert_eq!(error.to_string(), "`body` must be a JSON object, not an array");
    }
}
