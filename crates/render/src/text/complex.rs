//! The long way, through parley: several directions, scripts that join or reorder, fallback to other faces. Where lines
//! end is chosen here, by the rules of the short way.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use fontique::{Blob, Collection, CollectionOptions, FontInfoOverride, SourceCache};
use parley::layout::{Layout, Run as ParleyRun};
use parley::setting::{FontFeature, FontVariation, Tag};
use parley::style::{
    FontFamily, FontFamilyName, FontFeatures, FontStyle, FontVariations, FontWeight, FontWidth, StyleProperty,
};
use parley::{FontContext, LayoutContext};

use super::breaks::fill_breaks;
use super::classify::SOFT_HYPHEN;
use super::east_asian::narrow_marks;
use super::emoji::{Presentation, presentations};
use super::engine::{Paragraph, face_index};
use super::features::Features;
use super::hyphenation::fill_hyphens;
use super::typeset::{self, LineEnd, Piece, PieceKind};
use super::units::{index32, length16, points, round_i16, round_i32, to_f32};
use super::{FontChoice, Line, Output, Run};
use crate::document::{Glyph, Posture};
use crate::fonts::{Face, is_foreign, region_of_text};
use crate::template::model::TextStyle;

/// Faces that a thread keeps registered; reaching this starts afresh, which costs time only.
const FACE_COUNT_MAX: usize = 256;

/// What parley keeps between paragraphs.
pub(super) struct Complex {
    fonts: FontContext,
    context: LayoutContext<()>,
    layout: Layout<()>,
    faces: Vec<Registered>,
}

/// A face known to parley under a name of its own, so that parley finds exactly this one.
struct Registered {
    face: Arc<Face>,
    name: String,
    blob: u64,
}

/// The bytes of a face, as parley wants to hold them.
struct FaceBytes(Arc<[u8]>);

impl AsRef<[u8]> for FaceBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Default for Complex {
    fn default() -> Self {
        let options = CollectionOptions { shared: false, system_fonts: false };
        Self {
            fonts: FontContext { collection: Collection::new(options), source_cache: SourceCache::default() },
            context: LayoutContext::new(),
            layout: Layout::new(),
            faces: Vec::new(),
        }
    }
}

impl Complex {
    /// Starts afresh when too many faces have been met.
    pub(super) fn trim(&mut self) {
        if self.faces.len() >= FACE_COUNT_MAX {
            *self = Self::default();
        }
    }

    /// Lays out a paragraph.
    pub(super) fn lay_out(&mut self, paragraph: &Paragraph<'_>, out: &mut Output<'_>) {
        self.register(&paragraph.font.faces);
        paragraph.spans.iter().for_each(|span| self.register(&span.font.faces));
        let text = out.document.text.get(paragraph.text.clone()).unwrap_or_default();
        self.build(paragraph, text);
        let hyphenated = self.break_lines(paragraph, text);
        let right_to_left = self.layout.is_rtl();
        let line_count = self.layout.len();
        let mut glyph_count = 0;
        for (index, line) in self.layout.lines().enumerate() {
            let ends_paragraph = index + 1 == line_count;
            let first_run = out.store.runs.len();
            for run in line.runs() {
                push_run(&self.faces, &run, paragraph, out);
            }
            let text_end = paragraph.text.start + line.text_range().end;
            let is_hyphenated = hyphenated.get(index).is_some_and(|hyphenated| *hyphenated);
            finish_line(paragraph, first_run, Ending { text_end, right_to_left, ends_paragraph, is_hyphenated }, out);
            glyph_count += out.store.runs.len() - first_run;
        }
        if line_count == 0 || (glyph_count == 0 && !text_is_blank(paragraph, out)) {
            // No face of the paragraph could be used at all: say so, and keep the room of one line.
            let first = out.document.text.get(paragraph.text.clone()).and_then(|text| text.chars().next());
            out.store.missing.extend(first);
        }
        if line_count == 0 {
            let at = index32(out.store.runs.len());
            out.store.lines.push(Line {
                runs: at..at,
                x: 0.0,
                y: 0.0,
                width: 0.0,
                ends_paragraph: true,
                right_to_left,
            });
        }
    }

