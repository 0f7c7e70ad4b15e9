//! Rows of tables, as they are written, and how their cells find their columns.

use serde_json::Value as Json;

use super::cell::{BINDABLE, CELL, COLUMN_COUNT_MAX, CellDraft};
use crate::diagnostic::{Diagnostic, codes};
use crate::document::{Color, Scope};
use crate::expression::{Expression, TextTemplate};
use crate::template::describe::{Description, Form};
use crate::template::flow::{Bind, Bindings, Certainty, KEEP, check_names};
use crate::template::model::{Align, Cell, Keep, RowContent, RowEach, RowSpan, TableRow, TextStyle};
use crate::template::reader::ObjectReader;
use crate::template::reading::Reading;
use crate::template::shape::{ColorShape, ExpressionShape, Identifier, List, Object, Shape};
use crate::template::style::{StyleChoice, StyleShape, chosen};

/// Rows in one list; a table has a handful.
const ROW_COUNT_MAX: usize = 100;

pub(super) const CELLS: List<Object<CellDraft>> =
    List { phrase: "an array of cells", of: CELL, least: 1, most: COLUMN_COUNT_MAX as usize };

/// A list of rows.
pub(super) const ROWS: List<RowShape> =
    List { phrase: "an array of rows", of: RowShape, least: 0, most: ROW_COUNT_MAX };

/// A row as it is written.
pub(super) struct RowDraft {
    content: Option<ContentDraft>,
    each: Option<RowEach>,
    visible: Option<Expression>,
    style: Option<StyleChoice>,
    pub(super) fill: Option<Color>,
    bind: Bindings,
    keep: Keep,
    pointer: String,
}

enum ContentDraft {
    Cells(Vec<CellDraft>),
    Rows(Vec<RowDraft>),
}

const ROW: Object<RowDraft> = Object {
    name: "row",
    title: "a row",
    doc: "A row with its cells, or several rows that are repeated, hidden or kept together.",
    read: read_row,
};

fn read_row(reader: &mut ObjectReader<'_>) -> Option<RowDraft> {
    reader.exclude("cells", "rows");
    let cells = reader.optional(
        "cells",
        CELLS,
        "Its cells. Among the `rows` of a table they are those of the columns, when nothing is said.",
    );
    let rows = reader.optional("rows", ROWS, "Rows instead of cells.");
    let each =
        reader.optional("each", ExpressionShape, "Expression that gives a list: the row is there for each item.");
    let name = reader.or("as", Identifier, "item".to_owned(), "Name of the item in expressions.");
    let index_name =
        reader.or("index", Identifier, "index".to_owned(), "Name of the item's number in expressions, counted from 0.");
    if each.is_some() {
        check_names(reader, &name, &index_name);
    } else {
        reader.no_effect("as", "without `each`");
        reader.no_effect("index", "without `each`");
    }
    let visible = reader.optional("visible", Certainty, "When the row is there: an expression, or `false` for never.");
    let style = reader.optional("style", StyleShape, "Look of the text in all its cells.");
    let fill = reader.optional("fill", ColorShape, "Colour behind all its cells.");
    let bind = Bind { allowed: BINDABLE, title: "a row" };
    let bind = reader.optional("bind", bind, "Sets properties of all its cells by expressions.");
    let keep = reader.or(
        "keep",
        KEEP,
        Keep::None,
        "What must stay on one page: the rows that it holds, the row and the next one, or both.",
    );
    let pointer = reader.state().map(|reading| reading.pointer().to_owned()).unwrap_or_default();
    let content = cells.map(ContentDraft::Cells).or(rows.map(ContentDraft::Rows));
    let each = each.map(|each| RowEach { each, name, index_name });
    let bind = bind.unwrap_or_default();
    Some(RowDraft { content, each, visible: visible.flatten(), style, fill, bind, keep, pointer })
}

impl RowDraft {
    /// A row with nothing but cells.
    pub(super) fn of_cells(cells: Vec<CellDraft>, pointer: String) -> Self {
        Self { content: Some(ContentDraft::Cells(cells)), ..Self::of_columns(pointer) }
    }

    /// A row with the cells of the columns.
    pub(super) fn of_columns(pointer: String) -> Self {
        let (content, each, visible, style, fill) = (None, None, None, None, None);
        Self { content, each, visible, style, fill, bind: Vec::new(), keep: Keep::None, pointer }
    }
}

/// An array of cells, or a row object.
#[derive(Clone, Copy)]
pub(super) struct RowShape;

