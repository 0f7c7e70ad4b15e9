//! Which glyphs a face has for tabular figures, so that a subset with one of them gets all of them.

use harfrust::{Feature, ShapeOptions, Tag, UnicodeBuffer};
use rustc_hash::FxHashMap;

use super::usage::FIGURES;
use crate::fonts::{Face, FaceId};

/// Tabular figures by face, found once for each.
#[derive(Default)]
pub(super) struct Figures {
    known: FxHashMap<FaceId, Box<[(u16, char)]>>,
}

/// Faces to remember; a server of many customers sees more, and then begins anew.
const FACE_COUNT_MAX: usize = 1_000;

impl Figures {
    /// The glyphs that the feature `tnum` puts in place of a face's usual digits and signs, with their characters.
    pub(super) fn of(&mut self, face: &Face) -> &[(u16, char)] {
        if self.known.len() >= FACE_COUNT_MAX && !self.known.contains_key(&face.id()) {
            self.known.clear();
        }
        self.known.entry(face.id()).or_insert_with(|| find(face))
    }
}

fn find(face: &Face) -> Box<[(u16, char)]> {
    let Some(font) = face.shaped_font() else { return Box::default() };
    let shaper = face.shaper(&font);
    let features = [Feature::new(Tag::new(b"tnum"), 1, ..)];
    let mut figures = Vec::new();
    for character in FIGURES.chars() {
        let mut buffer = UnicodeBuffer::new();
        buffer.add(character, 0);
        buffer.guess_segment_properties();
        let shaped = shaper.shape(buffer, ShapeOptions::new().features(&features));
        if let [info] = shaped.glyph_infos()
            && let Ok(glyph) = u16::try_from(info.glyph_id)
            && glyph != 0
            && face.glyph(character) != Some(glyph)
        {
            figures.push((glyph, character));
        }
    }
    figures.into_boxed_slice()
}
