//! What a client has: names of faces, nodes, pictures and drawings in the order in which it learned them, and outlines.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};
use sha2::{Digest as _, Sha256};

use super::ScreenError;
use super::items::drawing_content;
use crate::document::Document;
use crate::fonts::{Face, FaceId};
use crate::image::picture_of_pdf_page;
use crate::picture::{Drawing, PdfPage, Picture, PictureData};

/// Identity of a picture or drawing: the same content has the same one in every process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 16]);

/// What a client has been told, or says that it has. Names are never forgotten, so that numbers keep their meaning.
#[derive(Clone, Debug, Default)]
pub struct Client {
    pub(super) faces: IndexMap<FaceId, Arc<Face>>,
    pub(super) nodes: IndexSet<Box<str>>,
    pub(super) pictures: IndexMap<Digest, Arc<Picture>>,
    pub(super) drawings: IndexMap<Digest, DrawingEntry>,
    /// Pages of other files, which a client sees as pictures, with the number of the picture.
    pdf_pages: Vec<(Arc<PdfPage>, u32)>,
    /// Outlines that the document of the last screen shows, by the face's number.
    pub(super) used: BTreeSet<(u32, u16)>,
    /// Outlines that the client has, by the face's number.
    pub(super) outlines: BTreeSet<(u32, u16)>,
    /// How many names of each list the client has.
    pub(super) told: Told,
}

/// How many names of each list a client has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) faces: usize,
    pub(super) nodes: usize,
    pub(super) pictures: usize,
    pub(super) drawings: usize,
}

#[derive(Clone, Debug)]
pub(super) struct DrawingEntry {
    /// Kept so that a drawing is digested once as long as it lives.
    pub(super) source: Arc<Drawing>,
    pub(super) content: Arc<[u8]>,
}

/// The client's numbers of what a document names by its own indexes.
pub(super) struct Numbers {
    pub(super) faces: Vec<u32>,
    pub(super) nodes: Vec<u32>,
    pub(super) pictures: Vec<u32>,
    pub(super) drawings: Vec<u32>,
    /// Numbers of the pictures that stand for pages of other files.
    pub(super) pdf_pages: Vec<u32>,
}

/// Names of faces and of pictures, which are kept in memory: a long day of editing sees some dozens.
const KEPT_COUNT_MAX: usize = 1_000;

/// Names of nodes and of drawings: five times the nodes that a template may have.
const NAME_COUNT_MAX: usize = 100_000;

impl Client {
    /// A client that has nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The picture with a digest, for the client to fetch.
    #[must_use]
    pub fn picture(&self, digest: Digest) -> Option<&Arc<Picture>> {
        self.pictures.get(&digest)
    }

    /// Notes that the client has outlines of a face from before, such as from another document in the same window.
    pub fn has_outlines(&mut self, face: &Arc<Face>, glyphs: impl IntoIterator<Item = u16>) {
        let number = index32(self.faces.insert_full(face.id(), Arc::clone(face)).0);
        self.outlines.extend(glyphs.into_iter().map(|glyph| (number, glyph)));
    }

    /// Learns all names of a document.
    pub(super) fn learn(&mut self, document: &Document) -> Result<Numbers, ScreenError> {
        let faces = document.faces.iter().map(|face| {
            let entry = self.faces.entry(face.id());
            let number = index32(entry.index());
            entry.or_insert_with(|| Arc::clone(face));
            number
        });
        let faces = faces.collect();
        // A node without an id is named by its place in the template.
        let names = document.nodes.iter().zip(document.pointers.iter());
        let names = names.map(|(id, pointer)| if id.is_empty() { Box::clone(pointer) } else { Box::from(&**id) });
        let nodes = names.map(|name| index32(self.nodes.insert_full(name).0)).collect();
        let pictures = document.pictures.iter().map(|picture| self.picture_number(picture)).collect();
        let drawings = document.drawings.iter().map(|drawing| self.drawing_number(drawing));
        let drawings = drawings.collect::<Result<_, _>>()?;
        let pdf_pages = document.pdf_pages.iter().map(|page| self.pdf_page_number(page));
        let pdf_pages = pdf_pages.collect::<Result<_, _>>()?;
        for (what, count, count_max) in [
            ("faces", self.faces.len(), KEPT_COUNT_MAX),
            ("nodes", self.nodes.len(), NAME_COUNT_MAX),
            ("pictures", self.pictures.len(), KEPT_COUNT_MAX),
            ("drawings", self.drawings.len(), NAME_COUNT_MAX),
        ] {
            if count > count_max {
                return Err(ScreenError::Full { what, count_max });
            }
        }
        Ok(Numbers { faces, nodes, pictures, drawings, pdf_pages })
    }

    fn picture_number(&mut self, picture: &Arc<Picture>) -> u32 {
        if let Some(known) = self.pictures.values().position(|known| Arc::ptr_eq(known, picture)) {
            return index32(known);
        }
        index32(self.pictures.insert_full(digest_picture(picture), Arc::clone(picture)).0)
    }

    fn pdf_page_number(&mut self, page: &Arc<PdfPage>) -> Result<u32, ScreenError> {
        if let Some((_, number)) = self.pdf_pages.iter().find(|(known, _)| Arc::ptr_eq(known, page)) {
            return Ok(*number);
        }
        let picture = picture_of_pdf_page(page).map_err(|_| ScreenError::PdfPage)?;
        let number = self.picture_number(&Arc::new(picture));
        self.pdf_pages.push((Arc::clone(page), number));
        Ok(number)
    }

    fn drawing_number(&mut self, drawing: &Arc<Drawing>) -> Result<u32, ScreenError> {
        if let Some(known) = self.drawings.values().position(|known| Arc::ptr_eq(&known.source, drawing)) {
            return Ok(index32(known));
        }
        let content = drawing_content(drawing)?;
        let mut digest = Sha256::new();
        digest.update(&content);
        let entry = DrawingEntry { source: Arc::clone(drawing), content };
        Ok(index32(self.drawings.insert_full(cut(digest), entry).0))
    }

    /// Notes which outlines the last screen shows.
    pub(super) fn note_used(&mut self, used: BTreeSet<(u32, u16)>) {
        self.used = used;
    }
}

/// Tells pictures apart. Its size stands first, then the samples, each list after its length.
fn digest_picture(picture: &Picture) -> Digest {
    let mut digest = Sha256::new();
    digest.update(picture.width.to_le_bytes());
    digest.update(picture.height.to_le_bytes());
    let picture = picture.spread();
    let (kind, samples) = match &picture.data {
        PictureData::Jpeg { bytes, .. } => (b'J', bytes),
        PictureData::Grey(samples) => (b'G', samples),
        PictureData::Rgb(samples) => (b'C', samples),
        // What is of one colour was spread out.
        PictureData::Flat(_) => (b'F', &Vec::new()),
    };
    digest.update([kind]);
    for list in [Some(samples), picture.alpha.as_ref()].into_iter().flatten() {
        digest.update((list.len() as u64).to_le_bytes());
        digest.update(list);
    }
    cut(digest)
}

fn cut(digest: Sha256) -> Digest {
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest.finalize()).for_each(|(place, byte)| *place = byte);
    Digest(bytes)
}

/// Lists are as long as what limits allow to be made, far below 2^32.
pub(super) fn index32(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
