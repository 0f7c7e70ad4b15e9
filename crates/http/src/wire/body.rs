//! Reads a body within its limits of size, time and depth, once, into memory.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Query, Request};
use axum::http::request::Parts;
use axum::http::{Method, Uri, header};
use bytes::{Bytes, BytesMut};
use chancery_service::ServiceError;
use futures::StreamExt;
use serde_json::Value;

use crate::app::App;
use crate::error::WireError;
use crate::limits::WireLimits;
use crate::wire::depth;
use crate::wire::fields::{Fields, kind_of};

/// The fields of a request: of its query string, and of its JSON body when it has one, whatever the method.
pub(crate) struct Input(pub(crate) Fields);

impl FromRequest<App> for Input {
    type Rejection = WireError;

    async fn from_request(request: Request, app: &App) -> Result<Self, WireError> {
        let (parts, bytes) = whole(request, &app.limits).await?;
        let mut fields = if bytes.trim_ascii().is_empty() {
            // A GET has its fields in the query; whoever posts nothing forgot something.
            if parts.method == Method::POST {
                return Err(WireError::InvalidJson { problem: "it is empty".to_owned() });
            }
            Fields::default()
        } else {
            Fields::from_json(parse(bytes, app.limits.json_depth_max).await?)?
        };
        if parts.uri.query().is_some_and(|query| !query.is_empty()) {
            fields.add_query(query_of(&parts.uri)?);
        }
        Ok(Self(fields))
    }
}

/// A body that is JSON within the limits, as its text; and the fields of the query string.
pub(crate) struct JsonText {
    pub(crate) text: String,
    pub(crate) query: Fields,
}

impl FromRequest<App> for JsonText {
    type Rejection = WireError;

    async fn from_request(request: Request, app: &App) -> Result<Self, WireError> {
        let (parts, bytes) = whole(request, &app.limits).await?;
        parse(bytes.clone(), app.limits.json_depth_max).await?;
        let text =
            String::from_utf8(bytes.into()).map_err(|error| WireError::InvalidJson { problem: error.to_string() })?;
        let mut query = Fields::default();
        query.add_query(query_of(&parts.uri)?);
        Ok(Self { text, query })
    }
}

/// A body that is a JSON object, as it is.
pub(crate) struct Object(pub(crate) Value);

impl FromRequest<App> for Object {
    type Rejection = WireError;

    async fn from_request(request: Request, app: &App) -> Result<Self, WireError> {
        let (_, bytes) = whole(request, &app.limits).await?;
        match parse(bytes, app.limits.json_depth_max).await? {
            object @ Value::Object(_) => Ok(Self(object)),
            other => Err(WireError::field("body", format!("must be a JSON object, not {}", kind_of(&other)))),
        }
    }
}

/// The fields of a form that a browser posts (`application/x-www-form-urlencoded`).
pub(crate) struct Form(pub(crate) Fields);

/// Bytes of a form: a passcode, and room for what people paste.
const FORM_SIZE_BYTES_MAX: usize = 4096;

impl FromRequest<App> for Form {
    type Rejection = WireError;

    async fn from_request(request: Request, app: &App) -> Result<Self, WireError> {
        let limits = WireLimits { body_size_bytes_max: FORM_SIZE_BYTES_MAX, ..app.limits.clone() };
        let (_, bytes) = whole(request, &limits).await?;
        let mut fields = Fields::default();
        if !bytes.is_empty() {
            // A form is written like a query string.
            let text = std::str::from_utf8(&bytes).map_err(|_| WireError::InvalidQuery)?;
            let uri = Uri::try_from(format!("/?{text}")).map_err(|_| WireError::InvalidQuery)?;
            fields.add_query(query_of(&uri)?);
        }
        Ok(Self(fields))
    }
}

/// Splits a request and reads its body.
async fn whole(request: Request, limits: &WireLimits) -> Result<(Parts, Bytes), WireError> {
    let (parts, body) = request.into_parts();
    let announced = parts
        .headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<usize>().ok());
    let bytes = read(body, announced, limits).await?;
    Ok((parts, bytes))
}

/// Bodies above this many bytes take milliseconds to parse, in which a thread of the runtime would answer nobody else.
const PARSE_ASIDE_SIZE_BYTES_MIN: usize = 128 * 1024;

async fn parse(bytes: Bytes, depth_max: u32) -> Result<Value, WireError> {
    if bytes.len() < PARSE_ASIDE_SIZE_BYTES_MIN {
        return parse_json(&bytes, depth_max);
    }
    let parsed = tokio::task::spawn_blocking(move || parse_json(&bytes, depth_max)).await;
    parsed.map_err(|error| WireError::Service(ServiceError::internal("parsing a body", error)))?
}

