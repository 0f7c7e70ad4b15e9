//! What the tests share: the built binary, a running service in a folder of its own, and a small HTTP client.

#![expect(clippy::expect_used, clippy::panic, reason = "test support fails loudly")]

mod client;
mod kms_server;
mod postgres_server;
mod s3_server;
mod security_module;
mod service;
mod transit_double;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

pub use client::{Answer, Client};
pub use kms_server::KmsServer;
pub use postgres_server::PostgresServer;
pub use s3_server::S3Server;
pub use security_module::SecurityModule;
pub use service::Service;
pub use transit_double::{Behaviour, TransitDouble};

/// The root of the checkout.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the root").to_path_buf()
}

/// The `chancery` binary that was built together with the running test.
///
/// # Panics
/// When it was not built: `cargo build` comes before `cargo test` in `make test`.
#[must_use]
pub fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own file");
    let binary = test.parent().and_then(Path::parent).expect("the build folder").join("chancery");
    assert!(binary.is_file(), "{} is not built; run `cargo build --workspace` first", binary.display());
    binary
}

/// The folder of fonts that every test uses.
///
/// # Panics
/// When `CHANCERY_FONTS` is not set.
#[must_use]
pub fn fonts() -> PathBuf {
    PathBuf::from(
        std::env::var_os("CHANCERY_FONTS").expect("CHANCERY_FONTS is not set; run `make fonts`, or `make test`"),
    )
}

/// Names of the folders under `examples/` that hold a template, at any depth, in order: `invoice`, `gallery/charts`.
#[must_use]
pub fn examples() -> Vec<String> {
    let top = root().join("examples");
    let mut names = Vec::new();
    let mut folders = vec![top.clone()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).expect("examples/ is there");
        folders.extend(entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir()));
        if folder.join("template.json").is_file() {
            names.push(folder.strip_prefix(&top).expect("below the top").display().to_string());
        }
    }
    names.sort();
    assert!(names.len() >= 9, "only {} examples", names.len());
    names
}

/// Runs the binary and returns what it said.
#[must_use]
pub fn chancery(arguments: &[&str]) -> Output {
    Command::new(binary()).args(arguments).env("CHANCERY_FONTS", fonts()).output().expect("the binary runs")
}

/// Runs a program that must succeed and returns its standard output.
///
/// # Panics
/// When it is missing or fails.
#[must_use]
pub fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("{program} does not run ({error}); `script/setup test` installs it"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{program} {arguments:?} failed: {errors}{}",
        String::from_utf8_lossy(&output.stdout)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Text with every run of white space made one space.
#[must_use]
pub fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Gives the processor away while another process gets ready; the condition is asked again, so no time is assumed.
fn wait_a_moment() {
    let (_sender, receiver) = std::sync::mpsc::channel::<()>();
    let _ = receiver.recv_timeout(Duration::from_millis(20));
}
