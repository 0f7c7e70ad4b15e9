//! What an import gives: a template, and notes on what is not in it.

use std::fmt;

use serde_json::Value as Json;

/// Notes that one import makes; who has more looks at the result first.
const NOTE_COUNT_MAX: usize = 200;

/// A template of format 1 with what there is to say about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The template.
    pub template: Json,
    /// What has no counterpart, or should be looked at; at most 200.
    pub notes: Vec<Note>,
}

/// One thing that was not carried over as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Where in the source: a name, an element with its line.
    pub place: String,
    /// What is different, and why.
    pub message: String,
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.message)
    }
}

/// Collects notes, equal ones once.
#[derive(Debug, Default)]
pub(crate) struct Notes(Vec<Note>);

impl Notes {
    pub(crate) fn add(&mut self, place: impl Into<String>, message: impl Into<String>) {
        let note = Note { place: place.into(), message: message.into() };
        if self.0.len() < NOTE_COUNT_MAX && !self.0.contains(&note) {
            self.0.push(note);
        }
    }

    pub(crate) fn into_list(self) -> Vec<Note> {
        self.0
    }
}
