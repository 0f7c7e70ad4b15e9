//! Legal holds: what is kept whatever a policy or a caller says, until somebody releases it.

use chancery_vault::{Timestamp, WorkspaceId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::workspace_store::commit;
use crate::{Actor, AuditEntry, HoldId, Page, StoreError, WorkspaceStore, audit};

/// What a hold keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldTarget {
    /// Everything of the workspace.
    Workspace,
    /// A template, its versions, and the documents, requests and uses made from it.
    Template,
    /// A document with its request and its use.
    Document,
}

/// A hold to be placed.
#[derive(Debug, Clone)]
pub struct NewHold {
    /// Its id.
    pub id: HoldId,
    /// The kind of what it keeps.
    pub target: HoldTarget,
    /// The id of what it keeps.
    pub target_id: Uuid,
    /// Why, sealed for table `legal_holds`, column `reason_sealed`, row = the id.
    pub reason_sealed: Vec<u8>,
    /// When.
    pub at: Timestamp,
    /// Who places it.
    pub actor: Actor,
}

/// A hold as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldRow {
    /// Its id.
    pub id: HoldId,
    /// The kind of what it keeps.
    pub target: HoldTarget,
    /// The id of what it keeps.
    pub target_id: Uuid,
    /// Why, sealed.
    pub reason_sealed: Vec<u8>,
    /// Since when.
    pub placed_at: Timestamp,
    /// Who placed it.
    pub placed_by: Actor,
    /// Since when it keeps nothing any more.
    pub released_at: Option<Timestamp>,
}

impl HoldTarget {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Workspace, Self::Template, Self::Document];

    /// The stored and shown word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Workspace => "workspace",
            Self::Template => "template",
            Self::Document => "document",
        }
    }

    /// The target with this word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.as_str() == text)
    }
}

/// Waits for deletions of the workspace that are under way, and holds up those to come until the transaction ends.
pub(crate) async fn lock(connection: &mut PgConnection, workspace: WorkspaceId) -> Result<(), StoreError> {
    sqlx::query!("select take_hold_lock($1)::text as done", workspace.uuid())
        .fetch_one(connection)
        .await
        .map_err(StoreError::during("waiting for deletions"))?;
    Ok(())
}

/// Holds up holds until the transaction ends: what is found without one now is not held before the commit.
pub(crate) async fn share_lock(connection: &mut PgConnection, workspace: WorkspaceId) -> Result<(), StoreError> {
    sqlx::query!("select share_hold_lock($1)::text as done", workspace.uuid())
        .fetch_one(connection)
        .await
        .map_err(StoreError::during("waiting for a hold"))?;
    Ok(())
}

impl WorkspaceStore {
    /// Places a hold. When this returns, nothing of what it keeps is deleted until it is released.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such thing, also when a purge was faster; or the database failed.
    pub async fn place_hold(&self, new: &NewHold, entry: &AuditEntry) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        lock(&mut tx, self.id()).await?;
        let placed = sqlx::query!(
            "insert into legal_holds (workspace_id, id, target_kind, target_id, reason_sealed, placed_at, placed_by_kind,
                                      placed_by_id)
             select $1, $2, $3, $4, $5, from_millis($6), $7, $8
             where case $3
                 when 'workspace' then exists (select from workspaces w where w.id = $4)
                 when 'template' then exists (select from templates t where t.id = $4)
                 else exists (select from documents d where d.workspace_id = $1 and d.id = $4 and d.state = 'live')
             end",
            self.id().uuid(),
            new.id.uuid(),
            new.target.as_str(),
            new.target_id,
            new.reason_sealed,
            new.at.signed_millis(),
            new.actor.kind(),
            new.actor.id(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("placing a legal hold"))?;
        if placed.rows_affected() == 0 {
            return Err(StoreError::NotFound { what: new.target.as_str() });
        }
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await
    }

    /// Releases a hold; what it kept may be deleted from now on.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none in force with this id; or the database failed.
    pub async fn release_hold(
        &self,
        id: HoldId,
        at: Timestamp,
        actor: Actor,
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let released = sqlx::query!(
            "update legal_holds set released_at = from_millis($3), released_by_kind = $4, released_by_id = $5
             where workspace_id = $1 and id = $2 and released_at is null",
            self.id().uuid(),
            id.uuid(),
            at.signed_millis(),
            actor.kind(),
            actor.id(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("releasing a legal hold"))?;
        if released.rows_affected() == 0 {
            return Err(StoreError::NotFound { what: "hold" });
        }
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await
    }

    /// The holds, those that were released too, the latest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn list_holds(&self, page: Page) -> Result<Vec<HoldRow>, StoreError> {
        let mut tx = self.begin().await?;
        let rows = sqlx::query!(
            r#"select id, target_kind, target_id, reason_sealed, to_millis(placed_at) as "placed_at!", placed_by_kind,
                      placed_by_id, to_millis(released_at) as released_at
               from legal_holds order by id desc limit $1 offset $2"#,
            page.limit(),
            page.offset(),
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::during("listing legal holds"))?;
        rows.into_iter()
            .map(|row| {
                Ok(HoldRow {
                    id: HoldId::from_uuid(row.id),
                    target: HoldTarget::parse(&row.target_kind).ok_or(StoreError::Unknown { what: "target" })?,
                    target_id: row.target_id,
                    reason_sealed: row.reason_sealed,
                    placed_at: Timestamp::from_signed_millis(row.placed_at),
                    placed_by: Actor::from_columns(&row.placed_by_kind, row.placed_by_id)?,
                    released_at: row.released_at.map(Timestamp::from_signed_millis),
                })
            })
            .collect()
    }
}
