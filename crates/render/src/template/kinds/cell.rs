//! Cells of tables, as they are written, before looks and places are settled.

use serde_json::Value as Json;

use crate::diagnostic::codes;
use crate::document::{Color, Scope};
use crate::expression::TextTemplate;
use crate::template::describe::{Description, Form};
use crate::template::flow::{Bind, Bindings};
use crate::template::look::BorderShape;
use crate::template::model::{Bindable, Border, Cell, Kind, Node, RowSpan, TextStyle};
use crate::template::node::NODES;
use crate::template::reader::ObjectReader;
use crate::template::reading::{Reading, quoted};
use crate::template::shape::{Choice, ColorShape, Object, Shape, TemplateText, Whole};
use crate::template::style::Overrides;

/// Columns of one table; more cannot be told apart on any page.
pub(super) const COLUMN_COUNT_MAX: u32 = 200;

/// Rows that one cell covers: more than any list of rows has.
const ROW_SPAN_MAX: u32 = 100;

/// What an expression can set in a cell, in all cells of a column, or in all cells of a row.
pub(super) const BINDABLE: &[Bindable] =
    &[Bindable::Color, Bindable::Fill, Bindable::Align, Bindable::Style, Bindable::FontSize, Bindable::FontWeight];

const SCOPE: Choice<Option<Scope>> =
    Choice(&[("none", None), ("row", Some(Scope::Row)), ("column", Some(Scope::Column)), ("both", Some(Scope::Both))]);

/// A cell as it is written.
pub(super) struct CellDraft {
    pub(super) span: u16,
    pub(super) row_span: RowSpan,
    text: TextTemplate,
    nodes: Vec<Node>,
    pub(super) overrides: Overrides,
    fill: Option<Color>,
    border: Option<Border>,
    scope: Option<Option<Scope>>,
    bind: Bindings,
    pub(super) pointer: String,
}

pub(super) const CELL: Object<CellDraft> =
    Object { name: "cell", title: "a cell", doc: "A cell of a row.", read: read_cell };

fn read_cell(reader: &mut ObjectReader<'_>) -> Option<CellDraft> {
    let spans = Whole { phrase: "a whole number from 1 to 200", minimum: 1, maximum: COLUMN_COUNT_MAX };
    let span = reader.or("span", spans, 1, "Columns that it covers.");
    let row_span =
        reader.or("rowSpan", RowSpanShape, RowSpan::ONE, "Rows that it covers; `rest` is all that follow in its list.");
    let words = Words {
        title: "a cell",
        fill: "Colour behind the text.",
        bind: "Sets properties by expressions: name of the property to expression.",
        text: "What it says.",
    };
    let span = u16::try_from(span).unwrap_or(1);
    Some(CellDraft { span, row_span, ..CellDraft::read(reader, &words) })
}

/// How the documentation puts what cells and columns share.
pub(super) struct Words {
    pub(super) title: &'static str,
    pub(super) fill: &'static str,
    pub(super) bind: &'static str,
    pub(super) text: &'static str,
}

impl CellDraft {
    /// Reads what cells and columns share.
    pub(super) fn read(reader: &mut ObjectReader<'_>, words: &Words) -> Self {
        let overrides = Overrides::read(reader);
        let fill = reader.optional("fill", ColorShape, words.fill);
        let border = reader.optional("border", BorderShape, "Lines at its edges: one for all sides, or side by side.");
        let scope = reader.optional(
            "scope",
            SCOPE,
            "What it heads, for who reads the tags; cells of a header head their column, and the first cell of a \
             group's header heads its row.",
        );
        let bind = Bind { allowed: BINDABLE, title: words.title };
        let bind = reader.optional("bind", bind, words.bind);
        reader.exclude("text", "nodes");
        let text = reader.or("text", TemplateText, TextTemplate::literal(""), words.text);
        let nodes =
            reader.or("nodes", NODES, Vec::new(), "What it holds instead of text; `align` places it in the cell.");
        if nodes.iter().any(holds_page_break) {
            let message = "a cell cannot hold a page break".to_owned();
            reader.error_at(Some("nodes"), codes::INVALID_VALUE, message, Some("put it above the table".to_owned()));
        }
        let pointer = reader.state().map(|reading| reading.pointer().to_owned()).unwrap_or_default();
        let bind = bind.unwrap_or_default();
        Self { span: 1, row_span: RowSpan::ONE, text, nodes, overrides, fill, border, scope, bind, pointer }
    }

    /// A cell with nothing but a text.
    pub(super) fn plain(text: TextTemplate, pointer: &str) -> Self {
        Self {
            span: 1,
            row_span: RowSpan::ONE,
            text,
            nodes: Vec::new(),
            overrides: Overrides::default(),
            fill: None,
            border: None,
            scope: None,
            bind: Vec::new(),
            pointer: pointer.to_owned(),
        }
    }

    /// Whether it holds nodes.
    pub(super) fn has_nodes(&self) -> bool {
        !self.nodes.is_empty()
    }

    /// The cell with its complete look, in its column.
    pub(super) fn settle(self, column: usize, base: &TextStyle, scope: Option<Scope>, reading: &Reading) -> Cell {
        let style = self.overrides.over(base, &reading.styles);
        Cell {
            column: u16::try_from(column).unwrap_or(u16::MAX),
            span: self.span,
            row_span: self.row_span,
            text: self.text,
            nodes: self.nodes,
            style,
            fill: self.fill,
            border: self.border.map(Box::new),
            scope: self.scope.unwrap_or(scope),
            bind: self.bind,
            pointer: self.pointer,
        }
    }
}

fn holds_page_break(node: &Node) -> bool {
    let mut holds = matches!(node.kind, Kind::PageBreak);
    node.each_list(&mut |nodes| holds |= nodes.iter().any(holds_page_break));
    holds
}

/// Text, or a cell object.
#[derive(Clone, Copy)]
pub(super) struct TextOrCell;

impl Shape for TextOrCell {
    type Value = CellDraft;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<CellDraft> {
        match json {
            Json::String(_) => {
                let text = TemplateText.read(json, reading)?;
                Some(CellDraft::plain(text, reading.pointer()))
            }
            Json::Object(_) => CELL.read(json, reading),
            other => {
                reading.wrong_type("text or a cell object", other);
                None
            }
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![TemplateText.form(description), CELL.form(description)])
    }
}

/// A number of rows, or `rest`.
#[derive(Clone, Copy)]
struct RowSpanShape;

const REST: &str = "rest";

const ROW_SPANS: Whole = Whole { phrase: "a whole number from 1 to 100", minimum: 1, maximum: ROW_SPAN_MAX };

impl Shape for RowSpanShape {
    type Value = RowSpan;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<RowSpan> {
        match json {
            Json::String(word) if word == REST => Some(RowSpan::Rest),
            Json::Number(_) => {
                let rows = ROW_SPANS.read(json, reading)?;
                Some(RowSpan::Rows(u16::try_from(rows).unwrap_or(1)))
            }
            other => {
                let message =
                    format!("{} must be a number of rows or `{REST}`, not {}", reading.subject(), quoted(other));
                reading.error(codes::INVALID_VALUE, message, None);
                None
            }
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![Form::Word(REST), ROW_SPANS.form(description)])
    }

    fn show(&self, value: &RowSpan) -> Option<Json> {
        Some(match value {
            RowSpan::Rows(rows) => Json::from(*rows),
            RowSpan::Rest => Json::from(REST),
        })
    }
}
