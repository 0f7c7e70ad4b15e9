//! `/f/<token>`: a stored file behind its signed link, whole or one range of it.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use chancery_service::files::OpenFile;

use crate::app::App;
use crate::disposition;
use crate::error::WireError;

/// Reads a file.
///
/// The link is the permission: it names the file, its workspace and its end of time, signed by this server.
#[utoipa::path(
    get, path = "/f/{token}", tag = "files",
    params(("token" = String, Path, description = "The last part of a signed link")),
    responses(
        (status = 200, description = "The file"),
        (status = 206, description = "The range that was asked for"),
        (status = 404, description = "The link is not genuine", content_type = "application/problem+json", body = crate::error::Problem),
        (status = 410, description = "The link has expired", content_type = "application/problem+json", body = crate::error::Problem),
        (status = 416, description = "The range lies outside of the file", content_type = "application/problem+json", body = crate::error::Problem)
    )
)]
pub(crate) async fn read_file(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, WireError> {
    let file = app.service.files().open(&token).await?;
    let size_bytes = file.size_bytes();
    let range = requested_range(&headers, size_bytes)?;
    let (status, start, end) = match range {
        Some((start, end)) => (StatusCode::PARTIAL_CONTENT, start, end),
        None => (StatusCode::OK, 0, size_bytes),
    };
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    describe(response.headers_mut(), &file, end - start);
    if range.is_some()
        && let Ok(value) = HeaderValue::try_from(format!("bytes {start}-{}/{size_bytes}", end.saturating_sub(1)))
    {
        response.headers_mut().insert(header::CONTENT_RANGE, value);
    }
    *response.body_mut() = Body::from_stream(app.service.files().read(file, start..end).await?);
    Ok(response)
}

/// A file is a PDF, PNG or JPEG, never HTML or SVG. Pages of the caller may frame it, and browsers' PDF viewers need
/// their own styles, so that only what could run or send is forbidden.
const CONTENT_POLICY: HeaderValue = HeaderValue::from_static("script-src 'none'; base-uri 'none'; form-action 'none'");

fn describe(headers: &mut HeaderMap, file: &OpenFile, length: u64) {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.media_type()));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let name = file.name();
    let value = if file.is_download() { disposition::attachment(name) } else { disposition::inline(name) };
    headers.insert(header::CONTENT_DISPOSITION, value);
    headers.insert(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY);
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
}

/// The one range of a `Range` header (RFC 9110, 14.2), as start and end (exclusive). Several ranges, other units and
/// what cannot be read are ignored, as the standard allows: the whole file is the answer.
fn requested_range(headers: &HeaderMap, size_bytes: u64) -> Result<Option<(u64, u64)>, WireError> {
    let Some(value) = headers.get(header::RANGE).and_then(|value| value.to_str().ok()) else { return Ok(None) };
    let Some((first, last)) = value.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Ok(None);
    };
    let (start, end) = match (first.trim(), last.trim()) {
        ("", suffix) => match suffix.parse::<u64>() {
            Ok(length) => (size_bytes.saturating_sub(length), size_bytes),
            Err(_) => return Ok(None),
        },
        (start, "") => match start.parse() {
            Ok(start) => (start, size_bytes),
            Err(_) => return Ok(None),
        },
        (start, last) => match (start.parse::<u64>(), last.parse::<u64>()) {
            (Ok(start), Ok(last)) if start <= last => (start, last.saturating_add(1).min(size_bytes)),
            _ => return Ok(None),
        },
    };
    if start >= end {
        return Err(WireError::RangeNotSatisfiable { size_bytes });
    }
    Ok(Some((start, end)))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn range(value: &'static str) -> Result<Option<(u64, u64)>, WireError> {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_static(value));
        requested_range(&headers, 100)
    }

    #[test]
    fn one_range_is_understood_in_its_three_forms() {
        assert_eq!(range("bytes=0-9").unwrap(), Some((0, 10)));
        assert_eq!(range("bytes=90-").unwrap(), Some((90, 100)));
        assert_eq!(range("bytes=-10").unwrap(), Some((90, 100)));
        assert_eq!(range("bytes=50-5000").unwrap(), Some((50, 100)));
        assert_eq!(range("bytes=-5000").unwrap(), Some((0, 100)));
    }

    #[test]
    fn a_range_outside_of_the_file_is_refused_with_its_size() {
        for value in ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=18446744073709551615-"] {
            assert_eq!(range(value).unwrap_err().to_string(), "the range lies outside of the file of 100 bytes");
        }
    }

    #[test]
    fn what_cannot_be_read_as_one_range_means_the_whole_file() {
        for value in
            ["bytes=0-1,5-6", "lines=1-2", "bytes=9-1", "bytes=x-y", "bytes=", "bytes=-", "bytes=99999999999999999999-"]
        {
            assert_eq!(range(value).unwrap(), None);
        }
    }
}
