//! One secret from which a key for each workspace follows, and from which single workspaces can be cut out for good.
//!
//! A puncturable pseudorandom function after Goldreich, Goldwasser and Micali: a binary tree of secrets, as deep as a
//! workspace's id has bits. Each secret gives its two children by HKDF-SHA256, and no child leads back. Cutting a leaf out
//! replaces the secrets above it by their other children: everything else still follows, that leaf never again.

use zeroize::Zeroizing;

use crate::workspace_keys::{derive, derived_id};
use crate::{KeyId, Secret, VaultError, WorkspaceId};

/// Bits of a workspace's id, and so the depth of a leaf.
const DEPTH: u8 = 128;
/// One secret as it is written: depth, path, secret.
const NODE_BYTES: usize = 1 + 16 + 32;
/// Behind the secrets: a digest of them, by which damage shows.
const CHECK_BYTES: usize = KeyId::LENGTH_BYTES;
const CHECK_LABEL: &str = "chancery/1/key-tree-check";
/// Secrets of one tree: each destroyed workspace adds 128 at most, and mostly far fewer, since ids start with the time.
const NODE_COUNT_MAX: usize = 200_000;
/// Bytes of the longest tree.
pub(crate) const TREE_BYTES_MAX: usize = NODE_COUNT_MAX * NODE_BYTES + CHECK_BYTES;

/// The secret of a subtree: of all workspaces whose ids start with the first `depth` bits of `path`.
struct Node {
    depth: u8,
    path: u128,
    secret: Secret<32>,
}

/// The secrets from which the keys of all workspaces follow that were not cut out; sorted by path.
pub(crate) struct KeyTree(Vec<Node>);

const fn mask(depth: u8) -> u128 {
    match depth {
        0 => 0,
        depth => u128::MAX << (DEPTH - depth),
    }
}

const fn goes_right(path: u128, depth: u8) -> bool {
    path >> (DEPTH - 1 - depth) & 1 == 1
}

fn child(parent: &Secret<32>, right: bool) -> Result<Secret<32>, VaultError> {
    derive(parent, if right { "chancery/1/key-tree/right" } else { "chancery/1/key-tree/left" }, &[])
}

impl Node {
    const fn holds(&self, path: u128) -> bool {
        path & mask(self.depth) == self.path
    }
}

impl KeyTree {
    /// The tree of which nothing was cut out yet.
    pub(crate) fn whole(secret: Secret<32>) -> Self {
        Self(vec![Node { depth: 0, path: 0, secret }])
    }

    /// The one secret, while nothing was cut out.
    pub(crate) fn as_whole(&self) -> Option<&Secret<32>> {
        match self.0.as_slice() {
            [Node { depth: 0, secret, .. }] => Some(secret),
            _ => None,
        }
    }

    /// The key of a workspace.
    ///
    /// # Errors
    /// [`VaultError::Destroyed`] when the workspace was cut out.
    pub(crate) fn key(&self, workspace: WorkspaceId) -> Result<Secret<32>, VaultError> {
        let path = workspace.uuid().as_u128();
        let node = self.0.iter().find(|node| node.holds(path)).ok_or(VaultError::Destroyed)?;
        let mut below: Option<Secret<32>> = None;
        for depth in node.depth..DEPTH {
            below = Some(child(below.as_ref().unwrap_or(&node.secret), goes_right(path, depth))?);
        }
        derive(below.as_ref().unwrap_or(&node.secret), "chancery/1/purpose/workspace-keys", workspace.uuid().as_bytes())
    }

    /// The tree without a workspace; without change when it was cut out before.
    pub(crate) fn without(mut self, workspace: WorkspaceId) -> Result<Self, VaultError> {
        let target = workspace.uuid().as_u128();
        let Some(place) = self.0.iter().position(|node| node.holds(target)) else { return Ok(self) };
        let Node { depth, path, mut secret } = self.0.remove(place);
        let mut kept = Vec::new();
        let mut path = path;
        for depth in depth..DEPTH {
            let right = goes_right(target, depth);
            let bit = 1 << (DEPTH - 1 - depth);
            let (other, next) = if right { (path, path | bit) } else { (path | bit, path) };
            kept.push(Node { depth: depth + 1, path: other, secret: child(&secret, !right)? });
            secret = child(&secret, right)?;
            path = next;
        }
        self.0.append(&mut kept);
        self.0.sort_by_key(|node| node.path);
        if self.0.len() > NODE_COUNT_MAX {
            return Err(VaultError::OutOfRange { what: "the root key's secrets", min: 1, max: 200_000 });
        }
        Ok(self)
    }

