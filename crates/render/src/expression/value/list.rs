//! Lists: made ones, which know how deep they are nested, and those of the data.

use super::Value;
use std::rc::Rc;

/// A list that an expression made.
#[derive(Debug)]
pub struct Array<'d> {
    items: Vec<Value<'d>>,
    depth: u32,
}

impl<'d> Array<'d> {
    /// Makes a list.
    pub fn new(items: Vec<Value<'d>>) -> Self {
        let depth = items.iter().map(Value::depth).max().unwrap_or(0).saturating_add(1);
        Self { items, depth }
    }

    /// The items.
    pub fn items(&self) -> &[Value<'d>] {
        &self.items
    }

    pub(in crate::expression) fn depth(&self) -> u32 {
        self.depth
    }
}

/// A list of either origin; cheap to clone.
#[derive(Clone, Debug)]
pub enum List<'d> {
    /// Made by an expression.
    Made(Rc<Array<'d>>),
    /// Part of the data.
    Data(&'d [serde_json::Value]),
}

impl<'d> List<'d> {
    /// The number of items.
    pub fn len(&self) -> usize {
        match self {
            Self::Made(array) => array.items.len(),
            Self::Data(items) => items.len(),
        }
    }

    /// Tells whether there are no items.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item at an index from 0.
    pub fn get(&self, index: usize) -> Option<Value<'d>> {
        match self {
            Self::Made(array) => array.items.get(index).cloned(),
            Self::Data(items) => items.get(index).map(Value::from_json),
        }
    }

    /// The items of a range, as a list of their own; those of the data are not copied.
    pub fn slice(&self, range: std::ops::Range<usize>) -> Self {
        match self {
            Self::Made(array) => {
                let items = array.items.get(range).unwrap_or_default();
                Self::Made(Rc::new(Array { items: items.to_vec(), depth: array.depth }))
            }
            Self::Data(items) => Self::Data(items.get(range).unwrap_or_default()),
        }
    }

    /// Walks over the items.
    pub fn items(&self) -> Items<'d> {
        self.clone().into_items()
    }

    /// Walks over the items.
    pub fn into_items(self) -> Items<'d> {
        let end = self.len();
        Items { list: self, start: 0, end }
    }

    /// The list as a value.
    pub fn to_value(&self) -> Value<'d> {
        match self {
            Self::Made(array) => Value::Array(Rc::clone(array)),
            Self::Data(items) => Value::DataArray(items),
        }
    }
}

/// The items of a list, in order.
#[derive(Clone, Debug)]
pub struct Items<'d> {
    list: List<'d>,
    start: usize,
    end: usize,
}

impl<'d> Iterator for Items<'d> {
    type Item = Value<'d>;

    fn next(&mut self) -> Option<Value<'d>> {
        if self.start >= self.end {
            return None;
        }
        let item = self.list.get(self.start);
        self.start += 1;
        item
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.end.saturating_sub(self.start);
        (left, Some(left))
    }
}

impl DoubleEndedIterator for Items<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        if self.start >= self.end {
            return None;
        }
        self.end -= 1;
        self.list.get(self.end)
    }
}

impl ExactSizeIterator for Items<'_> {}
