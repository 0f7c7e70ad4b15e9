//! Writes items: what to paint, relative to a corner, glyphs by their index, paths by their steps.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ScreenError;
use super::bytes::{hundredths, push_color, push_count, push_float, push_signed, push_transform, push_unsigned};
use super::client::Numbers;
use crate::document::{
    Color, Document, Glyph, GlyphRun, Item, LineCap, LineJoin, Path, Point, Posture, Rect, RectItem, Segment, Stroke,
    Transform,
};
use crate::fonts::Face;
use crate::pdf::number::scaled;
use crate::picture::{Drawing, DrawingItem, Gradient, GradientShape};

/// First byte of each item: what it is in the lower four bits, what it has in the upper ones.
const POP: u8 = 0;
const PUSH: u8 = 1;
const RUN: u8 = 2;
const RECT: u8 = 3;
const PATH: u8 = 4;
const GRADIENT: u8 = 5;
const PICTURE: u8 = 6;
const DRAWING: u8 = 7;

/// What an item has.
const BIT_1: u8 = 0x10;
const BIT_2: u8 = 0x20;
const BIT_3: u8 = 0x40;
const BIT_4: u8 = 0x80;

/// Steps in one unit of a drawing: drawings are small and get enlarged.
const DRAWING_STEPS: f64 = 10_000.0;

/// Writes the content of pieces.
pub(super) struct Encoder<'a> {
    document: &'a Document,
    numbers: &'a Numbers,
    used: BTreeSet<(u32, u16)>,
}

/// Face, size in thousandths, colour and letter spacing in thousandths: what runs mostly share with the one before.
type Style = (u32, i64, Color, i64);

/// The pen within one content.
struct Pen {
    out: Vec<u8>,
    /// The corner that the places are relative to.
    origin: [i64; 2],
    /// Steps in one unit.
    steps: f64,
    style: Option<Style>,
    /// Where the last run began.
    line: [i64; 2],
}

impl<'a> Encoder<'a> {
    pub(super) fn new(document: &'a Document, numbers: &'a Numbers) -> Self {
        Self { document, numbers, used: BTreeSet::new() }
    }

    /// Glyphs that were written, by the number of their face.
    pub(super) fn used(self) -> BTreeSet<(u32, u16)> {
        self.used
    }

    /// The content of a piece.
    pub(super) fn content(&mut self, items: &[Item], origin: [i64; 2]) -> Result<Arc<[u8]>, ScreenError> {
        let mut pen = Pen::new(origin, 100.0);
        for item in items {
            match item {
                // Tags are for the file, not for the eye.
                Item::Element(_) | Item::Artifact(_) => {}
                Item::Glyphs(run) => self.run(&mut pen, run)?,
                Item::Rect(item) => pen.rect_item(item),
                Item::Path(path) => pen.path(path, &self.document.segments)?,
                Item::Gradient(gradient) => pen.gradient(gradient, &self.document.segments)?,
                Item::Picture { picture, rect } => {
                    pen.object(PICTURE, number(&self.numbers.pictures, "picture", *picture)?, rect);
                }
                Item::Drawing { drawing, rect } => {
                    pen.object(DRAWING, number(&self.numbers.drawings, "drawing", *drawing)?, rect);
                }
                Item::PdfPage { pdf_page, rect } => {
                    pen.object(PICTURE, number(&self.numbers.pdf_pages, "page of another file", *pdf_page)?, rect);
                }
                Item::PushClip { segments: range, even_odd } => {
                    pen.push(&Transform::IDENTITY, true, true, 1.0);
                    pen.out.push(u8::from(*even_odd));
                    pen.segments(segments(&self.document.segments, range)?);
                }
                Item::Push { transform, clip, opacity } => {
                    pen.push(transform, clip.is_some(), false, *opacity);
                    if let Some(clip) = clip {
                        pen.rect(clip);
                    }
                }
                Item::Pop => pen.out.push(POP),
            }
        }
        Ok(pen.out.into())
    }

