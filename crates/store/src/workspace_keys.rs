//! The keys of workspaces and their states (NIST SP 800-57 part 1, section 7), each under the root key.

use chancery_vault::{CarriedPurpose, KeyId, Timestamp, WorkspaceId, WrappedPurposeKey, WrappedWorkspaceKey};

use crate::workspace_store::{commit, retried};
use crate::{AuditEntry, Store, StoreError, WorkspaceStore, audit};

/// Where a key is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// Every node is to know it before it seals.
    PreActivation,
    /// Seals and opens.
    Active,
    /// Opens only.
    Deactivated,
    /// Opens only, and what it signed proves nothing.
    Compromised,
    /// Gone, and with it everything that it alone sealed.
    Destroyed,
}

/// A key as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceKeyRow {
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// Which key.
    pub id: KeyId,
    /// The key under a root key; a destroyed key has none.
    pub wrapped: Option<WrappedWorkspaceKey>,
    /// Where it is in its life.
    pub state: KeyState,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it seals, or from when on it did.
    pub activated_at: Option<Timestamp>,
    /// Since when it seals no more.
    pub deactivated_at: Option<Timestamp>,
    /// Since when it is known to be compromised.
    pub compromised_at: Option<Timestamp>,
    /// Since when it is gone.
    pub destroyed_at: Option<Timestamp>,
}

/// A purpose key of an earlier key under the active one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedKeyRow {
    /// What it is for.
    pub purpose: CarriedPurpose,
    /// The key.
    pub wrapped: WrappedPurposeKey,
    /// When its origin stopped sealing.
    pub carried_at: Timestamp,
}

/// What opens everything of a workspace, as of one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LivingKeys {
    /// All keys that are not destroyed, the oldest first.
    pub keys: Vec<WorkspaceKeyRow>,
    /// What the active key carries.
    pub carried: Vec<CarriedKeyRow>,
}

/// What becomes of the keys when the next one is activated.
#[derive(Debug, Clone)]
pub struct Activation {
    /// The key that seals from now on; it must be in pre-activation.
    pub next: KeyId,
    /// Everything that the new key carries.
    pub carried: Vec<CarriedKeyRow>,
    /// When.
    pub at: Timestamp,
}

impl KeyState {
    /// The stored and shown word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PreActivation => "pre_activation",
            Self::Active => "active",
            Self::Deactivated => "deactivated",
            Self::Compromised => "compromised",
            Self::Destroyed => "destroyed",
        }
    }

    fn parse(text: &str) -> Result<Self, StoreError> {
        [Self::PreActivation, Self::Active, Self::Deactivated, Self::Compromised, Self::Destroyed]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(StoreError::Unknown { what: "key state" })
    }
}

/// The columns of a key as the driver gives them.
struct Columns {
    workspace_id: uuid::Uuid,
    id: Vec<u8>,
    wrapped: Option<Vec<u8>>,
    state: String,
    created_at: i64,
    activated_at: Option<i64>,
    deactivated_at: Option<i64>,
    compromised_at: Option<i64>,
    destroyed_at: Option<i64>,
}

impl TryFrom<Columns> for WorkspaceKeyRow {
    type Error = StoreError;

    fn try_from(columns: Columns) -> Result<Self, StoreError> {
        Ok(Self {
            workspace: WorkspaceId::from_uuid(columns.workspace_id),
            id: key_id(&columns.id)?,
            wrapped: columns.wrapped.map(WrappedWorkspaceKey::from_bytes).transpose()?,
            state: KeyState::parse(&columns.state)?,
            created_at: Timestamp::from_signed_millis(columns.created_at),
            activated_at: columns.activated_at.map(Timestamp::from_signed_millis),
            deactivated_at: columns.deactivated_at.map(Timestamp::from_signed_millis),
            compromised_at: columns.compromised_at.map(Timestamp::from_signed_millis),
            destroyed_at: columns.destroyed_at.map(Timestamp::from_signed_millis),
        })
    }
}

