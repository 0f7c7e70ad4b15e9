//! Tests of SVG reading.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use super::super::{Drawing, DrawingItem, Gradient, GradientShape, PictureError};
use crate::document::{Color, Path, Point, Segment};
use crate::limits::Limits;

fn read(content: &str) -> Result<Drawing, PictureError> {
    let text = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='100' height='50'>{content}</svg>"
    );
    super::decode(text.as_bytes(), &Limits::default())
}

fn paths(drawing: &Drawing) -> Vec<&Path> {
    drawing.items.iter().filter_map(|item| if let DrawingItem::Path(path) = item { Some(path) } else { None }).collect()
}

fn feature(content: &str) -> &'static str {
    match read(content) {
        Err(PictureError::SvgFeature { feature }) => feature,
        other => panic!("{content}: {other:?}"),
    }
}

#[test]
fn a_rectangle_becomes_a_filled_path_in_the_size_of_the_drawing() {
    let drawing = read("<rect x='10' y='5' width='20' height='10' fill='#ff8000' fill-opacity='0.5'/>").unwrap();
    assert_eq!((drawing.size.width, drawing.size.height), (100.0, 50.0));
    let [path] = paths(&drawing)[..] else { panic!("{drawing:?}") };
    assert_eq!(path.fill, Some(Color::rgba(255, 128, 0, 128)));
    assert!(path.stroke.is_none() && !path.even_odd);
    assert_eq!(drawing.segments[0], Segment::Move(Point { x: 10.0, y: 5.0 }));
    assert_eq!(drawing.segments.last(), Some(&Segment::Close));
}

#[test]
fn groups_become_matching_pushes_and_pops() {
    let drawing = read("<g transform='translate(3 4)' opacity='0.25'><path d='M0 0L9 0L9 9Z'/></g>").unwrap();
    let depths = drawing.items.iter().scan(0, |depth, item| {
        *depth += match item {
            DrawingItem::Push { .. } => 1,
            DrawingItem::Pop => -1,
            DrawingItem::Path(_) | DrawingItem::Gradient(_) => 0,
        };
        Some(*depth)
    });
    let depths: Vec<i32> = depths.collect();
    assert!(depths.iter().all(|&depth| depth >= 0) && depths.last() == Some(&0), "{depths:?}");
    assert!(drawing.items.iter().any(|item| {
        matches!(item, DrawingItem::Push { transform, .. } if transform.coefficients == [1.0, 0.0, 0.0, 1.0, 3.0, 4.0])
    }));
    assert!(drawing.items.iter().any(|item| matches!(item, DrawingItem::Push { opacity, .. } if *opacity == 0.25)));
}

#[test]
fn what_reaches_further_than_anybody_sees_is_refused_wherever_it_hides() {
    let far = "<circle cx='50' cy='25' r='99999999999' stroke='red'/>";
    for content in [
        far.to_owned(),
        "<g transform='scale(1e9)'><path d='M0 0L9 9' stroke='red'/></g>".to_owned(),
        format!("<clipPath id='c'>{far}</clipPath><rect width='9' height='9' clip-path='url(#c)'/>"),
    ] {
        let refused = read(&content).unwrap_err().to_string();
        assert_eq!(refused, "the SVG exceeds the limit of 100000 times its size, in which all shapes must lie");
    }
    let small = "<g transform='scale(1e-4)'><circle r='1e10' stroke='red'/></g>";
    assert_eq!(read(small).unwrap_err().to_string(), "the SVG exceeds the limit of 1000000000 units from its corner");
    assert!(read("<circle cx='50' cy='25' r='9999900' stroke='red'/>").is_ok());
}

#[test]
fn a_quadratic_curve_becomes_the_same_cubic_one() {
    let drawing = read("<path d='M0 0Q30 30 60 0'/>").unwrap();
    let cubic = Segment::Cubic(Point { x: 20.0, y: 20.0 }, Point { x: 40.0, y: 20.0 }, Point { x: 60.0, y: 0.0 });
    assert!(drawing.segments.contains(&cubic), "{:?}", drawing.segments);
}

#[test]
fn parts_without_area_are_not_filled_and_strokes_of_them_stay() {
    let flat = ["M0 0H50", "M9 9L40 40Z", "M5 5H5Z", "M0 0C10 10 20 20 30 30", "M0 0L9 0L4 0L20 0Z"];
    for data in flat {
        let drawing = read(&format!("<path d='{data}' fill='red'/>")).unwrap();
        assert!(drawing.items.is_empty() && drawing.segments.is_empty(), "{data}: {:?}", drawing.segments);
    }
    let mixed = read("<path d='M0 0H50M0 10H9V20Z' fill='red'/>").unwrap();
    assert_eq!(paths(&mixed).len(), 1);
    assert!(matches!(mixed.segments[0], Segment::Move(Point { x: 0.0, y: 10.0 })), "{:?}", mixed.segments);
    let stroked = read("<path d='M0 0H50' fill='red' stroke='blue'/>").unwrap();
    assert!(paths(&stroked).len() == 1 && paths(&stroked)[0].stroke.is_some());
    let thin = read("<path d='M0 0H50V0.02H0Z' fill='red'/>").unwrap();
    assert_eq!(paths(&thin).len(), 1, "what is thin has an area");
}

