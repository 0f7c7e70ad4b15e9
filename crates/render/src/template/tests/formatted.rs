//! The formatter: one spelling, and the same meaning.

use serde_json::{Value as Json, json};

use super::{EXAMPLE, good};
use crate::template::format_json;

fn format_text(text: &str) -> String {
    format_json(&serde_json::from_str(text).unwrap())
}

#[test]
fn keys_numbers_defaults_and_arrays_have_one_spelling() {
    let text = r##"{"body": {"nodes": [
        {"text": "Hello", "kind": "text", "at": [10.005, 20.0], "opacity": 1.0, "width": 33.333333, "id": "a",
         "bind": {"fill": "1", "x": "2"}, "style": {"color": "#fff", "size": 9.50, "lineHeight": 1.3333333}},
        {"nodes": [], "kind": "frame", "layout": "free", "zzz": {"b": 1, "a": 2.123456}}]},
        "format": 1.0, "name": "Untitled"}"##;
    assert_eq!(
        format_text(text),
        r##"{
  "format": 1,
  "body": {
    "nodes": [
      {
        "id": "a",
        "kind": "text",
        "at": [10.01, 20],
        "width": 33.33,
        "bind": {
          "x": "2",
          "fill": "1"
        },
        "style": {
          "size": 9.5,
          "lineHeight": 1.3333,
          "color": "#fff"
        },
        "text": "Hello"
      },
      {
        "kind": "frame",
        "zzz": {
          "b": 1,
          "a": 2.123456
        }
      }
    ]
  }
}
"##
    );
}

#[test]
fn what_the_engine_keeps_is_not_touched() {
    let json = json!({ "format": 1, "data": { "samples": { "a": { "z": 0.123456789, "a": [1.50, -0.0], "locked": false } } },
        "meta": { "b": 1.2345, "a": {} }, "designer": { "guides": [1.23456] } });
    let formatted: Json = serde_json::from_str(&format_json(&json)).unwrap();
    assert_eq!(formatted, json);
}

#[test]
fn long_arrays_are_written_one_value_a_line() {
    let words: Vec<String> = (0..30).map(|word| format!("keyword{word}")).collect();
    let text = format_json(&json!({ "format": 1, "keywords": words, "page": { "margin": [1, 2, 3, 4] } }));
    assert!(text.contains("\n    \"keyword7\",\n"), "{text}");
    assert!(text.contains("\"margin\": [1, 2, 3, 4]"), "{text}");
    assert!(text.lines().all(|line| line.len() <= 110));
}

#[test]
fn formatting_twice_changes_nothing_and_the_meaning_stays() {
    let once = format_text(EXAMPLE);
    assert_eq!(format_text(&once), once);
    assert_eq!(format!("{:?}", good(&once)), format!("{:?}", good(EXAMPLE)));
}

#[test]
fn what_is_no_template_is_written_too() {
    assert_eq!(format_json(&Json::Null), "null\n");
    assert_eq!(format_json(&json!([])), "[]\n");
    assert_eq!(format_json(&json!({})), "{}\n");
    assert_eq!(
        format_json(&json!({ "body": 3, "page": [1, { "x": [] }] })),
        "{\n  \"page\": [\n    1,\n    {\n      \"x\": []\n    }\n  ],\n  \"body\": 3\n}\n"
    );
}
