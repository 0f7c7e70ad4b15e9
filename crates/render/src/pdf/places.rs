//! Places in the document that links and bookmarks lead to (ISO 32000-2, 12.3.2).

use super::number::{hundredths, push_hundredths, push_reference};
use crate::document::{Document, ElementId, Item, Page};

/// Where pages, and perhaps elements, are in the file.
pub(super) struct Places<'a> {
    pub(super) document: &'a Document,
    /// Object of the first page; pages have numbers in a row.
    pub(super) first_page: u32,
    /// Object of the first element, when places are named by elements (ISO 14289-2, 8.8).
    pub(super) first_element: Option<u32>,
}

impl Places<'_> {
    /// Writes the entry that leads to a height on a page, at the reader's own zoom.
    pub(super) fn push(&self, out: &mut Vec<u8>, page: u32, y: f32) {
        // A place behind the last page leads to the last page.
        let last = u32::try_from(self.document.pages.len()).unwrap_or(u32::MAX).saturating_sub(1);
        let page = page.min(last);
        let known = self.document.pages.get(page as usize);
        let height = hundredths(known.map_or(0.0, |page| page.size.height)) - hundredths(y);
        let page_id = self.first_page.saturating_add(page);
        let Some(first_element) = self.first_element else {
            out.extend_from_slice(b"/Dest");
            push_destination(out, page_id, height);
            return;
        };
        let element = known.and_then(|page| element_at(page, y)).unwrap_or(ElementId(0));
        out.extend_from_slice(b"/A<</S/GoTo/D");
        push_destination(out, page_id, height);
        out.extend_from_slice(b"/SD");
        push_destination(out, first_element.saturating_add(element.0), height);
        out.extend_from_slice(b">>");
    }
}

fn push_destination(out: &mut Vec<u8>, id: u32, height: i64) {
    out.push(b'[');
    push_reference(out, id);
    out.extend_from_slice(b"/XYZ null ");
    push_hundredths(out, height);
    out.extend_from_slice(b" null]");
}

/// The element of the node whose top is nearest to a height; it or the first one after it that has content.
fn element_at(page: &Page, y: f32) -> Option<ElementId> {
    let distance = |top: f32| (top - y).abs();
    let nearest = page.boxes.iter().min_by(|a, b| distance(a.rect.y).total_cmp(&distance(b.rect.y)));
    let start = nearest.map_or(0, |known| known.item as usize);
    let element = |item: &Item| match item {
        Item::Element(id) => Some(*id),
        _ => None,
    };
    let after = page.items.get(start..).unwrap_or_default().iter().find_map(element);
    after.or_else(|| page.items.iter().find_map(element))
}
