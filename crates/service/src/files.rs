//! Stored files behind signed links: the object is opened segment by segment. Who may is decided at the door of `links`.

use std::ops::Range;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use chancery_store::{DocumentRow, ObjectName, StoreError};
use chancery_vault::object::{HEADER_BYTES, sealed_length_bytes};
use chancery_vault::{LinkTarget, ObjectPurpose, ObjectReader, VaultError, WorkspaceId, WorkspaceKeyring};
use futures::stream::{self, BoxStream, StreamExt, TryStreamExt};
use uuid::Uuid;

use crate::Shared;
use crate::classes::{self, Class};
use crate::documents::{Format, StoredName, file_name_cell};
use crate::error::ServiceError;
use crate::links::{Disposition, Kept, Pass, hexadecimal};
use crate::sealing;
use crate::security::{Incident, IncidentKind, Place, Security};

/// Segments (of 64 KiB) that are read and held at once: most files come in one read, large ones in pieces of a megabyte.
const SEGMENTS_AT_ONCE: u32 = 16;

/// Stored files.
pub struct Files<'a> {
    pub(crate) shared: &'a Arc<Shared>,
}

/// A file whose link was found good. Only [`Files::open`] makes one.
pub struct OpenFile {
    pub(crate) row: DocumentRow,
    pub(crate) keys: Arc<WorkspaceKeyring>,
    pub(crate) target: LinkTarget,
    pub(crate) kept: Option<Kept>,
    format: Format,
    name: StoredName,
}

impl OpenFile {
    pub(crate) fn new(
        row: DocumentRow,
        keys: Arc<WorkspaceKeyring>,
        target: LinkTarget,
        kept: Option<Kept>,
    ) -> Result<Self, ServiceError> {
        let format = Format::from_media_type(&row.mime)
            .ok_or_else(|| ServiceError::internal("opening a file", format!("unknown media type {}", row.mime)))?;
        let name = sealing::open_or_empty(&keys, file_name_cell(row.id), row.file_name_sealed.as_deref())?;
        Ok(Self { format, name: StoredName::from_text(&name), row, keys, target, kept })
    }

    /// Bytes of the file.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        self.row.size_bytes
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(&self) -> &'static str {
        self.format.media_type()
    }

    /// Its name for whoever downloads it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.file_name.as_str()
    }

    /// Whether a browser is to save it instead of showing it.
    #[must_use]
    pub fn is_download(&self) -> bool {
        match self.disposition() {
            Some(disposition) => disposition == Disposition::Attachment,
            None => self.name.download || !classes::handling(self.name.class).allows_inline,
        }
    }

    /// Its class.
    #[must_use]
    pub fn class(&self) -> Class {
        self.name.class
    }

    /// SHA-256 of its bytes in lower-case hexadecimal digits; nothing for one from before digests were kept.
    #[must_use]
    pub fn digest(&self) -> Option<String> {
        self.name.digest.as_ref().map(|digest| hexadecimal(digest))
    }

    /// Names its bytes, which never change: an entity tag without the quotes.
    #[must_use]
    pub fn tag(&self) -> String {
        self.row.id.uuid().simple().to_string()
    }
}

impl Files<'_> {
    /// Reads a range of a file: opened bytes in pieces of at most a megabyte. The first piece is read and found genuine
    /// before this returns, so that most damage is an answer and not a broken one. By then the retrieval is in the log.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] when the object is missing or damaged, [`ServiceError::Unavailable`]; items of the stream
    /// fail in the same ways, which ends it.
    pub async fn read(
        &self,
        file: OpenFile,
        range: Range<u64>,
        pass: Pass,
    ) -> Result<BoxStream<'static, Result<Bytes, ServiceError>>, ServiceError> {
        let recording = async {
            match pass.entry {
                Some(entry) => self.shared.entries.record(entry).await,
                None => Ok(()),
            }
        };
        // Both at once, so that the entry costs no time of its own; no byte leaves before it is committed.
        let (opened, recorded) = tokio::join!(self.begin(file, range), recording);
        recorded?;
        opened
    }

    async fn begin(
        &self,
        mut file: OpenFile,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, ServiceError>>, ServiceError> {
        let shared = Arc::clone(self.shared);
        let sealed_length = sealed_length_bytes(file.row.size_bytes);
        let id = file.row.id.uuid();
        let refused = Refused { workspace: file.keys.workspace(), document: id };
        let read = async |object: ObjectName| shared.objects.get_part(&object, 0..header_length(), sealed_length).await;
        let header = match read(file.row.object.clone()).await {
            // Encrypted anew since its row was read.
            Err(StoreError::ObjectMissing) => {
                let row = shared.store.workspace(file.keys.workspace()).document(file.row.id).await?;
                file.row = row.ok_or(ServiceError::LinkExpired)?;
                read(file.row.object.clone()).await
            }
            read => read,
        };
        let header = header.map_err(|error| refused.of_store(error))?;
        let reader =
            file.keys.object_reader(ObjectPurpose::Document, id, &file.row.key_wrapped, &header, sealed_length);
        let reader = reader.map_err(|error| refused.of_vault(error))?;
        let segments = reader.segments_holding(&range);
        let mut reading = Reading {
            shared,
            object: file.row.object,
            reader,
            range,
            next: segments.start,
            end: segments.end,
            sealed_length,
            refused,
        };
        let Some(first) = reading.next_pieces().await? else { return Ok(stream::empty().boxed()) };
        let rest = stream::try_unfold(reading, |mut reading| async move {
            let pieces = reading.next_pieces().await;
            // The answer is under way: nobody after this one sees the failure.
            if let Err(error) = &pieces {
                Security { shared: &reading.shared }.observe(error, None);
            }
            Ok(pieces?.map(|pieces| (pieces, reading)))
        });
        let pieces = stream::once(async { Ok::<_, ServiceError>(first) }).chain(rest);
        Ok(pieces.map_ok(|pieces| stream::iter(pieces).map(Ok)).try_flatten().boxed())
    }
}

