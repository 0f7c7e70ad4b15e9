//! Promise 14.7: who entered, changed, removed what, with which program; and the request that led to a document.

use chancery_tests::Service;
use serde_json::{Value as Json, json};

use crate::retention::{moved, run, said, superuser};
use crate::{create, make_template, small_template};

const NONE: [(&str, String); 0] = [];

/// The opened body of the latest entry with an action.
fn body_of(service: &Service, workspace: &str, action: &str) -> Json {
    let acts = said(service, &["audit", "search", "--workspace", workspace, "--action", action, "--details"], &NONE);
    let line = acts.lines().next().unwrap_or_else(|| panic!("no {action}"));
    serde_json::from_str(line.split('\t').nth(7).unwrap()).unwrap_or_else(|error| panic!("{line}: {error}"))
}

#[test]
fn p14_7_entries_name_the_program_and_what_changed_by_digests_that_nobody_can_guess() {
    let service = Service::start();
    let (workspace, client) = service.workspace("Input");
    let with_agent = |path: &str, body: &Json, agent: &str| {
        let headers = [("content-type", "application/json"), ("user-agent", agent)];
        client.send("POST", path, &headers, body.to_string().as_bytes()).unwrap()
    };
    let mut template = small_template();
    let made = with_agent("/api/templates", &template, "northwind-sdk/2.1 (linux)");
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let created = body_of(&service, &workspace, "template.create");
    assert_eq!(created["program"], "northwind-sdk/2.1 (linux)");
    assert_eq!(created["changes"]["body"]["before"], Json::Null);
    let first = created["changes"]["body"]["after"].as_str().unwrap().to_owned();
    assert_eq!(first.len(), 32);

    template["body"]["nodes"][0]["text"] = json!("Changed");
    let evil = "x".repeat(4000);
    let changed = with_agent("/v1/update-template", &json!({ "template_id": id, "body": template }), &evil);
    assert_eq!(changed.status, 200, "{}", changed.text());
    let updated = body_of(&service, &workspace, "template.update");
    assert_eq!(updated["program"].as_str().unwrap().len(), 120, "a long name is cut");
    assert_eq!(updated["changes"]["body"]["before"], first.as_str(), "what was there before is what was made");
    let second = updated["changes"]["body"]["after"].as_str().unwrap().to_owned();
    assert_ne!(second, first);
    assert!(updated["changes"]["name"].is_null(), "what did not change is not told");

    // The same body in another workspace has another digest: the key is the workspace's.
    let (other, stranger) = service.workspace("Other");
    let _ = make_template(&stranger, &small_template());
    assert_ne!(body_of(&service, &other, "template.create")["changes"]["body"]["after"], first.as_str());

    let deleted = client.get(&format!("/v1/delete-template?template_id={id}"));
    assert_eq!(deleted.status, 200);
    let removed = body_of(&service, &workspace, "template.delete");
    assert_eq!(
        (removed["changes"]["body"]["before"].as_str(), &removed["changes"]["body"]["after"]),
        (Some(&*second), &Json::Null)
    );
    said(&service, &["retention", "set", "requests", "7", "--workspace", &workspace], &NONE);
    let set = body_of(&service, &workspace, "retention.set");
    assert_eq!(set["program"], "chancery retention set", "a command names itself, without what follows");
    assert_eq!((&set["before"]["public"], &set["after"]["public"]), (&json!(0), &json!(7)));
    let verified = service.command(&["audit", "verify"]);
    assert!(verified.starts_with("entries\t"), "{verified}");
}

#[test]
fn p14_7_a_request_is_kept_sealed_only_where_the_policy_says_so_and_only_as_long() {
    let service = Service::start();
    let (workspace, client) = service.workspace("Requests");
    let of = ["--workspace", workspace.as_str()];
    let template = make_template(&client, &small_template());
    let ask = |reference: &str| client.get(&format!("/api/documents/{reference}/request?reason=dispute"));
    let before = create(&client, &template, &json!({ "name": "Planted", "text": "before" }));
    assert_eq!(ask(before["transaction_ref"].as_str().unwrap()).status, 404, "off by default");
    assert_eq!(superuser(&service, "select count(*) from document_requests"), "0");

    said(&service, &[&["retention", "set", "requests", "10"][..], &of].concat(), &NONE);
    let stored = create(&client, &template, &json!({ "name": "Planted", "text": "stored" }));
    let stored = stored["transaction_ref"].as_str().unwrap().to_owned();
    let sent = client.post(
        "/v1/create",
        &json!({ "template_id": template, "data": { "name": "Planted", "text": "sent" }, "export_type": "file" }),
    );
    let sent = sent.header("x-transaction-ref").unwrap().to_owned();
    for (reference, text) in [(&stored, "stored"), (&sent, "sent")] {
        let answer = ask(reference);
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.json()["request"]["data"], json!({ "name": "Planted", "text": text }));
        assert_eq!(answer.json()["request"]["template"], template.as_str());
    }
    assert!(!superuser(&service, "select encode(request_sealed, 'escape') from document_requests").contains("Planted"));
    let reads = said(&service, &[&["audit", "search", "--action", "request.read"][..], &of].concat(), &NONE);
    assert_eq!(reads.lines().count(), 2, "each reading is recorded: {reads}");

    let _ = said(&service, &["purge"], &moved(9));
    assert_eq!(superuser(&service, "select count(*) from document_requests"), "2");
    let _ = said(&service, &["purge"], &moved(11));
    assert_eq!(superuser(&service, "select count(*) from document_requests"), "0");
    let gone = run(&service, &[&["documents", "request", &stored][..], &of].concat(), &NONE);
    assert_eq!(gone.status.code(), Some(1));

    // Switching it off ends it for new requests at once, and the next purge removes what there is.
    let _ = create(&client, &template, &json!({ "name": "Planted", "text": "last" }));
    said(&service, &[&["retention", "set", "requests", "0"][..], &of].concat(), &NONE);
    let _ = create(&client, &template, &json!({ "name": "Planted", "text": "after" }));
    assert_eq!(superuser(&service, "select count(*) from document_requests"), "1");
    let _ = said(&service, &["purge"], &NONE);
    assert_eq!(superuser(&service, "select count(*) from document_requests"), "0");
}
