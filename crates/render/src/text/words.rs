//! The word cache: every short piece of text (a label, a name, an amount) is shaped once a thread.
//!
//! It is a table of bounded size without deletion: it is emptied as a whole when it is full. What it gives never
//! depends on what is in it. Probing is short, so that words made to collide cost a new shaping and nothing more.

use std::hash::Hasher;

use rustc_hash::FxHasher;

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
}
