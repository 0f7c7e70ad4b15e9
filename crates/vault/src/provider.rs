//! Who holds the root key: a trait, the provider whose key was read from a file, and the one for keys that others keep.
//!
//! Whoever holds it wraps the keys of each workspace with a key of that workspace alone. So one workspace can be destroyed
//! at the root: from then on nothing opens its keys, not even those in an old copy of the database.

use zeroize::Zeroizing;

use crate::context::Context;
use crate::key_tree::KeyTree;
use crate::workspace_keys::derived_id;
use crate::xaes::XaesKey;
use crate::{KeyId, Random, RootKey, Secret, VaultError, WorkspaceId, WorkspaceKey, WrappedWorkspaceKey};

/// Wraps and unwraps workspace keys; the root key itself never leaves it. Every call may block for as long as its holder
/// takes, which must be bounded.
pub trait RootKeyProvider: Send + Sync {
    /// Which root key new wraps are made with.
    fn key_id(&self) -> KeyId;

    /// The word for who holds the root key `id`: `file`, `pkcs11`, `transit`, `kms`; nothing when it does not.
    fn holder(&self, id: KeyId) -> Option<&'static str>;

    /// Wraps the key of `workspace`.
    ///
    /// # Errors
    /// The random source or the provider failed.
    fn wrap(
        &self,
        random: &dyn Random,
        workspace: WorkspaceId,
        key: &WorkspaceKey,
    ) -> Result<WrappedWorkspaceKey, VaultError>;

    /// Unwraps the key of `workspace`.
    ///
    /// # Errors
    /// [`VaultError::OtherKey`] when another root key wrapped it, [`VaultError::NotAuthentic`] when it was
    /// altered or belongs to another workspace, [`VaultError::Destroyed`], [`VaultError::Keeper`].
    fn unwrap(&self, workspace: WorkspaceId, wrapped: &WrappedWorkspaceKey) -> Result<WorkspaceKey, VaultError>;

    /// Destroys what opens the keys of `workspace`, for good, and in every root key that is held. Doing it again does no harm.
    ///
    /// # Errors
    /// It is not certain to be destroyed.
    fn destroy(&self, workspace: WorkspaceId) -> Result<(), VaultError>;

    /// Looks for root keys that were added or changed since; may block for as long as opening one takes.
    fn refresh(&self) {}

    /// Whether [`RootKeyProvider::refresh`] is due: a root key is being replaced, or was changed by another process.
    fn is_outdated(&self) -> bool {
        false
    }

    /// Wraps with the root key `id` from now on, if it is held; gives whether it is.
    fn prefer(&self, id: KeyId) -> bool {
        self.key_id() == id
    }
}

/// Somebody else who keeps a key for each workspace and never gives it away: a security module, a key service.
///
/// What it encrypts is a workspace key (32 bytes), which is ours; what it encrypts with is its own.
pub trait Keeper: Send + Sync {
    /// The word for it: `pkcs11`, `transit`, `kms`.
    fn holder(&self) -> &'static str;

    /// Which keeper this is, and which of its keys are ours: the same on every machine, and for nobody else.
    fn identity(&self) -> &str;

    /// Encrypts `key` for `workspace`, bound to `context`; makes the workspace's key when there is none.
    ///
    /// # Errors
    /// [`VaultError::Keeper`], [`VaultError::Random`].
    fn encrypt(
        &self,
        random: &dyn Random,
        workspace: WorkspaceId,
        context: &[u8],
        key: &[u8],
    ) -> Result<Vec<u8>, VaultError>;

    /// Decrypts what [`Keeper::encrypt`] gave.
    ///
    /// # Errors
    /// [`VaultError::Keeper`]; [`VaultError::Destroyed`] when the workspace's key is gone; [`VaultError::NotAuthentic`].
    fn decrypt(
        &self,
        workspace: WorkspaceId,
        context: &[u8],
        encrypted: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError>;

    /// Destroys the key of `workspace`.
    ///
    /// # Errors
    /// As [`RootKeyProvider::destroy`].
    fn destroy(&self, workspace: WorkspaceId) -> Result<(), VaultError>;
}

/// A root key that a [`Keeper`] holds.
pub struct KeptRootKey {
    id: KeyId,
    keeper: Box<dyn Keeper>,
}

impl KeptRootKey {
    /// Prepares for wrapping; the id follows from the keeper's identity.
    ///
    /// # Errors
    /// The library failed.
    pub fn new(keeper: Box<dyn Keeper>) -> Result<Self, VaultError> {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, keeper.identity().as_bytes());
        let failed = VaultError::Library { operation: "naming the root key" };
        let digest = Secret::filled_by(|bytes| {
            *bytes = digest.as_ref().try_into().map_err(|_| failed)?;
            Ok(())
        })?;
        Ok(Self { id: derived_id(&digest, "chancery/1/kept-root-key-id")?, keeper })
    }
}

impl RootKeyProvider for KeptRootKey {
    fn key_id(&self) -> KeyId {
        self.id
    }

