//! Cells of tables: nodes in them, alignment, borders, tags.

use super::table_rows::table;
use super::*;
use crate::document::{Role, Scope};

fn rendered(more: Json) -> Document {
    render(
        &template(json!([table(more)])),
        &json!({ "items": [{ "name": "a", "price": 1 }, { "name": "b", "price": 2 }] }),
    )
    .document
}

fn lines_of(document: &Document, page: usize) -> Vec<(i32, i32, i32, i32)> {
    let rects = rects(document, page).into_iter();
    rects
        .map(|rect| {
            (rounded(rect.x * 2.0), rounded(rect.y * 2.0), rounded(rect.width * 2.0), rounded(rect.height * 2.0))
        })
        .collect()
}

#[test]
fn a_cell_holds_nodes_and_grows_with_them() {
    let nodes = json!([{ "kind": "rect", "at": [5, 2], "size": [20, 30], "fill": "#123456" }, { "kind": "text", "at": [0, 34], "style": "text", "text": "{{ item.name }}p{{ sys.pageNumber }}" }]);
    let document = rendered(
        json!({ "padding": [1, 2], "columns": [{ "width": 60, "nodes": nodes }, { "text": "{{ item.name }}", "verticalAlign": "bottom" }] }),
    );
    assert_eq!(rects(&document, 0)[0], Rect { x: 7.0, y: 3.0, width: 20.0, height: 30.0 });
    assert_eq!(find(&document, "ap1"), (0, 2, 35));
    assert_eq!(find(&document, "a"), (0, 62, 35));
    assert_eq!(find(&document, "bp1"), (0, 2, 81));
}

#[test]
fn nodes_stand_in_their_cell_as_it_is_aligned() {
    let nodes = json!([{ "kind": "rect", "size": [20, 10], "fill": "#123456" }]);
    let cells = json!([{ "align": "center", "verticalAlign": "middle", "nodes": nodes }, { "text": "1\n2\n3" }]);
    let document = rendered(json!({ "rows": [{ "cells": cells }] }));
    assert_eq!(rects(&document, 0)[0], Rect { x: 15.0, y: 10.0, width: 20.0, height: 10.0 });
}

#[test]
fn a_table_stands_in_a_cell_and_a_page_break_does_not() {
    let inner = json!({ "kind": "table", "style": "text", "padding": 0, "each": "[1, 2, 3]", "as": "n", "columns": [{ "text": "{{ item.name }}{{ n }}" }] });
    let document = rendered(json!({ "columns": [{ "nodes": [inner] }, { "text": "x" }] }));
    assert_eq!(find(&document, "b1"), (0, 0, 30));
    let said = |nodes: Json| {
        errors(&template(json!([table(json!({ "columns": [{ "nodes": nodes }] }))])), &json!({ "items": [] }))
    };
    let hidden = said(json!([{ "kind": "frame", "nodes": [{ "kind": "pageBreak" }] }]));
    assert!(
        hidden.starts_with(
            "error[invalid-value] at /body/nodes/0/columns/0/nodes (node t): a cell cannot hold a page break"
        ),
        "{hidden}"
    );
    let both = errors(
        &template(json!([table(json!({ "columns": [{ "text": "x", "nodes": [] }] }))])),
        &json!({ "items": [] }),
    );
    assert!(both.contains("either `text` or `nodes`"), "{both}");
}

#[test]
fn a_row_with_nodes_is_cut_between_them() {
    let nodes: Vec<Json> =
        (0..6).map(|n| json!({ "kind": "rect", "at": [0, n * 30], "size": [10, 25], "fill": "#000000" })).collect();
    let more = json!({ "keepRows": "split", "columns": [{ "nodes": nodes }, { "text": lines(18) }], "each": "[1]" });
    let document = rendered(more);
    assert_eq!(document.pages.len(), 2);
    assert_eq!((rects(&document, 0).len(), rects(&document, 1).len()), (3, 3));
    assert_eq!((rects(&document, 1)[0].y, find(&document, "line 10").2), (0.0, 0));
}

#[test]
fn first_lines_stand_on_one_line_when_cells_ask_for_it() {
    let cells = json!([{ "style": { "extends": "text", "size": 20 }, "verticalAlign": "baseline", "text": "Big" }, { "verticalAlign": "baseline", "text": "small" }]);
    let document = rendered(json!({ "rows": [{ "cells": cells }] }));
    let baselines: Vec<f32> = document.pages[0]
        .items
        .iter()
        .filter_map(|item| if let Item::Glyphs(run) = item { Some(run.origin.y) } else { None })
        .collect();
    assert_eq!(baselines[0], baselines[1]);
}

