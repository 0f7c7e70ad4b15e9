//! Frames in columns: what flows where, what is cut, where columns end.

use super::*;

/// A frame in two columns of 95 points, 10 apart, with nothing between nodes.
fn columns(more: Json, nodes: Json) -> Json {
    let mut frame = json!({ "id": "c", "kind": "frame", "at": [0, 0], "width": 200, "layout": "columns", "gap": [10, 0], "nodes": nodes });
    for (name, value) in more.as_object().unwrap() {
        frame[name] = value.clone();
    }
    frame
}

fn flowed(more: Json, nodes: Json) -> Document {
    document(&template(json!([columns(more, nodes)])))
}

fn plain(text: &str) -> Json {
    json!({ "kind": "text", "style": "text", "text": text })
}

/// Page and place of each numbered line.
fn numbered(document: &Document) -> Vec<(usize, i32, i32)> {
    texts(document)
        .into_iter()
        .filter(|(.., text)| text.starts_with("line"))
        .map(|(page, x, y, _)| (page, x, y))
        .collect()
}

#[test]
fn text_goes_down_one_column_then_down_the_next_and_ends_even() {
    let document = flowed(json!({}), json!([plain(&lines(8))]));
    let expected: Vec<_> = (0..8).map(|line| (0, if line < 4 { 0 } else { 105 }, line % 4 * 10)).collect();
    assert_eq!(numbered(&document), expected);
    // Of an odd number the first column has one more.
    let odd = numbered(&flowed(json!({}), json!([plain(&lines(7))])));
    assert_eq!((odd[3], odd[4]), ((0, 0, 30), (0, 105, 0)));
}

#[test]
fn what_follows_stands_below_the_highest_column() {
    let nodes = json!([columns(json!({ "height": 10 }), json!([plain(&lines(8))])), text([0.0, 10.0], "below")]);
    assert_eq!(find(&document(&template(nodes)), "below"), (0, 0, 40));
}

#[test]
fn columns_fill_a_page_and_go_on_on_the_next_one_where_they_end_even() {
    let document = flowed(json!({}), json!([plain(&lines(26))]));
    let found = numbered(&document);
    assert_eq!((found[9], found[10], found[19]), ((0, 0, 90), (0, 105, 0), (0, 105, 90)));
    assert_eq!((found[20], found[22], found[23], found[25]), ((1, 0, 0), (1, 0, 20), (1, 105, 0), (1, 105, 20)));
    let filled = numbered(&flowed(json!({ "balance": false }), json!([plain(&lines(26))])));
    assert_eq!((filled[20], filled[25]), ((1, 0, 0), (1, 0, 50)));
}

#[test]
fn columns_begin_below_what_stands_above_and_have_the_whole_next_page() {
    let nodes = json!([text([0.0, 0.0], "above"), columns(json!({ "at": [0, 60] }), json!([plain(&lines(12))]))]);
    let found = numbered(&document(&template(nodes)));
    assert_eq!((found[0], found[3], found[4], found[7]), ((0, 0, 60), (0, 0, 90), (0, 105, 60), (0, 105, 90)));
    assert_eq!((found[8], found[10]), ((1, 0, 0), (1, 105, 0)));
}

#[test]
fn what_is_higher_than_the_rest_of_a_page_waits_for_the_next_one() {
    let tall = json!({ "kind": "rect", "size": [20, 70], "fill": "#000000" });
    let nodes = json!([
        text([0.0, 0.0], "above"),
        columns(json!({ "at": [0, 60] }), json!([plain(&lines(6)), tall, plain("end")]))
    ]);
    let document = document(&template(nodes));
    assert_eq!(numbered(&document)[5], (0, 105, 70));
    let rect = rects(&document, 1)[0];
    assert_eq!((rect.x, rect.y), (0.0, 0.0));
    assert_eq!(find(&document, "end"), (1, 105, 0));
    assert_eq!(document.pages.len(), 2);
}

#[test]
fn neither_orphans_nor_widows_stand_in_a_column() {
    // Even columns would have 3 lines each, with one line of the second text alone.
    let nodes = json!([plain("line a\nline b"), plain("line 1\nline 2\nline 3"), plain("line c")]);
    let found = numbered(&flowed(json!({}), nodes));
    assert_eq!(found[2], (0, 105, 0));
    assert_eq!(found[5], (0, 105, 30));
}

