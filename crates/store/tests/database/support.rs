//! A database for each test, and things to put into it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use chancery_store::{
    Activation, Actor, ApiKeyId, AuditEntry, AuditId, BatchId, BatchNotes, CarriedKeyRow, Cluster, ClusterConfig,
    ClusterError, DataKind, Database, Deletion, DocumentRecord, GrantId, HoldId, HoldTarget, NewApiKey, NewGrant,
    NewHold, NewLink, NewRun, NewTemplate, NewVersion, NewWorkspace, ObjectName, Objects, PoolConfig, PublicTemplateId,
    PurgeCause, PurgeReport, PurgeRunId, RenderKind, Slice, Store, Target, TemplateId, TemplateStatus, TransactionId,
    VersionId, WorkspaceStore, migrate,
};
use chancery_vault::{
    ApiKey, CarriedPurpose, Class, DocumentId, FileRootKey, Grant, LinkId, ObjectPurpose, RootKey,
    RootKeyProvider as _, SystemRandom, Timestamp, TokenHash, WorkspaceId, WorkspaceKey, WorkspaceKeys,
};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, PgConnection};
use tokio::runtime::Runtime;
use uuid::Uuid;

/// A time in the year 2026; tests have no other clock.
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
pub(crate) const DAY_MILLIS: u64 = 24 * 60 * 60 * 1000;

/// The cluster that all tests of this process share; it stops when the last test that holds it ends.
struct Shared {
    runtime: Option<Runtime>,
    cluster: Option<Cluster>,
    _folder: tempfile::TempDir,
}

static SHARED: Mutex<Weak<Shared>> = Mutex::new(Weak::new());
static NEXT_DATABASE: AtomicU32 = AtomicU32::new(0);

impl Shared {
    fn get() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = shared.upgrade() {
            return running;
        }
        let folder = folder_for_others();
        let runtime = Runtime::new().unwrap();
        let cluster = runtime.block_on(async {
            let cluster = Cluster::start(&ClusterConfig::in_folder(folder.path().join("cluster"))).await.unwrap();
            migrate(&cluster.database()).await.unwrap();
            cluster
        });
        let started = Arc::new(Self { runtime: Some(runtime), cluster: Some(cluster), _folder: folder });
        *shared = Arc::downgrade(&started);
        started
    }

    fn socket_folder(&self) -> &Path {
        self.cluster.as_ref().unwrap().socket_folder()
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let (Some(runtime), Some(cluster)) = (self.runtime.take(), self.cluster.take()) else { return };
        // A runtime may not wait inside another one's thread.
        let stopped = std::thread::spawn(move || runtime.block_on(cluster.stop())).join().unwrap();
        // A busy disk may take longer for what is thrown away than the server is waited for; then it was made to end.
        assert!(matches!(stopped, Ok(()) | Err(ClusterError::NotStopped { .. })), "{stopped:?}");
    }
}

/// A temporary folder that PostgreSQL's user may pass through.
pub(crate) fn folder_for_others() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o711)).unwrap();
    folder
}

/// One test's own database.
pub(crate) struct TestDatabase {
    pub(crate) store: Store,
    pub(crate) objects: Objects,
    pub(crate) objects_folder: PathBuf,
    name: String,
    socket_folder: PathBuf,
    pub(crate) root_key: FileRootKey,
    _folder: tempfile::TempDir,
}

/// Runs a test body with a database of its own.
pub(crate) fn with_database(body: impl AsyncFnOnce(&TestDatabase)) {
    let shared = Shared::get();
    let runtime = Runtime::new().unwrap();
    runtime.block_on(async {
        let database = TestDatabase::create(shared.socket_folder()).await;
        body(&database).await;
        database.store.close().await;
    });
}

impl TestDatabase {
    async fn create(socket_folder: &Path) -> Self {
        let name = format!("test_{}", NEXT_DATABASE.fetch_add(1, Ordering::Relaxed));
        let mut admin = connect(socket_folder, "postgres", "chancery_bootstrap").await;
        sqlx::raw_sql(AssertSqlSafe(format!("create database {name} template chancery owner chancery_migrate")))
            .execute(&mut admin)
            .await
            .unwrap();
        let store =
            Store::connect(&Database::in_private_cluster(socket_folder, &name), PoolConfig { connections_max: 3 })
                .await
                .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let objects_folder = folder.path().join("data");
        let objects = Objects::folder(objects_folder.clone()).await.unwrap();
        let root_key = FileRootKey::new(&RootKey::generate(&SystemRandom).unwrap()).unwrap();
        Self {
            store,
            objects,
            objects_folder,
            name,
            socket_folder: socket_folder.to_owned(),
            root_key,
            _folder: folder,
        }
    }

