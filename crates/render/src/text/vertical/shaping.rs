//! Shaping of stretches: their glyphs, placed in the turned space, and their clusters.

use std::ops::Range;

use super::super::engine::Paragraph;
use super::super::features::Features;
use super::super::shape::{PlanIndex, Plans};
use super::super::typeset::{Piece, PieceKind};
use super::super::units::{index32, points, round_i16, round_i32};
use super::stretches::{Posing, Stretch, axis};
use crate::document::Glyph;
use crate::template::model::{FeatureSetting, TextStyle};

/// A cluster of a paragraph.
#[derive(Clone, Debug)]
pub(super) struct Cluster {
    pub(super) piece: Piece,
    /// Where its text ends in the paragraph, in bytes.
    pub(super) end: usize,
    /// Its glyphs.
    pub(super) glyphs: Range<usize>,
    /// Number of its stretch.
    pub(super) stretch: usize,
    /// How wide its glyphs are set, in percent, when they share a square.
    pub(super) percent: u8,
}

/// Shapes the stretches of a paragraph one after the other.
pub(super) struct Shaper<'s> {
    pub(super) paragraph: &'s Paragraph<'s>,
    pub(super) text: &'s str,
    pub(super) plans: &'s mut Plans,
    /// Glyphs, their text counted from the paragraph's beginning.
    pub(super) glyphs: Vec<Glyph>,
    pub(super) clusters: Vec<Cluster>,
}

/// The measures of a stretch, in font units but for the first.
struct Scale {
    /// Points in a font unit.
    unit: f64,
    em: f64,
    /// How far the middle of the line is above the baseline of the paragraph.
    middle: f64,
    /// The same for the letters of the look when they are turned.
    own_middle: f64,
    /// Space after each letter.
    letter_spacing: f64,
}

impl<'s> Shaper<'s> {
    /// Shapes a stretch.
    pub(super) fn shape(&mut self, index: usize, stretch: &Stretch<'_>) {
        let paragraph = self.paragraph;
        let (style, font) = paragraph.look_at(paragraph.text.start + stretch.start);
        let em = f64::from(stretch.face.units_per_em());
        let unit = f64::from(style.size) / em;
        let scale = Scale {
            unit,
            em,
            middle: f64::from(axis(paragraph.style, paragraph.font)) / unit,
            own_middle: f64::from(axis(style, font)) / unit,
            letter_spacing: f64::from(style.letter_spacing) / unit,
        };
        let first = self.glyphs.len();
        match stretch.posing {
            Posing::Upright => {
                let features = with(style, b"vhal", stretch.is_narrow);
                let features = Features { asked: &features, ..Features::of(style) };
                let plan = self.plans.find_upright(stretch.face, stretch.script, features, paragraph.language);
                self.push_shaped(plan, stretch);
                self.raise(first, scale.middle);
            }
            Posing::Turned => {
                let plan = self.plans.find(stretch.face, stretch.script, Features::of(style), paragraph.language);
                self.push_shaped(plan, stretch);
                self.raise(first, scale.middle - scale.own_middle);
            }
            Posing::Combined => {
                let count = stretch.end - stretch.start;
                // Half-width digits, and narrower ones, as far as the font has them.
                let feature = match count {
                    0 | 1 => None,
                    2 => Some(b"hwid"),
                    3 => Some(b"twid"),
                    _ => Some(b"qwid"),
                };
                let features = feature.map_or_else(Vec::new, |tag| with(style, tag, true));
                let features = Features { asked: &features, kerning: false, ..Features::of(style) };
                let plan = self.plans.find(stretch.face, stretch.script, features, paragraph.language);
                self.push_shaped(plan, stretch);
                self.combine(index, stretch, &scale, first);
                return;
            }
        }
        self.push_clusters(index, stretch, &scale, first);
    }

    fn push_shaped(&mut self, plan: Option<PlanIndex>, stretch: &Stretch<'_>) {
        let first = self.glyphs.len();
        let text: &'s str = self.text.get(stretch.start..stretch.end).unwrap_or_default();
        if let Some(plan) = plan {
            self.plans.shape(plan, text, &mut self.glyphs);
        }
        for glyph in self.glyphs.get_mut(first..).unwrap_or_default() {
            glyph.text_start = glyph.text_start.saturating_add(index32(stretch.start));
        }
    }

