//! Reads the ledger: pages for an export, checkpoints, proofs, and entries by who did what.

use chancery_ledger::{Checkpoint, Commitment, Entry, Hash, InclusionProof, Note, Party, Plan, PublicKey};
use chancery_vault::Timestamp;
use uuid::Uuid;

use crate::audit::AuditColumns;
use crate::ledger::{state, tiles};
use crate::number::{from_bigint, to_bigint};
use crate::{AuditId, AuditRow, Page, Store, StoreError, WorkspaceStore};

/// Entries of one page of an export: some hundred kilobytes.
const PAGE_ENTRIES: i32 = 1000;
/// Checkpoints of one page.
const PAGE_CHECKPOINTS: i32 = 1000;

/// One numbered entry as the database has it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// Its number.
    pub number: u64,
    /// The leaf that the tree was grown with.
    pub leaf: Hash,
    /// The event's id.
    pub id: Uuid,
    /// The event; nothing when its row is gone.
    pub entry: Option<Entry>,
    /// Its sealed body, unless it has none or was erased.
    pub body_sealed: Option<Vec<u8>>,
}

/// An event on which the database disagrees with itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stray {
    /// Its id.
    pub id: Uuid,
    /// Whether the event is there, without number and without waiting for one; otherwise it waits and is gone.
    pub is_there: bool,
}

/// Which audit events are looked for; what is not given matches all.
#[derive(Debug, Clone, Copy, Default)]
pub struct AuditFilter<'a> {
    /// Id of the person or API key who acted.
    pub actor: Option<Uuid>,
    /// What was done: `template.create`.
    pub action: Option<&'a str>,
    /// The first part of what was done: `template`.
    pub subject: Option<&'a str>,
    /// Id of what it was done to.
    pub target: Option<Uuid>,
    /// Not before.
    pub since: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

impl Store {
    /// The next entries from a number on, in order; none after the last.
    ///
    /// # Errors
    /// The database failed.
    pub async fn ledger_page(&self, from: u64) -> Result<Vec<LedgerRow>, StoreError> {
        let rows = sqlx::query!(
            r#"select number as "number!", leaf as "leaf!", commitment, workspace_id as "workspace_id!",
                      event_id as "event_id!", is_there as "is_there!", to_millis(at) as at, actor_kind, actor_id,
                      action, target_kind, target_id, body_sealed
               from ledger_page($1, $2)"#,
            to_bigint(from, "ledger")?,
            PAGE_ENTRIES
        )
        .fetch_all(self.pool())
        .await
        .map_err(StoreError::during("reading the ledger"))?;
        rows.into_iter()
            .map(|row| {
                let number = from_bigint(row.number, "ledger")?;
                let commitment = row.commitment.as_deref().map(hash).transpose()?.map(Commitment::from_hash);
                let entry = row.is_there.then(|| Entry {
                    number,
                    at_millis: Timestamp::from_signed_millis(row.at.unwrap_or_default()).millis(),
                    workspace: row.workspace_id,
                    id: row.event_id,
                    actor: Party { kind: row.actor_kind.unwrap_or_default(), id: row.actor_id },
                    action: row.action.unwrap_or_default(),
                    target: Party { kind: row.target_kind.unwrap_or_default(), id: row.target_id },
                    commitment,
                });
                Ok(LedgerRow { number, leaf: hash(&row.leaf)?, id: row.event_id, entry, body_sealed: row.body_sealed })
            })
            .collect()
    }

    /// The next checkpoints with more than so many entries, with their sizes, in order; none after the last.
    ///
    /// # Errors
    /// The database failed.
    pub async fn ledger_checkpoints(&self, after: u64) -> Result<Vec<(u64, String)>, StoreError> {
        let rows = sqlx::query!(
            r#"select size as "size!", note as "note!" from ledger_checkpoints_after($1, $2)"#,
            to_bigint(after, "ledger")?,
            PAGE_CHECKPOINTS
        )
        .fetch_all(self.pool())
        .await
        .map_err(StoreError::during("reading the ledger's checkpoints"))?;
        rows.into_iter().map(|row| Ok((from_bigint(row.size, "ledger")?, row.note))).collect()
    }

    /// The signed checkpoint of so many entries, with the cosignatures of witnesses.
    ///
    /// # Errors
    /// The database failed.
    pub async fn ledger_checkpoint(&self, size: u64) -> Result<Option<Note>, StoreError> {
        let note = sqlx::query_scalar!("select ledger_note($1)", to_bigint(size, "ledger")?)
            .fetch_one(self.pool())
            .await
            .map_err(StoreError::during("reading a checkpoint"))?;
        Ok(note.as_deref().map(Note::parse).transpose()?)
    }

    /// The latest signed checkpoint; none while the ledger is empty.
    ///
    /// # Errors
    /// The database failed.
    pub async fn latest_checkpoint(&self) -> Result<Option<Note>, StoreError> {
        let mut connection = self.pool().acquire().await.map_err(StoreError::during("reading the ledger"))?;
        Ok(state(&mut connection).await?.1)
    }

