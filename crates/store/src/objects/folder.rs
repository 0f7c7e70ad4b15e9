//! Objects in a local folder, durable: file and folder are flushed before a write returns.
//!
//! ```text
//! <root>/objects/<2 letters>/<30 letters>     mode 0600
//! ```
//! A file is written under its final name: the row that names it is committed only after the write returned, so that a
//! half-written file is an orphan that nobody reads. Renaming would protect nothing more and cost a second flush of the
//! file system's journal.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _};
use std::ops::Range;
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use bytes::Bytes;
use chancery_vault::Timestamp;
use futures::{Stream, StreamExt as _, TryStreamExt as _, stream};

use super::{ListedObject, ObjectName, Payload};
use crate::StoreError;

pub(super) struct Folder {
    objects: PathBuf,
}

/// Runs file work on the pool of threads that may wait for a disk.
async fn on_blocking_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        // The pool is shutting down, or the work panicked, which is logged where it happened.
        Err(_) => Err(StoreError::Closed),
    }
}

fn failed<'p>(operation: &'static str, path: &'p Path) -> impl FnOnce(io::Error) -> StoreError + 'p {
    move |source| match source.kind() {
        ErrorKind::NotFound if operation == "reading" => StoreError::ObjectMissing,
        _ => StoreError::Folder { operation, path: path.to_owned(), source },
    }
}

impl Folder {
    pub(super) async fn open(root: PathBuf) -> Result<Self, StoreError> {
        on_blocking_thread(move || {
            let objects = root.join("objects");
            DirBuilder::new().recursive(true).mode(0o700).create(&objects).map_err(failed("making", &objects))?;
            flush_folder(&root)?;
            Ok(Self { objects })
        })
        .await
    }

    fn path(&self, name: &ObjectName) -> PathBuf {
        let (shard, rest) = name.shard_and_rest();
        self.objects.join(shard).join(rest)
    }

    pub(super) async fn put(&self, name: &ObjectName, sealed: Payload) -> Result<(), StoreError> {
        let (path, shard) = (self.path(name), self.objects.join(name.shard_and_rest().0));
        let objects = self.objects.clone();
        on_blocking_thread(move || {
            let mut file = create(&path, &shard, &objects)?;
            let written = sealed
                .write_to(&mut file)
                .map_err(failed("writing", &path))
                .and_then(|()| file.sync_data().map_err(failed("flushing", &path)))
                .and_then(|()| flush_folder(&shard));
            if written.is_err() {
                // What stays in spite of this, the sweep removes.
                let _ = fs::remove_file(&path);
            }
            written
        })
        .await
    }

    pub(super) async fn get(&self, name: &ObjectName) -> Result<Bytes, StoreError> {
        let path = self.path(name);
        on_blocking_thread(move || {
            let mut file = File::open(&path).map_err(failed("reading", &path))?;
            let length = file.metadata().map_err(failed("reading", &path))?.len();
            let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
            file.read_to_end(&mut bytes).map_err(failed("reading", &path))?;
            Ok(bytes.into())
        })
        .await
    }

    pub(super) async fn get_range(&self, name: &ObjectName, range: Range<u64>) -> Result<Bytes, StoreError> {
        self.read_range(name, range, None).await
    }

    pub(super) async fn get_part(
        &self,
        name: &ObjectName,
        range: Range<u64>,
        length_bytes: u64,
    ) -> Result<Bytes, StoreError> {
        self.read_range(name, range, Some(length_bytes)).await
    }

