//! `GET /v1/get-account-info`: the credential test of existing clients.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::SUCCESS;
use crate::app::App;
use crate::error::WireError;
use crate::routes::Caller;
use crate::wire::time;

/// The workspace behind the key.
#[derive(Serialize, ToSchema)]
pub(super) struct AccountInfo {
    /// Always `success`.
    status: &'static str,
    /// Name of the workspace.
    username: String,
    /// Whether several people may work in it; always true here.
    is_team: bool,
    created_at: String,
    /// Documents made since the start of the month (UTC).
    quota_counter: u64,
    /// Documents allowed in a month; `null` is no limit.
    quota_max: Option<u64>,
    /// Templates.
    template_counter: u64,
    /// Templates allowed; `null` is no limit.
    template_max: Option<u64>,
}

/// Tells about the workspace behind the key.
#[utoipa::path(
    get, path = "/v1/get-account-info", tag = "v1",
    responses((status = 200, body = AccountInfo), (status = "4XX", body = crate::error::ContractError))
)]
pub(super) async fn get_account_info(
    State(app): State<App>,
    Caller(actor): Caller,
) -> Result<Json<AccountInfo>, WireError> {
    let account = app.service.account().info(&actor).await?;
    Ok(Json(AccountInfo {
        status: SUCCESS,
        username: account.workspace_name,
        is_team: true,
        created_at: time::format(account.created_at.signed_millis()),
        quota_counter: account.document_count_this_month,
        quota_max: None,
        template_counter: account.template_count,
        template_max: None,
    }))
}