/// Parses JSON within a depth.
fn parse_json(bytes: &[u8], depth_max: u32) -> Result<Value, WireError> {
    if !depth::is_within(bytes, depth_max) {
        return Err(WireError::TooDeep { depth_max });
    }
    serde_json::from_slice(bytes).map_err(|error| WireError::InvalidJson { problem: error.to_string() })
}

fn query_of(uri: &Uri) -> Result<Vec<(String, String)>, WireError> {
    match Query::<Vec<(String, String)>>::try_from_uri(uri) {
        Ok(Query(pairs)) => Ok(pairs),
        Err(_) => Err(WireError::InvalidQuery),
    }
}

/// Collects a body. One that announces too much is refused before a byte of it is read.
async fn read(body: Body, announced: Option<usize>, limits: &WireLimits) -> Result<Bytes, WireError> {
    let size_bytes_max = limits.body_size_bytes_max;
    if announced.is_some_and(|size| size > size_bytes_max) {
        return Err(WireError::BodyTooLarge { size_bytes_max });
    }
    let timeout_ms = limits.body_timeout_ms;
    tokio::time::timeout(Duration::from_millis(timeout_ms), collect(body, size_bytes_max))
        .await
        .map_err(|_| WireError::BodyTimeout { timeout_ms })?
}

async fn collect(body: Body, size_bytes_max: usize) -> Result<Bytes, WireError> {
    let mut stream = body.into_data_stream();
    // Most bodies come in one piece, which then is not copied.
    let Some(first) = stream.next().await else { return Ok(Bytes::new()) };
    let first = first.map_err(|_| WireError::BodyBroken)?;
    if first.len() > size_bytes_max {
        return Err(WireError::BodyTooLarge { size_bytes_max });
    }
    let Some(second) = stream.next().await else { return Ok(first) };
    let mut whole = BytesMut::from(&*first);
    let mut next = Some(second);
    while let Some(piece) = next {
        let piece = piece.map_err(|_| WireError::BodyBroken)?;
        if whole.len() + piece.len() > size_bytes_max {
            return Err(WireError::BodyTooLarge { size_bytes_max });
        }
        whole.extend_from_slice(&piece);
        next = stream.next().await;
    }
    Ok(whole.freeze())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::io;

    use futures::stream;

    use super::*;

    fn limits(size: usize) -> WireLimits {
        WireLimits { body_size_bytes_max: size, ..WireLimits::default() }
    }

    fn pieces(pieces: &'static [&'static str]) -> Body {
        Body::from_stream(stream::iter(
            pieces.iter().map(|piece| Ok::<_, io::Error>(Bytes::from_static(piece.as_bytes()))),
        ))
    }

    #[tokio::test]
    async fn a_body_in_pieces_is_put_together_up_to_the_limit() {
        assert_eq!(read(pieces(&["ab", "cd", "e"]), None, &limits(5)).await.unwrap(), "abcde");
        let error = read(pieces(&["ab", "cd", "e"]), None, &limits(4)).await.unwrap_err();
        assert_eq!(error.code(), "body-too-large");
    }

    #[tokio::test]
    async fn a_body_that_announces_too_much_is_refused_unread() {
        let endless = Body::from_stream(stream::pending::<Result<Bytes, io::Error>>());
        assert_eq!(read(endless, Some(11), &limits(10)).await.unwrap_err().code(), "body-too-large");
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_is_given_up() {
        let endless = Body::from_stream(stream::pending::<Result<Bytes, io::Error>>());
        let limits = WireLimits { body_timeout_ms: 1, ..WireLimits::default() };
        assert_eq!(read(endless, None, &limits).await.unwrap_err().code(), "body-timeout");
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_an_error() {
        let broken = Body::from_stream(stream::iter([Ok(Bytes::from_static(b"{")), Err(io::Error::other("gone"))]));
        assert_eq!(read(broken, None, &limits(10)).await.unwrap_err().code(), "body-broken");
    }

    #[test]
    fn json_is_refused_by_depth_before_it_is_parsed() {
        assert_eq!(parse_json(&b"[".repeat(1_000_000), 64).unwrap_err().code(), "json-too-deep");
        assert_eq!(parse_json(b"{\"a\":", 64).unwrap_err().code(), "invalid-json");
        assert_eq!(parse_json(b"\xff\xfe", 64).unwrap_err().code(), "invalid-json");
    }
}
