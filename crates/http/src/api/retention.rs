//! Retention in `/api`: how long what is kept, a preview of what a purge deletes, and legal holds.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chancery_service::holds::{Hold, ToHold};
use chancery_service::retention::{Policy, PolicyChange, Preview};
use chancery_service::templates::TemplateKey;
use chancery_service::{Class, DataKind};
use serde::Serialize;
use utoipa::ToSchema;

use super::{id_of, page_of};
use crate::app::App;
use crate::error::WireError;
use crate::routes::Caller;
use crate::wire::body::Input;
use crate::wire::fields::Fields;
use crate::wire::time;

/// The word for no end.
const FOREVER: &str = "forever";

/// How long one kind of one class is kept.
#[derive(Serialize, ToSchema)]
pub(super) struct PolicyEntry {
    /// `documents`, `template_versions`, `transactions`, `audit_bodies`, `requests`, `api_keys` or `pseudonyms`.
    kind: &'static str,
    /// `public`, `internal`, `confidential` or `restricted`.
    class: &'static str,
    /// Absent when it is kept without end.
    days: Option<u32>,
    /// Whether somebody said so; otherwise it is the default.
    is_set: bool,
    days_min: u32,
    /// Absent when it may be kept without end.
    days_max: Option<u32>,
    /// Why these limits.
    reason: &'static str,
}

/// All policies.
#[derive(Serialize, ToSchema)]
pub(super) struct PolicyList {
    policies: Vec<PolicyEntry>,
}

/// What a purge would delete of one kind and class.
#[derive(Serialize, ToSchema)]
pub(super) struct PreviewEntry {
    kind: &'static str,
    class: &'static str,
    days: Option<u32>,
    /// Rows that are due.
    count: u64,
    bytes: u64,
    /// Rows that a hold keeps.
    held: u64,
}

/// What a purge would delete.
#[derive(Serialize, ToSchema)]
pub(super) struct PreviewList {
    preview: Vec<PreviewEntry>,
}

/// A legal hold.
#[derive(Serialize, ToSchema)]
pub(super) struct HoldEntry {
    id: String,
    /// `workspace`, `template` or `document`.
    target: &'static str,
    target_id: String,
    reason: String,
    placed_at: String,
    /// `api_key`, `person` or `operator`.
    placed_by_kind: &'static str,
    placed_by_id: Option<String>,
    /// Absent while it is in force.
    released_at: Option<String>,
}

/// Legal holds.
#[derive(Serialize, ToSchema)]
pub(super) struct HoldList {
    /// The latest first.
    holds: Vec<HoldEntry>,
}

/// A hold that was placed.
#[derive(Serialize, ToSchema)]
pub(super) struct HoldPlaced {
    id: String,
}

/// A change of a policy.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of a body that is read field by field")]
pub(super) struct PolicyWish {
    /// A number, or `forever`.
    days: String,
    /// For one class only.
    class: Option<String>,
}

/// What is to be held; without `template_id` and `document_id`, everything of the workspace.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of a body that is read field by field")]
pub(super) struct HoldWish {
    template_id: Option<String>,
    document_id: Option<String>,
    /// 3 to 500 characters; it is sealed.
    reason: String,
}

impl From<Policy> for PolicyEntry {
    fn from(policy: Policy) -> Self {
        let Policy { rule, class, days, is_set } = policy;
        Self {
            kind: rule.kind.as_str(),
            class: class.as_str(),
            days,
            is_set,
            days_min: rule.days_min,
            days_max: rule.days_max,
            reason: rule.reason,
        }
    }
}

impl From<Preview> for PreviewEntry {
    fn from(preview: Preview) -> Self {
        Self {
            kind: preview.policy.rule.kind.as_str(),
            class: preview.policy.class.as_str(),
            days: preview.policy.days,
            count: preview.count,
            bytes: preview.size_bytes,
            held: preview.held_count,
        }
    }
}

impl From<Hold> for HoldEntry {
    fn from(hold: Hold) -> Self {
        let (placed_by_kind, placed_by_id) = hold.placed_by;
        Self {
            id: hold.id.to_string(),
            target: hold.target,
            target_id: hold.target_id.to_string(),
            reason: hold.reason,
            placed_at: time::format(hold.placed_at.signed_millis()),
            placed_by_kind,
            placed_by_id: placed_by_id.map(|id| id.to_string()),
            released_at: hold.released_at.map(|at| time::format(at.signed_millis())),
        }
    }
}

