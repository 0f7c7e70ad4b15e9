//! Lines that go down: they are laid out as lines that go across, in a space that is turned clockwise by a quarter, with
//! the glyphs of East Asia turned back in it.

mod shaping;
mod stretches;

pub(super) use stretches::axis;

use shaping::{Cluster, Shaper};
use stretches::{Posing, Stretch, stretches};

use super::complex::{Ending, finish_line, line_ends, note_missing};
use super::engine::{Paragraph, face_index};
use super::shape::Plans;
use super::typeset::{LineEnd, Piece, PieceKind};
use super::units::index32;
use super::{Line, Output, Run};
use crate::document::{Glyph, Posture};

/// Lays out a paragraph.
pub(super) fn lay_out(paragraph: &Paragraph<'_>, plans: &mut Plans, out: &mut Output<'_>) {
    let text = out.document.text.get(paragraph.text.clone()).unwrap_or_default();
    let stretches = stretches(paragraph, text, plans);
    let mut shaper = Shaper { paragraph, text, plans, glyphs: Vec::new(), clusters: Vec::new() };
    for (index, stretch) in stretches.iter().enumerate() {
        shaper.shape(index, stretch);
    }
    let Shaper { glyphs, clusters, .. } = shaper;
    let pieces: Vec<Piece> = clusters.iter().map(|cluster| cluster.piece).collect();
    let total: f64 = pieces.iter().map(|piece| piece.advance).sum();
    let ends = if total <= f64::from(paragraph.width) {
        vec![LineEnd { piece: pieces.len(), hyphen: false }]
    } else {
        line_ends(paragraph, text, &pieces, false)
    };
    let mut lines = Lines { paragraph, stretches: &stretches, glyphs: &glyphs, out };
    let mut first = 0;
    for (index, LineEnd { piece: end, hyphen }) in ends.iter().copied().enumerate() {
        let line = clusters.get(first..end).unwrap_or_default();
        let next = clusters.get(end).map_or(paragraph.text.end, |next| paragraph.text.start + next.piece.offset);
        let is_soft = line.last().is_some_and(|last| last.piece.kind == PieceKind::SoftHyphen);
        let ends_paragraph = index + 1 == ends.len();
        let is_hyphenated = hyphen && !is_soft;
        lines.push(line, Ending { text_end: next, right_to_left: false, ends_paragraph, is_hyphenated });
        first = end;
    }
    if ends.is_empty() {
        let at = index32(out.store.runs.len());
        let line = Line { runs: at..at, x: 0.0, y: 0.0, width: 0.0, ends_paragraph: true, right_to_left: false };
        out.store.lines.push(line);
    }
}

/// Makes lines of clusters.
struct Lines<'l, 'o> {
    paragraph: &'l Paragraph<'l>,
    stretches: &'l [Stretch<'l>],
    /// Glyphs of all clusters, their text counted from the paragraph's beginning.
    glyphs: &'l [Glyph],
    out: &'l mut Output<'o>,
}

impl Lines<'_, '_> {
    fn push(&mut self, line: &[Cluster], ending: Ending) {
        let first_run = self.out.store.runs.len();
        let alike = |one: &Cluster, other: &Cluster| one.stretch == other.stretch;
        for clusters in line.chunk_by(alike) {
            self.push_run(clusters, first_run);
        }
        finish_line(self.paragraph, first_run, ending, self.out);
    }

    fn push_run(&mut self, clusters: &[Cluster], first_run: usize) {
        let (Some(first), Some(last)) = (clusters.first(), clusters.last()) else { return };
        let Some(stretch) = self.stretches.get(first.stretch) else { return };
        let base = index32(self.paragraph.text.start);
        let start = self.out.document.glyphs.len();
        let shown = self.glyphs.get(first.glyphs.start..last.glyphs.end).unwrap_or_default();
        for glyph in shown {
            let glyph = Glyph { text_start: glyph.text_start.saturating_add(base), ..*glyph };
            if glyph.id == 0 {
                let from = glyph.text_start as usize;
                note_missing(&(from..from + usize::from(glyph.text_length)), self.out);
            }
            self.out.document.glyphs.push(glyph);
        }
        let posture = match stretch.posing {
            Posing::Turned => Posture::Along,
            Posing::Upright => Posture::Upright,
            Posing::Combined => Posture::Combined(first.percent),
        };
        let text = base.saturating_add(index32(first.piece.offset))..base.saturating_add(index32(last.end));
        let glyphs = index32(start)..index32(self.out.document.glyphs.len());
        if glyphs.is_empty() {
            return;
        }
        let face = face_index(self.out.document, stretch.face);
        let span = self.paragraph.span_index(text.start as usize);
        let paragraph = self.paragraph;
        let goes_on = |run: &&mut Run| {
            stretch.posing != Posing::Combined
                && run.posture == posture
                && run.face == face
                && run.glyphs.end == glyphs.start
                && paragraph.span_index(run.text.start as usize) == span
        };
        // Stretches that only shaping tells apart are one run.
        if let Some(run) = self.out.store.runs.get_mut(first_run..).and_then(<[Run]>::last_mut).filter(goes_on) {
            run.glyphs.end = glyphs.end;
            run.text.end = text.end;
            return;
        }
        self.out.store.runs.push(Run {
            face,
            glyphs,
            text,
            x: 0.0,
            width: 0.0,
            // The advances hold it already.
            letter_spacing: 0.0,
            hanging: 0,
            posture,
        });
    }
}
