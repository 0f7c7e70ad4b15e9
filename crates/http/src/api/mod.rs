//! `/api`: the native API, REST with problem details.

mod links;
mod templates;
mod workspace;

use chancery_service::permission::Permission;
use utoipa_axum::routes;

use crate::routes::{Access, Routes};

/// Declares the routes of `/api`.
pub(crate) fn declare(routes: Routes) -> Routes {
    routes
        .route(Access::Key(Permission::TemplatesWrite), routes!(templates::create_template))
        .route(Access::Key(Permission::TemplatesRead), routes!(templates::list))
        .route(Access::Key(Permission::TemplatesRead), routes!(templates::get_one))
        .route(Access::Key(Permission::LinksCreate), routes!(links::create_link))
        .route(Access::Key(Permission::LinksRead), routes!(links::list_links))
        .route(Access::Key(Permission::LinksRevoke), routes!(links::revoke_of_document))
        .route(Access::Key(Permission::LinksRevoke), routes!(links::revoke_of_template))
        .route(Access::Key(Permission::LinksRevoke), routes!(links::revoke_one))
        .route(Access::Key(Permission::LinksRevoke), routes!(links::revoke_of_workspace))
        .route(Access::Key(Permission::AccountRead), routes!(workspace::get_class))
        .route(Access::Key(Permission::WorkspaceClassify), routes!(workspace::set_class))
}