impl Shape for RowShape {
    type Value = RowDraft;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<RowDraft> {
        match json {
            Json::Array(_) => {
                let cells = CELLS.read(json, reading)?;
                Some(RowDraft::of_cells(cells, reading.pointer().to_owned()))
            }
            Json::Object(_) => ROW.read(json, reading),
            other => {
                reading.wrong_type("an array of cells or a row object", other);
                None
            }
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![CELLS.form(description), ROW.form(description)])
    }
}

/// One row, or a list of rows: an array whose items are rows themselves.
#[derive(Clone, Copy)]
pub(super) struct RowOrRows;

impl Shape for RowOrRows {
    type Value = Vec<RowDraft>;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Vec<RowDraft>> {
        let is_row = |item: &Json| item.is_array() || item.get("cells").is_some() || item.get("rows").is_some();
        if json.as_array().is_some_and(|items| items.is_empty() || items.iter().any(is_row)) {
            return ROWS.read(json, reading);
        }
        RowShape.read(json, reading).map(|row| vec![row])
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![RowShape.form(description), ROWS.form(description)])
    }
}

/// How the cells of some rows look, when they say nothing themselves.
#[derive(Clone, Copy)]
pub(super) struct RowLook<'l> {
    pub(super) base: &'l TextStyle,
    /// The cells of the columns: those of one column are aligned like them.
    pub(super) columns: &'l [Cell],
    /// Alignment of header cells, when it is not that of the columns.
    pub(super) aligns: Option<&'l [Align]>,
    /// Whether cells of one column look like their column in everything, and rows may leave out their cells.
    pub(super) is_detail: bool,
    /// What cells head.
    pub(super) scope: HeadScope,
}

/// Which cells of a row head others, unless they say it themselves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum HeadScope {
    Nothing,
    Columns,
    /// The first cell heads its row.
    FirstCell,
}

/// Which columns cells of rows above cover, by column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cover {
    Free,
    Rows(u16),
    Rest,
}

/// Gives each cell its column and its look.
pub(super) fn settle_rows(drafts: Vec<RowDraft>, look: RowLook<'_>, reading: &mut Reading) -> Vec<TableRow> {
    let mut cover = vec![Cover::Free; look.columns.len()];
    settle_list(drafts, look, &mut cover, reading)
}

fn settle_list(drafts: Vec<RowDraft>, look: RowLook<'_>, cover: &mut [Cover], reading: &mut Reading) -> Vec<TableRow> {
    let mut rows = Vec::with_capacity(drafts.len());
    let mut last = String::new();
    for draft in drafts {
        last.clone_from(&draft.pointer);
        rows.extend(settle_row(draft, look, cover, reading));
    }
    if cover.iter().any(|cover| matches!(cover, Cover::Rows(rows) if *rows > 0)) {
        let message = "a cell covers more rows than there are in the list".to_owned();
        report(reading, &last, message, "reduce `rowSpan`, or write \"rest\"");
    }
    rows
}

fn settle_row(draft: RowDraft, look: RowLook<'_>, cover: &mut [Cover], reading: &mut Reading) -> Option<TableRow> {
    let RowDraft { content, each, visible, style, fill, bind, keep, pointer } = draft;
    let own = style.as_ref().map(|style| chosen(Some(style), look.base, &reading.styles));
    let inner = RowLook { base: own.as_ref().unwrap_or(look.base), ..look };
    let moves = each.is_some() || visible.is_some() || matches!(content, Some(ContentDraft::Rows(_)));
    if moves && cover.iter().any(|cover| matches!(cover, Cover::Rows(_))) {
        let message = "a row that a cell of a row above covers cannot be conditional, repeated or a list".to_owned();
        report(reading, &pointer, message, "let the cell cover the \"rest\" of the rows");
    }
    let content = match content {
        Some(ContentDraft::Rows(drafts)) => {
            let mut inside: Vec<Cover> = cover.to_vec();
            RowContent::Rows(settle_list(drafts, inner, &mut inside, reading))
        }
        Some(ContentDraft::Cells(drafts)) => {
            if moves && drafts.iter().any(|cell| cell.row_span != RowSpan::ONE) {
                let message = "a cell of a row that is conditional or repeated covers one row only".to_owned();
                report(reading, &pointer, message, "put the row into `rows` of another one, which has the condition");
            }
            RowContent::Cells(settle_cells(drafts, inner, own.is_some(), cover, &pointer, reading))
        }
        None if look.is_detail => RowContent::Cells(column_cells(look.columns, own.as_ref(), cover)),
        None => {
            report(reading, &pointer, "a row needs `cells` or `rows`".to_owned(), "give `cells`, an array of cells");
            return None;
        }
    };
    Some(TableRow { content, each: each.map(Box::new), visible, fill, bind, keep, pointer })
}

