//! The root key's file: read, or made at the first start, with mode 0600; and replaced by the next one.
//!
//! While the root key is being replaced there are two files: the key, and beside it the next one with `.next` behind its
//! name. Whoever runs opens what either wrapped, and wraps with the next. At the end the next one takes the key's place.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use chancery_vault::root_file::{self, FILE_BYTES_MAX, PassPhraseCost, RootKeyFile};
use chancery_vault::{
    FileRootKey, KeyId, Random, RootKey, RootKeyProvider, SystemRandom, VaultError, WorkspaceId, WorkspaceKey,
    WrappedWorkspaceKey,
};
use zeroize::Zeroizing;

use crate::config::Config;
use crate::error::CommandError;

/// Bytes of the file with the pass phrase; the vault's own limit is a little below.
const PASS_PHRASE_FILE_BYTES_MAX: u64 = 1100;

/// The root keys in files: the one that wraps first.
pub(crate) struct RootKeyFiles {
    config: Config,
    known: RwLock<Known>,
}

/// The keys that were read, and what the files looked like then.
#[derive(Clone)]
struct Known {
    keys: Arc<[FileRootKey]>,
    stamps: [Option<Stamp>; 2],
}

/// By which a file that was replaced shows: inode, length, time of change.
type Stamp = (u64, u64, i64, i64);

impl RootKeyFiles {
    /// Loads the root key, or makes it when there is none yet, and the next one when there is one.
    ///
    /// # Errors
    /// A file that others may read, that is damaged, or that the pass phrase does not open.
    pub(crate) fn load_or_create(config: &Config) -> Result<Self, CommandError> {
        Ok(Self { known: RwLock::new(Known::load(config)?), config: config.clone() })
    }

    /// Makes the next root key, unless it is there already; gives its path.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn prepare_next(config: &Config) -> Result<PathBuf, CommandError> {
        // The installation's first key must be there before there can be a next one.
        load_or_create(config)?;
        let path = next_path(config);
        if !path.exists() {
            create(&path, pass_phrase(config)?.as_deref())?;
        }
        Ok(path)
    }

    /// Puts the next root key in the place of the one that was, which is gone then.
    ///
    /// # Errors
    /// The file cannot be moved.
    pub(crate) fn promote_next(config: &Config) -> Result<(), CommandError> {
        let path = config.root_key_path();
        // A destruction that is writing the old key again must not put it in the place of the next one.
        let _lock = lock(&path)?;
        let moved = fs::rename(next_path(config), &path).and_then(|()| sync_folder(&path));
        moved.map_err(|error| {
            CommandError::environment(format!("cannot replace the root key {}", path.display()), error)
        })
    }

    fn known(&self) -> Arc<[FileRootKey]> {
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner).keys)
    }

    fn stamps(&self) -> [Option<Stamp>; 2] {
        self.known.read().unwrap_or_else(PoisonError::into_inner).stamps
    }
}

impl Known {
    fn load(config: &Config) -> Result<Self, CommandError> {
        // Looked at before: a change in between is seen as one.
        let stamps = stamps(config);
        let keys = load_all(config)?;
        Ok(Self { keys, stamps })
    }
}

impl RootKeyProvider for RootKeyFiles {
    fn key_id(&self) -> KeyId {
        // There is always one: loading fails without.
        self.known().first().map_or(KeyId::from_bytes([0; 8]), RootKeyProvider::key_id)
    }

    fn wrap(
        &self,
        random: &dyn Random,
        workspace: WorkspaceId,
        key: &WorkspaceKey,
    ) -> Result<WrappedWorkspaceKey, VaultError> {
        let known = self.known();
        let first = known.first().ok_or(VaultError::Library { operation: "finding the root key" })?;
        first.wrap(random, workspace, key)
    }

    fn unwrap(&self, workspace: WorkspaceId, wrapped: &WrappedWorkspaceKey) -> Result<WorkspaceKey, VaultError> {
        let (known, id) = (self.known(), wrapped.wrapping_id());
        let named = known.iter().find(|root| root.key_id() == id).or(known.first());
        named.ok_or(VaultError::Library { operation: "finding the root key" })?.unwrap(workspace, wrapped)
    }

