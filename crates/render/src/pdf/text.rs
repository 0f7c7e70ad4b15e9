//! Writes glyph runs: one `TJ` a run, kerning as adjustments, positions relative to the run before.

use super::canvas::Canvas;
use super::font::Subset;
use super::number::{push_fixed, push_integer, push_string_byte, push_text, push_unsigned, scaled};
use crate::document::{Glyph, GlyphRun};
use crate::fonts::Face;

/// Writes text into a canvas; knows whether a text object is open and where its line starts.
#[derive(Default)]
pub(super) struct TextWriter {
    open: bool,
    line: (i64, i64),
}

/// What a run needs to be written.
pub(super) struct RunParts<'a> {
    /// The run.
    pub(super) run: &'a GlyphRun,
    /// Its face.
    pub(super) face: &'a Face,
    /// The face's subset in this file.
    pub(super) subset: &'a Subset,
    /// Its glyphs.
    pub(super) glyphs: &'a [Glyph],
    /// The text of the whole run, when it cannot be told glyph by glyph.
    pub(super) actual_text: Option<&'a str>,
}

impl TextWriter {
    /// Opens a text object, if none is open.
    pub(super) fn begin(&mut self, canvas: &mut Canvas) {
        if !self.open {
            canvas.out.extend_from_slice(b"BT\n");
            self.open = true;
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
        canvas.set_fill(run.color);
        let size = scaled(run.size, 1e3);
        if canvas.state.font != Some((run.face, size)) {
            canvas.state.font = Some((run.face, size));
            canvas.out.extend_from_slice(b"/F");
            push_unsigned(&mut canvas.out, u64::from(run.face));
            canvas.out.push(b' ');
            push_fixed(&mut canvas.out, size, 3);
            canvas.out.extend_from_slice(b" Tf\n");
        }
        let letter_spacing = scaled(run.letter_spacing, 1e3);
        if canvas.state.letter_spacing != letter_spacing {
            canvas.state.letter_spacing = letter_spacing;
            push_fixed(&mut canvas.out, letter_spacing, 3);
            canvas.out.extend_from_slice(b" Tc\n");
        }
        let (x, y) = (canvas.units(run.origin.x), canvas.height - canvas.units(run.origin.y));
        canvas.pair(x - self.line.0, y - self.line.1);
        self.line = (x, y);
        canvas.out.extend_from_slice(b"Td");
        if let Some(text) = parts.actual_text {
            canvas.out.extend_from_slice(b"/Span<</ActualText");
            push_text(&mut canvas.out, text);
            canvas.out.extend_from_slice(b">>BDC");
        }
        push_glyphs(&mut canvas.out, parts);
        if parts.actual_text.is_some() {
            canvas.out.extend_from_slice(b"EMC\n");
        }
    }
}

/// Writes the glyphs as arrays of strings and adjustments (ISO 32000-1, 9.4.3).
///
/// An adjustment is a whole thousandth of an em; what rounding leaves is carried to the next, so that no glyph is
/// ever more than half a thousandth of an em from its place.
fn push_glyphs(out: &mut Vec<u8>, parts: &RunParts<'_>) {
    let units_per_em = i64::from(parts.face.units_per_em());
    let codes = &parts.subset.codes;
    let mut rise = 0;
    // Distance still to be moved to the left, in thousandths of a font unit.
    let mut pending: i64 = 0;
    out.reserve(parts.glyphs.len() * 3 + 16);
    out.extend_from_slice(b"[(");
    for glyph in parts.glyphs {
        if glyph.y_offset != rise {
            rise = glyph.y_offset;
            out.extend_from_slice(b")]TJ ");
            push_rise(out, rise, parts);
            out.extend_from_slice(b"[(");
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
        let code = codes.get(usize::from(glyph.id)).copied().unwrap_or_default();
        for byte in code.to_be_bytes() {
            push_string_byte(out, byte);
        }
        let natural = i64::from(parts.face.advance(glyph.id));
        pending += (natural - i64::from(glyph.advance) + i64::from(glyph.x_offset)) * 1_000;
    }
    out.extend_from_slice(b")]TJ\n");
    if rise != 0 {
        push_rise(out, 0, parts);
    }
}

fn push_rise(out: &mut Vec<u8>, rise: i16, parts: &RunParts<'_>) {
    let points = f32::from(rise) * parts.run.size / f32::from(parts.face.units_per_em());
    push_fixed(out, scaled(points, 1e3), 3);
    out.extend_from_slice(b" Ts\n");
}
