//! Justification: lines are made as wide as their room by their spaces, within bounds by their letters, and in East
//! Asian text between its characters.

use super::typeset::SPACE_SHRINK;
use super::units::{index32, points, round_i32, to_f32};
use super::{Output, Run};
use crate::document::Glyph;
use crate::template::model::{Align, TextStyle, Wrap};

/// Spaces may grow by this part of their width before letters help, where a style lets them.
const COMFORT: f64 = 0.25;

/// How lines are justified.
pub(super) struct Setting<'s> {
    align: Align,
    wrap: Wrap,
    /// How much the space between two letters may change, points.
    letter_stretch: f64,
    /// Em size of a run.
    size_of: &'s dyn Fn(&Run) -> f32,
}

impl<'s> Setting<'s> {
    /// What a style says, and the size of each run.
    pub(super) fn of(style: &TextStyle, align: Align, size_of: &'s dyn Fn(&Run) -> f32) -> Self {
        Self {
            align,
            wrap: style.typography.wrap,
            letter_stretch: f64::from(style.typography.letter_stretch) * f64::from(style.size),
            size_of,
        }
    }
}

/// Makes a line as wide as its room; the last line of a paragraph stays as it is.
pub(super) fn justify(index: usize, setting: &Setting<'_>, room: f32, out: &mut Output<'_>) {
    let Some(line) = out.store.lines.get(index) else { return };
    if setting.align != Align::Justify || line.ends_paragraph {
        return;
    }
    let free = f64::from(room - line.width);
    // Only lines that were chosen together may be too long by what their spaces can give.
    if free == 0.0 || free < 0.0 && setting.wrap != Wrap::Pretty {
        return;
    }
    let runs = line.runs.start as usize..line.runs.end as usize;
    let found = Places::find(out.store.runs.get(runs.clone()).unwrap_or_default(), setting, out);
    if found.count == 0 {
        return;
    }
    let lettered = found.letter_share(free, setting);
    let free = (free - lettered * f64::from(found.letter_gaps)).max(-found.spaces_width * SPACE_SHRINK);
    let extra = free / f64::from(found.count);
    // Whole font units cannot hit the edge exactly: what rounding leaves is carried to the next place.
    let mut carried = 0.0;
    let mut x = 0.0;
    let mut left = found.count;
    let text = &out.document.text;
    for run in out.store.runs.get_mut(runs).unwrap_or_default() {
        let units = out.document.faces.get(run.face as usize).map_or(1_000, |face| face.units_per_em());
        let scale = f64::from((setting.size_of)(run)) / f64::from(units);
        let mut added = 0i64;
        let glyphs =
            out.document.glyphs.get_mut(run.glyphs.start as usize..run.glyphs.end as usize).unwrap_or_default();
        let glyph_count = glyphs.len();
        for glyph in glyphs {
            if left > 0 && stretches(glyph, text) {
                left -= 1;
                carried += extra;
                let step = round_i32(carried / scale);
                carried -= f64::from(step) * scale;
                glyph.advance = glyph.advance.saturating_add(step);
                added += i64::from(step);
            }
        }
        run.x += to_f32(x);
        run.letter_spacing += to_f32(lettered);
        let widened = points(added, scale) + lettered * f64::from(index32(glyph_count));
        run.width += to_f32(widened);
        x += widened;
    }
    if let Some(line) = out.store.lines.get_mut(index) {
        // There is no letter space after the last letter.
        line.width += to_f32(x - lettered);
    }
}

