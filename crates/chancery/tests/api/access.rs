//! Access: who gets in, with which permission, and for how long.

use chancery_service::permission::{Permission, PermissionSet};
use serde_json::{Value as Json, json};

use crate::support::{Client, note, with_installation};

/// Every operation of the API description: method, path with a real-looking id, permission.
async fn operations(client: &Client<'_>) -> Vec<(String, String, String)> {
    let description = client.get("/openapi.json").await.json();
    let mut operations = Vec::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let permission =
                operation["x-permission"].as_str().unwrap_or_else(|| panic!("{method} {path} has no permission"));
            let path = path.replace("{id}", "0123456789abcdef").replace("{token}", "x").replace("{file}", "x");
            operations.push((method.to_uppercase(), path, permission.to_owned()));
        }
    }
    operations
}

#[test]
fn no_route_answers_without_a_key_unless_it_is_public() {
    with_installation(async |installation| {
        let anonymous = installation.anonymous();
        let mut walked = 0;
        for (method, path, permission) in operations(&anonymous).await {
            if permission == "public" {
                assert!(
                    ["/healthz", "/readyz", "/openapi.json", "/f/x", "/link.css", "/verifier/", "/verifier/x"]
                        .contains(&path.as_str()),
                    "{path} is public"
                );
                continue;
            }
            let wrong_checksum = format!("chy_live_{}", "a".repeat(33));
            for client in [
                installation.anonymous(),
                anonymous.with_key(""),
                anonymous.with_key("x"),
                anonymous.with_key(&wrong_checksum),
            ] {
                let answer = client.send(&method, &path, &[], "{}").await;
                assert_eq!(answer.status, 401, "{method} {path}: {}", answer.text());
                assert_eq!(answer.json()["code"], "unauthenticated");
                assert_eq!(answer.header("www-authenticate"), "Bearer");
            }
            walked += 1;
        }
        assert_eq!(walked, 32);
    });
}

#[test]
fn a_key_without_the_permission_of_a_route_is_told_which_one_is_missing() {
    with_installation(async |installation| {
        let workspace = installation.workspace().await;
        let mut walked = 0;
        for (method, path, permission) in operations(&installation.anonymous()).await {
            let Some(permission) = Permission::from_name(&permission) else { continue };
            let others: PermissionSet = Permission::ALL.into_iter().filter(|other| *other != permission).collect();
            let answer = installation.client(workspace, others).await.send(&method, &path, &[], "{}").await;
            assert_eq!(answer.status, 403, "{method} {path}: {}", answer.text());
            let sentence = format!("this API key does not have the permission `{}`", permission.name());
            assert!(answer.text().contains(&sentence), "{}", answer.text());
            walked += 1;
        }
        assert_eq!(walked, 32);
    });
}

#[test]
fn a_key_is_accepted_as_bearer_too_but_not_two_different_ones() {
    with_installation(async |installation| {
        let owner = installation.owner().await;
        assert_eq!(owner.get("/v1/get-account-info").await.status, 200);
        let contradiction = [("authorization", "Bearer something else")];
        assert_eq!(owner.send("GET", "/v1/get-account-info", &contradiction, "").await.status, 401);
    });
}

#[test]
fn a_revoked_key_is_refused_by_the_next_request() {
    with_installation(async |installation| {
        let workspace = installation.workspace().await;
        let client = installation.client(workspace, PermissionSet::all()).await;
        assert_eq!(client.get("/v1/get-account-info").await.status, 200);
        let operator = chancery_service::access::Operator::of_this_machine();
        let key_id = client.key_id.as_deref().unwrap();
        installation.service.keys().revoke(&operator, workspace, key_id).await.unwrap();
        assert_eq!(client.get("/v1/get-account-info").await.status, 401);
    });
}

#[test]
fn an_expired_key_is_refused_from_that_moment_on_even_when_it_was_just_used() {
    with_installation(async |installation| {
        let client = installation.owner().await;
        let day_ms = 24 * 60 * 60 * 1000;
        installation.clock.advance_ms(day_ms - 1);
        assert_eq!(client.get("/v1/get-account-info").await.status, 200);
        installation.clock.advance_ms(1);
        assert_eq!(client.get("/v1/get-account-info").await.status, 401);
    });
}

#[test]
fn the_list_of_keys_shows_states_and_permissions_and_no_key() {
    with_installation(async |installation| {
        let workspace = installation.workspace().await;
        let only_read = [Permission::TemplatesRead].into_iter().collect();
        let client = installation.client(workspace, only_read).await;
        let operator = chancery_service::access::Operator::of_this_machine();
        let keys = installation.service.keys().list(&operator, workspace).await.unwrap();
        assert_eq!(keys.len(), 1);
        assert_eq!(keys[0].permissions.to_string(), "templates:read");
        assert_eq!(Some(keys[0].id.to_string()), client.key_id);
        assert_eq!(keys[0].hint.len(), "chy_live_".len() + 4);
    });
}

#[test]
fn what_one_call_changes_the_next_one_sees() {
    with_installation(async |installation| {
        let client = installation.owner().await;
        let id = client.template(&note()).await;
        let create = |version: Json| json!({ "template_id": id, "data": { "name": "A" }, "version": version, "export_type": "file" });
        assert_eq!(client.post("/v1/create", &create(json!(null))).await.status, 200);
        assert_eq!(client.post("/v1/create", &create(json!(2))).await.status, 404);
        let mut changed = note();
        changed["body"]["nodes"][0]["text"] = json!("Changed {{ data.name }}");
        let update = json!({ "template_id": id, "body": changed.to_string() });
        assert_eq!(client.post("/v1/update-template", &update).await.json(), json!({ "status": "success" }));
        assert_eq!(client.post("/v1/create", &create(json!(2))).await.status, 200);
        assert_eq!(client.get(&format!("/v1/get-template?template_id={id}")).await.json()["version"], 2);
        assert_eq!(client.get(&format!("/v1/delete-template?template_id={id}")).await.status, 200);
        assert_eq!(client.post("/v1/create", &create(json!(null))).await.status, 404);
        assert_eq!(client.get(&format!("/v1/get-template?template_id={id}")).await.status, 404);
    });
}

#[test]
fn changes_follow_one_another_also_when_the_clock_is_set_back() {
    with_installation(async |installation| {
        let client = installation.owner().await;
        let id = client.template(&note()).await;
        // More acts than one reading of them takes, each an hour before the one that it follows.
        let update = json!({ "template_id": id, "name": "Another name" });
        for _ in 0..chancery_store::ACTS_MAX + 5 {
            installation.clock.set_back_ms(3_600_000);
            assert_eq!(client.post("/v1/update-template", &update).await.json(), json!({ "status": "success" }));
            assert_eq!(client.get(&format!("/v1/get-template?template_id={id}")).await.status, 200);
        }
    });
}
