//! Tests of text: both ways give the same lines, and what lines must keep to.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod behaviour;
mod both_ways;
mod line_breaks;
mod typography;

use std::sync::Arc;

use super::*;
use crate::fonts::{FontSet, testing};

/// Faces in the order named; the first is the primary one.
fn font(stems: &[&str]) -> FontChoice {
    let set: FontSet = testing::set(stems);
    FontChoice {
        primary: Arc::clone(&set.faces()[0]),
        faces: set.faces().to_vec(),
        places: Vec::new(),
        shortfalls: Box::default(),
    }
}

/// A line as a person sees it: what it says and where each glyph stands, in thousandths of a point.
#[derive(Debug, PartialEq)]
struct Seen {
    text: String,
    width: f32,
    glyphs: Vec<(u16, f32)>,
}

struct Laid {
    document: Document,
    store: TextStore,
    block: Block,
}

impl Laid {
    fn lines(&self) -> &[Line] {
        &self.store.lines[self.block.lines.start as usize..self.block.lines.end as usize]
    }

    fn runs(&self, line: &Line) -> &[Run] {
        &self.store.runs[line.runs.start as usize..line.runs.end as usize]
    }

    /// The visible text of a line, in visual order of its runs.
    fn line_text(&self, line: &Line) -> String {
        self.runs(line)
            .iter()
            .map(|run| self.document.text[run.text.start as usize..run.text.end as usize].trim_end_matches(' '))
            .collect::<Vec<_>>()
            .join("")
    }

    fn texts(&self) -> Vec<String> {
        self.lines().iter().map(|line| self.line_text(line)).collect()
    }

    fn seen(&self) -> Vec<Seen> {
        self.lines().iter().map(|line| self.seen_line(line)).collect()
    }

    fn seen_line(&self, line: &Line) -> Seen {
        let mut glyphs = Vec::new();
        for run in self.runs(line) {
            let face = &self.document.faces[run.face as usize];
            let scale = self.block.size / f32::from(face.units_per_em());
            let mut x = line.x + run.x;
            for glyph in &self.document.glyphs[run.glyphs.start as usize..run.glyphs.end as usize] {
                // Glyphs without ink and width (soft hyphens) may be left out by either way.
                if glyph.advance != 0 {
                    glyphs.push((glyph.id, x + f32::from(glyph.x_offset) * scale));
                }
                #[expect(clippy::cast_precision_loss, reason = "advances are small")]
                let advance = glyph.advance as f32;
                x += advance * scale + run.letter_spacing;
            }
        }
        Seen { text: self.line_text(line), width: line.width, glyphs }
    }
}

fn lay_out(engine: &mut TextEngine, text: &str, width: f32, style: &TextStyle, font: &FontChoice) -> Laid {
    let language = TextLanguage::new("en-GB");
    lay_out_request(engine, &Request { text, width, style, font, language: &language })
}

fn lay_out_request(engine: &mut TextEngine, request: &Request<'_>) -> Laid {
    let mut document = Document::default();
    let mut store = TextStore::default();
    let block = engine.lay_out(request, &mut Output { document: &mut document, store: &mut store });
    Laid { document, store, block }
}
