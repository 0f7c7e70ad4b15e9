//! Strings: borrowed from the data, shared, or part of a compiled expression.

use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

/// A string of a value; cheap to clone.
#[derive(Clone)]
pub enum Text<'d> {
    /// Part of the data.
    Borrowed(&'d str),
    /// Made by an expression.
    Shared(Rc<str>),
    /// Written in an expression.
    Literal(Arc<str>),
}

impl<'d> Text<'d> {
    /// Cuts a piece out, given in bytes; data stays borrowed. Offsets inside a character give the empty string.
    pub(in crate::expression) fn piece(&self, start: usize, end: usize) -> Text<'d> {
        match self {
            Self::Borrowed(text) => Self::Borrowed(text.get(start..end).unwrap_or_default()),
            Self::Shared(text) if start == 0 && end == text.len() => self.clone(),
            Self::Literal(text) if start == 0 && end == text.len() => self.clone(),
            Self::Shared(_) | Self::Literal(_) => Self::Shared(self.get(start..end).unwrap_or_default().into()),
        }
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Shared(text) => text,
            Self::Literal(text) => text,
        }
    }
}

impl std::fmt::Debug for Text<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(&**self, formatter)
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text<'_> {}

impl Hash for Text<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        str::hash(self, state);
    }
}

impl std::borrow::Borrow<str> for Text<'_> {
    fn borrow(&self) -> &str {
        self
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        Self::Shared(text.into())
    }
}
