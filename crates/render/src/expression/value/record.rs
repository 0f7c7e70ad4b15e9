//! Objects: made ones, which keep the order of their keys, and those of the data.

use super::{Text, Value};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use std::rc::Rc;

/// The entries of a made object, in order of insertion.
pub(in crate::expression) type Entries<'d> = IndexMap<Text<'d>, Value<'d>, FxBuildHasher>;

/// An object that an expression made.
#[derive(Debug)]
pub struct Object<'d> {
    entries: Entries<'d>,
    depth: u32,
}

impl<'d> Object<'d> {
    pub(in crate::expression) fn new(entries: Entries<'d>) -> Self {
        let depth = entries.values().map(Value::depth).max().unwrap_or(0).saturating_add(1);
        Self { entries, depth }
    }

    /// Makes an object of names that outlive it.
    pub fn of_names(entries: impl IntoIterator<Item = (&'d str, Value<'d>)>) -> Self {
        Self::new(entries.into_iter().map(|(name, value)| (Text::Borrowed(name), value)).collect())
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value<'d>> {
        self.entries.get(key)
    }

    pub(in crate::expression) fn depth(&self) -> u32 {
        self.depth
    }
}

/// An object of either origin; cheap to clone.
#[derive(Clone, Debug)]
pub enum Record<'d> {
    /// Made by an expression.
    Made(Rc<Object<'d>>),
    /// Part of the data.
    Data(&'d serde_json::Map<String, serde_json::Value>),
}

impl<'d> Record<'d> {
    /// The number of entries.
    pub fn len(&self) -> usize {
        match self {
            Self::Made(object) => object.entries.len(),
            Self::Data(entries) => entries.len(),
        }
    }

    /// Tells whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<Value<'d>> {
        match self {
            Self::Made(object) => object.entries.get(key).cloned(),
            Self::Data(entries) => entries.get(key).map(Value::from_json),
        }
    }

    /// Lists the entries in the order of JavaScript: keys that are list indexes first, ascending, then as inserted.
    pub fn entries(&self) -> Vec<(Text<'d>, Value<'d>)> {
        let mut entries: Vec<(Text<'d>, Value<'d>)> = match self {
            Self::Made(object) => object.entries.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
            Self::Data(entries) => {
                entries.iter().map(|(key, value)| (Text::Borrowed(key.as_str()), Value::from_json(value))).collect()
            }
        };
        if entries.iter().any(|(key, _)| list_index(key).is_some()) {
            // The sort is stable, and every other key compares equal to its like.
            entries.sort_by_key(|(key, _)| list_index(key).map_or(u64::MAX, u64::from));
        }
        entries
    }
}

/// Reads a key that JavaScript counts as an index: decimal, without leading zero, below 2³² − 1.
pub(in crate::expression) fn list_index(key: &str) -> Option<u32> {
    let digits_only = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
    if !digits_only || (key.len() > 1 && key.starts_with('0')) {
        return None;
    }
    key.parse::<u32>().ok().filter(|index| *index != u32::MAX)
}
