//! A witness over HTTP: `POST /add-checkpoint` (C2SP tlog-witness), and what it saw last for whoever verifies.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use chancery_ledger::{ADD_CHECKPOINT_BYTES_MAX, AddCheckpoint, Refusal};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, Semaphore};
use tokio::task::JoinSet;

use crate::state::NotCosigned;
use crate::{WitnessError, WitnessState};

/// Connections at once; each log needs one.
const CONNECTION_COUNT_MAX: usize = 128;
/// Seconds for the head of a request to arrive.
const HEADER_TIMEOUT_S: u64 = 10;
/// Seconds of one connection with all its requests; a log opens another one.
const CONNECTION_TIMEOUT_S: u64 = 60;
/// Milliseconds to wait when no connection can be taken, for example because there are no file descriptors.
const ACCEPT_PAUSE_MS: u64 = 100;
/// Bytes of the head of a request.
const HEADER_BYTES_MAX: usize = 16 * 1024;
/// The content type of a size in an answer 409, as C2SP names it.
const SIZE_TYPE: &str = "text/x.tlog.size";
const TEXT_TYPE: &str = "text/plain; charset=utf-8";

/// A witness that listens.
pub struct WitnessServer {
    listener: TcpListener,
    address: SocketAddr,
    state: Arc<Mutex<WitnessState>>,
}

type Answer = Response<Full<Bytes>>;

impl WitnessServer {
    /// Binds. Loopback only: it speaks no TLS, which belongs in front of it.
    ///
    /// # Errors
    /// [`WitnessError::Address`].
    pub async fn bind(address: SocketAddr, state: WitnessState) -> Result<Self, WitnessError> {
        let failed = |reason: String| WitnessError::Address { address, reason };
        if !address.ip().is_loopback() {
            return Err(failed("it speaks no TLS: listen on the loopback and put a TLS proxy before it".to_owned()));
        }
        let listener = TcpListener::bind(address).await.map_err(|error| failed(error.to_string()))?;
        let address = listener.local_addr().map_err(|error| failed(error.to_string()))?;
        Ok(Self { listener, address, state: Arc::new(Mutex::new(state)) })
    }

    /// The address that is bound, with its real port.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` completes. What was answered is on the disk by then.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let places = Arc::new(Semaphore::new(CONNECTION_COUNT_MAX));
        // Dropped with this: at the end no connection holds the state any more.
        let mut connections = JoinSet::new();
        let mut stop = std::pin::pin!(stop);
        loop {
            let accepted = tokio::select! {
                () = &mut stop => return,
                Some(_) = connections.join_next() => continue,
                accepted = async { (Arc::clone(&places).acquire_owned().await, self.listener.accept().await) } => accepted,
            };
            let (Ok(place), Ok((stream, _))) = accepted else {
                tokio::time::sleep(Duration::from_millis(ACCEPT_PAUSE_MS)).await;
                continue;
            };
            let state = Arc::clone(&self.state);
            connections.spawn(async move {
                let served = serve(stream, state);
                if tokio::time::timeout(Duration::from_secs(CONNECTION_TIMEOUT_S), served).await.is_err() {
                    tracing::debug!("a connection took too long");
                }
                drop(place);
            });
        }
    }
}

async fn serve(stream: TcpStream, state: Arc<Mutex<WitnessState>>) {
    let service = service_fn(move |request| {
        let state = Arc::clone(&state);
        async move { Ok::<_, std::convert::Infallible>(answer(request, state).await) }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(HEADER_TIMEOUT_S))
        .max_buf_size(HEADER_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection ended early");
    }
}

async fn answer(request: Request<Incoming>, state: Arc<Mutex<WitnessState>>) -> Answer {
    let path = request.uri().path().to_owned();
    match (request.method(), path.as_str()) {
        (&Method::POST, "/add-checkpoint") => add_checkpoint(request, state).await,
        (&Method::GET, "/key") => text(StatusCode::OK, state.lock().await.public_key().to_text() + "\n"),
        (&Method::GET, path) => match path.strip_prefix("/checkpoint/") {
            Some(id) => match state.lock().await.last_seen(id) {
                Some(note) => text(StatusCode::OK, note.to_text()),
                None => text(StatusCode::NOT_FOUND, "nothing was seen of this log\n".to_owned()),
            },
            None => text(StatusCode::NOT_FOUND, "there is no such address\n".to_owned()),
        },
        _ => text(StatusCode::METHOD_NOT_ALLOWED, "this address takes another method\n".to_owned()),
    }
}

async fn add_checkpoint(request: Request<Incoming>, state: Arc<Mutex<WitnessState>>) -> Answer {
    let Ok(body) = Limited::new(request.into_body(), ADD_CHECKPOINT_BYTES_MAX).collect().await else {
        return text(StatusCode::PAYLOAD_TOO_LARGE, "the request is too long, or did not arrive\n".to_owned());
    };
    let parsed = String::from_utf8(body.to_bytes().into()).ok().map(|text| AddCheckpoint::parse(&text));
    let request = match parsed {
        Some(Ok(request)) => request,
        Some(Err(error)) => return text(StatusCode::BAD_REQUEST, format!("{error}\n")),
        None => return text(StatusCode::BAD_REQUEST, "the request is not UTF-8 text\n".to_owned()),
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let origin = request.origin().to_owned();
    // The file is flushed under the lock: what was seen is decided, kept and signed as one.
    let mut state = state.lock_owned().await;
    let added = tokio::task::spawn_blocking(move || state.add(&request, now)).await;
    match added {
        Ok(Ok(line)) => text(StatusCode::OK, line),
        Ok(Err(NotCosigned::Refused(refusal))) => {
            tracing::warn!(origin, %refusal, "a checkpoint was not cosigned");
            refused(&refusal)
        }
        Ok(Err(NotCosigned::NotKept(error))) => {
            tracing::error!(error = &error as &dyn std::error::Error, "what was seen could not be kept");
            text(StatusCode::SERVICE_UNAVAILABLE, "the witness cannot write what it sees\n".to_owned())
        }
        Err(_) => text(StatusCode::SERVICE_UNAVAILABLE, "the witness ends\n".to_owned()),
    }
}

fn refused(refusal: &Refusal) -> Answer {
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
    match refusal {
        Refusal::Conflict { size } => with_type(status, format!("{size}\n"), SIZE_TYPE),
        other => text(status, format!("{other}\n")),
    }
}

fn text(status: StatusCode, body: String) -> Answer {
    with_type(status, body, TEXT_TYPE)
}

fn with_type(status: StatusCode, body: String, content_type: &'static str) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(body)));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer
}
