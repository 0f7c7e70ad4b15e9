//! The sequencer: gives committed audit events their numbers, grows the tree and signs its root, in one transaction.

use chancery_ledger::{
    Checkpoint, Commitment, Entry, Frontier, Handover, NodeId, Note, Party, SigningKey, Tiles, leaf_hash,
};
use chancery_vault::Timestamp;
use sqlx::PgConnection;

use crate::number::{from_bigint, to_bigint};
use crate::workspace_store::commit;
use crate::{Store, StoreError};

/// Entries of one checkpoint, and up to a row of the queue more: some milliseconds of work, and when somebody rewrites
/// history together with its hashes, as exactly as the place can be named.
const BATCH_ENTRIES: i32 = 1000;
/// The advisory lock under which one sequencer works at a time; any number that nothing else uses.
const LOCK: i64 = 0x6c65_6467_6572;
const SEQUENCING: &str = "sequencing the ledger";

/// What one run of the sequencer did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequenced {
    /// Entries that got their number.
    pub entries: u64,
    /// Whether more may wait.
    pub is_full: bool,
    /// The latest signed checkpoint; none while the ledger is empty.
    pub note: Option<Note>,
}

impl Store {
    /// Gives numbers to a batch of waiting events and signs the new checkpoint. One at a time; another one waits.
    ///
    /// # Errors
    /// [`StoreError::LedgerDamaged`] when what is stored does not lead to the last checkpoint; or the database failed.
    pub async fn sequence_ledger(&self, key: &SigningKey) -> Result<Sequenced, StoreError> {
        let mut tx = self.pool().begin().await.map_err(StoreError::during(SEQUENCING))?;
        lock(&mut tx).await?;
        let (mut tree, last) = present(&mut tx, key).await?;
        let before = tree.size();
        let waiting = waiting(&mut tx).await?;
        let sign = |checkpoint: Checkpoint| Ok(checkpoint.sign(key)?);
        let Some(note) = append(&mut tx, &mut tree, waiting, sign, key.public().name()).await? else {
            // At once, and not when the connection is used again: another sequencer may wait for the lock.
            tx.rollback().await.map_err(StoreError::during(SEQUENCING))?;
            return Ok(Sequenced { entries: 0, is_full: false, note: last });
        };
        commit(tx).await?;
        let entries = tree.size() - before;
        Ok(Sequenced { entries, is_full: entries >= BATCH_ENTRIES.unsigned_abs().into(), note: Some(note) })
    }
}

/// Lets one sequencer work at a time.
pub(crate) async fn lock(connection: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query!("select pg_advisory_xact_lock($1)", LOCK)
        .execute(connection)
        .await
        .map_err(StoreError::during(SEQUENCING))?;
    Ok(())
}

/// Numbers everything that waits; the last checkpoint introduces the next key and is signed by both. The lock is held.
pub(crate) async fn append_all(
    connection: &mut PgConnection,
    key: &SigningKey,
    handover: Handover,
    next: &SigningKey,
) -> Result<Option<Note>, StoreError> {
    let (mut tree, _) = present(connection, key).await?;
    let (mut last, mut batch) = (None, waiting(connection).await?);
    while !batch.is_empty() {
        let next_batch = waiting(connection).await?;
        let sign = |mut checkpoint: Checkpoint| {
            if !next_batch.is_empty() {
                return Ok(checkpoint.sign(key)?);
            }
            checkpoint.handover = Some(handover.clone());
            let mut note = checkpoint.sign(key)?;
            note.sign(next)?;
            Ok(note)
        };
        last = append(connection, &mut tree, batch, sign, key.public().name()).await?;
        batch = next_batch;
    }
    Ok(last)
}

/// An event that waits for its number.
struct Waiting {
    workspace: uuid::Uuid,
    id: uuid::Uuid,
    at: Timestamp,
    actor: Party,
    action: String,
    target: Party,
    body_sealed: Option<Vec<u8>>,
}

/// Takes a batch from the queue, in the order of time.
async fn waiting(connection: &mut PgConnection) -> Result<Vec<Waiting>, StoreError> {
    let rows = sqlx::query!(
        r#"select workspace_id as "workspace_id!", event_id as "event_id!", to_millis(at) as "at!",
                  actor_kind as "actor_kind!", actor_id, action as "action!", target_kind as "target_kind!",
                  target_id, body_sealed
           from ledger_take($1)"#,
        BATCH_ENTRIES
    )
    .fetch_all(connection)
    .await
    .map_err(StoreError::during(SEQUENCING))?;
    let mut waiting: Vec<_> = rows
        .into_iter()
        .map(|row| Waiting {
            workspace: row.workspace_id,
            id: row.event_id,
            at: Timestamp::from_signed_millis(row.at),
            actor: Party { kind: row.actor_kind, id: row.actor_id },
            action: row.action,
            target: Party { kind: row.target_kind, id: row.target_id },
            body_sealed: row.body_sealed,
        })
        .collect();
    waiting.sort_by_key(|event| (event.at, event.id));
    Ok(waiting)
}

