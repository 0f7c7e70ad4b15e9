//! The requests that led to documents, sealed, for workspaces that keep them.

use chancery_vault::{Class, Timestamp};
use uuid::Uuid;

use crate::number::{from_integer, to_integer};
use crate::workspace_store::commit;
use crate::{AuditEntry, StoreError, TemplateId, WorkspaceStore, audit};

/// A request to be kept.
#[derive(Debug, Clone)]
pub struct NewRequest {
    /// What it led to: a document, or a use of which nothing was stored.
    pub id: Uuid,
    /// The template.
    pub template: TemplateId,
    /// Its version.
    pub template_version: u32,
    /// Its class: that of what it led to.
    pub class: Class,
    /// The request, sealed for table `document_requests`, column `request_sealed`, row = the id.
    pub request_sealed: Vec<u8>,
    /// When.
    pub created_at: Timestamp,
}

/// A request as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRow {
    /// The template; it may be gone.
    pub template: TemplateId,
    /// Its version.
    pub template_version: u32,
    /// The request, sealed.
    pub request_sealed: Vec<u8>,
    /// When it came.
    pub created_at: Timestamp,
}

impl WorkspaceStore {
    /// Keeps a request.
    ///
    /// # Errors
    /// [`StoreError::Conflict`], or the database failed.
    pub async fn keep_request(&self, new: &NewRequest, entry: &AuditEntry) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query!(
            "insert into document_requests (workspace_id, id, template_id, template_version, class, request_sealed,
                                            created_at)
             values ($1, $2, $3, $4, $5, $6, from_millis($7))",
            self.id().uuid(),
            new.id,
            new.template.uuid(),
            to_integer(new.template_version, "version number")?,
            new.class.as_str(),
            new.request_sealed,
            new.created_at.signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("keeping a request"))?;
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await
    }

    /// Reads the request that led to something, and records that it was read.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when none was kept; or the database failed.
    pub async fn read_request(&self, id: Uuid, entry: &AuditEntry) -> Result<RequestRow, StoreError> {
        let mut tx = self.begin().await?;
        let row = sqlx::query!(
            r#"select template_id, template_version, request_sealed, to_millis(created_at) as "created_at!"
               from document_requests where workspace_id = $1 and id = $2"#,
            self.id().uuid(),
            id,
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::during("reading a request"))?
        .ok_or(StoreError::NotFound { what: "request" })?;
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await?;
        Ok(RequestRow {
            template: TemplateId::from_uuid(row.template_id),
            template_version: from_integer(row.template_version, "version number")?,
            request_sealed: row.request_sealed,
            created_at: Timestamp::from_signed_millis(row.created_at),
        })
    }
}
