//! Paints into a content stream: paths, colours, transforms; the state is tracked so that only changes are written.

use smallvec::SmallVec;

use super::inks::InkUse;
use super::number::{push_fixed, push_hundredths, push_unsigned, rounded, scaled};
use crate::document::{
    CIRCLE, Color, InkKind, LineCap, LineJoin, Path, Point, Rect, RectItem, Segment, Stroke, Transform,
};
use crate::picture::Gradient;

/// A content stream being written. The origin is the lower left corner, as PDF has it; callers give coordinates from
/// the upper left one.
pub(super) struct Canvas {
    pub(super) out: Vec<u8>,
    pub(super) state: State,
    stack: Vec<State>,
    /// Height of page or drawing, in units of the last decimal.
    pub(super) height: i64,
    decimals: u32,
    scale: f64,
    /// Constant opacities in use, which become resources.
    pub(super) alphas: Alphas,
    /// Inks in use, likewise.
    pub(super) inks: InkUse,
    /// Whether colours are painted as a screen shows them, not in their inks.
    pub(super) is_screen: bool,
}

/// What the graphics state is known to be (ISO 32000-1, 8.4).
#[derive(Clone)]
pub(super) struct State {
    /// Always opaque, as the opacity is a state of its own.
    fill: Color,
    stroke: Color,
    fill_alpha: u8,
    stroke_alpha: u8,
    line_width: i64,
    dash: SmallVec<[i64; 4]>,
    cap: LineCap,
    join: LineJoin,
    /// Index of the face, size in thousandths, and whether it is the font for lines that go down.
    pub(super) font: Option<(u32, i64, bool)>,
    /// In thousandths.
    pub(super) letter_spacing: i64,
    /// Whether text is only there to be read, not seen.
    pub(super) is_text_invisible: bool,
    /// Whether fills (1) and strokes (2) leave the inks below.
    overprint: u8,
    /// Fades every colour; 1 but inside a group of one item.
    pub(super) opacity: f32,
}

/// Which constant opacities a document uses, for filling and for stroking.
pub(super) struct Alphas {
    pub(super) fill: [bool; 256],
    pub(super) stroke: [bool; 256],
}

impl Default for Alphas {
    fn default() -> Self {
        Self { fill: [false; 256], stroke: [false; 256] }
    }
}

impl Alphas {
    /// Whether anything is transparent.
    pub(super) fn any(&self) -> bool {
        self.fill.iter().chain(&self.stroke).any(|&used| used)
    }
}

impl Default for State {
    fn default() -> Self {
        Self {
            fill: Color::BLACK,
            stroke: Color::BLACK,
            fill_alpha: 255,
            stroke_alpha: 255,
            line_width: 1_000,
            dash: SmallVec::new(),
            cap: LineCap::Butt,
            join: LineJoin::Miter,
            font: None,
            letter_spacing: 0,
            is_text_invisible: false,
            overprint: 0,
            opacity: 1.0,
        }
    }
}

/// Operators that set a colour (ISO 32000-1, 8.6.8).
struct Operators {
    grey: &'static [u8],
    rgb: &'static [u8],
    process: &'static [u8],
    space: &'static [u8],
    spot: &'static [u8],
}

const FILLS: Operators = Operators { grey: b"g\n", rgb: b"rg\n", process: b"k\n", space: b"cs ", spot: b"scn\n" };
const STROKES: Operators = Operators { grey: b"G\n", rgb: b"RG\n", process: b"K\n", space: b"CS ", spot: b"SCN\n" };

/// How a path is painted.
#[derive(Clone, Copy)]
struct Paint {
    fill: bool,
    stroke: bool,
    even_odd: bool,
}

impl Canvas {
    /// Begins a content stream that writes into a buffer.
    pub(super) fn new(out: Vec<u8>, height: f32, decimals: u32) -> Self {
        let scale = f64::from(10_u32.pow(decimals));
        let height = scaled(height, scale);
        Self {
            out,
            state: State::default(),
            stack: Vec::new(),
            height,
            decimals,
            scale,
            alphas: Alphas::default(),
            inks: InkUse::default(),
            is_screen: false,
        }
    }

