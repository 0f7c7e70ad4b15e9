//! Tests of drawn pages: known colours at known places.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::sync::Arc;

use super::{Fit, ImageCache, ImageError, ImageFormat, ImageOptions, render_pages};
use crate::document::{
    Color, Document, Item, LineCap, LineJoin, Metadata, Page, Path, Point, Rect, RectItem, Segment, Size, Stroke,
    Transform,
};
use crate::limits::Limits;
use crate::picture::{self, Decoded, Picture, PictureData};

const RED: Color = Color::rgb(255, 0, 0);
const BLUE: Color = Color::rgb(0, 0, 255);

/// One page of 100 × 50 points.
fn page(items: Vec<Item>) -> Document {
    let page = Page { size: Size { width: 100.0, height: 50.0 }, items, ..Page::default() };
    Document { metadata: Metadata::default(), pages: vec![page], ..Document::default() }
}

fn filled(x: f32, y: f32, width: f32, height: f32, color: Color) -> Item {
    Item::Rect(RectItem { rect: Rect { x, y, width, height }, radius: 0.0, fill: Some(color), stroke: None })
}

/// Pixels of the first page, at one pixel a point.
struct Pixels {
    width: usize,
    channels: usize,
    samples: Vec<u8>,
}

impl Pixels {
    fn at(&self, x: usize, y: usize) -> Vec<u8> {
        let start = (y * self.width + x) * self.channels;
        let pixel = &self.samples[start..start + self.channels];
        if self.channels == 1 { vec![pixel[0]; 3] } else { pixel.to_vec() }
    }

    fn is_near(&self, x: usize, y: usize, expected: [u8; 3]) -> bool {
        self.at(x, y).iter().zip(expected).all(|(&sample, expected)| sample.abs_diff(expected) <= 3)
    }
}

fn draw_with(document: &Document, options: &ImageOptions) -> Pixels {
    let files = render_pages(document, options, &mut ImageCache::new()).unwrap();
    let mut decoder = ::png::Decoder::new(std::io::Cursor::new(&files[0]));
    decoder.set_transformations(::png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut samples = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut samples).unwrap();
    Pixels { width: frame.width as usize, channels: frame.color_type.samples(), samples }
}

fn draw(document: &Document) -> Pixels {
    draw_with(document, &ImageOptions { dpi: 72.0, ..ImageOptions::default() })
}

#[test]
fn rectangles_stand_where_the_document_says() {
    let pixels = draw(&page(vec![filled(10.0, 20.0, 30.0, 10.0, RED)]));
    for (x, y, expected) in [
        (10, 20, [255, 0, 0]),
        (39, 29, [255, 0, 0]),
        (9, 25, [255; 3]),
        (40, 25, [255; 3]),
        (20, 19, [255; 3]),
        (20, 30, [255; 3]),
    ] {
        assert!(pixels.is_near(x, y, expected), "{x}, {y}: {:?}", pixels.at(x, y));
    }
}

#[test]
fn transforms_and_clips_apply_to_what_is_pushed_and_to_nothing_after() {
    // A quarter turn clockwise around the page's centre (50, 25), then only the left half of what is turned.
    let transform = Transform { coefficients: [0.0, 1.0, -1.0, 0.0, 75.0, -25.0] };
    let clip = Some(Rect { x: 40.0, y: 15.0, width: 10.0, height: 20.0 });
    let pixels = draw(&page(vec![
        Item::Push { transform, clip, opacity: 1.0 },
        filled(40.0, 20.0, 20.0, 10.0, RED),
        Item::Pop,
        filled(0.0, 0.0, 5.0, 5.0, BLUE),
    ]));
    // The rectangle stands upright now: x 45 to 55, y 15 to 35; its left half became the upper one.
    assert!(pixels.is_near(50, 16, [255, 0, 0]) && pixels.is_near(46, 24, [255, 0, 0]));
    assert!(pixels.is_near(50, 26, [255; 3]) && pixels.is_near(42, 22, [255; 3]));
    assert!(pixels.is_near(2, 2, [0, 0, 255]));
}

