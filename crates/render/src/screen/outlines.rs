//! Writes outlines of glyphs, in halves of font units, which is as fine as TrueType curves end.

use skrifa::outline::OutlinePen;

use super::bytes::{push_signed, push_unsigned};
use crate::fonts::Face;
use crate::pdf::number::scaled;

/// Writes a glyph: its advance in font units, then its outline, which ends with a step of its own.
pub(super) fn push_outline(out: &mut Vec<u8>, face: &Face, glyph: u16) {
    push_unsigned(out, u64::from(face.advance(glyph)));
    let mut pen = StepPen { out, before: [0, 0] };
    // A glyph without outline, such as a space, has no steps.
    face.draw(glyph, &mut pen);
    out.push(END);
}

const MOVE: u8 = 0;
const LINE: u8 = 1;
const QUAD: u8 = 2;
const CUBIC: u8 = 3;
const CLOSE: u8 = 4;
const END: u8 = 5;

/// Steps in one font unit.
const STEPS: f64 = 2.0;

struct StepPen<'a> {
    out: &'a mut Vec<u8>,
    before: [i64; 2],
}

impl StepPen<'_> {
    fn command<const COUNT: usize>(&mut self, kind: u8, points: [(f32, f32); COUNT]) {
        self.out.push(kind);
        for (x, y) in points {
            let point = [scaled(x, STEPS), scaled(y, STEPS)];
            for (at, before) in point.into_iter().zip(self.before) {
                push_signed(self.out, at - before);
            }
            self.before = point;
        }
    }
}

impl OutlinePen for StepPen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.command(MOVE, [(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.command(LINE, [(x, y)]);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.command(QUAD, [(cx, cy), (x, y)]);
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.command(CUBIC, [(cx0, cy0), (cx1, cy1), (x, y)]);
    }

    fn close(&mut self) {
        self.command(CLOSE, []);
    }
}
