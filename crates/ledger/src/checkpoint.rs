//! Size and root of the tree at one moment, in the form of C2SP tlog-checkpoint.

use crate::encoding::number;
use crate::{Hash, LedgerError, Note, PublicKey, SigningKey};

/// What a log promises: so many entries, with this root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name, which is also the name of its key.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// Root of the tree over them.
    pub root: Hash,
}

impl Checkpoint {
    /// The signed text: origin, size, root, each a line.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root)
    }

    /// Reads the text of a note. Lines after the third are extensions and mean nothing here.
    ///
    /// # Errors
    /// [`LedgerError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, LedgerError> {
        let malformed = |reason| LedgerError::Malformed { what: "checkpoint", reason };
        let mut lines = text.split('\n');
        let origin = lines.next().filter(|origin| !origin.is_empty()).ok_or_else(|| malformed("it names no log"))?;
        let size = lines.next().and_then(number).ok_or_else(|| malformed("its second line is not a size"))?;
        let root = lines.next().and_then(Hash::parse).ok_or_else(|| malformed("its third line is not a root"))?;
        Ok(Self { origin: origin.to_owned(), size, root })
    }

    /// Signs it.
    ///
    /// # Errors
    /// The cryptographic library failed.
    pub fn sign(&self, key: &SigningKey) -> Result<Note, LedgerError> {
        let mut note = Note::new(self.to_text());
        note.sign(key)?;
        Ok(note)
    }

    /// Reads the checkpoint of a note after checking that `log` signed it and that it is of that log.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn open(note: &Note, log: &PublicKey) -> Result<Self, LedgerError> {
        note.verify(log)?;
        let checkpoint = Self::parse(note.text())?;
        if checkpoint.origin != log.name() {
            return Err(LedgerError::OtherLog { found: checkpoint.origin, expected: log.name().to_owned() });
        }
        Ok(checkpoint)
    }
}
