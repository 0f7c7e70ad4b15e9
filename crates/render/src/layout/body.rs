//! The body: free nodes put on pages, each at its distance below what stands above it.

use super::flow::Flow;
use super::measured::{Content, Measured};
use super::page::Rooms;
use super::place::{Cursor, FIT_TOLERANCE, Fragment, Placer};
use super::regions::Regions as _;
use super::state::{Layouter, Stop};
use crate::template::model::{Break, BreakTo};

/// A piece of a node of the body.
#[derive(Debug)]
pub(super) struct Placement {
    /// Index of the node among the body's.
    pub(super) node: usize,
    pub(super) fragment: Fragment,
}

/// The body on pages.
#[derive(Debug)]
pub(super) struct Placed {
    /// All pieces, by page and then in the order of the template, which is also the order of reading and painting.
    pub(super) placements: Vec<Placement>,
    pub(super) page_count: u32,
}

/// Puts the body on pages. When the last page has bands of its own that leave less room, what no longer fits moves on
/// to a page more.
pub(super) fn place_body<'a>(layouter: &mut Layouter<'a>, nodes: &[Measured<'a>]) -> Result<Placed, Stop> {
    let placed = place_once(layouter, nodes, None)?;
    let last = placed.page_count.saturating_sub(1);
    let as_last = super::page::room(layouter.template, last, true);
    let as_usual = super::page::room(layouter.template, last, false);
    if as_last.height >= as_usual.height {
        return Ok(placed);
    }
    let again = place_once(layouter, nodes, Some(last))?;
    Ok(again)
}

fn place_once<'a>(layouter: &mut Layouter<'a>, nodes: &[Measured<'a>], last: Option<u32>) -> Result<Placed, Stop> {
    let mut rooms = Rooms::new(last);
    let mut order: Vec<usize> = (0..nodes.len()).collect();
    let top = |index: usize| nodes.get(index).map_or(0.0, |node| node.y);
    order.sort_by(|first, second| top(*first).total_cmp(&top(*second)));
    let mut body = Body {
        placer: Placer { layouter, rooms: &mut rooms, trial: None },
        nodes,
        order: &order,
        flow: Flow::default(),
        placements: Vec::new(),
        unit_end: 0,
        page: 0,
        starts: Vec::new(),
    };
    for position in 0..order.len() {
        body.place(position)?;
    }
    let mut placements = body.placements;
    // The first page is there even when nothing stands on it.
    rooms.height(0, layouter)?;
    placements.sort_by_key(|placement| (placement.fragment.page, placement.node));
    let page_count = placements.last().map_or(1, |placement| placement.fragment.page.saturating_add(1));
    Ok(Placed { placements, page_count })
}

struct Body<'b, 'p, 'a> {
    placer: Placer<'p, 'a>,
    nodes: &'b [Measured<'a>],
    /// Indexes of the nodes, the topmost first.
    order: &'b [usize],
    flow: Flow,
    placements: Vec<Placement>,
    /// Position in `order` up to which nodes belong to a unit that was looked at already.
    unit_end: usize,
    /// The page that was found last: the next place is near it.
    page: u32,
    /// Sums of the heights of the pages before each, so that a place in the endless body can be found.
    starts: Vec<f64>,
}

