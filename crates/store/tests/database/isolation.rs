//! What one workspace may see and change of another: nothing, in every table, whatever the statement.

use chancery_store::{Actor, DataKind, HoldTarget, NewRequest, Page, PolicyRow, RevocationTarget, TemplateId};
use chancery_vault::Class;
use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use crate::support::{
    DAY_MILLIS, NOW, TestDatabase, TestWorkspace, entry, new_api_key, new_grant, new_hold, new_link, new_template,
    purge_documents, rotate, with_database,
};

/// PostgreSQL's code for a missing right and for a row that a policy refuses.
const INSUFFICIENT_PRIVILEGE: &str = "42501";

/// A workspace with at least one row in every table.
pub(crate) async fn full_workspace(db: &TestDatabase) -> TestWorkspace {
    let workspace = db.workspace().await;
    let store = db.store.workspace(workspace.id);
    store.create_api_key(&new_api_key().0, &entry("api_key.create")).await.unwrap();
    store.create_template(&new_template(b"sealed name"), Actor::Operator, &entry("template.create")).await.unwrap();
    let writer = db.store.document_writer();
    let document = workspace.document(&db.objects, b"text", NOW.plus_millis(DAY_MILLIS)).await;
    let id = document.document;
    writer.record(document).await.unwrap();
    let link = new_link(id, Some(1));
    store.create_link(&link, &entry("link.create")).await.unwrap();
    assert!(store.use_link(link.id, NOW, &new_grant(), &entry("document.retrieve")).await.unwrap());
    store.revoke_links(RevocationTarget::Document(id), NOW, &entry("link.revoke_all")).await.unwrap();
    writer.record(workspace.document(&db.objects, b"expired", NOW).await).await.unwrap();
    writer.close().await;
    purge_documents(db, NOW).await;
    let policy = PolicyRow { kind: DataKind::Documents, class: Class::Confidential, days: Some(7) };
    store.set_retention(&[policy], &[], NOW, &entry("retention.set")).await.unwrap();
    let request = NewRequest {
        id: workspace.id.uuid(),
        template: TemplateId::from_uuid(workspace.id.uuid()),
        template_version: 1,
        class: Class::Confidential,
        request_sealed: b"sealed request".to_vec(),
        created_at: NOW,
    };
    store.keep_request(&request, &entry("request.keep")).await.unwrap();
    store.place_hold(&new_hold(HoldTarget::Workspace, workspace.id.uuid()), &entry("hold.place")).await.unwrap();
    rotate(db, &workspace).await;
    workspace
}

/// Every table of the schema with the column that names the workspace. `root_keys` has ids and states of keys that are
/// elsewhere, `custodians` and `destructions` what people of the installation signed, and nothing of any workspace.
async fn tables(connection: &mut PgConnection) -> Vec<(String, &'static str)> {
    let names: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class where relnamespace = 'chancery'::regnamespace and relkind in ('r', 'p')
         and relname not in ('_sqlx_migrations', 'root_keys', 'custodians', 'destructions') order by relname",
    )
    .fetch_all(connection)
    .await
    .unwrap();
    assert_eq!(
        names,
        [
            "api_keys",
            "audit_events",
            "carried_keys",
            "document_requests",
            "documents",
            "ledger_checkpoints",
            "ledger_cosignatures",
            "ledger_entries",
            "ledger_key",
            "ledger_nodes",
            "ledger_past_keys",
            "ledger_places",
            "ledger_queue",
            "legal_holds",
            "link_grants",
            "link_revocations",
            "links",
            "purge_batches",
            "purge_runs",
            "retention_policies",
            "template_versions",
            "templates",
            "transactions",
            "workspace_keys",
            "workspaces"
        ]
    );
    names
        .into_iter()
        // Closed to every role but that of its functions, which the tests of the ledger prove.
        .filter(|name| !name.starts_with("ledger_"))
        .map(|name| {
            let column = if name == "workspaces" { "id" } else { "workspace_id" };
            (name, column)
        })
        .collect()
}

async fn enter(connection: &mut PgConnection, workspace: &str) {
    sqlx::query("select set_config('app.workspace', $1, false)").bind(workspace).execute(connection).await.unwrap();
}

async fn count(connection: &mut PgConnection, table: &str, condition: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from {table} where {condition}")))
        .fetch_one(connection)
        .await
        .unwrap()
}

