//! The ledger of all acts: numbers and checkpoints, export, verification, proofs, and who did what.

use std::sync::Arc;

use chancery_ledger::{
    EXPORT_HEADER, ExportVerifier, InclusionProof, Note, Verified, Wrong, body_line, checkpoint_line, entry_line,
    id_millis, key_line, lost_line,
};
use chancery_store::{Actor as StoreActor, AuditEntry, AuditFilter, AuditId, Page, Stray};
use chancery_vault::{LEDGER, Timestamp, WorkspaceKeyring, WorkspaceKeys};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::Shared;
use crate::access::{Actor, Operator};
use crate::error::ServiceError;
use crate::sealing::{Cell, Event, audit_entry};

/// Batches of one run; more follow in the next, so that a run ends.
const BATCHES_MAX: u32 = 1000;

/// The ledger.
pub struct Ledger<'a> {
    pub(crate) shared: &'a Shared,
}

/// What a run of the sequencer did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advanced {
    /// Entries that got their number.
    pub entry_count: u64,
    /// The latest signed checkpoint; none while the ledger is empty.
    pub checkpoint: Option<Note>,
}

/// What to look for; what is not given matches all.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Id of the person or API key who acted.
    pub actor: Option<Uuid>,
    /// What was done: `template.create`.
    pub action: Option<String>,
    /// Id of what it was done to.
    pub target: Option<Uuid>,
    /// Not before.
    pub since: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
    /// Whether what is sealed is opened, too: that is an act itself, and recorded before anything is given out.
    pub with_details: bool,
}

/// One act that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    /// Its id, for a proof.
    pub id: Uuid,
    /// When it happened.
    pub at: Timestamp,
    /// `api_key`, `person`, `operator`, `system` or `link`.
    pub actor_kind: &'static str,
    /// Id of the key or the person.
    pub actor_id: Option<Uuid>,
    /// What was done.
    pub action: String,
    /// The kind of what it was done to.
    pub target_kind: String,
    /// The id of what it was done to.
    pub target_id: Option<Uuid>,
    /// More about it; nothing when it was not asked for, had none, was erased, or cannot be opened, which a verification tells apart.
    pub details: Option<Json>,
}

/// How a verification of the database ended early.
#[derive(Debug)]
pub enum VerifyFailure {
    /// The ledger is not right.
    Wrong(Wrong),
    /// An event that the ledger does not know, or that is gone before it got its number.
    Stray {
        /// The event.
        id: Uuid,
        /// When it was made, as its id tells.
        at: Option<Timestamp>,
        /// Whether it is there.
        is_there: bool,
    },
    /// The verification could not be done.
    Service(ServiceError),
}

impl From<ServiceError> for VerifyFailure {
    fn from(error: ServiceError) -> Self {
        Self::Service(error)
    }
}

