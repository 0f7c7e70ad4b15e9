//! The keys that sign the ledger: the one of now, those before it, and how one follows the other.

use chancery_ledger::{Note, PublicKey, SigningKey, leaf_hash};
use chancery_store::{Actor, LedgerKeyChange, PastLedgerKey, StoreError};
use chancery_vault::{LEDGER, Timestamp, WorkspaceKey, WrappedWorkspaceKey, ledger_key};
use serde_json::json;
use uuid::Uuid;

use crate::access::Operator;
use crate::error::ServiceError;
use crate::ledger::Ledger;
use crate::sealing::{Event, audit_entry};

/// Milliseconds of a day.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// Why the ledger's key is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerKeyReason {
    /// Its time is over.
    Schedule,
    /// Somebody asked for it.
    Demand,
    /// Somebody else may have had it since this time.
    Compromise(Timestamp),
}

impl Ledger<'_> {
    /// The key with which new checkpoints are verified.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn public_key(&self, _operator: &Operator) -> Result<PublicKey, ServiceError> {
        Ok(self.key().await?.public().clone())
    }

    /// The keys that signed before, the first one first.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn past_keys(&self, _operator: &Operator) -> Result<Vec<PastLedgerKey>, ServiceError> {
        Ok(self.shared.store.past_ledger_keys().await?)
    }

    /// Replaces the key: every workspace gets an entry that says so, a checkpoint that both keys sign introduces the next
    /// one, and the old private key is overwritten, all in one transaction. Gives that checkpoint.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] while there is no workspace, [`ServiceError::InvalidField`] for a compromise in the
    /// future, [`ServiceError::Unavailable`].
    pub async fn rotate_key(&self, operator: &Operator, reason: LedgerKeyReason) -> Result<Note, ServiceError> {
        let (shared, now) = (self.shared, self.shared.clock.now());
        let compromised_since = match reason {
            LedgerKeyReason::Compromise(since) if since > now => {
                return Err(ServiceError::invalid("compromised-since", "must not be in the future"));
            }
            LedgerKeyReason::Compromise(since) => Some(since.millis()),
            LedgerKeyReason::Schedule | LedgerKeyReason::Demand => None,
        };
        // Few events are left to number under the lock then.
        self.advance(operator).await?;
        let (was, old) = self.wrapped_key().await?;
        let key = WorkspaceKey::generate(&*shared.random)?;
        let (key, becomes) = shared.keyring.wrap(&shared.random, LEDGER, key).await?;
        let new = ledger_key(&key, Some(old.public().name()))?;
        let details = json!({
            "before": old.public().to_text(), "key": new.public().to_text(), "compromised_since": compromised_since,
        });
        let actor = if reason == LedgerKeyReason::Schedule { Actor::System } else { Actor::Operator };
        let target_id = key_id(new.public());
        let mut entries = Vec::new();
        for workspace in shared.store.list_workspaces().await? {
            // A workspace whose key is destroyed has nobody to tell.
            let Some(ring) = shared.keyring.of(&shared.store, workspace.id).await? else { continue };
            let event =
                Event { actor, action: "ledger_key.rotate", target_kind: "ledger_key", target_id, details: &details };
            entries.push((workspace.id, audit_entry(&ring, &*shared.random, now, &event)?));
        }
        let change = LedgerKeyChange { was: &was, old: &old, becomes: &becomes, new: &new, compromised_since, at: now };
        match shared.store.rotate_ledger_key(&change, &entries).await {
            Err(StoreError::NotFound { what }) => Err(ServiceError::NotFound { what }),
            result => Ok(result?),
        }
    }

    /// Replaces the key when it has been signing for longer than `days`; gives whether it did.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn rotate_key_when_due(&self, operator: &Operator, days: u32) -> Result<bool, ServiceError> {
        let before = self.shared.clock.now().minus_millis(u64::from(days).saturating_mul(DAY_MS));
        let since = self.shared.store.ledger_key_since().await?;
        if since.is_none_or(|since| since >= before) {
            return Ok(false);
        }
        match self.rotate_key(operator, LedgerKeyReason::Schedule).await {
            Ok(_) => Ok(true),
            // There is nothing yet that the key could sign.
            Err(ServiceError::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The ledger's key; made when it is needed first.
    pub(crate) async fn key(&self) -> Result<SigningKey, ServiceError> {
        Ok(self.wrapped_key().await?.1)
    }

    /// The ledger's key, wrapped and open. Of two nodes that make one, the database keeps the first.
    async fn wrapped_key(&self) -> Result<(WrappedWorkspaceKey, SigningKey), ServiceError> {
        let (kept, key) = self.kept_key().await?;
        let past = self.shared.store.past_ledger_keys().await?;
        let signing = ledger_key(&key, past.first().map(|first| first.public.name()))?;
        Ok((kept, signing))
    }

    /// The key from which the ledger's follow; made when it is needed first.
    pub(crate) async fn own_key(&self) -> Result<WorkspaceKey, ServiceError> {
        Ok(self.kept_key().await?.1)
    }

    async fn kept_key(&self) -> Result<(WrappedWorkspaceKey, WorkspaceKey), ServiceError> {
        let (store, keyring) = (&self.shared.store, &self.shared.keyring);
        let kept = match store.ledger_key(None).await? {
            Some(kept) => kept,
            None => {
                let key = WorkspaceKey::generate(&*self.shared.random)?;
                let (_, wrapped) = keyring.wrap(&self.shared.random, LEDGER, key).await?;
                store.ledger_key(Some(&wrapped)).await?.unwrap_or(wrapped)
            }
        };
        let key = keyring.unwrap(LEDGER, &kept).await?;
        Ok((kept, key))
    }
}

/// The id by which an entry names a key: version 8, with the first bytes of SHA-256 over the byte 0 and the key's text.
fn key_id(key: &PublicKey) -> Uuid {
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(leaf_hash(key.to_text().as_bytes()).as_bytes()) {
        *to = *from;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
