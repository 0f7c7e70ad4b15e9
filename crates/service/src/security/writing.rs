//! Writes noted incidents into the audit log: beside the requests, again when the database was away, and at the end.

use std::sync::{Mutex, PoisonError, Weak};
use std::time::Duration;

use chancery_store::{AuditEntry, AuditId, Target};
use chancery_vault::{LEDGER, Random};
use serde_json::{Value as Json, json};
use tokio::task::JoinHandle;

use super::recorder::Waiting;
use crate::Shared;
use crate::error::ServiceError;
use crate::sealing::audit_body;

/// Wait between two looks at windows that ended, and after a database that was away.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);

/// First byte of a body that is not sealed: sealed ones begin with their version, which is never 0.
///
/// An incident outside of any workspace has no key to be sealed with. Its body holds a closed set of words and counts.
pub(super) const CLEAR_BODY: u8 = 0;

/// A body outside of any workspace.
pub(crate) fn clear_body(details: &Json) -> Vec<u8> {
    [&[CLEAR_BODY], details.to_string().as_bytes()].concat()
}

/// The task that writes; ends with the service.
pub(crate) struct Writing {
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Writing {
    pub(crate) fn start(shared: Weak<Shared>) -> Self {
        Self { task: Mutex::new(Some(tokio::spawn(write_regularly(shared)))) }
    }

    /// Stops the task; what it had taken is finished first, so that nothing is lost in between.
    pub(crate) async fn stop(&self, shared: &Shared) {
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            shared.is_ending.store(true, std::sync::atomic::Ordering::Relaxed);
            shared.security.news.notify_one();
            if let Err(error) = task.await {
                tracing::error!(%error, "the writer of security events failed");
            }
        }
        write(shared, true).await;
    }
}

async fn write_regularly(shared: Weak<Shared>) {
    loop {
        {
            let Some(shared) = shared.upgrade() else { return };
            if shared.is_ending.load(std::sync::atomic::Ordering::Relaxed) {
                return;
            }
            write(&shared, false).await;
            drop(tokio::time::timeout(LOOK_INTERVAL, shared.security.news.notified()).await);
        }
        // Without this, a service that is dropped without an end would be held by its own task.
        tokio::task::yield_now().await;
    }
}

async fn write(shared: &Shared, is_end: bool) {
    let mut events = shared.security.take(shared.clock.now(), is_end).into_iter();
    while let Some(event) = events.next() {
        tell(&event);
        if let Err(error) = write_one(shared, &event).await {
            tracing::error!(%error, cause = error.source_text(), "a security event waits to be written");
            shared.security.put_back(std::iter::once(event).chain(events).collect());
            if !is_end {
                tokio::time::sleep(LOOK_INTERVAL).await;
            }
            return;
        }
    }
}

fn tell(event: &Waiting) {
    let incident = &event.incident;
    tracing::warn!(
        kind = incident.kind.word(),
        workspace = incident.workspace.map(tracing::field::display),
        place = incident.place.kind,
        column = incident.place.column,
        id = incident.place.id.map(tracing::field::display),
        actor = incident.actor.id().map(tracing::field::display),
        reason = incident.reason,
        count = event.count,
        "security event"
    );
}

async fn write_one(shared: &Shared, event: &Waiting) -> Result<(), ServiceError> {
    let random: &dyn Random = &*shared.random;
    let incident = &event.incident;
    let id = AuditId::generate(event.at, random)?;
    let details = json!({ "reason": incident.reason, "column": incident.place.column, "count": event.count });
    let keys = match incident.workspace {
        // A workspace whose keys do not open is told of without them.
        Some(workspace) => shared.keyring.of(&shared.store, workspace).await.unwrap_or_default(),
        None => None,
    };
    let body = match keys {
        Some(keys) => audit_body(&keys, random, id, &details)?,
        None => clear_body(&details),
    };
    let entry = AuditEntry {
        id,
        at: event.at,
        actor: incident.actor,
        action: incident.kind.action(),
        target: Target { kind: incident.place.kind, id: incident.place.id },
        body_sealed: Some(body),
    };
    let workspace = incident.workspace.unwrap_or(LEDGER);
    Ok(shared.store.workspace(workspace).record_event(&entry).await?)
}
