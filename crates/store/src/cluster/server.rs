//! The server process: making its data, starting, taking over, stopping.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

use super::binaries::Binaries;
use super::layout::Layout;
use super::user::RunAs;
use super::{ClusterError, bootstrap};

/// After a crash PostgreSQL replays its log first: seconds, or minutes on a slow disk.
const START_TIMEOUT: Duration = Duration::from_secs(120);
/// A fast shutdown writes everything out; then it is told to stop at once.
const STOP_TIMEOUT: Duration = Duration::from_secs(60);
/// Between two looks at the pid file.
const LOOK_INTERVAL: Duration = Duration::from_millis(10);
/// After a killed postmaster its children need a moment to notice.
const RESTART_INTERVAL: Duration = Duration::from_millis(100);
/// The end of the log that an error shows.
const LOG_TAIL_BYTES: u64 = 2000;
/// A log longer than this is put aside at the next start.
const LOG_BYTES_MAX: u64 = 10 * 1024 * 1024;

/// Settings of a small embedded server; each differs from PostgreSQL's default for the reason beside it.
const SETTINGS: [(&str, &str); 22] = [
    // Nothing on the network.
    ("listen_addresses", ""),
    ("unix_socket_permissions", "0700"),
    // Two nodes' pools and a person with psql.
    ("max_connections", "60"),
    // The working set is small: rows hold references, not documents.
    ("shared_buffers", "64MB"),
    ("effective_cache_size", "256MB"),
    ("work_mem", "8MB"),
    ("maintenance_work_mem", "64MB"),
    ("huge_pages", "off"),
    // Compiling a query costs more than any of ours runs.
    ("jit", "off"),
    ("max_parallel_workers_per_gather", "0"),
    // What is acknowledged is on the disk: the defaults, written down because everything rests on them.
    ("fsync", "on"),
    ("synchronous_commit", "on"),
    ("full_page_writes", "on"),
    // Rare checkpoints, bounded disk.
    ("checkpoint_timeout", "15min"),
    ("max_wal_size", "512MB"),
    ("min_wal_size", "64MB"),
    // The log says what failed, never with which values.
    ("log_min_messages", "warning"),
    ("log_min_error_statement", "panic"),
    ("log_parameter_max_length_on_error", "0"),
    ("log_error_verbosity", "terse"),
    ("log_timezone", "UTC"),
    ("timezone", "UTC"),
];

/// A running server.
pub(super) struct Server {
    process: Pid,
    /// `None` when it was taken over from an owner that was killed, and once it has ended.
    child: Option<Child>,
    socket_folder: PathBuf,
    is_running: bool,
}

impl Server {
    /// The server that a killed owner left behind, if it still answers.
    pub(super) async fn running(layout: &Layout) -> Result<Option<Self>, ClusterError> {
        let Some(pid_file) = layout.pid_file()? else {
            return Ok(None);
        };
        if !bootstrap::answers(&pid_file.socket_folder).await {
            return Ok(None);
        }
        Ok(Some(Self {
            process: pid_file.process,
            child: None,
            socket_folder: pid_file.socket_folder,
            is_running: true,
        }))
    }

    pub(super) async fn start(layout: &Layout, binaries: &Binaries, run_as: &RunAs) -> Result<Self, ClusterError> {
        let socket_folder = layout.socket_folder(run_as)?;
        write_access_rules(layout, run_as)?;
        put_long_log_aside(&layout.log())?;
        let deadline = Instant::now() + START_TIMEOUT;
        loop {
            let mut child = spawn(layout, binaries, run_as, &socket_folder)?;
            match wait_until_ready(layout, &mut child, deadline).await? {
                Some(process) => return Ok(Self { process, child: Some(child), socket_folder, is_running: true }),
                // It ended: children of a killed postmaster may still hold its memory for a moment.
                None if Instant::now() < deadline
                    && log_tail(&layout.log()).contains("pre-existing shared memory block") =>
                {
                    sleep(RESTART_INTERVAL).await;
                }
                None => return Err(ClusterError::Program { program: "postgres", output: log_tail(&layout.log()) }),
            }
        }
    }

    pub(super) fn socket_folder(&self) -> &Path {
        &self.socket_folder
    }

    pub(super) fn process_id(&self) -> Option<u32> {
        u32::try_from(self.process.as_raw_nonzero().get()).ok()
    }

    /// Fast shutdown (SIGINT: sessions end, everything is written), then immediate (SIGQUIT: recovered at the next start).
    pub(super) async fn stop(&mut self) -> Result<(), ClusterError> {
        self.signal(Signal::INT);
        if timeout(STOP_TIMEOUT, self.ended()).await.is_ok() {
            return Ok(());
        }
        self.is_running = true;
        self.signal(Signal::QUIT);
        // Nothing more can be done if even that takes long.
        let _ = timeout(STOP_TIMEOUT, self.ended()).await;
        Err(ClusterError::NotStopped { seconds: STOP_TIMEOUT.as_secs() })
    }

    fn signal(&mut self, signal: Signal) {
        if std::mem::take(&mut self.is_running) {
            // It may have ended by itself; then there is nothing to tell.
            let _ = kill_process(self.process, signal);
        }
    }

    async fn ended(&mut self) {
        match &mut self.child {
            Some(child) => {
                let _ = child.wait().await;
            }
            None => {
                while test_kill_process(self.process).is_ok() {
                    sleep(LOOK_INTERVAL).await;
                }
            }
        }
    }
}

