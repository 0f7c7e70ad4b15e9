//! Edits of data: setting and removing single values by their place.

use serde_json::Value as Json;

use crate::data::DataPath;

/// A step to one value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum At {
    Name(String),
    Index(usize),
}

/// One value that is set, or removed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Edit {
    pub(super) at: Vec<At>,
    /// Nothing: the property is left out.
    pub(super) value: Option<Json>,
}

impl Edit {
    /// Makes the change; nothing happens where there is no such place.
    pub(super) fn apply(&self, data: &mut Json) {
        let Some((last, around)) = self.at.split_last() else {
            if let Some(value) = &self.value {
                *data = value.clone();
            }
            return;
        };
        let mut place = data;
        for step in around {
            let inside = match step {
                At::Name(name) => place.get_mut(name),
                At::Index(index) => place.get_mut(*index),
            };
            let Some(inside) = inside else { return };
            place = inside;
        }
        match (last, place, &self.value) {
            (At::Name(name), Json::Object(object), Some(value)) => drop(object.insert(name.clone(), value.clone())),
            (At::Name(name), Json::Object(object), None) => drop(object.shift_remove(name)),
            (At::Index(index), Json::Array(items), Some(value)) => {
                if let Some(item) = items.get_mut(*index) {
                    *item = value.clone();
                }
            }
            _ => {}
        }
    }

    /// The place with every item as one.
    pub(super) fn path(&self) -> DataPath {
        self.at.iter().fold(DataPath::default(), |path, step| match step {
            At::Name(name) => path.name(name),
            At::Index(_) => path.item(),
        })
    }
}

/// Data with edits, in their order.
pub(super) fn edited(data: &Json, edits: &[Edit]) -> Json {
    let mut data = data.clone();
    edits.iter().for_each(|edit| edit.apply(&mut data));
    data
}
