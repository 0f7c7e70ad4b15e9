//! The object reader: asks for properties one by one, and either reads them from JSON or records what was asked.

use serde_json::{Map, Value as Json};

use super::Strictness;
use super::describe::{Description, Property};
use super::reading::{Reading, suggestion};
use super::shape::Shape;
use crate::diagnostic::{Diagnostic, codes};

/// Reads one JSON object, or describes it: the same calls do both, so that reading and schema cannot disagree.
///
/// A reading function asks for **every** property before it gives up, so that all findings are reported and the
/// description is complete.
pub(super) struct ObjectReader<'r> {
    side: Side<'r>,
    title: &'static str,
    known: Vec<&'static str>,
}

enum Side<'r> {
    Read { object: &'r Map<String, Json>, reading: &'r mut Reading },
    Describe { description: &'r mut Description, properties: Vec<Property> },
}

impl<'r> ObjectReader<'r> {
    /// Reads `object`; `title` is how messages call it, such as `a text node`.
    pub(super) fn reading(title: &'static str, object: &'r Map<String, Json>, reading: &'r mut Reading) -> Self {
        Self { side: Side::Read { object, reading }, title, known: Vec::new() }
    }

    /// Records what is asked.
    pub(super) fn describing(title: &'static str, description: &'r mut Description) -> Self {
        Self { side: Side::Describe { description, properties: Vec::new() }, title, known: Vec::new() }
    }

    /// A property that may be left out and then has no value.
    pub(super) fn optional<S: Shape>(&mut self, name: &'static str, shape: S, doc: &'static str) -> Option<S::Value> {
        self.ask(name, &shape, None, false, doc)
    }

    /// A property that may be left out and then has this value.
    pub(super) fn or<S: Shape>(
        &mut self,
        name: &'static str,
        shape: S,
        default: S::Value,
        doc: &'static str,
    ) -> S::Value {
        let shown = shape.show(&default);
        self.ask(name, &shape, shown, false, doc).unwrap_or(default)
    }

    /// A property that must be there. None means that a finding was reported (or that nothing is read at all).
    pub(super) fn required<S: Shape>(&mut self, name: &'static str, shape: S, doc: &'static str) -> Option<S::Value> {
        if let Side::Read { object, reading } = &mut self.side
            && !is_given(object, name, reading.strictness)
        {
            let message = format!("{} needs `{name}`", self.title);
            reading.error(codes::MISSING_PROPERTY, message, None);
        }
        self.ask(name, &shape, None, true, doc)
    }

    /// Whether the property is there, whatever it holds. Never while describing.
    pub(super) fn has(&self, name: &str) -> bool {
        match &self.side {
            Side::Read { object, reading } => is_given(object, name, reading.strictness),
            Side::Describe { .. } => false,
        }
    }

    /// How messages call this object.
    pub(super) fn title(&self) -> &'static str {
        self.title
    }

    /// The state of the reading; none while describing.
    pub(super) fn state(&mut self) -> Option<&mut Reading> {
        match &mut self.side {
            Side::Read { reading, .. } => Some(reading),
            Side::Describe { .. } => None,
        }
    }

    /// Reports an error about this object, or about one of its properties.
    pub(super) fn error_at(&mut self, name: Option<&str>, code: &'static str, message: String, hint: Option<String>) {
        let Some(reading) = self.state() else { return };
        match name {
            Some(name) => reading.within(name, |reading| reading.error(code, message, hint)),
            None => reading.error(code, message, hint),
        }
    }

    /// Warns of a property that is there and changes nothing.
    pub(super) fn no_effect(&mut self, name: &'static str, because: &str) {
        if self.has(name)
            && let Some(reading) = self.state()
        {
            let message = format!("`{name}` has no effect {because}");
            reading.within(name, |reading| reading.warning(codes::INVALID_VALUE, message, None));
        }
    }

    /// Reports two properties that exclude each other; the second one is blamed.
    pub(super) fn exclude(&mut self, first: &'static str, second: &'static str) {
        if self.has(first) && self.has(second) {
            let message = format!("{} has either `{first}` or `{second}`, not both", self.title);
            self.error_at(Some(second), codes::INVALID_VALUE, message, Some(format!("leave out `{second}`")));
        }
    }

    /// Reports the properties that nobody asked for.
    pub(super) fn finish(self) {
        let Self { side, title, known } = self;
        let Side::Read { object, reading } = side else { return };
        if reading.strictness == Strictness::Lenient {
            return;
        }
        for name in object.keys() {
            if known.iter().any(|known| known == name) {
                continue;
            }
            let shown = super::reading::shortened(name);
            let message = format!("{title} has no property `{shown}`");
            let hint = suggestion(name, "it has", known.iter().copied());
            let diagnostic = reading.within(name, |reading| {
                Diagnostic::error(codes::UNKNOWN_PROPERTY, reading.pointer(), message).with_hint(hint)
            });
            reading.report(diagnostic);
        }
    }

    /// What was recorded.
    pub(super) fn into_properties(self) -> Vec<Property> {
        match self.side {
            Side::Read { .. } => Vec::new(),
            Side::Describe { properties, .. } => properties,
        }
    }

    fn ask<S: Shape>(
        &mut self,
        name: &'static str,
        shape: &S,
        default: Option<Json>,
        required: bool,
        doc: &'static str,
    ) -> Option<S::Value> {
        match &mut self.side {
            Side::Read { object, reading } => {
                self.known.push(name);
                let json = object.get(name)?;
                if json.is_null() && reading.strictness == Strictness::Lenient {
                    return None;
                }
                reading.within(name, |reading| shape.read(json, reading))
            }
            Side::Describe { description, properties } => {
                let form = shape.form(description);
                properties.push(Property { name, doc, required, default, form });
                None
            }
        }
    }
}

fn is_given(object: &Map<String, Json>, name: &str, strictness: Strictness) -> bool {
    match object.get(name) {
        None => false,
        Some(Json::Null) => strictness == Strictness::Check,
        Some(_) => true,
    }
}