    fn holder(&self, id: KeyId) -> Option<&'static str> {
        self.known().iter().find_map(|root| root.holder(id))
    }

    /// Writes each file again without the workspace, and over the old bytes. One process at a time does so: of two that
    /// destroy at once, each must see what the other did.
    fn destroy(&self, workspace: WorkspaceId) -> Result<(), VaultError> {
        let cut = || -> Result<(), CommandError> {
            let path = self.config.root_key_path();
            let _lock = lock(&path)?;
            for path in [next_path(&self.config), path] {
                if path.exists() {
                    cut_out(&self.config, &path, workspace)?;
                }
            }
            Ok(())
        };
        let done = cut();
        self.refresh();
        done.map_err(|error| VaultError::Keeper { keeper: "the root key's file", reason: error.told() })
    }

    fn is_outdated(&self) -> bool {
        self.known().len() > 1 || self.stamps() != stamps(&self.config)
    }

    fn prefer(&self, id: KeyId) -> bool {
        self.holder(id).is_some()
    }

    fn refresh(&self) {
        match Known::load(&self.config) {
            Ok(known) => *self.known.write().unwrap_or_else(PoisonError::into_inner) = known,
            Err(error) => tracing::error!(%error, "the root key could not be read again"),
        }
    }
}

fn stamps(config: &Config) -> [Option<Stamp>; 2] {
    [config.root_key_path(), next_path(config)].map(|path| {
        let data = fs::metadata(path).ok()?;
        Some((data.ino(), data.len(), data.mtime(), data.mtime_nsec()))
    })
}

/// Replaces a file by one with the same key without a workspace.
fn cut_out(config: &Config, path: &Path, workspace: WorkspaceId) -> Result<(), CommandError> {
    let failed = |error| CommandError::environment(format!("cannot change the root key {}", path.display()), error);
    let opened = |error| CommandError::environment(format!("cannot write the root key {}", path.display()), error);
    let pass_phrase = pass_phrase(config)?;
    let mut old = OpenOptions::new().read(true).write(true).open(path).map_err(opened)?;
    let root = load(path, old.try_clone().map_err(opened)?, pass_phrase.as_deref())?;
    let text = encoded(&root.without(workspace).map_err(failed)?, pass_phrase.as_deref()).map_err(failed)?;
    let mut new = path.as_os_str().to_owned();
    new.push(".new");
    let new = PathBuf::from(new);
    // Of a run that was interrupted; whoever holds the lock is the only one who writes it.
    drop(fs::remove_file(&new));
    write_new(&new, text.as_bytes())?;
    let mut replaced = || -> io::Result<()> {
        let length = usize::try_from(old.metadata()?.len()).unwrap_or(FILE_BYTES_MAX);
        fs::rename(&new, path)?;
        sync_folder(path)?;
        // What a file system or a disk keeps of old blocks is beyond a program; the name leads here no more.
        old.seek(SeekFrom::Start(0))?;
        old.write_all(&vec![0; length])?;
        old.sync_all()
    };
    replaced().map_err(opened)
}

/// The text of a root key file, sealed when there is a pass phrase.
fn encoded(root: &RootKey, pass_phrase: Option<&[u8]>) -> Result<Zeroizing<String>, VaultError> {
    match pass_phrase {
        Some(pass_phrase) => {
            root_file::encode_sealed(&SystemRandom, root, pass_phrase, PassPhraseCost::RECOMMENDED).map(Zeroizing::new)
        }
        None => root_file::encode_plain(root),
    }
}

