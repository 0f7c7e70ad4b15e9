//! The look of elements: inline styles and what elements look like by themselves.

use serde_json::{Value as Json, json};

use super::tree::Element;
use crate::node::{Properties, color, points};
use crate::note::Notes;

/// Points in a pixel of CSS.
const POINTS_PER_PIXEL: f64 = 0.75;

/// Size of text of a page that says nothing, points: 16 pixels are large on paper.
const SIZE_POINTS: f64 = 10.0;

/// The look that text inside of an element has.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Look {
    font: Option<String>,
    size: f64,
    weight: Option<u32>,
    italic: bool,
    color: Option<String>,
    align: Option<&'static str>,
    line_height: Option<f64>,
    underline: bool,
    strike: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            font: None,
            size: SIZE_POINTS,
            weight: None,
            italic: false,
            color: None,
            align: None,
            line_height: None,
            underline: false,
            strike: false,
        }
    }
}

/// What is painted behind an element, and the space that it has.
#[derive(Clone, Debug, Default)]
pub(super) struct BoxOf {
    pub(super) properties: Properties,
    pub(super) width: Option<f64>,
    pub(super) height: Option<f64>,
    pub(super) breaks: Option<&'static str>,
}

impl Look {
    /// The look inside of an element; what has no counterpart is noted.
    pub(super) fn of(&self, element: &Element, notes: &mut Notes) -> (Self, BoxOf) {
        let mut look = self.clone();
        let mut around = BoxOf::default();
        match element.name.as_str() {
            "h1" => look.heading(2.0),
            "h2" => look.heading(1.5),
            "h3" => look.heading(1.17),
            "h4" => look.heading(1.0),
            "h5" | "h6" => look.heading(0.85),
            "strong" | "b" | "th" => look.weight = Some(700),
            "em" | "i" | "cite" => look.italic = true,
            "u" | "ins" => look.underline = true,
            "s" | "del" | "strike" => look.strike = true,
            "small" => look.size *= 0.85,
            _ => {}
        }
        for declaration in element.attribute("style").unwrap_or_default().split(';') {
            let Some((name, value)) = declaration.split_once(':') else { continue };
            let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
            if !look.declare(&name, value) && !self.declare_box(&name, value, &mut around) {
                notes.add(element.place(), format!("the style `{name}: {value}` has no counterpart and is left out"));
            }
        }
        if let Some(align) = element.attribute("align").and_then(align) {
            look.align = Some(align);
        }
        (look, around)
    }

    fn heading(&mut self, factor: f64) {
        self.size *= factor;
        self.weight = Some(700);
        self.line_height = Some(1.2);
    }

    fn declare(&mut self, name: &str, value: &str) -> bool {
        match name {
            "color" => self.color = color(value),
            "font-size" => match length(value, self.size) {
                Some(size) if (0.5..=1000.0).contains(&size) => self.size = size,
                _ => return false,
            },
            "font-weight" => match value {
                "bold" | "bolder" => self.weight = Some(700),
                "normal" | "lighter" => self.weight = Some(400),
                other => match other.parse() {
                    Ok(weight @ 100..=900) => self.weight = Some(weight),
                    _ => return false,
                },
            },
            "font-style" => self.italic = value != "normal",
            "font-family" => {
                let first = value.split(',').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
                let is_generic = matches!(first, "" | "serif" | "sans-serif" | "monospace" | "inherit" | "system-ui");
                self.font = (!is_generic).then(|| first.to_owned());
            }
            "text-align" => match align(value) {
                Some(align) => self.align = Some(align),
                None => return false,
            },
            "line-height" => match value.parse::<f64>().ok().or_else(|| Some(length(value, self.size)? / self.size)) {
                Some(height) if (0.5..=10.0).contains(&height) => self.line_height = Some(height),
                _ => return false,
            },
            "text-decoration" | "text-decoration-line" => {
                self.underline = value.contains("underline");
                self.strike = value.contains("line-through");
            }
            _ => return false,
        }
        name != "color" || self.color.is_some()
    }

