//! Which way each part of a text stands in lines that go down, and in which face (UAX #50).

use std::sync::Arc;

use harfrust::{Script, Tag, script};
use icu_properties::props::{Script as ScriptProperty, VerticalOrientation};
use icu_properties::{CodePointMapData, PropertyNamesShort};
use icu_segmenter::GraphemeClusterSegmenter;

use super::super::FontChoice;
use super::super::complex::wanted_faces;
use super::super::east_asian::narrow_marks;
use super::super::emoji::{Presentation, presentations};
use super::super::engine::Paragraph;
use super::super::features::Features;
use super::super::language::TextLanguage;
use super::super::shape::Plans;
use crate::fonts::{Face, region_of_text};
use crate::template::model::{Combine, Orientation, TextStyle};

/// How the letters of a stretch stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Posing {
    /// Turned by a quarter, as all of the line is.
    Turned,
    /// Upright, one below the other.
    Upright,
    /// Upright, side by side in one square.
    Combined,
}

/// Text that is shaped at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch<'p> {
    /// Where it begins and ends in the paragraph, in bytes.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) posing: Posing,
    pub(super) face: &'p Arc<Face>,
    pub(super) script: Script,
    /// Whether its marks give up their blank halves.
    pub(super) is_narrow: bool,
    /// Number of its span.
    pub(super) span: usize,
}

impl Stretch<'_> {
    /// Whether another one goes on with it.
    fn goes_on_with(&self, next: &Stretch<'_>) -> bool {
        self.posing == next.posing
            && self.posing != Posing::Combined
            && self.face.id() == next.face.id()
            && self.script == next.script
            && self.is_narrow == next.is_narrow
            && self.span == next.span
    }
}

/// How far the middle of the line is above the baseline of a look: turned capitals and digits stand in the middle, where
/// upright characters stand by themselves.
pub(in crate::text) fn axis(style: &TextStyle, font: &FontChoice) -> f32 {
    let metrics = font.primary.metrics();
    style.size * f32::from(metrics.cap_height) / f32::from(metrics.units_per_em) / 2.0
}

/// Takes a paragraph apart.
pub(super) fn stretches<'p>(paragraph: &Paragraph<'p>, text: &str, plans: &mut Plans) -> Vec<Stretch<'p>> {
    let region = region_of_text(text);
    let narrow = narrow_marks(text);
    let mut narrow = narrow.iter().peekable();
    let shown = presentations(text);
    let mut shown = shown.iter().peekable();
    let mut stretches: Vec<Stretch<'p>> = Vec::new();
    let mut faces = Vec::new();
    let mut faces_of = usize::MAX;
    let (mut start, mut done) = (0, 0);
    for end in GraphemeClusterSegmenter::new().segment_str(text).skip(1) {
        let from = std::mem::replace(&mut start, end);
        if from < done {
            continue;
        }
        let at = paragraph.text.start + from;
        let (span, (style, font)) = (paragraph.span_index(at), paragraph.look_at(at));
        if faces_of != span {
            faces = wanted_faces(style, font, region);
            faces_of = span;
        }
        while narrow.next_if(|range| range.end <= from).is_some() {}
        while shown.next_if(|(range, _)| range.end <= from).is_some() {}
        let presentation = shown.peek().filter(|(range, _)| range.contains(&from)).map(|(_, shown)| *shown);
        let combined = combined_length(paragraph, text, from);
        done = if combined > 0 { from + combined } else { end };
        let cluster = text.get(from..done).unwrap_or_default();
        let face = face_for(cluster, &faces, presentation).unwrap_or(&font.primary);
        let posing =
            if combined > 0 { Posing::Combined } else { posing_of(cluster, style, face, paragraph.language, plans) };
        let own_script = script_of(cluster);
        let stretch = Stretch {
            start: from,
            end: done,
            posing,
            face,
            script: own_script.or(stretches.last().map(|last| last.script)).unwrap_or(script::HAN),
            is_narrow: posing == Posing::Upright && narrow.peek().is_some_and(|range| range.contains(&from)),
            span,
        };
        match stretches.last_mut() {
            Some(last) if last.goes_on_with(&stretch) => last.end = done,
            _ => stretches.push(stretch),
        }
    }
    stretches
}

