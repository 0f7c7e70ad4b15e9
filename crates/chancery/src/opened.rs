//! Opens what a command stands on: data folder, root key, database, object store, service; and closes it again.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chancery_custody::HeldRootKeys;
use chancery_render::fonts::FontSet;
use chancery_service::access::{Actor, Operator};
use chancery_service::clock::SystemClock;
use chancery_service::error::{ErrorClass, ServiceError};
use chancery_service::fonts;
use chancery_service::renderer::RendererLimits;
use chancery_service::{Policy, Service, ServiceParts};
use chancery_store::{Cluster, ClusterConfig, Database, Objects, PoolConfig, S3Config, ServerSideEncryption, Store};
use chancery_vault::{LinkLifetime, SystemRandom, Timestamp, WorkspaceId};

use crate::commands::render;
use crate::config::Config;
use crate::error::CommandError;
use crate::{output, root_keys};

/// Bytes of a file that holds a URL or a key.
const SECRET_SIZE_BYTES_MAX: u64 = 10_000;

/// An open installation. Close it: a private cluster that this process started ends with it.
pub(crate) struct Opened {
    pub(crate) service: Service,
    pub(crate) root_keys: Arc<HeldRootKeys>,
    cluster: Option<Cluster>,
}

impl Opened {
    /// The workspace with this id or name.
    pub(crate) async fn workspace(&self, id_or_name: &str) -> Result<WorkspaceId, CommandError> {
        let found = self.service.workspaces().find(&Operator::of_this_machine(), id_or_name).await;
        found.map_err(|error| service_error(&format!("cannot use the workspace `{id_or_name}`"), error))
    }

    /// The operator of this machine as an actor in a workspace.
    pub(crate) async fn operator(&self, workspace: &str) -> Result<Arc<Actor>, CommandError> {
        let id = self.workspace(workspace).await?;
        let actor = self.service.access().operator(&Operator::of_this_machine(), id).await;
        actor.map_err(|error| service_error("cannot act in the workspace", error))
    }

    /// Finishes what was begun, and stops the cluster if this process started it.
    pub(crate) async fn close(self) {
        self.service.shut_down().await;
        if let Some(cluster) = self.cluster
            && let Err(error) = cluster.stop().await
        {
            tracing::error!(error = &error as &dyn std::error::Error, "the private cluster did not stop as it should");
        }
    }
}

/// Opens the installation without fonts, for commands that render nothing.
pub(crate) async fn open(config: &Config) -> Result<Opened, CommandError> {
    open_with(config, FontSet::default()).await
}

/// Opens the installation with the fonts of the configuration.
pub(crate) async fn open_with_fonts(config: &Config) -> Result<Opened, CommandError> {
    open_with(config, load_fonts(config)?).await
}

/// Brings the schema up to date.
pub(crate) async fn migrate(config: &Config) -> Result<(), CommandError> {
    let (database, cluster) = open_database(config).await?;
    let migrated = chancery_store::migrate(&database).await;
    stop(cluster).await;
    migrated.map_err(|error| CommandError::environment("cannot migrate the database", error))
}

/// The fonts of the configuration; a file that is no usable font is told and left out.
pub(crate) fn load_fonts(config: &Config) -> Result<FontSet, CommandError> {
    let Some(folder) = &config.fonts_folder else { return Ok(FontSet::default()) };
    let loaded = fonts::load(folder).map_err(|error| CommandError::environment("cannot load the fonts", error))?;
    for (path, reason) in loaded.rejected {
        output::note(&format!("warning: {} is left out: {reason}", path.display()));
    }
    Ok(loaded.set)
}

/// A failure of the service as a failure of a command.
pub(crate) fn service_error(context: &str, error: ServiceError) -> CommandError {
    match error.class() {
        ErrorClass::Unauthenticated
        | ErrorClass::Forbidden
        | ErrorClass::NotFound
        | ErrorClass::Gone
        | ErrorClass::Invalid
        | ErrorClass::Unprocessable => {
            for finding in error.findings() {
                output::note(&finding.to_string());
            }
            CommandError::input(format!("{context}: {error}"))
        }
        ErrorClass::Busy
        | ErrorClass::Throttled
        | ErrorClass::Timeout
        | ErrorClass::Unavailable
        | ErrorClass::Internal => CommandError::environment(context, error),
    }
}

/// A time as lists show it.
pub(crate) fn time(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.signed_millis()).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
}

async fn open_with(config: &Config, fonts: FontSet) -> Result<Opened, CommandError> {
    make_data_folder(&config.data_folder)?;
    let root_keys = root_keys::open(config).await?;
    let (database, cluster) = open_database(config).await?;
    match start(config, &database, cluster.as_ref().is_some_and(Cluster::is_owner), &root_keys, fonts).await {
        Ok(service) => Ok(Opened { service, root_keys, cluster }),
        Err(error) => {
            stop(cluster).await;
            Err(error)
        }
    }
}

async fn start(
    config: &Config,
    database: &Database,
    owns_cluster: bool,
    root_keys: &Arc<HeldRootKeys>,
    fonts: FontSet,
) -> Result<Service, CommandError> {
    if owns_cluster {
        let migrated = chancery_store::migrate(database).await;
        migrated.map_err(|error| CommandError::environment("cannot migrate the database", error))?;
    }
    let pool = config
        .database_connection_count_max
        .map_or_else(PoolConfig::default, |connections_max| PoolConfig { connections_max });
    let store = Store::connect(database, pool)
        .await
        .map_err(|error| CommandError::environment("cannot open the database", error))?;
    if !owns_cluster {
        check_schema(&store).await?;
    }
    let parts = ServiceParts {
        store,
        objects: open_objects(config).await?,
        root_key: Arc::<HeldRootKeys>::clone(root_keys),
        random: Arc::new(SystemRandom),
        clock: Arc::new(SystemClock),
        fonts,
        policy: policy(config),
    };
    let service = Service::start(parts).map_err(|error| service_error("cannot start the service", error))?;
    let registered = service.rotation().register_root_key(&Operator::of_this_machine()).await;
    registered.map_err(|error| service_error("cannot name the root key", error))?;
    Ok(service)
}

