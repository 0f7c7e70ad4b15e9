//! What a check finds, and where it can go on.

use std::fmt;
use std::str::FromStr;

use chancery_vault::WorkspaceId;
use uuid::Uuid;

use crate::security::IncidentKind;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// A border between workspaces was taken down.
    BorderOpen,
    /// A key of a workspace does not open.
    KeyRefused,
    /// A row names a key that is not there.
    KeyUnknown,
    /// A sealed value does not open.
    ValueRefused,
    /// A row is not as the ledger records it.
    RowForged,
    /// A document is back that was purged or deleted.
    DocumentRevived,
    /// A document's object is not there.
    ObjectMissing,
    /// A document's object has another length than it was written with.
    ObjectLength,
    /// A document's object does not open.
    ObjectRefused,
    /// The object of a lost document is back.
    ObjectFound,
    /// An object that no row names, older than any request.
    Orphan,
    /// An upload that was begun and never ended, older than any request.
    UploadOpen,
    /// The ledger is not right.
    LedgerWrong,
}

/// What was done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Nothing was asked for, or nothing can be done without losing what could still be read.
    None,
    /// It was deleted: nothing could ever have opened it.
    Deleted,
    /// The document is marked as lost; its key stays, in case its object comes back.
    MarkedLost,
    /// The document is in use again.
    MarkedFound,
    /// The upload was ended.
    Aborted,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub fault: Fault,
    /// In which workspace.
    pub workspace: Option<WorkspaceId>,
    /// Table or kind of thing.
    pub place: &'static str,
    /// Column, row id or object name: what of it there is, separated by spaces.
    pub which: String,
    /// More about it.
    pub detail: String,
    /// What was done.
    pub repair: Repair,
}

/// The parts of a check, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Row-level security, triggers, roles.
    Borders,
    /// Keys, and rows that name unknown ones.
    Keys,
    /// Sealed values.
    Values,
    /// API keys and templates against the ledger.
    Records,
    /// Documents against objects.
    Documents,
    /// Objects against documents.
    Objects,
    /// The ledger.
    Ledger,
}

/// A place from which a check can go on: the stage, and within it the last workspace and row that were done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The stage.
    pub stage: Stage,
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The last row that was done.
    pub row: Uuid,
}

impl Fault {
    /// The stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::BorderOpen => "border-open",
            Self::KeyRefused => "key-refused",
            Self::KeyUnknown => "key-unknown",
            Self::ValueRefused => "value-refused",
            Self::RowForged => "row-forged",
            Self::DocumentRevived => "document-revived",
            Self::ObjectMissing => "object-missing",
            Self::ObjectLength => "object-length",
            Self::ObjectRefused => "object-refused",
            Self::ObjectFound => "object-found",
            Self::Orphan => "orphan",
            Self::UploadOpen => "upload-open",
            Self::LedgerWrong => "ledger-wrong",
        }
    }

    /// The security event that it is; leftovers of crashes are none.
    pub(super) const fn incident(self) -> Option<IncidentKind> {
        match self {
            Self::BorderOpen => Some(IncidentKind::IsolationViolated),
            Self::KeyRefused | Self::ValueRefused => Some(IncidentKind::DataRefused),
            Self::KeyUnknown => Some(IncidentKind::KeyUnknown),
            Self::RowForged | Self::DocumentRevived | Self::LedgerWrong => Some(IncidentKind::RowForged),
            Self::ObjectMissing | Self::ObjectLength | Self::ObjectRefused => Some(IncidentKind::ObjectRefused),
            Self::ObjectFound | Self::Orphan | Self::UploadOpen => None,
        }
    }
}

impl Repair {
    /// The stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "-",
            Self::Deleted => "deleted",
            Self::MarkedLost => "marked-lost",
            Self::MarkedFound => "marked-found",
            Self::Aborted => "aborted",
        }
    }
}

impl Stage {
    /// All stages, in their order.
    pub const ALL: [Self; 7] =
        [Self::Borders, Self::Keys, Self::Values, Self::Records, Self::Documents, Self::Objects, Self::Ledger];

    /// The stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Borders => "borders",
            Self::Keys => "keys",
            Self::Values => "values",
            Self::Records => "records",
            Self::Documents => "documents",
            Self::Objects => "objects",
            Self::Ledger => "ledger",
        }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}", self.stage.word(), self.workspace, self.row)
    }
}

impl FromStr for Cursor {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const NONE: &str = "it is not a place such as a check tells: stage:workspace:row";
        let mut parts = text.split(':');
        let (Some(stage), Some(workspace), Some(row), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NONE);
        };
        let stage = Stage::ALL.into_iter().find(|known| known.word() == stage).ok_or(NONE)?;
        Ok(Self { stage, workspace: workspace.parse().map_err(|_| NONE)?, row: row.parse().map_err(|_| NONE)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_text_and_nothing_else_is_read() {
        let cursor = Cursor {
            stage: Stage::Documents,
            workspace: WorkspaceId::from_uuid(Uuid::from_u128(7)),
            row: Uuid::from_u128(9),
        };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for text in ["", "documents", "documents:7:9", "nothing:x:y", &format!("{cursor}:x"), "::"] {
            assert!(text.parse::<Cursor>().is_err(), "{text}");
        }
    }
}
