//! Tables: columns, header, rows of an item, groups, totals.

use super::cell::{COLUMN_COUNT_MAX, CellDraft};
use super::column::{COLUMN, ColumnDraft};
use super::group::{CARRY, GROUPS, settle_carry, settle_groups};
use super::row::{CELLS, HeadScope, ROWS, RowDraft, RowLook, RowShape, settle_rows};
use super::{KindEntry, Needs};
use crate::document::{Color, Scope};
use crate::expression::TextTemplate;
use crate::template::flow::check_names;
use crate::template::look::{StrokeShape, read_border};
use crate::template::model::{
    Align, Bindable, Cell, Column, Keep, Kind, RowContent, RowSpan, TableHeader, TableNode, TableRow, TextStyle,
};
use crate::template::node::Place;
use crate::template::reader::ObjectReader;
use crate::template::reading::Reading;
use crate::template::shape::{Choice, ColorShape, ExpressionShape, Flag, Identifier, List, Object, Sides, Whole};
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

/// Padding of cells that say nothing else, points: enough that text does not touch a line.
const PADDING_POINTS: [f32; 4] = [4.0, 6.0, 4.0, 6.0];

const COLUMNS: List<Object<ColumnDraft>> =
    List { phrase: "an array of columns", of: COLUMN, least: 1, most: COLUMN_COUNT_MAX as usize };

/// Rows that stay together at either end; more is what `keep` is for.
const LEAST_ROWS_MAX: u32 = 20;

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
    let least = Whole { phrase: "a whole number from 1 to 20", minimum: 1, maximum: LEAST_ROWS_MAX };
    let least_rows = reader.or(
        "leastRows",
        least,
        1,
        "Rows that stay together at the beginning and at the end of the table and of each group.",
    );
    let column_line = reader.optional("columnLine", StrokeShape, "Lines between columns.");
    let columns = reader.required("columns", COLUMNS, "Columns from start to end.");
    let header =
        reader.optional("header", HEADER, "The row above the items; it is there when columns have titles, too.");
    let groups = reader.or("groups", GROUPS, Vec::new(), "How items are grouped, the outermost group first.");
    let detail = reader.optional("rows", ROWS, "Rows of one item, instead of one row with the cells of the columns.");
    reader.exclude("total", "totals");
    let total = reader.optional("total", RowShape, "One row after the last item: its cells, or a row object.");
    let totals = reader.optional("totals", ROWS, "Several rows after the last item.");
    let carry = reader.optional("carry", CARRY, "Rows at the places where a page ends inside the table.");
    let empty = reader.optional(
        "empty",
        super::cell::TextOrCell,
        "What stands instead of the rows when there are none: text, or a cell.",
    );

    let columns = columns?;
    let reading = reader.state()?;
    let base = chosen(style.as_ref(), &reading.base_style, &reading.styles);
    let mut titles = Vec::with_capacity(columns.len());
    let mut cells = Vec::with_capacity(columns.len());
    let mut widths: Vec<Column> = Vec::with_capacity(columns.len());
    for (index, column) in columns.into_iter().enumerate() {
        let pointer = column.cell.pointer.clone();
        let cell = column.cell.settle(index, &base, None, reading);
        let align = column.header_align.unwrap_or(cell.style.align);
        let keeps_align = column.header_style.is_some() && column.header_align.is_none();
        titles.push(Title { text: column.title, style: column.header_style, align, keeps_align, pointer });
        widths.push(column.width);
        cells.push(cell);
    }
    let row_look = RowLook { base: &base, columns: &cells, aligns: None, is_detail: false, scope: HeadScope::Nothing };
    let table = reading.pointer().to_owned();
    let header = settle_header(header, &titles, row_look, reading);
    let groups = settle_groups(groups, row_look, reading);
    let detail = detail.unwrap_or_else(|| vec![RowDraft::of_columns(table.clone())]);
    let rows = settle_rows(detail, RowLook { is_detail: true, ..row_look }, reading);
    let totals = settle_rows(total.map(|row| vec![row]).or(totals).unwrap_or_default(), row_look, reading);
    let carry = carry.map(|carry| settle_carry(carry, row_look, reading));
    let empty = empty.map(|cell| {
        let pointer = cell.pointer.clone();
        let mut cell = cell.settle(0, &base, None, reading);
        cell.span = u16::try_from(widths.len()).unwrap_or(u16::MAX);
        cell.row_span = RowSpan::ONE;
        row_of(vec![cell], None, pointer)
    });
    let mut table = TableNode {
        each: each?,
        name,
        index_name,
        columns: widths,
        header,
        groups,
        rows,
        totals,
        carry,
        zebra,
        row_line,
        head_line,
        column_line,
        padding,
        keep_rows,
        least_rows: u8::try_from(least_rows).unwrap_or(1),
        empty,
        look,
        has_edges: false,
    };
    let mut has_edges = table.column_line.is_some();
    table.each_cell(&mut |cell| has_edges |= cell.border.is_some() || cell.row_span != RowSpan::ONE);
    table.has_edges = has_edges;
    Some(Kind::Table(Box::new(table)))
}

