//! The schema of data: what a template expects, as types.

use std::fmt;

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::format::Format;
use super::path::DataPath;
use crate::template::model::Classification;

/// Nesting of references and alternatives that are followed: deeper than any document, and an end for those that
/// lead to themselves.
pub(super) const DEPTH_MAX: u32 = 32;

/// Fields that are listed of one schema; a form with more is not read by anyone.
const FIELD_COUNT_MAX: usize = 5_000;

/// What one value must be: the subset of JSON Schema 2020-12 that describes documents.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// What it is called.
    pub title: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// Types that it may have; empty is any.
    pub types: Vec<Type>,
    /// Values that it may have; empty is any.
    pub values: Vec<Json>,
    /// Properties of an object.
    pub properties: IndexMap<String, Schema>,
    /// Names of properties that an object must have.
    pub required: Vec<String>,
    /// Properties that are not listed.
    pub additional: Additional,
    /// Items of an array.
    pub items: Option<Box<Schema>>,
    /// Least and greatest number of items.
    pub count: Bounds,
    /// Least and greatest number.
    pub range: Bounds,
    /// Least and greatest number of characters.
    pub length: Bounds,
    /// What a text looks like.
    pub format: Option<Format>,
    /// What a text looks like, as a regular expression.
    pub pattern: Option<Pattern>,
    /// Examples of the value.
    pub examples: Vec<Json>,
    /// The value of who gives none.
    pub default: Option<Json>,
    /// All of these must hold too.
    pub all_of: Vec<Schema>,
    /// One of these must hold too.
    pub any_of: Vec<Schema>,
    /// Name of a definition that must hold too; empty is the whole schema.
    pub reference: Option<String>,
    /// Schemas by name, for references.
    pub definitions: IndexMap<String, Schema>,
    /// What it tells about a person, when it does.
    pub personal: Option<Personal>,
    /// How it must be handled, when more is known than of what is around it.
    pub class: Option<Classification>,
}

/// A type of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are those of JSON Schema")]
pub enum Type {
    Null,
    Boolean,
    Object,
    Array,
    Number,
    String,
    Integer,
}

impl Type {
    /// All types with their names in JSON Schema.
    pub const ALL: [(&'static str, Self); 7] = [
        ("string", Self::String),
        ("number", Self::Number),
        ("integer", Self::Integer),
        ("boolean", Self::Boolean),
        ("object", Self::Object),
        ("array", Self::Array),
        ("null", Self::Null),
    ];

    /// Its name in JSON Schema.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
    }

    /// Whether a value has this type; a number without fraction is an integer too.
    #[must_use]
    pub fn fits(self, value: &Json) -> bool {
        match self {
            Self::Null => value.is_null(),
            Self::Boolean => value.is_boolean(),
            Self::Object => value.is_object(),
            Self::Array => value.is_array(),
            Self::Number => value.is_number(),
            Self::String => value.is_string(),
            Self::Integer => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        }
    }
}

/// Properties that are not listed.
#[derive(Clone, Debug, Default)]
pub enum Additional {
    /// They may be there, and nobody knows what they are.
    #[default]
    Allowed,
    /// They may not be there.
    Forbidden,
    /// They must be this.
    Schema(Box<Schema>),
}

/// A least and a greatest value, both allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    /// The least.
    pub least: Option<f64>,
    /// The greatest.
    pub most: Option<f64>,
}

/// A regular expression, matched in time that grows with the text alone.
#[derive(Clone)]
pub struct Pattern(regex_lite::Regex);

impl Pattern {
    /// Reads a regular expression of at most 1,000 bytes.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(source: &str) -> Result<Self, String> {
        /// A pattern is a few words; repetition in it must not become a machine of megabytes.
        const MACHINE_SIZE_BYTES_MAX: usize = 200_000;
        regex_lite::RegexBuilder::new(source)
            .size_limit(MACHINE_SIZE_BYTES_MAX)
            .build()
            .map(Self)
            .map_err(|error| error.to_string())
    }

    /// Whether any part of a text matches, as JSON Schema has it.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// The regular expression as it was given.
    #[must_use]
    pub fn source(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Pattern").field(&self.source()).finish()
    }
}

