//! Text of SVG: each glyph's outline once, in font units, and a reference for each place where it stands.

use skrifa::outline::OutlinePen;

use super::super::ImageError;
use super::Writer;
use super::paint::{push_color, push_place};
use super::text::{Scale, push_attribute, push_list, push_matrix};
use crate::document::{Color, GlyphRun, Posture, Transform};
use crate::fonts::Face;

impl Writer<'_> {
    /// Writes a run of glyphs.
    pub(super) fn run(&mut self, run: &GlyphRun) -> Result<(), ImageError> {
        let document = self.document;
        let face = document.faces.get(run.face as usize);
        let face = face.ok_or(ImageError::Dangling { what: "face", index: run.face })?;
        let glyphs = document.glyphs.get(run.glyphs.start as usize..run.glyphs.end as usize);
        let glyphs = glyphs.ok_or(ImageError::Dangling { what: "glyph", index: run.glyphs.end })?;
        let unit = run.size / f32::from(face.metrics().units_per_em);
        let [a, b, c, d] = run.posture.axes().map(|axis| axis * unit);
        let transform = Transform { coefficients: [a, b, c, d, run.origin.x, run.origin.y] };
        self.content.extend_from_slice(b"<g");
        push_matrix(&mut self.content, "transform", &transform);
        if run.color != Color::BLACK {
            push_color(&mut self.content, "fill", run.color);
        }
        self.content.push(b'>');
        let mut x = 0.0;
        for glyph in glyphs {
            if let Some(number) = self.glyph(run.face, face, glyph.id) {
                self.content.extend_from_slice(b"<use");
                push_attribute(&mut self.content, "href", format_args!("#g{number}"));
                let place = in_axes(run.posture, x + f32::from(glyph.x_offset), f32::from(glyph.y_offset));
                for (name, value) in [b" x=\"", b" y=\""].into_iter().zip(place) {
                    if value != 0.0 {
                        self.content.extend_from_slice(name);
                        push_place(&mut self.content, value);
                        self.content.push(b'"');
                    }
                }
                self.content.extend_from_slice(b"/>");
            }
            #[expect(clippy::cast_precision_loss, reason = "advances are far below 2^24 font units")]
            let advance = glyph.advance as f32;
            x += advance + run.letter_spacing / unit;
        }
        self.content.extend_from_slice(b"</g>\n");
        Ok(())
    }

    /// The number of a glyph, which is defined at its first use; nothing for a glyph without outline.
    fn glyph(&mut self, face_index: u32, face: &Face, glyph: u16) -> Option<u32> {
        if let Some(known) = self.glyphs.get(&(face_index, glyph)) {
            return *known;
        }
        let mut pen = PathPen { out: Vec::new() };
        face.draw(glyph, &mut pen);
        let number = (!pen.out.is_empty()).then(|| self.next_number());
        if let Some(number) = number {
            self.definitions.extend_from_slice(b"<path");
            push_attribute(&mut self.definitions, "id", format_args!("g{number}"));
            self.definitions.extend_from_slice(b" d=\"");
            self.definitions.extend_from_slice(&pen.out);
            self.definitions.extend_from_slice(b"\"/>\n");
        }
        self.glyphs.insert((face_index, glyph), number);
        number
    }
}

/// A place along a run and above its baseline, in the axes of its glyphs.
fn in_axes(posture: Posture, along: f32, above: f32) -> [f32; 2] {
    match posture {
        Posture::Along => [along, above],
        Posture::Upright => [above, -along],
        Posture::Combined(percent) => [above * 100.0 / f32::from(percent.max(1)), -along],
    }
}

/// Writes an outline as path data.
struct PathPen {
    out: Vec<u8>,
}

impl PathPen {
    fn command<const COUNT: usize>(&mut self, name: u8, values: [f32; COUNT]) {
        self.out.push(name);
        push_list(&mut self.out, values, Scale::Page);
    }
}

impl OutlinePen for PathPen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.command(b'M', [x, y]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.command(b'L', [x, y]);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.command(b'Q', [cx, cy, x, y]);
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.command(b'C', [cx0, cy0, cx1, cy1, x, y]);
    }

    fn close(&mut self) {
        self.out.push(b'Z');
    }
}
