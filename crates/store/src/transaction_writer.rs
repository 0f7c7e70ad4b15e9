//! Counts renders of which nothing is stored, a little later and many at once, so that they cost the request nothing.
//!
//! What is not yet written when the process is killed is lost: at most [`FLUSH_INTERVAL`] of it. Nothing else depends on it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::{StoreError, TransactionRecord, transactions};

/// How long the first waiting record waits; with the statement itself it stays below 200 ms.
const FLUSH_INTERVAL: Duration = Duration::from_millis(150);
/// Records of one statement.
const BATCH_TRANSACTIONS_MAX: usize = 1000;
/// Records waiting while the database is away: some 20 MB, minutes of a busy node.
const WAITING_TRANSACTIONS_MAX: usize = 100_000;
/// Tries at the end; the database may be restarting.
const CLOSE_TRIES_MAX: u32 = 20;

/// Records transactions; cheap to clone.
#[derive(Clone)]
pub struct TransactionWriter(Arc<Inner>);

struct Inner {
    pool: PgPool,
    waiting: Mutex<Waiting>,
    wake: Notify,
    task: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Waiting {
    records: Vec<TransactionRecord>,
    is_closed: bool,
}

impl TransactionWriter {
    pub(crate) fn start(pool: PgPool) -> Self {
        let inner = Arc::new(Inner { pool, waiting: Mutex::default(), wake: Notify::new(), task: Mutex::default() });
        let task = tokio::spawn(run(Arc::clone(&inner)));
        *locked(&inner.task) = Some(task);
        Self(inner)
    }

    /// Notes a transaction, to be written within 200 ms. Does not wait.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when the database has been away for so long that the queue is full, [`StoreError::Closed`].
    pub fn record(&self, record: TransactionRecord) -> Result<(), StoreError> {
        let mut waiting = locked(&self.0.waiting);
        if waiting.is_closed {
            return Err(StoreError::Closed);
        }
        if waiting.records.len() >= WAITING_TRANSACTIONS_MAX {
            return Err(StoreError::Busy { what: "transactions" });
        }
        waiting.records.push(record);
        let is_first = waiting.records.len() == 1;
        drop(waiting);
        if is_first {
            self.0.wake.notify_one();
        }
        Ok(())
    }

    /// Takes no more records and writes what waits.
    ///
    /// # Errors
    /// The database stayed away; the log says how many records are lost.
    pub async fn close(&self) -> Result<(), StoreError> {
        locked(&self.0.waiting).is_closed = true;
        self.0.wake.notify_one();
        let task = locked(&self.0.task).take();
        if let Some(task) = task
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the transaction writer failed");
        }
        let mut last = Ok(());
        for _ in 0..CLOSE_TRIES_MAX {
            last = self.0.flush().await;
            if last.is_ok() {
                return last;
            }
            tokio::time::sleep(FLUSH_INTERVAL).await;
        }
        tracing::error!(count = locked(&self.0.waiting).records.len(), "transactions are lost");
        last
    }
}

async fn run(inner: Arc<Inner>) {
    loop {
        let (is_closed, is_empty) = {
            let waiting = locked(&inner.waiting);
            (waiting.is_closed, waiting.records.is_empty())
        };
        if is_closed {
            return;
        }
        if is_empty {
            inner.wake.notified().await;
            continue;
        }
        // Lets a batch gather; closing ends the wait.
        let _ = tokio::time::timeout(FLUSH_INTERVAL, inner.wake.notified()).await;
        if let Err(error) = inner.flush().await {
            tracing::warn!(error = &error as &dyn std::error::Error, "transactions wait for the database");
        }
    }
}

impl Inner {
    /// Writes all that waits; what could not be written waits on.
    async fn flush(&self) -> Result<(), StoreError> {
        let records = std::mem::take(&mut locked(&self.waiting).records);
        let mut rest = records.as_slice();
        while !rest.is_empty() {
            let (batch, following) = rest.split_at(rest.len().min(BATCH_TRANSACTIONS_MAX));
            if let Err(error) = self.write(batch).await {
                let mut waiting = locked(&self.waiting);
                let newer = std::mem::replace(&mut waiting.records, rest.to_vec());
                waiting.records.extend(newer);
                return Err(error);
            }
            rest = following;
        }
        Ok(())
    }

    /// Writes a batch; a record that the database refuses for itself is dropped, so that it cannot stop the others.
    async fn write(&self, batch: &[TransactionRecord]) -> Result<(), StoreError> {
        let Err(error) = transactions::record(&self.pool, batch).await else {
            return Ok(());
        };
        if !is_refusal(&error) {
            return Err(error);
        }
        for record in batch {
            match transactions::record(&self.pool, std::slice::from_ref(record)).await {
                Err(error) if is_refusal(&error) => {
                    tracing::error!(transaction = %record.id, error = &error as &dyn std::error::Error, "a transaction was refused");
                }
                other => other?,
            }
        }
        Ok(())
    }
}

/// Whether the database answered and said no, as opposed to being away.
fn is_refusal(error: &StoreError) -> bool {
    match error {
        StoreError::Database { source, .. } => {
            matches!(source, sqlx::Error::Database(_)) && !StoreError::is_broken_connection(source)
        }
        StoreError::TooLarge { .. } | StoreError::Conflict { .. } => true,
        _ => false,
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
