//! Tests of SVG: another reader of SVG understands it, and it shows what the other formats show.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::sync::Arc;

use super::super::{ImageCache, ImageFormat, ImageOptions, render_pages};
use crate::document::{
    Color, Document, Item, LineCap, LineJoin, Link, Metadata, Page, Path, Point, Rect, RectItem, Segment, Size, Stroke,
    Target, Transform,
};
use crate::fonts::testing;
use crate::limits::Limits;
use crate::pdf::testing::Builder;
use crate::picture::{self, Decoded, Gradient, GradientShape, GradientStop, Picture, PictureData};

const TEAL: Color = Color::rgb(15, 107, 107);

fn svg(document: &Document) -> String {
    let options = ImageOptions { format: ImageFormat::Svg, ..ImageOptions::default() };
    String::from_utf8(render_pages(document, &options, &mut ImageCache::new()).unwrap().remove(0)).unwrap()
}

/// Text, a gradient, strokes, a turned and faded group with a clip, and a drawing.
fn document() -> Document {
    let mut builder = Builder::new(vec![testing::face("Inter_400Regular")]);
    builder.page(Size { width: 200.0, height: 100.0 }).text(0, 20.0, 12.0, 30.0, "Ägypten AV");
    let mut document = builder.document;
    let at = |x, y| Point { x, y };
    document.segments = vec![
        Segment::Move(at(10.0, 50.0)),
        Segment::Line(at(90.0, 50.0)),
        Segment::Cubic(at(110.0, 60.0), at(70.0, 90.0), at(30.0, 90.0)),
        Segment::Close,
    ];
    let red = Color::rgb(200, 20, 40);
    let stop = |offset, color| GradientStop { offset, color };
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'><path d='M1 1h6v3z' fill='#136'/>\
               <g opacity='.5'><circle cx='4' cy='5' r='2.5' fill='red'/></g></svg>";
    let Decoded::Drawing(drawing) = picture::decode(svg.as_bytes(), None, &Limits::default()).unwrap() else {
        panic!("no drawing")
    };
    document.drawings.push(Arc::new(drawing));
    let turned = Transform { coefficients: [0.9, 0.2, -0.2, 0.9, 20.0, -20.0] };
    let stroke = Stroke { color: TEAL, width: 3.0, dash: vec![8.0, 3.0], cap: LineCap::Butt, join: LineJoin::Round };
    let rect = Rect { x: 120.0, y: 10.0, width: 60.0, height: 30.0 };
    document.pages[0].items.extend([
        Item::Gradient(Box::new(Gradient {
            segments: 0..4,
            even_odd: false,
            shape: GradientShape::Linear { start: at(0.0, 0.0), end: at(1.0, 0.0) },
            transform: Transform { coefficients: [80.0, 0.0, 0.0, 40.0, 10.0, 50.0] },
            stops: vec![stop(0.0, red), stop(0.4, Color::WHITE), stop(1.0, TEAL)],
        })),
        Item::Rect(RectItem { rect, radius: 6.0, fill: Some(Color { alpha: 100, ..red }), stroke: Some(stroke) }),
        Item::Push {
            transform: turned,
            clip: Some(Rect { x: 110.0, y: 50.0, width: 60.0, height: 35.0 }),
            opacity: 0.6,
        },
        Item::Path(Path { segments: 0..4, fill: Some(red), even_odd: true, stroke: None }),
        Item::Rect(RectItem {
            rect: Rect { x: 120.0, y: 40.0, width: 90.0, height: 30.0 },
            radius: 0.0,
            fill: Some(TEAL),
            stroke: None,
        }),
        Item::Pop,
        Item::Drawing { drawing: 0, rect: Rect { x: 150.0, y: 55.0, width: 40.0, height: 40.0 } },
    ]);
    document
}

