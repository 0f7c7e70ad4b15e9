//! Rows of tables: groups, rows in rows, conditions, cells over several rows and columns, widths.

use super::*;

/// A table of rows of 10 points without padding, with these properties more.
pub(super) fn table(more: Json) -> Json {
    let mut table = json!({ "id": "t", "kind": "table", "at": [0, 0], "width": 200, "padding": 0, "style": "text",
        "each": "data.items", "columns": [{ "width": 50, "text": "{{ item.name }}" }, { "text": "{{ item.price }}" }] });
    for (name, value) in more.as_object().unwrap() {
        table[name] = value.clone();
    }
    table
}

fn sales() -> Json {
    json!({ "items": [
        { "region": "N", "town": "Oslo", "name": "a", "price": 1 }, { "region": "N", "town": "Oslo", "name": "b", "price": 2 },
        { "region": "N", "town": "Bodø", "name": "c", "price": 3 }, { "region": "S", "town": "Rome", "name": "d", "price": 4 } ] })
}

fn rendered(more: Json, data: &Json) -> Document {
    render(&template(json!([table(more)])), data).document
}

#[test]
fn items_are_grouped_in_the_order_in_which_they_come_and_groups_know_their_items() {
    let groups = json!([
        { "by": "item.region", "as": "region", "header": [{ "span": 2, "text": "{{ region.key }}{{ region.index }}" }],
          "footer": [{ "text": "={{ region.key }}" }, { "text": "{{ sum(region.items, 'price') }}/{{ region.count }}" }] },
        { "by": "item.town", "header": [{ "span": 2, "text": "{{ region.key }}:{{ group.key }}{{ group.index }}" }] } ]);
    let document = rendered(json!({ "groups": groups }), &sales());
    assert_eq!(pages(&document).join(" "), "N0 N:Oslo0 a 1 b 2 N:Bodø1 c 3 =N 6/3 S1 S:Rome0 d 4 =S 4/1");
    let twice = json!({ "items": [{ "k": 1 }, { "k": 2 }, { "k": 1 }] });
    let again = json!({ "groups": [{ "by": "item.k", "header": [{ "text": "k{{ group.key }}" }] }], "columns": [{ "text": "x" }] });
    assert_eq!(pages(&rendered(again, &twice)).join(" "), "k1 x k2 x k1 x");
}

#[test]
fn groups_of_made_lists_and_the_page_in_a_group_work_too() {
    let more = json!({ "each": "data.items.filter(i => i.price > 1)",
        "groups": [{ "by": "row.region", "header": [{ "span": 2, "text": "{{ group.items.length }} p{{ sys.pageNumber }}" }] }] });
    assert_eq!(pages(&rendered(more, &sales())).join(" "), "2 p1 b 2 c 3 1 p1 d 4");
}

#[test]
fn an_item_can_have_several_rows_and_rows_can_be_repeated_inside() {
    let rows = json!([
        { "cells": [{ "span": 2, "text": "Order {{ order.number }}" }] },
        { "each": "order.lines", "as": "line", "index": "n", "cells": [{ "text": "{{ n }}" }, { "text": "{{ line }}" }] },
        { "visible": "order.note", "rows": [[{ "text": "Note" }, { "text": "{{ order.note }}" }]] } ]);
    let data =
        json!({ "items": [{ "number": 7, "lines": ["pen", "ink"], "note": "quick" }, { "number": 8, "lines": [] }] });
    let document = rendered(json!({ "as": "order", "rows": rows }), &data);
    assert_eq!(pages(&document).join(" "), "Order 7 0 pen 1 ink Note quick Order 8");
    assert_eq!(find(&document, "quick"), (0, 50, 30));
}

#[test]
fn a_row_without_cells_has_those_of_the_columns() {
    let rows = json!([{ "visible": "item.price > 1" }, [{ "span": 2, "text": "*{{ item.name }}" }]]);
    assert_eq!(pages(&rendered(json!({ "rows": rows }), &sales())).join(" "), "*a b 2 *b c 3 *c d 4 *d");
    let said = errors(&template(json!([table(json!({ "total": {} }))])), &sales());
    assert!(said.contains("at /body/nodes/0/total (node t): a row needs `cells` or `rows`"), "{said}");
}

#[test]
fn expressions_set_the_look_of_rows_and_their_cells_set_it_over_them() {
    let more = json!({ "columns": [{ "text": "{{ item.name }}", "bind": { "fontWeight": "400" } }, { "text": "{{ item.price }}" }],
        "rows": [{ "bind": { "fill": "item.price > 3 ? '#ffff00' : null", "color": "item.price > 3 ? '#ff0000' : null", "fontWeight": "700" } }] });
    let document = rendered(more, &sales());
    let runs: Vec<(u8, u32)> = document.pages[0]
        .items
        .iter()
        .filter_map(|item| if let Item::Glyphs(run) = item { Some((run.color.red, run.face)) } else { None })
        .collect();
    assert_eq!(runs.iter().map(|run| run.0).collect::<Vec<_>>(), [0, 0, 0, 0, 0, 0, 255, 255]);
    assert!(runs[0].1 != runs[1].1, "the cell's own weight is over the row's");
    assert_eq!(rects(&document, 0), [Rect { x: 0.0, y: 30.0, width: 200.0, height: 10.0 }]);
}

