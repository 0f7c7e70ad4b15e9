//! Tables across pages: what stays together, what is carried, what goes on.

use super::table_rows::table;
use super::*;

fn numbers(count: usize) -> Json {
    json!({ "items": (1..=count).map(|number| json!({ "name": format!("i{number}"), "price": number, "k": (number - 1) / 4 })).collect::<Vec<_>>() })
}

fn rendered(more: Json, data: &Json) -> Document {
    render(&template(json!([table(more)])), data).document
}

fn group(more: Json) -> Json {
    let mut group = json!({ "by": "item.k", "header": [{ "span": 2, "text": "k{{ group.key }}" }] });
    for (name, value) in more.as_object().unwrap() {
        group[name] = value.clone();
    }
    json!([group])
}

#[test]
fn a_group_header_keeps_its_first_row_and_a_footer_its_last() {
    // Rows: k0 i1 i2 i3 i4 k1 i5 i6 i7 i8 | k2 …; one line less and k2 would fit alone.
    let top = text([0.0, 0.0], "above");
    let body = json!([top, { "kind": "rect", "at": [0, 0], "size": [1, 1] }]);
    let mut with_top = table(json!({ "groups": group(json!({})) }));
    with_top["at"] = json!([0, 90]);
    let mut nodes = body.as_array().unwrap().clone();
    nodes.push(with_top);
    let document = render(&template(json!(nodes)), &numbers(4)).document;
    assert_eq!(find(&document, "k0"), (1, 0, 0));
    let footed =
        json!({ "groups": group(json!({ "header": [], "footer": [{ "span": 2, "text": "={{ group.key }}" }] })) });
    let document = rendered(footed, &json!({ "items": vec![json!({ "name": "x", "price": 0, "k": 1 }); 10] }));
    assert_eq!(pages(&document)[1], "x 0 =1");
}

#[test]
fn a_group_stays_on_one_page_or_begins_a_new_one_when_it_says_so() {
    let kept = rendered(json!({ "groups": group(json!({ "keep": "together" })) }), &numbers(12));
    assert_eq!((find(&kept, "k1"), find(&kept, "k2")), ((0, 0, 50), (1, 0, 0)));
    let loose = rendered(json!({ "groups": group(json!({})) }), &numbers(14));
    assert_eq!(find(&loose, "k2").0, 1);
    let broken = rendered(json!({ "groups": group(json!({ "break": "page" })) }), &numbers(8));
    assert_eq!((broken.pages.len(), find(&broken, "k1")), (2, (1, 0, 0)));
    let large = json!({ "items": vec![json!({ "name": "x", "price": 0, "k": 1 }); 25] });
    let parted = rendered(json!({ "groups": group(json!({ "keep": "together" })) }), &large);
    assert_eq!(parted.pages.len(), 3);
}

#[test]
fn at_least_that_many_rows_stand_together_at_either_end() {
    let document = rendered(json!({ "leastRows": 3 }), &numbers(11));
    assert_eq!(find(&document, "i9"), (1, 0, 0));
    let totals = rendered(json!({ "leastRows": 2, "total": [{ "text": "sum" }] }), &numbers(10));
    assert_eq!(find(&totals, "i9"), (1, 0, 0));
}

#[test]
fn rows_are_kept_together_and_with_the_next_one() {
    let rows = json!([{ "keep": "together", "rows": [{}, [{ "text": "+{{ item.name }}" }], [{ "text": "-{{ item.name }}" }]] }]);
    let document = rendered(json!({ "rows": rows }), &numbers(4));
    assert_eq!(find(&document, "i4"), (1, 0, 0));
    let rows = json!([{ "keep": "with-next" }, [{ "text": "+{{ item.name }}" }], [{ "text": "-{{ item.name }}" }]]);
    let document = rendered(json!({ "rows": rows }), &numbers(4));
    assert_eq!((find(&document, "i4"), find(&document, "-i3").0), ((1, 0, 0), 0));
}

