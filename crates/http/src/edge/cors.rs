//! Cross-origin calls to `/v1`: browsers may call it with a key from any origin, never with cookies.

use axum::http::{HeaderMap, HeaderValue, Method, header};

/// How long a browser may remember the answer to its preflight, in seconds; the longest that Chromium honours.
const MAX_AGE_S: HeaderValue = HeaderValue::from_static("7200");

/// Sets the headers of an answer in `/v1`. Access is by key alone and credentials are not allowed, so that `*` gives a
/// foreign page nothing that it could not have by itself.
pub(super) fn set(headers: &mut HeaderMap, method: &Method) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if method == Method::OPTIONS {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static("x-api-key, content-type, authorization"),
        );
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE_S);
    } else {
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("x-request-id, retry-after, content-disposition"),
        );
    }
}
