//! The names under which keepers know our keys.

use chancery_vault::{VaultError, WorkspaceId};

/// Letters of the installation's name: a UUID behind it stays within what every keeper allows.
const LENGTH_MAX: usize = 64;

/// The name of a workspace's key: `NAME-UUID`.
pub(crate) fn of_workspace(name: &str, workspace: WorkspaceId) -> String {
    format!("{name}-{workspace}")
}

/// Refuses a name that would mean something else in a path or a URL.
pub(crate) fn check(name: &str) -> Result<(), VaultError> {
    let is_allowed = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-';
    if name.is_empty() || name.len() > LENGTH_MAX || !name.bytes().all(is_allowed) {
        return Err(VaultError::Malformed {
            what: "the name of the root key",
            reason: "it must have 1 to 64 lower-case letters, digits and `-`",
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_lead_elsewhere() {
        assert!(check("chancery-2").is_ok());
        for name in ["", "a/b", "..", "A", "a b", "a?b", "a%2f", &"x".repeat(65)] {
            assert!(check(name).is_err(), "{name}");
        }
    }
}
