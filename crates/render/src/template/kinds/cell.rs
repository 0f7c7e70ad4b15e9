//! Cells and columns of tables, as they are written, before looks and spans are settled.

use serde_json::Value as Json;

use crate::diagnostic::codes;
use crate::document::Color;
use crate::expression::TextTemplate;
use crate::template::describe::{Description, Form};
use crate::template::flow::{Bind, Bindings};
use crate::template::model::{Align, Bindable, Cell, ColumnWidth, TextStyle};
use crate::template::reader::ObjectReader;
use crate::template::reading::Reading;
use crate::template::shape::{ColorShape, Length, Object, Shape, TemplateText, Whole, points};
use crate::template::style::{ALIGN, Overrides, StyleChoice, StyleShape};

/// Columns of one table; more cannot be told apart on any page.
pub(super) const COLUMN_COUNT_MAX: u32 = 200;

const BINDABLE: &[Bindable] =
    &[Bindable::Color, Bindable::Fill, Bindable::Align, Bindable::Style, Bindable::FontSize, Bindable::FontWeight];

/// A cell as it is written.
pub(super) struct CellDraft {
    pub(super) span: u16,
    pub(super) text: TextTemplate,
    pub(super) overrides: Overrides,
    fill: Option<Color>,
    bind: Bindings,
    pub(super) pointer: String,
}

pub(super) const CELL: Object<CellDraft> =
    Object { name: "cell", title: "a cell", doc: "A cell of a header, total or empty row.", read: read_cell };

fn read_cell(reader: &mut ObjectReader<'_>) -> Option<CellDraft> {
    let spans = Whole { phrase: "a whole number from 1 to 200", minimum: 1, maximum: COLUMN_COUNT_MAX };
    let span = reader.or("span", spans, 1, "Columns that it covers.");
    let overrides = Overrides::read(reader);
    let fill = reader.optional("fill", ColorShape, "Colour behind the text.");
    let bind = Bind { allowed: BINDABLE, title: "a cell" };
    let bind = reader.optional("bind", bind, "Sets properties by expressions: name of the property to expression.");
    let text = reader.or("text", TemplateText, TextTemplate::literal(""), "What it says.");
    let pointer = reader.state().map(|reading| reading.pointer().to_owned()).unwrap_or_default();
    let span = u16::try_from(span).unwrap_or(1);
    Some(CellDraft { span, text, overrides, fill, bind: bind.unwrap_or_default(), pointer })
}

impl CellDraft {
    /// A cell with nothing but a text.
    pub(super) fn plain(text: TextTemplate, pointer: &str) -> Self {
        let pointer = pointer.to_owned();
        Self { span: 1, text, overrides: Overrides::default(), fill: None, bind: Vec::new(), pointer }
    }

    /// The cell with its complete look.
    pub(super) fn settle(self, base: &TextStyle, reading: &Reading) -> Cell {
        let style = self.overrides.over(base, &reading.styles);
        Cell { span: self.span, text: self.text, style, fill: self.fill, bind: self.bind, pointer: self.pointer }
    }
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

/// A column as it is written.
pub(super) struct ColumnDraft {
    pub(super) title: Option<TextTemplate>,
    pub(super) width: ColumnWidth,
    pub(super) header_align: Option<Align>,
    pub(super) header_style: Option<StyleChoice>,
    pub(super) cell: CellDraft,
}

pub(super) const COLUMN: Object<ColumnDraft> = Object {
    name: "column",
    title: "a column",
    doc: "A column: its width, its title, and the cell that it has in each row.",
    read: read_column,
};

fn read_column(reader: &mut ObjectReader<'_>) -> Option<ColumnDraft> {
    let title = reader.optional("title", TemplateText, "What the header row says.");
    let width = reader.or(
        "width",
        WidthShape,
        ColumnWidth::Fraction(1.0),
        "A length, or a share of what is left, such as `2fr`.",
    );
    let overrides = Overrides::read(reader);
    let fill = reader.optional("fill", ColorShape, "Colour behind the cells.");
    let bind = Bind { allowed: BINDABLE, title: "a column" };
    let bind = reader.optional("bind", bind, "Sets properties of each cell by expressions.");
    let header_align =
        reader.optional("headerAlign", ALIGN, "Alignment of the title, when it is not that of the cells.");
    let header_style = reader.optional("headerStyle", StyleShape, "Look of the title, over the header's.");
    let text = reader.or("text", TemplateText, TextTemplate::literal(""), "What the cell says in each row.");
    let pointer = reader.state().map(|reading| reading.pointer().to_owned()).unwrap_or_default();
    let cell = CellDraft { span: 1, text, overrides, fill, bind: bind.unwrap_or_default(), pointer };
    Some(ColumnDraft { title, width, header_align, header_style, cell })
}

/// A length, or a share: `"2fr"`.
#[derive(Clone, Copy)]
struct WidthShape;

/// Largest share; only the relation of shares counts.
const FRACTION_MAX: f64 = 1000.0;

impl Shape for WidthShape {
    type Value = ColumnWidth;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<ColumnWidth> {
        let share = json.as_str().and_then(|text| text.trim().strip_suffix("fr"));
        let Some(share) = share else {
            return Length::DISTANCE.read(json, reading).map(ColumnWidth::Fixed);
        };
        let plain = !share.is_empty() && share.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        match share.parse::<f64>() {
            Ok(share) if plain && share > 0.0 && share <= FRACTION_MAX => Some(ColumnWidth::Fraction(points(share))),
            _ => {
                let message = format!("{} must be a share such as \"2fr\", above 0", reading.subject());
                reading.error(codes::INVALID_VALUE, message, None);
                None
            }
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        let share = Form::Text {
            phrase: "a share such as `2fr`",
            pattern: Some(r"^\s*([0-9]+\.?[0-9]*|\.[0-9]+)fr\s*$"),
            length_max: None,
        };
        Form::AnyOf(vec![Length::DISTANCE.form(description), share])
    }

    fn show(&self, value: &ColumnWidth) -> Option<Json> {
        match value {
            ColumnWidth::Fixed(width) => Length::DISTANCE.show(width),
            ColumnWidth::Fraction(share) => Some(Json::from(format!("{share}fr"))),
        }
    }
}
