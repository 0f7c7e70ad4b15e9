//! The workspace in `/api`: its class.

use axum::Json;
use axum::extract::State;
use chancery_service::classes;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::error::WireError;
use crate::routes::Caller;
use crate::wire::body::Input;

/// The class of a workspace.
#[derive(Serialize, ToSchema)]
pub(super) struct WorkspaceClass {
    /// `public`, `internal`, `confidential` or `restricted`.
    class: &'static str,
}

/// Tells the class of documents whose template says none.
#[utoipa::path(
    get, path = "/api/workspace/class", tag = "workspace",
    responses(
        (status = 200, body = WorkspaceClass),
        (status = "4XX", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(super) async fn get_class(Caller(actor): Caller) -> Json<WorkspaceClass> {
    Json(WorkspaceClass { class: actor.class().name() })
}

/// Changes the class of documents whose template says none. It counts for what is made from now on.
#[utoipa::path(
    put, path = "/api/workspace/class", tag = "workspace", request_body = Object,
    responses(
        (status = 200, body = WorkspaceClass),
        (status = "4XX", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(super) async fn set_class(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(mut fields): Input,
) -> Result<Json<WorkspaceClass>, WireError> {
    let name = fields.required_text("class")?;
    let class = classes::from_name(&name)
        .ok_or_else(|| WireError::field("class", "must be `public`, `internal`, `confidential` or `restricted`"))?;
    app.service.workspaces().set_class(&actor, class).await?;
    Ok(Json(WorkspaceClass { class: class.name() }))
}
