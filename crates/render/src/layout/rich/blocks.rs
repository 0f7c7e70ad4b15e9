//! Blocks of rich text, one below the other: paragraphs, headings, lists, quotations, code, pictures.

use std::ops::Range;

use super::flow::{Back, Piece, PlacedArt, PlacedLine, PlacedRule, RichFlow, Tag};
use super::lines::Prepared;
use super::looks::{CODE_FILL, Looks, RULE_COLOR};
use super::markers;
use crate::diagnostic::codes;
use crate::document::Role;
use crate::expression::{Scope, TextTemplate};
use crate::layout::state::{Layouter, Site, Stop};
use crate::layout::vertical::is_vertical;
use crate::template::model::{
    Align, BlockForm, Node, RichBlock, RichElement, RichImage, RichList, RichNode, RichSpan, TextStyle,
};
use crate::text::LineBox;

/// Space between paragraphs, as a multiple of their size, unless the style gives one.
const PARAGRAPH_GAP: f32 = 0.7;

/// Space between the items of a list, as a multiple of their size.
const ITEM_GAP: f32 = 0.25;

/// Least distance by which items are moved in, and between a number and its item, as multiples of the size.
const ITEM_INDENT: f32 = 1.5;
const MARKER_GAP: f32 = 0.5;

/// Bar beside a quotation, and its distance from the text.
const QUOTE_BAR_POINTS: f32 = 2.0;
const QUOTE_INDENT: f32 = 1.3;

/// Space inside a block of code: across and down, as multiples of its size.
const CODE_PADDING: [f32; 2] = [1.0, 0.75];
const CODE_RADIUS_POINTS: f32 = 3.0;

/// Thickness of a line across, and the space around it as a multiple of the size.
const RULE_POINTS: f32 = 0.75;
const RULE_GAP: f32 = 1.2;

/// Lines of a paragraph that stay together at the end of a page and at the beginning of one.
const LINES_TOGETHER: usize = 2;

/// Puts blocks below each other.
pub(in crate::layout) struct Builder<'b, 's, 'a> {
    pub(super) layouter: &'b mut Layouter<'a>,
    pub(super) node: &'a Node,
    pub(super) scope: &'b Scope<'s, 'a>,
    pub(super) looks: Looks<'b>,
    pub(in crate::layout) flow: RichFlow,
    pub(super) width: f32,
    /// Where the next piece stands, without the space above it.
    pub(super) y: f32,
    /// Space that the last block wants below it; nothing stands above yet.
    after: Option<f32>,
    /// What stands before the item that begins.
    marker: Option<PendingMarker>,
    bookmark_level: u8,
    first_level: u8,
}

/// What stands before an item, to be put beside its first line.
struct PendingMarker {
    text: Prepared,
    /// Where it ends, from the side at which reading begins.
    end: f32,
    width: f32,
}

/// Where blocks stand.
#[derive(Clone, Copy)]
pub(super) struct Room<'r> {
    pub(super) x: f32,
    pub(super) width: f32,
    /// What looks start from.
    pub(super) style: &'r TextStyle,
    /// The element around.
    pub(super) tag: Option<usize>,
    /// Lists around.
    depth: usize,
    /// Space between two blocks.
    gap: f32,
}

impl<'b, 's, 'a> Builder<'b, 's, 'a> {
    /// Starts at the top.
    pub(super) fn new(
        layouter: &'b mut Layouter<'a>,
        node: &'a Node,
        scope: &'b Scope<'s, 'a>,
        looks: Looks<'b>,
        width: f32,
    ) -> Self {
        Self {
            layouter,
            node,
            scope,
            looks,
            flow: RichFlow::default(),
            width,
            y: 0.0,
            after: None,
            marker: None,
            bookmark_level: 0,
            first_level: 1,
        }
    }

