//! A PostgreSQL server of somebody else, as an operator would have one: another address, passwords, TLS with an
//! authority of its own.

use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::{run, wait_a_moment};

/// Longest wait for the first answer.
const START_TIMEOUT_S: u64 = 60;

/// An address of this machine that is not the usual one, so that it counts as another machine.
const ADDRESS: &str = "127.0.0.2";

/// A running server.
pub struct PostgresServer {
    folder: TempDir,
    child: Child,
    port: u16,
}

impl PostgresServer {
    /// Starts a server with an empty database `chancery`.
    ///
    /// # Panics
    /// When it does not start in time; its log is in the message.
    #[must_use]
    pub fn start() -> Self {
        let folder = TempDir::with_prefix("chancery-pg-").expect("a folder");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("a folder of ours");
        let data = folder.path().join("data");
        let port = TcpListener::bind((ADDRESS, 0)).and_then(|bound| bound.local_addr()).expect("a free port").port();
        fs::create_dir(&data).expect("a folder");
        fs::set_permissions(&data, fs::Permissions::from_mode(0o700)).expect("a folder of ours");
        give(&data);
        let path = data.display().to_string();
        let made = server_command("initdb", &["--auth=trust", "--username=admin", "--encoding=UTF8", &path]).output();
        let made = made.expect("initdb runs");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        make_certificates(folder.path(), &data);
        fs::write(data.join("pg_hba.conf"), "local all all trust\nhostssl all all 127.0.0.0/8 scram-sha-256\n")
            .expect("a file");
        let settings = format!(
            "listen_addresses = '{ADDRESS}'\nport = {port}\nunix_socket_directories = '{path}'\nssl = on\n\
             ssl_cert_file = 'server.crt'\nssl_key_file = 'server.key'\npassword_encryption = 'scram-sha-256'\n"
        );
        fs::write(data.join("postgresql.auto.conf"), settings).expect("a file");
        let log = File::create(folder.path().join("log")).expect("a file");
        let child = server_command("postgres", &["-D", &path])
            .stdout(log.try_clone().expect("a file"))
            .stderr(log)
            .spawn()
            .expect("postgres runs");
        let mut server = Self { folder, child, port };
        server.wait();
        server.admin("postgres", "create database chancery");
        server
    }

    /// Runs SQL as the administrator.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn admin(&self, database: &str, sql: &str) {
        let done = self.psql(database, sql);
        assert!(done.status.success(), "{sql}: {}", String::from_utf8_lossy(&done.stderr));
    }

    /// The URL for a role. Its certificate names the address, so that it can be verified with [`Self::authority`].
    #[must_use]
    pub fn url(&self, role: &str, password: &str) -> String {
        let authority = self.authority();
        format!("postgres://{role}:{password}@{ADDRESS}:{}/chancery?sslrootcert={}", self.port, authority.display())
    }

    /// Certificate of the authority that signed the server's.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.crt")
    }

    fn psql(&self, database: &str, sql: &str) -> std::process::Output {
        let socket = self.folder.path().join("data").display().to_string();
        let port = self.port.to_string();
        let arguments = ["-h", &socket, "-p", &port, "-U", "admin", "-d", database, "-v", "ON_ERROR_STOP=1", "-c", sql];
        server_command("psql", &arguments).output().expect("psql runs")
    }

    fn wait(&mut self) {
        let started = Instant::now();
        while !self.psql("postgres", "select").status.success() {
            let late = started.elapsed() > Duration::from_secs(START_TIMEOUT_S);
            let ended = self.child.try_wait().is_ok_and(|status| status.is_some());
            let log = || fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(!late && !ended, "PostgreSQL does not start: {}", log());
            wait_a_moment();
        }
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        // SIGINT is its fast stop; a kill would leave shared memory behind.
        let _ = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}

/// An authority, and a certificate of it for the address.
fn make_certificates(folder: &Path, data: &Path) {
    let path = |folder: &Path, name: &str| folder.join(name).display().to_string();
    let (ca_key, ca) = (path(folder, "ca.key"), path(folder, "ca.crt"));
    let (key, request, certificate) = (path(data, "server.key"), path(folder, "request"), path(data, "server.crt"));
    let extensions = path(folder, "extensions");
    fs::write(&extensions, format!("subjectAltName=IP:{ADDRESS}\nbasicConstraints=critical,CA:FALSE\n"))
        .expect("a file");
    let curve = "ec_paramgen_curve:prime256v1";
    let new_key = ["req", "-newkey", "ec", "-pkeyopt", curve, "-nodes", "-keyout"];
    let _ = run(
        "openssl",
        &[&new_key[..], &[&ca_key, "-x509", "-days", "30", "-subj", "/CN=Test authority", "-out", &ca]].concat(),
    );
    let _ = run("openssl", &[&new_key[..], &[&key, "-subj", "/CN=Test database", "-out", &request]].concat());
    let sign = ["x509", "-req", "-in", &request, "-CA", &ca, "-CAkey", &ca_key, "-CAcreateserial", "-days", "30"];
    let _ = run("openssl", &[&sign[..], &["-extfile", &extensions, "-out", &certificate]].concat());
    for file in [&key, &certificate] {
        fs::set_permissions(file, fs::Permissions::from_mode(0o600)).expect("a file of ours");
        give(Path::new(file));
    }
}

/// Gives a path to the user as whom PostgreSQL runs.
fn give(path: &Path) {
    if is_root() {
        let id = |option| run("id", &[option, "postgres"]).trim().parse().ok();
        chown(path, id("-u"), id("-g")).expect("the superuser may");
    }
}

/// PostgreSQL refuses to run as the superuser.
fn server_command(program: &str, arguments: &[&str]) -> Command {
    let program = binaries().join(program);
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.args(arguments).stdin(Stdio::null()).current_dir("/");
    command
}

fn is_root() -> bool {
    run("id", &["-u"]).trim() == "0"
}

/// The newest PostgreSQL of the distribution.
fn binaries() -> PathBuf {
    let entries = fs::read_dir("/usr/lib/postgresql").expect("`script/setup test` installs PostgreSQL");
    let version = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let newest = entries.flatten().map(|entry| entry.path()).max_by_key(version);
    newest.expect("`script/setup test` installs PostgreSQL").join("bin")
}
