//! Tags of tables: head, bodies, foot, rows and cells.

use super::{Painter, Piece, Shown, Tagging, row_number};
use crate::document::{ElementId, Role};
use crate::layout::table::{MeasuredTable, RowKind};

impl Painter<'_, '_> {
    /// The element of a row; nothing when the table is decoration, or the row says again what stands elsewhere: the
    /// header on further pages, and what is carried.
    pub(super) fn row_element(
        &mut self,
        table: &mut MeasuredTable<'_>,
        piece: &Piece,
        shown: &Shown,
        tagging: Tagging,
    ) -> Option<ElementId> {
        let Tagging::Under(parent) = tagging else { return None };
        let index = row_number(shown.index?);
        let elements = &mut table.elements;
        let (role, group) = match shown.row.kind {
            RowKind::Header if piece.repeats_header => return None,
            RowKind::Header => (Role::TableHead, &mut elements.head),
            RowKind::Total => (Role::TableFoot, &mut elements.foot),
            RowKind::GroupHeader | RowKind::Detail | RowKind::GroupFooter => (Role::TableBody, &mut elements.body),
            RowKind::Carry => return None,
        };
        // Each outermost group is a body of its own.
        if shown.row.starts_group && !shown.goes_on() {
            *group = None;
        }
        let group = *group.get_or_insert_with(|| self.layouter.document.structure.add(role, Some(parent)));
        if shown.cut.is_none() {
            return Some(self.add_element(Role::TableRow, group));
        }
        if let Some((open, element)) = elements.open_row
            && shown.goes_on()
            && open == index
        {
            return Some(element);
        }
        let element = self.add_element(Role::TableRow, group);
        elements.open_row = Some((index, element));
        Some(element)
    }

    /// The element of a cell, which is kept for what stands on further pages.
    pub(super) fn cell_element(
        &mut self,
        table: &mut MeasuredTable<'_>,
        shown: &Shown,
        index: u32,
        row: ElementId,
    ) -> ElementId {
        let Some(cell) = table.cells.get_mut(index as usize) else { return row };
        if let Some(element) = cell.element.filter(|_| shown.goes_on()) {
            return element;
        }
        let scope = cell.source.scope;
        let role = if scope.is_some() { Role::TableHeaderCell } else { Role::TableDataCell };
        let element = self.add_element(role, row);
        if let Some(made) = self.layouter.document.structure.get_mut(element) {
            made.column_span = cell.span.max(1);
            made.row_span = u16::try_from(cell.rows).unwrap_or(u16::MAX);
            made.scope = scope;
        }
        cell.element = Some(element);
        element
    }
}