#[test]
fn plain_strokes_stay_strokes_and_others_become_outlines() {
    let plain = read("<path d='M0 0L50 0' stroke='red' stroke-width='2' stroke-dasharray='3 1' fill='none'/>").unwrap();
    let stroke = paths(&plain)[0].stroke.clone().unwrap();
    assert_eq!((stroke.width, stroke.dash, stroke.cap), (2.0, vec![3.0, 1.0], crate::document::LineCap::Butt));
    let square = read("<path d='M0 0L50 0' stroke='red' stroke-linecap='square' fill='none'/>").unwrap();
    let stroke = paths(&square)[0].stroke.clone().unwrap();
    assert_eq!((stroke.cap, stroke.join), (crate::document::LineCap::Square, crate::document::LineJoin::Miter));
    let pointed = read("<path d='M0 0L50 0L0 9' stroke='red' stroke-miterlimit='9' fill='none'/>").unwrap();
    assert!(paths(&pointed)[0].stroke.is_none() && paths(&pointed)[0].fill.is_some());
}

#[test]
fn gradients_keep_their_stops_and_reach_from_zero_to_one() {
    let drawing = read(
        "<linearGradient id='g'><stop offset='0.25' stop-color='red'/><stop offset='0.75' stop-color='blue'/></linearGradient>\
         <rect x='10' y='10' width='40' height='20' fill='url(#g)' fill-opacity='0.5'/>\
         <radialGradient id='r'><stop offset='0'/><stop offset='1' stop-color='white'/></radialGradient>\
         <path d='M0 0L50 50' stroke='url(#r)' stroke-width='3'/>",
    )
    .unwrap();
    let gradients: Vec<&Gradient> = drawing
        .items
        .iter()
        .filter_map(|item| if let DrawingItem::Gradient(gradient) = item { Some(gradient) } else { None })
        .collect();
    let offsets: Vec<f32> = gradients[0].stops.iter().map(|stop| stop.offset).collect();
    assert_eq!(offsets, [0.0, 0.25, 0.75, 1.0]);
    assert!(gradients[0].stops.iter().all(|stop| stop.color.alpha == 128));
    assert!(matches!(gradients[0].shape, GradientShape::Linear { .. }));
    assert!(matches!(gradients[1].shape, GradientShape::Radial { .. }), "a stroke is filled as its outline");
}

#[test]
fn the_paint_order_of_fill_and_stroke_is_kept() {
    let drawing = read("<rect width='9' height='9' stroke='red' paint-order='stroke'/>").unwrap();
    assert!(paths(&drawing)[0].stroke.is_some() && paths(&drawing)[1].fill.is_some());
}

#[test]
fn a_clip_path_of_two_shapes_is_their_union_whichever_way_they_turn() {
    let drawing = read(
        "<clipPath id='c'><path d='M0 0L10 0L10 10L0 10Z'/><path d='M5 5L5 20L20 20L20 5Z'/></clipPath>\
         <rect width='50' height='50' clip-path='url(#c)'/>",
    )
    .unwrap();
    let clip = drawing.items.iter().find_map(|item| match item {
        DrawingItem::Push { clip: Some(range), even_odd: false, .. } => Some(range.clone()),
        _ => None,
    });
    let clip = clip.unwrap();
    let segments = &drawing.segments[clip.start as usize..clip.end as usize];
    for part in segments.chunks(segments.len() / 2) {
        let points: Vec<Point> = part
            .iter()
            .filter_map(|segment| match segment {
                Segment::Move(point) | Segment::Line(point) => Some(*point),
                _ => None,
            })
            .collect();
        let area: f32 = points.iter().zip(points.iter().cycle().skip(1)).map(|(a, b)| a.x * b.y - b.x * a.y).sum();
        assert!(area > 0.0, "{part:?}");
    }
}

#[test]
fn what_cannot_be_shown_is_named_and_never_left_out() {
    assert_eq!(feature("<text x='1' y='9'>Hello</text>"), "text");
    assert_eq!(feature("<image href='/etc/passwd' width='5' height='5'/>"), "an embedded raster image");
    assert_eq!(
        feature("<image xlink:href='data:image/png;base64,iVBORw0KGgo=' width='5' height='5'/>"),
        "an embedded raster image"
    );
    assert_eq!(
        feature("<filter id='f'><feGaussianBlur/></filter><rect width='9' height='9' filter='url(#f)'/>"),
        "a filter"
    );
    assert_eq!(
        feature("<mask id='m'><rect width='9' height='9'/></mask><rect width='9' height='9' mask='url(#m)'/>"),
        "a mask"
    );
    assert_eq!(
        feature(
            "<pattern id='p' width='2' height='2'><rect width='1' height='1'/></pattern><rect width='9' height='9' style='fill: url( \"#p\" )'/>"
        ),
        "a pattern"
    );
    assert_eq!(
        feature("<style>.a{fill:url(#p)}</style><pattern id='p'/><rect class='a' width='9' height='9'/>"),
        "a pattern"
    );
    assert_eq!(
        feature(
            "<linearGradient id='g' spreadMethod='repeat'><stop/><stop offset='1' stop-color='red'/></linearGradient><rect width='9' height='9' fill='url(#g)'/>"
        ),
        "a repeating gradient"
    );
    assert_eq!(feature("<g style='mix-blend-mode:multiply'><rect width='9' height='9'/></g>"), "a blend mode");
    assert_eq!(feature("<rect width='9' height='9'><animate attributeName='x'/></rect>"), "animation");
    assert_eq!(feature("<foreignObject/>"), "foreign content");
    assert_eq!(feature("<use href='other.svg#a'/>"), "a reference to another file");
}

