//! The program behind an act: told once where a request or a command comes in, and written into every audit entry.
//!
//! It travels beside the task and not through every function, so that no entry, also of functions that are still to be
//! written, can be without it.

use std::future::Future;

/// Characters of a name: the usual ones have less than a hundred.
const LENGTH_MAX: usize = 120;

/// What a program calls itself: the `User-Agent` of a request, or a command of ours. It is a claim, not a proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramName(String);

tokio::task_local! {
    static PROGRAM: ProgramName;
}

impl ProgramName {
    /// The name without what could mislead a reader of the log: one line, visible ASCII, not too long. Nothing when nothing
    /// is left.
    #[must_use]
    pub fn new(claimed: &str) -> Option<Self> {
        let visible: String = claimed
            .chars()
            .map(|letter| if letter.is_ascii_graphic() { letter } else { ' ' })
            .take(LENGTH_MAX)
            .collect();
        let name = visible.split_whitespace().collect::<Vec<_>>().join(" ");
        (!name.is_empty()).then_some(Self(name))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Does something on behalf of a program.
pub async fn on_behalf_of<F: Future>(program: Option<ProgramName>, work: F) -> F::Output {
    match program {
        Some(program) => PROGRAM.scope(program, work).await,
        None => work.await,
    }
}

/// Does something in a task of its own on behalf of the program of this one.
pub fn on_the_same_behalf<F: Future>(work: F) -> impl Future<Output = F::Output> {
    on_behalf_of(current(), work)
}

/// The program on whose behalf this task works.
pub(crate) fn current() -> Option<ProgramName> {
    PROGRAM.try_with(Clone::clone).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(claimed: &str) -> Option<String> {
        ProgramName::new(claimed).map(|name| name.as_str().to_owned())
    }

    #[test]
    fn a_name_is_one_line_of_visible_letters_and_not_too_long() {
        assert_eq!(name("curl/8.5.0").as_deref(), Some("curl/8.5.0"));
        assert_eq!(name(" a\r\nb\u{202E}\u{1b}[31m  c ").as_deref(), Some("a b [31m c"));
        assert_eq!(name(&"x".repeat(10_000)).map(|name| name.len()), Some(120));
        for nothing in ["", " ", "\0\r\n", "\u{202E}"] {
            assert_eq!(name(nothing), None);
        }
    }

    #[tokio::test]
    async fn a_task_knows_its_program_and_no_other_does() {
        assert_eq!(current(), None);
        let known = on_behalf_of(ProgramName::new("curl"), async { current() }).await;
        assert_eq!(known, ProgramName::new("curl"));
        assert_eq!(on_behalf_of(None, async { current() }).await, None);
    }
}
