//! Markdown nodes: what they look like on pages, and that values stay values.

use super::tags::tree;
use super::*;

fn markdown(text: &str) -> Json {
    json!([{ "kind": "markdown", "width": 200, "style": "text", "text": text }])
}

#[test]
fn values_are_text_and_a_whole_value_is_markdown() {
    let data = json!({ "x": "# **not** bold\nnext", "doc": "# Title\n\n- one\n- two" });
    let document = render(&template(markdown("Says: {{ data.x }}")), &data).document;
    assert_eq!(pages(&document), ["Says: # **not** bold next"]);
    assert_eq!(tree(&document), "Document\n  Paragraph\n");
    let document = render(&template(markdown("{{ data.doc }}")), &data).document;
    assert_eq!(pages(&document), ["Title • one • two"]);
    assert_eq!(
        tree(&document),
        "Document\n  Heading1\n  List\n    ListItem\n      Label\n      ListBody\n        Paragraph\n    ListItem\n      Label\n      \
         ListBody\n        Paragraph\n"
    );
}

#[test]
fn tables_are_tables_and_repeat_their_header() {
    let rows: String = (1..=8).map(|number| format!("| row {number} | |\n")).collect();
    let document = document(&template(markdown(&format!("| a | b |\n|--|--|\n{rows}"))));
    assert_eq!(document.pages.len(), 2);
    assert!(pages(&document).iter().all(|page| page.starts_with("a b row")), "{:?}", pages(&document));
    let tree = tree(&document);
    assert!(tree.starts_with(
        "Document\n  Table\n    TableHead\n      TableRow\n        TableHeaderCell\n        TableHeaderCell\n    TableBody\n"
    ));
    assert_eq!(tree.matches("TableHeaderCell").count(), 2, "the repeated ones are no content");
    assert_eq!(tree.matches("TableDataCell").count(), 16, "empty cells are cells");
}

#[test]
fn hostile_markdown_is_laid_out_or_refused() {
    for source in ["> ".repeat(200), "1. ".repeat(200), "|".repeat(400), "*".repeat(999), "[](".repeat(300)] {
        let _either = try_render(&template(markdown("{{ data }}")), &json!(source), &RenderOptions::default());
    }
    let limits = Limits { text_length_max: 100, ..Limits::default() };
    let options = RenderOptions { limits, ..RenderOptions::default() };
    let findings = try_render(&template(markdown("{{ data }}")), &json!("x ".repeat(100)), &options).unwrap_err();
    assert!(shown(&findings).contains("limit-exceeded"), "{}", shown(&findings));
}

#[test]
fn pictures_that_cannot_be_had_are_errors() {
    let said = errors(&template(markdown("![a map](asset:map)")), &json!({}));
    assert!(said.contains("at /body/nodes/0") && said.contains("map"), "{said}");
    let said = errors(&template(markdown("![a map](https://a.example/map.png)")), &json!({}));
    assert!(said.contains("at /body/nodes/0"), "{said}");
}
