//! The description: what it lists is what the reader accepts, and nothing else.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::shown;
use crate::data::{DataPath, Usage};
use crate::limits::Limits;
use crate::template::describe::{Body, Form, Property};
use crate::template::schema::DESCRIPTION;
use crate::template::{Strictness, Template, json_schema, reference_markdown};

/// A value that a form accepts, picked so that all references in it exist.
fn example(name: &str, form: &Form) -> Json {
    match form {
        Form::Anything | Form::AnyObject | Form::Map(_) => json!({}),
        Form::Boolean => json!(false),
        Form::Text { phrase: "the name of a style", .. } => json!("base"),
        Form::Text { .. } => Json::from(match name {
            "$ref" => "#",
            "source" | "logo" | "profile" => "asset:a",
            "data" | "path" => "M 0 0 L 1 1 Z",
            "link" => "https://example.com",
            "locale" => "de-AT",
            "index" => "number",
            "color" | "fill" => "#123",
            "mime" => "text/plain",
            _ => "abc",
        }),
        Form::Number { minimum, maximum, .. } => json!((minimum + 1.0).max(1.0).min(*maximum)),
        Form::Integer { maximum, .. } => json!(maximum),
        Form::Choice(words) => Json::from(*words.last().unwrap()),
        Form::Words(words) => Json::from(words.last().unwrap().name),
        Form::Constant(number) => json!(number),
        Form::Word(word) => Json::from(*word),
        Form::List { of, least, .. } => Json::Array(vec![example(name, of); (*least).max(1)]),
        Form::Keys(names, of) => Json::Object(names.iter().map(|key| ((*key).to_owned(), example(key, of))).collect()),
        Form::AnyOf(forms) => example(name, &forms[0]),
        Form::Named(reference) => match &DESCRIPTION.definitions[reference].body {
            Body::Value(Form::Text { .. }) if *reference == "color" => json!("#123456"),
            Body::Value(Form::Text { .. }) if *reference == "expression" => json!("data.x"),
            Body::Value(form) => example(name, form),
            Body::Object(properties) => required(properties),
            Body::Kinds(_) if *reference == "block" => json!({ "kind": "rule" }),
            Body::Kinds(_) => json!({ "kind": "rect", "size": [1, 1] }),
            Body::Pending => panic!("{reference} is not settled"),
        },
    }
}

fn required(properties: &[Property]) -> Json {
    let needed = properties.iter().filter(|property| property.required);
    Json::Object(needed.map(|property| (property.name.to_owned(), example(property.name, &property.form))).collect())
}

