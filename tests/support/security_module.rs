//! A security module in software (SoftHSM2) with a token of its own, and `pkcs11-tool` to look at it as somebody else would.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// Where Debian puts the module.
const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
const TOKEN: &str = "chancery-test";
const PIN: &str = "12345678";

/// A token in a folder that goes away with it.
pub struct SecurityModule {
    folder: TempDir,
}

impl SecurityModule {
    /// Makes a token.
    ///
    /// # Panics
    /// When SoftHSM2 is missing: `script/setup test` installs it.
    #[must_use]
    pub fn new() -> Self {
        let folder = TempDir::with_prefix("chancery-hsm-").expect("a folder");
        let module = Self { folder };
        fs::create_dir(module.tokens()).expect("a folder");
        let settings = format!("directories.tokendir = {}\nobjectstore.backend = file\n", module.tokens().display());
        fs::write(module.configuration(), settings).expect("a file");
        fs::write(module.pin_file(), format!("{PIN}\n")).expect("a file");
        let made = Command::new("softhsm2-util")
            .args(["--init-token", "--free", "--label", TOKEN, "--so-pin", PIN, "--pin", PIN])
            .env("SOFTHSM2_CONF", module.configuration())
            .output()
            .expect("softhsm2-util runs; `script/setup test` installs it");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        module
    }

    /// The settings with which the binary uses the token.
    #[must_use]
    pub fn environment(&self) -> Vec<(String, String)> {
        let path = |path: &Path| path.display().to_string();
        [
            ("SOFTHSM2_CONF", path(&self.configuration())),
            ("CHANCERY_ROOT_KEY_PKCS11_MODULE", MODULE.to_owned()),
            ("CHANCERY_ROOT_KEY_PKCS11_TOKEN", TOKEN.to_owned()),
            ("CHANCERY_ROOT_KEY_PKCS11_PIN_FILE", path(&self.pin_file())),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }

    /// Runs `pkcs11-tool` as the token's user.
    ///
    /// # Panics
    /// When it is missing.
    #[must_use]
    pub fn tool(&self, arguments: &[&str]) -> Output {
        Command::new("pkcs11-tool")
            .args(["--module", MODULE, "--token-label", TOKEN, "--login", "--pin", PIN])
            .args(arguments)
            .env("SOFTHSM2_CONF", self.configuration())
            .output()
            .expect("pkcs11-tool runs; `script/setup test` installs it")
    }

    /// Names of the secret keys on the token, as `pkcs11-tool` lists them.
    #[must_use]
    pub fn key_names(&self) -> Vec<String> {
        let listed = self.tool(&["--list-objects", "--type", "secrkey"]);
        let text = String::from_utf8_lossy(&listed.stdout).into_owned();
        text.lines().filter_map(|line| line.trim().strip_prefix("label:")).map(|name| name.trim().to_owned()).collect()
    }

    /// Where the token's files lie.
    #[must_use]
    pub fn tokens(&self) -> PathBuf {
        self.folder.path().join("tokens")
    }

    fn configuration(&self) -> PathBuf {
        self.folder.path().join("softhsm2.conf")
    }

    fn pin_file(&self) -> PathBuf {
        self.folder.path().join("pin")
    }
}

impl Default for SecurityModule {
    fn default() -> Self {
        Self::new()
    }
}