    /// Breaks the paragraph into lines; says which of them end with a hyphen by the rules of the language.
    fn break_lines(&mut self, paragraph: &Paragraph<'_>, text: &str) -> Vec<bool> {
        self.layout.break_all_lines(None);
        if !paragraph.width.is_finite() || self.layout.full_width() <= paragraph.width {
            return Vec::new();
        }
        let pieces = pieces(&self.layout, text);
        let ends = line_ends(paragraph, text, &pieces, self.layout.is_rtl());
        let mut hyphenated = Vec::with_capacity(ends.len());
        let character_count = text.chars().count();
        let mut done = 0;
        let mut lines = self.layout.break_lines();
        for LineEnd { piece, hyphen } in ends {
            let end = pieces.get(piece).map_or(character_count, |piece| piece.at);
            let is_soft = piece
                .checked_sub(1)
                .and_then(|piece| pieces.get(piece))
                .is_some_and(|piece| piece.kind == PieceKind::SoftHyphen);
            hyphenated.push(hyphen && !is_soft);
            lines.break_next_with_length(index32(end.saturating_sub(done)));
            done = end;
        }
        lines.finish();
        hyphenated
    }

    fn register(&mut self, faces: &[Arc<Face>]) {
        for face in faces {
            if self.faces.iter().any(|known| known.face.id() == face.id()) {
                continue;
            }
            let name = format!("face {}", self.faces.len());
            let blob = Blob::new(Arc::new(FaceBytes(Arc::clone(face.bytes()))));
            let id = blob.id();
            // All faces are registered as regular, so that parley neither looks for weights nor varies them.
            let info = FontInfoOverride {
                family_name: Some(&name),
                width: Some(FontWidth::NORMAL),
                style: Some(FontStyle::Normal),
                weight: Some(FontWeight::NORMAL),
                axes: None,
            };
            self.fonts.collection.register_fonts(blob, Some(info));
            self.faces.push(Registered { face: Arc::clone(face), name, blob: id });
        }
    }

    fn build(&mut self, paragraph: &Paragraph<'_>, text: &str) {
        let faces = &self.faces;
        let region = region_of_text(text);
        let mut builder = self.context.ranged_builder(&mut self.fonts, text, 1.0, false);
        let base = Look { style: paragraph.style, font: paragraph.font, region };
        base.each_property(faces, &mut |property| builder.push_default(property));
        let mut start = 0;
        for span in paragraph.spans {
            let end = span.end.saturating_sub(paragraph.text.start).min(text.len());
            if end > start {
                let look = Look { style: span.style, font: span.font, region };
                look.each_property(faces, &mut |property| builder.push(property, start..end));
                start = end;
            }
        }
        builder.push_default(StyleProperty::Locale(paragraph.language.breaking));
        for range in narrow_marks(text) {
            let (style, _) = paragraph.look_at(paragraph.text.start + range.start);
            builder.push(StyleProperty::FontFeatures(FontFeatures::List(Cow::Owned(features(style, true)))), range);
        }
        if paragraph.font.faces.iter().any(|face| face.is_colored()) {
            for (range, presentation) in presentations(text) {
                let (style, font) = paragraph.look_at(paragraph.text.start + range.start);
                let families = Look { style, font, region }.families_for(presentation, faces);
                builder.push(StyleProperty::FontFamily(FontFamily::List(Cow::Owned(families))), range);
            }
        }
        builder.build_into(&mut self.layout, text);
    }
}

/// Chooses where the lines of a paragraph end, whose clusters are given.
pub(super) fn line_ends(paragraph: &Paragraph<'_>, text: &str, pieces: &[Piece], is_rtl: bool) -> Vec<LineEnd> {
    let mut breaks = Vec::new();
    fill_breaks(text, &mut breaks);
    let face = &paragraph.font.primary;
    let hyphen = face.hyphen();
    let mut hyphens = Vec::new();
    if let Some(rules) = paragraph.hyphenation()
        && hyphen.is_some()
        && !is_rtl
    {
        fill_hyphens(text, rules, &mut hyphens);
    }
    let scale = f64::from(paragraph.style.size) / f64::from(face.units_per_em());
    let width_of = |glyph: Option<u16>| points(i64::from(glyph.map_or(0, |glyph| face.advance(glyph))), scale);
    typeset::choose(&typeset::Paragraph {
        text,
        pieces,
        breaks: &breaks,
        hyphens: &hyphens,
        width: f64::from(paragraph.width.max(0.0)),
        hyphen: width_of(hyphen),
        space: width_of(face.glyph(' ')),
        hangs: paragraph.style.typography.hanging_punctuation && !is_rtl,
        ..typeset::Paragraph::of(paragraph.style)
    })
}

