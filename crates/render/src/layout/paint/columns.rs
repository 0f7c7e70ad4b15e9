//! Painting content in columns: piece by piece, with the lines between the columns.

use super::{Painter, Tagging};
use crate::document::Rect;
use crate::layout::measured::FlowBox;
use crate::layout::place::Part;
use crate::layout::state::Stop;

impl<'a> Painter<'_, 'a> {
    /// Paints the pieces that stand on this page.
    pub(super) fn paint_flow(
        &mut self,
        flow: &mut FlowBox<'a>,
        part: &Part,
        rect: Rect,
        tagging: Tagging,
    ) -> Result<(), Stop> {
        let FlowBox { children, count, width, gap, rule, whole, .. } = flow;
        let left = |column: u32| rect.x + super::narrow(f64::from(column)) * (*width + *gap);
        let whole = whole.iter().map(|piece| (piece.page % (*count).max(1), piece));
        let pieces: Vec<_> = match part {
            Part::Columns(pieces) => pieces.iter().map(|(column, piece)| (*column, piece)).collect(),
            _ => whole.collect(),
        };
        let last = pieces.iter().map(|(column, _)| *column).max().unwrap_or(0);
        if let Some(rule) = rule {
            for column in 1..=last {
                let line = Rect { x: left(column) - *gap / 2.0, y: rect.y, width: 0.0, height: rect.height };
                self.paint_line(line, rule, false, tagging.for_decoration());
            }
        }
        for (column, piece) in pieces {
            if let Part::Children(parts) = &piece.part {
                self.paint_children(children, parts, left(column), rect.y, tagging)?;
            }
        }
        Ok(())
    }
}