    fn declare_box(&self, name: &str, value: &str, around: &mut BoxOf) -> bool {
        let size = self.size;
        let is_known = match name {
            "background" | "background-color" => color(value).map(|fill| around.properties.set("fill", fill)),
            "border" => border(value, size).map(|stroke| around.properties.set("stroke", stroke)),
            "border-radius" => length(value, size).map(|radius| around.properties.set("radius", points(radius))),
            "padding" => sides(value, size).map(|padding| around.properties.set("padding", padding)),
            "width" => length(value, size).map(|width| around.width = Some(width)),
            "height" | "min-height" => length(value, size).map(|height| around.height = Some(height)),
            "page-break-before" | "break-before" => {
                (value == "always" || value == "page").then(|| around.breaks = Some("before"))
            }
            "page-break-after" | "break-after" => {
                (value == "always" || value == "page").then(|| around.breaks = Some("after"))
            }
            "page-break-inside" | "break-inside" => {
                (value == "avoid").then(|| around.properties.set("keep", "together"))
            }
            // Nodes stand under each other with a gap; these change nothing that can be seen.
            "margin" | "margin-top" | "margin-bottom" | "box-sizing" | "border-collapse" | "border-spacing" => Some(()),
            "display" => matches!(value, "block" | "inline" | "table" | "table-cell").then_some(()),
            _ => None,
        };
        is_known.is_some()
    }

    /// The style of a text node, without what is as usual.
    pub(super) fn style(&self) -> Properties {
        let mut style = Properties::default();
        style.set_some("font", self.font.clone());
        style.set("size", points(self.size));
        style.set_some("weight", self.weight.filter(|weight| *weight != 400));
        style.set_some("italic", self.italic.then_some(true));
        style.set_some("lineHeight", self.line_height.map(points));
        style.set_some("color", self.color.clone());
        style.set_some("align", self.align.filter(|align| *align != "left"));
        style.set_some("underline", self.underline.then_some(true));
        style.set_some("strike", self.strike.then_some(true));
        style
    }
}

fn align(value: &str) -> Option<&'static str> {
    ["left", "right", "center", "justify", "start", "end"].into_iter().find(|known| *known == value)
}

/// A length of CSS in points; `em` and per cent are measured by a size.
pub(super) fn length(value: &str, size: f64) -> Option<f64> {
    let value = value.trim().to_ascii_lowercase();
    let split = value.find(|letter: char| letter.is_ascii_alphabetic() || letter == '%').unwrap_or(value.len());
    let (number, unit) = value.split_at_checked(split)?;
    let number: f64 = number.trim().parse().ok()?;
    let factor = match unit {
        "pt" => 1.0,
        "px" => POINTS_PER_PIXEL,
        "" if number == 0.0 => 1.0,
        "em" => size,
        "rem" => SIZE_POINTS,
        "mm" => 72.0 / 25.4,
        "cm" => 72.0 / 2.54,
        "in" => 72.0,
        _ => return None,
    };
    Some(number * factor).filter(|length| (0.0..=14_400.0).contains(length))
}

fn border(value: &str, size: f64) -> Option<Json> {
    let mut width = 0.75;
    let mut ink = "#000000".to_owned();
    for part in value.split_whitespace() {
        if let Some(given) = length(part, size) {
            width = given;
        } else if let Some(given) = color(part) {
            ink = given;
        } else if part == "none" {
            return Some(json!("transparent"));
        } else if !matches!(part, "solid" | "thin") {
            return None;
        }
    }
    (width > 0.0).then(|| json!({ "color": ink, "width": points(width) }))
}

/// One to four sides, in the order top, right, bottom, left.
fn sides(value: &str, size: f64) -> Option<Json> {
    let sides: Option<Vec<f64>> = value.split_whitespace().map(|side| length(side, size)).collect();
    let [top, right, bottom, left] = match sides?.as_slice() {
        [all] => [*all; 4],
        [vertical, horizontal] => [*vertical, *horizontal, *vertical, *horizontal],
        [top, horizontal, bottom] => [*top, *horizontal, *bottom, *horizontal],
        [top, right, bottom, left] => [*top, *right, *bottom, *left],
        _ => return None,
    };
    Some(Json::Array([top, right, bottom, left].map(points).into()))
}
