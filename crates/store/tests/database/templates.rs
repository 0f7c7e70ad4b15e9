//! Templates and their versions.

use chancery_store::{
    Actor, ApiKeyId, NewTemplate, Page, PublicTemplateId, StoreError, TemplateChange, TemplateStatus,
};
use chancery_vault::{SystemRandom, Timestamp};

use crate::support::{NOW, deletion, entry, new_template, new_version, with_database};

const ALL: fn() -> Page = || Page::new(0, 100);

#[test]
fn a_template_is_read_back_by_both_ids_and_by_its_workspace_only() {
    with_database(async |db| {
        let (ours, theirs) = (db.workspace().await, db.workspace().await);
        let store = db.store.workspace(ours.id);
        let new = new_template(b"sealed name");
        let actor = Actor::ApiKey(ApiKeyId::generate(NOW, &SystemRandom).unwrap());
        store.create_template(&new, actor, &entry("template.create")).await.unwrap();
        let row = store.template(new.id).await.unwrap().unwrap();
        assert_eq!(store.template_by_public_id(new.public_id).await.unwrap().as_ref(), Some(&row));
        assert_eq!(
            (row.name_sealed.as_slice(), row.status, row.latest_version, row.created_at),
            (b"sealed name".as_slice(), TemplateStatus::Active, 1, NOW)
        );
        let version = store.template_version(new.id, None).await.unwrap().unwrap();
        assert_eq!(
            (version.id, version.number, version.body_sealed.as_slice(), version.created_by),
            (new.first_version.id, 1, b"sealed body 1".as_slice(), actor)
        );
        let strangers = db.store.workspace(theirs.id);
        assert_eq!(strangers.template(new.id).await.unwrap(), None);
        assert_eq!(strangers.template_by_public_id(new.public_id).await.unwrap(), None);
        assert_eq!(strangers.template_version(new.id, None).await.unwrap(), None);
        assert!(strangers.list_template_versions(new.id, ALL()).await.unwrap().is_empty());
        let change = TemplateChange { name_sealed: Some(b"stolen".to_vec()), ..TemplateChange::default() };
        assert!(matches!(
            strangers.update_template(new.id, &change, NOW, actor, &entry("template.update")).await,
            Err(StoreError::NotFound { .. })
        ));
        assert!(matches!(
            strangers.delete_template(new.id, &deletion(), &entry("template.delete")).await,
            Err(StoreError::NotFound { .. })
        ));
        assert_eq!(store.template(new.id).await.unwrap(), Some(row));
        assert_eq!(
            store.template_by_public_id(PublicTemplateId::generate(&SystemRandom).unwrap()).await.unwrap(),
            None
        );
    });
}

#[test]
fn a_change_keeps_what_it_does_not_name_and_content_becomes_a_new_version() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let store = db.store.workspace(workspace.id);
        let new = new_template(b"first name");
        store.create_template(&new, Actor::Operator, &entry("template.create")).await.unwrap();
        let later = NOW.plus_millis(5);
        let rename = TemplateChange { name_sealed: Some(b"second name".to_vec()), ..TemplateChange::default() };
        assert_eq!(
            store.update_template(new.id, &rename, later, Actor::Operator, &entry("template.update")).await.unwrap(),
            1
        );
        let content = TemplateChange {
            version: Some(new_version(b"sealed body 2")),
            status: Some(TemplateStatus::Archived),
            ..TemplateChange::default()
        };
        assert_eq!(
            store.update_template(new.id, &content, later, Actor::Operator, &entry("template.update")).await.unwrap(),
            2
        );
        let row = store.template(new.id).await.unwrap().unwrap();
        assert_eq!(
            (row.name_sealed.as_slice(), row.status, row.latest_version, row.created_at, row.updated_at),
            (b"second name".as_slice(), TemplateStatus::Archived, 2, NOW, later)
        );
        let body =
            async |number| store.template_version(new.id, number).await.unwrap().map(|version| version.body_sealed);
        assert_eq!(body(None).await.unwrap(), b"sealed body 2");
        assert_eq!(body(Some(1)).await.unwrap(), b"sealed body 1");
        assert_eq!(body(Some(3)).await, None);
        let listed = store.list_template_versions(new.id, ALL()).await.unwrap();
        assert_eq!(
            listed.iter().map(|version| (version.number, version.body_sealed.len())).collect::<Vec<_>>(),
            [(2, 0), (1, 0)]
        );
        assert_eq!(store.list_template_versions(new.id, Page::new(1, 1)).await.unwrap()[0].number, 1);
        assert!(store.template_version(new.id, Some(u32::MAX)).await.is_err());
    });
}

