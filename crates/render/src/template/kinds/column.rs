//! Columns of tables, as they are written, and the widths of columns.

use serde_json::Value as Json;

use super::cell::{CellDraft, Words};
use crate::diagnostic::codes;
use crate::expression::{Expression, TextTemplate};
use crate::template::describe::{Description, Form};
use crate::template::flow::Certainty;
use crate::template::model::{Align, Column, ColumnWidth};
use crate::template::reader::ObjectReader;
use crate::template::reading::Reading;
use crate::template::shape::{Length, Object, Shape, TemplateText, points};
use crate::template::style::{ALIGN, StyleChoice, StyleShape};

/// A column as it is written.
pub(super) struct ColumnDraft {
    pub(super) title: Option<TextTemplate>,
    pub(super) width: Column,
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
        WidthShape { auto: true },
        ColumnWidth::Fraction(1.0),
        "A length, a share of what is left, such as `2fr`, or `auto`: as wide as its content.",
    );
    let least = reader.or("minWidth", Length::DISTANCE, 0.0, "Least width of a share or of `auto`.");
    let most = reader.optional("maxWidth", Length::DISTANCE, "Greatest width of a share or of `auto`.");
    if matches!(width, ColumnWidth::Fixed(_)) {
        reader.no_effect("minWidth", "on a column with a width in points");
        reader.no_effect("maxWidth", "on a column with a width in points");
    }
    if let Some(most) = most.filter(|most| *most < least) {
        let message = format!("`maxWidth` is {most}, less than `minWidth`, which is {least}");
        reader.error_at(Some("maxWidth"), codes::INVALID_VALUE, message, None);
    }
    let visible: Option<Option<Expression>> =
        reader.optional("visible", Certainty, "When the column is there, asked once for the whole table.");
    let words = Words {
        title: "a column",
        fill: "Colour behind the cells.",
        bind: "Sets properties of each cell by expressions.",
        text: "What the cell says in each row.",
    };
    let cell = CellDraft::read(reader, &words);
    let header_align =
        reader.optional("headerAlign", ALIGN, "Alignment of the title, when it is not that of the cells.");
    let header_style = reader.optional("headerStyle", StyleShape, "Look of the title, over the header's.");
    let width = Column { width, least, most, visible: visible.flatten() };
    Some(ColumnDraft { title, width, header_align, header_style, cell })
}

/// A length, a share such as `"2fr"`, or `auto` where content can be measured first.
#[derive(Clone, Copy)]
pub(super) struct WidthShape {
    pub(super) auto: bool,
}

/// Largest share; only the relation of shares counts.
const FRACTION_MAX: f64 = 1000.0;

const AUTO: &str = "auto";

impl Shape for WidthShape {
    type Value = ColumnWidth;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<ColumnWidth> {
        if self.auto && json.as_str().is_some_and(|text| text.trim() == AUTO) {
            return Some(ColumnWidth::Auto);
        }
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
        let mut forms = vec![Length::DISTANCE.form(description), share];
        if self.auto {
            forms.push(Form::Word(AUTO));
        }
        Form::AnyOf(forms)
    }

    fn show(&self, value: &ColumnWidth) -> Option<Json> {
        match value {
            ColumnWidth::Fixed(width) => Length::DISTANCE.show(width),
            ColumnWidth::Fraction(share) => Some(Json::from(format!("{share}fr"))),
            ColumnWidth::Auto => Some(Json::from(AUTO)),
        }
    }
}
