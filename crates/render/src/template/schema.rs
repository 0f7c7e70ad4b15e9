//! The JSON Schema of format 1 (draft 2020-12), made from the description.

use std::sync::LazyLock;

use serde_json::{Map, Value as Json, json};

use super::describe::{Body, Definition, Description, Form, Property};
use super::root::{FORMAT, ROOT};
use super::shape::Shape as _;

/// Everything that the format defines; the first definition is the template itself.
pub(super) static DESCRIPTION: LazyLock<Description> = LazyLock::new(|| {
    let mut description = Description::default();
    let _root = ROOT.form(&mut description);
    description
});

/// The JSON Schema of templates (draft 2020-12), with one definition a kind of object and a description on everything.
///
/// It accepts everything that [`Template::parse`](super::Template::parse) accepts. It accepts a little more too: names,
/// expressions and properties that exclude each other are beyond a schema.
#[must_use]
pub fn json_schema() -> Json {
    let mut definitions = Map::new();
    for (name, definition) in &DESCRIPTION.definitions {
        definitions.insert((*name).to_owned(), definition_schema(definition));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("urn:chancery:template:{FORMAT}"),
        "title": format!("Chancery template, format {FORMAT}"),
        "description": ROOT.doc,
        "$ref": format!("#/$defs/{}", ROOT.name),
        "$defs": definitions,
    })
}

fn definition_schema(definition: &Definition) -> Json {
    let mut schema = match &definition.body {
        Body::Value(form) => form_schema(form),
        Body::Object(properties) => object_schema(properties),
        Body::Kinds(kinds) => {
            let references: Vec<Json> = kinds.iter().map(|(_, name)| reference(name)).collect();
            let mut schema = Map::new();
            schema.insert("type".to_owned(), Json::from("object"));
            schema.insert("required".to_owned(), json!(["kind"]));
            schema.insert("oneOf".to_owned(), Json::Array(references));
            schema
        }
        Body::Pending => Map::new(),
    };
    schema.insert("description".to_owned(), Json::from(definition.doc));
    Json::Object(schema)
}

fn object_schema(properties: &[Property]) -> Map<String, Json> {
    let mut fields = Map::new();
    for property in properties {
        let mut field = form_schema(&property.form);
        field.insert("description".to_owned(), Json::from(property.doc));
        if let Some(default) = &property.default {
            field.insert("default".to_owned(), default.clone());
        }
        fields.insert(property.name.to_owned(), Json::Object(field));
    }
    let required: Vec<Json> =
        properties.iter().filter(|property| property.required).map(|property| Json::from(property.name)).collect();
    let mut schema = Map::new();
    schema.insert("type".to_owned(), Json::from("object"));
    schema.insert("properties".to_owned(), Json::Object(fields));
    if !required.is_empty() {
        schema.insert("required".to_owned(), Json::Array(required));
    }
    schema.insert("additionalProperties".to_owned(), Json::Bool(false));
    schema
}

fn reference(name: &str) -> Json {
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn form_schema(form: &Form) -> Map<String, Json> {
    let schema = match form {
        Form::Anything => json!({}),
        Form::AnyObject => json!({ "type": "object" }),
        Form::Boolean => json!({ "type": "boolean" }),
        Form::Text { pattern, length_max, .. } => {
            let mut schema = Map::new();
            schema.insert("type".to_owned(), Json::from("string"));
            schema.extend(pattern.map(|pattern| ("pattern".to_owned(), Json::from(pattern))));
            schema.extend(length_max.map(|length| ("maxLength".to_owned(), Json::from(length))));
            return schema;
        }
        Form::Number { minimum, maximum, .. } => {
            json!({ "type": "number", "minimum": whole(*minimum), "maximum": whole(*maximum) })
        }
        Form::Integer { minimum, maximum, .. } => {
            json!({ "type": "integer", "minimum": minimum, "maximum": maximum })
        }
        Form::Choice(words) => json!({ "enum": words }),
        Form::Words(words) => {
            let alternatives: Vec<Json> =
                words.iter().map(|word| json!({ "const": word.name, "description": word.doc })).collect();
            json!({ "oneOf": alternatives })
        }
        Form::Constant(number) => json!({ "const": number }),
        Form::Word(word) => json!({ "const": word }),
        Form::Named(name) => reference(name),
        Form::List { of, least, most } => {
            let mut schema = Map::new();
            schema.insert("type".to_owned(), Json::from("array"));
            schema.insert("items".to_owned(), Json::Object(form_schema(of)));
            if *least > 0 {
                schema.insert("minItems".to_owned(), Json::from(*least));
            }
            schema.extend(most.map(|most| ("maxItems".to_owned(), Json::from(most))));
            return schema;
        }
        Form::Map(of) => json!({ "type": "object", "additionalProperties": form_schema(of) }),
        Form::Keys(names, of) => {
            let fields: Map<String, Json> =
                names.iter().map(|name| ((*name).to_owned(), Json::Object(form_schema(of)))).collect();
            json!({ "type": "object", "properties": fields, "additionalProperties": false })
        }
        Form::AnyOf(forms) => {
            let alternatives: Vec<Json> = forms.iter().map(|form| Json::Object(form_schema(form))).collect();
            json!({ "anyOf": alternatives })
        }
    };
    match schema {
        Json::Object(schema) => schema,
        _ => Map::new(),
    }
}

/// A bound without needless decimals.
fn whole(value: f64) -> Json {
    serde_json::from_str(&format!("{value}")).unwrap_or(Json::Null)
}
