//! Templates: sealed names and groups, the public id, and the number of the latest version.

use chancery_vault::{BlindIndex, Timestamp};
use sqlx::PgConnection;

use crate::number::{from_integer, to_integer};
use crate::purge_runs::{Deletion, NewBatch, note_deletion};
use crate::template_versions::{self, NewVersion};
use crate::workspace_store::commit;
use crate::{Actor, AuditEntry, Page, PublicTemplateId, StoreError, TemplateId, WorkspaceStore, audit};

/// Where a template is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateStatus {
    /// Not to be used yet.
    Draft,
    /// In use.
    Active,
    /// Kept, not listed for use.
    Archived,
}

/// A template to be made, with its first version. A copy is one too: what it holds must be sealed for the new rows.
#[derive(Debug, Clone)]
pub struct NewTemplate {
    /// Its id inside.
    pub id: TemplateId,
    /// Its id outside.
    pub public_id: PublicTemplateId,
    /// Its name, sealed for table `templates`, column `name_sealed`, row = the id.
    pub name_sealed: Vec<u8>,
    /// Its group: sealed (column `group_sealed`) and its blind index for look-ups.
    pub group: Option<(Vec<u8>, BlindIndex)>,
    /// Its status.
    pub status: TemplateStatus,
    /// When it is made.
    pub created_at: Timestamp,
    /// The content of version 1.
    pub first_version: NewVersion,
}

/// What changes in a template; `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct TemplateChange {
    /// A new name, sealed.
    pub name_sealed: Option<Vec<u8>>,
    /// A new group.
    pub group: Option<(Vec<u8>, BlindIndex)>,
    /// A new status.
    pub status: Option<TemplateStatus>,
    /// New content: becomes the next version.
    pub version: Option<NewVersion>,
    /// The revision that the change was made for; with another one it is refused.
    pub expected_revision: Option<u32>,
}

/// A template as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateRow {
    /// Its id inside.
    pub id: TemplateId,
    /// Its id outside.
    pub public_id: PublicTemplateId,
    /// Its name, sealed.
    pub name_sealed: Vec<u8>,
    /// Its group, sealed.
    pub group_sealed: Option<Vec<u8>>,
    /// Its status.
    pub status: TemplateStatus,
    /// The number of the latest version, at least 1.
    pub latest_version: u32,
    /// The number of its latest change, at least 1: rises with each, also with those that make no version.
    pub revision: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

const NOT_FOUND: StoreError = StoreError::NotFound { what: "template" };

impl TemplateStatus {
    /// The stored and shown word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Archived => "archived",
        }
    }

    fn parse(text: &str) -> Result<Self, StoreError> {
        match text {
            "draft" => Ok(Self::Draft),
            "active" => Ok(Self::Active),
            "archived" => Ok(Self::Archived),
            _ => Err(StoreError::Unknown { what: "template status" }),
        }
    }
}

