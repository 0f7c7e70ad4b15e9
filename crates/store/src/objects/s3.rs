//! Objects in a bucket of an S3 server.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use chancery_vault::Timestamp;
use futures::{Stream, StreamExt as _};
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::path::Path;
use object_store::{ObjectStore as _, ObjectStoreExt as _};

use super::name::SHARD_LETTERS;
use super::{ListedObject, ObjectName};
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
    /// Ask the server to encrypt with its own keys too (`AES256`). Some servers refuse that without TLS.
    pub server_side_encryption: bool,
}

pub(super) struct S3 {
    client: AmazonS3,
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

/// Servers answer 404 for both; the code in the body tells them apart (S3 API, "Error responses").
fn names_missing_bucket(source: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(source);
    while let Some(error) = cause {
        if error.to_string().contains("NoSuchBucket") {
            return true;
        }
        cause = error.source();
    }
    false
}

impl S3 {
    pub(super) fn new(config: &S3Config) -> Result<Self, StoreError> {
        let mut builder = AmazonS3Builder::new()
            .with_region(&config.region)
            .with_bucket_name(&config.bucket)
            .with_access_key_id(&config.access_key_id)
            .with_secret_access_key(&config.secret_access_key);
        if let Some(endpoint) = &config.endpoint {
            builder = builder.with_endpoint(endpoint).with_allow_http(is_plain_loopback(endpoint)?);
        }
        if config.server_side_encryption {
            // The key's type is not public, its name is.
            let key: AmazonS3ConfigKey =
                "aws_server_side_encryption".parse().map_err(failed("preparing the client"))?;
            builder = builder.with_config(key, "AES256");
        }
        let client = builder.build().map_err(failed("preparing the client"))?;
        Ok(Self { client, prefix: Path::from(config.prefix.as_str()) })
    }

    fn path(&self, name: &ObjectName) -> Path {
        let (shard, rest) = name.shard_and_rest();
        self.prefix.clone().join(shard).join(rest)
    }

    pub(super) async fn put(&self, name: &ObjectName, sealed: Bytes) -> Result<(), StoreError> {
        self.client.put(&self.path(name), sealed.into()).await.map_err(failed("writing"))?;
        Ok(())
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

    pub(super) async fn delete(&self, name: &ObjectName) -> Result<(), StoreError> {
        match self.client.delete(&self.path(name)).await {
            // Most servers say yes to deleting what is gone already, some say 404.
            Err(object_store::Error::NotFound { source, .. }) if !names_missing_bucket(&*source) => Ok(()),
            result => result.map_err(failed("deleting")),
        }
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
            server_side_encryption: false,
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
