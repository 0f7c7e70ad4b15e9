//! What the S3 client of the library does not offer: versions of objects, and uploads that never ended.

use std::collections::BTreeMap;

use chancery_vault::Timestamp;
use http::{HeaderValue, Method, Request, StatusCode, header};
use object_store::ClientOptions;
use object_store::aws::{AmazonS3, AwsAuthorizer};
use object_store::client::{HttpClient, HttpConnector as _, HttpRequestBody, ReqwestConnector};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use quick_xml::Reader;
use quick_xml::events::Event;

use super::OpenUpload;
use crate::StoreError;

/// Bytes of one answer: a page of a list has a thousand entries of some hundred bytes.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Pages of a list: more uploads or versions than these are left to the next run.
const PAGES_MAX: u32 = 100;

/// What need not be encoded in a query (RFC 3986, 2.3).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The same, and the slashes of a key.
const UNRESERVED_OR_SLASH: &AsciiSet = &UNRESERVED.remove(b'/');

/// One version of an object, or the mark that it was deleted.
pub(super) struct ObjectVersion {
    pub(super) id: String,
}

/// Signed requests to one bucket.
pub(super) struct Requests {
    http: HttpClient,
    signer: AmazonS3,
    bucket_url: String,
    region: String,
}

type Element = BTreeMap<String, String>;

impl Requests {
    pub(super) fn new(
        signer: AmazonS3,
        options: &ClientOptions,
        bucket_url: String,
        region: &str,
    ) -> Result<Self, StoreError> {
        let http = ReqwestConnector::default().connect(options).map_err(failed("preparing the client"))?;
        Ok(Self { http, signer, bucket_url, region: region.to_owned() })
    }

    /// Whether the bucket keeps what is deleted or written over (`GetBucketVersioning`).
    pub(super) async fn keeps_versions(&self) -> Result<bool, StoreError> {
        let answer = self.call(Method::GET, "", &[("versioning", "")], "asking for the bucket's versions").await?;
        // Suspended: what was kept before is there still.
        Ok(elements(&answer, "VersioningConfiguration")?
            .iter()
            .any(|configuration| configuration.get("Status").is_some_and(|status| !status.is_empty())))
    }

    /// All versions of one object (`ListObjectVersions`).
    pub(super) async fn versions(&self, key: &str) -> Result<Vec<ObjectVersion>, StoreError> {
        const LISTING: &str = "listing the versions of an object";
        let answer = self.call(Method::GET, "", &[("prefix", key), ("versions", "")], LISTING).await?;
        let mut versions = elements(&answer, "Version")?;
        versions.extend(elements(&answer, "DeleteMarker")?);
        Ok(versions
            .into_iter()
            .filter(|version| version.get("Key").is_some_and(|found| found == key))
            .filter_map(|mut version| version.remove("VersionId"))
            .map(|id| ObjectVersion { id })
            .collect())
    }

    /// Deletes one version for good.
    pub(super) async fn delete_version(&self, key: &str, version: &ObjectVersion) -> Result<(), StoreError> {
        self.call(Method::DELETE, key, &[("versionId", &version.id)], "deleting a version of an object").await?;
        Ok(())
    }

    /// Uploads below `prefix` that were begun before `before` (`ListMultipartUploads`).
    pub(super) async fn open_uploads(&self, prefix: &str, before: Timestamp) -> Result<Vec<OpenUpload>, StoreError> {
        const LISTING: &str = "listing open uploads";
        let (mut open, mut key_marker, mut id_marker) = (Vec::new(), String::new(), String::new());
        for _ in 0..PAGES_MAX {
            let query =
                [("key-marker", &*key_marker), ("prefix", prefix), ("upload-id-marker", &*id_marker), ("uploads", "")];
            let answer = self.call(Method::GET, "", &query, LISTING).await?;
            for upload in elements(&answer, "Upload")? {
                let began = upload.get("Initiated").and_then(|text| millis_of(text)).map(Timestamp::from_millis);
                if let (Some(key), Some(id)) = (upload.get("Key"), upload.get("UploadId"))
                    && began.is_none_or(|began| began < before)
                {
                    open.push(OpenUpload { key: key.clone(), id: id.clone() });
                }
            }
            let page = elements(&answer, "ListMultipartUploadsResult")?.into_iter().next().unwrap_or_default();
            if page.get("IsTruncated").is_none_or(|truncated| truncated != "true") {
                break;
            }
            key_marker = page.get("NextKeyMarker").cloned().unwrap_or_default();
            id_marker = page.get("NextUploadIdMarker").cloned().unwrap_or_default();
        }
        Ok(open)
    }

    /// Ends an upload; its parts are forgotten.
    pub(super) async fn abort_upload(&self, upload: &OpenUpload) -> Result<(), StoreError> {
        self.call(Method::DELETE, &upload.key, &[("uploadId", &upload.id)], "ending an upload").await?;
        Ok(())
    }

