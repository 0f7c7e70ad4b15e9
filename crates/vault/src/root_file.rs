//! The root key file's text: sealed by a pass phrase, or plain for a trial. Reading and writing it is the caller's.
//!
//! ```text
//! chancery-root-key 1
//! id: 16 hexadecimal digits
//! protection: argon2id memory-kib=262144 passes=3 lanes=4      (or: none)
//! salt: base64url, 16 bytes                                   (not when plain)
//! key: base64url; nonce, key and tag when sealed, else the 32 bytes
//! ```
//! Version 2 is a key of which workspaces were cut out: its secrets stand where the 32 bytes stood.
//!
//! The lines are in this order, each ends with a line feed, and nothing follows. When sealed, all lines above the
//! key are its associated data, so that nobody can weaken the parameters unseen.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::{Zeroize as _, Zeroizing};

use crate::key_tree::TREE_BYTES_MAX;
use crate::random::array;
use crate::xaes::XaesKey;
use crate::{KeyId, Random, RootKey, Secret, VaultError};

const TITLE: &str = "chancery-root-key ";
const VERSION: u8 = 1;
/// Of a key of which workspaces were cut out.
const CUT_VERSION: u8 = 2;
const WHAT: &str = "the root key file";
pub(crate) const SALT_BYTES: usize = 16;
/// Four lines of at most some 150 characters, and the largest key in base64; anything longer is not a root key file.
pub const FILE_BYTES_MAX: usize = 4096 + TREE_BYTES_MAX / 3 * 4;
/// Shorter pass phrases can be guessed in spite of Argon2id.
pub const PASS_PHRASE_BYTES_MIN: usize = 12;
/// Longer ones are a file passed by mistake.
pub const PASS_PHRASE_BYTES_MAX: usize = 1024;
/// More memory than this would let a planted file exhaust the machine.
const MEMORY_KIB_MAX: u32 = 4 * 1024 * 1024;
const MEMORY_KIB_MIN: u32 = 19 * 1024;
const PASSES_MAX: u32 = 64;
const LANES_MAX: u32 = 16;

/// How much work a guess at the pass phrase costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassPhraseCost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// A root key file that was read.
pub enum RootKeyFile {
    /// The key lay there in the clear.
    Plain(RootKey),
    /// A pass phrase is needed.
    Sealed(SealedRootKey),
}

/// A root key waiting for its pass phrase.
pub struct SealedRootKey {
    id: KeyId,
    cost: PassPhraseCost,
    salt: [u8; SALT_BYTES],
    sealed: Vec<u8>,
    associated_data: Vec<u8>,
}

impl PassPhraseCost {
    /// 256 MiB, three passes, four lanes: four times the memory of RFC 9106's second recommendation (section 4).
    pub const RECOMMENDED: Self = Self { memory_kib: 256 * 1024, passes: 3, lanes: 4 };

    /// The least that is accepted: 19 MiB, two passes (OWASP's minimum); for tests and tiny machines.
    pub const LEAST: Self = Self { memory_kib: MEMORY_KIB_MIN, passes: 2, lanes: 1 };

    /// The words of a file's line `protection`.
    pub(crate) fn words(self) -> String {
        let Self { memory_kib, passes, lanes } = self;
        format!("argon2id memory-kib={memory_kib} passes={passes} lanes={lanes}")
    }

    fn new(memory_kib: u32, passes: u32, lanes: u32) -> Option<Self> {
        let accepted = (MEMORY_KIB_MIN..=MEMORY_KIB_MAX).contains(&memory_kib)
            && (2..=PASSES_MAX).contains(&passes)
            && (1..=LANES_MAX).contains(&lanes);
        accepted.then_some(Self { memory_kib, passes, lanes })
    }
}

impl SealedRootKey {
    /// Which key the file says it holds.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// Opens the key; takes the time and memory that the file's cost says.
    ///
    /// # Errors
    /// [`VaultError::PassPhrase`].
    pub fn open(&self, pass_phrase: &[u8]) -> Result<RootKey, VaultError> {
        let key = stretch(pass_phrase, &self.salt, self.cost)?;
        let mut opened = key.open(&self.associated_data, &self.sealed)?.ok_or(VaultError::PassPhrase)?;
        let root = RootKey::from_bytes(self.id, &opened);
        opened.zeroize();
        root.ok_or(VaultError::PassPhrase)
    }
}

