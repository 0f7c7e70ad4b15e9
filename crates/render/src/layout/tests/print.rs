//! Inks, bleed, cut pictures and shadows of shapes: what comes to stand on the display list.

use serde_json::{Value as Json, json};

use super::{document, errors, render, template};
use crate::document::{Color, Document, Ink, InkKind, Item, PrinterMark, Rect, Segment, Sheet};
use crate::picture::PictureData;

/// A PNG of two pixels, black and white.
const PIXELS: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR42mNg+A8AAQIBANEay48AAAAASUVORK5CYII=";

fn with_colors(node: Json) -> Json {
    let mut template = template(json!([node]));
    template["colors"] = json!({
        "brand": { "spot": "PANTONE 186 C", "cmyk": [0, 100, 80, 5] },
        "over": { "cmyk": [0, 0, 0, 100], "overprint": true },
        "sea": "#0080ff",
    });
    template
}

fn fill_of(document: &Document) -> Color {
    let fills = document.pages[0].items.iter().find_map(|item| match item {
        Item::Rect(rect) => rect.fill,
        _ => None,
    });
    fills.unwrap()
}

fn filled(fill: &str) -> Color {
    fill_of(&document(&with_colors(json!({ "kind": "rect", "size": [10, 10], "fill": fill }))))
}

#[test]
fn colours_are_found_by_name_with_their_tints() {
    assert_eq!(filled("sea"), Color::rgb(0, 128, 255));
    assert_eq!(filled("sea 50%"), Color::rgb(127, 191, 255));
    assert_eq!(filled("brand").ink, Ink::spot(0, 100));
    assert_eq!(filled("brand 30%").ink, Ink::spot(0, 30));
    assert_eq!(filled("cmyk(0 80 95 0)").ink.kind(), InkKind::Process([0, 80, 95, 0]));
    let over = filled("over");
    assert_eq!((over.ink.kind(), over.ink.overprints()), (InkKind::Process([0, 0, 0, 100]), true));
    assert!(over.red < 50 && over.alpha == 255, "it looks black: {over:?}");
}

#[test]
fn expressions_give_inks_too_and_say_what_is_none() {
    let node = json!({ "kind": "rect", "size": [10, 10], "bind": { "fill": "data.fill" } });
    let template = with_colors(node);
    let rendered = render(&template, &json!({ "fill": "brand 40%" }));
    assert_eq!(fill_of(&rendered.document).ink, Ink::spot(0, 40));
    assert_eq!(
        errors(&template, &json!({ "fill": "brnd 40%" })),
        "error[expression-failed] at /body/nodes/0/bind/fill (node body.0): \"brnd 40%\" is not a colour such as \"#1b1f24\""
    );
}

#[test]
fn a_document_is_made_for_a_press_only_when_something_asks_for_it() {
    let plain = document(&template(json!([{ "kind": "rect", "size": [10, 10], "fill": "#ff0000" }])));
    assert!(!plain.is_print() && plain.sheet.is_none() && plain.spots.is_empty());
    let inked = document(&template(json!([{ "kind": "rect", "size": [10, 10], "fill": "cmyk(0 0 0 1)" }])));
    assert!(inked.is_print());
    let spot = document(&with_colors(json!({ "kind": "rect", "size": [10, 10] })));
    assert_eq!(spot.spots[0].name, "PANTONE 186 C");
    assert!(spot.is_print());
}

#[test]
fn paper_goes_on_into_the_bleed_and_coordinates_stay_those_of_the_trim() {
    let mut template = template(json!([{ "kind": "rect", "size": [10, 10], "fill": "#ff0000" }]));
    template["page"] = json!({ "size": [200, 100], "margin": 0, "fill": "#eeeeee", "bleed": [1, 2, 3, 4],
        "marks": ["colors", "crop", "crop"] });
    let document = document(&template);
    let sheet = Sheet { bleed: [1.0, 2.0, 3.0, 4.0], marks: vec![PrinterMark::Crop, PrinterMark::Colors] };
    assert_eq!(document.sheet.as_deref(), Some(&sheet));
    let rects = super::rects(&document, 0);
    assert_eq!(rects[0], Rect { x: -4.0, y: -1.0, width: 206.0, height: 104.0 });
    assert_eq!(rects[1], Rect { x: 0.0, y: 0.0, width: 10.0, height: 10.0 });
}

