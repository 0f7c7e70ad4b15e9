//! Contents lists: measured once the bookmarks of the body are known, numbered once these are on pages.
//!
//! The list stands before what it lists. The body is measured without it first, which gives the titles; then those
//! nodes of the body that hold a list are measured a second time, and never a third: the room for numbers does not
//! depend on them. When all is placed, each entry learns its page, and painting lays the list out with the numbers.

use super::body::Placed;
use super::measure::{Place, Sized, Subject, box_look};
use super::measured::{Content, Extras, Measured};
use super::place::{Fragment, Part};
use super::rich::{Builder, Piece, PlacedLine, RichBox, RichFlow, RichOrigin, RichTarget, Tag, bound_style, placed};
use super::state::{Layouter, Site, Stop};
use crate::document::{ElementId, Role};
use crate::expression::Scope;
use crate::template::model::{Align, ContentsNode, Kind, Leader, Node, TextStyle};
use crate::template::style::chosen;

/// A bookmark of the body.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) level: u8,
    pub(super) title: String,
    /// Page and distance from its top, once the body is placed.
    pub(super) place: Option<(u32, f32)>,
    /// Its element of the tag tree, once it has been painted.
    pub(super) element: Option<ElementId>,
}

/// Distance between title, leader and number, as a multiple of the size.
const LEADER_GAP: f32 = 0.4;

/// Space between two dots of a leader, as a multiple of the size.
const DOT_SPACING: f32 = 0.3;

/// Dots of one leader; no page is wider.
const DOT_COUNT_MAX: usize = 500;

/// Numbers for which there is room beside the title.
const WIDEST_NUMBER: &str = "000";

/// Height and thickness of a leader that is a line, as multiples of the size.
const LINE_THICKNESS: f32 = 0.05;

impl<'a> Layouter<'a> {
    /// Finds the bookmarks of the body and measures again the nodes that list them.
    pub(super) fn list_contents(
        &mut self,
        nodes: &mut [Measured<'a>],
        scope: &Scope<'_, 'a>,
        place: Place,
    ) -> Result<(), Stop> {
        self.entries = collect(nodes);
        for (measured, node) in nodes.iter_mut().zip(&self.template.body) {
            if holds_contents(node) {
                *measured = self.measure(node, scope, place)?;
            }
        }
        self.entries = collect(nodes);
        Ok(())
    }

    /// Tells each entry its place.
    pub(super) fn number_contents(&mut self, nodes: &[Measured<'a>], body: &Placed) {
        let mut fragments: Vec<Vec<&Fragment>> = nodes.iter().map(|_| Vec::new()).collect();
        for placement in &body.placements {
            if let Some(list) = fragments.get_mut(placement.node) {
                list.push(&placement.fragment);
            }
        }
        let mut places = Vec::with_capacity(self.entries.len());
        for (node, fragments) in nodes.iter().zip(&fragments) {
            visit(node, &Spot::Pieces(fragments), &mut |_, _, place| places.push(place));
        }
        let last = body.page_count.saturating_sub(1);
        for (entry, place) in self.entries.iter_mut().zip(places) {
            entry.place = place.map(|(page, y)| {
                let room = super::page::room(self.template, page, page == last);
                (page, room.top + y)
            });
        }
    }

    /// Remembers the element of a bookmark that has been painted on a page.
    pub(super) fn claim_entry(&mut self, page: u32, level: u8, title: &str, element: ElementId) {
        let is_it = |entry: &&mut Entry| {
            entry.element.is_none()
                && entry.level == level
                && entry.title == title
                && entry.place.is_some_and(|(known, _)| known == page)
        };
        if let Some(entry) = self.entries.iter_mut().find(is_it) {
            entry.element = Some(element);
        }
    }

    /// Measures a contents list.
    pub(super) fn measure_contents(
        &mut self,
        subject: &Subject<'_, 'a>,
        contents: &'a ContentsNode,
        extras: &mut Extras<'a>,
    ) -> Result<Sized<'a>, Stop> {
        if !self.knows_page() {
            extras.deferred = Some(self.bindings.clone());
        }
        let look = box_look(&contents.look, subject.bound);
        let [top, right, bottom, left] = look.padding;
        let width = subject.filled_width();
        let style = bound_style(subject.bound, &contents.style);
        let flow = self.contents_flow(subject.node, contents, &style, (width - left - right).max(0.0))?;
        let height = (flow.height + top + bottom).max(subject.height.unwrap_or(0.0));
        let design_height =
            subject.node.height.unwrap_or_else(|| super::rich::design_height(&contents.style, &contents.look));
        let vertical_align = style.vertical_align;
        let source = RichOrigin::Contents(contents);
        let content =
            Content::Rich(Box::new(RichBox { source, look, flow, vertical_align, clip: false, is_vertical: false }));
        Ok(Sized { content, width, height, design_height })
    }

    /// Lays a contents list out, with the numbers as far as they are known.
    pub(super) fn contents_flow(
        &mut self,
        node: &'a Node,
        contents: &'a ContentsNode,
        style: &TextStyle,
        width: f32,
    ) -> Result<RichFlow, Stop> {
        let scope = Scope::new(self.data);
        let styles = &self.template.styles;
        let entries = std::mem::take(&mut self.entries);
        let mut list = List { builder: Builder::plain(self, node, &scope, styles, width), contents, width };
        // The lists that are open: their level and element.
        let mut open: Vec<(u8, usize)> = Vec::new();
        for (index, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.level <= contents.depth) {
            while open.len() > 1 && open.last().is_some_and(|(level, _)| *level > entry.level) {
                open.pop();
            }
            if open.last().is_none_or(|(level, _)| *level < entry.level) {
                let tag = Tag::new(Role::TableOfContents, open.last().map(|(_, tag)| *tag));
                open.push((entry.level, list.builder.add_tag(tag)));
            }
            let around = open.last().map_or(0, |(_, tag)| *tag);
            let level = contents.levels.get(usize::from(entry.level.saturating_sub(1)));
            let style = chosen(level, style, styles);
            list.entry(entry, index, &style, around, open.len() - 1);
        }
        let flow = list.builder.finish();
        self.entries = entries;
        for _ in &flow.pieces {
            self.count_item(Site::of(node, ""))?;
        }
        Ok(flow)
    }
}

/// A contents list that is being put together.
struct List<'b, 's, 'a> {
    builder: Builder<'b, 's, 'a>,
    contents: &'a ContentsNode,
    width: f32,
}

