//! Breaks that can have no effect are told, and those at the end of a frame count.

use super::*;

fn warnings(template: &Json) -> String {
    let read = Template::from_value(template, &Limits::default(), crate::template::Strictness::Check);
    shown(&read.unwrap().1)
}

fn broken() -> Json {
    json!({ "id": "b", "kind": "text", "style": "text", "text": "x", "break": "before" })
}

#[test]
fn a_break_where_nothing_is_cut_is_a_warning() {
    let inside = |frame: Json| {
        let mut frame = frame;
        frame["kind"] = json!("frame");
        frame["nodes"] = json!([broken()]);
        warnings(&template(json!([frame])))
    };
    let place = "warning[invalid-value] at /body/nodes/0/nodes/0/break (node b): `break` has no effect";
    assert!(inside(json!({})).starts_with(&format!("{place} in a frame whose nodes have places of their own\n")));
    let row = inside(json!({ "layout": "stack", "direction": "row" }));
    assert!(row.starts_with(&format!("{place} in a row of nodes\n")), "{row}");
    let turned = inside(json!({ "layout": "stack", "rotation": 90 }));
    assert!(turned.starts_with(&format!("{place} in a frame that is turned or faded\n")), "{turned}");
    for cut in [
        json!({ "layout": "stack" }),
        json!({ "layout": "stack", "direction": "row", "wrap": true }),
        json!({ "layout": "grid", "columns": ["1fr"] }),
        json!({ "layout": "columns" }),
    ] {
        assert_eq!(inside(cut.clone()), "", "{cut}");
    }
}

#[test]
fn breaks_in_bands_layers_and_cells_are_warnings() {
    let mut banded = template(json!([]));
    banded["header"] = json!([{ "height": 10, "nodes": [{ "id": "p", "kind": "pageBreak" }] }]);
    assert!(warnings(&banded).starts_with(
        "warning[invalid-value] at /header/0/nodes/0 (node p): a page break has no effect in a header or footer\n"
    ));
    let mut layered = template(json!([]));
    layered["foreground"] = json!([broken()]);
    assert!(warnings(&layered).contains("`break` has no effect below or above the content of a page"));
    let table = json!({ "kind": "table", "each": "[1]", "columns": [{ "title": "x", "nodes": [broken()] }] });
    assert!(warnings(&template(json!([table]))).contains("`break` has no effect in a cell of a table"));
    let target = json!([{ "kind": "text", "style": "text", "text": "x", "breakTo": "column" }]);
    assert!(warnings(&template(target)).contains("`breakTo` has no effect without `break`"));
}

#[test]
fn a_break_after_the_last_node_of_a_frame_ends_the_page() {
    let last = json!({ "kind": "text", "style": "text", "text": "x", "break": "after" });
    let frame = json!({ "kind": "frame", "at": [0, 0], "layout": "stack", "nodes": [last] });
    let stack = json!({ "kind": "frame", "at": [0, 0], "layout": "stack", "nodes": [frame,
        { "kind": "text", "style": "text", "text": "next", "break": "before" }] });
    let document = document(&template(json!([stack, text([0.0, 40.0], "free")])));
    assert_eq!(find(&document, "next"), (1, 0, 0));
    assert_eq!(document.pages.len(), 2);
}

#[test]
fn chapters_begin_on_right_hand_pages() {
    let chapter = |says: &str| json!({ "kind": "text", "style": "text", "text": says, "break": "before-unless-first", "breakTo": "odd" });
    let stack = json!({ "kind": "frame", "at": [0, 0], "layout": "stack", "nodes": [chapter("one"), chapter("two"), chapter("three")] });
    let document = document(&template(json!([stack])));
    assert_eq!(["one", "two", "three"].map(|chapter| find(&document, chapter).0), [0, 2, 4]);
    let free = json!([text([0.0, 0.0], "one"),
        { "kind": "text", "at": [0, 20], "style": "text", "text": "two", "break": "before", "breakTo": "even" }]);
    assert_eq!(find(&super::document(&template(free)), "two"), (1, 0, 0));
}
