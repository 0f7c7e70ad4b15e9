//! Deletes a document before its time, with a receipt.

use std::sync::Arc;

use chancery_store::{BatchRow, PurgeRunId, StoreError};
use chancery_vault::DocumentId;
use serde_json::Value as Json;
use uuid::Uuid;

use super::Documents;
use crate::access::Actor;
use crate::error::ServiceError;
use crate::permission::Permission;
use crate::receipts;
use crate::sealing::{Event, audit_entry};

impl Documents<'_> {
    /// Deletes a document: its key, its object, its row. Gives the run that names the receipt.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Held`], [`ServiceError::Forbidden`], [`ServiceError::Unavailable`]: then
    /// its key may be destroyed, and the purge does the rest.
    pub async fn delete(&self, actor: &Arc<Actor>, document: Uuid) -> Result<PurgeRunId, ServiceError> {
        actor.require(Permission::DocumentsDelete)?;
        let store = self.shared.store.workspace(actor.workspace());
        let id = DocumentId::from_uuid(document);
        let row = store.document(id).await?.ok_or(ServiceError::NotFound { what: "document" })?;
        let now = self.shared.clock.now();
        let batch = BatchRow {
            at: now,
            kind: "documents".to_owned(),
            class: match row.class {
                Some(class) => class,
                None => self.shared.policies_of(actor.workspace()).await?.class,
            },
            bytes: row.size_bytes,
            ids: vec![document],
            key_ids: vec![row.key_wrapped.key_id()],
        };
        let deletion = receipts::deletion(self.shared, actor.keys(), actor.for_audit(), batch)?;
        let event = Event {
            actor: actor.for_audit(),
            action: "document.delete",
            target_kind: "document",
            target_id: document,
            details: &Json::Null,
        };
        let entry = audit_entry(actor.keys(), &*self.shared.random, now, &event)?;
        store.delete_document(id, &self.shared.objects, &deletion, &entry).await.map_err(|error| match error {
            StoreError::NotFound { .. } => ServiceError::NotFound { what: "document" },
            other => other.into(),
        })?;
        Ok(deletion.run)
    }
}
