//! Who holds the root key: a trait, and the provider whose key was read from a file.

use crate::context::Context;
use crate::workspace_keys::derive;
use crate::xaes::XaesKey;
use crate::{KeyId, Random, RootKey, VaultError, WorkspaceId, WorkspaceKey, WrappedWorkspaceKey};

/// Wraps and unwraps workspace keys; the root key itself never leaves it.
pub trait RootKeyProvider: Send + Sync {
    /// Which root key new wraps are made with.
    fn key_id(&self) -> KeyId;

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
    /// altered or belongs to another workspace.
    fn unwrap(&self, workspace: WorkspaceId, wrapped: &WrappedWorkspaceKey) -> Result<WorkspaceKey, VaultError>;

    /// Looks for root keys that were added since; may block for as long as opening one takes.
    fn refresh(&self) {}

    /// Whether it holds other root keys beside the one that wraps, because that one replaces them.
    fn is_replacing(&self) -> bool {
        false
    }
}

/// A root key held in memory, read from a [root key file](crate::root_file).
pub struct FileRootKey {
    id: KeyId,
    key: XaesKey,
}

impl FileRootKey {
    /// Prepares `root` for wrapping.
    ///
    /// # Errors
    /// The library failed.
    pub fn new(root: &RootKey) -> Result<Self, VaultError> {
        let wrapping = derive(root.secret(), "chancery/1/purpose/workspace-keys", &[])?;
        Ok(Self { id: root.id(), key: XaesKey::new(&wrapping)? })
    }
}

impl RootKeyProvider for FileRootKey {
    fn key_id(&self) -> KeyId {
        self.id
    }

    fn wrap(
        &self,
        random: &dyn Random,
        workspace: WorkspaceId,
        key: &WorkspaceKey,
    ) -> Result<WrappedWorkspaceKey, VaultError> {
        WrappedWorkspaceKey::seal(random, (&self.key, self.id), (key.secret(), key.id()), context(workspace))
    }

    fn unwrap(&self, workspace: WorkspaceId, wrapped: &WrappedWorkspaceKey) -> Result<WorkspaceKey, VaultError> {
        let (id, secret) = wrapped.open((&self.key, self.id), context(workspace))?;
        Ok(WorkspaceKey::from_parts(id, secret))
    }
}

fn context(workspace: WorkspaceId) -> Context {
    Context::new("chancery/1/workspace-key").id(workspace.uuid())
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
