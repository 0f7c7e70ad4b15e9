//! Painting tables: fills first, then lines, then the text of all cells with its tags.

use super::text::{Lines, offset};
use super::{Painter, Tagging};
use crate::document::{ArtifactKind, Color, Item, Path, Point, Rect, RectItem, Role, Scope, Segment};
use crate::expression::Scope as DataScope;
use crate::layout::measured::{MeasuredTable, Row};
use crate::layout::place::{Part, RowsPart};
use crate::layout::state::Stop;
use crate::template::model::{Node, StrokeLook};
use crate::text::index32;

/// A row that is painted, and where.
struct Shown {
    kind: RowKind,
    row: Row,
    top: f32,
    height: f32,
    /// For a row that is cut: how much of it stands on earlier pages, and where it is cut.
    cut: Option<(f32, f32)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RowKind {
    Header { repeated: bool },
    Detail(usize),
    Total(usize),
}

impl<'a> Painter<'_, 'a> {
    /// Paints a table, or the rows of it that stand on this page.
    pub(super) fn paint_table(
        &mut self,
        node: &'a Node,
        table: &mut MeasuredTable<'a>,
        part: &Part,
        rect: Rect,
        tagging: Tagging,
    ) -> Result<(), Stop> {
        let whole = RowsPart {
            header: table.header.is_some(),
            rows: 0..table.rows.len(),
            totals: 0..table.totals.len(),
            cut: None,
        };
        let rows = match part {
            Part::Rows(rows) => rows,
            _ => &whole,
        };
        let shown = shown_rows(table, rows, rect.y);
        self.lay_out_deferred_cells(node, table, &shown)?;
        let decoration = tagging.for_decoration();
        let fill = crate::template::model::BoxLook { stroke: None, ..table.look.clone().into_owned() };
        self.paint_box(rect, &fill, decoration);
        self.paint_fills(table, &shown, rect, decoration);
        self.paint_row_lines(table, &shown, rect, decoration);
        for row in &shown {
            self.paint_row(table, row, rect.x, tagging);
        }
        let border = crate::template::model::BoxLook { fill: None, shadow: None, ..table.look.clone().into_owned() };
        self.paint_box(rect, &border, decoration);
        Ok(())
    }

    /// Lays out the cells of these rows that had to wait until the page was known.
    fn lay_out_deferred_cells(
        &mut self,
        node: &'a Node,
        table: &mut MeasuredTable<'a>,
        shown: &[Shown],
    ) -> Result<(), Stop> {
        let [_, right, _, left] = table.source.padding;
        for index in shown.iter().filter(|row| row.cut.is_none()).flat_map(|row| row.row.cells.clone()) {
            let Some(cell) = table.cells.get_mut(index as usize) else { continue };
            let Some(deferred) = cell.deferred.take() else { continue };
            let width = (cell.width - left - right).max(0.0);
            let scope = DataScope::new(self.layouter.data);
            cell.text = self.with_bindings(&scope, &deferred.bindings, &mut |painter, scope| {
                painter.layouter.cell_again(deferred.cell, width, scope, node)
            })?;
        }
        Ok(())
    }

    fn paint_fills(&mut self, table: &MeasuredTable<'_>, shown: &[Shown], rect: Rect, tagging: Tagging) {
        for row in shown {
            let fill = match row.kind {
                RowKind::Header { .. } => table.source.header.as_ref().and_then(|header| header.fill),
                RowKind::Detail(index) if !index.is_multiple_of(2) => table.source.zebra,
                RowKind::Detail(_) | RowKind::Total(_) => None,
            };
            self.fill(Rect { y: row.top, height: row.height, ..rect }, fill, tagging);
            for index in row.row.cells.clone() {
                let Some(cell) = table.cells.get(index as usize) else { continue };
                let place = Rect { x: rect.x + cell.x, y: row.top, width: cell.width, height: row.height };
                self.fill(place, cell.fill, tagging);
            }
        }
    }

    fn fill(&mut self, rect: Rect, fill: Option<Color>, tagging: Tagging) {
        if let Some(color) = fill.filter(|color| color.alpha > 0) {
            self.apply(tagging);
            self.page.items.push(Item::Rect(RectItem { rect, radius: 0.0, fill: Some(color), stroke: None }));
        }
    }

    /// Lines between rows, below the header, above the totals.
    fn paint_row_lines(&mut self, table: &MeasuredTable<'_>, shown: &[Shown], rect: Rect, tagging: Tagging) {
        for (above, below) in shown.iter().zip(shown.iter().skip(1)) {
            let edge = match (above.kind, below.kind) {
                (RowKind::Header { .. }, _) | (RowKind::Detail(_), RowKind::Total(_)) => {
                    table.source.head_line.as_ref().or(table.source.row_line.as_ref())
                }
                _ => table.source.row_line.as_ref(),
            };
            if let Some(line) = edge {
                self.paint_row_line(line, below.top, rect, tagging);
            }
        }
        // A header alone, or totals that begin a page, have their line too.
        if let [only] = shown
            && matches!(only.kind, RowKind::Header { .. })
            && let Some(line) = &table.source.head_line
        {
            self.paint_row_line(line, only.top + only.height, rect, tagging);
        }
    }

