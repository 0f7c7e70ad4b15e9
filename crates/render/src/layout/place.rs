//! Putting measured content on pages: what fits stays whole, what may be cut is cut, the rest moves on.

use super::measured::{Content, Measured, TextBox};
use super::page::{Room, Rooms};
use super::state::{Layouter, Site, Stop};
use crate::diagnostic::codes;
use crate::template::model::Break;

/// Content may be this much taller than its room, in points: sums of rounded numbers are not exact.
pub(super) const FIT_TOLERANCE: f32 = 0.05;

/// Lines of a paragraph that stay together at the end of a page and at the beginning of one.
const LINES_TOGETHER: usize = 2;

/// A place in the body: a page, and the distance from the top of the body there.
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

    fn below(self, height: f32) -> Self {
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
    /// Some lines of a text, or pieces of rich text, counted from the first.
    Lines(std::ops::Range<usize>),
    /// Some children of a column.
    Children(Vec<(usize, Fragment)>),
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
    pub(super) rooms: &'p mut Rooms,
}

impl<'a> Placer<'_, 'a> {
    /// The room of a page.
    pub(super) fn room(&mut self, page: u32) -> Result<Room, Stop> {
        self.rooms.get(page, self.layouter)
    }

    /// Whether that much fits below a place.
    pub(super) fn fits(&mut self, cursor: Cursor, height: f32) -> Result<bool, Stop> {
        Ok(cursor.y + height <= self.room(cursor.page)?.height + FIT_TOLERANCE)
    }

    /// Puts something at a place or further on; appends its pieces and gives the place below it.
    pub(super) fn place(
        &mut self,
        measured: &Measured<'a>,
        cursor: Cursor,
        out: &mut Vec<Fragment>,
    ) -> Result<Cursor, Stop> {
        if !measured.has_breaks && self.fits(cursor, measured.height)? {
            return Ok(whole(measured, cursor, out));
        }
        let next_holds_it = !measured.has_breaks && self.fits(cursor.next_page(), measured.height)?;
        if measured.keeps_together() && next_holds_it {
            return Ok(whole(measured, cursor.next_page(), out));
        }
        let upright = measured.rotation == 0.0 && measured.opacity >= 1.0;
        match &measured.content {
            Content::Text(text) if upright && !text.clip => self.place_text(measured, text, cursor, out),
            Content::Column { children, look } if upright => {
                let [top, _, bottom, _] = look.padding;
                self.place_column(Column { measured, children, top, bottom }, cursor, out)
            }
            Content::Rich(rich) if upright && !rich.clip => self.place_rich(measured, rich, cursor, out),
            Content::Table(table) if upright => self.place_table(measured, table, cursor, out),
            _ => self.place_whole(measured, cursor, out),
        }
    }

    /// Puts what must not be cut on this page or the next; what is taller than a page is an error.
    fn place_whole(
        &mut self,
        measured: &Measured<'a>,
        cursor: Cursor,
        out: &mut Vec<Fragment>,
    ) -> Result<Cursor, Stop> {
        if self.fits(cursor, measured.height)? {
            return Ok(whole(measured, cursor, out));
        }
        let start = if cursor.is_at_top() { cursor } else { cursor.next_page() };
        if !self.fits(start, measured.height)? {
            let room = self.room(start.page)?.height;
            self.report_too_tall(measured, measured.height, room);
        }
        Ok(whole(measured, start, out))
    }

    /// Records that something is taller than a page.
    pub(super) fn report_too_tall(&mut self, measured: &Measured<'a>, height: f32, room: f32) {
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
        let tops: Vec<f32> = {
            let lines = block.lines.start as usize..block.lines.end as usize;
            self.layouter.store.lines.get(lines).unwrap_or_default().iter().map(|line| line.y).collect()
        };
        let height_of = |from: usize, to: usize| {
            let first = tops.get(from).copied().unwrap_or(0.0);
            tops.get(to.saturating_sub(1)).map_or(0.0, |last| last + block.line_height - first)
        };
        let count = tops.len();
        let mut cursor = cursor;
        let mut from = 0;
        while from < count {
            let above = if from == 0 { top } else { 0.0 };
            let room = self.room(cursor.page)?.height + FIT_TOLERANCE - cursor.y - above;
            let fitting = (from..count).take_while(|last| height_of(from, last + 1) <= room).count();
            let rest = count - from;
            let with_bottom = fitting == rest && height_of(from, count) + bottom <= room;
            let taken = if with_bottom { rest } else { lines_to_take(fitting.min(rest), rest) };
            if taken == 0 && !cursor.is_at_top() {
                cursor = cursor.next_page();
                continue;
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
            out.push(Fragment { page: cursor.page, y: cursor.y, height, part });
            cursor = if to == count { cursor.below(height) } else { cursor.next_page() };
            from = to;
        }
        Ok(cursor)
    }

    fn place_column(
        &mut self,
        column: Column<'_, 'a>,
        cursor: Cursor,
        out: &mut Vec<Fragment>,
    ) -> Result<Cursor, Stop> {
        let rows = rows_of(column.children);
        let mut start = cursor;
        if let Some(first) = rows.first() {
            let needed = column.top + self.least_height(column.children, &rows, first)?;
            if !start.is_at_top() && !self.fits(start, needed)? {
                start = start.next_page();
            }
        }
        let mut pieces = Pieces { pages: vec![Piece::new(start)], cursor: start.below(column.top) };
        let mut bottom_before = 0.0;
        let mut break_pending = false;
        for (index, row) in rows.iter().enumerate() {
            let children = column.children.get(row.clone()).unwrap_or_default();
            let [top, bottom] = ends(children);
            let gap = if index == 0 { top } else { top - bottom_before };
            bottom_before = bottom;
            let first = pieces.is_first_on_page();
            let breaks = break_pending
                || children.iter().any(|child| match child.break_before() {
                    Break::None => false,
                    // At the top of a page that a break has just begun, another one would leave it empty.
                    Break::Before => !first || pieces.cursor.page == 0,
                    Break::BeforeUnlessFirst => !first,
                });
            break_pending = children.iter().any(Measured::break_after);
            if breaks {
                pieces.turn_page();
            }
            if matches!(children.first().map(|child| &child.content), Some(Content::PageBreak)) {
                continue;
            }
            let gap = if pieces.cursor.is_at_top() { 0.0 } else { gap };
            let least = self.least_height(column.children, rows.get(index..).unwrap_or_default(), row)?;
            if !pieces.cursor.is_at_top() && !self.fits(pieces.cursor.below(gap), least)? {
                pieces.turn_page();
            } else {
                pieces.cursor = pieces.cursor.below(gap);
            }
            self.place_row(children, row.start, &mut pieces)?;
        }
        pieces.finish(column.bottom, column.measured.height, out);
        Ok(pieces.cursor)
    }

    /// Puts the children that stand beside each other; a single one may be cut.
    fn place_row(&mut self, children: &[Measured<'a>], first: usize, pieces: &mut Pieces) -> Result<(), Stop> {
        if let [only] = children {
            let mut fragments = Vec::new();
            let end = self.place(only, pieces.cursor, &mut fragments)?;
            for fragment in fragments {
                pieces.add(first, fragment);
            }
            pieces.cursor = end;
            return Ok(());
        }
        let [top, _] = ends(children);
        let height = height_of(children);
        if !self.fits(pieces.cursor, height)? && !pieces.cursor.is_at_top() {
            pieces.turn_page();
        }
        let cursor = pieces.cursor;
        for (offset, child) in children.iter().enumerate() {
            let place = cursor.below(child.y - top);
            if !self.fits(place, child.height)? {
                let room = self.room(cursor.page)?.height;
                self.report_too_tall(child, child.height, room);
            }
            let fragment = Fragment { page: place.page, y: place.y, height: child.height, part: Part::Whole };
            pieces.add(first + offset, fragment);
        }
        pieces.cursor = cursor.below(height);
        Ok(())
    }

    /// The room that a row of a column needs at the end of a page, so that it may begin there: its first piece, and
    /// what must stay with it.
    fn least_height(
        &mut self,
        children: &[Measured<'a>],
        rows: &[std::ops::Range<usize>],
        row: &std::ops::Range<usize>,
    ) -> Result<f32, Stop> {
        let members = children.get(row.clone()).unwrap_or_default();
        let height = height_of(members);
        let keeps = members.iter().any(Measured::keeps_with_next);
        if let ([only], false) = (members, keeps) {
            return Ok(self.first_piece_height(only));
        }
        if !keeps {
            return Ok(height);
        }
        // A chain of such rows is followed to its end, which is bounded by the number of rows.
        let mut needed = height;
        let mut previous = row.clone();
        for next in rows.iter().skip_while(|next| next.start <= row.start) {
            let next_members = children.get(next.clone()).unwrap_or_default();
            let [_, bottom] = ends(children.get(previous).unwrap_or_default());
            let [next_top, _] = ends(next_members);
            let gap = next_top - bottom;
            let goes_on = next_members.iter().any(Measured::keeps_with_next);
            needed += gap.max(0.0)
                + match next_members {
                    [only] if !goes_on => self.first_piece_height(only),
                    members => height_of(members),
                };
            if !goes_on {
                break;
            }
            previous = next.clone();
        }
        Ok(needed)
    }

    /// Height of the smallest piece with which something may begin at the end of a page.
    pub(super) fn first_piece_height(&self, measured: &Measured<'a>) -> f32 {
        if measured.keeps_together() {
            return measured.height;
        }
        match &measured.content {
            Content::Text(text) if !text.clip => {
                let [top, _, _, _] = text.look.padding;
                let lines = text.text.block.lines.len();
                let least =
                    if lines < 2 * LINES_TOGETHER { measured.height } else { top + text.text.block.line_height * 2.0 };
                least.min(measured.height)
            }
            Content::Column { look, children } => {
                let [top, _, _, _] = look.padding;
                match first_row(children) {
                    [only] => top + self.first_piece_height(only),
                    row => top + height_of(row),
                }
            }
            Content::Rich(rich) if !rich.clip => super::place_rich::first_piece_height(rich).min(measured.height),
            Content::Table(table) => super::place_table::first_piece_height(table),
            _ => measured.height,
        }
    }
}

fn whole(measured: &Measured<'_>, cursor: Cursor, out: &mut Vec<Fragment>) -> Cursor {
    out.push(Fragment { page: cursor.page, y: cursor.y, height: measured.height, part: Part::Whole });
    cursor.below(measured.height)
}

/// How many of the rest of the lines go onto a page that has room for that many.
fn lines_to_take(fitting: usize, rest: usize) -> usize {
    let most = if fitting >= rest { rest } else { fitting.min(rest.saturating_sub(LINES_TOGETHER)) };
    if most < LINES_TOGETHER.min(rest) { 0 } else { most }
}

/// Children that stand beside each other are one row: those with the same top, and those that begin above the bottom of
/// what stands before them.
fn rows_of(children: &[Measured<'_>]) -> Vec<std::ops::Range<usize>> {
    let mut rows: Vec<std::ops::Range<usize>> = Vec::new();
    let mut end = 0;
    while let Some(rest) = children.get(end..).filter(|rest| !rest.is_empty()) {
        let row = end..end + first_row(rest).len().max(1);
        end = row.end;
        rows.push(row);
    }
    rows
}

/// The first row of some children.
fn first_row<'c, 'a>(children: &'c [Measured<'a>]) -> &'c [Measured<'a>] {
    let is_break = |child: &Measured<'_>| matches!(child.content, Content::PageBreak);
    let Some(first) = children.first().filter(|first| !is_break(first)) else {
        return children.get(..1).unwrap_or_default();
    };
    let mut bottom = first.bottom();
    let mut count = 1;
    for child in children.iter().skip(1).take_while(|child| !is_break(child)) {
        let beside = child.y == first.y && child.height > 0.0 || child.y + FIT_TOLERANCE < bottom;
        if !beside {
            break;
        }
        bottom = bottom.max(child.bottom());
        count += 1;
    }
    children.get(..count).unwrap_or_default()
}

/// Top and bottom of the children of a row.
fn ends(row: &[Measured<'_>]) -> [f32; 2] {
    let top = row.iter().map(|child| child.y).reduce(f32::min).unwrap_or(0.0);
    let bottom = row.iter().fold(top, |bottom: f32, child| bottom.max(child.bottom()));
    [top, bottom]
}

/// Height of a row; of children with the same top that of the highest, to the last digit.
fn height_of(row: &[Measured<'_>]) -> f32 {
    let [top, _] = ends(row);
    row.iter().fold(0.0, |height: f32, child| height.max(child.y - top + child.height))
}

/// A column that is cut.
struct Column<'c, 'a> {
    measured: &'c Measured<'a>,
    children: &'c [Measured<'a>],
    top: f32,
    bottom: f32,
}

/// The pieces of a column, one a page.
struct Pieces {
    pages: Vec<Piece>,
    cursor: Cursor,
}

struct Piece {
    start: Cursor,
    bottom: f32,
    children: Vec<(usize, Fragment)>,
}

impl Piece {
    fn new(start: Cursor) -> Self {
        Self { start, bottom: start.y, children: Vec::new() }
    }
}

impl Pieces {
    /// Whether the page has nothing of this column yet.
    fn is_fresh(&self) -> bool {
        self.pages.last().is_none_or(|piece| piece.children.is_empty())
    }

    /// Whether nothing stands above on the page, of this column or of anything else.
    fn is_first_on_page(&self) -> bool {
        self.is_fresh() && self.pages.last().is_some_and(|piece| piece.start.is_at_top())
    }

    fn turn_page(&mut self) {
        self.cursor = self.cursor.next_page();
        // A piece without content would be an empty box at the end of a page.
        if self.is_fresh() && self.pages.len() > 1 {
            self.pages.pop();
        }
        self.pages.push(Piece::new(self.cursor));
    }

    fn add(&mut self, child: usize, fragment: Fragment) {
        if self.pages.last().is_none_or(|piece| piece.start.page != fragment.page) {
            self.pages.push(Piece::new(Cursor { page: fragment.page, y: 0.0 }));
        }
        if let Some(piece) = self.pages.last_mut() {
            piece.bottom = piece.bottom.max(fragment.y + fragment.height);
            piece.children.push((child, fragment));
        }
    }

    fn finish(&mut self, padding: f32, height: f32, out: &mut Vec<Fragment>) {
        let count = self.pages.len();
        let mut bottom = self.cursor.y;
        for (index, piece) in self.pages.drain(..).enumerate() {
            let is_last = index + 1 == count;
            let mut end = if is_last { piece.bottom.max(self.cursor.y) + padding } else { piece.bottom };
            if count == 1 {
                end = end.max(piece.start.y + height);
            }
            if is_last {
                bottom = end;
            }
            if piece.children.is_empty() && !is_last {
                continue;
            }
            out.push(Fragment {
                page: piece.start.page,
                y: piece.start.y,
                height: end - piece.start.y,
                part: Part::Children(piece.children),
            });
        }
        self.cursor.y = bottom;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_one_line_is_left_behind_nor_one_carried_over() {
        assert_eq!(lines_to_take(5, 5), 5);
        assert_eq!(lines_to_take(4, 5), 3);
        assert_eq!(lines_to_take(3, 5), 3);
        assert_eq!(lines_to_take(1, 5), 0);
        assert_eq!(lines_to_take(2, 3), 0);
        assert_eq!(lines_to_take(3, 4), 2);
        assert_eq!(lines_to_take(1, 1), 1);
        assert_eq!(lines_to_take(1, 2), 0);
        assert_eq!(lines_to_take(0, 1), 0);
    }
}
