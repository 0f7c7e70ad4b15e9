//! The inventory of data: everything that is held, with class, purpose, retention and key.
//!
//! It is data of the program and needs no database. `tests/promises/inventory.rs` holds it against a running installation
//! and against the source: what has no line here, and what has a line and is not there, fails.

mod columns;
mod elsewhere;

use std::fmt::Write as _;

use chancery_vault::Class;
use serde_json::{Value as Json, json};

pub use columns::TABLES;
pub use elsewhere::{ELSEWHERE, PLACES};

/// How what is held is kept from those who must not read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// It is as it is.
    Clear,
    /// SHA-256 of 160 random bits or more: nobody finds the original.
    Hashed,
    /// HMAC-SHA-256 under a purpose key.
    Keyed(&'static str),
    /// AES-256-GCM under a purpose key of the workspace.
    Sealed(&'static str),
    /// A key under the key above it.
    Wrapped(&'static str),
    /// Readable for the service's user only.
    FileMode,
    /// It never leaves the memory of the process.
    InMemory,
}

/// Whether it tells about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// It does not.
    Nobody,
    /// It may, or it leads to somebody.
    Persons,
}

/// A table of the database.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its schema.
    pub schema: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub purpose: &'static str,
    /// How long its rows are kept.
    pub retention: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// How confidential it is.
    pub class: Class,
    /// How it is protected.
    pub protection: Protection,
    /// Whether it tells about a person.
    pub about: About,
}

/// Something that is held elsewhere than in a column.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// Where: one of [`PLACES`].
    pub place: &'static str,
    /// Its name there; `*` stands for anything.
    pub name: &'static str,
    /// How confidential it is.
    pub class: Class,
    /// What it is for.
    pub purpose: &'static str,
    /// How long it is kept.
    pub retention: &'static str,
    /// How it is protected.
    pub protection: Protection,
    /// Whether it tells about a person.
    pub about: About,
}

impl Protection {
    /// In words.
    #[must_use]
    pub fn describe(self) -> String {
        match self {
            Self::Clear => "clear".to_owned(),
            Self::Hashed => "SHA-256".to_owned(),
            Self::Keyed(key) => format!("HMAC-SHA-256, {key}"),
            Self::Sealed(key) => format!("AES-256-GCM, {key}"),
            Self::Wrapped(key) => format!("wrapped, {key}"),
            Self::FileMode => "file mode 0600".to_owned(),
            Self::InMemory => "memory of the process only".to_owned(),
        }
    }
}

impl About {
    const fn describe(self) -> &'static str {
        match self {
            Self::Nobody => "-",
            Self::Persons => "yes",
        }
    }
}

/// The inventory as a page of Markdown.
#[must_use]
pub fn to_markdown() -> String {
    let mut text = String::from(INTRODUCTION);
    for table in TABLES {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "\n### `{}.{}`\n", table.schema, table.name);
        let _ = writeln!(text, "{}.\nKept: {}.\n", table.purpose, table.retention);
        text.push_str("| column | class | protection | personal |\n|---|---|---|---|\n");
        for column in table.columns {
            let (class, protection) = (column.class.as_str(), column.protection.describe());
            let _ = writeln!(text, "| `{}` | {class} | {protection} | {} |", column.name, column.about.describe());
        }
    }
    for place in PLACES {
        let _ = writeln!(text, "\n## {place}\n");
        text.push_str("| name | class | purpose | kept | protection | personal |\n|---|---|---|---|---|---|\n");
        for item in ELSEWHERE.iter().filter(|item| item.place == place) {
            let Item { name, class, purpose, retention, protection, about, .. } = item;
            let (class, protection, about) = (class.as_str(), protection.describe(), about.describe());
            let _ = writeln!(text, "| `{name}` | {class} | {purpose} | {retention} | {protection} | {about} |");
        }
    }
    text
}

/// The inventory as JSON: one list of everything.
#[must_use]
pub fn to_json() -> Json {
    let columns = TABLES.iter().flat_map(|table| {
        table.columns.iter().map(move |column| {
            json!({
                "place": "column",
                "name": format!("{}.{}.{}", table.schema, table.name, column.name),
                "class": column.class.as_str(),
                "purpose": table.purpose,
                "retention": table.retention,
                "protection": column.protection.describe(),
                "personal": column.about == About::Persons,
            })
        })
    });
    let items = ELSEWHERE.iter().map(|item| {
        json!({
            "place": item.place,
            "name": item.name,
            "class": item.class.as_str(),
            "purpose": item.purpose,
            "retention": item.retention,
            "protection": item.protection.describe(),
            "personal": item.about == About::Persons,
        })
    });
    columns.chain(items).collect()
}

const INTRODUCTION: &str = "\
# Inventory of data

What Chancery holds, where, how confidential it is, what for, how long, and under which key.
`chancery inventory` prints this page, `chancery inventory --json` the same for programs.
A test holds it against the schema of a running installation, its object store, its files and its log: what has no line fails, and so does a line without a thing.

What is confidential or restricted is sealed, hashed or wrapped, never in the clear.
Purpose keys are derived from the key of the workspace; how keys hang together is said in [operating](../OPERATING.md).
Data of requests is in memory for the time of a render, and is not stored unless a workspace keeps requests.

## Columns
";

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<(String, Class, Protection, About)> {
        let columns = TABLES.iter().flat_map(|table| {
            table.columns.iter().map(move |column| {
                (format!("{}.{}", table.name, column.name), column.class, column.protection, column.about)
            })
        });
        let items = ELSEWHERE.iter().map(|item| (item.name.to_owned(), item.class, item.protection, item.about));
        columns.chain(items).collect()
    }

    #[test]
    fn what_is_confidential_is_never_in_the_clear() {
        for (name, class, protection, _) in all() {
            if class >= Class::Confidential {
                assert_ne!(protection, Protection::Clear, "{name}");
            }
        }
    }

    #[test]
    fn what_is_sealed_or_wrapped_is_confidential_at_least() {
        for (name, class, protection, _) in all() {
            if matches!(protection, Protection::Sealed(_) | Protection::Wrapped(_)) {
                assert!(class >= Class::Confidential, "{name}");
            }
        }
    }

    #[test]
    fn every_line_stands_once_and_says_everything() {
        let mut names: Vec<String> = TABLES
            .iter()
            .flat_map(|table| table.columns.iter().map(move |column| format!("{}.{}", table.name, column.name)))
            .chain(ELSEWHERE.iter().map(|item| format!("{}: {}", item.place, item.name)))
            .collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(TABLES.iter().all(|table| !table.purpose.is_empty() && !table.retention.is_empty()));
        assert!(ELSEWHERE.iter().all(|item| !item.purpose.is_empty() && !item.retention.is_empty()));
        assert!(ELSEWHERE.iter().all(|item| PLACES.contains(&item.place)), "every item has a known place");
    }
}