/// A template that holds `object` where a definition of this name belongs.
fn template_with(definition: &str, object: Json) -> Json {
    let node = |node: Json| json!({ "format": 1, "styles": { "base": {} }, "body": { "nodes": [node] } });
    let text = |name: &str, value: Json| {
        let mut text = Map::new();
        text.insert("kind".to_owned(), json!("text"));
        text.insert("text".to_owned(), json!("x"));
        text.insert(name.to_owned(), value);
        node(Json::Object(text))
    };
    let table = |name: &str, value: Json| {
        let mut table = Map::new();
        table.insert("kind".to_owned(), json!("table"));
        table.insert("each".to_owned(), json!("data.rows"));
        table.insert("columns".to_owned(), Json::Array(vec![json!({ "title": "x" }); 200]));
        table.insert(name.to_owned(), value);
        node(Json::Object(table))
    };
    let chart = |name: &str, value: Json| {
        let mut chart = Map::new();
        chart.insert("kind".to_owned(), json!("chart"));
        chart.insert("type".to_owned(), json!("bar"));
        chart.insert("series".to_owned(), json!([{ "value": "1" }]));
        chart.insert(name.to_owned(), value);
        node(Json::Object(chart))
    };
    let root = |name: &str, value: Json| {
        let mut root = Map::new();
        root.insert("format".to_owned(), json!(1));
        root.insert("styles".to_owned(), json!({ "base": {} }));
        root.insert(name.to_owned(), value);
        Json::Object(root)
    };
    match definition {
        "template" => object,
        "output" | "page" | "data" => root(definition, object),
        "schema" => root("data", json!({ "schema": object })),
        "ink" => root("colors", json!({ "brand": object })),
        "intent" => root("output", json!({ "intent": object })),
        "crop" | "mask" => {
            let mut image = Map::new();
            image.insert("kind".to_owned(), json!("image"));
            image.insert("source".to_owned(), json!("asset:a"));
            image.insert(definition.to_owned(), object);
            node(Json::Object(image))
        }
        "attachment" => root("output", json!({ "attachments": [object] })),
        "style" => json!({ "format": 1, "styles": { "base": {}, "other": object } }),
        "content" => root("body", object),
        "band" => root("header", json!([object])),
        "baseline" => root("page", json!({ "baseline": object })),
        "layer" => root("background", object),
        "gradient" => text("fill", object),
        "gradientStop" => text("fill", json!({ "stops": [object.clone(), object] })),
        "shadow" | "repeat" | "bookmark" | "stroke" => text(definition, object),
        "column" => table("columns", json!([object])),
        "cell" => table("total", json!([object])),
        "tableHeader" => table("header", object),
        "chartSeries" => chart("series", json!([object])),
        "chartAxis" => chart("valueAxis", object),
        "chartBand" => chart("bands", json!([object])),
        "row" => table("rows", json!([object])),
        "group" => table("groups", json!([object])),
        "carry" => table("carry", object),
        "span" => node(json!({ "kind": "rich", "content": [{ "kind": "paragraph", "text": [object] }] })),
        block if block.ends_with("Block") => node(json!({ "kind": "rich", "content": [object] })),
        "border" => table("total", json!([{ "border": object }])),
        kind => {
            assert!(kind.ends_with("Node"), "no place is known for {kind}");
            node(object)
        }
    }
}

/// What an object of this definition needs beside its required properties, and which ones exclude each other.
fn rounds(definition: &str, properties: &[Property]) -> Vec<Json> {
    let exclusive: [&[&str]; 4] = [&["size"], &["width", "height"], &["to"], &["totals"]];
    let excluded_by = |chosen: &[&str], name: &str| match name {
        "size" => chosen != ["size"] && !["page", "crop"].contains(&definition),
        "width" | "height" if definition.ends_with("Node") => chosen != ["width", "height"],
        "to" => chosen != ["to"] && definition != "chartBand",
        "from" => chosen != ["to"],
        "angle" => chosen == ["to"],
        "rising" => chosen == ["to"],
        "total" => chosen == ["totals"],
        "totals" => chosen != ["totals"],
        "text" if ["cell", "column"].contains(&definition) => chosen == ["totals"],
        "nodes" if ["cell", "column"].contains(&definition) => chosen != ["totals"],
        "cells" => chosen == ["totals"],
        "rows" if ["row", "tableHeader"].contains(&definition) => chosen != ["totals"],
        "count" => chosen == ["to"],
        "columnWidth" => chosen != ["to"],
        "style" | "styles" => definition == "template",
        _ => false,
    };
    exclusive
        .iter()
        .map(|chosen| {
            let mut object = Map::new();
            for property in properties {
                if !excluded_by(chosen, property.name) {
                    object.insert(property.name.to_owned(), example(property.name, &property.form));
                }
            }
            let needs_size = ["rectNode", "ellipseNode", "lineNode"].contains(&definition);
            if needs_size && !["size", "width", "to"].iter().any(|name| object.contains_key(*name)) {
                object.insert("size".to_owned(), json!([1, 1]));
            }
            Json::Object(object)
        })
        .collect()
}

fn objects() -> impl Iterator<Item = (&'static str, &'static [Property])> {
    DESCRIPTION.definitions.iter().filter_map(|(name, definition)| match &definition.body {
        Body::Object(properties) => Some((*name, properties.as_slice())),
        _ => None,
    })
}

fn errors(json: &Json) -> String {
    match Template::from_value(json, &Limits::default(), Strictness::Check) {
        Ok(_) => String::new(),
        Err(findings) => shown(&findings),
    }
}

