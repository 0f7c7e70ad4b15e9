//! The ledger: every committed event gets one number, nothing is signed on top of damage, and nobody changes it.

use chancery_ledger::{Checkpoint, SigningKey, verify_consistency};
use chancery_store::{AuditId, DataKind, Slice, StoreError};
use chancery_vault::Class;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use uuid::Uuid;

use crate::support::{NOW, TestDatabase, begin_run, deletion, destroy_all, entry, new_api_key, with_database};

const TABLES: [&str; 8] = [
    "ledger_checkpoints",
    "ledger_cosignatures",
    "ledger_entries",
    "ledger_key",
    "ledger_nodes",
    "ledger_past_keys",
    "ledger_places",
    "ledger_queue",
];

fn key() -> SigningKey {
    SigningKey::log("chancery/ledger/test", &[3; 32]).unwrap()
}

async fn sequence(db: &TestDatabase) -> u64 {
    db.store.sequence_ledger(&key()).await.unwrap().entries
}

/// Ids of all numbered events, in the order of their numbers.
async fn numbered(db: &TestDatabase) -> Vec<Uuid> {
    db.store.ledger_page(0).await.unwrap().into_iter().map(|row| row.id).collect()
}

/// Writes an event past the store, in a transaction that the caller ends.
async fn write_event(connection: &mut PgConnection, workspace: Uuid, id: Uuid) {
    let statement = format!(
        "select set_config('app.workspace', '{workspace}', true);
         insert into audit_events (workspace_id, id, at, actor_kind, action, target_kind)
         values ('{workspace}', '{id}', now(), 'system', 'thing.done', 'thing')"
    );
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(connection).await.unwrap();
}

#[test]
fn an_event_that_commits_late_is_neither_skipped_nor_does_anybody_wait_for_it() {
    with_database(async |db| {
        let workspace = db.workspace().await.id.uuid();
        let (early, late, undone) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        let mut slow = db.connection("chancery_app").await;
        let mut slow = slow.begin().await.unwrap();
        write_event(&mut slow, workspace, early).await;
        let mut quick = db.connection("chancery_app").await;
        let mut tx = quick.begin().await.unwrap();
        write_event(&mut tx, workspace, late).await;
        tx.commit().await.unwrap();
        let mut tx = quick.begin().await.unwrap();
        write_event(&mut tx, workspace, undone).await;
        tx.rollback().await.unwrap();
        assert_eq!(sequence(db).await, 2, "the workspace's own event and the quick one");
        assert!(!numbered(db).await.contains(&early));
        slow.commit().await.unwrap();
        assert_eq!(sequence(db).await, 1);
        assert_eq!(sequence(db).await, 0, "an event gets one number");
        let all = numbered(db).await;
        assert_eq!((all.len(), all.last()), (3, Some(&early)));
        assert!(all.contains(&late) && !all.contains(&undone));
        assert_eq!(db.store.ledger_stray().await.unwrap(), None);
    });
}

#[test]
fn sequencers_that_run_at_once_give_each_event_one_number_under_growing_checkpoints() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        for _ in 0..8 {
            let store = db.store.workspace(workspace.id);
            store.create_api_key(&new_api_key().0, &entry("api_key.create")).await.unwrap();
            futures::join!(sequence(db), sequence(db));
        }
        let ids = numbered(db).await;
        let mut unique = ids.clone();
        unique.sort();
        unique.dedup();
        assert_eq!((ids.len(), unique.len()), (9, 9));
        let sizes: Vec<u64> = db.store.ledger_checkpoints(0).await.unwrap().into_iter().map(|(size, _)| size).collect();
        assert!(sizes.is_sorted() && sizes.last() == Some(&9), "{sizes:?}");
        let id = AuditId::from_uuid(*ids.get(7).unwrap());
        let proof = db.store.ledger_proof(id, key().public()).await.unwrap();
        assert_eq!((proof.entry.number, Checkpoint::open(&proof.note, key().public()).unwrap().size), (7, 9));
    });
}