/// Numbers a batch under a checkpoint that `sign` signs; nothing when the batch is empty.
async fn append(
    connection: &mut PgConnection,
    tree: &mut Frontier,
    waiting: Vec<Waiting>,
    sign: impl Fn(Checkpoint) -> Result<Note, StoreError>,
    origin: &str,
) -> Result<Option<Note>, StoreError> {
    if waiting.is_empty() {
        return Ok(None);
    }
    let first = tree.size();
    let mut rows = Appended::default();
    for event in waiting {
        let entry = Entry {
            number: tree.size(),
            at_millis: event.at.millis(),
            workspace: event.workspace,
            id: event.id,
            actor: event.actor,
            action: event.action,
            target: event.target,
            commitment: event.body_sealed.as_deref().map(Commitment::of),
        };
        rows.push(tree, &entry)?;
    }
    let note = sign(Checkpoint { origin: origin.to_owned(), size: tree.size(), root: tree.root(), handover: None })?;
    sqlx::query!(
        "select ledger_append($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        to_bigint(first, "ledger")?,
        &rows.workspaces,
        &rows.events,
        &rows.leaves,
        &rows.commitments as &[Option<Vec<u8>>],
        &rows.node_levels,
        &rows.node_indexes,
        &rows.node_hashes,
        note.to_text(),
    )
    .execute(connection)
    .await
    .map_err(StoreError::during(SEQUENCING))?;
    Ok(Some(note))
}

/// The rows of a batch, as columns.
#[derive(Default)]
struct Appended {
    workspaces: Vec<uuid::Uuid>,
    events: Vec<uuid::Uuid>,
    leaves: Vec<Vec<u8>>,
    commitments: Vec<Option<Vec<u8>>>,
    node_levels: Vec<i16>,
    node_indexes: Vec<i64>,
    node_hashes: Vec<Vec<u8>>,
}

impl Appended {
    fn push(&mut self, tree: &mut Frontier, entry: &Entry) -> Result<(), StoreError> {
        let leaf = leaf_hash(entry.to_line().as_bytes());
        self.workspaces.push(entry.workspace);
        self.events.push(entry.id);
        self.leaves.push(leaf.as_bytes().to_vec());
        self.commitments.push(entry.commitment.map(|commitment| commitment.hash().as_bytes().to_vec()));
        let mut completed = Vec::new();
        tree.append(leaf, |id, hash| completed.push((id, hash)));
        for (id, hash) in completed.into_iter().filter(|(id, _)| id.level > 0 && id.is_stored()) {
            self.node_levels.push(i16::from(id.level));
            self.node_indexes.push(to_bigint(id.index, "ledger")?);
            self.node_hashes.push(hash.as_bytes().to_vec());
        }
        Ok(())
    }
}

/// The tree as stored, and the last checkpoint, which must fit it: otherwise nothing may be signed on top.
async fn present(connection: &mut PgConnection, key: &SigningKey) -> Result<(Frontier, Option<Note>), StoreError> {
    let rows = sqlx::query!(
        r#"select s.size as "size!", s.note, t.level as "level?", t.first as "first?", t.hashes
           from ledger_state() s left join ledger_tiles(s.size, s.size) t on true"#
    )
    .fetch_all(connection)
    .await
    .map_err(StoreError::during("reading the ledger"))?;
    let (size, note) = match rows.first() {
        Some(row) => (from_bigint(row.size, "ledger")?, row.note.as_deref().map(Note::parse).transpose()?),
        None => (0, None),
    };
    let Some(note) = note else {
        return if size == 0 {
            Ok((Frontier::new(), None))
        } else {
            Err(StoreError::LedgerDamaged { reason: "its checkpoints are gone" })
        };
    };
    let stored = tiles(size, rows.into_iter().filter_map(|row| Some((row.level?, row.first?, row.hashes))))?;
    let tree = Frontier::restore(size, |id| stored.hash(id));
    let tree = tree.ok_or(StoreError::LedgerDamaged { reason: "hashes of the tree are gone" })?;
    let checkpoint = Checkpoint::open(&note, key.public())?;
    // Right after a change of keys it is signed by both, and only the next one may go on.
    if checkpoint.handover.as_ref().is_some_and(|handover| handover.key != *key.public()) {
        return Err(StoreError::KeyClosed);
    }
    if (checkpoint.size, checkpoint.root) != (tree.size(), tree.root()) {
        return Err(StoreError::LedgerDamaged { reason: "its entries do not lead to the last checkpoint" });
    }
    Ok((tree, Some(note)))
}

/// Number of entries and the last checkpoint.
pub(crate) async fn state(connection: &mut PgConnection) -> Result<(u64, Option<Note>), StoreError> {
    let row = sqlx::query!(r#"select size as "size!", note from ledger_state()"#)
        .fetch_one(connection)
        .await
        .map_err(StoreError::during("reading the ledger"))?;
    Ok((from_bigint(row.size, "ledger")?, row.note.as_deref().map(Note::parse).transpose()?))
}

/// What is stored of a tree with so many leaves, from level, place and hashes of each tile.
pub(crate) fn tiles(size: u64, rows: impl Iterator<Item = (i16, i64, Option<Vec<u8>>)>) -> Result<Tiles, StoreError> {
    let mut tiles = Tiles::of(size);
    for (level, first, hashes) in rows {
        let level = u8::try_from(level).map_err(|_| StoreError::Unknown { what: "level of the ledger" })?;
        tiles.insert(NodeId { level, index: from_bigint(first, "ledger")? }, hashes.as_deref().unwrap_or_default());
    }
    Ok(tiles)
}
