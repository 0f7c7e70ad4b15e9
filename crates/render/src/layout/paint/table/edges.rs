//! Lines of tables: between rows and columns, and at the edges of cells. Where two cells meet there is one line.

use std::ops::Range;

use super::{Corners, Painter, Piece, Tagging};
use crate::document::{Item, Path, Point, Rect, Segment};
use crate::layout::table::{MeasuredTable, RowKind};
use crate::template::model::{StrokeLook, TableNode};

/// Sides of a border, in its order.
const TOP: usize = 0;
const RIGHT: usize = 1;
const BOTTOM: usize = 2;
const LEFT: usize = 3;

impl Painter<'_, '_> {
    /// Lines between rows, below the header, above the totals; with borders of cells also these.
    pub(super) fn paint_lines_of_table(&mut self, table: &MeasuredTable<'_>, piece: &Piece, tagging: Tagging) {
        if table.source.has_edges {
            self.paint_edges(table, piece, tagging);
        } else {
            for (above, below) in piece.shown.iter().zip(piece.shown.iter().skip(1)) {
                if let Some(line) = row_line(table.source, above.row.kind, below.row.kind) {
                    self.paint_across(line, below.top, piece.rect, tagging);
                }
            }
        }
        // A header alone has its line too.
        if let Some(last) = piece.shown.last()
            && last.row.kind == RowKind::Header
            && let Some(line) = &table.source.head_line
        {
            self.paint_across(line, last.top + last.height, piece.rect, tagging);
        }
    }

    fn paint_across(&mut self, look: &StrokeLook, y: f32, rect: Rect, tagging: Tagging) {
        self.paint_edge(look, Point { x: rect.x, y }, Point { x: rect.right(), y }, tagging);
    }

    /// A level or upright line; a plain one is a filled rectangle, which is the shortest thing to write.
    fn paint_edge(&mut self, look: &StrokeLook, from: Point, to: Point, tagging: Tagging) {
        let Some(stroke) = look.to_stroke() else { return };
        if stroke.dash.is_empty() {
            let half = stroke.width / 2.0;
            let line = if from.y == to.y {
                Rect { x: from.x, y: from.y - half, width: to.x - from.x, height: stroke.width }
            } else {
                Rect { x: from.x - half, y: from.y, width: stroke.width, height: to.y - from.y }
            };
            self.fill(line, Some(stroke.color), Corners { rect: line, radius: 0.0 }, tagging);
            return;
        }
        let start = self.segment_count();
        self.layouter.document.segments.extend_from_slice(&[Segment::Move(from), Segment::Line(to)]);
        let segments = start..self.segment_count();
        self.apply(tagging);
        self.page.items.push(Item::Path(Path { segments, fill: None, even_odd: false, stroke: Some(stroke) }));
    }

    /// Lines edge by edge; those that go on are painted as one.
    fn paint_edges(&mut self, table: &MeasuredTable<'_>, piece: &Piece, tagging: Tagging) {
        let map = EdgeMap::new(table, piece);
        for boundary in 0..=map.row_count {
            let Some(y) = piece.boundary(boundary) else { continue };
            let mut run: Option<(&StrokeLook, f32, f32)> = None;
            for (column, [left, right]) in map.columns.iter().enumerate() {
                let line = map.level(table, piece, boundary, column);
                let (left, right) = (piece.rect.x + left, piece.rect.x + right);
                run = match (run, line) {
                    (Some((look, from, _)), Some(line)) if look == line => Some((look, from, right)),
                    (before, line) => {
                        self.paint_level(before, y, tagging);
                        line.map(|line| (line, left, right))
                    }
                };
            }
            self.paint_level(run, y, tagging);
        }
        for boundary in 0..=map.columns.len() {
            let mut run: Option<(&StrokeLook, Range<usize>)> = None;
            for row in 0..map.row_count {
                let line = map.upright(table, boundary, row);
                run = match (run, line) {
                    (Some((look, rows)), Some(line)) if look == line => Some((look, rows.start..row + 1)),
                    (before, line) => {
                        self.paint_upright(table, piece, &map, boundary, before, tagging);
                        line.map(|line| (line, row..row + 1))
                    }
                };
            }
            self.paint_upright(table, piece, &map, boundary, run, tagging);
        }
    }

