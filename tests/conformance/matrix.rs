//! Every document in every standard that it can follow, alone and in pairs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chancery_render::Profile;
use chancery_tests::{examples, root};
use tempfile::TempDir;

use crate::render::{Case, TestWorld, render};
use crate::verapdf::{Verdict, validate};

use Profile::{PdfA1b, PdfA2a, PdfA2b, PdfA2u, PdfA3a, PdfA3b, PdfA3u, PdfA4, PdfA4f, PdfUa1, PdfUa2, PdfX4};

/// What is asked for: each standard alone, and PDF/A with PDF/UA.
const ASKED: [&[Profile]; 18] = [
    &[PdfA1b],
    &[PdfA2b],
    &[PdfA2u],
    &[PdfA2a],
    &[PdfA3b],
    &[PdfA3u],
    &[PdfA3a],
    &[PdfA4],
    &[PdfA4f],
    &[PdfUa1],
    &[PdfUa2],
    &[PdfA1b, PdfUa1],
    &[PdfA2a, PdfUa1],
    &[PdfA3a, PdfUa1],
    &[PdfA4, PdfUa2],
    &[PdfA4f, PdfUa2],
    &[PdfA2b, PdfX4],
    &[PdfA2a, PdfUa1, PdfX4],
];

/// Documents that cannot follow some standards, with the beginning of the first reason.
const REFUSED: &[(&str, &[Profile], &str)] = &[
    (
        "certificate",
        &[PdfX4],
        "error[nonconforming] at /body/nodes/11 (node body.11): a link lies on the page: PDF/X-4 does not allow that \
         (ISO 15930-7, annotations)\n  hint: leave `link` out of what is printed, or make another file for screens",
    ),
    (
        "event-ticket",
        &[PdfA1b],
        "error[nonconforming] at /background/1 (node background.1): the drawing has transparent parts: \
         PDF/A-1b does not allow that (ISO 19005-1, 6.4)\n  hint: make it opaque, or ask for PDF/A-2 or later",
    ),
    (
        "gallery/charts",
        &[PdfA1b],
        "error[nonconforming] at /body/nodes/2 (node body.2): a colour is not opaque: PDF/A-1b does not allow that \
         (ISO 19005-1, 6.4)\n  hint: make it opaque, or ask for PDF/A-2 or later",
    ),
    (
        "gallery/contents",
        &[PdfX4],
        "error[nonconforming] at /body/nodes/4 (node contents): a link lies on the page: PDF/X-4 does not allow that \
         (ISO 15930-7, annotations)",
    ),
    (
        "gallery/emoji",
        &[PdfA1b],
        "error[nonconforming] at /body/nodes/0/nodes/1/nodes/0 (node body.0.1.0): the drawing has transparent parts: \
         PDF/A-1b does not allow that (ISO 19005-1, 6.4)\n  hint: make it opaque, or ask for PDF/A-2 or later",
    ),
    (
        "gallery/images",
        &[PdfA1b],
        "error[nonconforming] at /body/nodes/15 (node body.15): the picture has transparent pixels: PDF/A-1b does not allow \
         that (ISO 19005-1, 6.4)\n  hint: make it opaque, or ask for PDF/A-2 or later",
    ),
    (
        "gallery/lettering",
        &[PdfA1b],
        "error[nonconforming] at /body/nodes/1 (node body.1): an opacity is below 1: PDF/A-1b does not allow \
         that (ISO 19005-1, 6.4)\n  hint: make it opaque, or ask for PDF/A-2 or later",
    ),
    (
        "gallery/markdown",
        &[PdfX4],
        "error[nonconforming] at /body/nodes/0 (node notes): a link lies on the page: PDF/X-4 does not allow that \
         (ISO 15930-7, annotations)",
    ),
    (
        "gallery/pdf-pages",
        &[PdfA1b],
        "error[nonconforming] at /background/0 (node paper): on page 1 of the other file, the font WLCVXW+PlayfairDisplay-Bold \
         is a part that does not list its glyphs: PDF/A-1b does not allow that (ISO 19005-1, 6.3.5)\n  \
         hint: ask for PDF/A-2 or later, or use it as SVG or PNG",
    ),
    (
        "gallery/pdf-pages",
        &[PdfX4],
        "error[nonconforming] at /background/0 (node paper): on page 1 of the other file, a colour is in RGB without a \
         profile: PDF/X-4 does not allow that (ISO 15930-7, content of pages)\n  \
         hint: save the other file with colour profiles, or in the colours that this file is made for",
    ),
    (
        "gallery/rich-text",
        &[PdfX4],
        "error[nonconforming] at /body/nodes/0 (node terms): a link lies on the page: PDF/X-4 does not allow that \
         (ISO 15930-7, annotations)",
    ),
    (
        "gallery/shapes",
        &[PdfA1b],
        "error[nonconforming] at /body/nodes/7 (node body.7): a colour of the gradient is not opaque: PDF/A-1b does not \
         allow that (ISO 19005-1, 6.4)\n  hint: make it opaque, or ask for PDF/A-2 or later",
    ),
    (
        "everything",
        &[PdfX4],
        "error[nonconforming] at /: a link lies on the page: PDF/X-4 does not allow that \
         (ISO 15930-7, annotations)\n  hint: leave `link` out of what is printed, or make another file for screens",
    ),
    (
        "gallery/watermark",
        &[PdfA1b],
        "error[nonconforming] at /foreground/nodes/0 (node foreground.0): an opacity is below 1: PDF/A-1b does not allow \
         that (ISO 19005-1, 6.4)\n  hint: make it opaque, or ask for PDF/A-2 or later",
    ),
    (
        "everything-clear",
        &[PdfA1b],
        "error[nonconforming] at /body/nodes/0/nodes/10 (node body.0.10): the picture has transparent pixels: \
         PDF/A-1b does not allow that (ISO 19005-1, 6.4)\n  hint: make it opaque, or ask for PDF/A-2 or later",
    ),
    (
        "everything-clear",
        &[PdfX4],
        "error[nonconforming] at /: a link lies on the page: PDF/X-4 does not allow that \
         (ISO 15930-7, annotations)\n  hint: leave `link` out of what is printed, or make another file for screens",
    ),
];

