//! Documents and their writer.

use chancery_store::{DocumentRecord, ObjectName, Page, StoreError, WorkspaceState};
use chancery_vault::{ObjectPurpose, SystemRandom};

use crate::support::{DAY_MILLIS, NOW, deletion, entry, with_database};

#[test]
fn a_stored_document_opens_again_and_only_in_its_workspace() {
    with_database(async |db| {
        let (ours, theirs) = (db.workspace().await, db.workspace().await);
        let record = ours.document(&db.objects, b"%PDF the document", NOW.plus_millis(DAY_MILLIS)).await;
        let writer = db.store.document_writer();
        writer.record(record.clone()).await.unwrap();
        let row = db.store.workspace(ours.id).document(record.document).await.unwrap().unwrap();
        assert_eq!((row.size_bytes, row.pages, row.mime.as_str(), row.template_version), (17, 2, "application/pdf", 3));
        assert_eq!((row.created_at, row.expires_at), (NOW, NOW.plus_millis(DAY_MILLIS)));
        let sealed = db.objects.get(&row.object).await.unwrap();
        let opened = ours.keys.open_object(ObjectPurpose::Document, row.id.uuid(), &row.key_wrapped, &sealed).unwrap();
        assert_eq!(opened.as_slice(), b"%PDF the document");
        assert_eq!(db.store.workspace(theirs.id).document(record.document).await.unwrap(), None);
        let transactions = db.store.workspace(ours.id).list_transactions(Page::new(0, 10)).await.unwrap();
        assert_eq!(
            transactions.iter().map(|t| (t.id, t.document, t.pages)).collect::<Vec<_>>(),
            [(record.transaction, Some(record.document), 2)]
        );
        let events = db.store.workspace(ours.id).list_audit_events(Page::new(0, 10)).await.unwrap();
        assert!(
            events.iter().any(|event| event.id == record.audit.id && event.target_id == Some(record.document.uuid()))
        );
        writer.close().await;
        assert!(matches!(writer.record(record).await, Err(StoreError::Closed)));
    });
}

#[test]
fn concurrent_records_share_commits_and_none_is_lost() {
    with_database(async |db| {
        let workspaces = [db.workspace().await, db.workspace().await, db.workspace().await];
        let records: Vec<DocumentRecord> =
            (0..300).map(|i| workspaces[i % 3].record(b"x", NOW.plus_millis(DAY_MILLIS))).collect();
        let writer = db.store.document_writer();
        let results = futures::future::join_all(records.iter().map(|record| writer.record(record.clone()))).await;
        assert!(results.iter().all(Result::is_ok));
        let mut superuser = db.connection("chancery_bootstrap").await;
        let (rows, commits): (i64, i64) = sqlx::query_as("select count(*), count(distinct xmin::text) from documents")
            .fetch_one(&mut superuser)
            .await
            .unwrap();
        assert_eq!(rows, 300);
        assert!(commits < 30, "{commits} commits");
        for workspace in &workspaces {
            let listed = db.store.workspace(workspace.id).list_transactions(Page::new(0, 1000)).await.unwrap();
            assert_eq!(listed.len(), 100);
        }
        writer.close().await;
    });
}

#[test]
fn a_bad_record_is_refused_alone() {
    with_database(async |db| {
        let (active, suspended) = (db.workspace().await, db.workspace().await);
        db.store
            .workspace(suspended.id)
            .set_state(WorkspaceState::Suspended, &entry("workspace.suspend"))
            .await
            .unwrap();
        let expires = NOW.plus_millis(DAY_MILLIS);
        let good = active.record(b"x", expires);
        let twice = good.clone();
        let bad_mime = DocumentRecord { mime: "Not a type", ..active.record(b"x", expires) };
        let too_large = DocumentRecord { size_bytes: u64::MAX, ..active.record(b"x", expires) };
        let stopped = suspended.record(b"x", expires);
        let writer = db.store.document_writer();
        let mut records = vec![good, bad_mime, too_large, stopped];
        records.extend((0..20).map(|_| active.record(b"x", expires)));
        let results = futures::future::join_all(records.into_iter().map(|record| writer.record(record))).await;
        assert!(results[0].is_ok());
        assert!(matches!(results[1], Err(StoreError::Database { .. })), "{:?}", results[1]);
        assert!(matches!(results[2], Err(StoreError::TooLarge { .. })), "{:?}", results[2]);
        assert!(matches!(results[3], Err(StoreError::WorkspaceNotActive)), "{:?}", results[3]);
        assert!(results[4..].iter().all(Result::is_ok));
        assert!(matches!(writer.record(twice).await, Err(StoreError::Conflict { .. })));
        let counters = db.store.workspace(active.id).account_counters(NOW).await.unwrap();
        assert_eq!((counters.documents, counters.renders), (21, 21));
        assert_eq!(db.store.workspace(suspended.id).account_counters(NOW).await.unwrap().documents, 0);
        writer.close().await;
    });
}

