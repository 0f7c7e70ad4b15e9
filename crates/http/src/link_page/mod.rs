//! The pages behind a link, for people: what is there and a button, or why there is nothing. No script runs on them.

mod html;
mod words;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chancery_service::ServiceError;
use chancery_service::files::OpenFile;
use chancery_service::links::Admission;

use crate::error::{Failure, Told, WireError};
use html::Page;
use words::Words;

/// Nothing but the form and our own style sheet; no script, no frame, no other page.
const CONTENT_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// What the page says above its button when the passcode was not right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// No passcode was typed.
    Missing,
    /// Another one was.
    Wrong,
    /// No passcode is looked at for a while.
    Locked,
}

impl Notice {
    /// The notice with which the page is shown again; nothing for an error that has a page of its own.
    pub(crate) const fn of(error: &ServiceError) -> Option<Self> {
        match error {
            ServiceError::PasscodeRequired => Some(Self::Missing),
            ServiceError::PasscodeWrong => Some(Self::Wrong),
            ServiceError::PasscodeLocked { .. } => Some(Self::Locked),
            _ => None,
        }
    }
}

/// Whether whoever asks is a browser in front of a person.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let is_html = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("text/html"));
        is_html && !parts.any(|parameter| matches!(parameter, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// The page of a link; with a notice, and the status of its error, when the button was pressed in vain.
pub(crate) fn page(file: &OpenFile, headers: &HeaderMap, notice: Option<(Notice, ServiceError)>) -> Response {
    let words = Words::of(headers);
    let asks_passcode = matches!(file.admission(), Admission::Page { asks_passcode: true });
    let mut page = Page::new(words, file.name());
    page.badge(file.class());
    page.heading(file.name());
    if let Some(recipient) = file.recipient() {
        page.recipient(recipient.name(), recipient.mail());
    }
    page.facts(&html::Facts {
        media_type: file.media_type(),
        size_bytes: file.size_bytes(),
        expires_at_ms: file.expires_at().signed_millis(),
        is_one_time: file.is_one_time(),
    });
    page.form(asks_passcode, notice.as_ref().map(|(notice, _)| *notice));
    if let Some(digest) = file.digest() {
        page.digest(&digest);
    }
    match notice {
        None => written(StatusCode::OK, page),
        Some((_, error)) => told(WireError::from(error), page),
    }
}

/// Why there is nothing: a page for people, problem details for programs. It tells nothing of any document.
pub(crate) fn failure(error: WireError, headers: &HeaderMap) -> Response {
    if !wants_page(headers) {
        return error.into_response();
    }
    let words = Words::of(headers);
    let (title, text) = words.failure(error.code());
    let mut page = Page::new(words, title);
    page.failure(title, text);
    told(error, page)
}

/// A page that tells an error: status, headers and the line in the log are those of the error.
fn told(error: WireError, page: Page) -> Response {
    let mut failed = error.into_response();
    let written = written(failed.status(), page);
    let (parts, body) = written.into_parts();
    failed.headers_mut().extend(parts.headers);
    *failed.body_mut() = body;
    if failed.extensions().get::<Failure>().is_some() {
        failed.extensions_mut().insert(Told);
    }
    failed
}

fn written(status: StatusCode, page: Page) -> Response {
    let mut response = Response::new(Body::from(page.finish()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY);
    headers.insert(header::VARY, HeaderValue::from_static("accept, accept-language"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    response
}

/// The style sheet of the pages.
#[utoipa::path(
    get, path = "/link.css", tag = "files",
    responses((status = 200, description = "The style sheet of the pages behind links", content_type = "text/css"))
)]
pub(crate) async fn style() -> Response {
    /// A day: it changes with a new version only.
    const CACHING: &str = "public, max-age=86400";
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, CACHING)];
    (headers, include_str!("link.css")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepting(value: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(value));
        headers
    }

    #[test]
    fn browsers_get_pages_and_programs_do_not() {
        assert!(wants_page(&accepting("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")));
        assert!(wants_page(&accepting("application/json, TEXT/HTML;q=0.5")));
        for other in ["*/*", "application/json", "text/htmlx", "text/html;q=0", ""] {
            assert!(!wants_page(&accepting(other)), "{other}");
        }
        assert!(!wants_page(&HeaderMap::new()));
    }
}
