//! `POST /v1/create-image`: the first page as a picture, as its bytes or as a signed link.

use axum::extract::State;
use axum::response::Response;
use chancery_service::documents::Format;

use super::create::Create;
use crate::app::App;
use crate::error::WireError;
use crate::routes::Caller;
use crate::wire::body::Input;
use crate::wire::fields::Fields;

/// Which picture, from `output_type`.
fn format_of(fields: &mut Fields) -> Result<(Format, &'static str), WireError> {
    match fields.text("output_type")?.map(|text| text.to_ascii_lowercase()).as_deref() {
        None | Some("jpeg" | "jpg") => Ok((Format::Jpeg, "output.jpg")),
        Some("png") => Ok((Format::Png, "output.png")),
        Some(_) => Err(WireError::field("output_type", "must be `jpeg` or `png`")),
    }
}

/// Creates a picture of the first page.
///
/// Takes what `/v1/create` takes, and `output_type`: `jpeg` (default) or `png`.
#[utoipa::path(
    post, path = "/v1/create-image", tag = "v1", request_body = super::create::Create,
    responses(
        (status = 200, description = "A signed link, or with `export_type` `file` the picture itself", body = super::create::Created),
        (status = "4XX", description = "The request is wrong", body = crate::error::ContractError),
        (status = "5XX", description = "Not now", body = crate::error::ContractError)
    )
)]
pub(super) async fn create_image(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(mut fields): Input,
) -> Result<Response, WireError> {
    let (format, default_name) = format_of(&mut fields)?;
    Create::read(&mut fields)?.answer(&app, &actor, format, default_name).await
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;

    use super::*;

    #[test]
    fn jpeg_is_the_default_and_other_pictures_are_refused() {
        let format = |body| format_of(&mut Fields::from_json(body).unwrap());
        assert_eq!(format(json!({})).unwrap(), (Format::Jpeg, "output.jpg"));
        assert_eq!(format(json!({"output_type": "PNG"})).unwrap(), (Format::Png, "output.png"));
        assert_eq!(
            format(json!({"output_type": "gif"})).unwrap_err().to_string(),
            "`output_type` must be `jpeg` or `png`"
        );
    }
}
