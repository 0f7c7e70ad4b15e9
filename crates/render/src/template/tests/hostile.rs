//! Damaged, hostile, empty and huge templates.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{good, lenient, parse, shown, with_nodes};
use crate::limits::Limits;
use crate::template::{
    CheckOptions, FINDING_COUNT_MAX, Strictness, TEMPLATE_SIZE_BYTES_MAX, Template, check, format_json,
};

#[test]
fn nesting_is_bounded_before_anything_recurses() {
    let text = "[".repeat(1_000_000);
    let findings = parse(&text).unwrap_err();
    assert_eq!(shown(&findings), "error[limit-exceeded] at /: column 65: the template is nested more than 64 deep");
    let mut value = Json::Null;
    for _level in 0..120 {
        value = json!([value]);
    }
    let findings = Template::from_value(&value, &Limits::default(), Strictness::Lenient).unwrap_err();
    assert_eq!(shown(&findings), "error[limit-exceeded] at /: the template is nested more than 64 deep");
}

#[test]
fn frames_nested_up_to_the_hardest_limit_are_read() {
    let frames = 60;
    let text = with_nodes(&format!("{}{}", r#"{"kind": "frame", "nodes": ["#.repeat(frames), "]}".repeat(frames)));
    let limits = Limits { depth_max: u32::MAX, ..Limits::default() };
    assert_eq!(Template::parse(&text, &limits).unwrap().0.node_count, 60);
    let text = "[".repeat(200);
    assert_eq!(
        shown(&Template::parse(&text, &limits).unwrap_err()),
        "error[limit-exceeded] at /: column 129: the template is nested more than 128 deep"
    );
}

#[test]
fn a_bracket_in_a_string_is_no_nesting() {
    let name = "[{".repeat(90);
    good(&format!(r#"{{"format": 1, "name": "{name}\"["}}"#));
}

#[test]
fn a_template_of_too_many_bytes_is_refused() {
    let text = " ".repeat(TEMPLATE_SIZE_BYTES_MAX + 1);
    assert_eq!(
        shown(&parse(&text).unwrap_err()),
        "error[limit-exceeded] at /: the template has more than 64000000 bytes"
    );
}

#[test]
fn too_many_nodes_are_one_finding() {
    let limits = Limits { node_count_max: 3, ..Limits::default() };
    let node = r#"{"kind": "pageBreak"}"#;
    let findings = Template::parse(&with_nodes(&[node; 9].join(",")), &limits).unwrap_err();
    assert_eq!(
        shown(&findings),
        "error[limit-exceeded] at /body/nodes/3: the template has more than 3 nodes\n  hint: divide it into several templates"
    );
    assert_eq!(Template::parse(&with_nodes(&[node; 3].join(",")), &limits).unwrap().0.node_count, 3);
}

#[test]
fn findings_are_bounded_and_the_last_one_says_so() {
    let nodes = vec![r#"{"kind": "text"}"#; 5000].join(",");
    let findings = parse(&with_nodes(&nodes)).unwrap_err();
    assert_eq!(findings.len(), FINDING_COUNT_MAX);
    assert_eq!(
        findings.last().unwrap().to_string(),
        "error[limit-exceeded] at /: there are 200 findings or more, the others are not shown"
    );
    let nodes = vec![r#"{"kind": "image", "source": "asset:a"}"#; 5000].join(",");
    let findings = check(&with_nodes(&nodes), &CheckOptions::default(), &Limits::default());
    assert_eq!(findings.len(), FINDING_COUNT_MAX);
    assert!(findings.last().unwrap().message.starts_with("there are 200 findings or more"));
}

#[test]
fn long_names_and_values_are_shortened_in_messages() {
    let long = "x".repeat(1_000_000);
    let text = with_nodes(&format!(r#"{{"kind": "rect", "size": [1, 1], "fill": "{long}", "{long}": 1}}"#));
    for finding in parse(&text).unwrap_err() {
        assert!(finding.message.len() < 300, "{}", finding.message.len());
        assert!(finding.hint.unwrap().len() < 600);
    }
}

#[test]
fn damaged_text_of_a_good_template_never_panics() {
    let bytes = super::EXAMPLE.as_bytes();
    for at in (0..bytes.len()).step_by(7) {
        let cut = String::from_utf8_lossy(&bytes[..at]).into_owned();
        assert!(parse(&cut).is_err());
        let mut changed = bytes.to_vec();
        changed[at] = b'\\';
        let _any_result = parse(&String::from_utf8_lossy(&changed));
    }
}

/// JSON that uses the words of the format, so that it gets further than random JSON.
fn near_json() -> impl Strategy<Value = Json> {
    let word = prop::sample::select(vec![
        "format",
        "kind",
        "text",
        "image",
        "frame",
        "table",
        "line",
        "rect",
        "barcode",
        "rich",
        "markdown",
        "contents",
        "content",
        "paragraph",
        "list",
        "items",
        "rows",
        "nodes",
        "body",
        "header",
        "footer",
        "styles",
        "style",
        "extends",
        "columns",
        "total",
        "totals",
        "span",
        "cells",
        "each",
        "as",
        "at",
        "size",
        "to",
        "width",
        "bind",
        "visible",
        "repeat",
        "margin",
        "page",
        "A4",
        "12mm",
        "#fff",
        "qr",
        "1fr",
        "a",
        "{{ data.x }}",
        "{{",
        "symbology",
        "value",
        "source",
        "asset:a",
        "assets",
        "link",
        "#a",
        "id",
        "data",
        "samples",
        "schema",
        "output",
        "profiles",
        "on",
        "height",
        "padding",
        "stroke",
        "dash",
        "bookmark",
        "",
    ]);
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        (-50_i64..600).prop_map(Json::from),
        word.clone().prop_map(Json::from),
        ".{0,12}".prop_map(Json::from),
    ];
    leaf.prop_recursive(6, 60, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::Array),
            prop::collection::vec((word.clone().prop_map(str::to_owned), inner), 0..8)
                .prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn arbitrary_json_never_panics(body in near_json(), node in near_json(), other in near_json()) {
        let whole = json!({ "format": 1, "body": [node], "styles": other.clone(), "header": other.clone(), "page": other });
        for json in [&body, &whole] {
            let text = json.to_string();
            let _any_result = check(&text, &CheckOptions { data: Some(&body), assets: Some(&()) }, &Limits::default());
            let _any_result = lenient(&text);
            let formatted = format_json(json);
            prop_assert_eq!(&format_json(&serde_json::from_str(&formatted).unwrap()), &formatted);
        }
    }

    #[test]
    fn arbitrary_text_never_panics(text in ".{0,80}") {
        let _any_result = parse(&text);
    }
}
