//! Shaping of single words: characters to glyphs in font units, with kerning and ligatures.

use std::sync::Arc;

use harfrust::{Direction, Feature, Script, ShapeOptions, ShapePlan, Tag, UnicodeBuffer};

use super::features::Features;
use super::language::TextLanguage;
use super::pairs::{Pairs, Windows};
use super::units::{index32, length16};
use crate::document::Glyph;
use crate::fonts::Face;
use crate::template::model::FeatureSetting;

/// Plans that a thread keeps. A document uses a handful; reaching this throws all away, which costs time only.
const PLAN_COUNT_MAX: usize = 128;

/// How words of one kind are shaped.
struct Plan {
    face: Arc<Face>,
    script: Script,
    direction: Direction,
    tabular: bool,
    ligatures: bool,
    kerning: bool,
    asked: Vec<FeatureSetting>,
    language: Option<harfrust::Language>,
    feature_list: Vec<Feature>,
    plan: ShapePlan,
    pairs: PlainPairs,
}

impl Plan {
    fn features(&self) -> Features<'_> {
        Features { tabular: self.tabular, ligatures: self.ligatures, kerning: self.kerning, asked: &self.asked }
    }
}

/// What is known of plain text of a plan.
enum PlainPairs {
    /// Not looked at; pieces that had to be shaped so far. Looking costs as much as shaping a few hundred characters.
    Waiting(u32),
    /// Being asked at the moment, or there is none.
    None,
    Known(Box<Pairs>),
}

/// Pieces of text after which it pays to look which characters are plain.
const PAIRS_AFTER_COUNT: u32 = 24;

/// All plans of a thread, and the buffer for shaping.
#[derive(Default)]
pub(super) struct Plans {
    plans: Vec<Plan>,
    buffer: Option<UnicodeBuffer>,
}

/// A plan of [`Plans`], until the next [`Plans::trim`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PlanIndex(pub(super) u32);

/// What shaping a word gave, besides the glyphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shaped {
    /// Sum of the advances in font units.
    pub(super) advance: i32,
    /// Whether a cluster has several glyphs, so that letter spacing must not be added after each glyph.
    pub(super) uneven: bool,
}

impl Plans {
    /// Throws all away when there are too many; says whether it did.
    pub(super) fn trim(&mut self) -> bool {
        let full = self.plans.len() >= PLAN_COUNT_MAX;
        if full {
            self.plans.clear();
        }
        full
    }

    /// Finds or makes the plan.
    pub(super) fn find(
        &mut self,
        face: &Arc<Face>,
        script: Script,
        features: Features<'_>,
        language: &TextLanguage,
    ) -> Option<PlanIndex> {
        self.find_to(Direction::LeftToRight, face, script, features, language)
    }

    /// Finds or makes the plan for upright glyphs, one below the other.
    pub(super) fn find_upright(
        &mut self,
        face: &Arc<Face>,
        script: Script,
        features: Features<'_>,
        language: &TextLanguage,
    ) -> Option<PlanIndex> {
        self.find_to(Direction::TopToBottom, face, script, features, language)
    }

    fn find_to(
        &mut self,
        direction: Direction,
        face: &Arc<Face>,
        script: Script,
        features: Features<'_>,
        language: &TextLanguage,
    ) -> Option<PlanIndex> {
        let known = self.plans.iter().position(|plan| {
            plan.face.id() == face.id()
                && plan.script == script
                && plan.direction == direction
                && plan.features() == features
                && plan.language == language.shaping
        });
        if let Some(index) = known {
            return Some(PlanIndex(index32(index)));
        }
        let feature_list: Vec<Feature> =
            features.list().map(|(tag, value)| Feature::new(Tag::new(tag), value, ..)).collect();
        let font = face.shaped_font()?;
        let shaper = face.shaper(&font);
        let language = language.shaping.clone();
        let plan = ShapePlan::new(&shaper, direction, Some(script), language.as_ref(), &feature_list);
        self.plans.push(Plan {
            face: Arc::clone(face),
            script,
            direction,
            tabular: features.tabular,
            ligatures: features.ligatures,
            kerning: features.kerning,
            asked: features.asked.to_vec(),
            language,
            feature_list,
            plan,
            pairs: PlainPairs::Waiting(0),
        });
        Some(PlanIndex(index32(self.plans.len() - 1)))
    }

