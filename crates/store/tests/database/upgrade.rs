//! A database of an earlier version, with rows in every table, becomes by its migrations what a new one is.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chancery_ledger::SigningKey;
use chancery_store::{AuditId, DataKind, Database, PoolConfig, Slice, Store, bootstrap_sql, migrate};
use chancery_vault::{Class, WorkspaceId};
use serde_json::{Map, Value as Json};
use sqlx::migrate::Migrator;
use sqlx::{AssertSqlSafe, PgConnection, query_scalar, raw_sql};

use crate::isolation::full_workspace;
use crate::support::{DAY_MILLIS, NOW, TestDatabase, connect, entry, new_api_key, with_database};

static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

/// What the schema was made of when links were still to come: 43 and 44 were written beside it.
fn is_of_the_old_schema(version: i64) -> bool {
    version <= 52 && ![43, 44].contains(&version)
}

/// An empty database with the old schema.
async fn old_database(socket_folder: &std::path::Path, name: &str) -> PgConnection {
    let mut admin = connect(socket_folder, "postgres", "chancery_bootstrap").await;
    let create = format!("create database {name} owner chancery_migrate");
    raw_sql(AssertSqlSafe(create)).execute(&mut admin).await.unwrap();
    let mut superuser = connect(socket_folder, name, "chancery_bootstrap").await;
    raw_sql(AssertSqlSafe(bootstrap_sql())).execute(&mut superuser).await.unwrap();
    let old = MIGRATOR.iter().filter(|migration| is_of_the_old_schema(migration.version)).cloned().collect();
    let migrator = Migrator { migrations: Cow::Owned(old), ..Migrator::DEFAULT };
    let mut owner = connect(socket_folder, name, "chancery_migrate").await;
    migrator.run(&mut owner).await.unwrap();
    superuser
}

/// Every table but the list of migrations, schema first.
async fn tables(connection: &mut PgConnection) -> Vec<String> {
    query_scalar(
        "select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname like 'chancery%' and c.relkind = 'r' and c.relname <> '_sqlx_migrations' order by 1",
    )
    .fetch_all(connection)
    .await
    .unwrap()
}

/// All rows of all tables as JSON, in an order that follows from what they say.
async fn rows(connection: &mut PgConnection) -> BTreeMap<String, Vec<Json>> {
    let mut all = BTreeMap::new();
    for table in tables(connection).await {
        let question = format!("select to_jsonb(t) from {table} t order by to_jsonb(t)::text");
        let rows = query_scalar(AssertSqlSafe(question)).fetch_all(&mut *connection).await.unwrap();
        all.insert(table, rows);
    }
    all
}

/// Everything that the schema is made of, a line each, whatever the order in which it was made.
async fn schema(connection: &mut PgConnection) -> Vec<String> {
    query_scalar(
        "with ours as (select oid, nspname from pg_namespace where nspname like 'chancery%'),
              tables as (select c.oid, c.relname, c.relkind, c.relacl, c.relowner, c.relrowsecurity, c.relforcerowsecurity
                         from pg_class c join ours on ours.oid = c.relnamespace)
         select format('table %s %s %s %s %s %s', relname, relkind, relacl, relowner::regrole, relrowsecurity,
                       relforcerowsecurity) from tables
         union all
         select format('column %s.%s %s %s %s %s %s', t.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                       a.attnotnull, a.attstorage, a.attacl, pg_get_expr(d.adbin, d.adrelid))
         from pg_attribute a join tables t on t.oid = a.attrelid
              left join pg_attrdef d on (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
         where a.attnum > 0 and not a.attisdropped and t.relkind = 'r'
         union all
         select format('constraint %s %s %s', t.relname, k.conname, pg_get_constraintdef(k.oid))
         from pg_constraint k join tables t on t.oid = k.conrelid
         union all
         select format('index %s', pg_get_indexdef(t.oid)) from tables t where t.relkind = 'i'
         union all
         select format('trigger %s %s', t.relname, pg_get_triggerdef(g.oid))
         from pg_trigger g join tables t on t.oid = g.tgrelid where not g.tgisinternal
         union all
         select format('policy %s %s', t.relname, row(p.polname, p.polcmd, p.polroles::regrole[], p.polpermissive,
                       pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)))
         from pg_policy p join tables t on t.oid = p.polrelid
         union all
         select format('function %s %s %s', f.proowner::regrole, f.proacl, pg_get_functiondef(f.oid))
         from pg_proc f join ours on ours.oid = f.pronamespace
         order by 1",
    )
    .fetch_all(connection)
    .await
    .unwrap()
}

/// Writes the rows into the old schema, as the version that belongs to it would have written them.
async fn write_as_before(old: &mut PgConnection, rows: &BTreeMap<String, Vec<Json>>) {
    raw_sql("set session_replication_role = replica").execute(&mut *old).await.unwrap();
    for table in tables(old).await {
        let mut rows = rows.get(&table).cloned().unwrap_or_default();
        if table.ends_with(".ledger_queue") {
            // An event waited in a row of its own.
            rows = rows.iter().flat_map(each_alone).collect();
        }
        let insert = format!("insert into {table} select * from jsonb_populate_recordset(null::{table}, $1)");
        sqlx::query(AssertSqlSafe(insert)).bind(Json::from(rows)).execute(&mut *old).await.unwrap();
    }
    // Every level of the tree was stored, not every fourth.
    raw_sql(
        "delete from ledger_nodes;
         insert into ledger_nodes
         select 1, number / 2, sha256('\\x01' || string_agg(leaf, '' order by number)) from ledger_entries
         group by number / 2 having count(*) = 2;
         do $$
         begin
             for below in 1..20 loop
                 insert into ledger_nodes
                 select below + 1, index / 2, sha256('\\x01' || string_agg(hash, '' order by index)) from ledger_nodes
                 where level = below group by index / 2 having count(*) = 2;
             end loop;
         end
         $$;
         set session_replication_role = origin",
    )
    .execute(old)
    .await
    .unwrap();
}

