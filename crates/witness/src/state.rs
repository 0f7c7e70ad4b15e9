//! What a witness remembers: for each log the last checkpoint that it cosigned, in one file that is replaced as a whole.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use chancery_ledger::{AddCheckpoint, Checkpoint, Note, PublicKey, Refusal, Seen, SigningKey, checkpoint_line};

use crate::WitnessError;
use crate::places::origin_id;

/// Logs that one witness watches.
const LOG_COUNT_MAX: usize = 100;
/// Bytes of the file: a full note for each log.
const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// The first line of the file.
const HEADER: &str = "chancery-witness/1";

/// Why a checkpoint was not cosigned.
#[derive(Debug, thiserror::Error)]
pub enum NotCosigned {
    /// The request is refused.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// What was seen could not be kept, so that nothing is signed.
    #[error("{0}")]
    NotKept(#[from] WitnessError),
}

/// A witness: its key, the logs that it watches, and what it saw of each.
pub struct WitnessState {
    key: SigningKey,
    path: PathBuf,
    logs: BTreeMap<String, Watched>,
    /// Held for as long as this lives: two witnesses with one file would sign two histories.
    _lock: File,
}

/// One log.
struct Watched {
    /// The key that was trusted first.
    key: PublicKey,
    seen: Option<(Seen, Note)>,
}

impl WitnessState {
    /// Opens the file at `path`, which need not be there yet, for these logs.
    ///
    /// # Errors
    /// It cannot be read, another process has it, or it holds what this witness did not sign.
    pub fn open(path: &Path, key: SigningKey, logs: Vec<PublicKey>) -> Result<Self, WitnessError> {
        if logs.is_empty() || logs.len() > LOG_COUNT_MAX {
            return Err(WitnessError::content(path, format!("a witness watches 1 to {LOG_COUNT_MAX} logs")));
        }
        let lock_path = with_ending(path, ".lock");
        let failed = WitnessError::file("write", &lock_path);
        let lock = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&lock_path);
        let lock = lock.map_err(failed)?;
        lock.try_lock().map_err(|_| WitnessError::content(path, "another witness works with it"))?;
        let watched = |key: PublicKey| (key.name().to_owned(), Watched { key, seen: None });
        let mut state = Self { key, path: path.to_owned(), logs: logs.into_iter().map(watched).collect(), _lock: lock };
        match File::open(path) {
            Ok(file) => state.load(file)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(WitnessError::file("read", path)(error)),
        }
        Ok(state)
    }

    /// The key with which its cosignatures are verified.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        self.key.public()
    }

    /// The last checkpoint that was cosigned of the log with this id, SHA-256 of its name in hexadecimal digits.
    #[must_use]
    pub fn last_seen(&self, id: &str) -> Option<&Note> {
        let watched = self.logs.iter().find(|(origin, _)| origin_id(origin) == id)?.1;
        watched.seen.as_ref().map(|(_, note)| note)
    }

    /// Cosigns a checkpoint when it continues what was seen of its log; remembers it first. Gives the line of the
    /// cosignature.
    ///
    /// # Errors
    /// [`NotCosigned`].
    pub fn add(&mut self, request: &AddCheckpoint, now_seconds: u64) -> Result<String, NotCosigned> {
        let origin = request.origin().to_owned();
        let watched = self.logs.get(&origin).ok_or(Refusal::UnknownLog)?;
        let seen = request.consider(&watched.key, watched.seen.as_ref().map(|(seen, _)| seen))?;
        let mut note = request.note.clone();
        let mut alone = Note::new(note.text().to_owned());
        let library = |error| Refusal::Malformed(error);
        alone.cosign(&self.key, now_seconds).map_err(library)?;
        let line = alone.to_text().rsplit("\n\n").next().unwrap_or_default().to_owned();
        note.adopt(self.key.public(), &line).map_err(library)?;
        let before = self.logs.get_mut(&origin).and_then(|watched| watched.seen.replace((seen, note)));
        if let Err(error) = self.store() {
            if let Some(watched) = self.logs.get_mut(&origin) {
                watched.seen = before;
            }
            return Err(error.into());
        }
        Ok(line)
    }

    fn load(&mut self, file: File) -> Result<(), WitnessError> {
        let path = self.path.clone();
        let wrong = |reason: &str| WitnessError::content(&path, reason);
        let mut text = String::new();
        file.take(FILE_BYTES_MAX).read_to_string(&mut text).map_err(WitnessError::file("read", &path))?;
        let mut lines = text.lines();
        if lines.next() != Some(HEADER) {
            return Err(wrong("it is not what a witness wrote"));
        }
        for line in lines {
            let (key, note) = line.split_once(' ').ok_or_else(|| wrong("a line is damaged"))?;
            let key = PublicKey::parse(key).map_err(|error| WitnessError::content(&path, error))?;
            let note = note.strip_prefix("checkpoint ").ok_or_else(|| wrong("a line is damaged"))?;
            let note = Note::parse_encoded(note).map_err(|error| WitnessError::content(&path, error))?;
            // Whoever changes the file cannot make this witness believe that it saw something else.
            note.verify(self.key.public()).map_err(|error| WitnessError::content(&path, error))?;
            let seen = Checkpoint::parse(note.text()).map_err(|error| WitnessError::content(&path, error))?;
            // A log that is watched no more is forgotten.
            if let Some(watched) = self.logs.get_mut(&seen.origin) {
                watched.seen = Some((Seen { size: seen.size, root: seen.root, key }, note));
            }
        }
        Ok(())
    }

    /// Writes a new file, flushes it and puts it in the place of the old one: a crash leaves one of both.
    fn store(&self) -> Result<(), WitnessError> {
        let mut text = format!("{HEADER}\n");
        for (seen, note) in self.logs.values().filter_map(|watched| watched.seen.as_ref()) {
            text.push_str(&format!("{} {}\n", seen.key.to_text(), checkpoint_line(note)));
        }
        let new = with_ending(&self.path, ".new");
        let written = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new);
        let written = written.and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
        written.and_then(|()| fs::rename(&new, &self.path)).map_err(WitnessError::file("write", &self.path))?;
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(WitnessError::file("write", folder))
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
