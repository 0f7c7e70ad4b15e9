//! Promise 14.5: pseudonyms in logs and exports, who is behind them kept apart, and anonymous in the end.

use chancery_tests::Service;
use serde_json::{Value as Json, json};

use crate::retention::{moved, run, said, superuser};
use crate::{make_template, small_template};

/// Words that tell about persons; none may be seen where pseudonyms belong.
const PERSONAL: [&str; 4] = ["Ada Lovelace", "ada@example.com", "127.0.0.1", "letter-to-ada.pdf"];

const NONE: [(&str, String); 0] = [];

/// A service with one request of a person, which the workspace keeps; and the request's id.
fn with_a_person() -> (Service, String, chancery_tests::Client, String) {
    let service = Service::start();
    let (workspace, client) = service.workspace("Pseudonyms");
    said(&service, &["retention", "set", "requests", "30", "--workspace", &workspace], &NONE);
    let mut template = small_template();
    template["data"] = json!({ "schema": { "type": "object", "properties": {
        "name": { "type": "string", "x-personal": "name" }, "text": { "type": "string" },
        "mail": { "type": "string", "x-personal": "email" },
    } } });
    let template = make_template(&client, &template);
    let body = json!({
        "template_id": template, "expiration": 60, "output_file": "letter-to-ada.pdf",
        "data": { "name": "Ada Lovelace", "text": "public words", "mail": "ada@example.com" },
    });
    let answer = client.post("/v1/create", &body);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let reference = answer.json()["transaction_ref"].as_str().unwrap().to_owned();
    (service, workspace, client, reference)
}

/// The pseudonyms of a text.
fn pseudonyms(text: &str, kind: &str) -> Vec<String> {
    text.split(&format!("{kind}-"))
        .skip(1)
        .filter_map(|rest| rest.get(..16))
        .filter(|letters| letters.bytes().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit()))
        .map(|letters| format!("{kind}-{letters}"))
        .collect()
}

#[test]
fn p14_5_logs_usage_and_exports_show_pseudonyms_and_the_same_person_has_the_same_one() {
    let (mut service, workspace, client, reference) = with_a_person();
    let of = ["--workspace", workspace.as_str()];
    let kept = client.get(&format!("/api/documents/{reference}/request"));
    assert_eq!(kept.status, 200, "{}", kept.text());
    let kept = kept.json();
    assert_eq!(kept["request"]["data"]["text"], "public words", "what is not personal is shown");
    let person = kept["request"]["data"]["name"].as_str().unwrap().to_owned();
    assert_eq!(pseudonyms(&person, "person"), [person.clone()]);
    let shown = said(&service, &[&["documents", "request", &reference][..], &of].concat(), &NONE);
    assert!(shown.contains(&person), "one person, one pseudonym: {shown}");
    let usage = said(&service, &[&["usage", "export"][..], &of].concat(), &NONE);
    assert_eq!(pseudonyms(&usage, "file").len(), 1, "{usage}");
    let (_, other) = service.workspace("Other");
    let _ = other.get("/v1/get-account-info");
    service.stop();
    let log = service.log();
    let clients: std::collections::BTreeSet<String> = pseudonyms(&log, "network").into_iter().collect();
    assert_eq!(clients.len(), 2, "one address has one pseudonym in each workspace: {clients:?}");
    let lines: String =
        log.lines().filter(|line| line.starts_with('{')).filter(|line| !line.contains("listening")).collect();
    for word in PERSONAL {
        for (place, text) in [("log", &lines), ("usage", &usage), ("request", &shown), ("answer", &kept.to_string())] {
            assert!(!text.contains(word), "{word} stands in the {place}");
        }
    }
}

