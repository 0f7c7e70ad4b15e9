//! Purging what is due, and sweeping objects that no row names.
//!
//! A document is purged in three steps, each safe to repeat: its key is destroyed and noted (from then on nobody can open
//! it), its object is deleted, its row is removed together with the audit entry. A crash leaves it in the state `purging`,
//! from which the next run goes on. Everything else has no object: its rows go in the transaction that notes them.

use std::collections::HashSet;

use chancery_vault::object::sealed_length_bytes;
use chancery_vault::{Random, Timestamp, WorkspaceId};
use futures::{StreamExt as _, stream};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::number::{from_bigint, to_bigint};
use crate::purge_runs::{NewBatch, insert_batch};
use crate::workspace_store::{commit, retried};
use crate::{
    AuditEntry, AuditId, BatchId, DataKind, ObjectName, Objects, PurgeRunId, Slice, Store, StoreError, WorkspaceStore,
    audit, holds,
};

/// What became of the documents whose keys were destroyed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PurgeReport {
    /// Documents of which nothing is left.
    pub documents: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Documents whose object could not be deleted; their keys are destroyed, and the next run tries again.
    pub failed: u64,
}

/// What one step of a purge destroyed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Destroyed {
    /// Rows.
    pub count: u64,
    /// Their bytes, where they have a size.
    pub bytes: u64,
}

/// The notes of one step: they are made before, so that the step is one transaction.
#[derive(Debug, Clone)]
pub struct BatchNotes {
    /// The run.
    pub run: PurgeRunId,
    /// The batch.
    pub batch: BatchId,
    /// When.
    pub at: Timestamp,
    /// The entry that records it.
    pub entry: AuditEntry,
}

/// What a sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SweepReport {
    /// Objects looked at.
    pub seen: u64,
    /// Whole objects that no row named, deleted.
    pub orphans: u64,
    /// Files too short to be an object, deleted: writes that a crash cut.
    pub unfinished: u64,
}

/// Rows of one step: one short transaction.
const BATCH_ROWS: i64 = 200;
/// Deletions at once.
const DELETIONS_MAX: usize = 8;
/// Workspaces of one run; the rest follows in the next.
const WORKSPACES_MAX: i32 = 10_000;
/// Names asked about in one question.
const BATCH_NAMES: usize = 500;

impl Store {
    /// The workspaces in which documents have expired or wait to be removed.
    ///
    /// # Errors
    /// The database failed.
    pub async fn workspaces_to_purge(&self, now: Timestamp) -> Result<Vec<WorkspaceId>, StoreError> {
        let workspaces = retried("looking for expired documents", || async {
            sqlx::query_scalar!(
                r#"select lookup_workspaces_to_purge(from_millis($1), $2) as "id!""#,
                now.signed_millis(),
                WORKSPACES_MAX
            )
            .fetch_all(self.pool())
            .await
        })
        .await?;
        Ok(workspaces.into_iter().map(WorkspaceId::from_uuid).collect())
    }

