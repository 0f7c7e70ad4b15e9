//! What the ledger records of rows that decide something, so that a row that was forged or rolled back shows.
//!
//! The sealed body of the act that made a row holds a digest of it. Nobody without the workspace's keys can seal another
//! such body, and nobody can take an act out of the ledger unseen: the last act about a row says what the row must be.

use std::cmp::Ordering;

use chancery_ledger::Commitment;
use chancery_store::{ApiKeyId, AuditRow, PublicTemplateId, TemplateId, TemplateRow, TemplateStatus, VersionId};
use chancery_vault::{Timestamp, WorkspaceKeyring};
use serde_json::{Value as Json, json};

use crate::sealing::open_audit_body;

/// The acts that say what an API key is.
pub(crate) const API_KEY_ACTS: &[&str] = &["api_key.create", "api_key.revoke"];
/// The acts that say what a template is.
pub(crate) const TEMPLATE_ACTS: &[&str] = &["template.create", "template.copy", "template.update"];

/// Name of the digest in the body of an act.
pub(crate) const DIGEST: &str = "row";
/// Name of the number of the change that an act records.
const REVISION: &str = "revision";
/// Name of the version that an act stored.
pub(crate) const VERSION: &str = "stored";

/// How a row stands to the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// As its last act says.
    Recorded,
    /// Its act is from a version that recorded no digest.
    Undigested,
    /// Not as its acts say; why.
    Forged(&'static str),
}

/// The digest of what an API key is and may do.
pub(crate) fn of_api_key(
    id: ApiKeyId,
    hash: &[u8],
    permissions: &[String],
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
) -> String {
    let expires = expires_at.map_or_else(|| "-".to_owned(), |at| at.signed_millis().to_string());
    let hash = digest(hash);
    digest(
        format!("api_key\n{id}\n{hash}\n{}\n{}\n{expires}", permissions.join(","), created_at.signed_millis())
            .as_bytes(),
    )
}

/// A template's head: by which name it is found, which version is its latest, and the number of the change that made it so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TemplateHead {
    pub(crate) id: TemplateId,
    pub(crate) public_id: PublicTemplateId,
    pub(crate) status: TemplateStatus,
    pub(crate) latest_version: u32,
    pub(crate) revision: u32,
}

impl From<&TemplateRow> for TemplateHead {
    fn from(row: &TemplateRow) -> Self {
        let &TemplateRow { id, public_id, status, latest_version, revision, .. } = row;
        Self { id, public_id, status, latest_version, revision }
    }
}

impl TemplateHead {
    fn digest(&self) -> String {
        let Self { id, public_id, status, latest_version, revision } = self;
        let status = status.as_str();
        digest(format!("template\n{id}\n{public_id}\n{status}\n{latest_version}\n{revision}").as_bytes())
    }

    /// Adds to the details of an act that the head becomes this one, and which row holds its latest version when the act
    /// stored it.
    pub(crate) fn record(&self, details: &mut Json, stored: Option<VersionId>) {
        if let Json::Object(details) = details {
            details.insert(DIGEST.to_owned(), self.digest().into());
            details.insert(REVISION.to_owned(), self.revision.into());
            if let Some(id) = stored {
                details.insert(VERSION.to_owned(), json!({ "id": id.to_string(), "number": self.latest_version }));
            }
        }
    }
}

/// Compares a template's head with the acts about it. Their order is that of their revisions: the times in their ids come
/// from the clocks of those who wrote them.
pub(crate) struct HeadCheck {
    head: TemplateHead,
    digest: String,
    is_recorded: bool,
    has_digested: bool,
    has_undigested: bool,
    fault: Option<&'static str>,
}

impl HeadCheck {
    pub(crate) fn new(head: TemplateHead) -> Self {
        let digest = head.digest();
        Self { head, digest, is_recorded: false, has_digested: false, has_undigested: false, fault: None }
    }

