//! What was asked for and cannot be met is refused: where, why, by which clause, and what to do.

use std::sync::Arc;

use chancery_render::Profile;
use chancery_render::fonts::FontSet;
use chancery_tests::{chancery, fonts};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::render::{TestWorld, render};

use Profile::{PdfA1b, PdfA2b, PdfA3a, PdfA3b, PdfA4, PdfA4f, PdfUa1, PdfUa2};

/// One opaque blue pixel.
const PICTURE: &str = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='4' height='4'><rect width='4' height='4' fill='%23336699'/></svg>";

/// A template with these nodes.
fn template(nodes: Json) -> Json {
    json!({ "format": 1, "name": "Refused", "body": { "nodes": nodes } })
}

fn text(says: &str) -> Json {
    json!({ "id": "line", "kind": "text", "at": [0, 0], "width": 400, "text": says })
}

fn shape(fill: &str) -> Json {
    json!({ "id": "box", "kind": "rect", "at": [0, 0], "size": [40, 40], "fill": fill })
}

/// The findings of a render, one below the other.
fn refusal(template: &Json, data: &Json, profiles: &[Profile]) -> String {
    let findings = render(template, data, profiles, &TestWorld::usual()).err().unwrap_or_default();
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_cannot_be_met_is_refused_with_place_clause_and_remedy() {
    let data = json!({ "alt": " " });
    let cases: String = include_str!("refused.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| format!("{line}\n"))
        .collect();
    for case in cases.split("---\n") {
        let (profile, rest) = case.split_once('\n').unwrap();
        let (source, expected) = rest.split_once('\n').unwrap();
        let profile = Profile::from_name(profile).unwrap_or_else(|| panic!("there is no standard {profile}"));
        let source: Json = serde_json::from_str(&source.replace("\"picture\"", &json!(PICTURE).to_string())).unwrap();
        let template = if source.is_array() { template(source) } else { source };
        assert_eq!(refusal(&template, &data, &[profile]), expected.trim_end(), "{case}");
        // The same document without standards is made.
        assert_eq!(refusal(&template, &data, &[]), "", "{case}");
    }
}

#[test]
fn what_is_too_deep_or_too_long_for_pdf_a_is_refused() {
    let mut deep = shape("#000");
    for level in 0..29 {
        deep = json!({
            "id": format!("f{level}"), "kind": "frame", "at": [0, 0], "size": [90, 90], "rotation": 1, "nodes": [deep],
        });
    }
    let long = json!({
        "id": "photo", "kind": "image", "at": [0, 0], "size": [4, 4], "source": PICTURE, "alt": "x".repeat(40_000),
    });
    for (node, profile, expected) in [
        (
            &deep,
            PdfA3b,
            "(node f0): more than 28 turned or faded things are inside each other: \
             PDF/A-3b does not allow that (ISO 19005-3, 6.1.13)\n  hint: nest less deep",
        ),
        (
            &long,
            PdfA2b,
            "(node photo): a text takes 40000 bytes, the limit is 32767: \
             PDF/A-2b does not allow that (ISO 19005-2, 6.1.13)\n  hint: make the text shorter",
        ),
    ] {
        let template = template(json!([node]));
        let said = refusal(&template, &json!({}), &[profile]);
        assert!(said.ends_with(expected), "{said}");
        for allowed in [&[][..], &[PdfA4]] {
            assert_eq!(refusal(&template, &json!({}), allowed), "", "{allowed:?}");
        }
    }
}

/// Inter with other licence bits (OpenType, `OS/2`, `fsType`).
fn licensed(bits: u16) -> FontSet {
    let mut font = std::fs::read(fonts().join("Inter_400Regular.ttf")).unwrap();
    let records = 12..12 + 16 * usize::from(u16::from_be_bytes([font[4], font[5]]));
    let record = records.step_by(16).find(|&at| font[at..at + 4] == *b"OS/2").unwrap();
    let offset = usize::try_from(u32::from_be_bytes(font[record + 8..record + 12].try_into().unwrap())).unwrap();
    font[offset + 8..offset + 10].copy_from_slice(&bits.to_be_bytes());
    FontSet::builder().add(Arc::from(font), 0).unwrap().build()
}

#[test]
fn a_font_whose_licence_bits_forbid_embedding_is_refused() {
    let template = template(json!([text("Text")]));
    for (bits, reason) in [
        (0x0000, None),
        (0x0002, Some("may not be embedded, by its licence bits")),
        (0x0004, None),
        (0x0008, None),
        // Several usages: the freest counts.
        (0x000A, None),
        (0x0108, Some("may not be embedded as a subset, by its licence bits")),
        (0x0200, Some("may be embedded only as bitmaps, by its licence bits")),
    ] {
        let set = licensed(bits);
        let world = TestWorld { fonts: &set };
        for (profile, clause) in [
            (PdfA1b, "PDF/A-1b does not allow that (ISO 19005-1, 6.3.4)"),
            (PdfA3a, "PDF/A-3a does not allow that (ISO 19005-3, 6.2.11.4.1)"),
            (PdfA4, "PDF/A-4 does not allow that (ISO 19005-4, 6.2.10.4.1)"),
            (PdfUa1, "PDF/UA-1 does not allow that (ISO 14289-1, 7.21.4.1)"),
            (PdfUa2, "PDF/UA-2 does not allow that (ISO 14289-2, 8.4.5.5.1)"),
        ] {
            let said: Vec<String> = match render(&template, &json!({}), &[profile], &world) {
                Ok(_) => Vec::new(),
                Err(findings) => findings.iter().map(ToString::to_string).collect(),
            };
            let expected: Vec<String> = reason
                .map(|reason| {
                    format!(
                        "error[nonconforming] at /body/nodes/0 (node line): the font Inter {reason}: {clause}\n  \
                         hint: choose another font, or a version of it that may be embedded"
                    )
                })
                .into_iter()
                .collect();
            assert_eq!(said, expected, "{bits:#06x}, {}", profile.name());
        }
        assert!(render(&template, &json!({}), &[], &world).is_ok(), "{bits:#06x}");
    }
}

#[test]
fn standards_that_do_not_go_together_are_refused_with_what_would_work() {
    for (asked, expected) in [
        (
            [PdfA1b, PdfUa2],
            "one file cannot follow PDF/A-1b and PDF/UA-2: the one is for PDF 1.4, the other for PDF 2.0\n  \
             hint: PDF/A-1b goes with PDF/UA-1; PDF/UA-2 goes with PDF/A-4 and PDF/A-4f",
        ),
        (
            [PdfA3a, PdfUa2],
            "one file cannot follow PDF/A-3a and PDF/UA-2: the one is for PDF 1.7, the other for PDF 2.0\n  \
             hint: PDF/A-3a goes with PDF/UA-1; PDF/UA-2 goes with PDF/A-4 and PDF/A-4f",
        ),
        (
            [PdfUa1, PdfA4],
            "one file cannot follow PDF/A-4 and PDF/UA-1: the one is for PDF 2.0, the other for PDF 1.7\n  \
             hint: PDF/A-4 goes with PDF/UA-2; PDF/UA-1 goes with PDF/A-1b, PDF/A-2 and PDF/A-3",
        ),
        (
            [PdfA2b, PdfA3b],
            "one file cannot follow PDF/A-2b and PDF/A-3b: a file states one part of PDF/A\n  \
             hint: ask for PDF/A-2b or for PDF/A-3b, not both",
        ),
        (
            [PdfA4, PdfA4f],
            "one file cannot follow PDF/A-4 and PDF/A-4f: the one has no files of other kinds inside, the other has\n  \
             hint: ask for PDF/A-4 or for PDF/A-4f, not both",
        ),
        (
            [PdfUa1, PdfUa2],
            "one file cannot follow PDF/UA-1 and PDF/UA-2: a file states one part of PDF/UA\n  \
             hint: ask for PDF/UA-1 or for PDF/UA-2, not both",
        ),
    ] {
        let expected = format!("error[invalid-value] at /output/profiles: {expected}");
        let mut template = template(json!([text("Text")]));
        assert_eq!(refusal(&template, &json!({}), &asked), expected, "asked beside the template");
        template["output"] = json!({ "profiles": [asked[0].name()] });
        assert_eq!(refusal(&template, &json!({}), &asked[1..]), expected, "asked in both ways");
        template["output"] = json!({ "profiles": asked.map(Profile::name) });
        assert_eq!(refusal(&template, &json!({}), &[]), expected, "asked by the template");
    }
}

#[test]
fn the_command_adds_standards_to_those_of_the_template_and_writes_nothing_that_breaks_them() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let mut good = template(json!([text("Text")]));
    good["output"] = json!({ "profiles": ["PDF/UA-1"] });
    let mut bad = template(json!([shape("#33669980")]));
    bad["output"] = json!({ "profiles": ["PDF/UA-1"] });
    for (name, template) in [("good.json", good), ("bad.json", bad), ("data.json", json!({}))] {
        std::fs::write(path(name), template.to_string()).unwrap();
    }
    let render = |template: &str, out: &str, profiles: &[&str]| {
        let (template, data, out) = (path(template), path("data.json"), path(out));
        let mut arguments = vec!["render", &template, "--data", &data, "-o", &out];
        arguments.extend(profiles.iter().flat_map(|profile| ["--profile", profile]));
        let output = chancery(&arguments);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert_eq!(render("good.json", "good.pdf", &["PDF/A-2b", "PDF/A-2u"]), (Some(0), String::new()));
    let file = std::fs::read(path("good.pdf")).unwrap();
    let file = String::from_utf8_lossy(&file);
    for claim in
        ["<pdfuaid:part>1</pdfuaid:part>", "<pdfaid:part>2</pdfaid:part>", "<pdfaid:conformance>U</pdfaid:conformance>"]
    {
        assert!(file.contains(claim), "{claim}");
    }

    let (code, said) = render("bad.json", "bad.pdf", &["PDF/A-1b"]);
    assert_eq!(code, Some(1));
    assert!(said.starts_with("error[nonconforming] at /body/nodes/0 (node box): a colour is not opaque"), "{said}");
    assert!(!folder.path().join("bad.pdf").exists(), "nothing is written");
    assert_eq!(render("bad.json", "bad.pdf", &[]), (Some(0), String::new()));

    let (code, said) = render("good.json", "none.pdf", &["PDF/X-1a"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("PDF/A-3b") && said.contains("PDF/X-1a"), "{said}");
    let (code, said) = render("good.json", "none.png", &["PDF/A-2b"]);
    assert_eq!((code, said.trim()), (Some(1), "chancery: --profile is for PDFs; pictures follow no standard"));
    assert!(!folder.path().join("none.pdf").exists() && !folder.path().join("none.png").exists());
}
