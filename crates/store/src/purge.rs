//! Purging expired documents and sweeping objects that no row names.
//!
//! A document is purged in three steps, each safe to repeat: its key is destroyed (from then on nobody can open it), its
//! object is deleted, its row is removed together with the audit entry. A crash leaves it in the state `purging`, from
//! which the next run goes on.

use std::collections::HashSet;

use chancery_vault::object::sealed_length_bytes;
use chancery_vault::{Random, Timestamp, WorkspaceId};
use futures::{StreamExt as _, stream};
use uuid::Uuid;

use crate::number::{from_bigint, to_bigint};
use crate::workspace_store::{commit, retried};
use crate::{AuditId, ObjectName, Objects, PurgeRunId, Store, StoreError, WorkspaceStore};

/// What a purge run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PurgeReport {
    /// Documents purged.
    pub documents: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Documents whose object could not be deleted; their keys are destroyed, and the next run tries again.
    pub failed: u64,
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

/// Documents of one step: one short transaction.
const BATCH_DOCUMENTS: i64 = 200;
/// Deletions at once.
const DELETIONS_MAX: usize = 8;
/// Workspaces of one run; the rest follows in the next.
const WORKSPACES_MAX: i32 = 10_000;
/// Names asked about in one question.
const BATCH_NAMES: usize = 500;

impl Store {
    /// Purges all documents that are expired at the time of `clock`, in all workspaces, and records each run.
    ///
    /// # Errors
    /// The database failed; what was done stays done, and the next run goes on.
    pub async fn purge(
        &self,
        objects: &Objects,
        clock: &(dyn Fn() -> Timestamp + Sync),
        random: &dyn Random,
    ) -> Result<PurgeReport, StoreError> {
        let now = clock();
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
        let mut total = PurgeReport::default();
        for workspace in workspaces {
            let report = self.workspace(WorkspaceId::from_uuid(workspace)).purge(objects, clock, random).await?;
            total.documents += report.documents;
            total.bytes += report.bytes;
            total.failed += report.failed;
        }
        Ok(total)
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

impl WorkspaceStore {
    /// Purges this workspace's expired documents; see [`Store::purge`].
    ///
    /// # Errors
    /// The database failed.
    pub async fn purge(
        &self,
        objects: &Objects,
        clock: &(dyn Fn() -> Timestamp + Sync),
        random: &dyn Random,
    ) -> Result<PurgeReport, StoreError> {
        let now = clock();
        let run = PurgeRunId::generate(now, random)?;
        self.start_run(run, now).await?;
        let mut report = PurgeReport::default();
        let mut after = Uuid::nil();
        loop {
            let batch = self.destroy_keys(now, after).await?;
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
        self.finish_run(run, clock()).await?;
        Ok(report)
    }

    async fn start_run(&self, run: PurgeRunId, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query!(
            "insert into purge_runs (workspace_id, id, started_at) values ($1, $2, from_millis($3))",
            self.id().uuid(),
            run.uuid(),
            now.signed_millis()
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("recording a purge run"))?;
        commit(tx).await
    }

    async fn finish_run(&self, run: PurgeRunId, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query!(
            "update purge_runs set finished_at = from_millis($3) where workspace_id = $1 and id = $2",
            self.id().uuid(),
            run.uuid(),
            now.signed_millis()
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("recording a purge run"))?;
        commit(tx).await
    }

    /// Destroys the keys of the next expired documents, in the order of their ids, and of those left over from a crash.
    async fn destroy_keys(&self, now: Timestamp, after: Uuid) -> Result<Vec<Purging>, StoreError> {
        let mut tx = self.begin().await?;
        let mut batch = sqlx::query_as!(
            Purging,
            "with due as (
                 select id from documents
                 where workspace_id = $1 and id > $2 and (expires_at <= from_millis($3) or state = 'purging')
                 order by id limit $4 for update skip locked
             )
             update documents set state = 'purging', key_wrapped = null, file_name_sealed = null
             from due where documents.workspace_id = $1 and documents.id = due.id
             returning documents.id, documents.object_name",
            self.id().uuid(),
            after,
            now.signed_millis(),
            BATCH_DOCUMENTS,
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::during("destroying keys of expired documents"))?;
        commit(tx).await?;
        batch.sort_unstable_by_key(|document| document.id);
        Ok(batch)
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
