//! Measuring the rows of a table: conditions, repetition, cells, and cells that cover several rows.

use super::measured::CellExtra;
use super::{DeferredCell, MeasuredCell, PendingCell, Row, RowKind, Run, glue};
use crate::document::Color;
use crate::expression::Scope;
use crate::layout::binding::Bound;
use crate::layout::frame::{aligned, extent, place_free};
use crate::layout::measure::{Place, PlaceKind};
use crate::layout::measured::TextContent;
use crate::layout::repeat::Names;
use crate::layout::state::{HeightRule, Layouter, Site, Stop, TextWork};
use crate::layout::table::MeasuredTable;
use crate::template::model::{Cell, ColumnWidth, Keep, Node, RowContent, RowSpan, TableRow, TextStyle, VerticalAlign};
use crate::text::{Block, index32};

/// What rows get from what they stand in.
#[derive(Clone, Copy)]
pub(super) struct RowContext<'c, 'a> {
    pub(super) kind: RowKind,
    /// What expressions have set for all cells.
    pub(super) bound: &'c Bound<'a>,
    pub(super) fill: Option<Color>,
    /// Fill of rows without any other.
    pub(super) zebra: Option<Color>,
    /// How deep rows are nested.
    depth: u8,
}

impl<'c, 'a> RowContext<'c, 'a> {
    pub(super) fn new(kind: RowKind, bound: &'c Bound<'a>) -> Self {
        Self { kind, bound, fill: None, zebra: None, depth: 0 }
    }
}

impl<'a> Layouter<'a> {
    /// Measures the rows of a list, with all their copies.
    pub(super) fn measure_list(
        &mut self,
        run: &mut Run<'a>,
        rows: &'a [TableRow],
        context: &RowContext<'_, 'a>,
        scope: &Scope<'_, 'a>,
    ) -> Result<(), Stop> {
        let pending = run.pending.len();
        for row in rows {
            match &row.each {
                Some(_) => self.measure_repeated(run, row, context, scope)?,
                None => self.measure_shown_row(run, row, context, scope)?,
            }
        }
        run.end_list(pending);
        Ok(())
    }

    fn measure_repeated(
        &mut self,
        run: &mut Run<'a>,
        row: &'a TableRow,
        context: &RowContext<'_, 'a>,
        scope: &Scope<'_, 'a>,
    ) -> Result<(), Stop> {
        let Some(each) = &row.each else { return Ok(()) };
        let site = Site { pointer: &row.pointer, property: "each", node: Some(&run.node.id) };
        for (index, item) in self.items(&each.each, scope, site)?.into_iter().flatten().enumerate() {
            self.count_item(site)?;
            let names = Names { item: &each.name, index: &each.index_name, kept: run.keeps_names };
            self.with_item(names, (index, item), scope, |layouter, inner| {
                layouter.measure_shown_row(run, row, context, inner)
            })?;
        }
        Ok(())
    }

    fn measure_shown_row(
        &mut self,
        run: &mut Run<'a>,
        row: &'a TableRow,
        context: &RowContext<'_, 'a>,
        scope: &Scope<'_, 'a>,
    ) -> Result<(), Stop> {
        let site = Site { pointer: &row.pointer, property: "", node: Some(&run.node.id) };
        if let Some(visible) = &row.visible
            && !self.evaluate(visible, scope, Site { property: "visible", ..site })?.truthy()
        {
            return Ok(());
        }
        let own = if row.bind.is_empty() { None } else { Some(self.bound(&row.bind, scope, site)?) };
        let fill = own.as_ref().and_then(|own| own.fill).or(row.fill).or(context.fill);
        let bound = own.map(|own| own.over(context.bound));
        let inner = RowContext {
            bound: bound.as_ref().unwrap_or(context.bound),
            fill,
            depth: context.depth.saturating_add(1),
            ..*context
        };
        let first = run.table.rows.len();
        match &row.content {
            RowContent::Cells(cells) => {
                let first_cell = run.table.cells.len();
                if let Some(row) = self.measure_row(run, cells, &inner, scope)? {
                    run.push(row, first_cell);
                }
            }
            RowContent::Rows(rows) => self.measure_list(run, rows, &inner, scope)?,
        }
        if row.keep != Keep::None {
            run.keep(row.keep, first, context.depth);
        }
        Ok(())
    }

