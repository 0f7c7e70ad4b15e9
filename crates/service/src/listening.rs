//! Hears of changes made by other nodes and by commands, and forgets what they made outdated.

use std::sync::{Mutex, PoisonError, Weak};
use std::time::Duration;

use chancery_store::{Change, ChangeKind, Invalidation, Invalidations};
use tokio::task::JoinHandle;

use crate::Shared;

/// How often the last use of keys is written: they are shown to people, to the minute.
const USES_INTERVAL_S: u64 = 20;

/// The task that listens; ends with the service.
pub(crate) struct Listening {
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Listening {
    pub(crate) fn start(invalidations: Invalidations, shared: Weak<Shared>) -> Self {
        Self { task: Mutex::new(Some(tokio::spawn(listen(invalidations, shared)))) }
    }

    pub(crate) fn stop(&self) {
        if let Some(task) = self.task.lock().unwrap_or_else(PoisonError::into_inner).take() {
            task.abort();
        }
    }
}

async fn listen(mut invalidations: Invalidations, shared: Weak<Shared>) {
    let mut uses = tokio::time::interval(Duration::from_secs(USES_INTERVAL_S));
    uses.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let event = tokio::select! {
            event = invalidations.next() => Some(event),
            _ = uses.tick() => None,
        };
        let Some(shared) = shared.upgrade() else { return };
        match event {
            None => {
                shared.uses.flush(&shared.store).await;
                shared.allocations.flush(&shared.store, shared.clock.now()).await;
            }
            Some(Some(event)) => apply(&shared, event),
            Some(None) => {
                // The listener itself is gone: from now on every request asks the database.
                shared.set_caching(false);
                return;
            }
        }
    }
}

fn apply(shared: &Shared, event: Invalidation) {
    match event {
        Invalidation::Connected => shared.set_caching(true),
        Invalidation::Disconnected => shared.set_caching(false),
        Invalidation::Changed(Change { kind, workspace, id }) => match kind {
            ChangeKind::Workspace => {
                shared.keyring.forget(workspace);
                shared.policies.forget(|known, _| *known == workspace);
                shared.actors.forget(|_, actor| actor.workspace() == workspace);
            }
            ChangeKind::ApiKey => {
                shared.actors.forget(|_, actor| actor.key_id().is_some_and(|key| key.uuid() == id));
            }
            ChangeKind::Template => shared.heads.forget(|_, head| head.id.uuid() == id),
        },
    }
}
