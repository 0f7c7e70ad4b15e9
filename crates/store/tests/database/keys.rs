//! The life of workspace keys and of the root key, as the database holds it.

use chancery_store::{Actor, KeyState, Replacement, SEALED_TABLES, StoreError};
use chancery_vault::{ColumnContext, FileRootKey, KeyId, RootKey, RootKeyProvider as _, SystemRandom};
use uuid::Uuid;

use crate::support::{DAY_MILLIS, NOW, entry, new_template, rotate, with_database};

#[test]
fn exactly_one_key_is_active_and_a_key_that_is_named_is_neither_destroyed_nor_forgotten() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let store = db.store.workspace(workspace.id);
        let writer = db.store.document_writer();
        writer.record(workspace.document(&db.objects, b"text", NOW.plus_millis(DAY_MILLIS)).await).await.unwrap();
        rotate(db, &workspace).await;
        let states: Vec<KeyState> = store.living_keys().await.unwrap().keys.iter().map(|row| row.state).collect();
        assert_eq!(states.iter().filter(|state| **state == KeyState::Active).count(), 1);
        assert_eq!(states.iter().filter(|state| **state == KeyState::Deactivated).count(), 1);

        let old = workspace.keys.id();
        assert!(!store.destroy_key(old, NOW, &entry("key.destroy")).await.unwrap(), "it is not closed");
        store.close_key(old, NOW).await.unwrap();
        assert_eq!(store.count_naming(&[old]).await.unwrap(), 1);
        assert!(!store.destroy_key(old, NOW, &entry("key.destroy")).await.unwrap(), "a document names it");
        assert_eq!(store.living_keys().await.unwrap().keys.len(), 2);
        writer.close().await;
    });
}

#[test]
fn what_names_a_closed_key_is_refused_and_what_names_a_deactivated_one_is_not() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let store = db.store.workspace(workspace.id);
        let writer = db.store.document_writer();
        let late = workspace.document(&db.objects, b"late", NOW.plus_millis(DAY_MILLIS)).await;
        let too_late = workspace.document(&db.objects, b"too late", NOW.plus_millis(DAY_MILLIS)).await;
        rotate(db, &workspace).await;
        writer.record(late).await.unwrap();
        store.close_key(workspace.keys.id(), NOW).await.unwrap();
        assert!(matches!(writer.record(too_late).await, Err(StoreError::KeyClosed)));
        let mut template = new_template(b"");
        let cell = ColumnContext { table: "templates", column: "name_sealed", row: template.id.uuid() };
        template.name_sealed = workspace.keys.columns().seal(&SystemRandom, &cell, b"name").unwrap();
        let created = store.create_template(&template, Actor::Operator, &entry("template.create")).await;
        assert!(matches!(created, Err(StoreError::KeyClosed)));
        writer.close().await;
    });
}

#[test]
fn a_cell_that_somebody_else_changed_meanwhile_is_left_alone() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let store = db.store.workspace(workspace.id);
        let mut template = new_template(b"");
        let cell = ColumnContext { table: "templates", column: "name_sealed", row: template.id.uuid() };
        let sealed = |text: &[u8]| workspace.keys.columns().seal(&SystemRandom, &cell, text).unwrap();
        template.name_sealed = sealed(b"first");
        store.create_template(&template, Actor::Operator, &entry("template.create")).await.unwrap();
        let table = SEALED_TABLES.iter().find(|table| table.name == "templates").unwrap();
        let found = store.cells_naming(table, &[workspace.keys.id()], Uuid::nil()).await.unwrap();
        assert_eq!(found.len(), 1);
        assert!(store.cells_naming(table, &[KeyId::from_bytes([7; 8])], Uuid::nil()).await.unwrap().is_empty());

        let theirs = sealed(b"theirs");
        let change = chancery_store::TemplateChange { name_sealed: Some(theirs.clone()), ..Default::default() };
        store.update_template(template.id, &change, NOW, Actor::Operator, &entry("template.update")).await.unwrap();
        let ours = Replacement { old: found[0].clone(), sealed: sealed(b"ours"), index: None };
        store.replace_cells(table, &[ours], &entry("key.move")).await.unwrap();
        assert_eq!(store.template(template.id).await.unwrap().unwrap().name_sealed, theirs);
    });
}

#[test]
fn every_sealed_column_of_the_schema_is_moved_and_guarded() {
    with_database(async |db| {
        let mut superuser = db.connection("chancery_bootstrap").await;
        let columns: Vec<String> = sqlx::query_scalar(
            "select table_name || '.' || column_name from information_schema.columns
             where table_schema = 'chancery' and (column_name like '%\\_sealed' or column_name = 'key_wrapped') order by 1",
        )
        .fetch_all(&mut superuser)
        .await
        .unwrap();
        let mut moved: Vec<String> = SEALED_TABLES
            .iter()
            .flat_map(|table| table.columns.iter().map(|column| format!("{}.{}", table.name, column.name)))
            .collect();
        // Entries of the audit log never change: their keys are carried.
        moved.push("audit_events.body_sealed".to_owned());
        moved.sort_unstable();
        assert_eq!(moved, columns);
        for table in SEALED_TABLES {
            let source: String = sqlx::query_scalar("select prosrc from pg_proc where proname = 'guard_' || $1")
                .bind(table.name)
                .fetch_one(&mut superuser)
                .await
                .unwrap();
            for column in table.columns {
                assert!(source.contains(&format!("substring({} from 2 for 8)", column.name)), "{source}");
            }
            let triggers: i64 = sqlx::query_scalar(
                "select count(*) from pg_trigger where tgrelid = ('chancery.' || $1)::regclass and tgname like 'guard\\_%'",
            )
            .bind(table.name)
            .fetch_one(&mut superuser)
            .await
            .unwrap();
            assert_eq!(triggers, 2, "{}", table.name);
        }
    });
}

#[test]
fn an_old_root_key_ends_only_when_nothing_is_wrapped_by_it_and_then_wraps_nothing_more() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let store = db.store.workspace(workspace.id);
        let next = FileRootKey::new(&RootKey::generate(&SystemRandom).unwrap()).unwrap();
        db.store.activate_root_key(db.root_key.key_id(), NOW).await.unwrap();
        db.store.activate_root_key(next.key_id(), NOW).await.unwrap();
        assert_eq!(db.store.active_root_key().await.unwrap(), Some(next.key_id()));
        assert!(!db.store.destroy_old_root_keys(NOW).await.unwrap(), "a workspace key is wrapped by it");

        let row = db.store.list_workspace_keys().await.unwrap().remove(0);
        let old = row.wrapped.unwrap();
        let new = next.wrap(&SystemRandom, workspace.id, &workspace.key).unwrap();
        store.rewrap_key(&old, &new, &entry("key.rewrap")).await.unwrap();
        assert!(db.store.destroy_old_root_keys(NOW).await.unwrap());
        let refused = store.rewrap_key(&new, &old, &entry("key.rewrap")).await;
        assert!(matches!(refused, Err(StoreError::KeyClosed)));
        assert_eq!(store.living_keys().await.unwrap().keys[0].wrapped.as_ref(), Some(&new));
    });
}
