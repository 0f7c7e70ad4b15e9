//! The key that signs the ledger's checkpoints: derived from a key that the root key wraps like that of a workspace.

use chancery_ledger::SigningKey;
use uuid::Uuid;

use crate::workspace_keys::derive;
use crate::{VaultError, WorkspaceId, WorkspaceKey};

/// For whom the root key wraps the ledger's key: no workspace has this id, and no workspace's key opens as it.
pub const LEDGER: WorkspaceId = WorkspaceId::from_uuid(Uuid::nil());

/// The signing key of the log with this name. Without one it is the log's first key, and the log is named
/// `chancery/ledger/` and the id of `key`; keys that follow keep that name.
///
/// # Errors
/// The library failed.
pub fn ledger_key(key: &WorkspaceKey, log: Option<&str>) -> Result<SigningKey, VaultError> {
    let seed = derive(key.secret(), "chancery/1/purpose/ledger-checkpoints", &[])?;
    let name = log.map_or_else(|| format!("chancery/ledger/{}", key.id()), str::to_owned);
    SigningKey::log(&name, seed.expose()).map_err(|_| VaultError::Library { operation: "making the ledger's key" })
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
        let name = |key: &WorkspaceKey| ledger_key(key, None).unwrap().public().to_text();
        assert_eq!(name(&first), name(&first));
        assert_ne!(name(&first), name(&second));
        assert!(name(&first).starts_with(&format!("chancery/ledger/{}+", first.id())));
        let following = ledger_key(&second, Some("chancery/ledger/x")).unwrap().public().to_text();
        assert!(following.starts_with("chancery/ledger/x+") && following != name(&second));
    }
}
