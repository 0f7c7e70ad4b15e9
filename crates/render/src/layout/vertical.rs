//! Measuring and turning text whose lines go down: columns are as long as the box is high, and stand from right to left.

use super::binding::Bound;
use super::measure::{PlaceKind, Sized, Subject, box_look};
use super::measured::{Content, Decoration, TextBox, TextContent};
use super::state::{HeightRule, Layouter, Site, Stop, TextWork};
use super::text::decoration_of;
use crate::diagnostic::codes;
use crate::document::{Rect, Transform};
use crate::expression::Scope;
use crate::template::model::{Node, Overflow, TextNode, TextStyle, Writing};
use crate::text::{Block, FontChoice, Output, PoolMark, Request};

/// Ems that columns may be long; no page is so high, and text that needs more is an overflow.
const COLUMN_EM_COUNT_MAX: u32 = 100_000;

/// Space between letters and the line beside them, as a part of the size.
const SIDELINE_GAP: f32 = 0.04;

/// The room for columns, without padding.
#[derive(Clone, Copy)]
struct ColumnRoom {
    /// Room for all columns side by side; absent when the box becomes as wide as they are.
    width: Option<f32>,
    /// Room for a column; absent when columns become as long as they must be.
    length: Option<f32>,
    /// What happens when there are too many columns.
    overflow: Overflow,
}

/// Whether the lines of a style go down.
pub(crate) fn is_vertical(style: &TextStyle) -> bool {
    style.typography.writing == Writing::VerticalRl
}

/// Turns a space whose lines go across into one whose lines go down, from the top right corner of a rectangle on.
pub(super) fn turned_into(rect: Rect) -> Transform {
    Transform { coefficients: [0.0, 1.0, -1.0, 0.0, rect.right(), rect.y] }
}

/// Lines beside and through text that goes down: what is below a line that goes across is to the right of a column.
pub(super) fn sidelines(style: &TextStyle, font: &FontChoice, size: f32) -> Option<Decoration> {
    let turned = decoration_of(&TextStyle { typography: Default::default(), ..style.clone() }, font, size)?;
    let metrics = font.primary.metrics();
    let middle = size * f32::from(metrics.cap_height) / f32::from(metrics.units_per_em) / 2.0;
    let beside = |(_, thickness): (f32, f32)| (-middle - size * (0.5 + SIDELINE_GAP) - thickness, thickness);
    let through = |(_, thickness): (f32, f32)| (-middle - thickness / 2.0, thickness);
    Some(Decoration { underline: turned.underline.map(beside), strike: turned.strike.map(through) })
}