/// Runs a statement and gives the rows that it touched; a refusal for missing rights touches none.
async fn touched(connection: &mut PgConnection, statement: String) -> u64 {
    match sqlx::query(AssertSqlSafe(statement.clone())).execute(connection).await {
        Ok(done) => done.rows_affected(),
        Err(error) => {
            assert_eq!(code(&error), INSUFFICIENT_PRIVILEGE, "{statement}: {error}");
            0
        }
    }
}

fn code(error: &sqlx::Error) -> String {
    error.as_database_error().and_then(|error| error.code()).map(|code| code.into_owned()).unwrap_or_default()
}

#[test]
fn a_workspace_sees_its_own_rows_only_and_none_without_a_workspace() {
    with_database(async |db| {
        let (ours, theirs) = (full_workspace(db).await, full_workspace(db).await);
        let mut app = db.connection("chancery_app").await;
        for (table, column) in tables(&mut app).await {
            enter(&mut app, &ours.id.to_string()).await;
            assert!(count(&mut app, &table, "true").await > 0, "{table}");
            assert_eq!(count(&mut app, &table, &format!("{column} <> '{}'", ours.id)).await, 0, "{table}");
            enter(&mut app, &theirs.id.to_string()).await;
            assert!(count(&mut app, &table, &format!("{column} = '{}'", theirs.id)).await > 0, "{table}");
            for nobody in ["", "00000000-0000-0000-0000-000000000000"] {
                enter(&mut app, nobody).await;
                assert_eq!(count(&mut app, &table, "true").await, 0, "{table} as {nobody:?}");
            }
        }
        let mut fresh = db.connection("chancery_app").await;
        for (table, _) in tables(&mut fresh).await {
            assert_eq!(count(&mut fresh, &table, "true").await, 0, "{table} without a setting");
        }
    });
}

#[test]
fn the_owner_of_the_schema_sees_no_more_than_its_workspace_either() {
    with_database(async |db| {
        let ours = full_workspace(db).await;
        full_workspace(db).await;
        let mut owner = db.connection("chancery_migrate").await;
        for (table, column) in tables(&mut owner).await {
            enter(&mut owner, "").await;
            assert_eq!(count(&mut owner, &table, "true").await, 0, "{table}");
            enter(&mut owner, &ours.id.to_string()).await;
            assert_eq!(count(&mut owner, &table, &format!("{column} <> '{}'", ours.id)).await, 0, "{table}");
        }
    });
}

#[test]
fn nothing_of_another_workspace_can_be_changed_deleted_or_planted() {
    with_database(async |db| {
        let (ours, theirs) = (full_workspace(db).await, full_workspace(db).await);
        let mut app = db.connection("chancery_app").await;
        let mut superuser = db.connection("chancery_bootstrap").await;
        for (table, column) in tables(&mut app).await {
            let all = format!("{column} = '{}'", theirs.id);
            let before = count(&mut superuser, &table, &all).await;
            let row: String =
                sqlx::query(AssertSqlSafe(format!("select to_jsonb(t)::text from {table} t where {all} limit 1")))
                    .fetch_one(&mut superuser)
                    .await
                    .unwrap()
                    .get(0);
            for workspace in [ours.id.to_string(), String::new()] {
                enter(&mut app, &workspace).await;
                assert_eq!(
                    touched(&mut app, format!("update {table} set {column} = {column} where {all}")).await,
                    0,
                    "{table}"
                );
                assert_eq!(touched(&mut app, format!("delete from {table} where {all}")).await, 0, "{table}");
                let planted = sqlx::query(AssertSqlSafe(format!(
                    "insert into {table} select * from jsonb_populate_record(null::{table}, $1::jsonb)"
                )))
                .bind(&row)
                .execute(&mut app)
                .await;
                assert_eq!(code(&planted.unwrap_err()), INSUFFICIENT_PRIVILEGE, "{table}");
            }
            assert_eq!(count(&mut superuser, &table, &all).await, before, "{table}");
        }
        // Moving one's own row into another workspace is refused as well.
        enter(&mut app, &ours.id.to_string()).await;
        for table in ["templates", "documents", "api_keys", "purge_runs"] {
            let moved = sqlx::query(AssertSqlSafe(format!("update {table} set workspace_id = '{}'", theirs.id)))
                .execute(&mut app)
                .await;
            assert_eq!(code(&moved.unwrap_err()), INSUFFICIENT_PRIVILEGE, "{table}");
        }
    });
}

