//! What outside readers find in conforming files: files inside, versions, one text for all standards.

use chancery_render::Profile;
use chancery_tests::{run, squeeze};
use tempfile::TempDir;

use crate::render::{Case, TestWorld, render};

#[test]
fn files_inside_come_out_as_they_went_in() {
    let folder = TempDir::new().unwrap();
    let case = Case::everything("files", false);
    for profiles in [&[][..], &[Profile::PdfA3b], &[Profile::PdfA4f, Profile::PdfUa2]] {
        let bytes = render(&case.with_attachments(), &case.data, profiles, &TestWorld::usual()).unwrap();
        let file = folder.path().join("files.pdf");
        std::fs::write(&file, bytes).unwrap();
        let out = folder.path().join("out");
        std::fs::create_dir(&out).unwrap();
        let _ = run("pdfdetach", &["-saveall", "-o", &out.display().to_string(), &file.display().to_string()]);
        let data: serde_json::Value = serde_json::from_slice(&std::fs::read(out.join("data.json")).unwrap()).unwrap();
        assert_eq!(data, case.data, "{profiles:?}");
        assert_eq!(std::fs::read_to_string(out.join("Übersicht (1).txt")).unwrap(), "<>&", "{profiles:?}");
        std::fs::remove_dir_all(out).unwrap();
    }
}

#[test]
fn every_standard_has_its_version_the_same_text_and_no_warning_from_other_readers() {
    let folder = TempDir::new().unwrap();
    let case = Case::everything("versions", false);
    let mut texts = Vec::new();
    for profile in Profile::ALL {
        let template = match profile {
            Profile::PdfA4f => case.with_attachments(),
            Profile::PdfX4 => Case::everything("versions", false).without_links().template,
            _ => case.template.clone(),
        };
        let bytes = render(&template, &case.data, &[profile], &TestWorld::usual()).unwrap();
        let again = render(&template, &case.data, &[profile], &TestWorld::usual()).unwrap();
        assert!(bytes == again, "{} is another file the second time", profile.name());
        let version = match profile {
            Profile::PdfA1b => "%PDF-1.4\n",
            Profile::PdfA4 | Profile::PdfA4f | Profile::PdfUa2 => "%PDF-2.0\n",
            Profile::PdfX4 => "%PDF-1.6\n",
            _ => "%PDF-1.7\n",
        };
        assert!(bytes.starts_with(version.as_bytes()), "{}", profile.name());
        // PDF 1.4 knows neither object streams nor the stream of cross-references.
        let is_old = profile == Profile::PdfA1b;
        for kind in ["/ObjStm", "/XRef"] {
            let found = bytes.windows(kind.len()).any(|window| window == kind.as_bytes());
            assert_eq!(found, !is_old, "{kind} in {}", profile.name());
        }
        let file = folder.path().join("versions.pdf").display().to_string();
        std::fs::write(&file, bytes).unwrap();
        let checked = run("qpdf", &["--check", &file]);
        assert!(checked.contains("No syntax or stream encoding errors found"), "{}: {checked}", profile.name());
        texts.push(squeeze(&run("pdftotext", &["-q", &file, "-"])));
    }
    assert!(texts[0].contains("Everything") && texts[0].contains("Back to the beginning"), "{}", texts[0]);
    assert!(texts.iter().all(|text| *text == texts[0]), "every standard has the same text");
}
