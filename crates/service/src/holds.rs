//! Legal holds: what must be kept whatever a policy or a caller says.

use std::sync::Arc;

use chancery_store::{HoldId, HoldTarget, NewHold, StoreError, TemplateId, WorkspaceStore};
use chancery_vault::Timestamp;
use serde_json::json;
use uuid::Uuid;

use crate::Shared;
use crate::access::Actor;
use crate::error::ServiceError;
use crate::page::Page;
use crate::permission::Permission;
use crate::sealing::{self, Cell, Event, audit_entry, check_reason};
use crate::templates::TemplateKey;

/// The legal holds of a workspace.
pub struct Holds<'a> {
    pub(crate) shared: &'a Shared,
}

/// What is to be held.
#[derive(Clone, Debug)]
pub enum ToHold {
    /// Everything of the workspace.
    Workspace,
    /// A template with all that was made from it.
    Template(TemplateKey),
    /// A document with its request.
    Document(Uuid),
}

/// A hold in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Its id.
    pub id: HoldId,
    /// `workspace`, `template` or `document`.
    pub target: &'static str,
    /// The id of what it keeps.
    pub target_id: Uuid,
    /// Why.
    pub reason: String,
    /// Since when.
    pub placed_at: Timestamp,
    /// Who placed it: a kind, and an id.
    pub placed_by: (&'static str, Option<Uuid>),
    /// Since when it keeps nothing any more.
    pub released_at: Option<Timestamp>,
}

impl Holds<'_> {
    /// Places a hold. When this returns, what it keeps is there, and stays until the hold is released.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], also when a purge was faster; [`ServiceError::InvalidField`] for the reason,
    /// [`ServiceError::Forbidden`], [`ServiceError::Unavailable`].
    pub async fn place(&self, actor: &Arc<Actor>, what: ToHold, reason: &str) -> Result<HoldId, ServiceError> {
        actor.require(Permission::RetentionWrite)?;
        check_reason(reason)?;
        let store = self.store(actor);
        let (target, target_id) = match what {
            ToHold::Workspace => (HoldTarget::Workspace, actor.workspace().uuid()),
            ToHold::Template(key) => (HoldTarget::Template, self.template(&store, key).await?.uuid()),
            ToHold::Document(id) => (HoldTarget::Document, id),
        };
        let (random, now) = (&*self.shared.random, self.shared.clock.now());
        let id = HoldId::generate(now, random)?;
        let reason_sealed = sealing::seal(actor.keys(), random, reason_cell(id), reason)?;
        let new = NewHold { id, target, target_id, reason_sealed, at: now, actor: actor.for_audit() };
        let details = json!({ "hold": id.to_string(), "reason": reason });
        let event = Event {
            actor: actor.for_audit(),
            action: "hold.place",
            target_kind: target.as_str(),
            target_id,
            details: &details,
        };
        let entry = audit_entry(actor.keys(), random, now, &event)?;
        store.place_hold(&new, &entry).await.map_err(not_found(target.as_str()))?;
        Ok(id)
    }

    /// Releases a hold: what it kept may be deleted from now on.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::InvalidField`] for the reason, [`ServiceError::Forbidden`],
    /// [`ServiceError::Unavailable`].
    pub async fn release(&self, actor: &Arc<Actor>, hold: HoldId, reason: &str) -> Result<(), ServiceError> {
        actor.require(Permission::RetentionWrite)?;
        check_reason(reason)?;
        let now = self.shared.clock.now();
        let event = Event {
            actor: actor.for_audit(),
            action: "hold.release",
            target_kind: "hold",
            target_id: hold.uuid(),
            details: &json!({ "reason": reason }),
        };
        let entry = audit_entry(actor.keys(), &*self.shared.random, now, &event)?;
        self.store(actor).release_hold(hold, now, actor.for_audit(), &entry).await.map_err(not_found("hold in force"))
    }

    /// The holds, those that were released too, the latest first.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Unavailable`].
    pub async fn list(&self, actor: &Actor, page: Page) -> Result<Vec<Hold>, ServiceError> {
        actor.require(Permission::RetentionRead)?;
        let rows = self.store(actor).list_holds(page.into()).await?;
        rows.into_iter()
            .map(|row| {
                Ok(Hold {
                    id: row.id,
                    target: row.target.as_str(),
                    target_id: row.target_id,
                    reason: sealing::open(actor.keys(), reason_cell(row.id), &row.reason_sealed)?,
                    placed_at: row.placed_at,
                    placed_by: (row.placed_by.kind(), row.placed_by.id()),
                    released_at: row.released_at,
                })
            })
            .collect()
    }

    async fn template(&self, store: &WorkspaceStore, key: TemplateKey) -> Result<TemplateId, ServiceError> {
        let row = store.template_by_public_id(key.id()).await?;
        Ok(row.ok_or(ServiceError::NotFound { what: "template" })?.id)
    }

    fn store(&self, actor: &Actor) -> WorkspaceStore {
        self.shared.store.workspace(actor.workspace())
    }
}

fn reason_cell(id: HoldId) -> Cell {
    Cell { table: "legal_holds", column: "reason_sealed", row: id.uuid() }
}

fn not_found(what: &'static str) -> impl Fn(StoreError) -> ServiceError {
    move |error| match error {
        StoreError::NotFound { .. } => ServiceError::NotFound { what },
        other => other.into(),
    }
}
