//! The two forms of an error on the wire: the contract's in `/v1`, RFC 9457 problem details everywhere else.

use axum::body::Body;
use axum::http::{HeaderValue, Response, header};
use chancery_service::{Diagnostic, Severity};
use serde::Serialize;
use utoipa::ToSchema;

use super::WireError;

/// Which of the two forms a path answers in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorForm {
    /// `{"status":"error","message":…}` and more.
    Contract,
    /// `application/problem+json`.
    Problem,
}

impl ErrorForm {
    pub(crate) fn of_path(path: &str) -> Self {
        if path == "/v1" || path.starts_with("/v1/") { Self::Contract } else { Self::Problem }
    }
}

/// An error in `/v1`.
#[derive(Serialize, ToSchema)]
pub(crate) struct ContractError {
    /// Always `error`.
    #[schema(example = "error")]
    status: &'static str,
    /// One sentence.
    message: String,
    /// Stable code in kebab case.
    code: &'static str,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    /// Names the request in the server's log.
    request_id: String,
    /// Findings about template or data, when that is what is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Finding>,
}

/// An error outside of `/v1`: problem details after RFC 9457.
#[derive(Serialize, ToSchema)]
pub(crate) struct Problem {
    /// URN that ends in the code.
    #[schema(example = "urn:chancery:error:not-found")]
    r#type: String,
    /// The status in words.
    title: &'static str,
    /// The status.
    status: u16,
    /// One sentence about this occurrence.
    detail: String,
    /// Stable code in kebab case.
    code: &'static str,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    /// Names the request in the server's log.
    request_id: String,
    /// Findings about template or data, when that is what is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Finding>,
}

/// One finding about a template or its data.
#[derive(Serialize, ToSchema)]
pub(crate) struct Finding {
    /// `error` or `warning`.
    severity: &'static str,
    /// Stable code in kebab case.
    code: &'static str,
    /// JSON pointer (RFC 6901) into the template, or into the data when the code starts with `data-`.
    pointer: String,
    /// The id of the node that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    node: Option<String>,
    /// One sentence.
    message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

impl From<&Diagnostic> for Finding {
    fn from(diagnostic: &Diagnostic) -> Self {
        Self {
            severity: match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            code: diagnostic.code,
            pointer: diagnostic.pointer.clone(),
            node: diagnostic.node.clone(),
            message: diagnostic.message.clone(),
            hint: diagnostic.hint.clone(),
        }
    }
}

/// Writes the body of a failed request.
pub(crate) fn write(response: &mut Response<Body>, error: &WireError, form: ErrorForm, request_id: &str) {
    let findings = match error {
        WireError::Service(error) => error.findings().iter().map(Finding::from).collect(),
        _ => Vec::new(),
    };
    let hint = error.hint().map(std::borrow::Cow::into_owned);
    let (content_type, body) = match form {
        ErrorForm::Contract => (
            "application/json",
            serde_json::to_vec(&ContractError {
                status: "error",
                message: error.to_string(),
                code: error.code(),
                hint,
                request_id: request_id.to_owned(),
                errors: findings,
            }),
        ),
        ErrorForm::Problem => (
            "application/problem+json",
            serde_json::to_vec(&Problem {
                r#type: format!("urn:chancery:error:{}", error.code()),
                title: response.status().canonical_reason().unwrap_or("Error"),
                status: response.status().as_u16(),
                detail: error.to_string(),
                code: error.code(),
                hint,
                request_id: request_id.to_owned(),
                errors: findings,
            }),
        ),
    };
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    // Serialising strings and numbers into memory cannot fail; an empty body would still carry the right status.
    *response.body_mut() = Body::from(body.unwrap_or_default());
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use axum::response::IntoResponse;
    use chancery_service::error::ServiceError;
    use serde_json::{Value, json};

    use super::*;

    async fn written(error: WireError, form: ErrorForm) -> (u16, Value) {
        let mut response = error.into_response();
        let failure = response.extensions_mut().remove::<crate::error::Failure>().unwrap();
        write(&mut response, &failure.0, form, "r1");
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap())
    }

    #[tokio::test]
    async fn in_v1_an_error_starts_with_status_and_message() {
        let error = WireError::field("expiration", "must be a whole number");
        assert_eq!(
            written(error, ErrorForm::of_path("/v1/create")).await,
            (
                400,
                json!({"status": "error", "message": "`expiration` must be a whole number", "code": "invalid-field", "request_id": "r1"})
            )
        );
    }

    #[tokio::test]
    async fn elsewhere_an_error_is_problem_details_with_findings() {
        let findings = vec![Diagnostic::error("missing-font", "/a", "no font `X`").with_node(Some("n")).with_hint("h")];
        let error = WireError::Service(ServiceError::TemplateInvalid { findings });
        assert_eq!(
            written(error, ErrorForm::of_path("/api/templates")).await,
            (
                422,
                json!({
                    "type": "urn:chancery:error:template-invalid", "title": "Unprocessable Entity", "status": 422,
                    "detail": "the template has 1 error", "code": "template-invalid", "hint": "h", "request_id": "r1",
                    "errors": [{"severity": "error", "code": "missing-font", "pointer": "/a", "node": "n",
                                "message": "no font `X`", "hint": "h"}]
                })
            )
        );
    }

    #[tokio::test]
    async fn the_cause_of_an_internal_error_is_not_on_the_wire() {
        let error = WireError::Service(ServiceError::internal("x", "secret cause"));
        let (status, body) = written(error, ErrorForm::Problem).await;
        assert_eq!(status, 500);
        assert!(!body.to_string().contains("secret"));
    }

    #[test]
    fn only_paths_below_v1_answer_in_the_form_of_the_contract() {
        assert_eq!(ErrorForm::of_path("/v1"), ErrorForm::Contract);
        assert_eq!(ErrorForm::of_path("/v1/nothing"), ErrorForm::Contract);
        assert_eq!(ErrorForm::of_path("/v10/create"), ErrorForm::Problem);
    }
}
