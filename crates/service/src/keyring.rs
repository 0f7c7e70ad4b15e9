//! The keys of workspaces, unwrapped once and remembered while they are in use.

use std::sync::Arc;
use std::time::Duration;

use chancery_store::{KeyState, LivingKeys, Store, WorkspaceKeyRow};
use chancery_vault::{
    CarriedPurpose, KeyId, OtherKeys, Random, RootKeyProvider, VaultError, WorkspaceId, WorkspaceKey, WorkspaceKeyring,
    WorkspaceKeys, WrappedPurposeKey, WrappedWorkspaceKey,
};
use tokio::sync::Semaphore;

use crate::cache::Cache;
use crate::error::ServiceError;

/// Workspaces whose keys are held at once; a few kilobytes each.
const WORKSPACE_COUNT_MAX: usize = 10_000;

/// How long whoever holds the root key may take for one call: key services have their own, shorter limits; a security
/// module has none.
const HOLDER_TIMEOUT: Duration = Duration::from_secs(20);

/// Calls to the holder of the root key at once: each takes a thread, and one that hangs keeps it.
const HOLDER_CALLS_MAX: usize = 16;

/// Unwraps the keys of workspaces.
pub(crate) struct Keyring {
    root: Arc<dyn RootKeyProvider>,
    calls: Arc<Semaphore>,
    known: Cache<WorkspaceId, Arc<WorkspaceKeyring>>,
}

impl Keyring {
    pub(crate) fn new(root: Arc<dyn RootKeyProvider>) -> Self {
        Self { root, calls: Arc::new(Semaphore::new(HOLDER_CALLS_MAX)), known: Cache::new(WORKSPACE_COUNT_MAX) }
    }

    /// The root key that wraps.
    pub(crate) fn root_id(&self) -> KeyId {
        self.root.key_id()
    }

