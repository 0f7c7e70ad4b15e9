//! Entries of the audit log that record no change but a retrieval, written in batches.

use chancery_vault::WorkspaceId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::audit::EntryColumns;
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
        let workspaces: Vec<Uuid> = records.iter().map(|record| record.workspace.uuid()).collect();
        let times: Vec<i64> = records.iter().map(|record| record.entry.at.signed_millis()).collect();
        let entries = EntryColumns::of(records.iter().map(|record| &record.entry));
        sqlx::query!(
            r#"select record_entries($1, $2, $3, $4, $5, $6, $7, $8, $9)::text as done"#,
            &workspaces,
            &entries.ids,
            &times,
            &entries.actor_kinds as &[&str],
            &entries.actor_ids as &[Option<Uuid>],
            &entries.actions as &[&str],
            &entries.target_kinds as &[&str],
            &entries.target_ids as &[Option<Uuid>],
            &entries.bodies as &[Option<&[u8]>],
        )
        .fetch_one(connection)
        .await
        .map_err(StoreError::during("writing the audit log"))?;
        Ok(())
    }
}