fn is_refused(name: &str, profile: Profile) -> bool {
    REFUSED.iter().any(|(example, refusing, _)| *example == name && refusing.contains(&profile))
}

/// How veraPDF calls a standard.
fn flavour(profile: Profile) -> &'static str {
    match profile {
        PdfA1b => "1b",
        PdfA2b => "2b",
        PdfA2u => "2u",
        PdfA2a => "2a",
        PdfA3b => "3b",
        PdfA3u => "3u",
        PdfA3a => "3a",
        PdfA4 => "4",
        PdfA4f => "4f",
        PdfUa1 => "ua1",
        PdfUa2 => "ua2",
        // Not known to veraPDF, which then judges the others.
        PdfX4 => "x4",
    }
}

fn file_name(case: &str, profiles: &[Profile]) -> String {
    let flavours: Vec<&str> = profiles.iter().map(|profile| flavour(*profile)).collect();
    format!("{}.{}.pdf", case.replace('/', "-"), flavours.join("."))
}

/// Writes all files, and gives what each must turn out to be.
fn write_all(folder: &Path) -> BTreeMap<String, Vec<&'static str>> {
    let world = TestWorld::usual();
    let mut cases: Vec<Case> = examples().iter().map(|name| Case::example(name)).collect();
    cases.push(Case::everything("everything", false));
    cases.push(Case::everything("everything-clear", true));
    cases.push(Case::everything("everything-print", false).without_links());
    let mut expected = BTreeMap::new();
    let mut refused = BTreeSet::new();
    for case in &cases {
        for profiles in ASKED {
            let takes_files = profiles.iter().any(|profile| matches!(profile, PdfA3a | PdfA3b | PdfA3u | PdfA4f));
            let template = if takes_files { case.with_attachments() } else { case.template.clone() };
            let name = file_name(&case.name, profiles);
            match render(&template, &case.data, profiles, &world) {
                Ok(bytes) => {
                    std::fs::write(folder.join(&name), bytes).unwrap();
                    let known = profiles.iter().filter(|profile| **profile != PdfX4);
                    expected.insert(name, known.map(|profile| flavour(*profile)).collect());
                }
                Err(findings) => {
                    let first = findings.first().unwrap().to_string();
                    let refusing = REFUSED.iter().find_map(|(name, refusing, reason)| {
                        let refuses = profiles.iter().any(|profile| refusing.contains(profile));
                        (*name == case.name && refuses && first.starts_with(reason)).then_some(refusing)
                    });
                    let refusing = refusing.unwrap_or_else(|| panic!("{name}: {first}"));
                    let refusing = profiles.iter().filter(|profile| refusing.contains(profile));
                    refused.extend(refusing.map(|profile| (case.name.clone(), profile.name())));
                }
            }
        }
    }
    let stated = REFUSED
        .iter()
        .flat_map(|(name, refusing, _)| refusing.iter().map(|profile| ((*name).to_owned(), profile.name())));
    assert_eq!(refused, stated.collect(), "what is refused");
    expected
}

