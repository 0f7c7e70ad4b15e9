//! Imports: whole templates of other programs, and what becomes of them.

#![expect(clippy::unwrap_used, reason = "tests")]

use chancery_import::{PdfmeError, html, pdfme};
use serde_json::{Value as Json, json};

fn fixture(name: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn a_template_of_pdfme_keeps_its_places_and_what_is_filled_in_becomes_data() {
    let source: Json = serde_json::from_str(&fixture("delivery-note.pdfme.json")).unwrap();
    let imported = pdfme(&source).unwrap();
    let expected: Json = serde_json::from_str(&fixture("delivery-note.expected.json")).unwrap();
    assert_eq!(imported.template, expected, "{}", serde_json::to_string_pretty(&imported.template).unwrap());
    let notes: Vec<String> = imported.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        [
            "fonts: the font `Noto Sans` must be installed under this family name",
            "legal: the expression `{total * 1.2}` is kept as text: write it as `{{ … }}` over `data`",
            "checked: `checkbox` becomes a tick where its value is true; nobody can click it",
            "video: there is no counterpart of the kind `video`: the field is left out",
        ]
    );
}

#[test]
fn older_templates_of_pdfme_name_their_fields_by_key_and_pages_are_frames() {
    let source = json!({ "basePdf": "data:application/pdf;base64,AAAA", "schemas": [
        { "a": { "type": "text", "position": { "x": 10, "y": 20 }, "width": 50, "height": 10 } },
        { "b c": { "type": "qrcode", "position": { "x": 0, "y": 0 }, "width": 20, "height": 20, "content": "x" } } ] });
    let imported = pdfme(&source).unwrap();
    let body = &imported.template["body"]["nodes"];
    assert_eq!(body[0]["nodes"][0]["text"], "{{ data.a }}");
    assert_eq!(body[1]["break"], "before");
    assert_eq!(body[1]["nodes"][0]["value"], "{{ data[\"b c\"] }}");
    assert_eq!(imported.template["data"]["samples"]["default"], json!({ "a": "", "b c": "x" }));
    assert!(imported.notes.iter().any(|note| note.place == "basePdf"));
}

#[test]
fn blocks_in_blocks_have_an_end() {
    for page in ["<p>x</p>{{#each a}}<p>y</p>".repeat(5_000), format!("<p>{}x", "{{#if a}}".repeat(5_000))] {
        let imported = html(&page);
        assert!(imported.notes.iter().any(|note| note.message.contains("to a depth of 16")), "{:?}", imported.notes);
    }
    let usual = html(&format!("<p>{}x{}", "{{#if a}}".repeat(16), "{{/if}}".repeat(16)));
    assert_eq!(usual.notes, []);
}

#[test]
fn what_is_no_template_of_pdfme_is_refused_and_nonsense_in_one_is_borne() {
    assert_eq!(pdfme(&json!({})), Err(PdfmeError::NoSchemas));
    assert_eq!(pdfme(&json!([1])), Err(PdfmeError::NoSchemas));
    let odd = json!({ "schemas": [null, 5, [{ "type": 7, "position": "x", "width": "y" }, 3, { "type": "table", "content": "{" }]] });
    assert!(pdfme(&odd).is_ok());
}

#[test]
fn a_web_page_becomes_a_stack_of_nodes_and_its_marks_become_expressions() {
    let imported = html(&fixture("reminder.html"));
    let expected: Json = serde_json::from_str(&fixture("reminder.expected.json")).unwrap();
    assert_eq!(imported.template, expected, "{}", serde_json::to_string_pretty(&imported.template).unwrap());
    let notes: Vec<String> = imported.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        [
            "line 4, <style>: style sheets are not read: write styles into `style` of elements, or into `styles` of the template",
            "line 9, <p>: the style `float: right` has no counterpart and is left out",
            "line 10, <b>: its look inside of a line of text is left out: a text node has one look",
            "line 27, <script>: scripts are left out: templates have no code",
        ]
    );
}

#[test]
fn damaged_and_empty_pages_give_a_template_too() {
    for page in ["", "<", "<p>{{#each a}}", "{{/if}}", "<table><td>{{#if}}", "<ul>{{else}}</ul>", "\u{0}<a href='{{{'>"]
    {
        let template = html(page).template;
        assert_eq!(template["format"], 1, "{page}");
    }
}