    /// Those of the names of objects that a row has, in whichever workspace.
    ///
    /// # Errors
    /// The database failed.
    pub async fn known_objects(&self, names: &[String]) -> Result<HashSet<String>, StoreError> {
        let known = retried("looking for orphans", || async {
            sqlx::query_scalar!(r#"select lookup_objects($1) as "name!""#, names).fetch_all(self.pool()).await
        })
        .await?;
        Ok(known.into_iter().collect())
    }

    /// Deletes objects older than `grace_millis` that no row names; a write that never finished is one too.
    ///
    /// An object is written before its row: the grace must be longer than any request.
    ///
    /// # Errors
    /// Database or object store failed; what was done stays done.
    pub async fn sweep_orphans(
        &self,
        objects: &Objects,
        now: Timestamp,
        grace_millis: u64,
    ) -> Result<SweepReport, StoreError> {
        let before = now.minus_millis(grace_millis);
        let mut report = SweepReport::default();
        let mut batches = objects.list().chunks(BATCH_NAMES);
        while let Some(batch) = batches.next().await {
            let batch = batch.into_iter().collect::<Result<Vec<_>, _>>()?;
            report.seen += u64::try_from(batch.len()).unwrap_or(u64::MAX);
            let old = batch.into_iter().filter(|object| object.modified_at < before);
            let old: Vec<_> = old.collect();
            if old.is_empty() {
                continue;
            }
            let names: Vec<String> = old.iter().map(|object| object.name.to_string()).collect();
            let known = self.known_objects(&names).await?;
            for object in old.iter().filter(|object| !known.contains(object.name.as_str())) {
                objects.delete(&object.name).await?;
                if object.size_bytes < sealed_length_bytes(0) {
                    report.unfinished += 1;
                } else {
                    report.orphans += 1;
                }
            }
        }
        Ok(report)
    }
}

/// A document whose key is destroyed already.
struct Purging {
    id: Uuid,
    object_name: String,
}

/// A row that is due.
struct DueRow {
    id: Uuid,
    bytes: i64,
    key_id: Option<Vec<u8>>,
}

impl WorkspaceStore {
    /// Destroys the next rows that are due, with all that says what they were, and notes which; nothing when none is due.
    ///
    /// Of documents the keys are destroyed; [`WorkspaceStore::remove_purged_documents`] does the rest. Of audit events the
    /// bodies are erased, unless they have no number yet.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the run is over; or the database failed: then nothing was destroyed.
    pub async fn destroy_due(&self, slice: &Slice, notes: &BatchNotes) -> Result<Destroyed, StoreError> {
        let mut tx = self.begin().await?;
        self.purge_alone(&mut tx).await?;
        holds::share_lock(&mut tx, self.id()).await?;
        let (ids, key_ids, bytes) = match slice.kind {
            DataKind::Pseudonyms => (self.anonymise(&mut tx, slice, BATCH_ROWS).await?, Vec::new(), 0),
            kind => {
                let mut due = rows_due(&mut tx, slice).await?;
                let ids: Vec<Uuid> = due.iter().map(|row| row.id).collect();
                // Somebody may have deleted one of them since: that is a run of its own.
                let destroyed: HashSet<Uuid> = self.destroy(&mut tx, kind, &ids).await?.into_iter().collect();
                due.retain(|row| destroyed.contains(&row.id));
                let bytes = due.iter().fold(0_i64, |sum, row| sum.saturating_add(row.bytes));
                (due.iter().map(|row| row.id).collect(), due.into_iter().filter_map(|row| row.key_id).collect(), bytes)
            }
        };
        if ids.is_empty() {
            return Ok(Destroyed::default());
        }
        let batch = NewBatch {
            id: notes.batch,
            run: notes.run,
            at: notes.at,
            kind: slice.kind.as_str(),
            class: slice.class,
            bytes,
            ids: &ids,
            key_ids: &key_ids,
        };
        insert_batch(&mut tx, self, &batch).await?;
        audit::write(&mut tx, self.id(), &notes.entry).await?;
        commit(tx).await?;
        let count = u64::try_from(ids.len()).unwrap_or(u64::MAX);
        Ok(Destroyed { count, bytes: from_bigint(bytes, "size")? })
    }

    /// Until this transaction ends, no other one purges this workspace: two would wait for each other's rows.
    async fn purge_alone(&self, connection: &mut PgConnection) -> Result<(), StoreError> {
        sqlx::query!("select pg_advisory_xact_lock(48, hashtext($1))::text as done", self.id().to_string())
            .fetch_one(connection)
            .await
            .map_err(StoreError::during("waiting for another purge"))?;
        Ok(())
    }

