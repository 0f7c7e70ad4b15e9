//! Painting tables: fills first, then lines, then the content of all cells with its tags.

mod cells;
mod edges;
mod tags;

use self::cells::{CellPiece, Window};
use super::fill::rounded;
use super::{Painter, Tagging};
use crate::document::{Color, Item, Rect, RectItem};
use crate::expression::Scope as DataScope;
use crate::layout::measured::Bindings;
use crate::layout::place::{Part, RowsPart};
use crate::layout::state::{Site, Stop};
use crate::layout::table::{MeasuredTable, OpenCell, Row, RowKind, heights};
use crate::template::model::{BoxLook, Node};
use crate::text::index32;

/// A row that is painted, and where.
struct Shown {
    row: Row,
    /// Its number among the rows of the table; none for a row that tells what is carried.
    index: Option<usize>,
    top: f32,
    height: f32,
    /// For a row that is cut: how much of it stands on earlier pages, and where it is cut.
    cut: Option<(f32, f32)>,
}

/// The rows of a table that stand on one page.
struct Piece {
    /// Index of the table's node.
    node: u32,
    rect: Rect,
    shown: Vec<Shown>,
    /// The number after that of the last row.
    end: usize,
    /// Whether the header stood on an earlier page already.
    repeats_header: bool,
}

impl<'a> Painter<'_, 'a> {
    /// Paints a table, or the rows of it that stand on this page.
    pub(in crate::layout) fn paint_table(
        &mut self,
        node: &'a Node,
        table: &mut MeasuredTable<'a>,
        part: &Part,
        rect: Rect,
        tagging: Tagging,
    ) -> Result<(), Stop> {
        let whole = RowsPart {
            header: table.header_count > 0,
            rows: table.header_count..table.rows.len(),
            ..RowsPart::default()
        };
        let rows = match part {
            Part::Rows(rows) => rows,
            _ => &whole,
        };
        let piece = Piece::new(node.index, table, rows, rect);
        self.lay_out_deferred_cells(node, table, &piece)?;
        self.lay_out_carried_rows(node, table, rows)?;
        let decoration = tagging.for_decoration();
        let fill = BoxLook { stroke: None, ..table.look.clone().into_owned() };
        self.paint_box(rect, &fill, decoration);
        self.paint_fills(table, &piece, decoration);
        self.paint_lines_of_table(table, &piece, decoration);
        self.paint_open_cells(table, &piece, tagging)?;
        for position in 0..piece.shown.len() {
            self.paint_row(table, &piece, position, tagging)?;
        }
        let border = BoxLook { fill: None, shadow: None, ..table.look.clone().into_owned() };
        self.paint_box(rect, &border, decoration);
        piece.end(table);
        Ok(())
    }

    /// Lays out the cells of these rows that had to wait until the page was known.
    fn lay_out_deferred_cells(
        &mut self,
        node: &'a Node,
        table: &mut MeasuredTable<'a>,
        piece: &Piece,
    ) -> Result<(), Stop> {
        for shown in piece.shown.iter().filter(|shown| shown.index.is_some()) {
            for index in shown.row.cells.clone() {
                let Some(bindings) = take_bindings(table, index) else { continue };
                let scope = DataScope::new(self.layouter.data);
                let known =
                    table.cells.get(index as usize).filter(|_| shown.cut.is_some()).map(|cell| cell.text.clone());
                self.with_bindings(&scope, &bindings, &mut |painter, scope| {
                    painter.layouter.cell_again(node, table, index, scope)
                })?;
                put_bindings(table, index, bindings);
                // A row is cut between the lines that its cells have.
                if let (Some(known), Some(cell)) = (known, table.cells.get_mut(index as usize))
                    && known.block.lines.len() != cell.text.block.lines.len()
                {
                    cell.text = known;
                    let pointer = &cell.source.pointer;
                    self.layouter.report_other_lines(Site { pointer, property: "text", node: Some(&node.id) });
                }
            }
        }
        Ok(())
    }

    /// Lays out the rows that tell what is carried to this page and from it.
    fn lay_out_carried_rows(
        &mut self,
        node: &'a Node,
        table: &mut MeasuredTable<'a>,
        part: &RowsPart,
    ) -> Result<(), Stop> {
        let Some(carry) = &table.carry else { return Ok(()) };
        let done = |end: usize| end.checked_sub(1).and_then(|row| carry.done.get(row)).copied().unwrap_or(0);
        let top = carry.top.clone().filter(|_| part.carry_top).map(|row| (row, done(part.rows.start)));
        let bottom = carry.bottom.clone().filter(|_| part.carry_bottom).map(|row| (row, done(part.rows.end)));
        for (row, done) in [top, bottom].into_iter().flatten() {
            let first = row.cells.start;
            let Some(bindings) = take_bindings(table, first) else { continue };
            let scope = DataScope::new(self.layouter.data);
            self.with_bindings(&scope, &bindings, &mut |painter, scope| {
                painter.layouter.carried_row_again(node, table, &row, done, scope)
            })?;
            put_bindings(table, first, bindings);
        }
        Ok(())
    }

    fn paint_fills(&mut self, table: &MeasuredTable<'_>, piece: &Piece, tagging: Tagging) {
        let radius = table.look.radius;
        let corners = Corners { rect: piece.rect, radius };
        for shown in &piece.shown {
            self.fill(Rect { y: shown.top, height: shown.height, ..piece.rect }, shown.row.fill, corners, tagging);
        }
        for open in &table.open {
            let place = piece.open_piece(open);
            self.fill_cell(table, open.cell, &place, corners, tagging);
        }
        for (position, shown) in piece.shown.iter().enumerate() {
            let cells = table.cells.get(shown.row.cells.start as usize..shown.row.cells.end as usize);
            for (cell, index) in cells.unwrap_or_default().iter().zip(shown.row.cells.clone()) {
                if cell.fill.is_some() {
                    let place = piece.cell_piece(table, position, index);
                    self.fill_cell(table, index, &place, corners, tagging);
                }
            }
        }
    }

    fn fill_cell(
        &mut self,
        table: &MeasuredTable<'_>,
        index: u32,
        place: &CellPiece,
        corners: Corners,
        tagging: Tagging,
    ) {
        let Some(cell) = table.cells.get(index as usize).filter(|cell| cell.fill.is_some()) else { return };
        let (x, width) = table.across(cell.source);
        let rect = Rect { x: corners.rect.x + x, y: place.top, width, height: place.height };
        self.fill(rect, cell.fill, corners, tagging);
    }

    /// Fills a part of the table; where it reaches a round corner of the table, it is round there.
    fn fill(&mut self, rect: Rect, fill: Option<Color>, corners: Corners, tagging: Tagging) {
        let Some(color) = fill.filter(|color| color.alpha > 0) else { return };
        let radii = corners.radii(rect);
        if radii == [0.0; 4] {
            self.apply(tagging);
            self.page.items.push(Item::Rect(RectItem { rect, radius: 0.0, fill: Some(color), stroke: None }));
        } else {
            self.paint_path(&rounded(rect, radii), Some(color), None, tagging);
        }
    }
}