fn each_alone(row: &Json) -> Vec<Json> {
    let alone = |id: &Json| {
        let workspace = ("workspace_id".to_owned(), row["workspace_id"].clone());
        Json::Object(Map::from_iter([workspace, ("event_id".to_owned(), id.clone())]))
    };
    row["event_ids"].as_array().unwrap().iter().map(alone).collect()
}

async fn without_classes(connection: &mut PgConnection) {
    let statement = "set session_replication_role = replica;
                     update documents set class = null; update document_requests set class = null;
                     set session_replication_role = origin";
    raw_sql(statement).execute(connection).await.unwrap();
}

/// Rows in every table, a ledger of two levels of tiles, and an event that waits for its number.
async fn filled(db: &TestDatabase) -> WorkspaceId {
    let workspace = full_workspace(db).await.id;
    let store = db.store.workspace(workspace);
    for _ in 0..290 {
        store.create_api_key(&new_api_key().0, &entry("api_key.create")).await.unwrap();
    }
    assert!(db.store.sequence_ledger(&key()).await.unwrap().entries > 256);
    store.create_api_key(&new_api_key().0, &entry("api_key.create")).await.unwrap();
    workspace
}

fn key() -> SigningKey {
    SigningKey::log("chancery/ledger/test", &[3; 32]).unwrap()
}

#[test]
fn an_old_database_with_rows_in_every_table_becomes_what_a_new_one_is_and_its_ledger_goes_on() {
    with_database(async |db| {
        let workspace = filled(db).await;
        let mut new = db.connection("chancery_bootstrap").await;
        without_classes(&mut new).await;
        let expected = rows(&mut new).await;
        let name = format!("{}_old", db.name());
        let mut old = old_database(db.socket_folder(), &name).await;
        assert_ne!(schema(&mut old).await, schema(&mut new).await);
        write_as_before(&mut old, &expected).await;

        let database = Database::in_private_cluster(db.socket_folder(), &name);
        migrate(&database).await.unwrap();

        assert_eq!(schema(&mut old).await, schema(&mut new).await);
        for (table, found) in rows(&mut old).await {
            // What has come since had no rows.
            let is_new = ["links", "link_grants", "link_revocations"].iter().any(|name| table.ends_with(name));
            let expected = if is_new { &[][..] } else { &expected[&table][..] };
            assert_eq!(found, expected, "{table}");
        }
        let store = Store::connect(&database, PoolConfig { connections_max: 3 }).await.unwrap();
        assert_eq!(store.sequence_ledger(&key()).await.unwrap().entries, 1, "the one that waited");
        assert_eq!(store.ledger_stray().await.unwrap(), None);
        for row in store.ledger_page(0).await.unwrap() {
            let proof = store.ledger_proof(AuditId::from_uuid(row.id), key().public()).await.unwrap();
            assert_eq!(Some(proof.entry), row.entry);
        }
        let now = NOW.plus_millis(2 * DAY_MILLIS);
        let due = async |kind, class| {
            let slice = Slice { kind, class, now, before: Some(NOW) };
            store.workspace(workspace).due(&slice).await.unwrap().held
        };
        for kind in [DataKind::Documents, DataKind::Requests] {
            assert_eq!(due(kind, Class::Confidential).await, 1, "{kind:?} go with their workspace, which is held");
            assert_eq!(due(kind, Class::Public).await, 0, "{kind:?}");
        }
        store.close().await;
    });
}

#[test]
fn a_database_that_ran_a_changed_migration_goes_on_and_one_that_ran_any_other_text_is_refused() {
    with_database(async |db| {
        let mut new = db.connection("chancery_bootstrap").await;
        let expected = schema(&mut new).await;
        let as_changed = "
            delete from _sqlx_migrations where version = 61;
            update _sqlx_migrations set checksum = decode(digest, 'hex')
            from (values
                (47, 'b7ca7315e281b6f97c336193b1b79c2b52879d78aae82ab37b835559a95c0eb4764f513aafb34bb71e2127aa3e283f34'),
                (48, 'dd5bd305239f0b08a8635a7dc002f6855b9273fd81c9e297848e5db9368573befe4a9ae5f2218fedc579e0fbec4797b6'),
                (50, '60a76d24d54047cb0de3fc948fa87f62b0cf8c5fe0ae85d722b992c2b4e8a01a00b40773d47ce783dec99f6dcd5049c8')
            ) as changed (number, digest)
            where version = number;
            alter table document_requests alter column class set not null;";
        raw_sql(as_changed).execute(&mut new).await.unwrap();
        assert_ne!(schema(&mut new).await, expected);
        let database = Database::in_private_cluster(db.socket_folder(), db.name());
        migrate(&database).await.unwrap();
        assert_eq!(schema(&mut new).await, expected);
        migrate(&database).await.unwrap();

        let forged = "update _sqlx_migrations set checksum = sha384('x') where version = 48";
        raw_sql(forged).execute(&mut new).await.unwrap();
        let refused = migrate(&database).await.unwrap_err();
        assert!(std::error::Error::source(&refused).unwrap().to_string().contains("48"), "{refused:?}");
    });
}