#[test]
fn concurrent_changes_get_different_version_numbers() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let store = db.store.workspace(workspace.id);
        let new = new_template(b"x");
        store.create_template(&new, Actor::Operator, &entry("template.create")).await.unwrap();
        let changes = (0..8).map(|_| {
            let store = store.clone();
            async move {
                let change = TemplateChange { version: Some(new_version(b"b")), ..TemplateChange::default() };
                store.update_template(new.id, &change, NOW, Actor::Operator, &entry("template.update")).await.unwrap()
            }
        });
        let mut numbers = futures::future::join_all(changes).await;
        numbers.sort_unstable();
        assert_eq!(numbers, [2, 3, 4, 5, 6, 7, 8, 9]);
    });
}

#[test]
fn the_list_is_sorted_paged_and_filtered_by_the_group_s_blind_index() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let store = db.store.workspace(workspace.id);
        let index = |group: &[u8]| workspace.keys.blind_indexes().index("templates.group", group);
        let at = |minute: u64| Timestamp::from_millis(NOW.millis() + minute * 60_000);
        let mut ids = Vec::new();
        for (minute, group) in [(1, &b"invoices"[..]), (3, b"letters"), (2, b"invoices")] {
            let new = NewTemplate {
                group: Some((b"sealed group".to_vec(), index(group))),
                created_at: at(minute),
                ..new_template(b"x")
            };
            store.create_template(&new, Actor::Operator, &entry("template.create")).await.unwrap();
            ids.push(new.id);
        }
        let listed = async |group: Option<&[u8]>, page| -> Vec<_> {
            store
                .list_templates(group.map(index).as_ref().map(std::slice::from_ref), page)
                .await
                .unwrap()
                .iter()
                .map(|row| row.id)
                .collect()
        };
        assert_eq!(listed(None, ALL()).await, [ids[1], ids[2], ids[0]]);
        assert_eq!(listed(None, Page::new(1, 1)).await, [ids[2]]);
        assert_eq!(listed(Some(b"invoices"), ALL()).await, [ids[2], ids[0]]);
        assert!(listed(Some(b"nothing"), ALL()).await.is_empty());
        assert!(listed(None, Page::new(u32::MAX, 1)).await.is_empty());
    });
}

#[test]
fn deleting_a_template_deletes_its_versions_and_is_recorded() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let store = db.store.workspace(workspace.id);
        let new = new_template(b"x");
        store.create_template(&new, Actor::Operator, &entry("template.create")).await.unwrap();
        store.delete_template(new.id, &deletion(), &entry("template.delete")).await.unwrap();
        assert_eq!(store.template(new.id).await.unwrap(), None);
        let mut superuser = db.connection("chancery_bootstrap").await;
        let versions: i64 =
            sqlx::query_scalar("select count(*) from template_versions").fetch_one(&mut superuser).await.unwrap();
        assert_eq!(versions, 0);
        assert!(matches!(
            store.delete_template(new.id, &deletion(), &entry("template.delete")).await,
            Err(StoreError::NotFound { .. })
        ));
        let mut actions: Vec<_> =
            store.list_audit_events(ALL()).await.unwrap().into_iter().map(|event| event.action).collect();
        actions.sort();
        assert_eq!(actions, ["purge.finish", "template.create", "template.delete", "workspace.create"]);
    });
}