pub(crate) fn key_id(bytes: &[u8]) -> Result<KeyId, StoreError> {
    bytes.try_into().map(KeyId::from_bytes).map_err(|_| StoreError::Unknown { what: "key id" })
}

impl Store {
    /// The keys of all workspaces, destroyed ones too.
    ///
    /// # Errors
    /// The database failed.
    pub async fn list_workspace_keys(&self) -> Result<Vec<WorkspaceKeyRow>, StoreError> {
        let rows = retried("listing workspace keys", || async {
            sqlx::query_as!(
                Columns,
                r#"select workspace_id as "workspace_id!", id as "id!", wrapped, state as "state!",
                          to_millis(created_at) as "created_at!", to_millis(activated_at) as activated_at,
                          to_millis(deactivated_at) as deactivated_at, to_millis(compromised_at) as compromised_at,
                          to_millis(destroyed_at) as destroyed_at
                   from lookup_workspace_keys()"#
            )
            .fetch_all(self.pool())
            .await
        })
        .await?;
        rows.into_iter().map(WorkspaceKeyRow::try_from).collect()
    }
}

impl WorkspaceStore {
    /// All living keys and what the active one carries, as of one moment.
    ///
    /// # Errors
    /// The database failed.
    pub async fn living_keys(&self) -> Result<LivingKeys, StoreError> {
        let mut tx = self.begin().await?;
        // One statement, so that an activation is seen as a whole or not at all.
        let rows = sqlx::query!(
            r#"select null as purpose, workspace_id as "workspace_id!", id as "id!", wrapped as "wrapped!", state as "state!",
                      to_millis(created_at) as "created_at!", to_millis(activated_at) as activated_at,
                      to_millis(deactivated_at) as deactivated_at, to_millis(compromised_at) as compromised_at
               from workspace_keys where workspace_id = $1 and state <> 'destroyed'
               union all
               select purpose, workspace_id, id, wrapped, '', to_millis(carried_at), null, null, null
               from carried_keys where workspace_id = $1
               order by 6, 3"#,
            self.id().uuid(),
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::during("reading the keys of a workspace"))?;
        let mut living = LivingKeys { keys: Vec::new(), carried: Vec::new() };
        for row in rows {
            if let Some(purpose) = row.purpose {
                living.carried.push(CarriedKeyRow {
                    purpose: CarriedPurpose::parse(&purpose).ok_or(StoreError::Unknown { what: "key purpose" })?,
                    wrapped: WrappedPurposeKey::from_bytes(row.wrapped)?,
                    carried_at: Timestamp::from_signed_millis(row.created_at),
                });
            } else {
                living.keys.push(WorkspaceKeyRow::try_from(Columns {
                    workspace_id: row.workspace_id,
                    id: row.id,
                    wrapped: Some(row.wrapped),
                    state: row.state,
                    created_at: row.created_at,
                    activated_at: row.activated_at,
                    deactivated_at: row.deactivated_at,
                    compromised_at: row.compromised_at,
                    destroyed_at: None,
                })?);
            }
        }
        Ok(living)
    }

