//! Shrinking: of data that fails, the least that still does.

use serde_json::Value as Json;

use super::cases::Case;
use super::edit::{Edit, edited};
use super::{Counterexample, Fault, Trial};

/// Documents that are made to shrink one case; halving a text of 600 letters takes ten.
const ATTEMPT_COUNT_MAX: usize = 60;

/// Leaves out changes, then halves texts and lists, while the same fault stays.
pub(super) fn shrink(trial: &mut Trial<'_>, base: &Json, case: &Case, fault: Fault) -> Counterexample {
    let mut search = Search { trial, base, edits: case.edits.clone(), fault, attempts_left: ATTEMPT_COUNT_MAX };
    search.leave_out();
    for index in 0..search.edits.len() {
        search.halve(index);
    }
    let Search { edits, fault, .. } = search;
    let mut paths: Vec<_> = edits.iter().map(Edit::path).collect();
    paths.dedup();
    Counterexample { fault, case: case.name.clone(), paths, data: edited(base, &edits) }
}

struct Search<'s, 'a> {
    trial: &'s mut Trial<'a>,
    base: &'s Json,
    edits: Vec<Edit>,
    fault: Fault,
    attempts_left: usize,
}

impl Search<'_, '_> {
    /// Takes these edits instead when the fault stays.
    fn attempt(&mut self, edits: Vec<Edit>) -> bool {
        if self.attempts_left == 0 {
            return false;
        }
        self.attempts_left -= 1;
        let data = edited(self.base, &edits);
        let is_allowed = self.trial.schema.problems(&data).len() <= self.trial.schema.problems(self.base).len();
        let key = self.fault.key();
        let Some(fault) =
            is_allowed.then(|| self.trial.faults(&data).into_iter().find(|fault| fault.key() == key)).flatten()
        else {
            return false;
        };
        self.fault = fault;
        self.edits = edits;
        true
    }

    /// Leaves out edits: halves first, then ever smaller parts.
    fn leave_out(&mut self) {
        let mut size = self.edits.len().div_ceil(2);
        while size > 0 && self.edits.len() > 1 {
            let mut start = 0;
            while start < self.edits.len() && self.edits.len() > 1 && self.attempts_left > 0 {
                let mut fewer = self.edits.clone();
                fewer.drain(start..(start + size).min(fewer.len()));
                if fewer.is_empty() || !self.attempt(fewer) {
                    start += size;
                }
            }
            if self.attempts_left == 0 {
                return;
            }
            size /= 2;
        }
    }

    /// Takes less and less of a text or a list.
    fn halve(&mut self, index: usize) {
        let mut step = match self.edits.get(index).and_then(|edit| edit.value.as_ref()) {
            Some(Json::String(text)) => text.chars().count() / 2,
            Some(Json::Array(items)) => items.len() / 2,
            _ => return,
        };
        while step > 0 && self.attempts_left > 0 {
            let mut edits = self.edits.clone();
            let Some(value) = edits.get_mut(index).and_then(|edit| edit.value.as_mut()) else { return };
            match value {
                Json::String(text) => {
                    let kept = text.chars().count().saturating_sub(step);
                    *text = text.chars().take(kept).collect();
                }
                Json::Array(items) => items.truncate(items.len().saturating_sub(step)),
                _ => return,
            }
            if !self.attempt(edits) {
                step /= 2;
            }
        }
    }
}
