//! The templates of `/v1`: list, read, change, copy, delete.

use axum::Json;
use axum::extract::State;
use chancery_service::page::Page;
use chancery_service::templates::{
    Strictness, TemplateChange, TemplateCopy, TemplateKey, TemplateSummary, ToDelete, ToRead, ToWrite,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::SUCCESS;
use super::create::version_of;
use crate::app::App;
use crate::error::WireError;
use crate::routes::Caller;
use crate::wire::body::Input;
use crate::wire::fields::Fields;
use crate::wire::time;

/// Entries of one list when the caller does not say how many, and at most.
const LIMIT_DEFAULT: u32 = 300;

/// Reads `limit` and `offset`.
pub(super) fn page_of(fields: &mut Fields) -> Result<Page, WireError> {
    let mut read = |name, default: u32| match fields.integer(name)? {
        None => Ok(default),
        Some(number) => u32::try_from(number).map_err(|_| WireError::field(name, "must be a number from 0 upwards")),
    };
    let limit = read("limit", LIMIT_DEFAULT)?.clamp(1, LIMIT_DEFAULT);
    Ok(Page { limit, offset: read("offset", 0)? })
}

fn template_key_of(fields: &mut Fields) -> Result<TemplateKey, WireError> {
    Ok(TemplateKey::parse(&fields.required_text("template_id")?)?)
}

/// A list of templates.
#[derive(Serialize, ToSchema)]
pub(super) struct TemplateList {
    /// Always `success`.
    status: &'static str,
    /// The templates, the most recently changed first.
    templates: Vec<TemplateEntry>,
}

/// One template of a list.
#[derive(Serialize, ToSchema)]
struct TemplateEntry {
    template_id: String,
    name: String,
    /// `active`.
    status: String,
    group_name: String,
    created_at: String,
    updated_at: String,
}

impl From<TemplateSummary> for TemplateEntry {
    fn from(summary: TemplateSummary) -> Self {
        Self {
            template_id: summary.key.to_string(),
            name: summary.name,
            status: summary.status,
            group_name: summary.group_name,
            created_at: time::format(summary.created_at.signed_millis()),
            updated_at: time::format(summary.updated_at.signed_millis()),
        }
    }
}

/// Lists templates.
#[utoipa::path(
    get, path = "/v1/list-templates", tag = "v1",
    params(
        ("limit" = Option<u32>, Query, description = "At most so many, 300 by default and at most"),
        ("offset" = Option<u32>, Query, description = "Leaves out so many at the start"),
        ("group_name" = Option<String>, Query, description = "Only templates of this group")
    ),
    responses((status = 200, body = TemplateList), (status = "4XX", body = crate::error::ContractError))
)]
pub(super) async fn list_templates(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(mut fields): Input,
) -> Result<Json<TemplateList>, WireError> {
    let page = page_of(&mut fields)?;
    let group_name = fields.text("group_name")?;
    let templates = app.service.templates().list(&actor, group_name.as_deref(), page).await?;
    Ok(Json(TemplateList { status: SUCCESS, templates: templates.into_iter().map(Into::into).collect() }))
}

/// The versions of a template.
#[derive(Serialize, ToSchema)]
pub(super) struct VersionList {
    /// Always `success`.
    status: &'static str,
    /// The template.
    reference_id: String,
    /// The versions, the latest first.
    versions: Vec<VersionEntry>,
}

/// One version of a template.
#[derive(Serialize, ToSchema)]
struct VersionEntry {
    version: u32,
    description: String,
    created_at: String,
}

/// Lists the versions of a template.
#[utoipa::path(
    get, path = "/v1/list-template-versions", tag = "v1",
    params(
        ("template_id" = String, Query, description = "The template"),
        ("limit" = Option<u32>, Query, description = "At most so many, 300 by default and at most"),
        ("offset" = Option<u32>, Query, description = "Leaves out so many at the start")
    ),
    responses((status = 200, body = VersionList), (status = "4XX", body = crate::error::ContractError))
)]
pub(super) async fn list_template_versions(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(mut fields): Input,
) -> Result<Json<VersionList>, WireError> {
    let key = template_key_of(&mut fields)?;
    let page = page_of(&mut fields)?;
    let template = app.service.templates().open::<ToRead>(&actor, &key).await?;
    let versions = app.service.templates().versions(&template, page).await?;
    let versions = versions
        .into_iter()
        .map(|version| VersionEntry {
            version: version.number,
            description: version.description,
            created_at: time::format(version.created_at.signed_millis()),
        })
        .collect();
    Ok(Json(VersionList { status: SUCCESS, reference_id: key.to_string(), versions }))
}

/// A template with its definition.
#[derive(Serialize, ToSchema)]
pub(super) struct TemplateContent {
    /// Always `success`.
    status: &'static str,
    template_id: String,
    name: String,
    version: u32,
    /// Sample data: JSON as a string.
    json: String,
    /// The definition: JSON as a string.
    body: String,
}

/// Reads a template.
#[utoipa::path(
    get, path = "/v1/get-template", tag = "v1",
    params(
        ("template_id" = String, Query, description = "The template"),
        ("version" = Option<u32>, Query, description = "Its version; absent or 0 is the latest")
    ),
    responses((status = 200, body = TemplateContent), (status = "4XX", body = crate::error::ContractError))
)]
pub(super) async fn get_template(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(mut fields): Input,
) -> Result<Json<TemplateContent>, WireError> {
    let key = template_key_of(&mut fields)?;
    let version = version_of(&mut fields)?;
    let template = app.service.templates().open::<ToRead>(&actor, &key).await?;
    let content = app.service.templates().content(&template, version).await?;
    Ok(Json(TemplateContent {
        status: SUCCESS,
        template_id: key.to_string(),
        name: content.name,
        version: content.version,
        json: content.sample,
        body: content.body,
    }))
}