    fn run(&mut self, pen: &mut Pen, run: &GlyphRun) -> Result<(), ScreenError> {
        let face = self.document.faces.get(run.face as usize);
        let face = face.ok_or(ScreenError::Dangling { what: "face", index: run.face })?;
        let glyphs = self.document.glyphs.get(run.glyphs.start as usize..run.glyphs.end as usize);
        let glyphs = glyphs.ok_or(ScreenError::Dangling { what: "glyph", index: run.glyphs.end })?;
        let face_number = number(&self.numbers.faces, "face", run.face)?;
        self.used.extend(glyphs.iter().map(|glyph| (face_number, glyph.id)));
        let style = (face_number, scaled(run.size, 1e3), run.color, scaled(run.letter_spacing, 1e3));
        match run.posture {
            Posture::Along => pen.run(run, glyphs, face, style),
            Posture::Upright | Posture::Combined(_) => pen.upright_run(run, glyphs, face, style),
        }
        Ok(())
    }
}

/// The content of a drawing, from its own corner, in ten-thousandths.
pub(super) fn drawing_content(drawing: &Drawing) -> Result<Arc<[u8]>, ScreenError> {
    let mut pen = Pen::new([0, 0], DRAWING_STEPS);
    push_float(&mut pen.out, drawing.size.width);
    push_float(&mut pen.out, drawing.size.height);
    for item in &drawing.items {
        match item {
            DrawingItem::Path(path) => pen.path(path, &drawing.segments)?,
            DrawingItem::Gradient(gradient) => pen.gradient(gradient, &drawing.segments)?,
            DrawingItem::Push { transform, clip, even_odd, opacity } => {
                pen.push(transform, clip.is_some(), true, *opacity);
                if let Some(clip) = clip {
                    pen.out.push(u8::from(*even_odd));
                    pen.segments(segments(&drawing.segments, clip)?);
                }
            }
            DrawingItem::Pop => pen.out.push(POP),
        }
    }
    Ok(pen.out.into())
}

impl Pen {
    fn new(origin: [i64; 2], steps: f64) -> Self {
        Self { out: Vec::new(), origin, steps, style: None, line: [0, 0] }
    }

    fn steps_of(&self, value: f32) -> i64 {
        scaled(value, self.steps)
    }

    /// `transform` and `opacity` are written when they change something; a clip that is a path is marked as such.
    fn push(&mut self, transform: &Transform, clipped: bool, by_path: bool, opacity: f32) {
        let mut head = PUSH;
        let transformed = *transform != Transform::IDENTITY;
        let faded = opacity < 1.0;
        for (has, bit) in [(transformed, BIT_1), (clipped, BIT_2), (faded, BIT_3), (clipped && by_path, BIT_4)] {
            head |= if has { bit } else { 0 };
        }
        self.out.push(head);
        if transformed {
            push_transform(&mut self.out, transform);
        }
        if faded {
            push_float(&mut self.out, opacity.max(0.0));
        }
    }

    fn run(&mut self, run: &GlyphRun, glyphs: &[Glyph], face: &Face, style: Style) {
        let adjusted = glyphs.iter().any(|glyph| adjustment(glyph, face) != 0);
        let shifted = glyphs.iter().any(|glyph| glyph.x_offset != 0 || glyph.y_offset != 0);
        let adjustments = glyphs.iter().map(|glyph| adjustment(glyph, face));
        let shifts = glyphs.iter().map(|glyph| [i64::from(glyph.x_offset), i64::from(glyph.y_offset)]);
        self.write_run(run.origin, glyphs, style, adjusted.then_some(adjustments), shifted.then_some(shifts));
    }

