//! Files whose data key somebody else may have are encrypted anew: a new object, then the row, then the old object goes.
//!
//! The rows that name the compromised key are the list of what is left to do, so that whoever comes next goes on. A crash
//! leaves an object that no row names, which is swept.

use chancery_store::{Actor, ObjectName, StoreError, WorkspaceStore};
use chancery_vault::{DocumentId, ObjectPurpose, WorkspaceKeyring, WrappedDataKey};
use serde_json::json;
use uuid::Uuid;

use crate::Shared;
use crate::error::ServiceError;
use crate::sealing::{Event, audit_entry};

/// Whether a wrapped data key names a key that somebody else may have.
pub(crate) fn is_due(ring: &WorkspaceKeyring, key_wrapped: &[u8]) -> bool {
    let wrapped = WrappedDataKey::from_bytes(key_wrapped.to_vec());
    wrapped.is_ok_and(|wrapped| ring.is_compromised(wrapped.wrapping_id()))
}

/// Encrypts one file anew; one that was purged or replaced meanwhile is left alone.
pub(crate) async fn run(
    shared: &Shared,
    store: &WorkspaceStore,
    ring: &WorkspaceKeyring,
    id: Uuid,
) -> Result<(), ServiceError> {
    let random = &*shared.random;
    let Some(row) = store.document(DocumentId::from_uuid(id)).await? else { return Ok(()) };
    let sealed = shared.objects.get(&row.object).await?;
    let again = ring.reseal_object(random, ObjectPurpose::Document, id, &row.key_wrapped, &sealed)?;
    let object = ObjectName::generate(random)?;
    shared.objects.put(&object, again.bytes).await?;
    let keys = [row.key_wrapped.key_id(), again.wrapped_key.key_id()].map(|key| key.to_string());
    let event = Event {
        actor: Actor::System,
        action: "document.reencrypt",
        target_kind: "document",
        target_id: id,
        details: &json!({ "old_key": keys[0], "key": keys[1] }),
    };
    let entry = audit_entry(ring, random, shared.clock.now(), &event)?;
    let replaced = store.replace_object(&row, &object, &again.wrapped_key, &entry).await?;
    // Whoever has the old data key must not find the old object for longer than needed; a reader asks for the row again.
    let unnamed = if replaced { row.object } else { object };
    match shared.objects.delete(&unnamed).await {
        Ok(()) | Err(StoreError::ObjectMissing) => {}
        Err(error) => {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "an old object could not be deleted; it will be swept");
        }
    }
    Ok(())
}
