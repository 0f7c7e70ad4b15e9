//! Rules on documents: promises pair with tests, links lead somewhere, required documents are there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::{files, read, report, root};

/// Promise ids with the names of the tests that their row in `docs/PROMISES.md` gives.
fn rows() -> BTreeMap<String, Vec<String>> {
    let mut rows = BTreeMap::new();
    for line in read("docs/PROMISES.md").lines() {
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        let Some(id) = cells.first().filter(|id| is_promise_id(id)) else { continue };
        let tests = cells.get(3).map(|cell| {
            cell.split('`').filter(|name| name.starts_with('p') && name.contains('_')).map(str::to_owned).collect()
        });
        assert_eq!(
            cells.len(),
            6,
            "the row of promise {id} has not six cells (id, mechanism, code, test, command, limit)"
        );
        rows.insert((*id).to_owned(), tests.unwrap_or_default());
    }
    rows
}

fn is_promise_id(text: &str) -> bool {
    text.split_once('.').is_some_and(|(a, b)| {
        !a.is_empty() && !b.is_empty() && a.bytes().chain(b.bytes()).all(|byte| byte.is_ascii_digit())
    })
}

/// Names of the test functions under `tests/promises`, such as `p4_2_planted_secrets_…`.
fn tests() -> BTreeSet<String> {
    let mut tests = BTreeSet::new();
    for file in files().iter().filter(|file| file.starts_with("tests/promises/") && file.ends_with(".rs")) {
        for part in read(file).split("fn ").skip(1) {
            let name: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if promise_of(&name).is_some() {
                tests.insert(name);
            }
        }
    }
    tests
}

/// The promise that a test proves: `p4_2_…` proves 4.2.
fn promise_of(test: &str) -> Option<String> {
    let mut parts = test.strip_prefix('p')?.splitn(3, '_');
    let (a, b, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let id = format!("{a}.{b}");
    (is_promise_id(&id) && !rest.is_empty()).then_some(id)
}

#[test]
fn promise_rows_and_promise_tests_pair_up() {
    let (rows, tests) = (rows(), tests());
    let mut findings = Vec::new();
    assert!(!rows.is_empty(), "docs/PROMISES.md has no rows");
    for (id, named) in &rows {
        if named.is_empty() {
            findings.push(format!("the row of promise {id} names no test"));
        }
        for name in named {
            if promise_of(name).as_deref() != Some(id) {
                findings.push(format!("the row of promise {id} names the test {name}, which is not named by its id"));
            }
            if !tests.contains(name) {
                findings
                    .push(format!("the row of promise {id} names the test {name}, which is not under tests/promises"));
            }
        }
    }
    for name in &tests {
        let id = promise_of(name).expect("only promise tests are listed");
        if !rows.get(&id).is_some_and(|named| named.contains(name)) {
            findings.push(format!("tests/promises has {name}, but the row of promise {id} does not name it"));
        }
    }
    report("docs/PROMISES.md and tests/promises differ:", &findings);
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut findings = Vec::new();
    for file in files().iter().filter(|file| file.ends_with(".md")) {
        let folder = root().join(file).parent().map(Path::to_path_buf).unwrap_or_default();
        for link in read(file).split("](").skip(1) {
            let target: String = link.chars().take_while(|c| *c != ')').collect();
            let path = target.split('#').next().unwrap_or_default();
            let outside = path.contains("://") || path.starts_with("mailto:");
            if path.is_empty() || outside || path.contains(' ') {
                continue;
            }
            if !folder.join(path).exists() {
                findings.push(format!("{file} links to {target}, which is not there"));
            }
        }
    }
    report("dead links:", &findings);
}

#[test]
fn the_documents_of_the_house_are_there() {
    let required = [
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "CHANGELOG.md",
        "LICENSE",
        "docs/ARCHITECTURE.md",
        "docs/STYLE.md",
        "docs/PROMISES.md",
        "docs/THREATS.md",
        "docs/API.md",
        "docs/reference/errors.md",
    ];
    let findings: Vec<String> =
        required.iter().filter(|file| !root().join(file).is_file()).map(|file| format!("{file} is missing")).collect();
    report("documents:", &findings);
}

#[test]
fn every_code_path_that_a_document_names_exists() {
    let mut findings = Vec::new();
    for document in ["docs/PROMISES.md", "docs/THREATS.md", "docs/ARCHITECTURE.md"] {
        for name in read(document).split('`').skip(1).step_by(2) {
            let is_path = ["crates/", "tests/", "docs/", "script/", "bench/", "examples/"]
                .iter()
                .any(|start| name.starts_with(start));
            if is_path && !name.contains(['<', '*', ' ', '{', '…']) && !root().join(name).exists() {
                findings.push(format!("{document} names {name}, which is not there"));
            }
        }
    }
    report("documents name files that do not exist:", &findings);
}

#[test]
fn every_code_of_an_error_is_explained_in_the_reference() {
    let reference = read("docs/reference/errors.md");
    let mut codes = Vec::new();
    for line in read("crates/render/src/diagnostic.rs").lines().filter(|line| line.contains("pub const")) {
        codes.push(line.split('"').nth(1).expect("a code is a string").to_owned());
    }
    for file in ["crates/service/src/error.rs", "crates/http/src/error/mod.rs"] {
        let source = read(file);
        let (_, function) = source.split_once("fn code(&self) -> &'static str {").expect("errors have codes");
        let (function, _) = function.split_once("\n    }\n").expect("it ends");
        let of_file: Vec<&str> = function.split('"').skip(1).step_by(2).collect();
        assert!(of_file.len() > 10, "{file} has its codes in one function");
        codes.extend(of_file.into_iter().map(str::to_owned));
    }
    let unexplained = codes.iter().filter(|code| !reference.contains(&format!("\n| `{code}` |")));
    let findings: Vec<String> =
        unexplained.map(|code| format!("docs/reference/errors.md does not explain `{code}`")).collect();
    report("unexplained codes:", &findings);
}
