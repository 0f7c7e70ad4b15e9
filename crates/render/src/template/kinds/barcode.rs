//! Barcodes.

use serde_json::Value as Json;

use super::image::SourceShape;
use super::{KindEntry, Needs};
use crate::diagnostic::codes;
use crate::document::Color;
use crate::picture::barcode::{ALL, BarcodeError, Level, NaturalHeight, Options, QuietZone, Symbology};
use crate::template::describe::{Description, Form, Word};
use crate::template::model::{BarcodeNode, BarcodeText, Bindable, Kind};
use crate::template::node::Place;
use crate::template::reader::ObjectReader;
use crate::template::reading::Reading;
use crate::template::shape::{Choice, ColorShape, Flag, Shape, TemplateText, Whole, number_text};
use crate::template::style::{StyleShape, chosen};

pub(super) const ENTRY: KindEntry = KindEntry {
    name: "barcode",
    definition: "barcodeNode",
    title: "a barcode node",
    doc: "A barcode, of goods, logistics, post, payment or anything else. Without a size it is as large as its \
          standard makes it.",
    placed: true,
    needs: Needs::Nothing,
    bindable: &[
        Bindable::X,
        Bindable::Y,
        Bindable::Width,
        Bindable::Height,
        Bindable::Rotation,
        Bindable::Opacity,
        Bindable::Color,
    ],
    read,
};

const LEVELS: Choice<Level> =
    Choice(&[("L", Level::Low), ("M", Level::Medium), ("Q", Level::Quartile), ("H", Level::High)]);

/// Whether a Data Matrix is a rectangle.
const SHAPES: Choice<bool> = Choice(&[("square", false), ("rectangle", true)]);

fn read(reader: &mut ObjectReader<'_>, _place: &mut Place) -> Option<Kind> {
    let symbology = reader.required("symbology", SymbologyShape, "Which barcode it is.");
    let level = reader.optional(
        "level",
        LEVELS,
        "How much damage it survives: for a QR code about 7, 15, 25 or 30 per cent. It is M when nothing is said, L in \
         a Micro QR code, H with a `logo`.",
    );
    let rectangle = reader.or("shape", SHAPES, false, "Data Matrix: a square, or a rectangle for narrow places.");
    let check_digit = reader.or(
        "checkDigit",
        Flag,
        false,
        "Adds the check digit where it is optional: `code39`, `itf`. Where a check digit belongs to the value it is \
         always computed when it is left out, and verified when it is given.",
    );
    let logo = reader.optional(
        "logo",
        SourceShape,
        "QR code: a picture in the middle, `asset:` and the name of an asset, or a `data:` URL. The level must be able \
         to make up for what it covers: Q or H.",
    );
    let color = reader.or("color", ColorShape, Color::BLACK, "Colour of the bars and the text.");
    let modules = Whole { phrase: "a whole number from 0 to 50", minimum: 0, maximum: 50 };
    let quiet_zone = reader.optional(
        "quietZone",
        modules,
        "Empty modules beside bars, or all around a matrix or postal code, instead of as many as the standard asks for.",
    );
    let show_text = reader.optional(
        "showText",
        Flag,
        "Whether the value stands under the bars as text. EAN and UPC show it when nothing is said, set as the standard \
         wants it.",
    );
    let style = reader.optional(
        "style",
        StyleShape,
        "Look of the text under the bars: the name of a style, or a style object. What is too wide is made smaller. \
         Without a style the size follows from that of the bars.",
    );
    let value = reader.required("value", TemplateText, "What it carries.");
    let symbology = symbology?;
    for name in ["level", "shape", "checkDigit", "logo"] {
        if !symbology.properties.contains(&name) {
            reader.no_effect(name, &format!("on this barcode ({})", symbology.title));
        }
    }
    let shows_text = show_text.unwrap_or(symbology.shows_text);
    if !shows_text {
        reader.no_effect("style", "unless `showText` is true");
    }
    let logo = logo.filter(|_| symbology.properties.contains(&"logo"));
    let options = Options { level, check_digit, rectangle, logo: logo.is_some() };
    let text = reader.state().filter(|_| shows_text).map(|reading| BarcodeText {
        style: chosen(style.as_ref(), &reading.base_style, &reading.styles),
        is_sized: style.is_some(),
    });
    let value = value?;
    // What is known already is checked already.
    if let Some(Err(error)) = value.as_literal().map(|value| (symbology.encode)(value, &options)) {
        let property = if matches!(error, BarcodeError::Logo { .. }) { "logo" } else { "value" };
        reader.error_at(Some(property), codes::INVALID_BARCODE, error.to_string(), error.hint().map(str::to_owned));
    }
    let quiet_zone = match quiet_zone.map(u8::try_from) {
        Some(Ok(modules)) => symbology.quiet_zone_of(modules),
        _ => symbology.quiet_zone,
    };
    Some(Kind::Barcode(Box::new(BarcodeNode { symbology, options, value, color, quiet_zone, text, logo })))
}

/// The name of a symbology.
#[derive(Clone, Copy)]
struct SymbologyShape;

impl Shape for SymbologyShape {
    type Value = &'static Symbology;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<&'static Symbology> {
        Choice(ALL).read(json, reading)
    }

    fn form(&self, description: &mut Description) -> Form {
        let words = ALL.iter().map(|(name, symbology)| Word { name, doc: doc(symbology) }).collect();
        let doc = "Kinds of barcodes. Modules are the narrowest bars, or the squares of a matrix code.";
        description.value("symbology", "a symbology", doc, Form::Words(words))
    }
}

/// What the reference says about a symbology.
fn doc(symbology: &Symbology) -> String {
    let Symbology { title, standard, carries, .. } = symbology;
    let number = |value: f32| number_text((f64::from(value) * 100.0).round() / 100.0);
    let zone = match symbology.quiet_zone {
        QuietZone { left: 0, right: 0, .. } => "no quiet zone".to_owned(),
        QuietZone { left, right, above: 0 } if left == right => format!("a quiet zone of {left} modules on both sides"),
        QuietZone { left, right, above: 0 } => {
            format!("a quiet zone of {left} modules on the left and {right} on the right")
        }
        QuietZone { left: 1, .. } => "a quiet zone of 1 module all around".to_owned(),
        QuietZone { left, .. } => format!("a quiet zone of {left} modules all around"),
    };
    let height = match symbology.height {
        NaturalHeight::Proportional => String::new(),
        NaturalHeight::Points(points) => format!(", bars {} points high", number(points)),
        NaturalHeight::Modules(modules) => format!(", bars {} modules high", number(modules)),
    };
    let text = if symbology.shows_text { ", with text" } else { "" };
    let module = number(symbology.module_points);
    let (first, rest) = carries.split_at_checked(1).unwrap_or_default();
    format!(
        "{title} ({standard}). {}{rest}. It has {zone}; without a size, modules {module} points wide{height}{text}.",
        first.to_uppercase()
    )
}