    /// Starts at the top, with no looks but the usual ones.
    pub(in crate::layout) fn plain(
        layouter: &'b mut Layouter<'a>,
        node: &'a Node,
        scope: &'b Scope<'s, 'a>,
        styles: &'b indexmap::IndexMap<String, TextStyle>,
        width: f32,
    ) -> Self {
        Self::new(layouter, node, scope, Looks { elements: &[], styles, scale: 1.0 }, width)
    }

    /// The width of a line that was laid out.
    pub(in crate::layout) fn line_width(&self, line: u32) -> f32 {
        self.layouter.store.lines.get(line as usize).map_or(0.0, |line| line.width)
    }

    /// Makes headings tags and bookmarks of the levels that a node asks for.
    pub(super) fn number_headings(&mut self, rich: &RichNode) {
        self.bookmark_level = rich.bookmark_level;
        self.first_level = rich.first_level;
    }

    /// All pieces.
    pub(in crate::layout) fn finish(mut self) -> RichFlow {
        self.flow.height = self.y;
        self.flow
    }

    /// A length that is a multiple of a size.
    pub(super) fn em(&self, style: &TextStyle, factor: f32) -> f32 {
        style.size * self.looks.scale * factor
    }

    pub(in crate::layout) fn add_tag(&mut self, tag: Tag) -> usize {
        self.flow.tags.push(tag);
        self.flow.tags.len() - 1
    }

    /// Puts all blocks of a text.
    pub(super) fn all(&mut self, blocks: &[RichBlock], style: &TextStyle) -> Result<(), Stop> {
        let own = style.paragraph_gap * self.looks.scale;
        let gap = if own > 0.0 { own } else { self.em(style, PARAGRAPH_GAP) };
        let room = Room { x: 0.0, width: self.width, style, tag: None, depth: 0, gap };
        self.blocks(blocks, &room)
    }

    fn blocks(&mut self, blocks: &[RichBlock], room: &Room<'_>) -> Result<(), Stop> {
        for block in blocks {
            let site = Site::of(self.node, "");
            self.layouter.count_item(site)?;
            if let Some(visible) = &block.visible
                && !self.layouter.evaluate(visible, self.scope, site)?.truthy()
            {
                continue;
            }
            let indent = block.indent * self.looks.scale;
            let inner = Room { x: room.x + indent, width: (room.width - indent).max(0.0), ..*room };
            self.block(block, &inner)?;
        }
        Ok(())
    }

    fn block(&mut self, block: &RichBlock, room: &Room<'_>) -> Result<(), Stop> {
        match &block.form {
            BlockForm::Paragraph(spans) => {
                let style = self.style_of(block, RichElement::Paragraph, room);
                self.paragraph(block, spans, &style, room)
            }
            BlockForm::Heading { level, spans } => self.heading(block, *level, spans, room),
            BlockForm::List(list) => self.list(block, list, room),
            BlockForm::Quote(blocks) => self.quote(block, blocks, room),
            BlockForm::Code(text) => self.code(block, text, room),
            BlockForm::Rule => {
                let gap = self.em(room.style, RULE_GAP);
                self.open(block, gap);
                let mut piece = self.piece(RULE_POINTS);
                piece.extra().rule = Some(PlacedRule {
                    x: room.x,
                    width: room.width,
                    down: 0.0,
                    thickness: RULE_POINTS,
                    color: RULE_COLOR,
                });
                self.push(piece);
                self.close(block, gap);
                Ok(())
            }
            BlockForm::Image(_) | BlockForm::Table(_) if is_vertical(room.style) => {
                let message = "pictures and tables cannot stand among columns; this one is left out".to_owned();
                let hint = "put it into a node of its own".to_owned();
                self.layouter.warn(codes::INVALID_VALUE, Site::of(self.node, ""), message, Some(hint));
                Ok(())
            }
            BlockForm::Image(image) => self.image(block, image, room),
            BlockForm::Table(table) => {
                self.open(block, room.gap);
                self.table(table, block, room)?;
                self.close(block, room.gap);
                Ok(())
            }
        }
    }

