//! Markdown nodes: rich text written as Markdown.

use super::rich::Shared;
use super::{KindEntry, Needs, TEXT_BINDABLE};
use crate::markdown;
use crate::template::model::{Kind, RichSource};
use crate::template::node::Place;
use crate::template::reader::ObjectReader;
use crate::template::shape::TemplateText;

pub(super) const ENTRY: KindEntry = KindEntry {
    name: "markdown",
    definition: "markdownNode",
    title: "a Markdown node",
    doc: "Markdown (CommonMark with tables and strikethrough) as rich text. HTML in it is shown as text.",
    placed: true,
    needs: Needs::Nothing,
    bindable: TEXT_BINDABLE,
    read,
};

fn read(reader: &mut ObjectReader<'_>, _place: &mut Place) -> Option<Kind> {
    let shared = Shared::read(reader);
    let text = reader.required(
        "text",
        TemplateText,
        "The Markdown. What comes from `{{ … }}` is text and never Markdown, unless one expression is all there is: \
         then its value is the Markdown.",
    )?;
    let source = if text.single_expression().is_some() {
        RichSource::Markdown(text)
    } else {
        RichSource::Blocks(markdown::blocks_of(&text))
    };
    Some(Kind::Rich(Box::new(shared.node(source))))
}
