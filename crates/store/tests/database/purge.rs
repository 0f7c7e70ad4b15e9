//! Purging and sweeping, with a moved clock and with crashes in between.

use std::fs;
use std::path::PathBuf;

use bytes::Bytes;
use chancery_store::{DocumentRecord, ObjectName, Page, PurgeReport, StoreError};
use chancery_vault::{SystemRandom, Timestamp};
use sqlx::PgConnection;

use crate::support::{DAY_MILLIS, NOW, TestDatabase, purge_documents, with_database};

const LATER: Timestamp = NOW.plus_millis(DAY_MILLIS);

async fn recorded(db: &TestDatabase, records: &[DocumentRecord]) {
    let writer = db.store.document_writer();
    for record in records {
        writer.record(record.clone()).await.unwrap();
    }
    writer.close().await;
}

async fn states(superuser: &mut PgConnection) -> Vec<(String, bool)> {
    sqlx::query_as("select state, key_wrapped is null from documents order by id").fetch_all(superuser).await.unwrap()
}

fn object_path(db: &TestDatabase, name: &ObjectName) -> PathBuf {
    let (shard, rest) = name.as_str().split_at(2);
    db.objects_folder.join("objects").join(shard).join(rest)
}

#[test]
fn only_expired_documents_are_purged_everywhere_and_each_is_recorded() {
    with_database(async |db| {
        let (first, second) = (db.workspace().await, db.workspace().await);
        let expired =
            [first.document(&db.objects, b"one", LATER).await, second.document(&db.objects, b"three", LATER).await];
        let alive = first.document(&db.objects, b"two", LATER.plus_millis(1)).await;
        recorded(db, &[expired[0].clone(), alive.clone(), expired[1].clone()]).await;
        assert_eq!(purge_documents(db, LATER.minus_millis(1)).await, PurgeReport::default());
        assert_eq!(purge_documents(db, LATER).await, PurgeReport { documents: 2, bytes: 8, failed: 0 });
        for record in &expired {
            assert_eq!(db.store.workspace(record.workspace).document(record.document).await.unwrap(), None);
            assert!(matches!(db.objects.get(&record.object).await, Err(StoreError::ObjectMissing)));
            let events = db.store.workspace(record.workspace).list_audit_events(Page::new(0, 10)).await.unwrap();
            let purges: Vec<_> = events
                .iter()
                .filter(|event| event.action == "document.purge")
                .map(|event| (event.target_id, event.at))
                .collect();
            assert_eq!(purges, [(Some(record.document.uuid()), LATER)]);
        }
        assert!(db.store.workspace(first.id).document(alive.document).await.unwrap().is_some());
        assert!(db.objects.get(&alive.object).await.is_ok());
        let mut superuser = db.connection("chancery_bootstrap").await;
        let runs: Vec<(i64, i64, bool)> =
            sqlx::query_as("select documents, bytes, finished_at is not null from purge_runs order by bytes")
                .fetch_all(&mut superuser)
                .await
                .unwrap();
        assert_eq!(runs, [(1, 3, true), (1, 5, true)]);
        assert_eq!(purge_documents(db, LATER).await, PurgeReport::default());
    });
}

#[test]
fn more_documents_than_one_step_takes_are_all_purged() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let writer = db.store.document_writer();
        let records: Vec<_> = (0..450).map(|_| workspace.record(b"x", LATER)).collect();
        futures::future::join_all(records.into_iter().map(|record| writer.record(record)))
            .await
            .into_iter()
            .for_each(Result::unwrap);
        writer.close().await;
        assert_eq!(purge_documents(db, LATER).await, PurgeReport { documents: 450, bytes: 450, failed: 0 });
    });
}

#[test]
fn an_object_that_cannot_be_deleted_is_unreadable_at_once_and_purged_later() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let [stuck, other] = [
            workspace.document(&db.objects, b"one", LATER).await,
            workspace.document(&db.objects, b"two", LATER).await,
        ];
        recorded(db, &[stuck.clone(), other]).await;
        // A folder in the place of the file: deleting it as a file fails, as a failing disk would.
        let path = object_path(db, &stuck.object);
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert_eq!(purge_documents(db, LATER).await, PurgeReport { documents: 1, bytes: 3, failed: 1 });
        let mut superuser = db.connection("chancery_bootstrap").await;
        assert_eq!(states(&mut superuser).await, [("purging".to_owned(), true)]);
        assert_eq!(db.store.workspace(workspace.id).document(stuck.document).await.unwrap(), None);
        fs::remove_dir(&path).unwrap();
        fs::write(&path, "sealed").unwrap();
        // Even a clock that was set back does not bring it back.
        assert_eq!(purge_documents(db, NOW).await, PurgeReport { documents: 1, bytes: 3, failed: 0 });
        assert!(!path.exists());
        assert_eq!(states(&mut superuser).await, []);
    });
}

