//! What the ledger records of rows that decide something, so that a row that was forged or rolled back shows.
//!
//! The sealed body of the act that made a row holds a digest of it. Nobody without the workspace's keys can seal another
//! such body, and nobody can take an act out of the ledger unseen: the last act about a row says what the row must be.

use chancery_ledger::Commitment;
use chancery_store::{ApiKeyId, AuditRow, PublicTemplateId, TemplateId, TemplateStatus, VersionId};
use chancery_vault::{Timestamp, WorkspaceKeyring};
use serde_json::{Value as Json, json};

use crate::sealing::open_audit_body;

/// The acts that say what an API key is.
pub(crate) const API_KEY_ACTS: &[&str] = &["api_key.create", "api_key.revoke"];
/// The acts that say what a template is.
pub(crate) const TEMPLATE_ACTS: &[&str] = &["template.create", "template.copy", "template.update"];

/// Name of the digest in the body of an act.
pub(crate) const DIGEST: &str = "row";
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

/// The digest of a template's head: by which name it is found, and which version is its latest.
pub(crate) fn of_template(
    id: TemplateId,
    public_id: PublicTemplateId,
    status: TemplateStatus,
    latest_version: u32,
) -> String {
    digest(format!("template\n{id}\n{public_id}\n{}\n{latest_version}", status.as_str()).as_bytes())
}

/// Adds to the details of an act what the row becomes, and which version it stored: its row and its number.
pub(crate) fn add(details: &mut Json, digest: &str, version: Option<(VersionId, u32)>) {
    if let Json::Object(details) = details {
        details.insert(DIGEST.to_owned(), digest.into());
        if let Some((id, number)) = version {
            details.insert(VERSION.to_owned(), json!({ "id": id.to_string(), "number": number }));
        }
    }
}

fn digest(bytes: &[u8]) -> String {
    Commitment::of(bytes).hash().to_string()
}

/// How an API key's row stands to its acts, the latest first.
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
    let created = acts.iter().filter(|act| act.action == "api_key.create");
    standing(keys, created, digest)
}

/// How a row stands to the latest of its acts whose body opens; what does not open was not written by us.
pub(crate) fn standing<'a>(
    keys: &WorkspaceKeyring,
    acts: impl Iterator<Item = &'a AuditRow>,
    digest: &str,
) -> Standing {
    let mut authentic = acts.filter_map(|act| body_of(keys, act));
    match authentic.next() {
        None => Standing::Forged("the ledger does not record it"),
        Some(body) => match body.get(DIGEST).and_then(Json::as_str) {
            None => Standing::Undigested,
            Some(recorded) if recorded == digest => Standing::Recorded,
            Some(_) => Standing::Forged("it is not what the ledger records last: it was changed, or rolled back"),
        },
    }
}

/// The body of an act, when it is authentic.
pub(crate) fn body_of(keys: &WorkspaceKeyring, act: &AuditRow) -> Option<Json> {
    open_audit_body(keys, act.id.uuid(), act.body_sealed.as_deref()?).ok()
}
