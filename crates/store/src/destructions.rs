//! Custodians, and the destructions that two of them decide: asked for, agreed to, done, in one transaction with the end of
//! the keys and with all audit events.

use chancery_vault::{KeyId, LEDGER, Timestamp, WorkspaceId};
use sqlx::PgConnection;

use crate::number::from_bigint;
use crate::workspace_keys::key_id;
use crate::workspace_store::commit;
use crate::{AuditEntry, AuditId, DestructionId, PersonId, Store, StoreError, audit};

/// Somebody who takes part in destroying keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustodianRow {
    /// Their id; in audit events they act as this person.
    pub id: PersonId,
    /// Their name, which is part of the key.
    pub name: String,
    /// Their public key as text.
    pub public_key: String,
    /// When they were registered.
    pub created_at: Timestamp,
    /// Since when they are none any more.
    pub revoked_at: Option<Timestamp>,
}

/// A destruction to be asked for.
#[derive(Debug, Clone)]
pub struct NewDestruction {
    /// Its id.
    pub id: DestructionId,
    /// Whose keys are to be destroyed.
    pub workspace: WorkspaceId,
    /// The statement with the signature of who asks.
    pub note: String,
    /// Who asks.
    pub requested_by: PersonId,
    /// When.
    pub requested_at: Timestamp,
    /// Until when somebody else must agree.
    pub expires_at: Timestamp,
}

/// What two custodians decided.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Which destruction.
    pub id: DestructionId,
    /// Whose keys are destroyed.
    pub workspace: WorkspaceId,
    /// The statement with both signatures.
    pub note: String,
    /// Who agrees.
    pub approved_by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// A destruction as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DestructionRow {
    /// Its id.
    pub id: DestructionId,
    /// Whose keys.
    pub workspace: WorkspaceId,
    /// The statement and the signatures under it.
    pub note: String,
    /// Who asked.
    pub requested_by: PersonId,
    /// The audit event of that.
    pub request_event: AuditId,
    /// Until when somebody else must agree.
    pub expires_at: Timestamp,
    /// What came of it; nothing while it waits.
    pub executed: Option<Executed>,
    /// The receipt, once there is one.
    pub receipt: Option<String>,
}

/// What a destruction did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Executed {
    /// Who agreed.
    pub approved_by: PersonId,
    /// The audit event of that.
    pub approval_event: AuditId,
    /// The audit event of the end of the keys.
    pub execution_event: AuditId,
    /// When.
    pub at: Timestamp,
    /// How many of what became unreadable, a line each.
    pub counts: String,
}

/// The events of a decision.
#[derive(Debug, Clone)]
pub struct DecisionEntries {
    /// That somebody agreed: of the installation.
    pub approval: AuditEntry,
    /// That the keys ended: of the installation, too, since the workspace cannot seal any more.
    pub execution: AuditEntry,
}

/// What is counted, as the receipt names it.
const COUNTED: [(&str, &str); 6] = [
    ("templates", "templates"),
    ("template versions", "template_versions"),
    ("files", "documents"),
    ("API keys", "api_keys"),
    ("audit events", "audit_events"),
    ("workspaces", "workspaces"),
];

impl Store {
    /// Writes an audit event of the installation that belongs to no change of the database.
    ///
    /// # Errors
    /// The database failed.
    pub async fn record_event(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        let mut tx = self.workspace(LEDGER).begin().await?;
        audit::write(&mut tx, LEDGER, entry).await?;
        commit(tx).await
    }

    /// Registers a custodian.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the name or the key is known; the database failed.
    pub async fn add_custodian(&self, new: &CustodianRow, entry: &AuditEntry) -> Result<(), StoreError> {
        let mut tx = self.workspace(LEDGER).begin().await?;
        sqlx::query!(
            "insert into custodians (id, name, public_key, created_at) values ($1, $2, $3, from_millis($4))",
            new.id.uuid(),
            new.name,
            new.public_key,
            new.created_at.signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("registering a custodian"))?;
        audit::write(&mut tx, LEDGER, entry).await?;
        commit(tx).await
    }

    /// Ends that somebody is a custodian.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; the database failed.
    pub async fn revoke_custodian(&self, id: PersonId, at: Timestamp, entry: &AuditEntry) -> Result<(), StoreError> {
        let mut tx = self.workspace(LEDGER).begin().await?;
        let done = sqlx::query!(
            "update custodians set revoked_at = from_millis($2) where id = $1 and revoked_at is null",
            id.uuid(),
            at.signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("revoking a custodian"))?;
        if done.rows_affected() == 0 {
            return Err(StoreError::NotFound { what: "custodian" });
        }
        audit::write(&mut tx, LEDGER, entry).await?;
        commit(tx).await
    }

