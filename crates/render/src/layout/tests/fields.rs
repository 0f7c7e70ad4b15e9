//! Form fields: what they show, what they say in the tags, and what is wrong with them.

use super::*;
use crate::document::{FieldValue, Role};

fn field(extra: Json) -> Json {
    let mut node = extra;
    node["kind"] = json!("field");
    node["style"] = json!("text");
    template(json!([node]))
}

fn values(template: &Json, data: &Json) -> Vec<FieldValue> {
    let document = render(template, data).document;
    document.pages.iter().flat_map(|page| &page.fields).map(|field| field.entry.value.clone()).collect()
}

fn warnings(template: &Json) -> String {
    shown(&render(template, &json!({})).diagnostics)
}

#[test]
fn a_text_field_shows_its_value_or_its_placeholder() {
    let node = json!({ "type": "text", "key": "city", "value": "{{ data.city }}", "placeholder": "City", "at": [10, 0],
        "size": [100, 20] });
    let filled = render(&field(node.clone()), &json!({ "city": "Graz" })).document;
    // 3 points of padding, and the middle of what is left.
    assert_eq!(texts(&filled), [(0, 13, 5, "Graz".to_owned())]);
    let empty = render(&field(node), &json!({ "city": "" })).document;
    assert_eq!(texts(&empty)[0].3, "City");
    let color = |document: &Document| {
        document.pages[0].items.iter().find_map(|item| match item {
            Item::Glyphs(run) => Some(run.color),
            _ => None,
        })
    };
    assert_ne!(color(&filled), color(&empty), "what only hints is paler than what was written");
    assert_eq!(filled.pages[0].fields[0].entry.key, "city");
    assert_eq!(filled.pages[0].fields[0].rect, Rect { x: 10.0, y: 0.0, width: 100.0, height: 20.0 });
}

#[test]
fn a_long_value_is_made_smaller_and_then_told() {
    let long = |text: &str| field(json!({ "type": "text", "key": "a", "value": text, "size": [60, 20] }));
    let size_of =
        |template: &Json| match document(template).pages[0].items.iter().find(|item| matches!(item, Item::Glyphs(_))) {
            Some(Item::Glyphs(run)) => run.size,
            _ => 0.0,
        };
    assert_eq!(rounded(size_of(&long("Short")) * 10.0), 100);
    let smaller = size_of(&long("Somewhat longer"));
    assert!(smaller < 10.0 && smaller >= 5.0, "{smaller}");
    assert_eq!(warnings(&long("Somewhat longer")), "");
    let told = warnings(&long("Far too long to be written into a field of sixty points"));
    assert!(told.contains("larger than its field"), "{told}");
}

#[test]
fn a_field_of_one_line_has_one_line() {
    let document = document(&field(json!({ "type": "text", "key": "a", "value": "one\ntwo", "size": [100, 20] })));
    assert_eq!(texts(&document).len(), 1);
    let many = json!({ "type": "text", "key": "a", "lines": "multiple", "value": "one\ntwo", "size": [100, 40] });
    let lines: Vec<_> = texts(&self::document(&field(many))).into_iter().map(|(_, x, y, text)| (x, y, text)).collect();
    assert_eq!(lines, [(3, 3, "one".to_owned()), (3, 13, "two".to_owned())]);
}

#[test]
fn cells_hold_one_character_each() {
    let node =
        json!({ "type": "text", "key": "iban", "lines": "cells", "maxLength": 5, "value": "AB3", "size": [100, 20] });
    let document = document(&field(node));
    let found = texts(&document);
    assert_eq!(found.iter().map(|text| text.3.as_str()).collect::<Vec<_>>(), ["A", "B", "3"]);
    for (cell, (_, x, ..)) in (0..).zip(&found) {
        assert!((cell * 20 + 3..cell * 20 + 10).contains(x), "{x} is not in the middle of cell {cell}");
    }
    assert!(matches!(document.pages[0].fields[0].entry.value, FieldValue::Text { cell_count: 5, .. }));
    let long =
        json!({ "type": "text", "key": "a", "lines": "cells", "maxLength": 2, "value": "ABC", "size": [90, 20] });
    let told = warnings(&field(long));
    assert!(told.contains("the value has 3 characters, the field takes 2"), "{told}");
}

