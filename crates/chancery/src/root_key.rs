//! The root key's file: read, or made at the first start, with mode 0600.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use chancery_vault::root_file::{self, FILE_BYTES_MAX, PassPhraseCost, RootKeyFile};
use chancery_vault::{FileRootKey, RootKey, SystemRandom};

use crate::config::Config;
use crate::error::CommandError;

/// Bytes of the file with the pass phrase; the vault's own limit is a little below.
const PASS_PHRASE_FILE_BYTES_MAX: u64 = 1100;

/// Loads the root key, or makes it when there is none yet.
///
/// # Errors
/// A file that others may read, that is damaged, or that the pass phrase does not open.
pub(crate) fn load_or_create(config: &Config) -> Result<FileRootKey, CommandError> {
    let path = config.root_key_path();
    let pass_phrase = pass_phrase(config)?;
    let root = match File::open(&path) {
        Ok(file) => load(&path, file, pass_phrase.as_deref())?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => create(&path, pass_phrase.as_deref())?,
        Err(error) => {
            return Err(CommandError::environment(format!("cannot read the root key {}", path.display()), error));
        }
    };
    FileRootKey::new(&root).map_err(|error| CommandError::environment("cannot prepare the root key", error))
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
    match pass_phrase {
        Some(pass_phrase) => {
            let text = root_file::encode_sealed(&SystemRandom, &root, pass_phrase, PassPhraseCost::RECOMMENDED)
                .map_err(failed)?;
            write_new(path, text.as_bytes())?;
        }
        None => {
            write_new(path, root_file::encode_plain(&root).as_bytes())?;
            tracing::warn!(path = %path.display(), "made a root key that lies in the clear; set `root_key.pass_phrase_file` for anything but a trial");
        }
    }
    Ok(root)
}

/// Writes a file that must not exist yet, to the disk: data sealed under a key that is lost cannot be read by anybody.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    let write = || -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    };
    write().map_err(|error| CommandError::environment(format!("cannot write the root key {}", path.display()), error))
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

    use chancery_vault::RootKeyProvider as _;

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
