//! Painting: measured content becomes the display list of a page.

mod barcode;
mod chart;
mod clip;
mod color_glyphs;
mod columns;
mod cut;
mod field;
mod fill;
mod marks;
mod rich;
mod shadow;
mod shapes;
mod table;
mod text;
mod text_shadow;

use super::measured::{Content, Measured};
use super::place::{Fragment, Part};
use super::rotate::{bounds_of, rotation_about};
use super::state::{Layouter, Site, Stop};
use crate::diagnostic::codes;
use crate::document::{Bookmark, ElementId, Item, Link, NodeBox, Page, Rect, Target, Transform, narrow};
use crate::expression::{Scope, Value};
use crate::template::model::Kind;
use crate::text::index32;
pub(super) use color_glyphs::ColorPlaces;
use marks::Mark;
pub(super) use marks::Tagging;
pub(super) use text::offset;

/// Paints pages, one after the other.
pub(super) struct Painter<'l, 'a> {
    pub(super) layouter: &'l mut Layouter<'a>,
    page: Page,
    pub(super) page_index: u32,
    mark: Mark,
    root: ElementId,
    /// Where nodes stand, by their index: page and distance from its top.
    anchors: Vec<Option<(u32, f32)>>,
    /// Links to nodes, to be set once all places are known.
    pending: Vec<Pending<'a>>,
    /// For each push that is open: from the coordinates inside of it to those of the page.
    placements: Vec<Transform>,
    /// Entries of contents lists: their elements, and their numbers among all entries.
    listed: Vec<(ElementId, usize)>,
}

/// A link to a node.
struct Pending<'a> {
    page: u32,
    link: usize,
    id: String,
    site: Site<'a>,
}

impl Layouter<'_> {
    /// Records a link that leads nowhere it may.
    pub(super) fn warn_of_link(&mut self, target: &str, site: Site<'_>) {
        let shown: String = target.chars().take(60).collect();
        let message = format!("\"{shown}\" is no link that a document may have");
        let hint = "use http:, https:, mailto:, tel:, or # with the id of a node";
        self.warn(codes::INVALID_VALUE, site, message, Some(hint.to_owned()));
    }
}

impl<'l, 'a> Painter<'l, 'a> {
    /// Starts with the root of the tag tree.
    pub(super) fn new(layouter: &'l mut Layouter<'a>, root: ElementId) -> Self {
        let anchors = vec![None; layouter.program.node_ids().len()];
        Self {
            layouter,
            page: Page::default(),
            page_index: 0,
            mark: Mark::None,
            root,
            anchors,
            pending: Vec::new(),
            placements: Vec::new(),
            listed: Vec::new(),
        }
    }

    /// Begins the next page.
    pub(super) fn begin_page(&mut self, index: u32) {
        self.page = Page { size: self.layouter.template.page.size, ..Page::default() };
        self.page_index = index;
        self.mark = Mark::None;
    }

    /// Puts the page into the document.
    pub(super) fn end_page(&mut self) {
        self.layouter.document.pages.push(std::mem::take(&mut self.page));
    }

    /// The root of the tag tree.
    pub(super) fn root(&self) -> ElementId {
        self.root
    }

