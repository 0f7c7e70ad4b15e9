//! Revokes links: one, or all that lead to a document, to documents of a template, or to anything in a workspace.

use chancery_vault::{DocumentId, LinkId, Timestamp};
use uuid::Uuid;

use crate::workspace_store::commit;
use crate::{AuditEntry, StoreError, TemplateId, WorkspaceStore, audit};

/// Whose links are revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationTarget {
    /// All to one document.
    Document(DocumentId),
    /// All to documents made from one template.
    Template(TemplateId),
    /// All of the workspace.
    Workspace,
}

/// No link outlives its document, and no document lives longer than a week: an older revocation refuses nothing more.
const LINK_LIFETIME_MAX_MS: u64 = 7 * 24 * 60 * 60 * 1000;

impl RevocationTarget {
    const fn kind(self) -> &'static str {
        match self {
            Self::Document(_) => "document",
            Self::Template(_) => "template",
            Self::Workspace => "workspace",
        }
    }
}

impl WorkspaceStore {
    /// Revokes one link. One that was revoked before stays as it was.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or the database failed.
    pub async fn revoke_link(&self, link: LinkId, now: Timestamp, entry: &AuditEntry) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let done = sqlx::query!(
            "update links set revoked_at = coalesce(revoked_at, from_millis($3)) where workspace_id = $1 and id = $2",
            self.id().uuid(),
            link.uuid(),
            now.signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("revoking a link"))?;
        if done.rows_affected() == 0 {
            return Err(StoreError::NotFound { what: "link" });
        }
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await
    }

    /// Revokes all links of a target that were made until `now`, those without a row too.
    ///
    /// # Errors
    /// The database failed.
    pub async fn revoke_links(
        &self,
        target: RevocationTarget,
        now: Timestamp,
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        let id: Uuid = match target {
            RevocationTarget::Document(document) => document.uuid(),
            RevocationTarget::Template(template) => template.uuid(),
            RevocationTarget::Workspace => self.id().uuid(),
        };
        let mut tx = self.begin().await?;
        sqlx::query!(
            "delete from link_revocations where workspace_id = $1 and revoked_at < from_millis($2)",
            self.id().uuid(),
            now.minus_millis(LINK_LIFETIME_MAX_MS).signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("forgetting old revocations"))?;
        sqlx::query!(
            "insert into link_revocations (workspace_id, id, target_kind, revoked_at) values ($1, $2, $3, from_millis($4))
             on conflict (workspace_id, id) do update
             set revoked_at = greatest(link_revocations.revoked_at, excluded.revoked_at)",
            self.id().uuid(),
            id,
            target.kind(),
            now.signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("revoking links"))?;
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await
    }
}
