//! The keys of workspaces, unwrapped once and remembered while they are in use.

use std::sync::Arc;

use chancery_store::{KeyState, Store, WorkspaceRow};
use chancery_vault::{RootKeyProvider, WorkspaceId, WorkspaceKeys, WrappedWorkspaceKey};

use crate::cache::Cache;
use crate::error::ServiceError;

/// Workspaces whose keys are held at once; a kilobyte each.
const WORKSPACE_COUNT_MAX: usize = 10_000;

/// Unwraps the keys of workspaces.
pub(crate) struct Keyring {
    root: Arc<dyn RootKeyProvider>,
    known: Cache<WorkspaceId, Arc<WorkspaceKeys>>,
}

impl Keyring {
    pub(crate) fn new(root: Arc<dyn RootKeyProvider>) -> Self {
        Self { root, known: Cache::new(WORKSPACE_COUNT_MAX) }
    }

    pub(crate) fn root(&self) -> &dyn RootKeyProvider {
        &*self.root
    }

    /// The keys of a workspace; nothing when it does not exist or its key is destroyed.
    pub(crate) async fn of(
        &self,
        store: &Store,
        workspace: WorkspaceId,
    ) -> Result<Option<Arc<WorkspaceKeys>>, ServiceError> {
        if let Some(keys) = self.known.get(&workspace) {
            return Ok(Some(keys));
        }
        let ticket = self.known.ticket();
        let Some(row) = store.workspace(workspace).details().await? else { return Ok(None) };
        let Some(keys) = self.of_row(&row)? else { return Ok(None) };
        self.known.insert(ticket, workspace, Arc::clone(&keys));
        Ok(Some(keys))
    }

    /// The keys of a workspace that was just read.
    pub(crate) fn of_row(&self, row: &WorkspaceRow) -> Result<Option<Arc<WorkspaceKeys>>, ServiceError> {
        if row.key_state == KeyState::Destroyed {
            return Ok(None);
        }
        self.unwrap(row.id, &row.key_wrapped).map(Some)
    }

    /// Unwraps keys that were just read.
    pub(crate) fn unwrap(
        &self,
        workspace: WorkspaceId,
        wrapped: &WrappedWorkspaceKey,
    ) -> Result<Arc<WorkspaceKeys>, ServiceError> {
        let key = self.root.unwrap(workspace, wrapped)?;
        Ok(Arc::new(WorkspaceKeys::new(&key, workspace)?))
    }

    pub(crate) fn forget(&self, workspace: WorkspaceId) {
        self.known.forget(|known, _| *known == workspace);
    }

    pub(crate) fn set_caching(&self, enabled: bool) {
        self.known.set_enabled(enabled);
    }
}