#[test]
fn verapdf_finds_every_document_to_follow_every_standard_that_it_claims() {
    let folder = TempDir::new().unwrap();
    let expected = write_all(folder.path());

    // A start for each of two cores: veraPDF reads from each file what it claims. PDF/UA-1 it does not try in a file
    // of PDF 1.4 unless it is told to.
    let files: Vec<PathBuf> = expected.keys().map(|name| folder.path().join(name)).collect();
    let (first, second) = files.split_at(files.len() / 2);
    let is_old = |name: &str| name.ends_with(".1b.ua1.pdf");
    let old: Vec<PathBuf> = files.iter().filter(|file| is_old(&file.display().to_string())).cloned().collect();
    let (mut verdicts, rest, old_verdicts) = std::thread::scope(|scope| {
        let first = scope.spawn(|| (validate(first, "0"), validate(&old, "ua1")));
        let second = validate(second, "0");
        let (first, old_verdicts) = first.join().unwrap();
        (first, second, old_verdicts)
    });
    verdicts.extend(rest);

    let mut wrong = Vec::new();
    for (name, flavours) in &expected {
        let mut flavours: BTreeMap<String, bool> = flavours.iter().map(|name| ((*name).to_owned(), true)).collect();
        if is_old(name) {
            flavours.remove("ua1");
            let accessible = Verdict { flavours: [("ua1".to_owned(), true)].into(), broken: Vec::new() };
            if old_verdicts.get(name) != Some(&accessible) {
                wrong.push(format!("{name}: {:?}", old_verdicts.get(name)));
            }
        }
        if verdicts.get(name) != Some(&Verdict { flavours, broken: Vec::new() }) {
            wrong.push(format!("{name}: {:?}", verdicts.get(name)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(verdicts.len(), expected.len(), "veraPDF has judged every file");
}

#[test]
fn the_page_about_conformance_has_a_row_for_every_example() {
    let page = std::fs::read_to_string(root().join("docs/reference/conformance.md")).unwrap();
    let names: Vec<&str> = Profile::ALL.iter().map(|profile| profile.name()).collect();
    let heading = format!("| example | {} |", names.join(" | "));
    assert!(page.contains(&heading), "the table begins with: {heading}");
    for name in examples() {
        let cells = Profile::ALL.map(|profile| {
            let is_refused = is_refused(&name, profile);
            let with_file = if profile == PdfA4f { "with a file" } else { "yes" };
            if is_refused { "no" } else { with_file }
        });
        let row = format!("| `{name}` | {} |", cells.join(" | "));
        assert!(page.contains(&row), "the table has this row: {row}");
    }
}
