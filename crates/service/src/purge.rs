//! Deletes what has expired: keys, objects, rows; and objects that no row names. Each run leaves a record for a receipt.

use chancery_store::{
    Actor, AuditEntry, AuditId, BatchId, BatchNotes, DataKind, NewRun, PurgeCause, PurgeRunId, RunRow, Target,
    WorkspaceStore,
};
use chancery_vault::WorkspaceId;
use serde_json::json;

use crate::Shared;
use crate::access::Operator;
use crate::error::ServiceError;
use crate::ledger::Ledger;
use crate::receipts;
use crate::retention::{Policies, Policy};
use crate::sealing::{Event, audit_entry};

/// Age below which an object without a row is left alone, in milliseconds: its row may be on its way. No request takes an
/// hour.
pub(crate) const ORPHAN_GRACE_MS: u64 = 60 * 60 * 1000;

/// Age from which a run that did not end counts as interrupted, in milliseconds. Whoever still works on it finds it ended,
/// and begins another one.
const INTERRUPTED_AFTER_MS: u64 = 60 * 60 * 1000;

/// Deletion of what has expired.
pub struct Purge<'a> {
    pub(crate) shared: &'a Shared,
}

/// What a purge looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Documents that have expired: a question that costs little, asked every minute.
    Documents,
    /// Everything that a policy ends.
    Everything,
}

/// What was deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Documents of which nothing is left.
    pub document_count: u64,
    /// Their bytes.
    pub size_bytes: u64,
    /// Documents whose object could not be deleted: their keys are destroyed, and the next run tries again.
    pub failed_count: u64,
    /// Rows of everything that was destroyed, by kind.
    pub destroyed: Vec<(DataKind, u64)>,
    /// Rows that would have been deleted, if no hold kept them.
    pub held_count: u64,
}

/// Is told the kind at work and how many rows of it are destroyed so far.
pub type Progress<'a> = &'a mut (dyn FnMut(DataKind, u64) + Send);

impl Purged {
    fn add(&mut self, kind: DataKind, count: u64) -> u64 {
        if let Some((_, total)) = self.destroyed.iter_mut().find(|(known, _)| *known == kind) {
            *total += count;
            return *total;
        }
        self.destroyed.push((kind, count));
        count
    }
}

