//! Numbers: lengths with units, factors within bounds, whole numbers.

use serde_json::Value as Json;

use super::Shape;
use crate::diagnostic::codes;
use crate::template::describe::{Description, Form};
use crate::template::reading::{Reading, quoted};

/// Largest coordinate, points: the limit of PDF pages (ISO 32000-1, annex C.2: 200 inches).
pub(in crate::template) const LENGTH_MAX_POINTS: f64 = 14_400.0;

/// Units of length and their size in points.
const UNITS: [(&str, f64); 5] = [("pt", 1.0), ("mm", 72.0 / 25.4), ("cm", 72.0 / 2.54), ("in", 72.0), ("px", 0.75)];

const LENGTH_PHRASE: &str = "a length (points, or a string such as \"12mm\")";

/// A length in points, or a string with a unit: `"12mm"`, `"1in"`, `"2cm"`, `"16px"`, `"10pt"`.
#[derive(Clone, Copy)]
pub(in crate::template) struct Length {
    minimum: f64,
    maximum: f64,
}

impl Length {
    /// Any coordinate.
    pub(in crate::template) const ANY: Self = Self { minimum: -LENGTH_MAX_POINTS, maximum: LENGTH_MAX_POINTS };
    /// A distance: not below 0.
    pub(in crate::template) const DISTANCE: Self = Self { minimum: 0.0, maximum: LENGTH_MAX_POINTS };

    /// A length within these bounds, points.
    pub(in crate::template) const fn between(minimum: f64, maximum: f64) -> Self {
        Self { minimum, maximum }
    }
}

impl Shape for Length {
    type Value = f32;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<f32> {
        let value = match json {
            Json::Number(number) => number.as_f64()?,
            Json::String(text) => match with_unit(text) {
                Some(value) => value,
                None => {
                    let hint = "units are pt, mm, cm, in and px; a plain number is in points";
                    reading.not_allowed(LENGTH_PHRASE, json, Some(hint.to_owned()));
                    return None;
                }
            },
            other => {
                reading.wrong_type(LENGTH_PHRASE, other);
                return None;
            }
        };
        in_bounds(value, self.minimum, self.maximum, "points", json, reading)
    }

    fn form(&self, description: &mut Description) -> Form {
        let (name, title, doc, minimum) = if self.minimum < 0.0 {
            (
                "length",
                "length",
                "A length in points, or a string with a unit: pt, mm, cm, in or px.",
                -LENGTH_MAX_POINTS,
            )
        } else {
            (
                "distance",
                "distance",
                "A length that is not negative, in points, or a string with a unit: pt, mm, cm, in or px.",
                0.0,
            )
        };
        let number = Form::Number { phrase: "points", minimum, maximum: LENGTH_MAX_POINTS, decimals: 2 };
        let sign = if minimum < 0.0 {
            r"^\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)\s*(pt|mm|cm|in|px)\s*$"
        } else {
            r"^\s*\+?([0-9]+\.?[0-9]*|\.[0-9]+)\s*(pt|mm|cm|in|px)\s*$"
        };
        let text = Form::Text { phrase: "a length with its unit", pattern: Some(sign), length_max: None };
        description.value(name, title, doc, Form::AnyOf(vec![number, text]))
    }

    fn show(&self, value: &f32) -> Option<Json> {
        Some(number_json(f64::from(*value)))
    }
}

/// A number without unit, within bounds.
#[derive(Clone, Copy)]
pub(in crate::template) struct Factor {
    /// What it is, with its bounds: `a number from 0 to 1`.
    pub(in crate::template) phrase: &'static str,
    /// Least value.
    pub(in crate::template) minimum: f64,
    /// Greatest value.
    pub(in crate::template) maximum: f64,
}

impl Shape for Factor {
    type Value = f32;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<f32> {
        let Some(value) = json.as_f64() else {
            reading.wrong_type(self.phrase, json);
            return None;
        };
        if value < self.minimum || value > self.maximum {
            reading.not_allowed(self.phrase, json, None);
            return None;
        }
        Some(points(value))
    }

    fn form(&self, _description: &mut Description) -> Form {
        Form::Number { phrase: self.phrase, minimum: self.minimum, maximum: self.maximum, decimals: 4 }
    }

    fn show(&self, value: &f32) -> Option<Json> {
        Some(number_json(f64::from(*value)))
    }
}

/// A whole number within bounds.
#[derive(Clone, Copy)]
pub(in crate::template) struct Whole {
    /// What it is, with its bounds: `a whole number from 1 to 6`.
    pub(in crate::template) phrase: &'static str,
    /// Least value.
    pub(in crate::template) minimum: u32,
    /// Greatest value.
    pub(in crate::template) maximum: u32,
}

impl Shape for Whole {
    type Value = u32;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<u32> {
        if !json.is_number() {
            reading.wrong_type(self.phrase, json);
            return None;
        }
        let whole = json.as_u64().and_then(|value| u32::try_from(value).ok());
        match whole {
            Some(value) if (self.minimum..=self.maximum).contains(&value) => Some(value),
            _ => {
                reading.not_allowed(self.phrase, json, None);
                None
            }
        }
    }

    fn form(&self, _description: &mut Description) -> Form {
        Form::Integer { phrase: self.phrase, minimum: self.minimum, maximum: self.maximum }
    }

    fn show(&self, value: &u32) -> Option<Json> {
        Some(Json::from(*value))
    }
}

/// A checked value as the engine's own number.
#[expect(
    clippy::cast_possible_truncation,
    reason = "lengths are bounded and single precision is exact enough for points"
)]
pub(in crate::template) fn points(value: f64) -> f32 {
    value as f32
}

/// A number without needless decimals: `42`, `9.5`.
pub(in crate::template) fn number_text(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    format!("{rounded}")
}

fn number_json(value: f64) -> Json {
    // Single precision values such as 1.4 are shown as people write them.
    let rounded = (value * 10_000.0).round() / 10_000.0;
    serde_json::from_str(&format!("{rounded}")).unwrap_or(Json::Null)
}

fn with_unit(text: &str) -> Option<f64> {
    let text = text.trim();
    let (number, factor) =
        UNITS.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?.trim_end(), *factor)))?;
    let plain =
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+'));
    if !plain {
        return None;
    }
    Some(number.parse::<f64>().ok()? * factor)
}

fn in_bounds(value: f64, minimum: f64, maximum: f64, unit: &str, json: &Json, reading: &mut Reading) -> Option<f32> {
    if value >= minimum && value <= maximum {
        return Some(points(value));
    }
    let bound = if value < minimum {
        format!("at least {} {unit}", number_text(minimum))
    } else {
        format!("at most {} {unit}", number_text(maximum))
    };
    let message = format!("{} must be {bound}, not {}", reading.subject(), quoted(json));
    reading.error(codes::INVALID_VALUE, message, None);
    None
}
