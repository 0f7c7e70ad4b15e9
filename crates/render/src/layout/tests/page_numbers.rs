//! Everything in the body that can tell its page does, and what cannot says so.

use super::*;
use crate::document::Target;

fn at(y: f32, more: Json) -> Json {
    let mut node = json!({ "at": [0, y], "style": "text" });
    for (name, value) in more.as_object().unwrap() {
        node[name] = value.clone();
    }
    node
}

#[test]
fn bound_looks_know_the_page() {
    let rect = |y: f32| {
        let mut rect = at(
            y,
            json!({ "kind": "rect", "size": [10, 10], "fill": "#000000", "bind": {
            "fill": "sys.pageNumber == 2 ? '#ff0000' : '#0000ff'", "opacity": "sys.pageNumber == sys.totalPages ? 0.5 : 1" } }),
        );
        rect.as_object_mut().unwrap().remove("style");
        rect
    };
    let document = document(&template(json!([rect(0.0), rect(110.0), rect(220.0)])));
    let looks: Vec<_> = document
        .pages
        .iter()
        .map(|page| {
            let fill = page.items.iter().find_map(|item| if let Item::Rect(rect) = item { rect.fill } else { None });
            (fill.map(|fill| fill.red), page.items.iter().any(|item| matches!(item, Item::Push { opacity: 0.5, .. })))
        })
        .collect();
    assert_eq!(looks, [(Some(0), false), (Some(255), false), (Some(0), true)]);
    let frame = json!({ "kind": "frame", "at": [0, 100], "size": [50, 20], "layout": "stack", "bind": { "fill": "sys.pageNumber == 2 ? '#ff0000' : '#0000ff'" },
        "nodes": [text([0.0, 0.0], "in {{ sys.pageNumber }}")] });
    let document = super::document(&template(json!([frame])));
    assert_eq!(find(&document, "in 2").0, 1);
    let fill =
        document.pages[1].items.iter().find_map(|item| if let Item::Rect(rect) = item { rect.fill } else { None });
    assert_eq!(fill.map(|fill| fill.red), Some(255));
}

#[test]
fn links_bookmarks_and_texts_with_bound_colours_know_the_page() {
    let body = json!([
        at(
            110.0,
            json!({ "kind": "text", "text": "go", "link": "https://example.org/{{ sys.pageNumber }}", "bookmark": "on {{ sys.pageNumber }} of {{ sys.totalPages }}" })
        ),
        at(
            130.0,
            json!({ "kind": "text", "text": "red", "bind": { "color": "sys.pageNumber == 2 ? '#ff0000' : '#0000ff'" } })
        )
    ]);
    let rendered = render(&template(body), &json!({}));
    assert!(rendered.diagnostics.is_empty(), "{}", shown(&rendered.diagnostics));
    let document = rendered.document;
    assert_eq!(document.pages[1].links[0].target, Target::Uri("https://example.org/2".to_owned()));
    assert_eq!(document.bookmarks[0].title, "on 2 of 2");
    let color = document.pages[1]
        .items
        .iter()
        .filter_map(|item| if let Item::Glyphs(run) = item { Some(run.color.red) } else { None });
    assert_eq!(color.last(), Some(255));
}

#[test]
fn barcodes_and_charts_know_the_page() {
    let barcode = |value: &str, y: i32| json!({ "kind": "barcode", "symbology": "qr", "at": [0, y], "size": [40, 40], "value": value });
    let bars = |body: Json| {
        let document = document(&template(body));
        assert_eq!(document.pages.len(), 2);
        (
            document.segments.clone(),
            document.structure.elements.iter().filter_map(|element| element.alt.clone()).next_back(),
        )
    };
    let (known, _) = bars(json!([barcode("page 2 of 2", 110)]));
    let (found, alt) = bars(json!([barcode("page {{ sys.pageNumber }} of {{ sys.totalPages }}", 110)]));
    assert_eq!(found, known);
    assert_eq!(alt.as_deref(), Some("page 2 of 2"));
    let chart = json!({ "kind": "chart", "type": "bar", "at": [0, 110], "size": [180, 80], "each": "[1, 2]", "label": "p{{ sys.pageNumber }}",
        "series": [{ "value": "item" }] });
    assert!(pages(&document(&template(json!([chart]))))[1].contains("p2"));
}

#[test]
fn text_that_is_cut_between_pages_knows_their_number() {
    let told = format!("{}\nof {{{{ sys.totalPages }}}}", lines(14));
    let rendered = render(&template(json!([text([0.0, 0.0], &told)])), &json!({}));
    assert_eq!(find(&rendered.document, "of 2").0, 1);
    assert!(rendered.diagnostics.is_empty());
    // With other lines the pieces would not fit together.
    let longer = format!("{{{{ sys.totalPages == 2 ? 'a\\nb' : 'a' }}}}\n{}", lines(14));
    let rendered = render(&template(json!([text([0.0, 0.0], &longer)])), &json!({}));
    let said = shown(&rendered.diagnostics);
    assert!(
        said.starts_with("warning[overflow] at /body/nodes/0/text (node body.0): the text is cut between pages"),
        "{said}"
    );
    assert_eq!(find(&rendered.document, "line 14").0, 1);
}

#[test]
fn a_cut_cell_knows_the_number_of_pages() {
    let table = json!({ "kind": "table", "at": [0, 0], "width": 200, "padding": 0, "each": "[1]", "keepRows": "split", "style": "text", "header": { "repeat": false },
        "columns": [{ "text": format!("{}\nof {{{{ sys.totalPages }}}}", lines(14)) }] });
    assert_eq!(find(&document(&template(json!([table]))), "of 2").0, 1);
}

#[test]
fn sizes_and_lists_that_depend_on_the_page_are_told() {
    let body = json!([{ "id": "n", "kind": "rect", "at": [0, 0], "size": [10, 10], "fill": "#000000", "bind": { "width": "sys.pageNumber * 10" } }]);
    let said = shown(&render(&template(body), &json!({})).diagnostics);
    assert!(
        said.starts_with("warning[invalid-expression] at /body/nodes/0/bind/width (node n): `width` cannot follow `sys.pageNumber * 10`"),
        "{said}"
    );
    let repeated = json!([{ "kind": "text", "style": "text", "text": "x", "repeat": { "each": "[sys.pageNumber]" } }]);
    let said = shown(&render(&template(repeated), &json!({})).diagnostics);
    assert!(said.contains("unresolved-path") && said.contains("sys.pageNumber"), "{said}");
}
