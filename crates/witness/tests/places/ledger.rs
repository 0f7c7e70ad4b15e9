//! A ledger in memory that proves its growth, and can be forked.

use std::collections::BTreeMap;

use chancery_ledger::{Checkpoint, Frontier, Handover, Hash, NodeId, Note, Plan, SigningKey, leaf_hash};
use chancery_witness::{Offer, Proofs};
use futures::FutureExt as _;
use futures::future::BoxFuture;

pub(crate) const ORIGIN: &str = "chancery/ledger/test";

/// The first key of the log.
pub(crate) fn key() -> SigningKey {
    SigningKey::log(ORIGIN, &[1; 32]).unwrap()
}

/// The key that follows.
pub(crate) fn next_key() -> SigningKey {
    SigningKey::log(ORIGIN, &[2; 32]).unwrap()
}

#[derive(Clone)]
pub(crate) struct Ledger {
    tree: Frontier,
    nodes: BTreeMap<NodeId, Hash>,
}

impl Ledger {
    /// A ledger of these entries.
    pub(crate) fn of(entries: impl IntoIterator<Item = String>) -> Self {
        let mut ledger = Self { tree: Frontier::new(), nodes: BTreeMap::new() };
        for entry in entries {
            let nodes = &mut ledger.nodes;
            ledger.tree.append(leaf_hash(entry.as_bytes()), |id, hash| {
                nodes.insert(id, hash);
            });
        }
        ledger
    }

    /// A ledger of so many entries, in which those from `fork` on are others.
    pub(crate) fn forked(size: u64, fork: u64) -> Self {
        Self::of((0..size).map(|number| if number < fork { format!("{number}") } else { format!("other {number}") }))
    }

    pub(crate) fn with(size: u64) -> Self {
        Self::forked(size, u64::MAX)
    }

    pub(crate) fn checkpoint(&self) -> Checkpoint {
        Checkpoint { origin: ORIGIN.to_owned(), size: self.tree.size(), root: self.tree.root(), handover: None }
    }

    pub(crate) fn note(&self) -> Note {
        self.checkpoint().sign(&key()).unwrap()
    }

    /// The checkpoint with which the next key begins.
    pub(crate) fn handover(&self) -> Note {
        let handover = Some(Handover { key: next_key().public().clone(), compromised_since: None });
        let mut note = Checkpoint { handover, ..self.checkpoint() }.sign(&key()).unwrap();
        note.sign(&next_key()).unwrap();
        note
    }

    pub(crate) fn offer<'a>(&'a self, note: &'a Note, kept: u64) -> Offer<'a> {
        Offer { note, kept, proofs: self, now_millis: 1_767_603_600_000 }
    }

    pub(crate) fn proof(&self, old: u64) -> Vec<Hash> {
        let plan = Plan::consistency(old, self.tree.size()).unwrap();
        plan.hashes(|id| self.nodes.get(&id).copied()).unwrap()
    }
}

impl Proofs for Ledger {
    fn consistency(&self, old: u64, new: u64) -> BoxFuture<'_, Result<Vec<Hash>, String>> {
        let proof = Plan::consistency(old, new).and_then(|plan| plan.hashes(|id| self.nodes.get(&id).copied()));
        std::future::ready(proof.ok_or_else(|| "no such proof".to_owned())).boxed()
    }
}
