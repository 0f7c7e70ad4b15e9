//! Measuring text nodes.

use super::binding::Bound;
use super::measure::{PlaceKind, Sized, Subject, box_look};
use super::measured::{Content, Decoration, Extras, TextBox, TextContent};
use super::state::{HeightRule, Layouter, Site, Stop, TextWork};
use super::vertical::is_vertical;
use crate::diagnostic::codes;
use crate::expression::{Scope, TextTemplate};
use crate::template::model::{Node, Overflow, TextNode, TextStyle};
use crate::text::{Block, FontChoice};

/// Height that text without a given one has by design: one line for each line of its source, or one letter when its lines
/// go down.
pub(super) fn design_height(text: &TextNode) -> f32 {
    let [top, _, bottom, _] = text.look.padding;
    if is_vertical(&text.style) {
        return text.style.size + top + bottom;
    }
    design_lines_height(&text.text, &text.style) + top + bottom
}

/// Height of one line for each line of a text's source.
pub(super) fn design_lines_height(text: &TextTemplate, style: &TextStyle) -> f32 {
    let line_count =
        text.source().bytes().fold(1.0, |count: f32, byte| if byte == b'\n' { count + 1.0 } else { count });
    line_count * (style.size * style.line_height + style.paragraph_gap) - style.paragraph_gap
}

/// The box that text gets.
struct TextRoom {
    /// Without padding; infinite for text in a row that has no width of its own.
    width: f32,
    /// Without padding, when the node has a height.
    height: Option<f32>,
}

