//! Putting stacks on pages: children in rows one below the other, cut between rows.

use super::measured::{Content, Measured};
use super::place::{Cursor, FIT_TOLERANCE, Fragment, Part, Placer};
use super::state::Stop;
use crate::template::model::{Break, BreakTo};

/// A column that is cut.
pub(super) struct Column<'c, 'a> {
    pub(super) children: &'c [Measured<'a>],
    /// Height of all of it, when it is not cut.
    pub(super) height: f32,
    /// Space above the first child.
    pub(super) top: f32,
    /// Space below the last one.
    pub(super) bottom: f32,
}

impl<'a> Placer<'_, 'a> {
    /// Puts children on pages, one row of them below the other.
    pub(super) fn place_column(
        &mut self,
        column: Column<'_, 'a>,
        cursor: Cursor,
        out: &mut Vec<Fragment>,
    ) -> Result<Cursor, Stop> {
        let rows = rows_of(column.children);
        let mut start = cursor;
        if let Some(first) = rows.first() {
            let needed = column.top + self.least_height(column.children, &rows, first)?;
            start = self.seek(start, needed)?;
        }
        let mut pieces = Pieces { pages: vec![Piece::new(start)], cursor: start.below(column.top) };
        let mut bottom_before = 0.0;
        let mut pending: Option<BreakTo> = None;
        for (index, row) in rows.iter().enumerate() {
            let children = column.children.get(row.clone()).unwrap_or_default();
            let [top, bottom] = ends(children);
            let gap = if index == 0 { top } else { top - bottom_before };
            bottom_before = bottom;
            let first = pieces.is_first_on_page();
            let before = children.iter().find_map(|child| {
                let to = child.node.break_to;
                let first = first && self.begins(pieces.cursor, to);
                let breaks = match child.break_before() {
                    Break::None => false,
                    // At the top of a page that a break has just begun, another one would leave it empty.
                    Break::Before => !first || self.rooms.opens(pieces.cursor.page),
                    Break::BeforeUnlessFirst => !first,
                };
                breaks.then_some(to)
            });
            let breaks = before.or(pending.take()).filter(|_| self.trial.is_none_or(|trial| !trial.ignores_breaks));
            pending = children.iter().find(|child| child.break_after()).map(|child| child.node.break_to);
            if let Some(to) = breaks {
                pieces.turn_to(self.after(pieces.cursor, to));
            }
            if matches!(children.first().map(|child| &child.content), Some(Content::PageBreak)) {
                continue;
            }
            let gap = if pieces.cursor.is_at_top() { 0.0 } else { gap };
            let least = self.least_height(column.children, rows.get(index..).unwrap_or_default(), row)?;
            let below = pieces.cursor.below(gap);
            let place = self.seek(below, least)?;
            if place.page == below.page {
                pieces.cursor = below;
            } else {
                pieces.turn_to(place);
            }
            self.place_row(children, row.start, &mut pieces)?;
        }
        pieces.finish(column.bottom, column.height, out);
        let ignores = self.trial.is_some_and(|trial| trial.ignores_breaks);
        Ok(pending.filter(|_| !ignores).map_or(pieces.cursor, |to| self.after(pieces.cursor, to)))
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
        let place = self.seek(pieces.cursor, height)?;
        if place.page != pieces.cursor.page {
            pieces.turn_to(place);
        }
        let cursor = pieces.cursor;
        let mut bottom = cursor.y;
        for (offset, child) in children.iter().enumerate() {
            let fragment = self.uncut(child, cursor.below(child.y - top))?;
            bottom = bottom.max(fragment.y + fragment.height);
            pieces.add(first + offset, fragment);
        }
        pieces.cursor.y = bottom;
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
pub(super) fn first_row<'c, 'a>(children: &'c [Measured<'a>]) -> &'c [Measured<'a>] {
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
pub(super) fn height_of(row: &[Measured<'_>]) -> f32 {
    let [top, _] = ends(row);
    row.iter().fold(0.0, |height: f32, child| height.max(child.y - top + child.height))
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
        let Some(piece) = self.pages.last() else { return true };
        let top = if piece.start.page == self.cursor.page { piece.start } else { self.cursor };
        top.is_at_top() && (piece.children.is_empty() || piece.start.page != self.cursor.page)
    }

    fn turn_to(&mut self, place: Cursor) {
        self.cursor = place;
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
