//! Reading of a schema of data: the keywords of JSON Schema that the engine checks, and its two marks.

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::data::{Additional, Bounds, Format, Pattern, Personal, Schema, Type};
use crate::diagnostic::codes;
use crate::template::describe::{Description, Form};
use crate::template::output::CLASSES;
use crate::template::reader::ObjectReader;
use crate::template::reading::Reading;
use crate::template::shape::{Anything, Choice, Flag, Line, List, Object, Shape};

/// Values that a list of allowed values can have; more are no list that people choose from.
const VALUE_COUNT_MAX: usize = 1_000;

/// Longest name, description or pattern, in characters.
const WORDS_LENGTH_MAX: usize = 1_000;

pub(super) const SCHEMA: Object<Schema> = Object {
    name: "schema",
    title: "a schema",
    doc: "What a value must be, in keywords of JSON Schema 2020-12. What is not listed here is not checked, and therefore refused.",
    read: read_schema,
};

fn read_schema(reader: &mut ObjectReader<'_>) -> Option<Schema> {
    let words = |phrase| Line { phrase, length_max: WORDS_LENGTH_MAX };
    let _version =
        reader.optional("$schema", words("the address of JSON Schema"), "Version of JSON Schema; no effect.");
    let _id = reader.optional("$id", words("an address"), "Address of this schema; no effect.");
    let _comment = reader.optional("$comment", Anything, "Note for those who keep the schema; no effect.");
    let title = reader.optional("title", words("a name"), "What the value is called.");
    let description = reader.optional("description", AnyText("a description"), "What the value is.");
    let types = reader.or("type", Types, Vec::new(), "Type of the value, or several.");
    let values = List { phrase: "an array of values", of: Anything, least: 1, most: VALUE_COUNT_MAX };
    let mut values = reader.optional("enum", values, "Values that it may have.").unwrap_or_default();
    values.extend(reader.optional("const", Anything, "The one value that it may have."));
    let properties = reader.or("properties", Schemas, IndexMap::new(), "Properties of an object.");
    let names = List::any("an array of names", AnyText("a name"));
    let required = reader.or("required", names, Vec::new(), "Properties that an object must have.");
    let additional = reader.or(
        "additionalProperties",
        AdditionalShape,
        Additional::Allowed,
        "Whether an object may have other properties, or what they are.",
    );
    let items = reader.optional("items", SCHEMA, "Each item of an array.").map(Box::new);
    let count = Bounds {
        least: reader.optional("minItems", Bound::COUNT, "Fewest items of an array."),
        most: reader.optional("maxItems", Bound::COUNT, "Most items of an array."),
    };
    let range = Bounds {
        least: reader.optional("minimum", Bound::ANY, "Least number."),
        most: reader.optional("maximum", Bound::ANY, "Greatest number."),
    };
    let length = Bounds {
        least: reader.optional("minLength", Bound::COUNT, "Fewest characters of a text."),
        most: reader.optional("maxLength", Bound::COUNT, "Most characters of a text."),
    };
    let format = reader.optional("format", Choice(&Format::ALL), "Form of a text.");
    let pattern = reader.optional("pattern", PatternShape, "Regular expression that a part of a text must match.");
    let examples = reader.or("examples", List::any("an array of examples", Anything), Vec::new(), "Examples.");
    let default = reader.optional("default", Anything, "What counts when the value is not given; no effect.");
    let all_of = reader.or("allOf", List::any("an array of schemas", SCHEMA), Vec::new(), "All of these hold too.");
    let any_of = reader.or("anyOf", List::any("an array of schemas", SCHEMA), Vec::new(), "One of these holds too.");
    let reference = reader.optional("$ref", Reference, "`#/$defs/NAME`: what is defined there holds too.");
    let definitions = reader.or("$defs", Schemas, IndexMap::new(), "Schemas by name, on the outermost schema.");
    let personal = reader.optional("x-personal", PersonalShape, "What the value tells about a person.").flatten();
    let class = reader.optional("x-class", CLASSES, "How the value must be handled.");
    let schema = Schema {
        title,
        description,
        types,
        values,
        properties,
        required,
        additional,
        items,
        count,
        range,
        length,
        format,
        pattern,
        examples,
        default,
        all_of,
        any_of,
        reference,
        definitions,
        personal,
        class,
    };
    check(&schema, reader);
    Some(schema)
}

/// Reports what contradicts itself.
fn check(schema: &Schema, reader: &mut ObjectReader<'_>) {
    let pairs = [
        ("maxItems", "minItems", schema.count),
        ("maximum", "minimum", schema.range),
        ("maxLength", "minLength", schema.length),
    ];
    for (most, least, bounds) in pairs {
        if let (Some(lower), Some(upper)) = (bounds.least, bounds.most)
            && lower > upper
        {
            let message = format!("`{most}` is {upper}, less than `{least}`, which is {lower}: nothing fits");
            reader.error_at(Some(most), codes::INVALID_VALUE, message, None);
        }
    }
}

