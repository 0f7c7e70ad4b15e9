//! Text in a box of given height: shrinking, cutting after the last line that fits, the ellipsis.

use super::engine::{TextEngine, face_index};
use super::features::Features;
use super::finish::line_left;
use super::justify::relax;
use super::units::{index32, points, to_f32};
use super::{Block, Line, Output, Request, Run};
use crate::document::{Glyph, Posture};
use crate::template::model::Align;

/// Steps from the full size to the half: small enough not to be seen, few enough to be fast.
const SHRINK_STEP_COUNT: u8 = 20;

/// Text may be this much taller, or a line wider, than its box, in points.
const FIT_TOLERANCE: f32 = 0.01;

impl Block {
    /// Whether the block fits into a height.
    pub(crate) fn fits(&self, height: f32) -> bool {
        self.height <= height + FIT_TOLERANCE
    }
}

impl TextEngine {
    /// The width of the widest line of a text that is never broken; nothing is kept of it.
    pub(crate) fn natural_width(&mut self, request: &Request<'_>, out: &mut Output<'_>) -> f32 {
        let mark = Mark::of(out);
        let block = self.lay_out(&Request { width: f32::INFINITY, ..*request }, out);
        mark.restore(out);
        block.width
    }

    /// Lays out a text with its size going down until it fits into width and height, to a half at most. What comes
    /// back may still be too tall.
    pub(crate) fn lay_out_shrunk(&mut self, request: &Request<'_>, height: f32, out: &mut Output<'_>) -> Block {
        let mark = Mark::of(out);
        let mut style = request.style.clone();
        let mut block = self.lay_out(request, out);
        for step in 1..=SHRINK_STEP_COUNT {
            if block.fits(height) && block.width <= request.width + FIT_TOLERANCE {
                break;
            }
            mark.restore(out);
            let factor = 1.0 - f32::from(step) / f32::from(SHRINK_STEP_COUNT) / 2.0;
            style.size = request.style.size * factor;
            style.letter_spacing = request.style.letter_spacing * factor;
            style.paragraph_gap = request.style.paragraph_gap * factor;
            block = self.lay_out(&Request { style: &style, ..*request }, out);
        }
        block
    }

    /// Drops the lines that do not fit into a height, but the first, and ends the last one with an ellipsis. Says
    /// whether anything was dropped. The block must be the one laid out last.
    pub(crate) fn cut_with_ellipsis(
        &mut self,
        block: &mut Block,
        request: &Request<'_>,
        height: f32,
        out: &mut Output<'_>,
    ) -> bool {
        if block.fits(height) {
            return false;
        }
        let first = block.lines.start as usize;
        let lines = out.store.lines.get(first..).unwrap_or_default();
        let count = lines.iter().take_while(|line| line.y + block.line_height <= height + FIT_TOLERANCE).count().max(1);
        out.store.lines.truncate(first + count);
        block.lines.end = index32(first + count);
        if let Some(last) = out.store.lines.last() {
            block.height = last.y + block.line_height;
        }
        self.push_ellipsis(block, request, out);
        true
    }

    pub(super) fn push_ellipsis(&mut self, block: &mut Block, request: &Request<'_>, out: &mut Output<'_>) {
        let Some((run, glyphs)) = self.shape_ellipsis(request, block.size, out) else { return };
        let fills_room = |line: &Line| (line.width - request.width).abs() < FIT_TOLERANCE;
        if request.style.align == Align::Justify || out.store.lines.last().is_some_and(fills_room) {
            relax(out, block.size);
        }
        let Some(line) = out.store.lines.last() else { return };
        let right_to_left = line.right_to_left;
        let mut line = line.clone();
        let mut runs: Vec<Run> =
            out.store.runs.get(line.runs.start as usize..line.runs.end as usize).unwrap_or_default().to_vec();
        let room = if request.width.is_finite() { request.width } else { block.width + run.width };
        let size = f64::from(block.size);
        while line.width + run.width > room && pop_cluster(&mut runs, &mut line.width, right_to_left, size, out) {}
        while ends_with_gap(&runs, right_to_left, out)
            && pop_cluster(&mut runs, &mut line.width, right_to_left, size, out)
        {}
        out.document.glyphs.extend(glyphs);
        line.width += run.width;
        if right_to_left {
            runs.insert(0, run);
        } else {
            runs.push(run);
        }
        let mut x = 0.0;
        for run in &mut runs {
            run.hanging = 0;
            run.x = x;
            x += run.width;
        }
        let first_run = out.store.runs.len();
        out.store.runs.extend(runs);
        line.runs = index32(first_run)..index32(out.store.runs.len());
        line.ends_paragraph = true;
        line.x = line_left(&line, request.style.align, room);
        block.width = block.width.max(line.width);
        if let Some(last) = out.store.lines.last_mut() {
            *last = line;
        }
    }

