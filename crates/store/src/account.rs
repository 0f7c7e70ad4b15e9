//! Counters of one workspace, for its account page.

use chancery_vault::Timestamp;

use crate::number::from_bigint;
use crate::{StoreError, WorkspaceStore};

/// How much a workspace has and used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountCounters {
    /// Templates.
    pub templates: u64,
    /// Renders that succeeded since the given time.
    pub renders: u64,
    /// Documents that are stored now.
    pub documents: u64,
}

impl WorkspaceStore {
    /// Counts. Takes time in proportion to the renders since `since`: keep the answer for a while.
    ///
    /// # Errors
    /// The database failed.
    pub async fn account_counters(&self, since: Timestamp) -> Result<AccountCounters, StoreError> {
        let mut tx = self.begin().await?;
        let row = sqlx::query!(
            r#"select (select count(*) from templates) as "templates!",
                      (select count(*) from transactions
                       where workspace_id = $1 and created_at >= from_millis($2) and status = 'done') as "renders!",
                      (select count(*) from documents where workspace_id = $1 and state = 'live') as "documents!""#,
            self.id().uuid(),
            since.signed_millis(),
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(StoreError::during("counting"))?;
        Ok(AccountCounters {
            templates: from_bigint(row.templates, "count")?,
            renders: from_bigint(row.renders, "count")?,
            documents: from_bigint(row.documents, "count")?,
        })
    }
}
