//! The contract of `/v1`: what its clients send is understood, and what they read is there.

use serde_json::{Value as Json, json};

use crate::support::{note, with_installation};

fn keys(value: &Json) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn create_stores_a_file_and_answers_with_all_fields_of_the_contract() {
    with_installation(async |installation| {
        let client = installation.owner().await;
        let id = client.template(&note()).await;
        let answer = client
            .post("/v1/create", &json!({ "template_id": id, "data": "{\"name\": \"A\"}", "directDownload": true }))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let answer = answer.json();
        assert_eq!(
            keys(&answer),
            ["class", "expires_at", "file", "file_size", "status", "template_id", "total_pages", "transaction_ref"]
        );
        assert_eq!(
            (&answer["status"], &answer["template_id"], &answer["total_pages"]),
            (&json!("success"), &json!(id), &json!(1))
        );
        let file = installation.anonymous().get(answer["file"].as_str().unwrap()).await;
        assert_eq!(answer["file_size"], file.body.len());
        assert_eq!(installation.object_count(), 1);

        let transactions = client.get("/v1/list-transactions").await.json();
        let transaction = &transactions["transactions"][0];
        assert_eq!(transaction["transaction_ref"], answer["transaction_ref"]);
        assert_eq!((&transaction["template_id"], &transaction["export"]), (&json!(id), &json!("stored")));
        assert_eq!(transaction["created_at"], "2026-09-21T14:13:20Z");
    });
}

#[test]
fn create_as_file_answers_with_the_bytes_and_stores_nothing() {
    with_installation(async |installation| {
        let client = installation.owner().await;
        let id = client.template(&note()).await;
        let body = json!({ "template_id": id, "data": { "name": "A" }, "export_type": "file", "output_file": "a.pdf", "cloud_storage": "0" });
        let answer = client.post("/v1/create", &body).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "application/pdf"), "{}", answer.text());
        assert_eq!(answer.header("content-disposition"), "attachment; filename=\"a.pdf\"");
        assert!(answer.body.starts_with(b"%PDF"));
        assert_eq!(installation.object_count(), 0);
        // The same input gives the same bytes.
        assert_eq!(client.post("/v1/create", &body).await.body, answer.body);
    });
}

#[test]
fn create_image_answers_with_a_picture_of_the_kind_that_was_asked_for() {
    with_installation(async |installation| {
        let client = installation.owner().await;
        let id = client.template(&note()).await;
        for (output_type, media_type, start) in
            [("jpeg", "image/jpeg", b"\xff\xd8".as_slice()), ("png", "image/png", b"\x89PNG".as_slice())]
        {
            let body = json!({ "template_id": id, "data": { "name": "A" }, "export_type": "file", "output_type": output_type });
            let answer = client.post("/v1/create-image", &body).await;
            assert_eq!((answer.status, answer.header("content-type")), (200, media_type), "{}", answer.text());
            assert!(answer.body.starts_with(start));
        }
        let stored =
            client.post("/v1/create-image", &json!({ "template_id": id, "data": { "name": "A" } })).await.json();
        let file = installation.anonymous().get(stored["file"].as_str().unwrap()).await;
        assert_eq!(file.header("content-disposition"), "inline; filename=\"output.jpg\"");
    });
}

#[test]
fn templates_are_listed_read_copied_and_kept_in_versions() {
    with_installation(async |installation| {
        let client = installation.owner().await;
        let created = client.send("POST", "/api/templates?group_name=Letters", &[], &note().to_string()).await;
        assert_eq!(created.status, 201, "{}", created.text());
        let id = created.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(created.header("location"), format!("/api/templates/{id}"));
        let copy = client
            .post("/v1/new-template-from", &json!({ "template_id": id, "name": "Other", "group_name": "Else" }))
            .await
            .json();
        assert_eq!(copy["from_template_id"], json!(id));
        let copy = copy["template_id"].as_str().unwrap().to_owned();
        assert_ne!(copy, id);

        installation.clock.advance_ms(1_000);
        let update = json!({ "template_id": id, "name": "Renamed", "json": { "name": "Sample" } });
        assert_eq!(client.post("/v1/update-template", &update).await.status, 200);
        let content = client.get(&format!("/v1/get-template?template_id={id}&version=0")).await.json();
        assert_eq!((&content["name"], &content["version"]), (&json!("Renamed"), &json!(2)));
        assert_eq!(content["json"], json!({ "name": "Sample" }).to_string());
        assert_eq!(serde_json::from_str::<Json>(content["body"].as_str().unwrap()).unwrap(), note());

        let listed = client.get("/v1/list-templates").await.json();
        let names: Vec<&Json> =
            listed["templates"].as_array().unwrap().iter().map(|template| &template["name"]).collect();
        assert_eq!(names, [&json!("Renamed"), &json!("Other")]);
        assert_eq!(listed["templates"][0]["updated_at"], "2026-09-21T14:13:21Z");
        // A GET may have its parameters in a body, too.
        let grouped = client
            .send("GET", "/v1/list-templates", &[], &json!({ "group_name": "Letters", "limit": "5" }).to_string())
            .await
            .json();
        assert_eq!(grouped["templates"].as_array().unwrap().len(), 1);
        assert_eq!(grouped["templates"][0]["template_id"], json!(id));

        let versions = client.get(&format!("/v1/list-template-versions?template_id={id}")).await.json();
        let numbers: Vec<&Json> =
            versions["versions"].as_array().unwrap().iter().map(|version| &version["version"]).collect();
        assert_eq!(numbers, [&json!(2), &json!(1)]);
        assert_eq!(client.get(&format!("/api/templates/{copy}")).await.json()["body"], note());
    });
}

#[test]
fn the_account_counts_templates_and_documents_of_this_month() {
    with_installation(async |installation| {
        let client = installation.owner().await;
        let id = client.template(&note()).await;
        let _ = client.link(&id).await;
        let account = client.get("/v1/get-account-info").await.json();
        assert_eq!((&account["status"], &account["username"]), (&json!("success"), &json!("Test")));
        assert_eq!((&account["quota_counter"], &account["template_counter"]), (&json!(1), &json!(1)));
        installation.clock.advance_ms(12 * 60 * 60 * 1000);
        assert_eq!(client.get("/v1/get-account-info").await.json()["quota_counter"], 1);
    });
}
