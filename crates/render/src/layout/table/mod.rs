//! Measuring tables: the rows of all items with their groups, as if the page were endless.

mod columns;
mod groups;
mod measured;
mod rows;

use std::ops::Range;

pub(super) use self::columns::edges;
pub(super) use self::measured::{
    DeferredCell, MeasuredCarry, MeasuredCell, MeasuredTable, OpenCell, Row, RowKind, TableElements, glue, heights,
};
use self::rows::RowContext;
use super::binding::Bound;
use super::measure::{Sized, Subject, box_look};
use super::measured::Content;
use super::repeat::Names;
use super::state::{Layouter, Site, Stop};
use crate::diagnostic::codes;
use crate::expression::{Expression, List, Object, Scope, Sum, Value};
use crate::template::model::{Carry, Column, ColumnWidth, Node, TableNode};

/// The name under which the item of a row is always known, beside the name that the table gives it.
const ROW_NAME: &str = "row";

/// The name under which carried rows know their sums.
const CARRIED_NAME: &str = "carried";

/// A table that is being measured.
struct Run<'a> {
    node: &'a Node,
    source: &'a TableNode,
    table: MeasuredTable<'a>,
    /// For each column whether it is shown; empty when all are.
    shown: Vec<bool>,
    /// Whether names must be kept for content that needs to know the page, which is not known yet.
    keeps_names: bool,
    /// While the widths of columns are found: the widest content of each. Nothing is measured then.
    natural: Option<Vec<f32>>,
    /// Cells that cover rows which are still to come.
    pending: Vec<PendingCell>,
    /// Height of all rows so far.
    height: f64,
    sums: Vec<Sum>,
    items_done: u32,
    /// Height of the rows up to the first item.
    first_height: Option<f32>,
}

/// A cell that covers rows which are still to come.
struct PendingCell {
    cell: usize,
    first: usize,
    /// Height of the rows above its first.
    top: f64,
    /// Rows that are missing; none when it ends with its list.
    missing: Option<u16>,
}

