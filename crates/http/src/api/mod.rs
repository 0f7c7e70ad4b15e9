//! `/api`: the native API, REST with problem details.

mod keeping;
mod links;
mod retention;
mod templates;
mod workspace;

use chancery_service::page::Page;
use chancery_service::permission::Permission;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::error::WireError;
use crate::routes::{Access, Routes};
use crate::wire::fields::Fields;

/// Declares the routes of `/api`.
pub(crate) fn declare(routes: Routes) -> Routes {
    routes
        .route(Access::Key(Permission::TemplatesWrite), routes!(templates::create_template))
        .route(Access::Key(Permission::TemplatesRead), routes!(templates::list))
        .route(Access::Key(Permission::TemplatesRead), routes!(templates::get_one))
        .route(Access::Key(Permission::RetentionRead), routes!(retention::list_policies))
        .route(Access::Key(Permission::RetentionRead), routes!(retention::preview))
        .route(Access::Key(Permission::RetentionWrite), routes!(retention::set_policy))
        .route(Access::Key(Permission::RetentionRead), routes!(retention::list_holds))
        .route(Access::Key(Permission::RetentionWrite), routes!(retention::place_hold))
        .route(Access::Key(Permission::RetentionWrite), routes!(retention::release_hold))
        .route(Access::Key(Permission::RetentionRead), routes!(keeping::list_receipts))
        .route(Access::Key(Permission::RetentionRead), routes!(keeping::read_receipt))
        .route(Access::Key(Permission::DocumentsDelete), routes!(keeping::delete_document))
        .route(Access::Key(Permission::RequestsRead), routes!(keeping::read_request))
        .route(Access::Key(Permission::PseudonymsResolve), routes!(keeping::resolve_pseudonym))
        .route(Access::Key(Permission::LinksCreate), routes!(links::create_link))
        .route(Access::Key(Permission::LinksRead), routes!(links::list_links))
        .route(Access::Key(Permission::LinksRevoke), routes!(links::revoke_of_document))
        .route(Access::Key(Permission::LinksRevoke), routes!(links::revoke_of_template))
        .route(Access::Key(Permission::LinksRevoke), routes!(links::revoke_one))
        .route(Access::Key(Permission::LinksRevoke), routes!(links::revoke_of_workspace))
        .route(Access::Key(Permission::AccountRead), routes!(workspace::get_class))
        .route(Access::Key(Permission::WorkspaceClassify), routes!(workspace::set_class))
}

/// Entries of one list when the caller does not say how many.
const LIMIT_DEFAULT: i64 = 100;
/// Entries of one list at most.
const LIMIT_MAX: i64 = 300;

/// Which part of a list is wanted.
fn page_of(fields: &mut Fields) -> Result<Page, WireError> {
    let limit = fields.integer("limit")?.unwrap_or(LIMIT_DEFAULT);
    let offset = fields.integer("offset")?.unwrap_or(0);
    let (Ok(limit), 1..=LIMIT_MAX) = (u32::try_from(limit), limit) else {
        return Err(WireError::field("limit", "must be a number from 1 to 300"));
    };
    let offset = u32::try_from(offset).map_err(|_| WireError::field("offset", "must be a number from 0 upwards"))?;
    Ok(Page { limit, offset })
}

/// Reads an id.
fn id_of(field: &'static str, text: &str) -> Result<Uuid, WireError> {
    text.parse().map_err(|_| WireError::field(field, "must be an id"))
}
