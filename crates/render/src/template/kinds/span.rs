//! Spans of rich text: text of one look.

use serde_json::Value as Json;

use crate::expression::TextTemplate;
use crate::template::describe::{Description, Form};
use crate::template::flow::{LinkShape, Visibility};
use crate::template::model::{Marks, Raise, RichSpan};
use crate::template::reader::ObjectReader;
use crate::template::reading::Reading;
use crate::template::shape::{Choice, ColorShape, Flag, List, Object, Shape, TemplateText};
use crate::template::style::{StyleShape, read_letters};

/// One text, or several spans.
#[derive(Clone, Copy)]
pub(super) struct Spans;

const SPAN_LIST: List<SpanShape> = List::any("an array of spans", SpanShape);

impl Shape for Spans {
    type Value = Vec<RichSpan>;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Vec<RichSpan>> {
        match json {
            Json::Array(_) => SPAN_LIST.read(json, reading),
            _ => SpanShape.read(json, reading).map(|span| vec![span]),
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![SpanShape.form(description), SPAN_LIST.form(description)])
    }
}

/// Plain text, or a span object.
#[derive(Clone, Copy)]
struct SpanShape;

impl Shape for SpanShape {
    type Value = RichSpan;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<RichSpan> {
        match json {
            Json::String(_) => TemplateText.read(json, reading).map(RichSpan::plain),
            Json::Object(_) => SPAN.read(json, reading),
            other => {
                reading.wrong_type("text, a span object or an array of them", other);
                None
            }
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![TemplateText.form(description), SPAN.form(description)])
    }
}

const SPAN: Object<RichSpan> = Object {
    name: "span",
    title: "a span",
    doc: "Text of one look. What it leaves out comes from its paragraph.",
    read: read_span,
};

const RAISE: Choice<Raise> = Choice(&[("none", Raise::None), ("super", Raise::Super), ("sub", Raise::Sub)]);

fn read_span(reader: &mut ObjectReader<'_>) -> Option<RichSpan> {
    let text: Option<TextTemplate> =
        reader.required("text", TemplateText, "What it says. `{{ … }}` holds an expression; `\\n` breaks the line.");
    let visible =
        reader.optional("visible", Visibility, "When the span is there: an expression, or `false` for never.");
    let style = reader.optional("style", StyleShape, "Look of the span: the name of a style, or a style object.");
    let strong = reader.or("strong", Flag, false, "Important: bold, and told to screen readers.");
    let emphasis = reader.or("emphasis", Flag, false, "Stressed: italic, and told to screen readers.");
    let code = reader.or("code", Flag, false, "Computer code: letters of equal width on a tinted ground.");
    let link = reader.optional(
        "link",
        LinkShape,
        "Where a click leads: an address with http, https, mailto or tel, or `#id` of a node.",
    );
    let highlight = reader.optional("highlight", ColorShape, "Colour behind it, as of a marker pen.");
    let raise = reader.or("raise", RAISE, Raise::None, "Smaller and higher, or smaller and lower.");
    let patch = read_letters(reader);
    let patch = (!patch.is_empty()).then(|| Box::new(patch));
    let marks = Marks { style, patch, emphasis, strong, highlight, raise, code, link };
    Some(RichSpan { text: text?, marks, visible: visible.flatten() })
}