impl List<'_, '_, '_> {
    fn entry(&mut self, entry: &Entry, index: usize, style: &TextStyle, around: usize, depth: usize) {
        let item = self.builder.add_tag(Tag::new(Role::TableOfContentsItem, Some(around)));
        // PDF 2.0 wants a paragraph between an entry and its link (ISO 32005, table 5).
        let paragraph = self.builder.add_tag(Tag::new(Role::Paragraph, Some(item)));
        let (link, tag) = self.builder.add_link(RichTarget::Entry(index), paragraph);
        let indent = self.contents.indent * f32::from(u8::try_from(depth).unwrap_or(u8::MAX));
        let number_style = TextStyle { tabular: true, ..style.clone() };
        let widest = self.builder.prepare_plain(WIDEST_NUMBER, &number_style, None, None);
        let reserved = self.builder.natural_width(&widest) + style.size * LEADER_GAP * 2.0;
        let room = (self.width - indent - reserved).max(0.0);
        let title = self.builder.prepare_plain(&entry.title, style, Some(tag), Some(link));
        let lines = self.builder.lay_out(&title, room, Align::Start).lines;
        self.builder.leave(self.contents.gap);
        let count = lines.len();
        for (number, line) in lines.into_iter().enumerate() {
            let is_last = number + 1 == count;
            let mut piece = self.builder.piece(line.height);
            piece.lines.push(placed(line, indent, room, 0.0));
            piece.hold = !is_last;
            if is_last && let Some((page, _)) = entry.place {
                self.number(&mut piece, page, &number_style, tag);
            }
            self.builder.push(piece);
        }
    }

    /// Puts the number at the right end of a line, and what leads there.
    fn number(&mut self, piece: &mut Piece, page: u32, style: &TextStyle, tag: usize) {
        let Some(title) = piece.lines.first().copied() else { return };
        let text = self.builder.prepare_plain(&page.saturating_add(1).to_string(), style, Some(tag), None);
        let width = self.builder.natural_width(&text);
        let start = title.x + self.builder.line_width(title.line) + style.size * LEADER_GAP;
        let end = self.width - width - style.size * LEADER_GAP;
        match self.contents.leader {
            Leader::Dots => self.dots(piece, style, start, end, title.baseline),
            Leader::Line if end > start => {
                let thickness = style.size * LINE_THICKNESS;
                piece.extra().rule = Some(super::rich::PlacedRule {
                    x: start,
                    width: end - start,
                    down: title.baseline - thickness,
                    thickness,
                    color: style.color,
                });
            }
            Leader::Line | Leader::None => {}
        }
        self.put(piece, &text, self.width - width, width, title.baseline);
    }

    /// Dots that stand below those of other lines, whatever the title.
    fn dots(&mut self, piece: &mut Piece, style: &TextStyle, start: f32, end: f32, baseline: f32) {
        let spacing = style.size * DOT_SPACING;
        let style = TextStyle { letter_spacing: spacing, underline: false, strike: false, ..style.clone() };
        let one = self.builder.prepare_plain(".", &style, None, None);
        let pitch = self.builder.natural_width(&one) + spacing;
        // Counted from the edge of the list, so that numbers of any width leave them where they are.
        let mut x = self.width - pitch;
        let mut first = None;
        let mut count = 0;
        while x >= start && count < DOT_COUNT_MAX && pitch > 0.1 {
            if x + pitch - spacing <= end {
                first = Some(x);
                count += 1;
            }
            x -= pitch;
        }
        if let Some(x) = first {
            let text = self.builder.prepare_plain(&".".repeat(count), &style, None, None);
            self.put(piece, &text, x, f32::INFINITY, baseline);
        }
    }

    fn put(&mut self, piece: &mut Piece, text: &super::rich::Prepared, x: f32, width: f32, baseline: f32) {
        let block = self.builder.lay_out(text, f32::INFINITY, Align::Start);
        piece.lines.extend(block.lines.first().map(|line| PlacedLine {
            line: line.line,
            x,
            width,
            top: baseline - line.baseline,
            baseline,
            height: line.height,
        }));
    }
}

