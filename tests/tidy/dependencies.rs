//! Rules on what depends on what.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use crate::{files, read, report, root};

/// Arrows as drawn in `docs/ARCHITECTURE.md`: lines `a -> b, c` of the block marked `arrows`.
fn drawn() -> BTreeSet<(String, String)> {
    let text = read("docs/ARCHITECTURE.md");
    let block = text
        .split("```arrows")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("docs/ARCHITECTURE.md has a block ```arrows");
    let mut arrows = BTreeSet::new();
    for line in block.lines().filter(|line| !line.trim().is_empty()) {
        let (from, to) = line.split_once("->").unwrap_or_else(|| panic!("not an arrow: {line}"));
        for to in to.split(',') {
            arrows.insert((from.trim().to_owned(), to.trim().to_owned()));
        }
    }
    arrows
}

/// Arrows as they are: dependencies (not dev-dependencies) between the crates under `crates/`.
fn built() -> BTreeSet<(String, String)> {
    let mut arrows = BTreeSet::new();
    for file in files() {
        let Some(from) = file.strip_prefix("crates/").and_then(|rest| rest.strip_suffix("/Cargo.toml")) else {
            continue;
        };
        let manifest: toml::Table = read(&file).parse().expect("a manifest is TOML");
        for section in ["dependencies", "build-dependencies"] {
            let Some(dependencies) = manifest.get(section).and_then(toml::Value::as_table) else { continue };
            for name in dependencies.keys() {
                if let Some(to) = name.strip_prefix("chancery-") {
                    arrows.insert((from.to_owned(), to.to_owned()));
                }
            }
        }
    }
    arrows
}

#[test]
fn crates_depend_on_each_other_exactly_as_the_architecture_draws() {
    let (drawn, built) = (drawn(), built());
    let mut findings = Vec::new();
    for (from, to) in built.difference(&drawn) {
        findings.push(format!("crates/{from}/Cargo.toml depends on {to}, but no arrow {from} -> {to} is drawn"));
    }
    for (from, to) in drawn.difference(&built) {
        findings.push(format!("the arrow {from} -> {to} is drawn, but {from} does not depend on {to}"));
    }
    report("docs/ARCHITECTURE.md and the manifests differ:", &findings);
}

