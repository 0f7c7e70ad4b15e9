//! Tests of the file as a whole: objects, fonts, metadata, caches.

use super::super::testing::{A4, Builder, invoice, table};
use super::super::{PdfCache, PdfOptions, write};
use super::reader::{Pdf, number_after, text};
use super::{bytes, faces, read};
use crate::Profile;
use crate::document::{Bookmark, Document, Link, Rect, Role, Target};
use crate::fonts::testing::face;

#[test]
fn the_same_document_gives_the_same_bytes_with_a_cold_and_a_warm_cache_and_at_every_level() {
    let documents: Vec<Document> = (0..3).map(|number| invoice(faces(), number)).collect();
    let mut warm = PdfCache::new();
    for round in 0..3 {
        for compression in [0, 1, 6, 1] {
            for tagged in [true, false] {
                for document in &documents {
                    let options = PdfOptions { compression, tagged, ..PdfOptions::default() };
                    let cold = write(document, &options, &mut PdfCache::new()).unwrap();
                    assert!(
                        cold == write(document, &options, &mut warm).unwrap(),
                        "round {round}, level {compression}"
                    );
                }
            }
        }
    }
}

#[test]
fn an_invoice_is_small() {
    let size = bytes(&invoice(faces(), 7)).len();
    assert!(size <= 20_000, "{size} bytes");
}

#[test]
fn a_table_of_four_thousand_rows_is_small_and_readable_to_the_last_object() {
    let document = table(faces(), 4_000);
    let bytes = bytes(&document);
    assert!(bytes.len() < 1_200_000, "{} bytes", bytes.len());
    let pdf = Pdf::read(&bytes);
    assert_eq!(pdf.all("/Type/Page/").len(), 100);
    assert_eq!(pdf.all("/S/TD").len(), 20_000);
}

#[test]
fn documents_of_other_data_share_their_font_subsets() {
    let (first, second) = (read(&invoice(faces(), 1)), read(&invoice(faces(), 583)));
    let fonts = |pdf: &Pdf| -> Vec<String> {
        pdf.all("/Subtype/Type0")
            .into_iter()
            .map(|(_, font)| font.text.split("/Encoding").next().unwrap().to_owned())
            .collect()
    };
    assert_eq!(fonts(&first).len(), 2);
    assert_eq!(fonts(&first), fonts(&second));
}

#[test]
fn every_used_code_has_a_width_and_a_way_back_to_text() {
    let mut builder = Builder::new(vec![face("Inter_400Regular")]);
    builder.page(A4).text(0, 10.0, 50.0, 50.0, "Total: 12 € – Žluťoučký");
    let pdf = read(&builder.document);
    let font = pdf.one("/Subtype/Type0");
    let descendant = pdf.follow(font, "/DescendantFonts[");
    let widths = descendant.text.split("/W[0[").nth(1).unwrap().split(']').next().unwrap().split(' ').count();
    let map = text(&pdf.follow(font, "/ToUnicode ").data);
    for character in "Total: 12 € – Žluťoučký".chars() {
        assert!(map.contains(&format!("><{:04X}>", u32::from(character))), "{character}");
    }
    // Code 0 is the missing glyph.
    assert_eq!(map.matches("><").count() - 1, widths - 1, "{map}");
    assert!(font.text.contains("+Inter-Regular/Encoding/Identity-H"), "{}", font.text);
}

#[test]
fn digits_bring_all_digits_and_ten_letters_bring_the_alphabet() {
    let map_of = |content: &str| {
        let mut builder = Builder::new(vec![face("Inter_400Regular")]);
        builder.page(A4).text(0, 10.0, 50.0, 50.0, content);
        let pdf = read(&builder.document);
        text(&pdf.follow(pdf.one("/Subtype/Type0"), "/ToUnicode ").data)
    };
    let digits = map_of("7");
    assert!(('0'..='9').chain(".,-+/%".chars()).all(|c| digits.contains(&format!("><{:04X}>", u32::from(c)))));
    assert!(!digits.contains("><0061>"));
    let nine = map_of("abcdefghi");
    assert!(!nine.contains(&format!("><{:04X}>", u32::from('z'))));
    let ten = map_of("abcdefghij");
    assert!(('a'..='z').all(|c| ten.contains(&format!("><{:04X}>", u32::from(c)))) && !ten.contains("><0041>"));
}