/// A look of letters, as parley is told of it.
struct Look<'l> {
    style: &'l TextStyle,
    font: &'l FontChoice,
    /// The region of East Asia that the text is from; 0 is none.
    region: u32,
}

impl Look<'_> {
    /// The faces in the order in which they are asked.
    fn wanted(&self) -> Vec<&'_ Arc<Face>> {
        wanted_faces(self.style, self.font, self.region)
    }

    /// The faces for a character that says how it wants to be shown: those in colour first or last.
    fn families_for<'f>(&self, presentation: Presentation, faces: &'f [Registered]) -> Vec<FontFamilyName<'f>> {
        let mut wanted = self.wanted();
        wanted.sort_by_key(|face| face.is_colored() != (presentation == Presentation::Emoji));
        names(wanted, faces)
    }

    /// Hands out what it means to parley.
    fn each_property(&self, faces: &[Registered], push: &mut dyn FnMut(StyleProperty<'_, ()>)) {
        let Self { style, font, .. } = *self;
        let families = names(self.wanted(), faces);
        push(StyleProperty::FontFamily(FontFamily::List(Cow::Borrowed(&families))));
        push(StyleProperty::FontSize(style.size));
        push(StyleProperty::LetterSpacing(style.letter_spacing));
        push(StyleProperty::FontFeatures(FontFeatures::List(Cow::Owned(features(style, false)))));
        let places: Vec<FontVariation> =
            font.places.iter().map(|place| FontVariation::new(Tag::new(&place.tag), place.value)).collect();
        push(StyleProperty::FontVariations(FontVariations::List(Cow::Owned(places))));
    }
}

/// The faces of a look in the order in which they are asked, for text of a region of East Asia; 0 is none.
pub(super) fn wanted_faces<'f>(style: &TextStyle, font: &'f FontChoice, region: u32) -> Vec<&'f Arc<Face>> {
    let mut wanted: Vec<&Arc<Face>> = font.faces.iter().collect();
    // A mark that many fonts have comes from the font of the letters around it.
    if region != 0 {
        wanted.sort_by_cached_key(|face| {
            let is_asked_for = style.font.iter().any(|family| family.eq_ignore_ascii_case(face.family()));
            !is_asked_for && is_foreign(face, region)
        });
    }
    wanted
}

/// The names under which parley knows faces.
fn names<'f>(wanted: Vec<&Arc<Face>>, faces: &'f [Registered]) -> Vec<FontFamilyName<'f>> {
    let known = |face: &Arc<Face>| faces.iter().find(|known| known.face.id() == face.id());
    wanted.into_iter().filter_map(known).map(|known| FontFamilyName::named(&known.name)).collect()
}

/// The features of a style; with half-width marks where they meet.
fn features(style: &TextStyle, narrow: bool) -> Vec<FontFeature> {
    Features::of(style)
        .list()
        .chain(narrow.then_some((b"halt", 1)))
        .map(|(tag, value)| FontFeature::new(Tag::new(tag), u16::try_from(value).unwrap_or(0)))
        .collect()
}

/// The clusters of a layout of one line, in logical order, each with the number of characters before it.
fn pieces(layout: &Layout<()>, text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for cluster in layout.lines().flat_map(|line| line.runs()).flat_map(|run| run.clusters()) {
        let offset = cluster.text_range().start;
        let advance = f64::from(cluster.advance());
        if cluster.is_ligature_continuation()
            && let Some(last) = pieces.last_mut()
        {
            last.advance += advance;
            continue;
        }
        let kind = match text.get(cluster.text_range()) {
            Some(" ") => PieceKind::Space,
            Some("\u{AD}") => PieceKind::SoftHyphen,
            _ => PieceKind::Visible,
        };
        pieces.push(Piece { offset, at: 0, advance, kind });
    }
    pieces.sort_by_key(|piece| piece.offset);
    let mut characters = text.char_indices().enumerate();
    for piece in &mut pieces {
        let place = characters.find(|(_, (offset, _))| *offset >= piece.offset);
        piece.at = place.map_or(0, |(count, _)| count);
    }
    pieces
}

