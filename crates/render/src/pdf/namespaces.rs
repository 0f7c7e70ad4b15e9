//! Namespaces of structure types, which PDF 2.0 has (ISO 32000-2, 14.7.4 and 14.8.6).

use super::PdfError;
use super::file::File;
use super::number::{push_item, push_reference};
use crate::conformance::FileVersion;
use crate::document::Role;

/// The standard types of PDF 1.7, and those of PDF 2.0.
const NAMES: [&[u8]; 2] = [b"http://iso.org/pdf/ssn", b"http://iso.org/pdf2/ssn"];

/// Where the namespaces are in a file, which has them or not.
pub(super) struct Namespaces {
    ids: Option<[u32; 2]>,
}

impl Namespaces {
    /// Takes numbers for them, in a file of PDF 2.0.
    pub(super) fn new(file: &mut File<'_>) -> Self {
        let has_them = file.version == FileVersion::Pdf20;
        Self { ids: has_them.then(|| std::array::from_fn(|_| file.reserve())) }
    }

    /// Writes a structure type, after its slash.
    pub(super) fn push_role(&self, out: &mut Vec<u8>, role: Role) {
        let Some([old, new]) = self.ids else {
            // Stress and importance are types of PDF 2.0.
            let role = if matches!(role, Role::Emphasis | Role::Strong) { Role::Span } else { role };
            out.extend_from_slice(role.name().as_bytes());
            return;
        };
        let (name, namespace) = match role {
            // A note is a footnote or endnote now.
            Role::Note => ("FENote", new),
            // These were left behind in the older namespace, which stays a standard one.
            Role::Quote | Role::BlockQuote | Role::Code | Role::TableOfContents | Role::TableOfContentsItem => {
                (role.name(), old)
            }
            _ => (role.name(), new),
        };
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"/NS ");
        push_reference(out, namespace);
    }

    /// Writes the entry of the tree's root.
    pub(super) fn push_list(&self, out: &mut Vec<u8>) {
        let Some(ids) = self.ids else { return };
        out.extend_from_slice(b"/Namespaces[");
        for id in ids {
            push_item(out, id);
        }
        out.push(b']');
    }

    /// Writes the namespaces.
    pub(super) fn write(&self, file: &mut File<'_>) -> Result<(), PdfError> {
        for (id, name) in self.ids.into_iter().flatten().zip(NAMES) {
            let out = file.object(id)?;
            out.extend_from_slice(b"<</Type/Namespace/NS");
            super::number::push_literal(out, name);
            out.extend_from_slice(b">>");
        }
        Ok(())
    }
}
