//! Paths, polygons, gradients, shadows, ends of lines: what comes to stand on the display list.

use serde_json::{Value as Json, json};

use super::{document, template};
use crate::document::{Color, Document, Item, LineCap, LineJoin, Path, Point, Rect, Segment};
use crate::picture::{Gradient, GradientShape};

fn one(node: Json) -> Document {
    document(&template(json!([node])))
}

fn paths(document: &Document) -> Vec<&Path> {
    let items = document.pages[0].items.iter();
    items.filter_map(|item| if let Item::Path(path) = item { Some(path) } else { None }).collect()
}

fn gradients(document: &Document) -> Vec<&Gradient> {
    let items = document.pages[0].items.iter();
    items.filter_map(|item| if let Item::Gradient(gradient) = item { Some(&**gradient) } else { None }).collect()
}

fn segments(document: &Document, range: &std::ops::Range<u32>) -> Vec<Segment> {
    document.segments[range.start as usize..range.end as usize].to_vec()
}

fn at(x: f32, y: f32) -> Point {
    Point { x, y }
}

#[test]
fn path_data_of_svg_is_drawn_from_the_corner_of_its_node() {
    let data = "m 1 2 h 10 v 5 q 3 3 6 0 z";
    let document =
        one(json!({ "kind": "path", "at": [100, 50], "data": data, "fill": "#ff0000", "fillRule": "evenodd" }));
    let path = paths(&document)[0];
    assert!(path.even_odd && path.fill.is_some() && path.stroke.is_none());
    assert_eq!(
        segments(&document, &path.segments),
        [
            Segment::Move(at(101.0, 52.0)),
            Segment::Line(at(111.0, 52.0)),
            Segment::Line(at(111.0, 57.0)),
            Segment::Cubic(at(113.0, 59.0), at(115.0, 59.0), at(117.0, 57.0)),
            Segment::Close,
        ]
    );
}

#[test]
fn a_view_box_is_stretched_to_the_size_of_the_node() {
    let node = json!({ "kind": "path", "at": [10, 10], "width": 48, "viewBox": [-12, 0, 24, 12], "data": "M -12 0 L 12 12", "stroke": "#000" });
    let document = one(node);
    assert_eq!(
        segments(&document, &paths(&document)[0].segments),
        [Segment::Move(at(10.0, 10.0)), Segment::Line(at(58.0, 34.0))],
        "the height follows the width"
    );
}

#[test]
fn polygons_close_and_polylines_do_not() {
    for (kind, closes) in [("polygon", true), ("polyline", false)] {
        let points = json!([[0, 0], [10, 0], ["5mm", 8]]);
        let document = one(json!({ "kind": kind, "points": points, "stroke": { "cap": "square", "join": "bevel" } }));
        let path = paths(&document)[0];
        let stroke = path.stroke.as_ref().unwrap();
        assert_eq!((stroke.cap, stroke.join), (LineCap::Square, LineJoin::Bevel));
        let segments = segments(&document, &path.segments);
        assert_eq!(segments.last() == Some(&Segment::Close), closes, "{kind}");
        assert_eq!(segments.len(), if closes { 4 } else { 3 });
    }
}

#[test]
fn what_stands_below_a_path_keeps_its_distance_from_it() {
    let nodes = json!([
        { "kind": "path", "data": "M 0 0 L 0 30", "stroke": "#000", "visible": false, "collapse": true },
        { "kind": "path", "at": [0, 10], "data": "M 0 0 L 0 30", "stroke": "#000" },
    ]);
    let document = document(&template(nodes));
    assert_eq!(segments(&document, &paths(&document)[0].segments)[0], Segment::Move(at(0.0, 10.0)));
}

#[test]
fn a_gradient_fills_box_ellipse_and_path_below_their_outlines() {
    let fill =
        json!({ "angle": 90, "stops": [{ "color": "#ff0000" }, { "color": "#00ff00" }, { "color": "#0000ff" }] });
    for node in [
        json!({ "kind": "rect", "size": [100, 50], "radius": 5 }),
        json!({ "kind": "ellipse", "size": [100, 50] }),
        json!({ "kind": "frame", "width": 100, "height": 50 }),
        json!({ "kind": "polygon", "points": [[0, 0], [100, 0], [100, 50]] }),
    ] {
        let mut node = node;
        node["fill"] = fill.clone();
        node["stroke"] = json!("#000000");
        let document = one(node.clone());
        let gradient = gradients(&document)[0];
        assert_eq!(gradient.shape, GradientShape::Linear { start: at(0.0, 25.0), end: at(100.0, 25.0) }, "{node}");
        let offsets: Vec<f32> = gradient.stops.iter().map(|stop| stop.offset).collect();
        assert_eq!(offsets, [0.0, 0.5, 1.0]);
        let items = &document.pages[0].items;
        let place = |wanted: fn(&Item) -> bool| items.iter().position(wanted).unwrap();
        let outline = place(|item| match item {
            Item::Path(path) => path.stroke.is_some() && path.fill.is_none(),
            Item::Rect(rect) => rect.stroke.is_some() && rect.fill.is_none(),
            _ => false,
        });
        assert!(place(|item| matches!(item, Item::Gradient(_))) < outline, "{node}");
    }
}

#[test]
fn a_bound_colour_takes_the_place_of_a_gradient() {
    let fill = json!({ "stops": [{ "color": "#ff0000" }, { "color": "#00ff00" }] });
    let document = one(json!({ "kind": "rect", "size": [10, 10], "fill": fill, "bind": { "fill": "'#0000ff'" } }));
    assert!(gradients(&document).is_empty());
    assert_eq!(super::rects(&document, 0).len(), 1);
}

#[test]
fn a_shadow_lies_below_its_box_and_is_decoration() {
    let shadow = json!({ "offset": [3, 4], "blur": 2, "color": "#00000080" });
    let document = one(
        json!({ "kind": "rect", "at": [20, 20], "size": [50, 30], "fill": "#ffffff", "shadow": shadow, "alt": "A box" }),
    );
    let items = &document.pages[0].items;
    let rects: Vec<(Rect, Option<Color>)> = items
        .iter()
        .filter_map(|item| if let Item::Rect(item) = item { Some((item.rect, item.fill)) } else { None })
        .collect();
    assert!(rects.len() > 3);
    let (last, layers) = rects.split_last().unwrap();
    assert_eq!(last.0, Rect { x: 20.0, y: 20.0, width: 50.0, height: 30.0 });
    for (rect, fill) in layers {
        let middle = at(rect.x + rect.width / 2.0, rect.y + rect.height / 2.0);
        assert!((middle.x - 48.0).abs() < 0.01 && (middle.y - 39.0).abs() < 0.01, "{rect:?}");
        assert!(rect.width <= 54.0 && fill.is_some_and(|fill| fill.alpha < 128), "{rect:?}");
    }
    assert!(document.structure.elements.len() <= 2, "a shadow is no element");
}