#[test]
fn sums_are_carried_to_the_next_page() {
    let carry = json!({ "sums": { "price": "item.price" }, "bottom": [{ "text": "to" }, { "text": "{{ carried.price }}/{{ carried.count }}" }],
        "top": [{ "text": "from" }, { "text": "{{ carried.price }}" }] });
    let document = rendered(
        json!({ "carry": carry, "total": [{ "text": "sum" }, { "text": "{{ sum(data.items, 'price') }}" }] }),
        &numbers(20),
    );
    // Nine rows and what is carried; then what was carried, eight rows and what is carried; then the rest.
    let pages = pages(&document);
    assert!(pages[0].ends_with("i9 9 to 45/9"), "{}", pages[0]);
    assert!(pages[1].starts_with("from 45 i10 10") && pages[1].ends_with("i17 17 to 153/17"), "{}", pages[1]);
    assert_eq!(pages[2], "from 153 i18 18 i19 19 i20 20 sum 210");
    assert_eq!(find(&document, "to"), (0, 0, 90));
    // Without a further page nothing is carried, and the last row may stand where it would.
    let carry = json!({ "sums": {}, "bottom": [{ "text": "to" }] });
    assert!(!super::pages(&rendered(json!({ "carry": carry }), &numbers(10)))[0].contains("to"));
}

#[test]
fn a_sum_over_what_is_no_number_is_an_error() {
    let carry = json!({ "sums": { "price": "item.name" }, "bottom": [{ "text": "{{ carried.price }}" }] });
    let said = errors(&template(json!([table(json!({ "carry": carry }))])), &numbers(1));
    assert_eq!(
        said,
        "error[expression-failed] at /body/nodes/0/carry/sums/price (node t): `item.name` is no number that can be added up"
    );
}

#[test]
fn rows_that_a_cell_joins_stay_together_or_the_cell_goes_on() {
    let rows = json!([[{ "rowSpan": 3, "text": "n{{ item.name }}", "fill": "#eeeeee" }, { "text": "1" }], [{ "text": "2" }], [{ "text": "3" }]]);
    let document = rendered(json!({ "rows": rows }), &numbers(4));
    assert_eq!(find(&document, "ni4"), (1, 0, 0));
    // Twenty rows joined: no page holds them; fill and text go on.
    let rows = json!([[{ "rowSpan": "rest", "text": lines(15), "fill": "#eeeeee" }, { "text": "head" }],
        { "each": "Array.from({ length: 24 })", "cells": [{ "text": "x" }] }]);
    let document = rendered(json!({ "rows": rows }), &numbers(1));
    assert_eq!(document.pages.len(), 3);
    assert_eq!(find(&document, "line 10"), (0, 0, 90));
    assert_eq!(find(&document, "line 11"), (1, 0, 0));
    let heights: Vec<f32> = (0..3).map(|page| rects(&document, page)[0].height).collect();
    assert_eq!(heights, [100.0, 100.0, 50.0]);
    let cells = document.structure.elements.iter().filter(|element| element.row_span == 25).count();
    assert_eq!(cells, 1);
}

#[test]
fn a_row_below_a_cut_one_moves_on_when_it_does_not_fit() {
    let data = json!({ "items": [{ "name": lines(19), "price": 1 }, { "name": "two\nlines", "price": 2 }] });
    let document = rendered(json!({ "keepRows": "split" }), &data);
    assert_eq!(find(&document, "two"), (2, 0, 0));
}

#[test]
fn thousands_of_groups_and_spans_take_time_in_proportion() {
    let data = json!({ "items": (0..6_000).map(|number| json!({ "name": "x", "price": number, "k": number / 2 })).collect::<Vec<_>>() });
    let carry = json!({ "sums": { "p": "item.price" }, "bottom": [{ "text": "{{ carried.p }}" }] });
    let rows = json!([[{ "rowSpan": "rest", "text": "a" }, { "text": "b" }], [{ "text": "c" }]]);
    let document =
        rendered(json!({ "groups": group(json!({ "keep": "together" })), "carry": carry, "rows": rows }), &data);
    // Two groups would fill a page, but what is carried takes room on all pages but the last.
    assert_eq!(document.pages.len(), 2_999);
}
