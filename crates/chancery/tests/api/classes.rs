//! Classes over the wire: what each lets pass, and what refuses it.

use chancery_service::permission::{Permission, PermissionSet};
use serde_json::{Value as Json, json};

use crate::support::{Answer, note, with_installation};

fn classified(class: &str) -> Json {
    let mut template = note();
    template["output"] = json!({ "class": class });
    template["body"]["nodes"][0]["text"] = json!("{{ sys.classLabel }}: {{ data.name }}");
    template
}

fn problem(answer: &Answer) -> (u16, String, String) {
    let json = answer.json();
    let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
    (answer.status, text("code"), if json["detail"].is_null() { text("message") } else { text("detail") })
}

fn forbidden_by(class: &str, demand: &str) -> (u16, String, String) {
    (422, "class-forbids".to_owned(), format!("documents of the class `{class}` {demand}"))
}

#[test]
fn a_restricted_document_is_shared_by_a_link_with_recipient_passcode_one_use_and_a_day_only() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        let template = owner.template(&classified("restricted")).await;
        let create = |link: Json| json!({ "template_id": template, "data": { "name": "A" }, "expiration": 10_080, "link": link });
        let plain = owner.post("/v1/create", &create(json!(null))).await;
        assert_eq!(problem(&plain), forbidden_by("restricted", "have no links without conditions"));
        assert_eq!(installation.object_count(), 0, "nothing is stored");
        let whole = json!({ "recipient": { "name": "Ada" }, "passcode": true, "one_time": true });
        for (left_out, demand) in [
            ("recipient", "have links that are bound to a recipient"),
            ("passcode", "have links with a passcode"),
            ("one_time", "have links that are used once"),
        ] {
            let mut link = whole.clone();
            link.as_object_mut().unwrap().swap_remove(left_out);
            assert_eq!(problem(&owner.post("/v1/create", &create(link)).await), forbidden_by("restricted", demand));
        }
        let mut inline = whole.clone();
        inline["disposition"] = json!("inline");
        let inline = owner.post("/v1/create", &create(inline)).await;
        assert_eq!(problem(&inline), forbidden_by("restricted", "are saved and not shown by browsers"));

        let made = owner.post("/v1/create", &create(whole.clone())).await;
        assert_eq!(made.status, 200, "{}", made.text());
        let made = made.json();
        assert_eq!((&made["class"], &made["expires_at"]), (&json!("restricted"), &json!("2026-09-22T14:13:20Z")));
        assert_eq!(made["passcode"].as_str().unwrap().len(), 9);
        let document = made["transaction_ref"].as_str().unwrap();
        let mut long = whole.clone();
        long["lifetime_minutes"] = json!(25 * 60);
        let long = owner.post(&format!("/api/documents/{document}/links"), &long).await;
        assert_eq!(problem(&long), forbidden_by("restricted", "have links that end sooner"));
        owner.kept_link(document, &whole).await;
    });
}

#[test]
fn restricted_documents_ask_for_a_permission_of_their_own_to_be_made_taken_out_or_shared() {
    with_installation(async |installation| {
        let workspace = installation.workspace().await;
        let owner = installation.client(workspace, PermissionSet::all()).await;
        let others: PermissionSet =
            Permission::ALL.into_iter().filter(|other| *other != Permission::DocumentsRestricted).collect();
        let clerk = installation.client(workspace, others).await;
        let template = owner.template(&classified("restricted")).await;
        let link = json!({ "recipient": { "name": "Ada" }, "passcode": true, "one_time": true });
        let stored = json!({ "template_id": template, "data": { "name": "A" }, "link": link });
        let taken = json!({ "template_id": template, "data": { "name": "A" }, "export_type": "file" });
        let document = owner.post("/v1/create", &stored).await.json()["transaction_ref"].as_str().unwrap().to_owned();
        let links = format!("/api/documents/{document}/links");
        for answer in [
            clerk.post("/v1/create", &stored).await,
            clerk.post("/v1/create", &taken).await,
            clerk.post(&links, &link).await,
            clerk.get(&links).await,
        ] {
            assert_eq!(answer.status, 403, "{}", answer.text());
            assert!(answer.text().contains("`documents:restricted`"), "{}", answer.text());
        }
        assert_eq!(owner.post("/v1/create", &taken).await.status, 200);
        let open = owner.template(&note()).await;
        assert_eq!(clerk.post("/v1/create", &json!({ "template_id": open, "data": {} })).await.status, 200);
    });
}

