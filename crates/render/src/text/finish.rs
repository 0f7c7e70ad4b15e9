//! The last steps on lines: their places one below the other, and alignment.

use super::hanging;
use super::justify::{Setting, justify};
use super::units::{index32, to_f32};
use super::{Block, FontChoice, Line, Output, Request, vertical};
use crate::template::model::{Align, TextStyle, Writing};

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
    if style.typography.writing == Writing::VerticalRl {
        return LineMeasures { height, baseline: height / 2.0 + vertical::axis(style, font) };
    }
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
    if request.language.is_right_to_left {
        turn_neutral_paragraphs(first_line, out);
    }
    let room = if request.width.is_finite() { request.width } else { widest };
    let line_count = out.store.lines.len() - first_line;
    let mut y = 0.0;
    let mut height = 0.0;
    for index in first_line..first_line + line_count {
        let [before, after] = hang(index, style, out);
        justify(index, &Setting::of(style, style.align, &|_| style.size), room + before + after, out);
        let Some(line) = out.store.lines.get_mut(index) else { continue };
        line.x = line_left(line, style.align, room + before + after) - before;
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

/// Makes paragraphs without a letter, such as numbers, begin where the language of the document does: they have no
/// direction of their own (UAX #9, P3).
fn turn_neutral_paragraphs(first_line: usize, out: &mut Output<'_>) {
    let Output { document, store } = out;
    let lines = store.lines.get_mut(first_line..).unwrap_or_default();
    for paragraph in lines.chunk_by_mut(|line, _| !line.ends_paragraph) {
        let has_letters = paragraph.iter().flat_map(|line| line.runs.clone()).any(|run| {
            let run = store.runs.get(run as usize);
            let said = run.and_then(|run| document.text.get(run.text.start as usize..run.text.end as usize));
            said.is_some_and(|said| said.chars().any(char::is_alphabetic))
        });
        if !has_letters {
            paragraph.iter_mut().for_each(|line| line.right_to_left = true);
        }
    }
}

/// How far the first and the last mark of a line stand outside of it.
fn hang(index: usize, style: &TextStyle, out: &Output<'_>) -> [f32; 2] {
    match out.store.lines.get(index) {
        Some(line) if style.typography.hanging_punctuation => hanging::of_line(line, style.size, out).map(to_f32),
        _ => [0.0; 2],
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
