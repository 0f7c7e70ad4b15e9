//! Tests of stress: templates with one weakness each, and the data that shows it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::{Report, stress, typical};
use crate::data::Schema;
use crate::document::Rect;
use crate::fonts::{FontSet, testing};
use crate::limits::Limits;
use crate::program::Program;
use crate::template::{Strictness, Template};
use crate::world::{Assets, World};

struct TestWorld(FontSet);

impl World for TestWorld {
    fn fonts(&self) -> &FontSet {
        &self.0
    }

    fn assets(&self) -> &dyn Assets {
        &()
    }

    fn now_ms(&self) -> i64 {
        0
    }
}

fn tried(nodes: Json, schema: Json, base: &Json) -> Report {
    let world = TestWorld(testing::set(&["Inter_400Regular"]));
    let json = json!({ "format": 1, "page": { "size": [200, 100], "margin": 10 }, "body": { "nodes": nodes } });
    let template = Template::from_value(&json, &Limits::default(), Strictness::Check).unwrap().0;
    let program = Program::new(Arc::new(template), &world).unwrap();
    let schema = Schema::from_json(&schema, &Limits::default()).unwrap();
    stress(&program, &world, &schema, base, &Limits::default(), 1)
}

/// Code, node, case and paths of everything that was found, without characters that the test's one font lacks.
fn found(report: &Report) -> Vec<String> {
    let shown =
        report.counterexamples.iter().filter(|found| found.fault.finding.code != "missing-glyph").map(|found| {
            let paths: Vec<String> = found.paths.iter().map(ToString::to_string).collect();
            let node = found.fault.finding.node.clone().unwrap_or_default();
            format!("{} {node}: {} in {}", found.fault.finding.code, found.case, paths.join(" "))
        });
    shown.collect()
}

fn latin(most: u32) -> Json {
    json!({ "type": "string", "minLength": 1, "maxLength": most })
}

#[test]
fn a_text_that_grows_over_a_fixed_neighbour_is_found_with_the_least_data_that_does_it() {
    let nodes = json!([
        { "kind": "frame", "at": [0, 0], "size": [180, 60], "nodes": [
            { "id": "name", "kind": "text", "at": [0, 0], "width": 80, "height": 14, "overflow": "clip", "text": "{{ data.name }}" },
            { "id": "fixed", "kind": "text", "at": [0, 30], "width": 80, "text": "{{ data.place }}" } ] },
    ]);
    let schema = json!({ "type": "object", "required": ["name", "place"],
        "properties": { "name": latin(200), "place": latin(8) } });
    let base = json!({ "name": "Ann", "place": "Bath" });
    let report = tried(nodes, schema, &base);
    let said = found(&report);
    assert_eq!(said, ["overflow name: long words in name"]);
    let long = &report.counterexamples[0];
    let name = long.data["name"].as_str().unwrap();
    assert!((10..30).contains(&name.chars().count()), "it can be shorter: {name}");
    assert_eq!(long.fault.places, [Rect { x: 10.0, y: 10.0, width: 80.0, height: 14.0 }]);
    assert_eq!(long.fault.page, Some(0));
    assert_eq!(long.data["place"], "Bath");
}

#[test]
fn a_template_that_bears_everything_has_no_counterexample() {
    let nodes = json!([
        { "kind": "text", "at": [0, 0], "width": 180, "text": "{{ data.name }} {{ data.note ?? '' }}" },
        { "kind": "table", "at": [0, 20], "width": 180, "each": "data.rows", "keepRows": "split",
          "columns": [{ "title": "A", "width": "1fr", "text": "{{ row.a ?? '' }}" },
                      { "title": "N", "width": 90, "text": "{{ number(row.n) }}" }] },
    ]);
    let schema = json!({ "type": "object", "required": ["name", "rows"], "properties": {
        "name": latin(12), "note": latin(12),
        "rows": { "type": "array", "maxItems": 40, "items": { "type": "object", "required": ["n"], "properties": {
            "a": latin(20), "n": { "type": "integer", "minimum": 0, "maximum": 1000 } } } } } });
    let base = json!({ "name": "Ann", "note": "x", "rows": [{ "a": "one", "n": 1 }, { "a": "two", "n": 2 }] });
    let report = tried(nodes, schema, &base);
    assert_eq!(found(&report), Vec::<String>::new());
    assert!(report.case_count > 30, "{}", report.case_count);
}

#[test]
fn optional_data_that_is_read_without_care_and_failing_expressions_are_found() {
    let nodes = json!([
        { "id": "who", "kind": "text", "at": [0, 0], "width": 180, "text": "{{ data.customer.name }}" },
        { "id": "part", "kind": "text", "at": [0, 20], "width": 180, "text": "{{ 'x'.repeat(data.count) }}" },
    ]);
    let schema = json!({ "type": "object", "required": ["count"], "properties": {
        "customer": { "type": "object", "properties": { "name": latin(5) }, "required": ["name"] },
        "count": { "type": "integer", "minimum": -5, "maximum": 3 } } });
    let base = json!({ "customer": { "name": "Ann" }, "count": 1 });
    let said = found(&tried(nodes, schema, &base));
    assert!(said.contains(&"unresolved-path who: optional values missing in customer".to_owned()), "{said:?}");
    assert!(said.contains(&"expression-failed part: negative numbers in count".to_owned()), "{said:?}");
}