    fn write_run(
        &mut self,
        origin: Point,
        glyphs: &[Glyph],
        style: Style,
        adjustments: Option<impl Iterator<Item = i64>>,
        shifts: Option<impl Iterator<Item = [i64; 2]>>,
    ) {
        let same_style = self.style == Some(style);
        let mut head = RUN;
        for (has, bit) in [(!same_style, BIT_1), (adjustments.is_some(), BIT_2), (shifts.is_some(), BIT_3)] {
            head |= if has { bit } else { 0 };
        }
        self.out.push(head);
        if !same_style {
            let (face, size, color, letter_spacing) = style;
            push_unsigned(&mut self.out, u64::from(face));
            push_signed(&mut self.out, size);
            push_color(&mut self.out, color);
            push_signed(&mut self.out, letter_spacing);
            self.style = Some(style);
        }
        let [left, top] = self.origin;
        let place = [hundredths(origin.x) - left, hundredths(origin.y) - top];
        for (at, before) in place.into_iter().zip(self.line) {
            push_signed(&mut self.out, at - before);
        }
        self.line = place;
        push_count(&mut self.out, glyphs.len());
        glyphs.iter().for_each(|glyph| push_unsigned(&mut self.out, u64::from(glyph.id)));
        adjustments.into_iter().flatten().for_each(|adjustment| push_signed(&mut self.out, adjustment));
        shifts.into_iter().flatten().flatten().for_each(|shift| push_signed(&mut self.out, shift));
    }

    /// Writes upright glyphs of a line that goes down: in a space that is turned back they stand one below the other.
    fn upright_run(&mut self, run: &GlyphRun, glyphs: &[Glyph], face: &Face, style: Style) {
        let [a, b, c, d] = run.posture.axes();
        let Point { x, y } = run.origin;
        self.push(&Transform { coefficients: [a, b, -c, -d, x, y] }, false, false, 1.0);
        let spacing = scaled(run.letter_spacing / run.size, f64::from(face.units_per_em()));
        let mut along = 0_i64;
        let shifts = glyphs.iter().map(|glyph| {
            let above = scaled(f32::from(glyph.y_offset), f64::from(1.0 / b.abs()));
            let shift = [above, -along.saturating_add(i64::from(glyph.x_offset))];
            along = along.saturating_add(i64::from(glyph.advance)).saturating_add(spacing);
            shift
        });
        let (face_number, size, color, _) = style;
        let adjustments = glyphs.iter().map(|glyph| -i64::from(face.advance(glyph.id)));
        let origin = Point { x: 0.0, y: 0.0 };
        self.write_run(origin, glyphs, (face_number, size, color, 0), Some(adjustments), Some(shifts));
        self.out.push(POP);
    }

    fn rect_item(&mut self, item: &RectItem) {
        self.head(RECT, item.fill.is_some(), item.stroke.is_some(), item.radius > 0.0);
        self.rect(&item.rect);
        if item.radius > 0.0 {
            let radius = self.steps_of(item.radius);
            push_signed(&mut self.out, radius);
        }
        self.paint(item.fill, item.stroke.as_ref());
    }

    fn path(&mut self, path: &Path, pool: &[Segment]) -> Result<(), ScreenError> {
        let segments = segments(pool, &path.segments)?;
        self.head(PATH, path.fill.is_some(), path.stroke.is_some(), path.even_odd);
        self.segments(segments);
        self.paint(path.fill, path.stroke.as_ref());
        Ok(())
    }

    fn gradient(&mut self, gradient: &Gradient, pool: &[Segment]) -> Result<(), ScreenError> {
        let segments = segments(pool, &gradient.segments)?;
        let (radial, coordinates) = match gradient.shape {
            GradientShape::Linear { start, end } => (false, vec![start.x, start.y, end.x, end.y]),
            GradientShape::Radial { start: (start, start_radius), end: (end, end_radius) } => {
                (true, vec![start.x, start.y, start_radius, end.x, end.y, end_radius])
            }
        };
        self.head(GRADIENT, radial, false, gradient.even_odd);
        self.segments(segments);
        coordinates.into_iter().for_each(|coordinate| push_float(&mut self.out, coordinate));
        // The gradient stands where the path stands, so its transform ends at the corner, too.
        let [a, b, c, d, e, f] = gradient.transform.coefficients;
        [a, b, c, d].into_iter().for_each(|coefficient| push_float(&mut self.out, coefficient));
        self.point(e, f, [0, 0]);
        push_count(&mut self.out, gradient.stops.len());
        for stop in &gradient.stops {
            push_float(&mut self.out, stop.offset);
            push_color(&mut self.out, stop.color);
        }
        Ok(())
    }

