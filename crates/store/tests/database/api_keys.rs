//! API keys and workspaces.

use chancery_store::{Actor, Page, StoreError, WorkspaceState};
use chancery_vault::{ApiKey, Class, SystemRandom, WorkspaceId};

use crate::support::{DAY_MILLIS, NOW, entry, new_api_key, new_template, with_database};

#[test]
fn a_key_is_found_by_its_digest_with_all_that_a_request_needs() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let (new, hash) = new_api_key();
        db.store.workspace(workspace.id).create_api_key(&new, &entry("api_key.create")).await.unwrap();
        let found = db.store.find_api_key(&hash).await.unwrap().unwrap();
        assert_eq!((found.id, found.workspace), (new.id, workspace.id));
        assert_eq!(found.permissions, new.permissions);
        assert_eq!((found.created_at, found.expires_at, found.revoked_at), (NOW, new.expires_at, None));
        assert_eq!((found.workspace_class, found.workspace_state), (Class::Confidential, WorkspaceState::Active));
        let stranger = ApiKey::generate(&SystemRandom).unwrap().hash();
        assert_eq!(db.store.find_api_key(&stranger).await.unwrap(), None);
    });
}

#[test]
fn a_revoked_key_says_so_and_only_its_own_workspace_can_revoke_it() {
    with_database(async |db| {
        let (ours, theirs) = (db.workspace().await, db.workspace().await);
        let (new, hash) = new_api_key();
        let store = db.store.workspace(ours.id);
        store.create_api_key(&new, &entry("api_key.create")).await.unwrap();
        let later = NOW.plus_millis(DAY_MILLIS);
        let refused = db.store.workspace(theirs.id).revoke_api_key(new.id, later, &entry("api_key.revoke")).await;
        assert!(matches!(refused, Err(StoreError::NotFound { .. })));
        assert_eq!(db.store.find_api_key(&hash).await.unwrap().unwrap().revoked_at, None);
        store.revoke_api_key(new.id, later, &entry("api_key.revoke")).await.unwrap();
        store.revoke_api_key(new.id, later.plus_millis(1), &entry("api_key.revoke")).await.unwrap();
        assert_eq!(db.store.find_api_key(&hash).await.unwrap().unwrap().revoked_at, Some(later));
        // A refused change leaves no entry: workspace.create, api_key.create, twice api_key.revoke.
        assert_eq!(store.list_audit_events(Page::new(0, 10)).await.unwrap().len(), 4);
        assert_eq!(db.store.workspace(theirs.id).list_audit_events(Page::new(0, 10)).await.unwrap().len(), 1);
    });
}

#[test]
fn the_list_shows_hints_and_the_last_use_and_never_goes_back_in_time() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let store = db.store.workspace(workspace.id);
        let (first, _) = new_api_key();
        let (second, _) = new_api_key();
        store.create_api_key(&first, &entry("api_key.create")).await.unwrap();
        store.create_api_key(&second, &entry("api_key.create")).await.unwrap();
        let late = NOW.plus_millis(1000);
        store.mark_api_keys_used(&[(first.id, late)]).await.unwrap();
        store.mark_api_keys_used(&[(first.id, NOW)]).await.unwrap();
        store.mark_api_keys_used(&[]).await.unwrap();
        let rows = store.list_api_keys(Page::new(0, 10)).await.unwrap();
        let used: Vec<_> = rows.iter().map(|row| (row.id, row.hint.clone(), row.last_used_at)).collect();
        let mut expected = [(first.id, first.hint, Some(late)), (second.id, second.hint, None)];
        expected.sort();
        assert_eq!(used, expected);
        assert_eq!(store.list_api_keys(Page::new(1, 10)).await.unwrap().len(), 1);
    });
}

#[test]
fn the_same_key_twice_and_a_failed_audit_entry_change_nothing() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let store = db.store.workspace(workspace.id);
        let (new, _) = new_api_key();
        store.create_api_key(&new, &entry("api_key.create")).await.unwrap();
        let again = store.create_api_key(&new, &entry("api_key.create")).await;
        assert!(matches!(again, Err(StoreError::Conflict { .. })));
        let (other, hash) = new_api_key();
        let bad_entry = store.create_api_key(&other, &entry("not an action")).await;
        assert!(matches!(bad_entry, Err(StoreError::Database { .. })));
        assert_eq!(db.store.find_api_key(&hash).await.unwrap(), None);
        assert_eq!(store.list_api_keys(Page::new(0, 10)).await.unwrap().len(), 1);
        assert_eq!(store.list_audit_events(Page::new(0, 10)).await.unwrap().len(), 2);
    });
}

#[test]
fn workspaces_are_listed_and_one_that_does_not_exist_has_nothing_and_takes_nothing() {
    with_database(async |db| {
        let mut ids = vec![db.workspace().await.id, db.workspace().await.id];
        ids.sort();
        let listed: Vec<_> = db.store.list_workspaces().await.unwrap().iter().map(|workspace| workspace.id).collect();
        assert_eq!(listed, ids);
        let nobody = db.store.workspace(WorkspaceId::generate(NOW, &SystemRandom).unwrap());
        assert_eq!(nobody.details().await.unwrap(), None);
        assert!(nobody.list_templates(None, Page::new(0, 10)).await.unwrap().is_empty());
        assert!(nobody.create_api_key(&new_api_key().0, &entry("api_key.create")).await.is_err());
        assert!(nobody.create_template(&new_template(b"x"), Actor::Operator, &entry("template.create")).await.is_err());
        assert!(matches!(
            nobody.set_state(WorkspaceState::Active, &entry("workspace.resume")).await,
            Err(StoreError::NotFound { .. })
        ));
    });
}

#[test]
fn a_suspended_workspace_shows_in_the_look_up_of_its_keys() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let store = db.store.workspace(workspace.id);
        let (new, hash) = new_api_key();
        store.create_api_key(&new, &entry("api_key.create")).await.unwrap();
        store.set_state(WorkspaceState::Suspended, &entry("workspace.suspend")).await.unwrap();
        assert_eq!(db.store.find_api_key(&hash).await.unwrap().unwrap().workspace_state, WorkspaceState::Suspended);
        assert_eq!(store.details().await.unwrap().unwrap().state, WorkspaceState::Suspended);
    });
}
