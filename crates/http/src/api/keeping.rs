//! What is left of documents in `/api`: deletion, receipts, kept requests, and who is behind a pseudonym.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chancery_service::documents::Shown;
use chancery_service::receipts::ReceiptSummary;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{id_of, page_of};
use crate::app::App;
use crate::error::WireError;
use crate::routes::Caller;
use crate::wire::body::Input;
use crate::wire::time;

/// A document that was deleted.
#[derive(Serialize, ToSchema)]
pub(super) struct Deleted {
    /// Names the receipt: `GET /api/receipts/{run}`.
    run: String,
}

/// A run that destroyed something.
#[derive(Serialize, ToSchema)]
pub(super) struct ReceiptEntry {
    run: String,
    /// `retention` or `request`.
    cause: &'static str,
    started_at: String,
    /// Absent while it is under way; then there is no receipt yet.
    finished_at: Option<String>,
    /// Rows that a hold kept.
    held: u64,
}

/// Runs that destroyed something.
#[derive(Serialize, ToSchema)]
pub(super) struct ReceiptList {
    /// The latest first.
    receipts: Vec<ReceiptEntry>,
}

/// The request that led to a document.
#[derive(Serialize, ToSchema)]
pub(super) struct Kept {
    /// Template, data and options.
    #[schema(value_type = Object)]
    request: Value,
    created_at: String,
    /// Whether pseudonyms stand for what tells about persons.
    is_pseudonymous: bool,
}

/// A question about a pseudonym.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of a body that is read field by field")]
pub(super) struct Question {
    /// Such as `person-7KQ2MZB4XJ3TA5LD`.
    pseudonym: String,
    /// Why, 3 to 500 characters; it is sealed.
    reason: String,
}

/// Who is behind a pseudonym.
#[derive(Serialize, ToSchema)]
pub(super) struct Resolved {
    /// Absent when the pseudonym was anonymised, or never was one.
    original: Option<String>,
}

impl From<ReceiptSummary> for ReceiptEntry {
    fn from(summary: ReceiptSummary) -> Self {
        Self {
            run: summary.run.to_string(),
            cause: summary.cause,
            started_at: time::format(summary.started_at.signed_millis()),
            finished_at: summary.finished_at.map(|at| time::format(at.signed_millis())),
            held: summary.held_count,
        }
    }
}

/// Deletes a document now: its key, its file, its row. What is under a legal hold is refused with 409.
#[utoipa::path(
    delete, path = "/api/documents/{id}", tag = "documents",
    params(("id" = String, Path, description = "The document: the `transaction_ref` of its answer")),
    responses(
        (status = 200, body = Deleted),
        (status = "4XX", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(super) async fn delete_document(
    State(app): State<App>,
    Path(id): Path<String>,
    Caller(actor): Caller,
) -> Result<Json<Deleted>, WireError> {
    let run = app.service.documents().delete(&actor, id_of("id", &id)?).await?;
    Ok(Json(Deleted { run: run.to_string() }))
}

/// Reads the request that led to a document, where the workspace keeps requests. That it was read is recorded.
#[utoipa::path(
    get, path = "/api/documents/{id}/request", tag = "documents",
    params(
        ("id" = String, Path, description = "The document or the transaction"),
        ("reason" = Option<String>, Query, description = "With a reason, the request as it came, for which `pseudonyms:resolve` is needed too; otherwise pseudonyms stand for all personal fields")
    ),
    responses(
        (status = 200, body = Kept),
        (status = "4XX", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(super) async fn read_request(
    State(app): State<App>,
    Path(id): Path<String>,
    Caller(actor): Caller,
    Input(mut fields): Input,
) -> Result<Json<Kept>, WireError> {
    let reason = fields.text("reason")?;
    let shown = reason.as_deref().map_or(Shown::Pseudonymous, |reason| Shown::Plain { reason });
    let kept = app.service.documents().request(&actor, id_of("id", &id)?, shown).await?;
    Ok(Json(Kept {
        request: kept.request,
        created_at: time::format(kept.created_at.signed_millis()),
        is_pseudonymous: kept.is_pseudonymous,
    }))
}

/// Lists the purges and deletions that destroyed something.
#[utoipa::path(
    get, path = "/api/receipts", tag = "retention",
    params(
        ("limit" = Option<u32>, Query, description = "At most so many, from 1 to 300, 100 by default"),
        ("offset" = Option<u32>, Query, description = "Leaves out so many at the start")
    ),
    responses(
        (status = 200, body = ReceiptList),
        (status = "4XX", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(super) async fn list_receipts(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(mut fields): Input,
) -> Result<Json<ReceiptList>, WireError> {
    let receipts = app.service.receipts().list(&actor, page_of(&mut fields)?).await?;
    Ok(Json(ReceiptList { receipts: receipts.into_iter().map(Into::into).collect() }))
}

/// Reads the signed receipt of a purge or deletion; `chancery receipt verify` checks it without a database.
#[utoipa::path(
    get, path = "/api/receipts/{run}", tag = "retention",
    params(("run" = String, Path, description = "The run")),
    responses(
        (status = 200, description = "A signed note", content_type = "text/plain"),
        (status = "4XX", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(super) async fn read_receipt(
    State(app): State<App>,
    Path(run): Path<String>,
    Caller(actor): Caller,
) -> Result<Response, WireError> {
    let run = run.parse().map_err(|_| WireError::field("run", "must be an id"))?;
    let note = app.service.receipts().of(&actor, run).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], note.to_text()).into_response())
}

/// Says who is behind a pseudonym. That it was asked is recorded, and why.
#[utoipa::path(
    post, path = "/api/pseudonyms/resolve", tag = "retention", request_body = Question,
    responses(
        (status = 200, body = Resolved),
        (status = "4XX", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(super) async fn resolve_pseudonym(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(mut fields): Input,
) -> Result<Json<Resolved>, WireError> {
    let (pseudonym, reason) = (fields.required_text("pseudonym")?, fields.required_text("reason")?);
    let original = app.service.pseudonyms().resolve(&actor, &pseudonym, &reason).await?;
    Ok(Json(Resolved { original }))
}
