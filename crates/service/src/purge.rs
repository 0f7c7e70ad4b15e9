//! Deletes what has expired: keys, objects, rows; and objects that no row names.

use crate::Shared;
use crate::access::Operator;
use crate::error::ServiceError;

/// Age below which an object without a row is left alone, in milliseconds: its row may be on its way. No request takes an
/// hour.
pub(crate) const ORPHAN_GRACE_MS: u64 = 60 * 60 * 1000;

/// Deletion of what has expired.
pub struct Purge<'a> {
    pub(crate) shared: &'a Shared,
}

/// What was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purged {
    /// Documents.
    pub document_count: u64,
    /// Their bytes.
    pub size_bytes: u64,
    /// Documents whose object could not be deleted: their keys are destroyed, and the next run tries again.
    pub failed_count: u64,
}

impl Purge<'_> {
    /// Purges all documents that have expired, in all workspaces.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`]; what was done stays done, and the next run goes on.
    pub async fn run(&self, _operator: &Operator) -> Result<Purged, ServiceError> {
        let clock = || self.shared.clock.now();
        let report = self.shared.store.purge(&self.shared.objects, &clock, &*self.shared.random).await?;
        Ok(Purged { document_count: report.documents, size_bytes: report.bytes, failed_count: report.failed })
    }

    /// Deletes objects older than an hour that no row names; returns how many. Looks at every object there is.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn sweep(&self, _operator: &Operator) -> Result<u64, ServiceError> {
        let report =
            self.shared.store.sweep_orphans(&self.shared.objects, self.shared.clock.now(), ORPHAN_GRACE_MS).await?;
        Ok(report.orphans + report.unfinished)
    }
}
