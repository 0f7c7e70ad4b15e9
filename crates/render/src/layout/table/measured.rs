//! Measured tables: rows of cells, and what they keep for placing and painting.

use std::borrow::Cow;
use std::ops::Range;

use crate::document::{Color, ElementId};
use crate::layout::measured::{Bindings, Measured, TextContent};
use crate::template::model::{BoxLook, Carry, Cell, TableNode, TextStyle};

/// A measured table.
#[derive(Debug)]
pub(in crate::layout) struct MeasuredTable<'a> {
    pub(in crate::layout) source: &'a TableNode,
    pub(in crate::layout) look: Cow<'a, BoxLook>,
    /// Left edges of the columns, and the right edge of the last one.
    pub(in crate::layout) edges: Vec<f32>,
    /// Rows of the header, then all others.
    pub(in crate::layout) rows: Vec<Row>,
    /// Rows of the header.
    pub(in crate::layout) header_count: usize,
    pub(in crate::layout) cells: Vec<MeasuredCell<'a>>,
    pub(in crate::layout) carry: Option<Box<MeasuredCarry<'a>>>,
    pub(in crate::layout) elements: TableElements,
    /// Cells that began on an earlier page and go on, once pages are painted.
    pub(in crate::layout) open: Vec<OpenCell>,
}

/// Elements of the tag tree that parts of a table share, once they have been painted.
#[derive(Debug, Default)]
pub(in crate::layout) struct TableElements {
    pub(in crate::layout) head: Option<ElementId>,
    pub(in crate::layout) body: Option<ElementId>,
    pub(in crate::layout) foot: Option<ElementId>,
    /// The row that was painted last, for a row that goes on on the next page: its index and its element.
    pub(in crate::layout) open_row: Option<(u32, ElementId)>,
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::layout) enum RowKind {
    Header,
    GroupHeader,
    Detail,
    GroupFooter,
    Total,
    /// It tells what is carried from page to page.
    Carry,
}

/// How strongly a row holds on to the next one; a page ends where this is least.
pub(in crate::layout) mod glue {
    /// Not at all.
    pub(in crate::layout) const NONE: u8 = 0;
    /// Groups that stay together: this and their level.
    pub(in crate::layout) const GROUP: u8 = 1;
    /// Rows that stay together: this and how deep they are nested.
    pub(in crate::layout) const BLOCK: u8 = 20;
    /// Headers and footers with their rows, the least number of rows, and what is kept with the next one.
    pub(in crate::layout) const STRONG: u8 = 200;
    /// Rows that a cell joins.
    pub(in crate::layout) const JOINED: u8 = 250;
}

/// A row of a table.
#[derive(Clone, Debug)]
pub(in crate::layout) struct Row {
    /// Range in the table's cells.
    pub(in crate::layout) cells: Range<u32>,
    pub(in crate::layout) height: f32,
    pub(in crate::layout) fill: Option<Color>,
    pub(in crate::layout) kind: RowKind,
    /// How strongly it holds on to the next one.
    pub(in crate::layout) glue: u8,
    /// Whether a cell covers this row and the next one.
    pub(in crate::layout) joined: bool,
    /// Whether it begins on a new page.
    pub(in crate::layout) new_page: bool,
    /// Whether an outermost group begins here.
    pub(in crate::layout) starts_group: bool,
}

impl Row {
    /// How strongly it holds on to the next one.
    pub(in crate::layout) fn hold(&self) -> u8 {
        if self.joined { glue::JOINED } else { self.glue }
    }
}

/// A cell of a row.
#[derive(Debug)]
pub(in crate::layout) struct MeasuredCell<'a> {
    pub(in crate::layout) source: &'a Cell,
    /// What it says; nothing but a height when it holds nodes.
    pub(in crate::layout) text: TextContent,
    pub(in crate::layout) fill: Option<Color>,
    /// How far the text stands below the others' so that their first lines are one line.
    pub(in crate::layout) down: f32,
    /// Rows that it covers.
    pub(in crate::layout) rows: u32,
    /// Columns that it covers and that are shown.
    pub(in crate::layout) span: u16,
    /// What few cells have.
    pub(in crate::layout) extra: Option<Box<CellExtra<'a>>>,
    /// For a cell that is cut: its element, once it has been painted.
    pub(in crate::layout) element: Option<ElementId>,
}

/// What few cells have.
#[derive(Debug, Default)]
pub(in crate::layout) struct CellExtra<'a> {
    pub(in crate::layout) nodes: Vec<Measured<'a>>,
    /// To lay the text out again once the page is known.
    pub(in crate::layout) deferred: Option<DeferredCell<'a>>,
}

/// What is needed to lay the text of a cell out again.
#[derive(Debug)]
pub(in crate::layout) struct DeferredCell<'a> {
    pub(in crate::layout) bindings: Bindings<'a>,
    /// The style of the cell, when its row has changed it.
    pub(in crate::layout) style: Option<Box<TextStyle>>,
}

/// A cell that goes on on the next page.
#[derive(Debug)]
pub(in crate::layout) struct OpenCell {
    pub(in crate::layout) cell: u32,
    /// The last row that it covers.
    pub(in crate::layout) last: usize,
    /// Height of what has been shown.
    pub(in crate::layout) shown: f32,
    /// Height of all of it.
    pub(in crate::layout) height: f32,
}

/// What is carried from page to page.
#[derive(Debug)]
pub(in crate::layout) struct MeasuredCarry<'a> {
    pub(in crate::layout) source: &'a Carry,
    pub(in crate::layout) top: Option<Row>,
    pub(in crate::layout) bottom: Option<Row>,
    /// The sums after no item, after the first one, and so on.
    pub(in crate::layout) sums: Vec<f64>,
    /// Items that are complete after each row, those of the header included.
    pub(in crate::layout) done: Vec<u32>,
}

impl MeasuredTable<'_> {
    /// Left edge and width of a cell.
    pub(in crate::layout) fn across(&self, cell: &Cell) -> (f32, f32) {
        let column = usize::from(cell.column);
        let last = self.edges.len().saturating_sub(1);
        let x = self.edges.get(column).copied().unwrap_or(0.0);
        let end = self.edges.get((column + usize::from(cell.span)).min(last)).copied().unwrap_or(x);
        (x, end - x)
    }

    /// Whether a page must end somewhere inside.
    pub(in crate::layout) fn has_breaks(&self) -> bool {
        self.source.groups.iter().any(|group| group.new_page) && self.rows.iter().any(|row| row.new_page)
    }

    /// Height of the rows of the header.
    pub(in crate::layout) fn header_height(&self) -> f32 {
        heights(self.rows.get(..self.header_count).unwrap_or_default())
    }
}

/// Height of some rows.
pub(in crate::layout) fn heights(rows: &[Row]) -> f32 {
    rows.iter().map(|row| row.height).sum()
}
