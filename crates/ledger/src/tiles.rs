//! The tree as it is stored: the leaves and the nodes of every fourth level, sixteen siblings together; the rest is computed.

use std::collections::BTreeMap;

use crate::{Frontier, Hash, NodeId};

/// Levels from one that is stored to the next: a ledger then stores one node for fifteen leaves, and a proof computes at
/// most fourteen hashes for each tile.
const TILE_HEIGHT: u8 = 4;
/// Hashes of a full tile.
const TILE_HASHES: u64 = 1 << TILE_HEIGHT;
/// Bytes of a hash.
const HASH_BYTES: usize = 32;

impl NodeId {
    /// Whether it is stored, and not computed from those below it.
    #[must_use]
    pub const fn is_stored(self) -> bool {
        self.level.is_multiple_of(TILE_HEIGHT)
    }
}

/// Tiles of a tree. What a proof needs is in those on the way from a leaf to the root and those at the right edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tiles {
    size: u64,
    tiles: BTreeMap<NodeId, Vec<Hash>>,
}

impl Tiles {
    /// None yet, of the tree with so many leaves.
    #[must_use]
    pub const fn of(size: u64) -> Self {
        Self { size, tiles: BTreeMap::new() }
    }

    /// Adds a tile by the place of its first hash. One that does not have all hashes that it must have in this tree is
    /// left out, so that its hashes are missing.
    pub fn insert(&mut self, first: NodeId, hashes: &[u8]) {
        let there = self.size.checked_shr(first.level.into()).unwrap_or(0);
        let expected = there.saturating_sub(first.index).min(TILE_HASHES);
        let tile: Option<Vec<Hash>> = hashes.chunks(HASH_BYTES).map(Hash::from_slice).collect();
        if let Some(tile) = tile.filter(|tile| u64::try_from(tile.len()) == Ok(expected)) {
            self.tiles.insert(first, tile);
        }
    }

    /// The hash of a complete subtree; nothing when its tile is not here.
    #[must_use]
    pub fn hash(&self, node: NodeId) -> Option<Hash> {
        let height = node.level % TILE_HEIGHT;
        let start = node.index.checked_mul(1 << height)?;
        let first = start - start % TILE_HASHES;
        let tile = self.tiles.get(&NodeId { level: node.level - height, index: first })?;
        let from = usize::try_from(start - first).ok()?;
        let mut subtree = Frontier::new();
        for hash in tile.get(from..from + (1 << height))? {
            subtree.append(*hash, |_, _| {});
        }
        Some(subtree.root())
    }
}
