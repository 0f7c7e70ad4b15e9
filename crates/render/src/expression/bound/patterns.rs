//! What searches with regular expressions take at most.

use super::function::Given;
use super::shape::kind::{LIST, NULLISH};
use super::{Bounder, Result, Shape};
use crate::expression::methods::Method;

impl Bounder<'_> {
    /// One search: at each position every instruction is reached at most once, hands on to two others, and is asked.
    fn search(&mut self, pattern: &Shape, size: u64) {
        let instructions = pattern.search.instructions;
        let at_each = instructions.saturating_mul(4).saturating_add(2);
        self.spend(instructions / 8);
        self.spend(size.saturating_add(1).saturating_mul(at_each));
    }

    /// Searches for one match or all of them; gives how many there may be.
    fn searches(&mut self, pattern: &Shape, size: u64) -> u64 {
        if pattern.search.is_global {
            return self.searches_behind(pattern, size);
        }
        self.search(pattern, size);
        1
    }

    /// A search behind each match, where an empty one may stand at each position: each goes over what the ones before
    /// have left, which is half of the text on average.
    fn searches_behind(&mut self, pattern: &Shape, size: u64) -> u64 {
        let count = size.saturating_add(2);
        let before = std::mem::take(&mut self.cost);
        self.search(pattern, size);
        let all = self.cost.times(count);
        let half =
            super::Cost { steps: all.steps.div_ceil(2).saturating_add(self.cost.steps.saturating_mul(2)), ..all };
        self.cost = before.and(half);
        count
    }

    fn groups(&mut self, pattern: &Shape, size: u64) -> Shape {
        let groups = pattern.search.groups;
        self.list(groups.saturating_add(1), Shape::text(size).maybe())
    }

    pub(super) fn pattern_method(&mut self, receiver: &Shape, method: Method, given: &Given) -> Shape {
        match method {
            Method::Exec | Method::Test => {
                let size = self.display(&given.at(0));
                self.search(receiver, size);
                if method == Method::Test { Shape::bool() } else { self.groups(receiver, size).maybe() }
            }
            Method::ToString => {
                let size = self.append(receiver);
                Shape::text(size)
            }
            _ => receiver.clone(),
        }
    }

    pub(super) fn text_with_pattern(
        &mut self,
        receiver: &Shape,
        pattern: &Shape,
        method: Method,
        given: &Given,
    ) -> Result<Shape> {
        let size = receiver.text;
        let groups = pattern.search.groups;
        Ok(match method {
            Method::Match => {
                let matches = self.searches(pattern, size);
                let groups = self.groups(pattern, size);
                self.list(matches, Shape::text(size)).or(&groups).maybe()
            }
            Method::MatchAll => {
                let matches = self.searches(pattern, size);
                let found = self.times(matches, |bounder| Ok(bounder.groups(pattern, size)))?;
                self.list(matches, found)
            }
            Method::Search => {
                self.search(pattern, size);
                Shape::number(1e15)
            }
            Method::Replace | Method::ReplaceAll => {
                let matches = self.searches(pattern, size);
                self.times(matches, |bounder| {
                    bounder.object(groups);
                    Ok(())
                })?;
                // The match and its groups, where it stands, the text, and the groups by their names.
                let mut values = vec![Shape::text(size).maybe()];
                let part = Shape::text(size).maybe().or(&Shape::number(1e15));
                let named = Shape::object(Vec::new(), Some((groups, super::NUMBER_BYTES.max(100), part.clone())));
                let any = part.or(&named);
                values.extend((0..groups.saturating_add(2)).map(|_| any.clone()));
                self.replaced(receiver, matches, &given.at(1), &values)?
            }
            Method::Split => {
                let matches = self.searches_behind(pattern, size);
                let pieces = matches.saturating_mul(groups.saturating_add(1)).saturating_add(1);
                self.list(pieces, Shape::text(size).maybe())
            }
            _ => {
                // Any other method takes the pattern as its text.
                let mut text = pattern.clone();
                text.kinds = super::TEXT;
                text.search = super::shape::Search::default();
                self.append(pattern);
                let text = Shape { kinds: super::TEXT & !(LIST | NULLISH), ..text };
                let fixed = std::iter::once(text).chain(given.fixed.iter().skip(1).cloned()).collect();
                let given = Given { fixed, spread: given.spread.clone() };
                self.known_method(&Shape { kinds: super::TEXT, ..receiver.clone() }, method, &given)?
            }
        })
    }
}
