//! One face of a font: its metrics, its character map and all that shaping needs of it, parsed once.

use std::fmt;
use std::sync::Arc;

use harfrust::{Shaper, ShaperData, ShaperInstance};
use read_fonts::types::F2Dot14;
use sha2::{Digest, Sha256};
use skrifa::charmap::MappingIndex;
use skrifa::instance::{Location, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::raw::TableProvider;
use skrifa::string::StringId;
use skrifa::{FontRef, GlyphId, MetadataProvider};

use super::FontError;
use super::axes::{Axis, AxisSetting, WEIGHT, axes, bounded, location};
use super::color::ColorGlyphs;

/// Identity of a face: the same bytes have the same id in every process, different bytes have different ids.
///
/// It is a cut SHA-256, because caches that serve several tenants are keyed by it: nobody may forge a font that
/// is taken for another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FaceId(pub u128);

/// One face of a font, parsed once and shared by all threads. A variable font is a face at one place on its axes.
pub struct Face {
    id: FaceId,
    bytes: Arc<[u8]>,
    index: u32,
    family: String,
    legacy_family: Option<String>,
    postscript_name: String,
    weight: u16,
    italic: bool,
    metrics: FaceMetrics,
    advances: Vec<u16>,
    low_glyphs: Vec<u16>,
    has_ascii: bool,
    mapping: MappingIndex,
    shaper_data: ShaperData,
    axes: Vec<Axis>,
    /// Where on its axes the face is; empty at the default of all.
    places: Vec<AxisSetting>,
    shaper_instance: Option<ShaperInstance>,
    /// Its glyphs in colour, when it has any.
    pub(super) colors: Option<Box<ColorGlyphs>>,
}

/// Measures of a face, in font units; upwards is positive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FaceMetrics {
    /// Font units in one em, 16 to 16,384.
    pub units_per_em: u16,
    /// Top of the line above the baseline.
    pub ascent: i16,
    /// Bottom of the line; negative below the baseline.
    pub descent: i16,
    /// Space that the designer wants between two lines.
    pub line_gap: i16,
    /// Height of capitals.
    pub cap_height: i16,
    /// Top of an underline.
    pub underline_position: i16,
    /// Thickness of an underline.
    pub underline_thickness: i16,
    /// Top of a strike-through line.
    pub strike_position: i16,
    /// Thickness of a strike-through line.
    pub strike_thickness: i16,
    /// Counter-clockwise degrees from the vertical; negative leans to the right.
    pub italic_angle: f32,
    /// Left, bottom, right, top of all glyphs together.
    pub bounds: [i16; 4],
    /// Whether all glyphs have one width.
    pub monospace: bool,
}

/// Characters below this are looked up in a table: Latin, Greek, Cyrillic, nearly all text of business documents.
const LOW_CHARACTER_COUNT: u32 = 0x530;

/// Names longer than this are cut; no real font comes near it.
const NAME_LENGTH_MAX: usize = 200;

impl Face {
    /// Parses a face of a font file (TrueType, OpenType, or one of a collection).
    ///
    /// # Errors
    /// Says what is wrong with the bytes; any bytes give an answer, none a panic.
    pub fn parse(bytes: Arc<[u8]>, index: u32) -> Result<Self, FontError> {
        Self::parse_at(bytes, index, &[])
    }

    /// The face of a variable font at another place on its axes: what is asked for, bounded by what the font has.
    /// Nothing when that is where this face is.
    #[must_use]
    pub fn at(&self, wanted: &[AxisSetting]) -> Option<Self> {
        if self.axes.is_empty() || bounded(&self.axes, wanted) == self.places {
            return None;
        }
        Self::parse_at(Arc::clone(&self.bytes), self.index, wanted).ok()
    }