fn image(properties: Json) -> Document {
    let mut node = json!({ "kind": "image", "size": [100, 50], "source": PIXELS, "fit": "fill" });
    node.as_object_mut().unwrap().extend(properties.as_object().unwrap().clone());
    document(&template(json!([node])))
}

fn picture_rect(document: &Document) -> Rect {
    let items = document.pages[0].items.iter();
    items.filter_map(|item| if let Item::Picture { rect, .. } = item { Some(*rect) } else { None }).next().unwrap()
}

fn clips(document: &Document) -> Vec<Vec<Segment>> {
    let items = document.pages[0].items.iter();
    let paths = items.filter_map(|item| match item {
        Item::PushClip { segments, .. } => Some(segments.start as usize..segments.end as usize),
        _ => None,
    });
    paths.map(|range| document.segments[range].to_vec()).collect()
}

#[test]
fn a_crop_moves_the_picture_so_that_its_part_fills_the_box() {
    for crop in [json!({ "at": [0.5, 0], "size": [0.5, 1] }), json!({ "unit": "pixel", "at": [1, 0], "size": [1, 1] })]
    {
        let document = image(json!({ "crop": crop }));
        assert_eq!(picture_rect(&document), Rect { x: -100.0, y: 0.0, width: 200.0, height: 50.0 });
        assert_eq!(clips(&document).len(), 1);
    }
    let whole = image(json!({}));
    assert_eq!(picture_rect(&whole), Rect { x: 0.0, y: 0.0, width: 100.0, height: 50.0 });
    assert!(clips(&whole).is_empty());
}

#[test]
fn a_crop_outside_of_the_picture_shows_nothing_and_one_beyond_its_shares_is_refused() {
    let outside = image(json!({ "crop": { "unit": "pixel", "at": [9, 9], "size": [5, 5] } }));
    assert!(!outside.pages[0].items.iter().any(|item| matches!(item, Item::Picture { .. })));
    let node = json!({ "kind": "image", "source": PIXELS, "crop": { "at": [0.5, 0], "size": [0.6, 1] } });
    assert_eq!(
        errors(&template(json!([node])), &json!({})),
        "error[invalid-value] at /body/nodes/0/crop/size (node body.0): a crop is a rectangle inside of the picture\n  \
         hint: shares go from 0 to 1; for pixels, say \"unit\": \"pixel\""
    );
}

#[test]
fn masks_clip_to_their_shape_stretched_to_the_picture() {
    let ellipse = clips(&image(json!({ "mask": "ellipse" })));
    assert!(matches!(ellipse[0][0], Segment::Move(point) if (point.x, point.y) == (100.0, 25.0)));
    let triangle = clips(&image(json!({ "mask": { "path": "M0 0 L4 0 L0 2 Z" } })));
    assert!(matches!(triangle[0][1], Segment::Line(point) if (point.x, point.y) == (100.0, 0.0)));
    assert!(matches!(triangle[0][2], Segment::Line(point) if (point.x, point.y) == (0.0, 50.0)));
    let round = clips(&image(json!({ "radius": 10 })));
    assert!(matches!(round[0][0], Segment::Move(point) if (point.x, point.y) == (10.0, 0.0)));
}

#[test]
fn a_picture_as_mask_gives_its_light_as_opacity() {
    let document = image(json!({ "mask": PIXELS }));
    let Some(Item::Picture { picture, .. }) =
        document.pages[0].items.iter().find(|item| matches!(item, Item::Picture { .. }))
    else {
        panic!("no picture")
    };
    assert_eq!(document.pictures[*picture as usize].alpha.as_deref(), Some(&[0, 255][..]));
    let drawing = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='4' height='4'><rect width='4' height='4'/></svg>";
    let node = json!({ "kind": "image", "source": PIXELS, "mask": drawing });
    assert_eq!(
        errors(&template(json!([node])), &json!({})),
        "error[invalid-image] at /body/nodes/0/mask (node body.0): a mask is a PNG, and what it masks is a PNG or a JPEG\n  \
         hint: for a drawing or a page, use a mask with a `path`"
    );
}

