//! Security events: what was refused becomes an entry of the audit log, and so of the ledger.

mod incident;
mod recorder;
pub(crate) mod records;
mod writing;

use chancery_store::{AuditFilter, Page};
use chancery_vault::{LEDGER, Timestamp, WorkspaceId};
use serde_json::Value as Json;
use uuid::Uuid;

pub use incident::{Incident, IncidentKind, Place};
pub(crate) use recorder::Recorder;
pub(crate) use writing::{Writing, clear_body};

use crate::Shared;
use crate::access::{Actor, Operator};
use crate::error::ServiceError;
use crate::sealing::open_audit_body;

/// Security events.
pub struct Security<'a> {
    pub(crate) shared: &'a Shared,
}

/// Which events are looked for; what is not given matches all.
#[derive(Clone, Copy, Debug, Default)]
pub struct SecurityFilter {
    /// Of this workspace only.
    pub workspace: Option<WorkspaceId>,
    /// Of this kind only.
    pub kind: Option<IncidentKind>,
    /// Not before.
    pub since: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

/// An event that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityEvent {
    /// Its id, for a proof.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// What: the word of an [`IncidentKind`].
    pub kind: String,
    /// In which workspace.
    pub workspace: Option<WorkspaceId>,
    /// `api_key`, `person`, `operator` or `system`.
    pub actor_kind: &'static str,
    /// Id of the key or the person.
    pub actor_id: Option<Uuid>,
    /// Where: a table or a kind of thing.
    pub place: String,
    /// The row.
    pub place_id: Option<Uuid>,
    /// The column.
    pub column: Option<String>,
    /// Why it was refused.
    pub reason: String,
    /// Occurrences that it stands for.
    pub count: u64,
}

impl Security<'_> {
    /// Notes a failure when it is a refusal; `actor` is who asked. Returns at once.
    pub fn observe(&self, error: &ServiceError, actor: Option<&Actor>) {
        let ServiceError::Refused { incident, .. } = error else { return };
        let mut incident = **incident;
        if let Some(actor) = actor {
            incident.actor = actor.for_audit();
            incident.workspace = incident.workspace.or(Some(actor.workspace()));
        }
        self.note(incident);
    }

    /// Notes an incident. Returns at once.
    pub fn note(&self, incident: Incident) {
        self.shared.security.note(incident, self.shared.clock.now());
    }

    /// The events of all workspaces and of none, the latest first.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn list(
        &self,
        _operator: &Operator,
        filter: &SecurityFilter,
        limit: u32,
    ) -> Result<Vec<SecurityEvent>, ServiceError> {
        let store = &self.shared.store;
        let workspaces = match filter.workspace {
            Some(workspace) => vec![workspace],
            None => {
                let all = store.list_workspaces().await?;
                std::iter::once(LEDGER).chain(all.into_iter().map(|row| row.id)).collect()
            }
        };
        let wanted = AuditFilter {
            action: filter.kind.map(IncidentKind::action),
            subject: Some("security"),
            since: filter.since,
            until: filter.until,
            ..AuditFilter::default()
        };
        let mut events = Vec::new();
        for workspace in workspaces {
            for row in store.workspace(workspace).search_audit_events(wanted, Page::new(0, limit)).await? {
                let details = self.details(workspace, row.id.uuid(), row.body_sealed.as_deref()).await;
                let text = |name: &str| details.get(name).and_then(Json::as_str).map(str::to_owned);
                events.push(SecurityEvent {
                    id: row.id.uuid(),
                    at: row.at,
                    kind: row.action.strip_prefix("security.").unwrap_or(&row.action).to_owned(),
                    workspace: (workspace != LEDGER).then_some(workspace),
                    actor_kind: row.actor.kind(),
                    actor_id: row.actor.id(),
                    place: row.target_kind,
                    place_id: row.target_id,
                    column: text("column"),
                    reason: text("reason").unwrap_or_else(|| "its details cannot be opened".to_owned()),
                    count: details.get("count").and_then(Json::as_u64).unwrap_or(1),
                });
            }
        }
        events.sort_by_key(|event| std::cmp::Reverse((event.at, event.id)));
        events.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(events)
    }

    /// What the body says; nothing when it was erased or does not open.
    async fn details(&self, workspace: WorkspaceId, id: Uuid, body: Option<&[u8]>) -> Json {
        match body.and_then(<[u8]>::split_first) {
            None => Json::Null,
            Some((&writing::CLEAR_BODY, clear)) => serde_json::from_slice(clear).unwrap_or_default(),
            Some(_) => match self.shared.keyring.of(&self.shared.store, workspace).await {
                Ok(Some(keys)) => open_audit_body(&keys, id, body.unwrap_or_default()).unwrap_or_default(),
                _ => Json::Null,
            },
        }
    }
}
