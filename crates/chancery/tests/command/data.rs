//! Commands about data: samples, inference, fields, stress, imports.

use std::fs;

use serde_json::{Value as Json, json};

use crate::{errors, folder, run, said};

fn write(folder: &std::path::Path, name: &str, value: &Json) {
    fs::write(folder.join(name), value.to_string()).unwrap();
}

fn template() -> Json {
    json!({
        "format": 1, "page": { "size": [300, 200], "margin": 20 },
        "body": { "nodes": [
            { "id": "name", "kind": "text", "at": [0, 0], "width": 120, "height": 16, "overflow": "clip", "text": "{{ data.customer.name }}" },
            { "id": "total", "kind": "text", "at": [0, 40], "width": 200, "text": "{{ number(data.total) }}" } ] },
        "data": {
            "schema": { "type": "object", "required": ["customer", "total"], "properties": {
                "customer": { "type": "object", "required": ["name"], "properties": {
                    "name": { "type": "string", "minLength": 1, "maxLength": 80, "x-personal": "name" },
                    "id": { "type": "string" } } },
                "total": { "type": "number", "minimum": 0, "maximum": 100000 } } },
            "samples": { "usual": { "customer": { "name": "Ann" }, "total": 12.5 }, "poor": { "customer": { "name": "Bo" }, "total": 0 } } },
    })
}

#[test]
fn a_sample_renders_by_its_name_and_one_that_is_not_there_is_named() {
    let folder = folder();
    write(folder.path(), "t.json", &template());
    said(folder.path(), &["render", "t.json", "--sample", "usual", "-o", "a.pdf"]);
    assert!(fs::read(folder.path().join("a.pdf")).unwrap().starts_with(b"%PDF"));
    let output = run(folder.path(), &["render", "t.json", "--sample", "rich", "-o", "b.pdf"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(errors(&output), "chancery: the template has no sample `rich`; there are `usual`, `poor`\n");
    assert!(!folder.path().join("b.pdf").exists());
    let both = run(folder.path(), &["render", "t.json", "--sample", "usual", "--data", "x.json", "-o", "b.pdf"]);
    assert_eq!(both.status.code(), Some(2));
}

#[test]
fn strict_renders_and_the_check_hold_data_against_the_schema() {
    let folder = folder();
    write(folder.path(), "t.json", &template());
    write(folder.path(), "d.json", &json!({ "customer": { "nmae": "Ann" }, "total": -1 }));
    let output = run(folder.path(), &["render", "t.json", "--data", "d.json", "-o", "a.pdf", "--strict"]);
    assert_eq!(output.status.code(), Some(1));
    let told = errors(&output);
    assert!(told.contains("error[data-mismatch] at /customer: `name` is missing\n  hint: there is `nmae`"), "{told}");
    assert!(told.contains("error[data-mismatch] at /total: must be at least 0, not -1"), "{told}");
    assert!(!folder.path().join("a.pdf").exists());
    let strict = said(folder.path(), &["template", "check", "t.json", "--strict"]);
    assert_eq!(
        strict,
        "warning[unused-field] at /data/schema: nothing in the template reads `customer.id`\n  hint: show it, or leave it \
         out of the schema and of the data"
    );
}

#[test]
fn fields_are_listed_and_a_schema_is_proposed() {
    let folder = folder();
    write(folder.path(), "t.json", &template());
    assert_eq!(
        said(folder.path(), &["template", "fields", "t.json"]),
        "customer\tobject\t-\tname\ncustomer.name\tstring\tpersonal:name\tname\ncustomer.id\tstring?\t-\tunused\n\
         total\tnumber\t-\ttotal"
    );
    write(folder.path(), "a.json", &json!({ "email": "a@b.example", "note": "x" }));
    write(folder.path(), "b.json", &json!({ "email": "c@d.example" }));
    let proposed = said(folder.path(), &["template", "infer", "--data", "a.json", "--data", "b.json"]);
    let schema: Json = serde_json::from_str(&proposed).unwrap();
    assert_eq!(schema["required"], json!(["email"]));
    assert_eq!(schema["properties"]["email"], json!({ "type": "string", "format": "email", "x-personal": "email" }));
}

#[test]
fn stress_prints_the_least_data_that_breaks_the_template_and_keeps_a_picture() {
    let folder = folder();
    write(folder.path(), "t.json", &template());
    let output = run(folder.path(), &["template", "check", "t.json", "--stress", "--out", "found"]);
    assert_eq!(output.status.code(), Some(1), "{}", errors(&output));
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains("error[overflow] at /body/nodes/0"), "{printed}");
    assert!(printed.contains("data: customer.name = \"Donaudampf"), "{printed}");
    assert!(printed.contains(", usually \"Ann\""), "{printed}");
    let found = folder.path().join("found");
    let data: Json = serde_json::from_str(&fs::read_to_string(found.join("01-overflow-name.json")).unwrap()).unwrap();
    assert_eq!(data["total"], 12.5, "what does not matter stays as it is");
    assert!(fs::read(found.join("01-overflow-name.png")).unwrap().starts_with(b"\x89PNG"));
    let mut sturdy = template();
    sturdy["data"]["schema"]["properties"]["customer"]["properties"]["name"] =
        json!({ "type": "string", "enum": ["Ann", "Bo"] });
    write(folder.path(), "sturdy.json", &sturdy);
    let again = run(folder.path(), &["template", "check", "sturdy.json", "--stress"]);
    assert_eq!(again.status.code(), Some(0), "{}", String::from_utf8_lossy(&again.stdout));
}

#[test]
fn templates_of_other_programs_are_written_as_format_1_with_notes() {
    let folder = folder();
    fs::write(folder.path().join("p.html"), "<h1>Hello {{name}}</h1><video></video>").unwrap();
    let output = run(folder.path(), &["template", "import", "--from", "html", "p.html"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        errors(&output),
        "note: line 1, <video>: there is no counterpart: the element is left out with what is in it\n"
    );
    fs::write(folder.path().join("t.json"), &output.stdout).unwrap();
    write(folder.path(), "d.json", &json!({ "name": "Ann" }));
    said(folder.path(), &["render", "t.json", "--data", "d.json", "-o", "a.pdf"]);
    write(folder.path(), "x.json", &json!({}));
    let refused = run(folder.path(), &["template", "import", "--from", "pdfme", "x.json"]);
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(errors(&refused), "chancery: x.json: this is no template of pdfme: it has no array `schemas`\n");
}
