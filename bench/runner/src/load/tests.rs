//! The generator against right and wrong servers, as `self-check` runs it.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::caller::{self, Round};
use super::*;
use std::sync::Arc;
use std::time::Duration;

#[test]
fn every_wrong_answer_is_found_out_and_every_right_one_is_accepted() {
    let runtime = runtime().unwrap();
    for trial in trial::ALL {
        runtime.block_on(trial.run()).unwrap();
    }
}

#[test]
fn a_service_that_is_not_there_is_a_failure_and_not_an_endless_loop() {
    let round = Round {
        // Port 1 of loopback: nothing listens there.
        address: "127.0.0.1:1".parse().unwrap(),
        key: Arc::from("key"),
        bodies: Arc::from([bytes::Bytes::from_static(b"{}")]),
        expected: Expected::Pdf,
        callers: 2,
        request_count_max: 1_000_000,
        time_max: Duration::from_secs(60),
    };
    let outcome = runtime().unwrap().block_on(caller::run(&round)).unwrap();
    assert_eq!((outcome.success_count, outcome.failure_count), (0, 40));
    assert!(outcome.first_failure.unwrap().starts_with("no connection"));
}