/// Whoever writes root key files holds this, until it is dropped.
fn lock(path: &Path) -> Result<File, CommandError> {
    let failed = |error| CommandError::environment("cannot lock the folder of the root key", error);
    let folder = File::open(folder_of(path)).map_err(failed)?;
    folder.lock().map_err(failed)?;
    Ok(folder)
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The root key of the file, for a ceremony.
///
/// # Errors
/// There is none, or it cannot be read.
pub(crate) fn read(config: &Config) -> Result<RootKey, CommandError> {
    let path = config.root_key_path();
    let file = File::open(&path).map_err(|error| CommandError::file("read the root key", &path, error))?;
    load(&path, file, pass_phrase(config)?.as_deref())
}

/// Writes a root key to where the configuration has it, and where none may be.
///
/// # Errors
/// It cannot be written.
pub(crate) fn write(config: &Config, root: &RootKey) -> Result<(), CommandError> {
    let failed = |error| CommandError::environment("cannot seal the root key", error);
    let text = encoded(root, pass_phrase(config)?.as_deref()).map_err(failed)?;
    write_new(&config.root_key_path(), text.as_bytes())
}

fn next_path(config: &Config) -> PathBuf {
    let mut path = config.root_key_path().into_os_string();
    path.push(".next");
    path.into()
}

/// The next key is looked for first: when it takes the other's place in between, it is found there.
fn load_all(config: &Config) -> Result<Arc<[FileRootKey]>, CommandError> {
    let path = next_path(config);
    let next = match File::open(&path) {
        Ok(file) => Some(prepared(&load(&path, file, pass_phrase(config)?.as_deref())?)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => {
            return Err(CommandError::environment(format!("cannot read the root key {}", path.display()), error));
        }
    };
    Ok(next.into_iter().chain([load_or_create(config)?]).collect())
}

/// Loads the root key, or makes it when there is none yet.
fn load_or_create(config: &Config) -> Result<FileRootKey, CommandError> {
    let path = config.root_key_path();
    let pass_phrase = pass_phrase(config)?;
    let root = match File::open(&path) {
        Ok(file) => load(&path, file, pass_phrase.as_deref())?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => create(&path, pass_phrase.as_deref())?,
        Err(error) => {
            return Err(CommandError::environment(format!("cannot read the root key {}", path.display()), error));
        }
    };
    prepared(&root)
}

fn prepared(root: &RootKey) -> Result<FileRootKey, CommandError> {
    FileRootKey::new(root).map_err(|error| CommandError::environment("cannot prepare the root key", error))
}

fn load(path: &Path, file: File, pass_phrase: Option<&[u8]>) -> Result<RootKey, CommandError> {
    let failed = |error| CommandError::environment(format!("cannot read the root key {}", path.display()), error);
    let mode = file.metadata().map_err(failed)?.mode();
    if mode & 0o077 != 0 {
        return Err(CommandError::input(format!(
            "the root key {} may be read by others (mode {:03o}): run `chmod 600` on it",
            path.display(),
            mode & 0o777
        )));
    }
    let mut text = String::new();
    file.take(u64::try_from(FILE_BYTES_MAX).unwrap_or(u64::MAX) + 1).read_to_string(&mut text).map_err(failed)?;
    let damaged = |error| CommandError::environment(format!("cannot use the root key {}", path.display()), error);
    match (root_file::decode(&text).map_err(damaged)?, pass_phrase) {
        (RootKeyFile::Plain(root), None) => Ok(root),
        (RootKeyFile::Plain(_), Some(_)) => Err(CommandError::input(format!(
            "the root key {} lies in the clear, but a pass phrase is configured: the one does not fit the other",
            path.display()
        ))),
        (RootKeyFile::Sealed(sealed), Some(pass_phrase)) => sealed.open(pass_phrase).map_err(damaged),
        (RootKeyFile::Sealed(_), None) => Err(CommandError::input(format!(
            "the root key {} is sealed by a pass phrase: set `root_key.pass_phrase_file`",
            path.display()
        ))),
    }
}

fn create(path: &Path, pass_phrase: Option<&[u8]>) -> Result<RootKey, CommandError> {
    let failed = |error| CommandError::environment("cannot make a root key", error);
    let root = RootKey::generate(&SystemRandom).map_err(failed)?;
    write_new(path, encoded(&root, pass_phrase).map_err(failed)?.as_bytes())?;
    if pass_phrase.is_none() {
        tracing::warn!(path = %path.display(), "made a root key that lies in the clear; set `root_key.pass_phrase_file` for anything but a trial");
    }
    Ok(root)
}

/// Writes a file that must not exist yet, to the disk: data sealed under a key that is lost cannot be read by anybody.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    let write = || -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        sync_folder(path)
    };
    write().map_err(|error| CommandError::environment(format!("cannot write {}", path.display()), error))
}

fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(folder_of(path))?.sync_all()
}

