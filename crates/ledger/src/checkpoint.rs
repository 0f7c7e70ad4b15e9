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
    /// The key that signs from here on, when it changes here.
    pub handover: Option<Handover>,
}

/// The key that follows; the checkpoint is signed by both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// The next key. It has the name of the log.
    pub key: PublicKey,
    /// The time since when somebody else may have had the key before, in milliseconds since 1970.
    pub compromised_since: Option<u64>,
}

/// The first word of the extension line that introduces the next key.
const NEXT_KEY: &str = "next-key";

impl Checkpoint {
    /// The signed text: origin, size, root, each a line; and one more when the key changes.
    #[must_use]
    pub fn to_text(&self) -> String {
        let handover = self.handover.as_ref().map_or_else(String::new, |handover| {
            let since = handover.compromised_since.map_or_else(String::new, |since| format!(" {since}"));
            format!("{NEXT_KEY} {}{since}\n", handover.key.to_text())
        });
        format!("{}\n{}\n{}\n{handover}", self.origin, self.size, self.root)
    }

    /// Reads the text of a note. Lines after the third are extensions; those that are not known mean nothing here.
    ///
    /// # Errors
    /// [`LedgerError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, LedgerError> {
        let malformed = |reason| LedgerError::Malformed { what: "checkpoint", reason };
        let mut lines = text.split('\n');
        let origin = lines.next().filter(|origin| !origin.is_empty()).ok_or_else(|| malformed("it names no log"))?;
        let size = lines.next().and_then(number).ok_or_else(|| malformed("its second line is not a size"))?;
        let root = lines.next().and_then(Hash::parse).ok_or_else(|| malformed("its third line is not a root"))?;
        let mut introduced = lines.filter_map(|line| line.strip_prefix(NEXT_KEY)?.strip_prefix(' '));
        let handover = introduced.next().map(handover).transpose()?;
        if introduced.next().is_some() {
            return Err(malformed("it introduces two keys"));
        }
        Ok(Self { origin: origin.to_owned(), size, root, handover })
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

/// Reads what follows `next-key`: a key, and a time when there is one.
fn handover(text: &str) -> Result<Handover, LedgerError> {
    let (key, since) = text.split_once(' ').map_or((text, None), |(key, since)| (key, Some(since)));
    let reason = "its time of compromise is no number";
    let since = since.map(|since| number(since).ok_or(LedgerError::Malformed { what: "checkpoint", reason }));
    Ok(Handover { key: PublicKey::parse(key)?, compromised_since: since.transpose()? })
}
