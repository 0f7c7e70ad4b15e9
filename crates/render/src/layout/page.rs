//! Pages: which bands stand on each, and what room they leave for the body.

use super::place::FIT_TOLERANCE;
use super::regions::Regions;
use super::state::{Layouter, Site, Stop};
use crate::diagnostic::codes;
use crate::template::model::{Band, BandOn, BreakTo, Layer, Template};

/// The room for the body on a page, in page coordinates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Room {
    pub(super) top: f32,
    pub(super) height: f32,
}

/// A body needs this many points; less would not take one line of the smallest print.
const ROOM_HEIGHT_MIN: f32 = 4.0;

/// The band for a page.
pub(super) fn band_for(bands: &[Band], page: u32, is_last: bool) -> Option<&Band> {
    chosen(bands, |band| band.on, page, is_last)
}

/// The layer for a page.
pub(super) fn layer_for(layers: &[Layer], page: u32, is_last: bool) -> Option<&Layer> {
    chosen(layers, |layer| layer.on, page, is_last)
}

/// What stands on a page: the most specific that matches, the first of equals. `first` goes before `last`.
fn chosen<T>(all: &[T], on: impl Fn(&T) -> BandOn, page: u32, is_last: bool) -> Option<&T> {
    let rank = |on: BandOn| match on {
        BandOn::First if page == 0 => Some(0),
        BandOn::Last if is_last => Some(1),
        // Pages are numbered from 1.
        BandOn::Odd if page.is_multiple_of(2) => Some(2),
        BandOn::Even if !page.is_multiple_of(2) => Some(2),
        BandOn::Rest if page > 0 => Some(2),
        BandOn::NotLast if !is_last => Some(2),
        BandOn::All => Some(3),
        BandOn::First | BandOn::Last | BandOn::Odd | BandOn::Even | BandOn::Rest | BandOn::NotLast => None,
    };
    let ranked = all.iter().filter_map(|one| Some((rank(on(one))?, one)));
    ranked.min_by_key(|(rank, _)| *rank).map(|(_, one)| one)
}

/// The room that margins and bands leave.
pub(super) fn room(template: &Template, page: u32, is_last: bool) -> Room {
    let [top, _, bottom, _] = template.page.margin;
    let header = band_for(&template.header, page, is_last).map_or(0.0, |band| band.height);
    let footer = band_for(&template.footer, page, is_last).map_or(0.0, |band| band.height);
    Room { top: top + header, height: template.page.size.height - top - bottom - header - footer }
}

/// The rooms of all pages, found as they are needed.
#[derive(Debug)]
pub(super) struct Rooms {
    rooms: Vec<Room>,
    /// From this page on, the body has no more room than the bands of a last page leave beside the usual ones.
    last: Option<u32>,
}

impl Rooms {
    /// Rooms when that page is the last one, or when that is not known.
    pub(super) fn new(last: Option<u32>) -> Self {
        Self { rooms: Vec::new(), last }
    }

    /// The room of a page.
    pub(super) fn get(&mut self, page: u32, layouter: &mut Layouter<'_>) -> Result<Room, Stop> {
        while self.rooms.len() <= page as usize {
            let number = crate::text::index32(self.rooms.len());
            if number >= layouter.limits().page_count_max {
                let message = format!("the document has more than {} pages", layouter.limits().page_count_max);
                return Err(layouter.limit(Site { pointer: "/body", property: "", node: None }, message));
            }
            let room = self.room_of(number, layouter.template);
            if room.height < ROOM_HEIGHT_MIN {
                let message = format!("margins and bands leave no room for the body on page {}", number + 1);
                let site = Site { pointer: "/page", property: "", node: None };
                let hint = "make the bands lower or the margins smaller".to_owned();
                layouter.error(codes::OVERFLOW, site, message, Some(hint));
                return Err(Stop);
            }
            self.rooms.push(room);
        }
        Ok(self.rooms.get(page as usize).copied().unwrap_or(Room { top: 0.0, height: ROOM_HEIGHT_MIN }))
    }

    fn room_of(&self, page: u32, template: &Template) -> Room {
        let mut room = room(template, page, false);
        if self.last.is_some_and(|last| page >= last) {
            room.height = room.height.min(self::room(template, page, true).height);
        }
        room
    }
}

impl Regions for Rooms {
    fn height(&mut self, page: u32, layouter: &mut Layouter<'_>) -> Result<f32, Stop> {
        self.get(page, layouter).map(|room| room.height)
    }

    fn top(&mut self, page: u32, layouter: &mut Layouter<'_>) -> Result<f32, Stop> {
        self.get(page, layouter).map(|room| room.top)
    }

    fn after(&self, page: u32, to: BreakTo) -> u32 {
        let next = page.saturating_add(1);
        if self.begins(next, to) { next } else { next.saturating_add(1) }
    }

    fn begins(&self, page: u32, to: BreakTo) -> bool {
        match to {
            BreakTo::Page | BreakTo::Column => true,
            // Pages are numbered from 1.
            BreakTo::Odd => page.is_multiple_of(2),
            BreakTo::Even => !page.is_multiple_of(2),
        }
    }

    fn opens(&self, page: u32) -> bool {
        page == 0
    }

    fn rises_after(&mut self, page: u32, layouter: &mut Layouter<'_>) -> Result<bool, Stop> {
        let here = self.get(page, layouter)?.height;
        // Bands change with the first page, and with odd and even ones.
        let ahead = [1, 2].map(|more| self.room_of(page.saturating_add(more), layouter.template).height);
        Ok(ahead.into_iter().any(|height| height > here + FIT_TOLERANCE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bands(on: &[BandOn]) -> Vec<Band> {
        on.iter().map(|on| Band { on: *on, height: 10.0, nodes: Vec::new() }).collect()
    }

    #[test]
    fn the_most_specific_band_wins() {
        let all = bands(&[BandOn::All, BandOn::Rest, BandOn::Last, BandOn::First]);
        let chosen = |page, is_last| band_for(&all, page, is_last).map(|band| band.on);
        assert_eq!(chosen(0, false), Some(BandOn::First));
        assert_eq!(chosen(0, true), Some(BandOn::First));
        assert_eq!(chosen(1, false), Some(BandOn::Rest));
        assert_eq!(chosen(1, true), Some(BandOn::Last));
        let sides = bands(&[BandOn::Even, BandOn::Odd]);
        assert_eq!(band_for(&sides, 0, false).map(|band| band.on), Some(BandOn::Odd));
        assert_eq!(band_for(&sides, 1, false).map(|band| band.on), Some(BandOn::Even));
        assert!(band_for(&bands(&[BandOn::Rest]), 0, true).is_none());
        let before_last = bands(&[BandOn::All, BandOn::NotLast]);
        assert_eq!(band_for(&before_last, 0, false).map(|band| band.on), Some(BandOn::NotLast));
        assert_eq!(band_for(&before_last, 0, true).map(|band| band.on), Some(BandOn::All));
        assert!(band_for(&[], 3, true).is_none());
    }
}
