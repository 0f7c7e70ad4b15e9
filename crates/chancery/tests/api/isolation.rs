//! Isolation: another workspace's things are as if they did not exist.

use chancery_service::permission::PermissionSet;
use serde_json::json;

use crate::support::{note, with_installation};

#[test]
fn every_route_answers_another_workspace_as_if_there_were_nothing() {
    with_installation(async |installation| {
        let (owner, stranger) = (installation.owner().await, installation.owner().await);
        let id = owner.template(&note()).await;
        let link = owner.link(&id).await;
        let data = json!({ "name": "A" });
        let calls = [
            ("GET", format!("/api/templates/{id}"), json!(null)),
            ("GET", format!("/v1/get-template?template_id={id}"), json!(null)),
            ("GET", format!("/v1/list-template-versions?template_id={id}"), json!(null)),
            ("GET", format!("/v1/delete-template?template_id={id}"), json!(null)),
            ("POST", "/v1/update-template".into(), json!({ "template_id": id, "name": "Mine" })),
            ("POST", "/v1/new-template-from".into(), json!({ "template_id": id })),
            ("POST", "/v1/create".into(), json!({ "template_id": id, "data": data })),
            ("POST", "/v1/create".into(), json!({ "template_id": id, "data": data, "export_type": "file" })),
            ("POST", "/v1/create-image".into(), json!({ "template_id": id, "data": data })),
        ];
        for (method, path, body) in calls {
            let body = if body.is_null() { String::new() } else { body.to_string() };
            let absent = |text: &str| text.replace(&id, "00000000deadbeef");
            let theirs = stranger.send(method, &path, &[], &body).await;
            let nothing = stranger.send(method, &absent(&path), &[], &absent(&body)).await;
            assert_eq!((theirs.status, nothing.status), (404, 404), "{method} {path}: {}", theirs.text());
            let told = |answer: &crate::support::Answer| {
                let mut answer = answer.json();
                drop(answer.as_object_mut().unwrap().remove("request_id"));
                answer
            };
            assert_eq!(told(&theirs), told(&nothing), "{method} {path}");
        }
        for path in ["/v1/list-templates", "/v1/list-transactions", "/api/templates"] {
            let listed = stranger.get(path).await.json();
            let lists = listed.as_object().unwrap().values().filter_map(|value| value.as_array());
            assert_eq!(lists.map(Vec::len).sum::<usize>(), 0, "{path} shows something");
        }
        let content = owner.get(&format!("/v1/get-template?template_id={id}")).await.json();
        assert_eq!((&content["name"], &content["version"]), (&json!("Note"), &json!(1)));
        assert_eq!(owner.get("/v1/list-templates").await.json()["templates"].as_array().unwrap().len(), 1);
        assert_eq!(owner.transaction_count().await, 1);
        assert_eq!(installation.object_count(), 1);
        assert_eq!(installation.anonymous().get(&link).await.status, 200);
    });
}

#[test]
fn two_keys_of_one_workspace_share_everything() {
    with_installation(async |installation| {
        let workspace = installation.workspace().await;
        let first = installation.client(workspace, PermissionSet::all()).await;
        let second = installation.client(workspace, PermissionSet::all()).await;
        let id = first.template(&note()).await;
        assert_eq!(second.get(&format!("/api/templates/{id}")).await.status, 200);
    });
}
