//! What goes wrong on the wire, each with a status, a stable code, one sentence and a hint.

mod form;

use std::borrow::Cow;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chancery_service::error::{ErrorClass, ServiceError};

pub(crate) use form::{ContractError, ErrorForm, Problem, write};

/// Why a request was not answered as asked. `Display` is the sentence for the caller.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WireError {
    /// The service said no.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// A field that cannot be read.
    #[error("`{field}` {problem}")]
    Field { field: &'static str, problem: Cow<'static, str> },
    /// A parameter of the contract that this version does not do.
    #[error("`{field}` is not supported by this version{detail}")]
    Unsupported { field: &'static str, detail: Cow<'static, str> },
    /// A body that is not JSON.
    #[error("the body is not valid JSON: {problem}")]
    InvalidJson { problem: String },
    /// A body that is nested too deep.
    #[error("the JSON is nested deeper than {depth_max} levels")]
    TooDeep { depth_max: u32 },
    /// A body over the limit.
    #[error("the body is larger than {size_bytes_max} bytes")]
    BodyTooLarge { size_bytes_max: usize },
    /// A body that did not come in time.
    #[error("the body did not arrive within {timeout_ms} ms")]
    BodyTimeout { timeout_ms: u64 },
    /// A body that broke off.
    #[error("the body could not be read")]
    BodyBroken,
    /// A query string that cannot be read.
    #[error("the query string cannot be read")]
    InvalidQuery,
    /// No such route.
    #[error("there is no such route")]
    NoRoute,
    /// The route exists, but not with this method.
    #[error("this route does not answer to this method")]
    MethodNotAllowed,
    /// A range outside of the file.
    #[error("the range lies outside of the file of {size_bytes} bytes")]
    RangeNotSatisfiable { size_bytes: u64 },
    /// More requests at once than this server takes.
    #[error("the server is answering as many requests as it can")]
    Overloaded,
    /// A defect of this program.
    #[error("something went wrong inside the server")]
    Panicked,
}

impl WireError {
    /// Makes the error for a field; `problem` continues a sentence that starts with the field's name.
    pub(crate) fn field(field: &'static str, problem: impl Into<Cow<'static, str>>) -> Self {
        Self::Field { field, problem: problem.into() }
    }

    /// Makes the error for a parameter that this version does not do; `detail` continues the sentence.
    pub(crate) fn unsupported(field: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::Unsupported { field, detail: detail.into() }
    }

    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Service(error) => match error.class() {
                ErrorClass::Unauthenticated => StatusCode::UNAUTHORIZED,
                ErrorClass::Forbidden => StatusCode::FORBIDDEN,
                ErrorClass::NotFound => StatusCode::NOT_FOUND,
                ErrorClass::Gone => StatusCode::GONE,
                ErrorClass::Invalid => StatusCode::BAD_REQUEST,
                ErrorClass::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
                ErrorClass::Busy | ErrorClass::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
                ErrorClass::Throttled => StatusCode::TOO_MANY_REQUESTS,
                ErrorClass::Timeout => StatusCode::GATEWAY_TIMEOUT,
                ErrorClass::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            },
            Self::Field { .. }
            | Self::Unsupported { .. }
            | Self::InvalidJson { .. }
            | Self::TooDeep { .. }
            | Self::BodyBroken
            | Self::InvalidQuery => StatusCode::BAD_REQUEST,
            Self::BodyTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyTimeout { .. } => StatusCode::REQUEST_TIMEOUT,
            Self::NoRoute => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::RangeNotSatisfiable { .. } => StatusCode::RANGE_NOT_SATISFIABLE,
            Self::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
            Self::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Service(error) => error.code(),
            Self::Field { .. } => "invalid-field",
            Self::Unsupported { .. } => "unsupported-parameter",
            Self::InvalidJson { .. } => "invalid-json",
            Self::TooDeep { .. } => "json-too-deep",
            Self::BodyTooLarge { .. } => "body-too-large",
            Self::BodyTimeout { .. } => "body-timeout",
            Self::BodyBroken => "body-broken",
            Self::InvalidQuery => "invalid-query",
            Self::NoRoute => "no-route",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::RangeNotSatisfiable { .. } => "range-not-satisfiable",
            Self::Overloaded => "overloaded",
            Self::Panicked => "internal",
        }
    }

    pub(crate) fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Service(error) => error.hint(),
            Self::Unsupported { .. } => Some("leave the parameter out".into()),
            Self::BodyTooLarge { .. } => Some("send less data in one request".into()),
            Self::NoRoute | Self::MethodNotAllowed => Some("see /openapi.json for all routes".into()),
            Self::Overloaded => Some("try again in 1 s".into()),
            Self::Panicked => Some("report this with the request id".into()),
            _ => None,
        }
    }

    pub(crate) fn retry_after_s(&self) -> Option<u32> {
        match self {
            Self::Service(error) => error.retry_after_s(),
            Self::Overloaded => Some(1),
            _ => None,
        }
    }
}

/// Carried by a response that tells its error itself, so that the edge leaves its body alone.
#[derive(Clone)]
pub(crate) struct Told;

/// Carried by a response until the edge writes the body: only there are the request id and the form known.
#[derive(Clone)]
pub(crate) struct Failure(pub(crate) std::sync::Arc<WireError>);

impl IntoResponse for WireError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        let headers = response.headers_mut();
        if let Some(retry_after_s) = self.retry_after_s() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(retry_after_s));
        }
        if matches!(self, Self::Service(ServiceError::Unauthenticated)) {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Self::RangeNotSatisfiable { size_bytes } = &self
            && let Ok(value) = HeaderValue::try_from(format!("bytes */{size_bytes}"))
        {
            headers.insert(header::CONTENT_RANGE, value);
        }
        response.extensions_mut().insert(Failure(std::sync::Arc::new(self)));
        response
    }
}
