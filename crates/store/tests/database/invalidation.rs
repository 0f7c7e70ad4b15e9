//! Announcements of changes.

use std::time::Duration;

use chancery_store::{Actor, Change, ChangeKind, Invalidation, Invalidations, TemplateChange, WorkspaceState};
use tokio::time::timeout;

use crate::support::{NOW, TestDatabase, deletion, entry, new_api_key, new_template, with_database};

async fn next(events: &mut Invalidations) -> Invalidation {
    timeout(Duration::from_secs(20), events.next()).await.unwrap().unwrap()
}

async fn terminate_listener(db: &TestDatabase) {
    let mut superuser = db.connection("chancery_bootstrap").await;
    let ended: i64 = sqlx::query_scalar("select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'chancery invalidation' and datname = current_database()").fetch_one(&mut superuser).await.unwrap();
    assert_eq!(ended, 1);
}

#[test]
fn every_deciding_change_is_announced_with_its_kind_workspace_and_id() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let store = db.store.workspace(workspace.id);
        let mut events = db.store.invalidations();
        assert_eq!(next(&mut events).await, Invalidation::Connected);
        let changed = |kind, id| Invalidation::Changed(Change { kind, workspace: workspace.id, id });
        let (key, _) = new_api_key();
        store.create_api_key(&key, &entry("api_key.create")).await.unwrap();
        assert_eq!(next(&mut events).await, changed(ChangeKind::ApiKey, key.id.uuid()));
        // The last use decides nothing and is not announced: the next event is the revocation's.
        store.mark_api_keys_used(&[(key.id, NOW)]).await.unwrap();
        store.revoke_api_key(key.id, NOW, &entry("api_key.revoke")).await.unwrap();
        assert_eq!(next(&mut events).await, changed(ChangeKind::ApiKey, key.id.uuid()));
        let template = new_template(b"x");
        store.create_template(&template, Actor::Operator, &entry("template.create")).await.unwrap();
        assert_eq!(next(&mut events).await, changed(ChangeKind::Template, template.id.uuid()));
        store
            .update_template(template.id, &TemplateChange::default(), NOW, Actor::Operator, &entry("template.update"))
            .await
            .unwrap();
        assert_eq!(next(&mut events).await, changed(ChangeKind::Template, template.id.uuid()));
        store.delete_template(template.id, &deletion(), &entry("template.delete")).await.unwrap();
        assert_eq!(next(&mut events).await, changed(ChangeKind::Template, template.id.uuid()));
        store.set_state(WorkspaceState::Suspended, &entry("workspace.suspend")).await.unwrap();
        assert_eq!(next(&mut events).await, changed(ChangeKind::Workspace, workspace.id.uuid()));
    });
}

#[test]
fn a_lost_connection_is_told_and_mended() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let mut events = db.store.invalidations();
        assert_eq!(next(&mut events).await, Invalidation::Connected);
        terminate_listener(db).await;
        assert_eq!(next(&mut events).await, Invalidation::Disconnected);
        assert_eq!(next(&mut events).await, Invalidation::Connected);
        db.store
            .workspace(workspace.id)
            .set_state(WorkspaceState::Suspended, &entry("workspace.suspend"))
            .await
            .unwrap();
        assert!(matches!(next(&mut events).await, Invalidation::Changed(_)));
    });
}

#[test]
fn silence_is_not_taken_for_a_lost_connection() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let mut events = db.store.invalidations();
        assert_eq!(next(&mut events).await, Invalidation::Connected);
        // Longer than the silence after which the listener asks for a sign of life: nothing must arrive.
        assert!(timeout(Duration::from_secs(7), events.next()).await.is_err());
        db.store
            .workspace(workspace.id)
            .set_state(WorkspaceState::Suspended, &entry("workspace.suspend"))
            .await
            .unwrap();
        assert!(matches!(next(&mut events).await, Invalidation::Changed(_)));
    });
}