impl Drop for Server {
    /// The owner went away without stopping it; it ends by itself.
    fn drop(&mut self) {
        self.signal(Signal::INT);
    }
}

/// Waits until the cluster of another owner answers.
pub(super) async fn wait_for_other_owner(layout: &Layout) -> Result<PathBuf, ClusterError> {
    let deadline = Instant::now() + START_TIMEOUT;
    loop {
        if let Some(pid_file) = layout.pid_file()?
            && pid_file.is_ready
            && bootstrap::is_prepared(&pid_file.socket_folder).await
        {
            return Ok(pid_file.socket_folder);
        }
        if Instant::now() >= deadline {
            return Err(ClusterError::NotReady {
                seconds: START_TIMEOUT.as_secs(),
                output: "another process owns it".to_owned(),
            });
        }
        sleep(RESTART_INTERVAL).await;
    }
}

/// Makes the data folder under another name and renames it when it is whole.
pub(super) async fn make(layout: &Layout, binaries: &Binaries, run_as: &RunAs) -> Result<(), ClusterError> {
    let unfinished = layout.data_in_making();
    match fs::remove_dir_all(&unfinished) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(ClusterError::file("removing", &unfinished)(error));
        }
        _ => {}
    }
    fs::DirBuilder::new().mode(0o700).create(&unfinished).map_err(ClusterError::file("making", &unfinished))?;
    layout.give(&unfinished, run_as)?;
    let output = command(&binaries.initdb(), run_as)
        .args([
            "--username",
            bootstrap::ROLE,
            "--auth",
            "trust",
            "--encoding",
            "UTF8",
            "--locale",
            "C",
            "--data-checksums",
            "--no-instructions",
            "--pgdata",
        ])
        .arg(&unfinished)
        .output()
        .await
        .map_err(ClusterError::file("running", &binaries.initdb()))?;
    if !output.status.success() {
        return Err(ClusterError::Program {
            program: "initdb",
            output: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        });
    }
    let data = layout.data();
    fs::rename(&unfinished, &data).map_err(ClusterError::file("renaming", &data))
}

/// A program in PostgreSQL's user, with an environment of its own and out of reach of the terminal's signals.
fn command(program: &Path, run_as: &RunAs) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("LC_ALL", "C")
        .env("TZ", "UTC")
        .env("PATH", "/usr/bin:/bin")
        .current_dir("/")
        .stdin(Stdio::null())
        .process_group(0);
    if run_as.is_other {
        // Being root, this also drops the supplementary groups.
        command.uid(run_as.uid).gid(run_as.gid);
    }
    command
}

fn spawn(layout: &Layout, binaries: &Binaries, run_as: &RunAs, socket_folder: &Path) -> Result<Child, ClusterError> {
    let log_path = layout.log();
    let log = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(&log_path)
        .map_err(ClusterError::file("opening", &log_path))?;
    let error_log = log.try_clone().map_err(ClusterError::file("opening", &log_path))?;
    let mut command = command(&binaries.postgres(), run_as);
    command.arg("-D").arg(layout.data()).arg("-k").arg(socket_folder).arg("-p").arg(super::PORT.to_string());
    for (name, value) in SETTINGS {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    command.stdout(log).stderr(error_log).spawn().map_err(ClusterError::file("starting", &binaries.postgres()))
}

/// Waits until the pid file of exactly this child says ready; `None` when the child ended before.
async fn wait_until_ready(layout: &Layout, child: &mut Child, deadline: Instant) -> Result<Option<Pid>, ClusterError> {
    let own = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    while Instant::now() < deadline {
        if child.try_wait().map_err(ClusterError::file("waiting for", &layout.data()))?.is_some() {
            return Ok(None);
        }
        if let Some(pid_file) = layout.pid_file()?
            && Some(pid_file.process) == own
            && pid_file.is_ready
        {
            return Ok(own);
        }
        sleep(LOOK_INTERVAL).await;
    }
    if let Some(own) = own {
        let _ = kill_process(own, Signal::INT);
    }
    Err(ClusterError::NotReady { seconds: START_TIMEOUT.as_secs(), output: log_tail(&layout.log()) })
}

/// Only the local socket, whose folder only its user may enter; initdb's rules for the network are replaced.
fn write_access_rules(layout: &Layout, run_as: &RunAs) -> Result<(), ClusterError> {
    let path = layout.data().join("pg_hba.conf");
    fs::write(
        &path,
        "# Written at each start: only the socket, whose folder only its user may enter.\nlocal all all trust\n",
    )
    .map_err(ClusterError::file("writing", &path))?;
    layout.give(&path, run_as)
}

fn put_long_log_aside(log: &Path) -> Result<(), ClusterError> {
    match fs::metadata(log) {
        Ok(metadata) if metadata.len() > LOG_BYTES_MAX => {
            fs::rename(log, log.with_extension("log.old")).map_err(ClusterError::file("renaming", log))
        }
        _ => Ok(()),
    }
}

/// The end of the log on one line, for an error's text.
fn log_tail(log: &Path) -> String {
    let read = || -> std::io::Result<String> {
        let mut file = File::open(log)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(LOG_TAIL_BYTES)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).trim().replace('\n', "; "))
    };
    read().unwrap_or_default()
}
