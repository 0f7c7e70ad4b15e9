//! Glyphs that a page shows: that the font has them, with the widths that the file states, and what they mean.

use std::collections::{BTreeMap, BTreeSet};

use hayro::hayro_interpret::font::{Glyph, GlyphRun, OutlineFontData, OutlineGlyph};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, RenderContent, SoftMask, interpret_page,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, Rect};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, GlyphId, MetadataProvider as _};

use super::{Examiner, Matter};

/// By how much a stated width may differ from that of the font, in thousandths of the size (ISO 19005-2, 6.2.11.5).
const WIDTH_TOLERANCE: f32 = 1.0;

/// Looks at every glyph once.
pub(super) fn examine<'a>(page: &Page<'a>, examiner: &mut Examiner) {
    let (width, height) = page.base_dimensions();
    let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let cache = InterpreterCache::new();
    let settings = InterpreterSettings { render_content: RenderContent::PAGE, ..InterpreterSettings::default() };
    let mut context = Context::new(Affine::IDENTITY, bounds, &cache, page.xref(), settings);
    let mut reader = Reader { examiner, fonts: BTreeMap::new(), seen: BTreeSet::new() };
    interpret_page(page, &mut context, &mut reader);
}

struct Reader<'e> {
    examiner: &'e mut Examiner,
    /// Widths of the glyphs of each font program; none when it is of another kind.
    fonts: BTreeMap<u128, Option<Vec<f32>>>,
    seen: BTreeSet<(u128, u32)>,
}

impl Reader<'_> {
    fn glyph(&mut self, glyph: &OutlineGlyph) {
        if !self.seen.insert((glyph.identifier().cache_key(), glyph.char_code())) {
            return;
        }
        let data = glyph.font_data();
        let name = data.as_ref().and_then(|data| data.postscript_name.clone());
        let name = name.unwrap_or_else(|| "without a name".to_owned());
        self.meaning(glyph, &name);
        let id = glyph.glyph_id().to_u32();
        if id == 0 {
            self.examiner.add(Matter::Glyph, format!("the font {name} lacks a glyph that is shown"));
            return;
        }
        let Some(data) = data else { return };
        let widths = self.fonts.entry(data.cache_key).or_insert_with(|| widths(&data));
        let known = widths.as_ref().and_then(|widths| widths.get(usize::try_from(id).ok()?));
        let is_same = match (known, glyph.advance_width()) {
            (Some(known), Some(stated)) => (known - stated).abs() <= WIDTH_TOLERANCE,
            _ => false,
        };
        if widths.is_none() {
            self.examiner.unjudged(&name);
        } else if !is_same {
            let what = format!("a width that is stated for the font {name} is not that of its glyph");
            self.examiner.add(Matter::Metrics, what);
        }
    }

    fn meaning(&mut self, glyph: &OutlineGlyph, name: &str) {
        let text = match glyph.as_unicode() {
            Some(BfString::Char(character)) => character.to_string(),
            Some(BfString::String(text)) => text,
            None => String::new(),
        };
        if text.is_empty() || text.contains(['\0', '\u{FEFF}', '\u{FFFE}']) {
            self.examiner.add(Matter::Unicode, format!("a code of the font {name} leads to no character"));
        }
        if text.chars().any(crate::conformance::is_private) {
            self.examiner.add(Matter::PrivateUse, format!("a code of the font {name} leads to a private character"));
        }
    }
}

/// Widths of all glyphs in thousandths of the size.
fn widths(data: &OutlineFontData) -> Option<Vec<f32>> {
    let font = FontRef::new((*data.data).as_ref()).ok()?;
    let units_per_em = font.metrics(Size::unscaled(), LocationRef::default()).units_per_em;
    let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
    let scale = 1_000.0 / f32::from(units_per_em.max(1));
    let glyphs = 0..metrics.glyph_count();
    Some(glyphs.map(|id| metrics.advance_width(GlyphId::new(id)).unwrap_or(0.0) * scale).collect())
}

impl<'a> Device<'a> for Reader<'_> {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {
        for glyph in run.glyphs() {
            if let Glyph::Outline(outline) = &**glyph {
                self.glyph(outline);
            }
        }
    }

    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
