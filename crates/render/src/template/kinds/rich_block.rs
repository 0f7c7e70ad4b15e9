//! Blocks of rich text: one reading function each, listed here.

use serde_json::Value as Json;

use super::span::Spans;
use crate::diagnostic::codes;
use crate::expression::TextTemplate;
use crate::template::describe::{Body, Definition, Description, Form};
use crate::template::flow::Visibility;
use crate::template::model::{Align, BlockForm, Marker, RichBlock, RichImage, RichList, RichSpan, RichTable};
use crate::template::reader::ObjectReader;
use crate::template::reading::{Reading, shortened, suggestion};
use crate::template::shape::{Choice, Length, List, Shape, TemplateText, Whole};
use crate::template::style::{ALIGN, StyleShape};

/// Blocks one below the other: one or an array of them.
#[derive(Clone, Copy)]
pub(super) struct Blocks;

pub(super) const BLOCKS: Blocks = Blocks;

const BLOCK_LIST: List<BlockShape> = List::any("an array of blocks", BlockShape);

impl Shape for Blocks {
    type Value = Vec<RichBlock>;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Vec<RichBlock>> {
        match json {
            Json::Array(_) => BLOCK_LIST.read(json, reading),
            _ => BlockShape.read(json, reading).map(|block| vec![block]),
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![BlockShape.form(description), BLOCK_LIST.form(description)])
    }
}

/// A block of any kind, or a string, which is a paragraph.
#[derive(Clone, Copy)]
struct BlockShape;

/// A kind of block.
struct BlockEntry {
    name: &'static str,
    definition: &'static str,
    title: &'static str,
    doc: &'static str,
    read: fn(&mut ObjectReader<'_>) -> Option<BlockForm>,
}

/// All kinds of blocks, in the order of the documentation.
static KINDS: [BlockEntry; 8] = [
    BlockEntry {
        name: "paragraph",
        definition: "paragraphBlock",
        title: "a paragraph",
        doc: "A paragraph of rich text.",
        read: |reader| Some(BlockForm::Paragraph(read_spans(reader)?)),
    },
    BlockEntry {
        name: "heading",
        definition: "headingBlock",
        title: "a heading",
        doc: "A heading of rich text; it stays with what follows.",
        read: read_heading,
    },
    BlockEntry {
        name: "list",
        definition: "listBlock",
        title: "a list",
        doc: "Items with bullets or numbers; an item may hold lists again.",
        read: read_list,
    },
    BlockEntry {
        name: "quote",
        definition: "quoteBlock",
        title: "a quotation",
        doc: "Blocks that somebody else has said, moved in and with a bar beside them.",
        read: |reader| {
            let content = reader.required("content", BLOCKS, "What it says, block by block.");
            Some(BlockForm::Quote(content?))
        },
    },
    BlockEntry {
        name: "code",
        definition: "codeBlock",
        title: "a block of code",
        doc: "Lines as they are, in letters of equal width on a tinted ground.",
        read: |reader| {
            let text = reader.required("text", TemplateText, "The lines.");
            Some(BlockForm::Code(text?))
        },
    },
    BlockEntry {
        name: "rule",
        definition: "ruleBlock",
        title: "a rule",
        doc: "A thin line across.",
        read: |_| Some(BlockForm::Rule),
    },
    BlockEntry {
        name: "image",
        definition: "imageBlock",
        title: "a picture in rich text",
        doc: "A picture between paragraphs.",
        read: read_image,
    },
    BlockEntry {
        name: "table",
        definition: "tableBlock",
        title: "a table in rich text",
        doc: "A small table of spans, whose columns are as wide as their content asks. Data wants a table node.",
        read: read_table,
    },
];

impl Shape for BlockShape {
    type Value = RichBlock;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<RichBlock> {
        let object = match json {
            Json::String(_) => {
                let text = TemplateText.read(json, reading)?;
                return Some(RichBlock::new(BlockForm::Paragraph(vec![RichSpan::plain(text)])));
            }
            Json::Object(object) => object,
            other => {
                reading.wrong_type("text or a block object", other);
                return None;
            }
        };
        let entry = find_entry(object.get("kind"), reading)?;
        let mut reader = ObjectReader::reading(entry.title, object, reading);
        let block = read_block(&mut reader, entry);
        reader.finish();
        block
    }

    fn form(&self, description: &mut Description) -> Form {
        if !description.definitions.contains_key("block") {
            let definition = Definition {
                title: "block",
                doc: "A part of rich text. Its `kind` says what it is.",
                body: Body::Pending,
            };
            description.definitions.insert("block", definition);
            let mut names = Vec::new();
            for entry in &KINDS {
                description.object(entry.definition, entry.title, entry.doc, |reader| {
                    let _nothing_is_read = read_block(reader, entry);
                });
                names.push((entry.name, entry.definition));
            }
            description.settle("block", Body::Kinds(names));
        }
        Form::AnyOf(vec![TemplateText.form(description), Form::Named("block")])
    }
}

fn find_entry(kind: Option<&Json>, reading: &mut Reading) -> Option<&'static BlockEntry> {
    let names = KINDS.iter().map(|entry| entry.name);
    let Some(kind) = kind else {
        let hint = suggestion("", "kinds", names);
        reading.error(codes::MISSING_PROPERTY, "a block needs `kind`", Some(hint));
        return None;
    };
    let Some(name) = kind.as_str() else {
        reading.within("kind", |reading| reading.wrong_type("a string: a kind of block", kind));
        return None;
    };
    let found = KINDS.iter().find(|entry| entry.name == name);
    if found.is_none() {
        let message = format!("there is no kind of block `{}`", shortened(name));
        reading.within("kind", |reading| {
            reading.unknown_name(codes::INVALID_VALUE, message, name, "kinds", names);
        });
    }
    found
}

