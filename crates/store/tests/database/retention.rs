//! What policies end, what holds keep, and that the two follow one another.

use chancery_store::{
    Actor, DataKind, Due, HoldTarget, NewRequest, Page, PolicyRow, RenderKind, Slice, StoreError, TemplateChange,
    TransactionId, TransactionRecord, TransactionStatus,
};
use chancery_vault::{Class, SystemRandom, Timestamp};
use futures::future::join_all;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::support::{
    DAY_MILLIS, NOW, TestDatabase, TestWorkspace, begin_run, deletion, destroy_all, entry, new_api_key, new_hold,
    new_template, new_version, purge_documents, with_database,
};

const LATER: Timestamp = NOW.plus_millis(10 * DAY_MILLIS);

const fn slice(kind: DataKind, now: Timestamp, before: Option<Timestamp>) -> Slice {
    Slice { kind, class: Class::Confidential, now, before }
}

/// One row of every kind, made at [`NOW`]; gives the id of the template and of the document.
async fn one_of_each(db: &TestDatabase, workspace: &TestWorkspace) -> (Uuid, Uuid) {
    let store = db.store.workspace(workspace.id);
    let template = new_template(b"sealed name");
    store.create_template(&template, Actor::Operator, &entry("template.create")).await.unwrap();
    let change = TemplateChange { version: Some(new_version(b"sealed body 2")), ..Default::default() };
    store.update_template(template.id, &change, NOW, Actor::Operator, &entry("template.update")).await.unwrap();
    let mut record = workspace.document(&db.objects, b"text", NOW.plus_millis(30 * DAY_MILLIS)).await;
    record.template = template.id;
    record.transaction = TransactionId::from_uuid(record.document.uuid());
    let document = record.document.uuid();
    let writer = db.store.document_writer();
    writer.record(record).await.unwrap();
    writer.close().await;
    let request = NewRequest {
        id: document,
        template: template.id,
        template_version: 1,
        class: Class::Confidential,
        request_sealed: b"sealed request".to_vec(),
        created_at: NOW,
    };
    store.keep_request(&request, &entry("request.keep")).await.unwrap();
    let (mut key, _) = new_api_key();
    key.expires_at = Some(NOW);
    store.create_api_key(&key, &entry("api_key.create")).await.unwrap();
    let allocation = chancery_store::Allocation {
        pseudonym: "person-AAAAAAAAAAAAAAAA".to_owned(),
        id: chancery_store::AllocationId::generate(NOW, &SystemRandom).unwrap(),
        original_sealed: b"sealed original".to_vec(),
    };
    store.allocate(&[allocation], NOW).await.unwrap();
    let key = chancery_ledger::SigningKey::log("chancery/ledger/0123456789abcdef", &[7; 32]).unwrap();
    db.store.sequence_ledger(&key).await.unwrap();
    (template.id.uuid(), document)
}

#[test]
fn each_kind_is_due_when_its_time_is_over_and_not_a_moment_before() {
    with_database(async |db| {
        let (workspace, other) = (db.workspace().await, db.workspace().await);
        one_of_each(db, &workspace).await;
        one_of_each(db, &other).await;
        let store = db.store.workspace(workspace.id);
        for kind in DataKind::ALL {
            let early = slice(kind, LATER, Some(NOW.minus_millis(1)));
            assert_eq!(store.due(&early).await.unwrap(), Due::default(), "{kind:?} before its time");
            let other_class = Slice { class: Class::Public, ..slice(kind, LATER, Some(NOW)) };
            assert_eq!(store.due(&other_class).await.unwrap(), Due::default(), "{kind:?} of another class");
            let due = store.due(&slice(kind, LATER, Some(NOW))).await.unwrap();
            assert!(due.count > 0 && due.held == 0, "{kind:?} when its time is over: {due:?}");
        }
        let run = begin_run(&store, LATER).await;
        for kind in DataKind::ALL {
            let due = store.due(&slice(kind, LATER, Some(NOW))).await.unwrap().count;
            assert_eq!(destroy_all(&store, run, &slice(kind, LATER, Some(NOW))).await, due, "{kind:?}");
            assert_eq!(store.due(&slice(kind, LATER, Some(NOW))).await.unwrap().count, 0, "{kind:?} is gone");
        }
        let batches = store.purge_batches(run).await.unwrap();
        let mut kinds: Vec<&str> = batches.iter().map(|batch| batch.kind.as_str()).collect();
        kinds.sort_unstable();
        let mut expected = DataKind::ALL.map(DataKind::as_str);
        expected.sort_unstable();
        assert_eq!(kinds, expected);
        let documents = batches.iter().find(|batch| batch.kind == "documents").unwrap();
        assert_eq!((documents.ids.len(), documents.key_ids.len(), documents.bytes), (1, 1, 4));
        let theirs = db.store.workspace(other.id);
        for kind in DataKind::ALL {
            assert!(theirs.due(&slice(kind, LATER, Some(NOW))).await.unwrap().count > 0, "{kind:?} of the neighbour");
        }
    });
}

