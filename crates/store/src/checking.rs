//! What a check of the whole store asks: documents in pages, rows that came back, borders that somebody took down.

use chancery_vault::{DocumentId, Timestamp, WrappedDataKey};
use uuid::Uuid;

use crate::number::from_bigint;
use crate::workspace_store::{commit, retried};
use crate::{ApiKeyId, AuditEntry, ObjectName, Store, StoreError, WorkspaceStore, audit};

/// Rows of one page: few hundred kilobytes.
const PAGE_ROWS: i64 = 500;

/// A document as a check sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedDocument {
    /// Its id.
    pub id: DocumentId,
    /// The object's name.
    pub object: ObjectName,
    /// The object's data key, wrapped.
    pub key_wrapped: WrappedDataKey,
    /// Length of the opened document.
    pub size_bytes: u64,
    /// Whether its object was found to be lost before.
    pub is_lost: bool,
}

/// What an API key's row says that decides something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// The digest by which it is found.
    pub hash: Vec<u8>,
    /// What it may do.
    pub permissions: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is refused.
    pub expires_at: Option<Timestamp>,
    /// Whether it was revoked.
    pub is_revoked: bool,
}

impl Store {
    /// What of the borders between workspaces is not as the migrations made it, a sentence each.
    ///
    /// # Errors
    /// The database failed.
    pub async fn broken_borders(&self) -> Result<Vec<String>, StoreError> {
        // Every policy for the serving role names the workspace, except where there is nothing of any workspace; no
        // trigger sleeps; nobody who serves may do everything.
        let broken = retried("looking at the borders between workspaces", || async {
            sqlx::query_scalar!(
                r#"select 'row-level security is not forced on ' || c.relname as "sentence!"
                   from pg_class c
                   where c.relnamespace = 'chancery'::regnamespace and c.relkind in ('r', 'p')
                     and c.relname <> '_sqlx_migrations' and not (c.relrowsecurity and c.relforcerowsecurity)
                   union all
                   select 'the policy ' || p.policyname || ' on ' || p.tablename || ' does not ask for the workspace'
                   from pg_policies p
                   where p.schemaname = 'chancery' and p.roles && '{public,chancery_app}'::name[]
                     and p.policyname <> 'installation'
                     and (coalesce(p.qual, p.with_check) not like '%app.workspace%'
                          or coalesce(p.with_check, p.qual) not like '%app.workspace%'
                          or lower(coalesce(p.qual, '') || coalesce(p.with_check, '')) ~ '[[:space:])]or[[:space:](]')
                   union all
                   select 'the trigger ' || t.tgname || ' on ' || c.relname || ' is switched off'
                   from pg_trigger t join pg_class c on c.oid = t.tgrelid
                   where c.relnamespace = 'chancery'::regnamespace and not t.tgisinternal and t.tgenabled <> 'O'
                   union all
                   select 'the role ' || rolname || ' sees all rows'
                   from pg_roles
                   where rolname like 'chancery\_%' and rolname <> 'chancery_bootstrap' and (rolsuper or rolbypassrls)
                   union all
                   select 'entries of the audit log can be changed by the serving role'
                   where has_table_privilege('audit_events', 'update, delete, truncate')
                   order by 1"#
            )
            .fetch_all(self.pool())
            .await
        })
        .await?;
        Ok(broken)
    }
}

impl WorkspaceStore {
    /// The next documents that are not being purged, in the order of their ids.
    ///
    /// # Errors
    /// The database failed.
    pub async fn documents_after(&self, after: Uuid) -> Result<Vec<CheckedDocument>, StoreError> {
        let mut tx = self.begin().await?;
        let rows = sqlx::query!(
            r#"select id, object_name, key_wrapped as "key_wrapped!", size_bytes, state = 'lost' as "is_lost!"
               from documents where workspace_id = $1 and id > $2 and state <> 'purging' order by id limit $3"#,
            self.id().uuid(),
            after,
            PAGE_ROWS,
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::during("reading documents"))?;
        rows.into_iter()
            .map(|row| {
                Ok(CheckedDocument {
                    id: DocumentId::from_uuid(row.id),
                    object: ObjectName::parse(&row.object_name)?,
                    key_wrapped: WrappedDataKey::from_bytes(row.key_wrapped)?,
                    size_bytes: from_bigint(row.size_bytes, "document size")?,
                    is_lost: row.is_lost,
                })
            })
            .collect()
    }

