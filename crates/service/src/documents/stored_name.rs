//! What is sealed beside a document: its file name, whether browsers save or show it, its class and its digest.

use super::FileName;
use crate::classes::{self, CLASS_BEFORE_CLASSES, Class};
use crate::links::{from_hexadecimal, hexadecimal};

/// A file name with what belongs to the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredName {
    pub(crate) file_name: FileName,
    pub(crate) download: bool,
    pub(crate) class: Class,
    /// SHA-256 of the file.
    pub(crate) digest: Option<[u8; 32]>,
}

const SAVE: &str = "save";
const SHOW: &str = "show";

impl StoredName {
    /// `save` or `show`, the class, the digest, with semicolons between; then a colon and the name.
    pub(super) fn to_text(&self) -> String {
        let mode = if self.download { SAVE } else { SHOW };
        let digest = self.digest.map(|digest| hexadecimal(&digest)).unwrap_or_default();
        format!("{mode};{};{digest}:{}", self.class.name(), self.file_name.as_str())
    }

    /// Reads the stored form, also that of before there were classes; what no version wrote is saved under a plain name
    /// and handled as the strictest.
    pub(crate) fn from_text(text: &str) -> Self {
        let unknown = || Self {
            file_name: FileName::new("", "document"),
            download: true,
            class: Class::Restricted,
            digest: None,
        };
        let Some((head, name)) = text.split_once(':') else { return unknown() };
        let mut head = head.split(';');
        let download = match head.next() {
            Some(SAVE) => true,
            Some(SHOW) => false,
            _ => return unknown(),
        };
        let class = match head.next() {
            None => CLASS_BEFORE_CLASSES,
            Some(name) => match classes::from_name(name) {
                Some(class) => class,
                None => return unknown(),
            },
        };
        let digest = head.next().and_then(from_hexadecimal).and_then(|bytes| bytes.try_into().ok());
        Self { file_name: FileName::new(name, "document"), download, class, digest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_form_can_be_read_again() {
        for download in [true, false] {
            for (_, class) in Class::ALL {
                for digest in [None, Some([7; 32])] {
                    let name = StoredName { file_name: FileName::new("a: b;c.pdf", "x"), download, class, digest };
                    assert_eq!(StoredName::from_text(&name.to_text()), name);
                }
            }
        }
    }

    #[test]
    fn what_was_stored_before_there_were_classes_has_the_class_of_then() {
        let name = StoredName::from_text("show:a.pdf");
        assert_eq!((name.file_name.as_str(), name.download, name.class), ("a.pdf", false, Class::Confidential));
    }

    #[test]
    fn an_unknown_form_is_saved_under_a_plain_name_and_handled_as_the_strictest() {
        for text in ["../../etc", "", "save;secret;:a.pdf", "open:a.pdf"] {
            let name = StoredName::from_text(text);
            assert_eq!((name.file_name.as_str(), name.download, name.class), ("document", true, Class::Restricted));
        }
    }
}
