//! Receipts: what a purge or a deletion destroyed, signed with the ledger's key, to be checked without a database.

use std::collections::BTreeMap;

use chancery_ledger::{Frontier, Hash, Note, leaf_hash, receipt_digest, sign_receipt};
use chancery_store::{Actor as StoreActor, BatchId, BatchRow, Deletion, PurgeCause, PurgeRunId, RunRow};
use chancery_vault::{Class, KeyId, Timestamp, WorkspaceId, WorkspaceKeyring};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::Shared;
use crate::access::{Actor, Operator};
use crate::error::ServiceError;
use crate::ledger::Ledger;
use crate::page::Page;
use crate::permission::Permission;
use crate::sealing::{Event, audit_entry, open_audit_body};

/// Ids that a receipt lists; of more it holds their count and the root of a tree over them. Half a megabyte of text.
const LISTED_MAX: usize = 10_000;

/// The receipts of a workspace.
pub struct Receipts<'a> {
    pub(crate) shared: &'a Shared,
}

/// A run in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptSummary {
    /// The run, which names the receipt.
    pub run: PurgeRunId,
    /// `retention` or `request`.
    pub cause: &'static str,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended; a run under way has no receipt yet.
    pub finished_at: Option<Timestamp>,
    /// Rows that a hold kept.
    pub held_count: u64,
}

impl Receipts<'_> {
    /// The runs that destroyed something, the latest first.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Unavailable`].
    pub async fn list(&self, actor: &Actor, page: Page) -> Result<Vec<ReceiptSummary>, ServiceError> {
        actor.require(Permission::RetentionRead)?;
        let rows = self.shared.store.workspace(actor.workspace()).list_purge_runs(page.into()).await?;
        Ok(rows
            .into_iter()
            .map(|row| ReceiptSummary {
                run: row.id,
                cause: row.cause.as_str(),
                started_at: row.started_at,
                finished_at: row.finished_at,
                held_count: row.held,
            })
            .collect())
    }

    /// The signed receipt of a run. The same run always gives the same receipt.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such run, or it is under way; [`ServiceError::Internal`] when the record
    /// is not what the ledger says it was; [`ServiceError::Forbidden`], [`ServiceError::Unavailable`].
    pub async fn of(&self, actor: &Actor, run: PurgeRunId) -> Result<Note, ServiceError> {
        actor.require(Permission::RetentionRead)?;
        let store = self.shared.store.workspace(actor.workspace());
        let none = ServiceError::NotFound { what: "receipt" };
        let Some(row) = store.purge_run(run).await? else { return Err(none) };
        let (Some(event), Some(_)) = (row.event, row.finished_at) else { return Err(none) };
        let batches = store.purge_batches(run).await?;
        let ledger = Ledger { shared: self.shared };
        let (mut number, body) = store.numbered_event(event).await?;
        if number.is_none() {
            ledger.advance(&Operator::of_this_machine()).await?;
            number = store.numbered_event(event).await?.0;
        }
        let facts = facts(actor.workspace(), &row, &batches);
        if let Some(body) = body {
            let told = open_audit_body(actor.keys(), event.uuid(), &body)?;
            let expected = receipt_digest(&facts.to_string()).to_string();
            if told.get("digest").and_then(Json::as_str) != Some(&expected) {
                return Err(ServiceError::internal(
                    "making a receipt",
                    "the record is not what the ledger says it was",
                ));
            }
        }
        let key = ledger.key().await?;
        let receipt = json!({
            "receipt": "purge",
            "facts": facts,
            "ledger": { "log": key.public().name(), "event": event.to_string(), "number": number },
        });
        Ok(sign_receipt(&receipt.to_string(), &key)?)
    }
}

/// The notes of a deletion that somebody asks for, with the event that binds them.
pub(crate) fn deletion(
    shared: &Shared,
    keys: &WorkspaceKeyring,
    actor: StoreActor,
    batch: BatchRow,
) -> Result<Deletion, ServiceError> {
    let (random, at) = (&*shared.random, batch.at);
    let run = PurgeRunId::generate(at, random)?;
    let row = RunRow {
        id: run,
        cause: PurgeCause::Request,
        policy: None,
        started_at: at,
        finished_at: Some(at),
        held: 0,
        event: None,
    };
    let class = batch.class;
    let digest = digest(keys.workspace(), &row, &[batch]);
    let event = Event {
        actor,
        action: "purge.finish",
        target_kind: "purge_run",
        target_id: run.uuid(),
        details: &json!({ "digest": digest.to_string() }),
    };
    let finish = audit_entry(keys, random, at, &event)?;
    Ok(Deletion { run, batch: BatchId::generate(at, random)?, at, class, finish })
}

/// The digest of what a run did, as the event at its end holds it.
pub(crate) fn digest(workspace: WorkspaceId, run: &RunRow, batches: &[BatchRow]) -> Hash {
    receipt_digest(&facts(workspace, run, batches).to_string())
}

