//! The three levels of keys, each a type of its own.

use crate::object::ObjectContext;
use crate::{KeyId, Random, Secret, VaultError};

/// Wraps workspace keys; one an installation, outside the database.
///
/// ```compile_fail,E0277
/// fn shown<T: std::fmt::Debug>() {}
/// shown::<chancery_vault::RootKey>();
/// ```
/// ```compile_fail,E0277
/// fn copied<T: Clone>() {}
/// copied::<chancery_vault::RootKey>();
/// ```
pub struct RootKey {
    id: KeyId,
    secret: Secret<32>,
}

/// Wraps the data keys of one workspace and is the source of its purpose keys.
///
/// ```compile_fail,E0277
/// fn shown<T: std::fmt::Debug>() {}
/// shown::<chancery_vault::WorkspaceKey>();
/// ```
/// ```compile_fail,E0277
/// fn copied<T: Clone>() {}
/// copied::<chancery_vault::WorkspaceKey>();
/// ```
/// A key of one level cannot stand where another belongs:
/// ```compile_fail,E0308
/// fn wrap(key: &chancery_vault::WorkspaceKey) {}
/// fn mistake(root: &chancery_vault::RootKey) { wrap(root) }
/// ```
pub struct WorkspaceKey {
    id: KeyId,
    secret: Secret<32>,
}

/// Seals one object, once. It knows which object that is.
///
/// ```compile_fail,E0277
/// fn shown<T: std::fmt::Debug>() {}
/// shown::<chancery_vault::DataKey>();
/// ```
/// ```compile_fail,E0277
/// fn copied<T: Clone>() {}
/// copied::<chancery_vault::DataKey>();
/// ```
pub struct DataKey {
    id: KeyId,
    context: ObjectContext,
    secret: Secret<32>,
}

impl RootKey {
    /// Draws a new root key.
    ///
    /// # Errors
    /// The random source failed.
    pub fn generate(random: &dyn Random) -> Result<Self, VaultError> {
        Self::from_secret(Secret::generate(random)?)
    }

    /// The key with this secret; its id follows from the secret, so that a damaged copy shows.
    pub(crate) fn from_secret(secret: Secret<32>) -> Result<Self, VaultError> {
        Ok(Self { id: crate::workspace_keys::derived_id(&secret, "chancery/1/root-key-id")?, secret })
    }

    /// Which key this is.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    pub(crate) fn secret(&self) -> &Secret<32> {
        &self.secret
    }
}

impl WorkspaceKey {
    /// Draws a new workspace key.
    ///
    /// # Errors
    /// The random source failed.
    pub fn generate(random: &dyn Random) -> Result<Self, VaultError> {
        Ok(Self { id: KeyId::generate(random)?, secret: Secret::generate(random)? })
    }

    pub(crate) const fn from_parts(id: KeyId, secret: Secret<32>) -> Self {
        Self { id, secret }
    }

    /// Which key this is.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    pub(crate) fn secret(&self) -> &Secret<32> {
        &self.secret
    }
}

impl DataKey {
    pub(crate) fn generate(random: &dyn Random, context: ObjectContext) -> Result<Self, VaultError> {
        Ok(Self { id: KeyId::generate(random)?, context, secret: Secret::generate(random)? })
    }

    pub(crate) const fn from_parts(id: KeyId, context: ObjectContext, secret: Secret<32>) -> Self {
        Self { id, context, secret }
    }

    /// Which key this is.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    pub(crate) const fn context(&self) -> &ObjectContext {
        &self.context
    }

    pub(crate) fn secret(&self) -> &Secret<32> {
        &self.secret
    }
}