    /// The proof that the tree of `new` entries continues that of `old`.
    ///
    /// # Errors
    /// [`StoreError::LedgerDamaged`] when the tree is not that large; or the database failed.
    pub async fn ledger_consistency(&self, old: u64, new: u64) -> Result<Vec<Hash>, StoreError> {
        const DAMAGED: StoreError = StoreError::LedgerDamaged { reason: "hashes of the tree are gone" };
        let plan = Plan::consistency(old, new).ok_or(DAMAGED)?;
        let rows = sqlx::query!(
            r#"select level as "level!", first as "first!", hashes from ledger_tiles($1, $2)"#,
            // The last leaf of the smaller tree; of the empty one nothing is asked.
            to_bigint(old.saturating_sub(1), "ledger")?,
            to_bigint(new, "ledger")?
        )
        .fetch_all(self.pool())
        .await
        .map_err(StoreError::during("proving that the ledger grew"))?;
        let stored = tiles(new, rows.into_iter().map(|row| (row.level, row.first, row.hashes)))?;
        plan.hashes(|id| stored.hash(id)).ok_or(DAMAGED)
    }

    /// The first event that has no number and waits for none, or waits for one and is gone. Asked after every entry was
    /// found to have its event; then counting tells whether there is one.
    ///
    /// # Errors
    /// The database failed.
    pub async fn ledger_stray(&self) -> Result<Option<Stray>, StoreError> {
        let row = sqlx::query!(r#"select event_id as "event_id!", is_there as "is_there!" from ledger_stray()"#)
            .fetch_optional(self.pool())
            .await
            .map_err(StoreError::during("looking for events without a number"))?;
        Ok(row.map(|row| Stray { id: row.event_id, is_there: row.is_there }))
    }

    /// The proof of one entry under the last checkpoint.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such entry or it has no number yet, [`StoreError::LedgerDamaged`] when
    /// it cannot be proven; or the database failed.
    pub async fn ledger_proof(&self, id: AuditId, log: &PublicKey) -> Result<InclusionProof, StoreError> {
        const MISSING: StoreError = StoreError::NotFound { what: "ledger entry" };
        let row = sqlx::query!(
            r#"select number as "number!", commitment, workspace_id as "workspace_id!", is_there as "is_there!",
                      to_millis(at) as at, actor_kind, actor_id, action, target_kind, target_id, note,
                      tile_levels as "tile_levels!", tile_firsts as "tile_firsts!",
                      tile_hashes as "tile_hashes!: Vec<Option<Vec<u8>>>"
               from ledger_proof($1)"#,
            id.uuid()
        )
        .fetch_optional(self.pool())
        .await
        .map_err(StoreError::during("proving an entry"))?
        .ok_or(MISSING)?;
        let number = from_bigint(row.number, "ledger")?;
        let note = Note::parse(row.note.as_deref().ok_or(MISSING)?)?;
        // What is not verified yet: its signature is checked with the whole proof.
        let size = Checkpoint::parse(note.text())?.size;
        let damaged = |reason| StoreError::LedgerDamaged { reason };
        let plan = Plan::inclusion(number, size).ok_or_else(|| damaged("no checkpoint covers the entry"))?;
        let places = row.tile_levels.into_iter().zip(row.tile_firsts);
        let stored = tiles(size, places.zip(row.tile_hashes).map(|((level, first), hashes)| (level, first, hashes)))?;
        let hashes = plan.hashes(|id| stored.hash(id));
        let hashes = hashes.ok_or_else(|| damaged("hashes of the tree are gone"))?;
        if !row.is_there {
            return Err(damaged("the entry was deleted"));
        }
        let entry = Entry {
            number,
            at_millis: Timestamp::from_signed_millis(row.at.unwrap_or_default()).millis(),
            workspace: row.workspace_id,
            id: id.uuid(),
            actor: Party { kind: row.actor_kind.unwrap_or_default(), id: row.actor_id },
            action: row.action.unwrap_or_default(),
            target: Party { kind: row.target_kind.unwrap_or_default(), id: row.target_id },
            commitment: row.commitment.as_deref().map(hash).transpose()?.map(Commitment::from_hash),
        };
        let proof = InclusionProof { entry, hashes, note };
        proof.verify(log).map_err(|_| damaged("the entry does not lead to the last checkpoint"))?;
        Ok(proof)
    }
}

impl WorkspaceStore {
    /// Audit events by who did what when, latest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn search_audit_events(&self, filter: AuditFilter<'_>, page: Page) -> Result<Vec<AuditRow>, StoreError> {
        let mut tx = self.begin().await?;
        let rows = sqlx::query_as!(
            AuditColumns,
            r#"select id, to_millis(at) as "at!", actor_kind, actor_id, action, target_kind, target_id, body_sealed
               from audit_events
               where ($1::uuid is null or actor_id = $1) and ($2::text is null or action = $2)
                 and ($3::uuid is null or target_id = $3)
                 and ($8::text is null or split_part(action, '.', 1) = $8)
                 and ($4::bigint is null or at >= from_millis($4)) and ($5::bigint is null or at < from_millis($5))
               order by id desc limit $6 offset $7"#,
            filter.actor,
            filter.action,
            filter.target,
            filter.since.map(Timestamp::signed_millis),
            filter.until.map(Timestamp::signed_millis),
            page.limit(),
            page.offset(),
            filter.subject,
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::during("searching the audit log"))?;
        rows.into_iter().map(AuditColumns::into_row).collect()
    }
}

fn hash(bytes: &[u8]) -> Result<Hash, StoreError> {
    Hash::from_slice(bytes).ok_or(StoreError::Unknown { what: "hash of the ledger" })
}
