//! Putting measured content on pages: what fits stays whole, what may be cut is cut, the rest moves on.

use super::lines::Breaking;
use super::measured::{Content, Measured, TextBox};
use super::place_stack::{Column, first_row, height_of};
use super::regions::Regions;
use super::state::{Layouter, Site, Stop};
use crate::diagnostic::codes;
use crate::template::model::{BreakTo, TooTall};

/// Content may be this much taller than its room, in points: sums of rounded numbers are not exact.
pub(super) const FIT_TOLERANCE: f32 = 0.05;

/// A place in the body: a page, or a column of one, and the distance from its top.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cursor {
    pub(super) page: u32,
    pub(super) y: f32,
}

impl Cursor {
    /// The top of the next page.
    pub(super) fn next_page(self) -> Self {
        Self { page: self.page.saturating_add(1), y: 0.0 }
    }

    /// Whether nothing stands above on this page.
    pub(super) fn is_at_top(self) -> bool {
        self.y <= FIT_TOLERANCE
    }

    /// A place further down on the same page.
    pub(super) fn below(self, height: f32) -> Self {
        Self { page: self.page, y: self.y + height }
    }
}

/// The piece of something that stands on one page.
#[derive(Debug)]
pub(super) struct Fragment {
    pub(super) page: u32,
    /// Distance from the top of the body.
    pub(super) y: f32,
    pub(super) height: f32,
    pub(super) part: Part,
}

/// Which piece it is.
#[derive(Debug)]
pub(super) enum Part {
    /// All of it.
    Whole,
    /// All of it, made smaller by a factor.
    Scaled(f32),
    /// What fits of it; the rest is not shown.
    Cut,
    /// Some lines of a text, or pieces of rich text, counted from the first.
    Lines(std::ops::Range<usize>),
    /// Some children of a column.
    Children(Vec<(usize, Fragment)>),
    /// Some pieces of content in columns: the column of each, and the piece.
    Columns(Vec<(u32, Fragment)>),
    /// Some rows of a table.
    Rows(RowsPart),
}

/// Rows of a table on one page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct RowsPart {
    /// Whether the header stands above them.
    pub(super) header: bool,
    /// Whether a row below the header tells what is carried.
    pub(super) carry_top: bool,
    /// Rows, those of the header counted too.
    pub(super) rows: std::ops::Range<usize>,
    /// Whether a row below them tells what is carried.
    pub(super) carry_bottom: bool,
    /// The only row is cut: from and to which of its points it is shown.
    pub(super) cut: Option<(f32, f32)>,
}

/// Puts content on pages.
pub(super) struct Placer<'p, 'a> {
    pub(super) layouter: &'p mut Layouter<'a>,
    pub(super) rooms: &'p mut dyn Regions,
    /// What is found when it is only tried how content would stand; nothing is reported then.
    pub(super) trial: Option<Trial>,
}

/// What is found when it is tried how content would stand.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Trial {
    /// Whether something is taller than its room.
    pub(super) too_tall: bool,
    /// Whether the room is less than what there is.
    pub(super) is_limited: bool,
    /// Whether breaks are not looked at.
    pub(super) ignores_breaks: bool,
}