#[test]
fn p14_5_who_is_behind_a_pseudonym_is_sealed_apart_and_told_only_for_a_recorded_reason() {
    let (service, workspace, client, reference) = with_a_person();
    let of = ["--workspace", workspace.as_str()];
    let kept = client.get(&format!("/api/documents/{reference}/request")).json();
    let person = kept["request"]["data"]["name"].as_str().unwrap();
    let ask = |client: &chancery_tests::Client, body: &Json| client.post("/api/pseudonyms/resolve", body);
    let answer = ask(&client, &json!({ "pseudonym": person, "reason": "request of the data subject" }));
    assert_eq!((answer.status, answer.json()["original"].as_str()), (200, Some("Ada Lovelace")), "{}", answer.text());
    assert_eq!(ask(&client, &json!({ "pseudonym": person })).status, 400, "without a reason");
    let key = said(
        &service,
        &[&["key", "create", "--name", "reader", "--permission", "requests:read"][..], &of].concat(),
        &NONE,
    );
    let reader = service.client().with_key(&key);
    assert_eq!(ask(&reader, &json!({ "pseudonym": person, "reason": "curiosity" })).status, 403);
    let plain = reader.get(&format!("/api/documents/{reference}/request?reason=curiosity"));
    assert_eq!(plain.status, 403, "the request as it came needs the same permission: {}", plain.text());
    assert!(reader.get(&format!("/api/documents/{reference}/request")).status == 200);
    let (_, stranger) = service.workspace("Stranger");
    let foreign = ask(&stranger, &json!({ "pseudonym": person, "reason": "curiosity" }));
    assert_eq!((foreign.status, foreign.json()["original"].clone()), (200, Json::Null));
    let acts = said(&service, &[&["audit", "search", "--action", "pseudonym.resolve"][..], &of].concat(), &NONE);
    assert_eq!(acts.lines().count(), 1, "{acts}");
    let plain = client.get(&format!("/api/documents/{reference}/request?reason=data%20subject")).json();
    assert_eq!(plain["request"]["data"]["name"], "Ada Lovelace");

    let stored = superuser(
        &service,
        "select encode(original_sealed, 'escape') || pseudonym from chancery_allocation.pseudonyms",
    );
    assert!(stored.contains(person), "{stored}");
    assert!(!stored.contains("Ada"), "{stored}");
    let rights = superuser(
        &service,
        "select coalesce(string_agg(grantee, ','), '-') from information_schema.role_table_grants
         where table_schema = 'chancery_allocation' and grantee <> 'chancery_allocation'",
    );
    assert_eq!(rights, "-", "no other role has any right on the table");
}

#[test]
fn p14_5_after_its_time_a_pseudonym_is_anonymous_and_keys_may_be_replaced_before() {
    let (service, workspace, client, reference) = with_a_person();
    let of = ["--workspace", workspace.as_str()];
    let kept = client.get(&format!("/api/documents/{reference}/request")).json();
    let person = kept["request"]["data"]["name"].as_str().unwrap();
    let resolve = |environment: &[(&str, String)]| {
        run(&service, &[&["pseudonym", "resolve", person, "--reason", "data subject"][..], &of].concat(), environment)
    };
    let rotated = run(
        &service,
        &["keys", "rotate", "--workspace", &workspace],
        &[("CHANCERY_RENDER_TIMEOUT_MS", "100".to_owned())],
    );
    assert!(rotated.status.success(), "{}", String::from_utf8_lossy(&rotated.stderr));
    let known = resolve(&NONE);
    assert_eq!(
        String::from_utf8_lossy(&known.stdout).trim(),
        "Ada Lovelace",
        "{}",
        String::from_utf8_lossy(&known.stderr)
    );
    let counted = said(&service, &["purge"], &moved(364));
    assert!(!counted.contains("pseudonyms"), "{counted}");
    let counted = said(&service, &["purge"], &moved(370));
    assert!(counted.contains("pseudonyms\t"), "{counted}");
    let unknown = resolve(&NONE);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("anonymised"));
    let runs = said(&service, &[&["purge", "receipts"][..], &of].concat(), &NONE);
    let newest = runs.lines().next().unwrap().split('\t').next().unwrap();
    let receipt = said(&service, &[&["purge", "receipts", newest][..], &of].concat(), &NONE);
    assert!(receipt.contains("\"kind\":\"pseudonyms\""), "{receipt}");
}