#[test]
fn no_role_changes_removes_or_truncates_the_audit_log() {
    with_database(async |db| {
        let workspace = full_workspace(db).await;
        let before = db.store.workspace(workspace.id).list_audit_events(Page::new(0, 100)).await.unwrap();
        assert!(before.len() >= 4);
        for (role, expected) in [
            ("chancery_app", INSUFFICIENT_PRIVILEGE),
            ("chancery_ops", INSUFFICIENT_PRIVILEGE),
            ("chancery_migrate", "CH002"),
        ] {
            let mut connection = db.connection(role).await;
            sqlx::query("set default_transaction_read_only = off").execute(&mut connection).await.unwrap();
            enter(&mut connection, &workspace.id.to_string()).await;
            for statement in
                ["update audit_events set action = 'a.b'", "delete from audit_events", "truncate audit_events"]
            {
                let refused = sqlx::query(statement).execute(&mut connection).await.unwrap_err();
                assert_eq!(code(&refused), expected, "{role}: {statement}");
            }
        }
        assert_eq!(db.store.workspace(workspace.id).list_audit_events(Page::new(0, 100)).await.unwrap(), before);
    });
}

#[test]
fn operations_staff_see_counts_and_states_but_no_sealed_column() {
    with_database(async |db| {
        full_workspace(db).await;
        let mut ops = db.connection("chancery_ops").await;
        assert!(count(&mut ops, "transactions", "true").await > 0);
        assert!(count(&mut ops, "purge_runs", "true").await > 0);
        for statement in [
            "select name_sealed from workspaces",
            "select wrapped from workspace_keys",
            "select * from carried_keys",
            "select * from templates",
            "select * from template_versions",
            "select * from documents",
            "select * from audit_events",
            "select * from api_keys",
            "select reason_sealed from legal_holds",
            "select * from document_requests",
            "select * from purge_batches",
            "select * from chancery_allocation.pseudonyms",
            "select template_public_id from transactions",
            "select * from lookup_workspaces()",
        ] {
            assert_eq!(
                code(&sqlx::query(statement).execute(&mut ops).await.unwrap_err()),
                INSUFFICIENT_PRIVILEGE,
                "{statement}"
            );
        }
    });
}

#[test]
fn functions_with_more_rights_than_their_caller_are_the_listed_ones_only() {
    with_database(async |db| {
        let mut superuser = db.connection("chancery_bootstrap").await;
        let definers: Vec<String> = sqlx::query_scalar(
            "select proname::text from pg_proc where pronamespace = 'chancery'::regnamespace and prosecdef order by 1",
        )
        .fetch_all(&mut superuser)
        .await
        .unwrap();
        let (ledger, before): (Vec<_>, Vec<_>) =
            definers.iter().map(String::as_str).partition(|name| name.starts_with("ledger_"));
        assert_eq!(
            before,
            [
                "lookup_api_key",
                "lookup_objects",
                "lookup_workspace_keys",
                "lookup_workspaces",
                "lookup_workspaces_to_purge"
            ]
        );
        assert_eq!(
            ledger,
            [
                "ledger_append",
                "ledger_checkpoints_after",
                "ledger_cosign",
                "ledger_enqueue",
                "ledger_erase_bodies",
                "ledger_keep_key",
                "ledger_key_history",
                "ledger_key_since",
                "ledger_note",
                "ledger_number",
                "ledger_page",
                "ledger_place_failed",
                "ledger_place_kept",
                "ledger_places_known",
                "ledger_proof",
                "ledger_rewrap_key",
                "ledger_rotate_key",
                "ledger_state",
                "ledger_stray",
                "ledger_take",
                "ledger_tiles"
            ]
        );
        let owned_by_others: i64 = sqlx::query_scalar("select count(*) from pg_proc where pronamespace = 'chancery'::regnamespace and prosecdef and proowner <> 'chancery_lookup'::regrole").fetch_one(&mut superuser).await.unwrap();
        assert_eq!(owned_by_others, 0);
        let open_to_all: i64 = sqlx::query_scalar("select count(*) from pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner))) a where pronamespace = 'chancery'::regnamespace and a.grantee = 0").fetch_one(&mut superuser).await.unwrap();
        assert_eq!(open_to_all, 0);
        let can_create: bool = sqlx::query_scalar("select has_schema_privilege('chancery_app', 'chancery', 'create') or has_schema_privilege('chancery_lookup', 'chancery', 'create') or has_schema_privilege('chancery_app', 'public', 'create')").fetch_one(&mut superuser).await.unwrap();
        assert!(!can_create);
    });
}
