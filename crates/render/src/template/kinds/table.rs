//! Tables: columns, header, detail row, totals.

use super::cell::{CELL, COLUMN, COLUMN_COUNT_MAX, CellDraft, ColumnDraft, TextOrCell};
use super::{KindEntry, Needs};
use crate::diagnostic::codes;
use crate::document::Color;
use crate::expression::TextTemplate;
use crate::template::flow::check_names;
use crate::template::look::{StrokeShape, read_border};
use crate::template::model::{Align, Bindable, Cell, Column, Kind, TableHeader, TableNode, TextStyle};
use crate::template::node::Place;
use crate::template::reader::ObjectReader;
use crate::template::reading::Reading;
use crate::template::shape::{Choice, ColorShape, ExpressionShape, Flag, Identifier, List, Object, Sides};
use crate::template::style::{StyleChoice, StylePatch, StyleShape, chosen};

pub(super) const ENTRY: KindEntry = KindEntry {
    name: "table",
    definition: "tableNode",
    title: "a table node",
    doc: "A table with one row for each item of a list; it breaks across pages.",
    placed: true,
    needs: Needs::Nothing,
    bindable: &[
        Bindable::X,
        Bindable::Y,
        Bindable::Width,
        Bindable::Height,
        Bindable::Opacity,
        Bindable::Fill,
        Bindable::StrokeColor,
        Bindable::StrokeWidth,
    ],
    read,
};

/// Rows of totals; a table has a handful.
const TOTAL_COUNT_MAX: usize = 100;

/// Padding of cells that say nothing else, points: enough that text does not touch a line.
const PADDING_POINTS: [f32; 4] = [4.0, 6.0, 4.0, 6.0];

const COLUMNS: List<Object<ColumnDraft>> =
    List { phrase: "an array of columns", of: COLUMN, least: 1, most: COLUMN_COUNT_MAX as usize };

const CELLS: List<Object<CellDraft>> =
    List { phrase: "an array of cells", of: CELL, least: 1, most: COLUMN_COUNT_MAX as usize };

const ROWS: List<List<Object<CellDraft>>> =
    List { phrase: "an array of rows", of: CELLS, least: 0, most: TOTAL_COUNT_MAX };

fn read(reader: &mut ObjectReader<'_>, _place: &mut Place) -> Option<Kind> {
    let each = reader.required("each", ExpressionShape, "Expression that gives the list.");
    let name =
        reader.or("as", Identifier, "item".to_owned(), "Name of the item in expressions; `row` is always known too.");
    let index_name =
        reader.or("index", Identifier, "index".to_owned(), "Name of the item's number in expressions, counted from 0.");
    check_names(reader, &name, &index_name);
    let style = reader.optional("style", StyleShape, "Look of the text in all cells.");
    let look = read_border(reader);
    let padding = reader.or("padding", Sides, PADDING_POINTS, "Padding of every cell.");
    let zebra: Option<Color> = reader.optional("zebra", ColorShape, "Colour behind every second row.");
    let row_line = reader.optional("rowLine", StrokeShape, "Lines between rows.");
    let head_line = reader.optional("headLine", StrokeShape, "Line under the header and above the totals.");
    let keep = Choice(&[("together", true), ("split", false)]);
    let keep_rows =
        reader.or("keepRows", keep, true, "Whether a row stays on one page, or may be split between lines.");
    let columns = reader.required("columns", COLUMNS, "Columns from start to end.");
    let header =
        reader.optional("header", HEADER, "The row above the items; it is there when columns have titles, too.");
    reader.exclude("total", "totals");
    let total = reader.optional("total", CELLS, "One row after the last item: its cells.");
    let totals = reader.optional("totals", ROWS, "Several rows after the last item, each an array of cells.");
    let empty =
        reader.optional("empty", TextOrCell, "What stands instead of the rows when there are none: text, or a cell.");

    let columns = columns?;
    let reading = reader.state()?;
    let base = chosen(style.as_ref(), &reading.base_style, &reading.styles);
    let header = settle_header(header, &columns, &base, reading);
    let mut cells = Vec::with_capacity(columns.len());
    let mut widths = Vec::with_capacity(columns.len());
    for column in columns {
        widths.push(Column { width: column.width });
        cells.push(column.cell.settle(&base, reading));
    }
    let aligns: Vec<Align> = cells.iter().map(|cell| cell.style.align).collect();
    let mut rows = Vec::new();
    let table = reading.pointer().to_owned();
    if let Some(total) = total {
        rows.push(settle_row(total, &aligns, &base, &format!("{table}/total"), reading));
    }
    for (index, row) in totals.unwrap_or_default().into_iter().enumerate() {
        rows.push(settle_row(row, &aligns, &base, &format!("{table}/totals/{index}"), reading));
    }
    let empty = empty.map(|cell| {
        let mut cell = cell.settle(&base, reading);
        cell.span = u16::try_from(widths.len()).unwrap_or(u16::MAX);
        cell
    });
    Some(Kind::Table(Box::new(TableNode {
        each: each?,
        name,
        index_name,
        columns: widths,
        header,
        cells,
        totals: rows,
        zebra,
        row_line,
        head_line,
        padding,
        keep_rows,
        empty,
        look,
    })))
}

