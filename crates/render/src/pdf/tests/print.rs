//! Tests of what a press reads: inks, boxes, marks, masks, PDF/X-4.

use std::sync::Arc;

use super::super::testing::{A4, Builder};
use super::super::{PdfCache, PdfOptions, Purpose, write, write_pages};
use super::{Pdf, faces, read};
use crate::conformance::{Conformance, Profile};
use crate::document::{
    Color, Ink, Item, Point, PrinterMark, PrintingCondition, Rect, RectItem, Role, Segment, Sheet, Spot, Stroke,
    Transform,
};
use crate::picture::{Gradient, GradientShape, GradientStop};

const RECT: Rect = Rect { x: 0.0, y: 0.0, width: 10.0, height: 10.0 };

fn untagged() -> Builder {
    let mut builder = Builder::new(faces());
    builder.document.structure.elements.clear();
    builder.document.spots = Arc::new([Spot { name: "PANTONE 186 C".into(), process: [0, 100, 80, 5] }]);
    builder.page(A4);
    builder
}

fn spot(tint: u8) -> Color {
    Color { ink: Ink::spot(0, tint), ..Color::rgb(200, 0, 40) }
}

fn exchange(builder: &Builder, more: &[Profile]) -> Pdf {
    let profiles = [&[Profile::PdfX4], more].concat();
    let options = PdfOptions { profiles, ..PdfOptions::default() };
    Pdf::read(&write(&builder.document, &options, &mut PdfCache::new()).unwrap())
}

#[test]
fn inks_are_written_as_inks_and_back_to_the_screen_again() {
    let mut builder = untagged();
    builder.rect(RECT, Color::process([0, 80, 95, 0])).rect(RECT, spot(100)).rect(RECT, spot(30));
    builder.rect(RECT, Color::rgb(255, 0, 0));
    let pdf = read(&builder.document);
    assert_eq!(
        pdf.content(0),
        "0 .8 .95 0 k\n0 831.89 10 10 re\nf\n/C0 cs 1 scn\n0 831.89 10 10 re\nf\n/C0 cs .3 scn\n0 831.89 10 10 re\nf\n\
         1 0 0 rg\n0 831.89 10 10 re\nf\n"
    );
    let resources = &pdf.one("/ColorSpace<<").text;
    assert!(
        resources.contains(
            "/C0[/Separation/PANTONE#20186#20C/DeviceCMYK<</FunctionType 2/Domain[0 1]/N 1/C0[0 0 0 0]/C1[0 1 .8 .05 ]>>]"
        ),
        "{resources}"
    );
}

#[test]
fn a_screen_sees_colours_without_inks_and_the_page_without_its_sheet() {
    let mut builder = untagged();
    builder.document.sheet = Some(Box::new(Sheet { bleed: [9.0; 4], marks: vec![PrinterMark::Crop] }));
    builder.rect(RECT, spot(100));
    let options = PdfOptions { compression: 0, tagged: false, profiles: Vec::new() };
    let none = Conformance::default();
    let bytes = write_pages(&builder.document, &options, &none, &mut PdfCache::new(), 0..1, Purpose::Screen).unwrap();
    let pdf = Pdf::read(&bytes);
    assert_eq!(pdf.content(0), ".784 0 .157 rg\n0 831.89 10 10 re\nf\n");
    let page = &pdf.one("/Type/Page/").text;
    assert!(page.contains("/MediaBox[0 0 595.28 841.89]") && !page.contains("Box[-"), "{page}");
    assert!(pdf.all("Separation").is_empty());
}

#[test]
fn what_overprints_says_so_for_fills_and_strokes_apart_and_only_while_it_does() {
    let mut builder = untagged();
    let over = Color { ink: Ink::process([0, 0, 0, 100]).overprinting(), ..Color::BLACK };
    let plain = Color::process([0, 0, 0, 50]);
    let stroke = Stroke {
        color: over,
        width: 1.0,
        dash: Vec::new(),
        cap: crate::document::LineCap::Butt,
        join: crate::document::LineJoin::Miter,
    };
    builder.rect(RECT, over).rect(RECT, plain);
    builder.item(Item::Rect(RectItem { rect: RECT, radius: 0.0, fill: Some(plain), stroke: Some(stroke) }));
    let pdf = read(&builder.document);
    let content = pdf.content(0);
    let states: Vec<&str> = content.lines().filter(|line| line.ends_with(" gs")).collect();
    assert_eq!(states, ["/o1 gs", "/o0 gs", "/o2 gs"], "{content}");
    let states = &pdf.one("/ExtGState<<").text;
    assert!(states.contains("/o1<</op true/OP false/OPM 1>>") && states.contains("/o2<</op false/OP true/OPM 1>>"));
}

