//! Generated documents: where their sealed objects are and which wrapped key opens them.

use chancery_vault::{Class, DocumentId, Timestamp, WorkspaceId, WrappedDataKey};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::audit::EntryColumns;
use crate::document_writer::Record;
use crate::number::{from_bigint, from_integer, to_bigint, to_integer};
use crate::purge_runs::{Deletion, NewBatch, note_deletion};
use crate::workspace_store::commit;
use crate::workspaces::class;
use crate::{
    AuditEntry, ObjectName, Objects, PublicTemplateId, RenderKind, StoreError, TemplateId, TransactionId,
    WorkspaceStore, audit,
};

/// A stored render: becomes a document, a transaction and an audit entry in one commit.
/// Its object must have been written before.
#[derive(Debug, Clone)]
pub struct DocumentRecord {
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// The document's id; its object is sealed for it.
    pub document: DocumentId,
    /// The transaction's id.
    pub transaction: TransactionId,
    /// The template, inside.
    pub template: TemplateId,
    /// The template, outside.
    pub template_public_id: PublicTemplateId,
    /// The template's version.
    pub template_version: u32,
    /// What was rendered.
    pub kind: RenderKind,
    /// The object's name.
    pub object: ObjectName,
    /// The object's data key, wrapped.
    pub key_wrapped: WrappedDataKey,
    /// Length of the opened document.
    pub size_bytes: u64,
    /// Its pages.
    pub pages: u32,
    /// Its media type, such as `application/pdf`.
    pub mime: &'static str,
    /// Its class.
    pub class: Class,
    /// Its file name, sealed for table `documents`, column `file_name_sealed`, row = the id.
    pub file_name_sealed: Option<Vec<u8>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it will be purged.
    pub expires_at: Timestamp,
    /// The entry that records it; its time is taken from `created_at`.
    pub audit: AuditEntry,
}

/// A document as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRow {
    /// Its id.
    pub id: DocumentId,
    /// The template, inside; it may be gone.
    pub template: TemplateId,
    /// The template's version.
    pub template_version: u32,
    /// The object's name.
    pub object: ObjectName,
    /// The object's data key, wrapped.
    pub key_wrapped: WrappedDataKey,
    /// Length of the opened document.
    pub size_bytes: u64,
    /// Its pages.
    pub pages: u32,
    /// Its media type.
    pub mime: String,
    /// Its class; documents from before they had one have none.
    pub class: Option<Class>,
    /// Its file name, sealed.
    pub file_name_sealed: Option<Vec<u8>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it will be purged.
    pub expires_at: Timestamp,
    /// Whether all links to it that need no look-up were revoked.
    pub links_are_revoked: bool,
}

impl Record for DocumentRecord {
    async fn write(connection: &mut PgConnection, records: &[&Self]) -> Result<(), StoreError> {
        record(connection, records).await
    }
}

async fn record(connection: &mut PgConnection, records: &[&DocumentRecord]) -> Result<(), StoreError> {
    fn column<'r, T>(records: &[&'r DocumentRecord], value: impl Fn(&'r DocumentRecord) -> T) -> Vec<T> {
        records.iter().copied().map(value).collect()
    }
    let versions: Vec<i32> =
        records.iter().map(|r| to_integer(r.template_version, "version number")).collect::<Result<_, _>>()?;
    let sizes: Vec<i64> = records.iter().map(|r| to_bigint(r.size_bytes, "document")).collect::<Result<_, _>>()?;
    let pages: Vec<i32> = records.iter().map(|r| to_integer(r.pages, "page count")).collect::<Result<_, _>>()?;
    let keys: Vec<&[u8]> = column(records, |r| r.key_wrapped.as_bytes());
    let objects: Vec<&str> = column(records, |r| r.object.as_str());
    let kinds: Vec<&str> = column(records, |r| r.kind.as_str());
    let mimes: Vec<&str> = column(records, |r| r.mime);
    let classes: Vec<&str> = column(records, |r| r.class.as_str());
    let file_names: Vec<Option<&[u8]>> = column(records, |r| r.file_name_sealed.as_deref());
    let entries = EntryColumns::of(records.iter().map(|record| &record.audit));
    sqlx::query!(
        r#"select record_documents($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
                                   $20, $21, $22, $23)::text as done"#,
        &column(records, |r| r.workspace.uuid()),
        &column(records, |r| r.document.uuid()),
        &column(records, |r| r.transaction.uuid()),
        &column(records, |r| r.template.uuid()),
        &column(records, |r| r.template_public_id.to_string()),
        &versions,
        &kinds as &[&str],
        &objects as &[&str],
        &keys as &[&[u8]],
        &sizes,
        &pages,
        &mimes as &[&str],
        &classes as &[&str],
        &file_names as &[Option<&[u8]>],
        &column(records, |r| r.created_at.signed_millis()),
        &column(records, |r| r.expires_at.signed_millis()),
        &entries.ids,
        &entries.actor_kinds as &[&str],
        &entries.actor_ids as &[Option<Uuid>],
        &entries.actions as &[&str],
        &entries.target_kinds as &[&str],
        &entries.target_ids as &[Option<Uuid>],
        &entries.bodies as &[Option<&[u8]>],
    )
    .fetch_one(connection)
    .await
    .map_err(StoreError::during("recording documents"))?;
    Ok(())
}