fn text_is_blank(paragraph: &Paragraph<'_>, out: &Output<'_>) -> bool {
    out.document.text.get(paragraph.text.clone()).is_none_or(|text| text.trim().is_empty())
}

/// Appends the glyphs of a run, in visual order, with advances in the units of its face.
fn push_run(faces: &[Registered], run: &ParleyRun<'_, ()>, paragraph: &Paragraph<'_>, out: &mut Output<'_>) {
    let font = run.font();
    let known = faces
        .iter()
        .find(|known| known.blob == font.data.id() && known.face.index() == font.index)
        .or_else(|| faces.iter().find(|known| known.blob == font.data.id()));
    let Some(known) = known else { return };
    let face = face_index(out.document, &known.face);
    let units_per_em = f64::from(known.face.units_per_em());
    let base = paragraph.text.start;
    let mut start = out.document.glyphs.len();
    let mut units = units_per_em / f64::from(paragraph.style.size);
    // Looks that shape alike, such as those of two colours, are one run of parley's.
    let is_spanned = !paragraph.spans.is_empty();
    let mut span = usize::MAX;
    let mut text = run.text_range();
    // Parts of a ligature whose glyphs come with its first character: before it in right-to-left runs.
    let mut pending_end = None;
    let mut last_start = start;
    for cluster in run.visual_clusters() {
        let range = cluster.text_range();
        if cluster.is_ligature_continuation() {
            if run.is_rtl() {
                pending_end = pending_end.max(Some(range.end));
            } else if let Some(glyph) = out.document.glyphs.get_mut(last_start) {
                glyph.text_length = length16((base + range.end).saturating_sub(glyph.text_start as usize));
            }
            continue;
        }
        let end = pending_end.take().unwrap_or(range.end).max(range.end);
        if is_spanned {
            let here = paragraph.span_index(base + range.start);
            if here != span {
                push_glyphs(face, start, base + text.start..base + text.end, out);
                start = out.document.glyphs.len();
                last_start = start;
                span = here;
                units = units_per_em / f64::from(paragraph.look_at(base + range.start).0.size);
                text = range.start..end;
            }
            text = text.start.min(range.start)..text.end.max(end);
        }
        let first = out.document.glyphs.len();
        for glyph in cluster.glyphs() {
            let is_first = out.document.glyphs.len() == first;
            if glyph.id == 0 {
                note_missing(&(base + range.start..base + end), out);
            }
            out.document.glyphs.push(Glyph {
                id: u16::try_from(glyph.id).unwrap_or(0),
                text_length: if is_first { length16(end - range.start) } else { 0 },
                text_start: index32(base + range.start),
                advance: round_i32(f64::from(glyph.advance) * units),
                x_offset: round_i16(f64::from(glyph.x) * units),
                y_offset: round_i16(-f64::from(glyph.y) * units),
            });
        }
        if out.document.glyphs.len() > first {
            last_start = first;
        }
    }
    push_glyphs(face, start, base + text.start..base + text.end, out);
}

/// Makes the glyphs from a place on a run, when there are any.
fn push_glyphs(face: u32, start: usize, text: Range<usize>, out: &mut Output<'_>) {
    let end = out.document.glyphs.len();
    if end > start {
        out.store.runs.push(Run {
            face,
            glyphs: index32(start)..index32(end),
            text: index32(text.start)..index32(text.end),
            x: 0.0,
            width: 0.0,
            // Parley's advances hold it already.
            letter_spacing: 0.0,
            hanging: 0,
            posture: Posture::Along,
        });
    }
}

pub(super) fn note_missing(text: &Range<usize>, out: &mut Output<'_>) {
    let character = out.document.text.get(text.clone()).and_then(|text| text.chars().next());
    out.store.missing.extend(character.filter(|character| !character.is_whitespace()));
}

/// How a line ends.
pub(super) struct Ending {
    /// End of its text in the document.
    pub(super) text_end: usize,
    pub(super) right_to_left: bool,
    pub(super) ends_paragraph: bool,
    /// Whether a word was broken by the rules of its language.
    pub(super) is_hyphenated: bool,
}