#[test]
fn the_boxes_and_marks_lie_around_the_trim_and_content_ends_with_the_bleed() {
    let mut builder = untagged();
    let marks = vec![PrinterMark::Crop, PrinterMark::Registration, PrinterMark::Colors];
    builder.document.sheet = Some(Box::new(Sheet { bleed: [8.5; 4], marks }));
    builder.rect(RECT, Color::BLACK);
    let pdf = read(&builder.document);
    let page = &pdf.one("/Type/Page/").text;
    assert!(
        page.contains(
            "/MediaBox[-32.5 -32.5 627.78 874.39]/BleedBox[-8.5 -8.5 603.78 850.39]/TrimBox[0 0 595.28 841.89]"
        ),
        "{page}"
    );
    let content = pdf.content(0);
    assert!(content.starts_with("q\n-8.5 -8.5 612.28 858.89 re\nW n\n0 831.89 10 10 re\nf\nQ\n"), "{content}");
    // Eight lines where it is cut, two for each target, in the colour of all plates.
    let marks = content.split_once("Q\n").unwrap().1;
    assert!(marks.starts_with("/CA CS 1 SCN\n.25 w\n-12.5 841.89 m\n-27.5 841.89 l\n"), "{marks}");
    assert_eq!((marks.matches(" l\n").count(), marks.matches(" c\n").count()), (8 + 8, 16));
    // Four inks and the spot, full and half.
    assert_eq!((marks.matches(" re\n").count(), marks.matches(" scn\n").count()), (10, 2));
    assert!(pdf.one("/ColorSpace<<").text.contains("/CA[/Separation/All/DeviceCMYK"));
}

fn gradient(builder: &mut Builder, stops: [Color; 2]) {
    let segments = &mut builder.document.segments;
    let start = u32::try_from(segments.len()).unwrap();
    let point = |x, y| Point { x, y };
    segments.extend([
        Segment::Move(point(10.0, 10.0)),
        Segment::Line(point(50.0, 10.0)),
        Segment::Line(point(50.0, 40.0)),
    ]);
    let stops = [0.0, 1.0].into_iter().zip(stops).map(|(offset, color)| GradientStop { offset, color }).collect();
    let shape = GradientShape::Linear { start: point(10.0, 10.0), end: point(50.0, 10.0) };
    let transform = Transform::IDENTITY;
    let gradient = Gradient { segments: start..start + 3, even_odd: false, shape, transform, stops };
    builder.item(Item::Gradient(Box::new(gradient)));
}

#[test]
fn a_gradient_that_fades_is_masked_by_itself_in_grey() {
    let mut builder = untagged();
    gradient(&mut builder, [Color::rgb(255, 0, 0), Color::rgba(255, 0, 0, 51)]);
    gradient(&mut builder, [Color::rgb(255, 0, 0), Color::rgb(0, 0, 255)]);
    let pdf = read(&builder.document);
    let content = pdf.content(0);
    assert_eq!(content.matches("/M0 gs\n").count(), 1, "{content}");
    assert!(content.contains("q\n/M0 gs\n10 831.89 m\n"), "{content}");
    let mask = pdf.one("/S/Transparency/CS/DeviceGray");
    assert!(mask.text.contains("/ColorSpace/DeviceGray") && mask.text.contains("/C0[1 ]/C1[.2 ]"), "{}", mask.text);
    assert!(mask.text.contains("/BBox[9 800.89 51 832.89 ]"), "{}", mask.text);
    assert!(super::reader::text(&mask.data).ends_with("/S0 sh\n"));
    assert!(pdf.one("/ExtGState<<").text.contains("/M0<</SMask<</S/Luminosity/G "));
}

#[test]
fn gradients_of_inks_stay_in_their_inks() {
    for (stops, space, ends) in [
        (
            [Color::process([0, 80, 0, 0]), Color::process([100, 0, 0, 20])],
            "/DeviceCMYK",
            "/C0[0 .8 0 0 ]/C1[1 0 0 .2 ]",
        ),
        ([Color::process([0, 80, 0, 0]), Color::WHITE], "/DeviceCMYK", "/C0[0 .8 0 0 ]/C1[0 0 0 0 ]"),
        ([spot(100), spot(20)], "[/Separation/PANTONE#20186#20C", "/C0[1 ]/C1[.2 ]"),
        ([Color::WHITE, spot(100)], "[/Separation/PANTONE#20186#20C", "/C0[0 ]/C1[1 ]"),
        ([spot(50), Color::process([0, 0, 0, 10])], "/DeviceCMYK", "/C0[0 .5 .4 .02 ]/C1[0 0 0 .1 ]"),
        ([spot(50), Color::rgb(0, 0, 255)], "/DeviceRGB", "/C1[0 0 1 ]"),
    ] {
        let mut builder = untagged();
        gradient(&mut builder, stops);
        let shading = &read(&builder.document).one("/Shading<<").text.clone();
        assert!(shading.contains(&format!("/ColorSpace{space}")) && shading.contains(ends), "{stops:?}: {shading}");
    }
}

