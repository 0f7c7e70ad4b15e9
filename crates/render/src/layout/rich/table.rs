//! Small tables in rich text: columns as wide as their content asks, one piece a row.

use super::blocks::{Builder, Room, placed};
use super::flow::{PlacedRule, Tag};
use super::lines::Prepared;
use super::looks::RULE_COLOR;
use crate::document::{Role, Scope};
use crate::layout::state::{Site, Stop};
use crate::template::model::{Align, RichBlock, RichElement, RichSpan, RichTable, TextStyle};

/// Space inside a cell: across and down, as multiples of the size.
const PADDING: [f32; 2] = [0.7, 0.45];

/// Thickness of the line below the header, and of those below rows.
const HEADER_RULE_POINTS: f32 = 1.0;
const ROW_RULE_POINTS: f32 = 0.5;

/// What sums of rounded numbers may lack, so that the widest text is not broken.
const SLACK_POINTS: f32 = 0.05;

/// A row that is ready to be laid out.
struct ReadyRow {
    cells: Vec<Prepared>,
    tags: std::ops::Range<usize>,
    is_header: bool,
}

impl Builder<'_, '_, '_> {
    /// Puts a table.
    pub(super) fn table(&mut self, table: &RichTable, block: &RichBlock, room: &Room<'_>) -> Result<(), Stop> {
        let count = table.columns.len();
        let body_style = self.style_of(block, RichElement::TableCell, room);
        let head_style = self.style_of(block, RichElement::TableHead, room);
        let tag = self.add_tag(Tag::new(Role::Table, room.tag));
        let mut rows = Vec::with_capacity(table.rows.len() + 1);
        if !table.header.is_empty() {
            let head = self.add_tag(Tag::new(Role::TableHead, Some(tag)));
            rows.push(self.ready(&table.header, &head_style, head, count, true)?);
        }
        let body = self.add_tag(Tag::new(Role::TableBody, Some(tag)));
        for row in &table.rows {
            self.layouter.count_item(Site::of(self.node, ""))?;
            rows.push(self.ready(row, &body_style, body, count, false)?);
        }
        let [across, down] = PADDING.map(|factor| self.em(&body_style, factor));
        let mut widths = vec![0.0_f32; count];
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(&row.cells) {
                *width = width.max(self.natural_width(cell) + across * 2.0 + SLACK_POINTS);
            }
        }
        share(&mut widths, room.width);
        let full: f32 = widths.iter().sum();
        let mut header = None;
        for row in rows {
            let style = if row.is_header { &head_style } else { &body_style };
            let mut piece = self.piece(0.0);
            let mut height = style.size * style.line_height * self.looks.scale;
            let mut x = room.x;
            for ((cell, width), align) in row.cells.iter().zip(&widths).zip(&table.columns) {
                let inner = (width - across * 2.0).max(0.0);
                let align = if *align == Align::Start { style.align } else { *align };
                let mut top = down;
                for line in self.lay_out(cell, inner, align).lines {
                    piece.lines.push(placed(line, x + across, inner, top));
                    top += line.height;
                }
                height = height.max(top - down);
                x += width;
            }
            piece.height = height + down * 2.0;
            piece.hold = row.is_header;
            let thickness = if row.is_header { HEADER_RULE_POINTS } else { ROW_RULE_POINTS };
            let extra = piece.extra();
            extra.rule = Some(PlacedRule {
                x: room.x,
                width: full,
                down: height + down * 2.0 - thickness / 2.0,
                thickness,
                color: RULE_COLOR,
            });
            extra.cells = row.tags;
            if row.is_header {
                header = Some(self.flow.pieces.len());
            } else {
                extra.header = header;
            }
            self.push(piece);
        }
        Ok(())
    }

    fn ready(
        &mut self,
        row: &[Vec<RichSpan>],
        style: &TextStyle,
        around: usize,
        count: usize,
        is_header: bool,
    ) -> Result<ReadyRow, Stop> {
        let tag = self.add_tag(Tag::new(Role::TableRow, Some(around)));
        let first = self.flow.tags.len();
        for _ in 0..count {
            let role = if is_header { Role::TableHeaderCell } else { Role::TableDataCell };
            let scope = is_header.then_some(Scope::Column);
            self.add_tag(Tag { scope, ..Tag::new(role, Some(tag)) });
        }
        let mut cells = Vec::with_capacity(count);
        for (number, cell) in row.iter().take(count).enumerate() {
            cells.push(self.prepare(cell, style, first + number, false)?);
        }
        Ok(ReadyRow { cells, tags: first..first + count, is_header })
    }
}

/// Makes columns narrower until they fit: those that need less than an equal share get what they need, the others
/// share the rest equally.
fn share(widths: &mut [f32], room: f32) {
    if widths.iter().sum::<f32>() <= room {
        return;
    }
    let mut order: Vec<usize> = (0..widths.len()).collect();
    let width_of = |index: usize, widths: &[f32]| widths.get(index).copied().unwrap_or(0.0);
    order.sort_by(|first, second| width_of(*first, widths).total_cmp(&width_of(*second, widths)));
    let mut rest = room;
    for (done, index) in order.iter().enumerate() {
        let left = u16::try_from(order.len() - done).unwrap_or(u16::MAX);
        let fair = rest / f32::from(left);
        if let Some(width) = widths.get_mut(*index) {
            *width = width.min(fair);
            rest -= *width;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_columns_keep_what_they_need_and_wide_ones_share_the_rest() {
        let shared = |mut widths: Vec<f32>, room| {
            share(&mut widths, room);
            widths
        };
        assert_eq!(shared(vec![20.0, 30.0], 100.0), [20.0, 30.0]);
        assert_eq!(shared(vec![20.0, 300.0, 200.0], 100.0), [20.0, 40.0, 40.0]);
        assert_eq!(shared(vec![200.0, 30.0], 100.0), [70.0, 30.0]);
        assert_eq!(shared(Vec::new(), 0.0), Vec::<f32>::new());
    }
}
