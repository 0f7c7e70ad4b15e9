//! How far each place outside has come, and what witnesses cosigned.

use chancery_vault::Timestamp;

use crate::number::{from_bigint, to_bigint};
use crate::{Store, StoreError};

/// Bytes of an error that is kept for the operator.
const ERROR_BYTES_MAX: usize = 1000;

/// How far a place has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceProgress {
    /// Its name in the configuration.
    pub name: String,
    /// Entries of the last checkpoint that it keeps.
    pub size: u64,
    /// When it took that.
    pub kept_at: Option<Timestamp>,
    /// When it last failed, unless it has kept a checkpoint since.
    pub failed_at: Option<Timestamp>,
    /// Why it failed.
    pub error: Option<String>,
}

impl Store {
    /// Every place that ever kept a checkpoint or failed to, by name.
    ///
    /// # Errors
    /// The database failed.
    pub async fn ledger_places(&self) -> Result<Vec<PlaceProgress>, StoreError> {
        let rows = sqlx::query!(
            r#"select name as "name!", size as "size!", to_millis(kept_at) as kept_at, to_millis(failed_at) as failed_at,
                      error
               from ledger_places_known()"#
        )
        .fetch_all(self.pool())
        .await
        .map_err(StoreError::during("reading the ledger's places"))?;
        rows.into_iter()
            .map(|row| {
                Ok(PlaceProgress {
                    name: row.name,
                    size: from_bigint(row.size, "ledger")?,
                    kept_at: row.kept_at.map(Timestamp::from_signed_millis),
                    failed_at: row.failed_at.map(Timestamp::from_signed_millis),
                    error: row.error,
                })
            })
            .collect()
    }

    /// Remembers that a place keeps the checkpoint of `size` entries.
    ///
    /// # Errors
    /// The database failed.
    pub async fn ledger_place_kept(&self, place: &str, size: u64, at: Timestamp) -> Result<(), StoreError> {
        let size = to_bigint(size, "ledger")?;
        sqlx::query!("select ledger_place_kept($1, $2, $3)::text as done", place, size, at.signed_millis())
            .fetch_one(self.pool())
            .await
            .map_err(StoreError::during("remembering what a place keeps"))?;
        Ok(())
    }

    /// Remembers why a place did not take a checkpoint.
    ///
    /// # Errors
    /// The database failed.
    pub async fn ledger_place_failed(&self, place: &str, why: &str, at: Timestamp) -> Result<(), StoreError> {
        let why = why.get(..why.floor_char_boundary(ERROR_BYTES_MAX)).unwrap_or_default();
        sqlx::query!("select ledger_place_failed($1, $2, $3)::text as done", place, why, at.signed_millis())
            .fetch_one(self.pool())
            .await
            .map_err(StoreError::during("remembering why a place failed"))?;
        Ok(())
    }

    /// Keeps the cosignature of a witness: the line as it stands under the note, without line feed.
    ///
    /// # Errors
    /// The database failed.
    pub async fn keep_cosignature(&self, size: u64, witness: &str, line: &str) -> Result<(), StoreError> {
        let size = to_bigint(size, "ledger")?;
        sqlx::query!("select ledger_cosign($1, $2, $3)::text as done", size, witness, line)
            .fetch_one(self.pool())
            .await
            .map_err(StoreError::during("keeping a cosignature"))?;
        Ok(())
    }
}
