//! Trees and proofs: the known answers of RFC 6962, then all trees up to 200 leaves.

use std::collections::BTreeMap;

use chancery_ledger::{
    Frontier, Hash, NodeId, Plan, Tiles, leaf_hash, node_hash, verify_consistency, verify_inclusion,
};

/// Leaves of the largest tree that is tried in full.
const LEAVES: u64 = 200;

/// RFC 6962, 2.1, word by word: slow, and nothing of ours.
fn defined_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [one] => *one,
        many => {
            let mut k = 1;
            while k * 2 < many.len() {
                k *= 2;
            }
            node_hash(&defined_root(&many[..k]), &defined_root(&many[k..]))
        }
    }
}

struct Grown {
    leaves: Vec<Hash>,
    nodes: BTreeMap<NodeId, Hash>,
    /// Root of each size.
    roots: Vec<Hash>,
}

fn grown() -> Grown {
    let (mut tree, mut nodes, mut leaves) = (Frontier::new(), BTreeMap::new(), Vec::new());
    let mut roots = vec![tree.root()];
    for number in 0..LEAVES {
        let leaf = leaf_hash(&number.to_be_bytes());
        tree.append(leaf, |id, hash| assert_eq!(nodes.insert(id, hash), None, "a node is completed once"));
        leaves.push(leaf);
        roots.push(tree.root());
    }
    Grown { leaves, nodes, roots }
}