    /// Paints nodes at their places relative to a corner.
    pub(super) fn paint_all(
        &mut self,
        nodes: &mut [Measured<'a>],
        x: f32,
        y: f32,
        tagging: Tagging,
    ) -> Result<(), Stop> {
        for node in nodes {
            let (left, top, height) = (x + node.x, y + node.y, node.height);
            self.paint_piece(node, &Part::Whole, Rect { x: left, y: top, width: node.width, height }, 0.0, tagging)?;
        }
        Ok(())
    }

    /// Paints a piece of a node of the body, whose room begins at `x` and `top`.
    pub(super) fn paint_fragment(
        &mut self,
        node: &mut Measured<'a>,
        fragment: &Fragment,
        x: f32,
        top: f32,
        tagging: Tagging,
    ) -> Result<(), Stop> {
        let rect = Rect { x: x + node.x, y: top + fragment.y, width: node.width, height: fragment.height };
        self.paint_piece(node, &fragment.part, rect, top, tagging)
    }

    /// Paints a piece into a rectangle of the page. `top` is where the body begins, for pieces inside.
    fn paint_piece(
        &mut self,
        node: &mut Measured<'a>,
        part: &Part,
        rect: Rect,
        top: f32,
        tagging: Tagging,
    ) -> Result<(), Stop> {
        if matches!(node.content, Content::Nothing | Content::PageBreak) {
            return Ok(());
        }
        if !self.is_visible_here(node)? {
            return Ok(());
        }
        if node.extras.as_ref().is_some_and(|extras| extras.deferred.is_some()) {
            self.make_for_page(node, part)?;
        }
        match part {
            Part::Scaled(factor) => {
                let Rect { x, y, .. } = rect;
                let rest = 1.0 - factor;
                let smaller = Transform { coefficients: [*factor, 0.0, 0.0, *factor, x * rest, y * rest] };
                self.push(smaller, None, 1.0);
                let full = Rect { height: node.height, ..rect };
                self.paint_full_size(node, &Part::Whole, full, top, tagging)?;
                self.pop();
                Ok(())
            }
            Part::Cut => {
                self.push(Transform::IDENTITY, Some(rect), 1.0);
                let full = Rect { height: node.height, ..rect };
                self.paint_full_size(node, &Part::Whole, full, top, tagging)?;
                self.pop();
                Ok(())
            }
            part => self.paint_full_size(node, part, rect, top, tagging),
        }
    }

    /// Paints a piece at its own size.
    fn paint_full_size(
        &mut self,
        node: &mut Measured<'a>,
        part: &Part,
        rect: Rect,
        top: f32,
        tagging: Tagging,
    ) -> Result<(), Stop> {
        let turned = node.rotation.rem_euclid(360.0) != 0.0;
        let transform = if turned { rotation_about(rect, node.rotation) } else { Transform::IDENTITY };
        let bookmark = if node.is_copies { None } else { self.note(node, rect, turned.then_some(&transform)) };
        let first_element = index32(self.layouter.document.structure.elements.len());
        let changes = turned || node.opacity < 1.0;
        if changes {
            self.push(transform, None, node.opacity);
        }
        self.paint_content(node, part, rect, top, tagging)?;
        if changes {
            self.pop();
        }
        if let Some((level, title)) = bookmark {
            self.claim(level, &title, node.element, first_element);
        }
        Ok(())
    }

    /// Asks a condition that had to wait until the page was known.
    fn is_visible_here(&mut self, node: &Measured<'a>) -> Result<bool, Stop> {
        let bindings = node.extras.as_ref().and_then(|extras| extras.deferred_visible.as_ref());
        let (Some(bindings), Some(visible)) = (bindings, &node.node.visible) else { return Ok(true) };
        let site = Site::of(node.node, "visible");
        let scope = Scope::new(self.layouter.data);
        let value = self
            .with_bindings(&scope, bindings, &mut |painter, scope| painter.layouter.evaluate(visible, scope, site))?;
        Ok(value.truthy())
    }

    /// Makes content that had to wait until the page was known.
    fn make_for_page(&mut self, node: &mut Measured<'a>, part: &Part) -> Result<(), Stop> {
        let is_rich = matches!(node.content, Content::Rich(_));
        // Rich text is laid out for each of its pages.
        let bindings = node
            .extras
            .as_mut()
            .and_then(|extras| if is_rich { extras.deferred.clone() } else { extras.deferred.take() });
        let Some(bindings) = bindings else { return Ok(()) };
        let scope = Scope::new(self.layouter.data);
        self.with_bindings(&scope, &bindings, &mut |painter, scope| painter.layouter.measure_again(node, part, scope))
    }

    fn paint_content(
        &mut self,
        node: &mut Measured<'a>,
        part: &Part,
        rect: Rect,
        top: f32,
        tagging: Tagging,
    ) -> Result<(), Stop> {
        let tagging = self.tagging_of(node, rect, tagging);
        match &mut node.content {
            Content::Nothing | Content::PageBreak => Ok(()),
            Content::Text(_) => self.paint_text(node, part, rect, tagging),
            Content::Image(image) => {
                self.paint_image(image, rect, tagging);
                Ok(())
            }
            Content::Line { stroke, rising } => {
                self.paint_line(rect, stroke, *rising, tagging);
                Ok(())
            }
            Content::Rect { look } => {
                self.paint_box(rect, look, tagging);
                Ok(())
            }
            Content::Ellipse { look } => {
                self.paint_ellipse(rect, look, tagging);
                Ok(())
            }
            Content::Path { look, path } => {
                self.paint_outline(rect, look, path, tagging);
                Ok(())
            }
            Content::Barcode(barcode) => {
                self.paint_barcode(rect, barcode, tagging);
                Ok(())
            }
            Content::Chart(chart) => {
                self.paint_chart(chart, rect, tagging);
                Ok(())
            }
            Content::Field(field) => {
                self.paint_field(node.node.index, rect, field, tagging);
                Ok(())
            }
            Content::Group { look, children } | Content::Column { look, children } => {
                let [above, _, _, left] = look.padding;
                let mut inside = |painter: &mut Self| match part {
                    Part::Children(pieces) => painter.paint_children(children, pieces, rect.x + left, top, tagging),
                    _ => painter.paint_all(children, rect.x + left, rect.y + above, tagging),
                };
                if matches!(&node.node.kind, Kind::Frame(frame) if frame.clip) && !node.is_copies {
                    return self.paint_clipped(rect, look, tagging, inside);
                }
                self.paint_box(rect, look, tagging.for_decoration());
                inside(self)
            }
            Content::Flow(flow) => self.paint_flow(flow, part, rect, tagging),
            Content::Rich(_) => self.paint_rich(node, part, rect, tagging),
            Content::Table(table) => self.paint_table(node.node, table, part, rect, tagging),
        }
    }

    fn paint_children(
        &mut self,
        children: &mut [Measured<'a>],
        pieces: &[(usize, Fragment)],
        x: f32,
        top: f32,
        tagging: Tagging,
    ) -> Result<(), Stop> {
        for (index, fragment) in pieces {
            if let Some(child) = children.get_mut(*index) {
                self.paint_fragment(child, fragment, x, top, tagging)?;
            }
        }
        Ok(())
    }

    /// Paints something that is decoration.
    pub(super) fn paint_decoration_item(&mut self, item: Item, kind: crate::document::ArtifactKind) {
        self.apply(Tagging::Artifact(kind));
        self.page.items.push(item);
    }

    fn push(&mut self, transform: Transform, clip: Option<Rect>, opacity: f32) {
        let placement = self.placement().map_or(transform, |outer| outer.around(&transform));
        self.placements.push(placement);
        self.page.items.push(Item::Push { transform, clip, opacity });
        self.mark = Mark::None;
    }

    /// Clips what follows to a path, until it is popped.
    fn push_clip(&mut self, segments: &[crate::document::Segment], even_odd: bool) {
        self.placements.push(self.placement().unwrap_or(Transform::IDENTITY));
        let segments = self.keep(segments);
        self.page.items.push(Item::PushClip { segments, even_odd });
        self.mark = Mark::None;
    }

    fn pop(&mut self) {
        self.placements.pop();
        self.page.items.push(Item::Pop);
        self.mark = Mark::None;
    }

    /// From the coordinates at hand to those of the page, when they differ.
    fn placement(&self) -> Option<Transform> {
        self.placements.last().copied()
    }

    /// Remembers where a node stands: for the designer, for links to it, for the outline.
    /// Gives a bookmark back that a contents list may list.
    fn note(&mut self, node: &mut Measured<'a>, rect: Rect, transform: Option<&Transform>) -> Option<(u8, String)> {
        let index = node.node.index;
        let item = index32(self.page.items.len());
        self.page.boxes.push(NodeBox { node: index, rect, item });
        if let Some(anchor @ None) = self.anchors.get_mut(index as usize) {
            *anchor = Some((self.page_index, rect.y));
        }
        if let Some(extras) = &mut node.extras
            && let Some((level, title)) = extras.bookmark.take()
        {
            let listed = self.layouter.program.has_contents().then(|| (level, title.clone()));
            let bookmark =
                Bookmark { level, title, page: self.page_index, y: transform.map_or(rect, |t| bounds_of(rect, t)).y };
            self.layouter.document.bookmarks.push(bookmark);
            return listed;
        }
        None
    }

    /// Tells the contents list which element a bookmark is about: the given one, or the first that was made since.
    fn claim(&mut self, level: u8, title: &str, element: Option<ElementId>, first_element: u32) {
        let count = index32(self.layouter.document.structure.elements.len());
        let element = element.or((first_element < count).then_some(ElementId(first_element)));
        if let Some(element) = element {
            self.layouter.claim_entry(self.page_index, level, title, element);
        }
    }

    /// Makes a rectangle of the page clickable.
    fn add_link(&mut self, target: &str, rect: Rect, element: Option<ElementId>, site: Site<'a>) {
        let target = target.trim();
        if target.is_empty() {
            return;
        }
        let place = target.strip_prefix('#');
        if let Some(id) = place {
            self.pending.push(Pending { page: self.page_index, link: self.page.links.len(), id: id.to_owned(), site });
        } else if !is_allowed_link(target) {
            self.layouter.warn_of_link(target, site);
            return;
        }
        let target = match place {
            Some(_) => Target::Place { page: self.page_index, y: 0.0 },
            None => Target::Uri(target.to_owned()),
        };
        self.page.links.push(Link { rect, target, element });
    }

    /// Sets the links to nodes.
    pub(super) fn resolve_links(mut self) {
        let mut dead = Vec::new();
        let mut listed = std::mem::take(&mut self.listed);
        listed.sort_unstable();
        listed.dedup_by_key(|(element, _)| *element);
        for (item, entry) in listed {
            if let Some(about) = self.layouter.entries.get(entry).and_then(|entry| entry.element) {
                self.layouter.document.structure.references.push((item, about));
            }
        }
        for pending in std::mem::take(&mut self.pending) {
            let ids = self.layouter.program.node_ids();
            // Copies of a node share its id: the first that stands on a page counts.
            let place = ids.iter().zip(&self.anchors).find_map(|(id, anchor)| anchor.filter(|_| **id == *pending.id));
            let pages = &mut self.layouter.document.pages;
            let link = pages.get_mut(pending.page as usize).and_then(|page| page.links.get_mut(pending.link));
            match (place, link) {
                (Some((page, y)), Some(link)) => link.target = Target::Place { page, y },
                (None, Some(_)) => {
                    let message = format!("there is no node \"{}\" in the document to lead to", pending.id);
                    self.layouter.warn(codes::INVALID_NAME, pending.site, message, None);
                    dead.push((pending.page as usize, pending.link));
                }
                _ => {}
            }
        }
        // A click must not lead to a wrong place. From the last on, so that the others keep their numbers.
        for (page, link) in dead.into_iter().rev() {
            if let Some(page) = self.layouter.document.pages.get_mut(page).filter(|page| link < page.links.len()) {
                page.links.remove(link);
            }
        }
    }

    /// Calls `then` with the names that were bound around a node.
    fn with_bindings<T>(
        &mut self,
        scope: &Scope<'_, 'a>,
        bindings: &[(&'a str, Value<'a>)],
        then: &mut dyn FnMut(&mut Self, &Scope<'_, 'a>) -> T,
    ) -> T {
        match bindings.split_first() {
            Some(((name, value), rest)) => {
                let inner = scope.with(name, value.clone());
                self.with_bindings(&inner, rest, then)
            }
            None => then(self, scope),
        }
    }

    /// Text items may be many: their number is known to the pools already.
    fn glyph_range(start: u32, end: u32, hanging: u8) -> std::ops::Range<u32> {
        start..end.saturating_add(u32::from(hanging))
    }

    /// The position of the next segment.
    fn segment_count(&self) -> u32 {
        index32(self.layouter.document.segments.len())
    }
}

/// Only what leads to a page, a mail or a call; nothing that runs anything.
pub(in crate::layout) fn is_allowed_link(target: &str) -> bool {
    let scheme = target.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https" | "mailto" | "tel"))
        && !target.chars().any(|character| character.is_control() || character.is_whitespace())
}