    /// Destroys these rows; gives those that it did.
    async fn destroy(
        &self,
        connection: &mut PgConnection,
        kind: DataKind,
        ids: &[Uuid],
    ) -> Result<Vec<Uuid>, StoreError> {
        let workspace = self.id().uuid();
        let destroyed = match kind {
            DataKind::Documents => {
                sqlx::query_scalar!(
                    "update documents set state = 'purging', key_wrapped = null, file_name_sealed = null
                     where workspace_id = $1 and id = any ($2) and state = 'live' returning id",
                    workspace,
                    ids
                )
                .fetch_all(connection)
                .await
            }
            DataKind::TemplateVersions => {
                sqlx::query_scalar!(
                    "delete from template_versions where workspace_id = $1 and id = any ($2) returning id",
                    workspace,
                    ids
                )
                .fetch_all(connection)
                .await
            }
            DataKind::Transactions => {
                sqlx::query_scalar!(
                    "delete from transactions where workspace_id = $1 and id = any ($2) returning id",
                    workspace,
                    ids
                )
                .fetch_all(connection)
                .await
            }
            DataKind::Requests => {
                sqlx::query_scalar!(
                    "delete from document_requests where workspace_id = $1 and id = any ($2) returning id",
                    workspace,
                    ids
                )
                .fetch_all(connection)
                .await
            }
            DataKind::ApiKeys => {
                sqlx::query_scalar!(
                    "delete from api_keys where workspace_id = $1 and id = any ($2) returning id",
                    workspace,
                    ids
                )
                .fetch_all(connection)
                .await
            }
            DataKind::AuditBodies => {
                sqlx::query_scalar!(r#"select ledger_erase_bodies($1) as "id!""#, ids).fetch_all(connection).await
            }
            // Destroyed by its own schema, which nobody else can reach.
            DataKind::Pseudonyms => Ok(Vec::new()),
        };
        destroyed.map_err(StoreError::during("destroying what is due"))
    }

    /// Deletes the objects and the rows of documents whose keys are destroyed, and counts them in the run.
    ///
    /// # Errors
    /// The database failed; what was done stays done, and the next call goes on.
    pub async fn remove_purged_documents(
        &self,
        run: PurgeRunId,
        objects: &Objects,
        clock: &(dyn Fn() -> Timestamp + Sync),
        random: &dyn Random,
    ) -> Result<PurgeReport, StoreError> {
        let mut report = PurgeReport::default();
        let mut after = Uuid::nil();
        loop {
            let batch = self.in_purging(after).await?;
            let Some(last) = batch.last() else { break };
            after = last.id;
            let gone: Vec<Uuid> = stream::iter(batch)
                .map(|document| async move {
                    let name = ObjectName::parse(&document.object_name)?;
                    objects.delete(&name).await?;
                    Ok::<_, StoreError>(document.id)
                })
                .buffer_unordered(DELETIONS_MAX)
                .filter_map(|result| {
                    let result = result.inspect_err(|error| {
                        report.failed += 1;
                        tracing::error!(
                            error = error as &dyn std::error::Error,
                            "an expired object could not be deleted"
                        );
                    });
                    std::future::ready(result.ok())
                })
                .collect()
                .await;
            let (documents, bytes) = self.remove_rows(run, &gone, clock(), random).await?;
            report.documents += documents;
            report.bytes += bytes;
        }
        Ok(report)
    }

    /// Whether documents wait whose keys are destroyed.
    ///
    /// # Errors
    /// The database failed.
    pub async fn has_purged_documents(&self) -> Result<bool, StoreError> {
        Ok(!self.in_purging(Uuid::nil()).await?.is_empty())
    }

    async fn in_purging(&self, after: Uuid) -> Result<Vec<Purging>, StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query_as!(
            Purging,
            "select id, object_name from documents
             where workspace_id = $1 and id > $2 and state = 'purging' order by id limit $3",
            self.id().uuid(),
            after,
            BATCH_ROWS,
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::during("reading documents without a key"))
    }

    /// Removes the rows of documents whose objects are gone, with an audit entry each, and counts them in the run.
    async fn remove_rows(
        &self,
        run: PurgeRunId,
        gone: &[Uuid],
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<(u64, u64), StoreError> {
        let audit_ids: Vec<Uuid> =
            gone.iter().map(|_| AuditId::generate(now, random).map(AuditId::uuid)).collect::<Result<_, _>>()?;
        let mut tx = self.begin().await?;
        self.purge_alone(&mut tx).await?;
        let counted = sqlx::query!(
            r#"with gone as (
                   delete from documents using unnest($2::uuid[], $3::uuid[]) as g (id, audit_id)
                   where documents.workspace_id = $1 and documents.id = g.id and documents.state = 'purging'
                   returning documents.id, documents.size_bytes, g.audit_id
               ),
               audited as (
                   insert into audit_events (workspace_id, id, at, actor_kind, action, target_kind, target_id)
                   select $1, audit_id, from_millis($4), 'system', 'document.purge', 'document', id from gone
               )
               select count(*) as "documents!", coalesce(sum(size_bytes), 0)::bigint as "bytes!" from gone"#,
            self.id().uuid(),
            gone,
            &audit_ids,
            now.signed_millis(),
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(StoreError::during("removing purged documents"))?;
        let (documents, bytes) = (from_bigint(counted.documents, "count")?, from_bigint(counted.bytes, "size")?);
        sqlx::query!(
            "update purge_runs set documents = documents + $3, bytes = bytes + $4 where workspace_id = $1 and id = $2",
            self.id().uuid(),
            run.uuid(),
            to_bigint(documents, "count")?,
            to_bigint(bytes, "size")?,
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("counting purged documents"))?;
        commit(tx).await?;
        Ok((documents, bytes))
    }
}

/// The next rows that are due and that no hold keeps.
async fn rows_due(connection: &mut PgConnection, slice: &Slice) -> Result<Vec<DueRow>, StoreError> {
    sqlx::query_as!(
        DueRow,
        r#"select id as "id!", coalesce(bytes, 0) as "bytes!", key_id
           from retention_due($1, $2, from_millis($3), from_millis($4)) where not is_held order by id limit $5"#,
        slice.kind.as_str(),
        slice.class.as_str(),
        slice.now.signed_millis(),
        slice.before.map(Timestamp::signed_millis),
        BATCH_ROWS,
    )
    .fetch_all(connection)
    .await
    .map_err(StoreError::during("looking for what is due"))
}