/// What a column gives to the header row.
struct Title {
    text: Option<TextTemplate>,
    style: Option<StyleChoice>,
    align: Align,
    /// Whether the title's own style says how it is aligned.
    keeps_align: bool,
    pointer: String,
}

struct HeaderDraft {
    repeat: bool,
    fill: Option<Color>,
    style: Option<StyleChoice>,
    rows: Option<Vec<RowDraft>>,
}

const HEADER: Object<HeaderDraft> = Object {
    name: "tableHeader",
    title: "a table header",
    doc: "The rows above the items of a table.",
    read: read_header,
};

fn read_header(reader: &mut ObjectReader<'_>) -> Option<HeaderDraft> {
    let repeat = reader.or("repeat", Flag, true, "Whether it stands again at the top of each further page.");
    let fill = reader.optional("fill", ColorShape, "Colour behind the rows.");
    let style = reader.optional("style", StyleShape, "Look of the text; semi-bold, when nothing is said.");
    reader.exclude("cells", "rows");
    let cells = reader.optional("cells", CELLS, "Cells, instead of the titles of the columns.");
    let rows = reader.optional("rows", ROWS, "Several rows, instead of the titles of the columns.");
    let pointer = reader.state().map(|reading| format!("{}/cells", reading.pointer())).unwrap_or_default();
    let rows = cells.map(|cells| vec![RowDraft::of_cells(cells, pointer)]).or(rows);
    Some(HeaderDraft { repeat, fill, style, rows })
}

/// The header: its own rows, else the titles; none when there are neither.
fn settle_header(
    draft: Option<HeaderDraft>,
    titles: &[Title],
    look: RowLook<'_>,
    reading: &mut Reading,
) -> Option<TableHeader> {
    let titled = titles.iter().any(|title| title.text.is_some());
    let draft = match draft {
        Some(draft) => draft,
        None if titled => HeaderDraft { repeat: true, fill: None, style: None, rows: None },
        None => return None,
    };
    let mut base = look.base.clone();
    StylePatch::semibold().apply(&mut base);
    if let Some(choice) = &draft.style {
        base = chosen(Some(choice), look.base, &reading.styles);
    }
    let mut rows = match draft.rows {
        Some(rows) => {
            let aligns: Vec<Align> = titles.iter().map(|title| title.align).collect();
            let look = RowLook { base: &base, aligns: Some(&aligns), scope: HeadScope::Columns, ..look };
            settle_rows(rows, look, reading)
        }
        None if titled => {
            let cells = titles.iter().enumerate().map(|(column, title)| title.settle(column, &base, reading)).collect();
            vec![row_of(cells, None, reading.pointer().to_owned())]
        }
        None => return None,
    };
    for row in &mut rows {
        row.fill = row.fill.or(draft.fill);
    }
    Some(TableHeader { repeat: draft.repeat, rows })
}

impl Title {
    fn settle(&self, column: usize, base: &TextStyle, reading: &Reading) -> Cell {
        let mut style = chosen(self.style.as_ref(), base, &reading.styles);
        if !self.keeps_align {
            style.align = self.align;
        }
        let text = self.text.clone().unwrap_or_else(|| TextTemplate::literal(""));
        let cell = CellDraft::plain(text, &format!("{}/title", self.pointer));
        cell.settle(column, &style, Some(Scope::Column), reading)
    }
}

fn row_of(cells: Vec<Cell>, fill: Option<Color>, pointer: String) -> TableRow {
    let content = RowContent::Cells(cells);
    TableRow { content, each: None, visible: None, fill, bind: Vec::new(), keep: Keep::None, pointer }
}
