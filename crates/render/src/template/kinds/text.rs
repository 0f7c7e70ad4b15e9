//! Text nodes.

use super::{KindEntry, Needs, TEXT_BINDABLE};
use crate::template::look::read_box;
use crate::template::model::{Kind, Overflow, TextNode, TextStyle};
use crate::template::node::Place;
use crate::template::reader::ObjectReader;
use crate::template::shape::{Choice, TemplateText};
use crate::template::style::Overrides;

pub(super) const ENTRY: KindEntry = KindEntry {
    name: "text",
    definition: "textNode",
    title: "a text node",
    doc: "Text, as wide as `width` and as high as it needs to be.",
    placed: true,
    needs: Needs::Nothing,
    bindable: TEXT_BINDABLE,
    read,
};

pub(super) const OVERFLOW: Choice<Overflow> = Choice(&[
    ("grow", Overflow::Grow),
    ("clip", Overflow::Clip),
    ("ellipsis", Overflow::Ellipsis),
    ("shrink", Overflow::Shrink),
]);

fn read(reader: &mut ObjectReader<'_>, _place: &mut Place) -> Option<Kind> {
    let overrides = Overrides::read(reader);
    let look = read_box(reader);
    let overflow = reader.or(
        "overflow",
        OVERFLOW,
        Overflow::Grow,
        "What happens when `height` is too small: the box grows, the text is cut off, it ends with an ellipsis, \
         or its size goes down to a half at most.",
    );
    let text =
        reader.required("text", TemplateText, "What it says. `{{ … }}` holds an expression; `\\n` ends a paragraph.");
    let style = match reader.state() {
        Some(reading) => overrides.over(&reading.base_style, &reading.styles),
        None => TextStyle::default(),
    };
    Some(Kind::Text(TextNode { text: text?, style, look, overflow }))
}