impl WorkspaceStore {
    /// The document with this id, unless it is being purged. The caller refuses an expired one.
    ///
    /// # Errors
    /// The database failed.
    pub async fn document(&self, id: DocumentId) -> Result<Option<DocumentRow>, StoreError> {
        let mut tx = self.begin().await?;
        let row = sqlx::query!(
            r#"select id, template_id, template_version, object_name, key_wrapped as "key_wrapped!", size_bytes, pages, mime,
                      class, file_name_sealed, to_millis(created_at) as "created_at!", to_millis(expires_at) as "expires_at!",
                      exists (select from link_revocations r
                              where r.workspace_id = $1 and r.id in ($1, documents.template_id, documents.id)
                                    and r.revoked_at >= documents.created_at) as "links_are_revoked!"
               from documents where workspace_id = $1 and id = $2 and state = 'live'"#,
            self.id().uuid(),
            id.uuid(),
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::during("reading a document"))?;
        row.map(|row| {
            Ok(DocumentRow {
                id: DocumentId::from_uuid(row.id),
                template: TemplateId::from_uuid(row.template_id),
                template_version: from_integer(row.template_version, "version number")?,
                object: ObjectName::parse(&row.object_name)?,
                key_wrapped: WrappedDataKey::from_bytes(row.key_wrapped)?,
                size_bytes: from_bigint(row.size_bytes, "document size")?,
                pages: from_integer(row.pages, "page count")?,
                mime: row.mime,
                class: row.class.as_deref().map(class).transpose()?,
                file_name_sealed: row.file_name_sealed,
                created_at: Timestamp::from_signed_millis(row.created_at),
                expires_at: Timestamp::from_signed_millis(row.expires_at),
                links_are_revoked: row.links_are_revoked,
            })
        })
        .transpose()
    }

    /// The sealed names of the files of documents that are not being purged.
    ///
    /// # Errors
    /// The database failed.
    pub async fn file_names(&self, documents: &[DocumentId]) -> Result<Vec<(DocumentId, Vec<u8>)>, StoreError> {
        let ids: Vec<Uuid> = documents.iter().map(|id| id.uuid()).collect();
        let mut tx = self.begin().await?;
        let rows = sqlx::query!(
            r#"select id, file_name_sealed as "name!" from documents
               where workspace_id = $1 and id = any ($2) and file_name_sealed is not null"#,
            self.id().uuid(),
            &ids,
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::during("reading names of files"))?;
        Ok(rows.into_iter().map(|row| (DocumentId::from_uuid(row.id), row.name)).collect())
    }

    /// Deletes a document now: its key with the audit entry first, then the object, then the row.
    ///
    /// A crash between leaves a row in purging, which the next purge finishes; nobody can open it any more.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Held`], or database or object store failed.
    pub async fn delete_document(
        &self,
        id: DocumentId,
        objects: &Objects,
        deletion: &Deletion,
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let row = sqlx::query!(
            r#"with was as (
                 select id, substring(key_wrapped from 10 for 8) as key_id from documents
                 where workspace_id = $1 and id = $2 and state = 'live' for update
             )
             update documents set state = 'purging', key_wrapped = null, file_name_sealed = null
             from was where documents.workspace_id = $1 and documents.id = was.id
             returning object_name, size_bytes, was.key_id as "key_id!""#,
            self.id().uuid(),
            id.uuid(),
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::during("destroying a document's key"))?
        .ok_or(StoreError::NotFound { what: "document" })?;
        let (ids, key_ids) = ([id.uuid()], [row.key_id]);
        let batch = NewBatch {
            id: deletion.batch,
            run: deletion.run,
            at: deletion.at,
            kind: "documents",
            class: deletion.class,
            bytes: row.size_bytes,
            ids: &ids,
            key_ids: &key_ids,
        };
        note_deletion(&mut tx, self, deletion, &batch).await?;
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await?;
        objects.delete(&ObjectName::parse(&row.object_name)?).await?;
        let mut tx = self.begin().await?;
        sqlx::query!(
            "delete from documents where workspace_id = $1 and id = $2 and state = 'purging'",
            self.id().uuid(),
            id.uuid()
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("deleting a document"))?;
        commit(tx).await
    }

    /// Puts another object, sealed under another data key, in the place of a document's, unless the document changed since
    /// it was read; gives whether it did. Both objects exist; the caller deletes the one that no row names.
    ///
    /// # Errors
    /// The database failed.
    pub async fn replace_object(
        &self,
        old: &DocumentRow,
        object: &ObjectName,
        key_wrapped: &WrappedDataKey,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let replaced = sqlx::query!(
            "update documents set object_name = $5, key_wrapped = $6
             where workspace_id = $1 and id = $2 and object_name = $3 and key_wrapped = $4",
            self.id().uuid(),
            old.id.uuid(),
            old.object.as_str(),
            old.key_wrapped.as_bytes(),
            object.as_str(),
            key_wrapped.as_bytes(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("replacing an object"))?;
        if replaced.rows_affected() != 1 {
            return Ok(false);
        }
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await?;
        Ok(true)
    }
}
