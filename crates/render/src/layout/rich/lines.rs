//! Spans with their looks, and the lines that they become.

use std::sync::Arc;

use super::blocks::Builder;
use super::flow::{RichTarget, SpanLook, Tag};
use super::looks::Dress;
use crate::document::Role;
use crate::layout::paint::is_allowed_link;
use crate::layout::state::{Site, Stop};
use crate::layout::text::decoration_of;
use crate::layout::vertical::{is_vertical, sidelines};
use crate::template::model::{Align, Marks, RichSpan, TextStyle};
use crate::text::{FontChoice, Output, Span, SpanBlock, SpansRequest};

/// Spans that are ready to be laid out.
#[derive(Default)]
pub(in crate::layout) struct Prepared {
    spans: Vec<PreparedSpan>,
}

struct PreparedSpan {
    text: String,
    dress: Dress,
    font: Arc<FontChoice>,
    tag: Option<usize>,
    link: Option<usize>,
}

impl Prepared {
    /// All its text.
    pub(super) fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.replace('\n', " ")).collect()
    }
}

impl<'a> Builder<'_, '_, 'a> {
    /// Asks the expressions of spans and finds their looks; elements go below `tag`.
    pub(super) fn prepare(
        &mut self,
        spans: &[RichSpan],
        block: &TextStyle,
        tag: usize,
        in_code: bool,
    ) -> Result<Prepared, Stop> {
        let mut prepared = Prepared::default();
        // The link that the span before is part of, with its element.
        let mut open = None;
        for span in spans {
            let site = Site::of(self.node, "");
            if let Some(visible) = &span.visible
                && !self.layouter.evaluate(visible, self.scope, site)?.truthy()
            {
                continue;
            }
            let text = self.layouter.text_of(&span.text, self.scope, site)?;
            if is_vertical(block) {
                self.layouter.report_leftward(&text, site);
            }
            let marks = &span.marks;
            open = match &marks.link {
                Some(link) => {
                    let address = self.layouter.text_of(link, self.scope, site)?;
                    self.link_to(address.trim(), open, tag)
                }
                None => None,
            };
            if text.is_empty() {
                continue;
            }
            let element = self.element_of(marks, open.map_or(tag, |(_, element)| element), in_code);
            let dress = self.looks.span(block, marks, in_code);
            self.push_prepared(&mut prepared, &text, dress, Some(element), open.map(|(link, _)| link));
        }
        Ok(prepared)
    }

    /// One text without marks.
    pub(in crate::layout) fn prepare_plain(
        &mut self,
        text: &str,
        style: &TextStyle,
        tag: Option<usize>,
        link: Option<usize>,
    ) -> Prepared {
        let mut prepared = Prepared::default();
        let dress = self.looks.span(style, &Marks::default(), true);
        self.push_prepared(&mut prepared, text, dress, tag, link);
        prepared
    }

    fn push_prepared(
        &mut self,
        prepared: &mut Prepared,
        text: &str,
        dress: Dress,
        tag: Option<usize>,
        link: Option<usize>,
    ) {
        let Some(font) = self.layouter.font_for(&dress.style, Site::of(self.node, "")) else { return };
        let program = self.layouter.program;
        let text = program.language().with_case(text, dress.style.case).into_owned();
        prepared.spans.push(PreparedSpan { text, dress, font, tag, link });
    }

    /// The link to an address, and its element: that of the span before when it leads to the same place.
    fn link_to(&mut self, address: &str, before: Option<(usize, usize)>, tag: usize) -> Option<(usize, usize)> {
        let target = RichTarget::Address(address.to_owned());
        if let Some((link, _)) = before
            && self.flow.links.get(link) == Some(&target)
        {
            return before;
        }
        if address.is_empty() {
            return None;
        }
        if !address.starts_with('#') && !is_allowed_link(address) {
            self.layouter.warn_of_link(address, Site::of(self.node, ""));
            return None;
        }
        Some(self.add_link(target, tag))
    }

    /// A link and its element.
    pub(in crate::layout) fn add_link(&mut self, target: RichTarget, tag: usize) -> (usize, usize) {
        self.flow.links.push(target);
        (self.flow.links.len() - 1, self.add_tag(Tag::new(Role::Link, Some(tag))))
    }

    /// The innermost element that marks ask for.
    fn element_of(&mut self, marks: &Marks, around: usize, in_code: bool) -> usize {
        let asked =
            [(marks.strong, Role::Strong), (marks.emphasis, Role::Emphasis), (marks.code && !in_code, Role::Code)];
        let mut element = around;
        for (_, role) in asked.into_iter().filter(|(is_asked, _)| *is_asked) {
            element = self.add_tag(Tag::new(role, Some(element)));
        }
        element
    }

    /// Lays prepared spans out and remembers their looks.
    pub(in crate::layout) fn lay_out(&mut self, prepared: &Prepared, width: f32, align: Align) -> SpanBlock {
        let spans = spans_of(prepared);
        let layouter = &mut *self.layouter;
        let language = layouter.program.language();
        let request = SpansRequest { spans: &spans, width, align, language };
        let mut out = Output { document: &mut layouter.document, store: &mut layouter.store };
        let block = layouter.engine.lay_out_spans(&request, &mut out);
        layouter.report_missing(Site::of(self.node, ""));
        let mut start = block.start;
        for (span, &end) in prepared.spans.iter().zip(&block.ends) {
            let style = &span.dress.style;
            let metrics = span.font.primary.metrics();
            let scale = style.size / f32::from(metrics.units_per_em);
            let (mut ascent, mut descent) = (f32::from(metrics.ascent) * scale, -f32::from(metrics.descent) * scale);
            let mut decoration = decoration_of(style, &span.font, style.size);
            let mut shadow = style.shadow.clone();
            if is_vertical(style) {
                shadow = shadow.map(|shadow| Box::new(shadow.turned_back()));
                let middle = style.size * f32::from(metrics.cap_height) / f32::from(metrics.units_per_em) / 2.0;
                (ascent, descent) = (style.size / 2.0 + middle, style.size / 2.0 - middle);
                decoration = sidelines(style, &span.font, style.size);
            }
            self.flow.looks.push(SpanLook {
                text: start..end,
                size: style.size,
                color: style.color,
                raise: span.dress.raise,
                highlight: span.dress.highlight.map(|color| (color, ascent, descent)),
                decoration,
                shadow,
                tag: span.tag,
                link: span.link,
            });
            start = end;
        }
        block
    }

    /// The width of prepared spans that are never broken.
    pub(in crate::layout) fn natural_width(&mut self, prepared: &Prepared) -> f32 {
        let spans = spans_of(prepared);
        let layouter = &mut *self.layouter;
        let language = layouter.program.language();
        let request = SpansRequest { spans: &spans, width: f32::INFINITY, align: Align::Start, language };
        let mut out = Output { document: &mut layouter.document, store: &mut layouter.store };
        layouter.engine.natural_spans_width(&request, &mut out)
    }
}

fn spans_of(prepared: &Prepared) -> Vec<Span<'_>> {
    let spans = prepared.spans.iter();
    spans
        .map(|span| Span {
            text: &span.text,
            style: &span.dress.style,
            font: &span.font,
            raised: span.dress.raise != 0.0,
        })
        .collect()
}
