//! A private PostgreSQL with one workspace, and the connections past the store that the comparisons need.

use std::path::{Path, PathBuf};

use chancery_ledger::SigningKey;
use chancery_store::{
    Actor, ApiKeyId, AuditEntry, AuditId, Cluster, ClusterConfig, Database, NewWorkspace, PoolConfig, Store, Target,
    cluster, migrate,
};
use chancery_vault::{
    Class, FileRootKey, RootKey, RootKeyProvider as _, SystemRandom, Timestamp, WorkspaceId, WorkspaceKey,
    WorkspaceKeys,
};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};
use uuid::Uuid;

use crate::failure::Failure;

/// The time at which everything begins: 2026, since no figure depends on it.
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
/// Acts of one millisecond: ids grow with time, as those of the service do, and an index of them grows at its end.
const ACTS_PER_MILLISECOND: u64 = 10;
/// The database of the large tree, beside that of the store.
const TREE_DATABASE: &str = "tree";
/// The role that may do what no other may: fill tables of the ledger, switch a trigger off.
const SUPERUSER: &str = "chancery_bootstrap";
/// The role of the service.
const APPLICATION: &str = "chancery_app";
/// The name of the log and the seed of its key; nothing secret is signed here.
pub(crate) const LOG: &str = "chancery/ledger/bench";
pub(crate) const SEED: [u8; 32] = [7; 32];
/// Bytes of a sealed body: the details of most acts are a few words.
pub(crate) const BODY_BYTES: usize = 96;

/// What the figures are taken from.
pub(crate) struct Installation {
    cluster: Cluster,
    pub(crate) store: Store,
    pub(crate) superuser: PgConnection,
    /// As the service, in its workspace.
    pub(crate) application: PgConnection,
    pub(crate) workspace: WorkspaceId,
    pub(crate) keys: WorkspaceKeys,
    pub(crate) signing: SigningKey,
    acts: u64,
}

impl Installation {
    /// Makes and starts everything in `folder`.
    pub(crate) async fn start(folder: PathBuf) -> Result<Self, Failure> {
        let cluster = Cluster::start(&ClusterConfig::in_folder(folder)).await?;
        migrate(&cluster.database()).await?;
        // A database is copied while nobody is connected to it.
        let mut anywhere = connect(cluster.socket_folder(), "postgres", SUPERUSER).await?;
        let copy =
            format!("create database {TREE_DATABASE} template {} owner chancery_migrate", cluster::DATABASE_NAME);
        sqlx::raw_sql(AssertSqlSafe(copy)).execute(&mut anywhere).await?;
        anywhere.close().await?;

        let store = Store::connect(&cluster.database(), PoolConfig::default()).await?;
        let (workspace, keys) = make_workspace(&store).await?;
        let mut superuser = connect(cluster.socket_folder(), cluster::DATABASE_NAME, SUPERUSER).await?;
        sqlx::raw_sql(
            "create table plain_events (
                 workspace_id uuid, id uuid, at timestamptz, actor_kind text, actor_id uuid, action text,
                 target_kind text, target_id uuid, body_sealed bytea, primary key (workspace_id, id)
             );
             grant insert on plain_events to chancery_app",
        )
        .execute(&mut superuser)
        .await?;
        let mut application = connect(cluster.socket_folder(), cluster::DATABASE_NAME, APPLICATION).await?;
        sqlx::query("select set_config('app.workspace', $1, false)")
            .bind(workspace.to_string())
            .execute(&mut application)
            .await?;
        let signing = SigningKey::log(LOG, &SEED)?;
        Ok(Self { cluster, store, superuser, application, workspace, keys, signing, acts: 0 })
    }

    /// The time of the next act.
    pub(crate) const fn next_time(&mut self) -> Timestamp {
        self.acts += 1;
        NOW.plus_millis(self.acts / ACTS_PER_MILLISECOND)
    }

    /// A store over the database of the large tree, and a connection that may fill it.
    pub(crate) async fn tree_database(&self) -> Result<(Store, PgConnection), Failure> {
        let socket_folder = self.cluster.socket_folder();
        let database = Database::in_private_cluster(socket_folder, TREE_DATABASE);
        let store = Store::connect(&database, PoolConfig::default()).await?;
        Ok((store, connect(socket_folder, TREE_DATABASE, SUPERUSER).await?))
    }

    /// Stops PostgreSQL.
    pub(crate) async fn stop(self) -> Result<(), Failure> {
        self.store.close().await;
        self.superuser.close().await?;
        self.application.close().await?;
        Ok(self.cluster.stop().await?)
    }
}

/// An event as the service writes it with a document.
pub(crate) fn document_event(at: Timestamp, target: Uuid) -> Result<AuditEntry, Failure> {
    Ok(AuditEntry {
        id: AuditId::generate(at, &SystemRandom)?,
        at,
        actor: Actor::ApiKey(ApiKeyId::generate(at, &SystemRandom)?),
        action: "document.create",
        target: Target { kind: "document", id: Some(target) },
        body_sealed: None,
    })
}

async fn make_workspace(store: &Store) -> Result<(WorkspaceId, WorkspaceKeys), Failure> {
    let id = WorkspaceId::generate(NOW, &SystemRandom)?;
    let key = WorkspaceKey::generate(&SystemRandom)?;
    let new = NewWorkspace {
        id,
        name_sealed: b"sealed name".to_vec(),
        class: Class::Confidential,
        key_wrapped: FileRootKey::new(&RootKey::generate(&SystemRandom)?)?.wrap(&SystemRandom, id, &key)?,
        created_at: NOW,
    };
    let target = Target { kind: "workspace", id: Some(id.uuid()) };
    let entry =
        AuditEntry { actor: Actor::Operator, action: "workspace.create", target, ..document_event(NOW, id.uuid())? };
    store.create_workspace(&new, &entry).await?;
    Ok((id, WorkspaceKeys::new(&key, id)?))
}

async fn connect(socket_folder: &Path, database: &str, role: &str) -> Result<PgConnection, Failure> {
    let options = PgConnectOptions::new_without_pgpass().socket(socket_folder).port(cluster::PORT);
    let options = options.database(database).username(role).options([("search_path", "chancery")]);
    Ok(options.disable_statement_logging().connect().await?)
}