    fn object(&mut self, kind: u8, number: u32, rect: &Rect) {
        self.out.push(kind);
        push_unsigned(&mut self.out, u64::from(number));
        self.rect(rect);
    }

    fn head(&mut self, kind: u8, first: bool, second: bool, third: bool) {
        let bit = |has: bool, bit: u8| if has { bit } else { 0 };
        self.out.push(kind | bit(first, BIT_1) | bit(second, BIT_2) | bit(third, BIT_3));
    }

    /// Edges are rounded, not sides, so that what touches keeps touching.
    fn rect(&mut self, rect: &Rect) {
        let end = self.point(rect.x, rect.y, [0, 0]);
        self.point(rect.right(), rect.bottom(), end);
    }

    /// Writes a point as the way from the one before, and gives it.
    fn point(&mut self, x: f32, y: f32, before: [i64; 2]) -> [i64; 2] {
        let [left, top] = self.origin;
        let point = [self.steps_of(x) - left, self.steps_of(y) - top];
        for (at, before) in point.into_iter().zip(before) {
            push_signed(&mut self.out, at - before);
        }
        point
    }

    fn segments(&mut self, segments: &[Segment]) {
        push_count(&mut self.out, segments.len());
        let mut before = [0, 0];
        for segment in segments {
            match *segment {
                Segment::Move(end) => {
                    self.out.push(0);
                    before = self.point(end.x, end.y, before);
                }
                Segment::Line(end) => {
                    self.out.push(1);
                    before = self.point(end.x, end.y, before);
                }
                Segment::Cubic(first, second, end) => {
                    self.out.push(2);
                    for point in [first, second, end] {
                        before = self.point(point.x, point.y, before);
                    }
                }
                Segment::Close => self.out.push(3),
            }
        }
    }

    fn paint(&mut self, fill: Option<Color>, stroke: Option<&Stroke>) {
        if let Some(color) = fill {
            push_color(&mut self.out, color);
        }
        let Some(stroke) = stroke else { return };
        push_color(&mut self.out, stroke.color);
        push_float(&mut self.out, stroke.width);
        let cap = match stroke.cap {
            LineCap::Butt => 0,
            LineCap::Round => 1,
            LineCap::Square => 2,
        };
        let join = match stroke.join {
            LineJoin::Miter => 0,
            LineJoin::Round => 1,
            LineJoin::Bevel => 2,
        };
        self.out.push(cap | join << 4);
        push_count(&mut self.out, stroke.dash.len());
        stroke.dash.iter().for_each(|&length| push_float(&mut self.out, length.max(0.0)));
    }
}

/// What a glyph's step is longer than its face says: kerning and justification.
fn adjustment(glyph: &Glyph, face: &Face) -> i64 {
    i64::from(glyph.advance) - i64::from(face.advance(glyph.id))
}

fn number(numbers: &[u32], what: &'static str, index: u32) -> Result<u32, ScreenError> {
    numbers.get(index as usize).copied().ok_or(ScreenError::Dangling { what, index })
}

fn segments<'s>(pool: &'s [Segment], range: &std::ops::Range<u32>) -> Result<&'s [Segment], ScreenError> {
    let found = pool.get(range.start as usize..range.end as usize);
    found.ok_or(ScreenError::Dangling { what: "segment", index: range.end })
}
