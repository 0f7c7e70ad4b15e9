//! Shaping of plain text: the glyph of each character, and kerning between neighbours. Of other text it knows which
//! parts the shaper must see.

use std::ops::Range;

use super::features::Features;
use super::rules::{Plainness, Reach, candidates, plainness};
use super::shape::Shaped;
use super::units::{index32, length16};
use crate::document::Glyph;
use crate::fonts::Face;

/// The candidates of a face with one set of features, and what is known of them so far. They are told by number.
pub(super) struct Pairs {
    /// Candidates below U+0180.
    low: Vec<Slot>,
    /// Other candidates.
    high: Vec<(char, Slot)>,
    /// Glyphs of the plain characters, once they have been shaped alone.
    alone: Vec<Option<Glyph>>,
    /// What a character's advance gets before another one; [`UNKNOWN`] until it has been asked.
    kerning: Vec<i16>,
    /// How far rules look from those that are not plain; nothing for those whose text only the shaper knows.
    reaches: Vec<Option<Reach>>,
    count: usize,
}

/// What a character is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Slot {
    /// No candidate.
    #[default]
    Strange,
    Plain(u8),
    /// Rules may apply around it.
    Ruled(u8),
}

/// A pair that has not been shaped yet.
const UNKNOWN: i16 = i16::MIN;

/// A pair that does not do what plain characters do. There should be none; the shaper is asked then.
const UNFIT: i16 = i16::MIN + 1;

/// Characters below this have a table.
const LOW_CHARACTER_COUNT: usize = 0x180;

/// The parts of a text that the shaper must see, and memory to find them.
#[derive(Default)]
pub(super) struct Windows {
    /// For each character of the text where it begins, and its number.
    characters: Vec<(usize, u8)>,
    /// Of characters, then of bytes; in order, apart from each other.
    pub(super) ranges: Vec<Range<usize>>,
}

impl Pairs {
    /// Looks which characters of a face are plain; nothing when none is, or when features were asked for by tag: those
    /// may do anything.
    pub(super) fn new(face: &Face, features: Features<'_>) -> Option<Self> {
        if !features.asked.is_empty() {
            return None;
        }
        let candidates = candidates(face);
        let Plainness { plain, reaches } = plainness(face, &candidates, features)?;
        let mut pairs = Self {
            low: vec![Slot::Strange; LOW_CHARACTER_COUNT],
            high: Vec::new(),
            alone: vec![None; candidates.len()],
            kerning: vec![UNKNOWN; candidates.len() * candidates.len()],
            reaches,
            count: candidates.len(),
        };
        for (number, character) in (0..=u8::MAX).zip(candidates) {
            let is_plain = plain.contains(usize::from(number));
            let slot = if is_plain { Slot::Plain(number) } else { Slot::Ruled(number) };
            match pairs.low.get_mut(character as usize) {
                Some(low) => *low = slot,
                None => pairs.high.push((character, slot)),
            }
        }
        Some(pairs)
    }

    fn slot(&self, character: char) -> Slot {
        self.low.get(character as usize).copied().unwrap_or_else(|| {
            let known = self.high.iter().find(|(known, _)| *known == character);
            known.map_or(Slot::Strange, |(_, slot)| *slot)
        })
    }

    /// The number of a plain character.
    fn place(&self, character: char) -> Option<usize> {
        match self.slot(character) {
            Slot::Plain(number) => Some(usize::from(number)),
            Slot::Strange | Slot::Ruled(_) => None,
        }
    }

    /// Finds the parts of a text that the shaper must see: around each character that is not plain as far as rules look
    /// from it, and one plain character more at either end, so that only kerning is left between parts. Says `false`
    /// when that is all of it.
    pub(super) fn find_windows(&self, text: &str, windows: &mut Windows) -> bool {
        let Windows { characters, ranges } = windows;
        characters.clear();
        ranges.clear();
        for (offset, character) in text.char_indices() {
            match self.slot(character) {
                Slot::Strange => return false,
                Slot::Plain(number) | Slot::Ruled(number) => characters.push((offset, number)),
            }
        }
        let numbers = |range: Range<usize>| {
            characters.get(range).unwrap_or_default().iter().map(|(_, number)| usize::from(*number))
        };
        for (place, character) in text.chars().enumerate() {
            let Slot::Ruled(number) = self.slot(character) else { continue };
            let Some(Some(reach)) = self.reaches.get(usize::from(number)) else { return false };
            let (around_before, around_after) = (numbers(0..place).rev(), numbers(place + 1..characters.len()));
            let Some((before, after)) = reach.around(&around_before, &around_after) else { return false };
            let mut start = place.saturating_sub(before + 1);
            let mut end = (place + after + 2).min(characters.len());
            while let Some(last) = ranges.pop_if(|last| last.end > start) {
                start = start.min(last.start);
                end = end.max(last.end);
            }
            ranges.push(start..end);
        }
        if ranges.iter().any(|range| range.len() == characters.len()) {
            return false;
        }
        let offset = |place: usize| characters.get(place).map_or(text.len(), |(offset, _)| *offset);
        ranges.iter_mut().for_each(|range| *range = offset(range.start)..offset(range.end));
        true
    }

    /// What the first of two plain characters gets before the second one; nothing when only the shaper knows.
    pub(super) fn kerning_between(
        &mut self,
        left: char,
        right: char,
        shape: &mut dyn FnMut(&str, &mut Vec<Glyph>),
    ) -> Option<i32> {
        self.kerning((self.place(left)?, left), (self.place(right)?, right), shape)
    }

