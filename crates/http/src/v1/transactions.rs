//! `GET /v1/list-transactions`: what was made, the latest first.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::SUCCESS;
use super::templates::page_of;
use crate::app::App;
use crate::error::WireError;
use crate::routes::Caller;
use crate::wire::body::Input;
use crate::wire::time;

/// A list of renders.
#[derive(Serialize, ToSchema)]
pub(super) struct TransactionList {
    /// Always `success`.
    status: &'static str,
    /// The renders, the latest first.
    transactions: Vec<TransactionEntry>,
}

/// One render.
#[derive(Serialize, ToSchema)]
struct TransactionEntry {
    transaction_ref: String,
    /// The template; absent when it was deleted since.
    template_id: Option<String>,
    /// What was made: `pdf` or `image`.
    kind: &'static str,
    /// What became of the file: `stored`, or `file` when it was sent and not stored.
    export: &'static str,
    /// `done` or `failed`.
    status: &'static str,
    total_pages: u32,
    file_size: u64,
    created_at: String,
}

/// Lists what was made.
#[utoipa::path(
    get, path = "/v1/list-transactions", tag = "v1",
    params(
        ("limit" = Option<u32>, Query, description = "At most so many, 300 by default and at most"),
        ("offset" = Option<u32>, Query, description = "Leaves out so many at the start")
    ),
    responses((status = 200, body = TransactionList), (status = "4XX", body = crate::error::ContractError))
)]
pub(super) async fn list_transactions(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(mut fields): Input,
) -> Result<Json<TransactionList>, WireError> {
    let page = page_of(&mut fields)?;
    let transactions = app.service.transactions().list(&actor, page).await?;
    let transactions = transactions
        .into_iter()
        .map(|transaction| TransactionEntry {
            transaction_ref: transaction.reference.to_string(),
            template_id: transaction.template.map(|key| key.to_string()),
            kind: transaction.kind,
            export: if transaction.is_stored { "stored" } else { "file" },
            status: transaction.status,
            total_pages: transaction.page_count,
            file_size: transaction.size_bytes,
            created_at: time::format(transaction.created_at.signed_millis()),
        })
        .collect();
    Ok(Json(TransactionList { status: SUCCESS, transactions }))
}