#[test]
fn every_property_that_is_described_is_accepted() {
    let mut accepted = BTreeSet::new();
    for (name, properties) in objects() {
        for object in rounds(name, properties) {
            let json = template_with(name, object.clone());
            assert_eq!(errors(&json), "", "{name}: {json}");
            accepted.extend(object.as_object().unwrap().keys().map(|property| format!("{name}.{property}")));
        }
    }
    for style in [json!("base"), json!({ "size": 9 })] {
        assert_eq!(errors(&json!({ "format": 1, "styles": { "base": {} }, "style": style })), "");
    }
    accepted.extend(["template.style".to_owned(), "template.styles".to_owned()]);
    for (name, properties) in objects() {
        for property in properties {
            assert!(accepted.contains(&format!("{name}.{}", property.name)), "{name}.{} was not tried", property.name);
        }
    }
}

/// A value of this form that reads `data.probe`, for each way to write one; what named objects hold is theirs.
fn probes(form: &Form) -> Vec<Json> {
    match form {
        Form::Named("expression") => vec![json!("data.probe")],
        Form::Named("text") => vec![json!("{{ data.probe }}")],
        Form::Named(reference) => match &DESCRIPTION.definitions[reference].body {
            Body::Value(form) => probes(form),
            _ => Vec::new(),
        },
        Form::AnyOf(forms) => forms.iter().flat_map(probes).collect(),
        Form::List { of, least, .. } => {
            probes(of).into_iter().map(|value| Json::Array(vec![value; (*least).max(1)])).collect()
        }
        Form::Map(of) => probes(of).into_iter().map(|value| json!({ "first": value })).collect(),
        Form::Keys(names, of) => {
            let with = |name: &&'static str| probes(of).into_iter().map(|value| json!({ *name: value }));
            names.iter().flat_map(with).collect()
        }
        _ => Vec::new(),
    }
}

/// The object as it is, and with each word that one of its properties may have: some properties need one.
fn variants(properties: &[Property], object: &Json) -> Vec<Json> {
    fn words(form: &Form) -> Vec<&'static str> {
        match form {
            Form::Choice(words) => words.clone(),
            Form::Words(words) => words.iter().map(|word| word.name).collect(),
            Form::Named(reference) => match &DESCRIPTION.definitions[reference].body {
                Body::Value(form) => words(form),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }
    let mut variants = vec![object.clone()];
    for property in properties {
        for word in words(&property.form) {
            let mut object = object.clone();
            object[property.name] = json!(word);
            variants.push(object);
        }
    }
    variants
}

#[test]
fn every_property_that_can_read_data_is_traced() {
    let path = DataPath::default().name("probe");
    let is_traced = |json: &Json| {
        let read = Template::from_value(json, &Limits::default(), Strictness::Lenient);
        read.is_ok_and(|(template, _)| Usage::of(&template).reads(&path))
    };
    let (mut untraced, mut count) = (Vec::new(), 0);
    for (name, properties) in objects() {
        for property in properties {
            for probe in probes(&property.form) {
                let carriers =
                    rounds(name, properties).into_iter().filter(|object| object.get(property.name).is_some());
                let with_probe = carriers.map(|mut object| {
                    object[property.name] = probe.clone();
                    object
                });
                let mut tried = with_probe.flat_map(|object| variants(properties, &object));
                if !tried.any(|object| is_traced(&template_with(name, object))) {
                    untraced.push(format!("{name}.{}: {probe}", property.name));
                }
                count += 1;
            }
        }
    }
    assert!(untraced.is_empty(), "{untraced:#?}");
    assert!(count > 100, "only {count} ways to write data were tried");
}

#[test]
fn a_property_that_is_not_described_is_refused_in_every_kind_of_object() {
    for (name, properties) in objects() {
        let mut object = rounds(name, properties).remove(0);
        object["surprise"] = json!(1);
        let found = errors(&template_with(name, object.clone()));
        assert!(found.contains("error[unknown-property]") && found.contains("/surprise"), "{name}: {found}");
        let read = Template::from_value(&template_with(name, object), &Limits::default(), Strictness::Lenient);
        assert!(read.is_ok(), "{name} is refused in lenient mode");
    }
}

#[test]
fn every_required_property_is_missed() {
    for (name, properties) in objects() {
        for property in properties.iter().filter(|property| property.required && property.name != "kind") {
            let mut object = rounds(name, properties).remove(0);
            object.as_object_mut().unwrap().shift_remove(property.name);
            let found = errors(&template_with(name, object));
            let expected = if name == "template" { "error[unsupported-format]" } else { "error[missing-property]" };
            assert!(found.contains(expected), "{name}.{}: {found}", property.name);
        }
    }
}

#[test]
fn a_default_means_the_same_as_leaving_the_property_out() {
    for (name, properties) in objects() {
        for property in properties {
            let Some(default) = &property.default else { continue };
            let mut object = required(properties);
            if ["rectNode", "ellipseNode", "lineNode"].contains(&name) {
                object["size"] = json!([1, 1]);
            }
            let read = |object: &Json| {
                let json = template_with(name, object.clone());
                match Template::from_value(&json, &Limits::default(), Strictness::Check) {
                    Ok((template, _)) => format!("{template:?}"),
                    Err(findings) => panic!("{name}.{}: {}", property.name, shown(&findings)),
                }
            };
            let without = read(&object);
            object[property.name] = default.clone();
            assert_eq!(read(&object), without, "{name}.{}", property.name);
        }
    }
}

#[test]
fn the_schema_lists_exactly_the_described_properties_with_words_on_everything() {
    let schema = json_schema();
    for (name, properties) in objects() {
        let described: Vec<&str> = properties.iter().map(|property| property.name).collect();
        let definition = &schema["$defs"][name];
        let listed: Vec<&String> = definition["properties"].as_object().unwrap().keys().collect();
        assert_eq!(listed, described, "{name}");
        assert_eq!(definition["additionalProperties"], json!(false));
        for (property, field) in definition["properties"].as_object().unwrap() {
            let words = field["description"].as_str().unwrap();
            assert!(words.len() > 4 && words.ends_with('.'), "{name}.{property}: {words}");
        }
    }
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        assert!(definition["description"].as_str().is_some_and(|words| words.ends_with('.')), "{name}");
    }
}