fn read_block(reader: &mut ObjectReader<'_>, entry: &'static BlockEntry) -> Option<RichBlock> {
    let _kind = reader.required("kind", crate::template::node::KindName(entry.name), "What the block is.");
    let visible =
        reader.optional("visible", Visibility, "When the block is there: an expression, or `false` for never.");
    let style = reader.optional("style", StyleShape, "Look of its text: the name of a style, or a style object.");
    let align = reader.optional("align", ALIGN, "Horizontal alignment, over the style's.");
    let indent = reader.or("indent", Length::DISTANCE, 0.0, "Distance from the edge at which lines begin.");
    let before = reader.optional("before", Length::DISTANCE, "Space above, when it is not the first.");
    let after = reader.optional("after", Length::DISTANCE, "Space below, when it is not the last.");
    let form = (entry.read)(reader);
    Some(RichBlock { form: form?, visible: visible.flatten(), style, align, indent, space: [before, after] })
}

fn read_spans(reader: &mut ObjectReader<'_>) -> Option<Vec<RichSpan>> {
    reader.required("text", Spans, "What it says: text, a span, or an array of them.")
}

fn read_heading(reader: &mut ObjectReader<'_>) -> Option<BlockForm> {
    let level = Whole { phrase: "a whole number from 1 to 6", minimum: 1, maximum: 6 };
    let level = reader.or("level", level, 1, "1 is the outermost level.");
    let spans = read_spans(reader);
    Some(BlockForm::Heading { level: u8::try_from(level).unwrap_or(1), spans: spans? })
}

const MARKER: Choice<Marker> = Choice(&[
    ("auto", Marker::Auto),
    ("disc", Marker::Disc),
    ("circle", Marker::Circle),
    ("dash", Marker::Dash),
    ("decimal", Marker::Decimal),
    ("lower-alpha", Marker::LowerAlpha),
    ("upper-alpha", Marker::UpperAlpha),
    ("lower-roman", Marker::LowerRoman),
    ("upper-roman", Marker::UpperRoman),
    ("none", Marker::None),
]);

/// Numbers of items; larger ones are years or mistakes.
const NUMBER_MAX: u32 = 1_000_000;

fn read_list(reader: &mut ObjectReader<'_>) -> Option<BlockForm> {
    let marker = reader.or(
        "marker",
        MARKER,
        Marker::Auto,
        "What stands before each item; `auto` is a bullet, a circle or a dash, by the depth of the list.",
    );
    let numbers = Whole { phrase: "a whole number from 0 to 1000000", minimum: 0, maximum: NUMBER_MAX };
    let start = reader.or("start", numbers, 1, "Number of the first item.");
    let gap = reader.optional("gap", Length::DISTANCE, "Space between two items.");
    let items = List::any("an array of items", BLOCKS);
    let items = reader.required("items", items, "Its items, each a string, a block or an array of blocks.");
    Some(BlockForm::List(RichList { marker, start, gap, loose: false, items: items? }))
}

fn read_image(reader: &mut ObjectReader<'_>) -> Option<BlockForm> {
    let source = reader.required("source", TemplateText, "`asset:<name>`, or a `data:` URL.");
    let alt = reader.or(
        "alt",
        TemplateText,
        TextTemplate::literal(""),
        "What a screen reader says instead of the picture; empty for decoration.",
    );
    let width = reader.optional("width", Length::DISTANCE, "Width; else the picture's own, made smaller to fit.");
    Some(BlockForm::Image(RichImage { source: source?, alt, width }))
}

/// Columns of a table in rich text; more have no room on any page.
const COLUMN_COUNT_MAX: usize = 50;

fn read_table(reader: &mut ObjectReader<'_>) -> Option<BlockForm> {
    let columns = List { phrase: "an array of alignments", of: ALIGN, least: 1, most: COLUMN_COUNT_MAX };
    let columns = reader.required("columns", columns, "Alignment of each column.");
    let cells = List { phrase: "an array of cells", of: Spans, least: 0, most: COLUMN_COUNT_MAX };
    let header = reader.or("header", cells, Vec::new(), "Cells of the first row, repeated on each page.");
    let rows = reader.required("rows", List::any("an array of rows", cells), "Rows, each an array of cells.");
    let columns: Vec<Align> = columns?;
    Some(BlockForm::Table(RichTable { columns, header, rows: rows? }))
}
