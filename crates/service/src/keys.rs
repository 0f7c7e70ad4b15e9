//! API keys: made, listed and revoked by the operator of the machine. The key itself exists once, when it is made.

use std::sync::Arc;

use chancery_store::{ApiKeyId, NewApiKey, Page as StorePage, StoreError};
use chancery_vault::{ApiKey, Timestamp, WorkspaceId, WorkspaceKeyring};
use serde_json::{Value as Json, json};

use crate::Shared;
use crate::access::Operator;
use crate::error::ServiceError;
use crate::permission::PermissionSet;
use crate::sealing::{self, Cell, Event, audit_entry};
use crate::security::records;

/// Milliseconds of a day.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// Characters of a name.
const NAME_LENGTH_MAX: usize = 200;

/// The API keys of the installation.
pub struct Keys<'a> {
    pub(crate) shared: &'a Shared,
}

/// A key to make.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub permissions: PermissionSet,
    /// Days after which it stops working; without it, it works until it is revoked.
    pub lifetime_days: Option<u32>,
}

/// A key that was made.
pub struct CreatedKey {
    /// Its id, by which it can be revoked.
    pub id: ApiKeyId,
    /// The key itself: to be shown once.
    pub key: ApiKey,
}

/// Whether a key works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It does.
    Active,
    /// Its time is over.
    Expired,
    /// It was taken back.
    Revoked,
}

/// A key in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySummary {
    /// Its id.
    pub id: ApiKeyId,
    /// The start of the key, by which its owner recognises it.
    pub hint: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub permissions: PermissionSet,
    /// Whether it works.
    pub state: KeyState,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to within a minute.
    pub last_used_at: Option<Timestamp>,
}

impl Keys<'_> {
    /// Makes a key.
    ///
    /// # Errors
    /// [`ServiceError::InvalidField`] for the name, [`ServiceError::NotFound`] for the workspace,
    /// [`ServiceError::Unavailable`].
    pub async fn create(
        &self,
        _operator: &Operator,
        workspace: WorkspaceId,
        new: NewKey,
    ) -> Result<CreatedKey, ServiceError> {
        if new.name.trim().is_empty()
            || new.name.chars().count() > NAME_LENGTH_MAX
            || new.name.chars().any(char::is_control)
        {
            return Err(ServiceError::invalid(
                "name",
                "must have 1 to 200 characters, none of them a control character",
            ));
        }
        let keys = self.keys_of(workspace).await?;
        let random = &*self.shared.random;
        let now = self.shared.clock.now();
        let id = ApiKeyId::generate(now, random)?;
        let key = ApiKey::generate(random)?;
        let row = NewApiKey {
            id,
            hint: key.hint().to_owned(),
            hash: key.hash(),
            name_sealed: sealing::seal(&keys, random, name_cell(id), &new.name)?,
            permissions: new.permissions.iter().map(|permission| permission.name().to_owned()).collect(),
            created_at: now,
            expires_at: new.lifetime_days.map(|days| now.plus_millis(u64::from(days) * DAY_MS)),
        };
        let digest = records::of_api_key(id, row.hash.as_bytes(), &row.permissions, now, row.expires_at);
        let details = json!({
            "permissions": new.permissions.to_string(), "lifetime_days": new.lifetime_days, records::DIGEST: digest,
        });
        let entry = self.entry(&keys, "api_key.create", id, &details)?;
        self.shared.store.workspace(workspace).create_api_key(&row, &entry).await?;
        Ok(CreatedKey { id, key })
    }

    /// The keys of a workspace, revoked ones too, the oldest first; at most a thousand.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for the workspace, [`ServiceError::Unavailable`].
    pub async fn list(&self, _operator: &Operator, workspace: WorkspaceId) -> Result<Vec<KeySummary>, ServiceError> {
        let keys = self.keys_of(workspace).await?;
        let now = self.shared.clock.now();
        let rows =
            self.shared.store.workspace(workspace).list_api_keys(StorePage::new(0, StorePage::LIMIT_MAX)).await?;
        rows.into_iter()
            .map(|row| {
                let state = if row.revoked_at.is_some() {
                    KeyState::Revoked
                } else if row.expires_at.is_some_and(|expires_at| now >= expires_at) {
                    KeyState::Expired
                } else {
                    KeyState::Active
                };
                Ok(KeySummary {
                    id: row.id,
                    hint: row.hint,
                    name: sealing::open(&keys, name_cell(row.id), &row.name_sealed)?,
                    permissions: PermissionSet::from_names(row.permissions.iter().map(String::as_str)),
                    state,
                    created_at: row.created_at,
                    last_used_at: row.last_used_at,
                })
            })
            .collect()
    }

    /// Takes a key back. Every node refuses it as soon as it hears of it, which is at once.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::InvalidField`] when `key` is no id, [`ServiceError::Unavailable`].
    pub async fn revoke(&self, _operator: &Operator, workspace: WorkspaceId, key: &str) -> Result<(), ServiceError> {
        let id: ApiKeyId = key.parse().map_err(|_| ServiceError::invalid("key", "must be a key's id"))?;
        let keys = self.keys_of(workspace).await?;
        let entry = self.entry(&keys, "api_key.revoke", id, &Json::Null)?;
        let revoked = self.shared.store.workspace(workspace).revoke_api_key(id, self.shared.clock.now(), &entry).await;
        self.shared.actors.forget(|_, actor| actor.key_id() == Some(id));
        revoked.map_err(|error| match error {
            StoreError::NotFound { .. } => ServiceError::NotFound { what: "key" },
            other => other.into(),
        })
    }

    async fn keys_of(&self, workspace: WorkspaceId) -> Result<Arc<WorkspaceKeyring>, ServiceError> {
        let keys = self.shared.keyring.of(&self.shared.store, workspace).await?;
        keys.ok_or(ServiceError::NotFound { what: "workspace" })
    }

    fn entry(
        &self,
        keys: &WorkspaceKeyring,
        action: &'static str,
        id: ApiKeyId,
        details: &Json,
    ) -> Result<chancery_store::AuditEntry, ServiceError> {
        let actor = chancery_store::Actor::Operator;
        let event = Event { actor, action, target_kind: "api_key", target_id: id.uuid(), details };
        audit_entry(keys, &*self.shared.random, self.shared.clock.now(), &event)
    }
}

fn name_cell(id: ApiKeyId) -> Cell {
    Cell { table: "api_keys", column: "name_sealed", row: id.uuid() }
}