#[test]
fn a_faded_group_fades_as_a_whole() {
    let pixels = draw(&page(vec![
        Item::Push { transform: Transform::IDENTITY, clip: None, opacity: 0.5 },
        filled(10.0, 10.0, 40.0, 20.0, RED),
        filled(20.0, 10.0, 40.0, 20.0, BLUE),
        Item::Pop,
    ]));
    assert!(pixels.is_near(15, 15, [255, 128, 128]), "{:?}", pixels.at(15, 15));
    assert!(pixels.is_near(30, 15, [128, 128, 255]), "no red shines through the blue: {:?}", pixels.at(30, 15));
}

#[test]
fn alpha_of_colours_lets_what_is_below_through() {
    let half = Color { alpha: 128, ..RED };
    let pixels = draw(&page(vec![filled(0.0, 0.0, 50.0, 50.0, BLUE), filled(25.0, 0.0, 50.0, 50.0, half)]));
    assert!(pixels.is_near(30, 25, [128, 0, 127]) && pixels.is_near(60, 25, [255, 127, 127]));
}

#[test]
fn strokes_are_centred_on_the_edge() {
    let stroke = Some(Stroke { color: RED, width: 4.0, dash: Vec::new(), cap: LineCap::Butt, join: LineJoin::Miter });
    let rect = Rect { x: 20.0, y: 10.0, width: 40.0, height: 20.0 };
    let pixels = draw(&page(vec![Item::Rect(RectItem { rect, radius: 0.0, fill: None, stroke })]));
    assert!(pixels.is_near(18, 20, [255, 0, 0]) && pixels.is_near(21, 20, [255, 0, 0]));
    assert!(pixels.is_near(17, 20, [255; 3]) && pixels.is_near(22, 20, [255; 3]));
}

#[test]
fn a_hole_stays_open_by_the_even_odd_rule_only() {
    let square =
        |low: f32, high: f32| [(low, low), (high, low), (high, high), (low, high)].map(|(x, y)| Point { x, y });
    for (even_odd, expected) in [(true, [255; 3]), (false, [255, 0, 0])] {
        let mut document = page(Vec::new());
        for [first, rest @ ..] in [square(10.0, 40.0), square(20.0, 30.0)] {
            document.segments.push(Segment::Move(first));
            document.segments.extend(rest.map(Segment::Line));
            document.segments.push(Segment::Close);
        }
        document.pages[0].items = vec![Item::Path(Path { segments: 0..10, fill: Some(RED), even_odd, stroke: None })];
        let pixels = draw(&document);
        assert!(pixels.is_near(25, 25, expected) && pixels.is_near(15, 15, [255, 0, 0]));
    }
}

#[test]
fn pictures_keep_their_orientation_and_transparency() {
    let mut document =
        page(vec![Item::Picture { picture: 0, rect: Rect { x: 20.0, y: 10.0, width: 40.0, height: 40.0 } }]);
    // Red over blue on the left; transparent over green on the right.
    let data = PictureData::Rgb(vec![255, 0, 0, 9, 9, 9, 0, 0, 255, 0, 255, 0]);
    document.pictures.push(Arc::new(Picture { width: 2, height: 2, data, alpha: Some(vec![255, 0, 255, 255]) }));
    let pixels = draw(&document);
    assert!(pixels.is_near(25, 15, [255, 0, 0]), "{:?}", pixels.at(25, 15));
    assert!(pixels.is_near(25, 45, [0, 0, 255]) && pixels.is_near(55, 45, [0, 255, 0]));
    assert!(pixels.is_near(57, 12, [255; 3]), "{:?}", pixels.at(57, 12));
}