#[test]
fn a_confidential_document_is_saved_by_browsers_and_its_links_end_after_three_days() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        let template = owner.template(&classified("confidential")).await;
        let body =
            json!({ "template_id": template, "data": { "name": "A" }, "expiration": 10_080, "direct_download": false });
        let made = owner.post("/v1/create", &body).await.json();
        assert_eq!((&made["class"], &made["expires_at"]), (&json!("confidential"), &json!("2026-09-24T14:13:20Z")));
        let file = installation.anonymous().get(made["file"].as_str().unwrap()).await;
        assert!(file.status == 200 && file.header("content-disposition").starts_with("attachment;"));
        // The class is in the metadata, which is not packed.
        assert!(file.text().contains("<chancery:Class>confidential</chancery:Class>"));
    });
}

#[test]
fn a_template_below_the_class_of_a_field_is_refused_by_both_apis_and_the_field_is_named() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        let mut template = classified("internal");
        template["data"] = json!({ "schema": { "properties": { "salary": { "x-class": "restricted" } } } });
        let sentence = "the class `internal` is below that of the field `salary`, which is `restricted`";
        let refused = owner.post("/api/templates", &template).await;
        assert_eq!(refused.status, 422);
        assert_eq!(refused.json()["errors"][0]["code"], "class-too-low");
        assert_eq!(refused.json()["errors"][0]["message"], sentence);
        let id = owner.template(&note()).await;
        let update = json!({ "template_id": id, "body": template.to_string() });
        let refused = owner.post("/v1/update-template", &update).await;
        assert!(refused.status == 422 && refused.text().contains(sentence), "{}", refused.text());
        assert_eq!(owner.get(&format!("/api/templates/{id}")).await.json()["version"], 1, "nothing is stored");
        // Without a word of its own it has the class of the field.
        template["output"] = json!({});
        let id = owner.template(&template).await;
        let made = owner.post("/v1/create", &json!({ "template_id": id, "data": {} })).await;
        assert_eq!(problem(&made), forbidden_by("restricted", "have no links without conditions"));
    });
}

#[test]
fn a_restricted_template_that_does_not_print_its_class_is_refused() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        let mut silent = note();
        silent["output"] = json!({ "class": "restricted" });
        let refused = owner.post("/api/templates", &silent).await;
        assert_eq!(problem(&refused), forbidden_by("restricted", "show their class on the page"));
    });
}

#[test]
fn the_class_of_a_workspace_is_that_of_templates_that_say_none_from_the_next_call_on() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        let template = owner.template(&note()).await;
        let class_of_next = async || {
            let made = owner.post("/v1/create", &json!({ "template_id": template, "data": { "name": "A" } })).await;
            made.json()["class"].clone()
        };
        assert_eq!(owner.get("/api/workspace/class").await.json(), json!({ "class": "internal" }));
        assert_eq!(class_of_next().await, "internal");
        let set = async |class: &str| {
            owner.send("PUT", "/api/workspace/class", &[], &json!({ "class": class }).to_string()).await
        };
        assert_eq!(set("confidential").await.json(), json!({ "class": "confidential" }));
        assert_eq!(owner.get("/api/workspace/class").await.json(), json!({ "class": "confidential" }));
        assert_eq!(class_of_next().await, "confidential");
        let refused = set("secret").await;
        assert_eq!((refused.status, refused.json()["code"].as_str()), (400, Some("invalid-field")));
    });
}

#[test]
fn every_example_keeps_the_rules_of_its_class_and_can_be_stored() {
    with_installation(async |installation| {
        let client = installation.owner().await;
        let examples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
        let mut count = 0;
        for entry in std::fs::read_dir(examples).unwrap() {
            let Ok(template) = std::fs::read_to_string(entry.unwrap().path().join("template.json")) else { continue };
            let _ = client.template(&serde_json::from_str(&template).unwrap()).await;
            count += 1;
        }
        assert!(count >= 9, "{count} examples");
    });
}
