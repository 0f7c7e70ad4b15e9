//! Runs veraPDF, once for many files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use chancery_tests::fonts;

/// What veraPDF says of a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// The standards that it was held against, and whether it follows them.
    pub(crate) flavours: BTreeMap<String, bool>,
    /// Clauses that it breaks.
    pub(crate) broken: Vec<String>,
}

/// The jars of veraPDF: where `CHANCERY_VERAPDF` says, or beside the fonts.
fn library() -> PathBuf {
    let library = std::env::var_os("CHANCERY_VERAPDF").map_or_else(|| fonts().with_file_name("verapdf"), PathBuf::from);
    assert!(library.is_dir(), "{} is not there; run `script/setup test`, or `make test`", library.display());
    library
}

/// Holds files against a standard by its flavour, or with `0` each one against all that it claims. Gives the verdict of
/// each file by its name.
pub(crate) fn validate(files: &[PathBuf], flavour: &str) -> BTreeMap<String, Verdict> {
    let classes = library().join("*");
    let output = Command::new("java")
        // One start is too short for the slow compiler to pay: without it, it takes a third less.
        .args(["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"])
        .arg("-cp")
        .arg(classes)
        .args(["org.verapdf.apps.GreenfieldCliWrapper", "--format", "text", "-v", "-f", flavour])
        .args(files)
        .output()
        .unwrap_or_else(|error| panic!("java does not run ({error}); `script/setup test` installs it"));
    let said = String::from_utf8_lossy(&output.stdout);
    let mut verdicts: BTreeMap<String, Verdict> = BTreeMap::new();
    let mut last = String::new();
    for line in said.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [verdict @ ("PASS" | "FAIL"), path, flavour] => {
                last = Path::new(path).file_name().unwrap_or_default().to_string_lossy().into_owned();
                let known = verdicts.entry(last.clone()).or_default();
                known.flavours.insert((*flavour).to_owned(), *verdict == "PASS");
            }
            ["FAIL", clause @ ..] => verdicts.entry(last.clone()).or_default().broken.push(clause.join(" ")),
            _ => panic!("veraPDF says: {line}\n{said}\n{}", String::from_utf8_lossy(&output.stderr)),
        }
    }
    assert!(!verdicts.is_empty(), "veraPDF says nothing: {}", String::from_utf8_lossy(&output.stderr));
    verdicts
}
