//! A real S3 server: Ceph's gateway over one store in memory, on the loopback, in a folder that goes away with it.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::{run, wait_a_moment};

/// Longest wait for the gateway's first answer; it takes about ten seconds on an idle machine.
const START_TIMEOUT_S: u64 = 120;

/// SHA-256 of nothing, which a signed request without body states.
const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// A running S3 server.
pub struct S3Server {
    folder: TempDir,
    children: Vec<Child>,
    port: u16,
}

impl S3Server {
    /// Id of the access key.
    pub const ACCESS_KEY_ID: &str = "chancery";
    /// The secret key.
    pub const SECRET_KEY: &str = "a secret of the test";

    /// Id of the one key of its key service.
    pub const KMS_KEY_ID: &str = "testkey-1";

    /// A server that all tests that run at the same time share; each has buckets of its own.
    ///
    /// # Panics
    /// As [`Self::start`].
    #[must_use]
    pub fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<S3Server>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = shared.upgrade() {
            return running;
        }
        let server = Arc::new(Self::start());
        *shared = Arc::downgrade(&server);
        server
    }

    /// Starts a server with one user and no bucket.
    ///
    /// # Panics
    /// When one of its parts does not start in time; its log is in the message.
    #[must_use]
    pub fn start() -> Self {
        let folder = TempDir::with_prefix("chancery-s3-").expect("a folder");
        let port = free_port();
        let mut server = Self { folder, children: Vec::new(), port };
        server.prepare();
        server.spawn("ceph-mon", &["-i", "a", "-f"]);
        let osd_id = run("uuidgen", &[]);
        server.ask("ceph", &["osd", "new", osd_id.trim()]);
        server.ask("ceph-osd", &["--mkfs", "-i", "0", "--osd-uuid", osd_id.trim()]);
        for command in [
            &["osd", "crush", "add-bucket", "h", "host"][..],
            &["osd", "crush", "move", "h", "root=default"],
            &["osd", "crush", "add", "osd.0", "1.0", "host=h"],
        ] {
            server.ask("ceph", command);
        }
        server.start_store();
        let (id, secret) = (Self::ACCESS_KEY_ID, Self::SECRET_KEY);
        let user =
            ["user", "create", "--uid", "test", "--display-name", "Test", "--access-key", id, "--secret", secret];
        server.ask("radosgw-admin", &user);
        server.spawn("radosgw", &["-n", "client.rgw", "-f"]);
        server.wait();
        server
    }

    /// Its URL.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Makes a bucket.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn make_bucket(&self, name: &str) {
        self.call(&["--request", "PUT"], name);
    }

    /// Makes a bucket whose objects can be locked.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn make_locked_bucket(&self, name: &str) {
        self.call(&["--request", "PUT", "--header", "x-amz-bucket-object-lock-enabled: true"], name);
    }

    /// Writes an object, as an attacker would who can write the bucket.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn put(&self, bucket: &str, key: &str, bytes: &[u8]) {
        let (status, said) = self.sent(&[], &format!("{bucket}/{key}"), &String::from_utf8_lossy(bytes));
        assert!(status < 300, "{status} {said}");
    }

    /// Puts a signed body; gives the status and the body of the answer.
    #[must_use]
    pub fn sent(&self, options: &[&str], path: &str, body: &str) -> (u16, String) {
        let digest: String = Sha256::digest(body.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        let stated = format!("x-amz-content-sha256: {digest}");
        self.answer(&[&["--request", "PUT", "--header", &stated, "--data-raw", body], options].concat(), path)
    }

    /// Ids of all versions of all objects in a bucket, without marks of deletion.
    ///
    /// # Panics
    /// When the server refuses.
    #[must_use]
    pub fn versions(&self, bucket: &str) -> Vec<String> {
        let list = String::from_utf8_lossy(&self.call(&[], &format!("{bucket}?versions="))).into_owned();
        let versions = list.split("<Version>").skip(1).filter_map(|part| part.split("<VersionId>").nth(1));
        versions.filter_map(|part| part.split("</VersionId>").next()).map(str::to_owned).collect()
    }

    /// Calls the server with a signed request without body; gives the status and the body of its answer.
    #[must_use]
    pub fn said(&self, options: &[&str], path: &str) -> (u16, String) {
        let stated = format!("x-amz-content-sha256: {EMPTY_SHA256}");
        self.answer(&[&["--header", &stated], options].concat(), path)
    }

    fn answer(&self, options: &[&str], path: &str) -> (u16, String) {
        let user = format!("{}:{}", Self::ACCESS_KEY_ID, Self::SECRET_KEY);
        let output = Command::new("curl")
            .args(["--silent", "--show-error", "--aws-sigv4", "aws:amz:us-east-1:s3", "--user", &user])
            .args(["--write-out", "\n%{http_code}"])
            .args(options)
            .arg(format!("{}/{path}", self.endpoint()))
            .output()
            .expect("curl runs");
        let answer = String::from_utf8_lossy(&output.stdout).into_owned();
        let (body, status) = answer.rsplit_once('\n').expect("a status");
        (status.parse().expect("a status"), body.to_owned())
    }

    /// Keys of the objects in a bucket, in order.
    ///
    /// # Panics
    /// When the server refuses.
    #[must_use]
    pub fn keys(&self, bucket: &str) -> Vec<String> {
        let list = String::from_utf8_lossy(&self.call(&[], bucket)).into_owned();
        let keys = list.split("<Key>").skip(1);
        keys.filter_map(|part| part.split("</Key>").next()).map(str::to_owned).collect()
    }

    /// Bytes of an object, as anybody sees them who can read the bucket.
    ///
    /// # Panics
    /// When the server refuses.
    #[must_use]
    pub fn object(&self, bucket: &str, key: &str) -> Vec<u8> {
        self.call(&[], &format!("{bucket}/{key}"))
    }

    /// What the server says of an object, without its bytes.
    ///
    /// # Panics
    /// When the server refuses.
    #[must_use]
    pub fn head(&self, bucket: &str, key: &str) -> String {
        let key = key.replace(' ', "%20");
        String::from_utf8_lossy(&self.call(&["--head"], &format!("{bucket}/{key}"))).into_owned()
    }

    /// Begins an upload in parts that nobody ends; the key is URL-encoded.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn begin_upload(&self, bucket: &str, key: &str) {
        self.call(&["--request", "POST"], &format!("{bucket}/{key}?uploads="));
    }

    /// Lets a bucket keep what is deleted or written over.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn keep_versions(&self, bucket: &str) {
        let enabled = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
        self.send(bucket, "versioning", enabled);
    }

    /// Lets a bucket that was made with a lock keep for a day what is written into it.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn lock_for_a_day(&self, bucket: &str) {
        let locked = "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>\
                      <Mode>COMPLIANCE</Mode><Days>1</Days></DefaultRetention></Rule></ObjectLockConfiguration>";
        self.send(bucket, "object-lock", locked);
    }

    /// How many versions and marks of deletion a bucket holds.
    ///
    /// # Panics
    /// When the server refuses.
    #[must_use]
    pub fn version_count(&self, bucket: &str) -> usize {
        let list = String::from_utf8_lossy(&self.call(&[], &format!("{bucket}?versions="))).into_owned();
        list.matches("<VersionId>").count()
    }

    fn send(&self, bucket: &str, what: &str, body: &str) {
        let digest: String = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
        let stated = format!("x-amz-content-sha256: {digest}");
        let options =
            ["--request", "PUT", "--header", &stated, "--header", "content-type: application/xml", "--data", body];
        self.call_stating(&options, &format!("{bucket}?{what}="));
    }

    /// Copies one object over another, as an attacker would who can write the bucket.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn copy(&self, bucket: &str, from: &str, to: &str) {
        let source = format!("x-amz-copy-source: /{bucket}/{from}");
        self.call(&["--request", "PUT", "--header", &source], &format!("{bucket}/{to}"));
    }

    /// Calls the server with a signed request and returns the body of its answer.
    fn call(&self, options: &[&str], path: &str) -> Vec<u8> {
        let stated = format!("x-amz-content-sha256: {EMPTY_SHA256}");
        self.call_stating(&[&["--header", &stated], options].concat(), path)
    }

    /// As `call`, for options that state the digest of the body.
    fn call_stating(&self, options: &[&str], path: &str) -> Vec<u8> {
        let user = format!("{}:{}", Self::ACCESS_KEY_ID, Self::SECRET_KEY);
        let output = Command::new("curl")
            .args([
                "--silent",
                "--show-error",
                "--fail-with-body",
                "--aws-sigv4",
                "aws:amz:us-east-1:s3",
                "--user",
                &user,
            ])
            .args(options)
            .arg(format!("{}/{path}", self.endpoint()))
            .output()
            .expect("curl runs");
        let answer = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{path}: {answer}{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    fn prepare(&self) {
        let folder = self.folder.path().display().to_string();
        let id = run("uuidgen", &[]);
        let (id, port, monitor) = (id.trim(), self.port, format!("[v1:127.0.0.1:{}]", free_port()));
        // The key of the key service is public in its own documentation: it encrypts nothing but tests.
        let (kms, kms_key) = (Self::KMS_KEY_ID, "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
        let configuration = format!(
            "[global]\nfsid = {id}\nmon host = {monitor}\npublic addr = 127.0.0.1\n\
             auth cluster required = none\nauth service required = none\nauth client required = none\n\
             osd objectstore = memstore\nmemstore device bytes = 1073741824\n\
             osd pool default size = 1\nosd pool default min size = 1\n\
             osd pool default pg num = 1\nosd pool default pgp num = 1\n\
             osd crush chooseleaf type = 0\nmon allow pool size one = true\n\
             run dir = {folder}\nlog file = {folder}/$name.log\nadmin socket = {folder}/$name.asok\n\
             keyring = {folder}/keyring\nmon data = {folder}/mon\nosd data = {folder}/osd\nrgw data = {folder}/rgw\n\
             rgw crypt require ssl = false\nrgw crypt s3 kms backend = testing\n\
             rgw crypt s3 kms encryption keys = {kms}={kms_key}\n\
             [client.rgw]\nrgw frontends = beast endpoint=127.0.0.1:{port}\n"
        );
        fs::write(self.folder.path().join("ceph.conf"), configuration).expect("a file");
        fs::write(self.folder.path().join("keyring"), "").expect("a file");
        for name in ["mon", "osd", "rgw"] {
            fs::create_dir(self.folder.path().join(name)).expect("a folder");
        }
        let map = self.folder.path().join("monmap").display().to_string();
        self.ask("monmaptool", &["--create", "--addv", "a", &monitor, "--fsid", id, &map]);
        self.ask("ceph-mon", &["--mkfs", "-i", "a", "--monmap", &map]);
    }

    /// Starts the store. Now and then it asks its monitor too early and ends with "wrong fsid"; then it is started again.
    fn start_store(&mut self) {
        let started = Instant::now();
        self.spawn("ceph-osd", &["-i", "0", "-f"]);
        while !self.ask("ceph", &["osd", "stat"]).contains("1 up") {
            let ended =
                self.children.last_mut().is_some_and(|child| child.try_wait().is_ok_and(|status| status.is_some()));
            if ended {
                self.children.pop();
                self.spawn("ceph-osd", &["-i", "0", "-f"]);
            }
            let late = started.elapsed() > Duration::from_secs(START_TIMEOUT_S);
            assert!(!late, "the store of the S3 server does not start:\n{}", self.logs());
            wait_a_moment();
        }
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).env("CEPH_CONF", self.folder.path().join("ceph.conf")).stdin(Stdio::null());
        command
    }

    /// Runs a program that must succeed in time and returns what it said. A monitor that has just begun refuses
    /// commands for a moment: they are given again.
    fn ask(&self, program: &str, arguments: &[&str]) -> String {
        let started = Instant::now();
        let limit = START_TIMEOUT_S.to_string();
        loop {
            let output = self.command("timeout", &[&[limit.as_str(), program], arguments].concat()).output();
            let output = output.expect("timeout runs");
            let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
            if output.status.success() {
                return said;
            }
            let late = started.elapsed() > Duration::from_secs(START_TIMEOUT_S);
            assert!(
                program == "ceph" && !late,
                "{program} {arguments:?} failed ({}); `script/setup test` installs it: {said}\n{}",
                output.status,
                self.logs()
            );
            wait_a_moment();
        }
    }

    fn spawn(&mut self, program: &str, arguments: &[&str]) {
        let log = File::create(self.folder.path().join(format!("{program}.out"))).expect("a file");
        let mut command = self.command(program, arguments);
        let command = command.stdout(log.try_clone().expect("a file")).stderr(log);
        let child =
            command.spawn().unwrap_or_else(|error| panic!("{program}: {error}; `script/setup test` installs it"));
        self.children.push(child);
    }

    fn wait(&mut self) {
        let started = Instant::now();
        loop {
            let asked = Command::new("curl").args(["--silent", "--output", "/dev/null", &self.endpoint()]).status();
            if asked.is_ok_and(|status| status.success()) {
                return;
            }
            let late = started.elapsed() > Duration::from_secs(START_TIMEOUT_S);
            let ended = self.children.iter_mut().any(|child| child.try_wait().is_ok_and(|status| status.is_some()));
            assert!(!late && !ended, "the S3 server does not start:\n{}", self.logs());
            wait_a_moment();
        }
    }

    fn logs(&self) -> String {
        let tail = |path: &Path| {
            let text = fs::read_to_string(path).unwrap_or_default();
            let lines: Vec<&str> = text.lines().collect();
            lines.get(lines.len().saturating_sub(5)..).unwrap_or_default().join("\n")
        };
        let files = ["ceph-mon.out", "ceph-osd.out", "radosgw.out"];
        files.map(|name| format!("{name}:\n{}", tail(&self.folder.path().join(name)))).join("\n")
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        for child in self.children.iter_mut().rev() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A port that is free now.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("an address").port()
}