impl Purge<'_> {
    /// Purges what is due, in all workspaces.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`]; what was done stays done, and the next run goes on.
    pub async fn run(&self, operator: &Operator, scope: Scope, progress: Progress<'_>) -> Result<Purged, ServiceError> {
        let store = &self.shared.store;
        let workspaces = match scope {
            Scope::Documents => store.workspaces_to_purge(self.shared.clock.now()).await?,
            Scope::Everything => {
                // Bodies are erased of events that have their number.
                Ledger { shared: self.shared }.advance(operator).await?;
                store.list_workspaces().await?.into_iter().map(|workspace| workspace.id).collect()
            }
        };
        let mut total = Purged::default();
        for workspace in workspaces {
            self.run_in(workspace, scope, &mut total, progress).await?;
        }
        Ok(total)
    }

    /// Deletes objects older than an hour that no row names; returns how many. Looks at every object there is.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn sweep(&self, _operator: &Operator) -> Result<u64, ServiceError> {
        let report =
            self.shared.store.sweep_orphans(&self.shared.objects, self.shared.clock.now(), ORPHAN_GRACE_MS).await?;
        Ok(report.orphans + report.unfinished)
    }

    async fn run_in(
        &self,
        workspace: WorkspaceId,
        scope: Scope,
        total: &mut Purged,
        progress: Progress<'_>,
    ) -> Result<(), ServiceError> {
        let store = self.shared.store.workspace(workspace);
        let interrupted = store.unfinished_runs(self.shared.clock.now().minus_millis(INTERRUPTED_AFTER_MS)).await?;
        for run in interrupted {
            self.end(&store, &run, 0).await?;
        }
        let policies = Policies::read(&store).await?;
        let mut run = Run { store: &store, policies: &policies, id: None };
        let mut held = 0;
        for policy in
            policies.all().filter(|policy| scope == Scope::Everything || policy.rule.kind == DataKind::Documents)
        {
            held += self.destroy(&mut run, policy, total, progress).await?;
        }
        total.held_count += held;
        if store.has_purged_documents().await? {
            let run = self.begin(&mut run).await?;
            let clock = || self.shared.clock.now();
            let report = store.remove_purged_documents(run, &self.shared.objects, &clock, &*self.shared.random).await?;
            total.document_count += report.documents;
            total.size_bytes += report.bytes;
            total.failed_count += report.failed;
        }
        match run.id {
            Some(id) => match store.purge_run(id).await? {
                Some(row) => self.end(&store, &row, held).await,
                None => Ok(()),
            },
            None => Ok(()),
        }
    }

    /// Destroys what is due under one policy, batch by batch; gives how many rows a hold keeps.
    async fn destroy(
        &self,
        run: &mut Run<'_>,
        policy: Policy,
        total: &mut Purged,
        progress: Progress<'_>,
    ) -> Result<u64, ServiceError> {
        let (random, kind) = (&*self.shared.random, policy.rule.kind);
        let slice = policy.slice(self.shared.clock.now());
        let due = run.store.due(&slice).await?;
        if due.count == 0 {
            return Ok(due.held);
        }
        let id = self.begin(run).await?;
        loop {
            let at = self.shared.clock.now();
            let entry = AuditEntry {
                id: AuditId::generate(at, random)?,
                at,
                actor: Actor::System,
                action: "retention.purge",
                target: Target { kind: "purge_run", id: Some(id.uuid()) },
                body_sealed: None,
            };
            let notes = BatchNotes { run: id, batch: BatchId::generate(at, random)?, at, entry };
            let destroyed = run.store.destroy_due(&slice, &notes).await?;
            if destroyed.count == 0 {
                return Ok(due.held);
            }
            progress(kind, total.add(kind, destroyed.count));
        }
    }

    async fn begin(&self, run: &mut Run<'_>) -> Result<PurgeRunId, ServiceError> {
        if let Some(id) = run.id {
            return Ok(id);
        }
        let now = self.shared.clock.now();
        let id = PurgeRunId::generate(now, &*self.shared.random)?;
        let policy = run.policies.to_json().to_string();
        run.store.begin_run(&NewRun { id, cause: PurgeCause::Retention, policy: Some(&policy), at: now }).await?;
        run.id = Some(id);
        Ok(id)
    }

    /// Ends a run with an event that holds the digest of what it did.
    async fn end(&self, store: &WorkspaceStore, run: &RunRow, held: u64) -> Result<(), ServiceError> {
        let now = self.shared.clock.now();
        let ended = RunRow { finished_at: Some(now), held, ..run.clone() };
        let batches = store.purge_batches(run.id).await?;
        let digest = receipts::digest(store.id(), &ended, &batches);
        let random = &*self.shared.random;
        let keys = match self.shared.keyring.of(&self.shared.store, store.id()).await {
            Ok(keys) => keys,
            // Another workspace is not held up: a later run ends this one, when its key can be opened.
            Err(error) => {
                tracing::warn!(workspace = %store.id(), %error, cause = error.source_text(), "a purge run is not ended yet");
                return Ok(());
            }
        };
        let entry = match keys {
            Some(keys) => {
                let event = Event {
                    actor: Actor::System,
                    action: "purge.finish",
                    target_kind: "purge_run",
                    target_id: run.id.uuid(),
                    details: &json!({ "digest": digest.to_string() }),
                };
                audit_entry(&keys, random, now, &event)?
            }
            // A workspace without a key: its objects are removed, and there is nothing left to seal a body with.
            None => AuditEntry {
                id: AuditId::generate(now, random)?,
                at: now,
                actor: Actor::System,
                action: "purge.finish",
                target: Target { kind: "purge_run", id: Some(run.id.uuid()) },
                body_sealed: None,
            },
        };
        match store.end_run(run.id, now, held, &entry).await {
            // Another process was faster.
            Err(chancery_store::StoreError::NotFound { .. }) => Ok(()),
            result => Ok(result?),
        }
    }
}

/// A run that is recorded as soon as it destroys something.
struct Run<'a> {
    store: &'a WorkspaceStore,
    policies: &'a Policies,
    id: Option<PurgeRunId>,
}
