//! A running service: the real binary with its private PostgreSQL cluster, in a folder that goes away with it.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::{Client, binary, fonts, wait_a_moment};

/// Longest wait for the service to listen; `initdb` on a busy machine takes seconds.
const START_TIMEOUT_S: u64 = 120;

/// A running service.
pub struct Service {
    folder: TempDir,
    child: Option<Child>,
    address: SocketAddr,
}

impl Service {
    /// Starts a service on an empty data folder.
    ///
    /// # Panics
    /// When it does not listen in time; its log is in the message.
    #[must_use]
    pub fn start() -> Self {
        let mut service = Self::prepared();
        service.restart(&[]);
        service
    }

    /// An empty data folder for a service that [`Self::restart`] starts.
    ///
    /// # Panics
    /// When there is no room for it.
    #[must_use]
    pub fn prepared() -> Self {
        let folder = TempDir::with_prefix("chancery-").expect("a folder");
        fs::create_dir(folder.path().join("data")).expect("a folder");
        Self { folder, child: None, address: SocketAddr::from(([127, 0, 0, 1], 0)) }
    }

    /// Starts the service again on the same data folder, with more environment; kills it first when it still runs.
    ///
    /// # Panics
    /// When it does not listen in time.
    pub fn restart(&mut self, environment: &[(&str, &str)]) {
        self.kill();
        let port_file = self.folder.path().join("port");
        let _ = fs::remove_file(&port_file);
        let log = File::options().create(true).append(true).open(self.log_path()).expect("a log");
        let mut command = Command::new(binary());
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--port-file"])
            .arg(&port_file)
            .env("CHANCERY_DATA_FOLDER", self.data_folder())
            .env("CHANCERY_FONTS", fonts())
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log"))
            .stderr(log);
        let mut child = command.spawn().expect("the service starts");
        let started = Instant::now();
        let port: u16 = loop {
            if let Some(port) = fs::read_to_string(&port_file).ok().and_then(|text| text.trim().parse().ok()) {
                break port;
            }
            let ended = child.try_wait().expect("the child can be asked");
            let late = started.elapsed() > Duration::from_secs(START_TIMEOUT_S);
            assert!(ended.is_none() && !late, "the service did not start ({ended:?}):\n{}", self.log());
            std::thread::yield_now();
            wait_a_moment();
        };
        self.child = Some(child);
        self.address = SocketAddr::from(([127, 0, 0, 1], port));
    }

    /// Kills the service with SIGKILL, as a power cut would.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// The service's process id.
    ///
    /// # Panics
    /// When it does not run.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.as_ref().expect("the service runs").id()
    }

    /// Kills the database's server with SIGKILL.
    ///
    /// # Panics
    /// When there is none.
    pub fn kill_database(&self) {
        let folder = self.socket_folder();
        let lock = fs::read_to_string(folder.join(".s.PGSQL.5432.lock")).expect("a running server's lock file");
        let pid = lock.lines().next().expect("its process id").trim().to_owned();
        let killed = Command::new("kill").args(["-KILL", &pid]).status();
        assert!(killed.is_ok_and(|status| status.success()), "the database was gone already");
    }

    /// Where the private cluster's socket lies.
    #[must_use]
    pub fn socket_folder(&self) -> PathBuf {
        socket_folder(&self.data_folder())
    }

    /// Asks the service to stop and waits for it.
    ///
    /// # Panics
    /// When it does not end cleanly.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let pid = child.id().to_string();
            let asked = Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs");
            assert!(asked.success(), "the service was gone already:\n{}", self.log());
            let status = child.wait().expect("the service ends");
            assert!(status.success(), "the service did not end cleanly ({status}):\n{}", self.log());
        }
    }

    /// A client without key.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// Makes a workspace and a key of it; returns its id and a client with that key.
    #[must_use]
    pub fn workspace(&self, name: &str) -> (String, Client) {
        let id = self.command(&["workspace", "create", name]);
        let key = self.command(&["key", "create", "--workspace", &id, "--name", "test"]);
        (id.clone(), self.client().with_key(&key))
    }

    /// Runs a command of the binary on this service's data folder and returns its standard output, trimmed.
    ///
    /// # Panics
    /// When it fails.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> String {
        let output = Command::new(binary())
            .args(arguments)
            .env("CHANCERY_DATA_FOLDER", self.data_folder())
            .env("CHANCERY_FONTS", fonts())
            .output()
            .expect("the binary runs");
        assert!(output.status.success(), "chancery {arguments:?} failed: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Runs a command of the binary on this service's data folder, however it ends.
    ///
    /// # Panics
    /// When the binary does not run.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Output {
        Command::new(binary())
            .args(arguments)
            .env("CHANCERY_DATA_FOLDER", self.data_folder())
            .env("CHANCERY_FONTS", fonts())
            .output()
            .expect("the binary runs")
    }

    /// Does anything to the private database as its superuser, with all its triggers off.
    ///
    /// # Panics
    /// When PostgreSQL refuses.
    pub fn superuser(&self, sql: &str) {
        let _ = self.psql(&format!("set session_replication_role = replica; set search_path = chancery; {sql}"));
    }

    /// Asks the private database for one value, as its superuser.
    ///
    /// # Panics
    /// When PostgreSQL refuses.
    #[must_use]
    pub fn asked(&self, sql: &str) -> String {
        self.psql(&format!("set search_path = chancery; {sql}"))
    }

    fn psql(&self, sql: &str) -> String {
        let output = Command::new("psql")
            .args(["-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "chancery_bootstrap", "-h"])
            .arg(socket_folder(&self.data_folder()))
            .args(["-c", sql, "chancery"])
            .output()
            .expect("psql runs");
        assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Where everything of the service lies.
    #[must_use]
    pub fn data_folder(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The file that holds all that the service has said.
    #[must_use]
    pub fn log_path(&self) -> PathBuf {
        self.folder.path().join("serve.log")
    }

    /// All that the service has said.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    /// Every file below the data folder with its bytes.
    #[must_use]
    pub fn stored_files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        collect(&self.data_folder(), &mut files);
        files
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // A clean stop also stops the private cluster; when it is refused, a kill must do.
            let asked = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
            if !asked.is_ok_and(|status| status.success()) {
                let _ = child.kill();
            }
            let _ = child.wait();
        }
    }
}

fn collect(folder: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if let Ok(bytes) = fs::read(&path) {
            files.push((path, bytes));
        }
    }
}

/// Where the private cluster listens.
fn socket_folder(data: &Path) -> PathBuf {
    let mut folders = vec![data.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            if entry.file_name() == ".s.PGSQL.5432" {
                return folder;
            }
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(entry.path());
            }
        }
    }
    panic!("the cluster has no socket below {}", data.display());
}