    /// Measures a row that stands by itself.
    pub(super) fn measure_single(
        &mut self,
        run: &mut Run<'a>,
        row: &'a TableRow,
        context: &RowContext<'_, 'a>,
        scope: &Scope<'_, 'a>,
    ) -> Result<Option<Row>, Stop> {
        let RowContent::Cells(cells) = &row.content else { return Ok(None) };
        self.measure_row(run, cells, &RowContext { fill: row.fill, ..*context }, scope)
    }

    /// Measures the cells of a row; gives none while only the widths of columns are looked for.
    fn measure_row(
        &mut self,
        run: &mut Run<'a>,
        cells: &'a [Cell],
        context: &RowContext<'_, 'a>,
        scope: &Scope<'_, 'a>,
    ) -> Result<Option<Row>, Stop> {
        self.count_item(Site::of(run.node, ""))?;
        if run.natural.is_some() {
            self.widen_columns(run, cells, context, scope)?;
            return Ok(None);
        }
        let [top, _, bottom, _] = run.source.padding;
        let start = run.table.cells.len();
        let mut height: f32 = 0.0;
        let mut has_baseline = false;
        for cell in cells {
            let span = run.shown_span(cell);
            if span == 0 {
                continue;
            }
            let measured = self.measure_cell(run, cell, span, context, scope)?;
            if cell.row_span == RowSpan::ONE {
                height = height.max(measured.text.block.height + top + bottom);
            }
            has_baseline |= measured.text.vertical_align == VerticalAlign::Baseline;
            run.table.cells.push(measured);
        }
        if has_baseline {
            height = height.max(run.put_on_one_line(start) + top + bottom);
        }
        let cells = index32(start)..index32(run.table.cells.len());
        Ok(Some(Row {
            cells,
            height,
            fill: context.fill.or(context.zebra),
            kind: context.kind,
            glue: glue::NONE,
            joined: false,
            new_page: false,
            starts_group: false,
        }))
    }