/// Writes the file for a trial: the key in the clear. The caller gives it mode 0600.
///
/// # Errors
/// The library failed.
pub fn encode_plain(root: &RootKey) -> Result<Zeroizing<String>, VaultError> {
    let key = Zeroizing::new(URL_SAFE_NO_PAD.encode(root.to_bytes()?.as_slice()));
    let mut text = Zeroizing::new(String::with_capacity(256 + key.len()));
    for part in [&start(root), "protection: none\n", "key: ", key.as_str(), "\n"] {
        text.push_str(part);
    }
    Ok(text)
}

/// Writes the file with the key sealed by `pass_phrase`.
///
/// # Errors
/// A pass phrase of a wrong length, a failing random source.
pub fn encode_sealed(
    random: &dyn Random,
    root: &RootKey,
    pass_phrase: &[u8],
    cost: PassPhraseCost,
) -> Result<String, VaultError> {
    check_pass_phrase(pass_phrase)?;
    let salt: [u8; SALT_BYTES] = array(random)?;
    let mut text = start(root);
    text.push_str(&format!("protection: {}\n", cost.words()));
    text.push_str(&format!("salt: {}\n", URL_SAFE_NO_PAD.encode(salt)));
    let mut sealed = Vec::new();
    stretch(pass_phrase, &salt, cost)?.seal_onto(random, text.as_bytes(), &root.to_bytes()?, &mut sealed)?;
    text.push_str(&format!("key: {}\n", URL_SAFE_NO_PAD.encode(sealed)));
    Ok(text)
}

/// Reads a root key file.
///
/// # Errors
/// [`VaultError::Malformed`] with what is wrong, [`VaultError::Version`]; a plain key whose id does not fit it is damaged.
pub fn decode(text: &str) -> Result<RootKeyFile, VaultError> {
    if text.len() > FILE_BYTES_MAX {
        return Err(malformed("it is too long"));
    }
    let mut lines = text.split_inclusive('\n');
    let mut next = |name: &str, reason| -> Result<&str, VaultError> {
        let line = lines.next().and_then(|line| line.strip_suffix('\n'));
        line.and_then(|line| line.strip_prefix(name)).ok_or(malformed(reason))
    };
    let version: u8 = next(TITLE, "its first line is not that of one")?
        .parse()
        .map_err(|_| malformed("its version is not a number"))?;
    if version != VERSION && version != CUT_VERSION {
        return Err(VaultError::Version { what: WHAT, version });
    }
    let id = KeyId::parse_hex(next("id: ", "the line 'id' is missing")?)
        .ok_or(malformed("its id is not 16 hexadecimal digits"))?;
    let protection = next("protection: ", "the line 'protection' is missing")?;
    let cost = if protection == "none" {
        None
    } else {
        Some(parse_cost(protection).ok_or(malformed("its protection is unknown or out of range"))?)
    };
    let salt = match cost {
        None => None,
        Some(cost) => {
            let salt = URL_SAFE_NO_PAD.decode(next("salt: ", "the line 'salt' is missing")?).ok();
            Some((cost, salt.and_then(|salt| salt.try_into().ok()).ok_or(malformed("its salt is damaged"))?))
        }
    };
    let key = next("key: ", "the line 'key' is missing")?;
    let above = text.len() - "key: \n".len() - key.len();
    let key = Zeroizing::new(URL_SAFE_NO_PAD.decode(key).map_err(|_| malformed("its key is damaged"))?);
    if lines.next().is_some() {
        return Err(malformed("something follows the key"));
    }
    match salt {
        None => RootKey::from_bytes(id, &key)
            .filter(|root| version_of(root) == version)
            .map(RootKeyFile::Plain)
            .ok_or(malformed("its key is damaged")),
        Some((cost, salt)) => {
            let associated_data = text.as_bytes().get(..above).ok_or(malformed("its key is damaged"))?.to_vec();
            Ok(RootKeyFile::Sealed(SealedRootKey { id, cost, salt, sealed: key.to_vec(), associated_data }))
        }
    }
}

const fn malformed(reason: &'static str) -> VaultError {
    VaultError::Malformed { what: WHAT, reason }
}

fn version_of(root: &RootKey) -> u8 {
    if root.is_whole() { VERSION } else { CUT_VERSION }
}

