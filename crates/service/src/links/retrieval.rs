//! The log of retrievals: every download is an entry of the ledger, and every refusal of a genuine link.
//!
//! A body says which link, for whom, which bytes, from where (only the surroundings of the address), and what came of it.
//! A link that is not genuine names nobody: it is in the request log only, so that strangers cannot fill a ledger.

use std::net::IpAddr;
use std::ops::Range;

use chancery_store::{Actor, AuditEntry, EntryRecord};
use chancery_vault::{LinkTarget, Random, Timestamp, WorkspaceKeyring};
use serde_json::json;
use uuid::Uuid;

use super::{Network, Recipient};
use crate::cache::Cache;
use crate::error::ServiceError;
use crate::sealing::{Event, audit_entry};

/// What came of somebody's wish to open a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Outcome {
    /// The bytes were handed out.
    Granted,
    /// The link's time was over.
    Expired,
    /// It was revoked.
    Revoked,
    /// It was used as often as it may be.
    UsedUp,
    /// It may not be used from there.
    Elsewhere,
    /// A passcode was tried.
    Tried,
    /// The passcode was wrong.
    WrongPasscode,
    /// No passcode is looked at for a while.
    Locked,
}

impl Outcome {
    const fn name(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::UsedUp => "used-up",
            Self::Elsewhere => "elsewhere",
            Self::Tried => "tried",
            Self::WrongPasscode => "wrong-passcode",
            Self::Locked => "locked",
        }
    }

    const fn action(self) -> &'static str {
        match self {
            Self::Granted => "document.retrieve",
            Self::Tried => "link.try_passcode",
            _ => "document.refuse",
        }
    }
}

/// One retrieval, or what would have been one.
pub(crate) struct Retrieval<'a> {
    pub(crate) target: LinkTarget,
    /// The document, where it is known; a refused link may lead to one that is gone.
    pub(crate) document: Option<Uuid>,
    pub(crate) recipient: Option<&'a Recipient>,
    pub(crate) range: Option<Range<u64>>,
    pub(crate) address: Option<IpAddr>,
    pub(crate) outcome: Outcome,
}

impl Retrieval<'_> {
    pub(crate) fn entry(
        &self,
        keys: &WorkspaceKeyring,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<AuditEntry, ServiceError> {
        // A link whose document is gone stands for itself.
        let (link, target_kind, target_id) = match (self.target, self.document) {
            (LinkTarget::Document(document), _) => (None, "document", document.uuid()),
            (LinkTarget::Kept(link), Some(document)) => (Some(link), "document", document),
            (LinkTarget::Kept(link), None) => (Some(link), "link", link.uuid()),
        };
        let details = json!({
            "outcome": self.outcome.name(),
            "range": self.range.as_ref().map(|range| [range.start, range.end]),
            "network": self.address.map(|address| Network::around(address).to_string()),
            "recipient": self.recipient.map(|recipient| json!({ "name": recipient.name(), "mail": recipient.mail() })),
        });
        let event = Event {
            actor: Actor::Link(link),
            action: self.outcome.action(),
            target_kind,
            target_id,
            details: &details,
        };
        audit_entry(keys, random, now, &event)
    }

    pub(crate) fn record(
        &self,
        keys: &WorkspaceKeyring,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<EntryRecord, ServiceError> {
        Ok(EntryRecord { workspace: keys.workspace(), entry: self.entry(keys, random, now)? })
    }
}

/// Time for which the same refusal of the same link is not recorded again, in milliseconds: whoever calls a dead link a
/// thousand times a second leaves an entry a minute.
const QUIET_MS: u64 = 60_000;

/// Refusals that are remembered at once.
const REFUSAL_COUNT_MAX: usize = 10_000;

/// Refusals that were recorded not long ago, on this node.
pub(crate) struct Refusals(Cache<(Uuid, Outcome), Timestamp>);

impl Refusals {
    pub(crate) fn new() -> Self {
        Self(Cache::new(REFUSAL_COUNT_MAX))
    }

    /// Whether this one is to be recorded; asking says that it is.
    pub(crate) fn is_news(&self, target: LinkTarget, outcome: Outcome, now: Timestamp) -> bool {
        let id = match target {
            LinkTarget::Document(document) => document.uuid(),
            LinkTarget::Kept(link) => link.uuid(),
        };
        let key = (id, outcome);
        if self.0.get(&key).is_some_and(|last| now < last.plus_millis(QUIET_MS)) {
            return false;
        }
        self.0.insert(self.0.ticket(), key, now);
        true
    }
}

#[cfg(test)]
mod tests {
    use chancery_vault::{DocumentId, LinkId};

    use super::*;

    #[test]
    fn the_same_refusal_is_recorded_once_a_minute_and_another_one_at_once() {
        let refusals = Refusals::new();
        let target = LinkTarget::Kept(LinkId::from_uuid(Uuid::from_u128(1)));
        let other = LinkTarget::Document(DocumentId::from_uuid(Uuid::from_u128(2)));
        let at = Timestamp::from_millis;
        assert!(refusals.is_news(target, Outcome::Expired, at(0)));
        assert!(!refusals.is_news(target, Outcome::Expired, at(59_999)));
        assert!(refusals.is_news(target, Outcome::Elsewhere, at(1)));
        assert!(refusals.is_news(other, Outcome::Expired, at(1)));
        assert!(refusals.is_news(target, Outcome::Expired, at(60_000)));
    }
}
