//! What one thread keeps between documents: buffers, the deflate state, font subsets. It saves time and never
//! changes a byte.

use super::deflate::Deflater;
use super::drawing::DrawingStreams;
use super::file::Entry;
use super::font::SubsetCache;
use super::kept::Kept;
use super::pdf_page::PdfPageStreams;
use super::picture::PictureStreams;
use super::usage::Usage;
use crate::picture::{Drawing, PdfPage, Picture};

/// Memory kept between documents, for one thread.
#[derive(Default)]
pub struct PdfCache {
    pub(super) buffers: Buffers,
    pub(super) deflater: Option<Deflater>,
    pub(super) subsets: SubsetCache,
    pub(super) usage: Usage,
    pub(super) pictures: Kept<Picture, PictureStreams>,
    pub(super) drawings: Kept<Drawing, DrawingStreams>,
    pub(super) pdf_pages: Kept<PdfPage, PdfPageStreams>,
    pub(super) content: Vec<u8>,
}

/// Buffers of the file writer.
#[derive(Default)]
pub(super) struct Buffers {
    pub(super) entries: Vec<Entry>,
    pub(super) packed_head: Vec<u8>,
    pub(super) packed_body: Vec<u8>,
    pub(super) table: Vec<u8>,
    pub(super) size_hint_bytes: usize,
}

/// A buffer that grew beyond this is given back after a document, so that one giant does not stay in memory.
const BUFFER_SIZE_BYTES_MAX: usize = 8 << 20;

impl PdfCache {
    /// An empty cache.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the deflate state for a level out of the cache; none for level 0.
    pub(super) fn take_deflater(&mut self, level: u8) -> Option<Deflater> {
        match self.deflater.take() {
            _ if level == 0 => None,
            Some(deflater) if deflater.level() == level => Some(deflater),
            _ => Some(Deflater::new(level)),
        }
    }

    /// Gives back what is too large to keep.
    pub(super) fn trim(&mut self) {
        let Buffers { packed_head, packed_body, table, size_hint_bytes, entries: _ } = &mut self.buffers;
        for buffer in [packed_head, packed_body, table, &mut self.content] {
            if buffer.capacity() > BUFFER_SIZE_BYTES_MAX {
                *buffer = Vec::new();
            }
        }
        if let Some(deflater) = &mut self.deflater {
            deflater.trim(BUFFER_SIZE_BYTES_MAX);
        }
        *size_hint_bytes = (*size_hint_bytes).min(BUFFER_SIZE_BYTES_MAX);
    }
}

impl std::fmt::Debug for PdfCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PdfCache").finish_non_exhaustive()
    }
}