    /// Begins the next page in the same buffers.
    pub(super) fn restart(&mut self, height: f32) {
        self.out.clear();
        self.state = State::default();
        self.stack.clear();
        self.height = scaled(height, self.scale);
    }

    /// Saves the graphics state.
    pub(super) fn save(&mut self) {
        self.out.extend_from_slice(b"q\n");
        self.stack.push(self.state.clone());
    }

    /// Restores the graphics state that was saved last.
    pub(super) fn restore(&mut self) {
        if let Some(state) = self.stack.pop() {
            self.out.extend_from_slice(b"Q\n");
            self.state = state;
        }
    }

    /// Begins a stream of its own, and gives what was written before.
    pub(super) fn begin_group(&mut self) -> (Vec<u8>, State) {
        let state = self.state.clone();
        // A transparency group begins opaque (11.6.6); all else is inherited.
        self.state.fill_alpha = 255;
        self.state.stroke_alpha = 255;
        self.state.opacity = 1.0;
        (std::mem::take(&mut self.out), state)
    }

    /// Ends the stream of its own and gives its content.
    pub(super) fn end_group(&mut self, (out, state): (Vec<u8>, State)) -> Vec<u8> {
        self.state = state;
        std::mem::replace(&mut self.out, out)
    }

    /// Transforms all that follows.
    pub(super) fn transform(&mut self, transform: &Transform) {
        if *transform == Transform::IDENTITY {
            return;
        }
        // The same transform, seen from the lower left corner.
        let [a, b, c, d, e, f] = transform.coefficients;
        for (coefficient, sign) in [(a, 1), (b, -1), (c, -1), (d, 1)] {
            push_fixed(&mut self.out, sign * scaled(coefficient, 1e6), 6);
            self.out.push(b' ');
        }
        let height = as_float(self.height);
        let x = rounded(f64::from(c) * height + f64::from(e) * self.scale);
        let y = rounded(height - f64::from(d) * height - f64::from(f) * self.scale);
        self.pair(x, y);
        self.out.extend_from_slice(b"cm\n");
    }

    /// Paints an external object in a rectangle; `unit` is what the object's own size is.
    pub(super) fn object(&mut self, kind: u8, index: u32, rect: &Rect, unit: (f32, f32)) {
        self.set_fill_alpha(255);
        let (left, bottom, width, height) = self.edges(rect);
        let (x_scale, y_scale) = (self.ratio(width, unit.0), self.ratio(height, unit.1));
        self.out.extend_from_slice(b"q ");
        push_fixed(&mut self.out, x_scale, 6);
        self.out.extend_from_slice(b" 0 0 ");
        push_fixed(&mut self.out, y_scale, 6);
        self.out.push(b' ');
        self.pair(left, bottom);
        self.out.extend_from_slice(b"cm/");
        self.out.push(kind);
        push_unsigned(&mut self.out, u64::from(index));
        self.out.extend_from_slice(b" Do Q\n");
    }

    /// Paints a form whose content has the coordinates of this stream, faded as a whole.
    pub(super) fn group(&mut self, name: u32, alpha: u8) {
        self.set_fill_alpha(alpha);
        self.out.extend_from_slice(b"/X");
        push_unsigned(&mut self.out, u64::from(name));
        self.out.extend_from_slice(b" Do\n");
    }

    /// Clips all that follows to a rectangle.
    pub(super) fn clip_rect(&mut self, rect: &Rect) {
        self.rect(rect);
        self.out.extend_from_slice(b"W n\n");
    }

    /// Clips all that follows to a path.
    pub(super) fn clip_path(&mut self, segments: &[Segment], even_odd: bool) {
        self.segments(segments);
        self.out.extend_from_slice(if even_odd { b"W* n\n" } else { b"W n\n" });
    }

