//! Purge runs: what was destroyed, batch by batch, and the event that binds a finished run to the ledger.

use chancery_vault::{Class, KeyId, Timestamp};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::number::{from_bigint, to_bigint};
use crate::workspace_keys::key_id;
use crate::workspace_store::commit;
use crate::workspaces::class;
use crate::{AuditEntry, AuditId, BatchId, Page, PurgeRunId, StoreError, WorkspaceStore, audit};

/// Why something was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PurgeCause {
    /// Its time was over.
    Retention,
    /// Somebody asked for it.
    Request,
}

/// A run to be begun.
#[derive(Debug, Clone)]
pub struct NewRun<'a> {
    /// Its id.
    pub id: PurgeRunId,
    /// Why.
    pub cause: PurgeCause,
    /// The policy that it follows, as JSON: numbers of days, nothing of anybody.
    pub policy: Option<&'a str>,
    /// When.
    pub at: Timestamp,
}

/// A deletion that somebody asks for: a run with one batch that is over at once.
#[derive(Debug, Clone)]
pub struct Deletion {
    /// The run.
    pub run: PurgeRunId,
    /// Its batch.
    pub batch: BatchId,
    /// When.
    pub at: Timestamp,
    /// The class of what is deleted.
    pub class: Class,
    /// The event that ends the run.
    pub finish: AuditEntry,
}

/// A run as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRow {
    /// Its id.
    pub id: PurgeRunId,
    /// Why.
    pub cause: PurgeCause,
    /// The policy that it followed.
    pub policy: Option<String>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended; a run that was interrupted is ended by a later one.
    pub finished_at: Option<Timestamp>,
    /// Rows that a hold kept.
    pub held: u64,
    /// The event that ended it.
    pub event: Option<AuditId>,
}

/// What one transaction of a run destroyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchRow {
    /// When.
    pub at: Timestamp,
    /// The kind of data.
    pub kind: String,
    /// Its class.
    pub class: Class,
    /// Bytes, where rows have a size.
    pub bytes: u64,
    /// Which rows.
    pub ids: Vec<Uuid>,
    /// Data keys that were destroyed.
    pub key_ids: Vec<KeyId>,
}

/// A batch as it is written.
pub(crate) struct NewBatch<'a> {
    pub(crate) id: BatchId,
    pub(crate) run: PurgeRunId,
    pub(crate) at: Timestamp,
    pub(crate) kind: &'a str,
    pub(crate) class: Class,
    pub(crate) bytes: i64,
    pub(crate) ids: &'a [Uuid],
    pub(crate) key_ids: &'a [Vec<u8>],
}

/// Longest unfinished runs of one question: a workspace has one or two.
const UNFINISHED_MAX: i64 = 100;

impl PurgeCause {
    /// The stored and shown word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Retention => "retention",
            Self::Request => "request",
        }
    }

    fn parse(text: &str) -> Result<Self, StoreError> {
        [Self::Retention, Self::Request]
            .into_iter()
            .find(|cause| cause.as_str() == text)
            .ok_or(StoreError::Unknown { what: "cause of a purge" })
    }
}

/// Notes what this transaction destroys. A run that somebody ended takes nothing more.
pub(crate) async fn insert_batch(
    connection: &mut PgConnection,
    store: &WorkspaceStore,
    batch: &NewBatch<'_>,
) -> Result<(), StoreError> {
    let noted = sqlx::query!(
        "with open as (
             select id from purge_runs where workspace_id = $1 and id = $3 and finished_at is null for share
         )
         insert into purge_batches (workspace_id, id, run_id, at, kind, class, bytes, ids, key_ids)
         select $1, $2, open.id, from_millis($4), $5, $6, $7, $8, $9 from open",
        store.id().uuid(),
        batch.id.uuid(),
        batch.run.uuid(),
        batch.at.signed_millis(),
        batch.kind,
        batch.class.as_str(),
        batch.bytes,
        batch.ids,
        batch.key_ids,
    )
    .execute(connection)
    .await
    .map_err(StoreError::during("noting what is destroyed"))?;
    if noted.rows_affected() == 1 { Ok(()) } else { Err(StoreError::NotFound { what: "open purge run" }) }
}

/// Notes a deletion that somebody asked for, in its transaction.
pub(crate) async fn note_deletion(
    connection: &mut PgConnection,
    store: &WorkspaceStore,
    deletion: &Deletion,
    batch: &NewBatch<'_>,
) -> Result<(), StoreError> {
    let new = NewRun { id: deletion.run, cause: PurgeCause::Request, policy: None, at: deletion.at };
    insert_run(connection, store, &new).await?;
    insert_batch(connection, store, batch).await?;
    end_run(connection, store, (deletion.run, deletion.at, 0), &deletion.finish).await
}

async fn insert_run(connection: &mut PgConnection, store: &WorkspaceStore, new: &NewRun<'_>) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into purge_runs (workspace_id, id, cause, policy, started_at) values ($1, $2, $3, $4, from_millis($5))",
        store.id().uuid(),
        new.id.uuid(),
        new.cause.as_str(),
        new.policy,
        new.at.signed_millis()
    )
    .execute(connection)
    .await
    .map_err(StoreError::during("recording a purge run"))?;
    Ok(())
}