    /// The look of a block.
    pub(super) fn style_of(&self, block: &RichBlock, element: RichElement, room: &Room<'_>) -> TextStyle {
        let mut style = self.looks.block(element, room.style, block.style.as_ref());
        style.align = block.align.unwrap_or(style.align);
        style
    }

    /// Leaves the space above a block, the first of which has none: the larger of what it wants and what the one before it wants.
    fn open(&mut self, block: &RichBlock, usual: f32) {
        let [before, _] = block.space;
        self.leave(before.map_or(usual, |before| before * self.looks.scale));
    }

    /// Leaves space above what follows, unless nothing stands above.
    pub(in crate::layout) fn leave(&mut self, space: f32) {
        if let Some(after) = self.after.take() {
            self.y += after.max(space);
        }
    }

    fn close(&mut self, block: &RichBlock, usual: f32) {
        let [_, after] = block.space;
        self.after = Some(after.map_or(usual, |after| after * self.looks.scale));
    }

    /// An empty piece at the place at hand.
    pub(in crate::layout) fn piece(&self, height: f32) -> Piece {
        Piece { top: self.y, height, hold: false, lines: Vec::new(), extra: None }
    }

    /// Puts a piece.
    pub(in crate::layout) fn push(&mut self, mut piece: Piece) {
        if let Some(marker) = self.marker.take() {
            self.put_marker(marker, &mut piece);
        }
        self.y = piece.top + piece.height;
        self.after = Some(0.0);
        self.flow.pieces.push(piece);
    }

    fn paragraph(
        &mut self,
        block: &RichBlock,
        spans: &[RichSpan],
        style: &TextStyle,
        room: &Room<'_>,
    ) -> Result<(), Stop> {
        let tag = self.add_tag(Tag::new(Role::Paragraph, room.tag));
        let text = self.prepare(spans, style, tag, false)?;
        self.open(block, room.gap);
        let pieces = self.lines(&text, style.align, room);
        keep_lines_together(self.flow.pieces.get_mut(pieces).unwrap_or_default());
        self.close(block, room.gap);
        Ok(())
    }

    fn heading(&mut self, block: &RichBlock, level: u8, spans: &[RichSpan], room: &Room<'_>) -> Result<(), Stop> {
        let style = self.style_of(block, RichElement::Heading(level), room);
        let shown = level.saturating_add(self.first_level).saturating_sub(1).clamp(1, 6);
        let tag = self.add_tag(Tag::new(heading_role(shown), room.tag));
        let text = self.prepare(spans, &style, tag, false)?;
        let [before, after] = self.looks.heading_space(level, self.em(&style, 1.0));
        self.open(block, before);
        let pieces = self.lines(&text, style.align, room);
        for piece in self.flow.pieces.get_mut(pieces.clone()).unwrap_or_default() {
            piece.hold = true;
        }
        if level <= self.bookmark_level
            && let Some(first) = self.flow.pieces.get_mut(pieces.start)
        {
            first.extra().bookmark = Some((shown, text.text()));
        }
        self.close(block, after);
        Ok(())
    }

