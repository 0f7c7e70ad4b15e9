//! An installation for each test: a service of its own with a clock of its own, over one shared private cluster.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use chancery_http::{Peer, Proxies, Site, WireLimits};
use chancery_service::access::Operator;
use chancery_service::clock::Clock;
use chancery_service::keys::NewKey;
use chancery_service::permission::PermissionSet;
use chancery_service::renderer::RendererLimits;
use chancery_service::{Policy, Service, ServiceParts, fonts};
use chancery_store::{Cluster, ClusterConfig, ClusterError, Database, Objects, PoolConfig, Store, migrate};
use chancery_vault::{FileRootKey, LinkLifetime, RootKey, SystemRandom, Timestamp, WorkspaceId};
use serde_json::{Value as Json, json};
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

/// What signed links start with in these tests.
pub(crate) const PUBLIC_URL: &str = "http://pdf.test";

/// A time in the year 2026 at which every test starts.
const START_MS: u64 = 1_790_000_000_000;

/// The cluster that all tests of this process share; it stops when the last test that holds it ends.
struct Shared {
    runtime: Option<Runtime>,
    cluster: Option<Cluster>,
    _folder: tempfile::TempDir,
}

static SHARED: Mutex<Weak<Shared>> = Mutex::new(Weak::new());

impl Shared {
    fn get() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = shared.upgrade() {
            return running;
        }
        let started = Self::start();
        *shared = Arc::downgrade(&started);
        started
    }

    fn start() -> Arc<Self> {
        let folder = tempfile::tempdir().unwrap();
        // PostgreSQL runs as another user when the tests run as root, and must pass through.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o711)).unwrap();
        let runtime = Runtime::new().unwrap();
        let cluster = runtime.block_on(async {
            let cluster = Cluster::start(&ClusterConfig::in_folder(folder.path().join("cluster"))).await.unwrap();
            migrate(&cluster.database()).await.unwrap();
            cluster
        });
        Arc::new(Self { runtime: Some(runtime), cluster: Some(cluster), _folder: folder })
    }

    fn database(&self) -> Database {
        self.cluster.as_ref().unwrap().database()
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

/// A clock that stands still until it is moved.
pub(crate) struct ManualClock(AtomicU64);

impl ManualClock {
    pub(crate) fn advance_ms(&self, milliseconds: u64) {
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }

    pub(crate) fn set_back_ms(&self, milliseconds: u64) {
        self.0.fetch_sub(milliseconds, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// A service with its routes, and what a test may look at behind them.
pub(crate) struct Installation {
    pub(crate) service: Service,
    pub(crate) clock: Arc<ManualClock>,
    router: Router,
    objects: PathBuf,
    _folder: tempfile::TempDir,
}

/// Runs a test with an installation of its own.
pub(crate) fn with_installation(body: impl AsyncFnOnce(&Installation)) {
    with_limits(WireLimits::default(), body);
}

/// Runs a test with an installation that has these limits.
pub(crate) fn with_limits(limits: WireLimits, body: impl AsyncFnOnce(&Installation)) {
    run(&Shared::get(), limits, body);
}

/// Runs a test with an installation whose database is its own: for what all workspaces have in common.
pub(crate) fn with_own_database(body: impl AsyncFnOnce(&Installation)) {
    run(&Shared::start(), WireLimits::default(), body);
}

fn run(shared: &Shared, limits: WireLimits, body: impl AsyncFnOnce(&Installation)) {
    Runtime::new().unwrap().block_on(async {
        let installation = Installation::start(&shared.database(), limits).await;
        body(&installation).await;
        installation.service.shut_down().await;
    });
}

impl Installation {
    async fn start(database: &Database, limits: WireLimits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let objects = folder.path().join("objects");
        let clock = Arc::new(ManualClock(AtomicU64::new(START_MS)));
        let fonts_folder = std::env::var_os("CHANCERY_FONTS").expect("CHANCERY_FONTS is not set; run `make test`");
        let parts = ServiceParts {
            store: Store::connect(database, PoolConfig { connections_max: 3 }).await.unwrap(),
            objects: Objects::folder(objects.clone()).await.unwrap(),
            root_key: Arc::new(FileRootKey::new(&RootKey::generate(&SystemRandom).unwrap()).unwrap()),
            random: Arc::new(SystemRandom),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            fonts: fonts::load(&PathBuf::from(fonts_folder)).unwrap().set,
            policy: Policy {
                renderer: RendererLimits { thread_count: 1, queue_length_max: 16, render_timeout_ms: 60_000 },
                render_limits: chancery_render::Limits::default(),
                image_dpi: 72.0,
                link_lifetime: LinkLifetime::clamped_from_seconds(300),
                link_lifetime_max: LinkLifetime::MAX,
            },
        };
        let service = Service::start(parts).unwrap();
        // Every call comes from a proxy that is trusted; a test says with a header where it began.
        let proxies = Proxies { networks: vec!["127.0.0.1".parse().unwrap()], ..Proxies::default() };
        let router = Site::behind(service.clone(), limits, PUBLIC_URL, proxies).router();
        Self { service, clock, router, objects, _folder: folder }
    }

    /// A new workspace.
    pub(crate) async fn workspace(&self) -> WorkspaceId {
        self.service.workspaces().create(&Operator::of_this_machine(), "Test").await.unwrap()
    }

    /// A client with a new key of a workspace.
    pub(crate) async fn client(&self, workspace: WorkspaceId, permissions: PermissionSet) -> Client<'_> {
        let new = NewKey { name: "test".into(), permissions, lifetime_days: Some(1) };
        let created = self.service.keys().create(&Operator::of_this_machine(), workspace, new).await.unwrap();
        Client {
            router: &self.router,
            key: Some(created.key.reveal().to_owned()),
            key_id: Some(created.id.to_string()),
        }
    }

    /// A client with all permissions in a new workspace.
    pub(crate) async fn owner(&self) -> Client<'_> {
        let workspace = self.workspace().await;
        self.client(workspace, PermissionSet::all()).await
    }

    /// A client without key.
    pub(crate) fn anonymous(&self) -> Client<'_> {
        Client { router: &self.router, key: None, key_id: None }
    }

    /// Files in the object folder.
    pub(crate) fn object_count(&self) -> usize {
        fn count(folder: &std::path::Path) -> usize {
            let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
            entries.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
        }
        count(&self.objects)
    }
}

/// Calls the routes, with or without a key.
pub(crate) struct Client<'a> {
    router: &'a Router,
    key: Option<String>,
    pub(crate) key_id: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("not JSON ({error}): {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Client<'_> {
    pub(crate) fn with_key(&self, key: &str) -> Self {
        Self { router: self.router, key: Some(key.to_owned()), key_id: None }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], "").await
    }

    pub(crate) async fn post(&self, path: &str, body: &Json) -> Answer {
        self.send("POST", path, &[("content-type", "application/json")], &body.to_string()).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path.strip_prefix(PUBLIC_URL).unwrap_or(path));
        if let Some(key) = &self.key {
            request = request.header("x-api-key", key);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::from(body.to_owned())).unwrap();
        request.extensions_mut().insert(Peer([127, 0, 0, 1].into()));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 100_000_000).await.unwrap().to_vec();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// Creates a template and returns its id.
    pub(crate) async fn template(&self, template: &Json) -> String {
        let answer = self.post("/api/templates", template).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    /// Creates a stored document and returns its link.
    pub(crate) async fn link(&self, template: &str) -> String {
        let answer = self.post("/v1/create", &json!({ "template_id": template, "data": { "name": "A" } })).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["file"].as_str().unwrap().to_owned()
    }

    /// Creates a stored document and returns its id.
    pub(crate) async fn document(&self, template: &str) -> String {
        let body = json!({ "template_id": template, "data": { "name": "A" }, "expiration": 60 });
        let answer = self.post("/v1/create", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["transaction_ref"].as_str().unwrap().to_owned()
    }

    /// Makes a link with conditions to a stored document, and returns the answer.
    pub(crate) async fn kept_link(&self, document: &str, conditions: &Json) -> Json {
        let answer = self.post(&format!("/api/documents/{document}/links"), conditions).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()
    }

    /// How many renders the workspace's list has.
    pub(crate) async fn transaction_count(&self) -> usize {
        self.get("/v1/list-transactions").await.json()["transactions"].as_array().unwrap().len()
    }
}

/// A template that shows one field.
pub(crate) fn note() -> Json {
    json!({
        "format": 1,
        "name": "Note",
        "page": { "size": "A6", "margin": 24 },
        "body": { "nodes": [
            { "kind": "text", "at": [0, 0], "width": 240, "style": { "font": "Inter", "size": 12 }, "text": "Dear {{ data.name }}" }
        ] }
    })
}