    /// Paints a rectangle, with round corners if it has a radius.
    pub(super) fn rect_item(&mut self, item: &RectItem) {
        let paint = self.begin_paint(item.fill, item.stroke.as_ref(), false);
        if item.radius > 0.0 {
            self.round_rect(&item.rect, item.radius);
        } else {
            self.rect(&item.rect);
        }
        self.paint(paint);
    }

    /// Paints a path.
    pub(super) fn path(&mut self, path: &Path, segments: &[Segment]) {
        let paint = self.begin_paint(path.fill, path.stroke.as_ref(), path.even_odd);
        self.segments(segments);
        self.paint(paint);
    }

    /// Fills a path with the shading `S<name>`, through the mask `M<mask>` when its opacity changes.
    pub(super) fn gradient(&mut self, segments: &[Segment], gradient: &Gradient, name: u32, mask: Option<u32>) {
        self.set_fill_alpha(match mask {
            Some(_) => 255,
            None => gradient.stops.first().map_or(255, |stop| stop.color.alpha),
        });
        self.out.extend_from_slice(b"q\n");
        if let Some(mask) = mask {
            self.out.extend_from_slice(b"/M");
            push_unsigned(&mut self.out, u64::from(mask));
            self.out.extend_from_slice(b" gs\n");
        }
        self.clip_path(segments, gradient.even_odd);
        self.shade(gradient, name);
        self.out.extend_from_slice(b"Q\n");
    }

    /// Paints the shading `S<name>` all over what is clipped, and leaves its transform in force.
    pub(super) fn shade(&mut self, gradient: &Gradient, name: u32) {
        // The gradient counts from the upper left corner, y downwards.
        let [a, b, c, d, e, f] = gradient.transform.coefficients;
        for (coefficient, sign) in [(a, 1), (b, -1), (c, 1), (d, -1)] {
            push_fixed(&mut self.out, sign * scaled(coefficient, 1e6), 6);
            self.out.push(b' ');
        }
        let (x, y) = (self.units(e), self.height - self.units(f));
        self.pair(x, y);
        self.out.extend_from_slice(b"cm/S");
        push_unsigned(&mut self.out, u64::from(name));
        self.out.extend_from_slice(b" sh\n");
    }

    /// Sets the colour and opacity of fills and text.
    pub(super) fn set_fill(&mut self, color: Color) {
        let opaque = self.opaque(color);
        if self.state.fill != opaque {
            self.state.fill = opaque;
            self.color(opaque, &FILLS);
            self.set_overprint(1, opaque);
        }
        self.set_fill_alpha(color.alpha);
    }

    fn set_fill_alpha(&mut self, alpha: u8) {
        let alpha = faded(alpha, self.state.opacity);
        if self.state.fill_alpha != alpha {
            self.state.fill_alpha = alpha;
            if let Some(used) = self.alphas.fill.get_mut(usize::from(alpha)) {
                *used = true;
            }
            self.external_state(b'a', alpha);
        }
    }

    fn set_stroke(&mut self, stroke: &Stroke) {
        let opaque = self.opaque(stroke.color);
        if self.state.stroke != opaque {
            self.state.stroke = opaque;
            self.color(opaque, &STROKES);
            self.set_overprint(2, opaque);
        }
        let alpha = faded(stroke.color.alpha, self.state.opacity);
        if self.state.stroke_alpha != alpha {
            self.state.stroke_alpha = alpha;
            if let Some(used) = self.alphas.stroke.get_mut(usize::from(alpha)) {
                *used = true;
            }
            self.external_state(b'A', alpha);
        }
        let line_width = scaled(stroke.width, 1e3);
        if self.state.line_width != line_width {
            self.state.line_width = line_width;
            push_fixed(&mut self.out, line_width, 3);
            self.out.extend_from_slice(b" w\n");
        }
        if self.state.cap != stroke.cap {
            self.state.cap = stroke.cap;
            self.out.extend_from_slice(match stroke.cap {
                LineCap::Butt => b"0 J\n",
                LineCap::Round => b"1 J\n",
                LineCap::Square => b"2 J\n",
            });
        }
        if self.state.join != stroke.join {
            self.state.join = stroke.join;
            self.out.extend_from_slice(match stroke.join {
                LineJoin::Miter => b"0 j\n",
                LineJoin::Round => b"1 j\n",
                LineJoin::Bevel => b"2 j\n",
            });
        }
        self.set_dash(&stroke.dash);
    }

