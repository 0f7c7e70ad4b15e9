//! Measuring rich text: its blocks become pieces one below the other.

mod blocks;
mod flow;
mod lines;
mod looks;
mod markers;
mod table;
mod vertical;

use std::borrow::Cow;

pub(super) use blocks::{Builder, placed};
pub(super) use flow::{Piece, PlacedLine, PlacedRule, RichFlow, RichTarget, SpanLook, Tag};
pub(super) use lines::Prepared;
use looks::Looks;
pub(crate) use vertical::column_pass_count;

use super::binding::Bound;
use super::measure::{Sized, Subject, box_look};
use super::measured::{Content, Extras};
use super::state::{Layouter, Site, Stop};
use super::vertical::is_vertical;
use crate::diagnostic::codes;
use crate::expression::Scope;
use crate::markdown;
use crate::template::model::{
    BoxLook, ContentsNode, Node, Overflow, RichBlock, RichNode, RichSource, TextStyle, VerticalAlign,
};
use crate::text::{Output, PoolMark, Request};

/// Sizes that are tried before text is at the half of its size.
const SHRINK_STEP_COUNT: u8 = 20;

/// How often text that must fit is set smaller, at most.
pub(crate) fn shrink_step_count() -> u64 {
    u64::from(SHRINK_STEP_COUNT)
}

/// Text may be this much taller than its box, in points.
const HEIGHT_TOLERANCE: f32 = 0.01;

/// Measured rich text in its box.
#[derive(Debug)]
pub(super) struct RichBox<'a> {
    pub(super) source: RichOrigin<'a>,
    pub(super) look: Cow<'a, BoxLook>,
    pub(super) flow: RichFlow,
    pub(super) vertical_align: VerticalAlign,
    /// Whether what does not fit is cut off.
    pub(super) clip: bool,
    /// Whether its lines go down.
    pub(super) is_vertical: bool,
}

