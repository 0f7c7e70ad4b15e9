//! The suite: small documents and expressions as text, beside the answers that the engine must give.
//!
//! `tests/suite/README.md` says what a case looks like. All cases run in parallel; a run that fails writes one page of
//! HTML with what was expected and what came, and `make golden` writes the new answers.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail loudly"
)]

mod engine;

use std::collections::BTreeSet;

use engine::{case, determinism, golden, pictures, report, run};

/// Fewer cases than this means that files were not found.
const CASE_COUNT_MIN: usize = 1_000;

/// Bytes of all golden pictures together; more makes every clone slow.
const PICTURES_SIZE_BYTES_MAX: u64 = 5_000_000;

/// Part of the name of the cases to run, such as `layout/pages` or `gradient`; all, when it is not set.
fn filter() -> Option<String> {
    std::env::var("CHANCERY_SUITE").ok().filter(|filter| !filter.is_empty())
}

#[test]
fn every_case_gives_its_answers() {
    let filter = filter();
    let files = case::read_all();
    let results = run::run_all(&files, filter.as_deref());
    if std::env::var_os("CHANCERY_GOLDEN").is_some() {
        golden::write(&files, &results, filter.is_none());
        return;
    }
    assert!(!results.is_empty(), "no case has {filter:?} in its name");
    let failed: Vec<_> = results.iter().filter(|result| !result.differences.is_empty()).collect();
    let page = report::write(&files, &failed);
    let names: Vec<String> = failed.iter().map(|result| result.told(&files)).collect();
    assert!(
        failed.is_empty(),
        "{} of {} cases give other answers:\n{}\nreport: {}\n`make golden` writes the new answers; read its diff",
        failed.len(),
        results.len(),
        names.join("\n"),
        page.display()
    );
}

#[test]
fn there_are_a_thousand_cases_and_each_has_a_name_of_its_own_and_asks_for_something() {
    let files = case::read_all();
    let mut findings = Vec::new();
    let mut count = 0;
    for file in &files {
        let mut names = BTreeSet::new();
        for case in &file.cases {
            count += 1;
            if !names.insert(pictures::slug(&case.name)) {
                findings.push(format!("{}:{}: a second case is called `{}`", file.name, case.line, case.name));
            }
            if case.answers.is_empty() {
                findings.push(format!("{}:{}: `{}` asks for no answer", file.name, case.line, case.name));
            }
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    assert!(count >= CASE_COUNT_MIN, "there are {count} cases only");
}

#[test]
fn case_files_are_written_in_the_one_form_that_make_golden_gives_them() {
    let crooked: Vec<String> = case::read_all()
        .iter()
        .filter(|file| file.source != file.to_text())
        .map(|file| format!("{}.case", file.name))
        .collect();
    assert!(crooked.is_empty(), "`make golden` puts these in order: {}", crooked.join(", "));
}

#[test]
fn every_golden_picture_belongs_to_a_case_and_all_of_them_are_small() {
    let files = case::read_all();
    let unused = pictures::unreferenced(&files);
    assert!(unused.is_empty(), "no case asks for these pictures; `make golden` removes them:\n{}", unused.join("\n"));
    let size = pictures::total_size_bytes();
    assert!(size <= PICTURES_SIZE_BYTES_MAX, "all golden pictures have {size} bytes");
}

#[test]
fn documents_are_the_same_bytes_on_other_threads_in_other_order_and_with_warm_caches() {
    determinism::check(&case::read_all());
}
