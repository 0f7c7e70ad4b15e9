//! `/f/<token>`: a stored file behind its signed link, whole or one range of it; or the page that leads to it.

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chancery_service::ServiceError;
use chancery_service::files::OpenFile;
use chancery_service::links::{Admission, Grant, Pass, Visitor};

use crate::app::App;
use crate::client_address::From;
use crate::error::WireError;
use crate::link_page::{self, Notice};
use crate::wire::body::Form;
use crate::{disposition, range};

/// Reads a file, or the page that leads to it.
///
/// The link is the permission: it names the file, its workspace and its end of time, signed by this server, and may have
/// conditions. A link with a page answers with that; its button is the `POST`.
#[utoipa::path(
    get, path = "/f/{token}", tag = "files",
    params(
        ("token" = String, Path, description = "The last part of a signed link"),
        ("grant" = Option<String>, Query, description = "What the button of the page gave")
    ),
    responses(
        (status = 200, description = "The file, or its page"),
        (status = 206, description = "The range that was asked for"),
        (status = 403, description = "The link does not work from there", content_type = "application/problem+json", body = crate::error::Problem),
        (status = 404, description = "The link is not genuine", content_type = "application/problem+json", body = crate::error::Problem),
        (status = 410, description = "The link has expired, was revoked or used", content_type = "application/problem+json", body = crate::error::Problem),
        (status = 416, description = "The range lies outside of the file", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(crate) async fn read_file(
    State(app): State<App>,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
    From(visitor): From,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let grant = query.as_deref().and_then(grant_of);
    let answered = answer(&app, &token, grant, visitor, &method, &headers).await;
    answered.unwrap_or_else(|error| link_page::failure(error, &headers))
}

/// Presses the button of a link's page: uses the link, and leads to the file.
///
/// Mail scanners and previews of links read pages and press no buttons, so that they use nothing up.
#[utoipa::path(
    post, path = "/f/{token}", tag = "files",
    params(("token" = String, Path, description = "The last part of a signed link")),
    request_body(content = Passcode, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 303, description = "The file is at `Location` for ten minutes"),
        (status = 403, description = "The passcode is missing or wrong, or the link does not work from there", content_type = "application/problem+json", body = crate::error::Problem),
        (status = 404, description = "The link is not genuine, or has no page", content_type = "application/problem+json", body = crate::error::Problem),
        (status = 410, description = "The link has expired, was revoked or used", content_type = "application/problem+json", body = crate::error::Problem),
        (status = 429, description = "Too many wrong passcodes were tried", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(crate) async fn press_button(
    State(app): State<App>,
    Path(token): Path<String>,
    From(visitor): From,
    headers: HeaderMap,
    Form(mut fields): Form,
) -> Response {
    let pressed = press(&app, &token, visitor, &headers, fields.text("passcode")).await;
    pressed.unwrap_or_else(|error| link_page::failure(error, &headers))
}

/// What the form of a page sends.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes a form; its fields are read one by one")]
struct Passcode {
    /// The passcode, when the link asks for one. Case, spaces and hyphens do not matter.
    passcode: Option<String>,
}

async fn press(
    app: &App,
    token: &str,
    visitor: Visitor,
    headers: &HeaderMap,
    passcode: Result<Option<String>, WireError>,
) -> Result<Response, WireError> {
    let file = app.service.files().open(token, visitor).await?;
    let notice = match app.service.files().press(&file, passcode?.as_deref(), visitor).await {
        Ok(grant) => {
            let place = HeaderValue::try_from(format!("?grant={}", grant.as_str()));
            let place = place.map_err(|error| ServiceError::internal("leading to a file", error))?;
            return Ok((StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response());
        }
        Err(error) if link_page::wants_page(headers) => match Notice::of(&error) {
            Some(notice) => (notice, error),
            None => return Err(error.into()),
        },
        Err(error) => return Err(error.into()),
    };
    Ok(link_page::page(&file, headers, Some(notice)))
}

async fn answer(
    app: &App,
    token: &str,
    grant: Option<Grant>,
    visitor: Visitor,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, WireError> {
    let files = app.service.files();
    let file = files.open(token, visitor).await?;
    if method == Method::HEAD {
        return head(&file, grant.is_some(), headers);
    }
    let whole = 0..file.size_bytes();
    // A download that goes on names what it has a part of. For a counted link that name is its grant.
    let condition = range::condition(headers);
    let shown = grant.or_else(|| condition.and_then(Grant::parse));
    let is_same = condition.is_none_or(|tag| match &shown {
        Some(grant) if file.admission() != Admission::Free => grant.as_str() == tag,
        _ => tag == file.tag(),
    });
    let asked = if is_same { range::requested(headers, file.size_bytes())? } else { None };
    let wanted = asked.clone().unwrap_or(whole.clone());
    let resumed = match shown {
        Some(grant) => files.resume(&file, grant, &wanted, visitor).await?,
        None => None,
    };
    let (pass, wanted, is_part) = match resumed {
        Some(pass) => (pass, wanted, asked.is_some()),
        None => {
            // A new use of a counted link does not go on with an old one.
            let begins_anew = condition.is_some() && file.admission() != Admission::Free;
            let (wanted, is_part) = if begins_anew { (whole, false) } else { (wanted, asked.is_some()) };
            match files.enter(&file, &wanted, visitor).await? {
                Some(pass) => (pass, wanted, is_part),
                None => return Ok(link_page::page(&file, headers, None)),
            }
        }
    };
    let mut response = Response::new(Body::empty());
    describe(response.headers_mut(), &file, wanted.end - wanted.start, tag_of(&file, &pass));
    if is_part {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let last = wanted.end.saturating_sub(1);
        if let Ok(value) = HeaderValue::try_from(format!("bytes {}-{last}/{}", wanted.start, file.size_bytes())) {
            response.headers_mut().insert(header::CONTENT_RANGE, value);
        }
    }
    *response.body_mut() = Body::from_stream(files.read(file, wanted, pass).await?);
    Ok(response)
}

/// What a `GET` would say. Nothing is used, and nothing is read.
fn head(file: &OpenFile, shows_grant: bool, headers: &HeaderMap) -> Result<Response, WireError> {
    if file.is_used_up() && !shows_grant {
        return Err(ServiceError::LinkUsedUp.into());
    }
    if matches!(file.admission(), Admission::Page { .. }) && !shows_grant {
        return Ok(link_page::page(file, headers, None));
    }
    let mut response = Response::new(Body::empty());
    let tag = (file.admission() == Admission::Free).then(|| file.tag());
    describe(response.headers_mut(), file, file.size_bytes(), tag);
    Ok(response)
}

/// Names the bytes for whoever wants to go on with them: by the document, or by the grant that was used.
fn tag_of(file: &OpenFile, pass: &Pass) -> Option<String> {
    Some(pass.grant().map_or_else(|| file.tag(), |grant| grant.as_str().to_owned()))
}

/// The grant of a query string: the one field that there is.
fn grant_of(query: &str) -> Option<Grant> {
    query.split('&').find_map(|pair| pair.strip_prefix("grant=")).and_then(Grant::parse)
}

/// A file is a PDF or a picture, never HTML; what an SVG could run is forbidden. Pages of the caller may frame it, and
/// browsers' PDF viewers need their own styles, so that only what could run or send is forbidden.
const CONTENT_POLICY: HeaderValue = HeaderValue::from_static("script-src 'none'; base-uri 'none'; form-action 'none'");

fn describe(headers: &mut HeaderMap, file: &OpenFile, length: u64, tag: Option<String>) {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.media_type()));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Some(tag) = tag
        && let Ok(value) = HeaderValue::try_from(format!("\"{tag}\""))
    {
        headers.insert(header::ETAG, value);
    }
    let name = file.name();
    let value = if file.is_download() { disposition::attachment(name) } else { disposition::inline(name) };
    headers.insert(header::CONTENT_DISPOSITION, value);
    headers.insert(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY);
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
}
