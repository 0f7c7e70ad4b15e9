//! Paths, polygons and polylines.

use serde_json::Value as Json;
use svgtypes::{SimplePathSegment, SimplifyingPathParser};

use super::{BOX_BINDABLE, KindEntry, Needs};
use crate::diagnostic::codes;
use crate::document::{Point, Segment, Size, cubic_reach, narrow};
use crate::template::describe::{Description, Form};
use crate::template::look::{StrokeShape, read_fill};
use crate::template::model::{BoxLook, Kind, PathNode};
use crate::template::node::Place;
use crate::template::paint::SHADOW;
use crate::template::reader::ObjectReader;
use crate::template::reading::Reading;
use crate::template::shape::{Choice, LENGTH_MAX_POINTS, Length, List, Pair, Shape};

pub(super) const PATH: KindEntry = KindEntry {
    name: "path",
    definition: "pathNode",
    title: "a path node",
    doc: "A path of lines and curves, written as in SVG. Without a size it is as large as its curves reach.",
    placed: true,
    needs: Needs::Nothing,
    bindable: BOX_BINDABLE,
    read: read_path,
};

pub(super) const POLYGON: KindEntry = KindEntry {
    name: "polygon",
    definition: "polygonNode",
    title: "a polygon node",
    doc: "A closed shape of straight lines through points.",
    placed: true,
    needs: Needs::Nothing,
    bindable: BOX_BINDABLE,
    read: |reader, place| read_points(reader, place, true),
};

pub(super) const POLYLINE: KindEntry = KindEntry {
    name: "polyline",
    definition: "polylineNode",
    title: "a polyline node",
    doc: "Straight lines through points.",
    placed: true,
    needs: Needs::Nothing,
    bindable: BOX_BINDABLE,
    read: |reader, place| read_points(reader, place, false),
};

/// Segments of one path: a detailed outline of a country has a few thousand.
const SEGMENT_COUNT_MAX: usize = 20_000;

/// Points of one polygon.
const POINT_COUNT_MAX: usize = 10_000;

fn read_path(reader: &mut ObjectReader<'_>, _place: &mut Place) -> Option<Kind> {
    let data = reader.required("data", PathData, "The path, in the form of SVG: `M 0 0 L 10 0 L 5 8 Z`.");
    let view = reader.optional(
        "viewBox",
        ViewBox,
        "Part of the path's coordinates that fills the node: left, top, width, height. Without it they are points.",
    );
    let (even_odd, look) = read_look(reader);
    Some(Kind::Path(node(data?, view, even_odd, look)))
}

fn read_points(reader: &mut ObjectReader<'_>, _place: &mut Place, closed: bool) -> Option<Kind> {
    let points =
        List { phrase: "an array of points", of: Pair("[x, y]", Length::ANY), least: 2, most: POINT_COUNT_MAX };
    let points = reader.required("points", points, "The points, each measured from the node's corner.");
    let (even_odd, look) = read_look(reader);
    let mut segments: Vec<Segment> = Vec::new();
    for [x, y] in points? {
        let point = Point { x, y };
        segments.push(if segments.is_empty() { Segment::Move(point) } else { Segment::Line(point) });
    }
    if closed {
        segments.push(Segment::Close);
    }
    Some(Kind::Path(node(segments, None, even_odd, look)))
}

fn read_look(reader: &mut ObjectReader<'_>) -> (bool, BoxLook) {
    let fill = read_fill(reader);
    let rules = Choice(&[("nonzero", false), ("evenodd", true)]);
    let even_odd = reader.or("fillRule", rules, false, "What is inside where the path crosses itself.");
    let shadow = reader.optional("shadow", SHADOW, "What the shape throws on what is behind it.");
    let stroke = reader.optional("stroke", StrokeShape, "Outline: a colour, or a stroke object.");
    (even_odd, BoxLook { fill, shadow, stroke, ..BoxLook::default() })
}

