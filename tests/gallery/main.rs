//! The examples are golden cases: they render, outside readers accept them, their text is right, and they are the
//! same bytes in every process.

#![expect(clippy::unwrap_used, reason = "tests fail loudly")]

mod bounds;
mod browser;
mod determinism;
mod raster;
mod readers;
mod reference;
mod stress;

use std::path::{Path, PathBuf};

use chancery_tests::{chancery, root};

/// The time that all renders of these tests say it is.
const NOW: &str = "2026-11-22T09:30:00Z";

/// Renders an example into `folder` with further arguments and returns the file.
fn render(name: &str, folder: &Path, extension: &str, more: &[&str]) -> PathBuf {
    let example = root().join("examples").join(name);
    let out = folder.join(format!("{}.{extension}", name.replace('/', "-")));
    let (template, data, out_text) =
        (example.join("template.json"), example.join("data.json"), out.display().to_string());
    let (template, data) = (template.display().to_string(), data.display().to_string());
    let mut arguments = vec!["render", &template, "--data", &data, "-o", &out_text, "--strict"];
    if !more.contains(&"--now") {
        arguments.extend(["--now", NOW]);
    }
    arguments.extend(more);
    let output = chancery(&arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name} does not render:\n{errors}");
    assert_eq!(errors, "", "{name} renders with findings");
    out
}