#[test]
fn every_reference_in_the_schema_leads_somewhere() {
    fn references<'j>(json: &'j Json, found: &mut Vec<&'j str>) {
        match json {
            Json::Object(object) => {
                found.extend(object.get("$ref").and_then(Json::as_str));
                object.values().for_each(|value| references(value, found));
            }
            Json::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let schema = json_schema();
    let mut found = Vec::new();
    references(&schema, &mut found);
    assert!(found.len() > 50);
    for reference in found {
        assert!(schema.pointer(reference.strip_prefix('#').unwrap()).is_some(), "{reference}");
    }
}

#[test]
fn each_kind_of_node_has_its_own_definition_that_its_kind_selects() {
    let schema = json_schema();
    let kinds: Vec<&Json> = schema["$defs"]["node"]["oneOf"].as_array().unwrap().iter().collect();
    assert_eq!(kinds.len(), super::super::kinds::ALL.len());
    for kind in kinds {
        let name = kind["$ref"].as_str().unwrap().strip_prefix("#/$defs/").unwrap();
        let word = schema["$defs"][name]["properties"]["kind"]["const"].as_str().unwrap();
        assert_eq!(name, format!("{word}Node"));
        assert!(schema["$defs"][name]["required"].as_array().unwrap().contains(&json!("kind")));
    }
}

#[test]
fn the_reference_has_a_row_for_every_property_and_no_broken_link() {
    let page = reference_markdown();
    for (name, properties) in objects() {
        let start = page.find(&format!("\n## {name}\n")).unwrap();
        let section = page[start + 4..].split("\n## ").next().unwrap();
        for property in properties {
            assert!(section.contains(&format!("\n| `{}` | ", property.name)), "{name}.{}", property.name);
        }
    }
    for line in page.lines().filter(|line| line.starts_with("| `")) {
        assert_eq!(line.matches(" | ").count(), 3, "{line}");
    }
    for link in page.split("](#").skip(1) {
        let target = link.split(')').next().unwrap();
        let found = page.lines().any(|line| line.strip_prefix("## ").is_some_and(|name| name.to_lowercase() == target));
        assert!(found, "{target}");
    }
}
