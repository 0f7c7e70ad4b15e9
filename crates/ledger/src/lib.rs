//! The audit ledger as arithmetic: entries, a Merkle tree over them, signed checkpoints, proofs, and their verifier.
//!
//! It knows no database, no clock, no files and no other part of Chancery, so that a stranger can read and run it alone.
//! The format is written down in `docs/reference/ledger.md`.
//!
//! - [`Entry`] is one act as one line of text; [`leaf_hash`] of that line is its leaf.
//! - [`Frontier`] grows the tree (RFC 6962) and gives its root; [`Plan`] says which hashes a proof needs, [`Tiles`] has them.
//! - [`verify_inclusion`] and [`verify_consistency`] check proofs with nothing but hashes.
//! - [`Checkpoint`] is size and root of the tree; a [`Note`] carries it with signatures.
//! - [`sign_receipt`] and [`open_receipt`] say what was destroyed, under the same key.
//! - [`Destruction`] is what two custodians sign, [`Receipt`] what is left of a destruction.
//! - [`LogKeys`] follows the keys of a log from one to the next.
//! - [`AddCheckpoint`] is what a witness is asked, and decides whether it may cosign.
//! - [`ExportVerifier`] reads an export line by line and names the first thing that is wrong.

mod checkpoint;
mod destruction;
mod encoding;
mod entry;
mod error;
mod export;
mod hash;
mod log_keys;
mod note;
mod plan;
mod proof;
mod receipt;
mod tiles;
mod tree;
mod witness;

pub use checkpoint::{Checkpoint, Handover};
pub use destruction::{Destruction, Receipt, both_signed};
pub use entry::{Commitment, Entry, Party, id_millis};
pub use error::{LedgerError, Wrong, WrongKind};
pub use export::{
    EXPORT_HEADER, ExportVerifier, LINE_BYTES_MAX, Verified, body_line, checkpoint_line, entry_line, key_line,
    lost_line,
};
pub use hash::{Hash, leaf_hash, node_hash};
pub use log_keys::{LogKeys, Standing};
pub use note::{NOTE_BYTES_MAX, Note, PublicKey, SigningKey};
pub use plan::{NodeId, Plan};
pub use proof::{InclusionProof, verify_consistency, verify_inclusion};
pub use receipt::{open_receipt, receipt_digest, sign_receipt};
pub use tiles::Tiles;
pub use tree::Frontier;
pub use witness::{ADD_CHECKPOINT_BYTES_MAX, AddCheckpoint, Refusal, Seen, WitnessPolicy};
