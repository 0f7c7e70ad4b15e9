//! Putting tables on pages: cut between rows, with the header again on each page.

use std::ops::Range;

use super::measured::{Measured, MeasuredTable, Row};
use super::place::{Cursor, FIT_TOLERANCE, Fragment, Part, Placer, RowsPart};
use super::state::Stop;

/// Height of the header and the first row, with which a table may begin at the end of a page.
pub(super) fn first_piece_height(table: &MeasuredTable<'_>) -> f32 {
    let header = table.header.as_ref().map_or(0.0, |row| row.height);
    let first = table.rows.first().map_or(0.0, |row| row.height);
    let totals = if table.rows.len() <= 1 { heights(&table.totals) } else { 0.0 };
    header + first + totals
}

fn heights(rows: &[Row]) -> f32 {
    rows.iter().map(|row| row.height).sum()
}

/// The piece of a table on the page at hand.
struct Open {
    start: Cursor,
    y: f32,
    part: RowsPart,
}

impl Open {
    fn is_empty(&self) -> bool {
        self.part.rows.is_empty() && self.part.totals.is_empty() && self.part.cut.is_none()
    }
}

/// A table on its way onto pages.
struct Tabling<'t, 'a> {
    measured: &'t Measured<'a>,
    table: &'t MeasuredTable<'a>,
    header_height: f32,
    open: Open,
}

impl Tabling<'_, '_> {
    /// Begins a piece at a place; the header stands at the top of the first, and of the others when it is repeated.
    fn open(&mut self, start: Cursor, with_header: bool, next_row: usize, next_total: usize) {
        let header = with_header && self.table.header.is_some();
        let y = start.y + if header { self.header_height } else { 0.0 };
        let part = RowsPart { header, rows: next_row..next_row, totals: next_total..next_total, cut: None };
        self.open = Open { start, y, part };
    }

    fn close(&mut self, out: &mut Vec<Fragment>) {
        if self.is_void() && !out.is_empty() {
            return;
        }
        let part = std::mem::take(&mut self.open.part);
        let height = self.open.y - self.open.start.y;
        out.push(Fragment { page: self.open.start.page, y: self.open.start.y, height, part: Part::Rows(part) });
    }

    /// Whether nothing would be seen of the piece.
    fn is_void(&self) -> bool {
        self.open.is_empty() && !self.open.part.header
    }

    fn repeats_header(&self) -> bool {
        self.table.source.header.as_ref().is_some_and(|header| header.repeat)
    }
}

impl<'a> Placer<'_, 'a> {
    /// Puts a table on as many pages as it needs. The header keeps a row with it, the totals keep the last row.
    pub(super) fn place_table(
        &mut self,
        measured: &Measured<'a>,
        table: &MeasuredTable<'a>,
        cursor: Cursor,
        out: &mut Vec<Fragment>,
    ) -> Result<Cursor, Stop> {
        let header_height = table.header.as_ref().map_or(0.0, |row| row.height);
        let mut start = cursor;
        if !start.is_at_top() && !self.fits(start, first_piece_height(table))? {
            start = start.next_page();
        }
        let open = Open { start, y: start.y, part: RowsPart::default() };
        let mut tabling = Tabling { measured, table, header_height, open };
        tabling.open(start, true, 0, 0);
        let totals_height = heights(&table.totals);
        for (index, row) in table.rows.iter().enumerate() {
            let is_last = index + 1 == table.rows.len();
            let needed = row.height + if is_last { totals_height } else { 0.0 };
            if !self.fits_in(&tabling, needed)? {
                let fits_alone = self.fits_in(&tabling, row.height)?;
                let fresh = tabling.open.is_empty();
                // Totals that no page can hold together with a row are put where they fit.
                let hopeless = fits_alone && !self.fits_fresh(&tabling, needed)?;
                if !fresh && !hopeless {
                    self.turn_page(&mut tabling, index, 0, out)?;
                }
            }
            if self.fits_in(&tabling, row.height)? {
                tabling.open.y += row.height;
                tabling.open.part.rows.end = index + 1;
            } else if table.source.keep_rows {
                let room = self.room(tabling.open.start.page)?.height;
                self.report_too_tall(measured, row.height, room);
                tabling.open.y += row.height;
                tabling.open.part.rows.end = index + 1;
            } else {
                self.cut_row(&mut tabling, index, row, out)?;
            }
        }
        for (index, row) in table.totals.iter().enumerate() {
            if !self.fits_in(&tabling, row.height)? && !tabling.open.is_empty() {
                self.turn_page(&mut tabling, table.rows.len(), index, out)?;
            }
            tabling.open.y += row.height;
            tabling.open.part.totals.end = index + 1;
        }
        if out.is_empty() {
            let room = self.room(start.page)?.height - start.y;
            tabling.open.y = tabling.open.y.max(start.y + measured.height.min(room));
        }
        let end = Cursor { page: tabling.open.start.page, y: tabling.open.y };
        tabling.close(out);
        Ok(end)
    }

    fn fits_in(&mut self, tabling: &Tabling<'_, 'a>, height: f32) -> Result<bool, Stop> {
        self.fits(Cursor { page: tabling.open.start.page, y: tabling.open.y }, height)
    }

    /// Whether that much fits onto a page that begins with the table.
    fn fits_fresh(&mut self, tabling: &Tabling<'_, 'a>, height: f32) -> Result<bool, Stop> {
        let header = if tabling.repeats_header() { tabling.header_height } else { 0.0 };
        let next = tabling.open.start.next_page();
        self.fits(Cursor { page: next.page, y: header }, height)
    }

    fn turn_page(
        &mut self,
        tabling: &mut Tabling<'_, 'a>,
        next_row: usize,
        next_total: usize,
        out: &mut Vec<Fragment>,
    ) -> Result<(), Stop> {
        tabling.close(out);
        let start = tabling.open.start.next_page();
        // Looks whether there may be another page at all.
        self.room(start.page)?;
        let with_header = tabling.repeats_header();
        tabling.open(start, with_header, next_row, next_total);
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
                self.turn_page(tabling, index, 0, out)?;
            }
            let room = self.room(tabling.open.start.page)?.height + FIT_TOLERANCE - tabling.open.y;
            let mut to =
                if from + room >= row.height { row.height } else { self.cut_at(tabling.table, row, from + room) };
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
        tabling.open(below, false, index + 1, 0);
        Ok(())
    }

    /// The lowest place not below `limit` at which no line of any cell is cut.
    fn cut_at(&self, table: &MeasuredTable<'a>, row: &Row, limit: f32) -> f32 {
        let [top, _, _, _] = table.source.padding;
        let cells = table.cells.get(row.cells.start as usize..row.cells.end as usize).unwrap_or_default();
        let mut cut = limit;
        loop {
            let before = cut;
            for cell in cells {
                let block = &cell.text.block;
                let range: Range<usize> = block.lines.start as usize..block.lines.end as usize;
                for line in self.layouter.store.lines.get(range).unwrap_or_default() {
                    let line_top = top + line.y;
                    if line_top < cut && line_top + block.line_height > cut + FIT_TOLERANCE {
                        cut = line_top;
                    }
                }
            }
            if cut >= before {
                return cut;
            }
        }
    }
}