impl<'a> Body<'_, '_, 'a> {
    fn at(&self, position: usize) -> Option<&Measured<'a>> {
        self.nodes.get(*self.order.get(position)?)
    }

    fn place(&mut self, position: usize) -> Result<(), Stop> {
        let (Some(&index), nodes) = (self.order.get(position), self.nodes) else { return Ok(()) };
        let Some(node) = nodes.get(index) else { return Ok(()) };
        let top = f64::from(node.y);
        self.break_if_asked(node)?;
        self.keep_unit(position)?;
        self.keep_with_next(position, node)?;
        let target = top + self.flow.shift(top);
        let start = self.cursor_at(target)?;
        let mut end = start;
        if !matches!(node.content, Content::Nothing | Content::PageBreak) {
            let mut fragments = Vec::new();
            end = self.placer.place(node, start, &mut fragments)?;
            self.placements.extend(fragments.into_iter().map(|fragment| Placement { node: index, fragment }));
        } else if matches!(node.content, Content::Nothing) {
            end.y += node.height;
        }
        let bottom = self.global(end)?;
        let design_bottom = top + f64::from(node.design_height);
        self.flow.push(top, design_bottom, bottom);
        if node.break_after() {
            let next = self.global(self.placer.after(end, node.node.break_to))?;
            self.flow.push(design_bottom, design_bottom, next);
        }
        Ok(())
    }

    /// A place in the endless body.
    fn global(&mut self, cursor: Cursor) -> Result<f64, Stop> {
        self.placer.height(cursor.page)?;
        Ok(self.start(cursor.page)? + f64::from(cursor.y))
    }

    /// Where a page begins in the endless body.
    fn start(&mut self, page: u32) -> Result<f64, Stop> {
        while self.starts.len() <= page as usize {
            let before = crate::text::index32(self.starts.len()).checked_sub(1);
            let start = match (before, self.starts.last()) {
                (Some(before), Some(start)) => start + f64::from(self.placer.height(before)?),
                _ => 0.0,
            };
            self.starts.push(start);
        }
        Ok(self.starts.get(page as usize).copied().unwrap_or(0.0))
    }

    /// The page at a place in the endless body.
    fn cursor_at(&mut self, target: f64) -> Result<Cursor, Stop> {
        while self.page > 0 && self.start(self.page)? > target {
            self.page -= 1;
        }
        loop {
            let height = self.placer.height(self.page)?;
            let y = target - self.start(self.page)?;
            if y < f64::from(height - FIT_TOLERANCE) {
                return Ok(Cursor { page: self.page, y: super::narrow(y) });
            }
            self.page += 1;
        }
    }

    /// Sends everything from a place on to the next page.
    fn break_at(&mut self, design_top: f64, cursor: Cursor, to: BreakTo) -> Result<(), Stop> {
        let next = self.global(self.placer.after(cursor, to))?;
        self.flow.push(design_top, design_top, next);
        Ok(())
    }

    fn break_if_asked(&mut self, node: &Measured<'a>) -> Result<(), Stop> {
        let kind = node.break_before();
        if kind == Break::None {
            return Ok(());
        }
        let top = f64::from(node.y);
        let cursor = self.here(top)?;
        let first =
            cursor.is_at_top() || !self.placements.iter().any(|placement| placement.fragment.page == cursor.page);
        let breaks = match kind {
            Break::None => false,
            // At the top of a page that a break has just begun, another one would leave it empty.
            Break::Before => !(cursor.is_at_top() && cursor.page > 0 && self.placer.begins(cursor, node.node.break_to)),
            Break::BeforeUnlessFirst => !(first && self.placer.begins(cursor, node.node.break_to)),
        };
        if breaks { self.break_at(top, cursor, node.node.break_to) } else { Ok(()) }
    }

    fn here(&mut self, top: f64) -> Result<Cursor, Stop> {
        let target = top + self.flow.shift(top);
        self.cursor_at(target)
    }

    /// Nodes that stand beside each other move on together, when none of them can be cut and a page can hold them:
    /// a label is not parted from its value.
    fn keep_unit(&mut self, position: usize) -> Result<(), Stop> {
        if position < self.unit_end {
            return Ok(());
        }
        let Some(first) = self.at(position) else { return Ok(()) };
        let top = first.y;
        let mut design_bottom = first.y + first.design_height;
        let mut end = position + 1;
        let mut bottom = first.y + first.height;
        let mut whole = self.is_whole(first);
        while let Some(next) = self.at(end)
            && next.y < design_bottom - FIT_TOLERANCE
        {
            design_bottom = design_bottom.max(next.y + next.design_height);
            bottom = bottom.max(next.y + next.height);
            whole &= self.is_whole(next);
            end += 1;
        }
        self.unit_end = end;
        if end == position + 1 || !whole {
            return Ok(());
        }
        let cursor = self.here(f64::from(top))?;
        let height = bottom - top;
        if cursor.is_at_top() || self.placer.fits(cursor, height)? || !self.placer.fits(cursor.next_page(), height)? {
            return Ok(());
        }
        self.break_at(f64::from(top), cursor, BreakTo::Page)
    }

    fn is_whole(&self, node: &Measured<'a>) -> bool {
        !node.has_breaks && (self.placer.first_piece_height(node) >= node.height)
    }

    fn keep_with_next(&mut self, position: usize, node: &Measured<'a>) -> Result<(), Stop> {
        if !node.keeps_with_next() {
            return Ok(());
        }
        let mut needed = node.height;
        let mut current = position;
        while let Some(next) = self.at(current + 1) {
            let gap = self.at(current).map_or(0.0, |current| next.y - current.y - current.design_height);
            let goes_on = next.keeps_with_next();
            needed += gap.max(0.0) + if goes_on { next.height } else { self.placer.first_piece_height(next) };
            if !goes_on {
                break;
            }
            current += 1;
        }
        let top = f64::from(node.y);
        let cursor = self.here(top)?;
        if cursor.is_at_top() || self.placer.fits(cursor, needed)? || !self.placer.fits(cursor.next_page(), needed)? {
            return Ok(());
        }
        self.break_at(top, cursor, BreakTo::Page)
    }
}
