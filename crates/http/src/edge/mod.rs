//! The edge: what happens to every request before and after its handler.

mod cors;
mod headers;
mod request_id;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use axum::body::HttpBody as _;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chancery_service::access::Actor;
use futures::FutureExt;

use crate::app::App;
use crate::error::{ErrorForm, Failure, Told, WireError, write};
use crate::request_record::{Known, RequestRecord, Verb};
use crate::routes::CallerKey;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives a request its id, takes it a place, catches a panic, writes errors in the form of the path, sets the
/// headers that every answer has, and logs one line.
pub(crate) async fn edge(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let request_id = request_id::next();
    let method = request.method().clone();
    let form = ErrorForm::of_path(request.uri().path());
    let route = app.route_of(request.extensions().get::<MatchedPath>());
    let request_bytes = request.body().size_hint().exact().unwrap_or(0);

    let mut response = if form == ErrorForm::Contract && method == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else if let Some(place) = app.enter() {
        let response = answer(request, next).await;
        drop(place);
        response
    } else {
        WireError::Overloaded.into_response()
    };

    let failure = failure_of(&mut response);
    if let Some(Failure(error)) = &failure
        && let WireError::Service(error) = &**error
    {
        let caller = response.extensions().get::<CallerKey>();
        app.service.security().observe(error, caller.map(CallerKey::actor));
    }
    if let Some(Failure(error)) = &failure
        && response.extensions().get::<Told>().is_none()
    {
        write(&mut response, error, form, request_id.as_str());
    }
    headers::set(response.headers_mut(), form);
    if form == ErrorForm::Contract {
        cors::set(response.headers_mut(), &method);
    }
    if let Ok(value) = HeaderValue::from_str(request_id.as_str()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let caller = response.extensions().get::<CallerKey>().map(CallerKey::actor);
    let record = RequestRecord {
        method: Verb::of(&method),
        route,
        status: response.status().as_u16(),
        request_bytes,
        response_bytes: response.body().size_hint().exact().unwrap_or(0),
        duration_us: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        actor: caller.and_then(Actor::key_uuid),
        workspace: caller.map(|actor| actor.workspace().uuid()),
        code: failure.as_ref().map_or(Known::NONE, |failure| Known::new(failure.0.code())),
        ..RequestRecord::new(request_id.as_str())
    };
    record.log(&failure.map(|failure| chain_of(&failure.0)).unwrap_or_default());
    response
}

async fn answer(request: Request, next: Next) -> Response {
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => WireError::Panicked.into_response(),
    }
}

/// The error that the handler gave, or the one that the router stands for with a bare status.
fn failure_of(response: &mut Response) -> Option<Failure> {
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        return Some(failure);
    }
    (response.status() == StatusCode::METHOD_NOT_ALLOWED).then(|| Failure(Arc::new(WireError::MethodNotAllowed)))
}

/// The error and all its causes, outermost first.
fn chain_of(error: &dyn std::error::Error) -> String {
    let mut chain = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        chain.push_str(": ");
        chain.push_str(&cause.to_string());
        source = cause.source();
    }
    chain
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    async fn panics() -> StatusCode {
        panic!("on purpose, with a secret")
    }

    #[tokio::test]
    async fn a_panic_in_a_handler_is_an_answer_that_says_nothing_about_it() {
        let router = Router::new().route("/", get(panics)).layer(from_fn(answer));
        let mut response = router.oneshot(Request::new(Body::empty())).await.unwrap();
        let Failure(error) = failure_of(&mut response).unwrap();
        assert_eq!((response.status(), error.code()), (StatusCode::INTERNAL_SERVER_ERROR, "internal"));
        assert!(!error.to_string().contains("secret"));
    }

    #[test]
    fn the_log_tells_all_causes_of_an_error_and_nothing_twice() {
        let inner = std::io::Error::other("the disk is full");
        let error = WireError::Service(chancery_service::ServiceError::internal("writing", inner));
        assert_eq!(chain_of(&error), "something went wrong inside the server: the disk is full");
    }
}