impl<'a> Layouter<'a> {
    /// Measures a text node. Text that needs to know the page is measured as on page 1 of 1, and laid out again when
    /// the page is known.
    pub(super) fn measure_text(
        &mut self,
        subject: &Subject<'_, 'a>,
        text: &'a TextNode,
        scope: &Scope<'_, 'a>,
        extras: &mut Extras<'a>,
    ) -> Result<Sized<'a>, Stop> {
        if self.knows_page() || !text.text.uses_page() {
            return self.measure_text_now(subject, text, scope);
        }
        extras.deferred = Some(self.bindings.clone());
        self.on_some_page(|layouter| layouter.measure_text_now(subject, text, scope))
    }

    fn measure_text_now(
        &mut self,
        subject: &Subject<'_, 'a>,
        text: &'a TextNode,
        scope: &Scope<'_, 'a>,
    ) -> Result<Sized<'a>, Stop> {
        if is_vertical(&text.style) {
            return self.measure_columns(subject, text, scope);
        }
        let node = subject.node;
        let [top, right, bottom, left] = text.look.padding;
        let natural = subject.width.is_none() && subject.place.kind == PlaceKind::Row;
        let width = if natural { f32::INFINITY } else { (subject.filled_width() - left - right).max(0.0) };
        let height = subject.height.map(|height| (height - top - bottom).max(0.0));
        if width <= 0.0 && !self.text_of(&text.text, scope, Site::of(node, "text"))?.is_empty() {
            let message = "there is no room for the text: its lines are 0 points wide".to_owned();
            let hint = "give what stands beside it a width, or make the box around it wider";
            self.warn(codes::OVERFLOW, Site::of(node, ""), message, Some(hint.to_owned()));
        }
        let mut content =
            self.text_content(node, &text.text, text, subject.bound, TextRoom { width, height }, scope)?;
        let room = (subject.room - left - right).max(0.0);
        if natural && content.block.width > room {
            let again = TextRoom { width: room, height };
            content = self.text_content(node, &text.text, text, subject.bound, again, scope)?;
        }
        let outer_width = if natural { content.block.width.min(room) + left + right } else { subject.filled_width() };
        let fits = height.is_none_or(|height| content.block.fits(height));
        let clip = !fits && text.overflow != Overflow::Grow;
        if clip && text.overflow != Overflow::Ellipsis {
            self.report_overflow(node, content.block.height, height.unwrap_or(0.0));
        }
        let grown = content.block.height + top + bottom;
        let outer_height = match subject.height {
            None => grown,
            Some(given) if text.overflow == Overflow::Grow => {
                if node.collapse {
                    grown
                } else {
                    given.max(grown)
                }
            }
            Some(given) => given,
        };
        let style = subject.bound.style.unwrap_or(&text.style);
        Ok(Sized {
            content: Content::Text(TextBox {
                look: box_look(&text.look, subject.bound),
                text: content,
                clip,
                lines_together: [style.orphans, style.widows],
                snaps: style.snap && self.template.page.baseline.is_some(),
                is_vertical: false,
            }),
            width: outer_width,
            height: outer_height,
            design_height: node.height.unwrap_or_else(|| design_height(text)),
        })
    }

    fn report_overflow(&mut self, node: &'a Node, needed: f32, height: f32) {
        let message = format!("the text is {needed:.1} points high and is cut off at {height:.1}");
        let hint = "make the box higher, or set overflow to grow, shrink or ellipsis";
        self.warn(codes::OVERFLOW, Site::of(node, "text"), message, Some(hint.to_owned()));
    }

    fn text_content(
        &mut self,
        node: &'a Node,
        template: &'a TextTemplate,
        text: &'a TextNode,
        bound: &Bound<'a>,
        room: TextRoom,
        scope: &Scope<'_, 'a>,
    ) -> Result<TextContent, Stop> {
        let site = Site::of(node, "text");
        let owned = bound.changes_text().then(|| bound.text_style(&text.style));
        let style = owned.as_ref().unwrap_or(&text.style);
        let on_grid = self.on_grid(style);
        let style = on_grid.as_ref().unwrap_or(style);
        let height = match (text.overflow, room.height) {
            (Overflow::Shrink, Some(height)) => HeightRule::Shrink(height),
            (Overflow::Ellipsis, Some(height)) => HeightRule::Ellipsis(height),
            _ => HeightRule::Free,
        };
        self.styled_text(template, TextWork { style, width: room.width, height }, scope, site)
    }

    /// Lays text out again now that the page is known. The box keeps the size that it was given before.
    pub(super) fn text_again(
        &mut self,
        node: &'a Node,
        text: &'a TextNode,
        [width, height]: [f32; 2],
        scope: &Scope<'_, 'a>,
    ) -> Result<TextContent, Stop> {
        let [top, right, bottom, left] = text.look.padding;
        let bound =
            if node.bind.is_empty() { Bound::default() } else { self.bound(&node.bind, scope, Site::of(node, ""))? };
        if is_vertical(&text.style) {
            return self.columns_again(node, text, &bound, [width, height], scope);
        }
        let height = (height - top - bottom).max(0.0);
        let room = TextRoom { width: (width - left - right).max(0.0), height: Some(height) };
        let content = self.text_content(node, &text.text, text, &bound, room, scope)?;
        if !content.block.fits(height) {
            self.report_overflow(node, content.block.height, height);
        }
        Ok(content)
    }

    /// Writes a text template and lays it out.
    pub(super) fn styled_text(
        &mut self,
        template: &'a TextTemplate,
        work: TextWork<'_>,
        scope: &Scope<'_, 'a>,
        site: Site<'_>,
    ) -> Result<TextContent, Stop> {
        let program = self.program;
        let block = self.with_text(template, scope, site, |layouter, text| {
            let cased = program.language().with_case(text, work.style.case);
            layouter.lay_out_text(work, &cased, site)
        })?;
        let block = block.unwrap_or_default();
        let decoration = self.decoration(work.style, &block);
        Ok(TextContent { decoration, ..TextContent::new(block, work.style) })
    }

    /// The width of a text that is never broken.
    pub(super) fn unbroken_width(
        &mut self,
        template: &'a TextTemplate,
        style: &TextStyle,
        scope: &Scope<'_, 'a>,
        site: Site<'_>,
    ) -> Result<f32, Stop> {
        let program = self.program;
        self.with_text(template, scope, site, |layouter, text| {
            let cased = program.language().with_case(text, style.case);
            layouter.natural_text_width(style, &cased, site)
        })
    }

    fn decoration(&mut self, style: &TextStyle, block: &Block) -> Option<Decoration> {
        if !style.underline && !style.strike {
            return None;
        }
        let font = self.font(style)?;
        decoration_of(style, &font, block.size)
    }
}

/// Lines under and through text of a size.
pub(super) fn decoration_of(style: &TextStyle, font: &FontChoice, size: f32) -> Option<Decoration> {
    if !style.underline && !style.strike {
        return None;
    }
    let metrics = font.primary.metrics();
    let scale = size / f32::from(metrics.units_per_em);
    let line = |position: i16, thickness: i16| (-f32::from(position) * scale, f32::from(thickness) * scale);
    Some(Decoration {
        underline: style.underline.then(|| line(metrics.underline_position, metrics.underline_thickness)),
        strike: style.strike.then(|| line(metrics.strike_position, metrics.strike_thickness)),
    })
}
