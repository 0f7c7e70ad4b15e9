//! Pages of other files as form XObjects (ISO 32000-1, 8.10), with the objects that they are made of.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::PdfError;
use super::file::File;
use super::number::push_reference;
use super::stream::Stream;
use crate::picture::{PdfPage, PdfPart};

/// Objects of other files that are in this one already, so that pages share their fonts and pictures.
#[derive(Default)]
pub(super) struct Shared {
    files: Vec<(Arc<Vec<u8>>, Known)>,
}

/// For an object of another file, its number in this one.
type Known = BTreeMap<(u32, i32), u32>;

impl Shared {
    fn of(&mut self, source: &Arc<Vec<u8>>) -> Option<&mut Known> {
        let is_same = |(known, _): &(Arc<Vec<u8>>, Known)| Arc::ptr_eq(known, source) || known == source;
        let at = self.files.iter().position(is_same).unwrap_or_else(|| {
            self.files.push((Arc::clone(source), Known::new()));
            self.files.len() - 1
        });
        self.files.get_mut(at).map(|(_, known)| known)
    }
}

/// A page's streams, ready for any file.
pub(super) struct PdfPageStreams {
    content: Stream,
}

impl PdfPageStreams {
    /// Makes the streams, and tells how many bytes they and the page take.
    pub(super) fn make(pdf_page: &PdfPage, compressed: bool) -> Result<(Self, usize), PdfError> {
        let content = Stream::new(pdf_page.content.clone(), compressed)?;
        let objects = pdf_page
            .objects
            .iter()
            .map(|object| object.body.bytes.len() + object.data.as_ref().map_or(0, Vec::len) + size_of_val(object));
        let size_bytes = content.size_bytes() + pdf_page.content.len() + pdf_page.file.len() + objects.sum::<usize>();
        Ok((Self { content }, size_bytes))
    }

    /// Writes the page with all that it refers to.
    pub(super) fn write(
        &self,
        pdf_page: &PdfPage,
        file: &mut File<'_>,
        id: u32,
        shared: &mut Shared,
    ) -> Result<(), PdfError> {
        let mut ids = Vec::with_capacity(pdf_page.objects.len());
        let mut new = Vec::new();
        if let Some(known) = shared.of(&pdf_page.file) {
            for object in &pdf_page.objects {
                ids.push(*known.entry(object.source).or_insert_with(|| {
                    let id = file.reserve();
                    new.push((object, id));
                    id
                }));
            }
        }
        for (object, id) in new {
            let Some(data) = &object.data else {
                push_part(file.object(id)?, &object.body, &ids);
                continue;
            };
            let mut dictionary = Vec::with_capacity(object.body.bytes.len());
            push_part(&mut dictionary, &object.body, &ids);
            if object.is_plain {
                file.stream(id, &dictionary, data)?;
            } else {
                file.finished_stream(id, &dictionary, data);
            }
        }
        let mut dictionary = b"/Type/XObject/Subtype/Form/BBox[".to_vec();
        push_numbers(&mut dictionary, &pdf_page.crop);
        dictionary.extend_from_slice(b"]/Matrix[");
        push_numbers(&mut dictionary, &pdf_page.matrix);
        dictionary.push(b']');
        if let Some(group) = &pdf_page.group {
            dictionary.extend_from_slice(b"/Group<<");
            push_part(&mut dictionary, group, &ids);
            dictionary.extend_from_slice(b">>");
        }
        dictionary.extend_from_slice(b"/Resources<<");
        push_part(&mut dictionary, &pdf_page.resources, &ids);
        dictionary.extend_from_slice(b">>");
        self.content.write(file, id, &dictionary);
        Ok(())
    }
}

/// Numbers of another file are kept as they are: a page may be a hundred times as large or small as ours.
fn push_numbers(out: &mut Vec<u8>, numbers: &[f32]) {
    for number in numbers {
        out.extend_from_slice(number.to_string().as_bytes());
        out.push(b' ');
    }
}

/// Writes a part with the numbers that its objects have in this file.
fn push_part(out: &mut Vec<u8>, part: &PdfPart, ids: &[u32]) {
    let mut done = 0;
    for &(at, object) in &part.references {
        let at = at as usize;
        out.extend_from_slice(part.bytes.get(done..at).unwrap_or_default());
        match ids.get(object as usize) {
            Some(id) => push_reference(out, *id),
            None => out.extend_from_slice(b"null"),
        }
        done = at;
    }
    out.extend_from_slice(part.bytes.get(done..).unwrap_or_default());
}