    fn measure_cell(
        &mut self,
        run: &Run<'a>,
        cell: &'a Cell,
        span: u16,
        context: &RowContext<'_, 'a>,
        scope: &Scope<'_, 'a>,
    ) -> Result<MeasuredCell<'a>, Stop> {
        let site = Site { pointer: &cell.pointer, property: "", node: Some(&run.node.id) };
        let own = if cell.bind.is_empty() { None } else { Some(self.bound(&cell.bind, scope, site)?) };
        let fill = own.as_ref().and_then(|own| own.fill).or(cell.fill);
        let own = own.map(|own| own.over(context.bound));
        let bound = own.as_ref().unwrap_or(context.bound);
        let owned = bound.changes_text().then(|| bound.text_style(&cell.style));
        let style = owned.as_ref().unwrap_or(&cell.style);
        let [_, right, _, left] = run.source.padding;
        let (_, width) = run.table.across(cell);
        let width = (width - left - right).max(0.0);
        let (mut text, mut extra) = if cell.nodes.is_empty() {
            let deferred = !self.knows_page() && cell.text.uses_page();
            let site = Site { property: "text", ..site };
            let work = TextWork { style, width, height: HeightRule::Free };
            if deferred {
                let text = self.on_some_page(|layouter| layouter.styled_text(&cell.text, work, scope, site))?;
                let style = context.bound.changes_text().then(|| Box::new(context.bound.text_style(&cell.style)));
                let deferred = Some(DeferredCell { bindings: self.bindings.clone(), style });
                (text, Some(Box::new(CellExtra { nodes: Vec::new(), deferred })))
            } else {
                (self.styled_text(&cell.text, work, scope, site)?, None)
            }
        } else {
            self.cell_nodes(cell, style, width, scope)?
        };
        if context.kind == RowKind::Carry {
            let deferred = Some(DeferredCell { bindings: self.bindings.clone(), style: None });
            extra = Some(Box::new(CellExtra { nodes: Vec::new(), deferred }));
        }
        text.vertical_align = style.vertical_align;
        Ok(MeasuredCell { source: cell, text, fill, down: 0.0, rows: 1, span, extra, element: None })
    }

    /// Measures the nodes of a cell, placed across it as the cell is aligned.
    fn cell_nodes(
        &mut self,
        cell: &'a Cell,
        style: &TextStyle,
        width: f32,
        scope: &Scope<'_, 'a>,
    ) -> Result<(TextContent, Option<Box<CellExtra<'a>>>), Stop> {
        let mut nodes = self.measure_all(&cell.nodes, scope, Place { width, kind: PlaceKind::Free })?;
        let (height, _) = place_free(&mut nodes);
        let right = nodes.iter().fold(0.0, |right: f32, node| right.max(node.x + node.width));
        let shift = aligned(style.align, (width - right).max(0.0));
        nodes.iter_mut().for_each(|node| node.x += shift);
        let block = Block { height: height.max(extent(&nodes)), ..Block::default() };
        let text = TextContent::new(block, style);
        Ok((text, Some(Box::new(CellExtra { nodes, deferred: None }))))
    }

    /// Makes the columns that are as wide as their content as wide as the cells of this row.
    fn widen_columns(
        &mut self,
        run: &mut Run<'a>,
        cells: &'a [Cell],
        context: &RowContext<'_, 'a>,
        scope: &Scope<'_, 'a>,
    ) -> Result<(), Stop> {
        /// What sums of rounded numbers may lack, so that the widest text is not broken.
        const SLACK_POINTS: f32 = 0.01;
        let [_, right, _, left] = run.source.padding;
        for cell in cells {
            let column = usize::from(cell.column);
            let is_auto = run.source.columns.get(column).is_some_and(|column| column.width == ColumnWidth::Auto);
            if !is_auto || cell.span != 1 || run.shown_span(cell) == 0 {
                continue;
            }
            let content = if cell.nodes.is_empty() {
                self.natural_width(run.node, cell, context, scope)?
            } else {
                cell.nodes.iter().fold(0.0, |width: f32, node| width.max(node.at[0] + node.width.unwrap_or(0.0)))
            };
            if let Some(widest) = run.natural.as_mut().and_then(|natural| natural.get_mut(column)) {
                *widest = widest.max(content + left + right + SLACK_POINTS);
            }
        }
        Ok(())
    }

    fn natural_width(
        &mut self,
        node: &'a Node,
        cell: &'a Cell,
        context: &RowContext<'_, 'a>,
        scope: &Scope<'_, 'a>,
    ) -> Result<f32, Stop> {
        let site = Site { pointer: &cell.pointer, property: "text", node: Some(&node.id) };
        let own = if cell.bind.is_empty() { None } else { Some(self.bound(&cell.bind, scope, site)?) };
        let own = own.map(|own| own.over(context.bound));
        let bound = own.as_ref().unwrap_or(context.bound);
        let owned = bound.changes_text().then(|| bound.text_style(&cell.style));
        let style = owned.as_ref().unwrap_or(&cell.style);
        let width = if !self.knows_page() && cell.text.uses_page() {
            self.on_some_page(|layouter| layouter.unbroken_width(&cell.text, style, scope, site))?
        } else {
            self.unbroken_width(&cell.text, style, scope, site)?
        };
        // A line has no space after its last letter, but must have room for it.
        Ok(width + style.letter_spacing.max(0.0))
    }

    /// Lays the text of a cell out again now that the page is known. The row keeps its height.
    pub(in crate::layout) fn cell_again(
        &mut self,
        node: &'a Node,
        table: &mut MeasuredTable<'a>,
        index: u32,
        scope: &Scope<'_, 'a>,
    ) -> Result<(), Stop> {
        let Some(measured) = table.cells.get(index as usize) else { return Ok(()) };
        let cell = measured.source;
        let changed = measured.extra.as_ref().and_then(|extra| extra.deferred.as_ref()?.style.as_deref());
        let base = changed.unwrap_or(&cell.style);
        let site = Site { pointer: &cell.pointer, property: "text", node: Some(&node.id) };
        let bound = if cell.bind.is_empty() { Bound::default() } else { self.bound(&cell.bind, scope, site)? };
        let owned = bound.changes_text().then(|| bound.text_style(base));
        let style = owned.as_ref().unwrap_or(base);
        let [_, right, _, left] = table.source.padding;
        let (_, width) = table.across(cell);
        let work = TextWork { style, width: (width - left - right).max(0.0), height: HeightRule::Free };
        let text = self.styled_text(&cell.text, work, scope, site)?;
        if let Some(measured) = table.cells.get_mut(index as usize) {
            measured.text = text;
        }
        Ok(())
    }
}

