//! Measuring tables: widths of columns, rows of cells.

use super::binding::Bound;
use super::measure::{Sized, Subject, box_look};
use super::measured::{Content, DeferredCell, MeasuredCell, MeasuredTable, Row, TableElements, TextContent};
use super::state::{HeightRule, Layouter, Site, Stop, TextWork};
use crate::expression::{Scope, Value};
use crate::template::model::{Cell, Column, ColumnWidth, Node, TableNode};
use crate::text::index32;

/// The name under which the item of a row is always known, beside the name that the table gives it.
const ROW_NAME: &str = "row";

/// What all rows of a table share.
struct Grid<'a> {
    node: &'a Node,
    source: &'a TableNode,
    /// Left edges of the columns, and the right edge of the last one.
    edges: Vec<f32>,
    /// Whether a detail cell needs to know the page, which is not known yet.
    needs_page: bool,
}

impl<'a> Layouter<'a> {
    /// Measures a table: all rows, as if the page were endless.
    pub(super) fn measure_table(
        &mut self,
        subject: &Subject<'_, 'a>,
        table: &'a TableNode,
        scope: &Scope<'_, 'a>,
    ) -> Result<Sized<'a>, Stop> {
        let node = subject.node;
        let width = subject.filled_width();
        let needs_page = !self.knows_page() && table.cells.iter().any(|cell| cell.text.uses_page());
        let grid = Grid { node, source: table, edges: column_edges(&table.columns, width), needs_page };
        let mut measured = MeasuredTable {
            source: table,
            look: box_look(&table.look, subject.bound),
            header: None,
            rows: Vec::new(),
            totals: Vec::new(),
            cells: Vec::new(),
            elements: TableElements::default(),
        };
        if let Some(header) = &table.header {
            measured.header = Some(self.measure_row(&grid, &header.cells, scope, &mut measured.cells)?);
        }
        self.measure_details(&grid, scope, &mut measured)?;
        if measured.rows.is_empty()
            && let Some(empty) = &table.empty
        {
            let row = self.measure_row(&grid, std::slice::from_ref(empty), scope, &mut measured.cells)?;
            if let Some(cell) = measured.cells.last_mut() {
                cell.span = u16::try_from(table.columns.len()).unwrap_or(u16::MAX);
            }
            measured.rows.push(row);
        }
        for total in &table.totals {
            let row = self.measure_row(&grid, total, scope, &mut measured.cells)?;
            measured.totals.push(row);
        }
        let header_height = measured.header.as_ref().map_or(0.0, |row| row.height);
        let totals_height: f32 = measured.totals.iter().map(|row| row.height).sum();
        let rows_height: f32 = measured.rows.iter().map(|row| row.height).sum();
        let first_height = measured.rows.first().map_or(0.0, |row| row.height);
        let design_height = node.height.unwrap_or(header_height + first_height + totals_height);
        let height = (header_height + rows_height + totals_height).max(subject.height.unwrap_or(0.0));
        Ok(Sized { content: Content::Table(Box::new(measured)), width, height, design_height })
    }

    fn measure_details(
        &mut self,
        grid: &Grid<'a>,
        scope: &Scope<'_, 'a>,
        measured: &mut MeasuredTable<'a>,
    ) -> Result<(), Stop> {
        let table = grid.source;
        let Some(items) = self.items(&table.each, scope, Site::of(grid.node, "each"))? else { return Ok(()) };
        for (index, item) in items.enumerate() {
            let row_scope = scope.with(ROW_NAME, item.clone());
            let item_scope = row_scope.with(&table.name, item.clone());
            let position = Value::Number(f64::from(index32(index)));
            let inner = item_scope.with(&table.index_name, position.clone());
            let outside = self.bindings.len();
            if grid.needs_page {
                self.bindings.push((ROW_NAME, item.clone()));
                self.bindings.push((&table.name, item));
                self.bindings.push((&table.index_name, position));
            }
            let row = self.measure_row(grid, &table.cells, &inner, &mut measured.cells);
            self.bindings.truncate(outside);
            measured.rows.push(row?);
        }
        Ok(())
    }

    fn measure_row(
        &mut self,
        grid: &Grid<'a>,
        cells: &'a [Cell],
        scope: &Scope<'_, 'a>,
        measured: &mut Vec<MeasuredCell<'a>>,
    ) -> Result<Row, Stop> {
        self.count_item(Site::of(grid.node, ""))?;
        let [top, right, bottom, left] = grid.source.padding;
        let start = measured.len();
        let mut height: f32 = 0.0;
        let mut column = 0;
        let last = grid.edges.len().saturating_sub(1);
        for cell in cells {
            let site = Site { pointer: &cell.pointer, property: "", node: Some(&grid.node.id) };
            let end = (column + usize::from(cell.span)).min(last);
            // A single cell that is to say that there is nothing covers the whole row.
            let whole = grid.source.empty.as_ref().is_some_and(|empty| std::ptr::eq(empty, cell));
            let end = if whole { last } else { end };
            let x = grid.edges.get(column).copied().unwrap_or(0.0);
            let width = grid.edges.get(end).copied().unwrap_or(x) - x;
            column = end;
            let bound = if cell.bind.is_empty() { Bound::default() } else { self.bound(&cell.bind, scope, site)? };
            let owned = bound.changes_text().then(|| bound.text_style(&cell.style));
            let style = owned.as_ref().unwrap_or(&cell.style);
            let work = TextWork { style, width: (width - left - right).max(0.0), height: HeightRule::Free };
            let site = Site { property: "text", ..site };
            let deferred = !self.knows_page() && cell.text.uses_page();
            let text = if deferred {
                self.on_some_page(|layouter| layouter.styled_text(&cell.text, work, scope, site))?
            } else {
                self.styled_text(&cell.text, work, scope, site)?
            };
            let deferred = deferred.then(|| Box::new(DeferredCell { cell, bindings: self.bindings.clone() }));
            height = height.max(text.block.height + top + bottom);
            let fill = bound.fill.or(cell.fill);
            measured.push(MeasuredCell { x, width, span: cell.span, fill, text, deferred, element: None });
        }
        Ok(Row { cells: index32(start)..index32(measured.len()), height })
    }
}

