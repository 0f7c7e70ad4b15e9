//! Scopes: the names that an expression can read, as a chain on the stack of the caller.

use super::value::Value;

/// Names and their values; a child points at its parent, so that a loop over rows allocates nothing.
#[derive(Debug)]
pub struct Scope<'s, 'd> {
    name: &'s str,
    value: Value<'d>,
    parent: Option<&'s Scope<'s, 'd>>,
}

impl<'s, 'd> Scope<'s, 'd> {
    /// Makes the outermost scope, in which only `data` is defined.
    pub fn new(data: &'d serde_json::Value) -> Self {
        Self { name: "data", value: Value::from_json(data), parent: None }
    }

    /// Makes a scope inside this one with one more name, which hides an equal name further out.
    pub fn with<'c>(&'c self, name: &'c str, value: Value<'d>) -> Scope<'c, 'd> {
        Scope { name, value, parent: Some(self) }
    }

    /// Finds a name, innermost first.
    pub fn get(&self, name: &str) -> Option<&Value<'d>> {
        let mut scope = self;
        loop {
            if scope.name == name {
                return Some(&scope.value);
            }
            scope = scope.parent?;
        }
    }

    /// Lists the names from the innermost to `data`.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::successors(Some(self), |scope| scope.parent).map(|scope| scope.name)
    }
}