    async fn read_range(
        &self,
        name: &ObjectName,
        range: Range<u64>,
        expected: Option<u64>,
    ) -> Result<Bytes, StoreError> {
        let path = self.path(name);
        on_blocking_thread(move || {
            let file = File::open(&path).map_err(failed("reading", &path))?;
            let length = file.metadata().map_err(failed("reading", &path))?.len();
            if expected.is_some_and(|expected| expected != length) {
                return Err(StoreError::ObjectCut);
            }
            // Checked first, so that a hostile range cannot ask for memory.
            if range.start > range.end || range.end > length {
                let source = io::Error::new(ErrorKind::UnexpectedEof, "the range is outside the object");
                return Err(StoreError::Folder { operation: "reading a range of", path, source });
            }
            let mut bytes =
                vec![0; usize::try_from(range.end - range.start).map_err(|_| StoreError::TooLarge { what: "range" })?];
            file.read_exact_at(&mut bytes, range.start).map_err(failed("reading", &path))?;
            Ok(bytes.into())
        })
        .await
    }

    pub(super) async fn length_bytes(&self, name: &ObjectName) -> Result<u64, StoreError> {
        let path = self.path(name);
        on_blocking_thread(move || Ok(fs::symlink_metadata(&path).map_err(failed("reading", &path))?.len())).await
    }

    pub(super) async fn delete(&self, name: &ObjectName) -> Result<(), StoreError> {
        let path = self.path(name);
        on_blocking_thread(move || match fs::remove_file(&path) {
            Ok(()) => path.parent().map_or(Ok(()), flush_folder),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(failed("deleting", &path)(error)),
        })
        .await
    }

    pub(super) fn list(self: Arc<Self>) -> impl Stream<Item = Result<ListedObject, StoreError>> + Send + 'static {
        let objects = self.objects.clone();
        let shards = stream::once(on_blocking_thread(move || entries(&objects)));
        shards
            .map_ok(|shards| stream::iter(shards).then(|shard| on_blocking_thread(move || list_shard(&shard))))
            .try_flatten()
            .map_ok(|objects| stream::iter(objects.into_iter().map(Ok)))
            .try_flatten()
    }
}

/// Creates the file, which must not exist yet, and its shard when it is the first one there.
fn create(path: &Path, shard: &Path, objects: &Path) -> Result<File, StoreError> {
    // create_new: a name is never written twice.
    let open = || OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let created = match open() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            match DirBuilder::new().mode(0o700).create(shard) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                    return Err(failed("making", shard)(error));
                }
                _ => flush_folder(objects)?,
            }
            open()
        }
        created => created,
    };
    created.map_err(failed("writing", path))
}

/// A new or removed name survives a power cut only after its folder is flushed.
fn flush_folder(path: &Path) -> Result<(), StoreError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(failed("flushing", path))
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(Vec::new()),
        Err(error) => return Err(failed("listing", folder)(error)),
    };
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(failed("listing", folder))?;
    paths.sort_unstable();
    Ok(paths)
}

fn list_shard(shard: &Path) -> Result<Vec<ListedObject>, StoreError> {
    let mut objects = Vec::new();
    for path in entries(shard)? {
        let parts = [shard.file_name(), path.file_name()];
        let text: String = parts.into_iter().flatten().filter_map(|part| part.to_str()).collect();
        let (Ok(name), Some(metadata)) = (ObjectName::parse(&text), metadata_if_there(&path)?) else { continue };
        if metadata.is_file() {
            objects.push(ListedObject { name, modified_at: modified_at(&metadata), size_bytes: metadata.len() });
        }
    }
    Ok(objects)
}

/// A file may be deleted between listing and looking.
fn metadata_if_there(path: &Path) -> Result<Option<fs::Metadata>, StoreError> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("listing", path)(error)),
    }
}

