//! The baseline grid: lines of text that ask for it stand on the same grid on every page and in every column.

use super::measured::{Content, Measured, TextBox};
use super::place::{Cursor, FIT_TOLERANCE, Placer};
use super::state::{Layouter, Stop};
use crate::template::model::TextStyle;

impl Layouter<'_> {
    /// The style as it is on the grid: its lines and paragraphs are whole steps apart.
    pub(super) fn on_grid(&self, style: &TextStyle) -> Option<TextStyle> {
        let grid = self.template.page.baseline.filter(|_| style.snap)?;
        let steps = |length: f32| ((length - FIT_TOLERANCE) / grid.step).ceil().max(0.0) * grid.step;
        let line = steps(style.size * style.line_height).max(grid.step);
        Some(TextStyle { line_height: line / style.size, paragraph_gap: steps(style.paragraph_gap), ..style.clone() })
    }
}

impl<'a> Placer<'_, 'a> {
    /// How far down text must stand from a place so that its first line is on the grid. `above` is the space between.
    pub(super) fn grid_shift(&mut self, text: &TextBox<'a>, cursor: Cursor, above: f32) -> Result<f32, Stop> {
        let Some(grid) = self.layouter.template.page.baseline.filter(|_| text.snaps) else { return Ok(0.0) };
        let top = self.rooms.top(cursor.page, self.layouter)?;
        let steps = (top + cursor.y + above + text.text.block.baseline - grid.start) / grid.step;
        let shift = (steps.ceil() - steps) * grid.step;
        // What stands just below a line of the grid stands on it.
        Ok(if grid.step - shift < FIT_TOLERANCE { 0.0 } else { shift })
    }
}

/// Whether something must be put on its page piece by piece, because text in it stands on the grid.
pub(super) fn snaps(measured: &Measured<'_>) -> bool {
    match &measured.content {
        Content::Text(text) => text.snaps,
        Content::Column { children, .. } => !measured.keeps_together() && children.iter().any(snaps),
        Content::Flow(flow) => flow.children.iter().any(snaps),
        _ => false,
    }
}
