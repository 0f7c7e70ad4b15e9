//! Painting rich text: boxes behind, rules, lines of many looks, links.

use std::ops::Range;

use super::text::inside;
use super::{Painter, Tagging};
use crate::document::{
    ArtifactKind, Bookmark, Color, ElementId, GlyphRun, Item, Link, Point, Rect, RectItem, Target, Transform,
};
use crate::expression::Scope;
use crate::layout::measured::{Content, Measured};
use crate::layout::place::Part;
use crate::layout::rich::{Piece, PlacedLine, RichBox, RichFlow, RichTarget, SpanLook, Tag};
use crate::layout::rotate::bounds_of;
use crate::layout::state::{Site, Stop};
use crate::layout::vertical::turned_into;
use crate::template::model::Node;

/// How far a tint reaches beyond its letters on both sides, and how round it is.
const HIGHLIGHT_ACROSS_POINTS: f32 = 1.0;
const HIGHLIGHT_RADIUS_POINTS: f32 = 1.5;

impl<'a> Painter<'_, 'a> {
    /// Paints rich text, or some of its pieces.
    pub(super) fn paint_rich(
        &mut self,
        measured: &mut Measured<'a>,
        part: &Part,
        rect: Rect,
        tagging: Tagging,
    ) -> Result<(), Stop> {
        self.lay_rich_out_again(measured)?;
        let node = measured.node;
        let Content::Rich(rich) = &mut measured.content else { return Ok(()) };
        self.paint_box(rect, &rich.look, tagging.for_decoration());
        let [top, right, bottom, left] = rich.look.padding;
        let (pieces, down) = match part {
            Part::Lines(range) => (range.clone(), if range.start == 0 { top } else { 0.0 }),
            _ => {
                let free = (rect.height - top - bottom - rich.flow.height).max(0.0);
                (0..rich.flow.pieces.len(), top + super::text::offset(rich.vertical_align, free))
            }
        };
        let clip = rich.clip;
        if clip {
            self.push(Transform::IDENTITY, Some(rect), 1.0);
        }
        if rich.is_vertical {
            let inside = inside(rect, rich.look.padding);
            let across = super::text::offset(rich.vertical_align, (inside.width - rich.flow.height).max(0.0));
            self.push(turned_into(inside), None, 1.0);
            self.paint_pieces(node, rich, pieces, (Point { x: 0.0, y: across }, inside.height), tagging);
            self.pop();
        } else {
            let corner = Point { x: rect.x + left, y: rect.y + down };
            self.paint_pieces(node, rich, pieces, (corner, rect.right() - right), tagging);
        }
        if clip {
            self.pop();
        }
        Ok(())
    }

    /// Lays out what had to wait until the page was known. When it takes other lines than before, it stays as it was.
    fn lay_rich_out_again(&mut self, measured: &mut Measured<'a>) -> Result<(), Stop> {
        let Some(bindings) = measured.extras.as_ref().and_then(|extras| extras.deferred.clone()) else {
            return Ok(());
        };
        let Content::Rich(rich) = &mut measured.content else { return Ok(()) };
        let (node, source, size) = (measured.node, rich.source, [measured.width, measured.height]);
        let scope = Scope::new(self.layouter.data);
        let again = self.with_bindings(&scope, &bindings, &mut |painter, scope| {
            painter.layouter.rich_again(node, source, size, scope)
        })?;
        if again.pieces.len() == rich.flow.pieces.len() && again.tags.len() == rich.flow.tags.len() {
            let before = std::mem::replace(&mut rich.flow, again);
            for (tag, before) in rich.flow.tags.iter_mut().zip(before.tags) {
                tag.element = before.element;
            }
            for (piece, before) in rich.flow.pieces.iter_mut().zip(before.pieces) {
                (piece.top, piece.height) = (before.top, before.height);
            }
        } else {
            let message = "on its page the text has another number of lines than there is room for".to_owned();
            let hint = "make it wider, or put what depends on the page at the end of a line".to_owned();
            self.layouter.warn(crate::diagnostic::codes::OVERFLOW, Site::of(node, ""), message, Some(hint));
        }
        Ok(())
    }

    fn paint_pieces(
        &mut self,
        node: &'a Node,
        rich: &mut RichBox<'a>,
        range: Range<usize>,
        (corner, right): (Point, f32),
        tagging: Tagging,
    ) {
        let RichFlow { pieces, looks, tags, backs, links, .. } = &mut rich.flow;
        let Some(first) = pieces.get(range.start) else { return };
        let header = first.extra.as_ref().and_then(|extra| extra.header).filter(|header| *header < range.start);
        let mut scene = Scene { node, looks, tags, links, corner, right, tagging };
        if let Some(header) = header.and_then(|header| pieces.get(header)) {
            let again = Tagging::Artifact(ArtifactKind::Layout);
            let moved = Point { x: corner.x, y: corner.y - header.top };
            let mut repeated = Scene { tagging: again, corner: moved, ..scene.again() };
            self.paint_piece_of_text(&mut repeated, header);
        }
        let above = header.and_then(|header| pieces.get(header)).map_or(0.0, |header| header.height);
        scene.corner.y = corner.y + above - first.top;
        for back in backs.iter() {
            let shown = back.pieces.start.max(range.start)..back.pieces.end.min(range.end);
            let (Some(first), Some(last)) =
                (pieces.get(shown.start), pieces.get(shown.end.saturating_sub(1)).filter(|_| !shown.is_empty()))
            else {
                continue;
            };
            let y = scene.corner.y + first.top;
            let rect = Rect { x: corner.x + back.x, y, width: back.width, height: last.top + last.height - first.top };
            self.paint_patch(rect, back.color, back.radius, tagging);
        }
        let shown = pieces.get(range).unwrap_or_default();
        self.paint_shadows_of_spans(&scene, shown);
        for piece in shown {
            if let Some((level, title)) = piece.extra.as_ref().and_then(|extra| extra.bookmark.clone()) {
                let place = Rect { x: scene.corner.x, y: scene.corner.y + piece.top, width: 0.0, height: 0.0 };
                let y = self.on_page(place).y;
                self.layouter.document.bookmarks.push(Bookmark { level, title, page: self.page_index, y });
            }
            let first_element = crate::text::index32(self.layouter.document.structure.elements.len());
            self.paint_piece_of_text(&mut scene, piece);
            if let Some((level, title)) = piece.extra.as_ref().and_then(|extra| extra.bookmark.as_ref()) {
                let heading = self.heading_since(first_element);
                self.claim(*level, title, heading, first_element);
            }
        }
    }

    /// The first heading among the elements that were made since.
    fn heading_since(&self, first_element: u32) -> Option<ElementId> {
        use crate::document::Role;
        let is_heading = |role| {
            matches!(
                role,
                Role::Heading1 | Role::Heading2 | Role::Heading3 | Role::Heading4 | Role::Heading5 | Role::Heading6
            )
        };
        let elements = self.layouter.document.structure.elements.get(first_element as usize..)?;
        let found = (first_element..).zip(elements).find(|(_, element)| is_heading(element.role));
        found.map(|(index, _)| ElementId(index))
    }

    fn paint_piece_of_text(&mut self, scene: &mut Scene<'_, 'a>, piece: &Piece) {
        let y = scene.corner.y + piece.top;
        let extra = piece.extra.as_deref();
        if let (Some(extra), Tagging::Under(around)) = (extra, scene.tagging) {
            for cell in extra.cells.clone() {
                self.element_of(scene.tags, cell, around);
            }
        }
        if let Some(rule) = extra.and_then(|extra| extra.rule) {
            let rect = Rect { x: scene.corner.x + rule.x, y: y + rule.down, width: rule.width, height: rule.thickness };
            self.paint_patch(rect, rule.color, 0.0, scene.tagging);
        }
        if let Some(art) = extra.and_then(|extra| extra.art) {
            let tagging = match (scene.tagging, art.tag) {
                (Tagging::Under(around), Some(tag)) => Tagging::Under(self.element_of(scene.tags, tag, around)),
                (tagging, _) => tagging.for_decoration(),
            };
            let rect = Rect { x: scene.corner.x + art.x, y, width: art.width, height: art.height };
            self.paint_art(art.placed, rect, tagging);
        }
        for line in &piece.lines {
            self.paint_line_of_text(scene, line, y);
        }
    }

    fn paint_line_of_text(&mut self, scene: &mut Scene<'_, 'a>, placed: &PlacedLine, top: f32) {
        let baseline = top + placed.baseline;
        let shown = self.shown_runs(scene, placed, top);
        self.paint_tints(&shown, baseline, scene.tagging);
        let mut links: Vec<(usize, Rect, Option<ElementId>)> = Vec::new();
        for (look, rect, item) in &shown {
            let tagging = match (scene.tagging, look.tag) {
                (Tagging::Under(around), Some(tag)) => Tagging::Under(self.element_of(scene.tags, tag, around)),
                (tagging, _) => tagging.for_decoration(),
            };
            self.apply(tagging);
            self.push_run(item.clone(), tagging);
            if let Some(link) = look.link {
                // The element of a link is around those of its spans.
                let element = look.tag.and_then(|tag| link_element(scene.tags, tag));
                match links.last_mut().filter(|(known, _, _)| *known == link) {
                    Some((_, known, _)) => *known = union(*known, *rect),
                    None => links.push((link, *rect, element)),
                }
            }
        }
        for (look, rect, _) in &shown {
            let Some(decoration) = look.decoration else { continue };
            for (distance, thickness) in [decoration.underline, decoration.strike].into_iter().flatten() {
                let y = baseline - look.raise + distance;
                self.paint_patch(Rect { y, height: thickness, ..*rect }, look.color, 0.0, scene.tagging);
            }
        }
        for (link, rect, element) in links {
            let element = element.filter(|_| matches!(scene.tagging, Tagging::Under(_)));
            self.link_text(scene, link, rect, element);
        }
    }

    /// The runs of a line with their looks and where they stand, in the order of reading.
    pub(super) fn shown_runs<'s>(
        &self,
        scene: &Scene<'s, 'a>,
        placed: &PlacedLine,
        top: f32,
    ) -> Vec<(&'s SpanLook, Rect, GlyphRun)> {
        let store = &self.layouter.store;
        let Some(line) = store.lines.get(placed.line as usize) else { return Vec::new() };
        let left = scene.corner.x + placed.x + line.x;
        let baseline = top + placed.baseline;
        let mut runs: Vec<usize> = (line.runs.start as usize..line.runs.end as usize).collect();
        // Tags follow the order of reading, which is not that of the places when directions mix.
        runs.sort_by_key(|index| store.runs.get(*index).map_or(0, |run| run.text.start));
        let mut shown = Vec::with_capacity(runs.len());
        for run in runs.into_iter().filter_map(|index| store.runs.get(index)) {
            let glyphs = Self::glyph_range(run.glyphs.start, run.glyphs.end, run.hanging);
            let Some(look) = scene.looks_at(run.text.start).filter(|_| !glyphs.is_empty()) else { continue };
            let rect = Rect { x: left + run.x, y: top + placed.top, width: run.width, height: placed.height };
            let item = GlyphRun {
                face: run.face,
                size: look.size,
                color: look.color,
                origin: Point { x: rect.x, y: baseline - look.raise },
                letter_spacing: run.letter_spacing,
                glyphs,
                text: run.text.clone(),
                posture: run.posture,
            };
            shown.push((look, rect, item));
        }
        shown
    }

    /// What lies behind letters; one patch for neighbours of one colour.
    fn paint_tints(&mut self, shown: &[(&SpanLook, Rect, GlyphRun)], baseline: f32, tagging: Tagging) {
        let mut open: Option<(Color, Rect)> = None;
        let tints = shown.iter().map(|(look, rect, _)| {
            look.highlight.map(|(color, above, below)| {
                let y = baseline - look.raise - above;
                (color, Rect { y, height: above + below, ..*rect })
            })
        });
        for tint in tints.chain([None]) {
            match (open, tint) {
                (Some((color, rect)), Some((next, more))) if color == next && rect.y == more.y => {
                    open = Some((color, union(rect, more)));
                }
                _ => {
                    if let Some((color, rect)) = open {
                        let wide = Rect {
                            x: rect.x - HIGHLIGHT_ACROSS_POINTS,
                            width: rect.width + HIGHLIGHT_ACROSS_POINTS * 2.0,
                            ..rect
                        };
                        self.paint_patch(wide, color, HIGHLIGHT_RADIUS_POINTS, tagging);
                    }
                    open = tint;
                }
            }
        }
    }

    /// A rectangle in the coordinates of the page.
    fn on_page(&self, rect: Rect) -> Rect {
        self.placement().map_or(rect, |placement| bounds_of(rect, &placement))
    }

    fn link_text(&mut self, scene: &Scene<'_, 'a>, link: usize, rect: Rect, element: Option<ElementId>) {
        match scene.links.get(link) {
            Some(RichTarget::Address(address)) => {
                self.add_link(address, self.on_page(rect), element, Site::of(scene.node, ""));
            }
            Some(RichTarget::Entry(entry)) => {
                let place = self.layouter.entries.get(*entry).and_then(|entry| entry.place);
                let elements = &self.layouter.document.structure.elements;
                let parent = |element: ElementId| elements.get(element.0 as usize)?.parent;
                // The entry is around the paragraph that is around the link.
                let item = element.and_then(parent).and_then(parent);
                self.listed.extend(item.map(|item| (item, *entry)));
                if let Some((page, y)) = place {
                    // The whole row leads there, with its leader and its number.
                    let rect = self.on_page(Rect { width: scene.right - rect.x, ..rect });
                    self.page.links.push(Link { rect, target: Target::Place { page, y }, element });
                }
            }
            None => {}
        }
    }

    fn paint_patch(&mut self, rect: Rect, color: Color, radius: f32, tagging: Tagging) {
        self.apply(tagging.for_decoration());
        self.page.items.push(Item::Rect(RectItem { rect, radius, fill: Some(color), stroke: None }));
    }

    /// The element of a tag, made with those around it when it is met first.
    fn element_of(&mut self, tags: &mut [Tag], index: usize, around: ElementId) -> ElementId {
        let Some(tag) = tags.get(index) else { return around };
        if let Some(element) = tag.element {
            return element;
        }
        let (role, parent, scope) = (tag.role, tag.parent, tag.scope);
        let alt = tag.alt.as_deref().map(Into::into);
        let parent = match parent.filter(|parent| *parent < index) {
            Some(parent) => self.element_of(tags, parent, around),
            None => around,
        };
        let element = self.add_element(role, parent);
        if let Some(made) = self.layouter.document.structure.get_mut(element) {
            made.alt = alt;
            made.scope = scope;
        }
        if let Some(tag) = tags.get_mut(index) {
            tag.element = Some(element);
        }
        element
    }
}