fn change_of(kind: &str, fields: &mut Fields) -> Result<PolicyChange, WireError> {
    let kind = DataKind::parse(kind).ok_or_else(|| {
        WireError::field("kind", format!("must be one of {}", DataKind::ALL.map(DataKind::as_str).join(", ")))
    })?;
    let days = match fields.required_text("days")?.as_str() {
        FOREVER => None,
        days => Some(days.parse().map_err(|_| WireError::field("days", "must be a number of days, or `forever`"))?),
    };
    let class = match fields.text("class")? {
        None => None,
        Some(class) => Some(Class::parse(&class).ok_or_else(|| {
            WireError::field("class", format!("must be one of {}", Class::ALL.map(Class::as_str).join(", ")))
        })?),
    };
    Ok(PolicyChange { kind, class, days })
}

/// Lists how long what is kept.
#[utoipa::path(
    get, path = "/api/retention", tag = "retention",
    responses(
        (status = 200, body = PolicyList),
        (status = "4XX", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(super) async fn list_policies(
    State(app): State<App>,
    Caller(actor): Caller,
) -> Result<Json<PolicyList>, WireError> {
    let policies = app.service.retention().list(&actor).await?;
    Ok(Json(PolicyList { policies: policies.into_iter().map(Into::into).collect() }))
}

/// Sets how long a kind is kept. The next purge follows it, also for what is there already: preview it before.
#[utoipa::path(
    put, path = "/api/retention/{kind}", tag = "retention", request_body = PolicyWish,
    params(("kind" = String, Path, description = "The kind of data")),
    responses(
        (status = 204, description = "It is set"),
        (status = "4XX", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(super) async fn set_policy(
    State(app): State<App>,
    Path(kind): Path<String>,
    Caller(actor): Caller,
    Input(mut fields): Input,
) -> Result<StatusCode, WireError> {
    app.service.retention().set(&actor, &change_of(&kind, &mut fields)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Counts what a purge would delete now; with a kind and days, after that change. Nothing is changed.
#[utoipa::path(
    get, path = "/api/retention/preview", tag = "retention",
    params(
        ("kind" = Option<String>, Query, description = "A kind of data, with `days`"),
        ("days" = Option<String>, Query, description = "A number, or `forever`"),
        ("class" = Option<String>, Query, description = "For one class only")
    ),
    responses(
        (status = 200, body = PreviewList),
        (status = "4XX", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(super) async fn preview(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(mut fields): Input,
) -> Result<Json<PreviewList>, WireError> {
    let change = match fields.text("kind")? {
        Some(kind) => Some(change_of(&kind, &mut fields)?),
        None => None,
    };
    let preview = app.service.retention().preview(&actor, change.as_ref()).await?;
    Ok(Json(PreviewList { preview: preview.into_iter().map(Into::into).collect() }))
}

/// Places a legal hold: what it keeps is neither purged nor deleted until it is released.
#[utoipa::path(
    post, path = "/api/holds", tag = "retention", request_body = HoldWish,
    responses(
        (status = 201, body = HoldPlaced),
        (status = "4XX", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(super) async fn place_hold(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(mut fields): Input,
) -> Result<(StatusCode, Json<HoldPlaced>), WireError> {
    let what = match (fields.text("template_id")?, fields.text("document_id")?) {
        (None, None) => ToHold::Workspace,
        (Some(template), None) => ToHold::Template(TemplateKey::parse(&template)?),
        (None, Some(document)) => ToHold::Document(id_of("document_id", &document)?),
        (Some(_), Some(_)) => return Err(WireError::field("document_id", "cannot stand beside `template_id`")),
    };
    let reason = fields.required_text("reason")?;
    let id = app.service.holds().place(&actor, what, &reason).await?;
    Ok((StatusCode::CREATED, Json(HoldPlaced { id: id.to_string() })))
}

/// Lists legal holds, those that were released too.
#[utoipa::path(
    get, path = "/api/holds", tag = "retention",
    params(
        ("limit" = Option<u32>, Query, description = "At most so many, from 1 to 300, 100 by default"),
        ("offset" = Option<u32>, Query, description = "Leaves out so many at the start")
    ),
    responses(
        (status = 200, body = HoldList),
        (status = "4XX", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(super) async fn list_holds(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(mut fields): Input,
) -> Result<Json<HoldList>, WireError> {
    let holds = app.service.holds().list(&actor, page_of(&mut fields)?).await?;
    Ok(Json(HoldList { holds: holds.into_iter().map(Into::into).collect() }))
}

/// Releases a legal hold.
#[utoipa::path(
    delete, path = "/api/holds/{id}", tag = "retention",
    params(
        ("id" = String, Path, description = "The hold"),
        ("reason" = String, Query, description = "Why, 3 to 500 characters; it is sealed")
    ),
    responses(
        (status = 204, description = "It is released"),
        (status = "4XX", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(super) async fn release_hold(
    State(app): State<App>,
    Path(id): Path<String>,
    Caller(actor): Caller,
    Input(mut fields): Input,
) -> Result<StatusCode, WireError> {
    let hold = id.parse().map_err(|_| WireError::field("id", "must be an id"))?;
    let reason = fields.required_text("reason")?;
    app.service.holds().release(&actor, hold, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
