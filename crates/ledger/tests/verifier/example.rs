//! The ledger of the documentation: four acts, two checkpoints, keys that everybody knows.

use chancery_ledger::{
    Checkpoint, Commitment, EXPORT_HEADER, Entry, Frontier, InclusionProof, Note, Party, Plan, PublicKey, SigningKey,
    body_line, checkpoint_line, entry_line, leaf_hash,
};
use uuid::Uuid;

pub(crate) const ORIGIN: &str = "chancery/ledger/0123456789abcdef";
/// 2026-01-05T09:00:00Z.
const START_MILLIS: u64 = 1_767_603_600_000;

/// The log's key.
pub(crate) fn key() -> SigningKey {
    SigningKey::log(ORIGIN, &[7; 32]).unwrap()
}

/// A witness's key.
pub(crate) fn witness() -> SigningKey {
    SigningKey::witness("witness.example/1", &[8; 32]).unwrap()
}

/// An id as the ledger draws them: the time in front.
fn id(at_millis: u64, last: u8) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(at_millis, &[0, 0, 0, 0, 0, 0, 0, 0, 0, last]).into_uuid()
}

/// The sealed body of an entry; the first of the documentation has none.
pub(crate) fn body(number: u64) -> Option<Vec<u8>> {
    (!number.is_multiple_of(4)).then(|| format!("sealed body {number}").into_bytes())
}

pub(crate) fn entry(number: u64) -> Entry {
    let at_millis = START_MILLIS + number * 60_000;
    let workspace = id(START_MILLIS - 1, 1);
    let (actor, action, target) = match number % 4 {
        0 => (("operator", None), "workspace.create", ("workspace", workspace)),
        1 => (("operator", None), "api_key.create", ("api_key", id(at_millis, 2))),
        2 => (("api_key", Some(id(START_MILLIS + 60_000, 2))), "template.create", ("template", id(at_millis, 3))),
        _ => (("api_key", Some(id(START_MILLIS + 60_000, 2))), "document.create", ("document", id(at_millis, 4))),
    };
    Entry {
        number,
        at_millis,
        workspace,
        id: id(at_millis, 9),
        actor: Party { kind: actor.0.to_owned(), id: actor.1 },
        action: action.to_owned(),
        target: Party { kind: target.0.to_owned(), id: Some(target.1) },
        commitment: body(number).map(|body| Commitment::of(&body)),
    }
}

pub(crate) fn note(tree: &Frontier) -> Note {
    Checkpoint { origin: ORIGIN.to_owned(), size: tree.size(), root: tree.root(), handover: None }.sign(&key()).unwrap()
}

/// The export of so many entries with a checkpoint after each of these sizes.
pub(crate) fn export(entries: impl IntoIterator<Item = Entry>, checkpoints: &[u64]) -> Vec<String> {
    let (mut tree, mut lines) = (Frontier::new(), vec![EXPORT_HEADER.to_owned()]);
    for entry in entries {
        let leaf = leaf_hash(entry.to_line().as_bytes());
        lines.push(entry_line(&leaf, &entry));
        lines.extend(body(entry.number).map(|body| body_line(&body)));
        tree.append(leaf, |_, _| {});
        if checkpoints.contains(&tree.size()) {
            lines.push(checkpoint_line(&note(&tree)));
        }
    }
    lines
}

/// Proves entry 2 under the checkpoint of all four, which a witness cosigned.
pub(crate) fn proof() -> InclusionProof {
    let (mut tree, mut nodes) = (Frontier::new(), std::collections::BTreeMap::new());
    for number in 0..4 {
        tree.append(leaf_hash(entry(number).to_line().as_bytes()), |id, hash| {
            nodes.insert(id, hash);
        });
    }
    let hashes = Plan::inclusion(2, 4).unwrap().hashes(|id| nodes.get(&id).copied()).unwrap();
    let mut note = note(&tree);
    note.cosign(&witness(), START_MILLIS / 1000 + 300).unwrap();
    InclusionProof { entry: entry(2), hashes, note }
}

pub(crate) fn public() -> PublicKey {
    key().public().clone()
}