    /// Shapes a text of plain characters without the shaper, and appends its glyphs, whose text begins at `base`.
    /// Nothing when it is not plain.
    pub(super) fn shape_plain(
        &mut self,
        index: PlanIndex,
        text: &str,
        base: u32,
        glyphs: &mut Vec<Glyph>,
    ) -> Option<Shaped> {
        let plan = self.plans.get_mut(index.0 as usize)?;
        match &mut plan.pairs {
            PlainPairs::Waiting(count) if *count < PAIRS_AFTER_COUNT => {
                *count += 1;
                return None;
            }
            PlainPairs::Waiting(_) => {
                plan.pairs = Pairs::new(&plan.face, plan.features())
                    .map_or(PlainPairs::None, |pairs| PlainPairs::Known(Box::new(pairs)));
            }
            PlainPairs::None | PlainPairs::Known(_) => {}
        }
        let PlainPairs::Known(pairs) = &plan.pairs else { return None };
        if !pairs.are_plain(text) {
            return None;
        }
        self.with_pairs(index, |pairs, ask| pairs.shape(text, base, ask, glyphs))
    }

    /// Finds the parts of a text that the shaper must see; says `false` when that is all of it.
    pub(super) fn find_windows(&self, index: PlanIndex, text: &str, windows: &mut Windows) -> bool {
        let plan = self.plans.get(index.0 as usize);
        matches!(plan, Some(Plan { pairs: PlainPairs::Known(pairs), .. }) if pairs.find_windows(text, windows))
    }

    /// What the first of two plain characters gets before the second one; nothing when only the shaper knows.
    pub(super) fn kerning_between(&mut self, index: PlanIndex, left: char, right: char) -> Option<i32> {
        self.with_pairs(index, |pairs, ask| pairs.kerning_between(left, right, ask))
    }

    /// Lets the pairs of a plan answer, and ask the shaper where they must.
    fn with_pairs<T>(
        &mut self,
        index: PlanIndex,
        then: impl FnOnce(&mut Pairs, &mut dyn FnMut(&str, &mut Vec<Glyph>)) -> Option<T>,
    ) -> Option<T> {
        let plan = self.plans.get_mut(index.0 as usize)?;
        // The shaper needs all plans while the pairs are asked.
        let PlainPairs::Known(mut pairs) = std::mem::replace(&mut plan.pairs, PlainPairs::None) else { return None };
        let given = then(&mut pairs, &mut |text, out| {
            self.shape(index, text, out);
        });
        if let Some(plan) = self.plans.get_mut(index.0 as usize) {
            plan.pairs = PlainPairs::Known(pairs);
        }
        given
    }

    /// Shapes a word and appends its glyphs; their text offsets count from the word's beginning. Distances of upright
    /// glyphs are along their line and above its middle.
    pub(super) fn shape(&mut self, index: PlanIndex, text: &str, glyphs: &mut Vec<Glyph>) -> Shaped {
        let mut shaped = Shaped { advance: 0, uneven: false };
        let Some(plan) = self.plans.get(index.0 as usize) else { return shaped };
        let Some(font) = plan.face.shaped_font() else { return shaped };
        let shaper = plan.face.shaper(&font);
        let mut buffer = self.buffer.take().unwrap_or_default();
        buffer.set_cluster_level(harfrust::BufferClusterLevel::MonotoneCharacters);
        buffer.push_str(text);
        buffer.set_direction(plan.direction);
        buffer.set_script(plan.script);
        if let Some(language) = &plan.language {
            buffer.set_language(language.clone());
        }
        let options = ShapeOptions::new().plan(Some(&plan.plan)).features(&plan.feature_list);
        let output = shaper.shape(buffer, options);
        let first = glyphs.len();
        let goes_down = plan.direction == Direction::TopToBottom;
        for (info, position) in output.glyph_infos().iter().zip(output.glyph_positions()) {
            // What goes down is the way along the line, and to the right of it is above.
            let (advance, along, above) = if goes_down {
                (position.y_advance.saturating_neg(), position.y_offset.saturating_neg(), position.x_offset)
            } else {
                (position.x_advance, position.x_offset, position.y_offset)
            };
            shaped.advance = shaped.advance.saturating_add(advance);
            glyphs.push(Glyph {
                id: u16::try_from(info.glyph_id).unwrap_or(0),
                text_length: 0,
                text_start: info.cluster,
                advance,
                x_offset: clamp16(along),
                y_offset: clamp16(above),
            });
        }
        if let Some(new) = glyphs.get_mut(first..) {
            shaped.uneven = set_lengths(new, text.len());
        }
        self.buffer = Some(output.clear());
        shaped
    }
}

