//! Uses of links, grants and passcodes: exact under concurrency, and gone with their document.

use chancery_store::{GrantUse, PasscodeTry, RevocationTarget};

use crate::support::{DAY_MILLIS, NOW, entry, new_grant, new_link, purge_documents, with_database};

#[test]
fn of_any_number_at_the_same_time_as_many_succeed_as_the_link_allows() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let store = db.store.workspace(workspace.id);
        let id = db.stored(&workspace, b"text", NOW.plus_millis(DAY_MILLIS)).await;
        let link = new_link(id, Some(3));
        store.create_link(&link, &entry("link.create")).await.unwrap();

        let entries: Vec<_> = (0..20).map(|_| (new_grant(), entry("document.retrieve"))).collect();
        let uses = entries.iter().map(|(grant, entry)| store.use_link(link.id, NOW, grant, entry));
        let uses = futures::future::join_all(uses).await;
        assert_eq!(uses.into_iter().filter(|used| *used.as_ref().unwrap()).count(), 3);
        let row = store.link(link.id).await.unwrap().unwrap();
        assert_eq!((row.uses, row.uses_max, row.is_revoked), (3, Some(3), false));
        let refused = store.list_audit_events(chancery_store::Page::new(0, 100)).await.unwrap();
        let recorded = refused.iter().filter(|event| event.action == "document.retrieve").count();
        assert_eq!(recorded, 3, "a use that was refused leaves nothing");

        // The database itself refuses one use too many, whatever a program gets wrong.
        let mut app = db.connection("chancery_app").await;
        sqlx::query("select set_config('app.workspace', $1, false)")
            .bind(workspace.id.to_string())
            .execute(&mut app)
            .await
            .unwrap();
        assert!(sqlx::query("update links set uses = uses + 1").execute(&mut app).await.is_err());
    });
}

#[test]
fn a_grant_gives_its_bytes_and_answers_and_none_after_its_time_or_for_another_link() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let store = db.store.workspace(workspace.id);
        let id = db.stored(&workspace, b"text", NOW.plus_millis(DAY_MILLIS)).await;
        let (link, other) = (new_link(id, Some(1)), new_link(id, Some(1)));
        store.create_link(&link, &entry("link.create")).await.unwrap();
        store.create_link(&other, &entry("link.create")).await.unwrap();
        let grant = new_grant();
        assert!(store.use_link(link.id, NOW, &grant, &entry("document.retrieve")).await.unwrap());
        let wish = GrantUse { link: link.id, digest: grant.digest, length_bytes: 6, at: NOW };
        let refused = [
            GrantUse { link: other.id, ..wish },
            GrantUse { digest: [0; 32], ..wish },
            GrantUse { length_bytes: 11, ..wish },
            GrantUse { at: NOW.plus_millis(1000), ..wish },
        ];
        for wrong in refused {
            assert!(!store.use_grant(&wrong, &entry("document.retrieve")).await.unwrap());
        }
        assert!(store.use_grant(&wish, &entry("document.retrieve")).await.unwrap());
        assert!(!store.use_grant(&wish, &entry("document.retrieve")).await.unwrap(), "4 bytes are left");
        let rest = GrantUse { length_bytes: 4, ..wish };
        assert!(store.use_grant(&rest, &entry("document.retrieve")).await.unwrap());
        let empty = GrantUse { length_bytes: 0, ..wish };
        assert!(!store.use_grant(&empty, &entry("document.retrieve")).await.unwrap(), "two answers were given");
    });
}

#[test]
fn tries_of_a_passcode_are_taken_one_by_one_and_given_back_to_who_was_right() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let store = db.store.workspace(workspace.id);
        let id = db.stored(&workspace, b"text", NOW.plus_millis(DAY_MILLIS)).await;
        let link = new_link(id, None);
        store.create_link(&link, &entry("link.create")).await.unwrap();
        let wish = PasscodeTry {
            link: link.id,
            at: NOW,
            tries_before_lock: 5,
            locked_until: NOW.plus_millis(1000),
            tries_max: 7,
        };
        let entries: Vec<_> = (0..20).map(|_| entry("link.try_passcode")).collect();
        let tries = entries.iter().map(|entry| store.take_passcode_try(&wish, entry));
        let taken = futures::future::join_all(tries).await;
        assert_eq!(taken.into_iter().filter(|taken| taken.as_ref().unwrap().is_some()).count(), 5);
        let later = PasscodeTry { at: NOW.plus_millis(1000), ..wish };
        assert_eq!(store.take_passcode_try(&later, &entry("link.try_passcode")).await.unwrap(), Some(6));
        let right = chancery_store::NewGrant { gives_try_back: true, ..new_grant() };
        assert!(store.use_link(link.id, NOW, &right, &entry("document.retrieve")).await.unwrap());
        assert_eq!(store.link(link.id).await.unwrap().unwrap().wrong_passcodes, 5);
        for expected in [Some(6), Some(7), None] {
            assert_eq!(store.take_passcode_try(&later, &entry("link.try_passcode")).await.unwrap(), expected);
        }
    });
}

#[test]
fn a_revocation_ends_what_was_made_until_then_and_a_purge_takes_links_with_their_document() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let store = db.store.workspace(workspace.id);
        let id = db.stored(&workspace, b"text", NOW.plus_millis(1)).await;
        let link = new_link(id, None);
        store.create_link(&link, &entry("link.create")).await.unwrap();
        let extended = store.document(id).await.unwrap().unwrap();
        assert_eq!((extended.expires_at, extended.links_are_revoked), (link.expires_at, false));
        store.revoke_links(RevocationTarget::Workspace, NOW, &entry("link.revoke_all")).await.unwrap();
        assert!(store.document(id).await.unwrap().unwrap().links_are_revoked);
        assert!(store.link(link.id).await.unwrap().unwrap().is_revoked);
        let later = chancery_store::NewLink { created_at: NOW.plus_millis(1), ..new_link(id, None) };
        store.create_link(&later, &entry("link.create")).await.unwrap();
        assert!(!store.link(later.id).await.unwrap().unwrap().is_revoked);
        // An earlier revocation does not take a later one back.
        store.revoke_links(RevocationTarget::Workspace, NOW.minus_millis(5), &entry("link.revoke_all")).await.unwrap();
        assert!(store.link(link.id).await.unwrap().unwrap().is_revoked);

        let end = NOW.plus_millis(DAY_MILLIS);
        purge_documents(db, end).await;
        for gone in [link.id, later.id] {
            assert_eq!(store.link(gone).await.unwrap(), None);
        }
    });
}
