//! Looks of boxes and lines: fill, border, corners, padding.

use serde_json::Value as Json;

use super::describe::{Description, Form};
use super::model::{Border, BoxLook, Fill, StrokeLook};
use super::paint::{FillShape, SHADOW};
use super::reader::ObjectReader;
use super::reading::Reading;
use super::shape::{Choice, ColorShape, Length, List, Object, Shape, Sides};
use crate::document::{Color, LineCap, LineJoin, Stroke};

/// Width of a stroke that gives none: half a point, thin and visible on every printer.
const STROKE_WIDTH_POINTS: f32 = 0.5;

/// Lengths in one dash pattern.
const DASH_COUNT_MAX: usize = 8;

const STROKE_OBJECT: Object<StrokeLook> =
    Object { name: "stroke", title: "a stroke", doc: "How a line is drawn.", read: read_stroke };

fn read_stroke(reader: &mut ObjectReader<'_>) -> Option<StrokeLook> {
    let color = reader.or("color", ColorShape, Color::BLACK, "Colour.");
    let width = reader.or("width", Length::between(0.01, 1000.0), STROKE_WIDTH_POINTS, "Width, 0.01 to 1000 points.");
    let dashes = List { phrase: "an array of lengths", of: Length::DISTANCE, least: 0, most: DASH_COUNT_MAX };
    let dash = reader.or("dash", dashes, Vec::new(), "Lengths of dashes and gaps in turn; empty is a solid line.");
    let hidden = !dash.is_empty() && dash.iter().all(|length| *length == 0.0);
    if hidden {
        let message = "`dash` must have a length above 0".to_owned();
        reader.error_at(Some("dash"), crate::diagnostic::codes::INVALID_VALUE, message, None);
    }
    let caps = Choice(&[("butt", LineCap::Butt), ("round", LineCap::Round), ("square", LineCap::Square)]);
    let cap = reader.or("cap", caps, LineCap::Butt, "Ends of lines and dashes.");
    let joins = Choice(&[("miter", LineJoin::Miter), ("round", LineJoin::Round), ("bevel", LineJoin::Bevel)]);
    let join = reader.or("join", joins, LineJoin::Miter, "Corners.");
    Some(StrokeLook { color, width, dash, cap, join })
}

/// A colour, or a stroke object.
#[derive(Clone, Copy)]
pub(super) struct StrokeShape;

impl Shape for StrokeShape {
    type Value = StrokeLook;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<StrokeLook> {
        match json {
            Json::String(_) => {
                let color = ColorShape.read(json, reading)?;
                Some(StrokeLook::solid(color, STROKE_WIDTH_POINTS))
            }
            Json::Object(_) => STROKE_OBJECT.read(json, reading),
            other => {
                reading.wrong_type("a colour or a stroke object", other);
                None
            }
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![ColorShape.form(description), STROKE_OBJECT.form(description)])
    }
}

const BORDER_OBJECT: Object<Border> =
    Object { name: "border", title: "a border", doc: "Lines at single edges.", read: read_sides };

fn read_sides(reader: &mut ObjectReader<'_>) -> Option<Border> {
    let top = reader.optional("top", StrokeShape, "Line at the top.");
    let right = reader.optional("right", StrokeShape, "Line at the right.");
    let bottom = reader.optional("bottom", StrokeShape, "Line at the bottom.");
    let left = reader.optional("left", StrokeShape, "Line at the left.");
    Some(Border { sides: [top, right, bottom, left] })
}

/// A stroke for all edges, or an object of edges.
#[derive(Clone, Copy)]
pub(super) struct BorderShape;

impl Shape for BorderShape {
    type Value = Border;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Border> {
        // An object that says nothing of a stroke is meant as one of edges, also when it names an edge that there is not.
        let names = ["color", "width", "dash", "cap", "join"];
        if json
            .as_object()
            .is_some_and(|object| !object.is_empty() && names.iter().all(|name| !object.contains_key(*name)))
        {
            return BORDER_OBJECT.read(json, reading);
        }
        let stroke = StrokeShape.read(json, reading)?;
        Some(Border { sides: [Some(stroke.clone()), Some(stroke.clone()), Some(stroke.clone()), Some(stroke)] })
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![StrokeShape.form(description), BORDER_OBJECT.form(description)])
    }
}

/// Reads `fill`, `stroke`, `radius` and `padding`.
pub(super) fn read_box(reader: &mut ObjectReader<'_>) -> BoxLook {
    let mut look = read_border(reader);
    look.padding = reader.or("padding", Sides, [0.0; 4], "Space between the border and the content.");
    look
}

/// Reads `fill`, `stroke` and `radius`.
pub(super) fn read_border(reader: &mut ObjectReader<'_>) -> BoxLook {
    BoxLook {
        fill: read_fill(reader),
        shadow: reader.optional("shadow", SHADOW, "What the box throws on what is behind it."),
        stroke: reader.optional("stroke", StrokeShape, "Border: a colour, or a stroke object."),
        radius: reader.or("radius", Length::DISTANCE, 0.0, "Radius of the corners."),
        padding: [0.0; 4],
    }
}

/// Reads `fill`.
pub(super) fn read_fill(reader: &mut ObjectReader<'_>) -> Option<Fill> {
    reader.optional("fill", FillShape, "Colour behind the content, or a gradient.")
}

impl StrokeLook {
    /// A solid line.
    pub(crate) const fn solid(color: Color, width: f32) -> Self {
        Self { color, width, dash: Vec::new(), cap: LineCap::Butt, join: LineJoin::Miter }
    }

    /// The stroke as it is painted; none when it cannot be seen.
    pub(crate) fn to_stroke(&self) -> Option<Stroke> {
        let seen = self.width > 0.0 && self.color.alpha > 0;
        seen.then(|| Stroke {
            color: self.color,
            width: self.width,
            dash: self.dash.clone(),
            cap: self.cap,
            join: self.join,
        })
    }
}
