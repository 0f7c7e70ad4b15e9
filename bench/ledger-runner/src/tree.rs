//! A ledger of very many entries in a database of its own, and the time and size of proofs from it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Instant;

use chancery_ledger::{Checkpoint, Entry, Frontier, Hash, Party, SigningKey, leaf_hash, verify_consistency};
use chancery_store::{AuditId, Store};
use serde_json::{Value as Json, json};
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use crate::failure::Failure;
use crate::installation::{Installation, LOG, NOW, SEED};

/// Entries that can be proven: enough for a quantile, spread over the whole tree.
const SAMPLES: u64 = 1000;
/// Entries that are copied into the database at once: some ten megabytes.
const COPY_ENTRIES: u64 = 50_000;
/// Bytes of a hash, and of its line in a text.
const HASH_BYTES: usize = 32;
const HASH_LINE_BYTES: usize = 45;

/// The ledger.
pub(crate) struct Tree {
    store: Store,
    signing: SigningKey,
    size: u64,
    root: Hash,
    samples: BTreeMap<u64, Sample>,
}

/// An entry that can be proven, and the root of the tree that ended with it.
struct Sample {
    entry: Entry,
    root: Hash,
}

impl Tree {
    /// Fills the tables as the sequencer does, but for events of entries that nobody asks for.
    pub(crate) async fn fill(installation: &Installation, size: u64) -> Result<(Self, Json), Failure> {
        let begun = Instant::now();
        let (store, mut superuser) = installation.tree_database().await?;
        let workspace = installation.workspace.uuid();
        let mut samples = BTreeMap::new();
        // Multiples of the golden ratio, modulo the size, are spread evenly.
        for place in 0..SAMPLES.min(size) {
            let number = place.wrapping_mul(0x9e37_79b9_7f4a_7c15) % size.max(1);
            samples.insert(number, Sample { entry: entry(number, workspace), root: leaf_hash(&[]) });
        }
        let mut tree = Frontier::new();
        while tree.size() < size {
            let end = size.min(tree.size() + COPY_ENTRIES);
            let (mut entries, mut nodes) = (String::new(), String::new());
            while tree.size() < end {
                let number = tree.size();
                let sample = samples.get_mut(&number);
                let leaf = match &sample {
                    Some(sample) => leaf_hash(sample.entry.to_line().as_bytes()),
                    None => leaf_hash(&number.to_be_bytes()),
                };
                // Writing into a string cannot fail.
                let _ = writeln!(entries, "{number}\t{workspace}\t{}\t\\\\x{}", id_of(number), hex(&leaf));
                tree.append(leaf, |node, hash| {
                    if node.level > 0 && node.is_stored() {
                        let _ = writeln!(nodes, "{}\t{}\t\\\\x{}", node.level, node.index, hex(&hash));
                    }
                });
                if let Some(sample) = sample {
                    sample.root = tree.root();
                }
            }
            copy(&mut superuser, "ledger_entries (number, workspace_id, event_id, leaf)", &entries).await?;
            copy(&mut superuser, "ledger_nodes (level, index, hash)", &nodes).await?;
        }
        let signing = SigningKey::log(LOG, &SEED)?;
        let (size, root) = (tree.size(), tree.root());
        let origin = LOG.to_owned();
        let note = Checkpoint { origin, size, root, handover: None }.sign(&signing)?;
        finish(&mut superuser, workspace, &samples, size, &note.to_text()).await?;
        superuser.close().await?;
        let answer = json!({ "entries": size, "seconds": begun.elapsed().as_secs_f64() });
        Ok((Self { store, signing, size, root, samples }, answer))
    }

    /// Proves entries under the last checkpoint, as `chancery audit prove` does; the store verifies each before it hands it out.
    pub(crate) async fn inclusion(&self, count: u64) -> Result<Json, Failure> {
        let mut found = Figures::default();
        for sample in self.samples.values().cycle().take(usize::try_from(count).unwrap_or(usize::MAX)) {
            let id = AuditId::from_uuid(sample.entry.id);
            let begun = Instant::now();
            let proof = self.store.ledger_proof(id, self.signing.public()).await?;
            found.push(begun, &proof.hashes, proof.to_text().len());
            if proof.entry != sample.entry {
                return Err(Failure::Unexpected("another entry was proven".to_owned()));
            }
        }
        Ok(found.answer())
    }

