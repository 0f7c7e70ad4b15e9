//! The server: accepts connections on a loopback address, speaks HTTP/1.1 and HTTP/2, and drains at the end.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::Site;
use crate::app::App;
use crate::client_address::Peer;
use crate::limits::WireLimits;

/// Wait after an `accept` that failed for want of resources, so that the loop does not spin.
const ACCEPT_PAUSE_MS: u64 = 50;

/// Streams of one HTTP/2 connection; more have to wait, as browsers and proxies expect.
const HTTP2_STREAM_COUNT_MAX: u32 = 200;

/// Bytes of one request's head. Keys, cookies and a long query fit many times over.
const HEADER_SIZE_BYTES_MAX: usize = 32 * 1024;

/// Why the server does not listen.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address can be reached from other machines, and this version speaks no TLS.
    #[error("refusing to listen on {address} without TLS: plain HTTP is served on a loopback address only")]
    NotLoopback {
        /// The address that was asked for.
        address: SocketAddr,
    },
    /// The address cannot be bound.
    #[error("cannot listen on {address}")]
    Bind {
        /// The address that was asked for.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// A bound listener that does not answer yet.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Binds a loopback address. Port 0 takes a free one.
    ///
    /// # Errors
    /// [`ServeError`].
    pub async fn bind(address: SocketAddr) -> Result<Self, ServeError> {
        if !address.ip().is_loopback() {
            return Err(ServeError::NotLoopback { address });
        }
        let bind = |source| ServeError::Bind { address, source };
        let listener = TcpListener::bind(address).await.map_err(bind)?;
        let address = listener.local_addr().map_err(bind)?;
        Ok(Self { listener, address })
    }

    /// The address that is bound, with its real port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` completes, then takes no more connections and waits for the requests under way, at most for
    /// the drain time-out of the limits.
    pub async fn run(self, site: Site, stop: impl Future<Output = ()>) {
        let Site { router, app } = site;
        let (draining, drain) = watch::channel(false);
        let places = Arc::new(Semaphore::new(app.limits.connection_count_max));
        let all_places = u32::try_from(app.limits.connection_count_max).unwrap_or(u32::MAX);
        let connections = Connections { builder: Arc::new(builder(&app.limits)), router, drain };
        let mut stop = std::pin::pin!(stop);
        loop {
            let accepted = tokio::select! {
                () = &mut stop => break,
                accepted = accept(&self.listener, &places) => accepted,
            };
            if let Some((stream, peer, place)) = accepted {
                connections.spawn(stream, Peer(peer.ip()), place);
            }
        }
        drop(self.listener);
        drain_all(&app, &draining, &places, all_places).await;
    }
}

/// Takes a place, then a connection. Without a free place new connections wait in the kernel's queue.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, place)),
        Err(error) => {
            // Out of file descriptors, or a connection that broke before it was taken: both pass.
            tracing::warn!(%error, "a connection could not be accepted");
            tokio::time::sleep(Duration::from_millis(ACCEPT_PAUSE_MS)).await;
            None
        }
    }
}

async fn drain_all(app: &App, draining: &watch::Sender<bool>, places: &Arc<Semaphore>, all_places: u32) {
    app.start_draining();
    draining.send_replace(true);
    let timeout = Duration::from_millis(app.limits.drain_timeout_ms);
    if tokio::time::timeout(timeout, places.acquire_many(all_places)).await.is_err() {
        tracing::warn!(
            timeout_ms = app.limits.drain_timeout_ms,
            "requests were still under way at the end of the drain"
        );
    }
}

type Builder = auto::Builder<TokioExecutor>;

fn builder(limits: &WireLimits) -> Builder {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_millis(limits.header_timeout_ms))
        .max_buf_size(HEADER_SIZE_BYTES_MAX)
        .pipeline_flush(true);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(HTTP2_STREAM_COUNT_MAX)
        .max_header_list_size(u32::try_from(HEADER_SIZE_BYTES_MAX).unwrap_or(u32::MAX))
        .keep_alive_interval(Duration::from_millis(limits.header_timeout_ms))
        .keep_alive_timeout(Duration::from_millis(limits.header_timeout_ms));
    builder
}

struct Connections {
    builder: Arc<Builder>,
    router: Router,
    drain: watch::Receiver<bool>,
}

impl Connections {
    fn spawn(&self, stream: TcpStream, peer: Peer, place: OwnedSemaphorePermit) {
        let builder = Arc::clone(&self.builder);
        let router = TowerToHyperService::new(self.router.clone());
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            router.call(request)
        });
        let mut drain = self.drain.clone();
        tokio::spawn(async move {
            // Answers are small and go out at once; without it the second packet waits for an acknowledgement.
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "a connection was gone before it was served");
                return;
            }
            let connection = builder.serve_connection(TokioIo::new(stream), service);
            let mut connection = std::pin::pin!(connection);
            let result = tokio::select! {
                result = connection.as_mut() => result,
                () = begins(&mut drain) => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = result {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
}

/// Waits for the drain; a server that is gone without one counts, too.
async fn begins(drain: &mut watch::Receiver<bool>) {
    drop(drain.wait_for(|draining| *draining).await);
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[tokio::test]
    async fn an_address_that_others_can_reach_is_refused_without_tls() {
        for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
            let error = Server::bind(address.parse().unwrap()).await.err().unwrap();
            assert!(matches!(error, ServeError::NotLoopback { .. }), "{address}: {error}");
        }
    }

    #[tokio::test]
    async fn port_0_is_a_free_port_and_a_taken_one_is_an_error_with_its_address() {
        let server = Server::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        assert_ne!(server.address().port(), 0);
        let error = Server::bind(server.address()).await.err().unwrap();
        assert_eq!(error.to_string(), format!("cannot listen on {}", server.address()));
    }
}
