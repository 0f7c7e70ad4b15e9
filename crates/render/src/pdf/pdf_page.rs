//! Pages of other files as form XObjects (ISO 32000-1, 8.10), with the objects that they are made of.

use super::PdfError;
use super::file::File;
use super::number::push_reference;
use super::stream::Stream;
use crate::picture::{PdfPage, PdfPart};

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
    pub(super) fn write(&self, pdf_page: &PdfPage, file: &mut File<'_>, id: u32) -> Result<(), PdfError> {
        let first = file.reserve_block(pdf_page.objects.len());
        for (object, id) in pdf_page.objects.iter().zip(first..) {
            match &object.data {
                Some(data) => {
                    let mut dictionary = Vec::with_capacity(object.body.bytes.len());
                    push_part(&mut dictionary, &object.body, first);
                    file.finished_stream(id, &dictionary, data);
                }
                None => push_part(file.object(id)?, &object.body, first),
            }
        }
        let mut dictionary = b"/Type/XObject/Subtype/Form/BBox[".to_vec();
        push_numbers(&mut dictionary, &pdf_page.crop);
        dictionary.extend_from_slice(b"]/Matrix[");
        push_numbers(&mut dictionary, &pdf_page.matrix);
        dictionary.push(b']');
        if let Some(group) = &pdf_page.group {
            dictionary.extend_from_slice(b"/Group<<");
            push_part(&mut dictionary, group, first);
            dictionary.extend_from_slice(b">>");
        }
        dictionary.extend_from_slice(b"/Resources<<");
        push_part(&mut dictionary, &pdf_page.resources, first);
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
fn push_part(out: &mut Vec<u8>, part: &PdfPart, first: u32) {
    let mut done = 0;
    for &(at, object) in &part.references {
        let at = at as usize;
        out.extend_from_slice(part.bytes.get(done..at).unwrap_or_default());
        push_reference(out, first.saturating_add(object));
        done = at;
    }
    out.extend_from_slice(part.bytes.get(done..).unwrap_or_default());
}
