//! `POST /v1/create`: one PDF, as its bytes or as a signed link.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chancery_service::access::Actor;
use chancery_service::documents::{FileName, Format, MadeFile, RenderRequest, StoreRequest, StoredDocument};
use chancery_service::links::LinkWish;
use chancery_service::templates::{AuthorisedTemplate, TemplateKey, ToRender, VersionChoice};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{SUCCESS, unsupported};
use crate::app::App;
use crate::disposition;
use crate::error::WireError;
use crate::routes::Caller;
use crate::wire::body::Input;
use crate::wire::fields::{Fields, kind_of};
use crate::wire::link_wish::{self, LinkConditions};
use crate::wire::time;

/// What `create` and `create-image` have in common.
#[derive(ToSchema)]
#[schema(as = CreateRequest)]
pub(super) struct Create {
    /// 16 lower-case hexadecimal characters.
    #[schema(example = "0123456789abcdef")]
    pub(super) template_id: String,
    /// The data: a JSON object, or a string that holds one.
    #[schema(value_type = Object)]
    pub(super) data: Value,
    /// Version of the template, as a number or a string; absent or `0` is the latest.
    #[schema(value_type = Option<u32>)]
    pub(super) version: VersionChoice,
    /// `json` (default) stores the file and answers with a signed link; `file` answers with the bytes and stores nothing.
    #[schema(value_type = Option<String>, example = "json")]
    pub(super) export: Export,
    /// Minutes for which the link works, 5 by default; values outside of 1 to 10080 are moved to the nearest.
    pub(super) expiration: Option<i64>,
    /// Name of the file; `output.pdf` by default.
    pub(super) output_file: Option<String>,
    /// Whether a browser that opens the link saves the file instead of showing it.
    pub(super) direct_download: bool,
    /// Conditions of the link (our own; its lifetime is `expiration`); without them, whoever has the link has the file.
    #[schema(value_type = Option<LinkConditions>)]
    pub(super) link: Option<LinkWish>,
}

/// What becomes of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Export {
    /// Stored; the answer has a signed link.
    Json,
    /// Not stored; the answer is the file.
    File,
}

/// A stored file.
#[derive(Serialize, ToSchema)]
pub(super) struct Created {
    /// Always `success`.
    #[schema(example = "success")]
    status: &'static str,
    /// Signed link to the file.
    file: String,
    /// The passcode, when the link asks for one. It is shown this once; send it another way than the link.
    #[serde(skip_serializing_if = "Option::is_none")]
    passcode: Option<String>,
    /// The class of the document: how it is handled.
    class: &'static str,
    /// Names this render in the list of transactions.
    transaction_ref: String,
    /// The template.
    template_id: String,
    /// Pages of the document.
    total_pages: u32,
    /// Bytes of the file.
    file_size: u64,
    /// When the link stops working.
    expires_at: String,
    /// What is probably not as it was meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
}

impl Create {
    pub(super) fn read(fields: &mut Fields) -> Result<Self, WireError> {
        unsupported::refuse(fields)?;
        let template_id = fields.required_text("template_id")?;
        let data = data_of(fields)?;
        let version = version_of(fields)?;
        let export = match fields.text("export_type")?.as_deref() {
            None | Some("json") => Export::Json,
            Some("file") => Export::File,
            Some(_) => return Err(WireError::field("export_type", "must be `json` or `file`")),
        };
        if export == Export::Json && fields.boolean("cloud_storage")? == Some(false) {
            return Err(WireError::unsupported(
                "cloud_storage",
                " with the value 0 and `export_type` `json`: the file would be nowhere",
            ));
        }
        Ok(Self {
            template_id,
            data,
            version,
            export,
            expiration: fields.integer("expiration")?,
            output_file: fields.text("output_file")?,
            direct_download: fields.boolean("direct_download")?.unwrap_or(false),
            link: fields.json("link").map(link_wish::read).transpose()?,
        })
    }

    /// Finds the template, renders, and answers in the way that was asked for.
    pub(super) async fn answer(
        self,
        app: &App,
        actor: &Arc<Actor>,
        format: Format,
        default_name: &str,
    ) -> Result<Response, WireError> {
        let template_key = TemplateKey::parse(&self.template_id)?;
        let template = app.service.templates().open::<ToRender>(actor, &template_key).await?;
        let file_name = FileName::new(self.output_file.as_deref().unwrap_or(default_name), default_name);
        let request = RenderRequest { data: self.data, format, version: self.version, now: None, strict: false };
        match self.export {
            Export::File => {
                let made = app.service.documents().make(&template, request).await?;
                Ok(file(made, &file_name))
            }
            Export::Json => {
                let store = StoreRequest {
                    file_name,
                    lifetime_minutes: self.expiration,
                    download: self.direct_download,
                    link: self.link,
                };
                let stored = app.service.documents().create(&template, request, store).await?;
                Ok(Json(created(app, &template, stored)).into_response())
            }
        }
    }
}