#[test]
fn columns_have_lines_that_stop_at_cells_over_several_columns() {
    let more = json!({ "columnLine": { "color": "#000000", "width": 1 }, "rowLine": { "color": "#00ff00", "width": 1 }, "total": [{ "span": 2, "text": "sum" }] });
    // Two lines between rows, then one between the columns of the two items.
    assert_eq!(lines_of(&rendered(more), 0), [(0, 19, 400, 2), (0, 39, 400, 2), (99, 0, 2, 40)]);
}

#[test]
fn where_two_cells_meet_there_is_one_line_and_the_wider_one() {
    let thin = json!({ "color": "#0000ff", "width": 1 });
    let thick = json!({ "color": "#ff0000", "width": 2 });
    let rows = json!([{ "cells": [{ "border": thin, "text": "a" }, { "border": { "left": thick, "bottom": thick }, "text": "b" }] }]);
    let document = rendered(json!({ "rows": rows, "each": "[1]" }));
    assert_eq!(
        lines_of(&document, 0),
        [(0, -1, 100, 2), (0, 19, 100, 2), (100, 18, 300, 4), (-1, -1, 2, 22), (98, -1, 4, 23)]
    );
}

#[test]
fn no_line_crosses_a_cell_over_several_rows() {
    let rows = json!([[{ "rowSpan": 2, "text": "a" }, { "text": "b" }], [{ "text": "c" }]]);
    let document = rendered(json!({ "rows": rows, "rowLine": { "color": "#000000", "width": 1 }, "each": "[1, 2]" }));
    assert_eq!(lines_of(&document, 0), [(100, 19, 300, 2), (0, 39, 400, 2), (100, 59, 300, 2)]);
}

#[test]
fn fills_are_round_where_the_table_is() {
    let more = json!({ "radius": 4, "header": { "fill": "#dddddd", "style": "text", "cells": [{ "text": "h" }] }, "fill": "#ffffff" });
    let document = rendered(more);
    assert_eq!(rects(&document, 0).len(), 1, "the fill of the table itself");
    let round = document.pages[0].items.iter().filter(|item| matches!(item, Item::Path(_))).count();
    assert_eq!(round, 1, "the fill of the header");
}

#[test]
fn tags_tell_heads_groups_and_spans() {
    let more = json!({ "columns": [{ "scope": "row", "text": "{{ item.name }}" }, { "text": "x" }],
        "groups": [{ "by": "item.name", "header": [{ "text": "{{ group.key }}" }, { "text": "1" }], "footer": [{ "span": 2, "text": "f" }] }],
        "header": { "rows": [[{ "rowSpan": 2, "text": "N" }, { "text": "Y" }], [{ "text": "o" }]] }, "total": [{ "text": "t" }] });
    let document = rendered(more);
    let elements = &document.structure.elements;
    let count = |role: Role| elements.iter().filter(|element| element.role == role).count();
    assert_eq!((count(Role::TableHead), count(Role::TableBody), count(Role::TableFoot)), (1, 2, 1));
    let heads: Vec<(Option<Scope>, u16, u16)> = elements
        .iter()
        .filter(|element| element.role == Role::TableHeaderCell)
        .map(|element| (element.scope, element.column_span, element.row_span))
        .collect();
    let (column, row) = ((Some(Scope::Column), 1, 1), (Some(Scope::Row), 1, 1));
    assert_eq!(heads, [(Some(Scope::Column), 1, 2), column, column, row, row, row, row]);
    assert_eq!(elements.iter().filter(|element| element.column_span == 2).count(), 2);
}

#[test]
fn content_of_cells_is_below_their_elements_and_carried_rows_are_decoration() {
    let nodes = json!([{ "kind": "barcode", "symbology": "qr", "size": [10, 10], "value": "x", "alt": "Code" }]);
    let document = rendered(json!({ "columns": [{ "nodes": nodes }], "each": "Array.from({ length: 15 })",
        "carry": { "bottom": [{ "text": "to" }] } }));
    let elements = &document.structure.elements;
    let figure = elements.iter().find(|element| element.role == Role::Figure).unwrap();
    assert_eq!(elements[figure.parent.unwrap().0 as usize].role, Role::TableDataCell);
    assert_eq!(elements.iter().filter(|element| element.role == Role::TableRow).count(), 15);
    assert!(pages(&document)[0].ends_with("to"));
}
