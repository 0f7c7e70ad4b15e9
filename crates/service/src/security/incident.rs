//! What a security event says: what was refused, where, whose, by whom; never any content.

use std::net::IpAddr;

use chancery_store::Actor;
use chancery_vault::{VaultError, WorkspaceId};
use uuid::Uuid;

/// What happened. Each kind is an action of the audit log: `security.` and its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IncidentKind {
    /// A sealed value was altered, cut, or moved from elsewhere.
    DataRefused,
    /// A sealed value names a key that is not there.
    KeyUnknown,
    /// A stored object is missing, cut, longer, reordered or another's.
    ObjectRefused,
    /// A signed link that no key of ours signed.
    LinkRefused,
    /// Many API keys that are none, in a short time.
    AuthenticationBurst,
    /// A statement that row-level security or missing rights refused.
    IsolationViolated,
    /// A row that is not as the ledger records it: forged, or rolled back.
    RowForged,
}

/// Where it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Table or kind of thing: lower-case letters and `_`.
    pub kind: &'static str,
    /// The column, when it is about one.
    pub column: Option<&'static str>,
    /// The row's id.
    pub id: Option<Uuid>,
}

/// One occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Incident {
    /// What happened.
    pub kind: IncidentKind,
    /// In which workspace; none when that is not known.
    pub workspace: Option<WorkspaceId>,
    /// Who did it, as far as that is known.
    pub actor: Actor,
    /// Where.
    pub place: Place,
    /// Why it was refused, as a closed set of sentences.
    pub reason: &'static str,
    /// From where it came, for counting only: an address is personal, and is written nowhere.
    pub source: Option<IpAddr>,
}

impl IncidentKind {
    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::DataRefused,
        Self::KeyUnknown,
        Self::ObjectRefused,
        Self::LinkRefused,
        Self::AuthenticationBurst,
        Self::IsolationViolated,
        Self::RowForged,
    ];

    /// The action in the audit log.
    #[must_use]
    pub const fn action(self) -> &'static str {
        match self {
            Self::DataRefused => "security.data_refused",
            Self::KeyUnknown => "security.key_unknown",
            Self::ObjectRefused => "security.object_refused",
            Self::LinkRefused => "security.link_refused",
            Self::AuthenticationBurst => "security.authentication_burst",
            Self::IsolationViolated => "security.isolation_violated",
            Self::RowForged => "security.row_forged",
        }
    }

    /// The word by which it is asked for.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.action().split_once('.').map_or("", |(_, word)| word)
    }

    /// The kind of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Occurrences of one source in one window from which on it is an event: anybody mistypes a key.
    pub(super) const fn threshold(self) -> u64 {
        match self {
            Self::AuthenticationBurst => 10,
            _ => 1,
        }
    }
}

impl Place {
    /// A row.
    #[must_use]
    pub const fn row(kind: &'static str, id: Uuid) -> Self {
        Self { kind, column: None, id: Some(id) }
    }

    /// A thing without an id.
    #[must_use]
    pub const fn thing(kind: &'static str) -> Self {
        Self { kind, column: None, id: None }
    }
}

impl Incident {
    /// An incident that nobody in particular is known to have caused.
    #[must_use]
    pub const fn new(kind: IncidentKind, workspace: Option<WorkspaceId>, place: Place, reason: &'static str) -> Self {
        Self { kind, workspace, actor: Actor::System, place, reason, source: None }
    }

    /// What a refusal of the vault means for something that is stored; nothing for a failure that is no refusal.
    pub(crate) fn of_stored(error: &VaultError, workspace: Option<WorkspaceId>, place: Place) -> Option<Self> {
        let (kind, reason) = match error {
            VaultError::NotAuthentic { .. } => (IncidentKind::DataRefused, "it was altered, or belongs elsewhere"),
            VaultError::Malformed { .. } | VaultError::Version { .. } => {
                (IncidentKind::DataRefused, "it does not have the form that was written")
            }
            VaultError::OtherKey { .. } => (IncidentKind::KeyUnknown, "it names a key that is not there"),
            _ => return None,
        };
        Some(Self::new(kind, workspace, place, reason))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_an_action_of_the_audit_log_and_is_found_by_its_word() {
        for kind in IncidentKind::ALL {
            assert_eq!(IncidentKind::from_word(kind.word()), Some(kind));
            assert!(kind.action().starts_with("security.") && kind.word().len() <= 32, "{}", kind.action());
            assert!(kind.word().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
        }
        assert_eq!(IncidentKind::from_word("nothing"), None);
    }
}
