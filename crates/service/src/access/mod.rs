//! Access: from a presented key to an actor with permissions, remembered for a short while.

mod actor;

use std::sync::Arc;

use chancery_store::{FoundApiKey, WorkspaceState};
use chancery_vault::{Timestamp, TokenHash, WorkspaceId, WorkspaceKeyring};

pub use actor::{Actor, Operator};

use crate::Shared;
use crate::error::ServiceError;
use crate::permission::PermissionSet;
use crate::security::records::{self, Standing};
use crate::security::{Incident, IncidentKind, Place};
use crate::workspaces::class_of;

/// How long an actor is remembered without asking the database again, even when nothing was heard of a change.
/// Changes are heard of at once; this bounds what a lost notification could cost.
pub(crate) const ACTOR_LIFETIME_MS: u64 = 10_000;

/// Actors that are remembered at once; a few hundred bytes each.
pub(crate) const ACTOR_COUNT_MAX: usize = 10_000;

/// Finds out who is asking.
pub struct Access<'a> {
    pub(crate) shared: &'a Shared,
}

impl Access<'_> {
    /// The actor behind a presented key.
    ///
    /// # Errors
    /// [`ServiceError::Unauthenticated`] for a damaged, unknown, expired or revoked key and for one whose workspace does
    /// not work, all alike; [`ServiceError::Unavailable`].
    pub async fn authenticate(&self, presented: &str) -> Result<Arc<Actor>, ServiceError> {
        let authenticated = self.find(presented).await;
        if matches!(authenticated, Err(ServiceError::Unauthenticated)) {
            let (kind, place) = (IncidentKind::AuthenticationBurst, Place::thing("api_key"));
            let incident = Incident::new(kind, None, place, "many keys that are none were presented");
            self.shared.security.note(incident, self.shared.clock.now());
        }
        authenticated
    }

    async fn find(&self, presented: &str) -> Result<Arc<Actor>, ServiceError> {
        let hash = TokenHash::of_presented(presented).map_err(|_| ServiceError::Unauthenticated)?;
        let now = self.shared.clock.now();
        if let Some(actor) = self.shared.actors.get(&hash)
            && actor.is_fresh(now)
        {
            return Ok(actor);
        }
        let ticket = self.shared.actors.ticket();
        let found = self.shared.store.find_api_key(&hash).await?.ok_or(ServiceError::Unauthenticated)?;
        let actor = Arc::new(self.actor_of(&found, &hash, now).await?);
        self.shared.actors.insert(ticket, hash, Arc::clone(&actor));
        self.shared.uses.note(actor.workspace(), found.id, now);
        Ok(actor)
    }

    /// An actor for whoever runs commands on this machine, in one workspace.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Unavailable`].
    pub async fn operator(&self, _operator: &Operator, workspace: WorkspaceId) -> Result<Arc<Actor>, ServiceError> {
        let keys = self.shared.keyring.of(&self.shared.store, workspace).await?;
        let keys = keys.ok_or(ServiceError::NotFound { what: "workspace" })?;
        let row = self.shared.store.workspace(workspace).details().await?;
        let row = row.ok_or(ServiceError::NotFound { what: "workspace" })?;
        Ok(Arc::new(Actor::operator(keys, class_of(row.class))))
    }

    async fn actor_of(&self, found: &FoundApiKey, hash: &TokenHash, now: Timestamp) -> Result<Actor, ServiceError> {
        let is_over = |at: Option<Timestamp>| at.is_some_and(|at| now >= at);
        if is_over(found.expires_at) || found.revoked_at.is_some() {
            return Err(ServiceError::Unauthenticated);
        }
        if found.workspace_state != WorkspaceState::Active {
            return Err(ServiceError::Unauthenticated);
        }
        let keys = self.shared.keyring.of(&self.shared.store, found.workspace).await?;
        let keys = keys.ok_or(ServiceError::Unauthenticated)?;
        self.check_record(found, hash, &keys).await?;
        let permissions = PermissionSet::from_names(found.permissions.iter().map(String::as_str));
        let class = class_of(found.workspace_class);
        Ok(Actor::api_key(found.id, keys, permissions, class, found.expires_at, now))
    }

    /// Whoever can write to the database can write a row of an API key; they cannot write the act that made it.
    async fn check_record(
        &self,
        found: &FoundApiKey,
        hash: &TokenHash,
        keys: &WorkspaceKeyring,
    ) -> Result<(), ServiceError> {
        let store = self.shared.store.workspace(found.workspace);
        let acts = store.acts_about(found.id.uuid(), records::API_KEY_ACTS, None).await?;
        let (permissions, created) = (&found.permissions, found.created_at);
        let digest = records::of_api_key(found.id, hash.as_bytes(), permissions, created, found.expires_at);
        match records::standing_of_api_key(keys, &acts, &digest, found.revoked_at.is_some()) {
            Standing::Recorded | Standing::Undigested => Ok(()),
            Standing::Forged(reason) => {
                // Between the row and its acts somebody may have revoked the key.
                if self.shared.store.find_api_key(hash).await?.as_ref() == Some(found) {
                    let place = Place::row("api_keys", found.id.uuid());
                    let incident = Incident::new(IncidentKind::RowForged, Some(found.workspace), place, reason);
                    self.shared.security.note(incident, self.shared.clock.now());
                }
                Err(ServiceError::Unauthenticated)
            }
        }
    }
}
