//! Objects against documents: what no row names, and uploads that never ended.

use chancery_store::{Actor, AuditEntry, AuditId, ListedObject, OpenUpload, Target};
use chancery_vault::LEDGER;
use futures::StreamExt as _;
use serde_json::json;

use super::{Fault, Finding, Repair, Run};
use crate::error::ServiceError;
use crate::purge::ORPHAN_GRACE_MS;
use crate::security::clear_body;

/// Names asked about in one question.
const BATCH_NAMES: usize = 500;

impl Run<'_> {
    /// Looks at every object. A younger one than any request takes may still get its row, and is left alone.
    pub(super) async fn objects(&mut self) -> Result<(), ServiceError> {
        let before = self.shared.clock.now().minus_millis(ORPHAN_GRACE_MS);
        let mut batches = self.shared.objects.list().chunks(BATCH_NAMES);
        let mut deleted = 0;
        while let Some(batch) = batches.next().await {
            let batch = batch.into_iter().collect::<Result<Vec<ListedObject>, _>>()?;
            self.checked.objects += u64::try_from(batch.len()).unwrap_or(u64::MAX);
            let old: Vec<ListedObject> = batch.into_iter().filter(|object| object.modified_at < before).collect();
            let names: Vec<String> = old.iter().map(|object| object.name.to_string()).collect();
            let known = self.shared.store.known_objects(&names).await?;
            for object in old.iter().filter(|object| !known.contains(object.name.as_str())) {
                let mut repair = Repair::None;
                if self.options.repairs {
                    // Its data key exists nowhere: nobody could ever open it.
                    self.shared.objects.delete(&object.name).await?;
                    (repair, deleted) = (Repair::Deleted, deleted + 1);
                }
                let detail = format!("no row names it; {} bytes", object.size_bytes);
                self.object(Fault::Orphan, object.name.to_string(), detail, repair);
            }
        }
        let mut aborted = 0;
        for upload in self.shared.objects.open_uploads(before).await? {
            let mut repair = Repair::None;
            if self.options.repairs {
                self.shared.objects.abort_upload(&upload).await?;
                (repair, aborted) = (Repair::Aborted, aborted + 1);
            }
            let OpenUpload { key, .. } = upload;
            self.object(Fault::UploadOpen, key, "an upload was begun and never ended".to_owned(), repair);
        }
        self.record(deleted, aborted).await
    }

    /// Records what was mended; it belongs to no workspace.
    async fn record(&self, deleted: u64, aborted: u64) -> Result<(), ServiceError> {
        if deleted + aborted == 0 {
            return Ok(());
        }
        let now = self.shared.clock.now();
        let entry = AuditEntry {
            id: AuditId::generate(now, &*self.shared.random)?,
            at: now,
            actor: Actor::Operator,
            action: "store.repair",
            target: Target { kind: "object_store", id: None },
            body_sealed: Some(clear_body(&json!({ "orphans": deleted, "uploads": aborted }))),
        };
        Ok(self.shared.store.workspace(LEDGER).record_event(&entry).await?)
    }

    fn object(&mut self, fault: Fault, which: String, detail: String, repair: Repair) {
        self.found(Finding { fault, workspace: None, place: "objects", which, detail, repair }, None);
    }
}
