//! Link annotations (ISO 32000-1, 12.5.6.5), tagged as PDF/UA-1, 7.18.5 asks.

use std::collections::BTreeMap;

use super::PdfError;
use super::file::File;
use super::number::{hundredths, push_hundredths, push_literal, push_text, push_unsigned};
use super::places::Places;
use crate::document::{Document, ElementId, Link, Page, Role, Target};

/// An annotation as the tag tree sees it.
pub(super) struct Annotation {
    /// Its object.
    pub(super) id: u32,
    /// Index of its page.
    pub(super) page: u32,
    /// Its key in the parent tree.
    pub(super) key: u32,
    /// The element that it belongs to.
    pub(super) element: Option<ElementId>,
    /// Whether that element is no link, so that one is added inside it.
    pub(super) adds_element: bool,
}

/// What the elements of links say; filled while pages are written.
pub(super) type LinkTexts = BTreeMap<ElementId, String>;

/// A memory for the text of every element that a link belongs to.
pub(super) fn link_texts(document: &Document) -> LinkTexts {
    let links = document.pages.iter().flat_map(|page| &page.links);
    links.filter_map(|link| link.element).map(|element| (element, String::new())).collect()
}

/// Writes all annotations of a document. `ids` is the first object; the others follow. Keys count from `first_key`.
pub(super) fn write(
    file: &mut File<'_>,
    places: &Places<'_>,
    ids: u32,
    first_key: Option<u32>,
    texts: &LinkTexts,
) -> Result<Vec<Annotation>, PdfError> {
    let document = places.document;
    let mut annotations = Vec::new();
    let pages = (0_u32..).zip(&document.pages);
    let links = pages.flat_map(|(index, page)| page.links.iter().map(move |link| (index, page, link)));
    for ((index, page, link), offset) in links.zip(0_u32..) {
        let id = ids.saturating_add(offset);
        let key = first_key.map(|first| first.saturating_add(offset));
        // A link in a running header belongs to no element: it goes to the document itself, which is element 0.
        let elements = &document.structure.elements;
        let element = link.element.filter(|element| (element.0 as usize) < elements.len());
        let element = element.or((!elements.is_empty()).then_some(ElementId(0)));
        let known = element.and_then(|element| elements.get(element.0 as usize));
        let alt = known.and_then(|element| element.alt.as_deref());
        let text = element.and_then(|element| texts.get(&element)).map(String::as_str);
        let description = alt.or(text).map(str::trim).filter(|text| !text.is_empty());
        push_annotation(file.object(id)?, places, page, link, description, key);
        if let Some(key) = key {
            let adds_element = known.is_none_or(|element| element.role != Role::Link);
            annotations.push(Annotation { id, page: index, key, element, adds_element });
        }
    }
    Ok(annotations)
}

fn push_annotation(
    out: &mut Vec<u8>,
    places: &Places<'_>,
    page: &Page,
    link: &Link,
    description: Option<&str>,
    key: Option<u32>,
) {
    // F 4: it is printed, and not hidden (PDF/UA-1, 7.18.1).
    out.extend_from_slice(b"<</Type/Annot/Subtype/Link/F 4/Border[0 0 0]/Rect[");
    let height = hundredths(page.size.height);
    let (left, right) = (hundredths(link.rect.x), hundredths(link.rect.right()));
    let (top, bottom) = (hundredths(link.rect.y), hundredths(link.rect.bottom()));
    for value in [left, height - bottom, right, height - top] {
        push_hundredths(out, value);
        out.push(b' ');
    }
    out.extend_from_slice(b"]/Contents");
    match &link.target {
        Target::Uri(uri) => {
            push_text(out, description.unwrap_or(uri));
            out.extend_from_slice(b"/A<</S/URI/URI");
            push_uri(out, uri);
            out.extend_from_slice(b">>");
        }
        Target::Place { page, y } => {
            push_text(out, description.unwrap_or(&page.saturating_add(1).to_string()));
            places.push(out, *page, *y);
        }
    }
    if let Some(key) = key {
        out.extend_from_slice(b"/StructParent ");
        push_unsigned(out, u64::from(key));
    }
    out.extend_from_slice(b">>");
}

/// Writes an address; what is not ASCII is percent-encoded as UTF-8 (RFC 3987, 3.1).
fn push_uri(out: &mut Vec<u8>, uri: &str) {
    if uri.bytes().all(|byte| byte.is_ascii_graphic()) {
        push_literal(out, uri.as_bytes());
        return;
    }
    let mut encoded = Vec::with_capacity(uri.len() + 16);
    for byte in uri.bytes() {
        if byte.is_ascii_graphic() {
            encoded.push(byte);
        } else {
            encoded.push(b'%');
            super::number::push_hexadecimal(&mut encoded, byte);
        }
    }
    push_literal(out, &encoded);
}
