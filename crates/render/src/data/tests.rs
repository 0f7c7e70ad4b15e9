//! Tests of schemas: what is refused, what follows them, what they mark, and what templates read.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use serde_json::{Value as Json, json};

use super::{Schema, Usage};
use crate::limits::Limits;
use crate::template::{CheckOptions, Strictness, Template, check};

fn schema(json: Json) -> Schema {
    Schema::from_json(&json, &Limits::default()).unwrap_or_else(|findings| panic!("{findings:?}"))
}

fn problems(schema: &Schema, value: &Json) -> Vec<String> {
    schema.problems(value).into_iter().map(|problem| format!("{}: {}", problem.pointer, problem.message)).collect()
}

fn refused(json: Json) -> Vec<String> {
    let findings = Schema::from_json(&json, &Limits::default()).unwrap_err();
    findings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_schema_that_cannot_be_meant_is_refused_with_its_place() {
    assert_eq!(
        refused(json!({ "type": "strng" })),
        [
            "error[invalid-value] at /type: `type` cannot be \"strng\"\n  hint: did you mean `string`? It can be `string`, \
          `number`, `integer`, `boolean`, `object`, `array`, `null`"
        ]
    );
    let many = json!({ "properties": { "a": { "minLength": 5, "maxLength": 2 }, "b": { "pattern": "(" }, "c": { "x-personal": "nme" } } });
    let said = refused(many).join("\n");
    for words in [
        "at /properties/a/maxLength: `maxLength` is 2, less than `minLength`, which is 5: nothing fits",
        "at /properties/b/pattern: `pattern` is no regular expression that can be used",
        "at /properties/c/x-personal",
        "did you mean `name`?",
    ] {
        assert!(said.contains(words), "{said}");
    }
    assert!(refused(json!({ "oneOf": [] })).join("").contains("a schema has no property `oneOf`"));
    assert!(refused(json!({ "$ref": "http://elsewhere" })).join("").contains("`#/$defs/NAME`"));
    assert!(refused(json!({ "minItems": 1.5 })).join("").contains("must be a whole number from 0"));
    assert!(refused(json!([])).join("").contains("must be an object"));
}

#[test]
fn values_follow_formats_patterns_choices_and_references() {
    let schema = schema(json!({
        "type": "object",
        "properties": {
            "date": { "type": "string", "format": "date" },
            "code": { "type": "string", "pattern": "^[A-Z]{2}-[0-9]+$" },
            "kind": { "enum": ["a", "b", 1] },
            "one": { "const": 1 },
            "billing": { "$ref": "#/$defs/address" },
            "tree": { "$ref": "#/$defs/tree" },
            "either": { "anyOf": [{ "type": "number" }, { "type": "string", "maxLength": 1 }] },
        },
        "additionalProperties": { "type": "boolean" },
        "$defs": {
            "address": { "type": "object", "required": ["city"], "properties": { "city": { "type": "string" } } },
            "tree": { "type": "object", "properties": { "children": { "type": "array", "items": { "$ref": "#/$defs/tree" } } } },
        },
    }));
    let good = json!({ "date": "2026-01-31", "code": "AB-12", "kind": 1.0, "one": 1, "billing": { "city": "x" },
        "tree": { "children": [{ "children": [] }] }, "either": "x", "other": true });
    assert_eq!(problems(&schema, &good), Vec::<String>::new());
    let bad = json!({ "date": "31.1.2026", "code": "ab", "kind": "c", "one": 2, "billing": {},
        "tree": { "children": [{ "children": 5 }] }, "either": "xx", "other": 1 });
    assert_eq!(
        problems(&schema, &bad),
        [
            "/date: must be a date such as 2026-01-31, not \"31.1.2026\"",
            "/code: \"ab\" does not match the pattern `^[A-Z]{2}-[0-9]+$`",
            "/kind: cannot be \"c\"",
            "/one: must be 1, not 2",
            "/billing: `city` is missing",
            "/tree/children/0/children: must be array, not 5",
            "/either: \"xx\" is none of what is expected here",
            "/other: must be boolean, not 1",
        ]
    );
}

#[test]
fn a_schema_that_leads_to_itself_ends() {
    let endless = schema(json!({ "$ref": "#", "allOf": [{ "$ref": "#" }], "properties": { "a": { "$ref": "#" } } }));
    assert_eq!(problems(&endless, &json!({ "a": { "a": {} } })), Vec::<String>::new());
    let fields = endless.fields();
    assert_eq!(fields[0].path.to_string(), "a");
    assert!(fields.len() < 100, "{}", fields.len());
}

fn template(data: Json, nodes: Json) -> Template {
    let json = json!({ "format": 1, "data": data, "body": { "nodes": nodes } });
    Template::from_value(&json, &Limits::default(), Strictness::Check).unwrap().0
}

#[test]
fn marks_hold_for_all_that_is_inside_and_the_stricter_class_counts() {
    let data = json!({ "schema": { "x-class": "internal", "properties": {
        "customer": { "x-personal": "name", "properties": {
            "name": {}, "email": { "x-personal": "email", "x-class": "restricted" }, "since": { "x-class": "public" } } },
        "guests": { "items": { "properties": { "birth": { "x-personal": "birthDate" } } } },
        "total": {} } } });
    let template = template(data, json!([]));
    let fields = template.data.schema.as_ref().unwrap().fields();
    let shown: Vec<String> = fields
        .iter()
        .map(|field| {
            format!("{} {} {:?}", field.path, field.personal.map_or("-", super::Personal::keyword), field.class)
        })
        .collect();
    assert_eq!(
        shown,
        [
            "customer name Some(Internal)",
            "customer.name name Some(Internal)",
            "customer.email email Some(Restricted)",
            "customer.since name Some(Internal)",
            "guests - Some(Internal)",
            "guests[] - Some(Internal)",
            "guests[].birth birthDate Some(Internal)",
            "total - Some(Internal)",
        ]
    );
    let personal: Vec<String> = template.personal_fields().iter().map(|field| field.path.to_string()).collect();
    assert_eq!(personal, ["customer", "customer.email", "guests[].birth"]);
}

const NODES: &str = r#"[
    { "kind": "text", "visible": "data.paid", "text": "{{ data.custmer.name }} {{ data.note ?? '' }}" },
    { "kind": "text", "id": "row", "repeat": { "each": "data.lines", "as": "line" }, "text": "{{ line.name }}{{ index }}" },
    { "kind": "table", "id": "items", "each": "data.items", "as": "item",
      "columns": [{ "title": "{{ data.currency }}", "width": 50, "text": "{{ item.name }}" },
                  { "width": 50, "text": "{{ row.prices.map(p => p.net).join() }}" }],
      "groups": [{ "by": "item.kind", "as": "kind", "header": { "cells": [{ "text": "{{ kind.key }} {{ sum(kind.items, 'weight') }}" }] } }],
      "total": [{ "text": "{{ data.items.length }}" }] }
]"#;

