//! `/v1`: the compatible API. Facts and choices are in `docs/API.md`.

mod account;
mod create;
mod create_image;
mod templates;
mod transactions;
mod unsupported;

use chancery_service::permission::Permission;
use utoipa_axum::routes;

use crate::routes::{Access, Routes};

/// Declares the routes of `/v1`.
pub(crate) fn declare(routes: Routes) -> Routes {
    routes
        .route(Access::Key(Permission::DocumentsCreate), routes!(create::create))
        .route(Access::Key(Permission::DocumentsCreate), routes!(create_image::create_image))
        .route(Access::Key(Permission::TemplatesRead), routes!(templates::list_templates))
        .route(Access::Key(Permission::TemplatesRead), routes!(templates::list_template_versions))
        .route(Access::Key(Permission::TemplatesRead), routes!(templates::get_template))
        .route(Access::Key(Permission::TemplatesWrite), routes!(templates::update_template))
        .route(Access::Key(Permission::TemplatesWrite), routes!(templates::new_template_from))
        .route(Access::Key(Permission::TemplatesDelete), routes!(templates::delete_template))
        .route(Access::Key(Permission::AccountRead), routes!(account::get_account_info))
        .route(Access::Key(Permission::TransactionsRead), routes!(transactions::list_transactions))
}

/// The value of `status` in every successful answer.
pub(crate) const SUCCESS: &str = "success";
