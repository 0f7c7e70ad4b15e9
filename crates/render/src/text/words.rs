//! The word cache: every short piece of text (a label, a name, an amount) is shaped once a thread.
//!
//! It is a table of bounded size without deletion: it is emptied as a whole when it is full. What it gives never
//! depends on what is in it. Probing is short, so that words made to collide cost a new shaping and nothing more.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use super::pairs::Windows;
use super::shape::{PlanIndex, Plans, Shaped};
use super::units::index32;
use crate::document::Glyph;

/// Slots of the table; a power of two. With entries of 40 bytes and 16-byte glyphs the cache stays below 20 MB.
const SLOT_COUNT: usize = 1 << 16;

/// Words after which the table is emptied: at 60 % a search is still two steps.
const WORD_COUNT_MAX: usize = 40_000;

/// Glyphs after which the table is emptied.
const GLYPH_COUNT_MAX: usize = 800_000;

/// Slots that a search looks at.
const PROBE_COUNT_MAX: usize = 8;

/// Longer pieces are shaped each time: they seldom come twice.
const WORD_LENGTH_BYTES_MAX: usize = 64;

/// A shaped word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    hash: u64,
    plan: PlanIndex,
    text_start: u32,
    text_length: u32,
    glyphs_start: u32,
    glyphs_length: u32,
    /// Sum of advances and evenness.
    pub(super) shaped: Shaped,
}

/// The cache of a thread.
#[derive(Default)]
pub(super) struct Words {
    /// Index into `words` plus one; 0 is free.
    slots: Vec<u32>,
    words: Vec<Word>,
    text: String,
    glyphs: Vec<Glyph>,
    plans: Plans,
    windows: Windows,
}

impl Words {
    /// Empties the cache when it is full. Plans found before are void after it.
    pub(super) fn trim(&mut self) {
        let plans_gone = self.plans.trim();
        if plans_gone || self.words.len() >= WORD_COUNT_MAX || self.glyphs.len() >= GLYPH_COUNT_MAX {
            self.slots.clear();
            self.words.clear();
            self.text.clear();
            self.glyphs.clear();
        }
        if self.slots.is_empty() {
            self.slots.resize(SLOT_COUNT, 0);
        }
    }

    /// The plans of this thread.
    pub(super) fn plans(&mut self) -> &mut Plans {
        &mut self.plans
    }

    /// The shaped word, from the cache or new.
    pub(super) fn get(&mut self, plan: PlanIndex, text: &str) -> Word {
        let hash = hash(plan, text);
        let home = slot_of(hash);
        let mut target = home;
        for probe in 0..PROBE_COUNT_MAX {
            let slot = (home + probe) % SLOT_COUNT;
            let entry = self.slots.get(slot).copied().unwrap_or(0);
            let Some(index) = entry.checked_sub(1) else {
                target = slot;
                break;
            };
            if let Some(word) = self.words.get(index as usize)
                && word.hash == hash
                && word.plan == plan
                && self.word_text(word) == text
            {
                return *word;
            }
        }
        self.add(plan, text, hash, target)
    }

    /// Shapes a text of which the shaper must see only parts, and appends its glyphs, whose text begins at `base`: a
    /// reference such as `INV-20417` is shaped around its hyphen, and that part is kept. Nothing, with nothing
    /// appended, when all of it must go to the shaper.
    pub(super) fn shape_in_parts(
        &mut self,
        plan: PlanIndex,
        text: &str,
        base: u32,
        glyphs: &mut Vec<Glyph>,
    ) -> Option<Shaped> {
        let mut windows = std::mem::take(&mut self.windows);
        let first = glyphs.len();
        let shaped = if self.plans.find_windows(plan, text, &mut windows) {
            self.join_parts(plan, text, base, &windows, glyphs)
        } else {
            None
        };
        self.windows = windows;
        if shaped.is_none() {
            glyphs.truncate(first);
        }
        shaped
    }

