//! Frames and repetition.

use super::*;

fn stack(direction: &str, nodes: Json) -> Json {
    json!({ "kind": "frame", "at": [0, 0], "width": 200, "layout": "stack", "direction": direction, "gap": 5, "nodes": nodes })
}

#[test]
fn stacks_put_children_below_each_other_and_leave_hidden_ones_out() {
    let nodes = json!([text([9.0, 9.0], "a"), { "kind": "text", "style": "text", "text": "x", "visible": "false" }, text([0.0, 0.0], "b\nc"), text([0.0, 0.0], "d")]);
    let document = document(&template(json!([stack("column", nodes)])));
    assert_eq!(find(&document, "a"), (0, 0, 0));
    assert_eq!(find(&document, "b"), (0, 0, 15));
    assert_eq!(find(&document, "d"), (0, 0, 40));
}

#[test]
fn rows_put_children_beside_each_other_as_wide_as_their_text() {
    let mut row = stack(
        "row",
        json!([text([0.0, 0.0], "mm"), text([0.0, 0.0], "x\ny"), { "kind": "rect", "size": [20, 30], "fill": "#000000" }]),
    );
    row["align"] = json!("end");
    let document = document(&template(json!([row])));
    assert_eq!(find(&document, "mm").2, 20);
    assert_eq!(find(&document, "x").2, 10);
    let second = find(&document, "x").1;
    assert!(second > 15 && second < 30, "{second}");
    assert_eq!(rects(&document, 0)[0].y, 0.0);
}

#[test]
fn columns_are_cut_between_children_and_their_fill_on_each_page() {
    let nodes: Vec<Json> = (0..8).map(|number| text([0.0, 0.0], &format!("n{number}\nm{number}"))).collect();
    let mut frame = stack("column", json!(nodes));
    frame["fill"] = json!("#dddddd");
    frame["padding"] = json!([10, 0, 10, 0]);
    let document = document(&template(json!([frame, text([0.0, 500.0], "below")])));
    assert_eq!(find(&document, "n0"), (0, 0, 10));
    // 10 + 4 × 25 is more than a page: three on the first, four on the second.
    assert_eq!(find(&document, "n3"), (1, 0, 0));
    assert_eq!(find(&document, "n7"), (2, 0, 0));
    assert_eq!(rects(&document, 0)[0].height, 80.0 + 0.0);
    assert_eq!(rects(&document, 1)[0].y, 0.0);
    assert_eq!(rects(&document, 2)[0].height, 30.0);
}

#[test]
fn keep_with_next_and_breaks_hold_inside_stacks() {
    let nodes = json!([
        { "kind": "rect", "size": [10, 80], "fill": "#000000" },
        { "kind": "text", "style": "text", "text": "Heading", "keep": "with-next" },
        text([0.0, 0.0], "body"),
        { "kind": "text", "style": "text", "text": "new page", "break": "before" },
    ]);
    let document = document(&template(json!([stack("column", nodes)])));
    assert_eq!(pages(&document), ["", "Heading body", "new page"]);
}

#[test]
fn nodes_are_repeated_down_with_their_item_and_cut_between_copies() {
    let body = json!([
        { "kind": "text", "at": [20, 10], "style": "text", "text": "{{ index }} {{ item.name }}", "repeat": { "each": "data.items", "gap": 5 } },
        text([0.0, 30.0], "below"),
    ]);
    let data = json!({ "items": [{ "name": "a" }, { "name": "b" }, { "name": "c" }] });
    let document = render(&template(body.clone()), &data).document;
    assert_eq!(find(&document, "0 a"), (0, 20, 10));
    assert_eq!(find(&document, "2 c"), (0, 20, 40));
    assert_eq!(find(&document, "below"), (0, 0, 60));
    let many = json!({ "items": (0..9).map(|number| json!({ "name": number.to_string() })).collect::<Vec<_>>() });
    let document = render(&template(body), &many).document;
    assert_eq!(find(&document, "6 6"), (1, 20, 0));
    assert_eq!(find(&document, "below").0, 1);
}

