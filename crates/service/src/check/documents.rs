//! Documents against objects: each object is there, has its length, and opens.

use bytes::BytesMut;
use chancery_store::{Actor, CheckedDocument, DocumentRow, StoreError};
use chancery_vault::object::{HEADER_BYTES, sealed_length_bytes};
use chancery_vault::{ObjectPurpose, WorkspaceId, WorkspaceKeyring};
use futures::{StreamExt as _, stream};
use serde_json::json;
use uuid::Uuid;

use super::{Fault, Finding, Repair, Run};
use crate::Shared;
use crate::error::ServiceError;
use crate::sealing::{Event, audit_entry};
use crate::security::{Incident, IncidentKind, Place};

/// Objects that are looked at at once: each waits for the store most of the time.
const OBJECTS_AT_ONCE: usize = 8;

/// What was seen of one document.
struct Seen {
    document: CheckedDocument,
    fault: Option<(Fault, String)>,
    segments: u64,
}

impl Run<'_> {
    pub(super) async fn documents(&mut self, workspace: WorkspaceId, after: Uuid) -> Result<(), ServiceError> {
        let store = self.shared.store.workspace(workspace);
        let Some(keys) = self.ring(workspace).await else { return Ok(()) };
        let (shared, is_deep, mut after) = (self.shared, self.options.is_deep, after);
        loop {
            let page = store.documents_after(after).await?;
            let Some(last) = page.last() else { break };
            after = last.id.uuid();
            let seen: Vec<Result<Seen, ServiceError>> = stream::iter(page)
                .map(|document| look(shared, &keys, document, is_deep))
                .buffered(OBJECTS_AT_ONCE)
                .collect()
                .await;
            for seen in seen {
                let Seen { document, fault, segments } = seen?;
                self.checked.documents += 1;
                self.checked.segments += segments;
                self.judge(&keys, &document, fault).await?;
            }
            self.at(super::Stage::Documents, workspace, after);
        }
        Ok(())
    }

    async fn judge(
        &mut self,
        keys: &WorkspaceKeyring,
        document: &CheckedDocument,
        fault: Option<(Fault, String)>,
    ) -> Result<(), ServiceError> {
        let workspace = keys.workspace();
        let (fault, detail) = match fault {
            None if document.is_lost => (Fault::ObjectFound, "its object is back".to_owned()),
            None => return Ok(()),
            // Told before, and marked.
            Some((Fault::ObjectMissing, _)) if document.is_lost => return Ok(()),
            Some(fault) => fault,
        };
        // It may have been purged, wrapped again or encrypted anew since it was read; then another look is for the next
        // check.
        if !document.is_lost {
            let row = self.shared.store.workspace(workspace).document(document.id).await?;
            let is_same = |row: DocumentRow| row.object == document.object && row.key_wrapped == document.key_wrapped;
            if !row.is_some_and(is_same) {
                return Ok(());
            }
        }
        let repair = match fault {
            Fault::ObjectMissing if self.options.repairs => self.mark(keys, document, true).await?,
            Fault::ObjectFound if self.options.repairs => self.mark(keys, document, false).await?,
            // What does not open now may open when the object is put back: it stays as it is.
            _ => Repair::None,
        };
        let id = document.id.uuid();
        let finding = Finding {
            fault,
            workspace: Some(workspace),
            place: "documents",
            which: format!("{id} {}", document.object),
            detail,
            repair,
        };
        self.found(finding, Some(id));
        Ok(())
    }

    async fn mark(
        &self,
        keys: &WorkspaceKeyring,
        document: &CheckedDocument,
        is_lost: bool,
    ) -> Result<Repair, ServiceError> {
        let shared = self.shared;
        let (action, repair) =
            if is_lost { ("document.lost", Repair::MarkedLost) } else { ("document.found", Repair::MarkedFound) };
        let details = json!({ "object": document.object.as_str(), "size_bytes": document.size_bytes });
        let target_id = document.id.uuid();
        let event = Event { actor: Actor::Operator, action, target_kind: "document", target_id, details: &details };
        let entry = audit_entry(keys, &*shared.random, shared.clock.now(), &event)?;
        let marked = shared.store.workspace(keys.workspace()).mark_document(document.id, is_lost, &entry).await?;
        Ok(if marked { repair } else { Repair::None })
    }
}

async fn look(
    shared: &Shared,
    keys: &WorkspaceKeyring,
    document: CheckedDocument,
    is_deep: bool,
) -> Result<Seen, ServiceError> {
    let expected = sealed_length_bytes(document.size_bytes);
    // The last byte of an id is random: always the same one in sixteen.
    let is_opened = is_deep || document.id.uuid().as_bytes().last().is_some_and(|byte| byte % 16 == 0);
    let mut segments = 0;
    let fault = match shared.objects.length_bytes(&document.object).await {
        Err(StoreError::ObjectMissing) => Some((Fault::ObjectMissing, "its object is not there".to_owned())),
        Err(error) => return Err(error.into()),
        Ok(length) if length != expected => {
            Some((Fault::ObjectLength, format!("its object has {length} bytes instead of {expected}")))
        }
        Ok(_) if is_opened => match open(shared, keys, &document, is_deep).await {
            Ok(opened) => {
                segments = opened;
                None
            }
            Err(ServiceError::Refused { source, .. }) => Some((Fault::ObjectRefused, source.to_string())),
            Err(error) => return Err(error),
        },
        Ok(_) => None,
    };
    Ok(Seen { document, fault, segments })
}

/// Opens the first and the last segment, or with `is_deep` all, one at a time; gives how many.
async fn open(
    shared: &Shared,
    keys: &WorkspaceKeyring,
    document: &CheckedDocument,
    is_deep: bool,
) -> Result<u64, ServiceError> {
    let length = sealed_length_bytes(document.size_bytes);
    let header_length = u64::try_from(HEADER_BYTES).unwrap_or(u64::MAX);
    let read = async |range| {
        shared.objects.get_part(&document.object, range, length).await.map_err(|error| match error {
            // It was there a moment ago.
            StoreError::ObjectMissing | StoreError::ObjectCut => {
                let place = Place::row("documents", document.id.uuid());
                let (kind, reason) = (IncidentKind::ObjectRefused, "its object changed while it was read");
                ServiceError::refused(Some(Incident::new(kind, Some(keys.workspace()), place, reason)), error)
            }
            other => other.into(),
        })
    };
    let header = read(0..header_length).await?;
    let (id, key) = (document.id.uuid(), &document.key_wrapped);
    let reader = keys.object_reader(ObjectPurpose::Document, id, key, &header, length)?;
    let last = reader.segment_count().saturating_sub(1);
    let mut segments = 0;
    for index in 0..=last {
        if !is_deep && index != 0 && index != last {
            continue;
        }
        let Some(range) = reader.sealed_range(index) else { break };
        reader.open_segment(index, &mut BytesMut::from(read(range).await?))?;
        segments += 1;
    }
    Ok(segments)
}
