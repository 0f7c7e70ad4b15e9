//! Putting rich text on pages: a page ends between pieces that do not hold each other.

use super::measured::Measured;
use super::place::{Cursor, FIT_TOLERANCE, Fragment, Part, Placer};
use super::rich::RichBox;
use super::state::Stop;

impl<'a> Placer<'_, 'a> {
    /// Puts as many pieces on each page as fit.
    pub(super) fn place_rich(
        &mut self,
        measured: &Measured<'a>,
        rich: &RichBox<'a>,
        cursor: Cursor,
        out: &mut Vec<Fragment>,
    ) -> Result<Cursor, Stop> {
        let [top, _, bottom, _] = rich.look.padding;
        let flow = &rich.flow;
        let count = flow.pieces.len();
        let mut cursor = cursor;
        let mut from = 0;
        while from < count {
            let above = if from == 0 { top } else { 0.0 };
            let room = self.height(cursor.page)? + FIT_TOLERANCE - cursor.y - above;
            let below = |to: usize| if to == count { bottom } else { 0.0 };
            let fits = |to: usize| flow.height_of(&(from..to)) + below(to) <= room;
            let fitting = (from + 1..=count).take_while(|to| fits(*to)).last().unwrap_or(from);
            let end = (from + 1..=fitting).rev().find(|end| flow.may_end(*end));
            if end.is_none() && self.can_move(cursor)? {
                cursor = cursor.next_page();
                continue;
            }
            if end.is_none()
                && let Some(trial) = &mut self.trial
            {
                trial.too_tall |= trial.is_limited;
            }
            // On a fresh page at least one piece is put, so that this ends.
            let to = end.unwrap_or(fitting.max(from + 1));
            if fitting == from {
                self.report_too_tall(measured, flow.height_of(&(from..to)), room);
            }
            let mut height = above + flow.height_of(&(from..to)) + below(to);
            if from == 0 && to == count {
                height = height.max(measured.height.min(room + above));
            }
            out.push(Fragment { page: cursor.page, y: cursor.y, height, part: Part::Lines(from..to) });
            cursor = if to == count { cursor.below(height) } else { cursor.next_page() };
            from = to;
        }
        Ok(cursor)
    }
}

/// Height of the smallest piece with which rich text may begin at the end of a page.
pub(super) fn first_piece_height(rich: &RichBox<'_>) -> f32 {
    let [top, _, bottom, _] = rich.look.padding;
    let unit = rich.flow.first_unit(0);
    let below = if unit == rich.flow.pieces.len() { bottom } else { 0.0 };
    top + rich.flow.height_of(&(0..unit)) + below
}
