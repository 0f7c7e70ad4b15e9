//! Tests of standards against documents laid out by hand: what no template can bring about, or not surely.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use super::{Conformance, FileVersion, Profile, check};
use crate::document::{Document, Item, Rect, Role, Transform};
use crate::fonts::testing::face;
use crate::pdf::testing::{A4, Builder};
use crate::picture::{Picture, PictureData};

const RECT: Rect = Rect { x: 0.0, y: 0.0, width: 10.0, height: 10.0 };

fn said(document: &Document, profile: Profile) -> Vec<String> {
    let conformance = Conformance::of([profile]).unwrap();
    check(document, &conformance, true).iter().map(ToString::to_string).collect()
}

/// A tagged paragraph.
fn builder(text: &str) -> Builder {
    let mut builder = Builder::new(vec![face("Inter_400Regular")]);
    builder.page(A4);
    builder.tagged(Role::Paragraph, 0, 10.0, 20.0, 20.0, text);
    builder
}

#[test]
fn the_strongest_level_and_the_version_follow_from_what_is_asked() {
    use Profile::{PdfA1b, PdfA2a, PdfA2b, PdfA3u, PdfA4, PdfUa1, PdfUa2, PdfX4};
    for (asked, archive, accessible, version) in [
        (&[][..], None, None, FileVersion::Pdf17),
        (&[PdfA2a, PdfA2b, PdfA2a], Some(PdfA2a), None, FileVersion::Pdf17),
        (&[PdfUa1, PdfA3u], Some(PdfA3u), Some(PdfUa1), FileVersion::Pdf17),
        (&[PdfUa1, PdfA1b], Some(PdfA1b), Some(PdfUa1), FileVersion::Pdf14),
        (&[PdfUa2, PdfA4], Some(PdfA4), Some(PdfUa2), FileVersion::Pdf20),
        (&[PdfUa2], None, Some(PdfUa2), FileVersion::Pdf20),
        (&[PdfX4], None, None, FileVersion::Pdf16),
        (&[PdfX4, PdfUa1, PdfA2b], Some(PdfA2b), Some(PdfUa1), FileVersion::Pdf16),
    ] {
        let conformance = Conformance::of(asked.iter().copied()).unwrap();
        assert_eq!((conformance.archive(), conformance.accessible()), (archive, accessible), "{asked:?}");
        assert_eq!(conformance.version(), version, "{asked:?}");
    }
}

#[test]
fn every_two_standards_either_go_together_in_both_orders_or_in_none() {
    for first in Profile::ALL {
        for second in Profile::ALL {
            let (one, other) = (Conformance::of([first, second]), Conformance::of([second, first]));
            assert_eq!(one, other, "{} and {}", first.name(), second.name());
            if let Err(conflict) = one {
                assert!(first != second && conflict.hint().contains(first.name()), "{conflict}");
            }
        }
    }
}

#[test]
fn a_plain_document_follows_every_standard() {
    for profile in Profile::ALL.into_iter().filter(|profile| *profile != Profile::PdfA4f) {
        assert_eq!(said(&builder("Plain text").document, profile), [""; 0], "{}", profile.name());
    }
}

#[test]
fn a_picture_in_cmyk_is_refused_by_every_pdf_a_and_by_no_pdf_ua() {
    let mut builder = builder("Text");
    let data = PictureData::Jpeg { bytes: Vec::new(), components: 4, inverted: true };
    builder.document.pictures.push(Arc::new(Picture { width: 1, height: 1, data, alpha: None }));
    builder.item(Item::Artifact(crate::document::ArtifactKind::Layout)).item(Item::Picture { picture: 0, rect: RECT });
    for (profile, clause) in [
        (Profile::PdfA1b, Some("ISO 19005-1, 6.2.3.3")),
        (Profile::PdfA3u, Some("ISO 19005-3, 6.2.4.3")),
        (Profile::PdfA4, Some("ISO 19005-4, 6.2.4.3")),
        (Profile::PdfUa1, None),
        (Profile::PdfUa2, None),
    ] {
        let expected: Vec<String> = clause
            .map(|clause| {
                format!(
                    "error[nonconforming] at /: the picture is in CMYK: {} does not allow that ({clause})\n  \
                     hint: use a picture in RGB; the file states the colours of sRGB",
                    profile.name()
                )
            })
            .into_iter()
            .collect();
        assert_eq!(said(&builder.document, profile), expected);
    }
}

#[test]
fn a_document_without_language_or_tags_is_refused_by_those_that_ask_for_them() {
    let mut document = builder("Text").document;
    document.metadata.language = "not a language".into();
    for (profile, expected) in [
        (Profile::PdfA2b, None),
        (Profile::PdfA2a, Some("PDF/A-2a does not allow that (ISO 19005-2, 6.7.4)")),
        (Profile::PdfUa1, Some("PDF/UA-1 does not allow that (ISO 14289-1, 7.2)")),
        (Profile::PdfUa2, Some("PDF/UA-2 does not allow that (ISO 14289-2, 8.4.4)")),
    ] {
        let expected: Vec<String> = expected
            .map(|demand| {
                format!(
                    "error[nonconforming] at /locale: the document names no language: {demand}\n  \
                     hint: give the template a `locale` such as \"en-GB\""
                )
            })
            .into_iter()
            .collect();
        assert_eq!(said(&document, profile), expected);
    }
    let conformance = Conformance::of([Profile::PdfA3a]).unwrap();
    let findings = check(&builder("Text").document, &conformance, false);
    assert_eq!(
        findings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["error[nonconforming] at /: the file is not tagged: PDF/A-3a does not allow that (ISO 19005-3, 6.7.2)\n  \
          hint: write the file with its tags"]
    );
}

