//! Barcodes: their size, their bars, the text under them, a logo.

use super::*;
use crate::document::Segment;

/// A black square.
const MARK: &str = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>";

fn barcode(node: Json) -> Json {
    let mut node = node;
    node["kind"] = json!("barcode");
    node["alt"] = json!("Code");
    template(json!([node]))
}

/// Left and right edge, top and bottom of every bar.
fn bars(document: &Document) -> Vec<[f32; 4]> {
    let points = document.segments.iter().filter_map(|segment| match segment {
        Segment::Move(point) | Segment::Line(point) => Some(*point),
        _ => None,
    });
    let points: Vec<_> = points.collect();
    points.chunks(4).map(|corners| [corners[0].x, corners[1].x, corners[0].y, corners[2].y]).collect()
}

fn size(document: &Document) -> (i32, i32) {
    let rect = document.pages[0].boxes[0].rect;
    (rounded(rect.width * 10.0), rounded(rect.height * 10.0))
}

#[test]
fn without_a_size_a_barcode_has_that_of_its_standard() {
    let natural = |symbology: &str, value: &str| {
        size(&document(&barcode(json!({ "symbology": symbology, "value": value, "showText": false }))))
    };
    // 37.29 mm wide, bars 22.85 mm high.
    assert_eq!(natural("ean13", "4006381333931"), (1057, 648));
    assert_eq!(natural("code128", "A"), (617, 360));
    // 25 modules and 4 on each side, 2.5 points each.
    assert_eq!(natural("qr", "https://example.com"), (825, 825));
}

#[test]
fn one_side_of_a_matrix_code_gives_the_other() {
    let sized = |node: Json| size(&document(&barcode(node)));
    let value = "M1MUSTER/ERIKA";
    assert_eq!(sized(json!({ "symbology": "qr", "value": value, "width": 50 })), (500, 500));
    assert_eq!(sized(json!({ "symbology": "qr", "value": value, "height": 50 })), (500, 500));
    let (width, height) =
        sized(json!({ "symbology": "data-matrix", "shape": "rectangle", "value": value, "width": 76 }));
    assert_eq!((width, height), (760, 380), "26 by 12 modules and one around");
}

#[test]
fn every_edge_stands_on_whole_modules() {
    let document =
        document(&barcode(json!({ "symbology": "code128", "value": "AB12", "size": [180, 30], "quietZone": 10 })));
    let module = 180.0 / f32::from(10 + 11 * 6 + 13 + 10_u8);
    for [left, right, top, bottom] in bars(&document) {
        for edge in [left / module, right / module] {
            assert!((edge - edge.round()).abs() < 1e-3, "{edge}");
        }
        assert_eq!((top, bottom), (0.0, 30.0));
    }
    assert!((bars(&document)[0][0] - 10.0 * module).abs() < 1e-3);
}

#[test]
fn ean_shows_its_digits_in_groups_between_longer_guard_bars() {
    let shown = document(&barcode(json!({ "symbology": "ean13", "value": "400638133393", "width": 113 })));
    let words: Vec<String> = texts(&shown).into_iter().map(|(.., text)| text).collect();
    assert_eq!(words, ["4", "006381", "333931"]);
    let lengths: Vec<f32> = bars(&shown).iter().map(|[.., top, bottom]| bottom - top).collect();
    // Six bars of guards reach 5 modules further down than the 24 of digits.
    let longest = lengths.iter().copied().fold(0.0, f32::max);
    assert_eq!(lengths.iter().filter(|length| (**length - longest).abs() < 1e-3).count(), 6);
    assert!(lengths.iter().all(|length| (longest - length).abs() < 1e-3 || (longest - length - 5.0).abs() < 1e-3));
    let hidden = document(&barcode(json!({ "symbology": "ean13", "value": "400638133393", "showText": false })));
    assert!(texts(&hidden).is_empty());
    assert!(bars(&hidden).iter().all(|bar| (bar[3] - bars(&hidden)[0][3]).abs() < 1e-3));
}

