//! How far rules look from a character that is not plain.
//!
//! A rule that does anything has a place that only characters which are not plain can fill; its *anchor*. So whatever
//! the rules of a face do to a text is done around such characters, and depends on nothing but what their rules look
//! at: the rule itself, and the rules of its lookup, which are tried at the same glyph and may keep it from applying.
//! Going outwards from the anchor, looking ends where no rule finds what it needs.

use std::collections::BTreeMap;

use super::rule::{Effect, Rule};
use super::set::{CANDIDATE_COUNT_MAX, CharacterSet};

/// What rules look for around one character.
#[derive(Clone, Debug, Default)]
pub(in crate::text) struct Reach {
    /// What may stand before it, the nearest first; for each rule.
    before: Vec<Way>,
    /// What may stand after it.
    after: Vec<Way>,
    /// What stands before and after it when a rule does more than to put glyphs in place of others.
    changed: Vec<(Way, Way)>,
}

/// Candidates that a rule looks for, place by place.
type Way = Box<[CharacterSet]>;

/// Ways of looking that are kept for a character. Of more only the shaper knows.
const WAY_COUNT_MAX: usize = 1_000;

impl Reach {
    /// How many of the candidates before and after the character matter; both are given from the nearest on. Nothing
    /// when only the shaper knows what becomes of them.
    pub(in crate::text) fn around(
        &self,
        before: &(impl Iterator<Item = usize> + Clone),
        after: &(impl Iterator<Item = usize> + Clone),
    ) -> Option<(usize, usize)> {
        let is_met = |(left, right): &(Way, Way)| {
            fitting(left, before.clone()) == left.len() && fitting(right, after.clone()) == right.len()
        };
        if self.changed.iter().any(is_met) {
            return None;
        }
        let farthest = |lengths: &mut dyn Iterator<Item = usize>| lengths.max().unwrap_or(0);
        Some((
            farthest(&mut self.before.iter().map(|way| fitting(way, before.clone()))),
            farthest(&mut self.after.iter().map(|way| fitting(way, after.clone()))),
        ))
    }

    /// Adds what a rule looks for around a place at a distance from the glyph at which it is tried. Between that place
    /// and a rule that lies wholly beyond it, anything may stand.
    fn look(&mut self, rule: &Rule, offset: isize) {
        let any = |place: Option<&CharacterSet>| place.copied().unwrap_or(CharacterSet::ALL);
        let (first, end) = rule.extent();
        let before: Way = (first..offset).rev().map(|place| any(rule.at(place))).collect();
        let after: Way = (offset + 1..end).map(|place| any(rule.at(place))).collect();
        add(&mut self.before, &before);
        add(&mut self.after, &after);
        if rule.effect == Effect::Changes {
            self.changed.push((before, after));
        }
    }

    fn is_long(&self) -> bool {
        self.before.len().max(self.after.len()).max(self.changed.len()) > WAY_COUNT_MAX
    }
}

fn fitting(way: &Way, candidates: impl Iterator<Item = usize>) -> usize {
    way.iter().zip(candidates).take_while(|(place, candidate)| place.contains(*candidate)).count()
}

fn add(ways: &mut Vec<Way>, way: &Way) {
    if !way.is_empty() && !ways.contains(way) {
        ways.push(way.clone());
    }
}

/// How far rules look from each candidate that is not plain; nothing for those of which only the shaper knows.
pub(super) fn reaches(rules: &[Rule], gone: &CharacterSet) -> Vec<Option<Reach>> {
    let mut reaches = vec![Some(Reach::default()); CANDIDATE_COUNT_MAX];
    for lookup in rules.chunk_by(|rule, next| rule.lookup == next.lookup) {
        let mut anchors: BTreeMap<isize, CharacterSet> = BTreeMap::new();
        for rule in lookup.iter().filter(|rule| rule.effect != Effect::Blocks) {
            let only_gone = rule.places().filter(|(_, place)| place.without(gone).is_empty());
            let Some((offset, place)) = only_gone.min_by_key(|(offset, _)| offset.unsigned_abs()) else { continue };
            anchors.entry(offset).or_default().unite(place);
            if rule.skips {
                place.indexes().for_each(|index| forget(&mut reaches, index));
            }
        }
        for (offset, place) in anchors {
            for index in place.indexes() {
                let Some(Some(reach)) = reaches.get_mut(index) else { continue };
                for rule in lookup {
                    if rule.at(offset).is_none_or(|place| place.contains(index)) {
                        reach.look(rule, offset);
                    }
                }
                if reach.is_long() {
                    forget(&mut reaches, index);
                }
            }
        }
    }
    reaches
}

fn forget(reaches: &mut [Option<Reach>], index: usize) {
    if let Some(reach) = reaches.get_mut(index) {
        *reach = None;
    }
}
