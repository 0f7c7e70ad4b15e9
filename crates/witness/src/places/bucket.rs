//! A bucket under object lock: each checkpoint is a version that nobody can delete or replace until its time is over, not even the bucket's owner.

use aws_lc_rs::digest::{SHA256, digest};
use bytes::Bytes;
use chancery_ledger::{Checkpoint, NOTE_BYTES_MAX, Note};
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _};
use object_store::aws::{AwsAuthorizer, AwsCredential};
use object_store::client::{HttpRequest, HttpRequestBody};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, Response, Url};

use super::{Cosignature, Offer, Place, web};
use crate::PlaceError;
use crate::places::witness::origin_id;

/// Bytes of one page of a list: a thousand versions of some hundred bytes each.
const LIST_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Pages of a list: a million checkpoints, ten years of one every five minutes.
const LIST_PAGES_MAX: usize = 1000;
/// Objects that are read at once.
const READS_AT_ONCE: usize = 8;
/// Milliseconds of a day.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// A bucket.
pub(crate) struct Bucket {
    client: Client,
    bucket: Url,
    region: String,
    prefix: String,
    credential: AwsCredential,
    retain_days: u32,
}

/// How to reach a bucket.
pub(crate) struct BucketSettings {
    /// The server's URL, without the bucket.
    pub(crate) endpoint: String,
    /// The region, such as `eu-central-1`.
    pub(crate) region: String,
    /// The bucket; object lock must have been switched on when it was made.
    pub(crate) bucket: String,
    /// A folder in the bucket.
    pub(crate) prefix: String,
    /// The access key's id. It needs to put, list and get versions, and must not bypass governance or delete.
    pub(crate) access_key_id: String,
    /// The secret access key.
    pub(crate) secret_access_key: String,
    /// Days for which nobody can delete a checkpoint.
    pub(crate) retain_days: u32,
}

/// One version of an object.
struct Version {
    key: String,
    id: String,
}

impl Bucket {
    pub(crate) fn new(settings: BucketSettings) -> Result<Self, String> {
        let endpoint = web::address(&settings.endpoint)?;
        let is_plain = |text: &str| {
            text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/'))
        };
        if settings.bucket.is_empty() || settings.bucket.contains('/') || !is_plain(&settings.bucket) {
            return Err(format!("`{}` is no name of a bucket", settings.bucket));
        }
        let prefix = settings.prefix.trim_matches('/');
        if !is_plain(prefix) || prefix.split('/').any(|word| word == ".." || word == ".") {
            return Err(format!("the prefix `{prefix}` may hold letters, digits, `-`, `_`, `.` and `/` only"));
        }
        Ok(Self {
            client: web::client().map_err(|error| error.to_string())?,
            bucket: web::below(&endpoint, &[&settings.bucket]),
            region: settings.region,
            prefix: if prefix.is_empty() { String::new() } else { format!("{prefix}/") },
            credential: AwsCredential {
                key_id: settings.access_key_id,
                secret_key: settings.secret_access_key,
                token: None,
            },
            retain_days: settings.retain_days,
        })
    }

    /// Names grow like the ledger, so that a list is in its order.
    fn folder(&self, origin: &str) -> String {
        format!("{}{}/", self.prefix, origin_id(origin))
    }

    async fn put(&self, note: &Note, now_millis: u64) -> Result<(), PlaceError> {
        let checkpoint = Checkpoint::parse(note.text())?;
        let key = format!("{}{:020}", self.folder(&checkpoint.origin), checkpoint.size);
        let until = now_millis.saturating_add(u64::from(self.retain_days).saturating_mul(DAY_MS));
        let until = i64::try_from(until).ok().and_then(|until| jiff::Timestamp::from_millisecond(until).ok());
        let until = until.ok_or_else(|| PlaceError::Failed("the time of retention is too far away".to_owned()))?;
        let body = note.to_text();
        let headers = [
            ("content-type", "text/plain; charset=utf-8".to_owned()),
            ("x-amz-checksum-sha256", base64_digest(body.as_bytes())),
            ("x-amz-object-lock-mode", "COMPLIANCE".to_owned()),
            ("x-amz-object-lock-retain-until-date", format!("{until:.0}")),
        ];
        self.call(Method::PUT, self.object(&key, None), &headers, body.into()).await?;
        Ok(())
    }