fn created(app: &App, template: &AuthorisedTemplate<ToRender>, stored: StoredDocument) -> Created {
    Created {
        status: SUCCESS,
        file: app.link(&stored.link),
        passcode: stored.passcode.map(|passcode| passcode.shown().to_string()),
        class: stored.class.name(),
        transaction_ref: stored.reference.to_string(),
        template_id: template.key().to_string(),
        total_pages: stored.page_count,
        file_size: stored.size_bytes,
        expires_at: time::format(stored.expires_at.signed_millis()),
        warnings: stored.warnings.iter().map(ToString::to_string).collect(),
    }
}

const TRANSACTION_REF: HeaderName = HeaderName::from_static("x-transaction-ref");
const TOTAL_PAGES: HeaderName = HeaderName::from_static("x-total-pages");

fn file(made: MadeFile, file_name: &FileName) -> Response {
    let mut response = Response::new(Body::from(made.bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(made.media_type));
    headers.insert(header::CONTENT_DISPOSITION, disposition::attachment(file_name.as_str()));
    headers.insert(TOTAL_PAGES, HeaderValue::from(made.page_count));
    if let Ok(reference) = HeaderValue::try_from(made.reference.to_string()) {
        headers.insert(TRANSACTION_REF, reference);
    }
    response
}

fn data_of(fields: &mut Fields) -> Result<Value, WireError> {
    let data = match fields.json("data") {
        None => return Err(WireError::field("data", "is required")),
        Some(Value::String(text)) => serde_json::from_str(&text)
            .map_err(|error| WireError::field("data", format!("is a string that holds no valid JSON: {error}")))?,
        Some(data) => data,
    };
    match data {
        Value::Object(_) => Ok(data),
        // Empty lists are what some languages send for an empty object.
        Value::Array(items) if items.is_empty() => Ok(Value::Object(Map::new())),
        other => Err(WireError::field("data", format!("must be a JSON object, not {}", kind_of(&other)))),
    }
}

/// Reads `version`: absent, empty or 0 is the latest.
pub(super) fn version_of(fields: &mut Fields) -> Result<VersionChoice, WireError> {
    match fields.integer("version")? {
        None | Some(0) => Ok(VersionChoice::Latest),
        Some(number) => match u32::try_from(number) {
            Ok(number) => Ok(VersionChoice::Number(number)),
            Err(_) => Err(WireError::field("version", "must be a version's number, or 0 for the latest")),
        },
    }
}

/// Creates a PDF.
#[utoipa::path(
    post, path = "/v1/create", tag = "v1", request_body = Create,
    responses(
        (status = 200, description = "A signed link, or with `export_type` `file` the PDF itself", body = Created),
        (status = "4XX", description = "The request is wrong", body = crate::error::ContractError),
        (status = "5XX", description = "Not now", body = crate::error::ContractError)
    )
)]
pub(super) async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(mut fields): Input,
) -> Result<Response, WireError> {
    Create::read(&mut fields)?.answer(&app, &actor, Format::Pdf, "output.pdf").await
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;

    use super::*;

    fn read(body: Value) -> Result<Create, WireError> {
        Create::read(&mut Fields::from_json(body).unwrap())
    }

    #[test]
    fn what_old_clients_send_is_understood() {
        let create = read(json!({
            "template_id": "0123456789abcdef", "data": "{\"a\": 1}", "version": "3", "export_type": "file",
            "expiration": "60", "output_file": "x.pdf", "direct_download": "1", "directDownload": true, "cloud_storage": 1
        }))
        .unwrap();
        assert_eq!(create.data, json!({"a": 1}));
        assert_eq!(create.version, VersionChoice::Number(3));
        assert_eq!(create.export, Export::File);
        assert_eq!(create.expiration, Some(60));
        assert!(create.direct_download);
    }

    #[test]
    fn absent_and_zero_versions_are_the_latest() {
        for version in [json!(null), json!(0), json!("0"), json!("")] {
            let create = read(json!({"template_id": "t", "data": {}, "version": version})).unwrap();
            assert_eq!(create.version, VersionChoice::Latest);
        }
    }

    #[test]
    fn wrong_values_are_refused_with_the_name_of_the_field() {
        for (body, message) in [
            (json!({"data": {}}), "`template_id` is required"),
            (json!({"template_id": "t"}), "`data` is required"),
            (json!({"template_id": "t", "data": [1]}), "`data` must be a JSON object, not an array"),
            (json!({"template_id": "t", "data": "5"}), "`data` must be a JSON object, not a number"),
            (json!({"template_id": "t", "data": {}, "export_type": "xml"}), "`export_type` must be `json` or `file`"),
            (
                json!({"template_id": "t", "data": {}, "version": -1}),
                "`version` must be a version's number, or 0 for the latest",
            ),
            (
                json!({"template_id": "t", "data": {}, "version": "new"}),
                "`version` must be a whole number, not \"new\"",
            ),
            (json!({"template_id": ["t"], "data": {}}), "`template_id` must be a string, not an array"),
        ] {
            assert_eq!(read(body).err().unwrap().to_string(), message);
        }
    }
}