    fn set_dash(&mut self, dash: &[f32]) {
        // All zeros would be an endless line of nothing, and is an error in PDF (8.4.3.6).
        let dash: SmallVec<[i64; 4]> = dash.iter().map(|&length| scaled(length, 1e3).max(0)).collect();
        let dash = if dash.iter().all(|&length| length == 0) { SmallVec::new() } else { dash };
        if self.state.dash == dash {
            return;
        }
        self.out.push(b'[');
        for &length in &dash {
            push_fixed(&mut self.out, length, 3);
            self.out.push(b' ');
        }
        self.out.extend_from_slice(b"]0 d\n");
        self.state.dash = dash;
    }

    fn external_state(&mut self, kind: u8, alpha: u8) {
        self.out.extend_from_slice(&[b'/', kind]);
        push_unsigned(&mut self.out, u64::from(alpha));
        self.out.extend_from_slice(b" gs\n");
    }

    /// The colour as it is painted here, without its opacity.
    fn opaque(&self, color: Color) -> Color {
        let color = Color { alpha: 255, ..color };
        if self.is_screen { color.on_screen() } else { color }
    }

    fn color(&mut self, color: Color, operators: &Operators) {
        match color.ink.kind() {
            InkKind::Screen => {
                let channels = [color.red, color.green, color.blue];
                let grey = color.red == color.green && color.green == color.blue;
                for &channel in if grey { &channels[..1] } else { &channels[..] } {
                    push_fixed(&mut self.out, (i64::from(channel) * 1_000 + 127) / 255, 3);
                    self.out.push(b' ');
                }
                self.out.extend_from_slice(if grey { operators.grey } else { operators.rgb });
            }
            InkKind::Process(inks) => {
                for percent in inks {
                    push_fixed(&mut self.out, i64::from(percent), 2);
                    self.out.push(b' ');
                }
                self.out.extend_from_slice(operators.process);
            }
            InkKind::Spot { index, tint } => {
                self.inks.add_spot(index);
                self.out.extend_from_slice(b"/C");
                match index {
                    u16::MAX => self.out.push(b'A'),
                    index => push_unsigned(&mut self.out, u64::from(index)),
                }
                self.out.push(b' ');
                self.out.extend_from_slice(operators.space);
                push_fixed(&mut self.out, i64::from(tint), 2);
                self.out.push(b' ');
                self.out.extend_from_slice(operators.spot);
            }
        }
    }

    /// Lets a fill (1) or a stroke (2) overprint as its ink says.
    fn set_overprint(&mut self, bit: u8, color: Color) {
        let state = if color.ink.overprints() { self.state.overprint | bit } else { self.state.overprint & !bit };
        if self.state.overprint != state {
            self.state.overprint = state;
            self.inks.add_overprint(state);
            self.external_state(b'o', state);
        }
    }

    fn begin_paint(&mut self, fill: Option<Color>, stroke: Option<&Stroke>, even_odd: bool) -> Paint {
        if let Some(color) = fill {
            self.set_fill(color);
        }
        if let Some(stroke) = stroke {
            self.set_stroke(stroke);
        }
        Paint { fill: fill.is_some(), stroke: stroke.is_some(), even_odd }
    }

