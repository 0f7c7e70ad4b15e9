//! Glyphs that a font has as pixels: the largest of its sizes becomes a picture.

use std::sync::Arc;

use skrifa::bitmap::{BitmapData, Origin};
use skrifa::instance::Size;
use skrifa::raw::TableProvider;
use skrifa::{FontRef, GlyphId, MetadataProvider};

use super::{ColorArt, ColorGlyph};
use crate::document::{Rect, narrow};
use crate::limits::Limits;
use crate::picture::{Decoded, decode};

/// The picture of a glyph. Nothing when the font has none, or not as PNG, which all fonts of emoji have.
pub(super) fn picture(font: &FontRef<'_>, glyph: GlyphId) -> Option<ColorGlyph> {
    let bitmap = font.bitmap_strikes().glyph_for_size(Size::unscaled(), glyph)?;
    let BitmapData::Png(bytes) = bitmap.data else { return None };
    let Ok(Decoded::Picture(picture)) = decode(bytes, None, &Limits::default()) else { return None };
    // Bearings are in pixels, those around all sizes in font units; both go upwards.
    let em = f32::from(font.head().ok()?.units_per_em());
    let x = bitmap.inner_bearing_x / bitmap.ppem_x + bitmap.bearing_x / em;
    let rise = bitmap.inner_bearing_y / bitmap.ppem_y + bitmap.bearing_y / em;
    let width = narrow(f64::from(picture.width)) / bitmap.ppem_x;
    let height = narrow(f64::from(picture.height)) / bitmap.ppem_y;
    let y = match bitmap.placement_origin {
        Origin::TopLeft => -rise,
        Origin::BottomLeft => -rise - height,
    };
    let is_placed = [x, y, width, height].iter().all(|side| side.is_finite());
    is_placed.then(|| ColorGlyph { art: ColorArt::Picture(Arc::new(picture)), bounds: Rect { x, y, width, height } })
}
