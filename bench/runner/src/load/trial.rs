//! Trials of the generator itself: servers that answer rightly or wrongly, and what it must say about them.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::answer::Expected;
use super::caller::{self, Round};
use crate::failure::Failure;

/// Requests of one trial.
const REQUEST_COUNT: u64 = 12;
/// Callers of one trial; they share the requests unevenly.
const CALLER_COUNT: u32 = 5;
/// Longest trial.
const TRIAL_SECONDS_MAX: u64 = 20;

/// A server that always gives the same answer.
pub(crate) struct Trial {
    /// What is wrong with it.
    pub(crate) name: &'static str,
    expected: Expected,
    status: &'static str,
    body: fn() -> Vec<u8>,
    /// Bytes that the server says it will send more than it sends.
    missing_bytes: usize,
    /// Part of what the generator must say; nothing when the answer is right.
    complaint: Option<&'static str>,
}

/// All trials.
pub(crate) const ALL: &[Trial] = &[
    trial("a whole PDF", Expected::Pdf, "200 OK", whole_pdf, None),
    trial("a link", Expected::Json, "200 OK", link, None),
    trial("a PDF with the status 500", Expected::Pdf, "500 Internal Server Error", whole_pdf, Some("status 500")),
    trial(
        "a refusal for too many requests",
        Expected::Pdf,
        "429 Too Many Requests",
        refusal,
        Some("status 429: {\"status\""),
    ),
    trial("an error page with the status 200", Expected::Pdf, "200 OK", page, Some("does not start with %PDF-")),
    trial("a PDF without its end", Expected::Pdf, "200 OK", cut_pdf, Some("does not end with %%EOF")),
    trial("a PDF without content", Expected::Pdf, "200 OK", small_pdf, Some("15 bytes only")),
    trial("an empty body", Expected::Pdf, "200 OK", Vec::new, Some("does not start with %PDF-")),
    trial(
        "a failure with the status 200",
        Expected::Json,
        "200 OK",
        refusal,
        Some("the status in the body is `error`"),
    ),
    trial("a success without a link", Expected::Json, "200 OK", success, Some("no link")),
    trial("a PDF instead of JSON", Expected::Json, "200 OK", whole_pdf, Some("not JSON")),
    Trial {
        name: "an answer that breaks off",
        expected: Expected::Pdf,
        status: "200 OK",
        body: whole_pdf,
        missing_bytes: 10,
        complaint: Some("broke off"),
    },
];

const fn trial(
    name: &'static str,
    expected: Expected,
    status: &'static str,
    body: fn() -> Vec<u8>,
    complaint: Option<&'static str>,
) -> Trial {
    Trial { name, expected, status, body, missing_bytes: 0, complaint }
}

fn whole_pdf() -> Vec<u8> {
    let mut body = b"%PDF-1.7\n".to_vec();
    body.resize(2_000, b' ');
    body.extend_from_slice(b"\n%%EOF\n");
    body
}

fn cut_pdf() -> Vec<u8> {
    whole_pdf().into_iter().take(1_500).collect()
}

fn small_pdf() -> Vec<u8> {
    b"%PDF-1.7\n%%EOF\n".to_vec()
}

fn link() -> Vec<u8> {
    br#"{"status":"success","file":"http://127.0.0.1/f/token"}"#.to_vec()
}

fn success() -> Vec<u8> {
    br#"{"status":"success"}"#.to_vec()
}

fn refusal() -> Vec<u8> {
    br#"{"status":"error","message":"slow down"}"#.to_vec()
}

fn page() -> Vec<u8> {
    b"<h1>It works!</h1>".to_vec()
}

impl Trial {
    /// Runs the generator against the server and judges what it says.
    ///
    /// # Errors
    /// The generator was taken in.
    pub(crate) async fn run(&self) -> Result<String, Failure> {
        let io = |source| Failure::Channel { doing: "starting the server of a trial", source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(io)?;
        let address = listener.local_addr().map_err(io)?;
        let body = (self.body)();
        let length = body.len() + self.missing_bytes;
        let mut answer = format!("HTTP/1.1 {}\r\ncontent-length: {length}\r\n\r\n", self.status).into_bytes();
        answer.extend_from_slice(&body);
        let server = tokio::spawn(serve(listener, answer.into(), self.missing_bytes > 0));
        let outcome = caller::run(&Round {
            address,
            key: Arc::from("key"),
            bodies: Arc::from([Bytes::from_static(b"{}")]),
            expected: self.expected,
            callers: CALLER_COUNT,
            request_count_max: REQUEST_COUNT,
            time_max: Duration::from_secs(TRIAL_SECONDS_MAX),
        })
        .await?;
        server.abort();
        let said = outcome.first_failure.unwrap_or_default();
        let (successes, failures) = (outcome.success_count, outcome.failure_count);
        let right = match self.complaint {
            None => successes == REQUEST_COUNT && failures == 0 && outcome.latency_us.len() == REQUEST_COUNT,
            Some(complaint) => successes == 0 && failures == REQUEST_COUNT && said.contains(complaint),
        };
        if right {
            Ok(if said.is_empty() { "accepted".to_owned() } else { format!("found out: {said}") })
        } else {
            Err(Failure::SelfCheck(format!("{}: {successes} passed, {failures} failed: {said}", self.name)))
        }
    }
}

/// Gives the same answer to every request of every connection.
async fn serve(listener: TcpListener, answer: Bytes, closes: bool) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(converse(stream, answer.clone(), closes));
    }
}

async fn converse(mut stream: TcpStream, answer: Bytes, closes: bool) {
    let mut request = Vec::new();
    let mut part = [0; 4_096];
    loop {
        let Ok(length @ 1..) = stream.read(&mut part).await else { return };
        request.extend_from_slice(part.get(..length).unwrap_or_default());
        // Callers send the body `{}`, which ends the request.
        if request.ends_with(b"{}") {
            request.clear();
            if stream.write_all(&answer).await.is_err() || closes {
                return;
            }
        }
    }
}
