//! Hanging punctuation: how far marks at the ends of a line stand outside of it, so that its edges look straight.

use super::units::points;
use super::{Line, Output};
use crate::document::Glyph;

/// How much of its width a mark hangs out at the right end of a line.
pub(super) fn after(character: char) -> f64 {
    match character {
        '.' | ',' | '-' | '\u{2010}' | '\u{AD}' | '’' | '”' | '"' | '\'' | '»' | '›' | '“' | '‘' => 0.6,
        // Their outer half is blank.
        '、' | '。' | '，' | '．' => 0.5,
        ':' | ';' | '…' | '–' | '—' => 0.3,
        '!' | '?' => 0.15,
        _ => 0.0,
    }
}

/// How much of its width a mark hangs out at the left end of a line.
pub(super) fn before(character: char) -> f64 {
    match character {
        '“' | '‘' | '„' | '‚' | '"' | '\'' | '«' | '‹' | '”' | '’' => 0.6,
        '「' | '『' | '（' => 0.5,
        _ => 0.0,
    }
}

/// How far the first and the last mark of a line hang out, points.
pub(super) fn of_line(line: &Line, size: f32, out: &Output<'_>) -> [f64; 2] {
    if line.right_to_left {
        return [0.0; 2];
    }
    let runs = out.store.runs.get(line.runs.start as usize..line.runs.end as usize).unwrap_or_default();
    let hang = |face: u32, glyph: Option<&Glyph>, factor: fn(char) -> f64| {
        let Some(glyph) = glyph else { return 0.0 };
        let text = out.document.text.get(glyph.text_start as usize..).unwrap_or_default();
        let units = out.document.faces.get(face as usize).map_or(1_000, |face| face.units_per_em());
        let width = points(i64::from(glyph.advance), f64::from(size) / f64::from(units));
        text.chars().next().map_or(0.0, factor) * width
    };
    let first =
        runs.first().map_or(0.0, |run| hang(run.face, out.document.glyphs.get(run.glyphs.start as usize), before));
    let last = runs.last().map_or(0.0, |run| {
        let glyph = run.glyphs.end.checked_sub(1).filter(|_| !run.glyphs.is_empty());
        hang(run.face, glyph.and_then(|glyph| out.document.glyphs.get(glyph as usize)), after)
    });
    [first, last]
}