    fn holder(&self, id: KeyId) -> Option<&'static str> {
        (id == self.id).then(|| self.keeper.holder())
    }

    fn wrap(
        &self,
        random: &dyn Random,
        workspace: WorkspaceId,
        key: &WorkspaceKey,
    ) -> Result<WrappedWorkspaceKey, VaultError> {
        let mut bytes = WrappedWorkspaceKey::kept_header(self.id, key.id());
        let context = context(workspace).part(&bytes);
        bytes.extend(self.keeper.encrypt(random, workspace, context.as_bytes(), key.secret().expose())?);
        WrappedWorkspaceKey::from_bytes(bytes)
    }

    fn unwrap(&self, workspace: WorkspaceId, wrapped: &WrappedWorkspaceKey) -> Result<WorkspaceKey, VaultError> {
        const WHAT: &str = WrappedWorkspaceKey::WHAT;
        if wrapped.wrapping_id() != self.id {
            return Err(VaultError::OtherKey { what: WHAT, found: wrapped.wrapping_id(), given: self.id });
        }
        let (header, encrypted) = wrapped.kept_parts().ok_or(VaultError::NotAuthentic { what: WHAT })?;
        let opened = self.keeper.decrypt(workspace, context(workspace).part(header).as_bytes(), encrypted)?;
        let secret = Secret::filled_by(|secret| {
            *secret = opened.as_slice().try_into().map_err(|_| VaultError::NotAuthentic { what: WHAT })?;
            Ok(())
        })?;
        Ok(WorkspaceKey::from_parts(wrapped.key_id(), secret))
    }

    fn destroy(&self, workspace: WorkspaceId) -> Result<(), VaultError> {
        self.keeper.destroy(workspace)
    }
}

/// A root key held in memory, read from a [root key file](crate::root_file). Whoever owns the file destroys in it.
pub struct FileRootKey {
    id: KeyId,
    tree: KeyTree,
}

impl FileRootKey {
    /// Prepares `root` for wrapping.
    ///
    /// # Errors
    /// The library failed.
    pub fn new(root: &RootKey) -> Result<Self, VaultError> {
        let damaged = VaultError::Library { operation: "preparing the root key" };
        Ok(Self { id: root.id(), tree: KeyTree::from_bytes(&root.to_bytes()?).ok_or(damaged)? })
    }

    fn key(&self, workspace: WorkspaceId) -> Result<XaesKey, VaultError> {
        XaesKey::new(&self.tree.key(workspace)?)
    }
}

impl RootKeyProvider for FileRootKey {
    fn key_id(&self) -> KeyId {
        self.id
    }

    fn holder(&self, id: KeyId) -> Option<&'static str> {
        (id == self.id).then_some("file")
    }

    fn wrap(
        &self,
        random: &dyn Random,
        workspace: WorkspaceId,
        key: &WorkspaceKey,
    ) -> Result<WrappedWorkspaceKey, VaultError> {
        let with = self.key(workspace)?;
        WrappedWorkspaceKey::seal(random, (&with, self.id), (key.secret(), key.id()), context(workspace))
    }

    fn unwrap(&self, workspace: WorkspaceId, wrapped: &WrappedWorkspaceKey) -> Result<WorkspaceKey, VaultError> {
        let (found, given) = (wrapped.wrapping_id(), self.id);
        if found != given {
            return Err(VaultError::OtherKey { what: WrappedWorkspaceKey::WHAT, found, given });
        }
        let (id, secret) = wrapped.open((&self.key(workspace)?, self.id), context(workspace))?;
        Ok(WorkspaceKey::from_parts(id, secret))
    }

    fn destroy(&self, _workspace: WorkspaceId) -> Result<(), VaultError> {
        Err(VaultError::Keeper { keeper: "the root key in memory", reason: "its file is another's".to_owned() })
    }
}

fn context(workspace: WorkspaceId) -> Context {
    Context::new("chancery/2/workspace-key").id(workspace.uuid())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use uuid::Uuid;

    use super::*;
    use crate::SystemRandom;

    fn provider() -> FileRootKey {
        FileRootKey::new(&RootKey::generate(&SystemRandom).unwrap()).unwrap()
    }

    const WORKSPACE: WorkspaceId = WorkspaceId::from_uuid(Uuid::from_u128(1));

    #[test]
    fn a_workspace_key_comes_back_for_its_workspace_only() {
        let provider = provider();
        let key = WorkspaceKey::generate(&SystemRandom).unwrap();
        let wrapped = provider.wrap(&SystemRandom, WORKSPACE, &key).unwrap();
        let again = provider.unwrap(WORKSPACE, &wrapped).unwrap();
        assert_eq!((again.id(), again.secret().expose()), (key.id(), key.secret().expose()));
        let elsewhere = provider.unwrap(WorkspaceId::from_uuid(Uuid::from_u128(2)), &wrapped);
        assert!(matches!(elsewhere, Err(VaultError::NotAuthentic { .. })));
    }

    #[test]
    fn another_root_key_is_named() {
        let (first, second) = (provider(), provider());
        let key = WorkspaceKey::generate(&SystemRandom).unwrap();
        let wrapped = first.wrap(&SystemRandom, WORKSPACE, &key).unwrap();
        let refused = second.unwrap(WORKSPACE, &wrapped).err().unwrap();
        assert_eq!(
            refused,
            VaultError::OtherKey { what: WrappedWorkspaceKey::WHAT, found: first.key_id(), given: second.key_id() }
        );
    }

    #[test]
    fn every_altered_byte_is_refused() {
        let provider = provider();
        let key = WorkspaceKey::generate(&SystemRandom).unwrap();
        let wrapped = provider.wrap(&SystemRandom, WORKSPACE, &key).unwrap();
        for index in 0..wrapped.as_bytes().len() {
            let mut altered = wrapped.as_bytes().to_vec();
            *altered.get_mut(index).unwrap() ^= 1;
            let opened =
                WrappedWorkspaceKey::from_bytes(altered).and_then(|wrapped| provider.unwrap(WORKSPACE, &wrapped));
            assert!(opened.is_err(), "byte {index}");
        }
    }
}
