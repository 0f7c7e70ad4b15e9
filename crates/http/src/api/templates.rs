//! Templates in `/api`: create, list, read.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chancery_service::templates::{NewTemplate, TemplateKey, TemplateSummary, ToRead, VersionChoice};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::page_of;
use crate::app::App;
use crate::error::WireError;
use crate::routes::Caller;
use crate::wire::body::{Input, JsonText};
use crate::wire::time;

/// A template without its definition.
#[derive(Serialize, ToSchema)]
pub(super) struct TemplateEntry {
    /// 16 lower-case hexadecimal characters.
    id: String,
    name: String,
    group_name: String,
    status: String,
    /// The latest version.
    version: u32,
    created_at: String,
    updated_at: String,
}

impl From<TemplateSummary> for TemplateEntry {
    fn from(summary: TemplateSummary) -> Self {
        Self {
            id: summary.key.to_string(),
            name: summary.name,
            group_name: summary.group_name,
            status: summary.status,
            version: summary.version,
            created_at: time::format(summary.created_at.signed_millis()),
            updated_at: time::format(summary.updated_at.signed_millis()),
        }
    }
}

/// A list of templates.
#[derive(Serialize, ToSchema)]
pub(super) struct TemplateList {
    /// The templates, the most recently changed first.
    templates: Vec<TemplateEntry>,
}

/// A template with its definition.
#[derive(Serialize, ToSchema)]
pub(super) struct TemplateContent {
    /// 16 lower-case hexadecimal characters.
    id: String,
    name: String,
    version: u32,
    /// The definition.
    #[schema(value_type = Object)]
    body: Box<RawValue>,
    /// Sample data.
    #[schema(value_type = Object)]
    sample: Box<RawValue>,
}

/// A created template.
#[derive(Serialize, ToSchema)]
pub(super) struct TemplateCreated {
    /// 16 lower-case hexadecimal characters.
    id: String,
    name: String,
    version: u32,
    /// What is probably not as it was meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
}

/// Creates a template. The body is the template itself, JSON of format 1; unknown properties are errors.
#[utoipa::path(
    post, path = "/api/templates", tag = "templates", request_body = Object,
    params(
        ("name" = Option<String>, Query, description = "Name; by default the one that the template gives"),
        ("group_name" = Option<String>, Query, description = "Group; none by default")
    ),
    responses(
        (status = 201, body = TemplateCreated),
        (status = "4XX", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(super) async fn create_template(
    State(app): State<App>,
    Caller(actor): Caller,
    JsonText { text, mut query }: JsonText,
) -> Result<Response, WireError> {
    let new = NewTemplate {
        name: query.text("name")?,
        group_name: query.text("group_name")?.unwrap_or_default(),
        body: text,
        sample: None,
    };
    let created = app.service.templates().create(&actor, new).await?;
    let location = format!("/api/templates/{}", created.key);
    let answer = TemplateCreated {
        id: created.key.to_string(),
        name: created.name,
        version: 1,
        warnings: created.warnings.iter().map(ToString::to_string).collect(),
    };
    Ok((StatusCode::CREATED, [(axum::http::header::LOCATION, location)], Json(answer)).into_response())
}

/// Lists templates.
#[utoipa::path(
    get, path = "/api/templates", tag = "templates",
    params(
        ("limit" = Option<u32>, Query, description = "At most so many, from 1 to 300, 100 by default"),
        ("offset" = Option<u32>, Query, description = "Leaves out so many at the start"),
        ("group_name" = Option<String>, Query, description = "Only templates of this group")
    ),
    responses(
        (status = 200, body = TemplateList),
        (status = "4XX", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(super) async fn list(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(mut fields): Input,
) -> Result<Json<TemplateList>, WireError> {
    let page = page_of(&mut fields)?;
    let group_name = fields.text("group_name")?;
    let templates = app.service.templates().list(&actor, group_name.as_deref(), page).await?;
    Ok(Json(TemplateList { templates: templates.into_iter().map(Into::into).collect() }))
}

/// Reads a template.
#[utoipa::path(
    get, path = "/api/templates/{id}", tag = "templates",
    params(
        ("id" = String, Path, description = "The template"),
        ("version" = Option<u32>, Query, description = "Its version; absent or 0 is the latest")
    ),
    responses(
        (status = 200, body = TemplateContent),
        (status = "4XX", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(super) async fn get_one(
    State(app): State<App>,
    Path(id): Path<String>,
    Caller(actor): Caller,
    Input(mut fields): Input,
) -> Result<Json<TemplateContent>, WireError> {
    let key = TemplateKey::parse(&id)?;
    let version = match fields.integer("version")? {
        None | Some(0) => VersionChoice::Latest,
        Some(number) => VersionChoice::Number(
            u32::try_from(number).map_err(|_| WireError::field("version", "must be a version's number"))?,
        ),
    };
    let template = app.service.templates().open::<ToRead>(&actor, &key).await?;
    let content = app.service.templates().content(&template, version).await?;
    Ok(Json(TemplateContent {
        id: key.to_string(),
        name: content.name,
        version: content.version,
        body: raw(content.body)?,
        sample: raw(content.sample)?,
    }))
}

/// Passes stored JSON on as it is; it was checked before it was stored.
fn raw(text: String) -> Result<Box<RawValue>, WireError> {
    RawValue::from_string(text)
        .map_err(|error| chancery_service::error::ServiceError::internal("reading a stored template", error).into())
}
