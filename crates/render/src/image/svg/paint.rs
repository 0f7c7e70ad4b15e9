//! Paths, colours, strokes, gradients and clips of SVG.

use super::super::ImageError;
use super::text::{Scale, push, push_attribute, push_list, push_matrix, push_number};
use super::{Writer, segments};
use crate::document::{Color, LineCap, LineJoin, Path, Point, Rect, Segment, Stroke};
use crate::picture::{Gradient, GradientShape};

impl Writer<'_> {
    /// Writes a path with its fill and stroke.
    pub(super) fn path(&mut self, path: &Path, pool: &[Segment], scale: Scale) -> Result<(), ImageError> {
        let segments = segments(pool, &path.segments)?;
        self.content.extend_from_slice(b"<path");
        push_segments(&mut self.content, segments, scale);
        self.paint(path.fill, path.stroke.as_ref(), path.even_odd, scale);
        self.content.extend_from_slice(b"/>\n");
        Ok(())
    }

    /// Writes a path filled with a gradient, which is defined before.
    pub(super) fn gradient(&mut self, gradient: &Gradient, pool: &[Segment], scale: Scale) -> Result<(), ImageError> {
        let segments = segments(pool, &gradient.segments)?;
        let number = self.next_number();
        let out = &mut self.definitions;
        let (name, attributes) = match gradient.shape {
            GradientShape::Linear { start, end } => {
                ("linearGradient", vec![("x1", start.x), ("y1", start.y), ("x2", end.x), ("y2", end.y)])
            }
            GradientShape::Radial { start: (start, start_radius), end: (end, end_radius) } => (
                "radialGradient",
                vec![
                    ("fx", start.x),
                    ("fy", start.y),
                    ("fr", start_radius),
                    ("cx", end.x),
                    ("cy", end.y),
                    ("r", end_radius),
                ],
            ),
        };
        out.push(b'<');
        out.extend_from_slice(name.as_bytes());
        push_attribute(out, "id", format_args!("p{number}"));
        push_attribute(out, "gradientUnits", format_args!("userSpaceOnUse"));
        for (name, value) in attributes {
            push_number(out, name, value, Scale::Fine);
        }
        push_matrix(out, "gradientTransform", &gradient.transform);
        out.push(b'>');
        for stop in &gradient.stops {
            out.extend_from_slice(b"<stop");
            push_number(out, "offset", stop.offset, Scale::Fine);
            push_color(out, "stop-color", stop.color);
            out.extend_from_slice(b"/>");
        }
        out.extend_from_slice(b"</");
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b">\n");

        let out = &mut self.content;
        out.extend_from_slice(b"<path");
        push_segments(out, segments, scale);
        push_attribute(out, "fill", format_args!("url(#p{number})"));
        if gradient.even_odd {
            push_attribute(out, "fill-rule", format_args!("evenodd"));
        }
        out.extend_from_slice(b"/>\n");
        Ok(())
    }

    /// Defines a clip to a rectangle, and gives its number.
    pub(super) fn clip_rect(&mut self, rect: &Rect, scale: Scale) -> u32 {
        let (left, top, right, bottom) = (rect.x, rect.y, rect.right(), rect.bottom());
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom)].map(|(x, y)| Point { x, y });
        let [first, rest @ ..] = corners;
        let mut segments = vec![Segment::Move(first)];
        segments.extend(rest.map(Segment::Line));
        segments.push(Segment::Close);
        self.clip_path(&segments, false, scale)
    }

    /// Defines a clip to a path, and gives its number.
    pub(super) fn clip_path(&mut self, segments: &[Segment], even_odd: bool, scale: Scale) -> u32 {
        let number = self.next_number();
        let out = &mut self.definitions;
        out.extend_from_slice(b"<clipPath");
        push_attribute(out, "id", format_args!("c{number}"));
        out.extend_from_slice(b"><path");
        push_segments(out, segments, scale);
        if even_odd {
            push_attribute(out, "clip-rule", format_args!("evenodd"));
        }
        out.extend_from_slice(b"/></clipPath>\n");
        number
    }

    /// Writes the attributes of fill and stroke.
    pub(super) fn paint(&mut self, fill: Option<Color>, stroke: Option<&Stroke>, even_odd: bool, scale: Scale) {
        let out = &mut self.content;
        match fill {
            Some(color) if color == Color::BLACK => {}
            Some(color) => push_color(out, "fill", color),
            None => push_attribute(out, "fill", format_args!("none")),
        }
        if even_odd && fill.is_some() {
            push_attribute(out, "fill-rule", format_args!("evenodd"));
        }
        let Some(stroke) = stroke else { return };
        push_color(out, "stroke", stroke.color);
        push_number(out, "stroke-width", stroke.width, scale.max_fine(stroke.width));
        match stroke.cap {
            LineCap::Butt => {}
            LineCap::Round => push_attribute(out, "stroke-linecap", format_args!("round")),
            LineCap::Square => push_attribute(out, "stroke-linecap", format_args!("square")),
        }
        match stroke.join {
            LineJoin::Miter => {}
            LineJoin::Round => push_attribute(out, "stroke-linejoin", format_args!("round")),
            LineJoin::Bevel => push_attribute(out, "stroke-linejoin", format_args!("bevel")),
        }
        // All zeros are a solid line in SVG, as they are in the document.
        if !stroke.dash.is_empty() {
            out.extend_from_slice(b" stroke-dasharray=\"");
            push_list(out, stroke.dash.iter().map(|length| length.max(0.0)), scale);
            out.push(b'"');
        }
    }
}

impl Scale {
    /// The finer of two, where hundredths would lose much of a thin line.
    fn max_fine(self, width: f32) -> Self {
        if width < 1.0 { Self::Fine } else { self }
    }
}

/// Writes a colour, and its opacity when it has some of either.
pub(super) fn push_color(out: &mut Vec<u8>, name: &str, color: Color) {
    let Color { red, green, blue, alpha, .. } = color;
    push_attribute(out, name, format_args!("#{red:02x}{green:02x}{blue:02x}"));
    if alpha < 255 {
        let name = if name == "stop-color" { "stop-opacity".to_owned() } else { format!("{name}-opacity") };
        push_number(out, &name, f32::from(alpha) / 255.0, Scale::Fine);
    }
}

/// Writes the attribute `d`. What comes before the first move has nowhere to start, and is left out.
fn push_segments(out: &mut Vec<u8>, segments: &[Segment], scale: Scale) {
    out.extend_from_slice(b" d=\"");
    let begun = segments.iter().skip_while(|segment| !matches!(segment, Segment::Move(_)));
    for segment in begun {
        let (command, points): (u8, &[Point]) = match segment {
            Segment::Move(end) => (b'M', std::slice::from_ref(end)),
            Segment::Line(end) => (b'L', std::slice::from_ref(end)),
            Segment::Cubic(first, second, end) => (b'C', &[*first, *second, *end]),
            Segment::Close => (b'Z', &[]),
        };
        out.push(command);
        push_list(out, points.iter().flat_map(|point| [point.x, point.y]), scale);
    }
    out.push(b'"');
}

/// Writes a place within font units, without sign noise.
pub(super) fn push_place(out: &mut Vec<u8>, value: f32) {
    push(out, value, Scale::Page);
}