/// The items of a table.
struct TableItems<'i, 'a> {
    list: &'i List<'a>,
    /// For each level of groups: where a group begins, and its key.
    groups: &'i [Vec<(usize, Value<'a>)>],
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
        let mut needs_page = false;
        if !self.knows_page() {
            table.each_cell(&mut |cell| needs_page |= cell.text.uses_page() || !cell.nodes.is_empty());
        }
        let shown = self.shown_columns(node, table, scope)?;
        let list = self.list(&table.each, scope, Site::of(node, "each"))?.unwrap_or(List::Data(&[]));
        let groups = self.group_starts(node, table, &list, scope)?;
        let items = TableItems { list: &list, groups: &groups };
        let mut run = Run::new(node, table, needs_page, shown);
        run.table.look = box_look(&table.look, subject.bound);
        let is_auto = |column: &Column| column.width == ColumnWidth::Auto;
        let natural = if table.columns.iter().any(is_auto) {
            run.natural = Some(vec![0.0; table.columns.len()]);
            self.measure_all_rows(&mut run, &items, scope)?;
            run.natural.take().unwrap_or_default()
        } else {
            Vec::new()
        };
        run.table.edges = edges(&table.columns, &run.shown, &natural, width);
        if let Some(carry) = &table.carry {
            run.begin_carry(carry);
        }
        self.measure_all_rows(&mut run, &items, scope)?;
        self.measure_carried_rows(&mut run, scope)?;
        let measured = run.table;
        let header_height = measured.header_height();
        let body = measured.rows.get(measured.header_count..).unwrap_or_default();
        let totals = body.iter().position(|row| row.kind == RowKind::Total).unwrap_or(body.len());
        let (rows, totals) = body.split_at(totals);
        let (rows_height, totals_height) = (heights(rows), heights(totals));
        let first_height = run.first_height.or(rows.first().map(|row| row.height)).unwrap_or(0.0);
        let design_height = node.height.unwrap_or(header_height + first_height + totals_height);
        let height = (header_height + rows_height + totals_height).max(subject.height.unwrap_or(0.0));
        Ok(Sized { content: Content::Table(Box::new(measured)), width, height, design_height })
    }

    fn shown_columns(
        &mut self,
        node: &'a Node,
        table: &'a TableNode,
        scope: &Scope<'_, 'a>,
    ) -> Result<Vec<bool>, Stop> {
        let mut shown = Vec::new();
        for (index, column) in table.columns.iter().enumerate() {
            let Some(visible) = &column.visible else { continue };
            let property = format!("columns/{index}/visible");
            if !self.evaluate(visible, scope, Site::of(node, &property))?.truthy() {
                shown.resize(table.columns.len(), true);
                if let Some(shown) = shown.get_mut(index) {
                    *shown = false;
                }
            }
        }
        Ok(shown)
    }

    /// Measures the header, the rows of all items, and the totals.
    fn measure_all_rows(
        &mut self,
        run: &mut Run<'a>,
        items: &TableItems<'_, 'a>,
        scope: &Scope<'_, 'a>,
    ) -> Result<(), Stop> {
        let table = run.source;
        let none = Bound::default();
        let context = RowContext::new(RowKind::Header, &none);
        if let Some(header) = &table.header {
            self.measure_list(run, &header.rows, &context, scope)?;
        }
        run.table.header_count = run.table.rows.len();
        self.measure_groups(run, items, 0..items.list.len(), 0, scope)?;
        if run.table.rows.len() == run.table.header_count
            && let Some(empty) = &table.empty
        {
            let context = RowContext::new(RowKind::Detail, &none);
            self.measure_list(run, std::slice::from_ref(empty), &context, scope)?;
        }
        let first = run.table.rows.len();
        self.measure_list(run, &table.totals, &RowContext::new(RowKind::Total, &none), scope)?;
        if run.table.rows.len() > first {
            run.hold(first.saturating_sub(1).max(run.table.header_count)..run.table.rows.len(), glue::STRONG);
        }
        Ok(())
    }

    /// Measures the rows of items that follow each other.
    fn measure_items(
        &mut self,
        run: &mut Run<'a>,
        items: &TableItems<'_, 'a>,
        range: Range<usize>,
        scope: &Scope<'_, 'a>,
    ) -> Result<(), Stop> {
        let table = run.source;
        let none = Bound::default();
        let mut context = RowContext::new(RowKind::Detail, &none);
        let first = run.table.rows.len();
        for index in range {
            let Some(item) = items.list.get(index) else { break };
            let row_scope = scope.with(ROW_NAME, item.clone());
            let outside = self.bindings.len();
            if run.keeps_names {
                self.bindings.push((ROW_NAME, item.clone()));
            }
            context.zebra = if index.is_multiple_of(2) { None } else { table.zebra };
            let names = Names { item: &table.name, index: &table.index_name, kept: run.keeps_names };
            let measured = self.with_item(names, (index, item), &row_scope, |layouter, inner| {
                layouter.measure_list(run, &table.rows, &context, inner)?;
                if run.natural.is_none() { layouter.end_item(run, inner) } else { Ok(()) }
            });
            self.bindings.truncate(outside);
            measured?;
        }
        run.hold_ends(first);
        Ok(())
    }

    /// Adds an item to what is carried.
    fn end_item(&mut self, run: &mut Run<'a>, scope: &Scope<'_, 'a>) -> Result<(), Stop> {
        if run.first_height.is_none() {
            run.first_height = Some(heights(run.table.rows.get(run.table.header_count..).unwrap_or_default()));
        }
        let Some(carry) = &run.source.carry else { return Ok(()) };
        run.items_done = run.items_done.saturating_add(1);
        for (sum, (name, expression)) in run.sums.iter_mut().zip(&carry.sums) {
            let property = format!("carry/sums/{name}");
            let number = self.number_of(expression, scope, Site::of(run.node, &property))?;
            sum.add(number);
        }
        if let Some(measured) = &mut run.table.carry {
            measured.sums.extend(run.sums.iter().map(|sum| sum.value()));
            if let Some(done) = measured.done.last_mut() {
                *done = run.items_done;
            }
        }
        Ok(())
    }

    /// A number; nothing counts as 0, and what is no number is an error.
    fn number_of(&mut self, expression: &Expression, scope: &Scope<'_, 'a>, site: Site<'_>) -> Result<f64, Stop> {
        let value = self.evaluate(expression, scope, site)?;
        let number = if value.is_nullish() { 0.0 } else { value.as_number() };
        if number.is_finite() {
            return Ok(number);
        }
        let message = format!("`{}` is no number that can be added up", expression.source());
        self.error(codes::EXPRESSION_FAILED, site, message, None);
        Ok(0.0)
    }

    /// Measures the rows that tell what is carried, with all items: their height is kept on every page.
    fn measure_carried_rows(&mut self, run: &mut Run<'a>, scope: &Scope<'_, 'a>) -> Result<(), Stop> {
        let Some(carry) = &run.source.carry else { return Ok(()) };
        let none = Bound::default();
        let context = RowContext::new(RowKind::Carry, &none);
        let carried = run.table.carried(run.items_done);
        let inner = scope.with(CARRIED_NAME, carried);
        let mut rows = [None, None];
        for (row, source) in rows.iter_mut().zip([&carry.top, &carry.bottom]) {
            let Some(source) = source else { continue };
            *row = self.measure_single(run, source, &context, &inner)?;
        }
        let [top, bottom] = rows;
        if let Some(carry) = &mut run.table.carry {
            carry.top = top;
            carry.bottom = bottom;
        }
        Ok(())
    }

    /// Lays the cells of a row that tells what is carried out again, for a page.
    pub(super) fn carried_row_again(
        &mut self,
        node: &'a Node,
        table: &mut MeasuredTable<'a>,
        row: &Row,
        done: u32,
        scope: &Scope<'_, 'a>,
    ) -> Result<(), Stop> {
        let inner = scope.with(CARRIED_NAME, table.carried(done));
        for index in row.cells.clone() {
            self.cell_again(node, table, index, &inner)?;
        }
        Ok(())
    }
}