#[test]
fn another_reader_sees_the_same_picture() {
    let document = document();
    let Decoded::Drawing(drawing) = picture::decode(svg(&document).as_bytes(), None, &Limits::default()).unwrap()
    else {
        panic!("no drawing")
    };
    let size = Size { width: 200.0, height: 100.0 };
    let rect = Rect { x: 0.0, y: 0.0, width: 200.0, height: 100.0 };
    let page = Page { size, items: vec![Item::Drawing { drawing: 0, rect }], ..Page::default() };
    let read_back = Document { pages: vec![page], drawings: vec![Arc::new(drawing)], ..Document::default() };
    let pixels = |document: &Document| {
        // Large enough that letters are drawn as paths in both.
        let options =
            ImageOptions { dpi: 600.0, background: Color { alpha: 254, ..Color::WHITE }, ..ImageOptions::default() };
        let bytes = render_pages(document, &options, &mut ImageCache::new()).unwrap().remove(0);
        let mut reader = ::png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut samples = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut samples).unwrap();
        samples
    };
    let (direct, read_back) = (pixels(&document), pixels(&read_back));
    assert_eq!(direct.len(), read_back.len());
    let painted = direct.chunks(4).filter(|pixel| pixel[1] < 200).count();
    assert!(painted > 100_000, "{painted} pixels are painted");
    let different = direct.iter().zip(&read_back).filter(|(a, b)| a.abs_diff(**b) > 24).count();
    assert!(different * 200 < direct.len(), "{different} of {} samples differ", direct.len());
}

#[test]
fn a_glyph_is_defined_once_and_used_where_it_stands() {
    let mut builder = Builder::new(vec![testing::face("Inter_400Regular")]);
    builder
        .page(Size { width: 200.0, height: 50.0 })
        .text(0, 20.0, 10.0, 30.0, "anna")
        .text(0, 9.0, 10.0, 45.0, "an a");
    let text = svg(&builder.document);
    assert_eq!(text.matches("<path id=\"g").count(), 2, "{text}");
    assert_eq!(text.matches("<use href=\"#g").count(), 7, "a space has no outline: {text}");
}

#[test]
fn titles_links_and_languages_are_escaped() {
    let metadata = Metadata { title: "A & B <\u{1}> \"C\"".into(), language: "en-GB".into(), ..Metadata::default() };
    let rect = Rect { x: 1.0, y: 2.0, width: 3.0, height: 4.5 };
    let link = |target| Link { rect, target, element: None };
    let links = vec![
        link(Target::Uri("https://example.com/?a=1&b=\"<script>".into())),
        link(Target::Place { page: 0, y: 3.0 }),
    ];
    let page = Page { size: Size { width: 10.0, height: 10.0 }, links, ..Page::default() };
    let text = svg(&Document { metadata, pages: vec![page], ..Document::default() });
    assert_eq!(
        text,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10pt\" height=\"10pt\" viewBox=\"0 0 10 10\" \
         xml:lang=\"en-GB\" stroke-miterlimit=\"10\">\n\
         <title>A &amp; B &lt;\u{FFFD}&gt; &quot;C&quot;</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n\
         <a href=\"https://example.com/?a=1&amp;b=&quot;&lt;script&gt;\"><rect x=\"1\" y=\"2\" width=\"3\" \
         height=\"4.5\" fill=\"none\" pointer-events=\"all\"/></a>\n</svg>\n"
    );
}

#[test]
fn a_picture_is_inside_once_and_a_transparent_page_has_no_paper() {
    let rect = Rect { x: 0.0, y: 0.0, width: 20.0, height: 10.0 };
    let mut document = Document {
        pages: vec![Page { size: Size { width: 50.0, height: 50.0 }, ..Page::default() }],
        ..Document::default()
    };
    let data = PictureData::Rgb(vec![9; 2 * 2 * 3]);
    document.pictures.push(Arc::new(Picture { width: 2, height: 2, data, alpha: Some(vec![255, 0, 0, 255]) }));
    document.pages[0].items = vec![Item::Picture { picture: 0, rect }, Item::Picture { picture: 0, rect }];
    let background = Color { alpha: 0, ..Color::WHITE };
    let options = ImageOptions { format: ImageFormat::Svg, background, ..ImageOptions::default() };
    let text = String::from_utf8(render_pages(&document, &options, &mut ImageCache::new()).unwrap().remove(0)).unwrap();
    assert_eq!(text.matches("data:image/png;base64,").count(), 1);
    assert_eq!(text.matches("<use href=\"#i0\" transform=\"matrix(10 0 0 5 0 0)\"/>").count(), 2, "{text}");
    assert!(!text.contains("100%"));
    let start = text.find("data:image/png").unwrap();
    let end = start + text[start..].find('"').unwrap();
    let bytes = picture::data_url(&text[start..end]).unwrap();
    let Decoded::Picture(picture) = picture::decode(&bytes, None, &Limits::default()).unwrap() else {
        panic!("no picture")
    };
    assert_eq!((picture.width, picture.alpha), (2, Some(vec![255, 0, 0, 255])));
}