#[test]
fn kept_nodes_stay_in_one_column_and_headings_with_their_text() {
    let heading = json!({ "kind": "text", "style": "text", "text": "heading", "keep": "with-next" });
    let nodes = json!([plain(&lines(3)), heading, plain("line x\nline y\nline z")]);
    assert_eq!(find(&flowed(json!({}), nodes), "heading"), (0, 105, 0));
    let kept = json!({ "kind": "text", "style": "text", "text": "line x\nline y\nline z\nline w", "keep": "together" });
    let nodes = json!([plain(&lines(2)), kept, plain("line e")]);
    assert_eq!(find(&flowed(json!({}), nodes), "line x"), (0, 105, 0));
}

#[test]
fn breaks_lead_to_the_next_column_or_to_the_next_page() {
    let after = |to: &str| {
        let broken = json!({ "kind": "text", "style": "text", "text": "line b", "break": "before", "breakTo": to });
        flowed(json!({}), json!([plain("line a"), broken, plain("line c")]))
    };
    assert_eq!(numbered(&after("column")), [(0, 0, 0), (0, 105, 0), (0, 105, 10)]);
    assert_eq!(numbered(&after("page")), [(0, 0, 0), (1, 0, 0), (1, 105, 0)]);
    assert_eq!(numbered(&after("odd")), [(0, 0, 0), (2, 0, 0), (2, 105, 0)]);
    let nodes = json!([plain("line a"), { "kind": "pageBreak", "breakTo": "column" }, plain("line b")]);
    assert_eq!(numbered(&flowed(json!({}), nodes)), [(0, 0, 0), (0, 105, 0)]);
    // A break after the last column leads to the next page.
    let last = json!({ "kind": "text", "style": "text", "text": "line b", "break": "after", "breakTo": "column" });
    let nodes = json!([plain("line a"), { "kind": "pageBreak", "breakTo": "column" }, last, plain("line c")]);
    assert_eq!(numbered(&flowed(json!({}), nodes)), [(0, 0, 0), (0, 105, 0), (1, 0, 0)]);
}

#[test]
fn a_break_before_the_first_node_leaves_no_column_empty() {
    let first = json!({ "kind": "text", "style": "text", "text": "line a", "break": "before", "breakTo": "column" });
    assert_eq!(numbered(&flowed(json!({}), json!([first, plain("line b")]))), [(0, 0, 0), (0, 105, 0)]);
}

#[test]
fn what_stands_across_all_columns_divides_them() {
    let across = json!({ "kind": "text", "style": "text", "span": "all", "text": "across" });
    let nodes = json!([plain(&lines(4)), across, plain("line x\nline y\nline z\nline w")]);
    let document = flowed(json!({ "gap": [10, 5] }), nodes);
    let found = numbered(&document);
    assert_eq!((found[1], found[2], found[3]), ((0, 0, 10), (0, 105, 0), (0, 105, 10)));
    assert_eq!(find(&document, "across"), (0, 0, 25));
    assert_eq!((found[4], found[5], found[6]), ((0, 0, 40), (0, 0, 50), (0, 105, 40)));
}

#[test]
fn tables_are_cut_between_columns_with_their_header_again() {
    let table = json!({ "kind": "table", "each": "data.items", "padding": 0, "columns": [{ "title": "head", "headerStyle": "text", "style": "text", "text": "i{{ item }}" }],
        "header": { "repeat": true } });
    let template = template(json!([columns(json!({}), json!([table]))]));
    let document = render(&template, &json!({ "items": (1..=25).collect::<Vec<_>>() })).document;
    let heads: Vec<_> =
        texts(&document).into_iter().filter(|(.., text)| text == "head").map(|(page, x, y, _)| (page, x, y)).collect();
    assert_eq!(heads, [(0, 0, 0), (0, 105, 0), (1, 0, 0), (1, 105, 0)]);
    assert_eq!((find(&document, "i9"), find(&document, "i10")), ((0, 0, 90), (0, 105, 10)));
    assert_eq!((find(&document, "i19"), find(&document, "i23")), ((1, 0, 10), (1, 105, 10)));
}

