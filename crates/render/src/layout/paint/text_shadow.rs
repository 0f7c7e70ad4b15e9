//! Shadows of text: the outlines of its letters throw them, behind all of its lines.

use skrifa::outline::OutlinePen;

use super::rich::Scene;
use super::{Painter, Tagging};
use crate::document::{Document, GlyphRun, Item, Point, Segment, narrow};
use crate::layout::rich::Piece;
use crate::template::model::ShadowLook;

/// Segments of the letters of one text; as many as twenty pages of prose have. What goes beyond has no shadow.
const SEGMENT_COUNT_MAX: usize = 2_000_000;

impl<'a> Painter<'_, 'a> {
    /// Paints the shadow of the letters that were painted since an item, below all of them.
    pub(super) fn paint_shadow_below(&mut self, first_item: usize, shadow: &ShadowLook, tagging: Tagging) {
        let painted = self.page.items.split_off(first_item.min(self.page.items.len()));
        let mut outlines = Outlines::default();
        for item in &painted {
            if let Item::Glyphs(run) = item {
                outlines.add(&self.layouter.document, run);
            }
        }
        let mark = self.mark;
        self.paint_shape_shadow(&outlines.segments, false, shadow, tagging.for_decoration());
        self.apply(tagging);
        self.page.items.extend(painted);
        self.mark = mark;
    }

    /// Paints the shadows of the spans of some pieces of rich text, one for all neighbours that throw the same.
    pub(super) fn paint_shadows_of_spans(&mut self, scene: &Scene<'_, 'a>, pieces: &[Piece]) {
        if scene.looks.iter().all(|look| look.shadow.is_none()) {
            return;
        }
        let mut shadows: Vec<(&ShadowLook, Outlines)> = Vec::new();
        for piece in pieces {
            for line in &piece.lines {
                for (look, _, run) in self.shown_runs(scene, line, scene.corner.y + piece.top) {
                    let Some(shadow) = look.shadow.as_deref() else { continue };
                    if shadows.last().is_none_or(|(last, _)| *last != shadow) {
                        shadows.push((shadow, Outlines::default()));
                    }
                    if let Some((_, outlines)) = shadows.last_mut() {
                        outlines.add(&self.layouter.document, &run);
                    }
                }
            }
        }
        for (shadow, outlines) in shadows {
            self.paint_shape_shadow(&outlines.segments, false, shadow, scene.tagging.for_decoration());
        }
    }
}

/// Outlines of letters on the page.
#[derive(Default)]
struct Outlines {
    segments: Vec<Segment>,
}

impl Outlines {
    fn add(&mut self, document: &Document, run: &GlyphRun) {
        let face = document.faces.get(run.face as usize).filter(|_| run.color.alpha > 0);
        let Some(face) = face else { return };
        let glyphs = document.glyphs.get(run.glyphs.start as usize..run.glyphs.end as usize).unwrap_or_default();
        let unit = run.size / f32::from(face.units_per_em());
        let axes = run.posture.axes().map(|axis| axis * unit);
        let mut x = run.origin.x;
        for glyph in glyphs {
            if self.segments.len() > SEGMENT_COUNT_MAX {
                self.segments.clear();
                return;
            }
            let origin =
                Point { x: x + f32::from(glyph.x_offset) * unit, y: run.origin.y - f32::from(glyph.y_offset) * unit };
            let mut pen = Pen { segments: &mut self.segments, origin, axes, last: origin };
            face.draw(glyph.id, &mut pen);
            x += narrow(f64::from(glyph.advance)) * unit + run.letter_spacing;
        }
    }
}

/// Puts an outline on the page.
struct Pen<'p> {
    segments: &'p mut Vec<Segment>,
    origin: Point,
    /// Where a font unit to the right and one upwards lead.
    axes: [f32; 4],
    last: Point,
}

impl Pen<'_> {
    fn place(&self, x: f32, y: f32) -> Point {
        let [a, b, c, d] = self.axes;
        Point { x: self.origin.x + a * x + c * y, y: self.origin.y + b * x + d * y }
    }
}

impl OutlinePen for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.last = self.place(x, y);
        self.segments.push(Segment::Move(self.last));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.last = self.place(x, y);
        self.segments.push(Segment::Line(self.last));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let (control, end) = (self.place(cx, cy), self.place(x, y));
        // Two thirds of the way to the control point, from both ends.
        let toward = |from: Point| Point {
            x: from.x + (control.x - from.x) * (2.0 / 3.0),
            y: from.y + (control.y - from.y) * (2.0 / 3.0),
        };
        self.segments.push(Segment::Cubic(toward(self.last), toward(end), end));
        self.last = end;
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.last = self.place(x, y);
        self.segments.push(Segment::Cubic(self.place(cx0, cy0), self.place(cx1, cy1), self.last));
    }

    fn close(&mut self) {
        self.segments.push(Segment::Close);
    }
}