    fn paint(&mut self, paint: Paint) {
        self.out.extend_from_slice(match (paint.fill, paint.stroke, paint.even_odd) {
            (true, true, true) => b"B*\n",
            (true, true, false) => b"B\n",
            (true, false, true) => b"f*\n",
            (true, false, false) => b"f\n",
            (false, true, _) => b"S\n",
            (false, false, _) => b"n\n",
        });
    }

    fn rect(&mut self, rect: &Rect) {
        let (left, bottom, width, height) = self.edges(rect);
        self.pair(left, bottom);
        self.pair(width, height);
        self.out.extend_from_slice(b"re\n");
    }

    /// Left, bottom, width and height. Edges are rounded, not sizes, so that what touches keeps touching.
    pub(super) fn edges(&self, rect: &Rect) -> (i64, i64, i64, i64) {
        let (left, right) = (self.units(rect.x), self.units(rect.right()));
        let (top, bottom) = (self.units(rect.y), self.units(rect.bottom()));
        (left, self.height - bottom, right - left, bottom - top)
    }

    fn round_rect(&mut self, rect: &Rect, radius: f32) {
        let (left, top, right, bottom) = (rect.x, rect.y, rect.right(), rect.bottom());
        let far = radius * (1.0 - CIRCLE);
        self.point(left + radius, top);
        self.out.extend_from_slice(b"m\n");
        for (line, [first, second, end]) in [
            ((right - radius, top), [(right - far, top), (right, top + far), (right, top + radius)]),
            ((right, bottom - radius), [(right, bottom - far), (right - far, bottom), (right - radius, bottom)]),
            ((left + radius, bottom), [(left + far, bottom), (left, bottom - far), (left, bottom - radius)]),
            ((left, top + radius), [(left, top + far), (left + far, top), (left + radius, top)]),
        ] {
            self.point(line.0, line.1);
            self.out.extend_from_slice(b"l\n");
            for (x, y) in [first, second, end] {
                self.point(x, y);
            }
            self.out.extend_from_slice(b"c\n");
        }
        self.out.extend_from_slice(b"h\n");
    }

    fn segments(&mut self, segments: &[Segment]) {
        for segment in segments {
            match *segment {
                Segment::Move(Point { x, y }) => {
                    self.point(x, y);
                    self.out.extend_from_slice(b"m\n");
                }
                Segment::Line(Point { x, y }) => {
                    self.point(x, y);
                    self.out.extend_from_slice(b"l\n");
                }
                Segment::Cubic(first, second, end) => {
                    for Point { x, y } in [first, second, end] {
                        self.point(x, y);
                    }
                    self.out.extend_from_slice(b"c\n");
                }
                Segment::Close => self.out.extend_from_slice(b"h\n"),
            }
        }
    }

    fn point(&mut self, x: f32, y: f32) {
        let (x, y) = (self.units(x), self.height - self.units(y));
        self.pair(x, y);
    }

    /// Writes two numbers in units, each with a space after it.
    pub(super) fn pair(&mut self, x: i64, y: i64) {
        for value in [x, y] {
            if self.decimals == 2 {
                push_hundredths(&mut self.out, value);
            } else {
                push_fixed(&mut self.out, value, self.decimals);
            }
            self.out.push(b' ');
        }
    }

    /// A length in units of the last decimal.
    pub(super) fn units(&self, length: f32) -> i64 {
        scaled(length, self.scale)
    }

    /// A length in units, divided by a size, in millionths.
    fn ratio(&self, units: i64, size: f32) -> i64 {
        rounded(as_float(units) / self.scale / f64::from(size) * 1e6)
    }
}

#[expect(clippy::cast_precision_loss, reason = "lengths are cut far below 2^52")]
fn as_float(units: i64) -> f64 {
    units as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the product is between 0 and 255")]
pub(super) fn faded(alpha: u8, opacity: f32) -> u8 {
    (f32::from(alpha) * opacity.clamp(0.0, 1.0) + 0.5) as u8
}
