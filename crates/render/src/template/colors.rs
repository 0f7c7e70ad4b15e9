//! The colours that a template names: one of sRGB, one of four inks, or an ink of its own.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::describe::{Description, Form};
use super::reader::ObjectReader;
use super::reading::Reading;
use super::shape::{ColorShape, Flag, Line, List, MapOf, Object, Shape, Whole, note_ink, parse_color, percent, tinted};
use crate::diagnostic::codes;
use crate::document::{Color, Ink, Spot};

/// Inks of their own in one template; presses have ten units or fewer.
const SPOT_COUNT_MAX: usize = 32;

/// Longest name of an ink, in bytes: that of a name in PDF 1.4 (PDF Reference 1.4, annex C).
const SPOT_NAME_LENGTH_MAX: usize = 127;

/// Names that a press gives a meaning of their own (ISO 32000-1, 8.6.6.4).
const RESERVED_NAMES: [&str; 6] = ["All", "None", "Cyan", "Magenta", "Yellow", "Black"];

/// The colours of a template, by name.
#[derive(Clone, Debug, Default)]
pub struct Colors {
    named: IndexMap<String, Color>,
    /// Whether any colour of the template is one of inks, named or not.
    pub(crate) has_inks: bool,
    /// Inks of their own, which the colours count through.
    pub(crate) spots: Arc<[Spot]>,
}

impl Colors {
    /// Reads a colour as this template may write it: one by name with its tint, or any other. None when it is none.
    #[must_use]
    pub fn parse(&self, text: &str) -> Option<Color> {
        if let Some(color) = parse_color(text) {
            return Some(color);
        }
        if let Some(color) = self.named.get(text) {
            return Some(*color);
        }
        let (name, tint) = text.rsplit_once(' ')?;
        let color = self.named.get(name)?;
        tint.ends_with('%').then(|| percent(tint)).flatten().map(|tint| tinted(*color, tint))
    }

    /// The names in their order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.named.keys().map(String::as_str)
    }
}

/// Reads `colors`. They come before all that uses them.
pub(super) fn read_colors(reader: &mut ObjectReader<'_>) {
    let colors = MapOf { phrase: "an object of colours by name", of: DeclaredShape };
    let doc = "Colours by name, for all places that take a colour; `name 50%` is a tint of one.";
    let Some(declared) = reader.optional("colors", colors, doc) else { return };
    let Some(reading) = reader.state() else { return };
    let mut named = IndexMap::with_capacity(declared.len());
    let mut spots: Vec<Spot> = Vec::new();
    for (name, declared) in declared {
        let refuse = |reading: &mut Reading, message: String, hint: &str| {
            reading.within("colors", |reading| {
                reading.within(&name, |reading| reading.error(codes::INVALID_NAME, message, Some(hint.to_owned())));
            });
        };
        if parse_color(&name).is_some()
            || name.contains(' ')
            || !name.starts_with(|first: char| first.is_ascii_alphabetic())
        {
            refuse(
                reading,
                format!("`{name}` cannot be the name of a colour"),
                "begin with a letter, have no spaces, and choose none of the names that all templates have",
            );
            continue;
        }
        let color = match declared {
            Declared::Color(color) => color,
            Declared::Spot { spot, overprint } => {
                let known = spots.iter().position(|known| known.name == spot.name);
                if known.and_then(|known| spots.get(known)).is_some_and(|known| *known != spot) {
                    let message = format!("the ink \"{}\" is declared twice, with other inks in its place", spot.name);
                    refuse(reading, message, "give both the same `cmyk`");
                    continue;
                }
                if known.is_none() && spots.len() >= SPOT_COUNT_MAX {
                    let message = format!("there are more than {SPOT_COUNT_MAX} inks");
                    refuse(reading, message, "a press has ten or fewer");
                    continue;
                }
                let look = Color::process(spot.process);
                let index = known.unwrap_or(spots.len());
                if known.is_none() {
                    spots.push(spot);
                }
                let ink = Ink::spot(u16::try_from(index).unwrap_or(u16::MAX), 100);
                Color { ink: if overprint { ink.overprinting() } else { ink }, ..look }
            }
        };
        named.insert(name, color);
    }
    let has_inks = reading.colors.has_inks || !spots.is_empty();
    reading.colors = Colors { named, has_inks, spots: spots.into() };
}

/// A colour as it is declared.
enum Declared {
    Color(Color),
    Spot { spot: Spot, overprint: bool },
}

/// A colour, or an object of inks.
#[derive(Clone, Copy)]
struct DeclaredShape;

impl Shape for DeclaredShape {
    type Value = Declared;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Declared> {
        match json {
            Json::String(_) => ColorShape.read(json, reading).map(Declared::Color),
            Json::Object(_) => INK.read(json, reading),
            other => {
                reading.wrong_type("a colour or an object of inks", other);
                None
            }
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![ColorShape.form(description), INK.form(description)])
    }
}

const INK: Object<Declared> = Object {
    name: "ink",
    title: "an ink",
    doc: "A colour in the inks of a press: of the four of every press, or one of its own.",
    read: read_ink,
};

const PERCENT: Whole = Whole { phrase: "a whole number from 0 to 100", minimum: 0, maximum: 100 };

fn read_ink(reader: &mut ObjectReader<'_>) -> Option<Declared> {
    let inks = List { phrase: "[cyan, magenta, yellow, black] in percent", of: PERCENT, least: 4, most: 4 };
    let inks = reader.required(
        "cmyk",
        inks,
        "Cyan, magenta, yellow and black in percent; with `spot`, what stands for it on screens and office printers.",
    );
    let name = Line { phrase: "the name of an ink", length_max: SPOT_NAME_LENGTH_MAX };
    let spot = reader.optional("spot", name, "Name of an ink of its own, as the printer knows it: `PANTONE 186 C`.");
    let overprint =
        reader.or("overprint", Flag, false, "Whether it is printed over what is below, instead of in its place.");
    if let Some(name) = spot.as_deref()
        && (RESERVED_NAMES.contains(&name) || name.len() > SPOT_NAME_LENGTH_MAX)
    {
        let message = format!("\"{name}\" cannot be the name of an ink");
        let hint = "choose the name in the printer's guide; the four inks of every press need no `spot`".to_owned();
        reader.error_at(Some("spot"), codes::INVALID_NAME, message, Some(hint));
        return None;
    }
    let inks: [u8; 4] =
        inks?.into_iter().map(|ink| u8::try_from(ink).unwrap_or(100)).collect::<Vec<_>>().try_into().ok()?;
    Some(match spot {
        Some(name) => Declared::Spot { spot: Spot { name, process: inks }, overprint },
        None => {
            let color = Color::process(inks);
            if let Some(reading) = reader.state() {
                note_ink(color, reading);
            }
            Declared::Color(Color { ink: if overprint { color.ink.overprinting() } else { color.ink }, ..color })
        }
    })
}
