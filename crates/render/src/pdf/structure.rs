//! Writes the tag tree: elements, their content, and the way from content to element (ISO 32000-1, 14.7).

use std::collections::BTreeMap;

use super::PdfError;
use super::file::File;
use super::links::Annotation;
use super::lists::numberings as numberings_of;
use super::marks::{Marks, Sequence};
use super::namespaces::Namespaces;
use super::number::{hundredths, push_hundredths, push_item, push_literal, push_reference, push_text, push_unsigned};
use super::printed_fields;
use crate::document::{Document, Element, ElementId, Role, Scope};

/// The tag tree of a document, with what links add to it.
pub(super) struct Tree<'a> {
    pub(super) document: &'a Document,
    pub(super) marks: &'a Marks,
    /// In the order of their keys in the parent tree.
    pub(super) annotations: &'a [Annotation],
    /// Object of the first page; pages have numbers in a row.
    pub(super) first_page: u32,
    /// Object of the first element, when it is taken already.
    pub(super) first_element: Option<u32>,
}

/// Where an element's children are: index lists, because most elements have few.
struct Children {
    first: Vec<Option<u32>>,
    next: Vec<Option<u32>>,
    roots: Vec<u32>,
}

impl Tree<'_> {
    /// Writes all elements and the root, which gets the object `root`.
    pub(super) fn write(&self, file: &mut File<'_>, root: u32) -> Result<(), PdfError> {
        let elements = &self.document.structure.elements;
        let children = self.children();
        let first_element = self.first_element.unwrap_or_else(|| file.reserve_block(elements.len()));
        let namespaces = Namespaces::new(file);
        let mut numberings = None;
        let mut fields = None;
        let version = file.version;
        let element_id = |element: ElementId| first_element.saturating_add(element.0);
        // Elements for links that the layout gave none come after all others.
        let own_links: Vec<&Annotation> = self.annotations.iter().filter(|link| link.adds_element).collect();
        let mut link_ids = file.reserve_block(own_links.len())..;
        // By annotation: the element that the parent tree leads to.
        let owners: Vec<u32> = self
            .annotations
            .iter()
            .map(|link| if link.adds_element { link_ids.next() } else { link.element.map(element_id) })
            .map(Option::unwrap_or_default)
            .collect();
        let mut by_element: BTreeMap<ElementId, Vec<(&Annotation, u32)>> = BTreeMap::new();
        for (link, &owner) in self.annotations.iter().zip(&owners) {
            if let Some(element) = link.element {
                by_element.entry(element).or_default().push((link, owner));
            }
        }

        let mut notes = Vec::new();
        for (index, element) in (0_u32..).zip(elements) {
            let id = first_element.saturating_add(index);
            let out = file.object(id)?;
            out.extend_from_slice(b"<</S/");
            namespaces.push_role(out, self.written_role(element, &children));
            out.extend_from_slice(b"/P ");
            let parent = element.parent.filter(|parent| parent.0 < index);
            push_reference(out, parent.map_or(root, element_id));
            push_attributes(out, element);
            match element.role {
                Role::Figure => self.push_bounds(out, ElementId(index)),
                Role::Form => {
                    let known = fields.get_or_insert_with(|| printed_fields::by_element(self.document));
                    if let Some(field) = known.get(&ElementId(index)) {
                        printed_fields::push_attributes(out, field, version);
                    }
                }
                Role::List => {
                    let known = numberings.get_or_insert_with(|| numberings_of(self.document));
                    out.extend_from_slice(b"/A<</O/List/ListNumbering/");
                    out.extend_from_slice(known.get(&ElementId(index)).copied().unwrap_or(b"None"));
                    out.extend_from_slice(b">>");
                }
                _ => {}
            }
            if element.role == Role::TableOfContentsItem {
                self.push_references(out, ElementId(index), first_element);
            }
            if element.role == Role::Note {
                notes.push((index, id));
                out.extend_from_slice(b"/ID");
                push_literal(out, note_name(index).as_bytes());
            }
            let links = by_element.get(&ElementId(index)).map(Vec::as_slice).unwrap_or_default();
            self.push_kids(out, index, &children, first_element, links)?;
            out.extend_from_slice(b">>");
        }
        let owned = || self.annotations.iter().zip(&owners).filter(|(link, _)| link.adds_element);
        for (link, &id) in owned() {
            let out = file.object(id)?;
            out.extend_from_slice(b"<</S/");
            namespaces.push_role(out, Role::Link);
            out.extend_from_slice(b"/P ");
            push_reference(out, link.element.map_or(root, element_id));
            out.extend_from_slice(b"/K");
            self.push_object_reference(out, link);
            out.extend_from_slice(b">>");
        }

        let parent_tree = file.reserve();
        self.write_parent_tree(file, parent_tree, element_id, &owners)?;
        let out = file.object(root)?;
        out.extend_from_slice(b"<</Type/StructTreeRoot/ParentTree ");
        push_reference(out, parent_tree);
        namespaces.push_list(out);
        out.extend_from_slice(b"/ParentTreeNextKey ");
        push_unsigned(out, (self.marks.streams.len() + self.annotations.len()) as u64);
        out.extend_from_slice(b"/K[");
        for &child in &children.roots {
            push_item(out, first_element.saturating_add(child));
        }
        for (_, &id) in owned().filter(|(link, _)| link.element.is_none()) {
            push_item(out, id);
        }
        out.push(b']');
        if !notes.is_empty() {
            notes.sort_by_key(|&(index, _)| note_name(index));
            out.extend_from_slice(b"/IDTree<</Names[");
            for (index, id) in notes {
                push_literal(out, note_name(index).as_bytes());
                push_reference(out, id);
            }
            out.extend_from_slice(b"]>>");
        }
        out.extend_from_slice(b">>");
        namespaces.write(file)
    }

    /// Writes what an entry of a contents list is about (ISO 32000-2, 14.7.2, table 355).
    fn push_references(&self, out: &mut Vec<u8>, entry: ElementId, first_element: u32) {
        let references = &self.document.structure.references;
        let first = references.partition_point(|(known, _)| *known < entry);
        let Some((_, about)) = references.get(first).filter(|(known, _)| *known == entry) else { return };
        if (about.0 as usize) < self.document.structure.elements.len() {
            out.extend_from_slice(b"/Ref[");
            push_reference(out, first_element.saturating_add(about.0));
            out.push(b']');
        }
    }

    /// What an element is written as. Head and foot are those of a body: in a table without rows, they are the body.
    fn written_role(&self, element: &Element, children: &Children) -> Role {
        if !matches!(element.role, Role::TableHead | Role::TableFoot) {
            return element.role;
        }
        let elements = &self.document.structure.elements;
        let first = element.parent.and_then(|parent| children.first.get(parent.0 as usize).copied().flatten());
        let mut siblings = std::iter::successors(first, |&child| children.next.get(child as usize).copied().flatten());
        let is_body = |child| elements.get(child as usize).is_some_and(|element| element.role == Role::TableBody);
        if siblings.any(is_body) { element.role } else { Role::TableBody }
    }

    /// Writes where a figure stands, from the lower left corner of its page.
    fn push_bounds(&self, out: &mut Vec<u8>, figure: ElementId) {
        let Some((page, bounds)) = self.marks.figure(figure) else { return };
        let height = self.document.pages.get(page as usize).map_or(0.0, |page| page.size.height);
        let (height, top, bottom) = (hundredths(height), hundredths(bounds.top), hundredths(bounds.bottom));
        out.extend_from_slice(b"/A<</O/Layout/BBox[");
        for value in [hundredths(bounds.left), height - bottom, hundredths(bounds.right), height - top] {
            push_hundredths(out, value);
            out.push(b' ');
        }
        out.extend_from_slice(b"]>>");
    }

    fn children(&self) -> Children {
        let elements = &self.document.structure.elements;
        let mut children =
            Children { first: vec![None; elements.len()], next: vec![None; elements.len()], roots: Vec::new() };
        // From the last to the first, so that each list comes out in order.
        for (place, element) in elements.iter().enumerate().rev() {
            let index = u32::try_from(place).unwrap_or(u32::MAX);
            let parent = element.parent.filter(|parent| parent.0 < index);
            match parent.and_then(|parent| children.first.get_mut(parent.0 as usize)) {
                Some(first) => {
                    let next = first.replace(index);
                    if let Some(slot) = children.next.get_mut(place) {
                        *slot = next;
                    }
                }
                None => children.roots.push(index),
            }
        }
        children.roots.reverse();
        children
    }

    /// Writes what an element contains: child elements, content, annotations, in the order of the content.
    fn push_kids(
        &self,
        out: &mut Vec<u8>,
        index: u32,
        children: &Children,
        first_element: u32,
        links: &[(&Annotation, u32)],
    ) -> Result<(), PdfError> {
        let place = index as usize;
        let child_list = std::iter::successors(children.first.get(place).copied().flatten(), |&child| {
            children.next.get(child as usize).copied().flatten()
        });
        let mut sequences = self.marks.of(place).peekable();
        let page = sequences.peek().and_then(|(_, sequence)| self.plain_page(*sequence));
        if let Some(page) = page {
            out.extend_from_slice(b"/Pg ");
            push_reference(out, self.first_page.saturating_add(page));
        }
        let children_count = child_list.clone().take(2).count();
        if let (Some((_, sequence)), 0, []) = (sequences.peek(), children_count, links)
            && sequence.next.is_none()
            && page.is_some()
        {
            // One piece of content, as most elements have.
            out.extend_from_slice(b"/K ");
            push_unsigned(out, u64::from(sequence.number));
            return Ok(());
        }
        out.extend_from_slice(b"/K[");
        for child in child_list {
            // What the element itself shows before the child's content comes before it.
            if sequences.peek().is_some()
                && let Some(start) = self.start(child, children, 0)?
            {
                while let Some((_, sequence)) = sequences.next_if(|&(order, _)| order < start) {
                    self.push_sequence(out, sequence, page);
                }
            }
            push_item(out, first_element.saturating_add(child));
        }
        for (_, sequence) in sequences {
            self.push_sequence(out, sequence, page);
        }
        for &(link, owner) in links {
            if link.adds_element {
                push_item(out, owner);
            } else {
                self.push_object_reference(out, link);
            }
        }
        out.push(b']');
        Ok(())
    }

    /// The first content of an element or of what is inside it.
    fn start(&self, element: u32, children: &Children, depth: usize) -> Result<Option<u32>, PdfError> {
        if depth > ELEMENT_DEPTH_MAX {
            return Err(PdfError::Depth { depth_max: ELEMENT_DEPTH_MAX });
        }
        let mut start = self.marks.first(element as usize);
        let mut child = children.first.get(element as usize).copied().flatten();
        while let Some(current) = child {
            let inner = self.start(current, children, depth + 1)?;
            start = start.into_iter().chain(inner).min();
            child = children.next.get(current as usize).copied().flatten();
        }
        Ok(start)
    }

    /// The page of a sequence that is in the page's own stream.
    fn plain_page(&self, sequence: Sequence) -> Option<u32> {
        let stream = self.marks.streams.get(sequence.stream as usize)?;
        stream.form.is_none().then_some(stream.page)
    }

    fn push_sequence(&self, out: &mut Vec<u8>, sequence: Sequence, page: Option<u32>) {
        let Some(stream) = self.marks.streams.get(sequence.stream as usize) else { return };
        if stream.form.is_none() && page == Some(stream.page) {
            push_unsigned(out, u64::from(sequence.number));
            out.push(b' ');
            return;
        }
        out.extend_from_slice(b"<</Type/MCR/Pg ");
        push_reference(out, self.first_page.saturating_add(stream.page));
        if let Some(form) = stream.form {
            out.extend_from_slice(b"/Stm ");
            push_reference(out, form);
        }
        out.extend_from_slice(b"/MCID ");
        push_unsigned(out, u64::from(sequence.number));
        out.extend_from_slice(b">>");
    }

    fn push_object_reference(&self, out: &mut Vec<u8>, link: &Annotation) {
        out.extend_from_slice(b"<</Type/OBJR/Obj ");
        push_reference(out, link.id);
        out.extend_from_slice(b"/Pg ");
        push_reference(out, self.first_page.saturating_add(link.page));
        out.extend_from_slice(b">>");
    }

    /// Writes the number tree from stream and annotation keys to elements (14.7.4.4).
    fn write_parent_tree(
        &self,
        file: &mut File<'_>,
        id: u32,
        element_id: impl Fn(ElementId) -> u32,
        owners: &[u32],
    ) -> Result<(), PdfError> {
        let first_list = file.reserve_block(self.marks.streams.len());
        for (stream, list) in self.marks.streams.iter().zip(first_list..) {
            let out = file.object(list)?;
            out.push(b'[');
            for &element in &stream.elements {
                push_item(out, element_id(element));
            }
            out.push(b']');
        }
        let out = file.object(id)?;
        out.extend_from_slice(b"<</Nums[");
        for (key, list) in (0_u64..).zip(first_list..).take(self.marks.streams.len()) {
            push_unsigned(out, key);
            out.push(b' ');
            push_item(out, list);
        }
        for (link, &owner) in self.annotations.iter().zip(owners) {
            push_unsigned(out, u64::from(link.key));
            out.push(b' ');
            push_item(out, owner);
        }
        out.extend_from_slice(b"]>>");
        Ok(())
    }
}

