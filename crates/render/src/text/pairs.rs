//! Shaping of plain text: the glyph of each character, and kerning between neighbours.

use super::features::Features;
use super::rules::{CharacterSet, candidates, plain_characters};
use super::shape::Shaped;
use super::units::{index32, length16};
use crate::document::Glyph;
use crate::fonts::Face;

/// Plain characters of a face with one set of features, and what is known of them so far.
pub(super) struct Pairs {
    /// Place of a character below U+0180 among the plain ones, plus one.
    low: Vec<u8>,
    /// Other plain characters, and their places.
    high: Vec<(char, u8)>,
    /// Glyphs of the plain characters, once they have been shaped alone.
    alone: Vec<Option<Glyph>>,
    /// What a character's advance gets before another one; [`UNKNOWN`] until it has been asked.
    kerning: Vec<i16>,
    count: usize,
}

/// A pair that has not been shaped yet.
const UNKNOWN: i16 = i16::MIN;

/// A pair that does not do what plain characters do. There should be none; the shaper is asked then.
const UNFIT: i16 = i16::MIN + 1;

/// Characters below this have a table.
const LOW_CHARACTER_COUNT: usize = 0x180;

impl Pairs {
    /// Looks which characters of a face are plain; nothing when none is, or when features were asked for by tag: those
    /// may do anything.
    pub(super) fn new(face: &Face, features: Features<'_>) -> Option<Self> {
        if !features.asked.is_empty() {
            return None;
        }
        let candidates = candidates(face);
        let plain: CharacterSet = plain_characters(face, &candidates, features)?;
        let mut pairs = Self {
            low: vec![0; LOW_CHARACTER_COUNT],
            high: Vec::new(),
            alone: Vec::new(),
            kerning: Vec::new(),
            count: 0,
        };
        let chosen = candidates.iter().enumerate().filter(|(index, _)| plain.contains(*index));
        // One place is kept free: 0 stands for "not plain".
        for (_, character) in chosen.take(usize::from(u8::MAX) - 1) {
            pairs.count += 1;
            let place = u8::try_from(pairs.count).unwrap_or(0);
            match pairs.low.get_mut(*character as usize) {
                Some(slot) => *slot = place,
                None => pairs.high.push((*character, place)),
            }
        }
        pairs.alone = vec![None; pairs.count];
        pairs.kerning = vec![UNKNOWN; pairs.count * pairs.count];
        Some(pairs)
    }

    fn place(&self, character: char) -> Option<usize> {
        let place = match self.low.get(character as usize) {
            Some(place) => *place,
            None => self.high.iter().find(|(known, _)| *known == character)?.1,
        };
        usize::from(place).checked_sub(1)
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
