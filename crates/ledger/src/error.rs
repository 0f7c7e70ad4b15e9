//! What can be wrong with what this crate reads, and where.

use std::fmt;

/// Something that is not what it should be, without its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// Text that does not follow the format.
    #[error("the {what} cannot be read: {reason}")]
    Malformed {
        /// What was read.
        what: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// No signature by the key that is trusted.
    #[error("the checkpoint bears no signature of `{name}`")]
    Unsigned {
        /// Name of the trusted key.
        name: String,
    },
    /// A signature that does not fit its text.
    #[error("the signature of `{name}` is false")]
    FalseSignature {
        /// Name of the key.
        name: String,
    },
    /// A checkpoint that was signed by a key after it had been replaced.
    #[error("the key of `{name}` that signed the checkpoint had been replaced before")]
    KeyReplaced {
        /// Name of the log.
        name: String,
    },
    /// A checkpoint of another log.
    #[error("the checkpoint is of the log `{found}`, not of `{expected}`")]
    OtherLog {
        /// Whose checkpoint it is.
        found: String,
        /// Whose it should be.
        expected: String,
    },
    /// A proof that does not lead to the root.
    #[error("the proof does not lead to the root of the checkpoint")]
    FalseProof,
    /// The cryptographic library failed.
    #[error("the cryptographic library failed")]
    Library,
}

/// The first thing that is wrong with a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Number of the entry from which on the ledger cannot be trusted.
    pub number: u64,
    /// When that entry was made, in milliseconds since 1970, as far as that can be known.
    pub at_millis: Option<u64>,
    /// What is wrong.
    pub kind: WrongKind,
}

/// What is wrong with a ledger.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WrongKind {
    /// The entry's text is not the one that was hashed.
    #[error("the entry was changed after it was written")]
    Changed,
    /// The entry's body is not the one that was committed to.
    #[error("the entry's body was changed after it was written")]
    BodyChanged,
    /// The entry is in the tree, but its text is gone.
    #[error("the entry was deleted")]
    Deleted,
    /// The number before was followed by another one.
    #[error("the entry is missing: number {found} follows")]
    Missing {
        /// The number found instead.
        found: u64,
    },
    /// Entries end although a checkpoint promises more.
    #[error("the ledger was cut off here: a checkpoint promises {size} entries")]
    CutOff {
        /// Entries that the checkpoint promises.
        size: u64,
    },
    /// Root and entries differ; entries up to the checkpoint before are right.
    #[error(
        "an entry from here up to number {last} was changed together with its hash: the checkpoint promises the root {promised}, the entries give {found}"
    )]
    OtherRoot {
        /// The last number under the checkpoint.
        last: u64,
        /// The root that was signed.
        promised: String,
        /// The root of the entries.
        found: String,
    },
    /// Two signed checkpoints that cannot both be true.
    #[error("the ledger was forked: two checkpoints of {size} entries are signed, with the roots {first} and {second}")]
    Forked {
        /// Their size.
        size: u64,
        /// One root.
        first: String,
        /// The other.
        second: String,
    },
    /// Too few witnesses cosigned.
    #[error("no checkpoint bears enough cosignatures of the witnesses that are asked for")]
    Unwitnessed,
    /// Entries after the last checkpoint.
    #[error("no checkpoint covers the entries from here on")]
    Uncovered,
    /// A checkpoint is not signed as it should be.
    #[error("a checkpoint is not to be trusted: {0}")]
    Checkpoint(LedgerError),
    /// A line that does not follow the format.
    #[error("{0}")]
    Line(LedgerError),
}

impl fmt::Display for Wrong {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "entry {}", self.number)?;
        if let Some(at) = self.at_millis {
            write!(formatter, " of {at}")?;
        }
        write!(formatter, ": {}", self.kind)
    }
}