    /// All custodians, those who are none any more too, the oldest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn custodians(&self) -> Result<Vec<CustodianRow>, StoreError> {
        let rows = sqlx::query!(
            r#"select id, name, public_key, to_millis(created_at) as "created_at!", to_millis(revoked_at) as revoked_at
               from custodians order by created_at, id"#
        )
        .fetch_all(self.pool())
        .await
        .map_err(StoreError::during("listing custodians"))?;
        Ok(rows
            .into_iter()
            .map(|row| CustodianRow {
                id: PersonId::from_uuid(row.id),
                name: row.name,
                public_key: row.public_key,
                created_at: Timestamp::from_signed_millis(row.created_at),
                revoked_at: row.revoked_at.map(Timestamp::from_signed_millis),
            })
            .collect())
    }

    /// Asks for a destruction.
    ///
    /// # Errors
    /// The database failed.
    pub async fn request_destruction(&self, new: &NewDestruction, entry: &AuditEntry) -> Result<(), StoreError> {
        let mut tx = self.workspace(LEDGER).begin().await?;
        sqlx::query!(
            "insert into destructions (id, workspace_id, note, requested_by, requested_at, request_event, expires_at)
             values ($1, $2, $3, $4, from_millis($5), $6, from_millis($7))",
            new.id.uuid(),
            new.workspace.uuid(),
            new.note,
            new.requested_by.uuid(),
            new.requested_at.signed_millis(),
            entry.id.uuid(),
            new.expires_at.signed_millis(),
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during("asking for a destruction"))?;
        audit::write(&mut tx, LEDGER, entry).await?;
        commit(tx).await
    }

    /// A destruction; nothing when there is none with this id.
    ///
    /// # Errors
    /// The database failed.
    pub async fn destruction(&self, id: DestructionId) -> Result<Option<DestructionRow>, StoreError> {
        let row = sqlx::query!(
            r#"select workspace_id, note, requested_by, request_event, to_millis(expires_at) as "expires_at!", approved_by,
                      approval_event, execution_event, to_millis(executed_at) as executed_at, counts, receipt
               from destructions where id = $1"#,
            id.uuid(),
        )
        .fetch_optional(self.pool())
        .await
        .map_err(StoreError::during("reading a destruction"))?;
        Ok(row.map(|row| DestructionRow {
            id,
            workspace: WorkspaceId::from_uuid(row.workspace_id),
            note: row.note,
            requested_by: PersonId::from_uuid(row.requested_by),
            request_event: AuditId::from_uuid(row.request_event),
            expires_at: Timestamp::from_signed_millis(row.expires_at),
            executed: match (row.approved_by, row.approval_event, row.execution_event, row.executed_at, row.counts) {
                (Some(by), Some(approval), Some(execution), Some(at), Some(counts)) => Some(Executed {
                    approved_by: PersonId::from_uuid(by),
                    approval_event: AuditId::from_uuid(approval),
                    execution_event: AuditId::from_uuid(execution),
                    at: Timestamp::from_signed_millis(at),
                    counts,
                }),
                _ => None,
            },
            receipt: row.receipt,
        }))
    }

    /// Ends the life of every key of a workspace, whatever still names it, and notes who decided so: in one transaction,
    /// after every writer of that workspace is done. Nothing when the request was decided or expired meanwhile.
    ///
    /// # Errors
    /// The database failed, or its rules refuse the decision.
    pub async fn execute_destruction(
        &self,
        decision: &Decision,
        entries: &DecisionEntries,
    ) -> Result<Option<Vec<KeyId>>, StoreError> {
        const DESTROYING: &str = "destroying the keys of a workspace";
        let (workspace, at) = (decision.workspace, decision.at.signed_millis());
        let mut tx = self.workspace(workspace).begin().await?;
        sqlx::query!(r#"select pg_advisory_xact_lock(31, hashtext($1))::text as done"#, workspace.to_string())
            .fetch_one(&mut *tx)
            .await
            .map_err(StoreError::during("waiting for writers"))?;
        let counts = count(&mut tx, workspace).await?;
        let keys = sqlx::query!(
            "update workspace_keys
             set state = 'destroyed', wrapped = null, destroyed_at = from_millis($2),
                 closed_at = coalesce(closed_at, from_millis($2))
             where workspace_id = $1 and state <> 'destroyed' returning id",
            workspace.uuid(),
            at,
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::during(DESTROYING))?;
        sqlx::query!("delete from carried_keys where workspace_id = $1", workspace.uuid())
            .execute(&mut *tx)
            .await
            .map_err(StoreError::during(DESTROYING))?;
        sqlx::query!(r#"select set_config('app.workspace', $1, true) as done"#, LEDGER.to_string())
            .fetch_one(&mut *tx)
            .await
            .map_err(StoreError::during(DESTROYING))?;
        let decided = sqlx::query!(
            "update destructions
             set note = $3, approved_by = $4, approval_event = $5, executed_at = from_millis($2), execution_event = $6, counts = $7
             where id = $1 and approved_by is null and expires_at > from_millis($2)",
            decision.id.uuid(),
            at,
            decision.note,
            decision.approved_by.uuid(),
            entries.approval.id.uuid(),
            entries.execution.id.uuid(),
            counts,
        )
        .execute(&mut *tx)
        .await
        .map_err(StoreError::during(DESTROYING))?;
        if decided.rows_affected() != 1 {
            return Ok(None);
        }
        audit::write(&mut tx, LEDGER, &entries.approval).await?;
        audit::write(&mut tx, LEDGER, &entries.execution).await?;
        commit(tx).await?;
        keys.into_iter().map(|row| key_id(&row.id)).collect::<Result<_, _>>().map(Some)
    }

    /// Keeps the receipt of a destruction; the first one stays.
    ///
    /// # Errors
    /// The database failed.
    pub async fn keep_receipt(&self, id: DestructionId, receipt: &str) -> Result<(), StoreError> {
        sqlx::query!("update destructions set receipt = $2 where id = $1 and receipt is null", id.uuid(), receipt)
            .execute(self.pool())
            .await
            .map_err(StoreError::during("keeping a receipt"))?;
        Ok(())
    }
}

/// How many rows of a workspace hold something sealed, a line each.
async fn count(connection: &mut PgConnection, workspace: WorkspaceId) -> Result<String, StoreError> {
    let mut lines = String::new();
    for (name, table) in COUNTED {
        let column = if table == "workspaces" { "id" } else { "workspace_id" };
        let statement = format!("select count(*) from {table} where {column} = $1");
        let count: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(statement))
            .bind(workspace.uuid())
            .fetch_one(&mut *connection)
            .await
            .map_err(StoreError::during("counting what becomes unreadable"))?;
        lines.push_str(&format!("{name}: {}\n", from_bigint(count, "count")?));
    }
    Ok(lines)
}
