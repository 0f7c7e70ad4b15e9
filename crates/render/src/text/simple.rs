//! The short way: words from the cache, lines broken greedily where UAX 14 allows it.

use harfrust::Script;

use super::breaks::{fill_breaks, may_part, parts_well};
use super::classify::SOFT_HYPHEN;
use super::engine::Paragraph;
use super::features::Features;
use super::hyphenation::fill_hyphens;
use super::shape::PlanIndex;
use super::typeset::{self, LineEnd, Piece, PieceKind};
use super::units::{index32, length16, points, to_f32};
use super::words::Words;
use super::{FIT_TOLERANCE, Line, Output, Run};
use crate::document::{Glyph, Posture};

/// Buffers that are kept between paragraphs.
#[derive(Default)]
pub(super) struct SimpleBuffers {
    breaks: Vec<usize>,
    hyphens: Vec<usize>,
    pieces: Vec<Piece>,
}

/// Measures that all lines of a paragraph share.
struct Measure {
    /// Points a font unit.
    scale: f64,
    /// Room for a line.
    width: f64,
    letter_spacing: f64,
    /// Glyph and advance of a hyphen, for words broken at a soft one.
    hyphen: Option<(u16, i32)>,
}

impl Measure {
    /// Whether that many font units and glyphs fit into a line, with the letter space after the last one (CSS Text 4,
    /// clause 8.2).
    fn fits(&self, advance: i64, glyph_count: usize) -> bool {
        let gaps = f64::from(index32(glyph_count));
        points(advance, self.scale) + self.letter_spacing * gaps <= self.width + FIT_TOLERANCE
    }

    /// The width that is seen: without the letter space after the last glyph.
    fn width_of(&self, advance: i64, glyph_count: usize) -> f64 {
        let gaps = f64::from(index32(glyph_count.saturating_sub(1)));
        points(advance, self.scale) + self.letter_spacing * gaps
    }
}

/// Glyphs of a line, as positions in the document's pool.
#[derive(Clone, Copy)]
struct Span {
    start: usize,
    /// End without trailing spaces.
    visible: usize,
    /// End with trailing spaces.
    end: usize,
}

/// Lays out a paragraph. Says `false` when it cannot, with nothing done: spaced text in which a character has several
/// glyphs.
pub(super) fn lay_out(
    paragraph: &Paragraph<'_>,
    script: Script,
    words: &mut Words,
    buffers: &mut SimpleBuffers,
    out: &mut Output<'_>,
) -> bool {
    let style = paragraph.style;
    let face = &paragraph.font.primary;
    let letter_spacing = f64::from(style.letter_spacing);
    let features = Features::of(style);
    let Some(plan) = words.plans().find(face, script, features, paragraph.language) else { return false };
    let start = out.document.glyphs.len();
    let text = out.document.text.get(paragraph.text.clone()).unwrap_or_default();
    let base = index32(paragraph.text.start);
    let flat = push_piece(text, base, plan, words, &mut out.document.glyphs);
    if flat.uneven && letter_spacing != 0.0 {
        out.document.glyphs.truncate(start);
        return false;
    }
    let shows_hyphens = style.typography.hyphenate || text.contains(SOFT_HYPHEN);
    let hyphen = shows_hyphens.then(|| face.hyphen()).flatten();
    let measure = Measure {
        scale: f64::from(style.size) / f64::from(face.units_per_em()),
        width: f64::from(paragraph.width),
        letter_spacing,
        hyphen: hyphen.map(|glyph| (glyph, i32::from(face.advance(glyph)))),
    };
    let end = out.document.glyphs.len();
    let mut lines = Lines { face: paragraph.face_index, letter_spacing: style.letter_spacing, measure, out };
    let whole = Span { start, visible: lines.visible_end(start, end), end };
    let trailing: i64 = lines.advance(whole.visible, end);
    if lines.measure.fits(flat.advance - trailing, whole.visible - start) {
        lines.push(whole, flat.advance - trailing, true);
        return true;
    }
    let text = lines.out.document.text.get(paragraph.text.clone()).unwrap_or_default();
    fill_breaks(text, &mut buffers.breaks);
    if style.typography.breaks_plainly() {
        lines.break_all(whole, base, &buffers.breaks);
    } else {
        lines.break_well(whole, paragraph, buffers);
    }
    true
}

