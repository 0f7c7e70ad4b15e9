//! Notes when keys were last used, and writes it now and then.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chancery_store::{ApiKeyId, Store};
use chancery_vault::{Timestamp, WorkspaceId};

/// Last uses that are not yet written.
#[derive(Default)]
pub(crate) struct Uses {
    waiting: Mutex<BTreeMap<WorkspaceId, BTreeMap<ApiKeyId, Timestamp>>>,
}

impl Uses {
    pub(crate) fn note(&self, workspace: WorkspaceId, key: ApiKeyId, at: Timestamp) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.entry(workspace).or_default().insert(key, at);
    }

    /// Writes what waits. What cannot be written is dropped: the next use is noted again.
    pub(crate) async fn flush(&self, store: &Store) {
        let waiting = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        for (workspace, uses) in waiting {
            let uses: Vec<_> = uses.into_iter().collect();
            if let Err(error) = store.workspace(workspace).mark_api_keys_used(&uses).await {
                tracing::warn!(error = &error as &dyn std::error::Error, "the last use of keys could not be written");
            }
        }
    }
}