#[test]
fn a_text_that_reaches_its_neighbour_is_found_and_those_that_always_touch_are_not() {
    let nodes = json!([
        { "id": "name", "kind": "text", "at": [0, 0], "width": 180, "text": "{{ data.name }}" },
        { "id": "date", "kind": "text", "at": [120, 0], "width": 60, "text": "{{ data.date }}" },
        { "id": "stamp", "kind": "text", "at": [0, 50], "width": 60, "text": "PAID" },
        { "id": "over", "kind": "text", "at": [5, 50], "width": 60, "text": "{{ data.date }}" } ]);
    let schema = json!({ "type": "object", "required": ["name", "date"], "properties": {
        "name": latin(30), "date": { "enum": ["1 May", "2 May"] } } });
    let report = tried(nodes, schema, &json!({ "name": "Ann", "date": "1 May" }));
    assert_eq!(found(&report), ["overlap date: long words in name"]);
    let overlap = &report.counterexamples[0].fault;
    assert_eq!(overlap.other.as_deref(), Some("name"));
    assert!(overlap.places.iter().all(|place| place.x >= 130.0 - 1.5), "{:?}", overlap.places);
}

#[test]
fn text_that_leaves_its_cell_is_found_though_it_stays_inside_of_the_table() {
    let nodes = json!([{ "id": "list", "kind": "table", "at": [0, 0], "width": 180, "each": "data.rows", "as": "row",
        "columns": [
            { "title": "Name", "width": 60, "nodes": [
                { "id": "name", "kind": "text", "at": [0, 0], "width": 160, "text": "{{ row.name }}" } ] },
            { "title": "Place", "width": "1fr", "text": "" } ] }]);
    let schema = json!({ "type": "object", "required": ["rows"], "properties": { "rows": { "type": "array", "maxItems": 3, "items": {
        "type": "object", "required": ["name"], "properties": { "name": latin(14) } } } } });
    let report = tried(nodes, schema, &json!({ "rows": [{ "name": "Ann" }] }));
    assert_eq!(found(&report)[0], "overflow list: long words in rows[].name");
    let fault = &report.counterexamples[0].fault;
    assert_eq!(fault.cell.as_deref(), Some("/body/nodes/0/columns/0"));
    assert!(fault.finding.message.ends_with("points beyond the side of its cell"), "{}", fault.finding.message);
}

#[test]
fn a_number_that_is_too_wide_for_its_cell_is_found() {
    let nodes = json!([{ "id": "list", "kind": "table", "at": [0, 0], "width": 180, "each": "data.rows", "as": "row",
        "columns": [
            { "title": "Name", "width": "1fr", "text": "{{ row.name }}" },
            { "title": "Sum", "width": 50, "text": "{{ number(row.sum) }}" } ] }]);
    let schema = json!({ "type": "object", "required": ["rows"], "properties": { "rows": { "type": "array", "maxItems": 3, "items": {
        "type": "object", "required": ["name", "sum"], "properties": {
            "name": latin(20), "sum": { "type": "integer", "minimum": 0, "maximum": 999_999 } } } } } });
    let report = tried(nodes, schema, &json!({ "rows": [{ "name": "Ann", "sum": 7 }] }));
    assert_eq!(found(&report), ["overflow list: huge numbers in rows[].sum"], "words may be broken, numbers not");
    let fault = &report.counterexamples.last().unwrap().fault;
    assert_eq!(fault.finding.message, "a number is broken between two lines");
    assert_eq!(fault.cell.as_deref(), Some("/body/nodes/0/columns/1"));
    assert!(fault.places.iter().all(|place| place.x >= 10.0 + 130.0), "{:?}", fault.places);
}

#[test]
fn the_same_seed_finds_the_same() {
    let nodes = json!([{ "id": "t", "kind": "text", "at": [0, 0], "width": 50, "height": 14, "overflow": "clip",
        "text": "{{ data.a }}{{ data.b }}" }]);
    let schema = json!({ "type": "object", "properties": { "a": latin(40), "b": latin(40) } });
    let base = json!({ "a": "x", "b": "y" });
    let once = tried(nodes.clone(), schema.clone(), &base);
    let again = tried(nodes, schema, &base);
    assert_eq!(found(&once), found(&again));
    assert!(!once.counterexamples.is_empty());
}

#[test]
fn a_typical_value_follows_its_schema() {
    let schema = Schema::from_json(
        &json!({ "type": "object", "properties": {
            "dueDate": { "type": "string", "format": "date" }, "name": { "type": "string", "maxLength": 3 },
            "count": { "type": "integer", "minimum": 20 }, "kind": { "enum": ["b", "a"] }, "on": { "type": "boolean" },
            "rows": { "type": "array", "minItems": 5, "items": { "$ref": "#/$defs/row" } } },
            "$defs": { "row": { "type": "object", "properties": { "price": { "type": "number", "examples": [4.5] } } } } }),
        &Limits::default(),
    )
    .unwrap();
    let made = typical(&schema);
    assert_eq!(schema.problems(&made), []);
    assert_eq!(made["rows"].as_array().unwrap().len(), 5);
    assert_eq!((&made["rows"][0]["price"], &made["kind"], &made["name"]), (&json!(4.5), &json!("b"), &json!("Nam")));
}
