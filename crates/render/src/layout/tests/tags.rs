//! Tags, links, bookmarks, node boxes.

use super::*;
use crate::document::{ArtifactKind, Role, Scope, Target};

/// The tag tree as text: one element a line, indented.
pub(super) fn tree(document: &Document) -> String {
    let elements = &document.structure.elements;
    let mut out = String::new();
    fn write(index: usize, depth: usize, elements: &[crate::document::Element], out: &mut String) {
        out.push_str(&format!("{}{:?}", "  ".repeat(depth), elements[index].role));
        if let Some(alt) = &elements[index].alt {
            out.push_str(&format!(" alt={alt}"));
        }
        if elements[index].column_span > 1 {
            out.push_str(&format!(" span={}", elements[index].column_span));
        }
        out.push('\n');
        for child in index + 1..elements.len() {
            if elements[child].parent.map(|parent| parent.0 as usize) == Some(index) {
                write(child, depth + 1, elements, out);
            }
        }
    }
    write(0, 0, elements, &mut out);
    out
}

#[test]
fn the_tree_is_in_reading_order_with_the_usual_roles() {
    let table = json!({ "kind": "table", "at": [0, 20], "width": 200, "padding": 0, "each": "[1]", "as": "n", "columns": [
        { "title": "A", "headerStyle": "text", "style": "text", "text": "{{ n }}" }, { "title": "B", "headerStyle": "text", "style": "text", "text": "b" }],
        "total": [{ "span": 2, "style": "text", "text": "sum" }] });
    let body = json!([
        { "kind": "text", "style": "text", "text": "Title", "role": "H1" },
        text([0.0, 10.0], "words"),
        table,
        { "kind": "rect", "at": [0, 60], "size": [5, 5], "fill": "#000000" },
        { "kind": "barcode", "symbology": "qr", "at": [0, 60], "size": [20, 20], "value": "x", "alt": "Code" },
        { "kind": "frame", "at": [50, 60], "width": 50, "role": "Sect", "nodes": [text([0.0, 0.0], "inside")] },
        { "kind": "text", "at": [100, 60], "style": "text", "text": "noise", "role": "artifact" } ]);
    let document = document(&template(body));
    assert_eq!(
        tree(&document),
        "Document\n  Heading1\n  Paragraph\n  Table\n    TableHead\n      TableRow\n        TableHeaderCell\n        TableHeaderCell\n    TableBody\n      TableRow\n        TableDataCell\n        TableDataCell\n    TableFoot\n      TableRow\n        TableDataCell span=2\n  Figure alt=Code\n  Section\n    Paragraph\n"
    );
    let header = document.structure.elements.iter().find(|element| element.role == Role::TableHeaderCell).unwrap();
    assert_eq!(header.scope, Some(Scope::Column));
    assert!(
        document
            .structure
            .elements
            .iter()
            .enumerate()
            .all(|(index, element)| element.parent.is_none_or(|parent| (parent.0 as usize) < index))
    );
}

#[test]
fn a_repeated_header_is_an_artifact_and_cut_text_stays_one_element() {
    let table = json!({ "kind": "table", "at": [0, 0], "width": 200, "padding": 0, "each": "Array.from({ length: 12 })", "columns": [{ "title": "T", "headerStyle": "text", "style": "text", "text": "r{{ index }}" }] });
    let document = document(&template(json!([table])));
    assert_eq!(tree(&document).matches("TableHead\n").count(), 1);
    assert_eq!(tree(&document).matches("TableBody").count(), 1);
    assert!(matches!(document.pages[1].items[0], Item::Artifact(ArtifactKind::Layout)));
    let text = super::document(&template(json!([text([0.0, 0.0], &lines(15))])));
    assert_eq!(tree(&text), "Document\n  Paragraph\n");
    assert!(matches!(text.pages[1].items[0], Item::Element(element) if element.0 == 1));
}

#[test]
fn every_painted_item_is_marked_and_marks_end_at_pushes_and_pops() {
    let body = json!([
        { "kind": "frame", "at": [0, 0], "width": 100, "fill": "#eeeeee", "opacity": 0.5, "nodes": [text([0.0, 0.0], "in")] },
        { "kind": "text", "at": [0, 30], "size": [30, 10], "style": { "extends": "text", "underline": true }, "overflow": "clip", "text": "a\nb" },
        text([0.0, 60.0], "after") ]);
    let document = render(&template(body), &json!({})).document;
    let mut marked = false;
    let mut depth = 0;
    for item in &document.pages[0].items {
        match item {
            Item::Element(_) | Item::Artifact(_) => marked = true,
            Item::Push { .. } => {
                depth += 1;
                marked = false;
            }
            Item::Pop => {
                depth -= 1;
                marked = false;
            }
            _ => assert!(marked, "{item:?}"),
        }
    }
    assert_eq!(depth, 0);
}

