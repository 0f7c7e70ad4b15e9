//! Checks that database, object store and ledger fit together, both ways; and mends what can be mended.
//!
//! Everything is read in pages, findings are handed out as they come: memory does not grow with the store. A check that
//! ends early goes on from the last place that it told.

mod documents;
mod finding;
mod objects;
mod rows;

use chancery_vault::WorkspaceId;
use uuid::Uuid;

pub use finding::{Cursor, Fault, Finding, Repair, Stage};

use crate::Shared;
use crate::access::Operator;
use crate::error::ServiceError;
use crate::security::{Incident, Place};

/// Checks of the whole store.
pub struct Check<'a> {
    pub(crate) shared: &'a Shared,
}

/// What to check, and whether to mend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckOptions {
    /// Opens every sealed value and every segment of every object, instead of a sample of one in sixteen.
    pub is_deep: bool,
    /// Mends what can be mended.
    pub repairs: bool,
    /// Where to go on.
    pub from: Option<Cursor>,
}

/// What was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Workspaces.
    pub workspaces: u64,
    /// Keys of workspaces.
    pub keys: u64,
    /// Sealed values that were opened.
    pub values: u64,
    /// Rows that were compared with the ledger.
    pub records: u64,
    /// Rows whose acts are from a version that recorded no digest.
    pub undigested: u64,
    /// Documents.
    pub documents: u64,
    /// Segments of objects that were opened.
    pub segments: u64,
    /// Objects in the store.
    pub objects: u64,
    /// Entries of the ledger.
    pub entries: u64,
    /// Findings.
    pub findings: u64,
    /// Findings that were mended.
    pub repaired: u64,
}

/// What a check tells while it runs.
#[derive(Clone, Debug)]
pub enum Told {
    /// Something is wrong.
    Found(Finding),
    /// So far everything was looked at, up to here.
    At(Cursor),
}

/// A check under way.
struct Run<'a> {
    shared: &'a Shared,
    options: CheckOptions,
    checked: Checked,
    tell: &'a mut (dyn FnMut(Told) + Send),
}

impl Check<'_> {
    /// Checks everything, or what is behind `options.from`.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`]; the last told place is where to go on.
    pub async fn run(
        &self,
        operator: &Operator,
        options: CheckOptions,
        tell: &mut (dyn FnMut(Told) + Send),
    ) -> Result<Checked, ServiceError> {
        let mut run = Run { shared: self.shared, options, checked: Checked::default(), tell };
        let mut workspaces: Vec<WorkspaceId> =
            self.shared.store.list_workspaces().await?.into_iter().map(|row| row.id).collect();
        workspaces.sort_unstable();
        run.checked.workspaces = u64::try_from(workspaces.len()).unwrap_or(u64::MAX);
        for stage in Stage::ALL {
            if options.from.is_some_and(|from| stage < from.stage) {
                continue;
            }
            match stage {
                Stage::Borders => run.borders().await?,
                Stage::Objects => run.objects().await?,
                Stage::Ledger => run.ledger(operator).await?,
                Stage::Keys | Stage::Values | Stage::Records | Stage::Documents => {
                    for workspace in &workspaces {
                        let Some(after) = run.start_of(stage, *workspace) else { continue };
                        match stage {
                            Stage::Keys => run.keys(*workspace).await?,
                            Stage::Values => run.values(*workspace).await?,
                            Stage::Records => run.records(*workspace).await?,
                            _ => run.documents(*workspace, after).await?,
                        }
                        run.at(stage, *workspace, Uuid::max());
                    }
                }
            }
        }
        Ok(run.checked)
    }
}

impl Run<'_> {
    /// The row behind which to begin in a workspace; nothing when all of it was done before.
    fn start_of(&self, stage: Stage, workspace: WorkspaceId) -> Option<Uuid> {
        match self.options.from {
            Some(from) if from.stage == stage && workspace < from.workspace => None,
            Some(from) if from.stage == stage && workspace == from.workspace => {
                (from.row != Uuid::max()).then_some(from.row)
            }
            _ => Some(Uuid::nil()),
        }
    }

    fn at(&mut self, stage: Stage, workspace: WorkspaceId, row: Uuid) {
        (self.tell)(Told::At(Cursor { stage, workspace, row }));
    }

    /// Tells a finding, and notes it as the security event that it is.
    fn found(&mut self, finding: Finding, id: Option<Uuid>) {
        self.checked.findings += 1;
        if finding.repair != Repair::None {
            self.checked.repaired += 1;
        }
        if let Some(kind) = finding.fault.incident() {
            let place = Place { kind: finding.place, column: None, id };
            let incident = Incident::new(kind, finding.workspace, place, "a check of the store found it");
            self.shared.security.note(incident, self.shared.clock.now());
        }
        (self.tell)(Told::Found(finding));
    }
}