    /// Notes that somebody else may have the active key. It seals until the next one does, for want of another.
    ///
    /// # Errors
    /// The database failed.
    pub async fn mark_key_compromised(&self, at: Timestamp, entry: &AuditEntry) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query!(
            "update workspace_keys set compromised_at = coalesce(compromised_at, from_millis($2))
             where workspace_id = $1 and state = 'active'",
            self.id().uuid(),
            at.signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("marking a workspace key as compromised"))?;
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await
    }

    /// Stores the next key, which seals nothing yet; every node learns it.
    ///
    /// # Errors
    /// [`StoreError::KeyClosed`] when its root key is destroyed; the database failed.
    pub async fn add_key(
        &self,
        wrapped: &WrappedWorkspaceKey,
        at: Timestamp,
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query!(
            "insert into workspace_keys (workspace_id, id, wrapped, state, created_at)
             values ($1, $2, $3, 'pre_activation', from_millis($4))",
            self.id().uuid(),
            wrapped.key_id().as_bytes().to_vec(),
            wrapped.as_bytes(),
            at.signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("storing a workspace key"))?;
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await
    }

    /// Lets the next key seal, in place of the one that did.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the key is not in pre-activation (another process was faster); the database failed.
    pub async fn activate_key(&self, activation: &Activation, entry: &AuditEntry) -> Result<(), StoreError> {
        const ACTIVATING: &str = "activating a workspace key";
        let at = activation.at.signed_millis();
        let mut tx = self.begin().await?;
        sqlx::query!(
            "update workspace_keys
             set state = case when compromised_at is null then 'deactivated' else 'compromised' end,
                 deactivated_at = from_millis($2)
             where workspace_id = $1 and state = 'active'",
            self.id().uuid(),
            at,
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during(ACTIVATING))?;
        let activated = sqlx::query!(
            "update workspace_keys set state = 'active', activated_at = from_millis($3)
             where workspace_id = $1 and id = $2 and state = 'pre_activation'",
            self.id().uuid(),
            activation.next.as_bytes(),
            at,
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during(ACTIVATING))?;
        if activated.rows_affected() != 1 {
            return Err(StoreError::NotFound { what: "key to activate" });
        }
        sqlx::query!("delete from carried_keys where workspace_id = $1", self.id().uuid())
            .execute(&mut *tx)
            .await
            .map_err(StoreError::during(ACTIVATING))?;
        for carried in &activation.carried {
            sqlx::query!(
                "insert into carried_keys (workspace_id, id, purpose, wrapped, carried_at)
                 values ($1, $2, $3, $4, from_millis($5))",
                self.id().uuid(),
                carried.wrapped.key_id().as_bytes().to_vec(),
                carried.purpose.as_str(),
                carried.wrapped.as_bytes(),
                carried.carried_at.signed_millis(),
            )
            .execute(&mut *tx)
            .await
            .map_err(StoreError::during("carrying a purpose key"))?;
        }
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await
    }

    /// Destroys a key that was closed and that nothing names; gives whether it did.
    ///
    /// # Errors
    /// The database failed.
    pub async fn destroy_key(&self, key: KeyId, at: Timestamp, entry: &AuditEntry) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        if self.count_naming_in(&mut tx, &[key]).await? > 0 {
            return Ok(false);
        }
        let destroyed = sqlx::query!(
            "update workspace_keys set state = 'destroyed', wrapped = null, destroyed_at = from_millis($3)
             where workspace_id = $1 and id = $2 and closed_at is not null and state in ('deactivated', 'compromised')",
            self.id().uuid(),
            key.as_bytes(),
            at.signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("destroying a workspace key"))?;
        if destroyed.rows_affected() != 1 {
            return Ok(false);
        }
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await?;
        Ok(true)
    }

    /// Closes a key that seals no more: from the moment this returns, nothing that names it can be stored, and
    /// everything that was being stored is there.
    ///
    /// # Errors
    /// The database failed.
    pub async fn close_key(&self, key: KeyId, at: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query!(r#"select pg_advisory_xact_lock(31, hashtext($1))::text as done"#, self.id().to_string())
            .fetch_one(&mut *tx)
            .await
            .map_err(StoreError::during("waiting for writers"))?;
        sqlx::query!(
            "update workspace_keys set closed_at = coalesce(closed_at, from_millis($3))
             where workspace_id = $1 and id = $2 and state in ('deactivated', 'compromised')",
            self.id().uuid(),
            key.as_bytes(),
            at.signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("closing a workspace key"))?;
        commit(tx).await
    }

    /// Removes link keys that were carried before `before`: no link that they signed lives any more.
    ///
    /// # Errors
    /// The database failed.
    pub async fn drop_link_keys(&self, before: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query!(
            "delete from carried_keys where workspace_id = $1 and purpose = 'links' and carried_at < from_millis($2)",
            self.id().uuid(),
            before.signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("removing carried link keys"))?;
        commit(tx).await
    }
}
