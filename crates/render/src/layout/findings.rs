//! The findings of a render: equal ones once, a bounded number, and whether one of them is an error.

use crate::diagnostic::{Diagnostic, Severity};

/// Findings that are kept; who has more mends these first.
const FINDING_COUNT_MAX: usize = 100;

/// Collects findings.
#[derive(Debug, Default)]
pub(super) struct Findings {
    list: Vec<Diagnostic>,
    has_error: bool,
}

impl Findings {
    /// Adds a finding, unless an equal one is there. An error is kept even when the list is full: it takes the place
    /// of the last warning.
    pub(super) fn push(&mut self, finding: Diagnostic) {
        // The usual repetition is row after row: look at the newest first.
        if self.list.iter().rev().any(|known| *known == finding) {
            return;
        }
        let is_error = finding.severity == Severity::Error;
        if self.list.len() < FINDING_COUNT_MAX {
            self.list.push(finding);
        } else if is_error
            && !self.has_error
            && let Some(last) = self.list.last_mut()
        {
            *last = finding;
        }
        self.has_error |= is_error;
    }

    /// All findings, and whether the document can be made.
    pub(super) fn into_result(self) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
        if self.has_error { Err(self.list) } else { Ok(self.list) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_findings_are_kept_once_and_the_number_is_bounded() {
        let mut findings = Findings::default();
        for number in 0..300 {
            findings.push(Diagnostic::warning("overflow", "/body", format!("{}", number % 150)));
        }
        assert_eq!(findings.into_result().map(|list| list.len()), Ok(FINDING_COUNT_MAX));
    }

    #[test]
    fn an_error_is_never_lost() {
        let mut findings = Findings::default();
        for number in 0..FINDING_COUNT_MAX {
            findings.push(Diagnostic::warning("overflow", "/body", format!("{number}")));
        }
        findings.push(Diagnostic::error("limit-exceeded", "", "too much"));
        let result = findings.into_result();
        assert!(result.is_err_and(|list| list.iter().any(|finding| finding.code == "limit-exceeded")));
    }
}