#[test]
fn nodes_are_repeated_across_in_rows() {
    let node = |columns: u32| {
        json!([{ "kind": "rect", "at": [0, 0], "size": [60, 40], "fill": "#123456",
        "repeat": { "each": "[1, 2, 3, 4, 5]", "gap": 10, "direction": "across", "columns": columns } }])
    };
    let places = |columns| {
        let document = document(&template(node(columns)));
        (0..document.pages.len())
            .flat_map(|page| {
                rects(&document, page).into_iter().map(move |rect| (page, rounded(rect.x), rounded(rect.y)))
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(places(2), [(0, 0, 0), (0, 70, 0), (0, 0, 50), (0, 70, 50), (1, 0, 0)]);
    assert_eq!(places(0), [(0, 0, 0), (0, 70, 0), (0, 140, 0), (0, 0, 50), (0, 70, 50)]);
}

#[test]
fn repetition_is_nested_and_hides_single_copies() {
    let body = json!([{ "kind": "frame", "at": [0, 0], "width": 200, "layout": "stack", "direction": "column",
        "repeat": { "each": "data.groups", "as": "group" }, "nodes": [
            text([0.0, 0.0], "{{ group.name }}"),
            { "kind": "text", "style": "text", "text": "{{ group.name }}{{ leaf }}", "visible": "leaf > 1", "repeat": { "each": "group.leaves", "as": "leaf" } } ] }]);
    let data = json!({ "groups": [{ "name": "A", "leaves": [1, 2] }, { "name": "B", "leaves": [3] }] });
    assert_eq!(pages(&render(&template(body), &data).document), ["A A2 B B3"]);
}

#[test]
fn before_unless_first_gives_each_copy_its_page() {
    let body = json!([{ "kind": "text", "at": [0, 0], "style": "text", "text": "{{ item }}", "break": "before-unless-first",
        "repeat": { "each": "['a', 'b', 'c']" } }]);
    assert_eq!(pages(&document(&template(body.clone()))), ["a", "b", "c"]);
    let mut below = body;
    below[0]["at"] = json!([0, 20]);
    below.as_array_mut().unwrap().insert(0, text([0.0, 0.0], "above"));
    assert_eq!(pages(&document(&template(below))), ["above", "a", "b", "c"]);
    let child = json!([{ "kind": "text", "style": "text", "text": "x", "break": "before-unless-first" }]);
    let mut padded = stack("column", child);
    padded["padding"] = json!(10);
    assert_eq!(pages(&document(&template(json!([padded])))), ["x"]);
}

#[test]
fn repeating_over_what_is_no_list_is_an_error_and_over_nothing_is_nothing() {
    let body = |each: &str| {
        template(json!([{ "id": "r", "kind": "text", "style": "text", "text": "x", "repeat": { "each": each } }]))
    };
    assert_eq!(pages(&document(&body("null"))), [""]);
    let said = errors(&body("5"), &json!({}));
    assert_eq!(said, "error[expression-failed] at /body/nodes/0/repeat/each (node r): `5` is a number, not a list");
}

#[test]
fn text_without_room_is_told() {
    let row = template(json!([{ "kind": "frame", "layout": "stack", "direction": "row", "nodes": [
        { "kind": "frame", "height": 10, "nodes": [] },
        { "kind": "frame", "nodes": [{ "kind": "text", "style": "text", "text": "Paid" }] } ] }]));
    let told = shown(&render(&row, &json!({})).diagnostics);
    assert!(told.contains("there is no room for the text"), "{told}");
    let empty = template(json!([{ "kind": "text", "width": 0, "style": "text", "text": "" }]));
    assert_eq!(shown(&render(&empty, &json!({})).diagnostics), "");
}
