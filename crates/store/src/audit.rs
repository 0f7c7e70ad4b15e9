//! The audit log: who did what to what, written with the change itself.

use chancery_vault::{LinkId, Timestamp, WorkspaceId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::workspace_store::commit;
use crate::{ApiKeyId, AuditFilter, AuditId, Page, PersonId, StoreError, WorkspaceStore};

/// Acts about one thing that are read at once: some hundred bytes each.
pub const ACTS_MAX: i64 = 200;

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A program with an API key.
    ApiKey(ApiKeyId),
    /// A person in a session.
    Person(PersonId),
    /// Somebody with access to the machine, through the command line.
    Operator,
    /// Chancery itself, on a schedule.
    System,
    /// Whoever holds a link; its id, when it is one that is kept.
    Link(Option<LinkId>),
}

/// What is acted on. Holds ids only, never a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The kind, such as `template`: lower-case letters and `_`, at most 32.
    pub kind: &'static str,
    /// Its id.
    pub id: Option<Uuid>,
}

/// One entry to be written. Its id is drawn before, so that the body can be sealed for it
/// (table `audit_events`, column `body_sealed`, row = the id).
#[derive(Debug, Clone)]
pub struct AuditEntry {
    /// The entry's id.
    pub id: AuditId,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// What was done: `subject.verb`, such as `template.update`; each part lower-case letters and `_`, at most 32.
    pub action: &'static str,
    /// To what.
    pub target: Target,
    /// Details, sealed.
    pub body_sealed: Option<Vec<u8>>,
}

/// One entry as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// The entry's id.
    pub id: AuditId,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// What was done.
    pub action: String,
    /// The kind of what it was done to.
    pub target_kind: String,
    /// The id of what it was done to.
    pub target_id: Option<Uuid>,
    /// Details, sealed.
    pub body_sealed: Option<Vec<u8>>,
}

/// An entry as the database gives it.
pub(crate) struct AuditColumns {
    pub(crate) id: Uuid,
    pub(crate) at: i64,
    pub(crate) actor_kind: String,
    pub(crate) actor_id: Option<Uuid>,
    pub(crate) action: String,
    pub(crate) target_kind: String,
    pub(crate) target_id: Option<Uuid>,
    pub(crate) body_sealed: Option<Vec<u8>>,
}

impl AuditColumns {
    pub(crate) fn into_row(self) -> Result<AuditRow, StoreError> {
        Ok(AuditRow {
            id: AuditId::from_uuid(self.id),
            at: Timestamp::from_signed_millis(self.at),
            actor: Actor::from_columns(&self.actor_kind, self.actor_id)?,
            action: self.action,
            target_kind: self.target_kind,
            target_id: self.target_id,
            body_sealed: self.body_sealed,
        })
    }
}

/// Entries column by column, as functions take them that write many.
#[derive(Default)]
pub(crate) struct EntryColumns<'r> {
    pub(crate) ids: Vec<Uuid>,
    pub(crate) actor_kinds: Vec<&'r str>,
    pub(crate) actor_ids: Vec<Option<Uuid>>,
    pub(crate) actions: Vec<&'r str>,
    pub(crate) target_kinds: Vec<&'r str>,
    pub(crate) target_ids: Vec<Option<Uuid>>,
    pub(crate) bodies: Vec<Option<&'r [u8]>>,
}

impl<'r> EntryColumns<'r> {
    pub(crate) fn of(entries: impl Iterator<Item = &'r AuditEntry>) -> Self {
        let mut columns = Self::default();
        for entry in entries {
            columns.ids.push(entry.id.uuid());
            columns.actor_kinds.push(entry.actor.kind());
            columns.actor_ids.push(entry.actor.id());
            columns.actions.push(entry.action);
            columns.target_kinds.push(entry.target.kind);
            columns.target_ids.push(entry.target.id);
            columns.bodies.push(entry.body_sealed.as_deref());
        }
        columns
    }
}

impl Actor {
    /// The stored and shown word.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::ApiKey(_) => "api_key",
            Self::Person(_) => "person",
            Self::Operator => "operator",
            Self::System => "system",
            Self::Link(_) => "link",
        }
    }

    /// Id of the key or the person.
    #[must_use]
    pub const fn id(self) -> Option<Uuid> {
        match self {
            Self::ApiKey(id) => Some(id.uuid()),
            Self::Person(id) => Some(id.uuid()),
            Self::Link(id) => match id {
                Some(id) => Some(id.uuid()),
                None => None,
            },
            Self::Operator | Self::System => None,
        }
    }

    pub(crate) fn from_columns(kind: &str, id: Option<Uuid>) -> Result<Self, StoreError> {
        match (kind, id) {
            ("api_key", Some(id)) => Ok(Self::ApiKey(ApiKeyId::from_uuid(id))),
            ("person", Some(id)) => Ok(Self::Person(PersonId::from_uuid(id))),
            ("operator", None) => Ok(Self::Operator),
            ("system", None) => Ok(Self::System),
            ("link", id) => Ok(Self::Link(id.map(LinkId::from_uuid))),
            _ => Err(StoreError::Unknown { what: "actor" }),
        }
    }
}

/// Writes `entry` in the transaction of the change that it records.
pub(crate) async fn write(
    connection: &mut PgConnection,
    workspace: WorkspaceId,
    entry: &AuditEntry,
) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into audit_events (workspace_id, id, at, actor_kind, actor_id, action, target_kind, target_id, body_sealed)
         values ($1, $2, from_millis($3), $4, $5, $6, $7, $8, $9)",
        workspace.uuid(),
        entry.id.uuid(),
        entry.at.signed_millis(),
        entry.actor.kind(),
        entry.actor.id(),
        entry.action,
        entry.target.kind,
        entry.target.id,
        entry.body_sealed.as_deref(),
    )
    .execute(connection)
    .await
    .map_err(StoreError::during("writing the audit log"))?;
    Ok(())
}

impl WorkspaceStore {
    /// The audit log, latest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn list_audit_events(&self, page: Page) -> Result<Vec<AuditRow>, StoreError> {
        self.search_audit_events(AuditFilter::default(), page).await
    }

    /// Records an act that changes nothing else, such as something that was refused.
    ///
    /// # Errors
    /// The database failed.
    pub async fn record_event(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        write(&mut tx, self.id(), entry).await?;
        commit(tx).await
    }

    /// Acts of these kinds about one thing other than a document, the latest first, from before `before`; at most
    /// [`ACTS_MAX`].
    ///
    /// # Errors
    /// The database failed.
    pub async fn acts_about(
        &self,
        target: Uuid,
        actions: &[&str],
        before: Option<AuditId>,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let mut tx = self.begin().await?;
        let rows = sqlx::query_as!(
            AuditColumns,
            r#"select id, to_millis(at) as "at!", actor_kind, actor_id, action, target_kind, target_id, body_sealed
               from audit_events
               where workspace_id = $1 and target_id = $2 and target_kind <> 'document' and action = any ($3)
                 and ($4::uuid is null or id < $4)
               order by id desc limit $5"#,
            self.id().uuid(),
            target,
            actions as &[&str],
            before.map(AuditId::uuid),
            ACTS_MAX,
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::during("reading the acts about a row"))?;
        rows.into_iter().map(AuditColumns::into_row).collect()
    }
}