/// Names of all crates that `package` is built from.
fn tree(package: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--edges", "normal", "--prefix", "none", "--package", package])
        .current_dir(root())
        .output()
        .expect("cargo tree runs");
    assert!(output.status.success(), "cargo tree failed: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .collect()
}

/// Versions of each crate that a lock file names.
fn locked(file: &str) -> BTreeMap<String, BTreeSet<String>> {
    let lock: toml::Table = read(file).parse().expect("a lock file is TOML");
    let mut versions = BTreeMap::<String, BTreeSet<String>>::new();
    for package in lock["package"].as_array().expect("a list of packages") {
        let field = |name: &str| package[name].as_str().expect("a text").to_owned();
        versions.entry(field("name")).or_default().insert(field("version"));
    }
    versions
}

#[test]
fn what_is_fuzzed_is_what_ships() {
    let (shipped, fuzzed) = (locked("Cargo.lock"), locked("tests/fuzz/Cargo.lock"));
    let mut findings = Vec::new();
    for name in tree("chancery-render").union(&tree("chancery-import")) {
        match (shipped.get(name), fuzzed.get(name)) {
            (Some(shipped), Some(fuzzed)) if fuzzed.is_subset(shipped) => {}
            (shipped, fuzzed) => findings.push(format!("{name}: {shipped:?} ships, {fuzzed:?} is fuzzed")),
        }
    }
    report("`cargo update --workspace --manifest-path tests/fuzz/Cargo.toml` may mend it:", &findings);
}

#[test]
fn a_part_does_not_contain_what_it_must_not_know() {
    let absent: [(&str, &[&str]); 5] = [
        (
            "chancery-render",
            &["tokio", "sqlx", "object_store", "axum", "hyper", "aws-lc-rs", "getrandom", "rand", "reqwest"],
        ),
        ("chancery-vault", &["tokio", "sqlx", "object_store", "axum", "hyper", "serde_json", "chancery-render"]),
        (
            "chancery-ledger",
            &["tokio", "sqlx", "object_store", "axum", "hyper", "serde_json", "chancery-vault", "chancery-store"],
        ),
        (
            "chancery-witness",
            &["sqlx", "axum", "chancery-vault", "chancery-store", "chancery-service", "chancery-render"],
        ),
        ("chancery-store", &["axum", "chancery-render", "chancery-service"]),
    ];
    let mut findings = Vec::new();
    for (package, names) in absent {
        let tree = tree(package);
        assert!(tree.contains(package), "cargo tree does not list {package} itself");
        for name in names {
            if tree.contains(*name) {
                findings
                    .push(format!("{package} contains {name}; `cargo tree -p {package} -i {name}` shows through what"));
            }
        }
    }
    for (manifest, names) in [
        ("crates/service/Cargo.toml", ["axum", "hyper", "sqlx", "object_store"].as_slice()),
        (
            "crates/http/Cargo.toml",
            ["sqlx", "object_store", "chancery-store", "chancery-vault", "chancery-render"].as_slice(),
        ),
    ] {
        let parsed: toml::Table = read(manifest).parse().expect("a manifest is TOML");
        let dependencies = parsed.get("dependencies").and_then(toml::Value::as_table).expect("it has dependencies");
        for name in names {
            if dependencies.contains_key(*name) {
                findings.push(format!("{manifest} names {name}, which that crate must not know"));
            }
        }
    }
    report("a part contains what it must not know:", &findings);
}

#[test]
fn a_crates_own_clippy_bans_contain_those_of_the_root() {
    let bans = |file: &str| -> BTreeSet<String> {
        let table: toml::Table = read(file).parse().expect("clippy.toml is TOML");
        table
            .values()
            .filter_map(toml::Value::as_array)
            .flatten()
            .filter_map(|ban| ban.get("path").and_then(toml::Value::as_str).map(str::to_owned))
            .collect()
    };
    let root_bans = bans("clippy.toml");
    assert!(!root_bans.is_empty(), "the root bans nothing");
    let mut findings = Vec::new();
    for file in files().iter().filter(|file| file.ends_with("/clippy.toml")) {
        for missing in root_bans.difference(&bans(file)) {
            findings.push(format!("{file} replaces the root's clippy.toml but leaves out {missing}"));
        }
    }
    report("a crate's clippy.toml replaces the root's, so it must repeat it:", &findings);
}

#[test]
fn every_dependency_has_an_exact_version_and_an_allowed_licence() {
    let manifest: toml::Table = read("Cargo.toml").parse().expect("the manifest is TOML");
    let dependencies = manifest["workspace"]["dependencies"].as_table().expect("workspace dependencies");
    let mut findings = Vec::new();
    for (name, value) in dependencies {
        let version = value.as_str().or_else(|| value.get("version").and_then(toml::Value::as_str));
        if version.is_some_and(|version| !version.starts_with('=')) {
            findings.push(format!("{name} has no exact version (`=1.2.3`)"));
        }
    }
    let deny: toml::Table = read("deny.toml").parse().expect("deny.toml is TOML");
    let allowed: BTreeSet<&str> = deny["licenses"]["allow"]
        .as_array()
        .expect("a list of licences")
        .iter()
        .filter_map(toml::Value::as_str)
        .collect();
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--offline",
            "--locked",
            "--filter-platform",
            "x86_64-unknown-linux-gnu",
        ])
        .current_dir(root())
        .output()
        .expect("cargo metadata runs");
    assert!(output.status.success(), "cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    for package in metadata["packages"].as_array().expect("packages") {
        let licence = package["license"].as_str().unwrap_or("");
        // An SPDX expression is allowed when one side of each OR is; AND needs both.
        let fits = licence
            .replace('/', " OR ")
            .split(" AND ")
            .all(|part| part.split(" OR ").any(|one| allowed.contains(one.trim().trim_matches(['(', ')']))));
        if !fits {
            findings.push(format!("{} has the licence `{licence}`", package["name"]));
        }
    }
    report("dependencies that break the rules:", &findings);
}
