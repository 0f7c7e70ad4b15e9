//! Headers, footers, background.

use super::*;
use crate::document::ArtifactKind;

fn with_bands() -> Json {
    let mut template = template(json!([text([0.0, 0.0], &lines(15))]));
    template["page"]["margin"] = json!([5, 10, 5, 20]);
    template["header"] = json!([
        { "on": "first", "height": 30, "nodes": [text([0.0, 0.0], "first head")] },
        { "on": "all", "height": 10, "nodes": [text([0.0, 0.0], "head {{ sys.pageNumber }}")] },
    ]);
    template["footer"] = json!([{ "on": "all", "height": 10, "nodes": [
        { "kind": "text", "at": [0, 0], "width": 170, "align": "end", "style": "text", "text": "{{ sys.pageNumber }} of {{ sys.totalPages }}" }] }]);
    template
}

#[test]
fn bands_take_room_from_the_body_and_know_the_pages() {
    let document = document(&with_bands());
    // 100 - 10 - 30 - 10 = 50 points for the body of the first page, 70 for the others.
    assert_eq!(pages(&document)[0], "first head line 1 line 2 line 3 line 4 line 5 1 of 3");
    assert!(pages(&document)[1].starts_with("head 2 line 6"));
    assert!(pages(&document)[2].ends_with("3 of 3"));
    assert_eq!(find(&document, "line 1"), (0, 20, 35));
    assert_eq!(find(&document, "line 6"), (1, 20, 15));
    let footer = texts(&document).into_iter().find(|(.., text)| text == "1 of 3").unwrap();
    assert_eq!(footer.2, 85);
}

#[test]
fn bands_are_artifacts_unless_their_author_gives_them_a_role() {
    let mut template = with_bands();
    template["header"][0]["nodes"][0]["role"] = json!("H1");
    let document = document(&template);
    let roles: Vec<_> = document.structure.elements.iter().map(|element| element.role).collect();
    assert_eq!(
        roles,
        [crate::document::Role::Document, crate::document::Role::Heading1, crate::document::Role::Paragraph]
    );
    let kinds: Vec<_> = document.pages[1]
        .items
        .iter()
        .filter_map(|item| if let Item::Artifact(kind) = item { Some(*kind) } else { None })
        .collect();
    assert_eq!(kinds, [ArtifactKind::Header, ArtifactKind::Footer]);
}

#[test]
fn a_taller_last_footer_moves_what_no_longer_fits_to_a_page_more() {
    let mut template = template(json!([text([0.0, 0.0], &lines(9))]));
    template["footer"] = json!([{ "on": "last", "height": 60, "nodes": [text([0.0, 50.0], "last")] }]);
    let document = document(&template);
    let pages = pages(&document);
    assert_eq!(pages.len(), 3, "{pages:?}");
    assert!(pages[2].ends_with("last") && !pages[1].contains("last"));
    let lowest = texts(&document)
        .iter()
        .filter(|(page, .., text)| *page == 2 && text != "last")
        .map(|(_, _, y, _)| *y)
        .max()
        .unwrap();
    assert!(lowest < 40);
}

#[test]
fn bands_that_leave_no_room_are_an_error() {
    let mut template = template(json!([]));
    template["header"] = json!([{ "on": "all", "height": 60, "nodes": [] }]);
    template["footer"] = json!([{ "on": "all", "height": 60, "nodes": [] }]);
    // The check of templates may find it first; layout must not go on in any case.
    let said = errors(&template, &json!({}));
    assert!(said.contains("room") || said.contains("high"), "{said}");
}

#[test]
fn the_background_is_painted_first_in_page_coordinates() {
    let mut template = with_bands();
    template["page"]["fill"] = json!("#fafafa");
    template["background"] = json!([{ "kind": "rect", "at": [0, 0], "size": [200, 8], "fill": "#00ff00" }]);
    let document = document(&template);
    for page in 0..document.pages.len() {
        let rects = rects(&document, page);
        assert_eq!((rects[0].width, rects[0].height), (200.0, 100.0));
        assert_eq!((rects[1].x, rects[1].height), (0.0, 8.0));
        assert!(matches!(document.pages[page].items[0], Item::Artifact(ArtifactKind::Background)));
    }
}

#[test]
fn what_does_not_fit_into_a_band_is_a_warning() {
    let mut template = template(json!([]));
    template["header"] = json!([{ "on": "all", "height": 10, "nodes": [{ "id": "low", "kind": "text", "style": "text", "text": "a\nb" }] }]);
    let said = shown(&render(&template, &json!({})).diagnostics);
    assert!(said.starts_with("warning[overflow] at /header/0/nodes/0 (node low)"), "{said}");
}