#[test]
fn the_file_says_what_the_document_says() {
    let mut document = invoice(faces(), 7);
    document.metadata.title = "Invoice (7) – Žižkov".into();
    document.metadata.author = Some("A & B".into());
    document.metadata.keywords = vec!["one".into(), "two".into()];
    let pdf = read(&document);
    let information = pdf.one("/CreationDate");
    assert!(information.text.contains("/CreationDate(D:20231114221320Z)"));
    assert!(information.text.contains("/Author(A & B)/Keywords(one, two)/Producer(Chancery "), "{}", information.text);
    let packet = String::from_utf8(pdf.one("/Subtype/XML").data.clone()).unwrap();
    assert!(packet.contains("<rdf:li xml:lang=\"x-default\">Invoice (7) – Žižkov</rdf:li>"));
    assert!(packet.contains("<rdf:li>A &amp; B</rdf:li>"));
    let catalog = pdf.one("/Type/Catalog");
    assert!(catalog.text.contains("/Lang(en-GB)") && catalog.text.contains("/DisplayDocTitle true"));
}

#[test]
fn a_standard_is_claimed_only_where_it_was_asked_for_and_checked() {
    let claims = |profiles: &[Profile]| {
        let options = PdfOptions { profiles: profiles.to_vec(), ..PdfOptions::default() };
        let pdf = Pdf::read(&write(&invoice(faces(), 7), &options, &mut PdfCache::new()).unwrap());
        text(&pdf.one("/Subtype/XML").data).contains("pdfuaid")
    };
    assert!(!claims(&[]) && claims(&[Profile::PdfUa1]));
}

#[test]
fn the_id_changes_with_the_content_and_with_the_time() {
    let id = |document: &Document| {
        let trailer = read(document).trailer;
        let id = trailer.split("/ID[<").nth(1).unwrap().split('>').next().unwrap().to_owned();
        assert_eq!(id.len(), 32);
        id
    };
    let document = invoice(faces(), 7);
    let mut later = document.clone();
    later.metadata.created_ms += 1_000;
    assert_eq!(id(&document), id(&document.clone()));
    assert_ne!(id(&document), id(&later));
    assert_ne!(id(&document), id(&invoice(faces(), 8)));
}

#[test]
fn bookmarks_and_links_lead_to_pages() {
    let mut builder = Builder::new(faces());
    builder.page(A4);
    let element = builder.tagged(Role::Link, 0, 10.0, 50.0, 50.0, "Our site");
    builder.page(A4).text(0, 10.0, 50.0, 50.0, "Second");
    let rect = Rect { x: 50.0, y: 40.0, width: 60.0, height: 12.0 };
    let uri = Target::Uri("https://example.com/ä?(x)".into());
    builder.document.pages[0].links.push(Link { rect, target: uri, element: Some(element) });
    builder.document.pages[0].links.push(Link { rect, target: Target::Place { page: 1, y: 100.0 }, element: None });
    builder.document.bookmarks.push(Bookmark { level: 1, title: "Second page".into(), page: 1, y: 100.0 });
    let pdf = read(&builder.document);

    let link = pdf.one("/S/URI");
    assert!(link.text.contains("/URI(https://example.com/%C3%A4?\\(x\\))"), "{}", link.text);
    assert!(link.text.contains("/Rect[50 789.89 110 801.89 ]/Contents(Our site)"), "{}", link.text);
    let second = pdf.all("/Type/Page/")[1].0;
    let destination = format!("/Dest[{second} 0 R/XYZ null 741.89 null]");
    assert_eq!(pdf.all(&destination).len(), 2, "one link and one bookmark");
    let catalog = pdf.one("/Type/Catalog");
    assert!(pdf.follow(catalog, "/Outlines ").text.contains("/Count 1"));
    assert_eq!(number_after(&catalog.text, "/Pages "), pdf.all("/Type/Pages/")[0].0 as usize);
}
