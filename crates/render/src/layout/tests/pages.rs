//! The body is cut into pages.

use super::*;

#[test]
fn text_is_cut_between_lines_with_two_lines_at_least_on_each_side() {
    let document = document(&template(json!([text([0.0, 0.0], &lines(23))])));
    let lengths: Vec<usize> = pages(&document).iter().map(|page| page.matches("line").count()).collect();
    assert_eq!(lengths, [10, 10, 3]);
    let eleven = super::document(&template(json!([text([0.0, 0.0], &lines(11))])));
    let lengths: Vec<usize> = pages(&eleven).iter().map(|page| page.matches("line").count()).collect();
    assert_eq!(lengths, [9, 2]);
    let low = super::document(&template(json!([text([0.0, 90.0], &lines(6))])));
    assert_eq!(find(&low, "line 1").0, 1);
}

#[test]
fn what_cannot_be_cut_moves_on_whole() {
    let body = json!([
        { "kind": "rect", "at": [0, 60], "size": [50, 50], "fill": "#112233" },
        text([0.0, 110.0], "below"),
    ]);
    let document = document(&template(body));
    assert!(rects(&document, 0).is_empty());
    assert_eq!(rects(&document, 1)[0].y, 0.0);
    assert_eq!(find(&document, "below"), (1, 0, 50));
}

#[test]
fn labels_are_not_parted_from_what_stands_beside_them() {
    let body = json!([
        text([0.0, 92.0], "label"),
        { "kind": "text", "at": [50, 92], "width": 100, "style": "text", "text": "a\nb\nc" },
    ]);
    let document = document(&template(body));
    assert_eq!(find(&document, "label").0, 1);
    assert_eq!(find(&document, "a").0, 1);
}

#[test]
fn what_is_taller_than_a_page_is_an_error_with_its_name() {
    let body = json!([{ "id": "giant", "kind": "rect", "at": [0, 0], "size": [10, 300], "fill": "#000000" }]);
    let said = errors(&template(body), &json!({}));
    assert!(said.starts_with("error[overflow] at /body/nodes/0 (node giant): it is 300.0 points high"), "{said}");
}

#[test]
fn places_beyond_the_first_page_are_on_later_ones() {
    let document = document(&template(json!([text([0.0, 250.0], "third")])));
    assert_eq!(find(&document, "third"), (2, 0, 50));
    assert_eq!(document.pages.len(), 3);
}

#[test]
fn a_page_break_ends_the_page_and_leaves_none_empty() {
    let body = json!([text([0.0, 0.0], "one"), { "kind": "pageBreak", "at": [0, 20] }, text([0.0, 20.0], "two"), { "kind": "pageBreak", "at": [0, 40] }]);
    let document = document(&template(body));
    assert_eq!(pages(&document), ["one", "two"]);
    assert_eq!(find(&document, "two"), (1, 0, 0));
}

#[test]
fn breaks_before_and_after_are_kept_to() {
    let node = |says: &str, y: f32, breaks: &str| json!({ "kind": "text", "at": [0, y], "style": "text", "text": says, "break": breaks });
    let before = document(&template(json!([text([0.0, 0.0], "a"), node("b", 10.0, "before"), text([0.0, 20.0], "c")])));
    assert_eq!(pages(&before), ["a", "b c"]);
    let after = document(&template(json!([node("a", 0.0, "after"), text([0.0, 10.0], "b")])));
    assert_eq!(pages(&after), ["a", "b"]);
    let first =
        document(&template(json!([node("a", 0.0, "before-unless-first"), node("b", 10.0, "before-unless-first")])));
    assert_eq!(pages(&first), ["a", "b"]);
}

#[test]
fn a_heading_stays_with_what_follows() {
    let body = json!([
        text([0.0, 0.0], &lines(8)),
        { "kind": "text", "at": [0, 80], "style": "text", "text": "Heading", "keep": "with-next" },
        { "kind": "text", "at": [0, 90], "style": "text", "text": "para 1\npara 2\npara 3\npara 4" },
    ]);
    let mut template = template(body);
    template["body"]["nodes"][0]["height"] = json!(80);
    let document = document(&template);
    assert_eq!(find(&document, "Heading").0, 1);
    assert_eq!(find(&document, "para 1"), (1, 0, 10));
}

#[test]
fn what_is_kept_together_is_not_cut() {
    let body = json!([{ "kind": "text", "at": [0, 60], "style": "text", "text": lines(8), "keep": "together" }]);
    let document = document(&template(body));
    assert_eq!(find(&document, "line 1"), (1, 0, 0));
    assert_eq!(pages(&document)[0], "");
}

#[test]
fn the_number_of_pages_is_bounded() {
    let limits = Limits { page_count_max: 3, ..Limits::default() };
    let options = RenderOptions { limits, ..RenderOptions::default() };
    let findings = try_render(&template(json!([text([0.0, 0.0], &lines(50))])), &json!({}), &options).unwrap_err();
    assert!(
        shown(&findings).contains("error[limit-exceeded] at /body: the document has more than 3 pages"),
        "{}",
        shown(&findings)
    );
}

#[test]
fn pages_are_known_to_text_of_the_body() {
    let body = json!([
        text([0.0, 0.0], "p {{ sys.pageNumber }} of {{ sys.totalPages }}"),
        text([0.0, 150.0], "q {{ sys.pageNumber }}/{{ sys.totalPages }}")
    ]);
    assert_eq!(pages(&document(&template(body))), ["p 1 of 2", "q 2/2"]);
}

#[test]
fn pages_are_known_to_cells_and_conditions_of_the_body() {
    let table = json!({ "kind": "table", "at": [0, 0], "width": 200, "padding": 0, "each": "Array.from({ length: 12 })", "columns": [{ "style": "text", "text": "{{ index }}p{{ sys.pageNumber }}" }] });
    let document = document(&template(json!([table])));
    assert_eq!(find(&document, "9p1").0, 0);
    assert_eq!(find(&document, "11p2").0, 1);
    let body = json!([
        { "kind": "text", "style": "text", "text": "a", "visible": "sys.pageNumber == 1" },
        { "kind": "text", "at": [0, 110], "style": "text", "text": "b{{ item }}", "visible": "sys.pageNumber == item", "repeat": { "each": "[1, 2]" } },
        { "kind": "text", "at": [0, 120], "style": "text", "text": "c" } ]);
    assert_eq!(pages(&super::document(&template(body))), ["a", "b2 c"]);
}