#[test]
fn boxes_and_buttons_are_on_when_their_data_say_so() {
    let template = template(json!([
        { "kind": "field", "type": "checkbox", "key": "news", "checked": "data.news" },
        { "kind": "field", "type": "radio", "key": "pay", "option": "card", "value": "{{ data.pay }}", "at": [20, 0] },
        { "kind": "field", "type": "radio", "key": "pay", "option": "cash", "value": "{{ data.pay }}", "at": [40, 0] },
    ]));
    let on = |data: Json| {
        values(&template, &data)
            .iter()
            .map(|value| match value {
                FieldValue::Checkbox { is_on } | FieldValue::Radio { is_on, .. } => *is_on,
                other => panic!("{other:?}"),
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(on(json!({ "news": true, "pay": "card" })), [true, true, false]);
    assert_eq!(on(json!({ "news": false, "pay": "cash" })), [false, false, true]);
    let count = |data: Json| render(&template, &data).document.pages[0].items.len();
    assert!(count(json!({ "news": true, "pay": "" })) > count(json!({ "news": false, "pay": "" })), "a mark is seen");
}

#[test]
fn without_a_size_a_box_is_as_large_as_its_text() {
    let document = document(&template(json!([
        { "kind": "field", "type": "checkbox", "key": "a", "style": "text" },
        { "kind": "field", "type": "checkbox", "key": "b", "style": "text", "width": 30, "at": [0, 40] },
    ])));
    let sizes: Vec<_> = document.pages[0].fields.iter().map(|field| (field.rect.width, field.rect.height)).collect();
    assert_eq!(sizes, [(12.0, 12.0), (30.0, 30.0)]);
}

#[test]
fn a_choice_knows_its_options() {
    let choice = |value: &str| {
        field(json!({ "type": "choice", "key": "size", "options": ["S", "M", "L"], "value": value, "size": [60, 20] }))
    };
    assert_eq!(warnings(&choice("M")), "");
    let told = warnings(&choice("XL"));
    assert!(told.contains("\"XL\" is none of the options"), "{told}");
}

#[test]
fn a_field_is_a_form_in_the_tags_and_reads_out_its_key() {
    let document = document(&field(json!({ "type": "text", "key": "city", "alt": "Town or city", "size": [60, 20] })));
    let form = document.structure.elements.iter().find(|element| element.role == Role::Form).unwrap();
    assert_eq!(form.alt.as_deref(), Some("Town or city"));
    let unnamed = self::document(&field(json!({ "type": "signature", "key": "sign", "size": [60, 20] })));
    let form = unnamed.structure.elements.iter().find(|element| element.role == Role::Form).unwrap();
    assert_eq!(form.alt.as_deref(), Some("sign"));
    assert_eq!(unnamed.pages[0].fields[0].entry.description, "sign");
}

#[test]
fn what_a_field_lacks_is_told() {
    for (node, expected) in [
        (json!({ "type": "radio", "key": "a" }), "a radio button needs `option`"),
        (json!({ "type": "choice", "key": "a" }), "a choice needs `options`"),
        (json!({ "type": "text", "key": "a", "lines": "cells" }), "needs `maxLength`"),
        (json!({ "type": "text" }), "a form field needs `key`"),
        (json!({ "key": "a" }), "a form field needs `type`"),
        (json!({ "type": "text", "key": " " }), "a form field has no key"),
    ] {
        let told = errors(&field(node), &json!({}));
        assert!(told.contains(expected), "{told}");
    }
}
