//! The program of a regular expression: instructions that all ways through it share.

use super::set::Set;
use super::syntax::{Assertion, Piece, Repeat};

/// Instructions of one program; a search follows at most as many ways at once.
const INSTRUCTION_COUNT_MAX: usize = 3_000;

/// One instruction; numbers are places of others.
#[derive(Debug)]
pub(super) enum Instruction {
    Character(char),
    Set(Set),
    Assertion(Assertion),
    /// Goes on at both, the first one preferred.
    Split(usize, usize),
    Jump(usize),
    /// Notes the position in a slot; group `n` has the slots `2n` and `2n + 1`.
    Save(usize),
    /// Forgets groups: from, and up to but without.
    Forget(usize, usize),
    Match,
}

/// The instructions, and how many slots they write.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) instructions: Vec<Instruction>,
    pub(super) slot_count: usize,
}

impl Program {
    /// Makes the program; `None` when it is too large.
    pub(super) fn new(piece: &Piece, group_count: usize) -> Option<Self> {
        let mut program = Self { instructions: Vec::new(), slot_count: (group_count + 1) * 2 };
        program.piece(piece)?;
        program.push(Instruction::Match)?;
        Some(program)
    }

    fn push(&mut self, instruction: Instruction) -> Option<usize> {
        let place = self.instructions.len();
        self.instructions.push(instruction);
        (place < INSTRUCTION_COUNT_MAX).then_some(place)
    }

    fn set(&mut self, place: usize, instruction: Instruction) {
        if let Some(slot) = self.instructions.get_mut(place) {
            *slot = instruction;
        }
    }

    fn piece(&mut self, piece: &Piece) -> Option<()> {
        match piece {
            Piece::Character(character) => drop(self.push(Instruction::Character(*character))?),
            Piece::Set(set) => drop(self.push(Instruction::Set(set.clone()))?),
            Piece::Assertion(assertion) => drop(self.push(Instruction::Assertion(*assertion))?),
            Piece::Group(None, inside) => self.piece(inside)?,
            Piece::Group(Some(number), inside) => {
                self.push(Instruction::Save(number * 2))?;
                self.piece(inside)?;
                self.push(Instruction::Save(number * 2 + 1))?;
            }
            Piece::Sequence(pieces) => {
                for piece in pieces {
                    self.piece(piece)?;
                }
            }
            Piece::Alternatives(all) => self.alternatives(all)?,
            Piece::Repeat(repeat) => self.repeat(repeat)?,
        }
        Some(())
    }

    fn alternatives(&mut self, all: &[Piece]) -> Option<()> {
        let mut ends = Vec::new();
        for (index, piece) in all.iter().enumerate() {
            if index + 1 == all.len() {
                self.piece(piece)?;
                break;
            }
            let split = self.push(Instruction::Split(0, 0))?;
            self.piece(piece)?;
            ends.push(self.push(Instruction::Jump(0))?);
            let next = self.instructions.len();
            self.set(split, Instruction::Split(split + 1, next));
        }
        let end = self.instructions.len();
        for jump in ends {
            self.set(jump, Instruction::Jump(end));
        }
        Some(())
    }

    fn repeat(&mut self, repeat: &Repeat) -> Option<()> {
        for _ in 0..repeat.least {
            self.turn(repeat)?;
        }
        match repeat.most {
            None => {
                let split = self.push(Instruction::Split(0, 0))?;
                self.turn(repeat)?;
                self.push(Instruction::Jump(split))?;
                self.split(split, repeat.greedy);
            }
            Some(most) => {
                let mut splits = Vec::new();
                for _ in repeat.least..most {
                    splits.push(self.push(Instruction::Split(0, 0))?);
                    self.turn(repeat)?;
                }
                for split in splits {
                    self.split(split, repeat.greedy);
                }
            }
        }
        Some(())
    }

    /// One turn of a repetition; what groups inside held is forgotten first (ECMA-262 22.2.2.3.1, step 4).
    fn turn(&mut self, repeat: &Repeat) -> Option<()> {
        if repeat.groups.0 < repeat.groups.1 {
            self.push(Instruction::Forget(repeat.groups.0, repeat.groups.1))?;
        }
        self.piece(&repeat.piece)
    }

    /// Lets a split choose between what follows it and the end of the program so far.
    fn split(&mut self, split: usize, greedy: bool) {
        let end = self.instructions.len();
        let (inside, behind) = (split + 1, end);
        self.set(split, if greedy { Instruction::Split(inside, behind) } else { Instruction::Split(behind, inside) });
    }
}
