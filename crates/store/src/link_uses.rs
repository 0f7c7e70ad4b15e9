//! Counts the uses of links, the answers of grants and wrong passcodes: each in one statement, exact under any concurrency.

use chancery_vault::{LinkId, Timestamp};

use crate::number::{from_integer, to_bigint, to_integer};
use crate::workspace_store::commit;
use crate::{AuditEntry, GrantId, StoreError, WorkspaceStore, audit};

/// A grant to be given to whoever uses a link.
#[derive(Debug, Clone)]
pub struct NewGrant {
    /// Its row.
    pub id: GrantId,
    /// The grant's digest.
    pub digest: [u8; 32],
    /// Answers that it allows.
    pub requests_max: u32,
    /// Bytes that these answers may have together.
    pub bytes_max: u64,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Whether a try of a passcode was taken for it, and the passcode was right.
    pub gives_try_back: bool,
}

/// One answer under a grant.
#[derive(Debug, Clone, Copy)]
pub struct GrantUse {
    /// The link that the grant belongs to.
    pub link: LinkId,
    /// The grant's digest.
    pub digest: [u8; 32],
    /// Bytes of the answer.
    pub length_bytes: u64,
    /// When.
    pub at: Timestamp,
}

/// One try of a passcode.
#[derive(Debug, Clone, Copy)]
pub struct PasscodeTry {
    /// The link at which it is tried.
    pub link: LinkId,
    /// When.
    pub at: Timestamp,
    /// After every so many wrong ones nobody may try for a while.
    pub tries_before_lock: u32,
    /// Until when, in that case.
    pub locked_until: Timestamp,
    /// After so many wrong ones nobody may try any more.
    pub tries_max: u32,
}

impl WorkspaceStore {
    /// Uses a link once and gives a grant; says whether there was a use left. Of any number at the same time exactly as
    /// many succeed as the link allows: the row is locked, and the condition looked at again after the wait.
    ///
    /// # Errors
    /// The database failed; then nothing was counted, unless its answer was lost.
    pub async fn use_link(
        &self,
        link: LinkId,
        now: Timestamp,
        grant: &NewGrant,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let done = sqlx::query!(
            "update links set uses = uses + 1, wrong_passcodes = greatest(wrong_passcodes - $4, 0),
                              locked_until = case when $4 = 0 then locked_until end
             where workspace_id = $1 and id = $2 and revoked_at is null and expires_at > from_millis($3)
                   and (uses_max is null or uses < uses_max)",
            self.id().uuid(),
            link.uuid(),
            now.signed_millis(),
            i32::from(grant.gives_try_back),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("using a link"))?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query!(
            "delete from link_grants where workspace_id = $1 and link_id = $2 and expires_at <= from_millis($3)",
            self.id().uuid(),
            link.uuid(),
            now.signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("forgetting old grants"))?;
        sqlx::query!(
            "insert into link_grants (workspace_id, id, link_id, secret_hash, requests_left, bytes_left, expires_at)
             values ($1, $2, $3, $4, $5, $6, from_millis($7))",
            self.id().uuid(),
            grant.id.uuid(),
            link.uuid(),
            grant.digest.as_slice(),
            to_integer(grant.requests_max, "number of answers")?,
            to_bigint(grant.bytes_max, "length")?,
            grant.expires_at.signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("giving a grant"))?;
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await?;
        Ok(true)
    }

    /// Takes one answer from a grant; says whether it allowed that.
    ///
    /// # Errors
    /// The database failed.
    pub async fn use_grant(&self, wish: &GrantUse, entry: &AuditEntry) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let done = sqlx::query!(
            "update link_grants set requests_left = requests_left - 1, bytes_left = bytes_left - $4
             where workspace_id = $1 and link_id = $2 and secret_hash = $3 and expires_at > from_millis($5)
                   and requests_left >= 1 and bytes_left >= $4",
            self.id().uuid(),
            wish.link.uuid(),
            wish.digest.as_slice(),
            to_bigint(wish.length_bytes, "length")?,
            wish.at.signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("using a grant"))?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await?;
        Ok(true)
    }

    /// Takes a try of a passcode **before** the passcode is looked at, so that a thousand tries at the same time are not
    /// more than one after the other. [`WorkspaceStore::use_link`] gives it back to who was right. Returns how many were
    /// taken; nothing when there is none at this time.
    ///
    /// # Errors
    /// The database failed.
    pub async fn take_passcode_try(&self, wish: &PasscodeTry, entry: &AuditEntry) -> Result<Option<u32>, StoreError> {
        let mut tx = self.begin().await?;
        let row = sqlx::query!(
            "update links
             set wrong_passcodes = wrong_passcodes + 1,
                 locked_until = case when (wrong_passcodes + 1) % $4 = 0 then from_millis($5) end
             where workspace_id = $1 and id = $2 and wrong_passcodes < $6
                   and (locked_until is null or locked_until <= from_millis($3))
             returning wrong_passcodes",
            self.id().uuid(),
            wish.link.uuid(),
            wish.at.signed_millis(),
            to_integer(wish.tries_before_lock.max(1), "number of tries")?,
            wish.locked_until.signed_millis(),
            to_integer(wish.tries_max, "number of tries")?,
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::during("taking a try of a passcode"))?;
        let Some(row) = row else { return Ok(None) };
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await?;
        from_integer(row.wrong_passcodes, "number of tries").map(Some)
    }
}