#[test]
fn events_of_one_statement_wait_together_and_one_that_is_gone_holds_no_other_back() {
    with_database(async |db| {
        let workspace = db.workspace().await.id.uuid();
        sequence(db).await;
        let mut app = db.connection("chancery_app").await;
        let statement = format!(
            "select set_config('app.workspace', '{workspace}', false);
             insert into audit_events (workspace_id, id, at, actor_kind, action, target_kind)
             select '{workspace}', lpad(to_hex(n), 32, '0')::uuid, now(), 'system', 'thing.done', 'thing'
             from generate_series(1, 2600) n"
        );
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut app).await.unwrap();
        let mut superuser = db.connection("chancery_bootstrap").await;
        let waiting: Vec<i32> = sqlx::query_scalar("select cardinality(event_ids) from ledger_queue order by 1 desc")
            .fetch_all(&mut superuser)
            .await
            .unwrap();
        assert_eq!(waiting, [&[256; 10][..], &[40]].concat());
        // More than one batch takes, some of a row, and one of many.
        let gone = "set session_replication_role = replica;
                    delete from audit_events where id <= lpad(to_hex(1100), 32, '0')::uuid
                                                or id = lpad(to_hex(2000), 32, '0')::uuid";
        sqlx::raw_sql(gone).execute(&mut superuser).await.unwrap();
        let mut batches = Vec::new();
        while batches.last() != Some(&0) {
            batches.push(sequence(db).await);
        }
        assert_eq!(batches.iter().sum::<u64>(), 1499);
        assert!(batches.iter().all(|batch| *batch < 1000 + 256), "{batches:?}");
        let stray = db.store.ledger_stray().await.unwrap().unwrap();
        assert_eq!((stray.id, stray.is_there), (Uuid::from_u128(1), false));
        let gone: i64 = sqlx::query_scalar("select sum(cardinality(event_ids)) from ledger_queue")
            .fetch_one(&mut superuser)
            .await
            .unwrap();
        assert_eq!(gone, 1101);
        let mut places = numbered(db).await;
        places.extend(db.store.ledger_page(1000).await.unwrap().into_iter().map(|row| row.id));
        let mut unique = places.clone();
        unique.sort();
        unique.dedup();
        assert_eq!((places.len(), unique.len()), (1500, 1500));
    });
}

#[test]
fn every_entry_is_proven_and_every_tree_continues_every_one_before_from_what_is_stored() {
    with_database(async |db| {
        let workspace = db.workspace().await.id.uuid();
        let mut app = db.connection("chancery_app").await;
        let mut roots = vec![(0, chancery_ledger::Frontier::new().root())];
        // Sizes around those at which a tile and a level of tiles is full.
        for size in [1, 15, 16, 17, 33, 255, 256, 257, 300] {
            let mut tx = app.begin().await.unwrap();
            for number in roots.last().unwrap().0.max(1)..size {
                write_event(&mut tx, workspace, Uuid::from_u128(number.into())).await;
            }
            tx.commit().await.unwrap();
            sequence(db).await;
            let checkpoint = db.store.latest_checkpoint().await.unwrap().unwrap();
            let checkpoint = Checkpoint::open(&checkpoint, key().public()).unwrap();
            assert_eq!(checkpoint.size, size);
            for (old, root) in &roots {
                let proof = db.store.ledger_consistency(*old, size).await.unwrap();
                verify_consistency((*old, root), (size, &checkpoint.root), &proof).unwrap();
            }
            roots.push((size, checkpoint.root));
        }
        for row in db.store.ledger_page(0).await.unwrap() {
            let proof = db.store.ledger_proof(AuditId::from_uuid(row.id), key().public()).await.unwrap();
            assert_eq!(Some(proof.entry), row.entry);
        }
        let unknown = db.store.ledger_proof(AuditId::from_uuid(Uuid::from_u128(1 << 100)), key().public()).await;
        assert!(matches!(unknown, Err(StoreError::NotFound { .. })), "{unknown:?}");
        let mut superuser = db.connection("chancery_bootstrap").await;
        let levels: Vec<i16> = sqlx::query_scalar("select distinct level from ledger_nodes order by 1")
            .fetch_all(&mut superuser)
            .await
            .unwrap();
        assert_eq!(levels, [4, 8]);
        let damage = "set session_replication_role = replica; delete from ledger_nodes where level = 4 and index = 3";
        sqlx::raw_sql(damage).execute(&mut superuser).await.unwrap();
        let first = AuditId::from_uuid(numbered(db).await[0]);
        for refused in [
            db.store.ledger_proof(first, key().public()).await.map(drop),
            db.store.ledger_consistency(33, 300).await.map(drop),
        ] {
            assert!(
                matches!(refused, Err(StoreError::LedgerDamaged { reason: "hashes of the tree are gone" })),
                "{refused:?}"
            );
        }
    });
}