/// The columns of a template as the driver gives them.
struct Columns {
    id: uuid::Uuid,
    public_id: String,
    name_sealed: Vec<u8>,
    group_sealed: Option<Vec<u8>>,
    status: String,
    latest_version: i32,
    revision: i32,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<Columns> for TemplateRow {
    type Error = StoreError;

    fn try_from(columns: Columns) -> Result<Self, StoreError> {
        Ok(Self {
            id: TemplateId::from_uuid(columns.id),
            public_id: columns.public_id.parse()?,
            name_sealed: columns.name_sealed,
            group_sealed: columns.group_sealed,
            status: TemplateStatus::parse(&columns.status)?,
            latest_version: from_integer(columns.latest_version, "version number")?,
            revision: from_integer(columns.revision, "revision")?,
            created_at: Timestamp::from_signed_millis(columns.created_at),
            updated_at: Timestamp::from_signed_millis(columns.updated_at),
        })
    }
}

impl WorkspaceStore {
    /// Makes a template with its first version.
    ///
    /// # Errors
    /// [`StoreError::Conflict`], or the database failed.
    pub async fn create_template(&self, new: &NewTemplate, actor: Actor, entry: &AuditEntry) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query!(
            "insert into templates (id, workspace_id, public_id, name_sealed, group_sealed, group_index, status,
                                    latest_version, created_at, updated_at)
             values ($1, $2, $3, $4, $5, $6, $7, 1, from_millis($8), from_millis($8))",
            new.id.uuid(),
            self.id().uuid(),
            new.public_id.to_string(),
            new.name_sealed,
            new.group.as_ref().map(|(sealed, _)| sealed.as_slice()),
            new.group.as_ref().map(|(_, index)| index.as_bytes().as_slice()),
            new.status.as_str(),
            new.created_at.signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("creating a template"))?;
        template_versions::insert(&mut tx, self.id(), new.id, 1, &new.first_version, new.created_at, actor).await?;
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await
    }

    /// The template with this id inside.
    ///
    /// # Errors
    /// The database failed.
    pub async fn template(&self, id: TemplateId) -> Result<Option<TemplateRow>, StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query_as!(
            Columns,
            r#"select id, public_id, name_sealed, group_sealed, status, latest_version, revision,
                      to_millis(created_at) as "created_at!", to_millis(updated_at) as "updated_at!"
               from templates where id = $1"#,
            id.uuid(),
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::during("reading a template"))?
        .map(TemplateRow::try_from)
        .transpose()
    }

    /// The template with this id outside. One of another workspace is not found.
    ///
    /// # Errors
    /// The database failed.
    pub async fn template_by_public_id(&self, id: PublicTemplateId) -> Result<Option<TemplateRow>, StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query_as!(
            Columns,
            r#"select id, public_id, name_sealed, group_sealed, status, latest_version, revision,
                      to_millis(created_at) as "created_at!", to_millis(updated_at) as "updated_at!"
               from templates where public_id = $1"#,
            id.to_string(),
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::during("reading a template"))?
        .map(TemplateRow::try_from)
        .transpose()
    }

    /// The templates, latest change first; only those with one of the indexes in `group` when given.
    ///
    /// # Errors
    /// The database failed.
    pub async fn list_templates(
        &self,
        group: Option<&[BlindIndex]>,
        page: Page,
    ) -> Result<Vec<TemplateRow>, StoreError> {
        let group: Option<Vec<Vec<u8>>> =
            group.map(|indexes| indexes.iter().map(|index| index.as_bytes().to_vec()).collect());
        let mut tx = self.begin().await?;
        sqlx::query_as!(
            Columns,
            r#"select id, public_id, name_sealed, group_sealed, status, latest_version, revision,
                      to_millis(created_at) as "created_at!", to_millis(updated_at) as "updated_at!"
               from templates where $1::bytea[] is null or group_index = any ($1)
               order by updated_at desc, id desc limit $2 offset $3"#,
            group.as_deref(),
            page.limit(),
            page.offset(),
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::during("listing templates"))?
        .into_iter()
        .map(TemplateRow::try_from)
        .collect()
    }

    /// Changes a template and gives the number of its latest version. Concurrent changes follow one another.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Conflict`] when another revision was expected, or the database failed.
    pub async fn update_template(
        &self,
        id: TemplateId,
        change: &TemplateChange,
        at: Timestamp,
        actor: Actor,
        entry: &AuditEntry,
    ) -> Result<u32, StoreError> {
        let mut tx = self.begin().await?;
        let (latest, revision) = lock(&mut tx, id).await?;
        if change.expected_revision.is_some_and(|expected| expected != revision) {
            return Err(StoreError::Conflict { what: "template revision" });
        }
        let number = match &change.version {
            None => latest,
            Some(version) => {
                let number = latest.checked_add(1).ok_or(StoreError::TooLarge { what: "version number" })?;
                template_versions::insert(&mut tx, self.id(), id, number, version, at, actor).await?;
                number
            }
        };
        sqlx::query!(
            "update templates
             set name_sealed = coalesce($2, name_sealed), group_sealed = coalesce($3, group_sealed),
                 group_index = coalesce($4, group_index), status = coalesce($5, status), latest_version = $6,
                 updated_at = from_millis($7), revision = revision + 1
             where id = $1",
            id.uuid(),
            change.name_sealed.as_deref(),
            change.group.as_ref().map(|(sealed, _)| sealed.as_slice()),
            change.group.as_ref().map(|(_, index)| index.as_bytes().as_slice()),
            change.status.map(TemplateStatus::as_str),
            to_integer(number, "version number")?,
            at.signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("changing a template"))?;
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await?;
        Ok(number)
    }

    /// Deletes a template with all its versions. Documents made from it stay until they expire.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Held`], or the database failed.
    pub async fn delete_template(
        &self,
        id: TemplateId,
        deletion: &Deletion,
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let done = sqlx::query!("delete from templates where id = $1", id.uuid())
            .execute(&mut *tx)
            .await
            .map_err(StoreError::during("deleting a template"))?;
        if done.rows_affected() == 0 {
            return Err(NOT_FOUND);
        }
        let ids = [id.uuid()];
        let batch = NewBatch {
            id: deletion.batch,
            run: deletion.run,
            at: deletion.at,
            kind: "templates",
            class: deletion.class,
            bytes: 0,
            ids: &ids,
            key_ids: &[],
        };
        note_deletion(&mut tx, self, deletion, &batch).await?;
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await
    }
}

/// Locks the template against concurrent changes and gives its latest version and its revision.
async fn lock(connection: &mut PgConnection, id: TemplateId) -> Result<(u32, u32), StoreError> {
    let row = sqlx::query!("select latest_version, revision from templates where id = $1 for update", id.uuid())
        .fetch_optional(connection)
        .await
        .map_err(StoreError::during("locking a template"))?
        .ok_or(NOT_FOUND)?;
    Ok((from_integer(row.latest_version, "version number")?, from_integer(row.revision, "revision")?))
}
