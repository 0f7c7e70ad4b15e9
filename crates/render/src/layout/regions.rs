//! Regions: what content flows through, one after the other. Pages are regions, and so are columns on pages.

use super::place::{Cursor, FIT_TOLERANCE};
use super::state::{Layouter, Stop};
use crate::template::model::BreakTo;

/// Regions by their number, in the order in which they are filled. There is always another one.
pub(super) trait Regions {
    /// Height of a region.
    fn height(&mut self, region: u32, layouter: &mut Layouter<'_>) -> Result<f32, Stop>;

    /// Distance of the top of a region from the top of the paper.
    fn top(&mut self, region: u32, layouter: &mut Layouter<'_>) -> Result<f32, Stop>;

    /// The region where what stands after a break begins.
    fn after(&self, region: u32, to: BreakTo) -> u32;

    /// Whether what stands after such a break may begin in this region.
    fn begins(&self, region: u32, to: BreakTo) -> bool;

    /// Whether it is the first page, which a break before everything leaves empty because it was asked for.
    fn opens(&self, region: u32) -> bool;

    /// Whether a region further on is higher than this one, so that what is too tall for all of this one may move on.
    fn rises_after(&mut self, region: u32, layouter: &mut Layouter<'_>) -> Result<bool, Stop>;
}

/// One region without end: for content that is measured.
pub(super) struct Endless;

impl Regions for Endless {
    fn height(&mut self, _region: u32, _layouter: &mut Layouter<'_>) -> Result<f32, Stop> {
        Ok(f32::INFINITY)
    }

    fn top(&mut self, _region: u32, _layouter: &mut Layouter<'_>) -> Result<f32, Stop> {
        Ok(0.0)
    }

    fn after(&self, region: u32, _to: BreakTo) -> u32 {
        region.saturating_add(1)
    }

    fn begins(&self, _region: u32, _to: BreakTo) -> bool {
        true
    }

    fn opens(&self, _region: u32) -> bool {
        false
    }

    fn rises_after(&mut self, _region: u32, _layouter: &mut Layouter<'_>) -> Result<bool, Stop> {
        Ok(false)
    }
}

/// The columns of a frame, which stand beside each other on every page that the frame is on.
pub(super) struct ColumnRegions<'r> {
    /// The pages; columns again, when the frame stands in columns.
    pub(super) outer: &'r mut dyn Regions,
    /// Where the frame begins.
    pub(super) start: Cursor,
    /// Columns on a page.
    pub(super) count: u32,
    pub(super) limit: Option<HeightLimit>,
}

/// A height that the columns of a page and of all further ones must not exceed.
#[derive(Clone, Copy)]
pub(super) struct HeightLimit {
    /// Pages from the one on which the frame begins.
    pub(super) offset: u32,
    pub(super) height: f32,
}

impl ColumnRegions<'_> {
    /// How many pages further on a column stands than the first one.
    fn offset(&self, region: u32) -> u32 {
        region / self.count.max(1)
    }

    fn page(&self, region: u32) -> u32 {
        self.start.page.saturating_add(self.offset(region))
    }

    fn first_of(&self, page: u32) -> u32 {
        page.saturating_sub(self.start.page).saturating_mul(self.count)
    }
}

impl Regions for ColumnRegions<'_> {
    fn height(&mut self, region: u32, layouter: &mut Layouter<'_>) -> Result<f32, Stop> {
        let (offset, page) = (self.offset(region), self.page(region));
        let limit = self.limit.filter(|limit| offset >= limit.offset);
        if let Some(limit) = limit.filter(|limit| offset > limit.offset) {
            // It is only tried whether that much is needed.
            return Ok(limit.height);
        }
        let above = if offset == 0 { self.start.y } else { 0.0 };
        let height = (self.outer.height(page, layouter)? - above).max(0.0);
        Ok(limit.map_or(height, |limit| height.min(limit.height)))
    }

    fn top(&mut self, region: u32, layouter: &mut Layouter<'_>) -> Result<f32, Stop> {
        let (offset, page) = (self.offset(region), self.page(region));
        if self.limit.is_some_and(|limit| offset > limit.offset) {
            return Ok(0.0);
        }
        let above = if offset == 0 { self.start.y } else { 0.0 };
        Ok(self.outer.top(page, layouter)? + above)
    }

    fn after(&self, region: u32, to: BreakTo) -> u32 {
        match to {
            BreakTo::Column => region.saturating_add(1),
            to => self.first_of(self.outer.after(self.page(region), to)),
        }
    }

    fn begins(&self, region: u32, to: BreakTo) -> bool {
        let is_top = || self.offset(region) > 0 || self.start.is_at_top();
        to == BreakTo::Column
            || region.is_multiple_of(self.count.max(1)) && is_top() && self.outer.begins(self.page(region), to)
    }

    fn opens(&self, _region: u32) -> bool {
        false
    }

    fn rises_after(&mut self, region: u32, layouter: &mut Layouter<'_>) -> Result<bool, Stop> {
        let (offset, page) = (self.offset(region), self.page(region));
        if self.limit.is_some_and(|limit| offset >= limit.offset) {
            return Ok(false);
        }
        if offset == 0 && self.start.y > FIT_TOLERANCE {
            let here = self.height(region, layouter)?;
            let next = self.height(self.first_of(page.saturating_add(1)), layouter)?;
            return Ok(next > here + FIT_TOLERANCE);
        }
        self.outer.rises_after(page, layouter)
    }
}