/// Sums over the glyphs of a paragraph.
struct Flat {
    advance: i64,
    uneven: bool,
}

/// Appends the glyphs of a paragraph. It is shaped as a whole: fonts have rules that look across spaces. Only plain
/// characters are known to have none.
fn push_piece(text: &str, base: u32, plan: PlanIndex, words: &mut Words, glyphs: &mut Vec<Glyph>) -> Flat {
    let plain = words.plans().shape_plain(plan, text, base, glyphs);
    let shaped = plain.or_else(|| words.shape_in_parts(plan, text, base, glyphs));
    let shaped = shaped.unwrap_or_else(|| words.push(plan, text, base, glyphs));
    Flat { advance: i64::from(shaped.advance), uneven: shaped.uneven }
}

/// Makes lines from glyphs in the pool.
struct Lines<'l, 'o> {
    face: u32,
    letter_spacing: f32,
    measure: Measure,
    out: &'l mut Output<'o>,
}

impl Lines<'_, '_> {
    fn glyphs(&self, start: usize, end: usize) -> &[Glyph] {
        self.out.document.glyphs.get(start..end).unwrap_or_default()
    }

    fn advance(&self, start: usize, end: usize) -> i64 {
        self.glyphs(start, end).iter().map(|glyph| i64::from(glyph.advance)).sum()
    }

    fn is_space(&self, glyph: &Glyph) -> bool {
        glyph.text_length == 1 && self.out.document.text.as_bytes().get(glyph.text_start as usize) == Some(&b' ')
    }

    fn is_soft_hyphen(&self, glyph: &Glyph) -> bool {
        let start = glyph.text_start as usize;
        glyph.text_length == 2
            && self.out.document.text.get(start..start + 2).is_some_and(|text| text.starts_with(SOFT_HYPHEN))
    }

    /// The end of the glyphs without the spaces at their end.
    fn visible_end(&self, start: usize, end: usize) -> usize {
        let spaces = self.glyphs(start, end).iter().rev().take_while(|glyph| self.is_space(glyph)).count();
        end - spaces
    }

    fn break_all(&mut self, whole: Span, base: u32, breaks: &[usize]) {
        let mut line_start = whole.start;
        let mut breaks_done = 0;
        while line_start < whole.end {
            let (line_end, hyphenated) = self.find_end(line_start, whole.end, base, breaks, &mut breaks_done);
            if hyphenated {
                self.show_soft_hyphen(line_end);
            }
            let visible = self.visible_end(line_start, line_end);
            let advance = self.advance(line_start, visible);
            self.push(Span { start: line_start, visible, end: line_end }, advance, line_end == whole.end);
            line_start = line_end;
        }
    }

