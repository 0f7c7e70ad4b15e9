//! Tests of documents that make no sense: an error or a valid file, never a panic.

use std::sync::Arc;

use super::super::testing::{A4, Builder, invoice};
use super::super::{PdfCache, PdfError, PdfOptions, write};
use super::reader::Pdf;
use super::{bytes, faces, read};
use crate::document::{
    Bookmark, Color, Document, ElementId, Item, LineCap, LineJoin, Link, Path, Point, Rect, RectItem, Role, Segment,
    Size, Stroke, Target, Transform,
};

fn fails(document: &Document) -> PdfError {
    write(document, &PdfOptions::default(), &mut PdfCache::new()).unwrap_err()
}

#[test]
fn a_document_without_pages_is_an_error() {
    assert_eq!(fails(&Document::default()), PdfError::NoPages);
}

#[test]
fn pages_of_impossible_size_are_errors() {
    for side in [0.0, -5.0, 2.9, 14_401.0, f32::NAN, f32::INFINITY] {
        let mut builder = Builder::new(faces());
        builder.page(A4).page(Size { width: side, height: 100.0 });
        assert!(matches!(fails(&builder.document), PdfError::PageSize { page: 2, .. }), "{side}");
    }
}

#[test]
fn an_empty_page_is_a_valid_file() {
    let mut builder = Builder::new(Vec::new());
    builder.page(A4);
    assert_eq!(read(&builder.document).content(0), "");
    let document = Document { pages: builder.document.pages, ..Document::default() };
    assert_eq!(read(&document).all("/Type/Page/").len(), 1);
}

#[test]
fn indexes_that_lead_nowhere_are_errors() {
    let rect = Rect { x: 1.0, y: 1.0, width: 1.0, height: 1.0 };
    let path = Path { segments: 5..9, fill: Some(Color::BLACK), even_odd: false, stroke: None };
    for item in [Item::Picture { picture: 3, rect }, Item::Drawing { drawing: 0, rect }, Item::Path(path)] {
        let mut builder = Builder::new(faces());
        builder.page(A4).item(item);
        assert!(matches!(fails(&builder.document), PdfError::Dangling { .. }));
    }
    type Damage = fn(&mut Document);
    let damages: [Damage; 4] = [
        |document| document.glyphs[3].id = 65_535,
        |document| document.glyphs.truncate(5),
        |document| document.faces.truncate(1),
        |document| {
            for item in &mut document.pages[0].items {
                if let Item::Glyphs(run) = item {
                    (run.glyphs.start, run.glyphs.end) = (9, 4);
                }
            }
        },
    ];
    for damage in damages {
        let mut document = invoice(faces(), 1);
        damage(&mut document);
        assert!(matches!(fails(&document), PdfError::Dangling { .. }));
    }
}

#[test]
fn text_ranges_that_lead_nowhere_are_no_text() {
    let mut document = invoice(faces(), 1);
    document.text.truncate(20);
    document.glyphs[0].text_start = u32::MAX;
    document.glyphs[1].text_length = u16::MAX;
    Pdf::read(&bytes(&document));
}

#[test]
fn numbers_that_make_no_sense_still_make_a_valid_file() {
    let mut builder = Builder::new(faces());
    builder.page(A4);
    let strange = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN_POSITIVE, -0.0];
    for value in strange {
        let rect = Rect { x: value, y: value, width: value, height: value };
        let stroke = Stroke {
            color: Color::BLACK,
            width: value,
            dash: vec![value, 1.0],
            cap: LineCap::Butt,
            join: LineJoin::Miter,
        };
        builder.item(Item::Rect(RectItem { rect, radius: value, fill: Some(Color::BLACK), stroke: Some(stroke) }));
        builder.item(Item::Push {
            transform: Transform { coefficients: [value; 6] },
            clip: Some(rect),
            opacity: value,
        });
        builder.text(0, value, value, value, "a").rect(rect, Color::BLACK).item(Item::Pop);
        builder.document.segments.push(Segment::Move(Point { x: value, y: value }));
        let target = Target::Place { page: u32::MAX, y: value };
        builder.document.pages[0].links.push(Link { rect, target, element: None });
        builder.document.bookmarks.push(Bookmark { level: 0, title: String::new(), page: u32::MAX, y: value });
    }
    for glyph in &mut builder.document.glyphs {
        (glyph.advance, glyph.x_offset, glyph.y_offset) = (i32::MIN, i16::MIN, i16::MAX);
    }
    let pdf = read(&builder.document);
    let content = pdf.content(0);
    assert!(!content.contains("NaN") && !content.contains("inf"), "{content}");
    assert_eq!(content.matches("q\n").count(), content.matches("Q\n").count());
}

#[test]
fn pushes_and_pops_that_do_not_match_are_balanced_in_the_file() {
    let mut builder = Builder::new(faces());
    let push = || Item::Push { transform: Transform::IDENTITY, clip: None, opacity: 1.0 };
    builder.page(A4).item(Item::Pop).item(push()).item(push()).text(0, 9.0, 50.0, 50.0, "a").item(Item::Pop);
    let content = read(&builder.document).content(0);
    assert_eq!((content.matches("q\n").count(), content.matches("Q\n").count()), (2, 2));
}

#[test]
fn groups_nested_too_deep_are_an_error_and_no_stack_overflow() {
    let mut builder = Builder::new(faces());
    builder.page(A4);
    for _ in 0..100_000 {
        builder.item(Item::Push { transform: Transform::IDENTITY, clip: None, opacity: 0.5 });
    }
    assert!(matches!(fails(&builder.document), PdfError::Depth { .. }));
}

#[test]
fn elements_with_parents_that_make_no_sense_become_roots() {
    let mut builder = Builder::new(faces());
    builder.page(A4);
    let element = builder.tagged(Role::Paragraph, 0, 9.0, 50.0, 50.0, "a");
    builder.document.structure.get_mut(element).unwrap().parent = Some(ElementId(77));
    builder.item(Item::Element(ElementId(1_000))).text(0, 9.0, 50.0, 70.0, "nobody's");
    let pdf = read(&builder.document);
    let (root, _) = pdf.all("/Type/StructTreeRoot")[0];
    assert!(pdf.one("/S/P/P").text.contains(&format!("/S/P/P {root} 0 R")));
    assert!(pdf.content(0).contains("/Artifact<</Type/Layout>>BDC"));
}

#[test]
fn a_face_whose_outlines_are_damaged_is_an_error() {
    let mut font = crate::fonts::testing::bytes("Inter_400Regular").to_vec();
    let count = usize::from(u16::from_be_bytes([font[4], font[5]]));
    let record = (0..count).map(|index| 12 + 16 * index).find(|&at| &font[at..at + 4] == b"glyf").unwrap();
    font[record..record + 4].copy_from_slice(b"glyX");
    let face = crate::fonts::Face::parse(font.into(), 0).unwrap();
    let mut builder = Builder::new(vec![Arc::new(face)]);
    builder.page(A4).text(0, 9.0, 50.0, 50.0, "a");
    assert!(matches!(fails(&builder.document), PdfError::Font { .. }));
}
