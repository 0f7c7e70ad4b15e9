//! Marked content: which piece of which stream belongs to which element of the tag tree.

use std::collections::BTreeMap;

use super::bounds::Bounds;
use super::number::{hundredths, push_hundredths, push_unsigned};
use crate::document::{ArtifactKind, ElementId, Role, Size};

/// All marked-content sequences of a document, in the order written.
pub(super) struct Marks {
    /// Content streams with marks: the pages, then forms. The index is the key in the parent tree.
    pub(super) streams: Vec<MarkedStream>,
    /// By element: its first and last sequence.
    ends: Vec<Option<(u32, u32)>>,
    sequences: Vec<Sequence>,
    /// Page and bounding box of each figure; no box when it is on several pages.
    figures: BTreeMap<ElementId, (u32, Option<Bounds>)>,
}

/// A content stream that has marks.
pub(super) struct MarkedStream {
    /// Index of the page.
    pub(super) page: u32,
    /// The form's object, when it is not the page's own stream.
    pub(super) form: Option<u32>,
    /// The element of each sequence.
    pub(super) elements: Vec<ElementId>,
}

/// One marked-content sequence.
#[derive(Clone, Copy)]
pub(super) struct Sequence {
    /// Index into [`Marks::streams`].
    pub(super) stream: u32,
    /// Its number in the stream.
    pub(super) number: u32,
    /// The next sequence of the same element.
    pub(super) next: Option<u32>,
}

impl Marks {
    /// No marks yet, with a stream for each page.
    pub(super) fn new(page_count: usize, element_count: usize) -> Self {
        let pages = 0..u32::try_from(page_count).unwrap_or(u32::MAX);
        Self {
            streams: pages.map(|page| MarkedStream { page, form: None, elements: Vec::new() }).collect(),
            ends: vec![None; element_count],
            sequences: Vec::new(),
            figures: BTreeMap::new(),
        }
    }

    /// Notes that a figure paints here.
    pub(super) fn add_figure(&mut self, element: ElementId, page: u32, bounds: Bounds) {
        let (first_page, known) = self.figures.entry(element).or_insert((page, Some(bounds)));
        *known = known.filter(|_| *first_page == page).map(|known| known.union(bounds));
    }

    /// Where a figure stands, when it is on one page.
    pub(super) fn figure(&self, element: ElementId) -> Option<(u32, Bounds)> {
        self.figures.get(&element).and_then(|&(page, bounds)| Some((page, bounds?)))
    }

    /// Adds the stream of a form, and gives its key.
    pub(super) fn add_form(&mut self, page: u32, form: u32) -> u32 {
        self.streams.push(MarkedStream { page, form: Some(form), elements: Vec::new() });
        u32::try_from(self.streams.len()).unwrap_or(u32::MAX) - 1
    }

    /// Adds a sequence of an element, and gives its number. Nothing when there is no such element or stream.
    pub(super) fn add(&mut self, stream: u32, element: ElementId) -> Option<u32> {
        let ends = self.ends.get_mut(element.0 as usize)?;
        let elements = &mut self.streams.get_mut(stream as usize)?.elements;
        let number = u32::try_from(elements.len()).ok()?;
        let index = u32::try_from(self.sequences.len()).ok()?;
        elements.push(element);
        self.sequences.push(Sequence { stream, number, next: None });
        match ends {
            Some((_, last)) => {
                if let Some(before) = self.sequences.get_mut(*last as usize) {
                    before.next = Some(index);
                }
                *last = index;
            }
            None => *ends = Some((index, index)),
        }
        Some(number)
    }

    /// Index of the first sequence of an element; indexes grow in the order of the content.
    pub(super) fn first(&self, element: usize) -> Option<u32> {
        self.ends.get(element).copied().flatten().map(|(first, _)| first)
    }

    /// All sequences of an element in order, with their indexes.
    pub(super) fn of(&self, element: usize) -> impl Iterator<Item = (u32, Sequence)> + '_ {
        let mut next = self.first(element);
        std::iter::from_fn(move || {
            let index = next?;
            let sequence = *self.sequences.get(index as usize)?;
            next = sequence.next;
            Some((index, sequence))
        })
    }
}

/// Opens a marked-content sequence of an element (14.6).
pub(super) fn push_begin(out: &mut Vec<u8>, role: Role, number: u32) {
    out.push(b'/');
    out.extend_from_slice(role.name().as_bytes());
    out.extend_from_slice(b"<</MCID ");
    push_unsigned(out, u64::from(number));
    out.extend_from_slice(b">>BDC\n");
}

/// Opens an artifact (14.8.2.2).
pub(super) fn push_artifact(out: &mut Vec<u8>, kind: ArtifactKind, page: Size) {
    let properties: &[u8] = match kind {
        ArtifactKind::Layout => b"/Artifact<</Type/Layout>>BDC\n",
        ArtifactKind::Header => b"/Artifact<</Type/Pagination/Subtype/Header/Attached[/Top]>>BDC\n",
        ArtifactKind::Footer => b"/Artifact<</Type/Pagination/Subtype/Footer/Attached[/Bottom]>>BDC\n",
        ArtifactKind::Watermark => b"/Artifact<</Type/Pagination/Subtype/Watermark>>BDC\n",
        ArtifactKind::Background => {
            // A background must say its extent.
            out.extend_from_slice(b"/Artifact<</Type/Background/BBox[0 0 ");
            push_hundredths(out, hundredths(page.width));
            out.push(b' ');
            push_hundredths(out, hundredths(page.height));
            b"]>>BDC\n"
        }
    };
    out.extend_from_slice(properties);
}
