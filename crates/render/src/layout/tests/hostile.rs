//! Input that is made to hurt, is empty, or is far too large: an ordinary answer, soon.

use std::sync::atomic::AtomicBool;

use super::*;

#[test]
fn a_million_rows_end_at_a_limit() {
    let limits = Limits { item_count_max: 5_000, ..Limits::default() };
    let options = RenderOptions { limits, ..RenderOptions::default() };
    let table = json!({ "kind": "table", "at": [0, 0], "width": 200, "each": "data.rows", "columns": [{ "style": "text", "text": "x" }] });
    let rows = json!({ "rows": vec![0; 1_000_000] });
    let findings = try_render(&template(json!([table])), &rows, &options).unwrap_err();
    assert!(
        shown(&findings).contains("error[limit-exceeded]") && shown(&findings).contains("more than 5000 pieces"),
        "{}",
        shown(&findings)
    );
}

#[test]
fn nested_repetition_ends_at_a_limit() {
    let inner = json!({ "kind": "text", "style": "text", "text": "x", "repeat": { "each": "data.rows" } });
    let middle = json!({ "kind": "frame", "layout": "stack", "direction": "column", "nodes": [inner], "repeat": { "each": "data.rows" } });
    let outer = json!({ "kind": "frame", "layout": "stack", "direction": "column", "nodes": [middle], "repeat": { "each": "data.rows" } });
    let limits = Limits { item_count_max: 20_000, ..Limits::default() };
    let options = RenderOptions { limits, ..RenderOptions::default() };
    let findings = try_render(&template(json!([outer])), &json!({ "rows": vec![0; 5_000] }), &options).unwrap_err();
    assert!(shown(&findings).contains("error[limit-exceeded]"));
}

#[test]
fn too_much_text_ends_at_a_limit() {
    let limits = Limits { text_length_max: 1_000, ..Limits::default() };
    let options = RenderOptions { limits, ..RenderOptions::default() };
    let body = json!([text([0.0, 0.0], "{{ data.long }}"), text([0.0, 10.0], "{{ data.long }}")]);
    let findings = try_render(&template(body), &json!({ "long": "a".repeat(600) }), &options).unwrap_err();
    assert!(shown(&findings).contains("more than 1000 characters"));
}

#[test]
fn fuel_ends_endless_expressions() {
    let limits = Limits { fuel_max: 1_000, ..Limits::default() };
    let options = RenderOptions { limits, ..RenderOptions::default() };
    let body = json!([text([0.0, 0.0], "{{ Array.from({ length: 10000 }).map(x => 1).length }}")]);
    let findings = try_render(&template(body), &json!({}), &options).unwrap_err();
    assert!(shown(&findings).contains("error[limit-exceeded] at /body/nodes/0/text"), "{}", shown(&findings));
}

#[test]
fn a_render_is_cancelled_from_outside() {
    let cancel = AtomicBool::new(true);
    let options = RenderOptions { cancel: Some(&cancel), ..RenderOptions::default() };
    let findings = try_render(&template(json!([text([0.0, 0.0], "x")])), &json!({}), &options).unwrap_err();
    assert_eq!(shown(&findings), "error[cancelled] at /: the render was cancelled");
}

#[test]
fn sizes_of_nothing_do_no_harm() {
    let body = json!([
        { "kind": "text", "at": [0, 0], "width": 0, "style": "text", "text": "abc" },
        { "kind": "frame", "at": [0, 40], "width": 0, "padding": 20, "fill": "#000000", "nodes": [text([0.0, 0.0], "d")] },
        { "kind": "table", "at": [0, 10], "width": 0, "each": "[1]", "columns": [{ "style": "text", "text": "e" }] },
        { "kind": "rect", "at": [0, 0], "size": [0, 0], "fill": "#000000", "radius": 9 },
        { "kind": "barcode", "symbology": "qr", "at": [0, 0], "size": [0, 0], "value": "x" },
        { "kind": "ellipse", "at": [199, 0], "size": [0, 5], "fill": "#000000" } ]);
    let document = document(&template(body));
    for page in &document.pages {
        for item in &page.items {
            if let Item::Glyphs(run) = item {
                assert!(run.origin.x.is_finite() && run.origin.y.is_finite());
            }
        }
    }
}

#[test]
fn an_empty_template_is_one_empty_page() {
    let document = document(&template(json!([])));
    assert_eq!(document.pages.len(), 1);
    assert!(document.pages[0].items.is_empty());
    assert_eq!(document.structure.elements.len(), 1);
}

#[test]
fn an_expression_that_fails_names_its_place_and_all_failures_are_told() {
    let body = json!([{ "id": "a", "kind": "text", "style": "text", "text": "{{ nothing }}" }, { "id": "b", "kind": "text", "at": [0, 10], "style": "text", "text": "{{ data.x.foo.bar() + unknown(1) }}" }]);
    let said = errors(&template(body), &json!({}));
    assert!(
        said.contains("error[expression-failed] at /body/nodes/0/text (node a): `nothing` is not known here"),
        "{said}"
    );
    assert!(said.contains("at /body/nodes/1/text (node b)"), "{said}");
}

#[test]
fn many_nodes_and_pages_take_time_in_proportion() {
    let nodes: Vec<Json> = (0..3_000).map(|number| text([0.0, 0.0], &format!("n {number}"))).collect();
    let template = template(json!([{ "kind": "frame", "layout": "stack", "direction": "column", "nodes": nodes }]));
    let document = document(&template);
    assert_eq!(document.pages.len(), 300);
    assert_eq!(find(&document, "n 2999"), (299, 0, 90));
}

#[test]
fn columns_in_columns_in_columns_end_soon() {
    let mut nodes = json!([{ "kind": "text", "style": "text", "text": lines(40) }, { "kind": "pageBreak", "breakTo": "column" }, text([0.0, 0.0], "x")]);
    for _ in 0..30 {
        nodes = json!([text([0.0, 0.0], "y"), { "kind": "frame", "layout": "columns", "gap": 0, "count": 2, "nodes": nodes }, text([0.0, 0.0], "z")]);
    }
    let frame = json!([{ "kind": "frame", "at": [0, 30], "width": 200, "layout": "columns", "nodes": nodes }]);
    // The innermost columns are narrower than a letter: what matters is that there is an answer.
    let _answered = try_render(&template(frame), &json!({}), &RenderOptions::default());
    let many = json!({ "kind": "frame", "layout": "columns", "count": 20, "gap": [0, 1000], "nodes": [text([0.0, 0.0], "a"), text([0.0, 0.0], "b")] });
    assert!(try_render(&template(json!([many])), &json!({}), &RenderOptions::default()).is_ok());
}