    fn list(&mut self, block: &RichBlock, list: &RichList, room: &Room<'_>) -> Result<(), Stop> {
        let style = self.style_of(block, RichElement::Paragraph, room);
        let tag = self.add_tag(Tag::new(Role::List, room.tag));
        let gap = match list.gap {
            Some(gap) => gap * self.looks.scale,
            None if list.loose => room.gap,
            None => self.em(&style, ITEM_GAP),
        };
        let marker_style = self.looks.block(RichElement::Marker, &style, None);
        let mut markers = Vec::with_capacity(list.items.len());
        let mut widest: f32 = 0.0;
        for number in (list.start..).take(list.items.len()) {
            let item = self.add_tag(Tag::new(Role::ListItem, Some(tag)));
            let marker = markers::text(list.marker, number, room.depth).map(|text| {
                let label = self.add_tag(Tag::new(Role::Label, Some(item)));
                let text = self.prepare_plain(&text, &marker_style, Some(label), None);
                let width = self.natural_width(&text);
                widest = widest.max(width);
                (text, width)
            });
            let body = self.add_tag(Tag::new(Role::ListBody, Some(item)));
            markers.push((marker, body));
        }
        let indent = self.em(&style, ITEM_INDENT).max(widest + self.em(&style, MARKER_GAP));
        let inner = Room {
            x: room.x + indent,
            width: (room.width - indent).max(0.0),
            style: &style,
            tag: None,
            depth: room.depth + 1,
            gap,
        };
        let around = if room.depth > 0 { room.gap } else { room.gap.max(gap) };
        self.open(block, around);
        for (blocks, (marker, body)) in list.items.iter().zip(markers) {
            self.layouter.count_item(Site::of(self.node, ""))?;
            let end = inner.x - self.em(&style, MARKER_GAP);
            self.marker = marker.map(|(text, width)| PendingMarker { text, end, width });
            self.leave(gap);
            let first = self.flow.pieces.len();
            self.blocks(blocks, &Room { tag: Some(body), ..inner })?;
            if self.flow.pieces.len() == first && self.marker.is_some() {
                let height = self.em(&style, style.line_height);
                let piece = self.piece(height);
                self.push(piece);
            }
            self.marker = None;
            self.after = Some(0.0);
        }
        self.close(block, around);
        Ok(())
    }

    /// Puts what stands before an item on the line of its first text.
    fn put_marker(&mut self, marker: PendingMarker, piece: &mut Piece) {
        let block = self.lay_out(&marker.text, f32::INFINITY, Align::Start);
        let Some(line) = block.lines.first() else { return };
        let first = piece.lines.first();
        let baseline = first.map_or(line.baseline, |first| first.baseline);
        let is_right_to_left = first.is_some_and(|first| self.runs_to_the_left(first.line));
        let left = marker.end - marker.width;
        let x = if is_right_to_left { self.width - marker.end } else { left };
        let placed = PlacedLine {
            line: line.line,
            x,
            width: marker.width,
            top: baseline - line.baseline,
            baseline,
            height: line.height,
        };
        piece.lines.insert(0, placed);
    }

    fn quote(&mut self, block: &RichBlock, blocks: &[RichBlock], room: &Room<'_>) -> Result<(), Stop> {
        let style = self.style_of(block, RichElement::Quote, room);
        let tag = self.add_tag(Tag::new(Role::BlockQuote, room.tag));
        let indent = self.em(&style, QUOTE_INDENT);
        let inner =
            Room { x: room.x + indent, width: (room.width - indent).max(0.0), style: &style, tag: Some(tag), ..*room };
        self.open(block, room.gap);
        let first = self.flow.pieces.len();
        self.blocks(blocks, &inner)?;
        self.flow.backs.push(Back {
            pieces: first..self.flow.pieces.len(),
            x: room.x,
            width: QUOTE_BAR_POINTS,
            color: RULE_COLOR,
            radius: 0.0,
        });
        self.close(block, room.gap);
        Ok(())
    }