    fn raise(&mut self, first: usize, by: f64) {
        for glyph in self.glyphs.get_mut(first..).unwrap_or_default() {
            glyph.y_offset = round_i16(f64::from(glyph.y_offset) + by);
        }
    }

    /// Makes clusters of glyphs, each with the letter space after it.
    fn push_clusters(&mut self, index: usize, stretch: &Stretch<'_>, scale: &Scale, first: usize) {
        let mut start = first;
        while start < self.glyphs.len() {
            let rest = self.glyphs.get_mut(start..).unwrap_or_default();
            let count = 1 + rest.iter().skip(1).take_while(|glyph| glyph.text_length == 0).count();
            let cluster = rest.get_mut(..count).unwrap_or_default();
            let Some(offset) = cluster.first().map(|glyph| glyph.text_start as usize) else { break };
            if let Some(last) = cluster.last_mut() {
                last.advance = last.advance.saturating_add(round_i32(scale.letter_spacing));
            }
            let advance: i64 = cluster.iter().map(|glyph| i64::from(glyph.advance)).sum();
            let next = self.glyphs.get(start + count).map_or(stretch.end, |next| next.text_start as usize);
            self.push_cluster(index, offset..next, start..start + count, points(advance, scale.unit), 100);
            start += count;
        }
    }

    fn push_cluster(&mut self, index: usize, text: Range<usize>, glyphs: Range<usize>, advance: f64, percent: u8) {
        let before = self.clusters.last();
        let between = before.map_or(0..text.start, |last| last.piece.offset..text.start);
        let count = self.text.get(between).map_or(0, |between| between.chars().count());
        let kind = match self.text.get(text.clone()) {
            Some(" ") => PieceKind::Space,
            Some("\u{AD}") => PieceKind::SoftHyphen,
            _ => PieceKind::Visible,
        };
        let piece = Piece { offset: text.start, at: before.map_or(0, |last| last.piece.at) + count, advance, kind };
        self.clusters.push(Cluster { piece, end: text.end, glyphs, stretch: index, percent });
    }

    /// Sets glyphs side by side in one square, narrower when they would not fit.
    fn combine(&mut self, index: usize, stretch: &Stretch<'_>, scale: &Scale, first: usize) {
        let glyphs = self.glyphs.get_mut(first..).unwrap_or_default();
        let total: i64 = glyphs.iter().map(|glyph| i64::from(glyph.advance)).sum();
        let total = points(total, 1.0);
        let factor = if total > scale.em { scale.em / total } else { 1.0 };
        let percent = u8::try_from(round_i32((factor * 100.0).floor())).unwrap_or(100).max(1);
        let factor = f64::from(percent) / 100.0;
        let mut across = scale.middle - total * factor / 2.0;
        // Capitals and digits stand in the middle of the square.
        let down = scale.em / 2.0 + scale.own_middle;
        let last = glyphs.len().saturating_sub(1);
        for (place, glyph) in glyphs.iter_mut().enumerate() {
            let advance = std::mem::replace(&mut glyph.advance, 0);
            let (right, up) = (f64::from(glyph.x_offset), f64::from(glyph.y_offset));
            glyph.x_offset = round_i16(down - up);
            glyph.y_offset = round_i16(across + right * factor);
            across += f64::from(advance) * factor;
            if place == last {
                glyph.advance = round_i32(scale.em + scale.letter_spacing);
            }
        }
        if !glyphs.is_empty() {
            let advance = (scale.em + scale.letter_spacing) * scale.unit;
            self.push_cluster(index, stretch.start..stretch.end, first..self.glyphs.len(), advance, percent);
        }
    }
}

/// The features that a style asks for, and one more.
fn with(style: &TextStyle, tag: &[u8; 4], is_wanted: bool) -> Vec<FeatureSetting> {
    let more = is_wanted.then_some(FeatureSetting { tag: *tag, value: 1 });
    style.typography.features.iter().copied().chain(more).collect()
}
