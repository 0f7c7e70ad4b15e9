//! Transactions of renders of which nothing is stored.

use chancery_store::{
    Export, Page, PublicTemplateId, RenderKind, StoreError, TemplateId, TransactionId, TransactionRecord,
    TransactionStatus,
};
use chancery_vault::{SystemRandom, WorkspaceId};

use crate::support::{NOW, with_database};

fn record(workspace: WorkspaceId) -> TransactionRecord {
    let template =
        (TemplateId::generate(NOW, &SystemRandom).unwrap(), PublicTemplateId::generate(&SystemRandom).unwrap());
    TransactionRecord {
        workspace,
        id: TransactionId::generate(NOW, &SystemRandom).unwrap(),
        template: Some(template),
        kind: RenderKind::Image,
        status: TransactionStatus::Done,
        size_bytes: 7,
        pages: 1,
        created_at: NOW,
    }
}

#[test]
fn closing_the_writer_writes_all_that_waits() {
    with_database(async |db| {
        let (first, second) = (db.workspace().await, db.workspace().await);
        let writer = db.store.transaction_writer();
        for _ in 0..1500 {
            writer.record(record(first.id)).unwrap();
        }
        let last = TransactionRecord { template: None, status: TransactionStatus::Failed, ..record(second.id) };
        writer.record(last.clone()).unwrap();
        writer.close().await.unwrap();
        assert!(matches!(writer.record(record(first.id)), Err(StoreError::Closed)));
        assert_eq!(db.store.workspace(first.id).account_counters(NOW).await.unwrap().renders, 1500);
        let rows = db.store.workspace(second.id).list_transactions(Page::new(0, 10)).await.unwrap();
        assert_eq!(rows.len(), 1);
        let row = &rows[0];
        assert_eq!(
            (row.id, row.export, row.kind, row.status, row.document, row.template_public_id),
            (last.id, Export::File, RenderKind::Image, TransactionStatus::Failed, None, None)
        );
        assert_eq!(db.store.workspace(second.id).account_counters(NOW).await.unwrap().renders, 0);
    });
}

#[test]
fn records_are_written_without_closing() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let writer = db.store.transaction_writer();
        for round in 1..=2 {
            writer.record(record(workspace.id)).unwrap();
            // The wait ends with the write; a writer that never writes is stopped by the limit.
            let written = async {
                while db.store.workspace(workspace.id).account_counters(NOW).await.unwrap().renders < round {
                    tokio::task::yield_now().await;
                }
            };
            tokio::time::timeout(std::time::Duration::from_secs(20), written).await.unwrap();
        }
        writer.close().await.unwrap();
    });
}

#[test]
fn a_refused_record_does_not_stop_the_others() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let writer = db.store.transaction_writer();
        writer.record(TransactionRecord { size_bytes: u64::MAX, ..record(workspace.id) }).unwrap();
        writer.record(record(workspace.id)).unwrap();
        writer.close().await.unwrap();
        assert_eq!(db.store.workspace(workspace.id).list_transactions(Page::new(0, 10)).await.unwrap().len(), 1);
    });
}

#[test]
fn a_queue_that_is_full_says_so_instead_of_growing() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let writer = db.store.transaction_writer();
        let one = record(workspace.id);
        // Nothing is awaited here, and the writer's task needs the flush interval before it takes anything.
        let accepted = (0..200_000).take_while(|_| writer.record(one.clone()).is_ok()).count();
        assert!((100_000..200_000).contains(&accepted), "{accepted}");
        assert!(matches!(writer.record(one), Err(StoreError::Busy { .. })));
        writer.close().await.unwrap();
        // One id many times is one transaction.
        assert_eq!(db.store.workspace(workspace.id).list_transactions(Page::new(0, 10)).await.unwrap().len(), 1);
    });
}