    fn code(&mut self, block: &RichBlock, text: &TextTemplate, room: &Room<'_>) -> Result<(), Stop> {
        let style = self.style_of(block, RichElement::CodeBlock, room);
        let paragraph = self.add_tag(Tag::new(Role::Paragraph, room.tag));
        let tag = self.add_tag(Tag::new(Role::Code, Some(paragraph)));
        let spans = [RichSpan::plain(text.clone())];
        let text = self.prepare(&spans, &style, tag, true)?;
        let [across, down] = CODE_PADDING.map(|factor| self.em(&style, factor));
        let inner = Room { x: room.x + across, width: (room.width - across * 2.0).max(0.0), ..*room };
        self.open(block, room.gap);
        let top = self.y;
        self.y += down;
        let pieces = self.lines(&text, style.align, &inner);
        self.y += down;
        let lines = self.flow.pieces.get_mut(pieces.clone()).unwrap_or_default();
        keep_lines_together(lines);
        // The space inside belongs to the first and the last line, wherever they stand.
        if let Some(first) = lines.first_mut() {
            first.top = top;
            first.height += down;
            for line in &mut first.lines {
                line.top += down;
                line.baseline += down;
            }
        }
        if let Some(last) = lines.last_mut() {
            last.height += down;
        }
        self.flow.backs.push(Back {
            pieces,
            x: room.x,
            width: room.width,
            color: CODE_FILL,
            radius: CODE_RADIUS_POINTS,
        });
        self.close(block, room.gap);
        Ok(())
    }

    fn image(&mut self, block: &RichBlock, image: &RichImage, room: &Room<'_>) -> Result<(), Stop> {
        let site = Site::of(self.node, "");
        let source = self.layouter.text_of(&image.source, self.scope, site)?;
        let alt = self.layouter.text_of(&image.alt, self.scope, site)?;
        let Some(placed) = self.layouter.place_art(source.trim(), site) else { return Ok(()) };
        let natural = placed.size;
        let ratio = if natural.width > 0.0 { natural.height / natural.width } else { 1.0 };
        let width = image.width.unwrap_or(natural.width).min(room.width);
        let tag =
            (!alt.trim().is_empty()).then(|| self.add_tag(Tag { alt: Some(alt), ..Tag::new(Role::Figure, room.tag) }));
        let style = self.style_of(block, RichElement::Paragraph, room);
        let x = room.x + crate::layout::frame::aligned(style.align, room.width - width);
        self.open(block, room.gap);
        let mut piece = self.piece(width * ratio);
        piece.extra().art = Some(PlacedArt { placed, x, width, height: width * ratio, tag });
        self.push(piece);
        self.close(block, room.gap);
        Ok(())
    }

    /// Puts the lines of a text, each a piece; gives the pieces.
    fn lines(&mut self, text: &Prepared, align: Align, room: &Room<'_>) -> Range<usize> {
        let block = self.lay_out(text, room.width, align);
        let first = self.flow.pieces.len();
        // Text that runs to the left is moved in from the other side.
        let mirrored = block.lines.first().is_some_and(|line| self.runs_to_the_left(line.line));
        let x = if mirrored { self.width - room.x - room.width } else { room.x };
        for line in block.lines {
            let mut piece = self.piece(line.height);
            piece.lines.push(placed(line, x, room.width, 0.0));
            self.push(piece);
        }
        first..self.flow.pieces.len()
    }

    fn runs_to_the_left(&self, line: u32) -> bool {
        self.layouter.store.lines.get(line as usize).is_some_and(|line| line.right_to_left)
    }
}

/// A line at a place in its piece.
pub(in crate::layout) fn placed(line: LineBox, x: f32, width: f32, top: f32) -> PlacedLine {
    PlacedLine { line: line.line, x, width, top, baseline: top + line.baseline, height: line.height }
}

/// Neither one line is left behind nor one carried over.
fn keep_lines_together(pieces: &mut [Piece]) {
    let count = pieces.len();
    for (index, piece) in pieces.iter_mut().enumerate() {
        let left = index + 1;
        let rest = count - left;
        piece.hold = rest > 0 && (left < LINES_TOGETHER || rest < LINES_TOGETHER);
    }
}

fn heading_role(level: u8) -> Role {
    match level {
        1 => Role::Heading1,
        2 => Role::Heading2,
        3 => Role::Heading3,
        4 => Role::Heading4,
        5 => Role::Heading5,
        _ => Role::Heading6,
    }
}
