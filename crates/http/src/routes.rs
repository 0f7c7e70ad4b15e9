//! Declares routes: each with its access, once, for the router and for the OpenAPI text.

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use chancery_service::access::Actor;
use chancery_service::permission::Permission;
use utoipa::openapi::OpenApi;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::SecurityRequirement;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use crate::app::App;
use crate::error::WireError;

/// Who may call a route.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Access {
    /// Whoever has a key with this permission.
    Key(Permission),
    /// Whoever has a link that this server signed; the handler gives the link to the service, which checks it.
    SignedLink,
    /// Anybody. The route tells nothing about any workspace.
    Public,
}

/// All routes so far. There is no way to add one without saying who may call it.
pub(crate) struct Routes {
    app: App,
    inner: OpenApiRouter<App>,
}

impl Routes {
    pub(crate) fn new(app: App, openapi: OpenApi) -> Self {
        Self { app, inner: OpenApiRouter::with_openapi(openapi) }
    }

    /// Adds a route. With [`Access::Key`] its handler is reached only by a caller who has the permission, and finds
    /// them as [`Caller`]; the body is not read before that.
    #[must_use]
    pub(crate) fn route(mut self, access: Access, routes: UtoipaMethodRouter<App>) -> Self {
        let (schemas, mut paths, mut methods) = routes;
        for item in paths.paths.values_mut() {
            for operation in operations_of(item) {
                describe(operation, access);
            }
        }
        if let Access::Key(permission) = access {
            let gate = Gate { app: self.app.clone(), permission };
            methods = methods.layer(from_fn_with_state(gate, check));
        }
        self.inner = self.inner.routes((schemas, paths, methods));
        self
    }

    pub(crate) fn into_parts(self) -> (Router<App>, OpenApi) {
        self.inner.split_for_parts()
    }
}

/// The caller of a route with [`Access::Key`], already found to have its permission.
pub(crate) struct Caller(pub(crate) Arc<Actor>);

impl FromRequestParts<App> for Caller {
    type Rejection = WireError;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, WireError> {
        // Missing only when a handler that wants a caller was declared with another access: then nobody gets in.
        let actor = parts.extensions.get::<Arc<Actor>>();
        actor.cloned().map(Self).ok_or(WireError::Service(chancery_service::error::ServiceError::Unauthenticated))
    }
}

/// Who made a request, for the log.
#[derive(Clone)]
pub(crate) struct CallerKey(Arc<Actor>);

impl CallerKey {
    pub(crate) fn actor(&self) -> &Actor {
        &self.0
    }
}

#[derive(Clone)]
struct Gate {
    app: App,
    permission: Permission,
}

async fn check(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let Some(presented) = presented_key(request.headers()) else {
        return WireError::Service(chancery_service::error::ServiceError::Unauthenticated).into_response();
    };
    let actor = match gate.app.service.access().authenticate(presented).await {
        Ok(actor) => actor,
        Err(error) => return WireError::Service(error).into_response(),
    };
    let mut response = match actor.require(gate.permission) {
        Ok(()) => {
            request.extensions_mut().insert(Arc::clone(&actor));
            next.run(request).await
        }
        Err(error) => WireError::Service(error).into_response(),
    };
    response.extensions_mut().insert(CallerKey(actor));
    response
}

/// The key as it was sent. Two different keys in one request are no key.
fn presented_key(headers: &HeaderMap) -> Option<&str> {
    let own = headers.get("x-api-key").map(|value| value.to_str().unwrap_or_default().trim());
    let bearer = headers.get(header::AUTHORIZATION).map(|value| {
        let (scheme, token) = value.to_str().unwrap_or_default().split_once(' ').unwrap_or_default();
        if scheme.eq_ignore_ascii_case("bearer") { token.trim() } else { "" }
    });
    match (own, bearer) {
        (Some(own), Some(bearer)) if own != bearer => None,
        (Some(key), _) | (None, Some(key)) => (!key.is_empty()).then_some(key),
        (None, None) => None,
    }
}

fn operations_of(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch].into_iter().flatten()
}

fn describe(operation: &mut Operation, access: Access) {
    let name = match access {
        Access::Key(permission) => permission.name(),
        // The link itself is the permission: there is nobody to ask for a key.
        Access::SignedLink | Access::Public => "public",
    };
    operation.extensions.get_or_insert_with(Extensions::default).merge(Extensions::from_iter([("x-permission", name)]));
    operation.security = Some(match access {
        Access::Key(_) => vec![
            SecurityRequirement::new("api_key", Vec::<String>::new()),
            SecurityRequirement::new("bearer", Vec::<String>::new()),
        ],
        Access::SignedLink | Access::Public => Vec::new(),
    });
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_key_comes_in_its_own_header_or_as_bearer() {
        assert_eq!(presented_key(&headers(&[("x-api-key", " k ")])), Some("k"));
        assert_eq!(presented_key(&headers(&[("authorization", "bearer k")])), Some("k"));
        assert_eq!(presented_key(&headers(&[("authorization", "Bearer k"), ("x-api-key", "k")])), Some("k"));
    }

    #[test]
    fn no_key_an_empty_one_another_scheme_and_two_different_ones_are_no_key() {
        assert_eq!(presented_key(&headers(&[])), None);
        assert_eq!(presented_key(&headers(&[("x-api-key", "")])), None);
        assert_eq!(presented_key(&headers(&[("authorization", "Basic k")])), None);
        assert_eq!(presented_key(&headers(&[("authorization", "Bearer a"), ("x-api-key", "b")])), None);
    }
}