    fn join_parts(
        &mut self,
        plan: PlanIndex,
        text: &str,
        base: u32,
        windows: &Windows,
        glyphs: &mut Vec<Glyph>,
    ) -> Option<Shaped> {
        let mut whole = Shaped { advance: 0, uneven: false };
        let mut end = 0;
        for window in windows.ranges.iter().cloned().chain(std::iter::once(text.len()..text.len())) {
            for (part, is_plain) in [(end..window.start, true), (window.clone(), false)] {
                let (before, part_text) = (text.get(..part.start)?, text.get(part.clone())?);
                let Some(right) = part_text.chars().next() else { continue };
                if let Some(left) = before.chars().next_back() {
                    let kerning = self.plans.kerning_between(plan, left, right)?;
                    whole.advance = whole.advance.saturating_add(kerning);
                    glyphs.last_mut()?.advance += kerning;
                }
                let part_base = base + index32(part.start);
                let shaped = if is_plain {
                    self.plans.shape_plain(plan, part_text, part_base, glyphs)?
                } else {
                    self.push(plan, part_text, part_base, glyphs)
                };
                whole.advance = whole.advance.saturating_add(shaped.advance);
                whole.uneven |= shaped.uneven;
            }
            end = window.end;
        }
        Some(whole)
    }

    /// Appends the glyphs of a word, whose text begins at `base`.
    pub(super) fn push(&mut self, plan: PlanIndex, text: &str, base: u32, glyphs: &mut Vec<Glyph>) -> Shaped {
        let word = self.get(plan, text);
        let shaped = self.glyphs(&word).iter().map(|glyph| Glyph { text_start: glyph.text_start + base, ..*glyph });
        glyphs.extend(shaped);
        self.forget_uncached(&word);
        word.shaped
    }

    /// The glyphs of a word that was just given out.
    pub(super) fn glyphs(&self, word: &Word) -> &[Glyph] {
        let start = word.glyphs_start as usize;
        self.glyphs.get(start..start + word.glyphs_length as usize).unwrap_or_default()
    }

    /// Gives back the memory of a word that is too long to be kept; it must be the one given out last.
    pub(super) fn forget_uncached(&mut self, word: &Word) {
        if word.text_length as usize > WORD_LENGTH_BYTES_MAX {
            self.glyphs.truncate(word.glyphs_start as usize);
        }
    }

    fn word_text(&self, word: &Word) -> &str {
        let start = word.text_start as usize;
        self.text.get(start..start + word.text_length as usize).unwrap_or_default()
    }

    fn add(&mut self, plan: PlanIndex, text: &str, hash: u64, slot: usize) -> Word {
        let glyphs_start = self.glyphs.len();
        let shaped = self.plans.shape(plan, text, &mut self.glyphs);
        let word = Word {
            hash,
            plan,
            text_start: index32(self.text.len()),
            text_length: index32(text.len()),
            glyphs_start: index32(glyphs_start),
            glyphs_length: index32(self.glyphs.len() - glyphs_start),
            shaped,
        };
        if text.len() <= WORD_LENGTH_BYTES_MAX {
            self.text.push_str(text);
            self.words.push(word);
            if let Some(slot) = self.slots.get_mut(slot) {
                *slot = index32(self.words.len());
            }
        }
        word
    }
}

fn hash(plan: PlanIndex, text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u32(plan.0);
    hasher.write(text.as_bytes());
    hasher.finish()
}