/// Gives the spaces of the last line back the widths that its fonts give them: one that ends with an ellipsis is not as
/// wide as its room.
pub(super) fn relax(out: &mut Output<'_>, size: f32) {
    let Some(line) = out.store.lines.last_mut() else { return };
    let text = &out.document.text;
    let mut x = 0.0;
    for run in out.store.runs.get_mut(line.runs.start as usize..line.runs.end as usize).unwrap_or_default() {
        let Some(face) = out.document.faces.get(run.face as usize) else { continue };
        let scale = f64::from(size) / f64::from(face.units_per_em());
        let mut added = 0i64;
        let glyphs =
            out.document.glyphs.get_mut(run.glyphs.start as usize..run.glyphs.end as usize).unwrap_or_default();
        for glyph in glyphs.iter_mut().filter(|glyph| stretches(glyph, text)) {
            let own = i32::from(face.advance(glyph.id));
            added += i64::from(own) - i64::from(glyph.advance);
            glyph.advance = own;
        }
        run.x += to_f32(x);
        let change = points(added, scale);
        run.width += to_f32(change);
        x += change;
    }
    line.width += to_f32(x);
}

/// Where a line can grow.
struct Places {
    /// Glyphs after which it can: spaces, and characters of East Asia but the last.
    count: u32,
    /// Width of the spaces among them.
    spaces_width: f64,
    /// Gaps between letters that may change; none where letters are joined or carry marks.
    letter_gaps: u32,
}

impl Places {
    fn find(runs: &[Run], setting: &Setting<'_>, out: &Output<'_>) -> Self {
        let text = &out.document.text;
        let mut found = Self { count: 0, spaces_width: 0.0, letter_gaps: 0 };
        let mut ends_with_place = false;
        let mut glyph_count = 0;
        let mut may_letter = setting.letter_stretch > 0.0;
        for run in runs {
            let units = out.document.faces.get(run.face as usize).map_or(1_000, |face| face.units_per_em());
            let scale = f64::from((setting.size_of)(run)) / f64::from(units);
            let glyphs =
                out.document.glyphs.get(run.glyphs.start as usize..run.glyphs.end as usize).unwrap_or_default();
            for glyph in glyphs {
                ends_with_place = stretches(glyph, text);
                if ends_with_place {
                    found.count += 1;
                    if is_space(text_of(glyph, text)) {
                        found.spaces_width += points(i64::from(glyph.advance), scale);
                    }
                }
                may_letter = may_letter && glyph.text_length > 0 && is_separate(text_of(glyph, text));
            }
            glyph_count += index32(glyphs.len());
        }
        if ends_with_place {
            found.count -= 1;
        }
        if may_letter {
            found.letter_gaps = glyph_count.saturating_sub(1);
        }
        found
    }

    /// How much is added to each gap between letters: what would make spaces uncomfortable, within the style's bounds.
    fn letter_share(&self, free: f64, setting: &Setting<'_>) -> f64 {
        if self.letter_gaps == 0 {
            return 0.0;
        }
        let bound = setting.letter_stretch;
        let comfort = self.spaces_width * COMFORT;
        let rest = if free > 0.0 { (free - comfort).max(0.0) } else { (free + comfort / 2.0).min(0.0) };
        (rest / f64::from(self.letter_gaps)).max(-bound).min(bound)
    }
}

fn text_of<'t>(glyph: &Glyph, text: &'t str) -> &'t str {
    let start = glyph.text_start as usize;
    text.get(start..start + usize::from(glyph.text_length)).unwrap_or_default()
}

fn is_space(text: &str) -> bool {
    matches!(text, " " | "\u{A0}")
}

/// Whether room can be added after a glyph.
fn stretches(glyph: &Glyph, text: &str) -> bool {
    let text = text_of(glyph, text);
    is_space(text) || text.chars().next_back().is_some_and(is_east_asian)
}

/// Whether a character stands in a square of its own, as Han and Kana do and Hangul, which has spaces, does not.
fn is_east_asian(character: char) -> bool {
    matches!(character, '\u{2E80}'..='\u{30FF}' | '\u{31C0}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FF01}'..='\u{FF60}' | '\u{20000}'..='\u{3FFFF}')
}

/// Whether letters stand apart, so that they may be moved: Latin, Greek, Cyrillic and the marks around them.
fn is_separate(text: &str) -> bool {
    text.chars()
        .all(|character| matches!(character, ' '..='\u{52F}' | '\u{1E00}'..='\u{206F}' | '\u{20A0}'..='\u{20CF}'))
}
