//! The key file of a custodian, who signs destructions: an Ed25519 key, always sealed by a pass phrase.
//!
//! ```text
//! chancery-custodian-key 1
//! name: the custodian's name
//! protection: argon2id memory-kib=262144 passes=3 lanes=4
//! salt: base64url, 16 bytes
//! key: base64url; nonce, key and tag
//! ```
//! All lines above the key are its associated data.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chancery_ledger::SigningKey;
use zeroize::Zeroizing;

use crate::random::array;
use crate::root_file::{PassPhraseCost, SALT_BYTES, check_pass_phrase, parse_cost, stretch};
use crate::{Random, Secret, VaultError};

const TITLE: &str = "chancery-custodian-key 1";
const WHAT: &str = "the custodian's key file";
/// Five lines; anything longer is no such file.
const FILE_BYTES_MAX: usize = 4096;
const NAME_LENGTH_MAX: usize = 64;
/// In front of a custodian's name, in the name of their key.
const KEY_NAME: &str = "chancery/custodian/";

/// Makes a key and its file.
///
/// # Errors
/// A name that is not made of 1 to 64 lower-case letters, digits, `.` and `-`; a pass phrase of a wrong length; a failing
/// random source.
pub fn create(
    random: &dyn Random,
    name: &str,
    pass_phrase: &[u8],
    cost: PassPhraseCost,
) -> Result<(SigningKey, String), VaultError> {
    check_name(name)?;
    check_pass_phrase(pass_phrase)?;
    let seed = Secret::generate(random)?;
    let salt: [u8; SALT_BYTES] = array(random)?;
    let mut text = format!("{TITLE}\nname: {name}\nprotection: {}\n", cost.words());
    text.push_str(&format!("salt: {}\n", URL_SAFE_NO_PAD.encode(salt)));
    let mut sealed = Vec::new();
    stretch(pass_phrase, &salt, cost)?.seal_onto(random, text.as_bytes(), seed.expose(), &mut sealed)?;
    text.push_str(&format!("key: {}\n", URL_SAFE_NO_PAD.encode(sealed)));
    Ok((signing_key(name, &seed)?, text))
}

/// Opens a key file.
///
/// # Errors
/// [`VaultError::Malformed`]; [`VaultError::PassPhrase`] also when the file was altered.
pub fn open(text: &str, pass_phrase: &[u8]) -> Result<SigningKey, VaultError> {
    let malformed = |reason| VaultError::Malformed { what: WHAT, reason };
    if text.len() > FILE_BYTES_MAX {
        return Err(malformed("it is too long"));
    }
    let (above, key) = text.rsplit_once("key: ").ok_or(malformed("the line 'key' is missing"))?;
    let mut lines = above.lines();
    let mut next = |word: &str, reason| lines.next().and_then(|line| line.strip_prefix(word)).ok_or(malformed(reason));
    next(TITLE, "its first line is not that of one")?;
    let name = next("name: ", "the line 'name' is missing")?;
    check_name(name)?;
    let cost = parse_cost(next("protection: ", "the line 'protection' is missing")?);
    let cost = cost.ok_or(malformed("its protection is unknown or out of range"))?;
    let salt = URL_SAFE_NO_PAD.decode(next("salt: ", "the line 'salt' is missing")?).ok();
    let salt: [u8; SALT_BYTES] = salt.and_then(|salt| salt.try_into().ok()).ok_or(malformed("its salt is damaged"))?;
    let sealed = key.strip_suffix('\n').and_then(|key| URL_SAFE_NO_PAD.decode(key).ok());
    let sealed = sealed.ok_or(malformed("its key is damaged"))?;
    let opened = stretch(pass_phrase, &salt, cost)?.open(above.as_bytes(), &sealed)?.ok_or(VaultError::PassPhrase)?;
    let opened = Zeroizing::new(opened);
    let seed = Secret::filled_by(|seed| {
        *seed = opened.as_slice().try_into().map_err(|_| VaultError::PassPhrase)?;
        Ok(())
    })?;
    signing_key(name, &seed)
}

/// The custodian's own name, of the name of their key.
#[must_use]
pub fn custodian_name(key_name: &str) -> Option<&str> {
    key_name.strip_prefix(KEY_NAME).filter(|name| check_name(name).is_ok())
}

fn check_name(name: &str) -> Result<(), VaultError> {
    let is_allowed =
        |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'.' || letter == b'-';
    if name.is_empty() || name.len() > NAME_LENGTH_MAX || !name.bytes().all(is_allowed) {
        let reason = "it must have 1 to 64 lower-case letters, digits, `.` and `-`";
        return Err(VaultError::Malformed { what: "the custodian's name", reason });
    }
    Ok(())
}

fn signing_key(name: &str, seed: &Secret<32>) -> Result<SigningKey, VaultError> {
    SigningKey::log(&format!("{KEY_NAME}{name}"), seed.expose())
        .map_err(|_| VaultError::Library { operation: "making a custodian's key" })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::SystemRandom;

    const PHRASE: &[u8] = b"correct horse battery staple";

    #[test]
    fn the_key_comes_back_with_its_pass_phrase_only() {
        let (key, text) = create(&SystemRandom, "alice", PHRASE, PassPhraseCost::LEAST).unwrap();
        assert_eq!(open(&text, PHRASE).unwrap().public(), key.public());
        assert_eq!(open(&text, b"another pass phrase").err(), Some(VaultError::PassPhrase));
        assert_eq!(open(&text.replace("alice", "malice"), PHRASE).err(), Some(VaultError::PassPhrase));
        assert_eq!(custodian_name(key.public().name()), Some("alice"));
        assert_eq!(custodian_name("chancery/ledger/alice"), None);
    }

    #[test]
    fn damaged_files_and_strange_names_are_refused() {
        let (_, text) = create(&SystemRandom, "bob", PHRASE, PassPhraseCost::LEAST).unwrap();
        for damaged in ["", "x", "key: ", &text.replace("salt: ", "salt: !"), &format!("{text}x"), &"x".repeat(5000)] {
            assert!(open(damaged, PHRASE).is_err(), "{damaged}");
        }
        for name in ["", "Alice", "a b", "a+b", "a/b", &"x".repeat(65)] {
            assert!(create(&SystemRandom, name, PHRASE, PassPhraseCost::LEAST).is_err(), "{name}");
        }
    }
}
