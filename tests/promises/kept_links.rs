//! Promise 8.3, links with conditions: one use, networks, revocation, keys that move; and 14.6, the log of retrievals.

use std::sync::atomic::{AtomicUsize, Ordering};

use chancery_tests::{Client, Service};
use serde_json::{Value as Json, json};

use crate::{create, make_template, small_template};

/// A stored document.
fn document(client: &Client) -> String {
    let template = make_template(client, &small_template());
    let made = create(client, &template, &json!({ "name": "A", "text": "B" }));
    made["transaction_ref"].as_str().unwrap().to_owned()
}

fn link(client: &Client, document: &str, conditions: &Json) -> Json {
    let answer = client.post(&format!("/api/documents/{document}/links"), conditions);
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

/// The path of a link: its host may be of a service that was started again elsewhere.
fn path(link: &Json) -> &str {
    let url = link["url"].as_str().unwrap();
    &url[url.find("/f/").unwrap()..]
}

fn code(client: &Client, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let answer = client.send("GET", path, headers, b"").unwrap();
    if answer.status == 200 {
        assert!(answer.body.starts_with(b"%PDF"));
        return (200, String::new());
    }
    assert!(!answer.body.starts_with(b"%PDF"));
    (answer.status, answer.json()["code"].as_str().unwrap().to_owned())
}

#[test]
fn p8_3_of_fifty_requests_for_a_one_time_link_at_the_same_time_exactly_one_gets_the_file() {
    let service = Service::start();
    let (_, client) = service.workspace("Once");
    let link = link(&client, &document(&client), &json!({ "one_time": true }));
    let anonymous = service.client();
    let (files, refusals) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..50 {
            scope.spawn(|| match code(&anonymous, path(&link), &[]) {
                (200, _) => files.fetch_add(1, Ordering::Relaxed),
                (410, code) if code == "link-used-up" => refusals.fetch_add(1, Ordering::Relaxed),
                other => panic!("{other:?}"),
            });
        }
    });
    assert_eq!((files.into_inner(), refusals.into_inner()), (1, 49));
}

#[test]
fn p8_3_a_download_that_goes_on_after_an_interruption_is_the_same_use_of_a_one_time_link() {
    let service = Service::start();
    let (_, client) = service.workspace("Resumed");
    let link = link(&client, &document(&client), &json!({ "one_time": true }));
    let anonymous = service.client();
    let begun = anonymous.send("GET", path(&link), &[("range", "bytes=0-99")], b"").unwrap();
    assert_eq!((begun.status, begun.body.len()), (206, 100));
    let tag = begun.header("etag").unwrap().to_owned();
    let rest = [("range", "bytes=100-"), ("if-range", tag.as_str())];
    let rest = anonymous.send("GET", path(&link), &rest, b"").unwrap();
    assert_eq!(rest.status, 206);
    assert!(rest.body.trim_ascii_end().ends_with(b"%%EOF"));
    for hostile in [
        &[][..],
        &[("range", "bytes=100-")],
        &[("range", "bytes=100-"), ("if-range", "\"AAAAAAAAAAAAAAAAAAAAAA\"")],
        &[("if-range", "\"\"")],
    ] {
        assert_eq!(code(&anonymous, path(&link), hostile), (410, "link-used-up".to_owned()), "{hostile:?}");
    }
}

#[test]
fn p8_3_a_link_for_a_network_is_refused_elsewhere_and_only_a_trusted_proxy_is_believed() {
    let mut service = Service::start();
    let (_, client) = service.workspace("Networks");
    let link = link(&client, &document(&client), &json!({ "networks": ["203.0.113.0/24", "2001:db8::/32"] }));
    let elsewhere = (403, "link-elsewhere".to_owned());
    let opens = (200, String::new());
    let inside = [("x-forwarded-for", "203.0.113.9")];
    // Nobody is trusted: what a caller writes about itself counts for nothing.
    assert_eq!(code(&service.client(), path(&link), &[]), elsewhere);
    assert_eq!(code(&service.client(), path(&link), &inside), elsewhere);
    assert_eq!(code(&service.client(), path(&link), &[("forwarded", "for=203.0.113.9")]), elsewhere);
    service.stop();
    service.restart(&[("CHANCERY_SERVER_TRUSTED_PROXIES", "127.0.0.1")]);
    let proxy = service.client();
    assert_eq!(code(&proxy, path(&link), &inside), opens);
    assert_eq!(code(&proxy, path(&link), &[("x-forwarded-for", "2001:db8::9")]), opens);
    for forged in ["203.0.113.9, 198.51.100.1", "198.51.100.1", "203.0.113.9, unknown", ""] {
        assert_eq!(code(&proxy, path(&link), &[("x-forwarded-for", forged)]), elsewhere, "{forged}");
    }
    assert_eq!(code(&proxy, path(&link), &[("forwarded", "for=203.0.113.9")]), elsewhere);
}

