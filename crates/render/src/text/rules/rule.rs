//! A rule of a font, as far as the candidates can meet it.

use super::set::CharacterSet;

/// A rule: what it needs to stand where. A place holds the candidates that may show one of its glyphs.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    /// What stands before the glyph at which it is tried, the nearest first.
    pub(super) before: Vec<CharacterSet>,
    /// That glyph and what follows.
    pub(super) from: Vec<CharacterSet>,
    pub(super) effect: Effect,
    /// Number of its lookup: of the rules of a lookup, one applies at a glyph.
    pub(super) lookup: usize,
    /// Whether it passes over glyphs, and so looks farther than it has places.
    pub(super) skips: bool,
}

/// What a rule does when it applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing: it keeps the other rules of its lookup from applying.
    Blocks,
    /// It puts single glyphs in place of single glyphs.
    Replaces,
    /// Anything.
    Changes,
}

impl Rule {
    /// What stands at a distance from the glyph at which it is tried; nothing when it does not look there.
    pub(super) fn at(&self, offset: isize) -> Option<&CharacterSet> {
        match usize::try_from(offset) {
            Ok(after) => self.from.get(after),
            Err(_) => self.before.get(offset.unsigned_abs() - 1),
        }
    }

    /// The distances of its first place and of the end of its last one.
    pub(super) fn extent(&self) -> (isize, isize) {
        let length = |places: &[CharacterSet]| isize::try_from(places.len()).unwrap_or(isize::MAX);
        (-length(&self.before), length(&self.from))
    }

    /// All its places, with their distances from the glyph at which it is tried.
    pub(super) fn places(&self) -> impl Iterator<Item = (isize, &CharacterSet)> {
        let before = (1..).zip(&self.before).map(|(distance, place): (isize, _)| (-distance, place));
        before.chain((0..).zip(&self.from))
    }
}

/// Characters without which no rule can do anything: for each rule those of its cheapest place, beginning with the
/// rules that leave no choice.
pub(super) fn hit(rules: &[Rule], costs: &[u32]) -> CharacterSet {
    let mut gone = CharacterSet::default();
    let price = |set: &CharacterSet| set.indexes().map(|index| costs.get(index).copied().unwrap_or(1)).sum::<u32>();
    let mut acting: Vec<&Rule> = rules.iter().filter(|rule| rule.effect != Effect::Blocks).collect();
    acting.sort_by_cached_key(|rule| rule.places().map(|(_, place)| price(place)).min());
    for rule in acting {
        let rest = rule.places().map(|(_, place)| place.without(&gone));
        if let Some((_, cheapest)) = rest.map(|rest| (price(&rest), rest)).min_by_key(|(price, _)| *price) {
            gone.unite(&cheapest);
        }
    }
    gone
}