    /// The word for who holds a root key.
    pub(crate) fn holder(&self, root: KeyId) -> Option<&'static str> {
        self.root.holder(root)
    }

    /// Whether root keys may have changed since they were read.
    pub(crate) fn is_outdated(&self) -> bool {
        self.root.is_outdated()
    }

    /// Wraps with this root key from now on, if it is held.
    pub(crate) fn prefer(&self, root: KeyId) -> bool {
        self.root.prefer(root)
    }

    /// Wraps a key under the root key; gives it back beside its wrap.
    pub(crate) async fn wrap(
        &self,
        random: &Arc<dyn Random>,
        workspace: WorkspaceId,
        key: WorkspaceKey,
    ) -> Result<(WorkspaceKey, WrappedWorkspaceKey), ServiceError> {
        let random = Arc::clone(random);
        let wrapping = move |root: &dyn RootKeyProvider| {
            let wrapped = root.wrap(&*random, workspace, &key)?;
            Ok((key, wrapped))
        };
        Ok(self.ask(wrapping).await?)
    }

    /// Destroys what opens the keys of a workspace, at whoever holds the root key.
    pub(crate) async fn destroy(&self, workspace: WorkspaceId) -> Result<(), ServiceError> {
        Ok(self.ask(move |root| root.destroy(workspace)).await?)
    }

    /// Asks the holder of the root key on a thread that may block, and does not wait for ever.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn RootKeyProvider) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, VaultError> {
        let late = || VaultError::Keeper {
            keeper: "the holder of the root key",
            reason: format!("it did not answer within {} s", HOLDER_TIMEOUT.as_secs()),
        };
        let asking = async {
            // The permit goes along with the call: one that hangs is not let go by whoever stopped waiting for it.
            let permit = Arc::clone(&self.calls).acquire_owned().await;
            let root = Arc::clone(&self.root);
            let call = tokio::task::spawn_blocking(move || {
                let _permit = permit;
                question(&*root)
            });
            call.await.unwrap_or(Err(VaultError::Library { operation: "asking the holder of the root key" }))
        };
        tokio::time::timeout(HOLDER_TIMEOUT, asking).await.unwrap_or_else(|_| Err(late()))
    }

    /// The keys of a workspace; nothing when it does not exist or has no active key.
    pub(crate) async fn of(
        &self,
        store: &Store,
        workspace: WorkspaceId,
    ) -> Result<Option<Arc<WorkspaceKeyring>>, ServiceError> {
        if let Some(keys) = self.known.get(&workspace) {
            return Ok(Some(keys));
        }
        let ticket = self.known.ticket();
        let living = store.workspace(workspace).living_keys().await?;
        let Some(keys) = self.open(workspace, &living).await? else { return Ok(None) };
        let keys = Arc::new(keys);
        self.known.insert(ticket, workspace, Arc::clone(&keys));
        Ok(Some(keys))
    }

    /// Opens keys that were just read; nothing when none of them is active.
    pub(crate) async fn open(
        &self,
        workspace: WorkspaceId,
        living: &LivingKeys,
    ) -> Result<Option<WorkspaceKeyring>, ServiceError> {
        let (mut active, mut others) = (None, Vec::new());
        for row in &living.keys {
            let Some(key) = self.unwrap_row(row).await? else { continue };
            let keys = WorkspaceKeys::new(&key, workspace)?;
            match row.state {
                KeyState::Active => active = Some(keys),
                state => others.push(OtherKeys { keys, is_compromised: state == KeyState::Compromised }),
            }
        }
        let carried: Vec<(CarriedPurpose, WrappedPurposeKey)> =
            living.carried.iter().map(|row| (row.purpose, row.wrapped.clone())).collect();
        Ok(active.map(|active| WorkspaceKeyring::new(active, others, &carried)).transpose()?)
    }

    /// Unwraps one key; nothing when it is destroyed, here or at the holder of the root key.
    pub(crate) async fn unwrap_row(&self, row: &WorkspaceKeyRow) -> Result<Option<WorkspaceKey>, ServiceError> {
        let Some(wrapped) = &row.wrapped else { return Ok(None) };
        match self.ask_to_unwrap(row.workspace, wrapped).await {
            // This database is an older copy: it does not know yet what was destroyed since.
            Err(VaultError::Destroyed) => Ok(None),
            opened => Ok(Some(opened?)),
        }
    }

    /// Unwraps a key.
    pub(crate) async fn unwrap(
        &self,
        workspace: WorkspaceId,
        wrapped: &WrappedWorkspaceKey,
    ) -> Result<WorkspaceKey, ServiceError> {
        Ok(self.ask_to_unwrap(workspace, wrapped).await?)
    }

    /// Looks for a new root key when none that is known wrapped it.
    async fn ask_to_unwrap(
        &self,
        workspace: WorkspaceId,
        wrapped: &WrappedWorkspaceKey,
    ) -> Result<WorkspaceKey, VaultError> {
        let unwrapping =
            |wrapped: WrappedWorkspaceKey| move |root: &dyn RootKeyProvider| root.unwrap(workspace, &wrapped);
        match self.ask(unwrapping(wrapped.clone())).await {
            Err(VaultError::OtherKey { .. }) => {
                self.refresh_root().await;
                self.ask(unwrapping(wrapped.clone())).await
            }
            result => result,
        }
    }

    /// Looks for root keys that were added or changed since.
    pub(crate) async fn refresh_root(&self) {
        let refreshing = |root: &dyn RootKeyProvider| {
            root.refresh();
            Ok(())
        };
        if let Err(error) = self.ask(refreshing).await {
            tracing::error!(%error, "looking for root keys failed");
        }
    }

    pub(crate) fn forget(&self, workspace: WorkspaceId) {
        self.known.forget(|known, _| *known == workspace);
    }

    pub(crate) fn set_caching(&self, enabled: bool) {
        self.known.set_enabled(enabled);
    }
}