fn start(root: &RootKey) -> String {
    format!("{TITLE}{}\nid: {}\n", version_of(root), root.id())
}

pub(crate) fn parse_cost(text: &str) -> Option<PassPhraseCost> {
    let mut words = text.split(' ');
    if words.next() != Some("argon2id") {
        return None;
    }
    let mut number = |name: &str| -> Option<u32> { words.next()?.strip_prefix(name)?.strip_prefix('=')?.parse().ok() };
    let cost = PassPhraseCost::new(number("memory-kib")?, number("passes")?, number("lanes")?)?;
    words.next().is_none().then_some(cost)
}

pub(crate) fn check_pass_phrase(pass_phrase: &[u8]) -> Result<(), VaultError> {
    let length = PASS_PHRASE_BYTES_MIN..=PASS_PHRASE_BYTES_MAX;
    if length.contains(&pass_phrase.len()) {
        return Ok(());
    }
    Err(VaultError::OutOfRange { what: "the pass phrase's length in bytes", min: 12, max: 1024 })
}

pub(crate) fn stretch(pass_phrase: &[u8], salt: &[u8], cost: PassPhraseCost) -> Result<XaesKey, VaultError> {
    const FAILED: VaultError = VaultError::Library { operation: "stretching the pass phrase" };
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).map_err(|_| FAILED)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let key = Secret::filled_by(|key| argon2.hash_password_into(pass_phrase, salt, key).map_err(|_| FAILED))?;
    XaesKey::new(&key)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

    use proptest::prelude::*;

    use super::*;
    use crate::{RootKeyProvider as _, SystemRandom};

    const PHRASE: &[u8] = b"correct horse battery staple";

    fn root() -> RootKey {
        RootKey::generate(&SystemRandom).unwrap()
    }

    fn sealed(text: &str) -> SealedRootKey {
        match decode(text).unwrap() {
            RootKeyFile::Sealed(sealed) => sealed,
            RootKeyFile::Plain(_) => panic!("the key is plain"),
        }
    }

    #[test]
    fn a_plain_file_gives_the_key_back() {
        let root = root();
        let text = encode_plain(&root).unwrap();
        let RootKeyFile::Plain(again) = decode(&text).unwrap() else { panic!("the key is sealed") };
        assert_eq!((again.id(), again.to_bytes().unwrap()), (root.id(), root.to_bytes().unwrap()));
    }

    #[test]
    fn a_key_without_some_workspaces_keeps_its_id_and_comes_back_from_either_file() {
        let gone = crate::WorkspaceId::from_uuid(uuid::Uuid::from_u128(5));
        let whole = root();
        let id = whole.id();
        let cut = whole.without(gone).unwrap();
        let plain = encode_plain(&cut).unwrap();
        assert!(plain.starts_with("chancery-root-key 2\n"));
        let RootKeyFile::Plain(again) = decode(&plain).unwrap() else { panic!("the key is sealed") };
        let text = encode_sealed(&SystemRandom, &cut, PHRASE, PassPhraseCost::LEAST).unwrap();
        for again in [again, sealed(&text).open(PHRASE).unwrap()] {
            assert_eq!((again.id(), again.is_whole()), (id, false));
            let key = crate::WorkspaceKey::generate(&SystemRandom).unwrap();
            let held = crate::FileRootKey::new(&again).unwrap();
            assert_eq!(held.wrap(&SystemRandom, gone, &key).err(), Some(VaultError::Destroyed));
        }
    }

    #[test]
    fn a_sealed_file_opens_with_its_pass_phrase_only_and_does_not_show_the_key() {
        let root = root();
        let text = encode_sealed(&SystemRandom, &root, PHRASE, PassPhraseCost::LEAST).unwrap();
        let plain = encode_plain(&root).unwrap();
        let key_line = plain.lines().find_map(|line| line.strip_prefix("key: ")).unwrap();
        assert!(!text.contains(key_line));
        let file = sealed(&text);
        assert_eq!(file.id(), root.id());
        assert_eq!(file.open(PHRASE).unwrap().to_bytes().unwrap(), root.to_bytes().unwrap());
        assert_eq!(file.open(b"correct horse battery stapl").err(), Some(VaultError::PassPhrase));
        assert_eq!(file.open(b"").err(), Some(VaultError::PassPhrase));
    }

    #[test]
    fn every_altered_letter_of_a_plain_file_is_refused() {
        let text = encode_plain(&root()).unwrap();
        for index in 0..text.len() {
            for letter in *b"0Az \n" {
                let mut altered = text.as_bytes().to_vec();
                if altered.get(index) == Some(&letter) {
                    continue;
                }
                *altered.get_mut(index).unwrap() = letter;
                assert!(decode(std::str::from_utf8(&altered).unwrap()).is_err(), "letter {index}");
            }
            assert!(decode(text.get(..index).unwrap()).is_err(), "cut at {index}");
        }
    }

    #[test]
    fn altering_a_sealed_file_is_noticed() {
        let text = encode_sealed(&SystemRandom, &root(), PHRASE, PassPhraseCost::LEAST).unwrap();
        let opens = |text: &str| {
            decode(text).and_then(|file| match file {
                RootKeyFile::Sealed(sealed) => sealed.open(PHRASE).map(|_| ()),
                RootKeyFile::Plain(_) => Ok(()),
            })
        };
        assert!(opens(&text).is_ok());
        assert!(opens(&text.replace("passes=2", "passes=3")).is_err());
        assert!(
            opens(&text.replace("protection: argon2id memory-kib=19456 passes=2 lanes=1", "protection: none")).is_err()
        );
        // A few letters of each line: each try costs a stretching.
        for index in (21..text.len()).step_by(9) {
            let mut altered = text.clone().into_bytes();
            let letter = altered.get_mut(index).unwrap();
            *letter = if *letter == b'1' { b'2' } else { b'1' };
            assert!(opens(&String::from_utf8(altered).unwrap()).is_err(), "letter {index}");
        }
    }

    #[test]
    fn hostile_costs_are_refused_before_any_memory_is_taken() {
        let text = encode_sealed(&SystemRandom, &root(), PHRASE, PassPhraseCost::LEAST).unwrap();
        for cost in [
            "memory-kib=4294967295 passes=2 lanes=1",
            "memory-kib=1 passes=2 lanes=1",
            "memory-kib=19456 passes=4294967295 lanes=1",
            "memory-kib=19456 passes=2 lanes=255",
            "memory-kib=19456 passes=2",
            "memory-kib=19456 passes=2 lanes=1 more=1",
        ] {
            let hostile = text.replace("memory-kib=19456 passes=2 lanes=1", cost);
            assert!(matches!(decode(&hostile), Err(VaultError::Malformed { .. })), "{cost}");
        }
    }

    #[test]
    fn foreign_later_empty_and_huge_files_are_named() {
        assert!(matches!(decode(""), Err(VaultError::Malformed { .. })));
        assert!(matches!(decode("-----BEGIN PRIVATE KEY-----\n"), Err(VaultError::Malformed { .. })));
        assert!(matches!(decode("chancery-root-key 3\n"), Err(VaultError::Version { version: 3, .. })));
        assert!(matches!(decode(&"x".repeat(FILE_BYTES_MAX + 1)), Err(VaultError::Malformed { .. })));
        let twice = format!("{}{}", encode_plain(&root()).unwrap().as_str(), "key: x\n");
        assert!(decode(&twice).is_err());
    }

    #[test]
    fn short_pass_phrases_are_refused() {
        for phrase in [&b"elevenchars"[..], &[b'x'; 1025]] {
            let refused = encode_sealed(&SystemRandom, &root(), phrase, PassPhraseCost::LEAST);
            assert!(matches!(refused, Err(VaultError::OutOfRange { .. })));
        }
    }

    #[test]
    fn argon2id_gives_the_known_answer_of_rfc_9106() {
        // RFC 9106, 5.3.
        let params = argon2::ParamsBuilder::new()
            .m_cost(32)
            .t_cost(3)
            .p_cost(4)
            .data(argon2::AssociatedData::new(&[4; 12]).unwrap())
            .output_len(32)
            .build()
            .unwrap();
        let argon2 = Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params).unwrap();
        let mut out = [0; 32];
        argon2.hash_password_into(&[1; 32], &[2; 16], &mut out).unwrap();
        let hex: String = out.iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
    }

    proptest! {
        #[test]
        fn no_text_makes_reading_panic(text: String) {
            prop_assert!(decode(&text).is_err());
            let titled = format!("chancery-root-key 1\n{text}");
            prop_assert!(decode(&titled).is_err());
        }
    }
}