    fn parse_at(bytes: Arc<[u8]>, index: u32, wanted: &[AxisSetting]) -> Result<Self, FontError> {
        let font =
            FontRef::from_index(&bytes, index).map_err(|error| FontError::Unreadable { reason: error.to_string() })?;
        font.head().map_err(|_| FontError::MissingTable { table: "head" })?;
        font.hhea().map_err(|_| FontError::MissingTable { table: "hhea" })?;
        font.hmtx().map_err(|_| FontError::MissingTable { table: "hmtx" })?;
        font.cmap().map_err(|_| FontError::MissingTable { table: "cmap" })?;
        let glyph_count = font.maxp().map_err(|_| FontError::MissingTable { table: "maxp" })?.num_glyphs();
        if glyph_count == 0 {
            return Err(FontError::OutOfRange { what: "number of glyphs" });
        }
        let axes = axes(&font);
        let places = bounded(&axes, wanted);
        let location = location(&font, &places);
        let metrics = read_metrics(&font, &location)?;
        let advances = if places.is_empty() {
            read_advances(&font, glyph_count)
        } else {
            advances_at(&font, glyph_count, &location)
        };
        let typographic = name(&font, StringId::TYPOGRAPHIC_FAMILY_NAME);
        let legacy = name(&font, StringId::FAMILY_NAME);
        let (family, legacy_family) = match (typographic, legacy) {
            (Some(family), legacy) => (family, legacy),
            (None, Some(family)) => (family, None),
            (None, None) => return Err(FontError::MissingName),
        };
        let mut postscript_name = name(&font, StringId::POSTSCRIPT_NAME).unwrap_or_else(|| family.clone());
        for AxisSetting { tag, value } in &places {
            postscript_name.push_str(&format!("_{value}{}", String::from_utf8_lossy(tag)));
        }
        let attributes = font.attributes();
        let place = |tag: &[u8; 4]| places.iter().find(|place| place.tag == *tag).map(|place| place.value);
        let slants =
            place(b"ital").is_some_and(|value| value >= 0.5) || place(b"slnt").is_some_and(|value| value < 0.0);
        let weight = to_weight(place(&WEIGHT).unwrap_or(attributes.weight.value()));
        let mapping = MappingIndex::new(&font);
        let charmap = mapping.charmap(&font);
        let low_glyphs: Vec<u16> = (0..LOW_CHARACTER_COUNT)
            .map(|character| charmap.map(character).map_or(0, |glyph| u16::try_from(glyph.to_u32()).unwrap_or(0)))
            .collect();
        let has_ascii = (0x20..0x7F).all(|code: usize| low_glyphs.get(code).is_some_and(|glyph| *glyph != 0));
        let shaped_font = read_fonts::FontRef::from_index(&bytes, index)
            .map_err(|error| FontError::Unreadable { reason: error.to_string() })?;
        let coordinates = location.coords().iter().map(|place| F2Dot14::from_bits(place.to_bits()));
        let shaper_data = ShaperData::new(&shaped_font);
        Ok(Self {
            id: identity(&bytes, index, &places),
            index,
            legacy_family: legacy_family.filter(|legacy| *legacy != family),
            family,
            postscript_name,
            weight,
            italic: slants || attributes.style != skrifa::attribute::Style::Normal,
            metrics,
            advances,
            low_glyphs,
            has_ascii,
            mapping,
            shaper_data,
            shaper_instance: (!places.is_empty()).then(|| ShaperInstance::from_coords(&shaped_font, coordinates)),
            axes,
            places,
            colors: ColorGlyphs::of(&font),
            bytes,
        })
    }

    /// Where on the axes of its variable font it is, without those at their default; empty for all other fonts.
    #[must_use]
    pub fn places(&self) -> &[AxisSetting] {
        &self.places
    }

    /// The axes of its font.
    pub(crate) fn axes(&self) -> impl Iterator<Item = &Axis> {
        self.axes.iter()
    }

    /// Whether its font is variable.
    #[must_use]
    pub fn is_variable(&self) -> bool {
        !self.axes.is_empty()
    }

    /// The weight nearest to a wanted one that its font offers; for most fonts there is only the face's own.
    #[must_use]
    pub fn nearest_weight(&self, wanted: u16) -> u16 {
        match self.axes.iter().find(|axis| axis.tag == WEIGHT) {
            Some(axis) => to_weight(f32::from(wanted).max(axis.minimum).min(axis.maximum)),
            None => self.weight,
        }
    }

    /// Whether its font offers upright (false) or slanted (true) letters.
    #[must_use]
    pub fn offers(&self, italic: bool) -> bool {
        self.italic == italic || italic && self.slant().is_some()
    }

    /// The place on an axis of its font where letters are slanted, when there is such an axis.
    pub(crate) fn slant(&self) -> Option<AxisSetting> {
        let axis = |tag: &[u8; 4]| self.axes.iter().find(|axis| axis.tag == *tag);
        let upright = axis(b"ital").map(|axis| AxisSetting { tag: axis.tag, value: axis.maximum });
        upright.or_else(|| axis(b"slnt").map(|axis| AxisSetting { tag: axis.tag, value: axis.minimum }))
    }

    /// Its identity.
    #[must_use]
    pub fn id(&self) -> FaceId {
        self.id
    }