    fn paint_level(&mut self, run: Option<(&StrokeLook, f32, f32)>, y: f32, tagging: Tagging) {
        if let Some((look, from, to)) = run {
            self.paint_edge(look, Point { x: from, y }, Point { x: to, y }, tagging);
        }
    }

    /// The border of a cell reaches over half the width of a level line that it meets, so that corners are closed.
    fn paint_upright(
        &mut self,
        table: &MeasuredTable<'_>,
        piece: &Piece,
        map: &EdgeMap,
        boundary: usize,
        run: Option<(&StrokeLook, Range<usize>)>,
        tagging: Tagging,
    ) {
        let Some((look, rows)) = run else { return };
        let (Some(x), Some(top), Some(bottom)) =
            (map.boundary(boundary), piece.boundary(rows.start), piece.boundary(rows.end))
        else {
            return;
        };
        let x = piece.rect.x + x;
        let is_border = table.source.column_line.as_ref().is_none_or(|line| !std::ptr::eq(line, look));
        let reach = |row: usize| {
            if is_border && look.dash.is_empty() { map.width_met(table, piece, row, boundary) / 2.0 } else { 0.0 }
        };
        let (from, to) = (top - reach(rows.start), bottom + reach(rows.end));
        self.paint_edge(look, Point { x, y: from }, Point { x, y: to }, tagging);
    }
}

/// The line between two rows.
fn row_line(table: &TableNode, above: RowKind, below: RowKind) -> Option<&StrokeLook> {
    let is_head = match (above, below) {
        (RowKind::Header, RowKind::Header) | (RowKind::Total, RowKind::Total) => false,
        (RowKind::Header, _) | (_, RowKind::Total | RowKind::Carry) => true,
        _ => false,
    };
    if is_head { table.head_line.as_ref().or(table.row_line.as_ref()) } else { table.row_line.as_ref() }
}

/// No cell stands here.
const NO_CELL: u32 = u32::MAX;

/// Which cell stands where, row by row.
struct EdgeMap {
    owners: Vec<u32>,
    /// Edges of the columns that are shown.
    columns: Vec<[f32; 2]>,
    row_count: usize,
}

impl EdgeMap {
    fn new(table: &MeasuredTable<'_>, piece: &Piece) -> Self {
        let pairs = table.edges.iter().zip(table.edges.iter().skip(1));
        let columns: Vec<[f32; 2]> =
            pairs.filter(|(left, right)| right > left).map(|(left, right)| [*left, *right]).collect();
        let row_count = piece.shown.len();
        let mut map = Self { owners: vec![NO_CELL; columns.len() * row_count], columns, row_count };
        let body = piece.shown.iter().position(|shown| shown.index.is_some() && shown.row.kind != RowKind::Header);
        for open in &table.open {
            map.own(table, piece, body.unwrap_or(row_count), open.cell, open.last);
        }
        for (position, shown) in piece.shown.iter().enumerate() {
            for index in shown.row.cells.clone() {
                let rows = table.cells.get(index as usize).map_or(1, |cell| cell.rows as usize);
                map.own(table, piece, position, index, shown.index.map_or(0, |first| first + rows - 1));
            }
        }
        map
    }

    /// Notes a cell from a row down to its last one.
    fn own(&mut self, table: &MeasuredTable<'_>, piece: &Piece, position: usize, index: u32, last: usize) {
        let Some(cell) = table.cells.get(index as usize) else { return };
        let (x, width) = table.across(cell.source);
        let (start, end) = (
            self.columns.partition_point(|[left, _]| *left < x),
            self.columns.partition_point(|[left, _]| *left < x + width),
        );
        let count = self.columns.len();
        for (row, shown) in piece.shown.iter().enumerate().skip(position) {
            if row > position && shown.index.is_none_or(|index| index > last) {
                break;
            }
            if let Some(owners) = self.owners.get_mut(row * count + start..row * count + end.max(start)) {
                owners.fill(index);
            }
        }
    }