impl<'a> Layouter<'a> {
    /// Lays the text of a cell out again now that the page is known. The row keeps its height.
    pub(super) fn cell_again(
        &mut self,
        cell: &'a Cell,
        width: f32,
        scope: &Scope<'_, 'a>,
        node: &'a Node,
    ) -> Result<TextContent, Stop> {
        let site = Site { pointer: &cell.pointer, property: "text", node: Some(&node.id) };
        let bound = if cell.bind.is_empty() { Bound::default() } else { self.bound(&cell.bind, scope, site)? };
        let owned = bound.changes_text().then(|| bound.text_style(&cell.style));
        let style = owned.as_ref().unwrap_or(&cell.style);
        self.styled_text(&cell.text, TextWork { style, width, height: HeightRule::Free }, scope, site)
    }
}

/// Edges of the columns: fixed widths first, the rest is shared. Columns that are too wide together are all made
/// narrower, so that the table keeps its width.
fn column_edges(columns: &[Column], width: f32) -> Vec<f32> {
    let fixed: f32 = columns.iter().map(fixed_width).sum();
    let shares: f32 = columns.iter().map(share).sum();
    let scale = if fixed > width && fixed > 0.0 { width / fixed } else { 1.0 };
    let rest = (width - fixed).max(0.0);
    let mut edges = Vec::with_capacity(columns.len() + 1);
    let mut x = 0.0;
    edges.push(x);
    for column in columns {
        x += match column.width {
            ColumnWidth::Fixed(_) => fixed_width(column) * scale,
            ColumnWidth::Fraction(_) if shares > 0.0 => rest * share(column) / shares,
            ColumnWidth::Fraction(_) => 0.0,
        };
        edges.push(x);
    }
    edges
}

fn fixed_width(column: &Column) -> f32 {
    match column.width {
        ColumnWidth::Fixed(width) => width.max(0.0),
        ColumnWidth::Fraction(_) => 0.0,
    }
}

fn share(column: &Column) -> f32 {
    match column.width {
        ColumnWidth::Fixed(_) => 0.0,
        ColumnWidth::Fraction(share) => share.max(0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(widths: &[ColumnWidth], width: f32) -> Vec<f32> {
        let columns: Vec<Column> = widths.iter().map(|width| Column { width: *width }).collect();
        column_edges(&columns, width)
    }

    #[test]
    fn fractions_share_what_fixed_columns_leave() {
        use ColumnWidth::{Fixed, Fraction};
        assert_eq!(edges(&[Fraction(1.0), Fixed(50.0), Fraction(3.0)], 250.0), [0.0, 50.0, 100.0, 250.0]);
        assert_eq!(edges(&[Fixed(200.0), Fixed(200.0)], 100.0), [0.0, 50.0, 100.0]);
        assert_eq!(edges(&[Fixed(150.0), Fraction(1.0)], 100.0), [0.0, 100.0, 100.0]);
        assert_eq!(edges(&[Fraction(0.0)], 100.0), [0.0, 0.0]);
        assert_eq!(edges(&[], 100.0), [0.0]);
    }
}
