//! Who is behind a pseudonym: apart from everything else, answered only with a record, and forgotten in time.

use chancery_store::{Allocation, AllocationId, AuditId, DataKind, Slice};
use chancery_vault::{Class, SystemRandom};

use crate::support::{DAY_MILLIS, NOW, begin_run, destroy_all, entry, with_database};

fn allocation(letter: char) -> Allocation {
    Allocation {
        pseudonym: format!("person-{}", letter.to_string().repeat(16)),
        id: AllocationId::generate(NOW, &SystemRandom).unwrap(),
        original_sealed: format!("sealed {letter}").into_bytes(),
    }
}

#[test]
fn no_role_that_anybody_can_log_in_as_reads_the_allocations() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        db.store.workspace(workspace.id).allocate(&[allocation('A')], NOW).await.unwrap();
        for role in ["chancery_app", "chancery_ops", "chancery_migrate"] {
            let mut connection = db.connection(role).await;
            sqlx::query("select set_config('app.workspace', $1, false)")
                .bind(workspace.id.to_string())
                .execute(&mut connection)
                .await
                .unwrap();
            for statement in [
                "select * from chancery_allocation.pseudonyms",
                "select pseudonym from chancery_allocation.pseudonyms",
                "delete from chancery_allocation.pseudonyms",
                "update chancery_allocation.pseudonyms set pseudonym = pseudonym",
            ] {
                let refused = sqlx::query(statement).execute(&mut connection).await.unwrap_err();
                assert_eq!(
                    refused.as_database_error().unwrap().code().as_deref(),
                    Some("42501"),
                    "{role}: {statement}"
                );
            }
        }
        let mut superuser = db.connection("chancery_bootstrap").await;
        let may_log_in: bool = sqlx::query_scalar(
            "select rolcanlogin or rolsuper or rolbypassrls from pg_roles where rolname = 'chancery_allocation'",
        )
        .fetch_one(&mut superuser)
        .await
        .unwrap();
        assert!(!may_log_in);
        let owners: Vec<String> = sqlx::query_scalar(
            "select distinct proowner::regrole::text from pg_proc where pronamespace = 'chancery_allocation'::regnamespace",
        )
        .fetch_all(&mut superuser)
        .await
        .unwrap();
        assert_eq!(owners, ["chancery_allocation"]);
    });
}

#[test]
fn an_answer_needs_an_event_that_this_very_transaction_wrote() {
    with_database(async |db| {
        let (ours, theirs) = (db.workspace().await, db.workspace().await);
        let store = db.store.workspace(ours.id);
        let given = allocation('A');
        store.allocate(std::slice::from_ref(&given), NOW).await.unwrap();
        let event = entry("pseudonym.resolve");
        assert_eq!(store.resolve(&given.pseudonym, &event).await.unwrap(), Some(given.clone()));
        let stranger = db.store.workspace(theirs.id);
        assert_eq!(stranger.resolve(&given.pseudonym, &entry("pseudonym.resolve")).await.unwrap(), None);
        let mut app = db.connection("chancery_app").await;
        sqlx::query("select set_config('app.workspace', $1, false)")
            .bind(ours.id.to_string())
            .execute(&mut app)
            .await
            .unwrap();
        let unknown = AuditId::generate(NOW, &SystemRandom).unwrap();
        for event in [event.id.uuid(), unknown.uuid()] {
            let refused = sqlx::query("select * from chancery_allocation.resolve($1, $2)")
                .bind(&given.pseudonym)
                .bind(event)
                .execute(&mut app)
                .await
                .unwrap_err();
            assert!(refused.to_string().contains("resolving a pseudonym is recorded first"), "{refused}");
        }
        let other = store.resolve(&given.pseudonym, &entry("template.create")).await;
        assert!(other.is_err(), "an event of another kind is none");
    });
}

#[test]
fn what_was_seen_again_is_kept_and_the_rest_becomes_anonymous() {
    with_database(async |db| {
        let workspace = db.workspace().await;
        let store = db.store.workspace(workspace.id);
        let (old, seen) = (allocation('A'), allocation('B'));
        store.allocate(&[old.clone(), seen.clone()], NOW).await.unwrap();
        let later = NOW.plus_millis(DAY_MILLIS);
        let again = Allocation { original_sealed: b"another".to_vec(), ..seen.clone() };
        store.allocate(&[again], later).await.unwrap();
        let slice = Slice { kind: DataKind::Pseudonyms, class: Class::Confidential, now: later, before: Some(NOW) };
        assert_eq!(store.due(&slice).await.unwrap().count, 1);
        let run = begin_run(&store, later).await;
        assert_eq!(destroy_all(&store, run, &slice).await, 1);
        let event = || entry("pseudonym.resolve");
        assert_eq!(store.resolve(&old.pseudonym, &event()).await.unwrap(), None);
        assert_eq!(store.resolve(&seen.pseudonym, &event()).await.unwrap(), Some(seen), "the first original stays");
        let batches = store.purge_batches(run).await.unwrap();
        assert_eq!(batches[0].ids, [old.id.uuid()]);
    });
}