impl<'a> Run<'a> {
    fn new(node: &'a Node, source: &'a TableNode, keeps_names: bool, shown: Vec<bool>) -> Self {
        Self {
            node,
            source,
            table: MeasuredTable {
                source,
                look: std::borrow::Cow::Borrowed(&source.look),
                edges: Vec::new(),
                rows: Vec::new(),
                header_count: 0,
                cells: Vec::new(),
                carry: None,
                elements: TableElements::default(),
                open: Vec::new(),
            },
            shown,
            keeps_names,
            natural: None,
            pending: Vec::new(),
            height: 0.0,
            sums: Vec::new(),
            items_done: 0,
            first_height: None,
        }
    }

    fn begin_carry(&mut self, carry: &'a Carry) {
        self.sums = vec![Sum::default(); carry.sums.len()];
        let sums = vec![0.0; carry.sums.len()];
        let measured = MeasuredCarry { source: carry, top: None, bottom: None, sums, done: Vec::new() };
        self.table.carry = Some(Box::new(measured));
    }

    /// Makes some rows hold on to each other.
    fn hold(&mut self, range: Range<usize>, strength: u8) {
        let end = range.end.saturating_sub(1);
        for row in self.table.rows.get_mut(range.start..end).unwrap_or_default() {
            row.glue = row.glue.max(strength);
        }
    }

    /// Makes the least number of rows at either end of what was added hold on to each other.
    fn hold_ends(&mut self, first: usize) {
        let least = usize::from(self.source.least_rows);
        let end = self.table.rows.len();
        if least > 1 && end > first {
            self.hold(first..end.min(first + least), glue::STRONG);
            self.hold(end.saturating_sub(least).max(first)..end, glue::STRONG);
        }
    }
}

impl<'a> MeasuredTable<'a> {
    /// What is carried after that many items.
    fn carried(&self, done: u32) -> Value<'a> {
        let Some(carry) = &self.carry else { return Value::Undefined };
        let names = &carry.source.sums;
        let start = (done as usize).saturating_mul(names.len());
        let sums = carry.sums.get(start..).unwrap_or_default();
        let sums = names.iter().zip(sums).map(|((name, _), sum)| (name.as_str(), Value::Number(*sum)));
        let count = ("count", Value::Number(f64::from(done)));
        Value::Object(std::rc::Rc::new(Object::of_names(sums.chain([count]))))
    }
}
