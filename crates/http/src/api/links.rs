//! Links with conditions in `/api`: made, listed, revoked.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chancery_service::links::{CreatedLink, DocumentId, LinkId, LinkSummary};
use chancery_service::page::Page;
use chancery_service::templates::{TemplateKey, ToRead};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::error::WireError;
use crate::routes::Caller;
use crate::wire::body::{Input, Object};
use crate::wire::{link_wish, time};

/// Entries of one list when the caller does not say how many.
const LIMIT_DEFAULT: i64 = 100;
/// Entries of one list at most.
const LIMIT_MAX: i64 = 300;

/// A link that was made.
#[derive(Serialize, ToSchema)]
pub(super) struct LinkCreated {
    id: String,
    /// The link. It is shown this once.
    url: String,
    /// The passcode, when the link asks for one. It is shown this once; send it another way than the link.
    #[serde(skip_serializing_if = "Option::is_none")]
    passcode: Option<String>,
    /// When the link ends: as asked, or when the document does.
    expires_at: String,
    /// The class of the document.
    class: &'static str,
}

/// A link without its text.
#[derive(Serialize, ToSchema)]
pub(super) struct LinkEntry {
    id: String,
    /// `active`, `expired`, `used_up`, `revoked` or `locked`.
    state: &'static str,
    uses: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    uses_max: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    networks: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient: Option<RecipientEntry>,
    /// Whether it asks for a passcode.
    passcode: bool,
    created_at: String,
    expires_at: String,
}

/// For whom a link is.
#[derive(Serialize, ToSchema)]
struct RecipientEntry {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    mail: Option<String>,
}

/// The links of a document.
#[derive(Serialize, ToSchema)]
pub(super) struct LinkList {
    /// The links that are kept, the latest first. A link without conditions is not kept.
    links: Vec<LinkEntry>,
}

impl LinkCreated {
    fn new(app: &App, made: CreatedLink) -> Self {
        Self {
            id: made.id.to_string(),
            url: app.link(&made.token),
            passcode: made.passcode.map(|passcode| passcode.shown().to_string()),
            expires_at: time::format(made.expires_at.signed_millis()),
            class: made.class.name(),
        }
    }
}

impl From<LinkSummary> for LinkEntry {
    fn from(summary: LinkSummary) -> Self {
        Self {
            id: summary.id.to_string(),
            state: summary.state.name(),
            uses: summary.uses,
            uses_max: summary.uses_max,
            networks: summary.networks.iter().map(ToString::to_string).collect(),
            recipient: summary.recipient.map(|recipient| RecipientEntry {
                name: recipient.name().to_owned(),
                mail: recipient.mail().map(str::to_owned),
            }),
            passcode: summary.has_passcode,
            created_at: time::format(summary.created_at.signed_millis()),
            expires_at: time::format(summary.expires_at.signed_millis()),
        }
    }
}

fn document(id: &str) -> Result<DocumentId, WireError> {
    id.parse().map_err(|_| WireError::field("id", "must be the `transaction_ref` of a stored document"))
}

/// Makes a link to a stored document, with conditions.
#[utoipa::path(
    post, path = "/api/documents/{id}/links", tag = "links", request_body = link_wish::LinkConditions,
    params(("id" = String, Path, description = "The document: the `transaction_ref` of its creation")),
    responses(
        (status = 201, body = LinkCreated),
        (status = "4XX", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(super) async fn create_link(
    State(app): State<App>,
    Path(id): Path<String>,
    Caller(actor): Caller,
    Object(conditions): Object,
) -> Result<Response, WireError> {
    let made = app.service.links().create(&actor, document(&id)?, link_wish::read(conditions)?).await?;
    Ok((StatusCode::CREATED, Json(LinkCreated::new(&app, made))).into_response())
}

/// Lists the links of a document.
#[utoipa::path(
    get, path = "/api/documents/{id}/links", tag = "links",
    params(
        ("id" = String, Path, description = "The document: the `transaction_ref` of its creation"),
        ("limit" = Option<u32>, Query, description = "At most so many, from 1 to 300, 100 by default"),
        ("offset" = Option<u32>, Query, description = "Leaves out so many at the start")
    ),
    responses(
        (status = 200, body = LinkList),
        (status = "4XX", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(super) async fn list_links(
    State(app): State<App>,
    Path(id): Path<String>,
    Caller(actor): Caller,
    Input(mut fields): Input,
) -> Result<Json<LinkList>, WireError> {
    let limit = fields.integer("limit")?.unwrap_or(LIMIT_DEFAULT);
    let offset = fields.integer("offset")?.unwrap_or(0);
    let (Ok(limit), 1..=LIMIT_MAX) = (u32::try_from(limit), limit) else {
        return Err(WireError::field("limit", "must be a number from 1 to 300"));
    };
    let offset = u32::try_from(offset).map_err(|_| WireError::field("offset", "must be a number from 0 upwards"))?;
    let links = app.service.links().list(&actor, document(&id)?, Page { limit, offset }).await?;
    Ok(Json(LinkList { links: links.into_iter().map(Into::into).collect() }))
}

/// Revokes all links of a document, those without conditions too. New ones can be made.
#[utoipa::path(
    delete, path = "/api/documents/{id}/links", tag = "links",
    params(("id" = String, Path, description = "The document: the `transaction_ref` of its creation")),
    responses(
        (status = 204, description = "They are revoked"),
        (status = "4XX", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(super) async fn revoke_of_document(
    State(app): State<App>,
    Path(id): Path<String>,
    Caller(actor): Caller,
) -> Result<StatusCode, WireError> {
    app.service.links().revoke_of_document(&actor, document(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Revokes all links to documents of a template.
#[utoipa::path(
    delete, path = "/api/templates/{id}/links", tag = "links",
    params(("id" = String, Path, description = "The template")),
    responses(
        (status = 204, description = "They are revoked"),
        (status = "4XX", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(super) async fn revoke_of_template(
    State(app): State<App>,
    Path(id): Path<String>,
    Caller(actor): Caller,
) -> Result<StatusCode, WireError> {
    let template = app.service.templates().open::<ToRead>(&actor, &TemplateKey::parse(&id)?).await?;
    app.service.links().revoke_of_template(&template).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Revokes one link.
#[utoipa::path(
    delete, path = "/api/links/{id}", tag = "links",
    params(("id" = String, Path, description = "The link's id, not its text")),
    responses(
        (status = 204, description = "It is revoked"),
        (status = "4XX", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(super) async fn revoke_one(
    State(app): State<App>,
    Path(id): Path<String>,
    Caller(actor): Caller,
) -> Result<StatusCode, WireError> {
    let id: LinkId = id.parse().map_err(|_| WireError::field("id", "must be the id of a link"))?;
    app.service.links().revoke(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Revokes all links of the workspace.
#[utoipa::path(
    delete, path = "/api/links", tag = "links",
    params(("all" = bool, Query, description = "`true`, so that nobody does it by leaving out an id")),
    responses(
        (status = 204, description = "They are revoked"),
        (status = "4XX", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(super) async fn revoke_of_workspace(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(mut fields): Input,
) -> Result<StatusCode, WireError> {
    if fields.boolean("all")? != Some(true) {
        return Err(WireError::field("all", "must be true: every link of the workspace is revoked"));
    }
    app.service.links().revoke_of_workspace(&actor).await?;
    Ok(StatusCode::NO_CONTENT)
}
