//! API keys: only a digest is stored, and one look-up by it brings all but the keys of its workspace.

use chancery_vault::{Class, Timestamp, TokenHash, WorkspaceId};

use crate::workspace_store::{commit, retried};
use crate::workspaces::{WorkspaceState, class};
use crate::{ApiKeyId, AuditEntry, Page, Store, StoreError, WorkspaceStore, audit};

/// An API key to be stored.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// The start of the key, for lists: [`ApiKey::hint`](chancery_vault::ApiKey::hint).
    pub hint: String,
    /// The digest of the key.
    pub hash: TokenHash,
    /// Its name, sealed for table `api_keys`, column `name_sealed`, row = the id.
    pub name_sealed: Vec<u8>,
    /// What it may do; the service gives them meaning.
    pub permissions: Vec<String>,
    /// When it is made.
    pub created_at: Timestamp,
    /// From when on it is refused.
    pub expires_at: Option<Timestamp>,
}

/// An API key in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyRow {
    /// Its id.
    pub id: ApiKeyId,
    /// The start of the key.
    pub hint: String,
    /// Its name, sealed.
    pub name_sealed: Vec<u8>,
    /// What it may do.
    pub permissions: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is refused.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, to within the interval in which uses are counted.
    pub last_used_at: Option<Timestamp>,
}

/// What a presented key leads to. The caller refuses revoked and expired keys and workspaces that are not active.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundApiKey {
    /// The key's id.
    pub id: ApiKeyId,
    /// Its workspace.
    pub workspace: WorkspaceId,
    /// What it may do.
    pub permissions: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is refused.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// The workspace's class.
    pub workspace_class: Class,
    /// Whether the workspace works.
    pub workspace_state: WorkspaceState,
}

impl Store {
    /// Looks a presented key up: one round trip. Verify its checksum first
    /// ([`TokenHash::of_presented`]), so that guesses never come here.
    ///
    /// # Errors
    /// The database failed.
    pub async fn find_api_key(&self, hash: &TokenHash) -> Result<Option<FoundApiKey>, StoreError> {
        let row = retried("looking up an API key", || async {
            sqlx::query!(
                r#"select id as "id!", workspace_id as "workspace_id!", permissions as "permissions!",
                          to_millis(created_at) as "created_at!", to_millis(expires_at) as expires_at,
                          to_millis(revoked_at) as revoked_at, workspace_class as "workspace_class!",
                          workspace_state as "workspace_state!"
                   from lookup_api_key($1)"#,
                hash.as_bytes().as_slice(),
            )
            .fetch_optional(self.pool())
            .await
        })
        .await?;
        row.map(|row| {
            Ok(FoundApiKey {
                id: ApiKeyId::from_uuid(row.id),
                workspace: WorkspaceId::from_uuid(row.workspace_id),
                permissions: row.permissions,
                created_at: Timestamp::from_signed_millis(row.created_at),
                expires_at: row.expires_at.map(Timestamp::from_signed_millis),
                revoked_at: row.revoked_at.map(Timestamp::from_signed_millis),
                workspace_class: class(&row.workspace_class)?,
                workspace_state: WorkspaceState::parse(&row.workspace_state)?,
            })
        })
        .transpose()
    }
}

impl WorkspaceStore {
    /// Stores a new key.
    ///
    /// # Errors
    /// [`StoreError::Conflict`], or the database failed.
    pub async fn create_api_key(&self, new: &NewApiKey, entry: &AuditEntry) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query!(
            "insert into api_keys (id, workspace_id, hint, token_hash, name_sealed, permissions, created_at, expires_at)
             values ($1, $2, $3, $4, $5, $6, from_millis($7), from_millis($8))",
            new.id.uuid(),
            self.id().uuid(),
            new.hint,
            new.hash.as_bytes().as_slice(),
            new.name_sealed,
            &new.permissions,
            new.created_at.signed_millis(),
            new.expires_at.map(Timestamp::signed_millis),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("storing an API key"))?;
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await
    }

    /// The keys, revoked ones too, oldest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn list_api_keys(&self, page: Page) -> Result<Vec<ApiKeyRow>, StoreError> {
        let mut tx = self.begin().await?;
        let rows = sqlx::query!(
            r#"select id, hint, name_sealed, permissions, to_millis(created_at) as "created_at!",
                      to_millis(expires_at) as expires_at, to_millis(revoked_at) as revoked_at,
                      to_millis(last_used_at) as last_used_at
               from api_keys order by id limit $1 offset $2"#,
            page.limit(),
            page.offset(),
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::during("listing API keys"))?;
        Ok(rows
            .into_iter()
            .map(|row| ApiKeyRow {
                id: ApiKeyId::from_uuid(row.id),
                hint: row.hint,
                name_sealed: row.name_sealed,
                permissions: row.permissions,
                created_at: Timestamp::from_signed_millis(row.created_at),
                expires_at: row.expires_at.map(Timestamp::from_signed_millis),
                revoked_at: row.revoked_at.map(Timestamp::from_signed_millis),
                last_used_at: row.last_used_at.map(Timestamp::from_signed_millis),
            })
            .collect())
    }

    /// Revokes a key at `at`; every node learns it. Revoking it again changes nothing but is recorded.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or the database failed.
    pub async fn revoke_api_key(&self, key: ApiKeyId, at: Timestamp, entry: &AuditEntry) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let done = sqlx::query!(
            "update api_keys set revoked_at = coalesce(revoked_at, from_millis($2)) where id = $1",
            key.uuid(),
            at.signed_millis()
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("revoking an API key"))?;
        if done.rows_affected() == 0 {
            return Err(StoreError::NotFound { what: "API key" });
        }
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await
    }

    /// Notes when keys were last used. Takes no audit entry: the uses themselves are recorded.
    ///
    /// # Errors
    /// The database failed.
    pub async fn mark_api_keys_used(&self, uses: &[(ApiKeyId, Timestamp)]) -> Result<(), StoreError> {
        let (ids, times): (Vec<_>, Vec<_>) = uses.iter().map(|(id, at)| (id.uuid(), at.signed_millis())).unzip();
        let mut tx = self.begin().await?;
        sqlx::query!(
            "update api_keys set last_used_at = greatest(last_used_at, from_millis(u.at))
             from unnest($1::uuid[], $2::bigint[]) as u (id, at) where api_keys.id = u.id",
            &ids,
            &times,
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("noting the use of API keys"))?;
        commit(tx).await
    }
}