    /// A line across the table; a plain one is a filled rectangle, which is the shortest thing to write.
    fn paint_row_line(&mut self, look: &StrokeLook, y: f32, rect: Rect, tagging: Tagging) {
        let Some(stroke) = look.to_stroke() else { return };
        if stroke.dash.is_empty() {
            let line = Rect { y: y - stroke.width / 2.0, height: stroke.width, ..rect };
            self.fill(line, Some(stroke.color), tagging);
            return;
        }
        let start = self.segment_count();
        let ends = [Segment::Move(Point { x: rect.x, y }), Segment::Line(Point { x: rect.right(), y })];
        self.layouter.document.segments.extend_from_slice(&ends);
        let segments = start..self.segment_count();
        self.apply(tagging);
        self.page.items.push(Item::Path(Path { segments, fill: None, even_odd: false, stroke: Some(stroke) }));
    }

    fn paint_row(&mut self, table: &mut MeasuredTable<'_>, shown: &Shown, x: f32, tagging: Tagging) {
        let [top, _, bottom, left] = table.source.padding;
        let is_header = matches!(shown.kind, RowKind::Header { .. });
        let row_element = self.row_element(table, shown, tagging);
        for index in shown.row.cells.clone() {
            let Some(cell) = table.cells.get_mut(index as usize) else { continue };
            let tagging = match row_element {
                None => Tagging::Artifact(artifact_kind(tagging)),
                Some(row) => Tagging::Under(match (cell.element, shown.cut) {
                    (Some(element), Some((from, _))) if from > 0.0 => element,
                    _ => self.cell_element(row, is_header, cell.span),
                }),
            };
            if let Tagging::Under(element) = tagging {
                cell.element = Some(element);
            }
            let block = &cell.text.block;
            let inner_x = x + cell.x + left;
            let lines = match shown.cut {
                None => {
                    let free = (shown.height - top - bottom - block.height).max(0.0);
                    let down = offset(cell.text.vertical_align, free);
                    Lines { range: 0..block.lines.len(), x: inner_x, y: shown.top + top + down }
                }
                Some((from, to)) => {
                    let pool = block.lines.start as usize..block.lines.end as usize;
                    let pool = self.layouter.store.lines.get(pool).unwrap_or_default();
                    let first = pool.iter().take_while(|line| top + line.y + 0.01 < from).count();
                    let end = pool.iter().take_while(|line| top + line.y + 0.01 < to).count();
                    let line_y = pool.get(first).map_or(0.0, |line| line.y);
                    Lines { range: first..end.max(first), x: inner_x, y: shown.top + top + line_y - from }
                }
            };
            let text = cell.text.clone();
            self.paint_lines(&text, &lines, tagging);
        }
    }

    /// The element of a row; nothing when the table is decoration, or the row repeats the header.
    fn row_element(
        &mut self,
        table: &mut MeasuredTable<'_>,
        shown: &Shown,
        tagging: Tagging,
    ) -> Option<crate::document::ElementId> {
        let Tagging::Under(parent) = tagging else { return None };
        let (role, group) = match shown.kind {
            RowKind::Header { repeated: true } => return None,
            RowKind::Header { repeated: false } => (Role::TableHead, table.elements.head),
            RowKind::Detail(_) => (Role::TableBody, table.elements.body),
            RowKind::Total(_) => (Role::TableFoot, table.elements.foot),
        };
        let group = group.unwrap_or_else(|| self.add_element(role, parent));
        match shown.kind {
            RowKind::Header { .. } => table.elements.head = Some(group),
            RowKind::Detail(_) => table.elements.body = Some(group),
            RowKind::Total(_) => table.elements.foot = Some(group),
        }
        if let (RowKind::Detail(index), Some((from, _))) = (shown.kind, shown.cut) {
            if let Some((open, element)) = table.elements.open_row
                && from > 0.0
                && open == index32(index)
            {
                return Some(element);
            }
            let element = self.add_element(Role::TableRow, group);
            table.elements.open_row = Some((index32(index), element));
            return Some(element);
        }
        Some(self.add_element(Role::TableRow, group))
    }

    fn cell_element(
        &mut self,
        row: crate::document::ElementId,
        is_header: bool,
        span: u16,
    ) -> crate::document::ElementId {
        let role = if is_header { Role::TableHeaderCell } else { Role::TableDataCell };
        let element = self.add_element(role, row);
        if let Some(made) = self.layouter.document.structure.get_mut(element) {
            made.column_span = span.max(1);
            made.scope = is_header.then_some(Scope::Column);
        }
        element
    }
}

fn artifact_kind(tagging: Tagging) -> ArtifactKind {
    match tagging {
        Tagging::Artifact(kind) => kind,
        Tagging::Under(_) => ArtifactKind::Layout,
    }
}

fn shown_rows(table: &MeasuredTable<'_>, part: &RowsPart, top: f32) -> Vec<Shown> {
    let mut shown = Vec::new();
    let mut y = top;
    let mut push = |kind: RowKind, row: &Row, cut: Option<(f32, f32)>| {
        let height = cut.map_or(row.height, |(from, to)| to - from);
        shown.push(Shown { kind, row: row.clone(), top: y, height, cut });
        y += height;
    };
    if part.header
        && let Some(header) = &table.header
    {
        push(RowKind::Header { repeated: table.elements.head.is_some() }, header, None);
    }
    for index in part.rows.clone() {
        if let Some(row) = table.rows.get(index) {
            push(RowKind::Detail(index), row, part.cut);
        }
    }
    for index in part.totals.clone() {
        if let Some(row) = table.totals.get(index) {
            push(RowKind::Total(index), row, None);
        }
    }
    shown
}
