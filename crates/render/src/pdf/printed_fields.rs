//! Form fields as they are printed: what they are and hold, for who reads the tags (ISO 32000-2, 14.8.5.6).

use std::collections::BTreeMap;

use super::number::push_text;
use crate::conformance::FileVersion;
use crate::document::{Document, ElementId, Field, FieldValue};

/// The fields of a document by their elements.
pub(super) fn by_element(document: &Document) -> BTreeMap<ElementId, &Field> {
    let fields = document.pages.iter().flat_map(|page| &page.fields);
    fields.filter_map(|field| Some((field.element?, field))).collect()
}

/// Writes the attributes of a field's element.
pub(super) fn push_attributes(out: &mut Vec<u8>, field: &Field, version: FileVersion) {
    let (role, is_on) = match &field.entry.value {
        FieldValue::Text { .. } | FieldValue::Signature => ("tv", None),
        // Only PDF 2.0 has lists.
        FieldValue::Choice { .. } if version == FileVersion::Pdf20 => ("lb", None),
        FieldValue::Choice { .. } => ("tv", None),
        FieldValue::Checkbox { is_on } => ("cb", Some(*is_on)),
        FieldValue::Radio { is_on, .. } => ("rb", Some(*is_on)),
    };
    out.extend_from_slice(b"/A<</O/PrintField/Role/");
    out.extend_from_slice(role.as_bytes());
    if let Some(is_on) = is_on {
        // The key changed its first letter.
        let key: &[u8] = if version == FileVersion::Pdf20 { b"/Checked/" } else { b"/checked/" };
        out.extend_from_slice(key);
        out.extend_from_slice(if is_on { b"on" } else { b"off" });
    }
    out.extend_from_slice(b"/Desc");
    push_text(out, &field.entry.description);
    out.extend_from_slice(b">>");
}
