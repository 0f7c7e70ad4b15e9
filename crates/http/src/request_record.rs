//! One line of the request log. Its fields are of closed types: what a caller sent cannot be put into it.
//!
//! ```
//! use chancery_http::request_record::{Known, RequestRecord};
//! let record = RequestRecord { route: Known::new("/v1/create"), ..RequestRecord::new("0193f2a4-00000001") };
//! assert_eq!(record.route, Known::new("/v1/create"));
//! ```
//! A text that was made at run time, from a path or a body, is no field:
//! ```compile_fail,E0308
//! use chancery_http::request_record::RequestRecord;
//! fn leak(body: String) -> RequestRecord<'static> {
//!     RequestRecord { route: body, ..RequestRecord::new("0193f2a4-00000001") }
//! }
//! ```
//! ```compile_fail,E0521
//! use chancery_http::request_record::{Known, RequestRecord};
//! fn leak(token: &str) -> RequestRecord<'_> {
//!     RequestRecord { route: Known::new(token), ..RequestRecord::new("0193f2a4-00000001") }
//! }
//! ```

use std::fmt;

use axum::http::Method;

/// A text of this program itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known(&'static str);

/// How a request was made; whatever a caller invents is [`Verb::Other`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// `GET`.
    Get,
    /// `HEAD`.
    Head,
    /// `POST`.
    Post,
    /// `PUT`.
    Put,
    /// `PATCH`.
    Patch,
    /// `DELETE`.
    Delete,
    /// `OPTIONS`.
    Options,
    /// Anything else.
    Other,
}

/// What is logged of one request.
#[derive(Clone, Copy, Debug)]
pub struct RequestRecord<'a> {
    /// The id that this server gave it; the caller has it, too.
    pub request_id: &'a str,
    /// The method.
    pub method: Verb,
    /// The route as it was declared, such as `/f/{token}`; `-` for none.
    pub route: Known,
    /// The status of the answer.
    pub status: u16,
    /// Bytes of the body, as its head says.
    pub request_bytes: u64,
    /// Bytes of the answer, when they are known before it is sent.
    pub response_bytes: u64,
    /// Until the head of the answer, in microseconds.
    pub duration_us: u64,
    /// Id of the key, which is not the key.
    pub actor: Option<uuid::Uuid>,
    /// The workspace in which it acted.
    pub workspace: Option<uuid::Uuid>,
    /// The code of the error; `-` for none.
    pub code: Known,
}

impl Known {
    /// Nothing.
    pub const NONE: Self = Self("-");

    /// A text that stands in this program.
    #[must_use]
    pub const fn new(text: &'static str) -> Self {
        Self(text)
    }

    /// The text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl Verb {
    /// The verb of a method.
    #[must_use]
    pub fn of(method: &Method) -> Self {
        match method.as_str() {
            "GET" => Self::Get,
            "HEAD" => Self::Head,
            "POST" => Self::Post,
            "PUT" => Self::Put,
            "PATCH" => Self::Patch,
            "DELETE" => Self::Delete,
            "OPTIONS" => Self::Options,
            _ => Self::Other,
        }
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Other => "OTHER",
        })
    }
}

impl<'a> RequestRecord<'a> {
    /// A record with nothing but its id.
    #[must_use]
    pub const fn new(request_id: &'a str) -> Self {
        Self {
            request_id,
            method: Verb::Other,
            route: Known::NONE,
            status: 0,
            request_bytes: 0,
            response_bytes: 0,
            duration_us: 0,
            actor: None,
            workspace: None,
            code: Known::NONE,
        }
    }

    /// Writes the line; `cause` is what a failure of ours tells of its causes, and is masked where it is written.
    pub(crate) fn log(&self, cause: &str) {
        let Self { request_id, method, status, request_bytes, response_bytes, duration_us, .. } = self;
        let (route, code) = (self.route.as_str(), self.code.as_str());
        let actor = self.actor.map(tracing::field::display);
        let workspace = self.workspace.map(tracing::field::display);
        if *status >= 500 {
            tracing::error!(
                request_id, %method, route, status, request_bytes, response_bytes, duration_us, actor, workspace, code,
                cause, "request"
            );
        } else {
            tracing::info!(
                request_id, %method, route, status, request_bytes, response_bytes, duration_us, actor, workspace, code,
                "request"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_method_that_a_caller_invents_is_not_repeated() {
        assert_eq!(Verb::of(&Method::GET).to_string(), "GET");
        let invented = Method::from_bytes(b"HUNTER2").unwrap();
        assert_eq!(Verb::of(&invented).to_string(), "OTHER");
    }
}
