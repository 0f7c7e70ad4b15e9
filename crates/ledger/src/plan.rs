//! Which stored hashes a proof needs, so that they can be read in one question.

use crate::hash::Hash;
use crate::tree::fold;

/// A complete subtree: of the `2^level` leaves from `index * 2^level` on. Level 0 are the leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId {
    /// Its height.
    pub level: u8,
    /// Its place among those of its height, from 0.
    pub index: u64,
}

/// A proof before its hashes are known: each of them covers a range of leaves, which is made of complete subtrees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    ranges: Vec<(u64, u64)>,
}

impl Plan {
    /// The root of a tree of `size` leaves.
    #[must_use]
    pub fn root(size: u64) -> Self {
        Self { ranges: vec![(0, size)] }
    }

    /// The proof that leaf `index` is in the tree of `size` leaves (RFC 6962, 2.1.1); nothing when it is not.
    #[must_use]
    pub fn inclusion(index: u64, size: u64) -> Option<Self> {
        if index >= size {
            return None;
        }
        let (mut start, mut end, mut ranges) = (0, size, Vec::new());
        while end - start > 1 {
            let middle = start + split(end - start);
            if index < middle {
                ranges.push((middle, end));
                end = middle;
            } else {
                ranges.push((start, middle));
                start = middle;
            }
        }
        ranges.reverse();
        Some(Self { ranges })
    }

    /// The proof that the tree of `new` leaves continues the one of `old` (RFC 6962, 2.1.2); nothing when it is smaller.
    ///
    /// Every tree continues the empty one and itself: both proofs are empty.
    #[must_use]
    pub fn consistency(old: u64, new: u64) -> Option<Self> {
        if old > new {
            return None;
        }
        let (mut start, mut end, mut ranges) = (0, new, Vec::new());
        if old == 0 {
            return Some(Self { ranges });
        }
        while old < end {
            let middle = start + split(end - start);
            if old <= middle {
                ranges.push((middle, end));
                end = middle;
            } else {
                ranges.push((start, middle));
                start = middle;
            }
        }
        // Whoever checks knows the old root already when it is a complete subtree at the left edge.
        if start > 0 {
            ranges.push((start, end));
        }
        ranges.reverse();
        Some(Self { ranges })
    }

    /// All nodes that must be read.
    #[must_use]
    pub fn nodes(&self) -> Vec<NodeId> {
        self.ranges.iter().flat_map(|&(start, end)| subtrees(start, end)).collect()
    }

    /// The hashes of the proof; nothing when `read` does not know a node.
    pub fn hashes(&self, read: impl Fn(NodeId) -> Option<Hash>) -> Option<Vec<Hash>> {
        self.ranges
            .iter()
            .map(|&(start, end)| {
                let peaks = subtrees(start, end).into_iter().map(&read).collect::<Option<Vec<_>>>()?;
                fold(&peaks)
            })
            .collect()
    }
}

/// The largest power of two below `length`, which is at least 2.
fn split(length: u64) -> u64 {
    1 << (u64::BITS - 1 - (length - 1).leading_zeros())
}

/// The complete subtrees that make up a range, the largest first. `start` is a multiple of the largest one's length.
fn subtrees(mut start: u64, end: u64) -> Vec<NodeId> {
    let mut nodes = Vec::new();
    while start < end {
        let level = u64::BITS - 1 - (end - start).leading_zeros();
        nodes.push(NodeId { level: u8::try_from(level).unwrap_or(u8::MAX), index: start >> level });
        start += 1 << level;
    }
    nodes
}
