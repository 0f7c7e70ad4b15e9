//! What a witness decides, without network and files: requests of C2SP tlog-witness, and whether a checkpoint may be cosigned.

use std::fmt::Write as _;

use crate::encoding::number;
use crate::{Checkpoint, Hash, LedgerError, LogKeys, NOTE_BYTES_MAX, Note, PublicKey, verify_consistency};

/// Hashes of a consistency proof: C2SP tlog-witness allows 63.
const PROOF_HASHES_MAX: usize = 63;
/// Bytes of a request: a note, 63 hashes of 44 letters, the size.
pub const ADD_CHECKPOINT_BYTES_MAX: usize = NOTE_BYTES_MAX + 4096;

/// A request to cosign a checkpoint: what the witness saw last, the proof from there, and the checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// Size of the last checkpoint that this witness cosigned; 0 when there is none.
    pub old: u64,
    /// The consistency proof from there.
    pub proof: Vec<Hash>,
    /// The signed checkpoint.
    pub note: Note,
}

/// What a witness remembers of one log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Entries of the last checkpoint.
    pub size: u64,
    /// Its root.
    pub root: Hash,
    /// The key that signs the log now.
    pub key: PublicKey,
}

/// Why a witness does not cosign; each has its status in C2SP tlog-witness.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The request does not follow the format, or the old size is beyond the checkpoint.
    #[error("{0}")]
    Malformed(LedgerError),
    /// The log is not among those that are watched.
    #[error("this log is not watched here")]
    UnknownLog,
    /// The log's key did not sign.
    #[error("{0}")]
    NotSigned(LedgerError),
    /// The old size is not the one that was seen last, or the same size has another root: a fork.
    #[error("the last checkpoint seen has {size} entries and another root or size")]
    Conflict {
        /// The size that was seen last.
        size: u64,
    },
    /// The proof does not lead from the root that was seen to the new one.
    #[error("the checkpoint does not continue the one that was seen last")]
    Inconsistent,
}

impl Refusal {
    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Malformed(_) => 400,
            Self::NotSigned(_) => 403,
            Self::UnknownLog => 404,
            Self::Conflict { .. } => 409,
            Self::Inconsistent => 422,
        }
    }
}

impl AddCheckpoint {
    /// The request as text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = format!("old {}\n", self.old);
        for hash in &self.proof {
            // Writing into a string cannot fail.
            let _ = writeln!(text, "{hash}");
        }
        text.push('\n');
        text.push_str(&self.note.to_text());
        text
    }

    /// Reads a request; nothing of it is checked yet.
    ///
    /// # Errors
    /// [`LedgerError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, LedgerError> {
        let malformed = |reason| LedgerError::Malformed { what: "request", reason };
        if text.len() > ADD_CHECKPOINT_BYTES_MAX {
            return Err(malformed("it is too long"));
        }
        let (head, note) = text.split_once("\n\n").ok_or_else(|| malformed("it has no empty line"))?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old ")).and_then(number);
        let old = old.ok_or_else(|| malformed("its first line is not `old` with a size"))?;
        let proof: Option<Vec<_>> = lines.take(PROOF_HASHES_MAX + 1).map(Hash::parse).collect();
        let proof = proof.filter(|proof| proof.len() <= PROOF_HASHES_MAX);
        let proof = proof.ok_or_else(|| malformed("what follows `old` is not up to 63 hashes"))?;
        Ok(Self { old, proof, note: Note::parse(note)? })
    }

    /// The name of the log, as the checkpoint says it.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.note.text().split('\n').next().unwrap_or_default()
    }

    /// Decides whether the checkpoint continues what was seen of its log, whose key is `key` when nothing was seen yet.
    /// Gives what to remember; a witness must have stored that before it cosigns.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn consider(&self, key: &PublicKey, seen: Option<&Seen>) -> Result<Seen, Refusal> {
        if self.origin() != key.name() {
            return Err(Refusal::UnknownLog);
        }
        let mut keys = LogKeys::trusting(seen.map_or(key, |seen| &seen.key).clone());
        let opened = keys.open(&self.note);
        let Checkpoint { size, root, .. } = match opened {
            Ok(checkpoint) => checkpoint,
            Err(error @ LedgerError::Malformed { .. }) => return Err(Refusal::Malformed(error)),
            // A checkpoint that was seen already and introduced the key of now is signed by the one before.
            Err(error) => return Err(Refusal::NotSigned(error)),
        };
        if self.old > size {
            let reason = "its old size is beyond its checkpoint";
            return Err(Refusal::Malformed(LedgerError::Malformed { what: "request", reason }));
        }
        let (seen_size, seen_root) = seen.map_or((0, None), |seen| (seen.size, Some(&seen.root)));
        if self.old != seen_size || (seen_size == size && seen_root.is_some_and(|seen| *seen != root)) {
            return Err(Refusal::Conflict { size: seen_size });
        }
        let empty = Hash::of(&[]);
        verify_consistency((seen_size, seen_root.unwrap_or(&empty)), (size, &root), &self.proof)
            .map_err(|_| Refusal::Inconsistent)?;
        let key = keys.current().unwrap_or(key).clone();
        Ok(Seen { size, root, key })
    }
}

/// Which witnesses are believed, and how many of them must have cosigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessPolicy {
    keys: Vec<PublicKey>,
    least: usize,
}

impl WitnessPolicy {
    /// At least `least` of these witnesses; a key that is given twice counts once.
    ///
    /// # Errors
    /// [`LedgerError::Malformed`] when so many cannot be.
    pub fn new(mut keys: Vec<PublicKey>, least: usize) -> Result<Self, LedgerError> {
        keys.sort_by_key(PublicKey::to_text);
        keys.dedup();
        if least == 0 || least > keys.len() || !keys.iter().all(PublicKey::is_witness) {
            let reason = "it asks for none, for more than there are keys, or names a key that is no witness's";
            return Err(LedgerError::Malformed { what: "witness policy", reason });
        }
        Ok(Self { keys, least })
    }

    /// When enough witnesses had cosigned the note, in seconds since 1970; nothing when too few did.
    ///
    /// # Errors
    /// A cosignature of a known witness is false.
    pub fn witnessed_at(&self, note: &Note) -> Result<Option<u64>, LedgerError> {
        let mut times = Vec::new();
        for key in &self.keys {
            match note.verify(key) {
                Ok(at) => times.extend(at),
                Err(LedgerError::Unsigned { .. }) => {}
                Err(other) => return Err(other),
            }
        }
        times.sort_unstable();
        Ok(times.get(self.least - 1).copied())
    }
}
