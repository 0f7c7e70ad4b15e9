//! The last steps on lines: their places one below the other, alignment, justification.

use super::units::{index32, points, round_i32, to_f32};
use super::{Block, FontChoice, Line, Output, Request, Run};
use crate::document::Glyph;
use crate::template::model::{Align, TextStyle};

/// Measures of a line that style and face give.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct LineMeasures {
    pub(super) height: f32,
    pub(super) baseline: f32,
}

/// Half of what the line height leaves stands above the face's own line, half below (CSS 2, clause 10.8.1).
pub(super) fn line_measures(style: &TextStyle, font: &FontChoice) -> LineMeasures {
    let metrics = font.primary.metrics();
    let scale = style.size / f32::from(metrics.units_per_em);
    let ascent = f32::from(metrics.ascent) * scale;
    let descent = f32::from(metrics.descent) * scale;
    let height = style.size * style.line_height;
    LineMeasures { height, baseline: (height - (ascent - descent)) / 2.0 + ascent }
}

/// Puts all lines from `first_line` on one below the other and aligns them.
pub(super) fn place_lines(request: &Request<'_>, first_line: usize, out: &mut Output<'_>) -> Block {
    let style = request.style;
    let measures = line_measures(style, request.font);
    let widest = out
        .store
        .lines
        .get(first_line..)
        .unwrap_or_default()
        .iter()
        .fold(0.0, |widest: f32, line| widest.max(line.width));
    let room = if request.width.is_finite() { request.width } else { widest };
    let line_count = out.store.lines.len() - first_line;
    let mut y = 0.0;
    let mut height = 0.0;
    for index in first_line..first_line + line_count {
        justify(index, style.align, room, &|_| style.size, out);
        let Some(line) = out.store.lines.get_mut(index) else { continue };
        line.x = line_left(line, style.align, room);
        line.y = y;
        height = y + measures.height;
        y = height + if line.ends_paragraph { style.paragraph_gap } else { 0.0 };
    }
    Block {
        lines: index32(first_line)..index32(out.store.lines.len()),
        height,
        width: widest,
        line_height: measures.height,
        baseline: measures.baseline,
        size: style.size,
    }
}

/// The left end of a line. A line wider than its room begins at the edge where reading begins.
pub(super) fn line_left(line: &Line, align: Align, room: f32) -> f32 {
    let free = room - line.width;
    let to_right = match align {
        Align::Left => false,
        Align::Right => true,
        Align::Center => return if free > 0.0 { free / 2.0 } else { 0.0 },
        Align::Start | Align::Justify => line.right_to_left,
        Align::End => !line.right_to_left,
    };
    if to_right { free } else { 0.0 }
}

/// Widens the spaces of a line so that it fills its room; the last line of a paragraph stays as it is.
pub(super) fn justify(index: usize, align: Align, room: f32, size_of: &dyn Fn(&Run) -> f32, out: &mut Output<'_>) {
    let Some(line) = out.store.lines.get(index) else { return };
    if align != Align::Justify || line.ends_paragraph || line.width >= room {
        return;
    }
    let runs = line.runs.start as usize..line.runs.end as usize;
    let text = &out.document.text;
    let is_space = |glyph: &Glyph| {
        let start = glyph.text_start as usize;
        matches!(text.get(start..start + usize::from(glyph.text_length)), Some(" " | "\u{A0}"))
    };
    let in_line = out.store.runs.get_mut(runs).unwrap_or_default();
    let glyphs = &mut out.document.glyphs;
    let space_count: usize = in_line
        .iter()
        .map(|run| glyphs.get(run.glyphs.start as usize..run.glyphs.end as usize).unwrap_or_default())
        .map(|glyphs| glyphs.iter().filter(|glyph| is_space(glyph)).count())
        .sum();
    if space_count == 0 {
        return;
    }
    let extra = f64::from(room - line.width) / f64::from(index32(space_count));
    // Whole font units cannot hit the edge exactly: what rounding leaves is carried to the next space.
    let mut carried = 0.0;
    let mut x = 0.0;
    for run in in_line {
        let units = out.document.faces.get(run.face as usize).map_or(1_000, |face| face.units_per_em());
        let scale = f64::from(size_of(run)) / f64::from(units);
        let mut added = 0i64;
        for glyph in glyphs.get_mut(run.glyphs.start as usize..run.glyphs.end as usize).unwrap_or_default() {
            if is_space(glyph) {
                carried += extra;
                let step = round_i32(carried / scale);
                carried -= f64::from(step) * scale;
                glyph.advance = glyph.advance.saturating_add(step);
                added += i64::from(step);
            }
        }
        run.x += to_f32(x);
        let widened = points(added, scale);
        run.width += to_f32(widened);
        x += widened;
    }
    if let Some(line) = out.store.lines.get_mut(index) {
        line.width += to_f32(x);
    }
}
