//! The destruction of a workspace's keys, as the database holds it: decided by two, once, in time, for good.

use chancery_store::{
    CustodianRow, Decision, DecisionEntries, DestructionId, NewDestruction, PersonId, StoreError, WorkspaceKeyRow,
};
use chancery_vault::{RootKeyProvider as _, SystemRandom};

use crate::support::{DAY_MILLIS, NOW, TestDatabase, TestWorkspace, entry, with_database};

async fn custodian(db: &TestDatabase, name: &str) -> PersonId {
    let id = PersonId::generate(NOW, &SystemRandom).unwrap();
    let row = CustodianRow {
        id,
        name: name.to_owned(),
        public_key: format!("chancery/custodian/{name}+00000000+key"),
        created_at: NOW,
        revoked_at: None,
    };
    db.store.add_custodian(&row, &entry("custodian.register")).await.unwrap();
    id
}

async fn requested(db: &TestDatabase, workspace: &TestWorkspace, by: PersonId) -> DestructionId {
    let id = DestructionId::generate(NOW, &SystemRandom).unwrap();
    let new = NewDestruction {
        id,
        workspace: workspace.id,
        note: "signed by one".to_owned(),
        requested_by: by,
        requested_at: NOW,
        expires_at: NOW.plus_millis(DAY_MILLIS),
    };
    db.store.request_destruction(&new, &entry("destruction.request")).await.unwrap();
    id
}

fn decision(id: DestructionId, workspace: &TestWorkspace, by: PersonId) -> Decision {
    Decision { id, workspace: workspace.id, note: "signed by two".to_owned(), approved_by: by, at: NOW.plus_millis(5) }
}

fn entries() -> DecisionEntries {
    DecisionEntries { approval: entry("destruction.approve"), execution: entry("destruction.execute") }
}

async fn keys(db: &TestDatabase, workspace: &TestWorkspace) -> Vec<WorkspaceKeyRow> {
    let all = db.store.list_workspace_keys().await.unwrap();
    all.into_iter().filter(|row| row.workspace == workspace.id).collect()
}

#[test]
fn two_people_destroy_and_one_does_not() {
    with_database(async |db| {
        let (workspace, other) = (db.workspace().await, db.workspace().await);
        let (alice, bob) = (custodian(db, "alice").await, custodian(db, "bob").await);
        let id = requested(db, &workspace, alice).await;
        let alone = db.store.execute_destruction(&decision(id, &workspace, alice), &entries()).await;
        assert!(matches!(alone, Err(StoreError::Database { .. })), "{alone:?}");
        assert_eq!(keys(db, &workspace).await[0].state.as_str(), "active");

        let destroyed = db.store.execute_destruction(&decision(id, &workspace, bob), &entries()).await.unwrap();
        assert_eq!(destroyed, Some(vec![workspace.keys.id()]));
        let row = &keys(db, &workspace).await[0];
        assert_eq!((row.state.as_str(), row.wrapped.is_some()), ("destroyed", false));
        assert_eq!(keys(db, &other).await[0].state.as_str(), "active");
        let read = db.store.destruction(id).await.unwrap().unwrap();
        let executed = read.executed.unwrap();
        assert_eq!((read.note.as_str(), executed.approved_by), ("signed by two", bob));
        assert!(executed.counts.contains("workspaces: 1\n"), "{}", executed.counts);
        // Once is for good.
        let again = db.store.execute_destruction(&decision(id, &workspace, bob), &entries()).await.unwrap();
        assert_eq!(again, None);
    });
}

#[test]
fn what_expired_destroys_nothing() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let (alice, bob) = (custodian(db, "alice").await, custodian(db, "bob").await);
        let id = requested(db, &workspace, alice).await;
        let late = Decision { at: NOW.plus_millis(DAY_MILLIS), ..decision(id, &workspace, bob) };
        assert_eq!(db.store.execute_destruction(&late, &entries()).await.unwrap(), None);
        assert_eq!(keys(db, &workspace).await[0].state.as_str(), "active");
    });
}

#[test]
fn the_serving_role_neither_forges_a_decision_nor_brings_a_key_back() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let (alice, bob) = (custodian(db, "alice").await, custodian(db, "bob").await);
        let id = requested(db, &workspace, alice).await;
        let mut role = db.connection("chancery_app").await;
        for statement in [
            "update destructions set requested_by = gen_random_uuid()",
            "update destructions set expires_at = now() + interval '1 year'",
            "update destructions set workspace_id = gen_random_uuid()",
            "delete from destructions",
            "update custodians set public_key = 'mine'",
            "delete from custodians",
            "update destructions set approved_by = requested_by, approval_event = id, execution_event = id, counts = '', executed_at = requested_at",
        ] {
            let done = sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut role).await;
            assert!(done.is_err(), "{statement}");
        }
        let wrapped = db.root_key.wrap(&SystemRandom, workspace.id, &workspace.key).unwrap();
        db.store.execute_destruction(&decision(id, &workspace, bob), &entries()).await.unwrap().unwrap();
        for statement in ["update destructions set note = 'another'", "update destructions set counts = ''"] {
            assert!(sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut role).await.is_err(), "{statement}");
        }
        sqlx::query("select set_config('app.workspace', $1, false)")
            .bind(workspace.id.to_string())
            .execute(&mut role)
            .await
            .unwrap();
        let back = sqlx::query("update workspace_keys set state = 'active', wrapped = $1")
            .bind(wrapped.as_bytes())
            .execute(&mut role)
            .await;
        assert!(back.is_err(), "a destroyed key came back");
    });
}
