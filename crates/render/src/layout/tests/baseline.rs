//! The baseline grid: lines that ask for it stand on it.

use super::*;

/// A grid of 12 points, 4 below the top of the paper.
fn gridded(body: Json) -> Document {
    let mut template = template(body);
    template["page"]["baseline"] = json!({ "step": 12, "start": 4 });
    template["styles"]["grid"] = json!({ "extends": "text", "snap": true });
    document(&template)
}

fn snapped(more: Json) -> Json {
    let mut node = json!({ "kind": "text", "style": "grid" });
    for (name, value) in more.as_object().unwrap() {
        node[name] = value.clone();
    }
    node
}

/// Page and baseline of each run of text.
fn baselines(document: &Document) -> Vec<(usize, f32, String)> {
    let runs = document
        .pages
        .iter()
        .enumerate()
        .flat_map(|(page, content)| content.items.iter().map(move |item| (page, item)));
    runs.filter_map(|(page, item)| match item {
        Item::Glyphs(run) => {
            let text = document.text[run.text.start as usize..run.text.end as usize].trim_end().to_owned();
            Some((page, run.origin.y, text))
        }
        _ => None,
    })
    .collect()
}

fn check(document: &Document, count: usize) {
    let found: Vec<_> = baselines(document).into_iter().filter(|(.., text)| text.starts_with("line")).collect();
    assert_eq!(found.len(), count);
    for (page, y, text) in found {
        let steps = (y - 4.0) / 12.0;
        assert!((steps - steps.round()).abs() < 0.01, "{text} on page {page} stands at {y}");
    }
}

#[test]
fn lines_of_neighbouring_columns_stand_on_one_grid_whatever_stands_above_them() {
    let heading =
        json!({ "kind": "text", "style": { "extends": "text", "size": 17 }, "text": "Heading", "keep": "with-next" });
    let columns = json!({ "kind": "frame", "at": [0, 7], "width": 200, "layout": "columns", "gap": [10, 3], "nodes": [
        snapped(json!({ "text": lines(5) })), heading, snapped(json!({ "text": lines(9), "padding": 2 })) ] });
    let document = gridded(json!([text([0.0, 0.0], "above"), columns]));
    check(&document, 14);
    let lefts: std::collections::BTreeSet<i32> = texts(&document).iter().map(|(_, x, ..)| *x).collect();
    assert!(lefts.len() > 1, "{lefts:?}");
}

#[test]
fn text_of_the_body_and_of_stacks_stands_on_the_grid_on_all_pages() {
    let stack = json!({ "kind": "frame", "at": [0, 30], "layout": "stack", "gap": 5, "nodes": [
        snapped(json!({ "text": lines(4) })), snapped(json!({ "text": lines(10), "keep": "with-next" })), snapped(json!({ "text": "line" })) ] });
    check(&gridded(json!([snapped(json!({ "text": "line" })), stack])), 16);
}

#[test]
fn paragraphs_are_whole_steps_apart_and_other_text_is_left_alone() {
    let style = json!({ "extends": "grid", "paragraphGap": 3 });
    let document = gridded(json!([{ "kind": "text", "style": style, "text": "line a\nline b" }]));
    check(&document, 2);
    let found = baselines(&document);
    assert_eq!(rounded(found[1].1 - found[0].1), 24);
    assert_eq!(find(&gridded(json!([text([0.0, 50.0], "free")])), "free").2, 50);
}

#[test]
fn text_that_is_higher_than_every_column_on_the_grid_ends_with_an_answer() {
    let nodes = json!([{ "kind": "frame", "at": [0, 0], "width": 200, "layout": "columns", "nodes": [
        snapped(json!({ "style": { "extends": "grid", "size": 120, "lineHeight": 1 }, "text": "line" })) ] }]);
    let mut template = template(nodes);
    template["page"]["baseline"] = json!({ "step": 12 });
    template["styles"]["grid"] = json!({ "extends": "text", "snap": true });
    assert!(errors(&template, &json!({})).contains("error[overflow]"));
}