/// Whether a node is a contents list, or holds one.
pub(super) fn holds_contents(node: &Node) -> bool {
    let mut holds = matches!(node.kind, Kind::Contents(_));
    node.each_list(&mut |nodes| holds = holds || nodes.iter().any(holds_contents));
    holds
}

/// All bookmarks, in the order of the template.
fn collect(nodes: &[Measured<'_>]) -> Vec<Entry> {
    let mut entries = Vec::new();
    for node in nodes {
        visit(node, &Spot::Pieces(&[]), &mut |level, title, _| {
            entries.push(Entry { level, title: title.to_owned(), place: None, element: None });
        });
    }
    entries
}

/// Where something stands.
enum Spot<'s, 'f> {
    /// In these pieces; none while nothing is placed.
    Pieces(&'s [&'f Fragment]),
    /// Whole on a page, so far below the top of the body.
    At(u32, f32),
}

impl Spot<'_, '_> {
    fn start(&self) -> Option<(u32, f32)> {
        match self {
            Self::Pieces(pieces) => pieces.first().map(|piece| (piece.page, piece.y)),
            Self::At(page, y) => Some((*page, *y)),
        }
    }
}

/// Takes the level, title and place of a bookmark.
type Found<'f> = dyn FnMut(u8, &str, Option<(u32, f32)>) + 'f;

/// Calls `found` for every bookmark of a node and what it holds: level, title, place.
fn visit(node: &Measured<'_>, spot: &Spot<'_, '_>, found: &mut Found<'_>) {
    // What is in one piece stands whole, also what is inside.
    if let Spot::Pieces([Fragment { page, y, part: Part::Whole, .. }]) = spot {
        return visit(node, &Spot::At(*page, *y), found);
    }
    if let Some((level, title)) = node.extras.as_ref().and_then(|extras| extras.bookmark.as_ref()) {
        found(*level, title, spot.start());
    }
    match &node.content {
        Content::Group { look, children } | Content::Column { look, children } => {
            let [top, _, _, _] = look.padding;
            match spot {
                Spot::At(page, y) => {
                    for child in children {
                        visit(child, &Spot::At(*page, y + top + child.y), found);
                    }
                }
                Spot::Pieces(pieces) => {
                    for (child, pieces) in children.iter().zip(pieces_of_children(pieces, children.len())) {
                        visit(child, &Spot::Pieces(&pieces), found);
                    }
                }
            }
        }
        Content::Table(table) => {
            for (index, row) in table.rows.iter().enumerate() {
                let place = match spot {
                    Spot::At(page, y) => Some((*page, *y)),
                    Spot::Pieces(pieces) => pieces
                        .iter()
                        .find(|piece| matches!(&piece.part, Part::Rows(part) if part.rows.contains(&index)))
                        .map(|piece| (piece.page, piece.y)),
                };
                let cells = table.cells.get(row.cells.start as usize..row.cells.end as usize).unwrap_or_default();
                for child in cells.iter().filter_map(|cell| cell.extra.as_ref()).flat_map(|extra| &extra.nodes) {
                    match place {
                        Some((page, y)) => visit(child, &Spot::At(page, y), found),
                        None => visit(child, &Spot::Pieces(&[]), found),
                    }
                }
            }
        }
        Content::Rich(rich) => {
            let [top, _, _, _] = rich.look.padding;
            for (index, piece) in rich.flow.pieces.iter().enumerate() {
                let Some((level, title)) = piece.extra.as_ref().and_then(|extra| extra.bookmark.as_ref()) else {
                    continue;
                };
                let place = match spot {
                    // Columns all begin at the top.
                    Spot::At(page, y) if rich.is_vertical => Some((*page, y + top)),
                    Spot::At(page, y) => Some((*page, y + top + piece.top)),
                    Spot::Pieces(fragments) => fragments.iter().find_map(|fragment| match &fragment.part {
                        Part::Lines(range) if range.contains(&index) => {
                            let first = rich.flow.pieces.get(range.start).map_or(0.0, |first| first.top);
                            Some((fragment.page, fragment.y + piece.top - first))
                        }
                        _ => None,
                    }),
                };
                found(*level, title, place);
            }
        }
        _ => {}
    }
}

/// The pieces in which each child of a column stands.
fn pieces_of_children<'f>(pieces: &[&'f Fragment], count: usize) -> Vec<Vec<&'f Fragment>> {
    let mut of_children = vec![Vec::new(); count];
    for piece in pieces {
        let Part::Children(children) = &piece.part else { continue };
        for (index, fragment) in children {
            if let Some(list) = of_children.get_mut(*index) {
                list.push(fragment);
            }
        }
    }
    of_children
}
