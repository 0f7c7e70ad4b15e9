//! Writes upright glyphs of lines that go down: the letters are turned back, and a font that writes downwards moves from one
//! to the next (ISO 32000-1, 9.7.4.3).

use super::number::{push_fixed, push_hundredths, push_integer, rounded};
use super::text::{OPEN_ARRAY, RunParts, Written, close_array, open_span, push_code};
use crate::document::Glyph;

/// Where a font that writes downwards has the pen above a glyph's origin, and how far it moves, in thousandths of an em:
/// what holds when a font says nothing else (table 117, `DW2`).
const PEN_ABOVE: f64 = 880.0;
const STEP: f64 = 1_000.0;

/// Thousandths of an em by which a pen may be off: half of one is what rounding leaves.
const TOLERANCE: f64 = 0.75;

/// Writes glyphs as arrays of strings and adjustments, in percent of their width. `write` tells by which code a glyph is
/// written, and which text is given beside it.
///
/// Digits that share a square are written with the same font: readers then find them in the line around them.
pub(super) fn push_glyphs<'t>(
    out: &mut Vec<u8>,
    parts: &RunParts<'_>,
    percent: u8,
    mut write: impl FnMut(usize, &Glyph) -> Written<'t>,
) {
    let thousandth = 1_000.0 / f64::from(parts.face.units_per_em());
    let width = f64::from(percent) / 100.0;
    let letter_spacing = f64::from(parts.run.letter_spacing) / f64::from(parts.run.size) * 1_000.0;
    // Where the pen is, in thousandths of an em along the line and above the baseline; nothing before the first glyph.
    let mut pen: Option<[f64; 2]> = None;
    let mut along = 0.0;
    out.reserve(parts.glyphs.len() * 3 + 32);
    out.extend_from_slice(OPEN_ARRAY);
    for (place, glyph) in parts.glyphs.iter().enumerate() {
        let Written { code, opens, closes } = write(place, glyph);
        // Seen from the glyph's origin the pen is in the middle, and before it on the line.
        let wanted = [
            along + f64::from(glyph.x_offset) * thousandth - PEN_ABOVE,
            (f64::from(glyph.y_offset) + f64::from(code.advance) / 2.0 * width) * thousandth,
        ];
        along += f64::from(glyph.advance) * thousandth + letter_spacing;
        if let Some(text) = &opens {
            close_array(out);
            open_span(out, text);
            out.extend_from_slice(OPEN_ARRAY);
        }
        let [at, above] = match pen {
            Some(pen) if (pen[1] - wanted[1]).abs() <= TOLERANCE => pen,
            _ => {
                close_array(out);
                push_place(out, parts, percent, wanted);
                out.extend_from_slice(OPEN_ARRAY);
                wanted
            }
        };
        let adjustment = (wanted[0] - at).round();
        if adjustment != 0.0 {
            out.push(b')');
            push_integer(out, rounded(adjustment));
            out.push(b'(');
        }
        push_code(out, code);
        pen = Some([at + adjustment + STEP, above]);
        if closes {
            close_array(out);
            out.extend_from_slice(b"EMC\n");
            out.extend_from_slice(OPEN_ARRAY);
        }
    }
    close_array(out);
}

/// Puts the pen somewhere from where the run begins, in thousandths of an em along the line and above it, and turns letters
/// back by a quarter.
fn push_place(out: &mut Vec<u8>, parts: &RunParts<'_>, percent: u8, place: [f64; 2]) {
    let hundredths = f64::from(parts.run.size) / 10.0;
    out.extend_from_slice(b"0 ");
    push_fixed(out, i64::from(percent), 2);
    out.extend_from_slice(b" -1 0 ");
    for (from, distance) in [parts.place.0, parts.place.1].into_iter().zip(place) {
        push_hundredths(out, from.saturating_add(rounded(distance * hundredths)));
        out.push(b' ');
    }
    out.extend_from_slice(b"Tm\n");
}