/// What rich text was made from.
#[derive(Clone, Copy, Debug)]
pub(super) enum RichOrigin<'a> {
    Rich(&'a RichNode),
    Contents(&'a ContentsNode),
}

/// The room for rich text, without padding.
#[derive(Clone, Copy)]
struct RichRoom {
    width: f32,
    height: Option<f32>,
}

impl<'a> Layouter<'a> {
    /// Measures rich text. What needs to know the page is measured as on page 1 of 1, and laid out again when the page
    /// is known.
    pub(super) fn measure_rich(
        &mut self,
        subject: &Subject<'_, 'a>,
        rich: &'a RichNode,
        scope: &Scope<'_, 'a>,
        extras: &mut Extras<'a>,
    ) -> Result<Sized<'a>, Stop> {
        if self.knows_page() || !rich.uses_page() {
            return self.measure_rich_now(subject, rich, scope);
        }
        extras.deferred = Some(self.bindings.clone());
        self.on_some_page(|layouter| layouter.measure_rich_now(subject, rich, scope))
    }

    fn measure_rich_now(
        &mut self,
        subject: &Subject<'_, 'a>,
        rich: &'a RichNode,
        scope: &Scope<'_, 'a>,
    ) -> Result<Sized<'a>, Stop> {
        if is_vertical(&rich.style) {
            return self.measure_rich_columns(subject, rich, scope);
        }
        let node = subject.node;
        let look = box_look(&rich.look, subject.bound);
        let [top, right, bottom, left] = look.padding;
        let width = subject.filled_width();
        let room = RichRoom {
            width: (width - left - right).max(0.0),
            height: subject.height.map(|height| (height - top - bottom).max(0.0)),
        };
        let style = bound_style(subject.bound, &rich.style);
        let flow = self.rich_flow(node, rich, &style, room, scope)?;
        let needed = flow.height;
        let fits = room.height.is_none_or(|height| needed <= height + HEIGHT_TOLERANCE);
        let clip = !fits && rich.overflow != Overflow::Grow;
        if clip && rich.overflow != Overflow::Ellipsis {
            let height = room.height.unwrap_or(0.0);
            let message = format!("the text is {needed:.1} points high and is cut off at {height:.1}");
            let hint = "make the box higher, or set overflow to grow, shrink or ellipsis";
            self.warn(codes::OVERFLOW, Site::of(node, ""), message, Some(hint.to_owned()));
        }
        let grown = needed + top + bottom;
        let height = match subject.height {
            Some(given) if rich.overflow != Overflow::Grow => given,
            Some(given) if !node.collapse => given.max(grown),
            _ => grown,
        };
        let vertical_align = style.vertical_align;
        let source = RichOrigin::Rich(rich);
        let design_height = node.height.unwrap_or_else(|| design_height(&rich.style, &rich.look));
        let content = Content::Rich(Box::new(RichBox { source, look, flow, vertical_align, clip, is_vertical: false }));
        Ok(Sized { content, width, height, design_height })
    }

    /// Lays rich text out again now that the page is known. Its box keeps the size that it was given before.
    pub(super) fn rich_again(
        &mut self,
        node: &'a Node,
        source: RichOrigin<'a>,
        [width, height]: [f32; 2],
        scope: &Scope<'_, 'a>,
    ) -> Result<RichFlow, Stop> {
        let bound =
            if node.bind.is_empty() { Bound::default() } else { self.bound(&node.bind, scope, Site::of(node, ""))? };
        match source {
            RichOrigin::Rich(rich) => {
                let [top, right, bottom, left] = rich.look.padding;
                let inner = [(width - left - right).max(0.0), (height - top - bottom).max(0.0)];
                let [width, height] = if is_vertical(&rich.style) { [inner[1], inner[0]] } else { inner };
                let room = RichRoom { width, height: Some(height) };
                let style = bound_style(&bound, &rich.style);
                self.rich_flow(node, rich, &style, room, scope)
            }
            RichOrigin::Contents(contents) => {
                let [_, right, _, left] = contents.look.padding;
                let style = bound_style(&bound, &contents.style);
                self.contents_flow(node, contents, &style, (width - left - right).max(0.0))
            }
        }
    }

    fn rich_flow(
        &mut self,
        node: &'a Node,
        rich: &'a RichNode,
        style: &TextStyle,
        room: RichRoom,
        scope: &Scope<'_, 'a>,
    ) -> Result<RichFlow, Stop> {
        let read;
        let blocks: &[RichBlock] = match &rich.source {
            RichSource::Blocks(blocks) => blocks,
            RichSource::Markdown(text) => {
                let text = self.text_of(text, scope, Site::of(node, "text"))?;
                read = markdown::blocks_of_text(&text);
                &read
            }
        };
        let template = self.template;
        let mark = PoolMark::of(&Output { document: &mut self.document, store: &mut self.store });
        let mut step = 0;
        loop {
            let scale = 1.0 - f32::from(step) / f32::from(SHRINK_STEP_COUNT) / 2.0;
            let looks = Looks::new(rich, &template.styles, scale);
            let mut builder = Builder::new(self, node, scope, looks, room.width);
            builder.number_headings(rich);
            builder.all(blocks, style)?;
            let mut flow = builder.finish();
            let Some(height) = room.height.filter(|height| flow.height > height + HEIGHT_TOLERANCE) else {
                return Ok(flow);
            };
            match rich.overflow {
                Overflow::Shrink if step < SHRINK_STEP_COUNT => {
                    mark.restore(&mut Output { document: &mut self.document, store: &mut self.store });
                    step += 1;
                }
                Overflow::Ellipsis => {
                    self.cut_rich(&mut flow, style, height, node);
                    return Ok(flow);
                }
                _ => return Ok(flow),
            }
        }
    }

    /// Drops the pieces that do not fit into a height, but the first, and ends the last line with an ellipsis.
    fn cut_rich(&mut self, flow: &mut RichFlow, style: &TextStyle, height: f32, node: &'a Node) {
        let fitting = |piece: &&Piece| piece.top + piece.height <= height + HEIGHT_TOLERANCE;
        let count = flow.pieces.iter().take_while(fitting).count().max(1);
        flow.pieces.truncate(count);
        let end = flow.pieces.len();
        flow.backs.retain_mut(|back| {
            back.pieces.end = back.pieces.end.min(end);
            back.pieces.start < back.pieces.end
        });
        let Some(font) = self.font_for(style, Site::of(node, "")) else { return };
        let Some(piece) = flow.pieces.last_mut() else { return };
        flow.height = piece.top + piece.height;
        let Some(last) = piece.lines.last_mut() else { return };
        let language = self.program.language();
        let request = Request { text: "", width: last.width, style, font: &font, language };
        let mut out = Output { document: &mut self.document, store: &mut self.store };
        let line = crate::text::LineBox { line: last.line, height: last.height, baseline: last.baseline };
        last.line = self.engine.end_with_ellipsis(line, &request, &mut out).line;
    }
}

/// Height that rich text without a given one has by design: one line.
pub(super) fn design_height(style: &TextStyle, look: &BoxLook) -> f32 {
    let [top, _, bottom, _] = look.padding;
    style.size * style.line_height + top + bottom
}

/// A style with what is bound.
pub(super) fn bound_style<'s>(bound: &Bound<'_>, style: &'s TextStyle) -> Cow<'s, TextStyle> {
    if bound.changes_text() { Cow::Owned(bound.text_style(style)) } else { Cow::Borrowed(style) }
}
