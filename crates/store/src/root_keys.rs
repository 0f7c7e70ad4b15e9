//! Which root keys wrap workspace keys: their ids and states only. The keys themselves are elsewhere.

use chancery_vault::{KeyId, Timestamp, WrappedWorkspaceKey};

use crate::workspace_keys::key_id;
use crate::workspace_store::{commit, retried};
use crate::{AuditEntry, Store, StoreError, WorkspaceStore, audit};

impl Store {
    /// The root key with which new workspace keys are wrapped; `None` before the first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn active_root_key(&self) -> Result<Option<KeyId>, StoreError> {
        let row = retried("reading the active root key", || async {
            sqlx::query!("select id from root_keys where state = 'active'").fetch_optional(self.pool()).await
        })
        .await?;
        row.map(|row| key_id(&row.id)).transpose()
    }

    /// Makes `key` the active root key; the one that was is deactivated. Wraps of both are accepted.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it was active before and is not any more; the database failed.
    pub async fn activate_root_key(&self, key: KeyId, at: Timestamp) -> Result<(), StoreError> {
        const ACTIVATING: &str = "activating a root key";
        let mut tx = self.pool().begin().await.map_err(StoreError::during(ACTIVATING))?;
        // Two processes that start at once must not both be the first.
        sqlx::query!("select pg_advisory_xact_lock(31, 0)::text as done")
            .fetch_one(&mut *tx)
            .await
            .map_err(StoreError::during(ACTIVATING))?;
        let active = sqlx::query!("select id from root_keys where state = 'active'")
            .fetch_optional(&mut *tx)
            .await
            .map_err(StoreError::during(ACTIVATING))?;
        if active.is_some_and(|active| active.id == key.as_bytes()) {
            return Ok(());
        }
        sqlx::query!(
            "update root_keys set state = 'deactivated', deactivated_at = from_millis($1) where state = 'active'",
            at.signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during(ACTIVATING))?;
        sqlx::query!(
            "insert into root_keys (id, state, created_at) values ($1, 'active', from_millis($2))",
            key.as_bytes(),
            at.signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during(ACTIVATING))?;
        commit(tx).await
    }

    /// Ends the life of every root key but the active one, if no workspace key is wrapped by one of them any more; gives
    /// whether it did. From then on the database refuses wraps of theirs.
    ///
    /// # Errors
    /// The database failed.
    pub async fn destroy_old_root_keys(&self, at: Timestamp) -> Result<bool, StoreError> {
        const DESTROYING: &str = "destroying old root keys";
        let mut tx = self.pool().begin().await.map_err(StoreError::during(DESTROYING))?;
        sqlx::query!("select pg_advisory_xact_lock(31, 0)::text as done")
            .fetch_one(&mut *tx)
            .await
            .map_err(StoreError::during(DESTROYING))?;
        let left = sqlx::query_scalar!(
            r#"select exists (select from lookup_workspace_keys() k join root_keys r on r.id = substring(k.wrapped from 2 for 8)
                              where r.state <> 'active')
                      or exists (select from root_keys r
                                 where r.id = substring(ledger_keep_key(null) from 2 for 8) and r.state <> 'active') as "left!""#
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(StoreError::during(DESTROYING))?;
        if left {
            return Ok(false);
        }
        sqlx::query!(
            "update root_keys set state = 'destroyed', destroyed_at = from_millis($1) where state = 'deactivated'",
            at.signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during(DESTROYING))?;
        commit(tx).await?;
        Ok(true)
    }
}

impl WorkspaceStore {
    /// Replaces a key's wrap by one of another root key, unless it changed since it was read.
    ///
    /// # Errors
    /// [`StoreError::KeyClosed`] when that root key is destroyed; the database failed.
    pub async fn rewrap_key(
        &self,
        old: &WrappedWorkspaceKey,
        new: &WrappedWorkspaceKey,
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let done = sqlx::query!(
            "update workspace_keys set wrapped = $3 where workspace_id = $1 and id = $2 and wrapped = $4",
            self.id().uuid(),
            new.key_id().as_bytes().to_vec(),
            new.as_bytes(),
            old.as_bytes(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("wrapping a workspace key again"))?;
        if done.rows_affected() == 0 {
            return Ok(());
        }
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await
    }

    /// Notes that a key was destroyed at the holder of the root key, when this database is a copy from before that.
    ///
    /// # Errors
    /// The database failed.
    pub async fn note_destroyed(
        &self,
        wrapped: &WrappedWorkspaceKey,
        at: Timestamp,
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query!(
            "update workspace_keys
             set state = 'destroyed', wrapped = null, destroyed_at = from_millis($3),
                 closed_at = coalesce(closed_at, from_millis($3))
             where workspace_id = $1 and wrapped = $2",
            self.id().uuid(),
            wrapped.as_bytes(),
            at.signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("noting that a key was destroyed"))?;
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await
    }
}
