//! Seals and opens the columns of a workspace: texts and audit bodies.

use chancery_store::{Actor, AuditEntry, AuditId, Target};
use chancery_vault::{ColumnContext, Random, Timestamp, VaultError, WorkspaceKeyring};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::error::ServiceError;
use crate::security::{Incident, Place};

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
    let body_sealed = match event.details {
        Json::Null => None,
        details => Some(audit_body(keys, random, id, details)?),
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

/// Opens the body of an audit entry.
pub(crate) fn open_audit_body(keys: &WorkspaceKeyring, id: Uuid, body: &[u8]) -> Result<Json, ServiceError> {
    let cell = audit_cell(id);
    let opened = keys.open_audit(&cell.context(), body).map_err(|error| cell.refused(keys, error))?;
    serde_json::from_slice(&opened).map_err(|error| ServiceError::internal("reading the body of an audit entry", error))
}

fn audit_cell(id: Uuid) -> Cell {
    Cell { table: "audit_events", column: "body_sealed", row: id }
}
