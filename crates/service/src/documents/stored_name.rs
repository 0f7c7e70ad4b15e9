//! What is sealed beside a document: its file name, and whether browsers save or show it.

use super::FileName;

/// A file name with its disposition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredName {
    pub(crate) file_name: FileName,
    pub(crate) download: bool,
}

const SAVE: &str = "save:";
const SHOW: &str = "show:";

impl StoredName {
    pub(super) fn to_text(&self) -> String {
        format!("{}{}", if self.download { SAVE } else { SHOW }, self.file_name.as_str())
    }

    /// Reads the stored form; what this version did not write is shown under a plain name.
    pub(crate) fn from_text(text: &str) -> Self {
        let (download, name) = match (text.strip_prefix(SAVE), text.strip_prefix(SHOW)) {
            (Some(name), _) => (true, name),
            (None, Some(name)) => (false, name),
            (None, None) => (true, ""),
        };
        Self { file_name: FileName::new(name, "document"), download }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_form_can_be_read_again() {
        for download in [true, false] {
            let name = StoredName { file_name: FileName::new("a: b.pdf", "x"), download };
            assert_eq!(StoredName::from_text(&name.to_text()), name);
        }
    }

    #[test]
    fn an_unknown_form_is_saved_under_a_plain_name() {
        let expected = StoredName { file_name: FileName::new("document", "x"), download: true };
        assert_eq!(StoredName::from_text("../../etc"), expected);
        assert_eq!(StoredName::from_text(""), expected);
    }
}