impl<'a> Placer<'_, 'a> {
    /// The height of a page.
    pub(super) fn height(&mut self, page: u32) -> Result<f32, Stop> {
        self.rooms.height(page, self.layouter)
    }

    /// Where what stands after a break begins.
    pub(super) fn after(&self, cursor: Cursor, to: BreakTo) -> Cursor {
        Cursor { page: self.rooms.after(cursor.page, to), y: 0.0 }
    }

    /// Whether what stands after such a break may begin on this page.
    pub(super) fn begins(&self, cursor: Cursor, to: BreakTo) -> bool {
        self.rooms.begins(cursor.page, to)
    }

    /// Whether there is more room further on than here.
    pub(super) fn can_move(&mut self, cursor: Cursor) -> Result<bool, Stop> {
        Ok(!cursor.is_at_top() || self.rooms.rises_after(cursor.page, self.layouter)?)
    }

    /// The first place from here on where that much fits; when no page can hold it, the top of a page.
    pub(super) fn seek(&mut self, cursor: Cursor, height: f32) -> Result<Cursor, Stop> {
        let mut place = cursor;
        while !self.fits(place, height)? && self.can_move(place)? {
            place = place.next_page();
        }
        Ok(place)
    }

    /// Whether that much fits below a place.
    pub(super) fn fits(&mut self, cursor: Cursor, height: f32) -> Result<bool, Stop> {
        Ok(cursor.y + height <= self.height(cursor.page)? + FIT_TOLERANCE)
    }

    /// Puts something at a place or further on; appends its pieces and gives the place below it.
    pub(super) fn place(
        &mut self,
        measured: &Measured<'a>,
        cursor: Cursor,
        out: &mut Vec<Fragment>,
    ) -> Result<Cursor, Stop> {
        let on_grid = self.on_grid(measured, cursor)?;
        if !measured.has_breaks && self.fits(on_grid, measured.height)? {
            return Ok(whole(measured, on_grid, out));
        }
        if measured.keeps_together() && !measured.has_breaks {
            let next = self.seek(cursor.next_page(), measured.height)?;
            let next = self.on_grid(measured, next)?;
            if self.fits(next, measured.height)? {
                return Ok(whole(measured, next, out));
            }
        }
        let upright = measured.rotation == 0.0 && measured.opacity >= 1.0;
        match &measured.content {
            Content::Text(text) if upright && !text.clip && !text.is_vertical => {
                self.place_text(measured, text, cursor, out)
            }
            Content::Column { children, look } if upright => {
                let [top, _, bottom, _] = look.padding;
                self.place_column(Column { children, height: measured.height, top, bottom }, cursor, out)
            }
            Content::Flow(flow) if upright => self.place_columns(flow, cursor, out),
            Content::Rich(rich) if upright && !rich.clip && !rich.is_vertical => {
                self.place_rich(measured, rich, cursor, out)
            }
            Content::Table(table) if upright => self.place_table(measured, table, cursor, out),
            _ => self.place_whole(measured, cursor, out),
        }
    }

    /// The place from there on where the first line of a text stands on the grid, when it asks for that.
    fn on_grid(&mut self, measured: &Measured<'a>, cursor: Cursor) -> Result<Cursor, Stop> {
        match &measured.content {
            Content::Text(text) if text.snaps => {
                let [top, _, _, _] = text.look.padding;
                Ok(cursor.below(self.grid_shift(text, cursor, top)?))
            }
            _ => Ok(cursor),
        }
    }

    /// Puts what must not be cut on this page or a further one.
    fn place_whole(
        &mut self,
        measured: &Measured<'a>,
        cursor: Cursor,
        out: &mut Vec<Fragment>,
    ) -> Result<Cursor, Stop> {
        let start = self.seek(cursor, measured.height)?;
        let fragment = self.uncut(measured, start)?;
        let end = start.below(fragment.height);
        out.push(fragment);
        Ok(end)
    }

    /// What must not be cut, at a place; what is taller than a page is an error, unless the node says what else.
    pub(super) fn uncut(&mut self, measured: &Measured<'a>, place: Cursor) -> Result<Fragment, Stop> {
        let whole = Fragment { page: place.page, y: place.y, height: measured.height, part: Part::Whole };
        if self.fits(place, measured.height)? {
            return Ok(whole);
        }
        let room = self.height(place.page)?;
        let free = (room - place.y).max(0.0);
        let part = match measured.node.too_tall {
            TooTall::Scale if free > 0.0 => Part::Scaled(free / measured.height),
            TooTall::Cut => Part::Cut,
            TooTall::Error | TooTall::Scale => {
                self.report_too_tall(measured, measured.height, room);
                return Ok(whole);
            }
        };
        if let Some(trial) = &mut self.trial {
            // Only what is too tall for the page is made smaller, not what is too tall for even columns.
            trial.too_tall |= trial.is_limited;
        }
        Ok(Fragment { height: free, part, ..whole })
    }

    /// Records that something is taller than a page.
    pub(super) fn report_too_tall(&mut self, measured: &Measured<'a>, height: f32, room: f32) {
        if let Some(trial) = &mut self.trial {
            trial.too_tall = true;
            return;
        }
        let site = Site::of(measured.node, "");
        if let Content::Text(TextBox { clip: true, .. }) = measured.content {
            let message = format!("the text box is {height:.1} points high, the page has room for {room:.1}");
            self.layouter.warn(codes::OVERFLOW, site, message, None);
            return;
        }
        let message = format!("it is {height:.1} points high and cannot be cut, the page has room for {room:.1}");
        let hint = "make it smaller, or use what can be cut: text, a table, or a frame that stacks its nodes downwards";
        self.layouter.error(codes::OVERFLOW, site, message, Some(hint.to_owned()));
    }

    fn place_text(
        &mut self,
        measured: &Measured<'a>,
        text: &TextBox<'a>,
        cursor: Cursor,
        out: &mut Vec<Fragment>,
    ) -> Result<Cursor, Stop> {
        let [top, _, bottom, _] = text.look.padding;
        let block = &text.text.block;
        let tops: Vec<f32> = self.breaking(text).lines.iter().map(|line| line.y).collect();
        let height_of = |from: usize, to: usize| {
            let first = tops.get(from).copied().unwrap_or(0.0);
            tops.get(to.saturating_sub(1)).map_or(0.0, |last| last + block.line_height - first)
        };
        let count = tops.len();
        let mut cursor = cursor;
        let mut from = 0;
        while from < count {
            let above = if from == 0 { top } else { 0.0 };
            let shift = self.grid_shift(text, cursor, above)?;
            let room = self.height(cursor.page)? + FIT_TOLERANCE - cursor.y - shift - above;
            let fitting = (from..count).take_while(|last| height_of(from, last + 1) <= room).count();
            let rest = count - from;
            let with_bottom = fitting == rest && height_of(from, count) + bottom <= room;
            let taken =
                if with_bottom { rest } else { self.breaking(text).most(from, fitting.min(rest.saturating_sub(1))) };
            if taken == 0 && self.can_move(cursor)? {
                cursor = cursor.next_page();
                continue;
            }
            if taken == 0
                && let Some(trial) = &mut self.trial
            {
                // Columns are not made so low that lines which belong together are parted.
                trial.too_tall |= trial.is_limited;
            }
            // On a fresh page at least one line is put, so that this ends.
            let taken = if taken == 0 { fitting.clamp(1, rest) } else { taken };
            if fitting == 0 {
                self.report_too_tall(measured, block.line_height, room);
            }
            let to = from + taken;
            let below = if to == count { bottom } else { 0.0 };
            let mut height = above + height_of(from, to) + below;
            if from == 0 && to == count {
                height = height.max(measured.height.min(room + above));
            }
            let part = Part::Lines(from..to);
            out.push(Fragment { page: cursor.page, y: cursor.y + shift, height, part });
            cursor = if to == count { cursor.below(shift + height) } else { cursor.next_page() };
            from = to;
        }
        Ok(cursor)
    }

    /// Height of the smallest piece with which something may begin at the end of a page.
    pub(super) fn first_piece_height(&self, measured: &Measured<'a>) -> f32 {
        if measured.keeps_together() {
            return measured.height;
        }
        match &measured.content {
            Content::Text(text) if !text.clip && !text.is_vertical => {
                let [top, _, _, _] = text.look.padding;
                let block = &text.text.block;
                let breaking = self.breaking(text);
                let least = breaking.least();
                let grid = self.layouter.template.page.baseline.filter(|_| text.snaps);
                let shift = grid.map_or(0.0, |grid| grid.step);
                shift
                    + match breaking.lines.get(least.saturating_sub(1)) {
                        Some(last) if least < block.lines.len() => {
                            (top + last.y + block.line_height).min(measured.height)
                        }
                        _ => measured.height,
                    }
            }
            Content::Column { look, children } => {
                let [top, _, _, _] = look.padding;
                top + self.first_row_height(children)
            }
            Content::Flow(flow) => self.first_row_height(&flow.children),
            Content::Rich(rich) if !rich.clip && !rich.is_vertical => {
                super::place_rich::first_piece_height(rich).min(measured.height)
            }
            Content::Table(table) => super::place_table::first_piece_height(table),
            _ => measured.height,
        }
    }

    fn first_row_height(&self, children: &[Measured<'a>]) -> f32 {
        match first_row(children) {
            [only] => self.first_piece_height(only),
            row => height_of(row),
        }
    }

    fn breaking(&self, text: &TextBox<'a>) -> Breaking<'_> {
        let lines = &text.text.block.lines;
        let lines = self.layouter.store.lines.get(lines.start as usize..lines.end as usize).unwrap_or_default();
        let [orphans, widows] = text.lines_together.map(usize::from);
        Breaking { lines, orphans, widows }
    }
}

fn whole(measured: &Measured<'_>, cursor: Cursor, out: &mut Vec<Fragment>) -> Cursor {
    out.push(Fragment { page: cursor.page, y: cursor.y, height: measured.height, part: Part::Whole });
    cursor.below(measured.height)
}