/// What painting pieces needs to know.
pub(super) struct Scene<'s, 'a> {
    node: &'a Node,
    pub(super) looks: &'s [SpanLook],
    tags: &'s mut [Tag],
    links: &'s [RichTarget],
    /// Where the first piece's zero is on the page.
    pub(super) corner: Point,
    /// The right edge of all of it on the page.
    right: f32,
    pub(super) tagging: Tagging,
}

impl<'s, 'a> Scene<'s, 'a> {
    fn looks_at(&self, at: u32) -> Option<&'s SpanLook> {
        let index = self.looks.partition_point(|look| look.text.end <= at);
        self.looks.get(index).or(self.looks.last())
    }

    /// The same once more, while this one waits.
    fn again(&mut self) -> Scene<'_, 'a> {
        Scene {
            node: self.node,
            looks: self.looks,
            tags: self.tags,
            links: self.links,
            corner: self.corner,
            right: self.right,
            tagging: self.tagging,
        }
    }
}

/// The element of the link around a tag.
fn link_element(tags: &[Tag], index: usize) -> Option<ElementId> {
    let mut tag = tags.get(index)?;
    // A parent has a smaller index than what is in it, so that this ends.
    while tag.role != crate::document::Role::Link {
        tag = tags.get(tag.parent?)?;
    }
    tag.element
}

fn union(first: Rect, second: Rect) -> Rect {
    let x = first.x.min(second.x);
    let y = first.y.min(second.y);
    let right = first.right().max(second.right());
    let bottom = first.bottom().max(second.bottom());
    Rect { x, y, width: right - x, height: bottom - y }
}