#[test]
fn a_jpeg_shows_its_colours() {
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, 95);
    encoder.encode(&[200, 30, 40].repeat(256), 16, 16, jpeg_encoder::ColorType::Rgb).unwrap();
    let Decoded::Picture(picture) = picture::decode(&bytes, None, &Limits::default()).unwrap() else {
        panic!("no picture")
    };
    let mut document =
        page(vec![Item::Picture { picture: 0, rect: Rect { x: 20.0, y: 10.0, width: 40.0, height: 30.0 } }]);
    document.pictures.push(Arc::new(picture));
    let pixels = draw(&document);
    assert!(pixels.is_near(40, 25, [200, 30, 40]), "{:?}", pixels.at(40, 25));
}

#[test]
fn a_drawing_is_stretched_from_its_own_size_with_gradients_clips_and_groups() {
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'>\
        <linearGradient id='g'><stop stop-color='red'/><stop offset='1' stop-color='blue'/></linearGradient>\
        <rect width='10' height='4' fill='url(#g)'/>\
        <clipPath id='c'><rect x='0' y='5' width='5' height='5'/></clipPath>\
        <g clip-path='url(#c)' opacity='0.5'><rect y='5' width='10' height='5' fill='red'/>\
        <rect y='5' width='10' height='5' fill='lime'/></g></svg>";
    let Decoded::Drawing(drawing) = picture::decode(svg.as_bytes(), None, &Limits::default()).unwrap() else {
        panic!("no drawing")
    };
    let mut document =
        page(vec![Item::Drawing { drawing: 0, rect: Rect { x: 0.0, y: 0.0, width: 100.0, height: 50.0 } }]);
    document.drawings.push(Arc::new(drawing));
    let pixels = draw(&document);
    assert!(pixels.is_near(50, 10, [127, 0, 128]), "{:?}", pixels.at(50, 10));
    let (left, right) = (pixels.at(2, 10), pixels.at(97, 10));
    assert!(left[0] > 240 && left[2] < 15 && right[0] < 15 && right[2] > 240, "{left:?} {right:?}");
    assert!(pixels.is_near(25, 40, [128, 255, 128]), "{:?}", pixels.at(25, 40));
    assert!(pixels.is_near(75, 40, [255; 3]) && pixels.is_near(25, 22, [255; 3]));
}

#[test]
fn a_radial_gradient_is_round() {
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='50' height='50'>\
        <radialGradient id='g'><stop stop-color='black'/><stop offset='1' stop-color='white'/></radialGradient>\
        <rect width='50' height='50' fill='url(#g)'/></svg>";
    let Decoded::Drawing(drawing) = picture::decode(svg.as_bytes(), None, &Limits::default()).unwrap() else {
        panic!("no drawing")
    };
    let mut document =
        page(vec![Item::Drawing { drawing: 0, rect: Rect { x: 0.0, y: 0.0, width: 50.0, height: 50.0 } }]);
    document.drawings.push(Arc::new(drawing));
    let pixels = draw(&document);
    let (centre, half) = (pixels.at(25, 25)[0], pixels.at(37, 25)[0]);
    assert!(centre < 20 && half.abs_diff(128) < 12 && pixels.at(25, 37)[0].abs_diff(half) < 8, "{centre} {half}");
}

#[test]
fn text_is_drawn_and_unused_pages_are_not() {
    let mut builder = crate::pdf::testing::Builder::new(vec![crate::fonts::testing::face("Inter_400Regular")]);
    builder.page(Size { width: 100.0, height: 50.0 });
    builder.page(Size { width: 200.0, height: 50.0 }).text(0, 20.0, 10.0, 30.0, "IIII");
    let options = ImageOptions { dpi: 72.0, pages: 1..2, ..ImageOptions::default() };
    let pixels = draw_with(&builder.document, &options);
    assert_eq!((pixels.width, pixels.channels), (200, 1), "the second page, and it is grey");
    let dark = (0..pixels.width).filter(|&x| pixels.at(x, 23)[0] < 100).count();
    assert!((4..=16).contains(&dark), "{dark} dark pixels in four stems");
    assert!((0..100).all(|x| pixels.at(x + 100, 23)[0] == 255));
}

#[test]
fn the_same_document_gives_the_same_bytes_with_a_cold_and_a_warm_cache() {
    let document = page(vec![filled(10.3, 20.7, 30.0, 10.0, RED)]);
    let mut warm = ImageCache::new();
    for format in [ImageFormat::Png, ImageFormat::Jpeg { quality: 80 }] {
        let options = ImageOptions { format, ..ImageOptions::default() };
        let first = render_pages(&document, &options, &mut warm).unwrap();
        assert_eq!(first, render_pages(&document, &options, &mut warm).unwrap());
        assert_eq!(first, render_pages(&document, &options, &mut ImageCache::new()).unwrap());
    }
}

#[test]
fn the_size_is_that_of_the_page_at_the_resolution() {
    for (dpi, width) in [(72.0, 100), (36.0, 50), (150.0, 208), (300.0, 417)] {
        let pixels = draw_with(&page(Vec::new()), &ImageOptions { dpi, ..ImageOptions::default() });
        assert_eq!(pixels.width, width);
    }
}

#[test]
fn a_background_with_alpha_stays_transparent_in_a_png() {
    let background = Color { alpha: 0, ..Color::WHITE };
    let document = page(vec![filled(10.0, 10.0, 30.0, 10.0, Color { alpha: 128, ..RED })]);
    let pixels = draw_with(&document, &ImageOptions { dpi: 72.0, background, ..ImageOptions::default() });
    assert_eq!(pixels.at(80, 40)[3], 0);
    let inside = pixels.at(20, 15);
    assert!(inside[0] > 250 && inside[1] < 5 && inside[3].abs_diff(128) <= 2, "{inside:?}");
}

#[test]
fn a_jpeg_is_a_jpeg_of_the_right_size() {
    let options = ImageOptions { format: ImageFormat::Jpeg { quality: 90 }, ..ImageOptions::default() };
    let files = render_pages(&page(vec![filled(0.0, 0.0, 50.0, 50.0, RED)]), &options, &mut ImageCache::new()).unwrap();
    let Decoded::Picture(picture) = picture::decode(&files[0], None, &Limits::default()).unwrap() else {
        panic!("no picture")
    };
    assert_eq!((picture.width, picture.height), (208, 104));
    assert!(matches!(picture.data, PictureData::Jpeg { components: 3, .. }));
}

#[test]
fn pages_that_do_not_exist_are_errors() {
    for (start, end) in [(1, 2), (0, 2), (0, 0), (5, 3)] {
        let options = ImageOptions { pages: start..end, ..ImageOptions::default() };
        let result = render_pages(&page(Vec::new()), &options, &mut ImageCache::new());
        assert!(matches!(result, Err(ImageError::Pages { page_count: 1, .. })));
    }
}

#[test]
fn more_pixels_than_allowed_are_refused_before_anything_is_drawn() {
    for dpi in [1e6, f32::INFINITY, f32::NAN, 0.0, -5.0] {
        let options = ImageOptions { dpi, ..ImageOptions::default() };
        let result = render_pages(&page(Vec::new()), &options, &mut ImageCache::new());
        assert!(matches!(result, Err(ImageError::PixelCount { page: 1, .. })), "{dpi}");
    }
    let options = ImageOptions { dpi: 72.0, pixels_max: 4_999, ..ImageOptions::default() };
    assert!(render_pages(&page(Vec::new()), &options, &mut ImageCache::new()).is_err());
}

#[test]
fn a_page_fits_into_the_frame_without_being_distorted() {
    let fit = |width, height| ImageOptions { fit: Some(Fit { width, height }), ..ImageOptions::default() };
    for (options, expected) in [
        (fit(Some(200), None), (200, 100)),
        (fit(None, Some(20)), (40, 20)),
        (fit(Some(200), Some(20)), (40, 20)),
        (fit(Some(30), Some(900)), (30, 15)),
        (fit(None, None), (100, 50)),
        (fit(Some(1), None), (1, 1)),
    ] {
        let pixels = draw_with(&page(vec![filled(0.0, 0.0, 50.0, 50.0, RED)]), &options);
        assert_eq!((pixels.width, pixels.samples.len() / pixels.channels / pixels.width), expected, "{options:?}");
    }
}

#[test]
fn a_frame_of_no_pixel_or_of_too_many_is_refused() {
    for (width, height) in [(Some(u32::MAX), None), (None, Some(70_000)), (Some(0), None), (Some(60_000), Some(60_000))]
    {
        let options = ImageOptions { fit: Some(Fit { width, height }), ..ImageOptions::default() };
        let error = render_pages(&page(Vec::new()), &options, &mut ImageCache::new()).unwrap_err();
        assert!(matches!(error, ImageError::PixelCount { page: 1, .. }), "{width:?} {height:?}: {error}");
    }
    let options = ImageOptions {
        fit: Some(Fit { width: Some(16_384), height: None }),
        format: ImageFormat::Webp { quality: None },
        pixels_max: u32::MAX,
        ..ImageOptions::default()
    };
    let error = render_pages(&page(Vec::new()), &options, &mut ImageCache::new()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "page 1 would be 16384 × 8192 pixels, the limit is 4294967295 in all and 16383 a side"
    );
}

#[test]
fn thin_lines_are_a_pixel_wide_but_faint_in_an_overview() {
    let stroke =
        Some(Stroke { color: Color::BLACK, width: 0.1, dash: Vec::new(), cap: LineCap::Butt, join: LineJoin::Miter });
    let rect = Rect { x: -50.0, y: 20.0, width: 500.0, height: 500.0 };
    let document = page(vec![Item::Rect(RectItem { rect, radius: 0.0, fill: None, stroke })]);
    let darkest = |dpi| {
        let pixels = draw_with(&document, &ImageOptions { dpi, ..ImageOptions::default() });
        pixels.samples.iter().copied().min().unwrap()
    };
    assert!(darkest(72.0) < 140 && darkest(300.0) < 140, "{} {}", darkest(72.0), darkest(300.0));
    assert!(darkest(36.0) > 230, "{}", darkest(36.0));
}

#[test]
fn dots_and_dashes_of_any_length_are_drawn_and_do_not_take_forever() {
    let line = |end: f32, dash: Vec<f32>| {
        let mut document = page(Vec::new());
        document.segments = vec![Segment::Move(Point { x: 0.0, y: 25.0 }), Segment::Line(Point { x: end, y: 25.0 })];
        let stroke = Some(Stroke { color: Color::BLACK, width: 4.0, dash, cap: LineCap::Round, join: LineJoin::Miter });
        document.pages[0].items = vec![Item::Path(Path { segments: 0..2, fill: None, even_odd: false, stroke })];
        let pixels = draw(&document);
        (0..100).filter(|&x| pixels.at(x, 25)[0] < 128).count()
    };
    assert_eq!(line(1e6, Vec::new()), 100);
    let dots = line(1e6, vec![0.0, 10.0]);
    assert!((30..=50).contains(&dots), "{dots}");
    // So fine that it is a solid line; without that, a hundred million dashes.
    assert_eq!(line(1e6, vec![0.005, 0.005]), 100);
    assert_eq!(line(1e6, vec![0.0, 0.0]), 100);
    // So long that it is a solid line.
    assert_eq!(line(1e9, vec![0.0, 10.0]), 100);
}

#[test]
fn a_webp_keeps_pixels_and_transparency_and_is_smaller_with_a_quality() {
    let items = vec![filled(10.0, 10.0, 30.0, 10.0, RED), filled(60.0, 10.0, 30.0, 30.0, BLUE)];
    let draw = |quality, background| {
        let options =
            ImageOptions { dpi: 72.0, format: ImageFormat::Webp { quality }, background, ..ImageOptions::default() };
        let bytes = render_pages(&page(items.clone()), &options, &mut ImageCache::new()).unwrap().remove(0);
        let image = webp::Decoder::new(&bytes).decode().unwrap();
        assert_eq!((image.width(), image.height()), (100, 50));
        let channels = if image.is_alpha() { 4 } else { 3 };
        (
            image.chunks(channels).nth(15 * 100 + 20).unwrap().to_vec(),
            image.chunks(channels).nth(4_980).unwrap().to_vec(),
        )
    };
    assert_eq!(draw(None, Color::WHITE), (vec![255, 0, 0], vec![255; 3]));
    let (inside, outside) = draw(None, Color { alpha: 0, ..Color::WHITE });
    assert_eq!((inside, outside[3]), (vec![255, 0, 0, 255], 0));
    let (inside, outside) = draw(Some(80), Color::WHITE);
    assert!(inside[0] > 235 && inside[1] < 20 && outside.iter().all(|&sample| sample > 245), "{inside:?} {outside:?}");
}

#[test]
fn what_an_item_names_and_the_document_does_not_have_is_an_error() {
    let rect = Rect { x: 0.0, y: 0.0, width: 1.0, height: 1.0 };
    for (item, message) in [
        (Item::Picture { picture: 3, rect }, "an item names picture 3, which the document does not have"),
        (Item::Drawing { drawing: 0, rect }, "an item names drawing 0, which the document does not have"),
    ] {
        for format in [ImageFormat::Png, ImageFormat::Svg] {
            // The groups around it are closed, so that the cache serves the next page.
            let push = Item::Push { transform: Transform::IDENTITY, clip: Some(rect), opacity: 0.5 };
            let mut cache = ImageCache::new();
            let options = ImageOptions { format, ..ImageOptions::default() };
            let error = render_pages(&page(vec![push, item.clone()]), &options, &mut cache).unwrap_err();
            assert_eq!(error.to_string(), message);
            assert!(render_pages(&page(vec![filled(0.0, 0.0, 5.0, 5.0, RED)]), &options, &mut cache).is_ok());
        }
    }
}

#[test]
fn groups_without_end_and_ends_without_group_are_drawn_and_depth_is_bounded() {
    let push = || Item::Push { transform: Transform::IDENTITY, clip: None, opacity: 0.9 };
    let pixels = draw(&page(vec![Item::Pop, push(), filled(0.0, 0.0, 50.0, 50.0, RED)]));
    assert!(pixels.is_near(20, 20, [255, 26, 26]), "{:?}", pixels.at(20, 20));
    for format in [ImageFormat::Png, ImageFormat::Svg] {
        let items = (0..100_000).map(|_| push()).collect();
        let options = ImageOptions { format, ..ImageOptions::default() };
        let error = render_pages(&page(items), &options, &mut ImageCache::new()).unwrap_err();
        assert!(error.to_string().starts_with("groups are nested deeper than "), "{error}");
    }
}

#[test]
fn a_page_full_of_text_is_drawn_to_its_end() {
    // Letters of 100 pixels above the page, until masks are used up, and one on it.
    let mut builder = crate::pdf::testing::Builder::new(vec![crate::fonts::testing::face("Inter_400Regular")]);
    let page = builder.page(Size { width: 200.0, height: 100.0 });
    for _ in 0..60 {
        page.text(0, 100.0, 0.0, -500.0, &"M".repeat(100));
    }
    page.text(0, 100.0, 120.0, 90.0, "I");
    let alone = {
        let mut builder = crate::pdf::testing::Builder::new(vec![crate::fonts::testing::face("Inter_400Regular")]);
        builder.page(Size { width: 200.0, height: 100.0 }).text(0, 100.0, 120.0, 90.0, "I");
        draw(&builder.document)
    };
    let stem = (0..200).find(|&x| alone.at(x, 50)[0] < 10).unwrap();
    assert!(draw(&builder.document).at(stem, 50)[0] < 10);
}