#[test]
fn a_crash_after_any_step_leaves_nothing_behind_when_the_purge_runs_again() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let records = [
            workspace.document(&db.objects, b"one", LATER).await,
            workspace.document(&db.objects, b"two", LATER).await,
            workspace.document(&db.objects, b"six", LATER).await,
        ];
        recorded(db, &records).await;
        let mut superuser = db.connection("chancery_bootstrap").await;
        // As after a crash: the first two lost their keys, the second its object as well.
        sqlx::query(
            "update documents set state = 'purging', key_wrapped = null, file_name_sealed = null where id = any ($1)",
        )
        .bind([records[0].document.uuid(), records[1].document.uuid()])
        .execute(&mut superuser)
        .await
        .unwrap();
        db.objects.delete(&records[1].object).await.unwrap();
        assert_eq!(purge_documents(db, LATER).await, PurgeReport { documents: 3, bytes: 9, failed: 0 });
        assert_eq!(states(&mut superuser).await, []);
        for record in &records {
            assert!(matches!(db.objects.get(&record.object).await, Err(StoreError::ObjectMissing)));
        }
    });
}

#[test]
fn a_purge_that_is_dropped_half_way_is_finished_by_the_next() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let mut records = Vec::new();
        for _ in 0..20 {
            records.push(workspace.document(&db.objects, b"abc", LATER).await);
        }
        recorded(db, &records).await;
        // Dropped after ever more turns of the executor: somewhere in the middle of each step.
        let mut purged = 0;
        for turns in 1..24 {
            let mut remaining = turns;
            let purge = purge_documents(db, LATER);
            tokio::pin!(purge);
            let result = std::future::poll_fn(|context| {
                remaining -= 1;
                match purge.as_mut().poll(context) {
                    std::task::Poll::Ready(report) => std::task::Poll::Ready(Some(report)),
                    std::task::Poll::Pending if remaining == 0 => std::task::Poll::Ready(None),
                    std::task::Poll::Pending => std::task::Poll::Pending,
                }
            })
            .await;
            purged += result.map_or(0, |report| report.documents);
        }
        purged += purge_documents(db, LATER).await.documents;
        assert!(purged <= 20);
        let mut superuser = db.connection("chancery_bootstrap").await;
        assert_eq!(states(&mut superuser).await, []);
        for record in &records {
            assert!(matches!(db.objects.get(&record.object).await, Err(StoreError::ObjectMissing)));
        }
        let entries: i64 =
            sqlx::query_scalar("select count(distinct target_id) from audit_events where action = 'document.purge'")
                .fetch_one(&mut superuser)
                .await
                .unwrap();
        assert_eq!(entries, 20);
    });
}

#[test]
fn two_purges_at_once_count_each_document_once() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let mut records = Vec::new();
        for _ in 0..30 {
            records.push(workspace.document(&db.objects, b"abc", LATER).await);
        }
        recorded(db, &records).await;
        let (first, second) = tokio::join!(purge_documents(db, LATER), purge_documents(db, LATER));
        assert_eq!((first.documents + second.documents, first.failed + second.failed), (30, 0));
        let mut superuser = db.connection("chancery_bootstrap").await;
        let noted: (i64, i64) = sqlx::query_as(
            "select count(*), count(distinct i.id) from purge_batches b cross join unnest(b.ids) as i (id)",
        )
        .fetch_one(&mut superuser)
        .await
        .unwrap();
        assert_eq!(noted, (30, 30), "the receipt of each run says what it destroyed");
    });
}

#[test]
fn the_sweep_deletes_old_orphans_and_nothing_else() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let known = workspace.document(&db.objects, b"known", LATER).await;
        recorded(db, std::slice::from_ref(&known)).await;
        let orphan = ObjectName::generate(&SystemRandom).unwrap();
        db.objects.put(&orphan, Bytes::from(vec![0; 37])).await.unwrap();
        let cut = ObjectName::generate(&SystemRandom).unwrap();
        db.objects.put(&cut, Bytes::new()).await.unwrap();
        // The files carry the real time; "now" is chosen so that they are younger, then older than the grace.
        let young = db.store.sweep_orphans(&db.objects, NOW, NOW.millis()).await.unwrap();
        assert_eq!((young.seen, young.orphans, young.unfinished), (3, 0, 0));
        let old = db.store.sweep_orphans(&db.objects, Timestamp::MAX, 1).await.unwrap();
        assert_eq!((old.seen, old.orphans, old.unfinished), (3, 1, 1));
        assert!(matches!(db.objects.get(&orphan).await, Err(StoreError::ObjectMissing)));
        assert!(db.objects.get(&known.object).await.is_ok());
    });
}
