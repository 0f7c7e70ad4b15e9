//! The ledger seen from the places that keep its checkpoints: what they get next, and what is remembered of them.

use chancery_ledger::{Checkpoint, Hash, Note, PublicKey};
use chancery_store::PlaceProgress;

use crate::access::Operator;
use crate::error::ServiceError;
use crate::ledger::Ledger;

impl Ledger<'_> {
    /// What a place should get that keeps the checkpoint of `size` entries: those that introduced a key since, and the
    /// latest. Nothing when it has that.
    ///
    /// One root covers every entry before it, so that the latest checkpoint is worth all between; but without those that
    /// introduce a key nobody outside could follow the log to it.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn checkpoints_after(&self, _operator: &Operator, size: u64) -> Result<Vec<Note>, ServiceError> {
        let store = &self.shared.store;
        let Some(latest) = store.latest_checkpoint().await? else { return Ok(Vec::new()) };
        let latest_size = Checkpoint::parse(latest.text())?.size;
        let mut notes = Vec::new();
        for past in store.past_ledger_keys().await? {
            if past.until_size > size && past.until_size < latest_size {
                notes.extend(store.ledger_checkpoint(past.until_size).await?);
            }
        }
        if latest_size > size {
            notes.push(latest);
        }
        Ok(notes)
    }

    /// The latest checkpoint with the cosignatures of witnesses; none while the ledger is empty.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn latest_checkpoint(&self, _operator: &Operator) -> Result<Option<Note>, ServiceError> {
        Ok(self.shared.store.latest_checkpoint().await?)
    }

    /// The checkpoint of so many entries; none when none was signed there.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn checkpoint(&self, _operator: &Operator, size: u64) -> Result<Option<Note>, ServiceError> {
        Ok(self.shared.store.ledger_checkpoint(size).await?)
    }

    /// The proof that the ledger of `new` entries continues that of `old`.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`], or the ledger is damaged.
    pub async fn consistency(&self, _operator: &Operator, old: u64, new: u64) -> Result<Vec<Hash>, ServiceError> {
        Ok(self.shared.store.ledger_consistency(old, new).await?)
    }

    /// How far each place has come that ever kept a checkpoint or failed to, by name.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn places(&self, _operator: &Operator) -> Result<Vec<PlaceProgress>, ServiceError> {
        Ok(self.shared.store.ledger_places().await?)
    }

    /// Remembers that a place keeps the checkpoint of `size` entries.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn place_kept(&self, _operator: &Operator, place: &str, size: u64) -> Result<(), ServiceError> {
        Ok(self.shared.store.ledger_place_kept(place, size, self.shared.clock.now()).await?)
    }

    /// Remembers why a place did not take a checkpoint.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn place_failed(&self, _operator: &Operator, place: &str, why: &str) -> Result<(), ServiceError> {
        Ok(self.shared.store.ledger_place_failed(place, why, self.shared.clock.now()).await?)
    }

    /// Keeps the cosignature that a witness gave, after checking it; it stands under the checkpoint from now on.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] when it is false, [`ServiceError::Unavailable`].
    pub async fn keep_cosignature(
        &self,
        _operator: &Operator,
        note: &Note,
        witness: &PublicKey,
        lines: &str,
    ) -> Result<(), ServiceError> {
        let (line, _) = note.clone().adopt(witness, lines)?;
        let size = Checkpoint::parse(note.text())?.size;
        Ok(self.shared.store.keep_cosignature(size, witness.name(), line.trim_end()).await?)
    }
}
