//! Promise 3.2: documents have a class, which is in them and on them, and are handled by it.

use chancery_tests::Service;
use serde_json::{Value as Json, json};

use crate::{make_template, small_template};

fn classified(class: &str) -> Json {
    let mut template = small_template();
    template["locale"] = json!("de-DE");
    template["output"] = json!({ "class": class });
    template["body"]["nodes"][0]["text"] = json!("{{ sys.classLabel }}: {{ data.name }}");
    template
}

#[test]
fn p3_2_a_template_below_the_class_of_a_field_is_refused_and_the_field_is_named() {
    let service = Service::start();
    let (_, client) = service.workspace("Fields");
    let mut template = classified("internal");
    template["data"] = json!({ "schema": { "properties": { "people": { "items": { "properties": { "salary": { "x-class": "restricted" } } } } } } });
    let refused = client.post("/api/templates", &template);
    assert_eq!(refused.status, 422, "{}", refused.text());
    let finding = &refused.json()["errors"][0];
    assert_eq!(finding["code"], "class-too-low");
    assert_eq!(
        finding["message"],
        "the class `internal` is below that of the field `people[].salary`, which is `restricted`"
    );
    assert_eq!(client.get("/api/templates").json()["templates"], json!([]), "nothing is stored");
    template["output"]["class"] = json!("restricted");
    make_template(&client, &template);
}

#[test]
fn p3_2_the_class_is_in_the_metadata_of_the_document_and_on_its_page_in_its_language() {
    let service = Service::start();
    let (_, client) = service.workspace("Labels");
    for (class, label) in [("public", "Öffentlich"), ("restricted", "Streng vertraulich")] {
        let id = make_template(&client, &classified(class));
        let body = json!({ "template_id": id, "data": { "name": "Ada" }, "export_type": "file" });
        let made = client.post("/v1/create", &body);
        assert_eq!(made.status, 200, "{}", made.text());
        assert!(made.text().contains(&format!("<chancery:Class>{class}</chancery:Class>")));
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), &made.body).unwrap();
        let text = chancery_tests::run("pdftotext", &[file.path().to_str().unwrap(), "-"]);
        assert!(text.contains(&format!("{label}: Ada")), "{text}");
    }
}

#[test]
fn p3_2_each_class_refuses_the_links_that_its_rules_forbid_and_lets_others_pass() {
    let service = Service::start();
    let (_, client) = service.workspace("Rules");
    let whole = json!({ "recipient": { "name": "Ada" }, "passcode": true, "one_time": true });
    let without = |name: &str| {
        let mut link = whole.clone();
        link.as_object_mut().unwrap().swap_remove(name);
        link
    };
    let with = |name: &str, value: Json| {
        let mut link = whole.clone();
        link[name] = value;
        link
    };
    // Conditions, and the first class that refuses them; every class below it lets them pass.
    let cases = [
        (json!({}), "restricted"),
        (without("recipient"), "restricted"),
        (without("passcode"), "restricted"),
        (without("one_time"), "restricted"),
        (with("lifetime_minutes", json!(25 * 60)), "restricted"),
        (with("lifetime_minutes", json!(73 * 60)), "confidential"),
        (with("disposition", json!("inline")), "confidential"),
        (whole.clone(), "none"),
    ];
    let classes = ["public", "internal", "confidential", "restricted"];
    for (rank, class) in classes.into_iter().enumerate() {
        let id = make_template(&client, &classified(class));
        let body = json!({ "template_id": id, "data": { "name": "Ada" }, "link": whole });
        let made = client.post("/v1/create", &body);
        assert_eq!(made.status, 200, "{class}: {}", made.text());
        let document = made.json()["transaction_ref"].as_str().unwrap().to_owned();
        for (conditions, first) in &cases {
            let is_refused = classes.iter().position(|class| class == first).is_some_and(|first| rank >= first);
            let answer = client.post(&format!("/api/documents/{document}/links"), conditions);
            let expected = if is_refused { (422, json!("class-forbids")) } else { (201, Json::Null) };
            assert_eq!((answer.status, answer.json()["code"].clone()), expected, "{class}: {conditions}");
        }
    }
}

#[test]
fn p3_2_changing_the_class_of_a_workspace_changes_what_is_made_next_and_is_an_act_with_both_classes() {
    let service = Service::start();
    let (workspace, client) = service.workspace("Workspaces");
    let id = make_template(&client, &small_template());
    let body = json!({ "template_id": id, "data": { "name": "A", "text": "B" }, "expiration": 10_080 });
    let made = client.post("/v1/create", &body).json();
    assert_eq!(made["class"], "internal");
    assert_eq!(service.command(&["workspace", "class", &workspace]).trim(), "internal");
    let _ = service.command(&["workspace", "class", &workspace, "restricted"]);
    let refused = client.post("/v1/create", &body);
    assert_eq!((refused.status, refused.json()["code"].as_str()), (422, Some("class-forbids")));
    // What was made before keeps the class that it was made with.
    assert_eq!(service.client().get(made["file"].as_str().unwrap()).status, 200);
    let search = ["audit", "search", "--workspace", &workspace, "--action", "workspace.classify", "--details"];
    let acts = service.command(&search);
    let details: Json = serde_json::from_str(acts.trim().split('\t').nth(7).unwrap()).unwrap();
    assert_eq!(details, json!({ "before": "internal", "after": "restricted", "program": "chancery workspace class" }));
}