#[test]
fn everything_that_a_template_reads_is_found() {
    let template = template(json!({}), serde_json::from_str(NODES).unwrap());
    let usage = Usage::of(&template);
    let shown: Vec<String> = usage.fields().map(|(path, _)| path.to_string()).collect();
    assert_eq!(
        shown,
        [
            "currency",
            "custmer",
            "custmer.name",
            "items",
            "items.length",
            "items[].kind",
            "items[].name",
            "items[].prices",
            "items[].prices[].net",
            "items[].weight",
            "lines",
            "lines[].name",
            "note",
            "paid",
        ]
    );
}

#[test]
fn the_check_names_fields_that_the_schema_does_not_know_and_usage_those_that_nobody_reads() {
    let data = json!({ "schema": { "properties": {
        "paid": {}, "customer": { "properties": { "name": {}, "id": {} } }, "currency": {}, "note": {},
        "lines": { "type": "array", "items": { "properties": { "name": {}, "size": {} } } },
        "items": { "type": "array", "items": { "properties": { "name": {}, "kind": {}, "weight": {},
            "prices": { "type": "array", "items": {} } } } } } } });
    let json = json!({ "format": 1, "data": data, "body": { "nodes": serde_json::from_str::<Json>(NODES).unwrap() } });
    let findings = check(&json.to_string(), &CheckOptions::default(), &Limits::default());
    let said: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "warning[unresolved-path] at /body/nodes/0 (node body.0): the data of this template has no `custmer`\n  hint: did \
          you mean `customer`?"
        ]
    );
    let template = Template::from_value(&json, &Limits::default(), Strictness::Check).unwrap().0;
    let usage = Usage::of(&template);
    let unused = usage.unused(template.data.schema.as_ref().unwrap());
    assert_eq!(unused.iter().map(ToString::to_string).collect::<Vec<_>>(), ["customer", "lines[].size"]);
}

#[test]
fn without_a_schema_the_samples_show_which_names_are_meant() {
    let json = json!({ "format": 1,
        "data": { "samples": { "one": { "items": [] }, "two": { "items": [{ "quantity": 1 }], "number": "7" } } },
        "body": { "nodes": [{ "id": "a", "kind": "text",
            "text": "{{ data.numbr }} {{ data.items[0].quantty }} {{ data.optional }} {{ data.items.length }}" }] } });
    let findings = check(&json.to_string(), &CheckOptions::default(), &Limits::default());
    let said: Vec<String> = findings.iter().map(|finding| finding.message.clone()).collect();
    assert_eq!(
        said,
        ["the data of this template has no `items[].quantty`", "the data of this template has no `numbr`"]
    );
    assert_eq!(findings[1].hint.as_deref(), Some("did you mean `number`?"));
}
