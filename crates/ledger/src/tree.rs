//! A growing tree, held by its right edge: the complete subtrees that no later leaf can change.

use crate::hash::{Hash, node_hash};
use crate::{NodeId, Plan};

/// The right edge of a tree: one hash for every bit that is set in its size, the largest subtree first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Default for Frontier {
    fn default() -> Self {
        Self::new()
    }
}

impl Frontier {
    /// The empty tree.
    #[must_use]
    pub const fn new() -> Self {
        Self { size: 0, peaks: Vec::new() }
    }

    /// The tree of `size` leaves from its stored nodes; nothing when `read` does not know one of them.
    pub fn restore(size: u64, read: impl Fn(NodeId) -> Option<Hash>) -> Option<Self> {
        let peaks = Plan::root(size).nodes().into_iter().map(read).collect::<Option<Vec<_>>>()?;
        Some(Self { size, peaks })
    }

    /// Number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf and tells every node that this completes, the leaf first.
    pub fn append(&mut self, leaf: Hash, mut completed: impl FnMut(NodeId, Hash)) {
        let (mut level, mut index, mut hash) = (0, self.size, leaf);
        completed(NodeId { level, index }, hash);
        // An odd index has its complete sibling on the left: together they complete their parent.
        while index % 2 == 1 {
            let Some(left) = self.peaks.pop() else { break };
            hash = node_hash(&left, &hash);
            level += 1;
            index /= 2;
            completed(NodeId { level, index }, hash);
        }
        self.peaks.push(hash);
        self.size = self.size.saturating_add(1);
    }

    /// The root (RFC 6962, 2.1); of no leaves, the digest of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        fold(&self.peaks).unwrap_or_else(|| Hash::of(&[]))
    }
}

/// Joins complete subtrees, the largest first, into the hash of all of them.
pub(crate) fn fold(peaks: &[Hash]) -> Option<Hash> {
    peaks.iter().rev().copied().reduce(|right, left| node_hash(&left, &right))
}
