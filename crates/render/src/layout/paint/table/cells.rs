//! Painting the content of cells: text and nodes, whole or the part that stands on this page.

use super::{Painter, Piece, Shown, Tagging};
use crate::document::{CellBox, Rect};
use crate::layout::measured::Measured;
use crate::layout::paint::text::{Lines, offset};
use crate::layout::place::FIT_TOLERANCE;
use crate::layout::state::Stop;
use crate::layout::table::MeasuredTable;
use crate::text::index32;

/// Where a cell, or a part of it, stands on this page.
#[derive(Clone, Copy, Default)]
pub(super) struct CellPiece {
    pub(super) top: f32,
    pub(super) height: f32,
    /// Which part of it, when it is not whole.
    pub(super) window: Option<Window>,
}

/// The part of a cell that stands on this page, in points from its top.
#[derive(Clone, Copy)]
pub(super) struct Window {
    pub(super) from: f32,
    pub(super) to: f32,
    pub(super) full: f32,
}

impl Window {
    /// Whether something that ends at that place stands on this page or an earlier one.
    fn has_ended(self, bottom: f32) -> bool {
        self.to + FIT_TOLERANCE >= self.full || bottom <= self.to + FIT_TOLERANCE
    }
}

impl<'a> Painter<'_, 'a> {
    /// Paints the cells that began on an earlier page.
    pub(super) fn paint_open_cells(
        &mut self,
        table: &mut MeasuredTable<'a>,
        piece: &Piece,
        tagging: Tagging,
    ) -> Result<(), Stop> {
        for position in 0..table.open.len() {
            let Some(open) = table.open.get(position) else { break };
            let (cell, place) = (open.cell, piece.open_piece(open));
            let element = table.cells.get(cell as usize).and_then(|cell| cell.element);
            let tagging = match (tagging, element) {
                (Tagging::Under(_), Some(element)) => Tagging::Under(element),
                _ => tagging.for_decoration(),
            };
            self.paint_cell(table, piece, cell, place, tagging)?;
        }
        Ok(())
    }

    pub(super) fn paint_row(
        &mut self,
        table: &mut MeasuredTable<'a>,
        piece: &Piece,
        position: usize,
        tagging: Tagging,
    ) -> Result<(), Stop> {
        let Some(shown) = piece.shown.get(position) else { return Ok(()) };
        let row = self.row_element(table, piece, shown, tagging);
        for index in shown.row.cells.clone() {
            let place = piece.cell_piece(table, position, index);
            let tagging = match row {
                None => tagging.for_decoration(),
                Some(row) => Tagging::Under(self.cell_element(table, shown, index, row)),
            };
            self.paint_cell(table, piece, index, place, tagging)?;
        }
        Ok(())
    }

    fn paint_cell(
        &mut self,
        table: &mut MeasuredTable<'a>,
        piece: &Piece,
        index: u32,
        place: CellPiece,
        tagging: Tagging,
    ) -> Result<(), Stop> {
        let first = index32(self.page.items.len());
        self.paint_inside(table, index, place, piece.rect.x, tagging)?;
        if self.layouter.options.cells
            && let Some(cell) = table.cells.get(index as usize)
        {
            let (x, width) = table.across(cell.source);
            self.page.cells.push(CellBox {
                node: piece.node,
                pointer: cell.source.pointer.as_str().into(),
                rect: Rect { x: piece.rect.x + x, y: place.top, width, height: place.height },
                items: first..index32(self.page.items.len()),
            });
        }
        Ok(())
    }

    fn paint_inside(
        &mut self,
        table: &mut MeasuredTable<'a>,
        index: u32,
        place: CellPiece,
        x: f32,
        tagging: Tagging,
    ) -> Result<(), Stop> {
        let [top, _, bottom, left] = table.source.padding;
        let Some(cell) = table.cells.get(index as usize) else { return Ok(()) };
        let (cell_x, _) = table.across(cell.source);
        let inner_x = x + cell_x + left;
        let free = (place.height - top - bottom - cell.text.block.height).max(0.0);
        let down = cell.down + if place.window.is_none() { offset(cell.text.vertical_align, free) } else { 0.0 };
        if cell.source.nodes.is_empty() {
            let text = cell.text.clone();
            let block = &text.block;
            let lines = match place.window {
                None => Lines { range: 0..block.lines.len(), x: inner_x, y: place.top + top + down },
                Some(window) => self.lines_in(block, window, top + down).at(inner_x, place.top),
            };
            self.paint_lines(&text, &lines, tagging);
            return Ok(());
        }
        let extra = table.cells.get_mut(index as usize).and_then(|cell| cell.extra.as_mut());
        let mut nodes = extra.map(|extra| std::mem::take(&mut extra.nodes)).unwrap_or_default();
        let painted = self.paint_nodes(&mut nodes, place, [inner_x, top + down], tagging);
        if let Some(extra) = table.cells.get_mut(index as usize).and_then(|cell| cell.extra.as_mut()) {
            extra.nodes = nodes;
        }
        painted
    }

    /// Paints the nodes of a cell that stand on this page.
    fn paint_nodes(
        &mut self,
        nodes: &mut [Measured<'a>],
        place: CellPiece,
        [x, top]: [f32; 2],
        tagging: Tagging,
    ) -> Result<(), Stop> {
        let Some(window) = place.window else { return self.paint_all(nodes, x, place.top + top, tagging) };
        for node in nodes {
            let start = top + node.y;
            let is_here = start + FIT_TOLERANCE >= window.from && start + FIT_TOLERANCE < window.to;
            if is_here {
                self.paint_all(std::slice::from_mut(node), x, place.top + top - window.from, tagging)?;
            }
        }
        Ok(())
    }

    /// The lines of a cell's text that stand on this page: those that end here.
    fn lines_in(&self, block: &crate::text::Block, window: Window, top: f32) -> LinesInside {
        let pool = block.lines.start as usize..block.lines.end as usize;
        let pool = self.layouter.store.lines.get(pool).unwrap_or_default();
        let bottom = |line: &crate::text::Line| top + line.y + block.line_height;
        let first = pool.iter().take_while(|line| bottom(line) <= window.from + FIT_TOLERANCE).count();
        let end = pool.iter().take_while(|line| window.has_ended(bottom(line))).count();
        let line_y = pool.get(first).map_or(0.0, |line| line.y);
        LinesInside { range: first..end.max(first), y: (top + line_y - window.from).max(0.0) }
    }
}

/// Lines of a cell, and how far below the top of its part they begin.
struct LinesInside {
    range: std::ops::Range<usize>,
    y: f32,
}

impl LinesInside {
    fn at(self, x: f32, top: f32) -> Lines {
        Lines { range: self.range, x, y: top + self.y }
    }
}

impl Shown {
    /// Whether the row goes on from an earlier page.
    pub(super) fn goes_on(&self) -> bool {
        self.cut.is_some_and(|(from, _)| from > 0.0)
    }
}
