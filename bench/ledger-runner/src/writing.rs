//! Writes the same events into a plain table and into the ledger, and documents with and without it.

use std::time::Instant;

use chancery_store::{DocumentRecord, ObjectName, PublicTemplateId, RenderKind, StoreError, TemplateId, TransactionId};
use chancery_vault::{Class, DocumentId, ObjectPurpose, SystemRandom};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::{Value as Json, json};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::await_go;
use crate::failure::Failure;
use crate::installation::{BODY_BYTES, Installation, NOW, document_event};

/// Rows of one commit, in both tables: as many as the store's writer of documents puts into one.
pub(crate) const COMMIT_ROWS: usize = 128;
/// Documents that wait at once: two commits full, so that the writer never waits for the callers.
const CALLERS: usize = 256;
/// What autovacuum does in its own time, which must not be in the middle of a measurement.
const TIDY: &str = "vacuum analyze audit_events, documents, transactions, plain_events, ledger_queue, ledger_entries, ledger_nodes, ledger_checkpoints";

/// Events in a plain table: one connection, one statement a commit.
pub(crate) async fn plain(installation: &mut Installation, count: u64, commit_rows: usize) -> Result<Json, Failure> {
    tidy(installation).await?;
    let seconds = insert(installation, "plain_events", count, commit_rows).await?;
    Ok(json!({ "entries": count, "seconds": seconds }))
}

/// The same events by the same statement in the audit log, under row-level security; then the sequencer numbers them.
pub(crate) async fn events(installation: &mut Installation, count: u64, commit_rows: usize) -> Result<Json, Failure> {
    number(installation).await?;
    tidy(installation).await?;
    let written = insert(installation, "audit_events", count, commit_rows).await?;
    let begun = Instant::now();
    let numbered = number(installation).await?;
    let sequenced = begun.elapsed().as_secs_f64();
    expect(numbered, count)?;
    Ok(json!({ "entries": count, "seconds": written + sequenced, "sequencing_seconds": sequenced }))
}

/// Documents through the store's writer, then the sequencer; or with the ledger's trigger off.
pub(crate) async fn documents(installation: &mut Installation, count: u64, has_ledger: bool) -> Result<Json, Failure> {
    let records = (0..count).map(|_| record(installation)).collect::<Result<Vec<_>, _>>()?;
    number(installation).await?;
    tidy(installation).await?;
    if !has_ledger {
        switch_trigger(installation, "disable").await?;
    }
    let writer = installation.store.document_writer();
    // The writer's connection is opened by its first record.
    writer.record(record(installation)?).await?;
    number(installation).await?;
    await_go()?;
    let begun = Instant::now();
    let writes = stream::iter(records).map(|record| Ok::<_, StoreError>(writer.record(record)));
    writes.try_buffer_unordered(CALLERS).try_collect::<Vec<()>>().await?;
    let written = begun.elapsed().as_secs_f64();
    let numbered = number(installation).await?;
    let all = begun.elapsed().as_secs_f64();
    writer.close().await;
    if !has_ledger {
        switch_trigger(installation, "enable").await?;
    }
    expect(numbered, if has_ledger { count } else { 0 })?;
    let seconds = if has_ledger { all } else { written };
    Ok(json!({ "entries": count, "seconds": seconds, "sequencing_seconds": seconds - written }))
}

/// Has the sequencer number all that waits; gives how many.
async fn number(installation: &Installation) -> Result<u64, Failure> {
    let mut entries = 0;
    loop {
        let batch = installation.store.sequence_ledger(&installation.signing).await?;
        entries += batch.entries;
        if !batch.is_full {
            return Ok(entries);
        }
    }
}

fn expect(numbered: u64, count: u64) -> Result<(), Failure> {
    if numbered == count {
        return Ok(());
    }
    Err(Failure::Unexpected(format!("{numbered} of {count} events got a number")))
}

async fn tidy(installation: &mut Installation) -> Result<(), Failure> {
    sqlx::raw_sql(TIDY).execute(&mut installation.superuser).await?;
    Ok(())
}

async fn switch_trigger(installation: &mut Installation, how: &str) -> Result<(), Failure> {
    let statement = format!("alter table audit_events {how} trigger audit_events_wait_for_a_number");
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut installation.superuser).await?;
    Ok(())
}

/// Writes events into `table` and gives the seconds; everything is made before.
async fn insert(installation: &mut Installation, table: &str, count: u64, commit_rows: usize) -> Result<f64, Failure> {
    let mut ids = Vec::new();
    for _ in 0..count {
        ids.push(document_event(installation.next_time(), Uuid::nil())?.id.uuid());
    }
    let bodies = vec![vec![7_u8; BODY_BYTES]; commit_rows];
    let statement = format!(
        "insert into {table} (workspace_id, id, at, actor_kind, actor_id, action, target_kind, target_id, body_sealed)
         select $1, r.id, from_millis($2), 'api_key', $1, 'document.create', 'document', r.id, r.body
         from unnest($3::uuid[], $4::bytea[]) as r (id, body)"
    );
    await_go()?;
    let begun = Instant::now();
    for batch in ids.chunks(commit_rows) {
        sqlx::query(AssertSqlSafe(statement.as_str()))
            .bind(installation.workspace.uuid())
            .bind(NOW.signed_millis())
            .bind(batch)
            .bind(bodies.get(..batch.len()).unwrap_or_default())
            .execute(&mut installation.application)
            .await?;
    }
    Ok(begun.elapsed().as_secs_f64())
}

/// A document whose object is already stored.
fn record(installation: &mut Installation) -> Result<DocumentRecord, Failure> {
    let (at, random) = (installation.next_time(), &SystemRandom);
    let document = DocumentId::generate(at, random)?;
    let sealed =
        installation.keys.seal_object(random, ObjectPurpose::Document, document.uuid(), b"document".to_vec())?;
    Ok(DocumentRecord {
        workspace: installation.workspace,
        document,
        transaction: TransactionId::from_uuid(document.uuid()),
        template: TemplateId::generate(at, random)?,
        template_public_id: PublicTemplateId::generate(random)?,
        template_version: 1,
        kind: RenderKind::Pdf,
        object: ObjectName::generate(random)?,
        key_wrapped: sealed.wrapped_key,
        size_bytes: 20_000,
        pages: 1,
        mime: "application/pdf",
        class: Class::Confidential,
        file_name_sealed: None,
        created_at: at,
        expires_at: at.plus_millis(24 * 60 * 60 * 1000),
        audit: document_event(at, document.uuid())?,
    })
}