#[test]
fn a_glyph_that_stands_for_no_character_is_refused_where_text_must_be_found() {
    let mut builder = builder("AB");
    // The layout gives such characters no glyph; here the first one has that of A.
    builder.document.text = "\u{FEFF}B".into();
    let glyphs = &mut builder.document.glyphs;
    glyphs.first_mut().unwrap().text_length = 3;
    glyphs.last_mut().unwrap().text_start = 3;
    if let Some(Item::Glyphs(run)) = builder.document.pages.last_mut().unwrap().items.last_mut() {
        run.text = 0..4;
    }
    for (profile, is_refused) in [
        (Profile::PdfA1b, false),
        (Profile::PdfA2b, false),
        (Profile::PdfA2u, true),
        (Profile::PdfA3a, true),
        (Profile::PdfA4, true),
        (Profile::PdfUa1, true),
    ] {
        let said = said(&builder.document, profile);
        assert_eq!(!said.is_empty(), is_refused, "{}: {said:?}", profile.name());
        assert!(
            said.iter().all(|line| line.contains("the text has U+FEFF, which stands for no character")),
            "{said:?}"
        );
    }
}

#[test]
fn arrays_and_states_of_pdf_a_1_are_bounded() {
    let mut builder = builder("Text");
    let parent = builder.element(Role::Division);
    for _ in 0..=super::rules::ARRAY_LENGTH_MAX {
        builder.child(Role::Paragraph, parent);
    }
    let said_1 = said(&builder.document, Profile::PdfA1b);
    assert_eq!(
        said_1,
        ["error[nonconforming] at /: there are 8192 tags directly in one, the limit is 8191: \
          PDF/A-1b does not allow that (ISO 19005-1, 6.1.12)\n  hint: divide the document, or ask for PDF/A-2 or later"]
    );
    assert_eq!(said(&builder.document, Profile::PdfA2b), [""; 0]);

    let mut deep = self::builder("Text");
    for level in 0..30 {
        deep.item(Item::Push { transform: Transform::IDENTITY, clip: Some(RECT), opacity: 1.0 });
        let count = said(&deep.document, Profile::PdfA2b).len();
        assert_eq!(count, usize::from(level >= 28), "{} states", level + 1);
    }
    assert_eq!(said(&deep.document, Profile::PdfA4), [""; 0]);
}

#[test]
fn what_breaks_a_rule_in_one_place_again_and_again_is_told_once() {
    let mut builder = builder("Text");
    for _ in 0..500 {
        let figure = builder.element(Role::Figure);
        builder.item(Item::Element(figure));
    }
    // Without nodes there is one place for all.
    assert_eq!(said(&builder.document, Profile::PdfUa1).len(), 1);
}

#[test]
fn a_link_is_refused_where_a_press_prints_it() {
    let mut builder = builder("Text");
    let target = crate::document::Target::Uri("https://example.com".into());
    let link = crate::document::Link { rect: RECT, target, element: None };
    builder.document.pages.last_mut().unwrap().links.push(link);
    assert_eq!(
        said(&builder.document, Profile::PdfX4),
        [
            "error[nonconforming] at /: a link lies on the page: PDF/X-4 does not allow that (ISO 15930-7, annotations)\n  \
          hint: leave `link` out of what is printed, or make another file for screens"
        ]
    );
    assert_eq!(said(&builder.document, Profile::PdfA2b), [""; 0]);
}

#[test]
fn inks_that_only_the_data_brought_are_refused_by_pdf_a_unless_the_file_is_made_for_a_press() {
    let mut builder = builder("Text");
    builder.item(Item::Artifact(crate::document::ArtifactKind::Layout));
    builder.rect(RECT, crate::document::Color::process([0, 80, 95, 0]));
    assert_eq!(
        said(&builder.document, Profile::PdfA2b),
        [
            "error[nonconforming] at /: the colour is one of inks: PDF/A-2b does not allow that (ISO 19005-2, 6.2.4.3)\n  \
          hint: declare the colour in `colors`, so that the file is made for a press"
        ]
    );
    builder.document.has_inks = true;
    assert_eq!(said(&builder.document, Profile::PdfA2b), [""; 0]);
}

#[test]
fn a_profile_of_version_4_is_too_new_for_pdf_a_1() {
    let mut builder = builder("Text");
    let condition = crate::document::PrintingCondition { identifier: "A press".into(), profile: vec![4; 128] };
    builder.document.condition = Some(Arc::new(condition));
    assert_eq!(
        said(&builder.document, Profile::PdfA1b),
        ["error[nonconforming] at /output/intent/profile: the profile of the press is of version 4: \
          PDF/A-1b does not allow that (ISO 19005-1, 6.2.2)\n  hint: use a profile of version 2, or ask for PDF/A-2 or later"]
    );
    assert_eq!(said(&builder.document, Profile::PdfX4), [""; 0]);
}
