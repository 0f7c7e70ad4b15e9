//! Tables.

use super::*;

fn table() -> Json {
    json!({ "id": "t", "kind": "table", "at": [0, 0], "width": 200, "each": "data.items", "as": "item", "padding": 0,
        "columns": [
            { "title": "Name", "width": "1fr", "headerStyle": "text", "style": "text", "text": "{{ item.name }}" },
            { "title": "Price", "width": 50, "headerStyle": "text", "style": "text", "align": "end", "text": "{{ row.price }}" } ] })
}

fn items(count: usize) -> Json {
    json!({ "items": (1..=count).map(|number| json!({ "name": format!("i{number}"), "price": number })).collect::<Vec<_>>() })
}

fn with(mut table: Json, key: &str, value: Json) -> Json {
    table[key] = value;
    table
}

#[test]
fn rows_follow_the_header_and_columns_their_widths() {
    let document = render(&template(json!([table()])), &items(2)).document;
    assert_eq!(find(&document, "Name"), (0, 0, 0));
    assert_eq!(find(&document, "i1"), (0, 0, 10));
    assert_eq!(find(&document, "i2"), (0, 0, 20));
    let (_, x, y) = find(&document, "2");
    assert!(x > 190 && y == 20);
}

#[test]
fn the_header_is_repeated_and_rows_are_not_cut() {
    let document = render(&template(json!([table(), text([0.0, 40.0], "below")])), &items(12)).document;
    let pages = pages(&document);
    assert_eq!(pages[0].split(' ').next(), Some("Name"));
    assert_eq!(find(&document, "i9"), (0, 0, 90));
    assert_eq!(find(&document, "i10"), (1, 0, 10));
    assert!(pages[1].starts_with("Name Price i10"));
    assert_eq!(find(&document, "below"), (1, 0, 60));
    let once = render(&template(json!([with(table(), "header", json!({ "repeat": false }))])), &items(12)).document;
    assert_eq!(find(&once, "i10"), (1, 0, 0));
}

#[test]
fn a_header_is_not_left_alone_at_the_end_of_a_page() {
    let body = json!([with(table(), "at", json!([0, 85]))]);
    let document = render(&template(body), &items(3)).document;
    assert_eq!(find(&document, "Name"), (1, 0, 0));
}

#[test]
fn totals_keep_a_detail_row_with_them() {
    let total = json!([{ "style": "text", "text": "Sum" }, { "style": "text", "align": "end", "text": "{{ sum(data.items, i => i.price) }}" }]);
    let table = with(table(), "total", total);
    let document = render(&template(json!([table.clone()])), &items(9)).document;
    assert_eq!(find(&document, "i8"), (0, 0, 80));
    assert_eq!(find(&document, "i9"), (1, 0, 10));
    assert_eq!(find(&document, "Sum"), (1, 0, 20));
    assert_eq!(find(&document, "45").2, 20);
    let document = render(&template(json!([table])), &items(8)).document;
    assert_eq!(find(&document, "Sum"), (0, 0, 90));
}

#[test]
fn spans_zebra_lines_and_fills() {
    let mut table = with(table(), "zebra", json!("#eeeeee"));
    table["rowLine"] = json!({ "color": "#cccccc", "width": 1 });
    table["headLine"] = json!({ "color": "#000000", "width": 2 });
    table["header"] = json!({ "repeat": true, "fill": "#dddddd" });
    table["total"] = json!([{ "span": 2, "style": "text", "text": "All", "align": "end", "fill": "#ffff00" }]);
    let document = render(&template(json!([table])), &items(3)).document;
    let rects = rects(&document, 0);
    let fills: Vec<(i32, i32, i32)> =
        rects.iter().map(|rect| (rounded(rect.y * 2.0), rounded(rect.width), rounded(rect.height))).collect();
    // Header, second detail row, total; then the lines: under the header, between rows, above the total.
    assert_eq!(
        fills,
        [(0, 200, 10), (40, 200, 10), (80, 200, 10), (18, 200, 2), (39, 200, 1), (59, 200, 1), (78, 200, 2)]
    );
    assert!(find(&document, "All").1 > 180);
}

#[test]
fn an_empty_list_shows_what_the_template_says() {
    let table = with(table(), "empty", json!({ "style": "text", "text": "Nothing here" }));
    let document = render(&template(json!([table])), &json!({ "items": [] })).document;
    assert_eq!(find(&document, "Nothing here"), (0, 0, 10));
    assert_eq!(
        pages(&render(&template(json!([super::tables::table()])), &json!({ "items": [] })).document),
        ["Name Price"]
    );
}

#[test]
fn rows_taller_than_a_page_are_cut_between_lines_or_are_an_error() {
    let data = json!({ "items": [{ "name": "short", "price": 1 }, { "name": lines(25), "price": 2 }, { "name": "after", "price": 3 }] });
    let split = with(table(), "keepRows", json!("split"));
    let document = render(&template(json!([split])), &data).document;
    let counts: Vec<usize> = pages(&document).iter().map(|page| page.matches("line").count()).collect();
    assert_eq!(counts, [0, 9, 9, 7]);
    assert_eq!(find(&document, "line 1"), (1, 0, 10));
    assert_eq!(find(&document, "after"), (3, 0, 80));
    let said = errors(&template(json!([table()])), &data);
    assert!(said.starts_with("error[overflow] at /body/nodes/0 (node t)"), "{said}");
}

#[test]
fn cells_have_conditions_of_their_own() {
    let mut table = table();
    table["columns"][1]["bind"] =
        json!({ "color": "item.price > 1 ? '#ff0000' : null", "fontWeight": "item.price > 1 ? 700 : 400" });
    let document = render(&template(json!([table])), &items(2)).document;
    let reds: Vec<u8> = document.pages[0]
        .items
        .iter()
        .filter_map(|item| if let Item::Glyphs(run) = item { Some(run.color.red) } else { None })
        .collect();
    assert_eq!(reds, [0, 0, 0, 0, 0, 255]);
}

#[test]
fn a_table_in_a_stack_is_cut_like_any_other() {
    let frame = json!({ "kind": "frame", "at": [0, 0], "width": 200, "layout": "stack", "direction": "column", "nodes": [text([0.0, 0.0], "title"), table(), text([0.0, 0.0], "end")] });
    let document = render(&template(json!([frame])), &items(12)).document;
    assert_eq!(find(&document, "i8"), (0, 0, 90));
    assert_eq!(find(&document, "i9"), (1, 0, 10));
    assert_eq!(find(&document, "end"), (1, 0, 50));
}
