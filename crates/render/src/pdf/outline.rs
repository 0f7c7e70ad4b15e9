//! Bookmarks (ISO 32000-1, 12.3.3).

use super::PdfError;
use super::file::File;
use super::number::{push_reference, push_text, push_unsigned};
use super::places::Places;
use crate::document::Document;

/// An entry's neighbours, as indexes of bookmarks.
#[derive(Clone, Default)]
struct Entry {
    parent: Option<u32>,
    previous: Option<u32>,
    next: Option<u32>,
    first: Option<u32>,
    last: Option<u32>,
    /// Entries below, all levels.
    count: u64,
}

/// Writes the outline, and gives its object; nothing when there are no bookmarks.
pub(super) fn write(file: &mut File<'_>, places: &Places<'_>) -> Result<Option<u32>, PdfError> {
    let document = places.document;
    if document.bookmarks.is_empty() {
        return Ok(None);
    }
    let (root_entry, entries) = arrange(document);
    let root = file.reserve();
    let first_id = file.reserve_block(entries.len());
    let id = |index: u32| first_id.saturating_add(index);

    let out = file.object(root)?;
    out.extend_from_slice(b"<</Type/Outlines");
    push_neighbour(out, b"/First ", root_entry.first.map(id));
    push_neighbour(out, b"/Last ", root_entry.last.map(id));
    out.extend_from_slice(b"/Count ");
    push_unsigned(out, entries.len() as u64);
    out.extend_from_slice(b">>");
    for ((index, entry), bookmark) in (0_u32..).zip(&entries).zip(&document.bookmarks) {
        let out = file.object(id(index))?;
        out.extend_from_slice(b"<</Title");
        push_text(out, &bookmark.title);
        push_neighbour(out, b"/Parent ", Some(entry.parent.map_or(root, id)));
        push_neighbour(out, b"/Prev ", entry.previous.map(id));
        push_neighbour(out, b"/Next ", entry.next.map(id));
        push_neighbour(out, b"/First ", entry.first.map(id));
        push_neighbour(out, b"/Last ", entry.last.map(id));
        if entry.count > 0 {
            out.extend_from_slice(b"/Count ");
            push_unsigned(out, entry.count);
        }
        places.push(out, bookmark.page, bookmark.y);
        out.extend_from_slice(b">>");
    }
    Ok(Some(root))
}

fn push_neighbour(out: &mut Vec<u8>, key: &[u8], id: Option<u32>) {
    if let Some(id) = id {
        out.extend_from_slice(key);
        push_reference(out, id);
    }
}

/// Makes a tree of the levels. A level that jumps (1, then 3) goes under the entry before.
fn arrange(document: &Document) -> (Entry, Vec<Entry>) {
    let mut root = Entry::default();
    let mut entries = vec![Entry::default(); document.bookmarks.len()];
    // Open entries, outermost first, with their levels.
    let mut open: Vec<(u8, u32)> = Vec::new();
    for (index, bookmark) in (0_u32..).zip(&document.bookmarks) {
        while open.pop_if(|&mut (level, _)| level >= bookmark.level).is_some() {}
        let parent = open.last().map(|&(_, parent)| parent);
        let family = match parent.and_then(|parent| entries.get_mut(parent as usize)) {
            Some(entry) => entry,
            None => &mut root,
        };
        family.first = family.first.or(Some(index));
        let previous = family.last.replace(index);
        if let Some(before) = previous.and_then(|previous| entries.get_mut(previous as usize)) {
            before.next = Some(index);
        }
        if let Some(entry) = entries.get_mut(index as usize) {
            entry.parent = parent;
            entry.previous = previous;
        }
        for &(_, above) in &open {
            if let Some(entry) = entries.get_mut(above as usize) {
                entry.count += 1;
            }
        }
        open.push((bookmark.level, index));
    }
    (root, entries)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]

    use super::arrange;
    use crate::document::{Bookmark, Document};

    fn document(levels: &[u8]) -> Document {
        let bookmark = |&level: &u8| Bookmark { level, title: String::new(), page: 0, y: 0.0 };
        Document { bookmarks: levels.iter().map(bookmark).collect(), ..Document::default() }
    }

    #[test]
    fn levels_become_a_tree_with_counts() {
        let (root, entries) = arrange(&document(&[1, 2, 3, 2, 1]));
        let parents: Vec<Option<u32>> = entries.iter().map(|entry| entry.parent).collect();
        assert_eq!(parents, [None, Some(0), Some(1), Some(0), None]);
        let counts: Vec<u64> = entries.iter().map(|entry| entry.count).collect();
        assert_eq!(counts, [3, 1, 0, 0, 0]);
        assert_eq!((root.first, root.last), (Some(0), Some(4)));
        assert_eq!((entries[1].next, entries[3].previous), (Some(3), Some(1)));
    }

    #[test]
    fn levels_that_jump_or_begin_deep_still_make_a_tree() {
        let (root, entries) = arrange(&document(&[3, 1, 4, 2, 0]));
        let parents: Vec<Option<u32>> = entries.iter().map(|entry| entry.parent).collect();
        assert_eq!(parents, [None, None, Some(1), Some(1), None]);
        assert_eq!((root.first, root.last), (Some(0), Some(4)));
    }
}