    /// Documents that the audit log says are purged or deleted, and whose rows are there with their keys; at most 500.
    ///
    /// # Errors
    /// The database failed.
    pub async fn revived_documents(&self) -> Result<Vec<DocumentId>, StoreError> {
        let mut tx = self.begin().await?;
        let ids = sqlx::query_scalar!(
            "select d.id from documents d join audit_events e on e.workspace_id = d.workspace_id and e.target_id = d.id
             where d.workspace_id = $1 and d.state <> 'purging' and e.target_kind = 'document'
               and e.action in ('document.purge', 'document.delete')
             order by d.id limit $2",
            self.id().uuid(),
            PAGE_ROWS,
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::during("looking for documents that came back"))?;
        Ok(ids.into_iter().map(DocumentId::from_uuid).collect())
    }

    /// Marks a document as lost, or, when its object came back, as there again; gives whether that was a change.
    ///
    /// # Errors
    /// The database failed.
    pub async fn mark_document(&self, id: DocumentId, is_lost: bool, entry: &AuditEntry) -> Result<bool, StoreError> {
        let (from, to) = if is_lost { ("live", "lost") } else { ("lost", "live") };
        let mut tx = self.begin().await?;
        let marked = sqlx::query!(
            "update documents set state = $4 where workspace_id = $1 and id = $2 and state = $3",
            self.id().uuid(),
            id.uuid(),
            from,
            to,
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("marking a document"))?;
        if marked.rows_affected() == 0 {
            return Ok(false);
        }
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await?;
        Ok(true)
    }

    /// The next API keys with what decides, in the order of their ids.
    ///
    /// # Errors
    /// The database failed.
    pub async fn api_keys_after(&self, after: Uuid) -> Result<Vec<CheckedApiKey>, StoreError> {
        let mut tx = self.begin().await?;
        let rows = sqlx::query_as!(
            KeyColumns,
            r#"select id, token_hash, permissions, to_millis(created_at) as "created_at!",
                      to_millis(expires_at) as expires_at, revoked_at is not null as "is_revoked!"
               from api_keys where workspace_id = $1 and id > $2 order by id limit $3"#,
            self.id().uuid(),
            after,
            PAGE_ROWS,
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::during("reading API keys"))?;
        Ok(rows.into_iter().map(CheckedApiKey::from).collect())
    }

    /// One API key with what decides.
    ///
    /// # Errors
    /// The database failed.
    pub async fn checked_api_key(&self, id: ApiKeyId) -> Result<Option<CheckedApiKey>, StoreError> {
        let mut tx = self.begin().await?;
        let row = sqlx::query_as!(
            KeyColumns,
            r#"select id, token_hash, permissions, to_millis(created_at) as "created_at!",
                      to_millis(expires_at) as expires_at, revoked_at is not null as "is_revoked!"
               from api_keys where workspace_id = $1 and id = $2"#,
            self.id().uuid(),
            id.uuid(),
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::during("reading an API key"))?;
        Ok(row.map(CheckedApiKey::from))
    }
}

/// An API key as the database gives it.
struct KeyColumns {
    id: Uuid,
    token_hash: Vec<u8>,
    permissions: Vec<String>,
    created_at: i64,
    expires_at: Option<i64>,
    is_revoked: bool,
}

impl From<KeyColumns> for CheckedApiKey {
    fn from(row: KeyColumns) -> Self {
        Self {
            id: ApiKeyId::from_uuid(row.id),
            hash: row.token_hash,
            permissions: row.permissions,
            created_at: Timestamp::from_signed_millis(row.created_at),
            expires_at: row.expires_at.map(Timestamp::from_signed_millis),
            is_revoked: row.is_revoked,
        }
    }
}
