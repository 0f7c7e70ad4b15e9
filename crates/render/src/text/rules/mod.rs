//! Which characters of a face are *plain*: any text of them is shaped character by character, plus kerning of
//! neighbours. Shaping such text is then a matter of adding numbers, with exactly the shaper's result.
//!
//! A font changes text by rules (OpenType GSUB and GPOS): each needs certain glyphs in certain places. A rule cannot
//! apply to text in which one of its places finds no glyph. So, rule by rule, the characters of one place are taken
//! out of the plain ones, of the place that costs least. What remains is safe by construction. Anything that is not
//! understood makes the whole face unfit.
//!
//! Around a character that was taken out, rules may apply; how far they look from it is its [`Reach`].

mod context;
mod reach;
mod read;
mod rule;
mod set;

use read_fonts::types::Tag;

pub(super) use self::reach::Reach;
use self::read::Rules;
use self::rule::Rule;
pub(super) use self::set::{CANDIDATE_COUNT_MAX, CharacterSet};
use super::classify::SOFT_HYPHEN;
use super::features::Features;
use crate::fonts::Face;

/// What the rules of a face leave to a text of the candidates.
pub(super) struct Plainness {
    /// The plain characters.
    pub(super) plain: CharacterSet,
    /// How far rules look from the others; nothing for those whose text only the shaper knows.
    pub(super) reaches: Vec<Option<Reach>>,
}

/// The characters that are looked at: Latin as far as western Europe writes it, with the marks of business letters.
pub(super) fn candidates(face: &Face) -> Vec<char> {
    let marks = ['–', '—', '‘', '’', '“', '”', '„', '•', '…', '€', '\u{202F}', '−'];
    let all = (' '..='~').chain('\u{A0}'..='ÿ').chain(marks);
    let known = all.filter(|character| *character != SOFT_HYPHEN && face.glyph(*character).is_some());
    known.take(CANDIDATE_COUNT_MAX).collect()
}

/// Which of the candidates are plain; nothing when none is, or when the face has what is not understood.
pub(super) fn plainness(face: &Face, candidates: &[char], features: Features<'_>) -> Option<Plainness> {
    let font = face.shaped_font()?;
    let has_table = |tag: &[u8; 4]| font.table_data(Tag::new(tag)).is_some();
    if [b"morx", b"kerx", b"trak"].into_iter().any(has_table) || has_table(b"kern") && !read::kerns_by_gpos(&font) {
        return None;
    }
    let mut rules = Rules::new(face, candidates);
    rules.read_marks(&font);
    rules.read_substitutions(&font, features).ok()??;
    rules.read_positions(&font, features).ok()??;
    let rules = rules.rules;
    let mut plain = CharacterSet::default();
    (0..candidates.len()).for_each(|index| plain.insert(index));
    let gone = rule::hit(&rules, &candidates.iter().map(|character| cost(*character)).collect::<Vec<_>>());
    let plain = plain.without(&gone);
    (!plain.is_empty()).then(|| Plainness { plain, reaches: reach::reaches(&rules, &gone) })
}

/// Figures, letters and the space are what text is made of; brackets and arrows can be spared.
fn cost(character: char) -> u32 {
    match character {
        '0'..='9' | ' ' | '.' | ',' => 100,
        'a'..='z' | 'A'..='Z' => 50,
        character if character.is_alphabetic() => 10,
        '-' | ':' | '/' | '€' | '%' | '\u{A0}' => 10,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::fonts::testing;

    fn plain(stem: &str) -> String {
        let face = testing::face(stem);
        let candidates = candidates(&face);
        let set = plainness(&face, &candidates, Features::PLAIN).unwrap().plain;
        candidates
            .iter()
            .enumerate()
            .filter(|(index, _)| set.contains(*index))
            .map(|(_, character)| character)
            .collect()
    }

    #[test]
    fn figures_and_letters_are_plain_where_a_font_has_no_rules_for_them() {
        for stem in ["Inter_400Regular", "Inter_600SemiBold"] {
            let plain = plain(stem);
            for wanted in "0123456789., ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwyz€%/ÄÖÜäöüßéèñ".chars()
            {
                assert!(plain.contains(wanted), "{stem}: {wanted:?} is not among {plain}");
            }
        }
        assert!(plain("SourceSerif4_400Regular").contains("0123456789"));
    }

    #[test]
    fn what_takes_part_in_ligatures_or_rules_is_not_plain() {
        let inter = plain("Inter_400Regular");
        assert!(!inter.contains("-") && !inter.contains(":") && !inter.contains("("), "{inter}");
        assert!(!plain("PlayfairDisplay_400Regular").contains('f'));
    }
}
