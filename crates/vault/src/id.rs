//! Ids as types, so that a document's id cannot stand where a workspace's belongs.

use std::fmt;

use crate::random::array;
use crate::{Random, VaultError};

/// Declares a UUID type: `typed_id!(/// What it names. pub ThingId);`.
#[macro_export]
macro_rules! typed_id {
    ($(#[$attribute:meta])* $visibility:vis $name:ident) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $visibility struct $name($crate::uuid::Uuid);

        impl $name {
            /// The id with this UUID.
            #[must_use]
            pub const fn from_uuid(uuid: $crate::uuid::Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID.
            #[must_use]
            pub const fn uuid(self) -> $crate::uuid::Uuid {
                self.0
            }

            /// A new id: UUIDv7 (RFC 9562, 5.7), the time in front so that index pages stay together.
            ///
            /// # Errors
            /// The random source failed.
            pub fn generate(
                now: $crate::Timestamp,
                random: &dyn $crate::Random,
            ) -> Result<Self, $crate::VaultError> {
                let mut bytes = [0; 10];
                $crate::Random::fill(random, &mut bytes)?;
                Ok(Self(
                    $crate::uuid::Builder::from_unix_timestamp_millis(now.millis(), &bytes)
                        .into_uuid(),
                ))
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::VaultError;

            /// Reads the hyphenated form; other forms of a UUID are refused.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                const MALFORMED: $crate::VaultError = $crate::VaultError::Malformed {
                    what: stringify!($name),
                    reason: "it is not a hyphenated UUID",
                };
                if text.len() != $crate::uuid::fmt::Hyphenated::LENGTH {
                    return Err(MALFORMED);
                }
                $crate::uuid::Uuid::try_parse(text).map(Self).map_err(|_| MALFORMED)
            }
        }
    };
}

typed_id!(
    /// Names a workspace: one customer's closed area.
    pub WorkspaceId
);
typed_id!(
    /// Names a generated document.
    pub DocumentId
);
typed_id!(
    /// Names a link that is kept with its conditions.
    pub LinkId
);

/// Names a key: eight random bytes, written as 16 hexadecimal digits. Not secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId([u8; Self::LENGTH_BYTES]);

impl KeyId {
    pub(crate) const LENGTH_BYTES: usize = 8;

    pub(crate) fn generate(random: &dyn Random) -> Result<Self, VaultError> {
        Ok(Self(array(random)?))
    }

    /// The id with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 8]) -> Self {
        Self(bytes)
    }

    /// The eight bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }

    pub(crate) fn parse_hex(text: &str) -> Option<Self> {
        if text.len() != 2 * Self::LENGTH_BYTES || !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return None;
        }
        u64::from_str_radix(text, 16).ok().map(|value| Self(value.to_be_bytes()))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:016x}", u64::from_be_bytes(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "KeyId({self})")
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::{SystemRandom, Timestamp};

    #[test]
    fn ids_are_version_7_and_sort_by_time() {
        let early = DocumentId::generate(Timestamp::from_millis(1_000), &SystemRandom).unwrap();
        let late = DocumentId::generate(Timestamp::from_millis(2_000), &SystemRandom).unwrap();
        assert_eq!(early.uuid().get_version_num(), 7);
        assert!(early < late);
    }

    #[test]
    fn only_the_hyphenated_form_is_read() {
        let text = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";
        assert_eq!(text.parse::<WorkspaceId>().unwrap().to_string(), text);
        for other in [
            "",
            "0190a1b2c3d47e5f8a6b7c8d9e0f1a2b",
            "{0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b}",
            "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2g",
        ] {
            assert!(other.parse::<WorkspaceId>().is_err(), "{other}");
        }
    }

    #[test]
    fn a_key_id_survives_its_text_form() {
        let id = KeyId::generate(&SystemRandom).unwrap();
        assert_eq!(KeyId::parse_hex(&id.to_string()), Some(id));
        assert_eq!(KeyId::parse_hex("+123456789abcdef"), None);
        assert_eq!(KeyId::parse_hex("ABCDEF0123456789"), None);
    }
}
