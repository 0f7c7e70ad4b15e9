//! Names of objects: random, so that knowing one says nothing about another.

use std::fmt;

use chancery_vault::{Random, VaultError};

/// 160 random bits as 32 letters of lower-case base32 (RFC 4648). The first two choose one of 1024 folders.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectName(String);

const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const LENGTH: usize = 32;
/// Letters that name the folder.
pub(super) const SHARD_LETTERS: usize = 2;

impl ObjectName {
    /// Draws a new name.
    ///
    /// # Errors
    /// The random source failed.
    pub fn generate(random: &dyn Random) -> Result<Self, VaultError> {
        let mut bytes = [0; LENGTH];
        random.fill(&mut bytes)?;
        Ok(Self(
            bytes
                .iter()
                .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)))
                .map(|letter| char::from(*letter))
                .collect(),
        ))
    }

    /// Reads a name.
    ///
    /// # Errors
    /// It is not one; in particular it can never lead out of the folder.
    pub fn parse(text: &str) -> Result<Self, VaultError> {
        if text.len() == LENGTH && text.bytes().all(|byte| ALPHABET.contains(&byte)) {
            Ok(Self(text.to_owned()))
        } else {
            Err(VaultError::Malformed { what: "the object name", reason: "it is not 32 letters of base32" })
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder and the name in it.
    pub(super) fn shard_and_rest(&self) -> (&str, &str) {
        self.0.split_at_checked(SHARD_LETTERS).unwrap_or((&self.0, ""))
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use chancery_vault::SystemRandom;

    use super::*;

    #[test]
    fn names_are_distinct_and_survive_their_text() {
        let name = ObjectName::generate(&SystemRandom).unwrap();
        assert_eq!(ObjectName::parse(name.as_str()).unwrap(), name);
        assert_ne!(ObjectName::generate(&SystemRandom).unwrap(), name);
        assert_eq!(name.shard_and_rest().0.len(), 2);
    }

    #[test]
    fn nothing_that_could_leave_the_folder_is_a_name() {
        for text in [
            "",
            "..",
            "../../../../../../../../etc/passwd",
            "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\0",
            &"a".repeat(1 << 16),
        ] {
            assert!(ObjectName::parse(text).is_err(), "{text:?}");
        }
    }
}
