//! What is painted below and above the content: backgrounds and foregrounds, on which pages.

use super::*;
use crate::document::ArtifactKind;

fn layered(name: &str, layers: Json) -> Document {
    let mut template = template(json!([text([0.0, 0.0], &lines(25))]));
    template[name] = layers;
    document(&template)
}

fn says(document: &Document, what: &str) -> Vec<usize> {
    texts(document).into_iter().filter(|(.., text)| text == what).map(|(page, ..)| page).collect()
}

#[test]
fn a_foreground_is_painted_last_and_is_no_part_of_the_reading() {
    let document = layered("foreground", json!([text([5.0, 40.0], "DRAFT {{ sys.pageNumber }}")]));
    for (page, content) in document.pages.iter().enumerate() {
        let last = content.items.iter().rposition(|item| matches!(item, Item::Artifact(ArtifactKind::Watermark)));
        let last = last.unwrap_or_else(|| panic!("page {page} has no watermark"));
        assert!(content.items[last..].iter().all(|item| !matches!(item, Item::Element(_))));
        assert!(pages(&document)[page].ends_with(&format!("DRAFT {}", page + 1)));
    }
    assert_eq!(find(&document, "DRAFT 3"), (2, 5, 40));
}

#[test]
fn layers_stand_on_the_pages_that_they_name() {
    let layers = json!([
        { "on": "first", "nodes": [text([0.0, 90.0], "letterhead")] },
        { "on": "not-last", "nodes": [text([0.0, 90.0], "more follows")] },
        { "nodes": [text([0.0, 90.0], "sheet")] } ]);
    for name in ["background", "foreground"] {
        let document = layered(name, layers.clone());
        assert_eq!(says(&document, "letterhead"), [0]);
        assert_eq!(says(&document, "more follows"), [1]);
        assert_eq!(says(&document, "sheet"), [2]);
    }
    let single = layered("background", json!({ "on": "last", "nodes": [text([0.0, 90.0], "end")] }));
    assert_eq!(says(&single, "end"), [2]);
}

#[test]
fn bands_can_stand_on_all_pages_but_the_last() {
    let mut template = template(json!([text([0.0, 0.0], &lines(25))]));
    template["footer"] = json!([{ "on": "not-last", "height": 10, "nodes": [text([0.0, 0.0], "continued")] }]);
    let document = document(&template);
    assert_eq!(says(&document, "continued"), [0, 1]);
    assert_eq!(find(&document, "line 10"), (1, 0, 0));
    assert_eq!(document.pages.len(), 3);
}

#[test]
fn two_layers_for_the_same_pages_are_an_error() {
    let mut template = template(json!([]));
    template["foreground"] = json!([{ "on": "odd", "nodes": [] }, { "on": "odd", "nodes": [] }]);
    assert_eq!(
        errors(&template, &json!({})),
        "error[invalid-value] at /foreground/1/on: two layers stand on \"odd\" pages\n  hint: put their nodes into one layer"
    );
}
