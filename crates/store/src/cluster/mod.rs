//! The private PostgreSQL: made once in a folder, started over a Unix socket, stopped cleanly, survived when killed.
//!
//! ```text
//! <folder>/lock           held by the process that owns the cluster; another one joins as a guest
//! <folder>/pgdata/        PostgreSQL's own files
//! <folder>/socket/        mode 0700: who may enter it may connect (a short folder elsewhere when the path is too long)
//! <folder>/postgres.log   without statements and parameters
//! ```
//! PostgreSQL refuses to run as root; then it runs as an unprivileged user, who owns `pgdata` and `socket`.

mod binaries;
mod bootstrap;
mod error;
mod layout;
mod server;
mod user;

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

pub use self::error::ClusterError;

use self::layout::Layout;
use self::server::Server;
use self::user::RunAs;
use crate::Database;

/// The port, which only names the socket file: nothing listens on the network.
pub const PORT: u16 = 5432;
/// The database in the private cluster.
pub const DATABASE_NAME: &str = "chancery";

/// Where the private cluster lives and what runs it.
#[derive(Debug, Clone)]
pub struct ClusterConfig {
    /// The cluster's folder; made when missing. As root, its parents must let the unprivileged user through.
    pub folder: PathBuf,
    /// The folder of PostgreSQL's programs; `None` looks in `PATH` and in the usual places, newest first.
    pub binaries: Option<PathBuf>,
    /// Who runs PostgreSQL when this process is root; `None` takes `postgres`, else `nobody`.
    pub user: Option<String>,
}

/// A running private cluster.
pub struct Cluster {
    socket_folder: PathBuf,
    owned: Option<Owned>,
}

/// What only the owner has. The order matters: the server is told to stop before the lock is given up.
struct Owned {
    server: Server,
    _lock: File,
}

impl ClusterConfig {
    /// The cluster in `folder` with everything else found by itself.
    #[must_use]
    pub const fn in_folder(folder: PathBuf) -> Self {
        Self { folder, binaries: None, user: None }
    }
}

impl Cluster {
    /// Makes the cluster if there is none, starts it, and prepares roles and database; takes 1.5 s once and 0.15 s later.
    ///
    /// When another process owns it already, waits until it answers and joins as a guest. When a PostgreSQL still runs
    /// whose owner was killed, takes it over.
    ///
    /// # Errors
    /// [`ClusterError`] says what is missing and what to do.
    pub async fn start(config: &ClusterConfig) -> Result<Self, ClusterError> {
        let run_as = RunAs::choose(config.user.as_deref())?;
        let layout = Layout::prepare(&config.folder, &run_as)?;
        let Some(lock) = try_lock(&layout.lock_file())? else {
            let socket_folder = server::wait_for_other_owner(&layout).await?;
            return Ok(Self { socket_folder, owned: None });
        };
        let server = match Server::running(&layout).await? {
            Some(server) => server,
            None => {
                let binaries = binaries::find(config.binaries.as_deref(), layout.data_version()?)?;
                layout.remove_stale_pid_file()?;
                if layout.data_version()?.is_none() {
                    server::make(&layout, &binaries, &run_as).await?;
                }
                Server::start(&layout, &binaries, &run_as).await?
            }
        };
        let socket_folder = server.socket_folder().to_owned();
        bootstrap::prepare(&socket_folder).await?;
        Ok(Self { socket_folder, owned: Some(Owned { server, _lock: lock }) })
    }

    /// How to reach the database in it.
    #[must_use]
    pub fn database(&self) -> Database {
        Database::in_private_cluster(&self.socket_folder, DATABASE_NAME)
    }

    /// Where the socket is.
    #[must_use]
    pub fn socket_folder(&self) -> &Path {
        &self.socket_folder
    }

    /// Whether this process must keep it running; a guest's cluster ends with its owner.
    #[must_use]
    pub const fn is_owner(&self) -> bool {
        self.owned.is_some()
    }

    /// The server's process id, as the owner knows it.
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        self.owned.as_ref().and_then(|owned| owned.server.process_id())
    }

    /// Stops the cluster and waits for it: sessions are ended, everything is written. A guest only leaves.
    ///
    /// # Errors
    /// It did not stop in time and was told to stop at once; nothing committed is lost.
    pub async fn stop(mut self) -> Result<(), ClusterError> {
        match self.owned.take() {
            Some(mut owned) => owned.server.stop().await,
            None => Ok(()),
        }
    }
}

/// Takes the lock, or finds that another process holds it. The system frees it when the process ends, however it ends.
fn try_lock(path: &Path) -> Result<Option<File>, ClusterError> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(ClusterError::file("opening", path))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(file)),
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
        Err(error) => Err(ClusterError::file("locking", path)(error.into())),
    }
}
