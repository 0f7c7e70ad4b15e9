//! A server that answers like AWS KMS (PyPI `moto`): it checks no signatures, so it shows that we speak the protocol and
//! nothing about who may speak it.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A running server.
pub struct KmsServer {
    folder: TempDir,
    child: Child,
    url: String,
}

impl KmsServer {
    /// Starts a server on a free port.
    ///
    /// # Panics
    /// When it is missing: `script/setup test` installs it.
    #[must_use]
    pub fn start() -> Self {
        let program = std::env::var_os("CHANCERY_MOTO").map_or_else(
            || PathBuf::from(std::env::var_os("HOME").expect("a home")).join(".cache/chancery/moto"),
            PathBuf::from,
        );
        let mut child = Command::new(program.join("bin/moto_server"))
            .args(["-H", "127.0.0.1", "-p", "0"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("moto_server runs; `script/setup test` installs it");
        let mut lines = BufReader::new(child.stderr.take().expect("its log")).lines().map_while(Result::ok);
        let url = lines.find_map(|line| Some(line.split_once("Running on ")?.1.trim().to_owned()));
        let url = url.expect("it says where it listens");
        // Nobody reads on; a full pipe must not stop it.
        std::thread::spawn(move || lines.for_each(drop));
        let folder = TempDir::with_prefix("chancery-kms-").expect("a folder");
        std::fs::write(folder.path().join("secret"), "a secret key\n").expect("a file");
        Self { folder, child, url }
    }

    /// The settings with which the binary uses it.
    #[must_use]
    pub fn environment(&self) -> Vec<(String, String)> {
        let secret = self.folder.path().join("secret").display().to_string();
        [
            ("CHANCERY_ROOT_KEY_KMS_ENDPOINT", self.url.as_str()),
            ("CHANCERY_ROOT_KEY_KMS_REGION", "eu-central-1"),
            ("CHANCERY_ROOT_KEY_KMS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
            ("CHANCERY_ROOT_KEY_KMS_SECRET_KEY_FILE", secret.as_str()),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }
}

impl Drop for KmsServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
