//! Putting content into columns: down one column, then down the next one, then on the next page.
//!
//! Columns are regions like pages, so that everything that is cut between pages is cut between columns in the same way.
//! Where the content ends, the columns are made as low as they can be while they still hold it.

use super::measured::FlowBox;
use super::place::{Cursor, Fragment, Part, Placer, Trial};
use super::place_stack::Column;
use super::regions::{ColumnRegions, HeightLimit};
use super::state::Stop;

/// Columns whose heights differ by less than this many points are even.
const EVEN_POINTS: f32 = 0.25;

/// Heights that are tried for even columns: each try halves what is left, so that this is enough for any page.
const TRY_COUNT_MAX: usize = 20;

/// Points of content that one render puts into columns only to try: a book of a thousand pages ten times over. Columns
/// in columns in columns would multiply the tries; beyond this, columns are left as they are filled.
pub(super) const TRIED_POINTS_MAX: f64 = 50_000_000.0;

/// Content in columns: its pieces by column, counted from the first one of the first page.
pub(super) struct Filled {
    pub(super) pieces: Vec<Fragment>,
    /// Columns on a page.
    count: u32,
    /// Whether something is taller than its column.
    too_tall: bool,
}

impl Filled {
    /// How many pages further on than the first one the content ends.
    pub(super) fn last(&self) -> u32 {
        self.pieces.iter().map(|piece| piece.page / self.count).max().unwrap_or(0)
    }

    /// Height of the highest column of a page.
    pub(super) fn tallest(&self, offset: u32) -> f32 {
        self.on(offset).fold(0.0, |height: f32, piece| height.max(piece.y + piece.height))
    }

    fn on(&self, offset: u32) -> impl Iterator<Item = &Fragment> {
        self.pieces.iter().filter(move |piece| piece.page / self.count == offset)
    }
}

impl<'a> Placer<'_, 'a> {
    /// Puts content into columns on as many pages as it needs.
    pub(super) fn place_columns(
        &mut self,
        flow: &FlowBox<'a>,
        cursor: Cursor,
        out: &mut Vec<Fragment>,
    ) -> Result<Cursor, Stop> {
        let outer = self.trial;
        self.trial = Some(Trial { too_tall: false, ..outer.unwrap_or_default() });
        let mut filled = self.fill(flow, cursor, None)?;
        if flow.balance {
            filled = self.level(flow, cursor, filled)?;
        }
        self.trial = outer;
        if filled.too_tall {
            match &mut self.trial {
                Some(trial) => trial.too_tall = true,
                // What is wrong is said once the content has its place.
                None => filled = self.fill(flow, cursor, None)?,
            }
        }
        let last = filled.last();
        let mut end = cursor;
        let mut pieces = filled.pieces.into_iter().peekable();
        while let Some(first) = pieces.peek() {
            let offset = first.page / filled.count;
            let mut columns = Vec::new();
            let mut height: f32 = 0.0;
            while let Some(piece) = pieces.next_if(|piece| piece.page / filled.count == offset) {
                height = height.max(piece.y + piece.height);
                columns.push((piece.page % filled.count, piece));
            }
            let page = cursor.page.saturating_add(offset);
            let y = if offset == 0 { cursor.y } else { 0.0 };
            out.push(Fragment { page, y, height, part: Part::Columns(columns) });
            if offset == last {
                end = Cursor { page, y: y + height };
            }
        }
        Ok(end)
    }

    /// Puts content into columns from a place on.
    pub(super) fn fill(
        &mut self,
        flow: &FlowBox<'a>,
        start: Cursor,
        limit: Option<HeightLimit>,
    ) -> Result<Filled, Stop> {
        let mut trial = self.trial;
        if let Some(trial) = &mut trial {
            trial.is_limited |= limit.is_some();
        }
        let mut regions = ColumnRegions { outer: &mut *self.rooms, start, count: flow.count, limit };
        let mut inner = Placer { layouter: &mut *self.layouter, rooms: &mut regions, trial };
        let mut pieces = Vec::new();
        let column = Column { children: &flow.children, height: 0.0, top: 0.0, bottom: 0.0 };
        inner.place_column(column, Cursor { page: 0, y: 0.0 }, &mut pieces)?;
        let too_tall = inner.trial.is_some_and(|trial| trial.too_tall);
        Ok(Filled { pieces, count: flow.count.max(1), too_tall })
    }

    /// Whether content may be put into columns once more, which is counted.
    fn may_try(&mut self, flow: &FlowBox<'a>) -> bool {
        let height = flow.children.last().map_or(0.0, |last| f64::from(last.bottom().max(0.0)));
        let cost = height + f64::from(crate::text::index32(flow.children.len()));
        let left = &mut self.layouter.tried_points_left;
        *left -= cost;
        *left >= 0.0
    }

    /// Makes the columns of the last page as low as they can be.
    pub(super) fn level(&mut self, flow: &FlowBox<'a>, start: Cursor, filled: Filled) -> Result<Filled, Stop> {
        let last = filled.last();
        let mut best = filled;
        let mut high = best.tallest(last);
        // What is left out at the tops of columns may make them lower than their share of all heights.
        let mut low = 0.8 * best.on(last).map(|piece| piece.height).sum::<f32>() / super::narrow(f64::from(flow.count));
        for _try in 0..TRY_COUNT_MAX {
            if high - low < EVEN_POINTS || !self.may_try(flow) {
                break;
            }
            let height = f32::midpoint(low, high);
            let tried = self.fill(flow, start, Some(HeightLimit { offset: last, height }))?;
            if tried.too_tall || tried.last() > last {
                low = height;
            } else {
                high = tried.tallest(last).min(height);
                best = tried;
            }
        }
        Ok(best)
    }
}
