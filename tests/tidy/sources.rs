//! Rules on source files.

use crate::{files, read, report};

/// Lines of one source file. Longer ones are two rooms in one; the exceptions say why they are not.
const LINE_COUNT_MAX: usize = 600;

/// Files that may be longer, each with its reason.
const LONG_FILES: [(&str, &str); 0] = [];

fn is_source(file: &str) -> bool {
    [".rs", ".ts", ".svelte", ".sh", ".py", ".mjs"].iter().any(|ending| file.ends_with(ending))
        || file.starts_with("script/")
        || file == "Makefile"
}

#[test]
fn every_rust_file_opens_with_its_purpose() {
    let findings: Vec<String> = files()
        .into_iter()
        .filter(|file| file.ends_with(".rs") && !read(file).starts_with("//! "))
        .map(|file| format!("{file} does not open with `//! ` and one sentence"))
        .collect();
    report("every file says what it is responsible for:", &findings);
}

#[test]
fn no_source_file_is_too_long() {
    let mut findings = Vec::new();
    for file in files().iter().filter(|file| is_source(file)) {
        let lines = read(file).lines().count();
        let excused = LONG_FILES.iter().any(|(name, _)| name == file);
        if lines > LINE_COUNT_MAX && !excused {
            findings.push(format!("{file} has {lines} lines; split it (or excuse it in tests/tidy/sources.rs)"));
        }
        if lines <= LINE_COUNT_MAX && excused {
            findings.push(format!("{file} is short now; remove its excuse from tests/tidy/sources.rs"));
        }
    }
    report("long files:", &findings);
}

#[test]
fn no_file_names_a_path_or_a_registry_of_some_machine() {
    // The needles are put together here so that this file does not contain them.
    let needles = [
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("/wo", "rk/"),
        concat!("registry.npm", "js"),
        concat!("index.cra", "tes.io"),
        concat!("py", "pi.org"),
        concat!("proxy.go", "lang"),
        concat!("deb.deb", "ian.org"),
    ];
    let mut findings = Vec::new();
    for file in files() {
        let Ok(bytes) = std::fs::read(crate::root().join(&file)) else { continue };
        // The lock file of Cargo names the registry of crates by necessity.
        if file == "Cargo.lock" || bytes.contains(&0) {
            continue;
        }
        let text = String::from_utf8_lossy(&bytes);
        for (number, line) in text.lines().enumerate() {
            for needle in needles {
                if line.contains(needle) {
                    findings.push(format!("{file}:{}: contains {needle}", number + 1));
                }
            }
        }
    }
    report("machine paths and registry hosts have no place in the repository:", &findings);
}

#[test]
fn nothing_is_left_unfinished() {
    let needles = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
        concat!("unimple", "mented!("),
        concat!("to", "do!("),
        concat!("#[ig", "nore"),
        concat!("should_", "panic"),
    ];
    let mut findings = Vec::new();
    for file in files().iter().filter(|file| is_source(file)) {
        for (number, line) in read(file).lines().enumerate() {
            for needle in needles {
                if line.contains(needle) {
                    findings.push(format!("{file}:{}: contains {needle}", number + 1));
                }
            }
        }
    }
    report("unfinished work:", &findings);
}

#[test]
fn a_lint_is_silenced_only_with_expect_and_a_reason() {
    let allow = concat!("#[al", "low(");
    let allow_inner = concat!("#![al", "low(");
    let mut findings = Vec::new();
    for file in files().iter().filter(|file| file.ends_with(".rs")) {
        let text = read(file);
        for (number, line) in text.lines().enumerate() {
            if line.contains(allow) || line.contains(allow_inner) {
                findings.push(format!("{file}:{}: use #[expect(…, reason = \"…\")]", number + 1));
            }
        }
        for attribute in text.split(concat!("[exp", "ect(")).skip(1) {
            let end = attribute.find(")]").unwrap_or(attribute.len());
            if attribute.get(..end).is_none_or(|inside| !inside.contains("reason = ")) {
                findings.push(format!("{file}: an expect without a reason"));
            }
        }
    }
    report("silenced lints:", &findings);
}

#[test]
fn unsafe_code_is_forbidden_everywhere() {
    let manifest = read("Cargo.toml");
    assert!(manifest.contains("unsafe_code = \"forbid\""), "the workspace no longer forbids unsafe code");
    let findings: Vec<String> = files()
        .into_iter()
        .filter(|file| file.ends_with("Cargo.toml") && file != "Cargo.toml" && file.contains('/'))
        .filter(|file| !read(file).contains("[lints]\nworkspace = true"))
        .map(|file| format!("{file} does not take the workspace's lints"))
        .collect();
    report("manifests without the house's lints:", &findings);
}