    /// The font file.
    #[must_use]
    pub fn bytes(&self) -> &Arc<[u8]> {
        &self.bytes
    }

    /// Which face of a collection; 0 for a single font.
    #[must_use]
    pub fn index(&self) -> u32 {
        self.index
    }

    /// Family name, such as `Inter`.
    #[must_use]
    pub fn family(&self) -> &str {
        &self.family
    }

    /// The family name that old programs see, such as `Inter SemiBold`, when it is another one.
    #[must_use]
    pub fn legacy_family(&self) -> Option<&str> {
        self.legacy_family.as_deref()
    }

    /// PostScript name, such as `Inter-SemiBold`; not checked for characters that PostScript forbids.
    #[must_use]
    pub fn postscript_name(&self) -> &str {
        &self.postscript_name
    }

    /// Weight, 1 to 1,000.
    #[must_use]
    pub fn weight(&self) -> u16 {
        self.weight
    }

    /// Whether it is italic or oblique.
    #[must_use]
    pub fn italic(&self) -> bool {
        self.italic
    }

    /// Its measures.
    #[must_use]
    pub fn metrics(&self) -> &FaceMetrics {
        &self.metrics
    }

    /// Font units in one em.
    #[must_use]
    pub fn units_per_em(&self) -> u16 {
        self.metrics.units_per_em
    }

    /// Number of glyphs.
    #[must_use]
    pub fn glyph_count(&self) -> usize {
        self.advances.len()
    }

    /// Advance width of a glyph in font units; 0 when there is no such glyph.
    #[must_use]
    pub fn advance(&self, glyph: u16) -> u16 {
        self.advances.get(usize::from(glyph)).copied().unwrap_or(0)
    }

    /// Advance widths of all glyphs, in font units.
    #[must_use]
    pub fn advances(&self) -> &[u16] {
        &self.advances
    }

    /// The glyph of a character by the font's character map, or nothing when the font does not have it.
    #[must_use]
    pub fn glyph(&self, character: char) -> Option<u16> {
        let code = u32::from(character);
        let glyph = match self.low_glyphs.get(code as usize) {
            Some(&glyph) => glyph,
            None => {
                let font = self.font_ref()?;
                u16::try_from(self.mapping.charmap(&font).map(code)?.to_u32()).ok()?
            }
        };
        (glyph != 0).then_some(glyph)
    }

    /// The glyph that is shown where a word is broken.
    pub(crate) fn hyphen(&self) -> Option<u16> {
        self.glyph('\u{2010}').or_else(|| self.glyph('-'))
    }

    /// Why its licence does not let it be embedded as a subset (OpenType, `OS/2`, `fsType`); nothing when it does.
    #[must_use]
    pub fn embedding_ban(&self) -> Option<&'static str> {
        const RESTRICTED: u16 = 0x0002;
        const USAGE: u16 = 0x000F;
        const NO_SUBSET: u16 = 0x0100;
        const BITMAPS_ONLY: u16 = 0x0200;
        let bits = self.font_ref()?.os2().ok()?.fs_type();
        // Several usages may be given, of which the freest counts.
        if bits & USAGE == RESTRICTED {
            Some("may not be embedded, by its licence bits")
        } else if bits & NO_SUBSET != 0 {
            Some("may not be embedded as a subset, by its licence bits")
        } else if bits & BITMAPS_ONLY != 0 {
            Some("may be embedded only as bitmaps, by its licence bits")
        } else {
            None
        }
    }

    /// Whether its glyphs have outlines; fonts of bitmaps have none.
    pub(crate) fn has_outlines(&self) -> bool {
        self.font_ref().is_some_and(|font| font.glyf().is_ok() || font.cff().is_ok() || font.cff2().is_ok())
    }

    /// Whether it has all printable characters of ASCII.
    pub(crate) fn has_ascii(&self) -> bool {
        self.has_ascii
    }

    /// The parsed font file; always there, since the bytes were parsed before.
    pub(crate) fn font_ref(&self) -> Option<FontRef<'_>> {
        FontRef::from_index(&self.bytes, self.index).ok()
    }

    /// The same as the shaper and its rules read it.
    pub(crate) fn shaped_font(&self) -> Option<read_fonts::FontRef<'_>> {
        read_fonts::FontRef::from_index(&self.bytes, self.index).ok()
    }

    /// A shaper for this face, whose parsed font file is given.
    pub(crate) fn shaper<'f>(&'f self, font: &read_fonts::FontRef<'f>) -> Shaper<'f> {
        self.shaper_data.shaper(font).instance(self.shaper_instance.as_ref()).build()
    }

    /// Draws a glyph's outline in font units, upwards positive. Whether there is such a glyph with an outline.
    pub(crate) fn draw(&self, glyph: u16, pen: &mut impl OutlinePen) -> bool {
        let Some(font) = self.font_ref() else { return false };
        let Some(outline) = font.outline_glyphs().get(GlyphId::from(glyph)) else { return false };
        let place = location(&font, &self.places);
        // The pen goes up to where the font is damaged; what readers of the PDF show of such a glyph differs, too.
        outline.draw(DrawSettings::unhinted(Size::unscaled(), &place), pen).is_ok()
    }
}