#[test]
fn shapes_throw_soft_shadows_as_pictures_and_hard_ones_as_paths() {
    let node = |blur: f64| {
        json!({ "kind": "polygon", "points": [[10, 10], [50, 10], [30, 40]], "fill": "#ff0000",
            "shadow": { "offset": [5, 6], "blur": blur, "color": "#00000080" } })
    };
    let soft = document(&template(json!([node(6.0)])));
    let rect = picture_rect(&soft);
    assert!((rect.x - 9.0).abs() < 0.01 && (rect.y - 10.0).abs() < 0.01, "{rect:?}");
    let picture = &soft.pictures[0];
    assert!(matches!(picture.data, PictureData::Flat(Color::BLACK)));
    let most = picture.alpha.as_ref().unwrap().iter().max().unwrap();
    assert!((100..=128).contains(most), "{most}");
    let hard = document(&template(json!([node(0.0)])));
    assert!(hard.pictures.is_empty());
    let paths = hard.pages[0].items.iter().filter(|item| matches!(item, Item::Path(_))).count();
    assert_eq!(paths, 2, "the shadow and the shape");
}

#[test]
fn what_fades_out_keeps_its_colour() {
    let stops = json!([{ "color": "#ff0000" }, { "color": "transparent" }, { "color": "#0000ff" }]);
    let document = document(&template(json!([{ "kind": "rect", "size": [9, 9], "fill": { "stops": stops } }])));
    let gradient = document.pages[0].items.iter().find_map(|item| match item {
        Item::Gradient(gradient) => Some(gradient),
        _ => None,
    });
    let stops: Vec<_> = gradient.unwrap().stops.iter().map(|stop| (stop.offset, stop.color)).collect();
    assert_eq!(
        stops,
        [
            (0.0, Color::rgb(255, 0, 0)),
            (0.5, Color::rgba(255, 0, 0, 0)),
            (0.5, Color::rgba(0, 0, 255, 0)),
            (1.0, Color::rgb(0, 0, 255)),
        ]
    );
}

#[test]
fn too_much_ink_is_warned_of_where_it_is_written() {
    let mut template = with_colors(json!({ "kind": "rect", "size": [1, 1], "fill": "cmyk(90 80 70 100)" }));
    template["colors"]["deep"] = json!({ "cmyk": [75, 75, 75, 100] });
    let (_, findings) =
        crate::template::Template::from_value(&template, &crate::Limits::default(), crate::template::Strictness::Check)
            .unwrap();
    assert_eq!(
        super::shown(&findings),
        "warning[invalid-value] at /colors/deep: `deep` takes 325 % of ink: more than 300 % does not dry\n  \
         hint: take less of the three colours; cmyk(60 40 40 100) is a deep black\n\
         warning[invalid-value] at /body/nodes/0/fill (node body.0): `fill` takes 340 % of ink: more than 300 % does not dry\n  \
         hint: take less of the three colours; cmyk(60 40 40 100) is a deep black"
    );
}

#[test]
fn small_text_in_many_inks_is_warned_of_and_large_text_is_not() {
    let findings = |size: f32, color: &str| {
        let node = json!({ "kind": "text", "style": { "extends": "text", "size": size, "color": color }, "text": "x" });
        let template = template(json!([node]));
        let strict = crate::template::Strictness::Check;
        super::shown(&crate::template::Template::from_value(&template, &crate::Limits::default(), strict).unwrap().1)
    };
    assert_eq!(
        findings(8.0, "cmyk(60 40 40 100)"),
        "warning[invalid-value] at /body/nodes/0 (node body.0): small text in 4 inks blurs where plates do not lie exactly \
         upon one another\n  hint: print it in one ink: cmyk(0 0 0 100), or a spot"
    );
    assert_eq!(findings(24.0, "cmyk(60 40 40 100)"), "");
    assert_eq!(findings(8.0, "cmyk(0 0 0 100)"), "");
    assert_eq!(findings(8.0, "#123456"), "");
}
