//! Paragraphs of spans: lines in which letters have different looks stand on one baseline.

use super::engine::{Paragraph, SpanRange, TextEngine, face_index};
use super::finish::{line_left, line_measures};
use super::justify::{Setting, justify};
use super::normalise::push_normalised;
use super::units::index32;
use super::{Block, FontChoice, Line, Output, PoolMark, Request, Run, TextLanguage, vertical};
use crate::template::model::{Align, TextStyle, Writing};

/// Text of one look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span<'r> {
    /// The text; line feeds break the line.
    pub(crate) text: &'r str,
    /// Size and spacing.
    pub(crate) style: &'r TextStyle,
    /// The faces.
    pub(crate) font: &'r FontChoice,
    /// Whether it stands higher or lower than the others, and so does not make the line higher.
    pub(crate) raised: bool,
}

/// A paragraph to lay out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SpansRequest<'r> {
    /// Its text; none gives no line.
    pub(crate) spans: &'r [Span<'r>],
    /// Room for a line in points; infinite when lines are never broken.
    pub(crate) width: f32,
    /// Where lines stand in their room.
    pub(crate) align: Align,
    /// Language of the text.
    pub(crate) language: &'r TextLanguage,
}

/// A line of a paragraph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LineBox {
    /// Index in the pool of lines.
    pub(crate) line: u32,
    /// As high as the highest of its spans.
    pub(crate) height: f32,
    /// Distance from its top to the baseline.
    pub(crate) baseline: f32,
}

/// A laid-out paragraph.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SpanBlock {
    /// Its lines from top to bottom.
    pub(crate) lines: Vec<LineBox>,
    /// Where each span ends in the document's text.
    pub(crate) ends: Vec<u32>,
    /// Where the first one begins.
    pub(crate) start: u32,
    /// Width of the widest line.
    pub(crate) width: f32,
}

impl TextEngine {
    /// Lays out a paragraph.
    pub(crate) fn lay_out_spans(&mut self, request: &SpansRequest<'_>, out: &mut Output<'_>) -> SpanBlock {
        self.words.trim();
        self.complex.trim();
        let start = out.document.text.len();
        let mut ranges = Vec::with_capacity(request.spans.len());
        for span in request.spans {
            push_normalised(&mut out.document.text, span.text);
            ranges.push(SpanRange { end: out.document.text.len(), style: span.style, font: span.font });
        }
        let ends = ranges.iter().map(|range| index32(range.end)).collect();
        let mut block = SpanBlock { lines: Vec::new(), ends, start: index32(start), width: 0.0 };
        let end = out.document.text.len();
        let mut from = start;
        loop {
            let rest = out.document.text.get(from..end).unwrap_or_default();
            let length = rest.find('\n');
            self.lay_out_part(request, &ranges, from..length.map_or(end, |length| from + length), &mut block, out);
            match length {
                Some(length) => from += length + 1,
                None => return block,
            }
        }
    }

    /// The width of a paragraph that is never broken; nothing is kept of it.
    pub(crate) fn natural_spans_width(&mut self, request: &SpansRequest<'_>, out: &mut Output<'_>) -> f32 {
        let mark = PoolMark::of(out);
        let block = self.lay_out_spans(&SpansRequest { width: f32::INFINITY, ..*request }, out);
        mark.restore(out);
        block.width
    }

    /// Ends a line with an ellipsis in the look of a request, whose text does not matter.
    pub(crate) fn end_with_ellipsis(&mut self, line: LineBox, request: &Request<'_>, out: &mut Output<'_>) -> LineBox {
        let Some(known) = out.store.lines.get(line.line as usize).cloned() else { return line };
        let at = out.store.lines.len();
        let mut block = Block {
            lines: index32(at)..index32(at + 1),
            height: line.height,
            width: known.width,
            line_height: line.height,
            baseline: line.baseline,
            size: request.style.size,
        };
        out.store.lines.push(known);
        self.push_ellipsis(&mut block, request, out);
        LineBox { line: index32(at), ..line }
    }

    /// Lays out what stands between two line feeds.
    fn lay_out_part(
        &mut self,
        request: &SpansRequest<'_>,
        ranges: &[SpanRange<'_>],
        text: std::ops::Range<usize>,
        block: &mut SpanBlock,
        out: &mut Output<'_>,
    ) {
        let at = |place: usize| ranges.partition_point(|range| range.end <= place).min(ranges.len().saturating_sub(1));
        let (first, last) = (at(text.start), at(text.end.saturating_sub(1).max(text.start)));
        let Some(look) = ranges.get(first) else { return };
        let first_line = out.store.lines.len();
        let paragraph = Paragraph {
            text,
            width: request.width,
            style: look.style,
            font: look.font,
            language: request.language,
            face_index: face_index(out.document, &look.font.primary),
            spans: if first == last { &[] } else { ranges },
        };
        self.lay_out_paragraph(&paragraph, out);
        let size_of = |run: &Run| ranges.get(at(run.text.start as usize)).map_or(0.0, |range| range.style.size);
        for index in first_line..out.store.lines.len() {
            let Some(line) = out.store.lines.get(index) else { continue };
            let (height, baseline) = measures(request, line, first, &at, out.store.runs.as_slice());
            block.lines.push(LineBox { line: index32(index), height, baseline });
            block.width = block.width.max(line.width);
            if request.width.is_finite() {
                let setting = Setting::of(look.style, request.align, &size_of);
                justify(index, &setting, request.width, out);
                if let Some(line) = out.store.lines.get_mut(index) {
                    line.x = line_left(line, request.align, request.width);
                }
            }
        }
    }
}

/// Height and baseline of a line: all its spans stand on one baseline (CSS 2, clause 10.8.1).
fn measures(
    request: &SpansRequest<'_>,
    line: &Line,
    first: usize,
    at: &dyn Fn(usize) -> usize,
    runs: &[Run],
) -> (f32, f32) {
    let mut above: f32 = 0.0;
    let mut below: f32 = 0.0;
    // In lines that go down, looks share the middle of the line and not its baseline.
    let axis = request.spans.get(first).map_or(0.0, |span| vertical::axis(span.style, span.font));
    let mut grow = |span: &Span<'_>| {
        let mut measures = line_measures(span.style, span.font);
        if span.style.typography.writing == Writing::VerticalRl {
            measures.baseline = measures.height / 2.0 + axis;
        }
        above = above.max(measures.baseline);
        below = below.max(measures.height - measures.baseline);
    };
    let runs = runs.get(line.runs.start as usize..line.runs.end as usize).unwrap_or_default();
    let spans = || runs.iter().filter_map(|run| request.spans.get(at(run.text.start as usize)));
    let mut is_level = false;
    for span in spans().filter(|span| !span.raised) {
        is_level = true;
        grow(span);
    }
    if !is_level {
        spans().for_each(&mut grow);
        if runs.is_empty() {
            request.spans.get(first).into_iter().for_each(grow);
        }
    }
    (above + below, above)
}