#[test]
fn nothing_is_signed_on_top_of_a_damaged_ledger() {
    for (damage, said) in [
        ("update ledger_entries set leaf = sha256('x')", "its entries do not lead to the last checkpoint"),
        ("delete from ledger_checkpoints", "its checkpoints are gone"),
    ] {
        with_database(async |db| {
            db.workspace().await;
            assert_eq!(sequence(db).await, 1);
            let mut superuser = db.connection("chancery_bootstrap").await;
            let statement = format!("set session_replication_role = replica; {damage}");
            sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut superuser).await.unwrap();
            db.workspace().await;
            let refused = db.store.sequence_ledger(&key()).await;
            assert!(matches!(&refused, Err(StoreError::LedgerDamaged { reason }) if *reason == said), "{refused:?}");
        });
    }
}

#[test]
fn the_application_and_the_owner_have_no_way_past_the_functions() {
    with_database(async |db| {
        db.workspace().await;
        sequence(db).await;
        let mut app = db.connection("chancery_app").await;
        for table in TABLES {
            for statement in [
                format!("select * from {table}"),
                format!("insert into {table} select * from {table}"),
                format!("delete from {table}"),
                format!("truncate {table}"),
            ] {
                let refused = sqlx::query(AssertSqlSafe(statement.clone())).execute(&mut app).await.unwrap_err();
                let code = refused.as_database_error().and_then(|error| error.code()).map(|code| code.into_owned());
                assert_eq!(code.as_deref(), Some("42501"), "{statement}: {refused}");
            }
        }
        let mut superuser = db.connection("chancery_bootstrap").await;
        for statement in [
            "update ledger_entries set number = 7",
            "delete from ledger_nodes where false or level > -1; truncate ledger_checkpoints",
            "truncate ledger_entries",
        ] {
            let refused = sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut superuser).await.unwrap_err();
            assert!(refused.to_string().contains("append-only"), "{statement}: {refused}");
        }
        let again = sqlx::raw_sql("select ledger_append(0, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '')")
            .execute(&mut app)
            .await;
        assert!(again.unwrap_err().to_string().contains("the ledger grows at its end only"));
    });
}

#[test]
fn a_body_is_erased_only_after_its_commitment_is_in_the_ledger_and_only_in_its_workspace() {
    with_database(async |db| {
        let (ours, theirs) = (db.workspace().await, db.workspace().await);
        let store = db.store.workspace(ours.id);
        let id = store.list_audit_events(chancery_store::Page::new(0, 1)).await.unwrap().first().unwrap().id;
        let run = begin_run(&store, NOW).await;
        let slice = Slice { kind: DataKind::AuditBodies, class: Class::Confidential, now: NOW, before: Some(NOW) };
        assert_eq!(destroy_all(&store, run, &slice).await, 0, "it has no number yet");
        sequence(db).await;
        let stranger = db.store.workspace(theirs.id);
        let theirs = begin_run(&stranger, NOW).await;
        assert_eq!(destroy_all(&stranger, theirs, &slice).await, 1, "its own one only");
        assert!(store.due(&slice).await.unwrap().count > 0);
        let kept = store.due(&slice).await.unwrap().count;
        assert_eq!(destroy_all(&store, run, &slice).await, kept);
        assert_eq!(store.due(&slice).await.unwrap().count, 0, "it is gone");
        sequence(db).await;
        let row = db.store.ledger_page(0).await.unwrap().into_iter().find(|row| row.id == id.uuid()).unwrap();
        assert!(row.body_sealed.is_none() && row.entry.unwrap().commitment.is_some());
        db.store.ledger_proof(id, key().public()).await.unwrap();
    });
}