    fn owner(&self, row: Option<usize>, column: Option<usize>) -> Option<u32> {
        let (row, column) = (row.filter(|row| *row < self.row_count)?, column.filter(|at| *at < self.columns.len())?);
        self.owners.get(row * self.columns.len() + column).copied().filter(|owner| *owner != NO_CELL)
    }

    fn boundary(&self, boundary: usize) -> Option<f32> {
        let left = self.columns.get(boundary).map(|[left, _]| *left);
        left.or_else(|| self.columns.last().map(|[_, right]| *right))
    }

    /// The line above a row in a column.
    fn level<'t>(
        &self,
        table: &'t MeasuredTable<'_>,
        piece: &Piece,
        boundary: usize,
        column: usize,
    ) -> Option<&'t StrokeLook> {
        let (row_above, row_below) = (boundary.checked_sub(1), Some(boundary));
        let (above, below) = (self.owner(row_above, Some(column)), self.owner(row_below, Some(column)));
        if above.is_some() && above == below {
            return None;
        }
        // A cell that goes on from one page to the next has no edge where it is parted.
        let begins = |cell: &u32| table.open.iter().all(|open| open.cell != *cell);
        let ends = |cell: &u32| boundary < self.row_count || !piece.leaves_open(table, *cell);
        let own = stronger(side(table, above.filter(ends), BOTTOM), side(table, below.filter(begins), TOP));
        own.or_else(|| {
            let kind = |row: Option<usize>| Some(piece.shown.get(row?)?.row.kind);
            row_line(table.source, kind(row_above)?, kind(row_below)?)
        })
    }

    /// Width of the widest level line that ends at a corner: above a row, left or right of a boundary of columns.
    fn width_met(&self, table: &MeasuredTable<'_>, piece: &Piece, row: usize, boundary: usize) -> f32 {
        let columns = boundary.saturating_sub(1)..(boundary + 1).min(self.columns.len());
        columns.filter_map(|column| self.level(table, piece, row, column)).map(|line| line.width).fold(0.0, f32::max)
    }

    /// The line left of a column in a row.
    fn upright<'t>(&self, table: &'t MeasuredTable<'_>, boundary: usize, row: usize) -> Option<&'t StrokeLook> {
        let (left, right) = (self.owner(Some(row), boundary.checked_sub(1)), self.owner(Some(row), Some(boundary)));
        if left.is_some() && left == right {
            return None;
        }
        let own = stronger(side(table, left, RIGHT), side(table, right, LEFT));
        own.or_else(|| table.source.column_line.as_ref().filter(|_| left.is_some() && right.is_some()))
    }
}

impl Piece {
    /// The top of a row, or the bottom of the last one.
    fn boundary(&self, boundary: usize) -> Option<f32> {
        let top = self.shown.get(boundary).map(|shown| shown.top);
        top.or_else(|| self.shown.last().map(|last| last.top + last.height))
    }

    /// Whether a cell goes on below this piece.
    fn leaves_open(&self, table: &MeasuredTable<'_>, cell: u32) -> bool {
        if let Some(open) = table.open.iter().find(|open| open.cell == cell) {
            return open.last >= self.end;
        }
        let first = self.shown.iter().rev().find(|shown| shown.row.cells.contains(&cell)).and_then(|shown| shown.index);
        let rows = table.cells.get(cell as usize).map_or(1, |cell| cell.rows as usize);
        first.is_some_and(|first| first + rows > self.end && rows > 1)
    }
}

/// A side of a cell's border.
fn side<'t>(table: &'t MeasuredTable<'_>, cell: Option<u32>, side: usize) -> Option<&'t StrokeLook> {
    let border = table.cells.get(cell? as usize)?.source.border.as_ref()?;
    border.sides.get(side)?.as_ref()
}

/// Of two lines at one edge the wider one is drawn; of equal ones the first.
fn stronger<'t>(first: Option<&'t StrokeLook>, second: Option<&'t StrokeLook>) -> Option<&'t StrokeLook> {
    match (first, second) {
        (Some(one), Some(other)) => Some(if other.width > one.width { other } else { one }),
        (one, other) => one.or(other),
    }
}