/// Nesting of elements; layout nests as deep as the template.
const ELEMENT_DEPTH_MAX: usize = 200;

fn note_name(index: u32) -> String {
    format!("note{index:08}")
}

fn push_attributes(out: &mut Vec<u8>, element: &Element) {
    if let Some(alt) = &element.alt {
        out.extend_from_slice(b"/Alt");
        push_text(out, alt);
    }
    if let Some(language) = &element.language {
        out.extend_from_slice(b"/Lang");
        push_text(out, language);
    }
    // A header cell must say what it heads (PDF/UA-1, 7.5); unless told otherwise it is the column.
    let scope = (element.role == Role::TableHeaderCell).then(|| match element.scope.unwrap_or(Scope::Column) {
        Scope::Row => &b"/Scope/Row"[..],
        Scope::Column => b"/Scope/Column",
        Scope::Both => b"/Scope/Both",
    });
    let is_cell = matches!(element.role, Role::TableHeaderCell | Role::TableDataCell);
    let spans = is_cell && (element.column_span > 1 || element.row_span > 1);
    if scope.is_none() && !spans {
        return;
    }
    out.extend_from_slice(b"/A<</O/Table");
    out.extend_from_slice(scope.unwrap_or_default());
    for (key, span) in [(&b"/ColSpan "[..], element.column_span), (b"/RowSpan ", element.row_span)] {
        if span > 1 {
            out.extend_from_slice(key);
            push_unsigned(out, u64::from(span));
        }
    }
    out.extend_from_slice(b">>");
}
