//! Versions of templates: written once, never changed.

use chancery_vault::{Timestamp, WorkspaceId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::number::{from_integer, to_integer};
use crate::{Actor, Page, StoreError, TemplateId, VersionId, WorkspaceStore};

/// The content of a version, sealed for table `template_versions`, row = the id.
#[derive(Debug, Clone)]
pub struct NewVersion {
    /// The row to which the sealed parts are bound.
    pub id: VersionId,
    /// The template itself (column `body_sealed`).
    pub body_sealed: Vec<u8>,
    /// Sample data (column `sample_sealed`).
    pub sample_sealed: Option<Vec<u8>>,
    /// What changed (column `description_sealed`).
    pub description_sealed: Option<Vec<u8>>,
}

/// A version as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionRow {
    /// The row to which the sealed parts are bound.
    pub id: VersionId,
    /// Its template.
    pub template: TemplateId,
    /// Its number, from 1.
    pub number: u32,
    /// The template itself; empty in a list, which leaves bodies out.
    pub body_sealed: Vec<u8>,
    /// Sample data; `None` in a list.
    pub sample_sealed: Option<Vec<u8>>,
    /// What changed.
    pub description_sealed: Option<Vec<u8>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: Actor,
}

/// The columns of a version as the driver gives them.
struct Columns {
    id: Uuid,
    template_id: Uuid,
    number: i32,
    body_sealed: Vec<u8>,
    sample_sealed: Option<Vec<u8>>,
    description_sealed: Option<Vec<u8>>,
    created_at: i64,
    created_by_kind: String,
    created_by_id: Option<Uuid>,
}

impl TryFrom<Columns> for VersionRow {
    type Error = StoreError;

    fn try_from(columns: Columns) -> Result<Self, StoreError> {
        Ok(Self {
            id: VersionId::from_uuid(columns.id),
            template: TemplateId::from_uuid(columns.template_id),
            number: from_integer(columns.number, "version number")?,
            body_sealed: columns.body_sealed,
            sample_sealed: columns.sample_sealed,
            description_sealed: columns.description_sealed,
            created_at: Timestamp::from_signed_millis(columns.created_at),
            created_by: Actor::from_columns(&columns.created_by_kind, columns.created_by_id)?,
        })
    }
}

pub(crate) async fn insert(
    connection: &mut PgConnection,
    workspace: WorkspaceId,
    template: TemplateId,
    number: u32,
    version: &NewVersion,
    at: Timestamp,
    actor: Actor,
) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into template_versions (id, workspace_id, template_id, number, body_sealed, sample_sealed,
                                        description_sealed, created_at, created_by_kind, created_by_id)
         values ($1, $2, $3, $4, $5, $6, $7, from_millis($8), $9, $10)",
        version.id.uuid(),
        workspace.uuid(),
        template.uuid(),
        to_integer(number, "version number")?,
        version.body_sealed,
        version.sample_sealed.as_deref(),
        version.description_sealed.as_deref(),
        at.signed_millis(),
        actor.kind(),
        actor.id(),
    )
    .execute(connection)
    .await
    .map_err(StoreError::during("storing a template version"))?;
    Ok(())
}

impl WorkspaceStore {
    /// One version with its content; the latest when `number` is `None`.
    ///
    /// # Errors
    /// The database failed.
    pub async fn template_version(
        &self,
        template: TemplateId,
        number: Option<u32>,
    ) -> Result<Option<VersionRow>, StoreError> {
        let number = number.map(|number| to_integer(number, "version number")).transpose()?;
        let mut tx = self.begin().await?;
        sqlx::query_as!(
            Columns,
            r#"select id, template_id, number, body_sealed, sample_sealed, description_sealed,
                      to_millis(created_at) as "created_at!", created_by_kind, created_by_id
               from template_versions where template_id = $1 and ($2::integer is null or number = $2)
               order by number desc limit 1"#,
            template.uuid(),
            number,
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::during("reading a template version"))?
        .map(VersionRow::try_from)
        .transpose()
    }

    /// The versions of a template without their content, latest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn list_template_versions(
        &self,
        template: TemplateId,
        page: Page,
    ) -> Result<Vec<VersionRow>, StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query_as!(
            Columns,
            r#"select id, template_id, number, ''::bytea as "body_sealed!", null::bytea as sample_sealed,
                      description_sealed, to_millis(created_at) as "created_at!", created_by_kind, created_by_id
               from template_versions where template_id = $1 order by number desc limit $2 offset $3"#,
            template.uuid(),
            page.limit(),
            page.offset(),
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::during("listing template versions"))?
        .into_iter()
        .map(VersionRow::try_from)
        .collect()
    }
}
