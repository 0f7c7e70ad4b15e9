//! Promises 5.7, 10.1 and 14.4: who may, and whose it is.

use chancery_tests::Service;
use serde_json::json;

use crate::{create, make_template, small_template};

#[test]
fn p5_7_every_route_of_the_api_description_refuses_a_call_without_a_key() {
    let service = Service::start();
    let client = service.client();
    let description = client.get("/openapi.json");
    assert_eq!(description.status, 200);
    let description = description.json();
    let paths = description["paths"].as_object().expect("paths");
    assert!(paths.len() >= 14, "only {} paths are described", paths.len());
    let mut walked = 0;
    for (path, operations) in paths {
        for (method, operation) in operations.as_object().unwrap() {
            let permission =
                operation["x-permission"].as_str().unwrap_or_else(|| panic!("{method} {path} states no permission"));
            if permission == "public" {
                assert!(
                    ["/healthz", "/readyz", "/openapi.json", "/link.css"].contains(&path.as_str())
                        || path.starts_with("/f/")
                        || path.starts_with("/verifier/"),
                    "{path} is public"
                );
                continue;
            }
            let filled = path.replace("{id}", "0123456789abcdef");
            for client in [client.clone(), client.with_key("chy_live_wrong"), client.with_key("")] {
                let answer = client
                    .send(&method.to_uppercase(), &filled, &[("content-type", "application/json")], b"{}")
                    .unwrap();
                assert_eq!(answer.status, 401, "{method} {path}: {}", answer.text());
            }
            walked += 1;
        }
    }
    assert!(walked >= 10, "only {walked} routes need a key");
}

#[test]
fn p10_1_a_revoked_key_is_refused_at_once_and_only_its_hash_is_stored() {
    let mut service = Service::start();
    let workspace = service.command(&["workspace", "create", "Keys"]);
    let key = service.command(&["key", "create", "--workspace", &workspace, "--name", "first"]);
    let client = service.client().with_key(&key);
    assert_eq!(client.get("/v1/get-account-info").status, 200);
    let listed = service.command(&["key", "list", "--workspace", &workspace]);
    assert!(!listed.contains(&key), "a list of keys shows no key");
    let id = listed.split_whitespace().find(|word| word.len() == 36).expect("the list shows ids").to_owned();
    let _ = service.command(&["key", "revoke", "--workspace", &workspace, &id]);
    assert_eq!(client.get("/v1/get-account-info").status, 401, "the running service still accepts a revoked key");
    service.stop();
    for (path, bytes) in service.stored_files() {
        assert!(memchr::memmem::find(&bytes, key.as_bytes()).is_none(), "the key is in {}", path.display());
    }
    assert!(!service.log().contains(&key), "the key is in the log");
}

#[test]
fn p14_4_another_workspaces_key_gets_404_for_everything() {
    let service = Service::start();
    let (_, owner) = service.workspace("Owner");
    let (_, stranger) = service.workspace("Stranger");
    let id = make_template(&owner, &small_template());
    let document = create(&owner, &id, &json!({ "name": "A", "text": "B" }));
    for (method, path, body) in [
        ("GET", format!("/api/templates/{id}"), json!({})),
        ("GET", format!("/v1/get-template?template_id={id}"), json!({})),
        ("GET", format!("/v1/list-template-versions?template_id={id}"), json!({})),
        ("GET", format!("/v1/delete-template?template_id={id}"), json!({})),
        ("POST", "/v1/update-template".to_owned(), json!({ "template_id": id, "name": "Mine" })),
        ("POST", "/v1/new-template-from".to_owned(), json!({ "template_id": id })),
        ("POST", "/v1/create".to_owned(), json!({ "template_id": id, "data": {} })),
        ("POST", "/v1/create".to_owned(), json!({ "template_id": id, "data": {}, "export_type": "file" })),
        ("POST", "/v1/create-image".to_owned(), json!({ "template_id": id, "data": {} })),
    ] {
        let theirs =
            stranger.send(method, &path, &[("content-type", "application/json")], body.to_string().as_bytes()).unwrap();
        assert_eq!(theirs.status, 404, "{method} {path}: {}", theirs.text());
        // What is not there at all is answered in the same words: existence is not told.
        let unknown = "00000000deadbeef";
        let absent = stranger
            .send(
                method,
                &path.replace(&id, unknown),
                &[("content-type", "application/json")],
                body.to_string().replace(&id, unknown).as_bytes(),
            )
            .unwrap();
        assert_eq!(absent.status, 404);
        assert_eq!(theirs.json()["message"].to_string().replace(&id, unknown), absent.json()["message"].to_string());
    }
    assert_eq!(stranger.get("/v1/list-templates").json()["templates"], json!([]));
    assert_eq!(stranger.get("/v1/list-transactions").json()["transactions"], json!([]));
    // Nothing of the owner's has changed.
    assert_eq!(owner.get(&format!("/v1/get-template?template_id={id}")).json()["name"], "Note");
    assert_eq!(owner.get("/v1/list-templates").json()["templates"].as_array().unwrap().len(), 1);
    assert_eq!(owner.get(document["file"].as_str().unwrap()).status, 200);
}
