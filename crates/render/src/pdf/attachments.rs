//! Files inside of the file (ISO 32000-2, 7.11.4 and 14.13).

use super::PdfError;
use super::file::File;
use super::metadata::pdf_time;
use super::number::{push_item, push_name, push_reference, push_text, push_unsigned};
use crate::document::{Attachment, Document, Relationship};

/// Writes all files, and gives what the catalog says about them.
pub(super) fn write(file: &mut File<'_>, document: &Document) -> Result<Vec<u8>, PdfError> {
    if document.attachments.is_empty() {
        return Ok(Vec::new());
    }
    let time = pdf_time(document.metadata.created_ms);
    let mut entries: Vec<(&Attachment, u32)> = Vec::new();
    for attachment in &document.attachments {
        let [specification, content] = std::array::from_fn(|_| file.reserve());
        let mut dictionary = b"/Type/EmbeddedFile/Subtype".to_vec();
        push_name(&mut dictionary, &attachment.mime);
        dictionary.extend_from_slice(b"/Params<</Size ");
        push_unsigned(&mut dictionary, attachment.bytes.len() as u64);
        dictionary.extend_from_slice(b"/ModDate");
        push_text(&mut dictionary, &time);
        dictionary.extend_from_slice(b">>");
        file.stream(content, &dictionary, &attachment.bytes)?;

        let out = file.object(specification)?;
        out.extend_from_slice(b"<</Type/Filespec/F");
        push_text(out, &attachment.name);
        out.extend_from_slice(b"/UF");
        push_text(out, &attachment.name);
        out.extend_from_slice(b"/Desc");
        push_text(out, &attachment.description);
        out.extend_from_slice(b"/AFRelationship/");
        out.extend_from_slice(relationship_name(attachment.relationship));
        out.extend_from_slice(b"/EF<</F ");
        push_reference(out, content);
        out.extend_from_slice(b"/UF ");
        push_reference(out, content);
        out.extend_from_slice(b">>>>");
        entries.push((attachment, specification));
    }
    let mut out = b"/AF[".to_vec();
    for (_, specification) in &entries {
        push_item(&mut out, *specification);
    }
    out.extend_from_slice(b"]/Names<</EmbeddedFiles<</Names[");
    // A name tree is sorted by the bytes of its names; those in UTF-16 begin with a mark above all of ASCII.
    entries.sort_by_key(|(attachment, _)| {
        (!attachment.name.is_ascii(), attachment.name.encode_utf16().collect::<Vec<_>>())
    });
    for (attachment, specification) in entries {
        push_text(&mut out, &attachment.name);
        push_item(&mut out, specification);
    }
    out.extend_from_slice(b"]>>>>");
    Ok(out)
}

fn relationship_name(relationship: Relationship) -> &'static [u8] {
    match relationship {
        Relationship::Source => b"Source",
        Relationship::Data => b"Data",
        Relationship::Alternative => b"Alternative",
        Relationship::Supplement => b"Supplement",
        Relationship::Unspecified => b"Unspecified",
    }
}
