//! Several holders of root keys at once: one wraps, each opens what it wrapped.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chancery_vault::{KeyId, Random, RootKeyProvider, VaultError, WorkspaceId, WorkspaceKey, WrappedWorkspaceKey};

/// The holders that are configured. The first wraps until another one is preferred.
pub struct HeldRootKeys {
    first: Arc<dyn RootKeyProvider>,
    others: Vec<Arc<dyn RootKeyProvider>>,
    /// Which one wraps: 0 is the first.
    wrapping: AtomicUsize,
}

impl HeldRootKeys {
    /// Puts holders together.
    #[must_use]
    pub fn new(first: Arc<dyn RootKeyProvider>, others: Vec<Arc<dyn RootKeyProvider>>) -> Self {
        Self { first, others, wrapping: AtomicUsize::new(0) }
    }

    /// The root key that a holder would wrap with: `file`, `pkcs11`, `transit`, `kms`.
    #[must_use]
    pub fn key_of(&self, holder: &str) -> Option<KeyId> {
        self.all().map(|held| held.key_id()).find(|id| self.holder(*id) == Some(holder))
    }

    fn all(&self) -> impl Iterator<Item = &Arc<dyn RootKeyProvider>> {
        std::iter::once(&self.first).chain(&self.others)
    }

    fn wrapping(&self) -> &dyn RootKeyProvider {
        let place = self.wrapping.load(Ordering::Relaxed);
        self.all().nth(place).unwrap_or(&self.first).as_ref()
    }
}

impl RootKeyProvider for HeldRootKeys {
    fn key_id(&self) -> KeyId {
        self.wrapping().key_id()
    }

    fn holder(&self, id: KeyId) -> Option<&'static str> {
        self.all().find_map(|held| held.holder(id))
    }

    fn wrap(
        &self,
        random: &dyn Random,
        workspace: WorkspaceId,
        key: &WorkspaceKey,
    ) -> Result<WrappedWorkspaceKey, VaultError> {
        self.wrapping().wrap(random, workspace, key)
    }

    fn unwrap(&self, workspace: WorkspaceId, wrapped: &WrappedWorkspaceKey) -> Result<WorkspaceKey, VaultError> {
        let id = wrapped.wrapping_id();
        let named = self.all().find(|held| held.holder(id).is_some());
        named.map_or(self.wrapping(), AsRef::as_ref).unwrap(workspace, wrapped)
    }

    /// Every holder must have done it: what was wrapped by one that is not asked any more would open again.
    fn destroy(&self, workspace: WorkspaceId) -> Result<(), VaultError> {
        self.all().try_for_each(|held| held.destroy(workspace))
    }

    fn refresh(&self) {
        self.all().for_each(|held| held.refresh());
    }

    fn is_outdated(&self) -> bool {
        self.all().any(|held| held.is_outdated())
    }

    fn prefer(&self, id: KeyId) -> bool {
        let place = self.all().position(|held| held.prefer(id));
        if let Some(place) = place {
            self.wrapping.store(place, Ordering::Relaxed);
        }
        place.is_some()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use chancery_vault::uuid::Uuid;
    use chancery_vault::{FileRootKey, RootKey, SystemRandom};

    use super::*;

    fn file() -> Arc<dyn RootKeyProvider> {
        Arc::new(FileRootKey::new(&RootKey::generate(&SystemRandom).unwrap()).unwrap())
    }

    #[test]
    fn each_opens_what_it_wrapped_and_the_preferred_one_wraps() {
        let (one, other) = (file(), file());
        let held = HeldRootKeys::new(Arc::clone(&one), vec![Arc::clone(&other)]);
        let (id, key) = (WorkspaceId::from_uuid(Uuid::from_u128(1)), WorkspaceKey::generate(&SystemRandom).unwrap());
        let first = held.wrap(&SystemRandom, id, &key).unwrap();
        assert!(held.prefer(other.key_id()));
        let second = held.wrap(&SystemRandom, id, &key).unwrap();
        assert_eq!((first.wrapping_id(), second.wrapping_id()), (one.key_id(), other.key_id()));
        assert!(held.unwrap(id, &first).is_ok() && held.unwrap(id, &second).is_ok());
        assert!(!held.prefer(file().key_id()), "a key that nobody holds is not preferred");
        assert_eq!(held.key_id(), other.key_id());
        let stranger = file().wrap(&SystemRandom, id, &key).unwrap();
        assert!(matches!(held.unwrap(id, &stranger), Err(VaultError::OtherKey { .. })));
    }
}
