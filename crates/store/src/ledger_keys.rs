//! The key that signs the ledger and those before it: kept, wrapped anew, and replaced under a checkpoint that both sign.

use chancery_ledger::{Handover, Note, PublicKey, SigningKey};
use chancery_vault::{Timestamp, WrappedWorkspaceKey};

use crate::ledger::{append_all, lock};
use crate::number::{from_bigint, to_bigint};
use crate::workspace_store::commit;
use crate::{AuditEntry, Store, StoreError, audit};

/// A key that signed before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastLedgerKey {
    /// Its public half.
    pub public: PublicKey,
    /// Entries of the checkpoint that introduced the next key.
    pub until_size: u64,
    /// Since when somebody else may have had it, in milliseconds since 1970.
    pub compromised_since: Option<u64>,
    /// When it was replaced.
    pub replaced_at: Timestamp,
}

/// The next key and what goes with it.
pub struct LedgerKeyChange<'a> {
    /// The wrapped key that is replaced, as it was read.
    pub was: &'a WrappedWorkspaceKey,
    /// The key that signs now.
    pub old: &'a SigningKey,
    /// The wrapped key that replaces it.
    pub becomes: &'a WrappedWorkspaceKey,
    /// The key that signs from now on.
    pub new: &'a SigningKey,
    /// Since when somebody else may have had the old one, in milliseconds since 1970.
    pub compromised_since: Option<u64>,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// The wrapped key of the ledger. When there is none yet, `new` becomes it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn ledger_key(
        &self,
        new: Option<&WrappedWorkspaceKey>,
    ) -> Result<Option<WrappedWorkspaceKey>, StoreError> {
        let kept = sqlx::query_scalar!("select ledger_keep_key($1)", new.map(WrappedWorkspaceKey::as_bytes))
            .fetch_one(self.pool())
            .await
            .map_err(StoreError::during("reading the ledger's key"))?;
        Ok(kept.map(WrappedWorkspaceKey::from_bytes).transpose()?)
    }

    /// Replaces the wrap of the ledger's key by one of another root key, unless it changed since it was read.
    ///
    /// # Errors
    /// [`StoreError::KeyClosed`] when that root key is destroyed; the database failed.
    pub async fn rewrap_ledger_key(
        &self,
        old: &WrappedWorkspaceKey,
        new: &WrappedWorkspaceKey,
    ) -> Result<(), StoreError> {
        sqlx::query_scalar!("select ledger_rewrap_key($1, $2)", old.as_bytes(), new.as_bytes())
            .fetch_one(self.pool())
            .await
            .map_err(StoreError::during("rewrapping the ledger's key"))?;
        Ok(())
    }

    /// The keys that signed before, the first one first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn past_ledger_keys(&self) -> Result<Vec<PastLedgerKey>, StoreError> {
        let rows = sqlx::query!(
            r#"select public as "public!", until_size as "until_size!", compromised_since,
                      to_millis(replaced_at) as "replaced_at!"
               from ledger_key_history()"#
        )
        .fetch_all(self.pool())
        .await
        .map_err(StoreError::during("reading the ledger's keys"))?;
        rows.into_iter()
            .map(|row| {
                Ok(PastLedgerKey {
                    public: PublicKey::parse(&row.public)?,
                    until_size: from_bigint(row.until_size, "ledger")?,
                    compromised_since: row
                        .compromised_since
                        .map(|since| from_bigint(since, "time of compromise"))
                        .transpose()?,
                    replaced_at: Timestamp::from_signed_millis(row.replaced_at),
                })
            })
            .collect()
    }

    /// Since when the key of now signs; none before the first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn ledger_key_since(&self) -> Result<Option<Timestamp>, StoreError> {
        let since = sqlx::query_scalar!("select to_millis(ledger_key_since()) as since")
            .fetch_one(self.pool())
            .await
            .map_err(StoreError::during("reading the ledger's key"))?;
        Ok(since.map(Timestamp::from_signed_millis))
    }

    /// Replaces the ledger's key: writes `entries`, one in each workspace, numbers all that waits, and signs the last
    /// checkpoint with both keys; all in one transaction. Gives that checkpoint.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody else replaced the key meanwhile, [`StoreError::LedgerDamaged`]; or the
    /// database failed.
    pub async fn rotate_ledger_key(
        &self,
        change: &LedgerKeyChange<'_>,
        entries: &[(chancery_vault::WorkspaceId, AuditEntry)],
    ) -> Result<Note, StoreError> {
        const ROTATING: &str = "replacing the ledger's key";
        let mut tx = self.pool().begin().await.map_err(StoreError::during(ROTATING))?;
        lock(&mut tx).await?;
        for (workspace, entry) in entries {
            sqlx::query!("select set_config('app.workspace', $1, true)", workspace.to_string())
                .fetch_one(&mut *tx)
                .await
                .map_err(StoreError::during(ROTATING))?;
            audit::write(&mut tx, *workspace, entry).await?;
        }
        let handover = Handover { key: change.new.public().clone(), compromised_since: change.compromised_since };
        let note = append_all(&mut tx, change.old, handover, change.new).await?;
        let note = note.ok_or(StoreError::NotFound { what: "entry that a checkpoint could cover" })?;
        let size = chancery_ledger::Checkpoint::parse(note.text())?.size;
        let since = change.compromised_since.map(|since| to_bigint(since, "time of compromise")).transpose()?;
        let is_replaced = sqlx::query_scalar!(
            r#"select ledger_rotate_key($1, $2, $3, $4, $5, $6) as "done!""#,
            change.was.as_bytes(),
            change.becomes.as_bytes(),
            change.old.public().to_text(),
            to_bigint(size, "ledger")?,
            since,
            change.at.signed_millis(),
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(StoreError::during(ROTATING))?;
        if !is_replaced {
            return Err(StoreError::Conflict { what: "replacement of the ledger's key" });
        }
        commit(tx).await?;
        Ok(note)
    }
}
