//! The same input gives the same bytes.

use chancery_tests::{examples, run, squeeze};
use tempfile::TempDir;

use crate::render;

#[test]
fn two_processes_make_the_same_bytes_of_every_example() {
    let (one, two) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    for name in examples() {
        for extension in ["pdf", "png", "svg"] {
            if extension != "pdf" && name == "bank-statement" {
                continue; // Several pages make several files; the PDF of this example is compared above.
            }
            let more: &[&str] = if extension == "png" { &["--format", "png", "--dpi", "60"] } else { &[] };
            let first = render(&name, one.path(), extension, more);
            let second = render(&name, two.path(), extension, more);
            if first.exists() || second.exists() {
                assert!(
                    std::fs::read(first).unwrap() == std::fs::read(second).unwrap(),
                    "{name}.{extension} differs between two processes"
                );
            }
        }
    }
}

#[test]
fn another_time_changes_only_what_shows_the_time() {
    let folder = TempDir::new().unwrap();
    let first = render("invoice", folder.path(), "pdf", &["--now", "2026-01-01T00:00:00Z"]);
    let first_bytes = std::fs::read(&first).unwrap();
    let path = first.display().to_string();
    let first_text = squeeze(&run("pdftotext", &["-q", &path, "-"]));
    let second = render("invoice", folder.path(), "pdf", &["--now", "2026-12-31T23:59:59Z"]);
    let second_bytes = std::fs::read(&second).unwrap();
    let second_text = squeeze(&run("pdftotext", &["-q", &path, "-"]));
    assert!(first_bytes != second_bytes, "the creation time is in the file");
    assert_eq!(first_text, second_text, "the invoice shows no current time");

    // Without the file's own dates and id, the two are the same document.
    let plain = |bytes: &[u8], name: &str| {
        let (source, out) = (folder.path().join(format!("{name}.pdf")), folder.path().join(format!("{name}.qdf")));
        std::fs::write(&source, bytes).unwrap();
        let _ = run(
            "qpdf",
            &[
                "--qdf",
                "--object-streams=disable",
                "--static-id",
                &source.display().to_string(),
                &out.display().to_string(),
            ],
        );
        let text = String::from_utf8_lossy(&std::fs::read(&out).unwrap()).into_owned();
        text.lines()
            .filter(|line| !["Date", "xmp:", "/ID", "uuid:"].iter().any(|mark| line.contains(mark)))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(plain(&first_bytes, "first"), plain(&second_bytes, "second"), "something else than a date changed");
}
