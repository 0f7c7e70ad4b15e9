//! Promise 8.3: a file's URL is signed and expires when the caller says.

use chancery_tests::Service;
use serde_json::json;

use crate::{create, make_template, small_template};

#[test]
fn p8_3_a_url_with_any_one_letter_changed_is_refused() {
    let service = Service::start();
    let (_, client) = service.workspace("Links");
    let id = make_template(&client, &small_template());
    let url = create(&client, &id, &json!({ "name": "A", "text": "B" }))["file"].as_str().unwrap().to_owned();
    let anonymous = service.client();
    let whole = anonymous.get(&url);
    assert_eq!(whole.status, 200, "the URL needs no key");
    assert!(whole.body.starts_with(b"%PDF"));
    let path_start = url.find("/f/").expect("a file URL") + 3;
    let letters: Vec<char> = url.chars().collect();
    for position in path_start..letters.len() {
        for replacement in ['A', 'B', 'a', '0', '1', '-', '_', '.'] {
            if letters[position] == replacement {
                continue;
            }
            let mut changed = letters.clone();
            changed[position] = replacement;
            let changed: String = changed.into_iter().collect();
            let answer = anonymous.get(&changed);
            assert!(matches!(answer.status, 400 | 403 | 404 | 410), "{changed} answered {}", answer.status);
            assert!(!answer.body.starts_with(b"%PDF"));
        }
    }
    for changed in [format!("{url}A"), format!("{url}="), format!("{url}%41"), url[..url.len() - 1].to_owned()] {
        assert_ne!(anonymous.get(&changed).status, 200, "{changed}");
    }
}

#[test]
fn p8_3_a_late_url_is_refused() {
    let mut service = Service::start();
    let (_, client) = service.workspace("Late");
    let id = make_template(&client, &small_template());
    let answer =
        client.post("/v1/create", &json!({ "template_id": id, "data": { "name": "A", "text": "B" }, "expiration": 2 }));
    let url = answer.json()["file"].as_str().unwrap().to_owned();
    assert_eq!(service.client().get(&url).status, 200);
    let longer = create(&client, &id, &json!({ "name": "A", "text": "C" }))["file"].as_str().unwrap().to_owned();
    let path = url[url.find("/f/").unwrap()..].to_owned();
    // The same service three minutes later: its clock is moved, not the test's.
    service.stop();
    service.restart(&[
        ("LD_PRELOAD", "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"),
        ("FAKETIME", "+3m"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ]);
    let late = service.client().get(&path);
    assert_eq!(late.status, 410, "{}", late.text());
    assert!(!late.body.starts_with(b"%PDF"));
    // What lives longer still opens: only the time was the reason.
    assert_eq!(service.client().get(&longer[longer.find("/f/").unwrap()..]).status, 200);
}

#[test]
fn p8_3_an_expiry_beyond_the_policy_is_shortened_and_said() {
    let service = Service::start();
    let (_, client) = service.workspace("Clamp");
    let id = make_template(&client, &small_template());
    let answer = client
        .post("/v1/create", &json!({ "template_id": id, "data": { "name": "A", "text": "B" }, "expiration": 525_600 }));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let answer = answer.json();
    let expires_at = answer["expires_at"].as_str().expect("the effective time is said").to_owned();
    let week = create(&client, &id, &json!({ "name": "A", "text": "B" }));
    assert!(expires_at.as_str() > week["expires_at"].as_str().unwrap(), "60 minutes end before the longest expiry");
    let opened = service.client().get(answer["file"].as_str().unwrap());
    assert_eq!(opened.status, 200);
    assert_eq!(opened.header("x-content-type-options"), Some("nosniff"));
    assert!(opened.header("content-disposition").is_some_and(|value| value.contains("output.pdf")), "{}", opened.head);
}
