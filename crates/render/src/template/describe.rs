//! Descriptions: what the format looks like, recorded from the very functions that read it.

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::reader::ObjectReader;

/// Everything that the format defines, by name, in the order of first use.
#[derive(Debug, Default)]
pub(super) struct Description {
    pub(super) definitions: IndexMap<&'static str, Definition>,
}

/// One named part of the format.
#[derive(Debug)]
pub(super) struct Definition {
    pub(super) title: &'static str,
    pub(super) doc: &'static str,
    pub(super) body: Body,
}

/// What a definition holds.
#[derive(Debug)]
pub(super) enum Body {
    /// A value.
    Value(Form),
    /// An object with these properties and no others.
    Object(Vec<Property>),
    /// An object whose `kind` says which of these definitions it follows: kind, definition.
    Kinds(Vec<(&'static str, &'static str)>),
    /// A definition that is being recorded further up the stack.
    Pending,
}

/// A property of an object.
#[derive(Debug)]
pub(super) struct Property {
    pub(super) name: &'static str,
    pub(super) doc: &'static str,
    pub(super) required: bool,
    pub(super) default: Option<Json>,
    pub(super) form: Form,
}

/// What a JSON value may look like.
#[derive(Clone, Debug)]
pub(super) enum Form {
    /// Any JSON, kept as it is.
    Anything,
    /// Any JSON object, kept as it is.
    AnyObject,
    /// True or false.
    Boolean,
    /// A string; the phrase says what it holds.
    Text { phrase: &'static str, pattern: Option<&'static str>, length_max: Option<usize> },
    /// A number; written with at most this many decimals.
    Number { phrase: &'static str, minimum: f64, maximum: f64, decimals: u8 },
    /// A whole number.
    Integer { phrase: &'static str, minimum: u32, maximum: u32 },
    /// One of these strings.
    Choice(Vec<&'static str>),
    /// One of these strings, each with its meaning.
    Words(Vec<Word>),
    /// This number and no other.
    Constant(u32),
    /// This string and no other.
    Word(&'static str),
    /// A named definition.
    Named(&'static str),
    /// An array with bounds on its length.
    List { of: Box<Form>, least: usize, most: Option<usize> },
    /// An object with free names.
    Map(Box<Form>),
    /// An object with any of these names.
    Keys(Vec<&'static str>, Box<Form>),
    /// Any one of these.
    AnyOf(Vec<Form>),
}

/// A string that a value may be, and what it means.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) name: &'static str,
    pub(super) doc: String,
}

impl Form {
    /// A list of exactly this length.
    pub(super) fn tuple(of: Self, length: usize) -> Self {
        Self::List { of: Box::new(of), least: length, most: Some(length) }
    }
}

impl Description {
    /// Records a named value once and refers to it.
    pub(super) fn value(&mut self, name: &'static str, title: &'static str, doc: &'static str, form: Form) -> Form {
        self.definitions.entry(name).or_insert(Definition { title, doc, body: Body::Value(form) });
        Form::Named(name)
    }

    /// Records an object once, by running its reading function, and refers to it.
    pub(super) fn object(
        &mut self,
        name: &'static str,
        title: &'static str,
        doc: &'static str,
        read: impl FnOnce(&mut ObjectReader<'_>),
    ) -> Form {
        if !self.definitions.contains_key(name) {
            self.definitions.insert(name, Definition { title, doc, body: Body::Pending });
            let mut reader = ObjectReader::describing(title, self);
            read(&mut reader);
            let properties = reader.into_properties();
            self.settle(name, Body::Object(properties));
        }
        Form::Named(name)
    }

    /// Gives a definition its body.
    pub(super) fn settle(&mut self, name: &'static str, body: Body) {
        if let Some(definition) = self.definitions.get_mut(name) {
            definition.body = body;
        }
    }
}