impl fmt::Debug for Face {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Face")
            .field("family", &self.family)
            .field("weight", &self.weight)
            .field("italic", &self.italic)
            .finish_non_exhaustive()
    }
}

fn identity(bytes: &[u8], index: u32, places: &[AxisSetting]) -> FaceId {
    let mut digest = Sha256::new();
    // No file has that many faces, so that none is taken for an instance of another one.
    let mark = if places.is_empty() { 0 } else { 1 << 31 };
    digest.update((index | mark).to_be_bytes());
    for place in places {
        digest.update(place.tag);
        digest.update(place.value.to_be_bytes());
    }
    digest.update(bytes);
    let mut id = 0u128;
    for byte in digest.finalize().iter().take(16) {
        id = id << 8 | u128::from(*byte);
    }
    FaceId(id)
}

fn name(font: &FontRef<'_>, id: StringId) -> Option<String> {
    let text: String = font.localized_strings(id).english_or_first()?.chars().take(NAME_LENGTH_MAX).collect();
    let trimmed = text.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

fn read_metrics(font: &FontRef<'_>, location: &Location) -> Result<FaceMetrics, FontError> {
    let metrics = font.metrics(Size::unscaled(), location);
    if !(16..=16_384).contains(&metrics.units_per_em) {
        return Err(FontError::OutOfRange { what: "number of units per em" });
    }
    let units = f32::from(metrics.units_per_em);
    let ascent = to_units(metrics.ascent);
    let (underline_position, underline_thickness) =
        metrics.underline.map_or((-0.1 * units, 0.05 * units), |line| (line.offset, line.thickness));
    let (strike_position, strike_thickness) =
        metrics.strikeout.map_or((0.3 * units, 0.05 * units), |line| (line.offset, line.thickness));
    let bounds = metrics.bounds.map_or([0; 4], |bounds| {
        [to_units(bounds.x_min), to_units(bounds.y_min), to_units(bounds.x_max), to_units(bounds.y_max)]
    });
    Ok(FaceMetrics {
        units_per_em: metrics.units_per_em,
        ascent,
        descent: to_units(metrics.descent),
        line_gap: to_units(metrics.leading),
        cap_height: metrics.cap_height.map_or(ascent, to_units),
        underline_position: to_units(underline_position),
        underline_thickness: to_units(underline_thickness).max(1),
        strike_position: to_units(strike_position),
        strike_thickness: to_units(strike_thickness).max(1),
        italic_angle: metrics.italic_angle,
        bounds,
        monospace: metrics.is_monospace,
    })
}

fn read_advances(font: &FontRef<'_>, glyph_count: u16) -> Vec<u16> {
    let Ok(hmtx) = font.hmtx() else { return Vec::new() };
    let metrics = hmtx.h_metrics();
    let last = metrics.last().map_or(0, |metric| metric.advance());
    (0..usize::from(glyph_count)).map(|glyph| metrics.get(glyph).map_or(last, |metric| metric.advance())).collect()
}

fn advances_at(font: &FontRef<'_>, glyph_count: u16, location: &Location) -> Vec<u16> {
    let metrics = font.glyph_metrics(Size::unscaled(), location);
    (0..glyph_count).map(|glyph| metrics.advance_width(skrifa::GlyphId::from(glyph)).map_or(0, to_advance)).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the value is clamped to the range first")]
fn to_advance(value: f32) -> u16 {
    value.round().clamp(0.0, f32::from(u16::MAX)) as u16
}

#[expect(clippy::cast_possible_truncation, reason = "the value is clamped to the range first")]
fn to_units(value: f32) -> i16 {
    value.round().clamp(f32::from(i16::MIN), f32::from(i16::MAX)) as i16
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the value is clamped to the range first")]
fn to_weight(value: f32) -> u16 {
    value.round().clamp(1.0, 1_000.0) as u16
}
