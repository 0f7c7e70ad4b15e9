//! The ids of what the database holds.

use std::fmt;
use std::str::FromStr;

use chancery_vault::{Random, VaultError, typed_id};

typed_id!(
    /// Names a template inside; outside it is a [`PublicTemplateId`].
    pub TemplateId
);
typed_id!(
    /// Names one version of a template; the row to which its sealed body is bound.
    pub VersionId
);
typed_id!(
    /// Names an API key; not the key itself.
    pub ApiKeyId
);
typed_id!(
    /// Names one use of the renderer: `transaction_ref` outside.
    pub TransactionId
);
typed_id!(
    /// Names an entry of the audit log.
    pub AuditId
);
typed_id!(
    /// Names a purge run.
    pub PurgeRunId
);
typed_id!(
    /// Names the row of a grant; not the grant itself.
    pub GrantId
);
typed_id!(
    /// Names the destruction of a workspace's keys.
    pub DestructionId
);
typed_id!(
    /// Names a person.
    pub PersonId
);

/// A template's id outside: 64 random bits as 16 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicTemplateId(u64);

impl PublicTemplateId {
    /// A new id.
    ///
    /// # Errors
    /// The random source failed.
    pub fn generate(random: &dyn Random) -> Result<Self, VaultError> {
        let mut bytes = [0; 8];
        random.fill(&mut bytes)?;
        Ok(Self(u64::from_be_bytes(bytes)))
    }
}

impl fmt::Display for PublicTemplateId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:016x}", self.0)
    }
}

impl FromStr for PublicTemplateId {
    type Err = VaultError;

    fn from_str(text: &str) -> Result<Self, VaultError> {
        let malformed =
            VaultError::Malformed { what: "the template id", reason: "it is not 16 lower-case hexadecimal digits" };
        if text.len() != 16 || !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(malformed);
        }
        u64::from_str_radix(text, 16).map(Self).map_err(|_| malformed)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use chancery_vault::SystemRandom;

    use super::*;

    #[test]
    fn a_public_id_survives_its_text_and_nothing_else_is_read() {
        let id = PublicTemplateId::generate(&SystemRandom).unwrap();
        assert_eq!(id.to_string().parse::<PublicTemplateId>().unwrap(), id);
        assert_eq!("00000000000000ff".parse::<PublicTemplateId>().unwrap().to_string(), "00000000000000ff");
        for other in ["", "00000000000000FF", "+0000000000000ff", "00000000000000f", "00000000000000fff", "éééééééé"]
        {
            assert!(other.parse::<PublicTemplateId>().is_err(), "{other}");
        }
    }
}
