//! Seals and opens the columns of a workspace: texts and audit bodies.

use chancery_store::{Actor, AuditEntry, AuditId, Target};
use chancery_vault::{ColumnContext, Random, Timestamp, WorkspaceKeyring};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::error::ServiceError;

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
    let bytes = keys.open_column(&cell.context(), sealed)?;
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
    let cell = Cell { table: "audit_events", column: "body_sealed", row: id.uuid() };
    let body_sealed = match event.details {
        Json::Null => None,
        details => Some(keys.active().audit().seal(random, &cell.context(), details.to_string().as_bytes())?),
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
