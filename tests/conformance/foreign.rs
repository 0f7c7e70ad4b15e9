//! Pages of other files inside of files that follow standards: made by us and gone through other programs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery_render::Profile;
use chancery_tests::{run, squeeze};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::render::{Case, TestWorld, render};
use crate::verapdf::validate;

use Profile::{PdfA1b, PdfA2a, PdfA2b, PdfA2u, PdfA3a, PdfA4, PdfUa1, PdfUa2, PdfX4};

/// What is asked for: the strictest of each part, alone and together.
const ASKED: [(&[Profile], &[&str]); 8] = [
    (&[PdfA2b], &["2b"]),
    (&[PdfA2u], &["2u"]),
    (&[PdfA3a], &["3a"]),
    (&[PdfA4], &["4"]),
    (&[PdfUa1], &["ua1"]),
    (&[PdfUa2], &["ua2"]),
    (&[PdfA2a, PdfUa1], &["2a", "ua1"]),
    (&[PdfA4, PdfUa2], &["4", "ua2"]),
];

/// A document with some pages of a file, once as pictures with a text and once as paper behind all.
fn letter(file: &[u8], pages: &[u32]) -> Json {
    let pictures: Vec<Json> = (0_i32..)
        .zip(pages)
        .map(|(place, page)| {
            json!({ "id": format!("page{page}"), "kind": "image", "at": [20 + 150 * place, 60], "size": [140, 200],
                "source": format!("asset:other#page={page}"), "alt": format!("Page {page} of the other file") })
        })
        .collect();
    let mut nodes = vec![json!({ "kind": "text", "at": [0, 0], "width": 400, "role": "H1", "text": "As it came" })];
    nodes.extend(pictures);
    json!({ "format": 1, "name": "Letter", "locale": "en-GB",
        "background": [{ "id": "paper", "kind": "image", "at": [0, 0], "size": [595, 842], "source": "asset:other", "alt": "" }],
        "body": { "nodes": nodes },
        "assets": { "other": format!("data:application/pdf;base64,{}", STANDARD.encode(file)) } })
}

/// Files by where they come from: ours, and ours after other programs wrote it again.
fn sources(folder: &Path) -> BTreeMap<&'static str, Vec<u8>> {
    let case = Case::example("packing-slip");
    let own = render(&case.template, &case.data, &[], &TestWorld::usual()).unwrap();
    let path = |name: &str| folder.join(name).display().to_string();
    std::fs::write(path("own.pdf"), &own).unwrap();
    let _ = run("qpdf", &["--object-streams=disable", &path("own.pdf"), &path("qpdf.pdf")]);
    let _ = run("mutool", &["clean", "-gggg", &path("own.pdf"), &path("mutool.pdf")]);
    let output = format!("-sOutputFile={}", path("ghostscript.pdf"));
    let _ = run("gs", &["-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=pdfwrite", &output, &path("own.pdf")]);
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    [("own", own), ("qpdf", read("qpdf.pdf")), ("mutool", read("mutool.pdf")), ("ghostscript", read("ghostscript.pdf"))]
        .into()
}

#[test]
fn pages_of_other_files_go_under_every_standard_that_they_can_follow() {
    let folder = TempDir::new().unwrap();
    let mut files: Vec<PathBuf> = Vec::new();
    let mut expected: BTreeMap<String, &[&str]> = BTreeMap::new();
    for (source, bytes) in sources(folder.path()) {
        for (profiles, flavours) in ASKED {
            let template = letter(&bytes, &[1, 3]);
            let made = render(&template, &json!({}), profiles, &TestWorld::usual());
            let made = made.unwrap_or_else(|findings| panic!("{source}, {profiles:?}: {}", findings[0]));
            let name = format!("{source}.{}.pdf", flavours.join("."));
            let path = folder.path().join(&name);
            std::fs::write(&path, made).unwrap();
            files.push(path);
            expected.insert(name, flavours);
        }
    }
    let verdicts = validate(&files, "0");
    let mut wrong = Vec::new();
    for (name, flavours) in &expected {
        let verdict = &verdicts[name];
        let follows: Vec<&str> =
            verdict.flavours.iter().filter(|(_, passed)| **passed).map(|(flavour, _)| flavour.as_str()).collect();
        if follows != *flavours || !verdict.broken.is_empty() {
            wrong.push(format!("{name}: {verdict:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // The text of the page is there still; its marks are not, and the page is one figure.
    let text = squeeze(&run("pdftotext", &["-q", &files[0].display().to_string(), "-"]));
    assert!(text.contains("Cedar Court Garden Centre"), "{text}");
}

#[test]
fn what_a_page_may_not_have_is_refused_with_node_page_and_clause() {
    let case = Case::example("packing-slip");
    let own = render(&case.template, &case.data, &[], &TestWorld::usual()).unwrap();
    let said = |file: &[u8], profile| {
        let findings =
            render(&letter(file, &[2]), &json!({}), &[profile], &TestWorld::usual()).err().unwrap_or_default();
        findings.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let old = said(&own, PdfA1b);
    assert_eq!(
        old[0],
        "error[nonconforming] at /background/0 (node paper): on page 1 of the other file, it is, or has, a transparency \
         group: PDF/A-1b does not allow that (ISO 19005-1, 6.4)\n  hint: make it opaque, or ask for PDF/A-2 or later"
    );
    assert!(
        old[1]
            .starts_with("error[nonconforming] at /background/0 (node paper): on page 1 of the other file, the font ")
    );
    let hint = "ask for PDF/A-2 or later, or use it as SVG or PNG";
    let demand = "PDF/A-1b does not allow that (ISO 19005-1, 6.3.5)";
    let is_subset =
        |said: &String| said.ends_with(&format!("is a part that does not list its glyphs: {demand}\n  hint: {hint}"));
    assert!(is_subset(&old[1]) && is_subset(&old[2]), "{old:?}");
    assert!(old[2].contains(" at /body/nodes/1 (node page2): on page 2 of the other file, "), "{old:?}");
    assert_eq!(old.len(), 3, "{old:?}");
    let press = said(&own, PdfX4);
    assert!(
        press[0].contains(
            "on page 1 of the other file, a colour is in RGB without a profile: \
             PDF/X-4 does not allow that (ISO 15930-7, content of pages)"
        ),
        "{press:?}"
    );
}

#[test]
fn pages_of_one_file_share_what_they_are_made_of() {
    let case = Case::example("packing-slip");
    let own = render(&case.template, &case.data, &[], &TestWorld::usual()).unwrap();
    let size = |pages: &[u32]| render(&letter(&own, pages), &json!({}), &[], &TestWorld::usual()).unwrap().len();
    let (one, three) = (size(&[1]), size(&[1, 2, 3]));
    // Only the content of two more pages is added: their fonts are there.
    assert!(three < one + own.len() / 3, "one page {one}, three pages {three} bytes; the file {}", own.len());
}
