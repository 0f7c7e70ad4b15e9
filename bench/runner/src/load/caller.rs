//! Callers: each keeps one connection open and sends its next request when the answer to the last one is there.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use hdrhistogram::Histogram;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, header};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::answer::Expected;
use crate::failure::Failure;

/// Longest latency that is told apart, in microseconds: two minutes. Longer ones count as this.
const LATENCY_US_MAX: u64 = 120_000_000;

/// A caller gives up on an answer after this time; far above what any render takes.
const ANSWER_TIMEOUT_MS: u64 = 30_000;
/// The largest answer that is read; the invoice has a hundredth of it.
const ANSWER_SIZE_BYTES_MAX: usize = 8_000_000;
/// A caller stops after so many failures in a row, so that a dead service does not spin.
const FAILURE_COUNT_MAX: u64 = 20;
/// Digits that the histogram keeps; three are better than 0.1 %.
const LATENCY_DIGITS: u8 = 3;

/// One round of requests.
#[derive(Clone)]
pub(crate) struct Round {
    /// Where the service listens.
    pub(crate) address: SocketAddr,
    /// The value of `X-API-KEY`.
    pub(crate) key: Arc<str>,
    /// Bodies that the callers send in turn.
    pub(crate) bodies: Arc<[Bytes]>,
    /// What a right answer is.
    pub(crate) expected: Expected,
    /// Callers at the same time.
    pub(crate) callers: u32,
    /// The round ends after so many requests …
    pub(crate) request_count_max: u64,
    /// … or after this time.
    pub(crate) time_max: Duration,
}

/// What came out of a round.
pub(crate) struct Outcome {
    /// Right answers.
    pub(crate) success_count: u64,
    /// Wrong answers, and none.
    pub(crate) failure_count: u64,
    /// What was wrong with the first of them.
    pub(crate) first_failure: Option<String>,
    /// Time from a request to its checked answer, right ones only, microseconds.
    pub(crate) latency_us: Histogram<u64>,
    /// From the first request to the last answer.
    pub(crate) elapsed: Duration,
}

impl Outcome {
    fn new(latency_us: Histogram<u64>) -> Self {
        Self { success_count: 0, failure_count: 0, first_failure: None, latency_us, elapsed: Duration::ZERO }
    }

    fn fail(&mut self, reason: String) {
        self.failure_count += 1;
        self.first_failure.get_or_insert(reason);
    }

    fn add(&mut self, other: &Self) {
        self.success_count += other.success_count;
        self.failure_count += other.failure_count;
        if self.first_failure.is_none() {
            self.first_failure.clone_from(&other.first_failure);
        }
        // Both histograms have the same digits and grow as needed: adding cannot fail.
        let _ = self.latency_us.add(&other.latency_us);
    }
}

/// Runs a round to its end.
///
/// # Errors
/// The histogram refuses its digits.
pub(crate) async fn run(round: &Round) -> Result<Outcome, Failure> {
    let empty = Histogram::new_with_bounds(1, LATENCY_US_MAX, LATENCY_DIGITS)
        .map_err(|error| Failure::Usage(error.to_string()))?;
    let begin = Instant::now();
    let end = begin + round.time_max;
    let callers = u64::from(round.callers.max(1));
    let tasks: Vec<_> = (0..callers)
        .map(|caller| {
            // The first callers take what does not divide evenly.
            let count = round.request_count_max / callers + u64::from(caller < round.request_count_max % callers);
            tokio::spawn(call(round.clone(), Outcome::new(empty.clone()), caller, count, end))
        })
        .collect();
    let mut outcome = Outcome::new(empty);
    for task in tasks {
        match task.await {
            Ok(part) => outcome.add(&part),
            Err(error) => outcome.fail(format!("a caller died: {error}")),
        }
    }
    outcome.elapsed = begin.elapsed();
    Ok(outcome)
}

async fn call(round: Round, mut outcome: Outcome, caller: u64, count: u64, end: Instant) -> Outcome {
    let mut connection: Option<SendRequest<Full<Bytes>>> = None;
    let mut failures_in_row = 0;
    let mut bodies = round.bodies.iter().cycle().skip(usize::try_from(caller).unwrap_or(0) * 7);
    for _request in 0..count {
        if Instant::now() >= end || failures_in_row >= FAILURE_COUNT_MAX {
            break;
        }
        let Some(body) = bodies.next() else {
            outcome.fail("there is nothing to send".to_owned());
            break;
        };
        let begin = Instant::now();
        let answer = tokio::time::timeout(Duration::from_millis(ANSWER_TIMEOUT_MS), ask(&round, &mut connection, body));
        let verdict = match answer.await {
            Ok(Ok((status, body))) => round.expected.check(status, &body),
            Ok(Err(reason)) => Err(reason),
            Err(_elapsed) => Err(format!("no answer within {ANSWER_TIMEOUT_MS} ms")),
        };
        match verdict {
            Ok(()) => {
                failures_in_row = 0;
                outcome.success_count += 1;
                outcome.latency_us.saturating_record(u64::try_from(begin.elapsed().as_micros()).unwrap_or(u64::MAX));
            }
            Err(reason) => {
                failures_in_row += 1;
                connection = None;
                outcome.fail(reason);
            }
        }
    }
    outcome
}

/// Sends one request over the caller's connection, opening it when there is none, and reads the whole answer.
async fn ask(
    round: &Round,
    connection: &mut Option<SendRequest<Full<Bytes>>>,
    body: &Bytes,
) -> Result<(u16, Bytes), String> {
    let sender = match connection {
        Some(sender) => sender,
        None => connection.insert(connect(round.address).await?),
    };
    sender.ready().await.map_err(|error| format!("the connection was closed: {error}"))?;
    let request = Request::post("/v1/create")
        .header(header::HOST, round.address.to_string())
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-api-key", &*round.key)
        .body(Full::new(body.clone()))
        .map_err(|error| format!("the request cannot be made: {error}"))?;
    let answer = sender.send_request(request).await.map_err(|error| format!("no answer: {error}"))?;
    let status = answer.status().as_u16();
    let body = Limited::new(answer.into_body(), ANSWER_SIZE_BYTES_MAX)
        .collect()
        .await
        .map_err(|error| format!("the answer broke off: {error}"))?
        .to_bytes();
    Ok((status, body))
}

async fn connect(address: SocketAddr) -> Result<SendRequest<Full<Bytes>>, String> {
    let stream = TcpStream::connect(address).await.map_err(|error| format!("no connection: {error}"))?;
    stream.set_nodelay(true).map_err(|error| format!("no connection: {error}"))?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(|error| format!("no HTTP: {error}"))?;
    // Ends by itself when the sender is dropped; its error shows up at the sender.
    tokio::spawn(async move { drop(connection.await) });
    Ok(sender)
}
