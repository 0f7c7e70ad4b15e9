//! Paths into data: where a value stands, with every item of a list as one place.

use std::fmt;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The property of this name.
    Name(Box<str>),
    /// Any item of a list.
    Item,
}

/// A place in data: `customer.name`, `items[].price`. The empty path is the data as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct DataPath(Vec<Step>);

impl DataPath {
    /// The property of a name at this place.
    #[must_use]
    pub fn name(&self, name: &str) -> Self {
        self.with(Step::Name(name.into()))
    }

    /// Any item of the list at this place.
    #[must_use]
    pub fn item(&self) -> Self {
        self.with(Step::Item)
    }

    /// The steps from the outside to the inside.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether this place is, or lies around, the other one.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// The place that a JSON pointer into data leads to; numbers are taken for items.
    #[must_use]
    pub fn from_pointer(pointer: &str) -> Self {
        let step = |token: &str| match token.bytes().all(|byte| byte.is_ascii_digit()) && !token.is_empty() {
            true => Step::Item,
            false => Step::Name(token.replace("~1", "/").replace("~0", "~").into()),
        };
        Self(pointer.split('/').skip(1).map(step).collect())
    }

    fn with(&self, step: Step) -> Self {
        let mut steps = Vec::with_capacity(self.0.len() + 1);
        steps.extend_from_slice(&self.0);
        steps.push(step);
        Self(steps)
    }
}

impl fmt::Display for DataPath {
    /// Writes the path as an expression would, with `[]` for any item.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Item => formatter.write_str("[]")?,
                Step::Name(name) if is_plain(name) => {
                    if index > 0 {
                        formatter.write_str(".")?;
                    }
                    formatter.write_str(name)?;
                }
                Step::Name(name) => write!(formatter, "[{name:?}]")?,
            }
        }
        Ok(())
    }
}

/// Whether a name can stand after a point.
fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_alphabetic() || matches!(first, '_' | '$'))
        && name.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '$'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_as_an_expression_reads_it() {
        let path = DataPath::default().name("items").item().name("unit price").name("net");
        assert_eq!(path.to_string(), "items[][\"unit price\"].net");
        assert_eq!(DataPath::from_pointer("/items/3/unit price/net"), path);
        assert_eq!(DataPath::default().to_string(), "");
    }

    #[test]
    fn a_place_contains_what_is_inside_and_itself() {
        let items = DataPath::default().name("items");
        assert!(items.contains(&items) && items.contains(&items.item().name("price")));
        assert!(!items.item().contains(&items) && !items.contains(&DataPath::default().name("itemsets")));
    }
}