/// The names around a cell that had to wait, taken out for the time of their use.
fn take_bindings<'a>(table: &mut MeasuredTable<'a>, cell: u32) -> Option<Bindings<'a>> {
    let extra = table.cells.get_mut(cell as usize)?.extra.as_mut()?;
    extra.deferred.as_mut().map(|deferred| std::mem::take(&mut deferred.bindings))
}

fn put_bindings<'a>(table: &mut MeasuredTable<'a>, cell: u32, bindings: Bindings<'a>) {
    let extra = table.cells.get_mut(cell as usize).and_then(|cell| cell.extra.as_mut());
    if let Some(deferred) = extra.and_then(|extra| extra.deferred.as_mut()) {
        deferred.bindings = bindings;
    }
}

/// The corners of a table, which may be round.
#[derive(Clone, Copy)]
struct Corners {
    rect: Rect,
    radius: f32,
}

impl Corners {
    /// Radii of the corners that a part shares with the table: top left, top right, bottom right, bottom left.
    fn radii(self, part: Rect) -> [f32; 4] {
        /// Edges that are this close are one.
        const TOUCH_POINTS: f32 = 0.01;
        if self.radius <= 0.0 {
            return [0.0; 4];
        }
        let touches = |one: f32, other: f32| (one - other).abs() < TOUCH_POINTS;
        let radius = self.radius.min(self.rect.width / 2.0).min(self.rect.height / 2.0);
        let radius = radius.min(part.width / 2.0).min(part.height).max(0.0);
        let (left, right) = (touches(part.x, self.rect.x), touches(part.right(), self.rect.right()));
        let (top, bottom) = (touches(part.y, self.rect.y), touches(part.bottom(), self.rect.bottom()));
        [left && top, right && top, right && bottom, left && bottom].map(|shared| if shared { radius } else { 0.0 })
    }
}

