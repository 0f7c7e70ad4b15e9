//! Links that are kept with their conditions: made, found with their document, listed.

use chancery_vault::{DocumentId, LinkId, Timestamp};

use crate::number::{from_integer, to_integer};
use crate::workspace_store::commit;
use crate::{Actor, AuditEntry, Page, StoreError, WorkspaceStore, audit};

/// A link to be kept.
#[derive(Debug, Clone)]
pub struct NewLink {
    /// Its id.
    pub id: LinkId,
    /// What it leads to.
    pub document: DocumentId,
    /// Its conditions, sealed for table `links`, column `details_sealed`, row = the id.
    pub details_sealed: Vec<u8>,
    /// How often it may be used; without it, as often as one likes.
    pub uses_max: Option<u32>,
    /// When it is made.
    pub created_at: Timestamp,
    /// Who makes it.
    pub created_by: Actor,
    /// When it ends. The document lives at least as long.
    pub expires_at: Timestamp,
}

/// A link as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRow {
    /// Its id.
    pub id: LinkId,
    /// What it leads to.
    pub document: DocumentId,
    /// Its conditions, sealed.
    pub details_sealed: Vec<u8>,
    /// How often it may be used.
    pub uses_max: Option<u32>,
    /// How often it was.
    pub uses: u32,
    /// How many wrong passcodes were tried.
    pub wrong_passcodes: u32,
    /// Until when no passcode is looked at, because too many wrong ones were tried.
    pub locked_until: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: Actor,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Whether it was revoked, by itself or with all of its document, template or workspace.
    pub is_revoked: bool,
}

/// The columns of a link as the driver gives them.
struct Columns {
    id: uuid::Uuid,
    document_id: uuid::Uuid,
    details_sealed: Vec<u8>,
    uses_max: Option<i32>,
    uses: i32,
    wrong_passcodes: i32,
    locked_until: Option<i64>,
    created_at: i64,
    created_by_kind: String,
    created_by_id: Option<uuid::Uuid>,
    expires_at: i64,
    is_revoked: bool,
}

impl TryFrom<Columns> for LinkRow {
    type Error = StoreError;

    fn try_from(columns: Columns) -> Result<Self, StoreError> {
        Ok(Self {
            id: LinkId::from_uuid(columns.id),
            document: DocumentId::from_uuid(columns.document_id),
            details_sealed: columns.details_sealed,
            uses_max: columns.uses_max.map(|uses| from_integer(uses, "number of uses")).transpose()?,
            uses: from_integer(columns.uses, "number of uses")?,
            wrong_passcodes: from_integer(columns.wrong_passcodes, "number of tries")?,
            locked_until: columns.locked_until.map(Timestamp::from_signed_millis),
            created_at: Timestamp::from_signed_millis(columns.created_at),
            created_by: Actor::from_columns(&columns.created_by_kind, columns.created_by_id)?,
            expires_at: Timestamp::from_signed_millis(columns.expires_at),
            is_revoked: columns.is_revoked,
        })
    }
}

impl WorkspaceStore {
    /// Keeps a link. The document then lives at least as long as the link.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the document is gone, [`StoreError::KeyClosed`], or the database failed.
    pub async fn create_link(&self, new: &NewLink, entry: &AuditEntry) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let done = sqlx::query!(
            "update documents set expires_at = greatest(expires_at, from_millis($3))
             where workspace_id = $1 and id = $2 and state = 'live'",
            self.id().uuid(),
            new.document.uuid(),
            new.expires_at.signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("keeping a document for its link"))?;
        if done.rows_affected() == 0 {
            return Err(StoreError::NotFound { what: "document" });
        }
        sqlx::query!(
            "insert into links (workspace_id, id, document_id, details_sealed, uses_max, created_at, created_by_kind,
                                created_by_id, expires_at)
             values ($1, $2, $3, $4, $5, from_millis($6), $7, $8, from_millis($9))",
            self.id().uuid(),
            new.id.uuid(),
            new.document.uuid(),
            new.details_sealed,
            new.uses_max.map(|uses| to_integer(uses, "number of uses")).transpose()?,
            new.created_at.signed_millis(),
            new.created_by.kind(),
            new.created_by.id(),
            new.expires_at.signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("keeping a link"))?;
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await
    }

    /// The link with this id.
    ///
    /// # Errors
    /// The database failed.
    pub async fn link(&self, id: LinkId) -> Result<Option<LinkRow>, StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query_as!(
            Columns,
            r#"select l.id, l.document_id, l.details_sealed, l.uses_max, l.uses, l.wrong_passcodes, to_millis(l.locked_until) as locked_until,
                      to_millis(l.created_at) as "created_at!", l.created_by_kind, l.created_by_id,
                      to_millis(l.expires_at) as "expires_at!",
                      l.revoked_at is not null or exists (
                          select from link_revocations r
                          where r.workspace_id = $1 and r.id in ($1, d.template_id, d.id) and r.revoked_at >= l.created_at
                      ) as "is_revoked!"
               from links l join documents d on d.workspace_id = l.workspace_id and d.id = l.document_id
               where l.workspace_id = $1 and l.id = $2"#,
            self.id().uuid(),
            id.uuid(),
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::during("reading a link"))?
        .map(LinkRow::try_from)
        .transpose()
    }

    /// The links of a document, the latest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn list_links(&self, document: DocumentId, page: Page) -> Result<Vec<LinkRow>, StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query_as!(
            Columns,
            r#"select l.id, l.document_id, l.details_sealed, l.uses_max, l.uses, l.wrong_passcodes, to_millis(l.locked_until) as locked_until,
                      to_millis(l.created_at) as "created_at!", l.created_by_kind, l.created_by_id,
                      to_millis(l.expires_at) as "expires_at!",
                      l.revoked_at is not null or exists (
                          select from link_revocations r
                          where r.workspace_id = $1 and r.id in ($1, d.template_id, d.id) and r.revoked_at >= l.created_at
                      ) as "is_revoked!"
               from links l join documents d on d.workspace_id = l.workspace_id and d.id = l.document_id
               where l.workspace_id = $1 and l.document_id = $2
               order by l.id desc offset $3 limit $4"#,
            self.id().uuid(),
            document.uuid(),
            page.offset(),
            page.limit(),
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::during("listing links"))?
        .into_iter()
        .map(LinkRow::try_from)
        .collect()
    }
}
