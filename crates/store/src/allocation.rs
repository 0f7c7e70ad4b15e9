//! Who is behind a pseudonym: reached only through the functions of a schema that no role can read.

use chancery_vault::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::number::from_bigint;
use crate::workspace_store::commit;
use crate::{AllocationId, AuditEntry, Due, Slice, StoreError, WorkspaceStore, audit};

/// A pseudonym with its sealed original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation {
    /// The pseudonym.
    pub pseudonym: String,
    /// The row to which the original is bound.
    pub id: AllocationId,
    /// The original, sealed for table `pseudonyms`, column `original_sealed`, row = the id.
    pub original_sealed: Vec<u8>,
}

impl WorkspaceStore {
    /// Notes who is behind pseudonyms; of those that are noted already, that they were seen again.
    ///
    /// This only says what is behind what other acts recorded, so that it has no audit entry of its own.
    ///
    /// # Errors
    /// The database failed.
    pub async fn allocate(&self, allocations: &[Allocation], at: Timestamp) -> Result<(), StoreError> {
        let pseudonyms: Vec<&str> = allocations.iter().map(|allocation| allocation.pseudonym.as_str()).collect();
        let ids: Vec<Uuid> = allocations.iter().map(|allocation| allocation.id.uuid()).collect();
        let originals: Vec<&[u8]> =
            allocations.iter().map(|allocation| allocation.original_sealed.as_slice()).collect();
        let mut tx = self.begin().await?;
        sqlx::query!(
            "select chancery_allocation.allocate($1, $2, $3, from_millis($4))::text as done",
            &pseudonyms as &[&str],
            &ids,
            &originals as &[&[u8]],
            at.signed_millis(),
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(StoreError::during("allocating pseudonyms"))?;
        commit(tx).await
    }

    /// Who is behind a pseudonym. That it was asked is recorded also when there is no answer.
    ///
    /// # Errors
    /// The database failed.
    pub async fn resolve(&self, pseudonym: &str, entry: &AuditEntry) -> Result<Option<Allocation>, StoreError> {
        let mut tx = self.begin().await?;
        audit::write(&mut tx, self.id(), entry).await?;
        let row = sqlx::query!(
            r#"select id as "id!", original_sealed as "original_sealed!" from chancery_allocation.resolve($1, $2)"#,
            pseudonym,
            entry.id.uuid(),
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::during("resolving a pseudonym"))?;
        commit(tx).await?;
        Ok(row.map(|row| Allocation {
            pseudonym: pseudonym.to_owned(),
            id: AllocationId::from_uuid(row.id),
            original_sealed: row.original_sealed,
        }))
    }

    pub(crate) async fn pseudonyms_due(&self, connection: &mut PgConnection, slice: &Slice) -> Result<Due, StoreError> {
        let Some(before) = self.before_in_own_class(connection, slice).await? else { return Ok(Due::default()) };
        let row = sqlx::query!(
            r#"select due as "due!", held as "held!" from chancery_allocation.due(from_millis($1))"#,
            before.signed_millis()
        )
        .fetch_one(connection)
        .await
        .map_err(StoreError::during("counting pseudonyms"))?;
        Ok(Due { count: from_bigint(row.due, "count")?, bytes: 0, held: from_bigint(row.held, "count")? })
    }

    /// Forgets who is behind pseudonyms that nobody has seen since; gives the ids of the rows.
    pub(crate) async fn anonymise(
        &self,
        connection: &mut PgConnection,
        slice: &Slice,
        count_max: i64,
    ) -> Result<Vec<Uuid>, StoreError> {
        let Some(before) = self.before_in_own_class(connection, slice).await? else { return Ok(Vec::new()) };
        sqlx::query_scalar!(
            r#"select chancery_allocation.anonymise(from_millis($1), $2::bigint::integer) as "id!""#,
            before.signed_millis(),
            count_max,
        )
        .fetch_all(connection)
        .await
        .map_err(StoreError::during("anonymising"))
    }

    /// Pseudonyms have the class of their workspace.
    async fn before_in_own_class(
        &self,
        connection: &mut PgConnection,
        slice: &Slice,
    ) -> Result<Option<Timestamp>, StoreError> {
        let class = sqlx::query_scalar!("select class from workspaces where id = $1", self.id().uuid())
            .fetch_optional(connection)
            .await
            .map_err(StoreError::during("reading a workspace's class"))?;
        Ok(slice.before.filter(|_| class.as_deref() == Some(slice.class.as_str())))
    }
}