    /// Breaks where the style's finer rules want it.
    fn break_well(&mut self, whole: Span, paragraph: &Paragraph<'_>, buffers: &mut SimpleBuffers) {
        let text = self.out.document.text.get(paragraph.text.clone()).unwrap_or_default();
        buffers.hyphens.clear();
        if let Some(rules) = paragraph.hyphenation()
            && self.measure.hyphen.is_some()
        {
            fill_hyphens(text, rules, &mut buffers.hyphens);
        }
        self.fill_pieces(whole, paragraph.text.start, &mut buffers.pieces);
        let face = &paragraph.font.primary;
        let space = face.glyph(' ').map_or(0, |glyph| face.advance(glyph));
        let hyphen = self.measure.hyphen.map_or(0, |(_, advance)| advance);
        let ends = typeset::choose(&typeset::Paragraph {
            text,
            pieces: &buffers.pieces,
            breaks: &buffers.breaks,
            hyphens: &buffers.hyphens,
            width: self.measure.width,
            hyphen: points(i64::from(hyphen), self.measure.scale) + self.measure.letter_spacing,
            space: points(i64::from(space), self.measure.scale),
            ..typeset::Paragraph::of(paragraph.style)
        });
        let mut line_start = whole.start;
        for LineEnd { piece, hyphen } in ends {
            let line_end = buffers.pieces.get(piece).map_or(whole.end, |piece| piece.at);
            let is_soft = piece
                .checked_sub(1)
                .and_then(|piece| buffers.pieces.get(piece))
                .is_some_and(|piece| piece.kind == PieceKind::SoftHyphen);
            if hyphen && is_soft {
                self.show_soft_hyphen(line_end);
            }
            let visible = self.visible_end(line_start, line_end);
            let advance = self.advance(line_start, visible);
            self.push(Span { start: line_start, visible, end: line_end }, advance, line_end == whole.end);
            if hyphen && !is_soft {
                self.push_hyphen();
            }
            line_start = line_end;
        }
    }

    /// The clusters of the paragraph.
    fn fill_pieces(&self, whole: Span, text_start: usize, pieces: &mut Vec<Piece>) {
        pieces.clear();
        for (index, glyph) in (whole.start..).zip(self.glyphs(whole.start, whole.end)) {
            let advance = points(i64::from(glyph.advance), self.measure.scale) + self.measure.letter_spacing;
            if glyph.text_length == 0
                && let Some(last) = pieces.last_mut()
            {
                last.advance += advance;
                continue;
            }
            let kind = if self.is_space(glyph) {
                PieceKind::Space
            } else if self.is_soft_hyphen(glyph) {
                PieceKind::SoftHyphen
            } else {
                PieceKind::Visible
            };
            let offset = (glyph.text_start as usize).saturating_sub(text_start);
            pieces.push(Piece { offset, at: index, advance, kind });
        }
    }

    /// Turns the soft hyphen before a glyph into one that is seen.
    fn show_soft_hyphen(&mut self, line_end: usize) {
        if let Some((id, advance)) = self.measure.hyphen
            && let Some(glyph) = self.out.document.glyphs.get_mut(line_end - 1)
        {
            glyph.id = id;
            glyph.advance = advance;
        }
    }

    /// Adds a hyphen to the last line. It stands for a soft hyphen, so that readers put the word together again
    /// (ISO 32000-1, 14.8.2.2.3).
    fn push_hyphen(&mut self) {
        let Some((id, advance)) = self.measure.hyphen else { return };
        let Some(line) = self.out.store.lines.last_mut() else { return };
        let Some(before) = self.out.store.runs.last() else { return };
        let text_start = index32(self.out.document.text.len());
        self.out.document.text.push(SOFT_HYPHEN);
        let start = index32(self.out.document.glyphs.len());
        let text_length = length16(SOFT_HYPHEN.len_utf8());
        self.out.document.glyphs.push(Glyph { id, text_length, text_start, advance, x_offset: 0, y_offset: 0 });
        let width = points(i64::from(advance), self.measure.scale);
        let x = f64::from(before.x) + f64::from(before.width) + self.measure.letter_spacing;
        self.out.store.runs.push(Run {
            face: self.face,
            glyphs: start..start + 1,
            text: text_start..index32(self.out.document.text.len()),
            x: to_f32(x),
            width: to_f32(width),
            letter_spacing: self.letter_spacing,
            hanging: 0,
            posture: Posture::Along,
        });
        line.runs.end += 1;
        line.width = to_f32(x + width);
    }