#[test]
fn p8_3_revoked_links_are_refused_at_once_and_all_others_work() {
    let service = Service::start();
    let (_, client) = service.workspace("Revoked");
    let template = make_template(&client, &small_template());
    let make = || create(&client, &template, &json!({ "name": "A", "text": "B" }));
    let (first, second) = (make(), make());
    let of = |made: &Json| made["transaction_ref"].as_str().unwrap().to_owned();
    let file = |made: &Json| made["file"].as_str().unwrap().to_owned();
    let kept = link(&client, &of(&first), &json!({}));
    let anonymous = service.client();
    let revoked = (410, "link-revoked".to_owned());
    let opens = (200, String::new());
    let revoke = |path: &str| client.send("DELETE", path, &[], b"").unwrap().status;
    assert_eq!(code(&anonymous, path(&kept), &[]), opens);
    assert_eq!(revoke(&format!("/api/links/{}", kept["id"].as_str().unwrap())), 204);
    assert_eq!(code(&anonymous, path(&kept), &[]), revoked);
    assert_eq!(code(&anonymous, &file(&first), &[]), opens);
    assert_eq!(revoke(&format!("/api/documents/{}/links", of(&first))), 204);
    assert_eq!(code(&anonymous, &file(&first), &[]), revoked);
    assert_eq!(code(&anonymous, &file(&second), &[]), opens);
    assert_eq!(revoke(&format!("/api/templates/{template}/links")), 204);
    assert_eq!(code(&anonymous, &file(&second), &[]), revoked);
}

#[test]
fn p8_3_links_with_conditions_outlive_their_key_and_end_when_it_is_compromised() {
    let mut service = Service::prepared();
    // An old key stays open for as long as a render may take: short ones make for a short test.
    service.restart(&[("CHANCERY_RENDER_TIMEOUT_MS", "1000")]);
    let (workspace, client) = service.workspace("Keys");
    let document = document(&client);
    let link = link(&client, &document, &json!({ "uses_max": 3, "passcode": true, "recipient": { "name": "Ada" } }));
    let anonymous = service.client();
    let press = || {
        let form = format!("passcode={}", link["passcode"].as_str().unwrap());
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let pressed = anonymous.send("POST", path(&link), &headers, form.as_bytes()).unwrap();
        match pressed.header("location") {
            Some(place) => anonymous.get(&format!("{}{place}", path(&link))).status,
            None => pressed.status,
        }
    };
    assert_eq!(press(), 200);
    let _ = service.command(&["keys", "rotate", "--workspace", &workspace]);
    assert_eq!(press(), 200, "the conditions moved to the next key, and the link is still genuine");
    let listed = client.get(&format!("/api/documents/{document}/links")).json();
    assert_eq!((&listed["links"][0]["uses"], &listed["links"][0]["recipient"]["name"]), (&json!(2), &json!("Ada")));
    let fresh = client.post(&format!("/api/documents/{document}/links"), &json!({})).json();
    assert_eq!(code(&anonymous, path(&fresh), &[]), (200, String::new()));
    let _ = service.command(&["keys", "rotate", "--workspace", &workspace, "--compromised"]);
    assert_eq!(code(&anonymous, path(&fresh), &[]), (404, "link-invalid".to_owned()));
}

#[test]
fn p14_6_every_download_and_every_refusal_is_an_act_in_the_ledger_that_verifies() {
    let mut service = Service::prepared();
    service.restart(&[("CHANCERY_SERVER_TRUSTED_PROXIES", "127.0.0.1")]);
    let (workspace, client) = service.workspace("Retrievals");
    let document = document(&client);
    let recipient = json!({ "name": "Ada Planted", "mail": "ada@planted.example" });
    let conditions = json!({ "one_time": true, "page": false, "recipient": recipient });
    let link = link(&client, &document, &conditions);
    let anonymous = service.client();
    let somewhere = ("x-forwarded-for", "203.0.113.77");
    let part = anonymous.send("GET", path(&link), &[somewhere, ("range", "bytes=0-9")], b"").unwrap();
    assert_eq!(part.status, 206);
    assert_eq!(code(&anonymous, path(&link), &[somewhere]).0, 410);
    let search = |action: &str| {
        let said = service.command(&["audit", "search", "--workspace", &workspace, "--action", action, "--details"]);
        said.lines().map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    let id = link["id"].as_str().unwrap();
    for (action, outcome, range, who) in [
        ("document.retrieve", "granted", json!([0, 10]), recipient.clone()),
        ("document.refuse", "used-up", Json::Null, Json::Null),
    ] {
        let acts = search(action);
        assert_eq!(acts.len(), 1, "{acts:?}");
        let act = &acts[0];
        assert_eq!((act[2].as_str(), act[3].as_str(), act[6].as_str()), ("link", id, document.as_str()));
        let details: Json = serde_json::from_str(&act[7]).unwrap();
        let expected = json!({ "outcome": outcome, "range": range, "network": "203.0.113.0/24", "recipient": who });
        assert_eq!(details, expected);
    }
    let _ = service.command(&["audit", "verify"]);
    // Who it was for is sealed; where they were is nowhere in full.
    let mut stored = service.stored_files();
    stored.push(("log".into(), service.log().into_bytes()));
    for (file, bytes) in stored {
        for planted in ["Ada Planted", "ada@planted.example", "203.0.113.77", &path(&link)[3..]] {
            let found = bytes.windows(planted.len()).any(|window| window == planted.as_bytes());
            assert!(!found, "{planted} is in {}", file.display());
        }
    }
}
