//! Frames that clip, and nodes that are scaled or cut because no page can hold them.

use super::*;

fn clipped(more: Json) -> Document {
    let mut frame = json!({ "kind": "frame", "at": [10, 10], "size": [50, 20], "clip": true, "fill": "#eeeeee",
        "stroke": "#ff0000", "nodes": [{ "kind": "rect", "at": [-5, -5], "size": [80, 15], "fill": "#000000" }] });
    for (name, value) in more.as_object().unwrap() {
        frame[name] = value.clone();
    }
    document(&template(json!([frame])))
}

/// What happens on the first page, in order.
fn steps(document: &Document) -> Vec<&'static str> {
    let step = |item: &Item| match item {
        Item::Push { clip: Some(_), .. } => Some("clip"),
        Item::Push { .. } => Some("push"),
        Item::PushClip { .. } => Some("path"),
        Item::Pop => Some("pop"),
        Item::Rect(rect) if rect.stroke.is_some() => Some("border"),
        Item::Rect(_) => Some("fill"),
        _ => None,
    };
    document.pages[0].items.iter().filter_map(step).collect()
}

#[test]
fn what_sticks_out_of_a_clipping_frame_is_cut_off_below_its_border() {
    let document = clipped(json!({}));
    assert_eq!(steps(&document), ["fill", "clip", "fill", "pop", "border"]);
    let clip = document.pages[0].items.iter().find_map(|item| match item {
        Item::Push { clip, .. } => *clip,
        _ => None,
    });
    assert_eq!(clip, Some(Rect { x: 10.0, y: 10.0, width: 50.0, height: 20.0 }));
}

#[test]
fn round_corners_clip_as_they_are_painted() {
    let document = clipped(json!({ "radius": 8 }));
    assert_eq!(steps(&document), ["fill", "path", "fill", "pop", "border"]);
    let curves = document.segments.iter().filter(|segment| matches!(segment, crate::document::Segment::Cubic(..)));
    assert_eq!(curves.count(), 4);
}

#[test]
fn a_clipping_stack_is_still_cut_between_pages() {
    let nodes: Vec<Json> = (0..12).map(|_| json!({ "kind": "rect", "size": [10, 10], "fill": "#000000" })).collect();
    let document = clipped(json!({ "layout": "stack", "nodes": nodes, "at": [0, 0], "stroke": "#00ff00" }));
    assert_eq!(document.pages.len(), 2);
    let clips: Vec<f32> = (0..2)
        .flat_map(|page| &document.pages[page].items)
        .filter_map(|item| if let Item::Push { clip: Some(rect), .. } = item { Some(rect.height) } else { None })
        .collect();
    assert_eq!(clips, [100.0, 20.0]);
}

fn tall(more: Json) -> Json {
    let mut frame = json!({ "id": "tall", "kind": "frame", "at": [0, 0], "size": [100, 160], "nodes": [
        text([0.0, 0.0], "top"), text([0.0, 150.0], "bottom")] });
    for (name, value) in more.as_object().unwrap() {
        frame[name] = value.clone();
    }
    frame
}

#[test]
fn what_is_taller_than_a_page_is_made_smaller_when_it_says_so() {
    let document = document(&template(json!([tall(json!({ "tooTall": "scale" })), text([0.0, 160.0], "below")])));
    let scale = document.pages[0].items.iter().find_map(|item| match item {
        Item::Push { transform, .. } => Some(transform.coefficients),
        _ => None,
    });
    assert_eq!(scale, Some([0.625, 0.0, 0.0, 0.625, 0.0, 0.0]));
    assert_eq!((find(&document, "bottom").0, find(&document, "below")), (0, (1, 0, 0)));
}

#[test]
fn what_is_taller_than_a_page_is_cut_off_when_it_says_so() {
    let nodes = json!([text([0.0, 0.0], "above"), tall(json!({ "tooTall": "cut", "at": [0, 10] }))]);
    let document = document(&template(nodes));
    assert_eq!(find(&document, "top"), (1, 0, 0));
    let clip = document.pages[1].items.iter().find_map(|item| match item {
        Item::Push { clip, .. } => *clip,
        _ => None,
    });
    assert_eq!(clip, Some(Rect { x: 0.0, y: 0.0, width: 100.0, height: 100.0 }));
}

#[test]
fn what_a_page_can_hold_is_neither_scaled_nor_cut() {
    let nodes = json!([
        text([0.0, 0.0], "above"),
        tall(json!({ "tooTall": "scale", "size": [100, 95], "at": [0, 10], "nodes": [text([0.0, 0.0], "top")] }))
    ]);
    let document = document(&template(nodes));
    assert_eq!(find(&document, "top"), (1, 0, 0));
    assert!(document.pages.iter().all(|page| !page.items.iter().any(|item| matches!(item, Item::Push { .. }))));
}

#[test]
fn even_columns_do_not_make_a_picture_smaller() {
    let columns = json!({ "kind": "frame", "width": 200, "layout": "columns", "gap": [10, 0], "nodes": [
        { "kind": "text", "style": "text", "text": lines(4) },
        { "kind": "rect", "size": [20, 80], "fill": "#000000", "tooTall": "scale" } ] });
    let document = document(&template(json!([columns])));
    assert_eq!(rects(&document, 0)[0].height, 80.0);
}
