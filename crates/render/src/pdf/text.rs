//! Writes glyph runs: one `TJ` a run, kerning as adjustments, positions relative to the run before.

use std::borrow::Cow;
use std::ops::Range;

use super::canvas::Canvas;
use super::font::{Code, Subset};
use super::number::{push_fixed, push_integer, push_text, push_unsigned, scaled};
use super::upright;
use super::usage::{FaceUsage, GlyphText, Spelling, cluster_texts};
use crate::document::{Glyph, GlyphRun, Posture};
use crate::fonts::Face;

/// Writes text into a canvas; knows whether a text object is open and where its line starts.
#[derive(Default)]
pub(super) struct TextWriter {
    open: bool,
    line: (i64, i64),
    /// Whether letters were turned back by a quarter last.
    is_turned: bool,
    /// Memory to use.
    texts: Vec<GlyphText>,
    /// The rest of a broken word that is told already, in the document's text.
    pub(super) told: Range<u32>,
}

/// What a run needs to be written.
#[derive(Clone, Copy)]
pub(super) struct RunParts<'a> {
    /// The run.
    pub(super) run: &'a GlyphRun,
    /// Its face.
    pub(super) face: &'a Face,
    /// The face's subset in this file.
    pub(super) subset: &'a Subset,
    /// Its glyphs.
    pub(super) glyphs: &'a [Glyph],
    /// Its text beyond what its glyphs stand for.
    pub(super) actual_text: ActualText<'a>,
    /// Where it begins, in the units of the canvas.
    pub(super) place: (i64, i64),
}

/// Text that a run's glyphs do not tell (ISO 32000-1, 14.9.4).
#[derive(Clone, Copy)]
pub(super) enum ActualText<'a> {
    /// They tell all of it.
    Nothing,
    /// Some stand for another text than elsewhere.
    Clusters {
        /// What the glyphs stand for.
        usage: &'a FaceUsage,
        /// The document's pool of text.
        text: &'a str,
    },
    /// Given for the whole run.
    Run(&'a str),
    /// Broken words at its ends.
    Broken(Ends<'a>),
}

/// Pieces of broken words at the ends of a run, by places in the document's text.
#[derive(Clone, Copy)]
pub(super) struct Ends<'a> {
    /// Up to here it is the rest of a word that is told already.
    pub(super) rest_end: u32,
    /// From here on it is the first piece of this word.
    pub(super) word: Option<(u32, &'a str)>,
}

impl TextWriter {
    /// Opens a text object, if none is open.
    pub(super) fn begin(&mut self, canvas: &mut Canvas) {
        if !self.open {
            canvas.out.extend_from_slice(b"BT\n");
            self.open = true;
            self.is_turned = false;
            self.line = (0, 0);
        }
    }

    /// Closes the text object, if one is open.
    pub(super) fn end(&mut self, canvas: &mut Canvas) {
        if self.open {
            canvas.out.extend_from_slice(b"ET\n");
            self.open = false;
        }
    }

    /// Writes one run.
    pub(super) fn run(&mut self, canvas: &mut Canvas, parts: &RunParts<'_>) {
        let run = parts.run;
        if parts.glyphs.is_empty() {
            return;
        }
        self.begin(canvas);
        let is_invisible = run.color.alpha == 0;
        if canvas.state.is_text_invisible != is_invisible {
            canvas.state.is_text_invisible = is_invisible;
            // Text rendering modes 3 and 0 (ISO 32000-1, 9.3.6).
            canvas.out.extend_from_slice(if is_invisible { b"3 Tr\n" } else { b"0 Tr\n" });
        }
        if !is_invisible {
            canvas.set_fill(run.color);
        }
        let size = scaled(run.size, 1e3);
        let goes_down = run.posture != Posture::Along;
        if canvas.state.font != Some((run.face, size, goes_down)) {
            canvas.state.font = Some((run.face, size, goes_down));
            canvas.out.extend_from_slice(if goes_down { b"/V" } else { b"/F" });
            push_unsigned(&mut canvas.out, u64::from(run.face));
            canvas.out.push(b' ');
            push_fixed(&mut canvas.out, size, 3);
            canvas.out.extend_from_slice(b" Tf\n");
        }
        let letter_spacing = if goes_down { 0 } else { scaled(run.letter_spacing, 1e3) };
        if canvas.state.letter_spacing != letter_spacing {
            canvas.state.letter_spacing = letter_spacing;
            push_fixed(&mut canvas.out, letter_spacing, 3);
            canvas.out.extend_from_slice(b" Tc\n");
        }
        let (x, y) = (canvas.units(run.origin.x), canvas.height - canvas.units(run.origin.y));
        if goes_down {
            self.is_turned = true;
        } else if self.is_turned {
            self.is_turned = false;
            canvas.out.extend_from_slice(b"1 0 0 1 ");
            canvas.pair(x, y);
            self.line = (x, y);
            canvas.out.extend_from_slice(b"Tm\n");
        } else {
            canvas.pair(x - self.line.0, y - self.line.1);
            self.line = (x, y);
            canvas.out.extend_from_slice(b"Td\n");
        }
        let parts = &RunParts { place: (x, y), ..*parts };
        let codes = &parts.subset.codes;
        let usual = |glyph: &Glyph| codes.get(usize::from(glyph.id)).copied().unwrap_or_default();
        let out = &mut canvas.out;
        match parts.actual_text {
            ActualText::Nothing => push_glyphs(out, parts, |_, glyph| Written::plain(usual(glyph))),
            ActualText::Run(text) => {
                open_span(out, text);
                push_glyphs(out, parts, |_, glyph| Written::plain(usual(glyph)));
                out.extend_from_slice(b"EMC\n");
            }
            ActualText::Broken(Ends { rest_end, word }) => {
                let last = parts.glyphs.len() - 1;
                let is_rest = |place: usize| parts.glyphs.get(place).is_some_and(|glyph| glyph.text_start < rest_end);
                push_glyphs(out, parts, |place, glyph| {
                    let begins = word.filter(|(start, _)| glyph.text_length > 0 && glyph.text_start == *start);
                    let opens = begins.map(|(_, word)| Cow::Borrowed(word));
                    let in_word = word.is_some_and(|(start, _)| glyph.text_start >= start);
                    Written {
                        code: usual(glyph),
                        opens: opens.or((place == 0 && is_rest(0)).then_some(Cow::Borrowed(""))),
                        closes: place == last && in_word || is_rest(place) && !is_rest(place + 1),
                    }
                });
            }
            ActualText::Clusters { usage, text } => {
                cluster_texts(parts.glyphs, text.as_bytes(), &mut self.texts);
                let texts = &self.texts;
                push_glyphs(out, parts, |place, glyph| {
                    let shown = texts.get(place).copied().unwrap_or_default();
                    let spelling = usage.spelling(glyph, shown, text);
                    let variant = match spelling {
                        Spelling::Variant(variant) => parts.subset.variant_codes.get(variant).copied(),
                        _ => None,
                    };
                    // Readers that know of given text then see nothing of dots and marks.
                    let is_told = !shown.is_empty() && (variant.is_some() || spelling == Spelling::Usual);
                    Written {
                        code: variant.unwrap_or_else(|| usual(glyph)),
                        opens: (!is_told).then(|| Cow::Owned(shown.to_text(text))),
                        closes: !is_told,
                    }
                });
            }
        }
    }
}

/// How a glyph is written.
pub(super) struct Written<'t> {
    pub(super) code: Code,
    /// Text that is given from this glyph on.
    pub(super) opens: Option<Cow<'t, str>>,
    /// Whether the given text ends with this glyph.
    pub(super) closes: bool,
}