fn header_length() -> u64 {
    u64::try_from(HEADER_BYTES).unwrap_or(u64::MAX)
}

/// A file being read.
struct Reading {
    shared: Arc<Shared>,
    object: ObjectName,
    reader: ObjectReader,
    range: Range<u64>,
    next: u32,
    end: u32,
    sealed_length: u64,
    refused: Refused,
}

/// Whose object it is, when it is refused.
#[derive(Clone, Copy)]
struct Refused {
    workspace: WorkspaceId,
    document: Uuid,
}

impl Refused {
    fn incident(self, reason: &'static str) -> Incident {
        let place = Place::row("documents", self.document);
        Incident::new(IncidentKind::ObjectRefused, Some(self.workspace), place, reason)
    }

    fn of_store(self, error: StoreError) -> ServiceError {
        let reason = match &error {
            StoreError::ObjectMissing => "its object is missing",
            StoreError::ObjectCut => "its object has not the length that it was written with",
            _ => return error.into(),
        };
        ServiceError::refused(Some(self.incident(reason)), error)
    }

    fn of_vault(self, error: VaultError) -> ServiceError {
        let place = Place::row("documents", self.document);
        let of_key = Incident::of_stored(&error, Some(self.workspace), place);
        let incident = match &error {
            VaultError::OtherKey { .. } => of_key,
            _ => of_key.map(|incident| self.incident(incident.reason)),
        };
        ServiceError::refused(incident, error)
    }
}

impl Reading {
    /// Reads the next segments, opens each where it lies, and cuts them to the range; nothing at the end.
    async fn next_pieces(&mut self) -> Result<Option<Vec<Bytes>>, ServiceError> {
        let stop = self.end.min(self.next.saturating_add(SEGMENTS_AT_ONCE));
        let ranges: Vec<Range<u64>> = (self.next..stop).filter_map(|index| self.reader.sealed_range(index)).collect();
        let (Some(first), Some(last)) = (ranges.first(), ranges.last()) else { return Ok(None) };
        let sealed = self.shared.objects.get_part(&self.object, first.start..last.end, self.sealed_length).await;
        let sealed = sealed.map_err(|error| self.refused.of_store(error))?;
        // No copy, unless it lies in a buffer of the connection that it came through.
        let mut rest = BytesMut::from(sealed);
        let mut pieces = Vec::with_capacity(ranges.len());
        for (index, range) in (self.next..stop).zip(&ranges) {
            let length = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
            let mut segment = rest.split_to(length.min(rest.len()));
            let opened = self.reader.open_segment(index, &mut segment);
            segment.truncate(opened.map_err(|error| self.refused.of_vault(error))?);
            pieces.push(cut(segment.freeze(), u64::from(index) * SEGMENT_BYTES_U64, &self.range));
        }
        self.next = stop;
        Ok(Some(pieces))
    }
}

const SEGMENT_BYTES_U64: u64 = chancery_vault::object::SEGMENT_BYTES as u64;

/// The part of a piece that starts at `start` that lies in the range.
fn cut(piece: Bytes, start: u64, range: &Range<u64>) -> Bytes {
    let position = |offset: u64| usize::try_from(offset.saturating_sub(start)).unwrap_or(usize::MAX).min(piece.len());
    let (from, to) = (position(range.start), position(range.end));
    piece.slice(from..to.max(from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_cut_to_the_range_at_both_ends() {
        let piece = || Bytes::from_static(b"abcdef");
        assert_eq!(cut(piece(), 10, &(0..100)), "abcdef");
        assert_eq!(cut(piece(), 10, &(12..100)), "cdef");
        assert_eq!(cut(piece(), 10, &(12..14)), "cd");
        assert_eq!(cut(piece(), 10, &(0..5)), "");
        assert_eq!(cut(piece(), 10, &(50..60)), "");
    }
}
