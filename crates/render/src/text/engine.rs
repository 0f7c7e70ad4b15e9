//! The text engine of a thread: splits text into paragraphs and sends each on its way.

use std::ops::Range;
use std::sync::Arc;

use super::classify::{Class, classify};
use super::complex::Complex;
use super::language::TextLanguage;
use super::normalise::push_normalised;
use super::simple::{self, SimpleBuffers};
use super::units::index32;
use super::words::Words;
use super::{Block, FontChoice, Line, Output, Request, finish, vertical};
use crate::document::Document;
use crate::fonts::Face;
use crate::template::model::{TextStyle, Writing};

/// Contexts and caches for laying out text, one a thread. They never change a result.
#[derive(Default)]
pub(crate) struct TextEngine {
    pub(super) words: Words,
    buffers: SimpleBuffers,
    pub(super) complex: Complex,
    way: Way,
}

/// Which ways are open; a test closes the short one to compare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Way {
    #[default]
    Shortest,
    #[cfg(test)]
    Long,
}

/// A paragraph, its text already in the document.
#[derive(Clone, Debug)]
pub(super) struct Paragraph<'p> {
    /// Range in the document's text.
    pub(super) text: Range<usize>,
    /// Room for a line.
    pub(super) width: f32,
    pub(super) style: &'p TextStyle,
    pub(super) font: &'p FontChoice,
    pub(super) language: &'p TextLanguage,
    /// Index of the primary face in the document.
    pub(super) face_index: u32,
    /// Spans of other looks, in order; empty when all of it has one.
    pub(super) spans: &'p [SpanRange<'p>],
}

/// Where a span of a paragraph ends, and its look.
#[derive(Clone, Copy, Debug)]
pub(super) struct SpanRange<'p> {
    /// End in the document's text.
    pub(super) end: usize,
    pub(super) style: &'p TextStyle,
    pub(super) font: &'p FontChoice,
}

impl<'p> Paragraph<'p> {
    /// Number of the span at a place in the document's text.
    pub(super) fn span_index(&self, at: usize) -> usize {
        self.spans.partition_point(|span| span.end <= at).min(self.spans.len().saturating_sub(1))
    }

    /// The look at a place in the document's text.
    pub(super) fn look_at(&self, at: usize) -> (&'p TextStyle, &'p FontChoice) {
        self.spans.get(self.span_index(at)).map_or((self.style, self.font), |span| (span.style, span.font))
    }
}

impl Paragraph<'_> {
    /// The rules by which its words are broken, when its style wants them to be.
    pub(super) fn hyphenation(&self) -> Option<hypher::Lang> {
        self.language.hyphenation.filter(|_| self.style.typography.hyphenate)
    }
}

impl TextEngine {
    /// An engine without the short way.
    #[cfg(test)]
    pub(super) fn long_way_only() -> Self {
        Self { way: Way::Long, ..Self::default() }
    }

    /// Lays out a text of any length. Text that is empty gives one empty line.
    pub(crate) fn lay_out(&mut self, request: &Request<'_>, out: &mut Output<'_>) -> Block {
        self.words.trim();
        self.complex.trim();
        let first_line = out.store.lines.len();
        let start = out.document.text.len();
        push_normalised(&mut out.document.text, request.text);
        let end = out.document.text.len();
        let mut paragraph = Paragraph {
            text: start..end,
            width: request.width,
            style: request.style,
            font: request.font,
            language: request.language,
            face_index: face_index(out.document, &request.font.primary),
            spans: &[],
        };
        let mut from = start;
        loop {
            let rest = out.document.text.get(from..end).unwrap_or_default();
            let length = rest.find('\n');
            paragraph.text = from..length.map_or(end, |length| from + length);
            self.lay_out_paragraph(&paragraph, out);
            match length {
                Some(length) => from += length + 1,
                None => break,
            }
        }
        finish::place_lines(request, first_line, out)
    }

    pub(super) fn lay_out_paragraph(&mut self, paragraph: &Paragraph<'_>, out: &mut Output<'_>) {
        if paragraph.text.is_empty() {
            let at = index32(out.store.runs.len());
            out.store.lines.push(Line {
                runs: at..at,
                x: 0.0,
                y: 0.0,
                width: 0.0,
                ends_paragraph: true,
                right_to_left: false,
            });
            return;
        }
        if paragraph.style.typography.writing == Writing::VerticalRl {
            vertical::lay_out(paragraph, self.words.plans(), out);
            return;
        }
        let text = out.document.text.get(paragraph.text.clone()).unwrap_or_default();
        let class = match self.way {
            Way::Shortest => classify(text, &paragraph.font.primary),
            #[cfg(test)]
            Way::Long => Class::Complex,
        };
        let done = match class {
            Class::Simple(script) if paragraph.spans.is_empty() => {
                simple::lay_out(paragraph, script, &mut self.words, &mut self.buffers, out)
            }
            Class::Simple(_) | Class::Complex => false,
        };
        if !done {
            self.complex.lay_out(paragraph, out);
        }
    }
}

/// The index of a face in the document, which gets it when it is new.
pub(super) fn face_index(document: &mut Document, face: &Arc<Face>) -> u32 {
    let known = document.faces.iter().position(|known| known.id() == face.id());
    index32(known.unwrap_or_else(|| {
        document.faces.push(Arc::clone(face));
        document.faces.len() - 1
    }))
}
