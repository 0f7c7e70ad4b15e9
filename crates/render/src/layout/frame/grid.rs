//! Grids: children in cells, row by row, each in the first cells that are free.

use super::{put_in_height, spread};
use crate::expression::Scope;
use crate::layout::measure::{Place, PlaceKind};
use crate::layout::measured::{Content, Measured};
use crate::layout::state::{Layouter, Site, Stop};
use crate::layout::table::edges;
use crate::template::model::{BoxAlign, Column, ColumnWidth, Justify, Node};

/// A grid that is being filled.
pub(super) struct Grid {
    /// Left edge and width of each column.
    columns: Vec<[f32; 2]>,
    gap_down: f32,
    align: BoxAlign,
    justify: Justify,
    /// For each column how many rows from the one at hand down are taken.
    taken: Vec<usize>,
    row: usize,
    column: usize,
    /// For each child its first row and how many rows it covers.
    rows: Vec<(usize, usize)>,
}

impl Grid {
    /// An empty grid of some width.
    pub(super) fn new(widths: &[ColumnWidth], gap: [f32; 2], align: BoxAlign, justify: Justify, width: f32) -> Self {
        let [gap_across, gap_down] = gap;
        let columns: Vec<Column> =
            widths.iter().map(|width| Column { width: *width, least: 0.0, most: None, visible: None }).collect();
        let gaps = widths.iter().skip(1).fold(0.0, |gaps: f32, _| gaps + gap_across);
        let edges = edges(&columns, &[], &[], (width - gaps).max(0.0));
        let mut shift = 0.0;
        let mut places = Vec::with_capacity(widths.len());
        for (left, right) in edges.iter().zip(edges.iter().skip(1)) {
            places.push([left + shift, right - left]);
            shift += gap_across;
        }
        let taken = vec![0; places.len()];
        Self { columns: places, gap_down, align, justify, taken, row: 0, column: 0, rows: Vec::new() }
    }

    /// Moves on to the first place that is free for so many columns.
    fn seek(&mut self, span: usize) {
        while self.columns.len() >= span {
            let cells = self.taken.get(self.column..self.column + span);
            match cells {
                Some(cells) if cells.iter().all(|taken| *taken == 0) => return,
                Some(_) => self.column += 1,
                None => {
                    self.row += 1;
                    self.column = 0;
                    self.taken.iter_mut().for_each(|taken| *taken = taken.saturating_sub(1));
                }
            }
        }
    }

    /// Left edge and width of some cells from the place at hand.
    fn across(&self, span: usize) -> (f32, f32) {
        let first = self.columns.get(self.column).copied().unwrap_or_default();
        let last = self.columns.get(self.column + span - 1).copied().unwrap_or(first);
        let [left, _] = first;
        let [last_left, last_width] = last;
        (left, last_left + last_width - left)
    }

    fn take(&mut self, span: usize, row_span: usize) {
        if let Some(cells) = self.taken.get_mut(self.column..self.column + span) {
            cells.fill(row_span);
        }
        self.rows.push((self.row, row_span));
        self.column += span;
    }

    /// Puts children into the heights of their rows; gives the height of all.
    fn place_down(&self, children: &mut [Measured<'_>]) -> f32 {
        let count = self.rows.iter().map(|(row, span)| row + span).max().unwrap_or(0);
        let mut heights = vec![0.0_f32; count];
        for (child, (row, _)) in children.iter().zip(&self.rows).filter(|(_, (_, span))| *span == 1) {
            if let Some(height) = heights.get_mut(*row) {
                *height = height.max(child.height);
            }
        }
        for (child, (row, span)) in children.iter().zip(&self.rows).filter(|(_, (_, span))| *span > 1) {
            let covered: f32 = heights.get(*row..row + span).unwrap_or_default().iter().sum();
            let gaps = (1..*span).fold(0.0, |gaps: f32, _| gaps + self.gap_down);
            if let Some(last) = heights.get_mut(row + span - 1) {
                *last += (child.height - covered - gaps).max(0.0);
            }
        }
        let mut tops = Vec::with_capacity(count);
        let mut y = 0.0;
        for height in &heights {
            tops.push(y);
            y += height + self.gap_down;
        }
        for (child, (row, span)) in children.iter_mut().zip(&self.rows) {
            let top = tops.get(*row).copied().unwrap_or(0.0);
            let last = row + span - 1;
            let bottom = tops.get(last).copied().unwrap_or(top) + heights.get(last).copied().unwrap_or(0.0);
            put_in_height(child, self.align, top, bottom - top);
        }
        (y - self.gap_down).max(0.0)
    }
}

impl<'a> Layouter<'a> {
    /// Puts children, and each copy of repeated ones, into the cells of a grid; gives the height that they take.
    pub(super) fn place_grid(
        &mut self,
        children: &mut Vec<Measured<'a>>,
        nodes: &'a [Node],
        scope: &Scope<'_, 'a>,
        mut grid: Grid,
    ) -> Result<(f32, f32), Stop> {
        for node in nodes {
            self.each_copy(node, scope, |layouter, inner| layouter.place_in_cell(children, node, inner, &mut grid))?;
        }
        let height = grid.place_down(children);
        Ok((height, height))
    }

    fn place_in_cell(
        &mut self,
        children: &mut Vec<Measured<'a>>,
        node: &'a Node,
        scope: &Scope<'_, 'a>,
        grid: &mut Grid,
    ) -> Result<(), Stop> {
        let span = usize::from(node.span).clamp(1, grid.columns.len().max(1));
        let row_span = usize::from(node.row_span).max(1);
        for _row in 1..row_span {
            self.count_item(Site::of(node, "rowSpan"))?;
        }
        grid.seek(span);
        let (left, width) = grid.across(span);
        let mut child = self.measure_shown(node, scope, Place { width, kind: PlaceKind::Column })?;
        if matches!(child.content, Content::Nothing) {
            return Ok(());
        }
        let (offset, _) = spread(grid.justify, width - child.width, 1);
        child.x = left + offset;
        grid.take(span, row_span);
        children.push(child);
        Ok(())
    }
}
