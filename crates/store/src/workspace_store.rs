//! The open database, and one workspace of it.

use std::sync::Arc;
use std::time::Duration;

use chancery_vault::WorkspaceId;
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, PgPool, Postgres, Transaction};

use crate::{Database, DocumentWriter, EntryWriter, Invalidations, PoolConfig, StoreError, TransactionWriter};

/// The open database. Cheap to clone; all clones share one pool.
#[derive(Clone)]
pub struct Store {
    pool: PgPool,
    database: Arc<Database>,
}

/// One workspace of the database: every statement runs in a transaction that row-level security binds to it.
#[derive(Clone)]
pub struct WorkspaceStore {
    pool: PgPool,
    workspace: WorkspaceId,
}

/// Longer than this without a free connection means that the database does not keep up; the caller answers 503.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// A connection that broke while idle is replaced; more often than this in a row, the database itself is away.
const BROKEN_CONNECTIONS_MAX: u32 = 64;

impl Store {
    /// Opens the pool as `chancery_app` and proves with one question that the database answers.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn connect(database: &Database, pool: PoolConfig) -> Result<Self, StoreError> {
        let pool = PgPoolOptions::new()
            .max_connections(pool.connections_max)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            // A round trip on every use; a broken connection is retried instead, see `retried`.
            .test_before_acquire(false)
            .connect_with(database.app().clone())
            .await
            .map_err(StoreError::during("connecting"))?;
        let store = Self { pool, database: Arc::new(database.clone()) };
        store.ping().await?;
        Ok(store)
    }

    /// The workspace with this id; whether it exists shows when it is asked something.
    #[must_use]
    pub fn workspace(&self, workspace: WorkspaceId) -> WorkspaceStore {
        WorkspaceStore { pool: self.pool.clone(), workspace }
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// There is none.
    pub async fn ping(&self) -> Result<(), StoreError> {
        retried("pinging", || async { sqlx::query!("select 1 as one").fetch_one(&self.pool).await }).await?;
        Ok(())
    }

    /// Starts a writer that commits the documents of concurrent requests together.
    #[must_use]
    pub fn document_writer(&self) -> DocumentWriter {
        DocumentWriter::start(self.database.app())
    }

    /// Starts a writer that commits the audit entries of concurrent downloads together.
    #[must_use]
    pub fn entry_writer(&self) -> EntryWriter {
        EntryWriter::start(self.database.app())
    }

    /// Starts a writer that counts renders of which nothing is stored.
    #[must_use]
    pub fn transaction_writer(&self) -> TransactionWriter {
        TransactionWriter::start(self.pool.clone())
    }

    /// Starts listening for what must be forgotten.
    #[must_use]
    pub fn invalidations(&self) -> Invalidations {
        Invalidations::start(self.database.app())
    }

    /// Closes the pool after the statements under way. Close the writers first.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    pub(crate) const fn pool(&self) -> &PgPool {
        &self.pool
    }
}

impl WorkspaceStore {
    /// Which workspace this is.
    #[must_use]
    pub const fn id(&self) -> WorkspaceId {
        self.workspace
    }

    /// Begins a transaction in this workspace: one round trip.
    ///
    /// Dropping it rolls back, which is what reads do: that costs no round trip of its own.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        retried("beginning a transaction", || {
            // A UUID's text needs no quoting.
            let workspace = self.workspace;
            self.pool
                .begin_with(AssertSqlSafe(format!("begin; select set_config('app.workspace', '{workspace}', true)")))
        })
        .await
    }
}

/// Commits, naming what failed.
pub(crate) async fn commit(tx: Transaction<'static, Postgres>) -> Result<(), StoreError> {
    tx.commit().await.map_err(StoreError::during("committing"))
}

/// Runs what changes nothing again when the connection turns out to have been broken before.
///
/// After a restart of the database every idle connection of the pool is broken; each try removes one.
pub(crate) async fn retried<T, F>(operation: &'static str, mut run: impl FnMut() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, sqlx::Error>>,
{
    let mut broken = 0;
    loop {
        match run().await {
            Err(source) if StoreError::is_broken_connection(&source) && broken < BROKEN_CONNECTIONS_MAX => broken += 1,
            result => return result.map_err(StoreError::during(operation)),
        }
    }
}
