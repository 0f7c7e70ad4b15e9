//! The wire: `/v1`, `/api`, signed files, health and the OpenAPI text over HTTP/1.1 and HTTP/2. No business rule, no SQL.

mod api;
mod app;
mod client_address;
mod disposition;
mod edge;
mod error;
mod files;
mod health;
mod limits;
mod link_page;
mod openapi;
mod range;
pub mod request_record;
mod routes;
pub mod server;
mod v1;
mod verifier;
mod wire;

use axum::Router;
use axum::middleware::from_fn_with_state;
use bytes::Bytes;
use chancery_service::Service;
use utoipa_axum::routes;

use app::App;
use error::WireError;
use routes::{Access, Routes};

pub use client_address::{ForwardedHeader, Peer, Proxies};
pub use limits::WireLimits;
pub use server::{ServeError, Server};

/// All routes, ready to be served, with what they share.
pub struct Site {
    router: Router,
    app: App,
}

impl Site {
    /// Declares all routes over a service. `public_url` is what signed links start with, such as
    /// `https://pdf.example.com`.
    #[must_use]
    pub fn new(service: Service, limits: WireLimits, public_url: &str) -> Self {
        Self::behind(service, limits, public_url, Proxies::default())
    }

    /// As [`Site::new`], behind proxies that tell from where requests come.
    #[must_use]
    pub fn behind(service: Service, limits: WireLimits, public_url: &str, proxies: Proxies) -> Self {
        let app = App::new(service, limits, public_url, proxies);
        let routes = Routes::new(app.clone(), openapi::base())
            .route(Access::Public, routes!(health::healthz))
            .route(Access::Public, routes!(health::readyz))
            .route(Access::Public, routes!(openapi::openapi_json))
            .route(Access::Public, routes!(verifier::verifier_page))
            .route(Access::Public, routes!(verifier::verifier_file))
            .route(Access::Public, routes!(link_page::style))
            .route(Access::SignedLink, routes!(files::read_file))
            .route(Access::SignedLink, routes!(files::press_button));
        let (router, openapi) = api::declare(v1::declare(routes)).into_parts();
        // A description that cannot be written would be an empty answer, which the tests would see.
        let text = serde_json::to_vec_pretty(&openapi).unwrap_or_default();
        drop(app.openapi.set(Bytes::from(text)));
        // A few dozen texts that live as long as the program, like those that stand in it.
        let routes = openapi.paths.paths.keys().map(|route| &*route.clone().leak()).collect();
        drop(app.routes.set(routes));
        let router = router
            .fallback(|| async { WireError::NoRoute })
            .layer(from_fn_with_state(app.clone(), edge::edge))
            .with_state(app.clone());
        Self { router, app }
    }

    /// The routes as a service, for tests without a socket.
    pub fn router(&self) -> Router {
        self.router.clone()
    }
}
