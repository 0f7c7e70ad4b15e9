//! Objects in a bucket of an S3 server.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chancery_vault::Timestamp;
use futures::{Stream, StreamExt as _};
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::path::Path;
use object_store::{ClientOptions, GetOptions, MultipartUpload, ObjectStore as _, ObjectStoreExt as _, RetryConfig};
use tokio::sync::OnceCell;

use super::name::SHARD_LETTERS;
use super::s3_requests::Requests;
use super::{ListedObject, ObjectName, OpenUpload, Payload};
use crate::StoreError;

/// How to reach a bucket.
#[derive(Clone)]
pub struct S3Config {
    /// The server's URL; `None` for AWS itself. Plain HTTP is accepted on the loopback only.
    pub endpoint: Option<String>,
    /// The region, such as `eu-central-1`.
    pub region: String,
    /// The bucket; it must exist.
    pub bucket: String,
    /// A folder in the bucket, without slashes at its ends; empty for the bucket itself.
    pub prefix: String,
    /// The access key's id.
    pub access_key_id: String,
    /// The secret access key; read it from a file.
    pub secret_access_key: String,
    /// Time for one request with its answer.
    pub request_timeout: Duration,
    /// What the server is asked to do besides.
    pub server_side_encryption: ServerSideEncryption,
}

/// Encryption by the server of what is sealed already. Some servers refuse it without TLS; then nothing is stored.
#[derive(Clone)]
pub enum ServerSideEncryption {
    /// None is asked for.
    None,
    /// With keys of the server (SSE-S3, `AES256`).
    Server,
    /// With a key of the server's key service (SSE-KMS), by its id.
    KeyService(String),
    /// With a key that comes with every request and that the server forgets (SSE-C): 32 bytes in base64.
    Customer(String),
}

/// Bytes from which on an object is sent in parts: a part that fails is sent again alone.
const IN_PARTS_FROM_BYTES: usize = 16 * 1024 * 1024;
/// Bytes of a part; S3 wants at least 5 MiB, and takes ten thousand of them.
const PART_BYTES: usize = 8 * 1024 * 1024;
/// Time for a connection to be made: a server that does not even accept is away.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Repetitions of a request that failed in a way that may pass.
const RETRIES_MAX: usize = 3;
/// Time after which a failed request is not repeated: callers wait for it.
const RETRY_TIMEOUT: Duration = Duration::from_secs(20);

pub(super) struct S3 {
    client: AmazonS3,
    requests: Requests,
    /// Asked once: whether deleting leaves versions behind.
    keeps_versions: OnceCell<bool>,
    prefix: Path,
}

fn failed(operation: &'static str) -> impl Fn(object_store::Error) -> StoreError {
    move |source| StoreError::ObjectStore { operation, source }
}

/// As `failed`, but a missing object has its own error; a missing bucket is a failure of the store.
fn failed_reading(source: object_store::Error) -> StoreError {
    match source {
        object_store::Error::NotFound { ref source, .. } if !names_missing_bucket(&**source) => {
            StoreError::ObjectMissing
        }
        source => failed("reading")(source),
    }
}

/// Whether the server says that a range lies outside of the object (RFC 9110, 15.5.17).
fn is_outside(source: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    says(source, "416")
}

/// Servers answer 404 for both; the code in the body tells them apart (S3 API, "Error responses").
fn names_missing_bucket(source: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    says(source, "NoSuchBucket")
}