/// Takes the spaces at the end away, shows the hyphen of a broken word, measures.
pub(super) fn finish_line(paragraph: &Paragraph<'_>, first_run: usize, ending: Ending, out: &mut Output<'_>) {
    trim_spaces(first_run, ending.right_to_left, out);
    if ending.is_hyphenated {
        let at = out.document.text.len();
        out.document.text.push(SOFT_HYPHEN);
        push_hyphen(paragraph, at + SOFT_HYPHEN.len_utf8(), out);
    } else if !ending.ends_paragraph && !ending.right_to_left && ends_with_soft_hyphen(ending.text_end, out) {
        push_hyphen(paragraph, ending.text_end, out);
    }
    let mut x = 0.0;
    for run in out.store.runs.get_mut(first_run..).unwrap_or_default() {
        let glyphs = out.document.glyphs.get(run.glyphs.start as usize..run.glyphs.end as usize).unwrap_or_default();
        let advance: i64 = glyphs.iter().map(|glyph| i64::from(glyph.advance)).sum();
        let units = out.document.faces.get(run.face as usize).map_or(1_000, |face| face.units_per_em());
        let size = paragraph.look_at(run.text.start as usize).0.size;
        let width = points(advance, f64::from(size) / f64::from(units));
        run.x = to_f32(x);
        run.width = to_f32(width);
        x += width;
    }
    // The letter space after the last glyph is not part of the line.
    let last = if ending.right_to_left { out.store.runs.get(first_run) } else { out.store.runs.last() };
    let at = last.map_or(paragraph.text.start, |run| run.text.start as usize);
    let width = (x - f64::from(paragraph.look_at(at).0.letter_spacing)).max(0.0);
    out.store.lines.push(Line {
        runs: index32(first_run)..index32(out.store.runs.len()),
        x: 0.0,
        y: 0.0,
        width: if x > 0.0 { to_f32(width) } else { 0.0 },
        ends_paragraph: ending.ends_paragraph,
        right_to_left: ending.right_to_left,
    });
}

/// Trailing spaces stand at the visual end of the paragraph's direction (UAX 9, rule L1).
fn trim_spaces(first_run: usize, right_to_left: bool, out: &mut Output<'_>) {
    let is_space = |glyph: Option<&Glyph>, text: &str| {
        glyph.is_some_and(|glyph| {
            let start = glyph.text_start as usize;
            let text = text.get(start..start + usize::from(glyph.text_length)).unwrap_or_default();
            !text.is_empty() && text.chars().all(|character| matches!(character, ' ' | '\u{3000}'))
        })
    };
    let text = &out.document.text;
    let glyphs = &out.document.glyphs;
    while out.store.runs.len() > first_run {
        let run = if right_to_left { out.store.runs.get_mut(first_run) } else { out.store.runs.last_mut() };
        let Some(run) = run else { return };
        while !run.glyphs.is_empty() {
            let edge = if right_to_left { run.glyphs.start } else { run.glyphs.end - 1 };
            if !is_space(glyphs.get(edge as usize), text) {
                return;
            }
            if right_to_left {
                run.glyphs.start += 1;
            } else {
                run.glyphs.end -= 1;
            }
        }
        if right_to_left {
            out.store.runs.remove(first_run);
        } else {
            out.store.runs.pop();
        }
    }
}

fn ends_with_soft_hyphen(text_end: usize, out: &Output<'_>) -> bool {
    out.document.text.get(..text_end).is_some_and(|text| text.ends_with(SOFT_HYPHEN))
}

fn push_hyphen(paragraph: &Paragraph<'_>, text_end: usize, out: &mut Output<'_>) {
    let (_, font) = paragraph.look_at(text_end - SOFT_HYPHEN.len_utf8());
    let face = &font.primary;
    let Some(id) = face.hyphen() else { return };
    let start = out.document.glyphs.len();
    let text = index32(text_end - SOFT_HYPHEN.len_utf8())..index32(text_end);
    out.document.glyphs.push(Glyph {
        id,
        text_length: length16(SOFT_HYPHEN.len_utf8()),
        text_start: text.start,
        advance: i32::from(face.advance(id)),
        x_offset: 0,
        y_offset: 0,
    });
    out.store.runs.push(Run {
        face: face_index(out.document, face),
        glyphs: index32(start)..index32(start + 1),
        text,
        x: 0.0,
        width: 0.0,
        letter_spacing: 0.0,
        hanging: 0,
        posture: Posture::Along,
    });
}
