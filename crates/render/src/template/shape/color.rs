//! Colours: `#rgb`, `#rrggbb`, `#rrggbbaa` and three names.

use serde_json::Value as Json;

use super::Shape;
use crate::document::Color;
use crate::template::describe::{Description, Form};
use crate::template::reading::Reading;

const PHRASE: &str = "a colour such as \"#1b1f24\"";

/// Named colours; more names would only be other spellings.
const NAMES: [(&str, Color); 3] =
    [("black", Color::BLACK), ("white", Color::WHITE), ("transparent", Color { red: 0, green: 0, blue: 0, alpha: 0 })];

/// A colour in sRGB with alpha.
#[derive(Clone, Copy)]
pub(in crate::template) struct ColorShape;

impl Shape for ColorShape {
    type Value = Color;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Color> {
        let Some(text) = json.as_str() else {
            reading.wrong_type(PHRASE, json);
            return None;
        };
        let color = parse_color(text);
        if color.is_none() {
            let hint = "write #rgb, #rrggbb, #rrggbbaa, black, white or transparent";
            reading.not_allowed(PHRASE, json, Some(hint.to_owned()));
        }
        color
    }

    fn form(&self, description: &mut Description) -> Form {
        let form = Form::Text {
            phrase: PHRASE,
            pattern: Some("^(#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})|black|white|transparent)$"),
            length_max: None,
        };
        let doc = "A colour: `#rgb`, `#rrggbb`, `#rrggbbaa`, `black`, `white` or `transparent`.";
        description.value("color", "colour", doc, form)
    }

    fn show(&self, value: &Color) -> Option<Json> {
        Some(Json::from(write(*value)))
    }
}

/// Reads a colour as a template writes it (`#rgb`, `#rrggbb`, `#rrggbbaa`, `black`, `white`, `transparent`); also for
/// colours that expressions give. None when it is no colour.
#[must_use]
pub fn parse_color(text: &str) -> Option<Color> {
    if let Some((_, color)) = NAMES.iter().find(|(name, _)| *name == text) {
        return Some(*color);
    }
    let mut digits = [0_u8; 8];
    let hexadecimal = text.strip_prefix('#')?;
    if !matches!(hexadecimal.len(), 3 | 6 | 8) {
        return None;
    }
    for (slot, letter) in digits.iter_mut().zip(hexadecimal.chars()) {
        *slot = u8::try_from(letter.to_digit(16)?).ok()?;
    }
    let [a, b, c, d, e, f, g, h] = digits;
    Some(match hexadecimal.len() {
        3 => Color { red: a * 17, green: b * 17, blue: c * 17, alpha: 255 },
        6 => Color { red: a * 16 + b, green: c * 16 + d, blue: e * 16 + f, alpha: 255 },
        _ => Color { red: a * 16 + b, green: c * 16 + d, blue: e * 16 + f, alpha: g * 16 + h },
    })
}

/// Writes a colour the way a template has it.
fn write(color: Color) -> String {
    let Color { red, green, blue, alpha } = color;
    if alpha == 255 {
        format!("#{red:02x}{green:02x}{blue:02x}")
    } else {
        format!("#{red:02x}{green:02x}{blue:02x}{alpha:02x}")
    }
}