    /// Reads the authentic body of an act about the template.
    pub(crate) fn read(&mut self, body: &Json) {
        let digest = body.get(DIGEST).and_then(Json::as_str);
        let revision = body.get(REVISION).and_then(Json::as_u64);
        let (Some(digest), Some(revision)) = (digest, revision) else {
            self.has_undigested = true;
            return;
        };
        self.has_digested = true;
        match revision.cmp(&self.head.revision.into()) {
            Ordering::Less => {}
            Ordering::Equal if digest == self.digest => self.is_recorded = true,
            Ordering::Equal => self.fault = Some("it is not what the ledger records: it was changed"),
            Ordering::Greater => self.fault = Some("the ledger records a later change: it was rolled back"),
        }
    }

    /// Whether acts that are far older need not be read.
    pub(crate) fn is_decided(&self) -> bool {
        self.is_recorded || self.fault.is_some()
    }

    /// Whether an act was read from a version that recorded no digest.
    pub(crate) fn has_undigested(&self) -> bool {
        self.has_undigested
    }

    pub(crate) fn standing(&self) -> Standing {
        match (self.fault, self.is_recorded, self.has_digested, self.has_undigested) {
            (Some(reason), ..) => Standing::Forged(reason),
            (None, true, ..) => Standing::Recorded,
            (None, false, true, _) => Standing::Forged("the ledger does not record its latest change"),
            (None, false, false, true) => Standing::Undigested,
            (None, false, false, false) => Standing::Forged("the ledger does not record it"),
        }
    }
}

fn digest(bytes: &[u8]) -> String {
    Commitment::of(bytes).hash().to_string()
}

/// How an API key's row stands to its acts.
pub(crate) fn standing_of_api_key(
    keys: &WorkspaceKeyring,
    acts: &[AuditRow],
    digest: &str,
    is_revoked: bool,
) -> Standing {
    let was_revoked = acts.iter().any(|act| act.action == "api_key.revoke");
    if was_revoked != is_revoked {
        return Standing::Forged("the ledger and the row disagree whether it was revoked");
    }
    let created = acts.iter().find(|act| act.action == "api_key.create");
    let Some(body) = created.and_then(|act| body_of(keys, act)) else {
        return Standing::Forged("the ledger does not record it");
    };
    match body.get(DIGEST).and_then(Json::as_str) {
        None => Standing::Undigested,
        Some(recorded) if recorded == digest => Standing::Recorded,
        Some(_) => Standing::Forged("it is not what the ledger records: it was changed"),
    }
}

/// The body of an act, when it is authentic.
pub(crate) fn body_of(keys: &WorkspaceKeyring, act: &AuditRow) -> Option<Json> {
    open_audit_body(keys, act.id.uuid(), act.body_sealed.as_deref()?).ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn head(latest_version: u32, revision: u32) -> TemplateHead {
        let id = TemplateId::from_uuid(uuid::Uuid::from_u128(7));
        let public_id = "0123456789abcdef".parse().unwrap();
        TemplateHead { id, public_id, status: TemplateStatus::Active, latest_version, revision }
    }

    fn act(head: TemplateHead) -> Json {
        let mut details = json!({});
        head.record(&mut details, None);
        details
    }

    fn standing(row: TemplateHead, acts: &[Json]) -> Standing {
        let mut check = HeadCheck::new(row);
        acts.iter().for_each(|body| check.read(body));
        check.standing()
    }

    #[test]
    fn a_head_stands_as_its_latest_change_says_in_whatever_order_the_acts_are_read() {
        let (first, second, third) = (act(head(1, 1)), act(head(2, 2)), act(head(2, 3)));
        let mut acts = [first.clone(), second.clone(), third];
        for _ in 0..acts.len() {
            acts.rotate_left(1);
            assert_eq!(standing(head(2, 3), &acts), Standing::Recorded);
            for forged in [head(1, 1), head(2, 2), head(1, 3), head(3, 3), head(2, 4)] {
                assert!(matches!(standing(forged, &acts), Standing::Forged(_)), "{forged:?}");
            }
        }
        let undigested = json!({ "name": true });
        assert_eq!(standing(head(4, 1), &[undigested.clone()]), Standing::Undigested);
        assert!(matches!(standing(head(1, 1), &[undigested, second]), Standing::Forged(_)));
        assert!(matches!(standing(head(1, 1), &[]), Standing::Forged(_)));
    }
}