/// An answer without content.
#[derive(Serialize, ToSchema)]
pub(super) struct Done {
    /// Always `success`.
    status: &'static str,
}

/// What changes in a template; what is absent stays as it is.
#[derive(ToSchema)]
pub(super) struct UpdateTemplate {
    template_id: String,
    /// A new name.
    name: Option<String>,
    /// New sample data: a JSON object, or a string that holds one.
    json: Option<String>,
    /// A new definition: a JSON object, or a string that holds one.
    body: Option<String>,
}

impl UpdateTemplate {
    fn read(fields: &mut Fields) -> Result<Self, WireError> {
        let update = Self {
            template_id: fields.required_text("template_id")?,
            name: fields.text("name")?,
            json: fields.json_text("json")?,
            body: fields.json_text("body")?,
        };
        if update.name.is_none() && update.json.is_none() && update.body.is_none() {
            return Err(WireError::field("body", "is required, or else `name` or `json`"));
        }
        Ok(update)
    }
}

/// Changes a template. A new definition or new sample data make a new version.
#[utoipa::path(
    post, path = "/v1/update-template", tag = "v1", request_body = UpdateTemplate,
    responses((status = 200, body = Done), (status = "4XX", body = crate::error::ContractError))
)]
pub(super) async fn update_template(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(mut fields): Input,
) -> Result<Json<Done>, WireError> {
    let UpdateTemplate { template_id, name, json, body } = UpdateTemplate::read(&mut fields)?;
    let key = TemplateKey::parse(&template_id)?;
    let template = app.service.templates().open::<ToWrite>(&actor, &key).await?;
    let change =
        TemplateChange { name, body, sample: json, description: String::new(), strictness: Strictness::Lenient };
    app.service.templates().update(&template, change).await?;
    Ok(Json(Done { status: SUCCESS }))
}

/// What to copy.
#[derive(ToSchema)]
pub(super) struct NewTemplateFrom {
    template_id: String,
    /// Name of the copy; by default that of the template with ` (copy)` behind it.
    name: Option<String>,
    /// The version to copy; absent or 0 is the latest.
    #[schema(value_type = Option<u32>)]
    version: chancery_service::templates::VersionChoice,
    /// Group of the copy; by default that of the template.
    group_name: Option<String>,
}

/// A copied template.
#[derive(Serialize, ToSchema)]
pub(super) struct Copied {
    /// Always `success`.
    status: &'static str,
    /// The new template.
    template_id: String,
    /// The template that was copied.
    from_template_id: String,
}

/// Copies a template.
#[utoipa::path(
    post, path = "/v1/new-template-from", tag = "v1", request_body = NewTemplateFrom,
    responses((status = 200, body = Copied), (status = "4XX", body = crate::error::ContractError))
)]
pub(super) async fn new_template_from(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(mut fields): Input,
) -> Result<Json<Copied>, WireError> {
    let NewTemplateFrom { template_id, name, version, group_name } = NewTemplateFrom {
        template_id: fields.required_text("template_id")?,
        name: fields.text("name")?,
        version: version_of(&mut fields)?,
        group_name: fields.text("group_name")?,
    };
    let from = TemplateKey::parse(&template_id)?;
    let template = app.service.templates().open::<ToWrite>(&actor, &from).await?;
    let copy = app.service.templates().copy(&template, TemplateCopy { version, name, group_name }).await?;
    Ok(Json(Copied { status: SUCCESS, template_id: copy.to_string(), from_template_id: from.to_string() }))
}

/// Deletes a template with all its versions.
#[utoipa::path(
    get, path = "/v1/delete-template", tag = "v1",
    params(("template_id" = String, Query, description = "The template")),
    responses((status = 200, body = Done), (status = "4XX", body = crate::error::ContractError))
)]
pub(super) async fn delete_template(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(mut fields): Input,
) -> Result<Json<Done>, WireError> {
    let key = template_key_of(&mut fields)?;
    let template = app.service.templates().open::<ToDelete>(&actor, &key).await?;
    app.service.templates().delete(template).await?;
    Ok(Json(Done { status: SUCCESS }))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;

    use super::*;

    #[test]
    fn a_page_has_the_contracts_defaults_and_bounds() {
        let page = |body| page_of(&mut Fields::from_json(body).unwrap());
        assert_eq!(page(json!({})).unwrap(), Page { limit: 300, offset: 0 });
        assert_eq!(page(json!({"limit": "10", "offset": 20})).unwrap(), Page { limit: 10, offset: 20 });
        assert_eq!(page(json!({"limit": 100_000})).unwrap().limit, 300);
        assert_eq!(page(json!({"limit": -1})).unwrap_err().to_string(), "`limit` must be a number from 0 upwards");
    }

    #[test]
    fn an_update_without_any_change_is_refused() {
        let error = UpdateTemplate::read(&mut Fields::from_json(json!({"template_id": "t"})).unwrap()).err().unwrap();
        assert_eq!(error.to_string(), "`body` is required, or else `name` or `json`");
    }
}