    pub(crate) fn socket_folder(&self) -> &Path {
        &self.socket_folder
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// A connection past the store, as `role`.
    pub(crate) async fn connection(&self, role: &str) -> PgConnection {
        connect(&self.socket_folder, &self.name, role).await
    }

    /// A document that is stored, object and row.
    pub(crate) async fn stored(&self, of: &TestWorkspace, plaintext: &[u8], expires_at: Timestamp) -> DocumentId {
        let record = of.document(&self.objects, plaintext, expires_at).await;
        let id = record.document;
        let writer = self.store.document_writer();
        writer.record(record).await.unwrap();
        writer.close().await;
        id
    }

    /// A new workspace with its keys.
    pub(crate) async fn workspace(&self) -> TestWorkspace {
        let id = WorkspaceId::generate(NOW, &SystemRandom).unwrap();
        let key = WorkspaceKey::generate(&SystemRandom).unwrap();
        let new = NewWorkspace {
            id,
            name_sealed: b"sealed name".to_vec(),
            class: Class::Confidential,
            key_wrapped: self.root_key.wrap(&SystemRandom, id, &key).unwrap(),
            created_at: NOW,
        };
        self.store.create_workspace(&new, &entry("workspace.create")).await.unwrap();
        TestWorkspace { id, keys: WorkspaceKeys::new(&key, id).unwrap(), key }
    }
}

pub(crate) async fn connect(socket_folder: &Path, database: &str, role: &str) -> PgConnection {
    let options =
        PgConnectOptions::new_without_pgpass().socket(socket_folder).port(5432).username(role).database(database);
    options.options([("search_path", "chancery")]).disable_statement_logging().connect().await.unwrap()
}

/// One workspace of a test.
pub(crate) struct TestWorkspace {
    pub(crate) id: WorkspaceId,
    pub(crate) keys: WorkspaceKeys,
    pub(crate) key: WorkspaceKey,
}

impl TestWorkspace {
    /// Writes an object and gives the record that belongs to it.
    pub(crate) async fn document(&self, objects: &Objects, plaintext: &[u8], expires_at: Timestamp) -> DocumentRecord {
        let record = self.record(plaintext, expires_at);
        let sealed = self
            .keys
            .seal_object(&SystemRandom, ObjectPurpose::Document, record.document.uuid(), plaintext.to_vec())
            .unwrap();
        objects.put(&record.object, sealed.bytes).await.unwrap();
        DocumentRecord { key_wrapped: sealed.wrapped_key, ..record }
    }

