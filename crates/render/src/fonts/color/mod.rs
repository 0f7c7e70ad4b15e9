//! Glyphs in colour: the layers of a font (OpenType, `COLR`) become drawings, its bitmaps (`CBDT`, `sbix`) pictures.

mod bitmap;
mod brush;
mod canvas;
mod layers;
mod sweep;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use skrifa::raw::TableProvider;
use skrifa::{FontRef, GlyphId};

use super::Face;
use super::axes::location;
use crate::document::{Color, Rect};
use crate::picture::{Drawing, Picture};

/// A glyph as it is seen in colour.
#[derive(Debug)]
pub struct ColorGlyph {
    /// What is seen.
    pub art: ColorArt,
    /// Where, in ems from the glyph's origin on the baseline, y downwards.
    pub bounds: Rect,
}

/// What a glyph looks like.
#[derive(Clone, Debug)]
pub enum ColorArt {
    /// Layers of filled outlines.
    Drawing(Arc<Drawing>),
    /// Pixels.
    Picture(Arc<Picture>),
}

/// The glyphs of a face in colour, each made when it is first met and then kept.
#[derive(Default)]
pub(super) struct ColorGlyphs {
    known: Mutex<Known>,
}

/// By glyph; and by the colour of the text, for those that take some of it. Those that are not in colour are nothing.
type Known = BTreeMap<(u16, Option<Color>), Option<Arc<ColorGlyph>>>;

/// Glyphs that a face keeps; as many as there are emoji. Reaching this starts afresh, which costs time only.
const KNOWN_COUNT_MAX: usize = 4_096;

impl ColorGlyphs {
    /// A place for the glyphs of a font that has any in colour.
    pub(super) fn of(font: &FontRef<'_>) -> Option<Box<Self>> {
        let has_layers = font.colr().is_ok() && font.cpal().is_ok();
        (has_layers || font.cbdt().is_ok() || font.sbix().is_ok()).then(Box::default)
    }
}

impl Face {
    /// Whether its font has glyphs in colour.
    #[must_use]
    pub fn is_colored(&self) -> bool {
        self.colors.is_some()
    }

    /// A glyph in colour, in a text of a colour that some fonts use for parts of it. Nothing when the font does not have
    /// it in colour, or not in a way that can be shown.
    #[must_use]
    pub fn color_glyph(&self, glyph: u16, text: Color) -> Option<Arc<ColorGlyph>> {
        let colors = self.colors.as_ref()?;
        let mut known = colors.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(&(glyph, None)).or_else(|| known.get(&(glyph, Some(text)))) {
            return found.clone();
        }
        let (made, takes_text_color) = self.make_color_glyph(glyph, text);
        let made = made.map(Arc::new);
        if known.len() >= KNOWN_COUNT_MAX {
            known.clear();
        }
        known.insert((glyph, takes_text_color.then_some(text)), made.clone());
        made
    }

    /// Makes it, and says whether the colour of the text is in it.
    fn make_color_glyph(&self, glyph: u16, text: Color) -> (Option<ColorGlyph>, bool) {
        let Some(font) = self.font_ref() else { return (None, false) };
        let glyph = GlyphId::from(glyph);
        let place = location(&font, self.places());
        match layers::drawing(&font, glyph, &place, text) {
            Some(made) => {
                let em = f32::from(self.units_per_em());
                let Rect { x, y, width, height } = made.bounds;
                let bounds = Rect { x: x / em, y: y / em, width: width / em, height: height / em };
                let art = ColorArt::Drawing(Arc::new(made.drawing));
                (Some(ColorGlyph { art, bounds }), made.takes_text_color)
            }
            None => (bitmap::picture(&font, glyph), false),
        }
    }
}

impl fmt::Debug for ColorGlyphs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ColorGlyphs").finish_non_exhaustive()
    }
}
