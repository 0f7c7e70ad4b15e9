//! Every input that fuzzing kept goes through its target again: nothing panics, everything ends.

#![expect(clippy::expect_used, reason = "tests fail loudly")]

#[path = "../fuzz/targets.rs"]
mod targets;

use std::path::{Path, PathBuf};

/// Inputs of one target, in order.
fn inputs(target: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("each target has a corpus")
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    files.sort();
    assert!(files.len() >= 5, "the corpus of {target} has only {} inputs", files.len());
    files
}

fn run(target: &str, body: fn(&[u8])) {
    for file in inputs(target) {
        let input = std::fs::read(&file).expect("an input can be read");
        // The name of the input is what one needs to know when it fails.
        let outcome = std::panic::catch_unwind(|| body(&input));
        assert!(outcome.is_ok(), "{} panics", file.display());
    }
}

#[test]
fn templates_of_the_corpus_do_no_harm() {
    run("template", targets::template);
}

#[test]
fn expressions_of_the_corpus_do_no_harm() {
    run("expression", targets::expression);
}

#[test]
fn data_of_the_corpus_does_no_harm() {
    run("data", targets::data);
}

#[test]
fn fonts_of_the_corpus_do_no_harm() {
    run("font", targets::font);
}

#[test]
fn pictures_of_the_corpus_do_no_harm() {
    run("image", targets::image);
}

#[test]
fn drawings_of_the_corpus_do_no_harm() {
    run("svg", targets::svg);
}

#[test]
fn pages_of_pdf_files_of_the_corpus_do_no_harm() {
    run("pdf_page", targets::pdf_page);
}

#[test]
fn markdown_of_the_corpus_does_no_harm() {
    run("markdown", targets::markdown);
}

#[test]
fn what_the_corpus_has_of_other_programs_does_no_harm() {
    run("import", targets::import);
}
