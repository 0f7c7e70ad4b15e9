//! The promises, proven against the real binary with a real PostgreSQL: each test is named by the promise it proves.
//!
//! `docs/PROMISES.md` has a row for each; `tests/tidy` holds the two together.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail loudly"
)]

mod access;
mod attacks;
mod bad_input;
mod classes;
mod crashes;
mod custody;
mod destruction;
mod durability;
mod encryption;
mod input;
mod inventory;
mod kept_links;
mod keys;
mod ledger;
mod ledger_outside;
mod links;
mod memory;
mod pseudonyms;
mod purge;
mod retention;
mod secrets;

use std::sync::mpsc;
use std::time::{Duration, Instant};

use chancery_tests::{Client, Service};
use serde_json::{Value as Json, json};

/// A template that shows one field, small enough to be quick.
fn small_template() -> Json {
    json!({
        "format": 1,
        "name": "Note",
        "page": { "size": "A6", "margin": 24 },
        "body": { "nodes": [
            { "kind": "text", "at": [0, 0], "width": 240, "style": { "font": "Inter", "size": 12 }, "text": "Dear {{ data.name }}, {{ data.text }}" }
        ] }
    })
}

/// Makes a template through the API and returns its id.
fn make_template(client: &Client, template: &Json) -> String {
    let answer = client.post("/api/templates", template);
    assert_eq!(answer.status, 201, "{}", answer.text());
    let id = answer.json()["id"].as_str().expect("an id").to_owned();
    assert!(
        id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)),
        "not an id: {id}"
    );
    id
}

/// Creates a stored document and returns the whole answer.
fn create(client: &Client, template: &str, data: &Json) -> Json {
    let answer = client.post("/v1/create", &json!({ "template_id": template, "data": data, "expiration": 60 }));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let answer = answer.json();
    assert_eq!(answer["status"], "success");
    answer
}

/// The number of documents that a workspace's transactions list has.
fn transaction_count(client: &Client) -> usize {
    client.get("/v1/list-transactions").json()["transactions"].as_array().expect("a list").len()
}

/// How many files lie in the object folder.
fn object_count(service: &Service) -> usize {
    service
        .stored_files()
        .iter()
        .filter(|(path, _)| path.components().any(|part| part.as_os_str() == "objects"))
        .count()
}

/// Asks until it is so.
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let (_sender, nothing) = mpsc::channel::<()>();
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(120), "{what}: not within two minutes");
        let _ = nothing.recv_timeout(Duration::from_millis(20));
    }
}
