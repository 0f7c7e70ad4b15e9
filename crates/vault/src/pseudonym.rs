//! Pseudonyms: a keyed name for what tells about a person, and the key under which the original is kept elsewhere.

use aws_lc_rs::hmac;

use crate::column::{ColumnContext, ColumnKey};
use crate::context::Context;
use crate::workspace_keys::{derive, derived_id};
use crate::xaes::XaesKey;
use crate::{Random, Secret, VaultError, WorkspaceId};

/// What a pseudonym stands for; its word is the first part of the pseudonym.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PseudonymKind {
    /// A person's name.
    Person,
    /// A mail address.
    Mail,
    /// A telephone number.
    Phone,
    /// A postal address.
    Place,
    /// A bank account.
    Account,
    /// A date of birth.
    Birth,
    /// A number that names a person, such as that of a passport.
    Identifier,
    /// Something about a person's health.
    Health,
    /// Anything else about a person.
    Other,
    /// A file's name.
    File,
    /// Who acted.
    Actor,
    /// A network address.
    Network,
}

/// A pseudonym such as `person-7KQ2MZB4XJ3TA5LD`: the same for the same value, kind, workspace and key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pseudonym(String);

/// Makes pseudonyms and seals what they stand for. Its id is its own: nothing that it seals names the workspace key.
///
/// ```compile_fail,E0277
/// fn shown<T: std::fmt::Debug>() {}
/// shown::<chancery_vault::PseudonymKey>();
/// ```
pub struct PseudonymKey {
    names: hmac::Key,
    originals: ColumnKey,
}

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// 80 bits: among a billion values, two with one pseudonym are a chance of one in two million.
const LETTER_COUNT: usize = 16;

impl PseudonymKind {
    /// All kinds.
    pub const ALL: [Self; 12] = [
        Self::Person,
        Self::Mail,
        Self::Phone,
        Self::Place,
        Self::Account,
        Self::Birth,
        Self::Identifier,
        Self::Health,
        Self::Other,
        Self::File,
        Self::Actor,
        Self::Network,
    ];

    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Mail => "mail",
            Self::Phone => "phone",
            Self::Place => "place",
            Self::Account => "account",
            Self::Birth => "birth",
            Self::Identifier => "identifier",
            Self::Health => "health",
            Self::Other => "other",
            Self::File => "file",
            Self::Actor => "actor",
            Self::Network => "network",
        }
    }
}

impl Pseudonym {
    /// Reads a pseudonym.
    ///
    /// # Errors
    /// [`VaultError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, VaultError> {
        let malformed = VaultError::Malformed { what: "the pseudonym", reason: "it is not a kind, `-` and 16 letters" };
        let (kind, letters) = text.split_once('-').ok_or(malformed.clone())?;
        let is_known = PseudonymKind::ALL.iter().any(|known| known.as_str() == kind);
        let is_name = letters.len() == LETTER_COUNT && letters.bytes().all(|letter| ALPHABET.contains(&letter));
        if is_known && is_name { Ok(Self(text.to_owned())) } else { Err(malformed) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Pseudonym {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl PseudonymKey {
    pub(crate) fn new(workspace: WorkspaceId, secret: &Secret<32>) -> Result<Self, VaultError> {
        let names = derive(secret, "chancery/1/pseudonym-names", workspace.uuid().as_bytes())?;
        let originals = derive(secret, "chancery/1/pseudonym-originals", workspace.uuid().as_bytes())?;
        let id = derived_id(secret, "chancery/1/pseudonym-key-id")?;
        Ok(Self {
            names: hmac::Key::new(hmac::HMAC_SHA256, names.expose()),
            originals: ColumnKey::new(id, workspace, XaesKey::new(&originals)?),
        })
    }

    /// The pseudonym of a value. Normalise the value first.
    #[must_use]
    pub fn pseudonym(&self, kind: PseudonymKind, value: &[u8]) -> Pseudonym {
        let message = Context::new("chancery/1/pseudonym").part(kind.as_str().as_bytes()).part(value);
        let tag = hmac::sign(&self.names, message.as_bytes());
        let mut letters = String::with_capacity(kind.as_str().len() + 1 + LETTER_COUNT);
        letters.push_str(kind.as_str());
        letters.push('-');
        // A byte a letter: 256 is a multiple of 32, so that all letters are equally likely.
        let chosen = tag.as_ref().iter().take(LETTER_COUNT).filter_map(|byte| ALPHABET.get(usize::from(byte % 32)));
        letters.extend(chosen.map(|letter| char::from(*letter)));
        Pseudonym(letters)
    }

    /// Seals what a pseudonym stands for.
    ///
    /// # Errors
    /// The random source or the library failed.
    pub fn seal(&self, random: &dyn Random, context: &ColumnContext, original: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.originals.seal(random, context, original)
    }

    pub(crate) const fn originals(&self) -> &ColumnKey {
        &self.originals
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use uuid::Uuid;

    use super::*;
    use crate::SystemRandom;

    fn key(workspace: u128) -> PseudonymKey {
        PseudonymKey::new(
            WorkspaceId::from_uuid(Uuid::from_u128(workspace)),
            &Secret::filled_by(|_| Ok::<(), VaultError>(())).unwrap(),
        )
        .unwrap()
    }

    #[test]
    fn a_pseudonym_depends_on_value_kind_workspace_and_key_and_on_nothing_else() {
        let pseudonym = key(1).pseudonym(PseudonymKind::Person, b"Ada Lovelace");
        assert_eq!(pseudonym, key(1).pseudonym(PseudonymKind::Person, b"Ada Lovelace"));
        assert_ne!(pseudonym, key(1).pseudonym(PseudonymKind::Person, b"Ada Lovelac"));
        assert_ne!(pseudonym, key(2).pseudonym(PseudonymKind::Person, b"Ada Lovelace"));
        let mail = key(1).pseudonym(PseudonymKind::Mail, b"Ada Lovelace");
        assert_ne!(pseudonym.as_str().split_once('-').unwrap().1, mail.as_str().split_once('-').unwrap().1);
        let other =
            PseudonymKey::new(WorkspaceId::from_uuid(Uuid::from_u128(1)), &Secret::generate(&SystemRandom).unwrap());
        assert_ne!(pseudonym, other.unwrap().pseudonym(PseudonymKind::Person, b"Ada Lovelace"));
    }

    #[test]
    fn a_pseudonym_is_read_back_and_nothing_else_is() {
        for kind in PseudonymKind::ALL {
            let pseudonym = key(1).pseudonym(kind, b"value");
            assert_eq!(Pseudonym::parse(pseudonym.as_str()).unwrap(), pseudonym);
        }
        for text in
            ["", "person", "person-", "person-AAAAAAAAAAAAAAA", "person-aaaaaaaaaaaaaaaa", "nobody-AAAAAAAAAAAAAAAA"]
        {
            assert!(Pseudonym::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_sealed_for_one_row_opens_for_that_row_only() {
        let context = ColumnContext { table: "pseudonyms", column: "original_sealed", row: Uuid::from_u128(1) };
        let sealed = key(1).seal(&SystemRandom, &context, b"Ada Lovelace").unwrap();
        assert_eq!(key(1).originals().open(&context, &sealed).unwrap(), b"Ada Lovelace");
        let elsewhere = ColumnContext { row: Uuid::from_u128(2), ..context };
        assert!(key(1).originals().open(&elsewhere, &sealed).is_err());
    }
}