async fn end_run(
    connection: &mut PgConnection,
    store: &WorkspaceStore,
    (run, at, held): (PurgeRunId, Timestamp, u64),
    entry: &AuditEntry,
) -> Result<(), StoreError> {
    let ended = sqlx::query!(
        "update purge_runs set finished_at = from_millis($3), held = $4, event_id = $5
         where workspace_id = $1 and id = $2 and finished_at is null",
        store.id().uuid(),
        run.uuid(),
        at.signed_millis(),
        to_bigint(held, "count")?,
        entry.id.uuid(),
    )
    .execute(&mut *connection)
    .await
    .map_err(StoreError::during("ending a purge run"))?;
    if ended.rows_affected() == 0 {
        return Err(StoreError::NotFound { what: "open purge run" });
    }
    audit::write(connection, store.id(), entry).await
}

struct Columns {
    id: Uuid,
    cause: String,
    policy: Option<String>,
    started_at: i64,
    finished_at: Option<i64>,
    held: i64,
    event_id: Option<Uuid>,
}

impl TryFrom<Columns> for RunRow {
    type Error = StoreError;

    fn try_from(columns: Columns) -> Result<Self, StoreError> {
        Ok(Self {
            id: PurgeRunId::from_uuid(columns.id),
            cause: PurgeCause::parse(&columns.cause)?,
            policy: columns.policy,
            started_at: Timestamp::from_signed_millis(columns.started_at),
            finished_at: columns.finished_at.map(Timestamp::from_signed_millis),
            held: from_bigint(columns.held, "count")?,
            event: columns.event_id.map(AuditId::from_uuid),
        })
    }
}

impl WorkspaceStore {
    /// Begins a run.
    ///
    /// # Errors
    /// The database failed.
    pub async fn begin_run(&self, new: &NewRun<'_>) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        insert_run(&mut tx, self, new).await?;
        commit(tx).await
    }

    /// Ends a run with its event; `held` is how many rows holds kept.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it is over already; or the database failed.
    pub async fn end_run(
        &self,
        run: PurgeRunId,
        at: Timestamp,
        held: u64,
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        end_run(&mut tx, self, (run, at, held), entry).await?;
        commit(tx).await
    }

    /// The run with this id.
    ///
    /// # Errors
    /// The database failed.
    pub async fn purge_run(&self, run: PurgeRunId) -> Result<Option<RunRow>, StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query_as!(
            Columns,
            r#"select id, cause, policy, to_millis(started_at) as "started_at!", to_millis(finished_at) as finished_at,
                      held, event_id
               from purge_runs where workspace_id = $1 and id = $2"#,
            self.id().uuid(),
            run.uuid(),
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::during("reading a purge run"))?
        .map(RunRow::try_from)
        .transpose()
    }

    /// The runs that destroyed something, the latest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn list_purge_runs(&self, page: Page) -> Result<Vec<RunRow>, StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query_as!(
            Columns,
            r#"select id, cause, policy, to_millis(started_at) as "started_at!", to_millis(finished_at) as finished_at,
                      held, event_id
               from purge_runs r
               where workspace_id = $1 and exists (
                   select from purge_batches b where b.workspace_id = $1 and b.run_id = r.id)
               order by id desc limit $2 offset $3"#,
            self.id().uuid(),
            page.limit(),
            page.offset(),
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::during("listing purge runs"))?
        .into_iter()
        .map(RunRow::try_from)
        .collect()
    }

    /// Runs that began before `before` and did not end: whoever ran them is gone.
    ///
    /// # Errors
    /// The database failed.
    pub async fn unfinished_runs(&self, before: Timestamp) -> Result<Vec<RunRow>, StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query_as!(
            Columns,
            r#"select id, cause, policy, to_millis(started_at) as "started_at!", to_millis(finished_at) as finished_at,
                      held, event_id
               from purge_runs where workspace_id = $1 and finished_at is null and started_at < from_millis($2)
               order by id limit $3"#,
            self.id().uuid(),
            before.signed_millis(),
            UNFINISHED_MAX,
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::during("listing unfinished purge runs"))?
        .into_iter()
        .map(RunRow::try_from)
        .collect()
    }

    /// The batches of a run, in order.
    ///
    /// # Errors
    /// The database failed.
    pub async fn purge_batches(&self, run: PurgeRunId) -> Result<Vec<BatchRow>, StoreError> {
        let mut tx = self.begin().await?;
        let rows = sqlx::query!(
            r#"select to_millis(at) as "at!", kind, class, bytes, ids, key_ids
               from purge_batches where workspace_id = $1 and run_id = $2 order by id"#,
            self.id().uuid(),
            run.uuid(),
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::during("reading what a run destroyed"))?;
        rows.into_iter()
            .map(|row| {
                Ok(BatchRow {
                    at: Timestamp::from_signed_millis(row.at),
                    kind: row.kind,
                    class: class(&row.class)?,
                    bytes: from_bigint(row.bytes, "size")?,
                    ids: row.ids,
                    key_ids: row.key_ids.iter().map(|id| key_id(id)).collect::<Result<_, _>>()?,
                })
            })
            .collect()
    }

    /// The number that an event has in the ledger, and its sealed body.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such event; or the database failed.
    pub async fn numbered_event(&self, event: AuditId) -> Result<(Option<u64>, Option<Vec<u8>>), StoreError> {
        let mut tx = self.begin().await?;
        let row = sqlx::query!(
            "select ledger_number(id) as number, body_sealed from audit_events where workspace_id = $1 and id = $2",
            self.id().uuid(),
            event.uuid(),
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::during("reading an audit event"))?
        .ok_or(StoreError::NotFound { what: "audit event" })?;
        Ok((row.number.map(|number| from_bigint(number, "ledger")).transpose()?, row.body_sealed))
    }
}
