//! What a place is: something outside of the database that keeps checkpoints, and mostly gives them back.

pub(crate) mod bucket;
pub(crate) mod file;
mod syslog;
mod web;
mod web_address;
mod witness;

use std::time::Duration;

use chancery_ledger::{Hash, Note, PublicKey};
use futures::future::BoxFuture;

pub(crate) use self::bucket::Bucket;
pub use self::file::FilePlace;
pub(crate) use self::syslog::Syslog;
pub(crate) use self::web_address::WebAddress;
pub(crate) use self::witness::{Witness, origin_id};

use crate::PlaceError;

/// Proves that the ledger grew, for places that remember an earlier size.
pub trait Proofs: Send + Sync {
    /// The proof that the tree of `new` entries continues that of `old`, or why there is none.
    fn consistency(&self, old: u64, new: u64) -> BoxFuture<'_, Result<Vec<Hash>, String>>;
}

/// A checkpoint that a place should keep.
pub struct Offer<'a> {
    /// The signed checkpoint.
    pub note: &'a Note,
    /// Entries of the last checkpoint that the place is known to keep.
    pub kept: u64,
    /// Where proofs come from.
    pub proofs: &'a dyn Proofs,
    /// Now, in milliseconds since 1970.
    pub now_millis: u64,
}

/// What a witness answered; checked already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosignature {
    /// Its key.
    pub key: PublicKey,
    /// The lines of its answer.
    pub lines: String,
}

/// Something that keeps checkpoints.
pub trait Place: Send + Sync {
    /// `file`, `bucket`, `witness`, `web` or `syslog`.
    fn kind(&self) -> &'static str;

    /// Keeps a checkpoint; it is kept when this returns. A witness cosigns it.
    fn keep<'a>(&'a self, offer: &'a Offer<'a>) -> BoxFuture<'a, Result<Option<Cosignature>, PlaceError>>;

    /// The checkpoints of the log `origin` that it keeps; nothing when it never gives anything back.
    fn read<'a>(&'a self, origin: &'a str) -> BoxFuture<'a, Result<Option<Vec<Note>>, PlaceError>>;
}

/// A place with what the operator says of it.
pub struct Configured {
    /// Its name, which its progress is remembered by.
    pub name: String,
    /// The least time between two checkpoints.
    pub interval: Duration,
    /// The time that it has to keep one.
    pub timeout: Duration,
    /// The place.
    pub place: Box<dyn Place>,
}
