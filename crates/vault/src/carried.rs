//! Purpose keys that outlive their workspace key, sealed by the key that came after it.
//!
//! Audit entries are never written again, links are in the hands of others, and who is behind a pseudonym lies where nobody
//! reads it in passing: none can be moved to a new workspace key. What opens them is one-way derived from the old key, so that it can stay when the old key goes.

use crate::column::ColumnKey;
use crate::context::Context;
use crate::link::LinkKey;
use crate::workspace_keys::{audit_key, purpose_secret};
use crate::{
    KeyId, PseudonymKey, Random, Secret, VaultError, WorkspaceId, WorkspaceKey, WorkspaceKeys, WrappedPurposeKey,
};

/// What a carried key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CarriedPurpose {
    /// Opens bodies of audit entries.
    Audit,
    /// Checks links.
    Links,
    /// Opens who is behind pseudonyms.
    Pseudonyms,
}

/// The purpose keys that were carried, ready for use.
#[derive(Default)]
pub(crate) struct CarriedKeys {
    pub(crate) audit: Vec<ColumnKey>,
    pub(crate) links: Vec<LinkKey>,
    pub(crate) pseudonyms: Vec<PseudonymKey>,
}

impl CarriedPurpose {
    /// The stored word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Audit => "audit",
            Self::Links => "links",
            Self::Pseudonyms => "pseudonyms",
        }
    }

    /// The purpose with this stored word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Audit, Self::Links, Self::Pseudonyms].into_iter().find(|purpose| purpose.as_str() == text)
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Audit => "chancery/1/purpose/audit",
            Self::Links => "chancery/1/purpose/links",
            Self::Pseudonyms => "chancery/1/purpose/pseudonyms",
        }
    }

    fn context(self, workspace: WorkspaceId) -> Context {
        Context::new("chancery/1/carried-key").id(workspace.uuid()).part(self.as_str().as_bytes())
    }
}

impl WorkspaceKeys {
    /// Derives the key for `purpose` from `old` and seals it under these keys.
    ///
    /// # Errors
    /// The random source or the library failed.
    pub fn carry(
        &self,
        random: &dyn Random,
        purpose: CarriedPurpose,
        old: &WorkspaceKey,
    ) -> Result<WrappedPurposeKey, VaultError> {
        let secret = purpose_secret(old, purpose.label(), self.workspace())?;
        self.seal_carried(random, purpose, (&secret, old.id()))
    }

    /// Seals a key that `old` carried under these keys.
    ///
    /// # Errors
    /// As [`WorkspaceKeys::carry`]; [`VaultError::OtherKey`] or [`VaultError::NotAuthentic`] when `old` did not carry it.
    pub fn carry_on(
        &self,
        random: &dyn Random,
        purpose: CarriedPurpose,
        old: &Self,
        carried: &WrappedPurposeKey,
    ) -> Result<WrappedPurposeKey, VaultError> {
        let (origin, secret) = old.open_carried(purpose, carried)?;
        self.seal_carried(random, purpose, (&secret, origin))
    }

    fn seal_carried(
        &self,
        random: &dyn Random,
        purpose: CarriedPurpose,
        key: (&Secret<32>, KeyId),
    ) -> Result<WrappedPurposeKey, VaultError> {
        WrappedPurposeKey::seal(random, (self.wrapping(), self.id()), key, purpose.context(self.workspace()))
    }

    fn open_carried(
        &self,
        purpose: CarriedPurpose,
        carried: &WrappedPurposeKey,
    ) -> Result<(KeyId, Secret<32>), VaultError> {
        carried.open((self.wrapping(), self.id()), purpose.context(self.workspace()))
    }
}

impl CarriedKeys {
    /// Opens `carried` with the key that carries it and adds it.
    pub(crate) fn add(
        &mut self,
        with: &WorkspaceKeys,
        purpose: CarriedPurpose,
        carried: &WrappedPurposeKey,
    ) -> Result<(), VaultError> {
        let (origin, secret) = with.open_carried(purpose, carried)?;
        match purpose {
            CarriedPurpose::Audit => self.audit.push(audit_key(with.workspace(), &secret)?),
            CarriedPurpose::Links => self.links.push(LinkKey::new(origin, with.workspace(), &secret)),
            CarriedPurpose::Pseudonyms => self.pseudonyms.push(PseudonymKey::new(with.workspace(), &secret)?),
        }
        Ok(())
    }
}
