//! Putting tables on pages: cut between rows, with the header again on each page.
//!
//! Rows hold on to each other more or less. What holds together goes onto one page when a page can hold it; when none
//! can, it is parted where it holds least.

use std::ops::Range;

use super::measured::Measured;
use super::place::{Cursor, FIT_TOLERANCE, Fragment, Part, Placer, RowsPart};
use super::state::Stop;
use super::table::{MeasuredTable, Row, glue, heights};
use crate::template::model::BreakTo;

/// Height of the header and the first rows, with which a table may begin at the end of a page.
pub(super) fn first_piece_height(table: &MeasuredTable<'_>) -> f32 {
    let first = chain(&table.rows, table.header_count..table.rows.len(), glue::STRONG);
    table.header_height() + heights(table.rows.get(first).unwrap_or_default())
}

/// The first rows of a range that hold on to each other at least that strongly.
fn chain(rows: &[Row], range: Range<usize>, strength: u8) -> Range<usize> {
    let mut end = range.start;
    while end < range.end {
        end += 1;
        let parted = rows.get(end).is_some_and(|below| below.new_page)
            || rows.get(end - 1).is_none_or(|above| above.hold() < strength);
        if parted {
            break;
        }
    }
    range.start..end
}

/// The piece of a table on the page at hand.
struct Open {
    start: Cursor,
    y: f32,
    part: RowsPart,
    /// Whether another piece of the table stands above it on the page.
    follows: bool,
}

impl Open {
    fn is_empty(&self) -> bool {
        self.part.rows.is_empty()
    }
}

/// A table on its way onto pages.
struct Tabling<'t, 'a> {
    measured: &'t Measured<'a>,
    table: &'t MeasuredTable<'a>,
    header_height: f32,
    /// Heights of the rows that tell what is carried, at the top and at the bottom.
    carry_heights: [f32; 2],
    open: Open,
}

impl Tabling<'_, '_> {
    /// Begins a piece at the top of a page; it has the header when that is repeated, and what is carried.
    fn open_page(&mut self, start: Cursor, next_row: usize) {
        let header = self.repeats_header();
        let [carried, _] = self.carry_heights;
        let y = start.y + self.top_height();
        let part = RowsPart { header, carry_top: carried > 0.0, rows: next_row..next_row, ..RowsPart::default() };
        self.open = Open { start, y, part, follows: false };
    }

    fn close(&mut self, out: &mut Vec<Fragment>) {
        if self.open.is_empty() && !self.open.part.header && !out.is_empty() {
            return;
        }
        let part = std::mem::take(&mut self.open.part);
        let height = self.open.y - self.open.start.y;
        out.push(Fragment { page: self.open.start.page, y: self.open.start.y, height, part: Part::Rows(part) });
    }

    fn repeats_header(&self) -> bool {
        self.table.header_count > 0 && self.table.source.header.as_ref().is_some_and(|header| header.repeat)
    }

    /// Height of what stands above the rows on further pages.
    fn top_height(&self) -> f32 {
        let header = if self.repeats_header() { self.header_height } else { 0.0 };
        let [carried, _] = self.carry_heights;
        header + carried
    }

    /// Height of what stands below rows up to this one, when the page ends after it.
    fn bottom_height(&self, end: usize) -> f32 {
        let [_, carried] = self.carry_heights;
        if end < self.table.rows.len() { carried } else { 0.0 }
    }

    fn rows(&self, range: Range<usize>) -> &[Row] {
        self.table.rows.get(range).unwrap_or_default()
    }
}

