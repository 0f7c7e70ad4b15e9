//! The key that signs the ledger's checkpoints: derived from a key that the root key wraps like that of a workspace.

use chancery_ledger::SigningKey;
use uuid::Uuid;

use crate::workspace_keys::derive;
use crate::{VaultError, WorkspaceId, WorkspaceKey};

/// For whom the root key wraps the ledger's key: no workspace has this id, and no workspace's key opens as it.
pub const LEDGER: WorkspaceId = WorkspaceId::from_uuid(Uuid::nil());

/// The signing key of the ledger. Its name, and that of the log, is `chancery/ledger/` and the id of `key`.
///
/// # Errors
/// The library failed.
pub fn ledger_key(key: &WorkspaceKey) -> Result<SigningKey, VaultError> {
    let seed = derive(key.secret(), "chancery/1/purpose/ledger-checkpoints", &[])?;
    SigningKey::log(&format!("chancery/ledger/{}", key.id()), seed.expose())
        .map_err(|_| VaultError::Library { operation: "making the ledger's key" })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::SystemRandom;

    #[test]
    fn one_key_gives_one_log_and_two_give_two() {
        let (first, second) =
            (WorkspaceKey::generate(&SystemRandom).unwrap(), WorkspaceKey::generate(&SystemRandom).unwrap());
        let name = |key: &WorkspaceKey| ledger_key(key).unwrap().public().to_text();
        assert_eq!(name(&first), name(&first));
        assert_ne!(name(&first), name(&second));
        assert!(name(&first).starts_with(&format!("chancery/ledger/{}+", first.id())));
    }
}