fn modified_at(metadata: &fs::Metadata) -> Timestamp {
    let since_epoch =
        metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    Timestamp::from_millis(u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::os::unix::fs::PermissionsExt as _;

    use chancery_vault::SystemRandom;

    use super::super::Objects;
    use super::*;

    async fn folder() -> (tempfile::TempDir, Objects) {
        let root = tempfile::tempdir().unwrap();
        let objects = Objects::folder(root.path().join("data")).await.unwrap();
        (root, objects)
    }

    fn name() -> ObjectName {
        ObjectName::generate(&SystemRandom).unwrap()
    }

    #[tokio::test]
    async fn an_object_is_read_whole_and_in_parts_and_is_gone_after_deletion() {
        let (_root, objects) = folder().await;
        let name = name();
        assert!(matches!(objects.get(&name).await, Err(StoreError::ObjectMissing)));
        objects.put(&name, Bytes::from_static(b"0123456789")).await.unwrap();
        assert_eq!(objects.get(&name).await.unwrap(), "0123456789");
        assert_eq!(objects.get_range(&name, 3..6).await.unwrap(), "345");
        assert_eq!(objects.get_range(&name, 10..10).await.unwrap(), "");
        assert!(objects.get_range(&name, 5..11).await.is_err());
        assert!(objects.get_range(&name, 0..u64::MAX).await.is_err());
        objects.delete(&name).await.unwrap();
        objects.delete(&name).await.unwrap();
        assert!(matches!(objects.get(&name).await, Err(StoreError::ObjectMissing)));
        assert!(matches!(objects.get_range(&name, 0..1).await, Err(StoreError::ObjectMissing)));
    }

    #[tokio::test]
    async fn nobody_else_may_read() {
        let (root, objects) = folder().await;
        let name = name();
        objects.put(&name, Bytes::from_static(b"x")).await.unwrap();
        let data = root.path().join("data");
        let (shard, rest) = name.shard_and_rest();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&data.join("objects").join(shard).join(rest)), 0o600);
        assert_eq!(mode(&data.join("objects").join(shard)), 0o700);
        assert_eq!(mode(&data.join("objects")), 0o700);
    }

    #[tokio::test]
    async fn the_list_holds_objects_only() {
        let (root, objects) = folder().await;
        let names = [name(), name(), name()];
        for name in &names {
            objects.put(name, Bytes::from_static(b"abc")).await.unwrap();
        }
        let strange = root.path().join("data/objects");
        fs::write(strange.join("note.txt"), "x").unwrap();
        fs::create_dir(strange.join("zz")).unwrap();
        fs::write(strange.join("zz/short"), "x").unwrap();
        let listed: Vec<ListedObject> = objects.list().try_collect().await.unwrap();
        let mut listed_names: Vec<_> = listed.iter().map(|object| object.name.clone()).collect();
        let mut expected = names.to_vec();
        listed_names.sort();
        expected.sort();
        assert_eq!(listed_names, expected);
        assert!(
            listed
                .iter()
                .all(|object| object.size_bytes == 3 && object.modified_at > Timestamp::from_millis(1_600_000_000_000))
        );
    }

    #[tokio::test]
    async fn a_name_is_written_once() {
        let (_root, objects) = folder().await;
        let name = name();
        objects.put(&name, Bytes::from_static(b"first")).await.unwrap();
        let again = objects.put(&name, Bytes::from_static(b"second")).await;
        assert!(matches!(again, Err(StoreError::Folder { .. })));
        assert_eq!(objects.get(&name).await.unwrap(), "first");
    }

    #[tokio::test]
    async fn a_failed_write_is_an_error() {
        let (root, objects) = folder().await;
        let name = name();
        // The shard is a file: nothing can be written into it.
        fs::write(root.path().join("data/objects").join(name.shard_and_rest().0), "x").unwrap();
        assert!(matches!(objects.put(&name, Bytes::from_static(b"x")).await, Err(StoreError::Folder { .. })));
    }

    #[tokio::test]
    async fn an_empty_and_a_large_object_survive() {
        let (_root, objects) = folder().await;
        for bytes in [Bytes::new(), Bytes::from(vec![7; 5 << 20])] {
            let name = name();
            objects.put(&name, bytes.clone()).await.unwrap();
            assert_eq!(objects.get(&name).await.unwrap(), bytes);
        }
    }
}