/// Whether the error or one of its causes has this word.
fn says(source: &(dyn std::error::Error + Send + Sync + 'static), word: &str) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(source);
    while let Some(error) = cause {
        if error.to_string().contains(word) {
            return true;
        }
        cause = error.source();
    }
    false
}

impl S3 {
    pub(super) fn new(config: &S3Config) -> Result<Self, StoreError> {
        let mut options =
            ClientOptions::new().with_connect_timeout(CONNECT_TIMEOUT).with_timeout(config.request_timeout);
        let retry = RetryConfig { max_retries: RETRIES_MAX, retry_timeout: RETRY_TIMEOUT, ..RetryConfig::default() };
        let mut builder = AmazonS3Builder::new()
            .with_retry(retry)
            .with_region(&config.region)
            .with_bucket_name(&config.bucket)
            .with_access_key_id(&config.access_key_id)
            .with_secret_access_key(&config.secret_access_key);
        if let Some(endpoint) = &config.endpoint {
            options = options.with_allow_http(is_plain_loopback(endpoint)?);
            builder = builder.with_endpoint(endpoint);
        }
        for (name, value) in config.server_side_encryption.settings() {
            // The key's type is not public, its name is.
            let key: AmazonS3ConfigKey = name.parse().map_err(failed("preparing the client"))?;
            builder = builder.with_config(key, value);
        }
        let client = builder.with_client_options(options.clone()).build().map_err(failed("preparing the client"))?;
        let aws = || format!("https://s3.{}.amazonaws.com", config.region);
        let endpoint = config.endpoint.clone().unwrap_or_else(aws);
        let bucket_url = format!("{}/{}", endpoint.trim_end_matches('/'), config.bucket);
        let requests = Requests::new(client.clone(), &options, bucket_url, &config.region)?;
        Ok(Self { client, requests, keeps_versions: OnceCell::new(), prefix: Path::from(config.prefix.as_str()) })
    }

    fn path(&self, name: &ObjectName) -> Path {
        let (shard, rest) = name.shard_and_rest();
        self.prefix.clone().join(shard).join(rest)
    }

    pub(super) async fn put(&self, name: &ObjectName, sealed: Payload) -> Result<(), StoreError> {
        let path = self.path(name);
        if sealed.length_bytes() < IN_PARTS_FROM_BYTES {
            self.client.put(&path, sealed.whole()).await.map_err(failed("writing"))?;
            return Ok(());
        }
        let mut upload = self.client.put_multipart(&path).await.map_err(failed("beginning an upload"))?;
        let sent = send_parts(&mut *upload, sealed).await;
        if sent.is_err() {
            // What stays in spite of this, a check of the store ends.
            let _ = upload.abort().await;
        }
        sent
    }

    pub(super) async fn open_uploads(&self, before: Timestamp) -> Result<Vec<OpenUpload>, StoreError> {
        self.requests.open_uploads(self.prefix.as_ref(), before).await
    }

    pub(super) async fn abort_upload(&self, upload: &OpenUpload) -> Result<(), StoreError> {
        self.requests.abort_upload(upload).await
    }

    pub(super) async fn get(&self, name: &ObjectName) -> Result<Bytes, StoreError> {
        let found = self.client.get(&self.path(name)).await.map_err(failed_reading)?;
        found.bytes().await.map_err(failed_reading)
    }

    pub(super) async fn get_range(&self, name: &ObjectName, range: Range<u64>) -> Result<Bytes, StoreError> {
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        let length = range.end - range.start;
        let bytes = self.client.get_range(&self.path(name), range).await.map_err(failed_reading)?;
        // A server gives less for a range that is partly outside.
        if u64::try_from(bytes.len()).is_ok_and(|got| got == length) {
            Ok(bytes)
        } else {
            Err(StoreError::ObjectMissing)
        }
    }

    pub(super) async fn get_part(
        &self,
        name: &ObjectName,
        range: Range<u64>,
        length_bytes: u64,
    ) -> Result<Bytes, StoreError> {
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        let options = GetOptions::new().with_range(Some(range.clone()));
        let found = match self.client.get_opts(&self.path(name), options).await {
            Ok(found) => found,
            // A range that begins behind the end is refused by the server; the end is not where it was then.
            Err(object_store::Error::Generic { source, .. }) if is_outside(&*source) => {
                return Err(StoreError::ObjectCut);
            }
            Err(error) => return Err(failed_reading(error)),
        };
        if found.meta.size != length_bytes {
            return Err(StoreError::ObjectCut);
        }
        let bytes = found.bytes().await.map_err(failed_reading)?;
        if u64::try_from(bytes.len()).is_ok_and(|got| got == range.end - range.start) {
            Ok(bytes)
        } else {
            Err(StoreError::ObjectCut)
        }
    }

    pub(super) async fn length_bytes(&self, name: &ObjectName) -> Result<u64, StoreError> {
        Ok(self.client.head(&self.path(name)).await.map_err(failed_reading)?.size)
    }

    pub(super) async fn delete(&self, name: &ObjectName) -> Result<(), StoreError> {
        let path = self.path(name);
        match self.client.delete(&path).await {
            // Most servers say yes to deleting what is gone already, some say 404.
            Err(object_store::Error::NotFound { source, .. }) if !names_missing_bucket(&*source) => {}
            result => result.map_err(failed("deleting"))?,
        }
        // Where versions are kept, deleting only writes a mark that hides them.
        if *self.keeps_versions.get_or_try_init(|| self.requests.keeps_versions()).await? {
            for version in self.requests.versions(path.as_ref()).await? {
                self.requests.delete_version(path.as_ref(), &version).await?;
            }
        }
        Ok(())
    }

    pub(super) fn list(self: Arc<Self>) -> impl Stream<Item = Result<ListedObject, StoreError>> + Send + 'static {
        let prefix = (!self.prefix.as_ref().is_empty()).then(|| self.prefix.clone());
        let objects = self.client.list(prefix.as_ref());
        objects.filter_map(|object| async {
            match object {
                Err(error) => Some(Err(failed("listing")(error))),
                Ok(object) => {
                    let name = name_at(&object.location)?;
                    let modified_at = Timestamp::from_signed_millis(object.last_modified.timestamp_millis());
                    Some(Ok(ListedObject { name, modified_at, size_bytes: object.size }))
                }
            }
        })
    }
}