/// What a run did: a text that depends on nothing else.
fn facts(workspace: WorkspaceId, run: &RunRow, batches: &[BatchRow]) -> Json {
    let mut parts: BTreeMap<(&str, Class), Part> = BTreeMap::new();
    for batch in batches {
        parts.entry((&batch.kind, batch.class)).or_default().add(batch);
    }
    let listed: usize = parts.values().map(|part| part.ids.len().saturating_add(part.keys.len())).sum();
    let destroyed: Vec<Json> =
        parts.iter().map(|((kind, class), part)| part.to_json(kind, *class, listed <= LISTED_MAX)).collect();
    let policy = run.policy.as_deref().and_then(|policy| serde_json::from_str::<Json>(policy).ok());
    json!({
        "workspace": workspace.to_string(),
        "run": run.id.to_string(),
        "cause": run.cause.as_str(),
        "started_at": time(run.started_at),
        "finished_at": run.finished_at.map(time),
        "policy": policy,
        "held": run.held,
        "destroyed": destroyed,
    })
}

/// What was destroyed of one kind and class.
#[derive(Default)]
struct Part {
    bytes: u64,
    ids: Vec<Uuid>,
    keys: Vec<KeyId>,
}

impl Part {
    fn add(&mut self, batch: &BatchRow) {
        self.bytes = self.bytes.saturating_add(batch.bytes);
        self.ids.extend(&batch.ids);
        self.keys.extend(&batch.key_ids);
    }

    fn to_json(&self, kind: &str, class: Class, is_listed: bool) -> Json {
        let mut part = Map::new();
        part.insert("kind".to_owned(), kind.into());
        part.insert("class".to_owned(), class.as_str().into());
        part.insert("count".to_owned(), self.ids.len().into());
        part.insert("bytes".to_owned(), self.bytes.into());
        part.insert("ids_root".to_owned(), root(self.ids.iter().map(|id| id.to_string())).to_string().into());
        part.insert("key_count".to_owned(), self.keys.len().into());
        part.insert("keys_root".to_owned(), root(self.keys.iter().map(|key| key.to_string())).to_string().into());
        if is_listed {
            let ids: Vec<String> = self.ids.iter().map(ToString::to_string).collect();
            let keys: Vec<String> = self.keys.iter().map(ToString::to_string).collect();
            part.insert("ids".to_owned(), ids.into());
            part.insert("keys".to_owned(), keys.into());
        }
        part.into()
    }
}

/// The root of the tree (RFC 6962) over texts, in their order.
pub fn root(texts: impl Iterator<Item = String>) -> Hash {
    let mut tree = Frontier::new();
    for text in texts {
        tree.append(leaf_hash(text.as_bytes()), |_, _| {});
    }
    tree.root()
}

fn time(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.signed_millis()).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use chancery_store::AuditId;
    use chancery_vault::SystemRandom;

    use super::*;

    const AT: Timestamp = Timestamp::from_millis(1_790_000_000_000);

    fn run() -> RunRow {
        RunRow {
            id: PurgeRunId::generate(AT, &SystemRandom).unwrap(),
            cause: PurgeCause::Retention,
            policy: Some("{\"documents\":{\"public\":7}}".to_owned()),
            started_at: AT,
            finished_at: Some(AT),
            held: 1,
            event: Some(AuditId::generate(AT, &SystemRandom).unwrap()),
        }
    }

    fn batch(count: usize) -> BatchRow {
        let ids: Vec<Uuid> = (1..=count).map(|number| Uuid::from_u128(u128::try_from(number).unwrap())).collect();
        BatchRow { at: AT, kind: "documents".to_owned(), class: Class::Public, bytes: 3, ids, key_ids: Vec::new() }
    }

    #[test]
    fn the_digest_changes_with_every_fact_and_not_with_how_the_batches_were_cut() {
        let workspace = WorkspaceId::from_uuid(Uuid::from_u128(1));
        let (run, whole) = (run(), batch(4));
        let expected = digest(workspace, &run, std::slice::from_ref(&whole));
        let (first, second) = whole.ids.split_at(1);
        let halves = [
            BatchRow { ids: first.to_vec(), bytes: 1, ..whole.clone() },
            BatchRow { ids: second.to_vec(), bytes: 2, ..whole.clone() },
        ];
        assert_eq!(digest(workspace, &run, &halves), expected);
        for other in [
            BatchRow { bytes: 4, ..whole.clone() },
            BatchRow { ids: second.to_vec(), ..whole.clone() },
            BatchRow { class: Class::Internal, ..whole.clone() },
            BatchRow { kind: "transactions".to_owned(), ..whole.clone() },
            BatchRow { key_ids: vec![KeyId::from_bytes([1; 8])], ..whole.clone() },
        ] {
            assert_ne!(digest(workspace, &run, &[other]), expected);
        }
        assert_ne!(digest(workspace, &RunRow { held: 0, ..run }, &[whole]), expected);
    }

    #[test]
    fn a_long_list_is_told_by_its_root_alone() {
        let workspace = WorkspaceId::from_uuid(Uuid::from_u128(1));
        let text = facts(workspace, &run(), &[batch(LISTED_MAX + 1)]);
        let part = text.pointer("/destroyed/0").unwrap();
        assert_eq!((part.get("count"), part.get("ids")), (Some(&json!(LISTED_MAX + 1)), None));
    }
}
