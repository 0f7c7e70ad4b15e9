//! Frames: grids, stacks with their room shared out, lines of a stack.

use super::*;

fn frame(more: Json, nodes: Json) -> Json {
    let mut frame = json!({ "id": "f", "kind": "frame", "at": [0, 0], "width": 200, "nodes": nodes });
    for (name, value) in more.as_object().unwrap() {
        frame[name] = value.clone();
    }
    frame
}

fn boxed(size: [i32; 2]) -> Json {
    json!({ "kind": "rect", "size": size, "fill": "#123456" })
}

fn places(document: &Document) -> Vec<(usize, i32, i32, i32, i32)> {
    let place = |rect: Rect| (rounded(rect.x), rounded(rect.y), rounded(rect.width), rounded(rect.height));
    (0..document.pages.len())
        .flat_map(|page| {
            rects(document, page).into_iter().map(move |rect| {
                let (x, y, width, height) = place(rect);
                (page, x, y, width, height)
            })
        })
        .collect()
}

fn placed(more: Json, nodes: Json) -> Vec<(usize, i32, i32, i32, i32)> {
    places(&document(&template(json!([frame(more, nodes)]))))
}

fn grid(more: Json, nodes: Json) -> Vec<(usize, i32, i32, i32, i32)> {
    let mut all = json!({ "layout": "grid", "columns": [50, "1fr", "2fr"], "gap": [4, 10] });
    for (name, value) in more.as_object().unwrap() {
        all[name] = value.clone();
    }
    placed(all, nodes)
}

#[test]
fn a_grid_is_filled_row_by_row() {
    let nodes = json!([boxed([5, 10]), boxed([5, 30]), { "kind": "frame", "fill": "#000000", "nodes": [text([0.0, 0.0], "x")] }, boxed([5, 5])]);
    // 200 − 50 − 2 × 4 is shared by 1 and 2.
    assert_eq!(grid(json!({}), nodes), [(0, 0, 0, 5, 10), (0, 54, 0, 5, 30), (0, 105, 0, 95, 10), (0, 0, 40, 5, 5)]);
}

#[test]
fn cells_of_a_grid_are_aligned_stretched_and_hidden_nodes_take_none() {
    let frame = json!({ "kind": "frame", "fill": "#000000" });
    let nodes = json!([boxed([10, 30]), { "kind": "rect", "size": [5, 5], "visible": "false" }, frame, boxed([5, 10])]);
    let stretched = grid(json!({ "align": "stretch" }), nodes.clone());
    assert_eq!(stretched, [(0, 0, 0, 10, 30), (0, 54, 0, 47, 30), (0, 105, 0, 5, 10)]);
    let centred = grid(json!({ "align": "center", "justify": "center" }), nodes);
    assert_eq!(centred[0], (0, 20, 0, 10, 30));
    assert_eq!(centred[2], (0, 150, 10, 5, 10));
}

#[test]
fn nodes_cover_cells_and_others_fill_the_gaps() {
    let nodes = json!([
        { "kind": "rect", "size": [1, 50], "rowSpan": 2, "fill": "#000000" }, { "kind": "frame", "span": 2, "height": 10, "fill": "#000000" },
        boxed([2, 10]), boxed([3, 10]), boxed([4, 10]) ]);
    let expected = [(0, 0, 0, 1, 50), (0, 54, 0, 146, 10), (0, 54, 20, 2, 10), (0, 105, 20, 3, 10), (0, 0, 60, 4, 10)];
    assert_eq!(grid(json!({}), nodes), expected);
    let wide = template(json!([frame(
        json!({ "layout": "grid", "columns": [10, 10] }),
        json!([{ "kind": "rect", "size": [1, 1], "span": 3 }])
    )]));
    assert_eq!(
        errors(&wide, &json!({})),
        "error[invalid-value] at /body/nodes/0/nodes/0/span (node body.0.0): the node covers 3 columns, the grid has 2"
    );
    let none = errors(&template(json!([frame(json!({ "layout": "grid" }), json!([]))])), &json!({}));
    assert!(none.contains("error[missing-property] at /body/nodes/0 (node f): a grid needs `columns`"), "{none}");
}