/// Gives the first glyph of each cluster its length in bytes; says whether a cluster has several glyphs.
fn set_lengths(glyphs: &mut [Glyph], text_length: usize) -> bool {
    let mut uneven = false;
    let mut end = index32(text_length);
    let mut next_start = None;
    for glyph in glyphs.iter_mut().rev() {
        if next_start == Some(glyph.text_start) {
            uneven = true;
        } else if let Some(start) = next_start {
            end = start;
        }
        next_start = Some(glyph.text_start);
        glyph.text_length = length16(end.saturating_sub(glyph.text_start) as usize);
    }
    if uneven {
        let mut previous = None;
        for glyph in glyphs {
            if previous == Some(glyph.text_start) {
                glyph.text_length = 0;
            }
            previous = Some(glyph.text_start);
        }
    }
    uneven
}

fn clamp16(value: i32) -> i16 {
    i16::try_from(value.clamp(i32::from(i16::MIN), i32::from(i16::MAX))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use harfrust::script;

    use super::*;
    use crate::fonts::testing;

    const PLAIN: Features<'_> = Features::PLAIN;

    fn shaped(stem: &str, text: &str, features: Features<'_>) -> (Vec<Glyph>, Shaped) {
        let face = testing::face(stem);
        let mut plans = Plans::default();
        let plan = plans.find(&face, script::LATIN, features, &TextLanguage::new("en")).unwrap();
        let mut glyphs = Vec::new();
        let shaped = plans.shape(plan, text, &mut glyphs);
        (glyphs, shaped)
    }

    #[test]
    fn kerning_is_kept() {
        let (_, pair) = shaped("Inter_400Regular", "AV", PLAIN);
        let (_, first) = shaped("Inter_400Regular", "A", PLAIN);
        let (_, second) = shaped("Inter_400Regular", "V", PLAIN);
        assert!(pair.advance < first.advance + second.advance);
    }

    #[test]
    fn ligatures_cover_all_their_characters_and_can_be_switched_off() {
        let (glyphs, _) = shaped("PlayfairDisplay_400Regular", "fi.", PLAIN);
        assert_eq!(
            glyphs.iter().map(|glyph| (glyph.text_start, glyph.text_length)).collect::<Vec<_>>(),
            [(0, 2), (2, 1)]
        );
        let (glyphs, _) = shaped("PlayfairDisplay_400Regular", "fi.", Features { ligatures: false, ..PLAIN });
        assert_eq!(glyphs.len(), 3);
    }

    #[test]
    fn tabular_figures_have_one_width() {
        let widths = |features| {
            let (glyphs, _) = shaped("Inter_400Regular", "10", features);
            glyphs.iter().map(|glyph| glyph.advance).collect::<Vec<_>>()
        };
        let tabular = widths(Features { tabular: true, ..PLAIN });
        assert_eq!(tabular.first(), tabular.last());
        let proportional = widths(PLAIN);
        assert_ne!(proportional.first(), proportional.last());
    }

    #[test]
    fn plans_are_shared_and_trimmed() {
        let face = testing::face("Inter_400Regular");
        let mut plans = Plans::default();
        let language = TextLanguage::new("en");
        let first = plans.find(&face, script::LATIN, PLAIN, &language);
        assert_eq!(plans.find(&face, script::LATIN, PLAIN, &language), first);
        assert_ne!(plans.find(&face, script::GREEK, PLAIN, &language), first);
        assert!(!plans.trim());
    }
}