#[test]
fn columns_are_hidden_for_the_whole_table() {
    let more = json!({ "columns": [{ "title": "A", "width": 50, "text": "a" }, { "title": "B", "width": 50, "visible": "data.all", "text": "b" },
        { "title": "C", "text": "c" }], "total": [{ "span": 2, "text": "sum" }, { "text": "end" }] });
    let all = rendered(more.clone(), &json!({ "all": true, "items": [1] }));
    assert_eq!(find(&all, "c").1, 100);
    let some = rendered(more, &json!({ "all": false, "items": [1] }));
    assert_eq!(pages(&some), ["A C a c sum end"]);
    assert_eq!((find(&some, "c").1, find(&some, "end").1), (50, 50));
}

#[test]
fn cells_cover_rows_which_grow_with_them() {
    let rows = json!([
        { "cells": [{ "rowSpan": 2, "text": "tall\ntall\ntall" }, { "text": "one" }] },
        { "cells": [{ "text": "two" }] },
        { "cells": [{ "text": "three" }, { "text": "x" }] } ]);
    let document = rendered(json!({ "rows": rows }), &json!({ "items": [1, 2] }));
    assert_eq!(find(&document, "one"), (0, 50, 0));
    assert_eq!(find(&document, "two"), (0, 50, 10));
    assert_eq!(find(&document, "three"), (0, 0, 30));
    assert_eq!(texts(&document).iter().filter(|text| text.3 == "one").nth(1).unwrap().2, 40);
}

#[test]
fn a_cell_covers_the_rest_of_its_list_whatever_is_repeated_or_hidden_in_it() {
    let rows = json!([
        { "cells": [{ "rowSpan": "rest", "text": "{{ item.n }}", "verticalAlign": "middle" }, { "text": "head" }] },
        { "each": "item.lines", "as": "line", "cells": [{ "text": "{{ line }}" }] },
        { "visible": "false", "cells": [{ "text": "never" }] } ]);
    let data = json!({ "items": [{ "n": "A", "lines": [1, 2] }, { "n": "B", "lines": [] }] });
    let document = rendered(json!({ "rows": rows }), &data);
    assert_eq!(find(&document, "A"), (0, 0, 10));
    assert_eq!(find(&document, "2"), (0, 50, 20));
    assert_eq!(find(&document, "B"), (0, 0, 30));
}

#[test]
fn a_header_has_several_rows_with_cells_over_rows_and_columns() {
    let more = json!({ "columns": [{ "width": 40, "text": "a" }, { "width": 40, "text": "b" }, { "text": "c" }],
        "header": { "style": "text", "rows": [[{ "rowSpan": 2, "text": "Name" }, { "span": 2, "text": "Year" }], [{ "text": "old" }, { "text": "new" }]] } });
    let document = rendered(more, &json!({ "items": vec![0; 12] }));
    assert_eq!(
        (find(&document, "Year"), find(&document, "old"), find(&document, "new")),
        ((0, 40, 0), (0, 40, 10), (0, 80, 10))
    );
    assert!(pages(&document)[1].starts_with("Name Year old new a b c"));
}

#[test]
fn spans_that_overlap_or_go_beyond_an_edge_are_errors() {
    let said = |rows: Json| errors(&template(json!([table(json!({ "rows": rows }))])), &sales());
    let overlap = said(json!([[{ "text": "a" }, { "rowSpan": 2, "text": "b" }], [{ "span": 2, "text": "c" }]]));
    assert_eq!(
        overlap,
        "error[invalid-value] at /body/nodes/0/rows/1 (node t): a cell of this row overlaps a cell of a row above\n  hint: reduce `span` here, or `rowSpan` above"
    );
    assert!(said(json!([[{ "span": 3, "text": "a" }]])).contains("cover 3 columns, the table has 2"));
    assert!(said(json!([[{ "rowSpan": 2 }], [{}, {}]])).contains("cover 3 columns, the table has 2"));
    assert!(said(json!([[{ "rowSpan": 3 }], [{}]])).contains("a cell covers more rows than there are in the list"));
    let moving = said(json!([[{ "rowSpan": 2 }], { "visible": "item.x", "cells": [{}] }]));
    assert!(moving.contains("cannot be conditional, repeated or a list"), "{moving}");
    let repeated = said(json!([{ "each": "[1]", "cells": [{ "rowSpan": "rest" }] }]));
    assert!(repeated.contains("covers one row only"), "{repeated}");
    let page = said(json!([{ "visible": "sys.pageNumber > 1" }]));
    assert!(page.contains("`visible` cannot depend on the page"), "{page}");
}

#[test]
fn auto_columns_are_as_wide_as_their_content_and_no_text_in_them_is_broken() {
    let more = json!({ "columns": [{ "width": "auto", "text": "{{ item }}" }, { "text": "rest" }] });
    let document = rendered(more.clone(), &json!({ "items": ["i", "wide words", "x"] }));
    let wide = document.pages[0].items.iter().filter(|item| matches!(item, Item::Glyphs(_))).count();
    assert_eq!(wide, 6);
    let x = find(&document, "rest").1;
    assert!((45..70).contains(&x), "{x}");
    let mut spaced = more.clone();
    spaced["columns"][0]["style"] = json!({ "extends": "text", "letterSpacing": 3, "case": "upper" });
    assert!(texts(&rendered(spaced, &json!({ "items": ["change"] }))).iter().all(|text| text.2 == 0));
    let mut bounded = more;
    bounded["columns"][0]["minWidth"] = json!(90);
    assert_eq!(find(&rendered(bounded.clone(), &json!({ "items": ["i"] })), "rest").1, 90);
    bounded["columns"][0] = json!({ "width": "auto", "maxWidth": 30, "text": "{{ item }}" });
    let broken = rendered(bounded, &json!({ "items": ["wide words"] }));
    assert_eq!((find(&broken, "words"), find(&broken, "rest").1), ((0, 0, 10), 30));
}
