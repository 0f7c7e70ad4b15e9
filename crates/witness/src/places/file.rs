//! Checkpoints in a file: one line each, appended and never rewritten.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use chancery_ledger::{Checkpoint, LINE_BYTES_MAX, LedgerError, Note, checkpoint_line, verify_consistency};
use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::{Cosignature, Offer, Place};
use crate::PlaceError;

/// The word in front of each checkpoint, as in an export.
const WORD: &str = "checkpoint ";
/// Bytes of a file that is read as a whole: a million checkpoints.
const FILE_BYTES_MAX: u64 = 600_000_000;

/// A file.
pub struct FilePlace {
    path: PathBuf,
}

impl FilePlace {
    /// The file at `path`, which need not be there yet.
    #[must_use]
    pub const fn new(path: PathBuf) -> Self {
        Self { path }
    }

    async fn append(&self, offer: &Offer<'_>) -> Result<(), PlaceError> {
        let failed = |error: std::io::Error| PlaceError::file("write", &self.path, &error);
        let path = self.path.clone();
        let (mut file, tail) = on_blocking_thread(move || open_tail(&path)).await?.map_err(failed)?;
        let line = checkpoint_line(offer.note);
        // A line that a crash cut off promises nothing; it is ended, so that the next one can be read.
        let (whole, cut) = tail.rsplit_once('\n').unwrap_or(("", &tail));
        if let Some(last) = whole.lines().next_back() {
            let last = parse_line(last).and_then(|note| Checkpoint::parse(note.text()));
            if self.refuse_what_does_not_continue(&last.map_err(|error| wrong(&self.path, &error))?, offer).await? {
                return Ok(());
            }
        }
        let start = if cut.is_empty() { "" } else { "\n" };
        let text = format!("{start}{line}\n");
        on_blocking_thread(move || file.write_all(text.as_bytes()).and_then(|()| file.sync_data()))
            .await?
            .map_err(failed)
    }

    /// Compares with the last checkpoint of the file; gives whether that is the one that is offered.
    async fn refuse_what_does_not_continue(&self, last: &Checkpoint, offer: &Offer<'_>) -> Result<bool, PlaceError> {
        let new = Checkpoint::parse(offer.note.text())?;
        let is_same = last.size == new.size && last.root == new.root;
        if is_same {
            return Ok(true);
        }
        let proof = if last.size < new.size {
            offer.proofs.consistency(last.size, new.size).await.map_err(PlaceError::Failed)?
        } else {
            Vec::new()
        };
        verify_consistency((last.size, &last.root), (new.size, &new.root), &proof).map_err(|_| {
            PlaceError::Conflict(format!(
                "{} promises {} entries with the root {}, the database has {} with the root {}: it was restored from before or changed; run `chancery audit verify --checkpoints {0}`",
                self.path.display(),
                last.size,
                last.root,
                new.size,
                new.root,
            ))
        })?;
        Ok(false)
    }
}

impl Place for FilePlace {
    fn kind(&self) -> &'static str {
        "file"
    }

    fn keep<'a>(&'a self, offer: &'a Offer<'a>) -> BoxFuture<'a, Result<Option<Cosignature>, PlaceError>> {
        async move { self.append(offer).await.map(|()| None) }.boxed()
    }

    fn read<'a>(&'a self, _origin: &'a str) -> BoxFuture<'a, Result<Option<Vec<Note>>, PlaceError>> {
        let path = self.path.clone();
        async move { on_blocking_thread(move || read(&path)).await?.map(Some) }.boxed()
    }
}

/// Reads checkpoints: lines as they are appended, or one signed note as it is. A file that is not there is an error.
///
/// # Errors
/// It cannot be read, or holds something else.
pub fn read(path: &Path) -> Result<Vec<Note>, PlaceError> {
    let failed = |error: std::io::Error| PlaceError::file("read", path, &error);
    let mut text = String::new();
    let file = File::open(path).map_err(failed)?;
    if file.metadata().map_err(failed)?.len() > FILE_BYTES_MAX {
        return Err(PlaceError::Failed(format!("{} is larger than 600 MB", path.display())));
    }
    file.take(FILE_BYTES_MAX).read_to_string(&mut text).map_err(failed)?;
    if text.starts_with(WORD) {
        return text.lines().map(|line| parse_line(line).map_err(|error| wrong(path, &error))).collect();
    }
    Ok(vec![Note::parse(&text).map_err(|error| wrong(path, &error))?])
}

/// Opens the file, alone among those who append, and reads what its last line can be.
fn open_tail(path: &Path) -> Result<(File, String), std::io::Error> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    file.lock()?;
    let length = file.metadata()?.len();
    let tail_length = u64::try_from(LINE_BYTES_MAX).unwrap_or(u64::MAX);
    file.seek(SeekFrom::Start(length.saturating_sub(tail_length)))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    Ok((file, String::from_utf8_lossy(&tail).into_owned()))
}

async fn on_blocking_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, PlaceError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| PlaceError::Failed("the program ends".to_owned()))
}

fn parse_line(line: &str) -> Result<Note, LedgerError> {
    Note::parse_encoded(line.strip_prefix(WORD).unwrap_or_default())
}

fn wrong(path: &Path, error: &LedgerError) -> PlaceError {
    PlaceError::Conflict(format!("{}: {error}", path.display()))
}
