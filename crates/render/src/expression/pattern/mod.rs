//! Regular expressions of JavaScript without looking around and without backward references, matched in linear time.
//!
//! The standard way to match tries one way after the other and can take exponential time. Here all ways are followed
//! at once, each character is read once, and every step is taken from the fuel of the render.
//!
//! Characters are never halved: `.` takes a whole `😀` whether the flag `u` is set or not.

mod program;
mod search;
mod set;
mod syntax;

pub(super) use search::Found;

use super::error::ExpressionError;
use program::Program;

/// A compiled regular expression.
#[derive(Debug)]
pub struct Pattern {
    source: Box<str>,
    flags: Box<str>,
    pub(super) global: bool,
    ignore_case: bool,
    program: Program,
    /// The names of groups, by their numbers from 1.
    names: Box<[Option<Box<str>>]>,
}

/// What is wrong with the flags behind a regular expression, and what to write.
pub(super) fn flag_fault(flags: &str) -> Option<(String, &'static str)> {
    if let Some(flag) = flags.chars().find(|flag| !"gimsu".contains(*flag)) {
        let hint = "there are `g` (all), `i` (capital letters or not), `m` (lines), `s` (`.` takes line ends) and `u`";
        return Some((format!("the flag `{flag}` of a regular expression cannot be used here"), hint));
    }
    let twice = flags.char_indices().find(|(at, flag)| flags.get(..*at).is_some_and(|before| before.contains(*flag)));
    twice.map(|(_, flag)| (format!("the flag `{flag}` of a regular expression is there twice"), "write it once"))
}

impl Pattern {
    /// Compiles what stands between the slashes; `offset` is where it stands in the source of the expression.
    pub(super) fn compile(source: &str, flags: &str, offset: usize) -> Result<Self, ExpressionError> {
        if let Some((message, hint)) = flag_fault(flags) {
            let length = source.len() + 2 + flags.len();
            return Err(ExpressionError::new(offset.saturating_sub(1), length, message).with_hint(hint));
        }
        let has = |flag: char| flags.contains(flag);
        let rules = syntax::Rules { multiline: has('m'), dot_all: has('s'), unicode: has('u') };
        let (piece, names) = syntax::parse(source, rules, offset)?;
        let program = Program::new(&piece, names.len()).ok_or_else(|| {
            ExpressionError::new(offset, source.len(), "the regular expression is too large")
                .with_hint("repeat fewer times, such as `{1,100}`")
        })?;
        Ok(Self {
            source: source.into(),
            flags: flags.into(),
            global: has('g'),
            ignore_case: has('i'),
            program,
            names: names.into(),
        })
    }

    /// Appends the pattern as it is written.
    pub(super) fn write(&self, out: &mut String) {
        out.extend(["/", &self.source, "/", &self.flags]);
    }

    /// Bytes of the pattern as it is written.
    pub(super) fn written_length(&self) -> u64 {
        (self.source.len() as u64).saturating_add(self.flags.len() as u64).saturating_add(2)
    }

    /// Instructions that a search goes through at each character, at most.
    pub(super) fn instruction_count(&self) -> u64 {
        self.program.instructions.len() as u64
    }

    /// How many groups there are, without the whole match.
    pub(super) fn group_count(&self) -> u64 {
        self.names.len() as u64
    }

    /// The names of the groups, by their numbers from 1.
    pub(super) fn names(&self) -> &[Option<Box<str>>] {
        &self.names
    }
}