pub(super) fn node(segments: Vec<Segment>, view: Option<[f32; 4]>, even_odd: bool, look: BoxLook) -> PathNode {
    let mut extent = Size::default();
    let (mut start, mut current) = (Point::default(), Point::default());
    for segment in &segments {
        let reach = match *segment {
            Segment::Move(point) | Segment::Line(point) => point,
            Segment::Cubic(first, second, end) => Point {
                x: cubic_reach([current.x, first.x, second.x, end.x]),
                y: cubic_reach([current.y, first.y, second.y, end.y]),
            },
            Segment::Close => start,
        };
        extent = Size { width: extent.width.max(reach.x), height: extent.height.max(reach.y) };
        match *segment {
            Segment::Move(point) => (start, current) = (point, point),
            Segment::Line(point) | Segment::Cubic(_, _, point) => current = point,
            Segment::Close => current = start,
        }
    }
    PathNode { segments, extent, view, even_odd, look }
}

/// Path data of SVG.
#[derive(Clone, Copy)]
pub(super) struct PathData;

impl Shape for PathData {
    type Value = Vec<Segment>;

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<Vec<Segment>> {
        let Some(text) = json.as_str() else {
            reading.wrong_type("a string: path data", json);
            return None;
        };
        let mut segments = Vec::new();
        let mut current = Point::default();
        for segment in SimplifyingPathParser::from(text) {
            let segment = match segment {
                Ok(segment) => segment,
                Err(error) => {
                    let message = format!("{} is no path data: {error}", reading.subject());
                    let hint = "write it as in SVG, such as M 0 0 L 10 0 L 5 8 Z";
                    reading.error(codes::INVALID_VALUE, message, Some(hint.to_owned()));
                    return None;
                }
            };
            let Some(segment) = settled(&segment, &mut current) else {
                let message = format!("{} has coordinates beyond {LENGTH_MAX_POINTS}", reading.subject());
                reading.error(codes::INVALID_VALUE, message, None);
                return None;
            };
            segments.push(segment);
            if segments.len() > SEGMENT_COUNT_MAX {
                let message = format!("{} has more than {SEGMENT_COUNT_MAX} segments", reading.subject());
                reading.error(codes::LIMIT_EXCEEDED, message, None);
                return None;
            }
        }
        if segments.is_empty() {
            reading.error(codes::INVALID_VALUE, format!("{} is empty", reading.subject()), None);
            return None;
        }
        Some(segments)
    }

    fn form(&self, _description: &mut Description) -> Form {
        Form::Text { phrase: "path data of SVG", pattern: None, length_max: None }
    }
}

/// A segment in our own form; none when it is out of bounds. Quadratic curves become cubic ones.
fn settled(segment: &SimplePathSegment, current: &mut Point) -> Option<Segment> {
    let point = |x: f64, y: f64| {
        let inside = x.abs() <= LENGTH_MAX_POINTS && y.abs() <= LENGTH_MAX_POINTS;
        inside.then(|| Point { x: narrow(x), y: narrow(y) })
    };
    let before = *current;
    let segment = match *segment {
        SimplePathSegment::MoveTo { x, y } => {
            *current = point(x, y)?;
            Segment::Move(*current)
        }
        SimplePathSegment::LineTo { x, y } => {
            *current = point(x, y)?;
            Segment::Line(*current)
        }
        SimplePathSegment::CurveTo { x1, y1, x2, y2, x, y } => {
            *current = point(x, y)?;
            Segment::Cubic(point(x1, y1)?, point(x2, y2)?, *current)
        }
        SimplePathSegment::Quadratic { x1, y1, x, y } => {
            *current = point(x, y)?;
            let control = point(x1, y1)?;
            let mix = |end: Point| Point {
                x: end.x + (control.x - end.x) * (2.0 / 3.0),
                y: end.y + (control.y - end.y) * (2.0 / 3.0),
            };
            Segment::Cubic(mix(before), mix(*current), *current)
        }
        SimplePathSegment::ClosePath => Segment::Close,
    };
    Some(segment)
}

/// Left, top, width and height, the sizes above 0.
#[derive(Clone, Copy)]
pub(super) struct ViewBox;

const VIEW_BOX_PHRASE: &str = "[left, top, width, height], with sizes above 0";

impl Shape for ViewBox {
    type Value = [f32; 4];

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<[f32; 4]> {
        let values = List { phrase: VIEW_BOX_PHRASE, of: Length::ANY, least: 4, most: 4 }.read(json, reading)?;
        let [left, top, width, height] = values.try_into().ok()?;
        if width <= 0.0 || height <= 0.0 {
            reading.not_allowed(VIEW_BOX_PHRASE, json, None);
            return None;
        }
        Some([left, top, width, height])
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::tuple(Length::ANY.form(description), 4)
    }
}
