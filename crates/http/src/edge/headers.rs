//! Headers that every answer carries, so that a browser does nothing with it that nobody meant.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::error::ErrorForm;

const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Sets what is not already set; a handler may have said something more fitting.
pub(super) fn set(headers: &mut HeaderMap, form: ErrorForm) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let mut default = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    default(header::CACHE_CONTROL, "no-store");
    default(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    default(CROSS_ORIGIN_RESOURCE_POLICY, if form == ErrorForm::Contract { "cross-origin" } else { "same-origin" });
}
