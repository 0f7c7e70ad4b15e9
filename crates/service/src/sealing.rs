//! Seals and opens the columns of a workspace: texts and audit bodies.

use chancery_store::{Actor, AuditEntry, AuditId, Target};
use chancery_vault::{ColumnContext, Random, Timestamp, VaultError, WorkspaceKeyring};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::error::ServiceError;
use crate::program;
use crate::security::{Incident, Place};

/// Bytes of the digest of a changed value: enough to tell values apart, and to prove nothing else.
const DIGEST_BYTES: usize = 16;
/// Characters of a reason: a word at least, and a paragraph at most.
const REASON_LENGTH_MIN: usize = 3;
const REASON_LENGTH_MAX: usize = 500;

/// A cell: table, column, row.
#[derive(Clone, Copy)]
pub(crate) struct Cell {
    pub(crate) table: &'static str,
    pub(crate) column: &'static str,
    pub(crate) row: Uuid,
}

impl Cell {
    pub(crate) fn context(self) -> ColumnContext {
        ColumnContext { table: self.table, column: self.column, row: self.row }
    }

    /// A failure to open it: with its place, when it is a refusal.
    pub(crate) fn refused(self, keys: &WorkspaceKeyring, error: VaultError) -> ServiceError {
        let place = Place { kind: self.table, column: Some(self.column), id: Some(self.row) };
        ServiceError::refused(Incident::of_stored(&error, Some(keys.workspace()), place), error)
    }
}

/// Seals a text for its cell.
pub(crate) fn seal(
    keys: &WorkspaceKeyring,
    random: &dyn Random,
    cell: Cell,
    text: &str,
) -> Result<Vec<u8>, ServiceError> {
    Ok(keys.seal_column(random, &cell.context(), text.as_bytes())?)
}

/// Opens a text from its cell.
pub(crate) fn open(keys: &WorkspaceKeyring, cell: Cell, sealed: &[u8]) -> Result<String, ServiceError> {
    let bytes = keys.open_column(&cell.context(), sealed).map_err(|error| cell.refused(keys, error))?;
    String::from_utf8(bytes).map_err(|error| ServiceError::internal("reading a sealed text", error))
}

/// Opens a text that may be missing.
pub(crate) fn open_or_empty(
    keys: &WorkspaceKeyring,
    cell: Cell,
    sealed: Option<&[u8]>,
) -> Result<String, ServiceError> {
    sealed.map_or(Ok(String::new()), |sealed| open(keys, cell, sealed))
}

/// What is written into the audit log, before it is sealed.
pub(crate) struct Event<'a> {
    pub(crate) actor: Actor,
    /// `subject.verb`.
    pub(crate) action: &'static str,
    pub(crate) target_kind: &'static str,
    pub(crate) target_id: Uuid,
    /// Details; never the content of a document or a template.
    pub(crate) details: &'a Json,
}

/// Makes an audit entry with a sealed body.
pub(crate) fn audit_entry(
    keys: &WorkspaceKeyring,
    random: &dyn Random,
    now: Timestamp,
    event: &Event<'_>,
) -> Result<AuditEntry, ServiceError> {
    let id = AuditId::generate(now, random)?;
    let body_sealed = match with_program(event.details) {
        Json::Null => None,
        details => Some(audit_body(keys, random, id, &details)?),
    };
    Ok(AuditEntry {
        id,
        at: now,
        actor: event.actor,
        action: event.action,
        target: Target { kind: event.target_kind, id: Some(event.target_id) },
        body_sealed,
    })
}

/// Seals the body of an audit entry.
pub(crate) fn audit_body(
    keys: &WorkspaceKeyring,
    random: &dyn Random,
    id: AuditId,
    details: &Json,
) -> Result<Vec<u8>, VaultError> {
    keys.active().audit().seal(random, &audit_cell(id.uuid()).context(), details.to_string().as_bytes())
}

/// Details with the name of the program behind the act, when it is known.
fn with_program(details: &Json) -> Json {
    let mut details = details.clone();
    if let Some(program) = program::current() {
        if details.is_null() {
            details = json!({});
        }
        if let Some(fields) = details.as_object_mut() {
            fields.insert("program".to_owned(), program.as_str().into());
        }
    }
    details
}

/// Opens the body of an audit entry.
pub(crate) fn open_audit_body(keys: &WorkspaceKeyring, id: Uuid, body: &[u8]) -> Result<Json, ServiceError> {
    let cell = audit_cell(id);
    let opened = keys.open_audit(&cell.context(), body).map_err(|error| cell.refused(keys, error))?;
    serde_json::from_slice(&opened).map_err(|error| ServiceError::internal("reading the body of an audit entry", error))
}

fn audit_cell(id: Uuid) -> Cell {
    Cell { table: "audit_events", column: "body_sealed", row: id }
}

/// What changed of a value that must not be read in a log: digests under a key of the workspace, equal for equal values,
/// so that two changes can be compared and no value can be guessed. Nothing stands for a value that is not there.
pub(crate) fn change(keys: &WorkspaceKeyring, field: &'static str, before: Option<&str>, after: Option<&str>) -> Json {
    let digest = |value: &str| {
        let index = keys.active().blind_indexes().index("audit.change", format!("{field}\n{value}").as_bytes());
        index.as_bytes().iter().take(DIGEST_BYTES).map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    json!({ "before": before.map(digest), "after": after.map(digest) })
}

/// Reads a reason that somebody gives for what they do.
pub(crate) fn check_reason(reason: &str) -> Result<(), ServiceError> {
    let length = reason.trim().chars().count();
    if (REASON_LENGTH_MIN..=REASON_LENGTH_MAX).contains(&length) && !reason.chars().any(char::is_control) {
        return Ok(());
    }
    Err(ServiceError::invalid("reason", "must have 3 to 500 characters, none of them a control character"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use chancery_vault::{SystemRandom, WorkspaceId, WorkspaceKey, WorkspaceKeys};

    use super::*;

    fn keys() -> WorkspaceKeyring {
        let key = WorkspaceKey::generate(&SystemRandom).unwrap();
        WorkspaceKeyring::new(WorkspaceKeys::new(&key, WorkspaceId::from_uuid(Uuid::nil())).unwrap(), Vec::new(), &[])
            .unwrap()
    }

    #[test]
    fn equal_values_have_equal_digests_under_one_key_and_field_only() {
        let (ours, theirs) = (keys(), keys());
        let changed = change(&ours, "name", Some("a"), Some("b"));
        assert_ne!(changed["before"], changed["after"]);
        assert_eq!(changed["before"].as_str().unwrap().len(), 32);
        assert_eq!(change(&ours, "name", None, Some("a")), json!({ "before": null, "after": changed["before"] }));
        assert_ne!(change(&ours, "body", Some("a"), None)["before"], changed["before"]);
        assert_ne!(change(&theirs, "name", Some("a"), None)["before"], changed["before"]);
    }

    #[test]
    fn a_reason_is_neither_empty_nor_endless_nor_more_than_a_line() {
        for reason in ["", "  a ", "a\nbcd", &"a".repeat(501)] {
            assert_eq!(check_reason(reason).unwrap_err().code(), "invalid-field", "{reason}");
        }
        assert!(check_reason("litigation 12/2026").is_ok());
    }
}
