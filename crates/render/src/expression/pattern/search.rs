//! The search: all ways through a program at once, in the order in which the standard would try them.

use super::Pattern;
use super::program::Instruction;
use super::set::{folded, is_word};
use super::syntax::Assertion;
use crate::expression::error::EvaluationError;
use crate::expression::evaluate::Machine;
use std::rc::Rc;

/// Where groups begin and end, in bytes; `None` where a group took no part.
type Slots = Rc<[Option<usize>]>;

/// A match: byte offsets of the whole and of its groups.
#[derive(Clone, Debug)]
pub(in crate::expression) struct Found {
    slots: Slots,
}

impl Found {
    /// Where the match begins and ends.
    pub(in crate::expression) fn range(&self) -> (usize, usize) {
        self.group(0).unwrap_or((0, 0))
    }

    /// Where a group begins and ends; 0 is the whole match.
    pub(in crate::expression) fn group(&self, number: usize) -> Option<(usize, usize)> {
        let slot = |index: usize| self.slots.get(index).copied().flatten();
        Some((slot(number * 2)?, slot(number * 2 + 1)?))
    }

    /// How many groups there are, without the whole match.
    pub(in crate::expression) fn group_count(&self) -> usize {
        (self.slots.len() / 2).saturating_sub(1)
    }
}

/// Ways at one position, the preferred ones first; each place of the program is in it once.
struct Ways {
    list: Vec<(usize, Slots)>,
    /// The position at which a place was last added.
    seen: Vec<usize>,
}

impl Pattern {
    /// Finds the first match that begins at a byte offset or behind it.
    pub(in crate::expression) fn find(
        &self,
        machine: &mut Machine<'_, '_, '_>,
        text: &str,
        start: usize,
    ) -> Result<Option<Found>, EvaluationError> {
        let size = self.program.instructions.len();
        let mut now = Ways { list: Vec::new(), seen: vec![usize::MAX; size] };
        let mut next = Ways { list: Vec::new(), seen: vec![usize::MAX; size] };
        machine.spend(size as u64 / 8)?;
        let mut found: Option<Slots> = None;
        let mut at = start;
        loop {
            if found.is_none() {
                let mut slots = vec![None; self.program.slot_count];
                if let Some(first) = slots.first_mut() {
                    *first = Some(at);
                }
                self.add(machine, &mut now, 0, slots.into(), text, at)?;
            }
            // Without a match a new way may begin at the next character.
            if now.list.is_empty() && found.is_some() {
                break;
            }
            let character = text.get(at..).and_then(|rest| rest.chars().next());
            let behind = at + character.map_or(1, char::len_utf8);
            for (place, slots) in now.list.drain(..) {
                machine.spend(1)?;
                let taken = match (self.program.instructions.get(place), character) {
                    (Some(Instruction::Match), _) => {
                        let mut slots = slots.to_vec();
                        if let Some(end) = slots.get_mut(1) {
                            *end = Some(at);
                        }
                        found = Some(slots.into());
                        // Ways behind this one are less preferred.
                        break;
                    }
                    (Some(Instruction::Character(wanted)), Some(character)) => {
                        *wanted == character || self.ignore_case && folded(*wanted) == folded(character)
                    }
                    (Some(Instruction::Set(set)), Some(character)) => set.contains(character, self.ignore_case),
                    _ => false,
                };
                if taken {
                    self.add(machine, &mut next, place + 1, slots, text, behind)?;
                }
            }
            now.list.clear();
            if character.is_none() {
                break;
            }
            std::mem::swap(&mut now, &mut next);
            at = behind;
        }
        Ok(found.map(|slots| Found { slots }))
    }

    /// Adds a way and everything that it leads to without taking a character.
    fn add(
        &self,
        machine: &mut Machine<'_, '_, '_>,
        ways: &mut Ways,
        place: usize,
        slots: Slots,
        text: &str,
        at: usize,
    ) -> Result<(), EvaluationError> {
        let mut open = vec![(place, slots)];
        while let Some((place, slots)) = open.pop() {
            machine.spend(1)?;
            let (Some(seen), Some(instruction)) = (ways.seen.get_mut(place), self.program.instructions.get(place))
            else {
                continue;
            };
            if *seen == at {
                continue;
            }
            *seen = at;
            match instruction {
                Instruction::Jump(target) => open.push((*target, slots)),
                Instruction::Split(first, second) => {
                    open.push((*second, Rc::clone(&slots)));
                    open.push((*first, slots));
                }
                Instruction::Save(slot) => open.push((place + 1, changed(&slots, *slot..slot + 1, Some(at)))),
                Instruction::Forget(from, to) => open.push((place + 1, changed(&slots, from * 2..to * 2, None))),
                Instruction::Assertion(assertion) if holds(*assertion, text, at) => open.push((place + 1, slots)),
                Instruction::Assertion(_) => {}
                Instruction::Character(_) | Instruction::Set(_) | Instruction::Match => ways.list.push((place, slots)),
            }
        }
        Ok(())
    }
}

fn changed(slots: &Slots, range: std::ops::Range<usize>, value: Option<usize>) -> Slots {
    let mut slots = slots.to_vec();
    if let Some(changed) = slots.get_mut(range) {
        changed.fill(value);
    }
    slots.into()
}

fn holds(assertion: Assertion, text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|text| text.chars().next_back());
    let behind = text.get(at..).and_then(|text| text.chars().next());
    let ends_line = |character: Option<char>| matches!(character, None | Some('\n' | '\r' | '\u{2028}' | '\u{2029}'));
    let at_edge = before.is_some_and(is_word) != behind.is_some_and(is_word);
    match assertion {
        Assertion::TextStart => before.is_none(),
        Assertion::TextEnd => behind.is_none(),
        Assertion::LineStart => ends_line(before),
        Assertion::LineEnd => ends_line(behind),
        Assertion::WordEdge => at_edge,
        Assertion::NoWordEdge => !at_edge,
    }
}