    /// Proves that the tree continues what it was before, and verifies that with the root of then.
    pub(crate) async fn consistency(&self, count: u64) -> Result<Json, Failure> {
        let mut found = Figures::default();
        for (number, sample) in self.samples.iter().cycle().take(usize::try_from(count).unwrap_or(usize::MAX)) {
            let old = number + 1;
            let begun = Instant::now();
            let hashes = self.store.ledger_consistency(old, self.size).await?;
            found.push(begun, &hashes, hashes.len() * HASH_LINE_BYTES);
            verify_consistency((old, &sample.root), (self.size, &self.root), &hashes)?;
        }
        Ok(found.answer())
    }

    /// Gives its connections back.
    pub(crate) async fn close(self) {
        self.store.close().await;
    }
}

/// Time and size of proofs.
#[derive(Default)]
struct Figures {
    milliseconds: Vec<f64>,
    hash_bytes: Vec<usize>,
    text_bytes: Vec<usize>,
}

impl Figures {
    fn push(&mut self, begun: Instant, hashes: &[Hash], text_bytes: usize) {
        self.milliseconds.push(begun.elapsed().as_secs_f64() * 1000.0);
        self.hash_bytes.push(hashes.len() * HASH_BYTES);
        self.text_bytes.push(text_bytes);
    }

    fn answer(self) -> Json {
        json!({ "milliseconds": self.milliseconds, "hash_bytes": self.hash_bytes, "text_bytes": self.text_bytes })
    }
}

/// The event's id: as those of the service, they grow with time.
fn id_of(number: u64) -> Uuid {
    Uuid::from_u128(u128::from(number) + 1)
}

fn entry(number: u64, workspace: Uuid) -> Entry {
    let id = id_of(number);
    Entry {
        number,
        at_millis: NOW.millis(),
        workspace,
        id,
        actor: Party { kind: "api_key".to_owned(), id: Some(workspace) },
        action: "document.create".to_owned(),
        target: Party { kind: "document".to_owned(), id: Some(id) },
        commitment: None,
    }
}

fn hex(hash: &Hash) -> String {
    hash.as_bytes().iter().fold(String::with_capacity(2 * HASH_BYTES), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

async fn copy(connection: &mut PgConnection, table: &str, rows: &str) -> Result<(), Failure> {
    let mut copying = connection.copy_in_raw(&format!("copy {table} from stdin")).await?;
    copying.send(rows.as_bytes()).await?;
    copying.finish().await?;
    Ok(())
}

/// The events of the samples, the checkpoint, and what autovacuum does in its own time.
async fn finish(
    connection: &mut PgConnection,
    workspace: Uuid,
    samples: &BTreeMap<u64, Sample>,
    size: u64,
    note: &str,
) -> Result<(), Failure> {
    let ids: Vec<Uuid> = samples.values().map(|sample| sample.entry.id).collect();
    let mut tx = connection.begin().await?;
    // Their numbers are there already: nothing is to be queued.
    sqlx::raw_sql("set local session_replication_role = replica").execute(&mut *tx).await?;
    sqlx::query(
        "insert into audit_events (workspace_id, id, at, actor_kind, actor_id, action, target_kind, target_id)
         select $1, r.id, from_millis($2), 'api_key', $1, 'document.create', 'document', r.id
         from unnest($3::uuid[]) as r (id)",
    )
    .bind(workspace)
    .bind(NOW.signed_millis())
    .bind(ids)
    .execute(&mut *tx)
    .await?;
    sqlx::query("insert into ledger_checkpoints (size, note) values ($1, $2)")
        .bind(i64::try_from(size).unwrap_or(i64::MAX))
        .bind(note)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    sqlx::raw_sql("vacuum analyze ledger_entries, ledger_nodes, ledger_checkpoints, audit_events")
        .execute(&mut *connection)
        .await?;
    Ok(())
}
