//! Shapes, pictures, barcodes, text boxes.

use super::*;
use crate::document::Segment;

fn items(document: &Document) -> &[Item] {
    &document.pages[0].items
}

/// A red PNG of 2 × 1 pixels.
const PICTURE: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR4nGP4z8AARAAI/gH/xp559wAAAABJRU5ErkJggg==";

#[test]
fn lines_go_from_corner_to_corner() {
    let body = json!([{ "kind": "line", "at": [10, 10], "size": [50, 0], "stroke": { "color": "#ff0000", "width": 2, "dash": [3, 1] } },
        { "kind": "line", "at": [10, 20], "size": [10, 10], "rising": true, "stroke": { "color": "#000000", "width": 1 } }]);
    let document = document(&template(body));
    let ends: Vec<(i32, i32)> = document
        .segments
        .iter()
        .filter_map(|segment| match segment {
            Segment::Move(point) | Segment::Line(point) => Some((rounded(point.x), rounded(point.y))),
            _ => None,
        })
        .collect();
    assert_eq!(ends, [(10, 10), (60, 10), (10, 30), (20, 20)]);
    let dashes = items(&document)
        .iter()
        .find_map(|item| if let Item::Path(path) = item { path.stroke.clone() } else { None })
        .unwrap();
    assert_eq!(dashes.dash, [3.0, 1.0]);
}

#[test]
fn pictures_are_in_the_document_once_and_keep_their_proportions() {
    let mut template = template(json!([
        { "kind": "image", "at": [0, 0], "width": 40, "source": "asset:red", "alt": "Red" },
        { "kind": "image", "at": [50, 0], "size": [40, 40], "source": "asset:{{ 'red' }}", "alt": "Red again" },
        { "kind": "image", "at": [100, 0], "size": [40, 40], "source": "asset:red", "fit": "cover", "alt": "Red" },
        { "kind": "image", "at": [150, 0], "size": [40, 40], "source": "asset:red", "fit": "fill", "alt": "Red" } ]));
    template["assets"] = json!({ "red": PICTURE });
    let document = document(&template);
    assert_eq!(document.pictures.len(), 1);
    let places: Vec<_> = items(&document)
        .iter()
        .filter_map(|item| {
            if let Item::Picture { rect, .. } = item {
                Some((rounded(rect.x), rounded(rect.y), rounded(rect.width), rounded(rect.height)))
            } else {
                None
            }
        })
        .collect();
    assert_eq!(places, [(0, 0, 40, 20), (50, 10, 40, 20), (80, 0, 80, 40), (150, 0, 40, 40)]);
}

#[test]
fn pictures_that_cannot_be_had_are_errors_with_their_place() {
    let missing = template(
        json!([{ "id": "logo", "kind": "image", "size": [10, 10], "source": "asset:{{ data.name }}", "alt": "x" }]),
    );
    let said = errors(&missing, &json!({ "name": "gone" }));
    assert!(
        said.starts_with("error[missing-image] at /body/nodes/0/source (node logo): there is no asset \"gone\""),
        "{said}"
    );
    let broken = template(json!([{ "kind": "image", "size": [10, 10], "source": "{{ data.url }}", "alt": "x" }]));
    assert!(errors(&broken, &json!({ "url": "data:image/png;base64,AAAA" })).starts_with("error[invalid-image]"));
    assert!(errors(&broken, &json!({ "url": "https://example.org/a.png" })).contains("not fetched over the network"));
    // Nothing at all is no picture, and no error.
    assert_eq!(render(&broken, &json!({ "url": null })).document.pictures.len(), 0);
}

#[test]
fn barcodes_are_one_path_of_rectangles() {
    let body = json!([{ "kind": "barcode", "symbology": "qr", "at": [10, 10], "size": [50, 50], "value": "{{ data.v }}", "alt": "Code" },
        { "kind": "barcode", "symbology": "code128", "at": [70, 10], "size": [100, 30], "value": "AB12", "alt": "Code" }]);
    let document = render(&template(body.clone()), &json!({ "v": "HELLO" })).document;
    let paths: Vec<_> = items(&document)
        .iter()
        .filter_map(|item| if let Item::Path(path) = item { Some(path.segments.len()) } else { None })
        .collect();
    assert_eq!(paths.len(), 2);
    assert!(paths.iter().all(|length| length % 5 == 0 && *length > 50));
    let inside = document.segments.iter().all(|segment| match segment {
        Segment::Move(point) | Segment::Line(point) => {
            point.x >= 10.0 && point.x <= 170.01 && point.y >= 10.0 && point.y <= 60.01
        }
        _ => true,
    });
    assert!(inside);
    let said = errors(&template(body), &json!({ "v": "" }));
    assert!(said.starts_with("error[invalid-barcode] at /body/nodes/0/value"), "{said}");
}

