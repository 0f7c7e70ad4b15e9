//! The keys of workspaces, unwrapped once and remembered while they are in use.

use std::sync::Arc;

use chancery_store::{KeyState, LivingKeys, Store, WorkspaceKeyRow};
use chancery_vault::{
    CarriedPurpose, OtherKeys, RootKeyProvider, VaultError, WorkspaceId, WorkspaceKey, WorkspaceKeyring, WorkspaceKeys,
    WrappedPurposeKey, WrappedWorkspaceKey,
};

use crate::cache::Cache;
use crate::error::ServiceError;

/// Workspaces whose keys are held at once; a few kilobytes each.
const WORKSPACE_COUNT_MAX: usize = 10_000;

/// Unwraps the keys of workspaces.
pub(crate) struct Keyring {
    root: Arc<dyn RootKeyProvider>,
    known: Cache<WorkspaceId, Arc<WorkspaceKeyring>>,
}

impl Keyring {
    pub(crate) fn new(root: Arc<dyn RootKeyProvider>) -> Self {
        Self { root, known: Cache::new(WORKSPACE_COUNT_MAX) }
    }

    pub(crate) fn root(&self) -> &dyn RootKeyProvider {
        &*self.root
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

    /// Unwraps one key; nothing when it is destroyed.
    pub(crate) async fn unwrap_row(&self, row: &WorkspaceKeyRow) -> Result<Option<WorkspaceKey>, ServiceError> {
        match &row.wrapped {
            Some(wrapped) => self.unwrap(row.workspace, wrapped).await.map(Some),
            None => Ok(None),
        }
    }

    /// Unwraps a key; looks for a new root key when none that is known wrapped it.
    async fn unwrap(
        &self,
        workspace: WorkspaceId,
        wrapped: &WrappedWorkspaceKey,
    ) -> Result<WorkspaceKey, ServiceError> {
        match self.root.unwrap(workspace, wrapped) {
            Err(VaultError::OtherKey { .. }) => {
                self.refresh_root().await;
                Ok(self.root.unwrap(workspace, wrapped)?)
            }
            result => Ok(result?),
        }
    }

    /// Looks for root keys that were added since; on a thread that may block.
    pub(crate) async fn refresh_root(&self) {
        let root = Arc::clone(&self.root);
        if let Err(error) = tokio::task::spawn_blocking(move || root.refresh()).await {
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
