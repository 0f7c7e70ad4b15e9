//! The details of acts, opened for whoever may read them; that they were read is an act, too.

use std::collections::HashMap;
use std::sync::Arc;

use chancery_store::AuditId;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::access::{Actor, Operator};
use crate::error::ServiceError;
use crate::ledger::Ledger;
use crate::sealing::{Event, audit_entry, open_audit_body};

impl Ledger<'_> {
    /// The details of these acts in the actor's workspace; an act without, or whose details were erased, is left out.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn details(
        &self,
        _operator: &Operator,
        actor: &Arc<Actor>,
        acts: &[Uuid],
    ) -> Result<HashMap<Uuid, Json>, ServiceError> {
        let event = Event {
            actor: actor.for_audit(),
            action: "audit.read",
            target_kind: "workspace",
            target_id: actor.workspace().uuid(),
            details: &json!({ "count": acts.len() }),
        };
        let entry = audit_entry(actor.keys(), &*self.shared.random, self.shared.clock.now(), &event)?;
        let ids: Vec<AuditId> = acts.iter().copied().map(AuditId::from_uuid).collect();
        let bodies = self.shared.store.workspace(actor.workspace()).read_audit_bodies(&ids, &entry).await?;
        bodies.into_iter().map(|(id, body)| Ok((id.uuid(), open_audit_body(actor.keys(), id.uuid(), &body)?))).collect()
    }
}
