//! Tables after parsing: columns, rows, cells, groups, and what is carried from page to page.

use super::{Bindable, BoxLook, Keep, Node, StrokeLook, TextStyle};
use crate::document::{Color, Scope};
use crate::expression::{Expression, TextTemplate};

/// A table.
#[derive(Clone, Debug)]
pub struct TableNode {
    /// Gives an array; the detail rows are there once an item.
    pub each: Expression,
    /// Name of the item in expressions; `row` is always defined too.
    pub name: String,
    /// Name of the zero-based index in expressions.
    pub index_name: String,
    /// Columns in order.
    pub columns: Vec<Column>,
    /// Rows at the top; absent when no column has a title and none are given.
    pub header: Option<TableHeader>,
    /// How items are grouped, the outermost group first.
    pub groups: Vec<Group>,
    /// Rows of one item.
    pub rows: Vec<TableRow>,
    /// Rows after the last item, in order.
    pub totals: Vec<TableRow>,
    /// Rows at the places where a page ends inside the table.
    pub carry: Option<Carry>,
    /// Fill of the rows of every second item.
    pub zebra: Option<Color>,
    /// Lines between rows.
    pub row_line: Option<StrokeLook>,
    /// Line under the header and above the totals.
    pub head_line: Option<StrokeLook>,
    /// Lines between columns.
    pub column_line: Option<StrokeLook>,
    /// Padding of every cell: top, right, bottom, left.
    pub padding: [f32; 4],
    /// Rows stay whole; otherwise a row taller than a page is cut between lines.
    pub keep_rows: bool,
    /// Rows that stay together at the beginning and at the end of the table and of each group.
    pub least_rows: u8,
    /// What stands instead of the rows when there are none.
    pub empty: Option<TableRow>,
    /// Fill, border.
    pub look: BoxLook,
    /// Whether lines must be found edge by edge: cells have borders or cover several rows, or columns have lines.
    pub has_edges: bool,
}

/// The rows at the top of a table.
#[derive(Clone, Debug)]
pub struct TableHeader {
    /// Whether they are repeated at the top of each further page.
    pub repeat: bool,
    /// The rows.
    pub rows: Vec<TableRow>,
}

/// Items that follow each other and have the same key.
#[derive(Clone, Debug)]
pub struct Group {
    /// Gives the key of an item.
    pub by: Expression,
    /// Name of the group in expressions.
    pub name: String,
    /// Rows above its first item.
    pub header: Vec<TableRow>,
    /// Rows below its last item.
    pub footer: Vec<TableRow>,
    /// Stays on one page when a page can hold it.
    pub together: bool,
    /// Begins on a page of its own, unless it is the first.
    pub new_page: bool,
}

/// Rows at the places where a page ends inside a table, and the sums that they show.
#[derive(Clone, Debug)]
pub struct Carry {
    /// Names in `carried`, and what each item adds.
    pub sums: Vec<(String, Expression)>,
    /// The row at the top of each further page.
    pub top: Option<TableRow>,
    /// The row at the bottom of each page but the last.
    pub bottom: Option<TableRow>,
}

/// A row, or several that are repeated or hidden together.
#[derive(Clone, Debug)]
pub struct TableRow {
    /// Its cells, or the rows in it.
    pub content: RowContent,
    /// Repetition.
    pub each: Option<Box<RowEach>>,
    /// Condition; absent is always.
    pub visible: Option<Expression>,
    /// Fill behind all cells.
    pub fill: Option<Color>,
    /// What an expression sets in all its cells.
    pub bind: Vec<(Bindable, Expression)>,
    /// What stays on one page with it.
    pub keep: Keep,
    /// JSON pointer of the row in the template.
    pub pointer: String,
}

/// What a row holds.
#[derive(Clone, Debug)]
pub enum RowContent {
    /// Cells, by column.
    Cells(Vec<Cell>),
    /// Rows.
    Rows(Vec<TableRow>),
}

/// Repetition of a row.
#[derive(Clone, Debug)]
pub struct RowEach {
    /// Gives an array.
    pub each: Expression,
    /// Name of the item in expressions.
    pub name: String,
    /// Name of the zero-based index in expressions.
    pub index_name: String,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its width.
    pub width: ColumnWidth,
    /// Least width.
    pub least: f32,
    /// Greatest width, when there is one.
    pub most: Option<f32>,
    /// Condition, asked once; absent is always.
    pub visible: Option<Expression>,
}

/// Width of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ColumnWidth {
    /// Points.
    Fixed(f32),
    /// A share of what the other columns leave.
    Fraction(f32),
    /// As wide as the content of its cells.
    Auto,
}

/// A cell.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The first column that it covers.
    pub column: u16,
    /// Columns that it covers, 1 or more.
    pub span: u16,
    /// Rows that it covers.
    pub row_span: RowSpan,
    /// What it says.
    pub text: TextTemplate,
    /// What it holds instead of text.
    pub nodes: Vec<Node>,
    /// Its look.
    pub style: TextStyle,
    /// Fill of the cell.
    pub fill: Option<Color>,
    /// Lines at its edges.
    pub border: Option<Box<Border>>,
    /// What it heads.
    pub scope: Option<Scope>,
    /// Overrides at render time (colour, fill, align, style, font weight).
    pub bind: Vec<(Bindable, Expression)>,
    /// JSON pointer of the cell in the template.
    pub pointer: String,
}

/// Rows that a cell covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowSpan {
    /// That many, 1 or more.
    Rows(u16),
    /// All up to the last row of the list that it stands in.
    Rest,
}

impl RowSpan {
    /// A cell of one row.
    pub const ONE: Self = Self::Rows(1);
}

/// Lines at the edges of a cell: top, right, bottom, left.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Border {
    /// Each side.
    pub sides: [Option<StrokeLook>; 4],
}

impl TableNode {
    /// Calls `visit` for every cell that the table can have.
    pub fn each_cell<'t>(&'t self, visit: &mut dyn FnMut(&'t Cell)) {
        let groups = self.groups.iter().flat_map(|group| group.header.iter().chain(&group.footer));
        let carried = self.carry.iter().flat_map(|carry| carry.top.iter().chain(&carry.bottom));
        self.header
            .iter()
            .flat_map(|header| &header.rows)
            .chain(groups)
            .chain(&self.rows)
            .chain(&self.totals)
            .chain(carried)
            .chain(&self.empty)
            .for_each(|row| row.each_cell(visit));
    }
}

impl TableRow {
    /// Calls `visit` for every cell of the row; rows are nested no deeper than the JSON that they come from.
    pub fn each_cell<'t>(&'t self, visit: &mut dyn FnMut(&'t Cell)) {
        match &self.content {
            RowContent::Cells(cells) => cells.iter().for_each(visit),
            RowContent::Rows(rows) => rows.iter().for_each(|row| row.each_cell(visit)),
        }
    }
}