impl Written<'_> {
    fn plain(code: Code) -> Self {
        Self { code, opens: None, closes: false }
    }
}

pub(super) fn open_span(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(b"/Span<</ActualText");
    push_text(out, text);
    out.extend_from_slice(b">>BDC\n");
}

/// Ends the array of strings, or takes it back when nothing is in it.
pub(super) fn close_array(out: &mut Vec<u8>) {
    if out.ends_with(OPEN_ARRAY) {
        out.truncate(out.len() - OPEN_ARRAY.len());
    } else {
        out.extend_from_slice(b")]TJ\n");
    }
}

pub(super) const OPEN_ARRAY: &[u8] = b"[(";

/// Writes the glyphs as arrays of strings and adjustments (ISO 32000-1, 9.4.3).
///
/// An adjustment is a whole thousandth of an em; what rounding leaves is carried to the next, so that no glyph is
/// ever more than half a thousandth of an em from its place. `write` tells by which code a glyph is written, and which
/// text is given beside it.
fn push_glyphs<'t>(out: &mut Vec<u8>, parts: &RunParts<'_>, mut write: impl FnMut(usize, &Glyph) -> Written<'t>) {
    match parts.run.posture {
        Posture::Along => {}
        Posture::Upright => return upright::push_glyphs(out, parts, 100, write),
        Posture::Combined(percent) => return upright::push_glyphs(out, parts, percent, write),
    }
    let units_per_em = i64::from(parts.face.units_per_em());
    let mut rise = 0;
    // Distance still to be moved to the left, in thousandths of a font unit.
    let mut pending: i64 = 0;
    out.reserve(parts.glyphs.len() * 3 + 16);
    out.extend_from_slice(OPEN_ARRAY);
    for (place, glyph) in parts.glyphs.iter().enumerate() {
        let Written { code, opens, closes } = write(place, glyph);
        if let Some(text) = &opens {
            close_array(out);
            open_span(out, text);
            out.extend_from_slice(OPEN_ARRAY);
        }
        if glyph.y_offset != rise {
            rise = glyph.y_offset;
            close_array(out);
            push_rise(out, rise, parts);
            out.extend_from_slice(OPEN_ARRAY);
        }
        pending -= i64::from(glyph.x_offset) * 1_000;
        if pending != 0 {
            let adjustment = (2 * pending + units_per_em).div_euclid(2 * units_per_em);
            if adjustment != 0 {
                pending -= adjustment * units_per_em;
                out.push(b')');
                push_integer(out, adjustment);
                out.push(b'(');
            }
        }
        push_code(out, code);
        let shift = i64::from(code.advance) - i64::from(glyph.advance) + i64::from(glyph.x_offset);
        pending += shift * 1_000;
        if closes {
            close_array(out);
            out.extend_from_slice(b"EMC\n");
            out.extend_from_slice(OPEN_ARRAY);
        }
    }
    close_array(out);
    if rise != 0 {
        push_rise(out, 0, parts);
    }
}

/// Writes the code of a glyph into a string.
pub(super) fn push_code(out: &mut Vec<u8>, code: Code) {
    match code {
        Code { bytes: [high, low, ..], length: 2, .. } => out.extend_from_slice(&[high, low]),
        _ => out.extend_from_slice(code.bytes.get(..usize::from(code.length)).unwrap_or_default()),
    }
}

fn push_rise(out: &mut Vec<u8>, rise: i16, parts: &RunParts<'_>) {
    let points = f32::from(rise) * parts.run.size / f32::from(parts.face.units_per_em());
    push_fixed(out, scaled(points, 1e3), 3);
    out.extend_from_slice(b" Ts\n");
}