impl<'a> Layouter<'a> {
    /// Measures a text node whose lines go down.
    pub(super) fn measure_columns(
        &mut self,
        subject: &Subject<'_, 'a>,
        text: &'a TextNode,
        scope: &Scope<'_, 'a>,
    ) -> Result<Sized<'a>, Stop> {
        let node = subject.node;
        let [top, right, bottom, left] = text.look.padding;
        let natural = subject.width.is_none() && subject.place.kind == PlaceKind::Row;
        let width = (!natural).then(|| (subject.filled_width() - left - right).max(0.0));
        let length = subject.height.map(|height| (height - top - bottom).max(0.0));
        let room = ColumnRoom { width, length, overflow: text.overflow };
        let (content, used) = self.columns_content(node, text, subject.bound, room, scope)?;
        let fits = width.is_none_or(|width| content.block.fits(width));
        if !fits && text.overflow != Overflow::Ellipsis {
            self.report_columns(node, content.block.height, width.unwrap_or(0.0));
        }
        let outer_height = match subject.height {
            Some(given) if text.overflow != Overflow::Grow => given,
            Some(given) if !node.collapse => given.max(used + top + bottom),
            _ => used + top + bottom,
        };
        Ok(Sized {
            width: if natural { content.block.height + left + right } else { subject.filled_width() },
            content: Content::Text(TextBox {
                look: box_look(&text.look, subject.bound),
                text: content,
                clip: !fits && text.overflow != Overflow::Grow,
                lines_together: [1; 2],
                snaps: false,
                is_vertical: true,
            }),
            height: outer_height,
            design_height: node.height.unwrap_or_else(|| super::text::design_height(text)),
        })
    }

    /// Lays columns out again now that the page is known. The box keeps the size that it was given before.
    pub(super) fn columns_again(
        &mut self,
        node: &'a Node,
        text: &'a TextNode,
        bound: &Bound<'a>,
        [width, height]: [f32; 2],
        scope: &Scope<'_, 'a>,
    ) -> Result<TextContent, Stop> {
        let [top, right, bottom, left] = text.look.padding;
        let width = (width - left - right).max(0.0);
        let overflow = if text.overflow == Overflow::Grow { Overflow::Clip } else { text.overflow };
        let room = ColumnRoom { width: Some(width), length: Some((height - top - bottom).max(0.0)), overflow };
        let (content, _) = self.columns_content(node, text, bound, room, scope)?;
        if !content.block.fits(width) {
            self.report_columns(node, content.block.height, width);
        }
        Ok(content)
    }

    fn report_columns(&mut self, node: &'a Node, needed: f32, width: f32) {
        let message = format!("the columns are {needed:.1} points wide together, and there is room for {width:.1}");
        let hint = "make the box wider or higher, or set overflow to shrink or ellipsis";
        self.warn(codes::OVERFLOW, Site::of(node, "text"), message, Some(hint.to_owned()));
    }

    /// The columns of a text, and how long they may be.
    fn columns_content(
        &mut self,
        node: &'a Node,
        text: &'a TextNode,
        bound: &Bound<'a>,
        room: ColumnRoom,
        scope: &Scope<'_, 'a>,
    ) -> Result<(TextContent, f32), Stop> {
        let site = Site::of(node, "text");
        let owned = bound.changes_text().then(|| bound.text_style(&text.style));
        let style = owned.as_ref().unwrap_or(&text.style);
        let program = self.program;
        let (block, used) = self.with_text(&text.text, scope, site, |layouter, text| {
            let cased = program.language().with_case(text, style.case);
            layouter.report_leftward(&cased, site);
            layouter.columns(style, room, &cased, site)
        })?;
        let decoration = if style.underline || style.strike {
            self.font(style).and_then(|font| sidelines(style, &font, block.size))
        } else {
            None
        };
        // Right is where columns begin: that is the top of the turned space.
        let shadow = style.shadow.as_deref().map(|shadow| Box::new(shadow.turned_back()));
        let content = TextContent { decoration, shadow, ..TextContent::new(block, style) };
        Ok((content, used))
    }

    fn columns(&mut self, style: &TextStyle, room: ColumnRoom, text: &str, site: Site<'_>) -> (Block, f32) {
        let grows = room.overflow == Overflow::Grow || room.length.is_none();
        let length = match room.width {
            Some(width) if grows => self.shortest_columns(style, room.length, width, text),
            _ => room.length.unwrap_or(f32::INFINITY),
        };
        let height = match (room.overflow, room.width) {
            (Overflow::Shrink, Some(width)) if room.length.is_some() => HeightRule::Shrink(width),
            (Overflow::Ellipsis, Some(width)) if room.length.is_some() => HeightRule::Ellipsis(width),
            _ => HeightRule::Free,
        };
        let block = self.lay_out_text(TextWork { style, width: length, height }, text, site).unwrap_or_default();
        let used = if length.is_finite() { length } else { block.width };
        (block, used)
    }

    /// How long columns must be, in whole ems, so that all fit beside each other; not less than what is given.
    fn shortest_columns(&mut self, style: &TextStyle, given: Option<f32>, width: f32, text: &str) -> f32 {
        let Some(font) = self.font(style) else { return given.unwrap_or(0.0) };
        let language = self.program.language();
        let request = |width| Request { text, width, style, font: &font, language };
        let mut out = Output { document: &mut self.document, store: &mut self.store };
        let mark = PoolMark::of(&out);
        let mut try_out = |length: f32| {
            let block = self.engine.lay_out(&request(length), &mut out);
            mark.restore(&mut out);
            (block.fits(width), block.width)
        };
        if let Some(given) = given
            && try_out(given).0
        {
            return given;
        }
        let (is_enough, longest) = try_out(f32::INFINITY);
        if !is_enough {
            // There are too many paragraphs, and longer columns do not help.
            return given.unwrap_or(longest);
        }
        let em = style.size;
        let ems = |length: f32| length_in_ems(length, em);
        let (mut short, mut long) = (ems(given.unwrap_or(0.0)), ems(longest));
        // As many steps as the number of ems has binary digits.
        while short < long {
            let middle = short + (long - short) / 2;
            if try_out(times(middle, em)).0 { long = middle } else { short = middle + 1 }
        }
        times(long, em).min(longest).max(given.unwrap_or(0.0))
    }

    /// Warns of letters that run to the left, which have no way to go in a column.
    pub(super) fn report_leftward(&mut self, text: &str, site: Site<'_>) {
        let is_leftward =
            |letter: char| matches!(letter, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}');
        if text.contains(is_leftward) {
            let message = "letters that run from right to left cannot stand in columns".to_owned();
            let hint = "set Arabic and Hebrew in a node of its own, with horizontal writing";
            self.warn(codes::INVALID_VALUE, site, message, Some(hint.to_owned()));
        }
    }
}

/// Whole ems that hold a length.
fn length_in_ems(length: f32, em: f32) -> u32 {
    let ems = crate::text::round_i32(f64::from(length / em).ceil());
    u32::try_from(ems).unwrap_or(0).min(COLUMN_EM_COUNT_MAX)
}

fn times(count: u32, em: f32) -> f32 {
    crate::document::narrow(f64::from(count) * f64::from(em))
}