#[test]
fn links_lead_to_pages_addresses_and_nothing_else() {
    let body = json!([
        { "kind": "text", "style": "text", "text": "go", "link": "{{ data.url }}" },
        { "kind": "text", "at": [0, 10], "style": "text", "text": "jump", "link": "#goal" },
        { "id": "goal", "kind": "text", "at": [0, 150], "style": "text", "text": "goal" } ]);
    let rendered = render(&template(body.clone()), &json!({ "url": "https://example.org/a" }));
    let links = &rendered.document.pages[0].links;
    assert_eq!(links.len(), 2);
    assert_eq!(links[0].target, Target::Uri("https://example.org/a".to_owned()));
    assert_eq!(links[1].target, Target::Place { page: 1, y: 50.0 });
    assert_eq!(tree(&rendered.document), "Document\n  Paragraph\n    Link\n  Paragraph\n    Link\n  Paragraph\n");
    for hostile in ["javascript:alert(1)", "file:///etc/passwd", "http://a b", "data:text/html,x"] {
        let rendered = render(&template(body.clone()), &json!({ "url": hostile }));
        assert_eq!(rendered.document.pages[0].links.len(), 1, "{hostile}");
        assert!(shown(&rendered.diagnostics).contains("is no link"), "{hostile}");
    }
}

#[test]
fn bookmarks_and_node_boxes_say_where_things_stand() {
    let body = json!([
        { "id": "one", "kind": "text", "at": [5, 10], "width": 50, "style": "text", "text": "one", "bookmark": "First" },
        { "id": "two", "kind": "text", "at": [0, 120], "style": "text", "text": "two", "bookmark": { "level": 2, "text": "{{ 'Second' }}" } } ]);
    let document = document(&template(body));
    let bookmarks: Vec<_> =
        document.bookmarks.iter().map(|mark| (mark.level, mark.title.as_str(), mark.page, mark.y)).collect();
    assert_eq!(bookmarks, [(1, "First", 0, 10.0), (2, "Second", 1, 20.0)]);
    let boxes = &document.pages[0].boxes;
    assert_eq!(&*document.nodes[boxes[0].node as usize], "one");
    assert_eq!(boxes[0].rect, Rect { x: 5.0, y: 10.0, width: 50.0, height: 10.0 });
    assert_eq!(&*document.nodes[document.pages[1].boxes[0].node as usize], "two");
}

#[test]
fn metadata_comes_from_template_and_data() {
    let mut template = template(json!([]));
    template["title"] = json!("Invoice {{ data.number }}");
    template["author"] = json!("Northwind");
    let metadata = render(&template, &json!({ "number": 7 })).document.metadata;
    assert_eq!((metadata.title.as_str(), metadata.author.as_deref()), ("Invoice 7", Some("Northwind")));
    assert_eq!((metadata.language.as_str(), metadata.created_ms), ("en-GB", 1_767_225_600_000));
}

#[test]
fn a_table_that_is_a_link_stands_inside_of_it_on_all_its_pages() {
    let table = json!({ "kind": "table", "at": [0, 0], "width": 200, "padding": 0, "link": "https://example.org/", "header": { "repeat": false },
        "each": "Array.from({ length: 12 })", "columns": [{ "style": "text", "text": "r{{ index }}" }] });
    let document = document(&template(json!([table])));
    assert!(
        tree(&document).starts_with("Document\n  Link\n    Table\n      TableBody\n        TableRow\n"),
        "{}",
        tree(&document)
    );
    assert_eq!(tree(&document).matches("Link").count(), 1);
    let elements: Vec<_> =
        document.pages.iter().flat_map(|page| &page.links).map(|link| link.element.unwrap().0).collect();
    assert_eq!(elements, [1, 1]);
    let refused = json!({ "kind": "table", "at": [0, 0], "width": 200, "link": "{{ 'file:///x' }}", "each": "[1]", "columns": [{ "style": "text", "text": "x" }] });
    assert!(!tree(&super::document(&template(json!([refused])))).contains("Link"));
}

#[test]
fn links_can_be_clicked_where_they_are_seen_in_turned_and_scaled_frames() {
    let link = json!({ "kind": "text", "at": [0, 0], "size": [40, 10], "style": "text", "text": "go", "link": "https://example.org/" });
    let clickable = |frame: Json| {
        let mut frame = frame;
        frame["kind"] = json!("frame");
        frame["nodes"] = json!([link.clone()]);
        document(&template(json!([frame]))).pages[0].links[0].rect
    };
    let turned = clickable(json!({ "at": [50, 20], "size": [40, 40], "rotation": 90 }));
    assert_eq!(turned, Rect { x: 80.0, y: 20.0, width: 10.0, height: 40.0 });
    let scaled = clickable(json!({ "at": [20, 0], "size": [40, 200], "tooTall": "scale" }));
    assert_eq!(scaled, Rect { x: 20.0, y: 0.0, width: 20.0, height: 5.0 });
}