fn hex(hash: &Hash) -> String {
    hash.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_roots_are_those_of_certificate_transparency() {
    let leaves: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut tree = Frontier::new();
    assert_eq!(hex(&tree.root()), roots[0]);
    for (leaf, root) in leaves.iter().zip(&roots[1..]) {
        tree.append(leaf_hash(leaf), |_, _| {});
        assert_eq!(hex(&tree.root()), *root);
    }
}

#[test]
fn every_tree_has_the_root_that_the_standard_defines_and_comes_back_from_its_nodes() {
    let grown = grown();
    for size in 1..=LEAVES {
        let root = grown.roots[usize::try_from(size).unwrap()];
        assert_eq!(root, defined_root(&grown.leaves[..usize::try_from(size).unwrap()]), "{size}");
        let restored = Frontier::restore(size, |id| grown.nodes.get(&id).copied()).unwrap();
        assert_eq!((restored.size(), restored.root()), (size, root));
    }
    assert_eq!(Frontier::restore(LEAVES + 1, |id| grown.nodes.get(&id).copied()), None);
}

#[test]
fn every_leaf_of_every_tree_is_proven_and_no_other_place_leaf_or_size_is() {
    let grown = grown();
    for size in 1..=LEAVES {
        let root = grown.roots[usize::try_from(size).unwrap()];
        for index in 0..size {
            let plan = Plan::inclusion(index, size).unwrap();
            assert!(plan.nodes().len() <= 64);
            let proof = plan.hashes(|id| grown.nodes.get(&id).copied()).unwrap();
            let leaf = grown.leaves[usize::try_from(index).unwrap()];
            verify_inclusion(index, size, &leaf, &proof, &root).unwrap_or_else(|_| panic!("{index} of {size}"));
            let other = grown.leaves[usize::try_from((index + 1) % LEAVES).unwrap()];
            assert!(verify_inclusion(index, size, &other, &proof, &root).is_err());
            assert!(verify_inclusion((index + 1) % (size + 1), size, &leaf, &proof, &root).is_err());
            let longer = [proof.as_slice(), &[leaf]].concat();
            assert!(verify_inclusion(index, size, &leaf, &longer, &root).is_err());
            if let Some((_, shorter)) = proof.split_last() {
                assert!(verify_inclusion(index, size, &leaf, shorter, &root).is_err());
            }
        }
        assert_eq!(Plan::inclusion(size, size), None);
    }
}

#[test]
fn every_tree_is_proven_to_continue_every_smaller_one_and_no_other() {
    let grown = grown();
    let root = |size: u64| grown.roots[usize::try_from(size).unwrap()];
    for new in 0..=LEAVES {
        for old in 0..=new {
            let proof = Plan::consistency(old, new).unwrap().hashes(|id| grown.nodes.get(&id).copied()).unwrap();
            verify_consistency((old, &root(old)), (new, &root(new)), &proof)
                .unwrap_or_else(|_| panic!("{old} to {new}"));
            let false_root = leaf_hash(b"another history");
            assert!(verify_consistency((old, &root(old)), (new, &false_root), &proof).is_err() || old == 0);
            assert!(verify_consistency((old, &false_root), (new, &root(new)), &proof).is_err() || old == 0);
            let longer = [proof.as_slice(), &[false_root]].concat();
            assert!(verify_consistency((old, &root(old)), (new, &root(new)), &longer).is_err());
            if let Some((_, shorter)) = proof.split_last() {
                assert!(verify_consistency((old, &root(old)), (new, &root(new)), shorter).is_err());
            }
        }
        assert_eq!(Plan::consistency(new + 1, new), None);
    }
}

/// The stored hashes from a place up to sixteen siblings, as far as the tree of `size` has them.
fn tile(grown: &Grown, size: u64, level: u8, first: u64) -> Vec<u8> {
    let stored = (first..(size >> level).min(first + 16)).map(|index| NodeId { level, index });
    stored.flat_map(|id| *grown.nodes[&id].as_bytes()).collect()
}

/// The tiles on the way from a leaf to the root, and those at the right edge.
fn tiles(grown: &Grown, leaf: u64, size: u64) -> Tiles {
    let mut tiles = Tiles::of(size);
    for level in [0, 4, 8] {
        for place in [leaf, size] {
            let first = place >> level & !15;
            tiles.insert(NodeId { level, index: first }, &tile(grown, size, level, first));
        }
    }
    tiles
}

#[test]
fn the_tiles_on_the_way_and_at_the_edge_are_enough_for_every_proof() {
    let grown = grown();
    for size in 1..=LEAVES {
        for leaf in 0..size {
            let tiles = tiles(&grown, leaf, size);
            for plan in [Plan::inclusion(leaf, size), Plan::consistency(leaf + 1, size), Some(Plan::root(size))] {
                let plan = plan.unwrap();
                let expected = plan.hashes(|id| grown.nodes.get(&id).copied());
                assert_eq!(plan.hashes(|id| tiles.hash(id)), expected, "{leaf} of {size}");
                assert!(expected.is_some());
            }
        }
    }
}

#[test]
fn a_tile_that_is_cut_is_missing_and_no_hash_beyond_the_tree_is_known() {
    let grown = grown();
    let whole = tile(&grown, LEAVES, 0, 16);
    for damaged in [&whole[32..], &whole[..511], &[], &[whole.clone(), vec![0; 32]].concat()] {
        let mut tiles = Tiles::of(LEAVES);
        tiles.insert(NodeId { level: 0, index: 16 }, damaged);
        assert_eq!(tiles.hash(NodeId { level: 0, index: 17 }), None);
    }
    let tiles = tiles(&grown, 16, LEAVES);
    assert!(tiles.hash(NodeId { level: 3, index: 3 }).is_some());
    for (level, index) in [(0, LEAVES), (4, 12), (5, 6), (3, u64::MAX), (255, u64::MAX), (255, 0)] {
        assert_eq!(tiles.hash(NodeId { level, index }), None, "{level} {index}");
    }
}

#[test]
fn every_altered_bit_of_a_proof_is_refused() {
    let grown = grown();
    let (index, old, size) = (77, 101, LEAVES);
    let (old_root, root) = (grown.roots[101], grown.roots[200]);
    let inclusion = Plan::inclusion(index, size).unwrap().hashes(|id| grown.nodes.get(&id).copied()).unwrap();
    let consistency = Plan::consistency(old, size).unwrap().hashes(|id| grown.nodes.get(&id).copied()).unwrap();
    let altered = |proof: &[Hash], bit: usize| -> Vec<Hash> {
        let mut bytes: Vec<[u8; 32]> = proof.iter().map(|hash| *hash.as_bytes()).collect();
        bytes[bit / 256][bit % 256 / 8] ^= 1 << (bit % 8);
        bytes.into_iter().map(Hash::from_bytes).collect()
    };
    for bit in 0..inclusion.len() * 256 {
        let proof = altered(&inclusion, bit);
        assert!(verify_inclusion(index, size, &grown.leaves[77], &proof, &root).is_err(), "bit {bit}");
    }
    for bit in 0..consistency.len() * 256 {
        let proof = altered(&consistency, bit);
        assert!(verify_consistency((old, &old_root), (size, &root), &proof).is_err(), "bit {bit}");
    }
}

#[test]
fn the_largest_sizes_neither_fail_nor_take_long() {
    for (index, size) in [(0, u64::MAX), (u64::MAX - 1, u64::MAX), (1 << 62, u64::MAX), (0, 1 << 63)] {
        let plan = Plan::inclusion(index, size).unwrap();
        assert!(plan.nodes().len() <= 64 * 64);
        let proof = plan.hashes(|_| Some(leaf_hash(b""))).unwrap();
        assert!(verify_inclusion(index, size, &leaf_hash(b"x"), &proof, &leaf_hash(b"")).is_err());
    }
    assert!(Plan::consistency(1 << 40, u64::MAX).unwrap().nodes().len() <= 64 * 64);
}