impl Run<'_> {
    /// Columns that a cell covers and that are shown.
    fn shown_span(&self, cell: &Cell) -> u16 {
        if self.shown.is_empty() {
            return cell.span;
        }
        let start = usize::from(cell.column);
        let covered = self.shown.get(start..start + usize::from(cell.span)).unwrap_or_default();
        u16::try_from(covered.iter().filter(|shown| **shown).count()).unwrap_or(u16::MAX)
    }

    /// Moves text of a row's cells down so that their first lines stand on one line; gives the height that this takes.
    fn put_on_one_line(&mut self, start: usize) -> f32 {
        let is_on_line = |cell: &MeasuredCell<'_>| {
            cell.text.vertical_align == VerticalAlign::Baseline && cell.source.nodes.is_empty()
        };
        let cells = self.table.cells.get_mut(start..).unwrap_or_default();
        let line =
            cells.iter().filter(|cell| is_on_line(cell)).fold(0.0, |y: f32, cell| y.max(cell.text.block.baseline));
        let mut height: f32 = 0.0;
        for cell in cells.iter_mut().filter(|cell| is_on_line(cell)) {
            cell.down = line - cell.text.block.baseline;
            if cell.source.row_span == RowSpan::ONE {
                height = height.max(cell.down + cell.text.block.height);
            }
        }
        height
    }

    /// Adds a row, whose cells are the last ones.
    fn push(&mut self, mut row: Row, first_cell: usize) {
        let index = self.table.rows.len();
        for pending in &mut self.pending {
            pending.missing = pending.missing.map(|missing| missing.saturating_sub(1));
        }
        if self.source.has_edges {
            let top = self.height;
            let cells = self.table.cells.get(first_cell..).unwrap_or_default();
            self.pending.extend(cells.iter().enumerate().filter_map(|(offset, cell)| {
                let missing = match cell.source.row_span {
                    RowSpan::Rows(1) => return None,
                    RowSpan::Rows(rows) => Some(rows.saturating_sub(1)),
                    RowSpan::Rest => None,
                };
                Some(PendingCell { cell: first_cell + offset, first: index, top, missing })
            }));
        }
        self.height += f64::from(row.height);
        row.joined = !self.pending.is_empty();
        self.table.rows.push(row);
        if let Some(carry) = &mut self.table.carry {
            carry.done.push(self.items_done);
        }
        if self.pending.iter().any(|pending| pending.missing == Some(0)) {
            let pending = std::mem::take(&mut self.pending);
            let (ended, open): (Vec<_>, Vec<_>) = pending.into_iter().partition(|cell| cell.missing == Some(0));
            self.pending = open;
            self.close(&ended);
        }
    }

    /// Ends the cells that cover the rest of a list.
    fn end_list(&mut self, pending: usize) {
        if self.pending.len() > pending {
            let ended = self.pending.split_off(pending);
            self.close(&ended);
        }
    }

    /// Ends cells with the last row, which grows when they need it.
    fn close(&mut self, ended: &[PendingCell]) {
        let [top, _, bottom, _] = self.source.padding;
        let last = self.table.rows.len().saturating_sub(1);
        let is_open = !self.pending.is_empty();
        let Some(row) = self.table.rows.get_mut(last) else { return };
        row.joined = is_open;
        for pending in ended {
            let Some(cell) = self.table.cells.get_mut(pending.cell) else { continue };
            cell.rows = index32(last + 1 - pending.first.min(last));
            let needed = f64::from(cell.text.block.height + cell.down + top + bottom);
            let missing = needed - (self.height - pending.top);
            if missing > 0.0 {
                row.height += crate::layout::narrow(missing);
                self.height += missing;
            }
        }
    }

    /// Makes a row, or the rows of a list, stay with each other or with the next one.
    fn keep(&mut self, keep: Keep, first: usize, depth: u8) {
        let end = self.table.rows.len();
        if matches!(keep, Keep::Together | Keep::TogetherWithNext) {
            self.hold(first..end, glue::BLOCK.saturating_add(depth).min(glue::STRONG - 1));
        }
        if matches!(keep, Keep::WithNext | Keep::TogetherWithNext)
            && end > first
            && let Some(row) = self.table.rows.last_mut()
        {
            row.glue = row.glue.max(glue::STRONG);
        }
    }
}