impl Piece {
    fn new(node: u32, table: &MeasuredTable<'_>, part: &RowsPart, rect: Rect) -> Self {
        let mut shown = Vec::with_capacity(part.rows.len() + table.header_count + 2);
        let mut y = rect.y;
        let mut push = |row: &Row, index: Option<usize>, cut: Option<(f32, f32)>| {
            let height = cut.map_or(row.height, |(from, to)| to - from);
            shown.push(Shown { row: row.clone(), index, top: y, height, cut });
            y += height;
        };
        let header = if part.header { 0..table.header_count } else { 0..0 };
        for index in header {
            table.rows.get(index).into_iter().for_each(|row| push(row, Some(index), None));
        }
        let carry = table.carry.as_deref();
        if let Some(row) = carry.and_then(|carry| carry.top.as_ref()).filter(|_| part.carry_top) {
            push(row, None, None);
        }
        for index in part.rows.clone() {
            table.rows.get(index).into_iter().for_each(|row| push(row, Some(index), part.cut));
        }
        if let Some(row) = carry.and_then(|carry| carry.bottom.as_ref()).filter(|_| part.carry_bottom) {
            push(row, None, None);
        }
        Self { node, rect, shown, end: part.rows.end, repeats_header: table.elements.head.is_some() }
    }

    /// Height of the rows from a position up to a row.
    fn height_to(&self, position: usize, last: usize) -> f32 {
        let rows = self.shown.get(position..).unwrap_or_default().iter();
        rows.take_while(|shown| shown.index.is_some_and(|index| index <= last)).map(|shown| shown.height).sum()
    }

    /// Where a cell of a row that is shown stands.
    fn cell_piece(&self, table: &MeasuredTable<'_>, position: usize, cell: u32) -> CellPiece {
        let Some(shown) = self.shown.get(position) else { return CellPiece::default() };
        let rows = table.cells.get(cell as usize).map_or(1, |cell| cell.rows);
        let window = shown.cut.map(|(from, to)| Window { from, to, full: shown.row.height });
        let (Some(first), true) = (shown.index, rows > 1) else {
            return CellPiece { top: shown.top, height: shown.height, window };
        };
        let last = first + rows as usize - 1;
        let height = self.height_to(position, last);
        let goes_on = last >= self.end;
        let window = goes_on.then(|| {
            let full = heights(table.rows.get(first..=last).unwrap_or_default());
            Window { from: 0.0, to: height, full }
        });
        CellPiece { top: shown.top, height, window }
    }

    /// Where a cell that began on an earlier page stands.
    fn open_piece(&self, open: &OpenCell) -> CellPiece {
        let is_body = |shown: &Shown| shown.index.is_some() && shown.row.kind != RowKind::Header;
        let Some(position) = self.shown.iter().position(is_body) else { return CellPiece::default() };
        let height = self.height_to(position, open.last);
        let window = Window { from: open.shown, to: open.shown + height, full: open.height };
        let top = self.shown.get(position).map_or(0.0, |shown| shown.top);
        CellPiece { top, height, window: Some(window) }
    }

    /// Notes which cells go on on the next page.
    fn end(&self, table: &mut MeasuredTable<'_>) {
        if !table.source.has_edges {
            return;
        }
        let mut open = std::mem::take(&mut table.open);
        for cell in &mut open {
            cell.shown += self.open_piece(cell).height;
        }
        open.retain(|cell| cell.last >= self.end);
        for (position, shown) in self.shown.iter().enumerate() {
            let Some(first) = shown.index else { continue };
            for index in shown.row.cells.clone() {
                let rows = table.cells.get(index as usize).map_or(1, |cell| cell.rows as usize);
                let last = first + rows - 1;
                if rows > 1 && last >= self.end {
                    let height = heights(table.rows.get(first..=last).unwrap_or_default());
                    open.push(OpenCell { cell: index, last, shown: self.height_to(position, last), height });
                }
            }
        }
        table.open = open;
    }
}

/// The number of a row as it is kept.
fn row_number(index: usize) -> u32 {
    index32(index)
}
