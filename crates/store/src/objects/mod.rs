//! Sealed objects in a local folder or on an S3 server.

mod folder;
mod name;
mod payload;
mod s3;
mod s3_requests;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use chancery_vault::Timestamp;
use futures::StreamExt as _;
use futures::stream::BoxStream;

pub use self::name::ObjectName;
pub use self::payload::Payload;
pub use self::s3::{S3Config, ServerSideEncryption};

use self::folder::Folder;
use self::s3::S3;
use crate::StoreError;

/// An object store; cheap to clone.
#[derive(Clone)]
pub struct Objects(Backend);

#[derive(Clone)]
enum Backend {
    Folder(Arc<Folder>),
    S3(Arc<S3>),
}

/// An object in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedObject {
    /// Its name.
    pub name: ObjectName,
    /// When it was written, by the clock of the store.
    pub modified_at: Timestamp,
    /// Its sealed length.
    pub size_bytes: u64,
}

/// An upload in parts that was not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenUpload {
    /// The key in the bucket.
    pub key: String,
    /// The upload's id.
    pub id: String,
}

impl Objects {
    /// Opens (and makes, mode 0700) the folder `root`. Writes are durable when they return.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub async fn folder(root: PathBuf) -> Result<Self, StoreError> {
        Ok(Self(Backend::Folder(Arc::new(Folder::open(root).await?))))
    }

    /// Prepares a bucket of an S3 server; nothing is sent yet.
    ///
    /// # Errors
    /// The configuration is not accepted.
    pub fn s3(config: &S3Config) -> Result<Self, StoreError> {
        Ok(Self(Backend::S3(Arc::new(S3::new(config)?))))
    }

    /// Writes a new object. When it returns, the object survives a power cut (folder) or is acknowledged (S3).
    ///
    /// # Errors
    /// The store failed; nothing or an orphan remains, which the sweep removes.
    pub async fn put(&self, name: &ObjectName, sealed: impl Into<Payload>) -> Result<(), StoreError> {
        let sealed = sealed.into();
        match &self.0 {
            Backend::Folder(folder) => folder.put(name, sealed).await,
            Backend::S3(s3) => s3.put(name, sealed).await,
        }
    }

    /// Reads a whole object.
    ///
    /// # Errors
    /// [`StoreError::ObjectMissing`], or the store failed.
    pub async fn get(&self, name: &ObjectName) -> Result<Bytes, StoreError> {
        match &self.0 {
            Backend::Folder(folder) => folder.get(name).await,
            Backend::S3(s3) => s3.get(name).await,
        }
    }

    /// Reads the bytes `range` of an object.
    ///
    /// # Errors
    /// [`StoreError::ObjectMissing`], a range that is not wholly inside, or the store failed.
    pub async fn get_range(&self, name: &ObjectName, range: Range<u64>) -> Result<Bytes, StoreError> {
        match &self.0 {
            Backend::Folder(folder) => folder.get_range(name, range).await,
            Backend::S3(s3) => s3.get_range(name, range).await,
        }
    }

    /// Reads the bytes `range` of an object that must be `length_bytes` long.
    ///
    /// # Errors
    /// [`StoreError::ObjectMissing`]; [`StoreError::ObjectCut`] when it has another length; or the store failed.
    pub async fn get_part(&self, name: &ObjectName, range: Range<u64>, length_bytes: u64) -> Result<Bytes, StoreError> {
        match &self.0 {
            Backend::Folder(folder) => folder.get_part(name, range, length_bytes).await,
            Backend::S3(s3) => s3.get_part(name, range, length_bytes).await,
        }
    }

    /// The sealed length of an object.
    ///
    /// # Errors
    /// [`StoreError::ObjectMissing`], or the store failed.
    pub async fn length_bytes(&self, name: &ObjectName) -> Result<u64, StoreError> {
        match &self.0 {
            Backend::Folder(folder) => folder.length_bytes(name).await,
            Backend::S3(s3) => s3.length_bytes(name).await,
        }
    }

    /// Deletes an object; one that is gone already is fine.
    ///
    /// # Errors
    /// The store failed.
    pub async fn delete(&self, name: &ObjectName) -> Result<(), StoreError> {
        match &self.0 {
            Backend::Folder(folder) => folder.delete(name).await,
            Backend::S3(s3) => s3.delete(name).await,
        }
    }

    /// Uploads in parts that were begun before `before` and never ended; a folder has none.
    ///
    /// # Errors
    /// The store failed.
    pub async fn open_uploads(&self, before: Timestamp) -> Result<Vec<OpenUpload>, StoreError> {
        match &self.0 {
            Backend::Folder(_) => Ok(Vec::new()),
            Backend::S3(s3) => s3.open_uploads(before).await,
        }
    }

    /// Ends an upload in parts; the store forgets its parts.
    ///
    /// # Errors
    /// The store failed.
    pub async fn abort_upload(&self, upload: &OpenUpload) -> Result<(), StoreError> {
        match &self.0 {
            Backend::Folder(_) => Ok(()),
            Backend::S3(s3) => s3.abort_upload(upload).await,
        }
    }

    /// All objects, in no particular order. What is not an object of ours is left out.
    #[must_use]
    pub fn list(&self) -> BoxStream<'static, Result<ListedObject, StoreError>> {
        match &self.0 {
            Backend::Folder(folder) => Arc::clone(folder).list().boxed(),
            Backend::S3(s3) => Arc::clone(s3).list().boxed(),
        }
    }
}
