//! Nodes of format 1 as JSON: lengths in points, names of data, colours.

use serde_json::{Map, Number, Value as Json};

/// Points in a millimetre.
const POINTS_PER_MILLIMETRE: f64 = 72.0 / 25.4;

/// An object of a template in the order in which its properties are set.
#[derive(Clone, Debug, Default)]
pub(crate) struct Properties(pub(crate) Map<String, Json>);

impl Properties {
    pub(crate) fn of_kind(kind: &str) -> Self {
        Self::default().with("kind", kind)
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.set(name, value);
        self
    }

    pub(crate) fn set(&mut self, name: &str, value: impl Into<Json>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// Sets a property that has a value.
    pub(crate) fn set_some(&mut self, name: &str, value: Option<impl Into<Json>>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Properties> for Json {
    fn from(properties: Properties) -> Self {
        Self::Object(properties.0)
    }
}

/// A length in points with two decimals.
pub(crate) fn points(length: f64) -> Json {
    let rounded = (length * 100.0).round() / 100.0;
    #[expect(clippy::cast_possible_truncation, reason = "whole numbers of points are small, and others are not cast")]
    if rounded.fract() == 0.0 && rounded.abs() < 1e9 {
        return Json::from(rounded as i64);
    }
    Number::from_f64(rounded).map_or(Json::Null, Json::Number)
}

/// Millimetres as points.
pub(crate) fn millimetres(length: f64) -> Json {
    points(length * POINTS_PER_MILLIMETRE)
}

/// A pair of lengths in millimetres.
pub(crate) fn millimetre_pair(across: f64, down: f64) -> Json {
    Json::Array(vec![millimetres(across), millimetres(down)])
}

/// The place of a property in an expression: `data.name`, or `data["unit price"]`.
pub(crate) fn property(of: &str, name: &str) -> String {
    if is_identifier(name) { format!("{of}.{name}") } else { format!("{of}[{}]", Json::from(name)) }
}

/// Whether a text can stand as a name in an expression.
pub(crate) fn is_identifier(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '_' | '$'))
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '$'))
}

/// Text that stands in a template as it is: what would begin an expression is written as one.
pub(crate) fn literal(text: &str) -> String {
    text.replace("{{", "{{ '{' }}{{ '{' }}").replace("{%", "{{ '{' }}%")
}

/// A colour of format 1, from the hexadecimal and named colours that the other formats have.
pub(crate) fn color(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let is_hex = text.strip_prefix('#').is_some_and(|digits| {
        matches!(digits.len(), 3 | 6 | 8) && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    });
    if is_hex || matches!(text.as_str(), "black" | "white" | "transparent") {
        return Some(text);
    }
    if let Some(inside) =
        text.strip_prefix("rgb(").or_else(|| text.strip_prefix("rgba(")).and_then(|rest| rest.strip_suffix(')'))
    {
        let mut numbers = inside.split([',', ' ', '/']).filter(|part| !part.is_empty());
        let mut channel = || numbers.next()?.parse::<u8>().ok();
        let (red, green, blue) = (channel()?, channel()?, channel()?);
        return Some(format!("#{red:02x}{green:02x}{blue:02x}"));
    }
    NAMED.iter().find(|(name, _)| *name == text).map(|(_, hex)| (*hex).to_owned())
}

/// Colours by name that web pages use most (CSS Color 4, 6.1).
const NAMED: [(&str, &str); 20] = [
    ("red", "#ff0000"),
    ("green", "#008000"),
    ("blue", "#0000ff"),
    ("gray", "#808080"),
    ("grey", "#808080"),
    ("silver", "#c0c0c0"),
    ("navy", "#000080"),
    ("teal", "#008080"),
    ("maroon", "#800000"),
    ("orange", "#ffa500"),
    ("purple", "#800080"),
    ("yellow", "#ffff00"),
    ("lightgray", "#d3d3d3"),
    ("lightgrey", "#d3d3d3"),
    ("darkgray", "#a9a9a9"),
    ("darkgrey", "#a9a9a9"),
    ("dimgray", "#696969"),
    ("whitesmoke", "#f5f5f5"),
    ("gainsboro", "#dcdcdc"),
    ("crimson", "#dc143c"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_names_and_colours_are_written_as_format_1_has_them() {
        assert_eq!(millimetres(210.0), serde_json::json!(595.28));
        assert_eq!(points(12.0).to_string(), "12");
        assert_eq!(property("data", "name"), "data.name");
        assert_eq!(property("data", "unit \"price\""), "data[\"unit \\\"price\\\"\"]");
        assert_eq!(literal("a {{ b"), "a {{ '{' }}{{ '{' }} b");
        assert_eq!(color("rgb(1, 2, 255)").as_deref(), Some("#0102ff"));
        assert_eq!(color("Navy").as_deref(), Some("#000080"));
        assert_eq!(color("#GGG"), None);
        assert_eq!(color("url(x)"), None);
    }
}