/// What a value tells about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Personal {
    /// Something; the schema does not say what.
    Other,
    Name,
    Email,
    Phone,
    Address,
    BirthDate,
    /// A number or code that names one person, such as a passport number.
    Identifier,
    BankAccount,
    Health,
}

impl Personal {
    /// All kinds with their names in `x-personal`.
    pub const ALL: [(&'static str, Self); 9] = [
        ("name", Self::Name),
        ("email", Self::Email),
        ("phone", Self::Phone),
        ("address", Self::Address),
        ("birthDate", Self::BirthDate),
        ("identifier", Self::Identifier),
        ("bankAccount", Self::BankAccount),
        ("health", Self::Health),
        ("other", Self::Other),
    ];

    /// Its name in `x-personal`.
    #[must_use]
    pub fn keyword(self) -> &'static str {
        Self::ALL.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
    }
}

/// A place that a schema knows.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Where.
    pub path: DataPath,
    /// Types that it may have; empty is any.
    pub types: Vec<Type>,
    /// Whether it is there in everything that follows the schema, wherever that which is around it is there.
    pub required: bool,
    /// Whether it holds other fields.
    pub is_container: bool,
    /// What it tells about a person; what is around it says so for all that is inside.
    pub personal: Option<Personal>,
    /// How it must be handled; what is around it says so for all that is inside, and the stricter one counts.
    pub class: Option<Classification>,
}

impl Schema {
    /// Every place that the schema knows, from the outside to the inside, in its order; at most 5,000.
    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        let mut fields = Vec::new();
        let place = Field {
            path: DataPath::default(),
            types: Vec::new(),
            required: true,
            is_container: true,
            personal: None,
            class: None,
        };
        list_fields(self, self, &place, DEPTH_MAX, &mut fields);
        fields
    }

    /// This schema with all that must hold too: what it refers to, and the first of its alternatives.
    pub(crate) fn parts<'s>(&'s self, root: &'s Self) -> Vec<&'s Self> {
        let mut parts = Vec::new();
        collect_parts(self, root, DEPTH_MAX, &mut parts);
        parts
    }

    /// The definition of a name.
    pub(crate) fn definition(&self, name: &str) -> Option<&Self> {
        if name.is_empty() { Some(self) } else { self.definitions.get(name) }
    }
}

fn collect_parts<'s>(schema: &'s Schema, root: &'s Schema, depth_left: u32, parts: &mut Vec<&'s Schema>) {
    if depth_left == 0 || parts.iter().any(|known| std::ptr::eq(*known, schema)) {
        return;
    }
    parts.push(schema);
    let target = schema.reference.as_deref().and_then(|name| root.definition(name));
    for part in target.into_iter().chain(&schema.all_of).chain(schema.any_of.first()) {
        collect_parts(part, root, depth_left - 1, parts);
    }
}

fn list_fields(schema: &Schema, root: &Schema, around: &Field, depth_left: u32, fields: &mut Vec<Field>) {
    let parts = schema.parts(root);
    let class = parts.iter().filter_map(|part| part.class).max();
    let personal = parts.iter().find_map(|part| part.personal);
    let place = Field {
        path: around.path.clone(),
        types: parts.iter().map(|part| &part.types).find(|types| !types.is_empty()).cloned().unwrap_or_default(),
        required: around.required,
        is_container: parts.iter().any(|part| !part.properties.is_empty() || part.items.is_some()),
        personal: personal.or(around.personal),
        class: class.max(around.class),
    };
    if !place.path.steps().is_empty() {
        if fields.len() >= FIELD_COUNT_MAX {
            return;
        }
        fields.push(place.clone());
    }
    if depth_left == 0 {
        return;
    }
    let mut seen: Vec<&str> = Vec::new();
    for part in &parts {
        for (name, property) in &part.properties {
            if seen.contains(&name.as_str()) {
                continue;
            }
            seen.push(name);
            let required = parts.iter().any(|part| part.required.contains(name));
            let inside = Field { path: place.path.name(name), required, ..place.clone() };
            list_fields(property, root, &inside, depth_left - 1, fields);
        }
    }
    if let Some(items) = parts.iter().find_map(|part| part.items.as_deref()) {
        let inside = Field { path: place.path.item(), required: true, ..place };
        list_fields(items, root, &inside, depth_left - 1, fields);
    }
}
