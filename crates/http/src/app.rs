//! What every handler can reach: the service, the limits, the public address.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use axum::extract::MatchedPath;
use bytes::Bytes;
use chancery_service::Service;

use crate::client_address::Proxies;
use crate::limits::WireLimits;
use crate::request_record::Known;

/// Shared by all handlers; cheap to clone.
#[derive(Clone)]
pub(crate) struct App(Arc<Shared>);

/// The content of [`App`].
pub(crate) struct Shared {
    pub(crate) service: Service,
    pub(crate) limits: WireLimits,
    /// Scheme and authority that signed links start with, without a slash at the end.
    pub(crate) public_url: String,
    /// All routes as they are declared, for the log.
    pub(crate) routes: OnceLock<BTreeSet<&'static str>>,
    /// The proxies whose word about addresses counts.
    pub(crate) proxies: Proxies,
    /// The OpenAPI text, once all routes are declared.
    pub(crate) openapi: OnceLock<Bytes>,
    in_flight: AtomicUsize,
    draining: AtomicBool,
}

impl App {
    pub(crate) fn new(service: Service, limits: WireLimits, public_url: &str, proxies: Proxies) -> Self {
        Self(Arc::new(Shared {
            service,
            limits,
            public_url: public_url.trim_end_matches('/').to_owned(),
            routes: OnceLock::new(),
            proxies,
            openapi: OnceLock::new(),
            in_flight: AtomicUsize::new(0),
            draining: AtomicBool::new(false),
        }))
    }

    /// The address of a link with this token: never log it.
    pub(crate) fn link(&self, token: &str) -> String {
        format!("{}/f/{token}", self.public_url)
    }

    /// Takes a place among the requests under way, or nothing when all are taken.
    pub(crate) fn enter(&self) -> Option<Place> {
        if self.in_flight.fetch_add(1, Ordering::Relaxed) >= self.limits.concurrency_max {
            self.in_flight.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        Some(Place(self.clone()))
    }

    /// The declared route that a request matched.
    pub(crate) fn route_of(&self, matched: Option<&MatchedPath>) -> Known {
        let known = self.routes.get().zip(matched).and_then(|(routes, matched)| routes.get(matched.as_str()));
        known.map_or(Known::NONE, |route| Known::new(route))
    }

    /// Makes `/readyz` say no, so that load balancers look elsewhere.
    pub(crate) fn start_draining(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// A place among the requests under way; given back on drop.
pub(crate) struct Place(App);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}