#[test]
fn each_copy_of_a_repeated_node_has_a_cell_and_rows_are_cut_between_pages() {
    let card = json!([{ "kind": "text", "style": "text", "text": "{{ item }}\n{{ group }}{{ item }}", "repeat": { "each": "data.items" } }]);
    let mut node = frame(json!({ "layout": "grid", "columns": ["1fr", "1fr"], "gap": 10, "align": "center" }), card);
    node["repeat"] = json!({ "each": "data.groups", "as": "group" });
    let data = json!({ "items": [1, 2, 3, 4, 5], "groups": ["a", "b"] });
    let document = render(&template(json!([node])), &data).document;
    assert_eq!(
        (find(&document, "a1"), find(&document, "a2"), find(&document, "a5")),
        ((0, 0, 10), (0, 105, 10), (0, 0, 70))
    );
    assert_eq!((find(&document, "b1"), find(&document, "b3")), ((0, 0, 90), (1, 0, 10)));
}

#[test]
fn a_stack_shares_its_room_out() {
    let nodes = json!([boxed([10, 10]), boxed([20, 20]), boxed([10, 10])]);
    let across =
        |justify: &str| placed(json!({ "layout": "stack", "direction": "row", "justify": justify }), nodes.clone());
    assert_eq!(across("end")[0], (0, 160, 0, 10, 10));
    assert_eq!(across("center")[0], (0, 80, 0, 10, 10));
    assert_eq!(across("between"), [(0, 0, 0, 10, 10), (0, 90, 0, 20, 20), (0, 190, 0, 10, 10)]);
    let down = |justify: &str| placed(json!({ "layout": "stack", "height": 80, "justify": justify }), nodes.clone());
    assert_eq!(down("end")[2], (0, 0, 70, 10, 10));
    assert_eq!(down("between"), [(0, 0, 0, 10, 10), (0, 0, 30, 20, 20), (0, 0, 70, 10, 10)]);
    let overfull = placed(json!({ "layout": "stack", "height": 20, "justify": "end" }), nodes.clone());
    assert_eq!(overfull[0], (0, 0, 0, 10, 10));
}

#[test]
fn a_stack_across_goes_on_in_lines() {
    let nodes = json!([boxed([90, 10]), boxed([90, 30]), boxed([90, 10]), boxed([190, 10]), boxed([250, 10])]);
    let more = json!({ "layout": "stack", "direction": "row", "wrap": true, "gap": [5, 10], "align": "end" });
    let expected =
        [(0, 0, 20, 90, 10), (0, 95, 0, 90, 30), (0, 0, 40, 90, 10), (0, 0, 60, 190, 10), (0, 0, 80, 250, 10)];
    assert_eq!(placed(more, nodes), expected);
}

#[test]
fn boxes_beside_each_other_are_made_equally_high() {
    let card = |says: &str| json!({ "kind": "frame", "width": 60, "fill": "#eeeeee", "nodes": [{ "kind": "text", "style": "text", "text": says }] });
    let more = json!({ "layout": "stack", "direction": "row", "gap": 5, "align": "stretch" });
    assert_eq!(placed(more.clone(), json!([card("a"), card("b\nc\nd")])), [(0, 0, 0, 60, 30), (0, 65, 0, 60, 30)]);
    let low = json!({ "kind": "frame", "width": 60, "layout": "stack", "justify": "end", "nodes": [boxed([5, 10])] });
    assert_eq!(placed(more, json!([low, boxed([10, 40])])), [(0, 0, 30, 5, 10), (0, 65, 0, 10, 40)]);
}

#[test]
fn a_table_stands_in_a_cell_of_a_grid_and_a_grid_in_a_cell_of_a_table() {
    let table = json!({ "kind": "table", "padding": 0, "style": "text", "each": "[1, 2]", "as": "n",
        "columns": [{ "nodes": [{ "kind": "frame", "layout": "grid", "columns": ["1fr", "1fr"], "nodes": [text([0.0, 0.0], "l{{ n }}"), text([0.0, 0.0], "r{{ n }}")] }] }] });
    let node = frame(json!({ "layout": "grid", "columns": ["1fr", "1fr"] }), json!([text([0.0, 0.0], "t"), table]));
    let document = document(&template(json!([node])));
    assert_eq!((find(&document, "l2"), find(&document, "r2")), ((0, 100, 10), (0, 150, 10)));
}

#[test]
fn a_grid_of_hostile_spans_ends_at_a_limit() {
    let limits = Limits { item_count_max: 20_000, ..Limits::default() };
    let options = RenderOptions { limits, ..RenderOptions::default() };
    let node = json!([{ "kind": "rect", "size": [0, 0], "rowSpan": 50, "repeat": { "each": "Array.from({ length: 1000 })" } }]);
    let body = json!([frame(json!({ "layout": "grid", "columns": [1] }), node)]);
    let findings = try_render(&template(body), &json!({}), &options).unwrap_err();
    assert!(shown(&findings).contains("more than 20000 pieces"), "{}", shown(&findings));
}
