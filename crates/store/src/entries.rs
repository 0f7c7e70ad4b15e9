//! Entries of the audit log that record no change but a retrieval, written in batches.

use chancery_vault::WorkspaceId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::document_writer::Record;
use crate::{AuditEntry, StoreError};

/// An entry with the workspace in whose log it goes.
#[derive(Debug, Clone)]
pub struct EntryRecord {
    /// Whose log.
    pub workspace: WorkspaceId,
    /// What is written.
    pub entry: AuditEntry,
}

impl Record for EntryRecord {
    async fn write(connection: &mut PgConnection, records: &[&Self]) -> Result<(), StoreError> {
        fn column<'r, T>(records: &[&'r EntryRecord], value: impl Fn(&'r EntryRecord) -> T) -> Vec<T> {
            records.iter().copied().map(value).collect()
        }
        let actor_kinds: Vec<&str> = column(records, |r| r.entry.actor.kind());
        let actor_ids: Vec<Option<Uuid>> = column(records, |r| r.entry.actor.id());
        let actions: Vec<&str> = column(records, |r| r.entry.action);
        let target_kinds: Vec<&str> = column(records, |r| r.entry.target.kind);
        let target_ids: Vec<Option<Uuid>> = column(records, |r| r.entry.target.id);
        let bodies: Vec<Option<&[u8]>> = column(records, |r| r.entry.body_sealed.as_deref());
        sqlx::query!(
            r#"select record_entries($1, $2, $3, $4, $5, $6, $7, $8, $9)::text as done"#,
            &column(records, |r| r.workspace.uuid()),
            &column(records, |r| r.entry.id.uuid()),
            &column(records, |r| r.entry.at.signed_millis()),
            &actor_kinds as &[&str],
            &actor_ids as &[Option<Uuid>],
            &actions as &[&str],
            &target_kinds as &[&str],
            &target_ids as &[Option<Uuid>],
            &bodies as &[Option<&[u8]>],
        )
        .fetch_one(connection)
        .await
        .map_err(StoreError::during("writing the audit log"))?;
        Ok(())
    }
}
