//! The doctor's facts, and the schema's own promises.

use crate::support::with_database;

#[test]
fn the_facts_of_a_fresh_database_are_as_promised() {
    with_database(async |db| {
        let facts = db.store.facts().await.unwrap();
        assert_eq!(facts.schema_version, facts.schema_version_expected);
        assert_eq!(facts.current_role, "chancery_app");
        assert!(facts.commits_are_durable);
        assert!(!facts.audit_log_is_writable);
        assert!(facts.database_bytes > 1_000_000);
        let roles: Vec<&str> = facts.roles.iter().map(|role| role.name.as_str()).collect();
        assert_eq!(
            roles,
            ["chancery_allocation", "chancery_app", "chancery_lookup", "chancery_migrate", "chancery_ops"]
        );
        assert!(facts.roles.iter().all(|role| !role.is_superuser && !role.bypasses_row_level_security));
        assert_eq!(facts.tables.len(), 28);
        assert!(facts.tables.iter().all(|table| table.row_level_security_is_forced), "{:?}", facts.tables);
    });
}

#[test]
fn the_facts_show_what_an_administrator_broke() {
    with_database(async |db| {
        let mut superuser = db.connection("chancery_bootstrap").await;
        sqlx::raw_sql(
            "alter table documents no force row level security; grant update on audit_events to chancery_app",
        )
        .execute(&mut superuser)
        .await
        .unwrap();
        let facts = db.store.facts().await.unwrap();
        assert!(facts.audit_log_is_writable);
        let open: Vec<_> = facts
            .tables
            .iter()
            .filter(|table| !table.row_level_security_is_forced)
            .map(|table| table.name.as_str())
            .collect();
        assert_eq!(open, ["documents"]);
    });
}

#[test]
fn every_column_of_text_holds_a_code_that_a_check_confines() {
    with_database(async |db| {
        let mut superuser = db.connection("chancery_bootstrap").await;
        // Text of customers is sealed and therefore bytea; what is text must be on this list, and each needs a check.
        let text: Vec<String> = sqlx::query_scalar(
            "select c.table_name || '.' || c.column_name from information_schema.columns c
             where c.table_schema = 'chancery' and c.table_name <> '_sqlx_migrations'
                   and (c.data_type in ('text', 'character varying', 'character', 'json', 'jsonb', 'xml') or c.udt_name = '_text')
             order by 1",
        )
        .fetch_all(&mut superuser)
        .await
        .unwrap();
        let codes = [
            "api_keys.hint",
            "api_keys.permissions",
            "audit_events.action",
            "audit_events.actor_kind",
            "audit_events.target_kind",
            "carried_keys.purpose",
            // Names and public keys of custodians, what they signed, numbers of rows, and receipts of it: all made to be shown.
            "custodians.name",
            "custodians.public_key",
            "destructions.counts",
            "destructions.note",
            "destructions.receipt",
            "document_requests.class",
            "documents.class",
            "documents.mime",
            "documents.object_name",
            "documents.state",
            "ledger_checkpoints.note",
            // Names and signatures of witnesses, public keys, names of places, and what a place said when it failed.
            "ledger_cosignatures.line",
            "ledger_cosignatures.name",
            "ledger_past_keys.public",
            "ledger_places.error",
            "ledger_places.name",
            "legal_holds.placed_by_kind",
            "legal_holds.released_by_kind",
            "legal_holds.target_kind",
            "link_revocations.target_kind",
            "links.created_by_kind",
            "purge_batches.class",
            "purge_batches.kind",
            "purge_runs.cause",
            "purge_runs.policy",
            "retention_policies.class",
            "retention_policies.kind",
            "root_keys.state",
            "template_versions.created_by_kind",
            "templates.public_id",
            "templates.status",
            "transactions.export",
            "transactions.kind",
            "transactions.status",
            "transactions.template_public_id",
            "workspace_keys.state",
            "workspaces.class",
            "workspaces.state",
        ];
        assert_eq!(text, codes);
        let unchecked: Vec<String> = sqlx::query_scalar(
            "select c.table_name || '.' || c.column_name from information_schema.columns c
             where c.table_schema = 'chancery' and c.table_name <> '_sqlx_migrations' and (c.data_type = 'text' or c.udt_name = '_text')
                   and not exists (select from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any (k.conkey)
                                   where k.contype = 'c' and k.conrelid = ('chancery.' || c.table_name)::regclass and a.attname = c.column_name)",
        )
        .fetch_all(&mut superuser)
        .await
        .unwrap();
        assert_eq!(unchecked, Vec::<String>::new());
    });
}

#[test]
fn migrating_twice_changes_nothing() {
    with_database(async |db| {
        let before = db.store.facts().await.unwrap().schema_version;
        let options = chancery_store::Database::in_private_cluster(db.socket_folder(), db.name());
        chancery_store::migrate(&options).await.unwrap();
        assert_eq!(db.store.facts().await.unwrap().schema_version, before);
    });
}