#[test]
fn as_many_columns_as_fit_stand_beside_each_other() {
    let found = numbered(&flowed(json!({ "columnWidth": 60, "gap": [10, 0] }), json!([plain(&lines(6))])));
    assert_eq!((found[0], found[2], found[4]), ((0, 0, 0), (0, 70, 0), (0, 140, 0)));
    let one = numbered(&flowed(json!({ "columnWidth": 300 }), json!([plain(&lines(4))])));
    assert_eq!(one[3], (0, 0, 30));
}

#[test]
fn a_line_stands_between_columns_that_have_content() {
    let rules = |count: usize| {
        let document = flowed(
            json!({ "count": 3, "rule": "#ff0000", "balance": false, "padding": [5, 0] }),
            json!([plain(&lines(count))]),
        );
        document.segments
    };
    use crate::document::{Point, Segment};
    assert_eq!(rules(5), []);
    let upright = |x: f32| [Segment::Move(Point { x, y: 5.0 }), Segment::Line(Point { x, y: 95.0 })];
    let segments = rules(17);
    assert_eq!(segments.len(), 2);
    assert_eq!(segments.first().map(|first| format!("{first:?}")), Some(format!("{:?}", upright(65.0)[0])));
}

#[test]
fn a_given_height_is_filled_column_by_column() {
    let found = numbered(&flowed(json!({ "height": 50, "balance": false }), json!([plain(&lines(7))])));
    assert_eq!((found[4], found[5], found[6]), ((0, 0, 40), (0, 105, 0), (0, 105, 10)));
    // What needs more makes the frame grow.
    let nodes = json!([
        columns(json!({ "height": 20, "balance": false }), json!([plain(&lines(8))])),
        text([0.0, 20.0], "below")
    ]);
    assert_eq!(find(&document(&template(nodes)), "below"), (0, 0, 40));
}

#[test]
fn bands_cells_and_rows_hold_columns_too() {
    let in_band = template(json!([]));
    let mut in_band = in_band;
    in_band["header"] = json!([{ "height": 30, "nodes": [columns(json!({}), json!([plain(&lines(4))]))] }]);
    assert_eq!(numbered(&document(&in_band))[2], (0, 105, 0));
    let cell = json!({ "kind": "table", "at": [0, 0], "width": 200, "each": "[1]", "padding": 0, "columns": [{ "title": "x" }], "header": { "repeat": false },
        "rows": [[{ "nodes": [columns(json!({}), json!([plain(&lines(6))]))] }]] });
    let found = numbered(&document(&template(json!([cell]))));
    assert_eq!((found[2].1, found[3].1), (0, 105));
    assert_eq!(found[0].2, found[3].2);
}

#[test]
fn columns_in_columns_flow_through_both() {
    let inner = columns(json!({ "id": "inner", "width": 95, "gap": [5, 0] }), json!([plain(&lines(8))]));
    let document = flowed(json!({}), json!([inner, plain("line a\nline b")]));
    let found = numbered(&document);
    // Four columns in all; each line of the text has its place.
    assert_eq!(found.len(), 10);
    assert!(found.iter().all(|(page, x, y)| *page == 0 && [0, 50, 105, 155].contains(x) && *y < 40), "{found:?}");
}

#[test]
fn what_is_taller_than_a_column_is_one_error_with_its_name() {
    let tall = json!({ "id": "tall", "kind": "rect", "size": [20, 170], "fill": "#000000" });
    let said = errors(&template(json!([columns(json!({}), json!([plain(&lines(30)), tall]))])), &json!({}));
    assert_eq!(said.matches("error[overflow]").count(), 1, "{said}");
    assert!(said.contains("(node tall): it is 170.0 points high and cannot be cut"), "{said}");
}

#[test]
fn a_frame_in_columns_with_a_fill_has_it_on_every_page() {
    let document = flowed(json!({ "fill": "#eeeeee", "padding": 10 }), json!([plain(&lines(30))]));
    assert_eq!(document.pages.len(), 2);
    let [first, second] = [0, 1].map(|page| rects(&document, page)[0]);
    assert_eq!((first.y, first.height), (0.0, 100.0));
    assert_eq!((second.y, second.width), (0.0, 200.0));
    assert!(second.height < 100.0);
}

#[test]
fn thousands_of_lines_in_columns_take_time_in_proportion() {
    let document = flowed(json!({ "count": 3 }), json!([plain(&lines(6_000))]));
    assert_eq!(document.pages.len(), 200);
    assert_eq!(numbered(&document).len(), 6_000);
}