fn pass_phrase(config: &Config) -> Result<Option<Vec<u8>>, CommandError> {
    let Some(path) = &config.root_key_pass_phrase_file else { return Ok(None) };
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(PASS_PHRASE_FILE_BYTES_MAX).read_to_end(&mut bytes))
        .map_err(|source| CommandError::file("read the pass phrase file", path, source))?;
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
    }
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn config(folder: &Path) -> Config {
        Config { data_folder: folder.to_owned(), ..Config::default() }
    }

    #[test]
    fn the_first_start_makes_a_key_for_its_owner_only_and_the_second_reads_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let first = load_or_create(&config).unwrap();
        assert_eq!(fs::metadata(config.root_key_path()).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(load_or_create(&config).unwrap().key_id(), first.key_id());
    }

    #[test]
    fn the_next_key_wraps_and_both_open_until_it_takes_the_place_of_the_one_that_was() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let running = RootKeyFiles::load_or_create(&config).unwrap();
        let old = running.key_id();
        let id = WorkspaceId::generate(chancery_vault::Timestamp::from_millis(0), &SystemRandom).unwrap();
        let key = WorkspaceKey::generate(&SystemRandom).unwrap();
        let before = running.wrap(&SystemRandom, id, &key).unwrap();

        RootKeyFiles::prepare_next(&config).unwrap();
        RootKeyFiles::prepare_next(&config).unwrap();
        assert_eq!(running.key_id(), old, "who runs learns it when it looks");
        running.refresh();
        let new = running.key_id();
        assert_ne!(new, old);
        assert!(running.is_outdated());
        let after = running.wrap(&SystemRandom, id, &key).unwrap();
        assert_eq!((before.wrapping_id(), after.wrapping_id()), (old, new));
        assert!(running.unwrap(id, &before).is_ok() && running.unwrap(id, &after).is_ok());

        RootKeyFiles::promote_next(&config).unwrap();
        running.refresh();
        assert_eq!(running.key_id(), new);
        assert!(!running.is_outdated());
        assert!(matches!(running.unwrap(id, &before), Err(VaultError::OtherKey { .. })), "the old key is gone");
        assert!(running.unwrap(id, &after).is_ok());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "one file is left");
    }

    #[test]
    fn a_workspace_that_is_destroyed_is_gone_from_the_file_and_from_whoever_runs() {
        let folder = tempfile::tempdir().unwrap();
        let phrase = folder.path().join("phrase");
        fs::write(&phrase, "correct horse battery staple").unwrap();
        let data = folder.path().join("data");
        fs::create_dir(&data).unwrap();
        let config = Config { root_key_pass_phrase_file: Some(phrase), ..config(&data) };
        let running = RootKeyFiles::load_or_create(&config).unwrap();
        let [gone, other] =
            [1, 2].map(|at| WorkspaceId::generate(chancery_vault::Timestamp::from_millis(at), &SystemRandom).unwrap());
        let key = WorkspaceKey::generate(&SystemRandom).unwrap();
        let [lost, kept] = [gone, other].map(|id| running.wrap(&SystemRandom, id, &key).unwrap());
        let old = File::open(config.root_key_path()).unwrap();

        let elsewhere = RootKeyFiles::load_or_create(&config).unwrap();
        elsewhere.destroy(gone).unwrap();
        elsewhere.destroy(gone).unwrap();
        assert!(running.unwrap(gone, &lost).is_ok(), "who runs learns it when it looks");
        assert!(running.is_outdated());
        running.refresh();
        for held in [&running, &elsewhere, &RootKeyFiles::load_or_create(&config).unwrap()] {
            assert_eq!(held.unwrap(gone, &lost).err(), Some(VaultError::Destroyed));
            assert!(held.unwrap(other, &kept).is_ok() && !held.is_outdated());
        }
        let mut left = Vec::new();
        (&old).read_to_end(&mut left).unwrap();
        assert!(!left.is_empty() && left.iter().all(|byte| *byte == 0), "the old bytes are written over");
        assert_eq!(fs::read_dir(&data).unwrap().count(), 1, "one file is left");
    }

    #[test]
    fn a_key_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        load_or_create(&config).unwrap();
        fs::set_permissions(config.root_key_path(), fs::Permissions::from_mode(0o644)).unwrap();
        let error = load_or_create(&config).err().unwrap().to_string();
        assert!(error.contains("may be read by others (mode 644)"), "{error}");
    }

    #[test]
    fn a_damaged_key_is_refused_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        load_or_create(&config).unwrap();
        let text = fs::read_to_string(config.root_key_path()).unwrap();
        let damaged = text.replace("key: ", "key: A");
        fs::write(config.root_key_path(), &damaged).unwrap();
        assert!(load_or_create(&config).is_err());
        assert_eq!(fs::read_to_string(config.root_key_path()).unwrap(), damaged);
    }
}