#[test]
fn what_follows_a_clip_is_inside_of_its_path_until_it_ends() {
    let mut builder = untagged();
    let point = |x, y| Point { x, y };
    builder.document.segments.extend([Segment::Move(point(0.0, 0.0)), Segment::Line(point(9.0, 9.0))]);
    builder.item(Item::PushClip { segments: 0..2, even_odd: true }).rect(RECT, Color::BLACK).item(Item::Pop);
    builder.rect(RECT, Color::BLACK);
    assert_eq!(
        read(&builder.document).content(0),
        "q\n0 841.89 m\n9 832.89 l\nW* n\n0 831.89 10 10 re\nf\nQ\n0 831.89 10 10 re\nf\n"
    );
    builder.item(Item::PushClip { segments: 0..9, even_odd: true });
    let error = write(&builder.document, &PdfOptions::default(), &mut PdfCache::new()).unwrap_err();
    assert_eq!(error.to_string(), "the document names segment 9, which it does not have");
}

#[test]
fn pdf_x_4_has_its_version_boxes_intent_trapping_and_name() {
    let mut builder = Builder::new(faces());
    builder.page(A4);
    builder.tagged(Role::Paragraph, 0, 10.0, 20.0, 20.0, "Text");
    let pdf = exchange(&builder, &[]);
    let page = &pdf.one("/Type/Page/").text;
    assert!(page.contains("/MediaBox[0 0 595.28 841.89]/BleedBox[0 0 595.28 841.89]/TrimBox[0 0 595.28 841.89]"));
    let catalog = pdf.one("/Type/Catalog");
    assert!(
        catalog
            .text
            .contains("/OutputIntents[<</Type/OutputIntent/S/GTS_PDFX/OutputConditionIdentifier(Chancery offset")
            && !catalog.text.contains("GTS_PDFA1"),
        "{}",
        catalog.text
    );
    let profile = pdf.follow(catalog, "/DestOutputProfile ");
    assert!(profile.text.contains("/N 4") && profile.data.get(12..20) == Some(b"prtrCMYK"));
    assert!(pdf.one("/CreationDate").text.contains("/Trapped/False"));
    assert!(pdf.one("/ColorSpace<<").text.contains("/DefaultRGB[/ICCBased "));
    let packet = super::reader::text(&pdf.one("/Type/Metadata").data);
    for element in [
        "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>",
        "<pdf:Trapped>False</pdf:Trapped>",
        "<xmpMM:VersionID>1</xmpMM:VersionID>",
        "<xmpMM:RenditionClass>default</xmpMM:RenditionClass>",
        "<xmpMM:DocumentID>uuid:",
    ] {
        assert!(packet.contains(element), "{element} is not in {packet}");
    }
    assert!(!packet.contains("pdfaExtension"));
}

#[test]
fn with_pdf_a_both_intents_lead_to_the_press_that_the_template_names() {
    let mut builder = untagged();
    builder.text(0, 10.0, 20.0, 20.0, "Text");
    let condition = PrintingCondition { identifier: "FOGRA51".into(), profile: b"a profile of some press".to_vec() };
    builder.document.condition = Some(Arc::new(condition));
    let pdf = exchange(&builder, &[Profile::PdfA2b]);
    let catalog = &pdf.one("/Type/Catalog").text;
    for subtype in ["GTS_PDFX", "GTS_PDFA1"] {
        assert!(catalog.contains(&format!("/S/{subtype}/OutputConditionIdentifier(FOGRA51)")), "{catalog}");
    }
    let ids: Vec<&str> =
        catalog.split("/DestOutputProfile ").skip(1).map(|rest| rest.split(' ').next().unwrap()).collect();
    assert!(ids.len() == 2 && ids[0] == ids[1], "{ids:?}");
    assert_eq!(pdf.objects[&ids[0].parse().unwrap()].data, b"a profile of some press");
    let packet = super::reader::text(&pdf.one("/Type/Metadata").data);
    assert!(packet.contains("<pdfaProperty:name>GTS_PDFXVersion</pdfaProperty:name>"), "{packet}");
}
