//! The three levels of keys, each a type of its own.

use zeroize::Zeroizing;

use crate::key_tree::KeyTree;
use crate::object::ObjectContext;
use crate::{KeyId, Random, Secret, VaultError, WorkspaceId};

/// Wraps workspace keys; one an installation, outside the database. It is the source of one key for each workspace, and
/// single workspaces can be cut out of it: then nothing that it ever wrapped for them opens with it again.
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
    tree: KeyTree,
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
        Ok(Self { id: root_key_id(&secret)?, tree: KeyTree::whole(secret) })
    }

    /// The key that [`RootKey::to_bytes`] gave; nothing when it is damaged or is not the key `id`.
    pub(crate) fn from_bytes(id: KeyId, bytes: &[u8]) -> Option<Self> {
        let tree = KeyTree::from_bytes(bytes)?;
        match tree.as_whole() {
            // Only of a whole key the id can be computed again; a cut one carries a digest.
            Some(secret) if root_key_id(secret).ok()? != id => None,
            _ => Some(Self { id, tree }),
        }
    }

    /// Its secrets, to be sealed or written to where only its owner reads.
    pub(crate) fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        self.tree.to_bytes()
    }

    /// The same key without a workspace: nothing that it wrapped for that one opens with it any more.
    ///
    /// # Errors
    /// The library failed, or too many workspaces were cut out: replace the root key.
    pub fn without(self, workspace: WorkspaceId) -> Result<Self, VaultError> {
        Ok(Self { id: self.id, tree: self.tree.without(workspace)? })
    }

    /// Whether no workspace was cut out.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.tree.as_whole().is_some()
    }

    /// Which key this is.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// The one secret, while no workspace was cut out.
    pub(crate) fn whole_secret(&self) -> Option<&Secret<32>> {
        self.tree.as_whole()
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
    /// What a new one draws.
    pub(crate) const DRAWN_BYTES: usize = KeyId::LENGTH_BYTES + 32;

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

fn root_key_id(secret: &Secret<32>) -> Result<KeyId, VaultError> {
    crate::workspace_keys::derived_id(secret, "chancery/1/root-key-id")
}
