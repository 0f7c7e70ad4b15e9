//! The private key of a witness: a file that only its owner can read.

use std::fs::OpenOptions;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use chancery_ledger::{PublicKey, SigningKey};
use zeroize::Zeroizing;

use crate::WitnessError;

/// Bytes of the file: a name, an id and 33 bytes in base64.
const FILE_BYTES_MAX: u64 = 1000;

/// Makes a key in a new file, and gives its public half.
///
/// # Errors
/// The file exists already or cannot be written; the name is empty or holds spaces or `+`.
pub fn generate(path: &Path, name: &str) -> Result<PublicKey, WitnessError> {
    let mut seed = Zeroizing::new([0; 32]);
    aws_lc_rs::rand::fill(seed.as_mut_slice())
        .map_err(|_| WitnessError::content(path, "there are no random numbers"))?;
    let text = SigningKey::witness_text(name, &seed).map_err(|error| WitnessError::content(path, error))?;
    let text = Zeroizing::new(text + "\n");
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(WitnessError::file("write", path))?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(WitnessError::file("write", path))?;
    Ok(read(path)?.public().clone())
}

/// Reads a key.
///
/// # Errors
/// The file cannot be read, others can read it too, or it holds something else.
pub fn read(path: &Path) -> Result<SigningKey, WitnessError> {
    let file = OpenOptions::new().read(true).open(path).map_err(WitnessError::file("read", path))?;
    if file.metadata().map_err(WitnessError::file("read", path))?.mode() & 0o077 != 0 {
        return Err(WitnessError::content(path, "others can read it: run `chmod 600` on it"));
    }
    let mut text = Zeroizing::new(String::new());
    file.take(FILE_BYTES_MAX).read_to_string(&mut text).map_err(WitnessError::file("read", path))?;
    SigningKey::parse_witness(text.trim_end()).map_err(|error| WitnessError::content(path, error))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_made_and_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let public = generate(&path, "witness.example/1").unwrap();
        assert_eq!(*read(&path).unwrap().public(), public);
        assert_eq!(public.name(), "witness.example/1");
        assert!(generate(&path, "witness.example/1").is_err());
        assert_eq!(*read(&path).unwrap().public(), public);
        assert!(generate(&folder.path().join("other"), "a name").is_err());
    }

    #[test]
    fn a_key_that_others_can_read_or_that_is_damaged_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        generate(&path, "w").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(read(&path).err().unwrap().to_string().contains("others can read it"));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        for damaged in ["", "PRIVATE+KEY+", &text.replacen("+w+", "+v+", 1), text.get(..40).unwrap()] {
            std::fs::write(&path, damaged).unwrap();
            let refused = read(&path).err().unwrap().to_string();
            assert!(refused.contains("private key"), "{refused}");
        }
    }
}