    /// The form to be kept: the bare secret while the tree is whole, else all secrets and their digest.
    pub(crate) fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        if let Some(secret) = self.as_whole() {
            return Ok(Zeroizing::new(secret.expose().to_vec()));
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(self.0.len() * NODE_BYTES + CHECK_BYTES));
        for node in &self.0 {
            bytes.push(node.depth);
            bytes.extend_from_slice(&node.path.to_be_bytes());
            bytes.extend_from_slice(node.secret.expose());
        }
        let check = check(&bytes)?;
        bytes.extend_from_slice(check.as_bytes());
        Ok(bytes)
    }

    /// Reads what [`KeyTree::to_bytes`] gave; nothing when it is damaged.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() == 32 {
            return Some(Self::whole(secret_from(bytes)?));
        }
        let (nodes, found) = bytes.split_last_chunk::<CHECK_BYTES>()?;
        let (chunks, rest) = nodes.as_chunks::<NODE_BYTES>();
        if !rest.is_empty() || chunks.len() > NODE_COUNT_MAX || check(nodes).ok()?.as_bytes() != found {
            return None;
        }
        let mut tree = Vec::with_capacity(chunks.len());
        for chunk in chunks {
            let (&depth, chunk) = chunk.split_first()?;
            let (path, secret) = chunk.split_first_chunk::<16>()?;
            let path = u128::from_be_bytes(*path);
            if depth > DEPTH || path & mask(depth) != path {
                return None;
            }
            tree.push(Node { depth, path, secret: secret_from(secret)? });
        }
        // Two secrets for one workspace would leave one behind when it is cut out.
        let overlaps =
            tree.array_windows().any(|[one, next]: &[Node; 2]| one.path >= next.path || one.holds(next.path));
        (!overlaps).then_some(Self(tree))
    }
}

fn secret_from(bytes: &[u8]) -> Option<Secret<32>> {
    Secret::filled_by(|secret| bytes.try_into().map(|bytes| *secret = bytes)).ok()
}

/// The digest is keyed by all secrets, and says nothing about any of them.
fn check(nodes: &[u8]) -> Result<KeyId, VaultError> {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, nodes);
    let digest = secret_from(digest.as_ref()).ok_or(VaultError::Library { operation: "checking the root key" })?;
    derived_id(&digest, CHECK_LABEL)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use uuid::Uuid;

    use super::*;
    use crate::{SystemRandom, Timestamp};

    fn whole() -> KeyTree {
        KeyTree::whole(Secret::take(&mut [7; 32]))
    }

    fn workspace(number: u128) -> WorkspaceId {
        WorkspaceId::from_uuid(Uuid::from_u128(number))
    }

    #[test]
    fn a_workspace_that_is_cut_out_is_gone_and_all_others_keep_their_keys() {
        let others: Vec<WorkspaceId> = [0, 1, 2, 4, 6, 7, 8, 1 << 127, u128::MAX, u128::MAX - 5]
            .map(workspace)
            .into_iter()
            .chain((0..20).map(|at| WorkspaceId::generate(Timestamp::from_millis(at), &SystemRandom).unwrap()))
            .collect();
        let before: Vec<[u8; 32]> = others.iter().map(|id| *whole().key(*id).unwrap().expose()).collect();
        let cut = whole().without(workspace(5)).unwrap().without(workspace(u128::MAX - 1)).unwrap();
        let cut = cut.without(workspace(3)).unwrap().without(workspace(5)).unwrap();
        for gone in [3, 5, u128::MAX - 1] {
            assert_eq!(cut.key(workspace(gone)).err(), Some(VaultError::Destroyed));
        }
        for (id, key) in others.iter().zip(before) {
            assert_eq!(*cut.key(*id).unwrap().expose(), key, "{id}");
        }
    }

    #[test]
    fn no_two_workspaces_have_one_key() {
        let tree = whole();
        let keys: std::collections::BTreeSet<[u8; 32]> =
            (0..50).map(|number| *tree.key(workspace(number << 100)).unwrap().expose()).collect();
        assert_eq!(keys.len(), 50);
    }

    #[test]
    fn what_is_written_is_read_and_every_altered_byte_is_noticed() {
        let cut = whole().without(workspace(9)).unwrap();
        let bytes = cut.to_bytes().unwrap();
        let again = KeyTree::from_bytes(&bytes).unwrap();
        assert_eq!(again.to_bytes().unwrap(), bytes);
        assert!(again.key(workspace(9)).is_err() && again.as_whole().is_none());
        for index in 0..bytes.len() {
            let mut altered = bytes.clone();
            *altered.get_mut(index).unwrap() ^= 1;
            assert!(KeyTree::from_bytes(&altered).is_none(), "byte {index}");
        }
        for length in [0, 1, 31, 33, 57, bytes.len() - 1] {
            assert!(KeyTree::from_bytes(bytes.get(..length).unwrap()).is_none(), "{length} bytes");
        }
        assert_eq!(KeyTree::from_bytes(&whole().to_bytes().unwrap()).unwrap().as_whole().unwrap().expose(), &[7; 32]);
    }

    #[test]
    fn nothing_that_leads_to_a_workspace_that_is_cut_out_is_left() {
        // The secrets on the way from the top to the leaf must not be among those that are kept.
        let target = workspace(0x0190_a1b2_c3d4_7e5f_8a6b_7c8d_9e0f_1a2b);
        let kept = whole().without(target).unwrap().to_bytes().unwrap();
        let mut secret = Secret::take(&mut [7; 32]);
        for depth in 0..DEPTH {
            assert!(!kept.windows(32).any(|window| window == secret.expose()), "depth {depth}");
            secret = child(&secret, goes_right(target.uuid().as_u128(), depth)).unwrap();
        }
        assert!(!kept.windows(32).any(|window| window == secret.expose()), "the leaf");
    }
}
