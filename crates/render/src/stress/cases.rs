//! Cases: which values are changed at once.

use serde_json::Value as Json;

use super::edit::{At, Edit, edited};
use super::pairs::pairs;
use super::values::{Variant, bounds, variants, within};
use crate::data::{DataPath, Schema};

/// Rows of a long list: several pages of every table.
const ROW_COUNT_MANY: usize = 500;

/// Rows of lists inside of lists, all at once.
const ROW_COUNT_DEEP: usize = 12;

/// Values of one data set that are changed; the others stay as they are.
const PLACE_COUNT_MAX: usize = 2_000;

/// Nesting that is looked at.
const DEPTH_MAX: u32 = 24;

/// Data that is tried.
pub(super) struct Case {
    /// What it is, for people.
    pub(super) name: String,
    /// The only field that is changed, when it is one.
    pub(super) field: Option<DataPath>,
    pub(super) edits: Vec<Edit>,
}

impl Case {
    /// The data of the case.
    pub(super) fn data(&self, base: &Json) -> Json {
        edited(base, &self.edits)
    }
}

/// A value of the base data with all that it could be instead.
struct Place {
    at: Vec<At>,
    /// The same field was seen before, in an earlier row.
    is_repeated: bool,
    variants: Vec<(Variant, Option<Json>)>,
}

/// A list of the base data with the rows that it could have.
struct Rows {
    at: Vec<At>,
    items: Vec<Json>,
    counts: Vec<usize>,
}

/// All cases: each field alone, all fields at once, lists by their length, and every pair of values together.
pub(super) fn all(schema: &Schema, base: &Json, seed: u64) -> Vec<Case> {
    let mut found = Found::default();
    found.value(schema, schema, base, &mut Vec::new(), false, DEPTH_MAX);
    let Found { places, rows } = found;
    let mut cases = Vec::new();
    for place in places.iter().filter(|place| !place.is_repeated) {
        for (variant, value) in &place.variants {
            let edit = Edit { at: place.at.clone(), value: value.clone() };
            let field = Some(edit.path());
            cases.push(Case { name: variant.name().to_owned(), field, edits: vec![edit] });
        }
    }
    for list in &rows {
        cases.extend(list.counts.iter().map(|count| list.case(*count)));
    }
    for variant in Variant::ALL {
        let edits: Vec<Edit> = places.iter().filter_map(|place| place.edit(variant)).collect();
        if edits.len() > 1 {
            cases.push(Case { name: format!("{} everywhere", variant.name()), field: None, edits });
        }
    }
    let deep: Vec<Edit> = rows.iter().map(|list| list.edit(ROW_COUNT_DEEP)).collect();
    if deep.len() > 1 {
        cases.push(Case { name: "all lists long".to_owned(), field: None, edits: deep });
    }
    let single: Vec<&Place> = places.iter().filter(|place| !place.is_repeated).collect();
    let counts: Vec<usize> = single.iter().map(|place| place.variants.len()).collect();
    for row in pairs(&counts, seed) {
        let chosen = single.iter().zip(row);
        let edits = chosen.filter_map(|(place, choice)| {
            let (_, value) = place.variants.get(choice)?;
            Some(Edit { at: place.at.clone(), value: value.clone() })
        });
        cases.push(Case { name: "a combination".to_owned(), field: None, edits: edits.collect() });
    }
    cases
}

impl Place {
    fn edit(&self, wanted: Variant) -> Option<Edit> {
        let (_, value) = self.variants.iter().find(|(variant, _)| *variant == wanted)?;
        Some(Edit { at: self.at.clone(), value: value.clone() })
    }
}

impl Rows {
    fn edit(&self, count: usize) -> Edit {
        let rows = self.items.iter().cycle().take(count).cloned().collect();
        Edit { at: self.at.clone(), value: Some(Json::Array(rows)) }
    }

    fn case(&self, count: usize) -> Case {
        let edit = self.edit(count);
        let noun = if count == 1 { "row" } else { "rows" };
        Case { name: format!("{count} {noun}"), field: Some(edit.path()), edits: vec![edit] }
    }
}

#[derive(Default)]
struct Found {
    places: Vec<Place>,
    rows: Vec<Rows>,
}

impl Found {
    fn value(
        &mut self,
        schema: &Schema,
        root: &Schema,
        value: &Json,
        at: &mut Vec<At>,
        is_optional: bool,
        depth_left: u32,
    ) {
        if depth_left == 0 || self.places.len() >= PLACE_COUNT_MAX {
            return;
        }
        let parts = schema.parts(root);
        let variants = variants(&parts, is_optional);
        if !at.is_empty() && !variants.is_empty() {
            let is_repeated = at.iter().any(|step| matches!(step, At::Index(1..)));
            self.places.push(Place { at: at.clone(), is_repeated, variants });
        }
        match value {
            Json::Object(object) => {
                for (name, inside) in object {
                    let Some(property) = parts.iter().find_map(|part| part.properties.get(name)) else { continue };
                    let is_optional = !parts.iter().any(|part| part.required.contains(name));
                    at.push(At::Name(name.clone()));
                    self.value(property, root, inside, at, is_optional, depth_left - 1);
                    at.pop();
                }
            }
            Json::Array(items) => {
                let Some(item) = parts.iter().find_map(|part| part.items.as_deref()) else { return };
                let allowed = bounds(&parts, |part| part.count);
                let mut counts: Vec<usize> = [0, 1, 2, ROW_COUNT_MANY]
                    .into_iter()
                    .map(|count| within(allowed, count))
                    .filter(|count| *count == 0 || !items.is_empty())
                    .collect();
                counts.dedup();
                if !at.iter().any(|step| matches!(step, At::Index(1..))) {
                    self.rows.push(Rows { at: at.clone(), items: items.clone(), counts });
                }
                for (index, inside) in items.iter().enumerate() {
                    at.push(At::Index(index));
                    self.value(item, root, inside, at, false, depth_left - 1);
                    at.pop();
                }
            }
            _ => {}
        }
    }
}