/// Somebody else's database is migrated by command only; serving on another schema than one's own would damage data.
async fn check_schema(store: &Store) -> Result<(), CommandError> {
    let versions = store.schema_versions().await;
    let (version, expected) =
        versions.map_err(|error| CommandError::environment("cannot read the schema's version", error))?;
    if version == expected {
        return Ok(());
    }
    Err(CommandError::input(format!(
        "the database has schema version {version}, this version needs {expected}: run `chancery migrate`"
    )))
}

async fn open_database(config: &Config) -> Result<(Database, Option<Cluster>), CommandError> {
    if let Some(path) = &config.database_url_file {
        let app = secret(path)?;
        let migrate = config.database_migrate_url_file.as_deref().map(secret).transpose()?;
        let database = Database::from_urls(&app, migrate.as_deref().unwrap_or(&app));
        let database = database.map_err(|error| CommandError::input(format!("{}: {error}", path.display())))?;
        return Ok((database, None));
    }
    make_data_folder(&config.data_folder)?;
    // PostgreSQL wants absolute paths.
    let folder = std::path::absolute(config.cluster_path())
        .map_err(|error| CommandError::environment("cannot find the data folder", error))?;
    let cluster = ClusterConfig { binaries: config.database_bin_folder.clone(), ..ClusterConfig::in_folder(folder) };
    let cluster = Cluster::start(&cluster)
        .await
        .map_err(|error| CommandError::environment("cannot start the private cluster", error))?;
    Ok((cluster.database(), Some(cluster)))
}

async fn stop(cluster: Option<Cluster>) {
    if let Some(cluster) = cluster
        && let Err(error) = cluster.stop().await
    {
        tracing::error!(error = &error as &dyn std::error::Error, "the private cluster did not stop as it should");
    }
}

async fn open_objects(config: &Config) -> Result<Objects, CommandError> {
    let failed = |error| CommandError::environment("cannot open the object store", error);
    let Some(bucket) = &config.s3_bucket else {
        return Objects::folder(config.objects_path()).await.map_err(failed);
    };
    let missing = |key: &str| CommandError::input(format!("`{key}` is needed with `objects.s3.bucket`"));
    let secret_key_file = config.s3_secret_key_file.as_deref().ok_or_else(|| missing("objects.s3.secret_key_file"))?;
    let s3 = S3Config {
        endpoint: config.s3_endpoint.clone(),
        region: config.s3_region.clone(),
        bucket: bucket.clone(),
        prefix: config.s3_prefix.clone(),
        access_key_id: config.s3_access_key_id.clone().ok_or_else(|| missing("objects.s3.access_key_id"))?,
        secret_access_key: secret(secret_key_file)?,
        server_side_encryption: server_side_encryption(config)?,
        request_timeout: Duration::from_millis(config.s3_timeout_ms),
    };
    Objects::s3(&s3).map_err(failed)
}

fn server_side_encryption(config: &Config) -> Result<ServerSideEncryption, CommandError> {
    Ok(match (&config.s3_customer_key_file, &config.s3_kms_key_id) {
        (Some(_), Some(_)) => {
            let both = "`objects.s3.customer_key_file` and `objects.s3.kms_key_id` exclude each other";
            return Err(CommandError::input(both));
        }
        (Some(path), None) => ServerSideEncryption::Customer(secret(path)?),
        (None, Some(id)) => ServerSideEncryption::KeyService(id.clone()),
        (None, None) if config.s3_server_side_encryption => ServerSideEncryption::Server,
        (None, None) => ServerSideEncryption::None,
    })
}

fn policy(config: &Config) -> Policy {
    let minutes = |minutes: u32| LinkLifetime::clamped_from_seconds(u64::from(minutes) * 60);
    Policy {
        renderer: RendererLimits {
            thread_count: config.render_threads(),
            queue_length_max: config.render_queue_length_max,
            render_timeout_ms: config.render_timeout_ms,
        },
        render_limits: render::limits(config),
        image_dpi: render::dots_per_inch(config.image_dpi),
        link_lifetime: minutes(config.link_lifetime_minutes),
        link_lifetime_max: minutes(config.link_lifetime_minutes_max),
    }
}

/// Makes the data folder for its owner only. As root, others may pass through it, because PostgreSQL runs as another
/// user there; everything inside has its own mode.
fn make_data_folder(folder: &Path) -> Result<(), CommandError> {
    let mode = if rustix::process::geteuid().is_root() { 0o711 } else { 0o700 };
    DirBuilder::new()
        .recursive(true)
        .mode(mode)
        .create(folder)
        .map_err(|error| CommandError::environment(format!("cannot make the data folder {}", folder.display()), error))
}

/// The content of a small file that holds a secret, without the line feed at its end.
pub(crate) fn secret(path: &Path) -> Result<String, CommandError> {
    let read = |source| CommandError::file("read", path, source);
    if fs::metadata(path).map_err(read)?.len() > SECRET_SIZE_BYTES_MAX {
        return Err(CommandError::input(format!("{} is too large to be what it should be", path.display())));
    }
    Ok(fs::read_to_string(path).map_err(read)?.trim_end_matches(['\r', '\n']).to_owned())
}