    /// Every version of every checkpoint, also of those over which somebody wrote or which are marked as deleted.
    async fn read_all(&self, origin: &str) -> Result<Vec<Note>, PlaceError> {
        let versions = self.versions(&self.folder(origin)).await?;
        let reads = versions.into_iter().map(|version| self.get(version));
        let found: Vec<Option<Note>> = futures::stream::iter(reads).buffered(READS_AT_ONCE).try_collect().await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// What is no note was written by somebody else, proves nothing, and hides nothing.
    async fn get(&self, version: Version) -> Result<Option<Note>, PlaceError> {
        let url = self.object(&version.key, Some(&version.id));
        let response = self.call(Method::GET, url, &[], Bytes::new()).await?;
        Ok(Note::parse(&web::text(response, NOTE_BYTES_MAX).await?).ok())
    }

    async fn versions(&self, folder: &str) -> Result<Vec<Version>, PlaceError> {
        let mut versions = Vec::new();
        let mut from: Option<Version> = None;
        for _ in 0..LIST_PAGES_MAX {
            let mut url = self.bucket.clone();
            {
                let mut query = url.query_pairs_mut();
                query.append_pair("versions", "").append_pair("prefix", folder);
                if let Some(from) = &from {
                    query.append_pair("key-marker", &from.key).append_pair("version-id-marker", &from.id);
                }
            }
            let response = self.call(Method::GET, url, &[], Bytes::new()).await?;
            let page = web::text(response, LIST_BYTES_MAX).await?;
            versions.extend(listed(&page));
            if element(&page, "IsTruncated") != Some("true") {
                return Ok(versions);
            }
            let next = (element(&page, "NextKeyMarker"), element(&page, "NextVersionIdMarker"));
            let (Some(key), Some(id)) = next else { break };
            from = Some(Version { key: key.to_owned(), id: id.to_owned() });
        }
        Err(PlaceError::Failed("the list of checkpoints does not end".to_owned()))
    }

    fn object(&self, key: &str, version: Option<&str>) -> Url {
        let mut url = web::below(&self.bucket, &key.split('/').collect::<Vec<_>>());
        if let Some(version) = version {
            url.query_pairs_mut().append_pair("versionId", version);
        }
        url
    }

    async fn call(
        &self,
        method: Method,
        url: Url,
        headers: &[(&'static str, String)],
        body: Bytes,
    ) -> Result<Response, PlaceError> {
        let failed = |reason: &str| PlaceError::Failed(format!("the request cannot be signed: {reason}"));
        let mut request = HttpRequest::new(HttpRequestBody::from(body.clone()));
        *request.method_mut() = method.clone();
        *request.uri_mut() = url.as_str().parse().map_err(|_| failed("its address is none"))?;
        for (name, value) in headers {
            let value = value.parse().map_err(|_| failed("a header holds what none may hold"))?;
            request.headers_mut().insert(*name, value);
        }
        let signed = AwsAuthorizer::new(&self.credential, "s3", &self.region).try_authorize(&mut request, None);
        signed.map_err(|error| failed(&error.to_string()))?;
        let headers: HeaderMap = std::mem::take(request.headers_mut());
        let request = self.client.request(method, url).headers(headers).body(body);
        let response = request.send().await.map_err(PlaceError::request)?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        let said = web::text(response, NOTE_BYTES_MAX).await?;
        let code = element(&said, "Code").map_or_else(|| web::excerpt(&said), web::excerpt);
        Err(PlaceError::Failed(format!("the bucket answered {status} {code}")))
    }
}

impl Place for Bucket {
    fn kind(&self) -> &'static str {
        "bucket"
    }

    fn keep<'a>(&'a self, offer: &'a Offer<'a>) -> BoxFuture<'a, Result<Option<Cosignature>, PlaceError>> {
        async move { self.put(offer.note, offer.now_millis).await.map(|()| None) }.boxed()
    }

    fn read<'a>(&'a self, origin: &'a str) -> BoxFuture<'a, Result<Option<Vec<Note>>, PlaceError>> {
        async move { self.read_all(origin).await.map(Some) }.boxed()
    }
}

fn base64_digest(bytes: &[u8]) -> String {
    chancery_ledger::Hash::from_slice(digest(&SHA256, bytes).as_ref()).map(|hash| hash.to_string()).unwrap_or_default()
}

/// The versions of a page of `ListObjectVersions`. Names of ours hold nothing that XML escapes.
fn listed(page: &str) -> Vec<Version> {
    let elements = page.split("<Version>").skip(1).filter_map(|rest| rest.split("</Version>").next());
    elements
        .filter_map(|version| {
            Some(Version { key: element(version, "Key")?.to_owned(), id: element(version, "VersionId")?.to_owned() })
        })
        .collect()
}

/// The text of the first element with this name.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let start = xml.find(&format!("<{name}>"))? + name.len() + 2;
    let rest = xml.get(start..)?;
    rest.get(..rest.find(&format!("</{name}>"))?)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn settings(bucket: &str, prefix: &str) -> BucketSettings {
        BucketSettings {
            endpoint: "https://s3.example.com".to_owned(),
            region: "us-east-1".to_owned(),
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
            access_key_id: "id".to_owned(),
            secret_access_key: "secret".to_owned(),
            retain_days: 1,
        }
    }

    #[test]
    fn a_name_has_the_size_with_leading_zeros_below_the_digest_of_the_log() {
        let bucket = Bucket::new(settings("checkpoints", "/a/b/")).unwrap();
        let folder = bucket.folder("log");
        assert_eq!(folder, format!("a/b/{}/", origin_id("log")));
        let url = bucket.object(&format!("{folder}00000000000000000012"), Some("x&y"));
        assert!(url.as_str().starts_with("https://s3.example.com/checkpoints/a/b/"), "{url}");
        assert!(url.as_str().ends_with("/00000000000000000012?versionId=x%26y"), "{url}");
    }

    #[test]
    fn names_that_would_lead_elsewhere_are_refused() {
        for (bucket, prefix) in [("", ""), ("a/b", ""), ("a?b", ""), ("a", "../b"), ("a", "b c"), ("a", "b?c")] {
            assert!(Bucket::new(settings(bucket, prefix)).is_err(), "{bucket} {prefix}");
        }
    }

    #[test]
    fn all_versions_of_a_list_are_read_and_marks_of_deletion_are_not() {
        let page = "<ListVersionsResult><IsTruncated>false</IsTruncated>\
            <DeleteMarker><Key>k1</Key><VersionId>d</VersionId></DeleteMarker>\
            <Version><Key>k1</Key><VersionId>a</VersionId></Version><Version><Key>k2</Key><VersionId>b</VersionId>";
        let versions: Vec<(String, String)> = listed(page).into_iter().map(|it| (it.key, it.id)).collect();
        assert_eq!(versions, [("k1".to_owned(), "a".to_owned()), ("k2".to_owned(), "b".to_owned())]);
        assert_eq!(element(page, "IsTruncated"), Some("false"));
        assert_eq!(element("<Key>unended", "Key"), None);
    }
}
