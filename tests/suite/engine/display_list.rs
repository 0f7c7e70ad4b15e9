//! The display list in readable form: what is painted, in which order.

use chancery_render::Document;
use chancery_render::document::{Color, InkKind, Item, Page, Point, Rect, Segment, Stroke};
use chancery_render::picture::{Gradient, GradientShape};

use super::text_lines::{by_page, said};

/// All items, one a line; what stands between a push and its pop is indented.
pub(crate) fn items(document: &Document) -> String {
    by_page(document, |page| dump(document, page))
}

fn dump(document: &Document, page: &Page) -> Vec<String> {
    let mut lines = Vec::new();
    let mut depth: usize = 0;
    for item in &page.items {
        if matches!(item, Item::Pop) {
            depth = depth.saturating_sub(1);
            continue;
        }
        // The order of reading is what `tags` shows.
        if matches!(item, Item::Element(_) | Item::Artifact(_)) {
            continue;
        }
        lines.push(format!("{}{}", "  ".repeat(depth), one(document, item)));
        depth += usize::from(matches!(item, Item::Push { .. } | Item::PushClip { .. }));
    }
    lines
}

fn one(document: &Document, item: &Item) -> String {
    match item {
        Item::Glyphs(run) => {
            let face = document.faces[run.face as usize].postscript_name();
            let spacing = if run.letter_spacing == 0.0 {
                String::new()
            } else {
                format!(" spaced {}", number(run.letter_spacing))
            };
            let (place, size, text) = (point(run.origin), number(run.size), said(document, run).trim_end());
            format!("glyphs at {place} {face} {size} {}{spacing}: {text}", color(run.color))
        }
        Item::Rect(item) => {
            let radius = if item.radius == 0.0 { String::new() } else { format!(" radius {}", number(item.radius)) };
            format!("rect {}{radius}{}", rect(item.rect), paint(item.fill, item.stroke.as_ref()))
        }
        Item::Path(path) => {
            let rule = if path.even_odd { " evenodd" } else { "" };
            let segments = outline(&document.segments[path.segments.start as usize..path.segments.end as usize]);
            format!("path {segments}{rule}{}", paint(path.fill, path.stroke.as_ref()))
        }
        Item::Gradient(gradient) => shown_gradient(document, gradient),
        Item::Picture { picture, rect: place, .. } => {
            let picture = &document.pictures[*picture as usize];
            format!("picture of {} × {} pixels in {}", picture.width, picture.height, rect(*place))
        }
        Item::Drawing { drawing, rect: place, .. } => {
            let drawing = &document.drawings[*drawing as usize];
            format!("drawing of {} items in {}", drawing.items.len(), rect(*place))
        }
        Item::Push { transform, clip, opacity, .. } => {
            let mut out = String::from("group");
            if transform.coefficients != [1.0, 0.0, 0.0, 1.0, 0.0, 0.0] {
                let coefficients: Vec<String> = transform.coefficients.iter().map(|value| precise(*value, 4)).collect();
                out.push_str(&format!(" transform {}", coefficients.join(" ")));
            }
            if let Some(clip) = clip {
                out.push_str(&format!(" clip {}", rect(*clip)));
            }
            if *opacity != 1.0 {
                out.push_str(&format!(" opacity {}", number(*opacity)));
            }
            out
        }
        Item::PushClip { segments, even_odd } => {
            let rule = if *even_odd { " evenodd" } else { "" };
            format!("clip {}{rule}", outline(&document.segments[segments.start as usize..segments.end as usize]))
        }
        Item::PdfPage { rect: place, .. } => format!("page of a PDF in {}", rect(*place)),
        other => format!("{other:?}"),
    }
}

fn shown_gradient(document: &Document, gradient: &Gradient) -> String {
    let segments = outline(&document.segments[gradient.segments.start as usize..gradient.segments.end as usize]);
    let shape = match gradient.shape {
        GradientShape::Linear { start, end } => format!("linear {} to {}", point(start), point(end)),
        GradientShape::Radial { start, end } => {
            format!("radial {} r {} to {} r {}", point(start.0), number(start.1), point(end.0), number(end.1))
        }
    };
    let stops: Vec<String> =
        gradient.stops.iter().map(|stop| format!("{} {}", precise(stop.offset, 3), color(stop.color))).collect();
    format!("gradient {shape} [{}] in {segments}", stops.join(", "))
}

fn outline(segments: &[Segment]) -> String {
    let one = |segment: &Segment| match segment {
        Segment::Move(to) => format!("M {}", point(*to)),
        Segment::Line(to) => format!("L {}", point(*to)),
        Segment::Cubic(first, second, to) => format!("C {} {} {}", point(*first), point(*second), point(*to)),
        Segment::Close => "Z".into(),
    };
    segments.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn paint(fill: Option<Color>, stroke: Option<&Stroke>) -> String {
    let mut out = fill.map_or(String::new(), |fill| format!(" fill {}", color(fill)));
    if let Some(stroke) = stroke {
        out.push_str(&format!(" stroke {} {}", color(stroke.color), number(stroke.width)));
        if !stroke.dash.is_empty() {
            let dash: Vec<String> = stroke.dash.iter().map(|length| number(*length)).collect();
            out.push_str(&format!(" dash {}", dash.join(" ")));
        }
        let (cap, join) = (format!("{:?}", stroke.cap), format!("{:?}", stroke.join));
        for (name, usual) in [(cap, "Butt"), (join, "Miter")] {
            if name != usual {
                out.push_str(&format!(" {}", name.to_lowercase()));
            }
        }
    }
    out
}

fn color(color: Color) -> String {
    let Color { red, green, blue, alpha, ink } = color;
    let opaque = format!("#{red:02x}{green:02x}{blue:02x}");
    let mut out = if alpha == 255 { opaque } else { format!("{opaque}{alpha:02x}") };
    match ink.kind() {
        InkKind::Screen => {}
        InkKind::Process([cyan, magenta, yellow, black]) => {
            out.push_str(&format!(" of cmyk {cyan} {magenta} {yellow} {black}"));
        }
        InkKind::Spot { index, tint } => out.push_str(&format!(" of {tint} % of ink {index}")),
    }
    if ink.overprints() { out + " over what is below" } else { out }
}

/// Left, top, width and height.
pub(crate) fn rect(rect: Rect) -> String {
    [rect.x, rect.y, rect.width, rect.height].map(number).join(" ")
}

fn point(point: Point) -> String {
    format!("{} {}", number(point.x), number(point.y))
}

/// Two decimals, without those that are zero.
pub(crate) fn number(value: f32) -> String {
    precise(value, 2)
}

fn precise(value: f32, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.to_owned() }
}