/// Characters that share one square at most; more could not be read.
const COMBINED_COUNT_MAX: usize = 6;

/// Bytes from a place on that share one square; 0 when the one there stands by itself.
fn combined_length(paragraph: &Paragraph<'_>, text: &str, start: usize) -> usize {
    let at = paragraph.text.start + start;
    let rest = text.get(start..).unwrap_or_default();
    match paragraph.look_at(at).0.typography.combine {
        Combine::None => 0,
        Combine::All => {
            let span_end = paragraph.spans.get(paragraph.span_index(at)).map_or(usize::MAX, |span| span.end);
            let length = span_end.saturating_sub(at).min(rest.len());
            let is_readable = rest.get(..length).is_some_and(|shown| shown.chars().count() <= COMBINED_COUNT_MAX);
            if is_readable { length } else { 0 }
        }
        Combine::Digits(most) => {
            let count = rest.bytes().take_while(u8::is_ascii_digit).count();
            let is_middle = text.get(..start).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()));
            if count > usize::from(most) || is_middle { 0 } else { count }
        }
    }
}

/// The first face that has all of a cluster, else the first that has how it begins.
fn face_for<'p>(cluster: &str, faces: &[&'p Arc<Face>], presentation: Option<Presentation>) -> Option<&'p Arc<Face>> {
    let is_wanted = |face: &Face| {
        presentation.is_none_or(|presentation| face.is_colored() == (presentation == Presentation::Emoji))
    };
    let has = |face: &Face, character: char| is_unseen(character) || face.glyph(character).is_some();
    let has_all = |face: &Face| cluster.chars().all(|character| has(face, character));
    let has_first = |face: &Face| cluster.chars().next().is_some_and(|character| has(face, character));
    let mut wanted = faces.iter().filter(|face| is_wanted(face));
    let found = wanted.find(|face| has_all(face)).or_else(|| faces.iter().find(|face| has_all(face)));
    found.or_else(|| faces.iter().find(|face| has_first(face))).copied()
}

/// Joiners and selectors, which choose a glyph and have none.
fn is_unseen(character: char) -> bool {
    matches!(character, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{AD}')
}

/// How a cluster stands.
fn posing_of(cluster: &str, style: &TextStyle, face: &Arc<Face>, language: &TextLanguage, plans: &mut Plans) -> Posing {
    let Some(first) = cluster.chars().next() else { return Posing::Turned };
    let orientation = CodePointMapData::<VerticalOrientation>::new().get(first);
    let is_upright = match orientation {
        VerticalOrientation::Upright | VerticalOrientation::TransformedUpright => true,
        VerticalOrientation::TransformedRotated => has_vertical_form(cluster, face, language, plans),
        // A soft hyphen and a space turn with the words around them.
        _ => style.typography.orientation == Orientation::Upright && first != ' ',
    };
    if is_upright { Posing::Upright } else { Posing::Turned }
}

/// Whether a face has another glyph for a character that stands upright, such as a bracket.
fn has_vertical_form(cluster: &str, face: &Arc<Face>, language: &TextLanguage, plans: &mut Plans) -> bool {
    let usual = cluster.chars().next().and_then(|character| face.glyph(character));
    let mut glyphs = Vec::new();
    if let Some(plan) = plans.find_upright(face, script::HAN, Features::PLAIN, language) {
        plans.shape(plan, cluster, &mut glyphs);
    }
    glyphs.first().is_some_and(|glyph| Some(glyph.id) != usual)
}

/// The script of a cluster; nothing for what all scripts share. Those of Japanese and Chinese text are one.
fn script_of(cluster: &str) -> Option<Script> {
    let first = cluster.chars().next()?;
    let property = CodePointMapData::<ScriptProperty>::new().get(first);
    match property {
        ScriptProperty::Common | ScriptProperty::Inherited | ScriptProperty::Unknown => None,
        ScriptProperty::Han | ScriptProperty::Hiragana | ScriptProperty::Katakana | ScriptProperty::Bopomofo => {
            Some(script::HAN)
        }
        other => {
            let name = PropertyNamesShort::<ScriptProperty>::new().get(other)?;
            Script::from_iso15924_tag(Tag::new(name.as_bytes().first_chunk::<4>()?))
        }
    }
}