    /// The ellipsis as a run of its own; its glyphs are not in the pool yet, its characters are.
    fn shape_ellipsis(&mut self, request: &Request<'_>, size: f32, out: &mut Output<'_>) -> Option<(Run, Vec<Glyph>)> {
        let face = &request.font.primary;
        let text = if face.glyph('…').is_some() { "…" } else { "..." };
        let plan = self.words.plans().find(face, harfrust::script::LATIN, Features::PLAIN, request.language)?;
        let word = self.words.get(plan, text);
        let text_start = index32(out.document.text.len());
        let glyphs: Vec<Glyph> = self
            .words
            .glyphs(&word)
            .iter()
            .map(|glyph| Glyph { text_start: glyph.text_start + text_start, ..*glyph })
            .collect();
        out.document.text.push_str(text);
        let start = out.document.glyphs.len();
        let scale = f64::from(size) / f64::from(face.units_per_em());
        let run = Run {
            face: face_index(out.document, face),
            glyphs: index32(start)..index32(start + glyphs.len()),
            text: text_start..index32(out.document.text.len()),
            x: 0.0,
            width: to_f32(points(i64::from(word.shaped.advance), scale)),
            letter_spacing: 0.0,
            hanging: 0,
            posture: Posture::Along,
        };
        Some((run, glyphs))
    }
}

/// Takes the cluster at the visual end away; says whether there was one.
fn pop_cluster(runs: &mut Vec<Run>, width: &mut f32, right_to_left: bool, size: f64, out: &Output<'_>) -> bool {
    let run = if right_to_left { runs.first_mut() } else { runs.last_mut() };
    let Some(run) = run else { return false };
    if matches!(run.posture, Posture::Combined(_)) {
        // What shares a square goes as one.
        *width -= run.width;
        runs.pop();
        return true;
    }
    let units = out.document.faces.get(run.face as usize).map_or(1_000, |face| face.units_per_em());
    let mut advance = 0i64;
    let mut count = 0;
    loop {
        let edge = if right_to_left { run.glyphs.start } else { run.glyphs.end.saturating_sub(1) };
        let Some(glyph) = out.document.glyphs.get(edge as usize).filter(|_| !run.glyphs.is_empty()) else { break };
        // From the left, a cluster ends where the next one begins.
        if right_to_left && count > 0 && glyph.text_length > 0 {
            break;
        }
        advance += i64::from(glyph.advance);
        count += 1;
        if right_to_left {
            run.glyphs.start += 1;
        } else {
            run.glyphs.end -= 1;
            if glyph.text_length > 0 {
                run.text.end = glyph.text_start.max(run.text.start);
                break;
            }
        }
    }
    let lost = to_f32(points(advance, size / f64::from(units)))
        + run.letter_spacing * f32::from(u8::try_from(count).unwrap_or(0));
    run.width -= lost;
    *width -= lost;
    if run.glyphs.is_empty() {
        if right_to_left {
            runs.remove(0);
        } else {
            runs.pop();
        }
    }
    true
}

fn ends_with_gap(runs: &[Run], right_to_left: bool, out: &Output<'_>) -> bool {
    let run = if right_to_left { runs.first() } else { runs.last() };
    let Some(run) = run else { return false };
    let edge = if right_to_left { run.glyphs.start } else { run.glyphs.end.saturating_sub(1) };
    let Some(glyph) = out.document.glyphs.get(edge as usize) else { return false };
    let start = glyph.text_start as usize;
    // No hyphen stands before an ellipsis: what it goes on to is not there.
    matches!(out.document.text.get(start..start + usize::from(glyph.text_length)), Some(" " | "\u{AD}"))
}

/// Where pools ended before something was tried.
pub(crate) struct Mark {
    glyphs: usize,
    text: usize,
    lines: usize,
    runs: usize,
    missing: usize,
}

impl Mark {
    pub(crate) fn of(out: &Output<'_>) -> Self {
        Self {
            glyphs: out.document.glyphs.len(),
            text: out.document.text.len(),
            lines: out.store.lines.len(),
            runs: out.store.runs.len(),
            missing: out.store.missing.len(),
        }
    }

    pub(crate) fn restore(&self, out: &mut Output<'_>) {
        out.document.glyphs.truncate(self.glyphs);
        out.document.text.truncate(self.text);
        out.store.lines.truncate(self.lines);
        out.store.runs.truncate(self.runs);
        out.store.missing.truncate(self.missing);
    }
}
