//! Limits of the wire, and the form of what is refused.

use chancery_http::WireLimits;
use serde_json::json;

use crate::support::{note, with_installation, with_limits};

#[test]
fn a_body_over_the_limit_is_refused_with_413() {
    let limits = WireLimits { body_size_bytes_max: 2_000, ..WireLimits::default() };
    with_limits(limits, async |installation| {
        let client = installation.owner().await;
        let id = client.template(&note()).await;
        let body = json!({ "template_id": id, "data": { "name": "x".repeat(2_000) } });
        let answer = client.post("/v1/create", &body).await;
        assert_eq!(answer.status, 413);
        assert_eq!(answer.json()["message"], "the body is larger than 2000 bytes");
        assert_eq!(installation.object_count(), 0);
    });
}

#[test]
fn a_server_without_free_places_says_when_to_come_back() {
    let limits = WireLimits { concurrency_max: 0, ..WireLimits::default() };
    with_limits(limits, async |installation| {
        let answer = installation.anonymous().get("/v1/list-templates").await;
        assert_eq!((answer.status, answer.header("retry-after")), (503, "1"));
        assert_eq!(answer.json()["code"], "overloaded");
    });
}

#[test]
fn what_does_not_exist_is_refused_in_the_form_of_its_part_of_the_api() {
    with_installation(async |installation| {
        let anonymous = installation.anonymous();
        let contract = anonymous.get("/v1/nothing").await;
        assert_eq!((contract.status, &contract.json()["status"]), (404, &json!("error")));
        assert_eq!(contract.json()["message"], "there is no such route");
        let problem = anonymous.get("/nothing").await;
        assert_eq!((problem.status, problem.header("content-type")), (404, "application/problem+json"));
        let method = installation.owner().await.send("PUT", "/v1/create", &[], "").await;
        assert_eq!((method.status, &method.json()["code"]), (405, &json!("method-not-allowed")));
    });
}

#[test]
fn browsers_may_call_v1_from_anywhere_without_cookies() {
    with_installation(async |installation| {
        let anonymous = installation.anonymous();
        let asked = [
            ("origin", "https://example.com"),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "x-api-key, content-type"),
        ];
        let preflight = anonymous.send("OPTIONS", "/v1/create", &asked, "").await;
        assert_eq!(preflight.status, 204);
        assert_eq!(preflight.header("access-control-allow-origin"), "*");
        assert_eq!(preflight.header("access-control-allow-methods"), "GET, POST");
        assert!(preflight.header("access-control-allow-headers").contains("x-api-key, content-type"));
        assert_eq!(preflight.header("access-control-allow-credentials"), "");
        let refused = anonymous.get("/v1/list-templates").await;
        assert_eq!((refused.status, refused.header("access-control-allow-origin")), (401, "*"));
        assert_eq!(anonymous.get("/api/templates").await.header("access-control-allow-origin"), "");
    });
}

#[test]
fn every_answer_has_a_request_id_and_headers_that_keep_browsers_careful() {
    with_installation(async |installation| {
        let anonymous = installation.anonymous();
        let mut ids = Vec::new();
        for path in ["/healthz", "/readyz", "/openapi.json", "/v1/create", "/api/templates", "/f/x", "/nothing"] {
            let answer = anonymous.get(path).await;
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
            assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
            assert!(!answer.header("content-security-policy").is_empty(), "{path}");
            ids.push(answer.header("x-request-id").to_owned());
        }
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 7, "{ids:?}");
    });
}

#[test]
fn a_ready_service_says_so() {
    with_installation(async |installation| {
        let anonymous = installation.anonymous();
        assert_eq!(anonymous.get("/healthz").await.json(), json!({ "status": "ok" }));
        let ready = anonymous.get("/readyz").await;
        assert_eq!((ready.status, ready.json()), (200, json!({ "status": "ok" })));
    });
}