#[test]
fn documents_and_requests_follow_their_own_class_and_older_ones_that_of_the_workspace() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let (_, document) = one_of_each(db, &workspace).await;
        let store = db.store.workspace(workspace.id);
        let due = async |kind, class| store.due(&Slice { class, ..slice(kind, LATER, Some(NOW)) }).await.unwrap().count;
        let mut superuser = db.connection("chancery_bootstrap").await;
        for (stored, class, other) in [
            (Some("restricted"), Class::Restricted, Class::Confidential),
            (Some("public"), Class::Public, Class::Confidential),
            (None, Class::Confidential, Class::Restricted),
        ] {
            for (kind, table) in [(DataKind::Documents, "documents"), (DataKind::Requests, "document_requests")] {
                let statement = format!("update {table} set class = $1 where id = $2");
                let update = sqlx::query(AssertSqlSafe(statement)).bind(stored).bind(document);
                update.execute(&mut superuser).await.unwrap();
                assert_eq!(due(kind, class).await, 1, "{table} of {stored:?}");
                assert_eq!(due(kind, other).await, 0, "{table} of {stored:?}");
            }
        }
    });
}

#[test]
fn the_latest_version_and_the_document_before_its_time_stay() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let (template, document) = one_of_each(db, &workspace).await;
        let store = db.store.workspace(workspace.id);
        let run = begin_run(&store, LATER).await;
        destroy_all(&store, run, &slice(DataKind::TemplateVersions, LATER, Some(NOW))).await;
        let template = chancery_store::TemplateId::from_uuid(template);
        assert_eq!(store.template_version(template, None).await.unwrap().unwrap().number, 2);
        assert_eq!(store.template_version(template, Some(1)).await.unwrap(), None);
        destroy_all(&store, run, &slice(DataKind::Documents, LATER, None)).await;
        let document = chancery_vault::DocumentId::from_uuid(document);
        assert!(store.document(document).await.unwrap().is_some(), "its own end has not come");
    });
}

#[test]
fn what_is_held_is_counted_and_stays_whatever_the_policy_until_it_is_released() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let (template, document) = one_of_each(db, &workspace).await;
        let store = db.store.workspace(workspace.id);
        let all = [
            (HoldTarget::Workspace, workspace.id.uuid(), &DataKind::ALL[..]),
            (
                HoldTarget::Template,
                template,
                &[DataKind::Documents, DataKind::TemplateVersions, DataKind::Transactions, DataKind::Requests],
            ),
            (HoldTarget::Document, document, &[DataKind::Documents, DataKind::Transactions, DataKind::Requests]),
        ];
        for (target, id, kinds) in all {
            let hold = new_hold(target, id);
            store.place_hold(&hold, &entry("hold.place")).await.unwrap();
            let run = begin_run(&store, LATER).await;
            for kind in kinds {
                let due = store.due(&slice(*kind, LATER, Some(NOW))).await.unwrap();
                assert!(due.count == 0 && due.held > 0, "{kind:?} under a hold on the {target:?}: {due:?}");
                assert_eq!(destroy_all(&store, run, &slice(*kind, LATER, Some(NOW))).await, 0, "{kind:?}");
            }
            store.release_hold(hold.id, NOW, Actor::Operator, &entry("hold.release")).await.unwrap();
            let again = store.release_hold(hold.id, NOW, Actor::Operator, &entry("hold.release")).await;
            assert!(matches!(again, Err(StoreError::NotFound { .. })));
            for kind in kinds {
                let due = store.due(&slice(*kind, LATER, Some(NOW))).await.unwrap();
                assert!(due.count > 0 && due.held == 0, "{kind:?} after the release: {due:?}");
            }
        }
    });
}

#[test]
fn the_database_refuses_to_delete_what_is_held_whoever_asks() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let (template, document) = one_of_each(db, &workspace).await;
        let store = db.store.workspace(workspace.id);
        store.place_hold(&new_hold(HoldTarget::Workspace, workspace.id.uuid()), &entry("hold.place")).await.unwrap();
        let template = chancery_store::TemplateId::from_uuid(template);
        let refused = store.delete_template(template, &deletion(), &entry("template.delete")).await;
        assert!(matches!(refused, Err(StoreError::Held)), "{refused:?}");
        let document = chancery_vault::DocumentId::from_uuid(document);
        let refused = store.delete_document(document, &db.objects, &deletion(), &entry("document.delete")).await;
        assert!(matches!(refused, Err(StoreError::Held)), "{refused:?}");
        for role in ["chancery_app", "chancery_bootstrap"] {
            let mut connection = db.connection(role).await;
            sqlx::query("select set_config('app.workspace', $1, false)")
                .bind(workspace.id.to_string())
                .execute(&mut connection)
                .await
                .unwrap();
            for statement in [
                "delete from templates",
                "delete from template_versions",
                "delete from documents",
                "update documents set state = 'purging', key_wrapped = null",
                "delete from transactions",
                "delete from api_keys",
                "delete from document_requests",
                "update workspace_keys set state = 'destroyed', wrapped = null where state = 'active'",
            ] {
                let refused = sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await.unwrap_err();
                let code = refused.as_database_error().and_then(|error| error.code()).unwrap_or_default().into_owned();
                assert_eq!(code, "CH004", "{role}: {statement}: {refused}");
            }
        }
        assert!(store.document(document).await.unwrap().is_some());
        assert!(store.template(template).await.unwrap().is_some());
        let runs = store.list_purge_runs(Page::new(0, 10)).await.unwrap();
        assert_eq!(runs, [], "a deletion that was refused leaves no receipt");
    });
}