struct HeaderDraft {
    repeat: bool,
    fill: Option<Color>,
    style: Option<StyleChoice>,
    cells: Option<Vec<CellDraft>>,
}

const HEADER: Object<HeaderDraft> = Object {
    name: "tableHeader",
    title: "a table header",
    doc: "The row above the items of a table.",
    read: read_header,
};

fn read_header(reader: &mut ObjectReader<'_>) -> Option<HeaderDraft> {
    let repeat = reader.or("repeat", Flag, true, "Whether it stands again at the top of each further page.");
    let fill = reader.optional("fill", ColorShape, "Colour behind the row.");
    let style = reader.optional("style", StyleShape, "Look of the text; semi-bold, when nothing is said.");
    let cells = reader.optional("cells", CELLS, "Cells, instead of the titles of the columns.");
    Some(HeaderDraft { repeat, fill, style, cells })
}

/// The header row: its own cells, else the titles; none when there are neither.
fn settle_header(
    draft: Option<HeaderDraft>,
    columns: &[ColumnDraft],
    base: &TextStyle,
    reading: &mut Reading,
) -> Option<TableHeader> {
    let titled = columns.iter().any(|column| column.title.is_some());
    let draft = match draft {
        Some(draft) => draft,
        None if titled => HeaderDraft { repeat: true, fill: None, style: None, cells: None },
        None => return None,
    };
    let mut look = base.clone();
    StylePatch::semibold().apply(&mut look);
    if let Some(choice) = &draft.style {
        look = chosen(Some(choice), base, &reading.styles);
    }
    let aligns: Vec<Align> = columns
        .iter()
        .map(|column| column.header_align.unwrap_or_else(|| column.cell.overrides.over(base, &reading.styles).align))
        .collect();
    if let Some(cells) = draft.cells {
        let pointer = format!("{}/header/cells", reading.pointer());
        let cells = settle_row(cells, &aligns, &look, &pointer, reading);
        return Some(TableHeader { repeat: draft.repeat, fill: draft.fill, cells });
    }
    if !titled {
        return None;
    }
    let mut cells = Vec::with_capacity(columns.len());
    for (column, align) in columns.iter().zip(aligns) {
        let mut style = chosen(column.header_style.as_ref(), &look, &reading.styles);
        if column.header_style.is_none() || column.header_align.is_some() {
            style.align = align;
        }
        let text = column.title.clone().unwrap_or_else(|| TextTemplate::literal(""));
        let pointer = format!("{}/title", column.cell.pointer);
        cells.push(Cell { span: 1, text, style, fill: None, bind: Vec::new(), pointer });
    }
    Some(TableHeader { repeat: draft.repeat, fill: draft.fill, cells })
}

/// Gives each cell its look and fills the row up to all columns; a row that covers more is an error.
///
/// A cell that covers one column and says nothing else is aligned as the column is.
fn settle_row(
    drafts: Vec<CellDraft>,
    aligns: &[Align],
    base: &TextStyle,
    pointer: &str,
    reading: &mut Reading,
) -> Vec<Cell> {
    let mut cells = Vec::with_capacity(drafts.len());
    let mut covered = 0_usize;
    for draft in drafts {
        let mut look = base.clone();
        if let (1, Some(align)) = (draft.span, aligns.get(covered)) {
            look.align = *align;
        }
        covered += usize::from(draft.span);
        cells.push(draft.settle(&look, reading));
    }
    if covered > aligns.len() {
        let message = format!("the cells of this row cover {covered} columns, the table has {}", aligns.len());
        let finding = crate::diagnostic::Diagnostic::error(codes::INVALID_VALUE, pointer, message);
        reading.report(finding.with_hint("reduce `span`, or leave out cells"));
        return cells;
    }
    for _missing in covered..aligns.len() {
        cells.push(CellDraft::plain(TextTemplate::literal(""), pointer).settle(base, reading));
    }
    cells
}