    /// Whether all of a text is plain.
    pub(super) fn are_plain(&self, text: &str) -> bool {
        text.chars().all(|character| self.place(character).is_some())
    }

    /// Shapes a plain text and appends its glyphs, whose text begins at `base`. `shape` is the shaper, asked for single
    /// characters and pairs that are new. Nothing, with nothing appended, when the text must go to the shaper.
    pub(super) fn shape(
        &mut self,
        text: &str,
        base: u32,
        shape: &mut dyn FnMut(&str, &mut Vec<Glyph>),
        glyphs: &mut Vec<Glyph>,
    ) -> Option<Shaped> {
        let first = glyphs.len();
        let mut advance = 0i32;
        let mut previous: Option<(usize, char)> = None;
        for (offset, character) in text.char_indices() {
            let Some(glyph) =
                self.place(character).and_then(|place| Some((place, self.alone(place, character, shape)?)))
            else {
                glyphs.truncate(first);
                return None;
            };
            let (place, mut glyph) = glyph;
            if let Some(before) = previous {
                let Some(kerning) = self.kerning(before, (place, character), shape) else {
                    glyphs.truncate(first);
                    return None;
                };
                if kerning != 0 {
                    advance = advance.saturating_add(kerning);
                    if let Some(last) = glyphs.last_mut() {
                        last.advance += kerning;
                    }
                }
            }
            glyph.text_start = base + index32(offset);
            advance = advance.saturating_add(glyph.advance);
            glyphs.push(glyph);
            previous = Some((place, character));
        }
        Some(Shaped { advance, uneven: false })
    }

    /// The glyph of a character that stands alone.
    fn alone(&mut self, place: usize, character: char, shape: &mut dyn FnMut(&str, &mut Vec<Glyph>)) -> Option<Glyph> {
        if let Some(Some(glyph)) = self.alone.get(place) {
            return Some(*glyph);
        }
        let mut shaped = Vec::new();
        shape(character.encode_utf8(&mut [0; 4]), &mut shaped);
        let [mut glyph] = shaped.try_into().ok()?;
        glyph.text_length = length16(character.len_utf8());
        *self.alone.get_mut(place)? = Some(glyph);
        Some(glyph)
    }

    fn kerning(
        &mut self,
        (left, left_character): (usize, char),
        (right, right_character): (usize, char),
        shape: &mut dyn FnMut(&str, &mut Vec<Glyph>),
    ) -> Option<i32> {
        let slot = left * self.count + right;
        let mut known = self.kerning.get(slot).copied()?;
        if known == UNKNOWN {
            known = self.ask(left_character, right_character, shape).unwrap_or(UNFIT);
            *self.kerning.get_mut(slot)? = known;
        }
        (known != UNFIT).then_some(i32::from(known))
    }

    /// Shapes two characters together and says what the first one's advance gets; nothing when more than that happens.
    fn ask(&mut self, left: char, right: char, shape: &mut dyn FnMut(&str, &mut Vec<Glyph>)) -> Option<i16> {
        let first = self.alone(self.place(left)?, left, shape)?;
        let second = self.alone(self.place(right)?, right, shape)?;
        let mut shaped = Vec::new();
        shape(&String::from_iter([left, right]), &mut shaped);
        let [one, two] = shaped.try_into().ok()?;
        let bare = |glyph: &Glyph| (glyph.id, glyph.x_offset, glyph.y_offset);
        let alike = bare(&one) == bare(&first) && bare(&two) == bare(&second) && two.advance == second.advance;
        let kerning = i16::try_from(one.advance - first.advance).ok()?;
        (alike && kerning > UNFIT).then_some(kerning)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use harfrust::script;

    use super::super::language::TextLanguage;
    use super::super::shape::Plans;
    use super::*;
    use crate::fonts::testing;

    #[test]
    fn plain_text_comes_out_as_from_the_shaper() {
        let stems = [
            "Inter_400Regular",
            "Inter_700Bold",
            "SourceSerif4_400Regular",
            "PlayfairDisplay_400Regular",
            "JetBrainsMono_400Regular",
        ];
        let mut compared = 0;
        for (stem, tabular) in stems.into_iter().flat_map(|stem| [(stem, false), (stem, true)]) {
            let face = testing::face(stem);
            let features = Features { tabular, ..Features::PLAIN };
            let Some(mut pairs) = Pairs::new(&face, features) else { continue };
            let mut plans = Plans::default();
            let plan = plans.find(&face, script::LATIN, features, &TextLanguage::new("en")).unwrap();
            let all: Vec<char> =
                candidates(&face).into_iter().filter(|character| pairs.place(*character).is_some()).collect();
            // Texts without a pattern, from a small linear congruence.
            let mut state = 9_876_543_u64;
            let mut next = |bound: usize| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                usize::try_from(state >> 33).unwrap() % bound
            };
            for _ in 0..400 {
                let text: String = (0..1 + next(30)).map(|_| *all.get(next(all.len())).unwrap()).collect();
                let mut expected = Vec::new();
                let shaped = plans.shape(plan, &text, &mut expected);
                let mut glyphs = Vec::new();
                let given = pairs
                    .shape(
                        &text,
                        0,
                        &mut |text, out| {
                            plans.shape(plan, text, out);
                        },
                        &mut glyphs,
                    )
                    .unwrap();
                assert_eq!(glyphs, expected, "{stem} {text:?}");
                assert_eq!(given, shaped, "{stem} {text:?}");
                compared += 1;
            }
        }
        assert!(compared >= 2_000, "{compared}");
    }
}
