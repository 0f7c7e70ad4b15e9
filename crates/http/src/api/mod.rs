//! `/api`: the native API, REST with problem details.

mod templates;

use chancery_service::permission::Permission;
use utoipa_axum::routes;

use crate::routes::{Access, Routes};

/// Declares the routes of `/api`.
pub(crate) fn declare(routes: Routes) -> Routes {
    routes
        .route(Access::Key(Permission::TemplatesWrite), routes!(templates::create_template))
        .route(Access::Key(Permission::TemplatesRead), routes!(templates::list))
        .route(Access::Key(Permission::TemplatesRead), routes!(templates::get_one))
}
