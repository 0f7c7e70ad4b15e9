//! Rich text: blocks of styled spans, written in the template.

use serde_json::Value as Json;

use super::rich_block::BLOCKS;
use super::text::OVERFLOW;
use super::{KindEntry, Needs, TEXT_BINDABLE};
use crate::diagnostic::codes;
use crate::template::Strictness;
use crate::template::describe::{Description, Form};
use crate::template::look::read_box;
use crate::template::model::{Kind, Overflow, RichElement, RichNode, RichSource, TextStyle};
use crate::template::node::Place;
use crate::template::reader::ObjectReader;
use crate::template::reading::{Reading, shortened};
use crate::template::shape::{Shape, Whole};
use crate::template::style::{Overrides, StyleChoice, StyleShape};
use crate::template::typography::read_writing;

pub(super) const ENTRY: KindEntry = KindEntry {
    name: "rich",
    definition: "richNode",
    title: "a rich text node",
    doc: "Text with headings, paragraphs, lists and spans of different looks; pages end between its lines.",
    placed: true,
    needs: Needs::Nothing,
    bindable: TEXT_BINDABLE,
    read,
};

fn read(reader: &mut ObjectReader<'_>, _place: &mut Place) -> Option<Kind> {
    let shared = Shared::read(reader);
    let blocks = reader.required("content", BLOCKS, "What it says, block by block; a string is a paragraph.");
    Some(Kind::Rich(Box::new(shared.node(RichSource::Blocks(blocks?)))))
}

/// What rich text and Markdown have in common.
pub(super) struct Shared(RichNode);

/// Levels of headings.
const LEVELS: Whole = Whole { phrase: "a whole number from 0 to 6", minimum: 0, maximum: 6 };

impl Shared {
    /// Reads it.
    pub(super) fn read(reader: &mut ObjectReader<'_>) -> Self {
        let overrides = Overrides::read(reader);
        let look = read_box(reader);
        let writing = read_writing(reader);
        let overflow = reader.or(
            "overflow",
            OVERFLOW,
            Overflow::Grow,
            "What happens when `height` is too small: the box grows, the text is cut off, it ends with an ellipsis, \
             or all its sizes go down to a half at most.",
        );
        let elements = reader.or(
            "elements",
            Elements,
            Vec::new(),
            "Looks of its elements by name, each the name of a style or a style object: `h1` to `h6`, `p`, `quote`, \
             `code`, `codeBlock`, `link`, `marker`, `th`, `td`. What is left out has the usual look.",
        );
        let bookmarks =
            reader.or("bookmarks", LEVELS, 0, "Headings down to this level become entries of the outline; 0 is none.");
        let first = Whole { phrase: "a whole number from 1 to 6", minimum: 1, maximum: 6 };
        let first_level = reader.or(
            "firstLevel",
            first,
            1,
            "Level that headings of level 1 have for screen readers and in the outline, when the page has headings of \
             its own above them.",
        );
        let mut style = match reader.state() {
            Some(reading) => overrides.over(&reading.base_style, &reading.styles),
            None => TextStyle::default(),
        };
        style.typography.writing = writing;
        Self(RichNode {
            source: RichSource::Blocks(Vec::new()),
            style,
            elements,
            look,
            overflow,
            bookmark_level: u8::try_from(bookmarks).unwrap_or(0),
            first_level: u8::try_from(first_level).unwrap_or(1),
        })
    }

    /// The node with what it says.
    pub(super) fn node(self, source: RichSource) -> RichNode {
        RichNode { source, ..self.0 }
    }
}

/// Elements by the name that they have in a template.
const ELEMENTS: [(&str, RichElement); 14] = [
    ("h1", RichElement::Heading(1)),
    ("h2", RichElement::Heading(2)),
    ("h3", RichElement::Heading(3)),
    ("h4", RichElement::Heading(4)),
    ("h5", RichElement::Heading(5)),
    ("h6", RichElement::Heading(6)),
    ("p", RichElement::Paragraph),
    ("quote", RichElement::Quote),
    ("code", RichElement::Code),
    ("codeBlock", RichElement::CodeBlock),
    ("link", RichElement::Link),
    ("marker", RichElement::Marker),
    ("th", RichElement::TableHead),
    ("td", RichElement::TableCell),
];

/// An object of styles by element.
#[derive(Clone, Copy)]
struct Elements;

impl Shape for Elements {
    type Value = Vec<(RichElement, StyleChoice)>;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Self::Value> {
        let Some(object) = json.as_object() else {
            reading.wrong_type("an object of styles by element", json);
            return None;
        };
        let mut styles = Vec::with_capacity(object.len());
        for (name, style) in object {
            reading.within(name, |reading| {
                let Some((_, element)) = ELEMENTS.iter().find(|(known, _)| known == name) else {
                    if reading.strictness == Strictness::Check {
                        let message = format!("there is no element `{}`", shortened(name));
                        let names = ELEMENTS.iter().map(|(name, _)| *name);
                        reading.unknown_name(codes::UNKNOWN_PROPERTY, message, name, "elements", names);
                    }
                    return;
                };
                styles.extend(StyleShape.read(style, reading).map(|style| (*element, style)));
            });
        }
        Some(styles)
    }

    fn form(&self, description: &mut Description) -> Form {
        let names = ELEMENTS.iter().map(|(name, _)| *name).collect();
        Form::Keys(names, Box::new(StyleShape.form(description)))
    }
}