#[test]
fn text_under_a_barcode_has_the_style_of_its_node_and_becomes_smaller_when_it_is_too_wide() {
    let node = |value: &str| {
        let style = json!({ "size": 12, "color": "#ff0000" });
        barcode(
            json!({ "symbology": "qr", "size": [60, 80], "showText": true, "style": style, "value": value, "color": "#0000ff" }),
        )
    };
    let runs = |document: &Document| -> Vec<(f32, u8, u8)> {
        let items = document.pages[0].items.iter();
        items
            .filter_map(|item| {
                if let Item::Glyphs(run) = item { Some((run.size, run.color.red, run.color.blue)) } else { None }
            })
            .collect()
    };
    assert_eq!(runs(&document(&node("AB"))), [(12.0, 0, 255)]);
    let small = runs(&document(&node("ABCDEFGHIJKL")));
    assert!(small[0].0 < 12.0 && small[0].0 > 4.0, "{small:?}");
    let wide = render(&node(&"W".repeat(40)), &json!({}));
    let said = shown(&wide.diagnostics);
    assert!(said.starts_with("warning[overflow] at /body/nodes/0/value"), "{said}");
}

#[test]
fn bearer_bars_frame_an_itf_14_with_its_quiet_zone() {
    let document = document(&barcode(json!({ "symbology": "itf14", "value": "15400141288763", "size": [163, 60] })));
    let bars = bars(&document);
    let (frame, rest) = (&bars[bars.len() - 4..], &bars[..bars.len() - 4]);
    // One point is a module: 4 of frame, 10 of quiet zone, 135 of bars.
    let whole: Vec<[i32; 4]> = frame.iter().map(|bar| bar.map(rounded)).collect();
    assert_eq!(whole, [[0, 163, 0, 4], [0, 163, 56, 60], [0, 4, 4, 56], [159, 163, 4, 56]]);
    assert!(
        rest.iter()
            .all(|[left, right, top, bottom]| *left >= 13.99 && *right <= 149.01 && *top >= 3.99 && *bottom <= 56.01)
    );
}

#[test]
fn a_logo_stands_on_free_modules_in_the_middle() {
    let mut with =
        barcode(json!({ "symbology": "qr", "size": [66, 66], "value": "https://example.com", "logo": "asset:mark" }));
    with["assets"] = json!({ "mark": MARK });
    let document = document(&with);
    let logo = document.pages[0]
        .items
        .iter()
        .find_map(|item| if let Item::Drawing { rect, .. } = item { Some(*rect) } else { None })
        .unwrap();
    assert!((logo.x + logo.width / 2.0 - 33.0).abs() < 1e-3 && (logo.y + logo.height / 2.0 - 33.0).abs() < 1e-3);
    assert!(logo.width > 10.0 && logo.width < 20.0);
    for [left, right, top, bottom] in bars(&document) {
        let apart = right <= logo.x || left >= logo.right() || bottom <= logo.y || top >= logo.bottom();
        assert!(apart, "a bar from {left} {top} to {right} {bottom} is under the logo");
    }
}

#[test]
fn a_value_from_data_that_cannot_be_carried_is_an_error_with_its_place() {
    let node = barcode(json!({ "id": "code", "symbology": "ean8", "value": "{{ data.v }}" }));
    assert_eq!(
        errors(&node, &json!({ "v": "96385075" })),
        "error[invalid-barcode] at /body/nodes/0/value (node code): the check digit at position 8 is 5, but should be 4\n  \
         hint: leave the check digit out to have it computed"
    );
    let mut logo = barcode(json!({ "symbology": "qr", "level": "L", "logo": "asset:mark", "value": "{{ data.v }}" }));
    logo["assets"] = json!({ "mark": MARK });
    assert!(errors(&logo, &json!({ "v": "A" })).starts_with("error[invalid-barcode] at /body/nodes/0/logo"));
}

#[test]
fn a_font_that_is_missing_is_found_before_rendering() {
    let node = barcode(json!({ "symbology": "ean8", "value": "96385074", "style": { "font": "Nowhere" } }));
    assert!(errors(&node, &json!({})).contains("error[missing-font] at /body/nodes/0"));
}

#[test]
fn no_size_and_no_room_are_survived() {
    for (width, height) in [(0.0, 0.0), (0.0, 50.0), (50.0, 0.0), (1e-3, 1e-3), (14_000.0, 14_000.0)] {
        for (symbology, value) in
            [("qr", "A"), ("ean13", "4006381333931"), ("itf14", "15400141288763"), ("rm4scc", "A")]
        {
            let node = json!({ "symbology": symbology, "value": value, "size": [width, height], "showText": true });
            let rendered = try_render(&barcode(node), &json!({}), &RenderOptions::default());
            if let Ok(rendered) = rendered {
                let finite = bars(&rendered.document).iter().flatten().all(|edge| edge.is_finite());
                assert!(finite, "{symbology} {width} {height}");
            }
        }
    }
}