fn slot_of(hash: u64) -> usize {
    usize::try_from((hash ^ (hash >> 32)) & (SLOT_COUNT as u64 - 1)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use harfrust::script;

    use super::super::features::Features;
    use super::super::language::TextLanguage;
    use super::*;
    use crate::fonts::testing;

    fn words() -> (Words, PlanIndex) {
        let mut words = Words::default();
        words.trim();
        let plan = words.plans().find(
            &testing::face("Inter_400Regular"),
            script::LATIN,
            Features::PLAIN,
            &TextLanguage::new("en"),
        );
        (words, plan.unwrap())
    }

    #[test]
    fn a_word_is_shaped_once_and_comes_back_equal() {
        let (mut words, plan) = words();
        let first = words.get(plan, "Invoice ");
        let glyphs = words.glyphs(&first).to_vec();
        let count = words.glyphs.len();
        let again = words.get(plan, "Invoice ");
        assert_eq!(words.glyphs(&again), glyphs);
        assert_eq!(words.glyphs.len(), count);
        assert_eq!(glyphs.len(), 8);
    }

    #[test]
    fn a_full_cache_is_emptied_and_gives_the_same_again() {
        let (mut words, plan) = words();
        let before = words.get(plan, "Total");
        let expected = words.glyphs(&before).to_vec();
        for number in 0..WORD_COUNT_MAX {
            words.get(plan, &format!("{number}"));
        }
        words.trim();
        assert!(words.words.is_empty());
        let after = words.get(plan, "Total");
        assert_eq!(words.glyphs(&after), expected);
    }

    #[test]
    fn long_words_are_shaped_but_not_kept() {
        let (mut words, plan) = words();
        let long = "x".repeat(WORD_LENGTH_BYTES_MAX + 1);
        let word = words.get(plan, &long);
        assert_eq!(words.glyphs(&word).len(), long.len());
        assert!(words.words.is_empty());
    }

    #[test]
    fn text_in_parts_comes_out_as_from_the_shaper() {
        let stems = [
            "Inter_400Regular",
            "Inter_600SemiBold",
            "SourceSerif4_400Regular",
            "PlayfairDisplay_400Regular",
            "JetBrainsMono_400Regular",
        ];
        // Texts without a pattern, from a small linear congruence; more of what rules are about than of letters.
        let mut state = 1_234_567_u64;
        let mut next = |bound: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % bound
        };
        let pieces = [
            "Ref", "INV", "X", "a", "of ", "42", "7", "0", "1,250.00", " ", "  ", "-", "--", "->", ":", ":-)", "(",
            ")", "x", " x ", "[", "]", "{", "}", "+", "=", "<", ">", "~", "@", "×", "±", "÷", "fi", "ffl", "É", "€",
            "/", "|", "*", "!", "?", "'", "“", "–", "—", "…", "#", "&", "_", "\u{A0}", "\u{202F}", "1/2", "2x4",
            "10:30",
        ];
        let (mut in_parts, mut whole) = (0, 0);
        for stem in stems {
            let mut words = Words::default();
            words.trim();
            let face = testing::face(stem);
            let plan = words.plans().find(&face, script::LATIN, Features::PLAIN, &TextLanguage::new("en")).unwrap();
            // The shaper is asked often before it pays to look at the rules.
            for _ in 0..30 {
                words.plans().shape_plain(plan, "Total", 0, &mut Vec::new());
            }
            for _ in 0..1_500 {
                let text: String = (0..1 + next(9)).map(|_| *pieces.get(next(pieces.len())).unwrap()).collect();
                let mut glyphs = Vec::new();
                let Some(shaped) = words.shape_in_parts(plan, &text, 0, &mut glyphs) else {
                    assert!(glyphs.is_empty());
                    whole += 1;
                    continue;
                };
                let mut expected = Vec::new();
                let expected_shaped = words.plans().shape(plan, &text, &mut expected);
                assert_eq!(glyphs, expected, "{stem} {text:?}");
                assert_eq!(shaped, expected_shaped, "{stem} {text:?}");
                in_parts += 1;
            }
        }
        assert!(in_parts > 1_500, "{in_parts} in parts, {whole} whole");
    }

    #[test]
    fn references_share_what_is_around_their_hyphen() {
        let (mut words, plan) = words();
        for _ in 0..30 {
            words.plans().shape_plain(plan, "Total", 0, &mut Vec::new());
        }
        for number in 10_000..10_400 {
            assert!(words.shape_in_parts(plan, &format!("INV-{number}"), 0, &mut Vec::new()).is_some());
        }
        assert!(words.words.len() <= 12, "{} parts", words.words.len());
    }
}