#[test]
fn rotation_and_opacity_are_pushed_and_popped() {
    let body =
        json!([{ "kind": "rect", "at": [0, 0], "size": [40, 20], "fill": "#000000", "rotation": 90, "opacity": 0.25 }]);
    let document = document(&template(body));
    let pushes: Vec<_> = items(&document).iter().filter(|item| matches!(item, Item::Push { .. })).collect();
    assert!(
        matches!(pushes[..], [Item::Push { opacity, transform, clip: None }] if *opacity == 0.25 && transform.coefficients == [0.0, 1.0, -1.0, 0.0, 30.0, -10.0])
    );
    let pops = items(&document).iter().filter(|item| matches!(item, Item::Pop)).count();
    assert_eq!(pops, 1);
}

#[test]
fn text_that_is_too_tall_grows_is_cut_ends_with_an_ellipsis_or_shrinks() {
    let node = |overflow: &str| {
        template(
            json!([{ "id": "box", "kind": "text", "at": [0, 0], "size": [60, 20], "style": "text", "text": lines(6), "overflow": overflow }]),
        )
    };
    let sizes = |document: &Document| {
        document.pages[0]
            .items
            .iter()
            .filter_map(|item| if let Item::Glyphs(run) = item { Some(run.size) } else { None })
            .fold(0.0, f32::max)
    };
    let clip = render(&node("clip"), &json!({}));
    assert!(shown(&clip.diagnostics).starts_with("warning[overflow] at /body/nodes/0/text (node box)"));
    assert!(
        items(&clip.document)
            .iter()
            .any(|item| matches!(item, Item::Push { clip: Some(rect), .. } if rect.height == 20.0))
    );
    let ellipsis = render(&node("ellipsis"), &json!({}));
    assert!(ellipsis.diagnostics.is_empty());
    assert_eq!(pages(&ellipsis.document), ["line 1 line 2 …"]);
    let grow = document(&node("grow"));
    assert_eq!(texts(&grow).len(), 6);
    let shrink = render(
        &template(
            json!([{ "kind": "text", "at": [0, 0], "size": [60, 20], "style": "text", "text": lines(3), "overflow": "shrink" }]),
        ),
        &json!({}),
    );
    assert!(sizes(&shrink.document) < 7.0 && shrink.diagnostics.is_empty());
}

#[test]
fn text_is_aligned_in_its_box_and_decorated() {
    let body = json!([{ "kind": "text", "at": [0, 0], "size": [100, 40], "style": { "extends": "text", "underline": true, "strike": true }, "align": "center", "verticalAlign": "bottom", "text": "mid", "fill": "#ffff00", "padding": 5 }]);
    let document = document(&template(body));
    let (_, x, y) = find(&document, "mid");
    assert_eq!(y, 25);
    assert!(x > 38 && x < 45, "{x}");
    let rects = rects(&document, 0);
    assert_eq!(rects.len(), 3);
    assert!((rects[1].width - rects[2].width).abs() < 0.01 && rects[1].y > rects[2].y);
}

#[test]
fn case_and_tabular_figures_are_those_of_the_style() {
    let body = json!([{ "kind": "text", "style": { "extends": "text", "case": "upper" }, "text": "straße" }]);
    assert_eq!(pages(&document(&template(body))), ["STRASSE"]);
}

#[test]
fn fonts_that_do_not_exist_are_errors_before_rendering() {
    let mut template = template(
        json!([{ "id": "x", "kind": "text", "style": { "extends": "text", "font": ["Nowhere", "Nothing"] }, "text": "a" }]),
    );
    let said = errors(&template, &json!({}));
    assert_eq!(
        said,
        "error[missing-font] at /body/nodes/0 (node x): there is no font family \"Nowhere\" or \"Nothing\"\n  hint: families at hand: Inter"
    );
    template["body"]["nodes"][0]["style"]["font"] = json!(["Nowhere", "Inter"]);
    assert_eq!(pages(&document(&template)), ["a"]);
}

#[test]
fn characters_that_no_font_has_are_warnings() {
    let said = shown(&render(&template(json!([text([0.0, 0.0], "a漢")])), &json!({})).diagnostics);
    assert!(
        said.starts_with(
            "warning[missing-glyph] at /body/nodes/0/text (node body.0): no font at hand has '漢' (U+6F22)"
        ),
        "{said}"
    );
}