#[test]
fn an_unused_definition_and_an_empty_text_do_no_harm() {
    let drawing =
        read("<defs><filter id='f'/><pattern id='p'/></defs><text> </text><rect width='9' height='9'/>").unwrap();
    assert_eq!(paths(&drawing).len(), 1);
}

#[test]
fn use_that_multiplies_is_refused_before_it_is_expanded() {
    let mut content = String::from("<defs><g id='a0'><rect width='1' height='1'/></g>");
    for level in 1..30 {
        let below = level - 1;
        content += &format!("<g id='a{level}'><use xlink:href='#a{below}'/><use href='#a{below}'/></g>");
    }
    content += "</defs><use href='#a29'/>";
    assert!(matches!(read(&content), Err(PictureError::SvgLimit { what: "elements", .. })));
}

#[test]
fn use_in_a_circle_is_refused() {
    assert!(read("<g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g>").is_err());
    assert!(read("<use id='a' href='#a'/>").is_err());
}

#[test]
fn entities_that_multiply_are_refused() {
    let mut text = String::from("<!DOCTYPE svg [<!ENTITY e0 'x'>");
    for level in 1..12 {
        let below = level - 1;
        text += &format!("<!ENTITY e{level} '{}'>", format!("&e{below};").repeat(10));
    }
    text += "]><svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><desc>&e11;</desc></svg>";
    assert!(matches!(super::decode(text.as_bytes(), &Limits::default()), Err(PictureError::Svg(_))));
}

#[test]
fn an_external_entity_is_not_fetched() {
    let text = "<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>\
                <svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><desc>&x;</desc></svg>";
    assert!(super::decode(text.as_bytes(), &Limits::default()).is_err());
}

#[test]
fn deep_nesting_is_refused_without_exhausting_the_stack() {
    let content = format!("{}{}", "<g>".repeat(9_000), "</g>".repeat(9_000));
    assert!(matches!(read(&content), Err(PictureError::SvgLimit { what: "levels of nesting", .. })));
    let content = format!("{}{}", "<g>".repeat(300_000), "</g>".repeat(300_000));
    assert!(read(&content).is_err());
}

#[test]
fn too_many_elements_are_refused() {
    let content = "<rect width='1' height='1'/>".repeat(20_001);
    assert!(matches!(read(&content), Err(PictureError::SvgLimit { what: "elements", .. })));
}

#[test]
fn a_style_sheet_that_would_be_tried_too_often_is_refused() {
    let content = format!("<style>{}</style>{}", ".a{}".repeat(1_000), "<g/>".repeat(10_001));
    assert!(matches!(read(&content), Err(PictureError::SvgLimit { what: "style rules times elements", .. })));
}

#[test]
fn every_truncation_is_an_error_and_none_panics() {
    let text = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><path d='M0 0C1 2 3 4 5 6A7 8 9 0 1 2 3Z'/></svg>";
    for length in 0..text.len() {
        assert!(super::decode(&text.as_bytes()[..length], &Limits::default()).is_err(), "{length} bytes");
    }
    assert!(super::decode(text.as_bytes(), &Limits::default()).is_ok());
    assert!(super::decode(b"<svg \xFF", &Limits::default()).is_err());
}

#[test]
fn sizes_that_make_no_sense_are_errors_or_finite() {
    for size in ["0", "-5", "1e39", "NaN", "inf"] {
        let text = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='{size}' height='9'><rect width='1e38' height='1e38'/></svg>"
        );
        if let Ok(drawing) = super::decode(text.as_bytes(), &Limits::default()) {
            assert!(drawing.size.width.is_finite() && drawing.size.width > 0.0, "{size}");
        }
    }
}

#[test]
fn a_gradient_may_fade() {
    let drawing = read(
        "<linearGradient id='g'><stop/><stop offset='1' stop-opacity='0'/></linearGradient>\
         <rect width='9' height='9' fill='url(#g)'/>",
    )
    .unwrap();
    let [DrawingItem::Gradient(gradient)] = &drawing.items[..] else { panic!("{drawing:?}") };
    assert_eq!(gradient.stops.iter().map(|stop| stop.color.alpha).collect::<Vec<_>>(), [255, 0]);
}