    /// A record without an object.
    pub(crate) fn record(&self, plaintext: &[u8], expires_at: Timestamp) -> DocumentRecord {
        let document = DocumentId::generate(NOW, &SystemRandom).unwrap();
        let sealed =
            self.keys.seal_object(&SystemRandom, ObjectPurpose::Document, document.uuid(), plaintext.to_vec()).unwrap();
        DocumentRecord {
            workspace: self.id,
            document,
            transaction: TransactionId::generate(NOW, &SystemRandom).unwrap(),
            template: TemplateId::generate(NOW, &SystemRandom).unwrap(),
            template_public_id: PublicTemplateId::generate(&SystemRandom).unwrap(),
            template_version: 3,
            kind: RenderKind::Pdf,
            object: ObjectName::generate(&SystemRandom).unwrap(),
            key_wrapped: sealed.wrapped_key,
            size_bytes: u64::try_from(plaintext.len()).unwrap(),
            pages: 2,
            mime: "application/pdf",
            class: Class::Confidential,
            file_name_sealed: Some(b"sealed file name".to_vec()),
            created_at: NOW,
            expires_at,
            audit: AuditEntry {
                target: Target { kind: "document", id: Some(document.uuid()) },
                ..entry("document.create")
            },
        }
    }
}

/// Activates a next key for the workspace; the old one is deactivated.
pub(crate) async fn rotate(db: &TestDatabase, workspace: &TestWorkspace) -> WorkspaceKeys {
    let store = db.store.workspace(workspace.id);
    let next = WorkspaceKey::generate(&SystemRandom).unwrap();
    let wrapped = db.root_key.wrap(&SystemRandom, workspace.id, &next).unwrap();
    store.add_key(&wrapped, NOW, &entry("key.create")).await.unwrap();
    let keys = WorkspaceKeys::new(&next, workspace.id).unwrap();
    let wrapped = keys.carry(&SystemRandom, CarriedPurpose::Audit, &workspace.key).unwrap();
    let carried = vec![CarriedKeyRow { purpose: CarriedPurpose::Audit, wrapped, carried_at: NOW }];
    let activation = Activation { next: next.id(), carried, at: NOW };
    store.activate_key(&activation, &entry("key.activate")).await.unwrap();
    keys
}

pub(crate) fn entry(action: &'static str) -> AuditEntry {
    AuditEntry {
        id: AuditId::generate(NOW, &SystemRandom).unwrap(),
        at: NOW,
        actor: Actor::Operator,
        action,
        target: Target { kind: "workspace", id: None },
        body_sealed: Some(b"sealed body".to_vec()),
    }
}

pub(crate) fn new_template(name: &[u8]) -> NewTemplate {
    NewTemplate {
        id: TemplateId::generate(NOW, &SystemRandom).unwrap(),
        public_id: PublicTemplateId::generate(&SystemRandom).unwrap(),
        name_sealed: name.to_vec(),
        group: None,
        status: TemplateStatus::Active,
        created_at: NOW,
        first_version: new_version(b"sealed body 1"),
    }
}

pub(crate) fn new_version(body: &[u8]) -> NewVersion {
    NewVersion {
        id: VersionId::generate(NOW, &SystemRandom).unwrap(),
        body_sealed: body.to_vec(),
        sample_sealed: Some(b"sealed sample".to_vec()),
        description_sealed: None,
    }
}

/// A key to be stored, and the digest by which it is found.
pub(crate) fn new_api_key() -> (NewApiKey, TokenHash) {
    let key = ApiKey::generate(&SystemRandom).unwrap();
    let new = NewApiKey {
        id: ApiKeyId::generate(NOW, &SystemRandom).unwrap(),
        hint: key.hint().to_owned(),
        hash: key.hash(),
        name_sealed: b"sealed key name".to_vec(),
        permissions: vec!["documents:create".to_owned(), "templates:read".to_owned()],
        created_at: NOW,
        expires_at: Some(NOW.plus_millis(DAY_MILLIS)),
    };
    (new, key.hash())
}

/// The notes of a deletion that somebody asks for.
pub(crate) fn deletion() -> Deletion {
    Deletion {
        run: PurgeRunId::generate(NOW, &SystemRandom).unwrap(),
        batch: BatchId::generate(NOW, &SystemRandom).unwrap(),
        at: NOW,
        class: Class::Confidential,
        finish: entry("purge.finish"),
    }
}

/// Begins a purge run.
pub(crate) async fn begin_run(store: &WorkspaceStore, at: Timestamp) -> PurgeRunId {
    let id = PurgeRunId::generate(at, &SystemRandom).unwrap();
    store.begin_run(&NewRun { id, cause: PurgeCause::Retention, policy: Some("{}"), at }).await.unwrap();
    id
}

/// Destroys everything of one kind that is due, batch by batch; gives how many rows.
pub(crate) async fn destroy_all(store: &WorkspaceStore, run: PurgeRunId, slice: &Slice) -> u64 {
    let mut count = 0;
    loop {
        let batch = BatchId::generate(slice.now, &SystemRandom).unwrap();
        let entry = AuditEntry { body_sealed: None, ..entry("retention.purge") };
        let notes = BatchNotes { run, batch, at: slice.now, entry };
        let destroyed = store.destroy_due(slice, &notes).await.unwrap();
        if destroyed.count == 0 {
            return count;
        }
        count += destroyed.count;
    }
}

/// Purges expired documents of every workspace, as the service does.
pub(crate) async fn purge_documents(db: &TestDatabase, now: Timestamp) -> PurgeReport {
    let mut total = PurgeReport::default();
    for workspace in db.store.workspaces_to_purge(now).await.unwrap() {
        let store = db.store.workspace(workspace);
        let run = begin_run(&store, now).await;
        let slice = Slice { kind: DataKind::Documents, class: Class::Confidential, now, before: None };
        destroy_all(&store, run, &slice).await;
        let report = store.remove_purged_documents(run, &db.objects, &|| now, &SystemRandom).await.unwrap();
        store.end_run(run, now, 0, &entry("purge.finish")).await.unwrap();
        total.documents += report.documents;
        total.bytes += report.bytes;
        total.failed += report.failed;
    }
    total
}

/// A hold to be placed.
pub(crate) fn new_hold(target: HoldTarget, target_id: Uuid) -> NewHold {
    NewHold {
        id: HoldId::generate(NOW, &SystemRandom).unwrap(),
        target,
        target_id,
        reason_sealed: b"sealed reason".to_vec(),
        at: NOW,
        actor: Actor::Operator,
    }
}

/// A link to a document for so many uses.
pub(crate) fn new_link(document: DocumentId, uses_max: Option<u32>) -> NewLink {
    NewLink {
        id: LinkId::generate(NOW, &SystemRandom).unwrap(),
        document,
        details_sealed: b"sealed details".to_vec(),
        uses_max,
        created_at: NOW,
        created_by: Actor::Operator,
        expires_at: NOW.plus_millis(DAY_MILLIS),
    }
}

/// A grant of some bytes.
pub(crate) fn new_grant() -> NewGrant {
    NewGrant {
        id: GrantId::generate(NOW, &SystemRandom).unwrap(),
        digest: Grant::generate(&SystemRandom).unwrap().digest(),
        requests_max: 2,
        bytes_max: 10,
        expires_at: NOW.plus_millis(1000),
        gives_try_back: false,
    }
}
