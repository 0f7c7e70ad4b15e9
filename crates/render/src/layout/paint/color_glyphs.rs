//! Painting glyphs in colour: the run stays for those who read the text, drawings and pictures are what is seen.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::{Painter, Tagging};
use crate::document::{Color, Document, Glyph, GlyphRun, Item, Point, Posture, Rect, Transform, narrow};
use crate::fonts::{ColorArt, Face};
use crate::text::index32;

/// Where glyphs in colour are in the document: by face, glyph and colour of the text.
pub(in crate::layout) type ColorPlaces = BTreeMap<(u32, u16, Color), Option<ColorPlace>>;

/// A glyph in colour that is in the document.
#[derive(Clone, Copy, Debug)]
pub(in crate::layout) struct ColorPlace {
    art: Art,
    /// Where it is, in ems from the glyph's origin.
    bounds: Rect,
}

#[derive(Clone, Copy, Debug)]
enum Art {
    Drawing(u32),
    Picture(u32),
}

/// Neighbours in a run that are all seen in colour, or all in the colour of the text.
struct Part {
    glyphs: Range<usize>,
    /// Its left end.
    x: f32,
    /// What is seen of it in colour; empty when all is in the colour of the text.
    seen: Vec<Item>,
    /// The origins of the glyphs that are seen in colour.
    places: Vec<Point>,
}

impl Painter<'_, '_> {
    /// Adds a run of glyphs.
    pub(super) fn push_run(&mut self, run: GlyphRun, tagging: Tagging) {
        let face = self.layouter.document.faces.get(run.face as usize);
        match face.filter(|face| face.is_colored()).map(Arc::clone) {
            Some(face) => self.push_colored(&face, &run, tagging),
            None => self.page.items.push(Item::Glyphs(run)),
        }
    }

    /// Adds a run of a face that has glyphs in colour.
    fn push_colored(&mut self, face: &Face, run: &GlyphRun, tagging: Tagging) {
        for Part { glyphs, x, seen, places } in self.parts(face, run) {
            let run = part_of(run, &self.layouter.document, &glyphs, x);
            if seen.is_empty() {
                self.page.items.push(Item::Glyphs(run));
                continue;
            }
            let opacity = f32::from(run.color.alpha) / 255.0;
            self.page.items.push(Item::Glyphs(GlyphRun { color: Color { alpha: 0, ..run.color }, ..run }));
            if opacity >= 1.0 && run.posture == Posture::Along {
                self.page.items.extend(seen);
            } else if opacity > 0.0 && run.posture != Posture::Along {
                for (item, at) in seen.into_iter().zip(places) {
                    self.push(turned_back(at), None, opacity);
                    self.apply(tagging);
                    self.page.items.push(item);
                    self.pop();
                }
                self.apply(tagging);
            } else if opacity > 0.0 {
                self.push(Transform::IDENTITY, None, opacity);
                self.apply(tagging);
                self.page.items.extend(seen);
                self.pop();
                self.apply(tagging);
            }
        }
    }

    /// Takes a run apart, between clusters.
    fn parts(&mut self, face: &Face, run: &GlyphRun) -> Vec<Part> {
        let range = run.glyphs.start as usize..run.glyphs.end as usize;
        let glyphs = self.layouter.document.glyphs.get(range).unwrap_or_default().to_vec();
        let unit = run.size / f32::from(face.units_per_em());
        let (mut parts, mut x, mut start) = (Vec::<Part>::new(), run.origin.x, run.glyphs.start as usize);
        for cluster in glyphs.chunk_by(|_, next| next.text_length == 0) {
            let (left, end) = (x, start + cluster.len());
            let (mut seen, mut places) = (Vec::new(), Vec::new());
            for glyph in cluster {
                let at = Point {
                    x: x + f32::from(glyph.x_offset) * unit,
                    y: run.origin.y - f32::from(glyph.y_offset) * unit,
                };
                if let Some(place) = self.color_place(face, run, glyph) {
                    seen.push(place.item(at, run.size));
                    places.push(at);
                }
                x += narrow(f64::from(glyph.advance)) * unit + run.letter_spacing;
            }
            match parts.last_mut().filter(|last| last.seen.is_empty() == seen.is_empty()) {
                Some(last) => {
                    last.glyphs.end = end;
                    last.seen.append(&mut seen);
                    last.places.append(&mut places);
                }
                None => parts.push(Part { glyphs: start..end, x: left, seen, places }),
            }
            start = end;
        }
        parts
    }

    /// Puts a glyph in colour into the document, once, however often it is used.
    fn color_place(&mut self, face: &Face, run: &GlyphRun, glyph: &Glyph) -> Option<ColorPlace> {
        let text_color = Color { alpha: 255, ..run.color };
        let key = (run.face, glyph.id, text_color);
        if let Some(known) = self.layouter.color_glyphs.get(&key) {
            return *known;
        }
        let document = &mut self.layouter.document;
        let place = face.color_glyph(glyph.id, text_color).map(|glyph| {
            let art = match &glyph.art {
                ColorArt::Drawing(drawing) => Art::Drawing(place_of(drawing, &mut document.drawings)),
                ColorArt::Picture(picture) => Art::Picture(place_of(picture, &mut document.pictures)),
            };
            ColorPlace { art, bounds: glyph.bounds }
        });
        self.layouter.color_glyphs.insert(key, place);
        place
    }
}

impl ColorPlace {
    fn item(self, at: Point, size: f32) -> Item {
        let Rect { x, y, width, height } = self.bounds;
        let rect = Rect { x: at.x + x * size, y: at.y + y * size, width: width * size, height: height * size };
        match self.art {
            Art::Drawing(drawing) => Item::Drawing { drawing, rect },
            Art::Picture(picture) => Item::Picture { picture, rect },
        }
    }
}

/// The space in which what stands at a place of a line that goes down is turned back.
fn turned_back(at: Point) -> Transform {
    Transform { coefficients: [0.0, -1.0, 1.0, 0.0, at.x - at.y, at.y + at.x] }
}

/// The index of what may be in a pool already, under another colour of the text.
fn place_of<T>(art: &Arc<T>, pool: &mut Vec<Arc<T>>) -> u32 {
    let known = pool.iter().position(|known| Arc::ptr_eq(known, art));
    index32(known.unwrap_or_else(|| {
        pool.push(Arc::clone(art));
        pool.len() - 1
    }))
}

/// Some glyphs of a run, with the text that they show.
fn part_of(run: &GlyphRun, document: &Document, glyphs: &Range<usize>, x: f32) -> GlyphRun {
    let range = index32(glyphs.start)..index32(glyphs.end);
    if range == run.glyphs {
        return run.clone();
    }
    let shown = document.glyphs.get(glyphs.clone()).unwrap_or_default().iter();
    let text = shown
        .filter(|glyph| glyph.text_length > 0)
        .map(|glyph| glyph.text_start..glyph.text_start.saturating_add(u32::from(glyph.text_length)))
        .reduce(|all, next| all.start.min(next.start)..all.end.max(next.end));
    let text = text.unwrap_or(run.text.start..run.text.start);
    GlyphRun { glyphs: range, text, origin: Point { x, ..run.origin }, ..run.clone() }
}