    /// The end of the line that begins at `line_start`, and whether a hyphen is shown there. At least one cluster is
    /// taken, so that the loop ends however narrow the room is.
    fn find_end(
        &self,
        line_start: usize,
        end: usize,
        base: u32,
        breaks: &[usize],
        breaks_done: &mut usize,
    ) -> (usize, bool) {
        let mut advance = 0i64;
        let mut candidate = None;
        let mut last_cluster = None;
        let mut next_break = *breaks_done;
        let mut after_soft_hyphen = false;
        for (count, glyph) in self.glyphs(line_start, end).iter().enumerate() {
            let index = line_start + count;
            if glyph.text_length > 0 && count > 0 {
                last_cluster = Some(index);
                let offset = glyph.text_start.saturating_sub(base) as usize;
                while breaks.get(next_break).is_some_and(|next| *next < offset) {
                    next_break += 1;
                }
                if breaks.get(next_break) == Some(&offset) && self.may_break(advance, count, after_soft_hyphen) {
                    candidate = Some((index, next_break, after_soft_hyphen));
                }
            }
            advance += i64::from(glyph.advance);
            if !self.is_space(glyph) && !self.measure.fits(advance, count + 1) {
                if let Some((index, done, hyphenated)) = candidate {
                    *breaks_done = done;
                    return (index, hyphenated);
                }
                if let Some(index) = last_cluster {
                    *breaks_done = next_break.saturating_sub(1);
                    return (self.inside_of_word(line_start, index), false);
                }
            }
            if glyph.text_length > 0 {
                after_soft_hyphen = self.is_soft_hyphen(glyph);
            }
        }
        (end, false)
    }

    /// Where a word that is wider than a line is broken, at `end` at the latest: after a mark, else before a letter.
    fn inside_of_word(&self, line_start: usize, end: usize) -> usize {
        let character = |glyph: &Glyph| {
            let text = self.out.document.text.get(glyph.text_start as usize..).unwrap_or_default();
            text.chars().next().unwrap_or_default()
        };
        let around = |index: usize| {
            let text = &self.out.document.text;
            let after = self.out.document.glyphs.get(index).filter(|glyph| glyph.text_length > 0)?;
            let before = text.get(..after.text_start as usize)?.chars().next_back()?;
            Some((before, character(after)))
        };
        let find = |suits: fn(char, char) -> bool| {
            let mut places = (line_start + 1..=end).rev();
            places.find(|index| around(*index).is_some_and(|(before, after)| suits(before, after)))
        };
        find(parts_well).or_else(|| find(may_part)).unwrap_or(end)
    }

    /// A break after a soft hyphen needs room for the hyphen.
    fn may_break(&self, advance: i64, glyph_count: usize, after_soft_hyphen: bool) -> bool {
        match (after_soft_hyphen, self.measure.hyphen) {
            (true, Some((_, hyphen))) => self.measure.fits(advance + i64::from(hyphen), glyph_count),
            _ => true,
        }
    }

    fn push(&mut self, span: Span, advance: i64, ends_paragraph: bool) {
        let width = to_f32(self.measure.width_of(advance, span.visible - span.start));
        let first_run = self.out.store.runs.len();
        let hanging = u8::from(span.end > span.visible && !ends_paragraph);
        if let Some(text) = self.text_of(span) {
            self.out.store.runs.push(Run {
                face: self.face,
                glyphs: index32(span.start)..index32(span.visible),
                text: text.start..text.end + u32::from(hanging),
                x: 0.0,
                width,
                letter_spacing: self.letter_spacing,
                hanging,
                posture: Posture::Along,
            });
        }
        self.out.store.lines.push(Line {
            runs: index32(first_run)..index32(self.out.store.runs.len()),
            x: 0.0,
            y: 0.0,
            width,
            ends_paragraph,
            right_to_left: false,
        });
    }

    /// The characters that the visible glyphs show; nothing when there are none.
    fn text_of(&self, span: Span) -> Option<std::ops::Range<u32>> {
        let glyphs = self.glyphs(span.start, span.visible);
        let last = glyphs.iter().rev().find(|glyph| glyph.text_length > 0)?;
        Some(glyphs.first()?.text_start..last.text_start + u32::from(last.text_length))
    }
}