impl Ledger<'_> {
    /// Gives numbers to the events that wait, and signs a checkpoint a batch.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`], or the ledger is damaged: then nothing is signed.
    pub async fn advance(&self, _operator: &Operator) -> Result<Advanced, ServiceError> {
        let key = self.key().await?;
        let mut advanced = Advanced { entry_count: 0, checkpoint: None };
        for _ in 0..BATCHES_MAX {
            let batch = self.shared.store.sequence_ledger(&key).await?;
            advanced.entry_count += batch.entries;
            advanced.checkpoint = batch.note;
            if !batch.is_full {
                break;
            }
        }
        Ok(advanced)
    }

    /// Hands out the export line by line, without line feeds; `line` says whether to go on.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn export(
        &self,
        _operator: &Operator,
        line: &mut (dyn FnMut(&str) -> bool + Send),
    ) -> Result<(), ServiceError> {
        if !line(EXPORT_HEADER) {
            return Ok(());
        }
        let store = &self.shared.store;
        let past = store.past_ledger_keys().await?;
        if !past.is_empty() {
            let last = (self.key().await?.public().clone(), None);
            let keys = past.into_iter().map(|past| (past.public, past.compromised_since)).chain([last]);
            for (key, compromised_since) in keys {
                if !line(&key_line(&key, compromised_since)) {
                    return Ok(());
                }
            }
        }
        let mut checkpoints = store.ledger_checkpoints(0).await?;
        checkpoints.reverse();
        let mut from = 0;
        loop {
            let page = store.ledger_page(from).await?;
            let Some(last) = page.last() else { break };
            from = last.number.saturating_add(1);
            for row in page {
                let text = match &row.entry {
                    Some(entry) => entry_line(&row.leaf, entry),
                    None => lost_line(&row.leaf, row.number, row.id),
                };
                if !line(&text) || !row.body_sealed.is_none_or(|body| line(&body_line(&body))) {
                    return Ok(());
                }
                while let Some((size, note)) = checkpoints.pop_if(|(size, _)| *size <= row.number.saturating_add(1)) {
                    if !line(&told(&note)) {
                        return Ok(());
                    }
                    if checkpoints.is_empty() {
                        checkpoints = store.ledger_checkpoints(size).await?;
                        checkpoints.reverse();
                    }
                }
            }
        }
        // Of a ledger that was cut off, checkpoints are left.
        while let Some((_, note)) = checkpoints.pop() {
            if !line(&told(&note)) {
                break;
            }
        }
        Ok(())
    }

    /// Verifies the whole ledger as the database has it; `verifier` says what is trusted. Nothing of the database is.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub async fn verify(
        &self,
        operator: &Operator,
        mut verifier: ExportVerifier,
        progress: &mut (dyn FnMut() + Send),
    ) -> Result<Verified, VerifyFailure> {
        let mut wrong = None;
        let mut line = |text: &str| {
            progress();
            wrong = verifier.line(text).err();
            wrong.is_none()
        };
        self.export(operator, &mut line).await?;
        if let Some(wrong) = wrong {
            return Err(VerifyFailure::Wrong(wrong));
        }
        let verified = verifier.finish().map_err(VerifyFailure::Wrong)?;
        match self.shared.store.ledger_stray().await.map_err(ServiceError::from)? {
            None => Ok(verified),
            Some(Stray { id, is_there }) => {
                Err(VerifyFailure::Stray { id, at: id_millis(id).map(Timestamp::from_millis), is_there })
            }
        }
    }

    /// The proof of one act under the latest checkpoint.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such act or it has no number yet; [`ServiceError::Unavailable`].
    pub async fn prove(&self, _operator: &Operator, id: Uuid) -> Result<InclusionProof, ServiceError> {
        let key = self.key().await?;
        match self.shared.store.ledger_proof(AuditId::from_uuid(id), key.public()).await {
            Err(chancery_store::StoreError::NotFound { what }) => Err(ServiceError::NotFound { what }),
            other => Ok(other?),
        }
    }

    /// Acts in the actor's workspace by who did what when, the latest first; at most 1000.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn search(
        &self,
        _operator: &Operator,
        actor: &Arc<Actor>,
        search: &Search,
        limit: u32,
    ) -> Result<Vec<Act>, ServiceError> {
        let filter = AuditFilter {
            actor: search.actor,
            action: search.action.as_deref(),
            subject: None,
            target: search.target,
            since: search.since,
            until: search.until,
        };
        let store = self.shared.store.workspace(actor.workspace());
        let rows = store.search_audit_events(filter, Page::new(0, limit)).await?;
        if search.with_details {
            let event = Event {
                actor: actor.for_audit(),
                action: "audit.read",
                target_kind: "workspace",
                target_id: actor.workspace().uuid(),
                details: &json!({ "acts": rows.len(), "action": search.action, "target": search.target }),
            };
            store
                .record_event(&audit_entry(actor.keys(), &*self.shared.random, self.shared.clock.now(), &event)?)
                .await?;
        }
        let details = |row: &chancery_store::AuditRow| {
            let cell = Cell { table: "audit_events", column: "body_sealed", row: row.id.uuid() };
            let opened = actor.keys().open_audit(&cell.context(), row.body_sealed.as_deref()?).ok()?;
            serde_json::from_slice(&opened).ok()
        };
        Ok(rows
            .into_iter()
            .map(|row| Act {
                details: if search.with_details { details(&row) } else { None },
                id: row.id.uuid(),
                at: row.at,
                actor_kind: row.actor.kind(),
                actor_id: row.actor.id(),
                action: row.action,
                target_kind: row.target_kind,
                target_id: row.target_id,
            })
            .collect())
    }

    /// Records an act of the operator on what lies outside of the database.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn record(&self, _operator: &Operator, action: &'static str, details: &Json) -> Result<(), ServiceError> {
        let entry = self.entry(StoreActor::Operator, action, ("installation", LEDGER.uuid()), details).await?;
        Ok(self.shared.store.record_event(&entry).await?)
    }

    /// An audit event of the installation: its body is sealed by the ledger's key, which outlives all workspaces.
    pub(crate) async fn entry(
        &self,
        actor: StoreActor,
        action: &'static str,
        (target_kind, target_id): (&'static str, Uuid),
        details: &Json,
    ) -> Result<AuditEntry, ServiceError> {
        let keys = WorkspaceKeyring::new(WorkspaceKeys::new(&self.own_key().await?, LEDGER)?, Vec::new(), &[])?;
        let event = Event { actor, action, target_kind, target_id, details };
        audit_entry(&keys, &*self.shared.random, self.shared.clock.now(), &event)
    }
}

/// The line of a stored checkpoint; one that is no note any more is refused by whoever verifies.
fn told(note: &str) -> String {
    match Note::parse(note) {
        Ok(note) => checkpoint_line(&note),
        Err(_) => "checkpoint".to_owned(),
    }
}