#[test]
fn a_hold_on_what_is_gone_is_refused_and_a_hold_in_time_keeps_all_of_it() {
    with_database(async |db| {
        // Many documents, each with a hold that races a purge: whatever wins, the hold tells the truth.
        let workspace = db.workspace().await;
        let store = db.store.workspace(workspace.id);
        let writer = db.store.document_writer();
        let mut documents = Vec::new();
        for _ in 0..40 {
            let record = workspace.document(&db.objects, b"text", NOW).await;
            documents.push(record.document);
            writer.record(record).await.unwrap();
        }
        writer.close().await;
        let placed = documents.iter().map(|document| {
            let (store, hold) = (store.clone(), new_hold(HoldTarget::Document, document.uuid()));
            async move { store.place_hold(&hold, &entry("hold.place")).await }
        });
        let (placed, report) = tokio::join!(join_all(placed), purge_documents(db, LATER));
        let mut held = 0;
        for (document, placed) in documents.iter().zip(placed) {
            let row = store.document(*document).await.unwrap();
            match placed {
                Ok(()) => {
                    held += 1;
                    let row = row.expect("what was held is there");
                    db.objects.get(&row.object).await.unwrap();
                }
                Err(StoreError::NotFound { .. }) => assert_eq!(row, None, "what was purged before is gone"),
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(report.documents + held, 40);
        assert_eq!(purge_documents(db, LATER).await.documents, 0, "the rest is held");
    });
}

#[test]
fn a_run_that_is_over_takes_nothing_more() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        one_of_each(db, &workspace).await;
        let store = db.store.workspace(workspace.id);
        let run = begin_run(&store, NOW).await;
        assert_eq!(store.unfinished_runs(NOW).await.unwrap().len(), 0);
        assert_eq!(store.unfinished_runs(NOW.plus_millis(1)).await.unwrap().len(), 1);
        store.end_run(run, NOW, 0, &entry("purge.finish")).await.unwrap();
        let again = store.end_run(run, NOW, 0, &entry("purge.finish")).await;
        assert!(matches!(again, Err(StoreError::NotFound { .. })));
        let notes = chancery_store::BatchNotes {
            run,
            batch: chancery_store::BatchId::generate(NOW, &SystemRandom).unwrap(),
            at: LATER,
            entry: entry("retention.purge"),
        };
        let due = slice(DataKind::Documents, LATER, Some(NOW));
        assert!(matches!(store.destroy_due(&due, &notes).await, Err(StoreError::NotFound { .. })));
        assert_eq!(store.due(&due).await.unwrap().count, 1, "nothing was destroyed");
    });
}

#[test]
fn two_changes_of_one_policy_do_not_overwrite_each_other_unseen() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let store = db.store.workspace(workspace.id);
        let policy = |days| [PolicyRow { kind: DataKind::Requests, class: Class::Confidential, days: Some(days) }];
        let (first, second) = (policy(1), policy(2));
        store.set_retention(&first, &[], NOW, &entry("retention.set")).await.unwrap();
        let late = store.set_retention(&second, &[], NOW, &entry("retention.set")).await;
        assert!(matches!(late, Err(StoreError::Conflict { .. })));
        store.set_retention(&second, &first, NOW, &entry("retention.set")).await.unwrap();
        assert_eq!(store.retention_policies().await.unwrap(), second);
    });
}

#[test]
fn many_uses_go_in_batches_and_each_batch_is_noted_once() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let writer = db.store.transaction_writer();
        for _ in 0..450 {
            let record = TransactionRecord {
                workspace: workspace.id,
                id: TransactionId::generate(NOW, &SystemRandom).unwrap(),
                template: None,
                kind: RenderKind::Pdf,
                status: TransactionStatus::Done,
                size_bytes: 1,
                pages: 1,
                created_at: NOW,
            };
            writer.record(record).unwrap();
        }
        writer.close().await.unwrap();
        let store = db.store.workspace(workspace.id);
        let run = begin_run(&store, LATER).await;
        assert_eq!(destroy_all(&store, run, &slice(DataKind::Transactions, LATER, Some(NOW))).await, 450);
        let batches = store.purge_batches(run).await.unwrap();
        let sizes: Vec<usize> = batches.iter().map(|batch| batch.ids.len()).collect();
        assert_eq!(sizes.iter().sum::<usize>(), 450);
        assert_eq!(sizes.len(), 3);
        assert_eq!(store.list_transactions(Page::new(0, 1)).await.unwrap(), []);
    });
}
