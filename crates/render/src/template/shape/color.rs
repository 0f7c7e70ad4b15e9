//! Colours: `#rgb`, `#rrggbb`, `#rrggbbaa`, `cmyk(…)`, three names, and those of the template.

use serde_json::Value as Json;

use super::Shape;
use crate::diagnostic::codes;
use crate::document::{Color, Ink, InkKind};
use crate::template::describe::{Description, Form};
use crate::template::reading::Reading;

const PHRASE: &str = "a colour such as \"#1b1f24\"";

/// Named colours; more names would only be other spellings.
const NAMES: [(&str, Color); 3] =
    [("black", Color::BLACK), ("white", Color::WHITE), ("transparent", Color::rgba(0, 0, 0, 0))];

/// Percent of all inks together that coated paper takes before it does not dry; printers ask for 300.
const INK_SUM_PERCENT_MAX: u16 = 300;

/// A colour in sRGB with alpha, or in inks.
#[derive(Clone, Copy)]
pub(in crate::template) struct ColorShape;

impl Shape for ColorShape {
    type Value = Color;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Color> {
        let Some(text) = json.as_str() else {
            reading.wrong_type(PHRASE, json);
            return None;
        };
        let color = reading.colors.parse(text);
        match color {
            Some(color) => note_ink(color, reading),
            None => {
                let named: Vec<String> = reading.colors.names().map(|name| format!("`{name}`")).collect();
                let known = "write #rgb, #rrggbb, #rrggbbaa, cmyk(0 80 95 0), black, white or transparent";
                let hint = match named.is_empty() {
                    true => known.to_owned(),
                    false => format!("{known}, or one of `colors`: {}", named.join(", ")),
                };
                reading.not_allowed(PHRASE, json, Some(hint));
            }
        }
        color
    }

    fn form(&self, description: &mut Description) -> Form {
        let form = Form::Text {
            phrase: PHRASE,
            pattern: Some(
                "^(#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})|cmyk\\([-0-9.%/, ]+\\)|\
                 [A-Za-z][^ ]*( [0-9]{1,3}%)?)$",
            ),
            length_max: None,
        };
        let doc = "A colour: `#rgb`, `#rrggbb`, `#rrggbbaa`, `black`, `white` or `transparent`; \
                   `cmyk(0 80 95 0)` in percent of cyan, magenta, yellow and black, with its opacity after a slash \
                   (`cmyk(0 0 0 100 / 25%)`); or the name of one of the template's `colors`, with its tint \
                   (`brand 50%`).";
        description.value("color", "colour", doc, form)
    }

    fn show(&self, value: &Color) -> Option<Json> {
        Some(Json::from(write(*value)))
    }
}

/// Remembers that there are inks, and warns of more than paper takes.
pub(in crate::template) fn note_ink(color: Color, reading: &mut Reading) {
    reading.colors.has_inks |= !color.ink.is_screen();
    let InkKind::Process(inks) = color.ink.kind() else { return };
    let sum: u16 = inks.into_iter().map(u16::from).sum();
    if sum > INK_SUM_PERCENT_MAX {
        let message =
            format!("{} takes {sum} % of ink: more than {INK_SUM_PERCENT_MAX} % does not dry", reading.subject());
        let hint = "take less of the three colours; cmyk(60 40 40 100) is a deep black".to_owned();
        reading.warning(codes::INVALID_VALUE, message, Some(hint));
    }
}

/// Reads a colour as a template writes it (`#rgb`, `#rrggbb`, `#rrggbbaa`, `cmyk(…)`, `black`, `white`, `transparent`);
/// also for colours that expressions give. None when it is no colour.
#[must_use]
pub fn parse_color(text: &str) -> Option<Color> {
    if let Some((_, color)) = NAMES.iter().find(|(name, _)| *name == text) {
        return Some(*color);
    }
    if let Some(inks) = text.strip_prefix("cmyk(").and_then(|rest| rest.strip_suffix(')')) {
        return parse_inks(inks);
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
        3 => Color::rgb(a * 17, b * 17, c * 17),
        6 => Color::rgb(a * 16 + b, c * 16 + d, e * 16 + f),
        _ => Color::rgba(a * 16 + b, c * 16 + d, e * 16 + f, g * 16 + h),
    })
}

