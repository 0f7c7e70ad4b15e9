//! Checks proofs (RFC 9162, 2.1.3.2 and 2.1.4.2), and the file that carries the proof of one entry.

use std::fmt::Write as _;

use crate::encoding::{base64, from_base64, number};
use crate::hash::{Hash, leaf_hash, node_hash};
use crate::{Checkpoint, Entry, LedgerError, LogKeys, Note, PublicKey, Standing};

/// First line of a proof (C2SP tlog-proof).
const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// Hashes of a proof: no tree is higher than its size has bits.
const HASH_COUNT_MAX: usize = 64;

/// Checks that `leaf` stands at `index` of the tree with `size` leaves and this root.
///
/// # Errors
/// [`LedgerError::FalseProof`].
pub fn verify_inclusion(index: u64, size: u64, leaf: &Hash, proof: &[Hash], root: &Hash) -> Result<(), LedgerError> {
    if index >= size {
        return Err(LedgerError::FalseProof);
    }
    let (mut place, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in proof {
        if last == 0 {
            return Err(LedgerError::FalseProof);
        }
        if place % 2 == 1 || place == last {
            hash = node_hash(sibling, &hash);
            // A right edge without siblings goes up until it is a right child.
            while place.is_multiple_of(2) && place != 0 {
                place /= 2;
                last /= 2;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        place /= 2;
        last /= 2;
    }
    if last == 0 && hash == *root { Ok(()) } else { Err(LedgerError::FalseProof) }
}

/// Checks that the tree of `new` leaves continues the one of `old` leaves.
///
/// # Errors
/// [`LedgerError::FalseProof`].
pub fn verify_consistency(old: (u64, &Hash), new: (u64, &Hash), proof: &[Hash]) -> Result<(), LedgerError> {
    let ((old_size, old_root), (new_size, new_root)) = (old, new);
    if old_size == 0 || old_size == new_size {
        let is_same = old_size == 0 || old_root == new_root;
        return if proof.is_empty() && old_size <= new_size && is_same { Ok(()) } else { Err(LedgerError::FalseProof) };
    }
    if old_size > new_size {
        return Err(LedgerError::FalseProof);
    }
    let mut hashes = proof.iter();
    // A complete old tree is itself the first node, which the proof leaves out.
    let first = if old_size.is_power_of_two() { Some(old_root) } else { hashes.next() };
    let first = *first.ok_or(LedgerError::FalseProof)?;
    let shift = (old_size - 1).trailing_ones();
    let (mut place, mut last) = ((old_size - 1) >> shift, (new_size - 1) >> shift);
    let (mut old_hash, mut new_hash) = (first, first);
    for sibling in hashes {
        if last == 0 {
            return Err(LedgerError::FalseProof);
        }
        if place % 2 == 1 || place == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            while place.is_multiple_of(2) && place != 0 {
                place /= 2;
                last /= 2;
            }
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        place /= 2;
        last /= 2;
    }
    if last == 0 && old_hash == *old_root && new_hash == *new_root { Ok(()) } else { Err(LedgerError::FalseProof) }
}

/// An entry with everything that proves it: its place, the hashes to the root, and the signed checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    /// The entry's text.
    pub entry: Entry,
    /// The hashes from its leaf to the root.
    pub hashes: Vec<Hash>,
    /// The signed checkpoint.
    pub note: Note,
}

impl InclusionProof {
    /// The proof as text: C2SP tlog-proof, with the entry as its extra data.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text =
            format!("{HEADER}\nextra {}\nindex {}\n", base64(self.entry.to_line().as_bytes()), self.entry.number);
        for hash in &self.hashes {
            // Writing into a string cannot fail.
            let _ = writeln!(text, "{hash}");
        }
        text.push('\n');
        text.push_str(&self.note.to_text());
        text
    }

    /// Reads a proof; it is not checked yet.
    ///
    /// # Errors
    /// [`LedgerError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, LedgerError> {
        let malformed = |reason| LedgerError::Malformed { what: "proof", reason };
        let (head, note) =
            text.split_once("\n\n").ok_or_else(|| malformed("it has no empty line before its checkpoint"))?;
        let mut lines = head.split('\n');
        if lines.next() != Some(HEADER) {
            return Err(malformed("its first line is not `c2sp.org/tlog-proof@v1`"));
        }
        let extra = lines.next().and_then(|line| line.strip_prefix("extra ")).and_then(from_base64);
        let extra = extra.and_then(|bytes| String::from_utf8(bytes).ok());
        let entry = Entry::parse(&extra.ok_or_else(|| malformed("its second line is not `extra` with an entry"))?)?;
        let index = lines.next().and_then(|line| line.strip_prefix("index ")).and_then(number);
        if index != Some(entry.number) {
            return Err(malformed("its third line is not `index` with the entry's number"));
        }
        let hashes: Option<Vec<_>> = lines.take(HASH_COUNT_MAX + 1).map(Hash::parse).collect();
        let hashes = hashes.filter(|hashes| hashes.len() <= HASH_COUNT_MAX);
        let hashes = hashes.ok_or_else(|| malformed("what follows `index` is not up to 64 hashes"))?;
        Ok(Self { entry, hashes, note: Note::parse(note)? })
    }

    /// Checks everything: the checkpoint's signature by `log`, and that the entry is under it. Gives the checkpoint.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn verify(&self, log: &PublicKey) -> Result<Checkpoint, LedgerError> {
        self.verify_with(&LogKeys::trusting(log.clone()))
    }

    /// Checks everything by the keys of the log, as far as they were followed.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn verify_with(&self, keys: &LogKeys) -> Result<Checkpoint, LedgerError> {
        let checkpoint = Checkpoint::parse(self.note.text())?;
        if checkpoint.origin != keys.origin() {
            return Err(LedgerError::OtherLog { found: checkpoint.origin, expected: keys.origin().to_owned() });
        }
        if keys.judge(&self.note, checkpoint.size, None)? == Standing::Discounted {
            return Err(LedgerError::KeyReplaced { name: checkpoint.origin });
        }
        let leaf = leaf_hash(self.entry.to_line().as_bytes());
        verify_inclusion(self.entry.number, checkpoint.size, &leaf, &self.hashes, &checkpoint.root)?;
        Ok(checkpoint)
    }
}