impl<'a> Placer<'_, 'a> {
    /// Puts a table on as many pages as it needs.
    pub(super) fn place_table(
        &mut self,
        measured: &Measured<'a>,
        table: &MeasuredTable<'a>,
        cursor: Cursor,
        out: &mut Vec<Fragment>,
    ) -> Result<Cursor, Stop> {
        let header_height = table.header_height();
        let carried = |row: Option<&Row>| row.map_or(0.0, |row| row.height);
        let carry = table.carry.as_deref();
        let carry_heights = [
            carried(carry.and_then(|carry| carry.top.as_ref())),
            carried(carry.and_then(|carry| carry.bottom.as_ref())),
        ];
        let body = table.header_count..table.rows.len();
        let part = RowsPart { header: table.header_count > 0, rows: body.start..body.start, ..RowsPart::default() };
        let open = Open { start: cursor, y: cursor.y + header_height, part, follows: false };
        let mut tabling = Tabling { measured, table, header_height, carry_heights, open };
        while self.can_move(tabling.open.start)? && !self.begins_here(&tabling, body.clone())? {
            tabling.open.start = tabling.open.start.next_page();
            tabling.open.y = header_height;
        }
        let start = tabling.open.start;
        self.place_rows(&mut tabling, body, glue::GROUP, out)?;
        if out.is_empty() {
            let room = self.height(start.page)? - start.y;
            tabling.open.y = tabling.open.y.max(start.y + measured.height.min(room));
        }
        let end = Cursor { page: tabling.open.start.page, y: tabling.open.y };
        tabling.close(out);
        Ok(end)
    }

    /// Whether the first rows fit below the header here, when a page can hold them at all.
    fn begins_here(&mut self, tabling: &Tabling<'_, 'a>, body: Range<usize>) -> Result<bool, Stop> {
        for strength in [glue::GROUP, glue::STRONG] {
            let first = chain(&tabling.table.rows, body.clone(), strength);
            let height = heights(tabling.rows(first.clone())) + tabling.bottom_height(first.end);
            if self.fits_in(tabling, height)? {
                return Ok(true);
            }
            let fresh = Cursor { y: tabling.header_height, ..tabling.open.start.next_page() };
            if self.fits(fresh, height)? {
                return Ok(false);
            }
        }
        Ok(false)
    }

    /// Puts rows on pages, those that hold together that strongly or more on one page.
    fn place_rows(
        &mut self,
        tabling: &mut Tabling<'_, 'a>,
        range: Range<usize>,
        strength: u8,
        out: &mut Vec<Fragment>,
    ) -> Result<(), Stop> {
        let mut next = range.start;
        while next < range.end {
            let chain = chain(&tabling.table.rows, next..range.end, strength);
            next = chain.end;
            self.place_chain(tabling, chain, out)?;
        }
        Ok(())
    }

    fn place_chain(
        &mut self,
        tabling: &mut Tabling<'_, 'a>,
        chain: Range<usize>,
        out: &mut Vec<Fragment>,
    ) -> Result<(), Stop> {
        let rows = tabling.table.rows.get(chain.clone()).unwrap_or_default();
        let can_turn = !tabling.open.is_empty() || tabling.open.follows;
        if can_turn && rows.first().is_some_and(|row| row.new_page) {
            let next = self.after(tabling.open.start, BreakTo::Page);
            self.turn_page(tabling, next, chain.start, out)?;
        }
        let needed = heights(rows) + tabling.bottom_height(chain.end);
        if !self.fits_in(tabling, needed)? {
            let can_turn = !tabling.open.is_empty() || tabling.open.follows;
            let fresh = self.fresh(tabling, needed)?;
            if rows.len() > 1 && fresh.is_none() {
                let (_, but_last) = rows.split_last().unzip();
                let least = but_last.unwrap_or_default().iter().map(Row::hold).min().unwrap_or(glue::NONE);
                return self.place_rows(tabling, chain, least.saturating_add(1), out);
            }
            if can_turn {
                let next = fresh.unwrap_or(tabling.open.start.next_page());
                self.turn_page(tabling, next, chain.start, out)?;
            } else if let Some(start) = fresh {
                // The page at hand has less room than the next one: nothing but the header moves on with the rows.
                let top = tabling.open.y - tabling.open.start.y;
                tabling.open.start = start;
                tabling.open.y = top;
            }
        }
        match rows {
            [row] if !self.fits_in(tabling, needed)? => self.place_tall_row(tabling, chain.start, row, out),
            _ => {
                rows.iter().for_each(|row| tabling.open.y += row.height);
                tabling.open.part.rows.end = chain.end;
                Ok(())
            }
        }
    }

    /// A row for which a page of its own is too low.
    fn place_tall_row(
        &mut self,
        tabling: &mut Tabling<'_, 'a>,
        index: usize,
        row: &Row,
        out: &mut Vec<Fragment>,
    ) -> Result<(), Stop> {
        let is_joined = row.joined
            || index.checked_sub(1).and_then(|above| tabling.table.rows.get(above)).is_some_and(|above| above.joined);
        if !tabling.table.source.keep_rows && !is_joined {
            return self.cut_row(tabling, index, row, out);
        }
        let room = self.height(tabling.open.start.page)?;
        self.report_too_tall(tabling.measured, row.height, room);
        tabling.open.y += row.height;
        tabling.open.part.rows.end = index + 1;
        Ok(())
    }

    fn fits_in(&mut self, tabling: &Tabling<'_, 'a>, height: f32) -> Result<bool, Stop> {
        self.fits(Cursor { page: tabling.open.start.page, y: tabling.open.y }, height)
    }

    /// The next page that can hold that much when it begins with the table, if any can.
    fn fresh(&mut self, tabling: &Tabling<'_, 'a>, height: f32) -> Result<Option<Cursor>, Stop> {
        let mut next = tabling.open.start.next_page();
        while !self.fits(Cursor { page: next.page, y: tabling.top_height() }, height)? {
            if !self.can_move(next)? {
                return Ok(None);
            }
            next = next.next_page();
        }
        Ok(Some(next))
    }

    fn turn_page(
        &mut self,
        tabling: &mut Tabling<'_, 'a>,
        start: Cursor,
        next_row: usize,
        out: &mut Vec<Fragment>,
    ) -> Result<(), Stop> {
        let [_, carried] = tabling.carry_heights;
        if carried > 0.0 {
            tabling.open.part.carry_bottom = true;
            tabling.open.y += carried;
        }
        tabling.close(out);
        // Looks whether there may be another page at all.
        self.height(start.page)?;
        tabling.open_page(start, next_row);
        Ok(())
    }

    /// Cuts a row that is taller than a page between its lines.
    fn cut_row(
        &mut self,
        tabling: &mut Tabling<'_, 'a>,
        index: usize,
        row: &Row,
        out: &mut Vec<Fragment>,
    ) -> Result<(), Stop> {
        let mut from = 0.0;
        while from < row.height {
            if !tabling.open.is_empty() {
                let next = tabling.open.start.next_page();
                self.turn_page(tabling, next, index, out)?;
            }
            let room = self.height(tabling.open.start.page)? + FIT_TOLERANCE - tabling.open.y;
            let all = from + room >= row.height + tabling.bottom_height(index + 1);
            let room = room - tabling.bottom_height(0);
            let mut to = if all { row.height } else { self.cut_at(tabling.table, row, (from + room).min(row.height)) };
            if to <= from {
                self.report_too_tall(tabling.measured, row.height, room);
                to = row.height;
            }
            tabling.open.part.rows = index..index + 1;
            tabling.open.part.cut = Some((from, to));
            tabling.open.y += to - from;
            from = to;
        }
        // What follows stands on a piece of its own, so that a cut piece has one row only.
        let below = Cursor { page: tabling.open.start.page, y: tabling.open.y };
        tabling.close(out);
        let part = RowsPart { rows: index + 1..index + 1, ..RowsPart::default() };
        tabling.open = Open { start: below, y: below.y, part, follows: true };
        Ok(())
    }

    /// The lowest place not below `limit` at which no line and no node of any cell is cut.
    fn cut_at(&self, table: &MeasuredTable<'a>, row: &Row, limit: f32) -> f32 {
        let [top, _, _, _] = table.source.padding;
        let cells = table.cells.get(row.cells.start as usize..row.cells.end as usize).unwrap_or_default();
        let mut cut = limit;
        loop {
            let before = cut;
            let mut spare = |from: f32, to: f32| {
                if from < cut && to > cut + FIT_TOLERANCE {
                    cut = from;
                }
            };
            for cell in cells {
                let block = &cell.text.block;
                let range: Range<usize> = block.lines.start as usize..block.lines.end as usize;
                for line in self.layouter.store.lines.get(range).unwrap_or_default() {
                    let line_top = top + cell.down + line.y;
                    spare(line_top, line_top + block.line_height);
                }
                for node in cell.extra.iter().flat_map(|extra| &extra.nodes) {
                    spare(top + node.y, top + node.bottom());
                }
            }
            if cut >= before {
                return cut;
            }
        }
    }
}