/// Four percentages with spaces or commas between them, and an opacity after a slash.
fn parse_inks(text: &str) -> Option<Color> {
    let (inks, opacity) = match text.split_once('/') {
        Some((inks, opacity)) => (inks, percent(opacity.trim())?),
        None => (text, 100),
    };
    let mut parts = inks.split([' ', ',']).filter(|part| !part.is_empty()).map(percent);
    let inks = [parts.next()??, parts.next()??, parts.next()??, parts.next()??];
    if parts.next().is_some() {
        return None;
    }
    let alpha = (u16::from(opacity) * 255 + 50) / 100;
    Some(Color { alpha: u8::try_from(alpha).unwrap_or(u8::MAX), ..Color::process(inks) })
}

/// A whole number from 0 to 100, with or without its sign; fractions are rounded, as no plate shows them.
pub(in crate::template) fn percent(text: &str) -> Option<u8> {
    let digits = text.strip_suffix('%').unwrap_or(text);
    if !digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let value = digits.parse::<f64>().ok().filter(|value| (0.0..=100.0).contains(value))?;
    u8::try_from(crate::text::round_i32(value)).ok()
}

/// Writes a colour the way a template has it.
fn write(color: Color) -> String {
    let Color { red, green, blue, alpha, ink } = color;
    if let InkKind::Process([cyan, magenta, yellow, black]) = ink.kind() {
        return format!("cmyk({cyan} {magenta} {yellow} {black})");
    }
    if alpha == 255 {
        format!("#{red:02x}{green:02x}{blue:02x}")
    } else {
        format!("#{red:02x}{green:02x}{blue:02x}{alpha:02x}")
    }
}

/// A lighter one: less of its ink, or mixed with white.
pub(in crate::template) fn tinted(color: Color, percent: u8) -> Color {
    let scaled =
        |value: u8| -> u8 { u8::try_from((u16::from(value) * u16::from(percent) + 50) / 100).unwrap_or(u8::MAX) };
    let over = |ink: Ink| if color.ink.overprints() { ink.overprinting() } else { ink };
    let lighter = |channel: u8| 255 - scaled(255 - channel);
    let mixed = Color { red: lighter(color.red), green: lighter(color.green), blue: lighter(color.blue), ..color };
    match color.ink.kind() {
        InkKind::Screen => mixed,
        InkKind::Process(inks) => {
            let lighter = Color::process(inks.map(scaled));
            Color { alpha: color.alpha, ink: over(lighter.ink), ..lighter }
        }
        InkKind::Spot { index, tint } => Color { ink: over(Ink::spot(index, scaled(tint))), ..mixed },
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn inks_are_read_with_spaces_commas_percent_signs_and_opacity() {
        let inks = |text: &str| parse_color(text).map(|color| (color.ink.kind(), color.alpha));
        assert_eq!(inks("cmyk(0 80 95 0)"), Some((InkKind::Process([0, 80, 95, 0]), 255)));
        assert_eq!(inks("cmyk(0%, 80%, 95.4%, 0%)"), Some((InkKind::Process([0, 80, 95, 0]), 255)));
        assert_eq!(inks("cmyk(0 0 0 100 / 25%)"), Some((InkKind::Process([0, 0, 0, 100]), 64)));
        for wrong in [
            "cmyk()",
            "cmyk(1 2 3)",
            "cmyk(1 2 3 4 5)",
            "cmyk(1 2 3 101)",
            "cmyk(1 2 3 -4)",
            "cmyk(a b c d)",
            "cmyk(1 2 3 4",
            "cmyk(1 2 3 4 / 5 / 6)",
            "cmyk(1 2 3 inf)",
            "cmyk(1 2 3 1e1)",
        ] {
            assert_eq!(parse_color(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_tint_is_less_ink_or_nearer_to_white() {
        assert_eq!(tinted(Color::rgb(0, 100, 200), 50), Color::rgb(127, 177, 227));
        let half = tinted(parse_color("cmyk(0 80 95 1)").unwrap(), 50);
        assert_eq!(half.ink.kind(), InkKind::Process([0, 40, 48, 1]));
        let spot = Color { ink: Ink::spot(3, 100).overprinting(), ..Color::BLACK };
        let light = tinted(spot, 20);
        assert_eq!((light.ink.kind(), light.ink.overprints()), (InkKind::Spot { index: 3, tint: 20 }, true));
    }
}
