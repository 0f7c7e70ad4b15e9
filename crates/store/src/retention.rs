//! How long what is kept: the policies of a workspace, and what is due under one.

use chancery_vault::{Class, Timestamp};
use sqlx::PgConnection;

use crate::number::{from_bigint, from_integer, to_integer};
use crate::workspace_store::commit;
use crate::workspaces::class;
use crate::{AuditEntry, StoreError, WorkspaceStore, audit, holds};

/// The kinds of data whose time ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DataKind {
    /// Stored files with their rows.
    Documents,
    /// Versions of templates that a later one replaced.
    TemplateVersions,
    /// The list of uses.
    Transactions,
    /// Details of audit events; the events themselves stay.
    AuditBodies,
    /// Requests that led to documents.
    Requests,
    /// API keys that were revoked or have expired.
    ApiKeys,
    /// Who is behind a pseudonym.
    Pseudonyms,
}

/// Days for one kind of one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PolicyRow {
    /// The kind.
    pub kind: DataKind,
    /// The class.
    pub class: Class,
    /// Days; without, the kind is kept without end.
    pub days: Option<u32>,
}

/// A kind of a class, and from when on it is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// The kind.
    pub kind: DataKind,
    /// The class.
    pub class: Class,
    /// What ends by itself, such as a document, is due when it ended before this.
    pub now: Timestamp,
    /// What was made before this is due; without, only what ends by itself is.
    pub before: Option<Timestamp>,
}

/// What a policy would delete.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Due {
    /// Rows that are due.
    pub count: u64,
    /// Their bytes, where they have a size.
    pub bytes: u64,
    /// Rows that would be due, if no hold kept them.
    pub held: u64,
}

impl DataKind {
    /// All kinds, in the order in which they are shown and purged.
    pub const ALL: [Self; 7] = [
        Self::Documents,
        Self::TemplateVersions,
        Self::Transactions,
        Self::AuditBodies,
        Self::Requests,
        Self::ApiKeys,
        Self::Pseudonyms,
    ];

    /// The stored and shown word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Documents => "documents",
            Self::TemplateVersions => "template_versions",
            Self::Transactions => "transactions",
            Self::AuditBodies => "audit_bodies",
            Self::Requests => "requests",
            Self::ApiKeys => "api_keys",
            Self::Pseudonyms => "pseudonyms",
        }
    }

    /// The kind with this word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

impl WorkspaceStore {
    /// The policies that were set; a kind and class without one has the default of the product.
    ///
    /// # Errors
    /// The database failed.
    pub async fn retention_policies(&self) -> Result<Vec<PolicyRow>, StoreError> {
        let mut tx = self.begin().await?;
        policies(&mut tx).await
    }

    /// Sets the days of one kind for some classes, unless the policies are not `expected` any more.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody else changed them meanwhile; or the database failed.
    pub async fn set_retention(
        &self,
        new: &[PolicyRow],
        expected: &[PolicyRow],
        at: Timestamp,
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        // Changes follow one another, also the first one, of which there is no row to lock.
        holds::lock(&mut tx, self.id()).await?;
        if policies(&mut tx).await? != expected {
            return Err(StoreError::Conflict { what: "retention policy" });
        }
        for policy in new {
            sqlx::query!(
                "insert into retention_policies (workspace_id, kind, class, days, set_at)
                 values ($1, $2, $3, $4, from_millis($5))
                 on conflict (workspace_id, kind, class) do update set days = excluded.days, set_at = excluded.set_at",
                self.id().uuid(),
                policy.kind.as_str(),
                policy.class.as_str(),
                policy.days.map(|days| to_integer(days, "days")).transpose()?,
                at.signed_millis(),
            )
            .execute(&mut *tx)
            .await
            .map_err(StoreError::during("setting a retention policy"))?;
        }
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await
    }

    /// Counts what is due, and what a hold keeps.
    ///
    /// # Errors
    /// The database failed.
    pub async fn due(&self, slice: &Slice) -> Result<Due, StoreError> {
        let mut tx = self.begin().await?;
        if slice.kind == DataKind::Pseudonyms {
            return self.pseudonyms_due(&mut tx, slice).await;
        }
        let row = sqlx::query!(
            r#"select count(*) filter (where not is_held) as "count!",
                      coalesce(sum(bytes) filter (where not is_held), 0)::bigint as "bytes!",
                      count(*) filter (where is_held) as "held!"
               from retention_due($1, $2, from_millis($3), from_millis($4))"#,
            slice.kind.as_str(),
            slice.class.as_str(),
            slice.now.signed_millis(),
            slice.before.map(Timestamp::signed_millis),
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(StoreError::during("counting what is due"))?;
        Ok(Due {
            count: from_bigint(row.count, "count")?,
            bytes: from_bigint(row.bytes, "size")?,
            held: from_bigint(row.held, "count")?,
        })
    }
}

async fn policies(connection: &mut PgConnection) -> Result<Vec<PolicyRow>, StoreError> {
    let rows = sqlx::query!("select kind, class, days from retention_policies order by kind, class")
        .fetch_all(connection)
        .await
        .map_err(StoreError::during("reading retention policies"))?;
    rows.into_iter()
        .map(|row| {
            Ok(PolicyRow {
                kind: DataKind::parse(&row.kind).ok_or(StoreError::Unknown { what: "kind of data" })?,
                class: class(&row.class)?,
                days: row.days.map(|days| from_integer(days, "days")).transpose()?,
            })
        })
        .collect()
}