    /// Sends one signed request and gives its answer; the query's names must be in order, as the signature needs them.
    async fn call(
        &self,
        method: Method,
        key: &str,
        query: &[(&str, &str)],
        operation: &'static str,
    ) -> Result<Vec<u8>, StoreError> {
        let encoded: Vec<String> =
            query.iter().map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, UNRESERVED))).collect();
        let path =
            if key.is_empty() { String::new() } else { format!("/{}", utf8_percent_encode(key, UNRESERVED_OR_SLASH)) };
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}?{}", self.bucket_url, encoded.join("&")))
            .body(HttpRequestBody::empty())
            .map_err(|error| refused(operation, error.to_string()))?;
        request.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        let credential = self.signer.credentials().get_credential().await.map_err(failed(operation))?;
        AwsAuthorizer::new(&credential, "s3", &self.region)
            .try_authorize(&mut request, None)
            .map_err(failed(operation))?;
        let response = self.http.execute(request).await.map_err(|error| refused(operation, error.to_string()))?;
        let status = response.status();
        let body = collected(response, operation).await?;
        if status.is_success() {
            return Ok(body);
        }
        let code = elements(&body, "Error").unwrap_or_default().into_iter().next().and_then(|mut e| e.remove("Code"));
        let code = code.unwrap_or_else(|| status.to_string());
        // Object lock answers so (S3 API, "Error responses"): the bucket's owner wants it kept.
        if status == StatusCode::FORBIDDEN && operation == "deleting a version of an object" {
            return Err(StoreError::ObjectKept);
        }
        Err(refused(operation, format!("the server answered {code}")))
    }
}

fn failed(operation: &'static str) -> impl Fn(object_store::Error) -> StoreError {
    move |source| StoreError::ObjectStore { operation, source }
}

fn refused(operation: &'static str, message: String) -> StoreError {
    let source = object_store::Error::Generic { store: "S3", source: message.into() };
    StoreError::ObjectStore { operation, source }
}

async fn collected(
    response: object_store::client::HttpResponse,
    operation: &'static str,
) -> Result<Vec<u8>, StoreError> {
    use futures::StreamExt as _;
    let mut stream = response.into_body().bytes_stream();
    let mut body = Vec::new();
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|error| refused(operation, error.to_string()))?;
        if body.len().saturating_add(piece.len()) > ANSWER_BYTES_MAX {
            return Err(refused(operation, "the answer is too long".to_owned()));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// The texts of the direct children of every element with this name.
fn elements(xml: &[u8], name: &str) -> Result<Vec<Element>, StoreError> {
    const READING: &str = "reading an answer";
    let mut reader = Reader::from_reader(xml);
    let (mut found, mut current, mut path): (Vec<Element>, Option<(usize, Element)>, Vec<String>) =
        (Vec::new(), None, Vec::new());
    loop {
        match reader.read_event().map_err(|error| refused(READING, error.to_string()))? {
            Event::Start(start) => {
                let local = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
                path.push(local);
                if current.is_none() && path.last().is_some_and(|last| last == name) {
                    current = Some((path.len(), Element::new()));
                }
            }
            Event::Text(text) => {
                if let Some((depth, element)) = &mut current
                    && path.len() == *depth + 1
                    && let Some(child) = path.last()
                {
                    let text = text.decode().map_err(|error| refused(READING, error.to_string()))?;
                    let text =
                        quick_xml::escape::unescape(&text).map_err(|error| refused(READING, error.to_string()))?;
                    element.entry(child.clone()).or_default().push_str(&text);
                }
            }
            Event::GeneralRef(entity) => {
                if let Some((depth, element)) = &mut current
                    && path.len() == *depth + 1
                    && let Some(child) = path.last()
                {
                    let escaped = format!("&{};", String::from_utf8_lossy(&entity));
                    let text =
                        quick_xml::escape::unescape(&escaped).map_err(|error| refused(READING, error.to_string()))?;
                    element.entry(child.clone()).or_default().push_str(&text);
                }
            }
            Event::End(_) => {
                if let Some((depth, _)) = &current
                    && path.len() == *depth
                    && let Some((_, element)) = current.take()
                {
                    found.push(element);
                }
                path.pop();
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// Milliseconds since 1970 of a time such as `2026-05-01T12:00:00.000Z`, which is how S3 writes all of them.
fn millis_of(text: &str) -> Option<u64> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Days since 1970 of the Gregorian calendar; years begin in March, so that the leap day is the last one.
    let shifted = if month > 2 { year } else { year - 1 };
    let (era, month_from_march) = (shifted.div_euclid(400), (month + 9) % 12);
    let year_of_era = shifted.rem_euclid(400);
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468;
    u64::try_from((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000).ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn times_of_s3_are_milliseconds() {
        assert_eq!(millis_of("1970-01-01T00:00:00.000Z"), Some(0));
        assert_eq!(millis_of("2026-02-28T23:59:59.000Z"), Some(1_772_323_199_000));
        assert_eq!(millis_of("2024-02-29T00:00:01Z"), Some(1_709_164_801_000));
        for text in ["", "soon", "2026-13-01T00:00:00Z", "2026-01"] {
            assert_eq!(millis_of(text), None, "{text}");
        }
    }

    #[test]
    fn lists_are_read_with_what_is_escaped_in_them_and_damage_is_an_error() {
        let xml = b"<?xml version=\"1.0\"?><ListVersionsResult xmlns=\"x\"><Name>b</Name><Version><Key>a&amp;b/&#x63;</Key>
            <VersionId>1</VersionId><Owner><ID>o</ID></Owner></Version><Version><Key>d</Key></Version></ListVersionsResult>";
        let versions = elements(xml, "Version").unwrap();
        assert_eq!(versions.len(), 2);
        let first = versions.first().unwrap();
        assert_eq!((first.get("Key").unwrap().as_str(), first.get("VersionId").unwrap().as_str()), ("a&b/c", "1"));
        assert_eq!(first.get("ID"), None, "what is deeper is another's");
        assert_eq!(elements(b"", "Version").unwrap(), Vec::<Element>::new());
        assert!(elements(b"<a></b>", "a").is_err());
    }
}