/// Any text: a description of several lines, or the name of a property, which may be anything.
#[derive(Clone, Copy)]
struct AnyText(&'static str);

impl Shape for AnyText {
    type Value = String;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<String> {
        if json.as_str().is_none() {
            reading.wrong_type("a string", json);
        }
        json.as_str().map(str::to_owned)
    }

    fn form(&self, _description: &mut Description) -> Form {
        Form::Text { phrase: self.0, pattern: None, length_max: None }
    }
}

/// One type or several.
#[derive(Clone, Copy)]
struct Types;

impl Shape for Types {
    type Value = Vec<Type>;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Vec<Type>> {
        let one = Choice(&Type::ALL);
        if json.is_array() {
            return List { phrase: "an array of types", of: one, least: 1, most: Type::ALL.len() }.read(json, reading);
        }
        one.read(json, reading).map(|only| vec![only])
    }

    fn form(&self, description: &mut Description) -> Form {
        let one = Choice(&Type::ALL).form(description);
        let list = Form::List { of: Box::new(one.clone()), least: 1, most: Some(Type::ALL.len()) };
        Form::AnyOf(vec![one, list])
    }
}

/// Schemas by the names of properties, which may be anything.
#[derive(Clone, Copy)]
struct Schemas;

impl Shape for Schemas {
    type Value = IndexMap<String, Schema>;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Self::Value> {
        let Some(object) = json.as_object() else {
            reading.wrong_type("an object of schemas by name", json);
            return None;
        };
        let mut schemas = IndexMap::with_capacity(object.len());
        for (name, schema) in object {
            let schema = reading.within(name, |reading| SCHEMA.read(schema, reading));
            schemas.extend(schema.map(|schema| (name.clone(), schema)));
        }
        Some(schemas)
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::Map(Box::new(SCHEMA.form(description)))
    }
}

/// Yes, no, or what they must be.
#[derive(Clone, Copy)]
struct AdditionalShape;

impl Shape for AdditionalShape {
    type Value = Additional;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Additional> {
        match json {
            Json::Bool(true) => Some(Additional::Allowed),
            Json::Bool(false) => Some(Additional::Forbidden),
            Json::Object(_) => SCHEMA.read(json, reading).map(|schema| Additional::Schema(Box::new(schema))),
            other => {
                reading.wrong_type("true, false or a schema", other);
                None
            }
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![Flag.form(description), SCHEMA.form(description)])
    }
}

/// Greatest number that a bound can be: beyond it, not even whole numbers are exact.
const BOUND_MAX: f64 = 1e15;

/// A bound of a number or a count.
#[derive(Clone, Copy)]
struct Bound {
    phrase: &'static str,
    least: f64,
}

impl Bound {
    const ANY: Self = Self { phrase: "a number", least: -BOUND_MAX };
    const COUNT: Self = Self { phrase: "a whole number from 0", least: 0.0 };
}

impl Shape for Bound {
    type Value = f64;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<f64> {
        let Some(number) = json.as_f64() else {
            reading.wrong_type(self.phrase, json);
            return None;
        };
        let is_whole = self.least < 0.0 || number.fract() == 0.0;
        if number < self.least || number > BOUND_MAX || !is_whole {
            reading.not_allowed(self.phrase, json, None);
            return None;
        }
        Some(number)
    }

    fn form(&self, _description: &mut Description) -> Form {
        if self.least < 0.0 {
            return Form::Number { phrase: self.phrase, minimum: self.least, maximum: BOUND_MAX, decimals: 6 };
        }
        Form::Integer { phrase: self.phrase, minimum: 0, maximum: u32::MAX }
    }
}

/// A regular expression.
#[derive(Clone, Copy)]
struct PatternShape;

impl Shape for PatternShape {
    type Value = Pattern;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Pattern> {
        let source = Line { phrase: "a regular expression", length_max: WORDS_LENGTH_MAX }.read(json, reading)?;
        match Pattern::new(&source) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                let message = format!("{} is no regular expression that can be used: {error}", reading.subject());
                let hint = "look-around and back references are not known, since they can take forever";
                reading.error(codes::INVALID_VALUE, message, Some(hint.to_owned()));
                None
            }
        }
    }

    fn form(&self, _description: &mut Description) -> Form {
        Form::Text { phrase: "a regular expression", pattern: None, length_max: Some(WORDS_LENGTH_MAX) }
    }
}

/// The name of a definition, out of `#/$defs/NAME`; empty for `#`.
#[derive(Clone, Copy)]
struct Reference;

impl Shape for Reference {
    type Value = String;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<String> {
        let Some(text) = json.as_str() else {
            reading.wrong_type("a string: `#/$defs/NAME`", json);
            return None;
        };
        let name =
            if text == "#" { Some("") } else { text.strip_prefix("#/$defs/").filter(|name| !name.contains('/')) };
        if name.is_none() {
            let hint = "only what is defined in `$defs` of the outermost schema can be referred to, as `#/$defs/NAME`";
            reading.not_allowed("a reference such as \"#/$defs/address\"", json, Some(hint.to_owned()));
        }
        name.map(|name| name.replace("~1", "/").replace("~0", "~"))
    }

    fn form(&self, _description: &mut Description) -> Form {
        Form::Text { phrase: "a reference", pattern: Some(r"^#(/\$defs/[^/]+)?$"), length_max: None }
    }
}

/// A kind of personal data; true is any, false is none.
#[derive(Clone, Copy)]
struct PersonalShape;

impl Shape for PersonalShape {
    type Value = Option<Personal>;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Option<Personal>> {
        match json {
            Json::Bool(is_personal) => Some(is_personal.then_some(Personal::Other)),
            other => Choice(&Personal::ALL).read(other, reading).map(Some),
        }
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![Flag.form(description), Choice(&Personal::ALL).form(description)])
    }
}