#[test]
fn an_event_past_the_trigger_is_named_also_under_the_id_of_another_and_when_the_queue_is_made_to_look_right() {
    with_database(async |db| {
        let (ours, theirs) = (db.workspace().await.id.uuid(), db.workspace().await.id.uuid());
        assert_eq!(sequence(db).await, 2);
        let numbered = *numbered(db).await.first().unwrap();
        let owner = db.store.ledger_page(0).await.unwrap().first().unwrap().entry.as_ref().unwrap().workspace;
        let other = if owner == ours { theirs } else { ours };
        let mut superuser = db.connection("chancery_bootstrap").await;
        for id in [numbered, Uuid::from_u128(7)] {
            let mut tx = superuser.begin().await.unwrap();
            sqlx::raw_sql("set local session_replication_role = replica").execute(&mut *tx).await.unwrap();
            write_event(&mut tx, other, id).await;
            // One that waits twice makes the plain counts equal.
            let doubled = Uuid::from_u128(id.as_u128() ^ 1);
            sqlx::raw_sql("set local session_replication_role = origin").execute(&mut *tx).await.unwrap();
            write_event(&mut tx, other, doubled).await;
            let again = format!("insert into ledger_queue values ('{other}', array['{doubled}'::uuid])");
            sqlx::raw_sql(AssertSqlSafe(again)).execute(&mut *tx).await.unwrap();
            tx.commit().await.unwrap();
            let stray = db.store.ledger_stray().await.unwrap().unwrap();
            assert_eq!((stray.id, stray.is_there), (id, true));
            let undone = format!(
                "set session_replication_role = replica; delete from ledger_queue;
                 delete from audit_events where workspace_id = '{other}' and id in ('{id}', '{doubled}');
                 set session_replication_role = origin"
            );
            sqlx::raw_sql(AssertSqlSafe(undone)).execute(&mut superuser).await.unwrap();
            assert_eq!(db.store.ledger_stray().await.unwrap(), None);
        }
    });
}

#[test]
fn the_words_of_an_event_are_small_letters_of_at_most_32() {
    let long = "a".repeat(32);
    let taken = [("a.b".to_owned(), "c".to_owned()), (format!("{long}.{long}"), long.clone())];
    let refused = [
        (format!("{long}a.b"), "c".to_owned()),
        (format!("a.{long}b"), "c".to_owned()),
        ("a.b".to_owned(), format!("{long}a")),
        ("a.b.c".to_owned(), "c".to_owned()),
        ("a.".to_owned(), "c".to_owned()),
        ("a.B".to_owned(), "c".to_owned()),
        ("a.b\n".to_owned(), "c".to_owned()),
        ("a.b".to_owned(), "c\nd".to_owned()),
        ("a.b".to_owned(), String::new()),
    ];
    with_database(async |db| {
        let workspace = db.workspace().await.id.uuid();
        let mut superuser = db.connection("chancery_bootstrap").await;
        for (words, is_taken) in taken.iter().map(|it| (it, true)).chain(refused.iter().map(|it| (it, false))) {
            let result = sqlx::query(
                "insert into audit_events (workspace_id, id, at, actor_kind, action, target_kind)
                 values ($1, gen_random_uuid(), now(), 'system', $2, $3)",
            )
            .bind(workspace)
            .bind(&words.0)
            .bind(&words.1)
            .execute(&mut superuser)
            .await;
            assert_eq!(result.is_ok(), is_taken, "{words:?}");
        }
    });
}

#[test]
fn the_body_of_the_act_that_says_what_a_row_is_stays_for_as_long_as_the_row() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let store = db.store.workspace(workspace.id);
        let new = crate::support::new_template(b"sealed name");
        let target = chancery_store::Target { kind: "template", id: Some(new.id.uuid()) };
        let act = chancery_store::AuditEntry { target, ..entry("template.create") };
        store.create_template(&new, chancery_store::Actor::Operator, &act).await.unwrap();
        sequence(db).await;
        let run = begin_run(&store, NOW).await;
        let slice = Slice { kind: DataKind::AuditBodies, class: Class::Confidential, now: NOW, before: Some(NOW) };
        let has_body = async || {
            let rows = db.store.ledger_page(0).await.unwrap();
            rows.into_iter().find(|row| row.id == act.id.uuid()).unwrap().body_sealed.is_some()
        };
        destroy_all(&store, run, &slice).await;
        assert!(has_body().await, "the row is still there");
        let delete = chancery_store::AuditEntry { target, ..entry("template.delete") };
        store.delete_template(new.id, &deletion(), &delete).await.unwrap();
        sequence(db).await;
        destroy_all(&store, run, &slice).await;
        assert!(!has_body().await);
    });
}
