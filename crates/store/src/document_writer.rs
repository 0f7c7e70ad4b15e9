//! Commits the documents of concurrent requests together: what waits while one commit runs goes into the next.
//!
//! When nothing waits, a record is sent at once: batching adds no delay. Two lanes, each with a connection of its own,
//! keep the database busy while one of them waits for its answer.

use std::sync::{Arc, Mutex, PoisonError};

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, PgConnection};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::{DocumentRecord, StoreError, documents};

/// Lanes in flight: one in the database, one being filled.
const LANES: usize = 2;
/// Records of one commit: enough that the commit's cost vanishes, few enough that its latency stays small.
const BATCH_DOCUMENTS_MAX: usize = 128;
/// Records waiting: eight full batches; then callers wait, and their requests count against the limits above.
const QUEUE_DOCUMENTS_MAX: usize = 1024;

/// Writes documents; cheap to clone.
#[derive(Clone)]
pub struct DocumentWriter(Arc<Inner>);

struct Inner {
    /// `None` once closed.
    queue: Mutex<Option<mpsc::Sender<Pending>>>,
    lanes: Mutex<Vec<JoinHandle<()>>>,
}

struct Pending {
    record: DocumentRecord,
    answer: oneshot::Sender<Result<(), StoreError>>,
}

impl DocumentWriter {
    pub(crate) fn start(options: &PgConnectOptions) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE_DOCUMENTS_MAX);
        let receiver = Arc::new(tokio::sync::Mutex::new(receiver));
        let lanes =
            (0..LANES).map(|_| tokio::spawn(run_lane(Arc::clone(&receiver), Lane::new(options.clone())))).collect();
        Self(Arc::new(Inner { queue: Mutex::new(Some(sender)), lanes: Mutex::new(lanes) }))
    }

    /// Records a document and returns when it is committed. Write its object first.
    ///
    /// When the caller stops waiting, the record may be committed all the same.
    ///
    /// # Errors
    /// [`StoreError::WorkspaceNotActive`], [`StoreError::Conflict`], [`StoreError::Closed`], or the database failed:
    /// then it is unknown whether the record was committed, and the object must be left to the sweep.
    pub async fn record(&self, record: DocumentRecord) -> Result<(), StoreError> {
        let queue = locked(&self.0.queue).clone().ok_or(StoreError::Closed)?;
        let (answer, answered) = oneshot::channel();
        queue.send(Pending { record, answer }).await.map_err(|_| StoreError::Closed)?;
        drop(queue);
        answered.await.map_err(|_| StoreError::Closed)?
    }

    /// Takes no more records and returns when all that wait are written.
    pub async fn close(&self) {
        drop(locked(&self.0.queue).take());
        let lanes = std::mem::take(&mut *locked(&self.0.lanes));
        for lane in lanes {
            if let Err(error) = lane.await {
                tracing::error!(%error, "a document writer failed");
            }
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn run_lane(queue: Arc<tokio::sync::Mutex<mpsc::Receiver<Pending>>>, mut lane: Lane) {
    let mut batch = Vec::with_capacity(BATCH_DOCUMENTS_MAX);
    loop {
        // The lanes take turns at the queue; waiting for the first record happens under the lock.
        if queue.lock().await.recv_many(&mut batch, BATCH_DOCUMENTS_MAX).await == 0 {
            return;
        }
        lane.write(&mut batch).await;
    }
}

/// One connection that is never shared: a batch costs exactly one round trip.
struct Lane {
    options: PgConnectOptions,
    connection: Option<PgConnection>,
}

impl Lane {
    const fn new(options: PgConnectOptions) -> Self {
        Self { options, connection: None }
    }

    async fn write(&mut self, batch: &mut Vec<Pending>) {
        let records: Vec<&DocumentRecord> = batch.iter().map(|pending| &pending.record).collect();
        let written = self.try_write(&records).await;
        match written {
            Ok(()) => batch.drain(..).for_each(|pending| pending.answer(Ok(()))),
            // A bad record must not refuse its neighbours, and a broken connection says nothing about any.
            Err(error) if batch.len() > 1 || is_broken(&error) => {
                let unknown_outcome = is_broken(&error);
                for pending in batch.drain(..) {
                    let alone = self.try_write(&[&pending.record]).await;
                    pending.answer(settled(alone, unknown_outcome));
                }
            }
            Err(error) => {
                if let Some(pending) = batch.pop() {
                    pending.answer(Err(error));
                }
            }
        }
    }

    async fn try_write(&mut self, records: &[&DocumentRecord]) -> Result<(), StoreError> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            empty => empty.insert(self.options.connect().await.map_err(StoreError::during("connecting"))?),
        };
        let written = documents::record(connection, records).await;
        if written.as_ref().is_err_and(is_broken) {
            self.connection = None;
        }
        written
    }
}

/// After a lost answer a record may have been committed already: its own id is then taken, by itself.
fn settled(result: Result<(), StoreError>, unknown_outcome: bool) -> Result<(), StoreError> {
    match result {
        Err(StoreError::Conflict { .. }) if unknown_outcome => Ok(()),
        result => result,
    }
}

fn is_broken(error: &StoreError) -> bool {
    matches!(error, StoreError::Database { source, .. } if StoreError::is_broken_connection(source))
}

impl Pending {
    fn answer(self, result: Result<(), StoreError>) {
        // A caller that went away needs no answer.
        let _ = self.answer.send(result);
    }
}
