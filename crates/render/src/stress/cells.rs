//! Cells of tables on a page: which one an item stands in, and whether the numbers in it are whole.

use crate::document::{CellBox, GlyphRun, Page, Rect};

/// The cells of a page, while its items are gone through.
pub(super) struct Cells<'p> {
    /// Cells that have not begun; the next one is the last.
    waiting: Vec<&'p CellBox>,
    /// Cells around the item at hand, the innermost last.
    open: Vec<OpenCell<'p>>,
}

/// A cell around the item at hand.
pub(super) struct OpenCell<'p> {
    pub(super) known: &'p CellBox,
    /// Where it is seen; none when it is not.
    pub(super) rect: Option<Rect>,
    /// The end of the last text in it, and its baseline.
    last: Option<(u32, f32)>,
}

impl<'p> Cells<'p> {
    pub(super) fn new(page: &'p Page) -> Self {
        let mut waiting: Vec<&CellBox> = page.cells.iter().filter(|cell| !cell.items.is_empty()).collect();
        // A cell that holds others ends after them.
        waiting.sort_by_key(|cell| (std::cmp::Reverse(cell.items.start), cell.items.end));
        Self { waiting, open: Vec::new() }
    }

    /// Goes on to an item; `seen` tells where something that begins here is seen on the page.
    pub(super) fn go_to(&mut self, item: u32, seen: impl Fn(Rect) -> Option<Rect>) {
        while self.open.pop_if(|cell| cell.known.items.end <= item).is_some() {}
        while let Some(known) = self.waiting.pop_if(|cell| cell.items.start <= item) {
            self.open.push(OpenCell { known, rect: seen(known.rect), last: None });
        }
    }

    /// The innermost cell around the item at hand.
    pub(super) fn innermost(&mut self) -> Option<&mut OpenCell<'p>> {
        self.open.last_mut()
    }
}

impl OpenCell<'_> {
    /// Whether a run goes on with the number that the run before, on another line, has ended with.
    pub(super) fn breaks_number(&mut self, run: &GlyphRun, text: &str) -> bool {
        let before = self.last.replace((run.text.end, run.origin.y));
        let Some((end, baseline)) = before else { return false };
        if end != run.text.start || (baseline - run.origin.y).abs() < run.size / 4.0 {
            return false;
        }
        let Some((above, below)) = text.split_at_checked(end as usize) else { return false };
        let mut ending = above.chars().rev();
        let ends = match ending.next() {
            Some('.' | ',' | '\'' | '’') => ending.next().is_some_and(char::is_numeric),
            last => last.is_some_and(char::is_numeric),
        };
        ends && below.chars().next().is_some_and(char::is_numeric)
    }
}