impl ServerSideEncryption {
    /// The library's settings, by name.
    fn settings(&self) -> Vec<(&'static str, String)> {
        const KIND: &str = "aws_server_side_encryption";
        match self {
            Self::None => Vec::new(),
            Self::Server => vec![(KIND, "AES256".to_owned())],
            Self::KeyService(id) => vec![(KIND, "aws:kms".to_owned()), ("aws_sse_kms_key_id", id.clone())],
            Self::Customer(key) => vec![(KIND, "sse-c".to_owned()), ("aws_sse_customer_key_base64", key.clone())],
        }
    }
}

/// Sends the parts one after the other, and puts them together.
async fn send_parts(upload: &mut dyn MultipartUpload, sealed: Payload) -> Result<(), StoreError> {
    for part in sealed.cut(PART_BYTES) {
        upload.put_part(part).await.map_err(failed("writing a part"))?;
    }
    upload.complete().await.map_err(failed("ending an upload"))?;
    Ok(())
}

/// The name from the last two parts of a path; `None` when it is not an object of ours.
fn name_at(path: &Path) -> Option<ObjectName> {
    let (folder, rest) = path.as_ref().rsplit_once('/')?;
    let shard = folder.rsplit('/').next()?;
    if shard.len() != SHARD_LETTERS {
        return None;
    }
    ObjectName::parse(&[shard, rest].concat()).ok()
}

/// Whether the endpoint is plain HTTP to this machine; plain HTTP to another one is refused.
fn is_plain_loopback(endpoint: &str) -> Result<bool, StoreError> {
    let Some(rest) = endpoint.strip_prefix("http://") else {
        return Ok(false);
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    if ["127.0.0.1", "localhost", "[::1]"].contains(&host) {
        Ok(true)
    } else {
        Err(StoreError::Url { reason: "an S3 server on another machine needs https" })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use chancery_vault::SystemRandom;

    use super::*;

    fn config(endpoint: &str) -> S3Config {
        S3Config {
            endpoint: Some(endpoint.to_owned()),
            region: "eu-central-1".to_owned(),
            bucket: "documents".to_owned(),
            prefix: "a/b".to_owned(),
            access_key_id: "id".to_owned(),
            secret_access_key: "secret".to_owned(),
            server_side_encryption: ServerSideEncryption::None,
            request_timeout: Duration::from_secs(30),
        }
    }

    #[test]
    fn plain_http_is_accepted_on_the_loopback_only() {
        for endpoint in ["http://127.0.0.1:9000", "http://localhost", "http://[::1]:9000/", "https://s3.example.com"] {
            assert!(S3::new(&config(endpoint)).is_ok(), "{endpoint}");
        }
        for endpoint in [
            "http://s3.example.com",
            "http://10.0.0.1:9000",
            "http://127.0.0.1.example.com",
            "http://user@evil.example:80",
        ] {
            assert!(S3::new(&config(endpoint)).is_err(), "{endpoint}");
        }
    }

    #[test]
    fn a_name_comes_back_from_its_path_and_foreign_paths_give_none() {
        let s3 = S3::new(&config("http://127.0.0.1:9000")).unwrap();
        let name = ObjectName::generate(&SystemRandom).unwrap();
        assert_eq!(name_at(&s3.path(&name)), Some(name));
        for path in ["", "note.txt", "a/b/readme", "a/b/abc/aaaaaaaaaaaaaaaaaaaaaaaaaaaaa"] {
            assert_eq!(name_at(&Path::from(path)), None, "{path}");
        }
    }
}