fn report(reading: &mut Reading, pointer: &str, message: String, hint: &str) {
    reading.report(Diagnostic::error(codes::INVALID_VALUE, pointer, message).with_hint(hint));
}

/// The cells of the columns, but those that cells of rows above cover.
fn column_cells(columns: &[Cell], style: Option<&TextStyle>, cover: &mut [Cover]) -> Vec<Cell> {
    let mut cells = Vec::with_capacity(columns.len());
    for (cell, cover) in columns.iter().zip(cover) {
        match cover {
            Cover::Free => {
                let mut cell = cell.clone();
                if let Some(style) = style {
                    cell.style = TextStyle { align: cell.style.align, ..style.clone() };
                }
                cells.push(cell);
            }
            covered => *covered = next(*covered),
        }
    }
    cells
}

/// A cover, one row further down.
fn next(cover: Cover) -> Cover {
    match cover {
        Cover::Rows(rows) if rows > 1 => Cover::Rows(rows - 1),
        Cover::Rows(_) | Cover::Free => Cover::Free,
        Cover::Rest => Cover::Rest,
    }
}

/// Puts the cells of a row into the columns that rows above leave free, and fills up the row; a row that covers more
/// columns than there are is an error.
///
/// A cell that covers one column and says nothing else is aligned as the column is.
fn settle_cells(
    drafts: Vec<CellDraft>,
    look: RowLook<'_>,
    own_style: bool,
    cover: &mut [Cover],
    pointer: &str,
    reading: &mut Reading,
) -> Vec<Cell> {
    let count = look.columns.len();
    let above: Vec<Cover> = cover.to_vec();
    cover.iter_mut().for_each(|cover| *cover = next(*cover));
    let is_free = |column: usize| above.get(column).is_none_or(|cover| *cover == Cover::Free);
    let mut cells = Vec::with_capacity(drafts.len());
    let mut column = 0_usize;
    let mut overlaps = false;
    for (index, draft) in drafts.into_iter().enumerate() {
        while !is_free(column) {
            column += 1;
        }
        let end = column + usize::from(draft.span);
        overlaps |= (column..end).any(|column| !is_free(column));
        if let Some(below) = cover.get_mut(column.min(count)..end.min(count)) {
            below.fill(match draft.row_span {
                RowSpan::Rows(1) => Cover::Free,
                RowSpan::Rows(rows) => Cover::Rows(rows.saturating_sub(1)),
                RowSpan::Rest => Cover::Rest,
            });
        }
        let scope = match look.scope {
            HeadScope::Columns => Some(Scope::Column),
            HeadScope::FirstCell if index == 0 => Some(Scope::Row),
            HeadScope::FirstCell | HeadScope::Nothing => None,
        };
        let base = look.base_of(&draft, column, own_style);
        let mut cell = draft.settle(column, &base, scope, reading);
        if let Some(of_column) = look.columns.get(column).filter(|_| look.is_detail && cell.span == 1) {
            cell.fill = cell.fill.or(of_column.fill);
            if cell.border.is_none() {
                cell.border.clone_from(&of_column.border);
            }
        }
        cells.push(cell);
        column = end;
    }
    if overlaps {
        let message = "a cell of this row overlaps a cell of a row above".to_owned();
        report(reading, pointer, message, "reduce `span` here, or `rowSpan` above");
        return cells;
    }
    if column > count {
        let message = format!("the cells of this row cover {column} columns, the table has {count}");
        report(reading, pointer, message, "reduce `span`, or leave out cells");
        return cells;
    }
    for column in (column..count).filter(|column| is_free(*column)) {
        let filler = CellDraft::plain(TextTemplate::literal(""), pointer);
        cells.push(filler.settle(column, look.base, None, reading));
    }
    cells
}

impl RowLook<'_> {
    /// What a cell looks like when it says nothing.
    fn base_of(&self, draft: &CellDraft, column: usize, own_style: bool) -> TextStyle {
        let mut base = self.base.clone();
        let Some(cell) = self.columns.get(column).filter(|_| draft.span == 1) else { return base };
        if self.is_detail && !own_style {
            return cell.style.clone();
        }
        base.align = self.aligns.and_then(|aligns| aligns.get(column).copied()).unwrap_or(cell.style.align);
        base
    }
}