#[test]
fn a_workspace_that_does_not_exist_gets_no_document() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let stranger = chancery_vault::WorkspaceId::generate(NOW, &SystemRandom).unwrap();
        let record = DocumentRecord { workspace: stranger, ..workspace.record(b"x", NOW) };
        let writer = db.store.document_writer();
        assert!(matches!(writer.record(record).await, Err(StoreError::WorkspaceNotActive)));
        writer.close().await;
    });
}

#[test]
fn the_writer_and_the_pool_survive_the_loss_of_all_their_connections() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let writer = db.store.document_writer();
        let mut superuser = db.connection("chancery_bootstrap").await;
        for round in 1..=3 {
            let records = (0..10).map(|_| writer.record(workspace.record(b"x", NOW.plus_millis(DAY_MILLIS))));
            assert!(futures::future::join_all(records).await.iter().all(Result::is_ok));
            sqlx::query("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'chancery_app' and datname = current_database()").execute(&mut superuser).await.unwrap();
            db.store.ping().await.unwrap();
            writer.record(workspace.record(b"x", NOW.plus_millis(DAY_MILLIS))).await.unwrap();
            let counters = db.store.workspace(workspace.id).account_counters(NOW).await.unwrap();
            assert_eq!(counters.documents, round * 11);
        }
        writer.close().await;
    });
}

#[test]
fn a_deleted_document_leaves_neither_row_nor_key_nor_object() {
    with_database(async |db| {
        let (ours, theirs) = (db.workspace().await, db.workspace().await);
        let record = ours.document(&db.objects, b"secret", NOW.plus_millis(DAY_MILLIS)).await;
        let writer = db.store.document_writer();
        writer.record(record.clone()).await.unwrap();
        let foreign = db
            .store
            .workspace(theirs.id)
            .delete_document(record.document, &db.objects, &deletion(), &entry("document.delete"))
            .await;
        assert!(matches!(foreign, Err(StoreError::NotFound { .. })));
        assert!(db.objects.get(&record.object).await.is_ok());
        let store = db.store.workspace(ours.id);
        store.delete_document(record.document, &db.objects, &deletion(), &entry("document.delete")).await.unwrap();
        assert_eq!(store.document(record.document).await.unwrap(), None);
        assert!(matches!(db.objects.get(&record.object).await, Err(StoreError::ObjectMissing)));
        let mut superuser = db.connection("chancery_bootstrap").await;
        let rows: i64 = sqlx::query_scalar("select count(*) from documents").fetch_one(&mut superuser).await.unwrap();
        assert_eq!(rows, 0);
        let again = store.delete_document(record.document, &db.objects, &deletion(), &entry("document.delete")).await;
        assert!(matches!(again, Err(StoreError::NotFound { .. })));
        // The transaction stays: it says that a document was made, not what it held.
        assert_eq!(store.list_transactions(Page::new(0, 10)).await.unwrap().len(), 1);
        writer.close().await;
    });
}

#[test]
fn an_object_name_is_taken_once() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let name = ObjectName::generate(&SystemRandom).unwrap();
        let record = || DocumentRecord { object: name.clone(), ..workspace.record(b"x", NOW) };
        let writer = db.store.document_writer();
        writer.record(record()).await.unwrap();
        assert!(matches!(writer.record(record()).await, Err(StoreError::Conflict { .. })));
        writer.close().await;
    });
}
