//! Promise 8.2: a file whose answer was received is there, whatever happens to the service.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use chancery_tests::Service;
use serde_json::json;

use crate::{make_template, small_template};

/// Creates that are under way or done when the service is killed.
const CREATE_COUNT: usize = 200;

/// Answers after which the service is killed: some are done, most are under way.
const ANSWERS_BEFORE_KILL: usize = 60;

#[test]
fn p8_2_a_kill_during_200_parallel_creates_loses_no_file_whose_answer_was_received() {
    let mut service = Service::start();
    let (_, client) = service.workspace("Kill");
    let id = make_template(&client, &small_template());
    let answered = AtomicUsize::new(0);
    let (received, files) = mpsc::channel::<String>();
    let (enough, wait_for_enough) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        for number in 0..CREATE_COUNT {
            let (client, id, received, enough, answered) = (&client, &id, received.clone(), enough.clone(), &answered);
            scope.spawn(move || {
                let body = json!({ "template_id": id, "data": { "name": "A", "text": number }, "expiration": 600 })
                    .to_string();
                let answer =
                    client.send("POST", "/v1/create", &[("content-type", "application/json")], body.as_bytes());
                if let Ok(answer) = answer
                    && answer.status == 200
                {
                    received.send(answer.json()["file"].as_str().unwrap().to_owned()).unwrap();
                    if answered.fetch_add(1, Ordering::SeqCst) + 1 == ANSWERS_BEFORE_KILL {
                        enough.send(()).unwrap();
                    }
                }
            });
        }
        wait_for_enough.recv().expect("enough creates succeed");
        service.kill();
    });
    drop(received);
    let files: Vec<String> = files.into_iter().collect();
    assert!(files.len() >= ANSWERS_BEFORE_KILL, "only {} answers", files.len());

    service.restart(&[]);
    for url in &files {
        let answer = service.client().get(&url[url.find("/f/").unwrap()..]);
        assert_eq!(answer.status, 200, "a file is lost: {}", answer.text());
        assert!(
            answer.body.starts_with(b"%PDF") && answer.body.trim_ascii_end().ends_with(b"%%EOF"),
            "a file is damaged"
        );
    }
    // The service that came back works.
    let again = service.client();
    assert_eq!(again.get("/readyz").status, 200);
}
