//! Workspaces: one customer's closed area each, with its wrapped key.

use chancery_vault::{Timestamp, WorkspaceId, WrappedWorkspaceKey};

use crate::workspace_store::{commit, retried};
use crate::{AuditEntry, Store, StoreError, WorkspaceStore, audit};

/// How confidential what a workspace holds is at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WorkspaceClass {
    /// May be seen by anybody.
    Public,
    /// For the customer's own people.
    Internal,
    /// For those who need it.
    Confidential,
    /// For named people only.
    Restricted,
}

/// Whether a workspace works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkspaceState {
    /// It does.
    Active,
    /// Its keys are refused; nothing is lost.
    Suspended,
}

/// A workspace to be made.
#[derive(Debug, Clone)]
pub struct NewWorkspace {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name, sealed for table `workspaces`, column `name_sealed`, row = the id.
    pub name_sealed: Vec<u8>,
    /// Its class.
    pub class: WorkspaceClass,
    /// Its first key under the root key.
    pub key_wrapped: WrappedWorkspaceKey,
    /// When it is made.
    pub created_at: Timestamp,
}

/// A workspace as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceRow {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name, sealed.
    pub name_sealed: Vec<u8>,
    /// Its class.
    pub class: WorkspaceClass,
    /// Whether it works.
    pub state: WorkspaceState,
    /// When it was made.
    pub created_at: Timestamp,
}

impl WorkspaceClass {
    /// The stored and shown word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Confidential => "confidential",
            Self::Restricted => "restricted",
        }
    }

    /// Reads the stored word.
    ///
    /// # Errors
    /// [`StoreError::Unknown`].
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        match text {
            "public" => Ok(Self::Public),
            "internal" => Ok(Self::Internal),
            "confidential" => Ok(Self::Confidential),
            "restricted" => Ok(Self::Restricted),
            _ => Err(StoreError::Unknown { what: "workspace class" }),
        }
    }
}

impl WorkspaceState {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self, StoreError> {
        match text {
            "active" => Ok(Self::Active),
            "suspended" => Ok(Self::Suspended),
            _ => Err(StoreError::Unknown { what: "workspace state" }),
        }
    }
}

impl Store {
    /// Makes a workspace; its first audit entry goes into it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`], or the database failed.
    pub async fn create_workspace(&self, new: &NewWorkspace, entry: &AuditEntry) -> Result<(), StoreError> {
        let mut tx = self.workspace(new.id).begin().await?;
        sqlx::query!(
            "insert into workspaces (id, name_sealed, class, created_at) values ($1, $2, $3, from_millis($4))",
            new.id.uuid(),
            new.name_sealed,
            new.class.as_str(),
            new.created_at.signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("creating a workspace"))?;
        sqlx::query!(
            "insert into workspace_keys (workspace_id, id, wrapped, state, created_at, activated_at)
             values ($1, $2, $3, 'active', from_millis($4), from_millis($4))",
            new.id.uuid(),
            new.key_wrapped.key_id().as_bytes().to_vec(),
            new.key_wrapped.as_bytes(),
            new.created_at.signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("storing a workspace key"))?;
        audit::write(&mut tx, new.id, entry).await?;
        commit(tx).await
    }

    /// All workspaces, oldest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn list_workspaces(&self) -> Result<Vec<WorkspaceRow>, StoreError> {
        let rows = retried("listing workspaces", || async {
            sqlx::query!(
                r#"select id as "id!", name_sealed as "name_sealed!", class as "class!", state as "state!",
                          to_millis(created_at) as "created_at!"
                   from lookup_workspaces()"#
            )
            .fetch_all(self.pool())
            .await
        })
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(WorkspaceRow {
                    id: WorkspaceId::from_uuid(row.id),
                    name_sealed: row.name_sealed,
                    class: WorkspaceClass::parse(&row.class)?,
                    state: WorkspaceState::parse(&row.state)?,
                    created_at: Timestamp::from_signed_millis(row.created_at),
                })
            })
            .collect()
    }
}

impl WorkspaceStore {
    /// The workspace itself; `None` when there is none with this id.
    ///
    /// # Errors
    /// The database failed.
    pub async fn details(&self) -> Result<Option<WorkspaceRow>, StoreError> {
        let mut tx = self.begin().await?;
        let row = sqlx::query!(
            r#"select id, name_sealed, class, state, to_millis(created_at) as "created_at!" from workspaces"#
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::during("reading a workspace"))?;
        row.map(|row| {
            Ok(WorkspaceRow {
                id: WorkspaceId::from_uuid(row.id),
                name_sealed: row.name_sealed,
                class: WorkspaceClass::parse(&row.class)?,
                state: WorkspaceState::parse(&row.state)?,
                created_at: Timestamp::from_signed_millis(row.created_at),
            })
        })
        .transpose()
    }

    /// Gives the workspace another class; every node learns it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or the database failed.
    pub async fn set_class(&self, class: WorkspaceClass, entry: &AuditEntry) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let done = sqlx::query!("update workspaces set class = $1", class.as_str())
            .execute(&mut *tx)
            .await
            .map_err(StoreError::during("changing a workspace's class"))?;
        if done.rows_affected() == 0 {
            return Err(StoreError::NotFound { what: "workspace" });
        }
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await
    }

    /// Lets the workspace work, or stops it; every node learns it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or the database failed.
    pub async fn set_state(&self, state: WorkspaceState, entry: &AuditEntry) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let done = sqlx::query!("update workspaces set state = $1", state.as_str())
            .execute(&mut *tx)
            .await
            .map_err(StoreError::during("changing a workspace's state"))?;
        if done.rows_affected() == 0 {
            return Err(StoreError::NotFound { what: "workspace" });
        }
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await
    }
}
