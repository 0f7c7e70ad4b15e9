//! The command line against the built binary: output, exit codes, and a whole life of an installation.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail loudly")]

mod data;
mod life;
mod pure;

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::json;

/// A folder in which PostgreSQL's user may work when the tests run as root.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o711)).unwrap();
    folder
}

/// The binary with a data folder in `folder`, without anything else of this process's environment that it would read.
fn chancery(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CHANCERY_") && name != "CHANCERY_FONTS") {
        command.env_remove(name);
    }
    command.args(arguments).current_dir(folder).env("CHANCERY_DATA_FOLDER", folder.join("data")).stdin(Stdio::null());
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    chancery(folder, arguments).output().unwrap()
}

/// Runs a command that must succeed, and returns what it wrote, without the last line feed.
fn said(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", errors(&output));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Writes a template with two pages and its data.
fn write_example(folder: &Path) -> (PathBuf, PathBuf) {
    let text = |id: &str, top: u32, text: &str| json!({ "id": id, "kind": "text", "at": [0, top], "width": 200, "style": { "font": "Inter", "size": 12 }, "text": text });
    let mut template = json!({
        "format": 1,
        "name": "Two pages",
        "page": { "size": "A6", "margin": 24 },
        "body": { "nodes": [text("first", 0, "Dear {{ data.name }}"), text("second", 40, "Bye")] }
    });
    template["body"]["nodes"][1]["break"] = json!("before");
    let (template_path, data_path) = (folder.join("template.json"), folder.join("data.json"));
    std::fs::write(&template_path, template.to_string()).unwrap();
    std::fs::write(&data_path, json!({ "name": "A" }).to_string()).unwrap();
    (template_path, data_path)
}
