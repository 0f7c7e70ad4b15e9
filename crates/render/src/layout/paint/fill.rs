//! Painting boxes, ellipses and paths: shadow, fill, outline.

use super::{Painter, Tagging};
use crate::document::{
    CIRCLE, Color, Item, Path, Point, Rect, RectItem, Segment, Stroke, Transform, narrow, sin_cos_degrees,
};
use crate::picture::{Gradient, GradientShape};
use crate::template::model::{BoxLook, Fill, GradientForm, GradientLook, PathNode, ShadowLook, StrokeLook};

/// Layers of one shadow: each is so faint that nobody sees where it ends.
const LAYER_COUNT_MAX: u8 = 32;

/// Fewest layers; a small blur is only a few points wide.
const LAYER_COUNT_MIN: u8 = 6;

/// Layers in one point of blur: a step every third of a point is below what eyes tell apart at reading distance.
const LAYERS_A_POINT: f32 = 3.0;

impl Painter<'_, '_> {
    /// Shadow, fill and border of a box.
    pub(super) fn paint_box(&mut self, rect: Rect, look: &BoxLook, tagging: Tagging) {
        let radius = corner(look.radius, rect);
        if let Some(shadow) = &look.shadow {
            let outline = || rounded_box(rect, look.radius);
            self.around_unless_opaque(rect, look, outline, |painter| {
                painter.paint_shadow(rect, radius, shadow, tagging, Self::push_rect);
            });
        }
        if let Some(gradient) = gradient_of(look) {
            self.paint_gradient(&rounded(rect, [radius; 4]), false, gradient, rect, tagging);
        }
        if let Some(item) = rect_item(rect, look) {
            self.apply(tagging);
            self.page.items.push(Item::Rect(item));
        }
    }

    /// An ellipse that touches the sides of its box.
    pub(super) fn paint_ellipse(&mut self, rect: Rect, look: &BoxLook, tagging: Tagging) {
        if let Some(shadow) = &look.shadow {
            self.around_unless_opaque(
                rect,
                look,
                || ellipse(rect).to_vec(),
                |painter| {
                    painter.paint_shadow(rect, 0.0, shadow, tagging.for_decoration(), |painter, rect, _, color| {
                        painter.push_path(&ellipse(rect), Some(color), false, None);
                    });
                },
            );
        }
        self.paint_shape(&ellipse(rect), false, look, rect, tagging);
    }

    /// A path in its box.
    pub(super) fn paint_outline(&mut self, rect: Rect, look: &BoxLook, path: &PathNode, tagging: Tagging) {
        let place = placement(rect, path.view);
        let segments: Vec<Segment> = path.segments.iter().map(|segment| segment.map(place)).collect();
        if let Some(shadow) = &look.shadow {
            let bounds = bounds_of(&segments);
            self.around_unless_opaque(
                bounds,
                look,
                || segments.clone(),
                |painter| {
                    painter.paint_shape_shadow(&segments, path.even_odd, shadow, tagging.for_decoration());
                },
            );
        }
        self.paint_shape(&segments, path.even_odd, look, rect, tagging);
    }

    /// Fill and outline of any shape.
    pub(super) fn paint_shape(
        &mut self,
        segments: &[Segment],
        even_odd: bool,
        look: &BoxLook,
        rect: Rect,
        tagging: Tagging,
    ) {
        if let Some(gradient) = gradient_of(look) {
            self.paint_gradient(segments, even_odd, gradient, rect, tagging);
        }
        let stroke = look.stroke.as_ref().and_then(StrokeLook::to_stroke);
        let fill = flat_fill(look);
        if !segments.is_empty() && (fill.is_some() || stroke.is_some()) {
            self.apply(tagging);
            self.push_path(segments, fill, even_odd, stroke);
        }
    }

    /// A path that is filled and stroked.
    pub(super) fn paint_path(
        &mut self,
        segments: &[Segment],
        fill: Option<Color>,
        stroke: Option<Stroke>,
        tagging: Tagging,
    ) {
        self.apply(tagging);
        self.push_path(segments, fill, false, stroke);
    }

    pub(super) fn push_path(
        &mut self,
        segments: &[Segment],
        fill: Option<Color>,
        even_odd: bool,
        stroke: Option<Stroke>,
    ) {
        let segments = self.keep(segments);
        self.page.items.push(Item::Path(Path { segments, fill, even_odd, stroke }));
    }

    fn push_rect(&mut self, rect: Rect, radius: f32, color: Color) {
        self.page.items.push(Item::Rect(RectItem { rect, radius, fill: Some(color), stroke: None }));
    }

    /// Puts segments into the document's pool.
    pub(super) fn keep(&mut self, segments: &[Segment]) -> std::ops::Range<u32> {
        let start = self.segment_count();
        self.layouter.document.segments.extend_from_slice(segments);
        start..self.segment_count()
    }

    fn paint_gradient(
        &mut self,
        segments: &[Segment],
        even_odd: bool,
        look: &GradientLook,
        rect: Rect,
        tagging: Tagging,
    ) {
        if segments.is_empty() || rect.width <= 0.0 || rect.height <= 0.0 {
            return;
        }
        let (shape, transform) = gradient_shape(look.form, rect);
        let segments = self.keep(segments);
        self.apply(tagging);
        let gradient = Gradient { segments, even_odd, shape, transform, stops: look.stops.clone() };
        self.page.items.push(Item::Gradient(Box::new(gradient)));
    }

    /// Paints the shadow of a shape: all of it below one that lets nothing through, else only what lies around the shape,
    /// since what is seen through it is what is behind both.
    fn around_unless_opaque(
        &mut self,
        bounds: Rect,
        look: &BoxLook,
        outline: impl FnOnce() -> Vec<Segment>,
        paint: impl FnOnce(&mut Self),
    ) {
        let Some(shadow) = look.shadow.as_ref().filter(|_| !is_opaque(look)) else { return paint(self) };
        let [right, down] = shadow.offset;
        let reach = shadow.blur + right.abs().max(down.abs()) + 1.0;
        let around = Rect {
            x: bounds.x - reach,
            y: bounds.y - reach,
            width: bounds.width + reach * 2.0,
            height: bounds.height + reach * 2.0,
        };
        let mut segments = rounded(around, [0.0; 4]);
        segments.extend(outline());
        self.push_clip(&segments, true);
        paint(self);
        self.pop();
    }

    /// The shadow of a box or an ellipse as faint layers upon one another, each a little smaller than the one before.
    ///
    /// Two other constructions were judged and left. A blurred bitmap as soft mask has a resolution, has to be computed
    /// pixel by pixel, and is many times as large. A soft mask put together from gradients, four sides and four corners,
    /// is smooth at any size, but needs a group and a graphics state of its own for each shadow, and shows hairlines where
    /// its pieces meet as soon as a viewer smooths their edges. Layers are plain fills with a constant opacity: they have
    /// no seams, and compress well because they are alike.
    fn paint_shadow(
        &mut self,
        rect: Rect,
        radius: f32,
        shadow: &ShadowLook,
        tagging: Tagging,
        push: fn(&mut Self, Rect, f32, Color),
    ) {
        let [right, down] = shadow.offset;
        self.apply(tagging);
        for (grow, alpha) in layers(shadow) {
            let layer = Rect {
                x: rect.x + right - grow,
                y: rect.y + down - grow,
                width: rect.width + grow * 2.0,
                height: rect.height + grow * 2.0,
            };
            // A blur makes corners rounder than they are.
            let round = (radius.max(shadow.blur * 0.5) + grow).max(0.0);
            if layer.width > 0.0 && layer.height > 0.0 {
                push(self, layer, corner(round, layer), Color { alpha, ..shadow.color });
            }
        }
    }
}

/// How far each layer reaches beyond the shape, the widest first, and its opacity. Together they make a smooth edge:
/// the opacities of what lies upon one another add up to the shadow's own.
fn layers(shadow: &ShadowLook) -> Vec<(f32, u8)> {
    let wanted = crate::text::round_i32(f64::from((shadow.blur * LAYERS_A_POINT).ceil()));
    let count = u8::try_from(wanted).unwrap_or(LAYER_COUNT_MAX).clamp(LAYER_COUNT_MIN, LAYER_COUNT_MAX);
    let count = if shadow.blur > 0.0 { count } else { 1 };
    let full = f32::from(shadow.color.alpha) / 255.0;
    let mut layers = Vec::with_capacity(count.into());
    let mut reached: f32 = 0.0;
    for number in 1..=count {
        let share = f32::from(number) / f32::from(count);
        // The smooth step, which is near to the edge of a Gaussian blur.
        let target = full * share * share * (3.0 - 2.0 * share);
        let alpha = ((target - reached) / (1.0 - reached).max(1e-3)).clamp(0.0, 1.0);
        // What rounding takes away the next layer makes good.
        let alpha = u8::try_from(crate::text::round_i32(f64::from(alpha * 255.0))).unwrap_or(u8::MAX);
        if alpha > 0 {
            reached += (1.0 - reached) * f32::from(alpha) / 255.0;
            let inward = (f32::from(number) - 0.5) / f32::from(count) * 2.0 - 1.0;
            layers.push((if count > 1 { -inward * shadow.blur } else { 0.0 }, alpha));
        }
    }
    layers
}

/// A radius that fits into a box.
pub(super) fn corner(radius: f32, rect: Rect) -> f32 {
    radius.min(rect.width / 2.0).min(rect.height / 2.0).max(0.0)
}

/// A rectangle with a look; nothing when nothing of it would be seen.
fn rect_item(rect: Rect, look: &BoxLook) -> Option<RectItem> {
    let fill = flat_fill(look);
    let stroke = look.stroke.as_ref().and_then(StrokeLook::to_stroke);
    if fill.is_none() && stroke.is_none() {
        return None;
    }
    Some(RectItem { rect, radius: corner(look.radius, rect), fill, stroke })
}

/// Whether nothing is seen through a shape.
fn is_opaque(look: &BoxLook) -> bool {
    match &look.fill {
        None => false,
        Some(Fill::Color(color)) => color.alpha == u8::MAX,
        Some(Fill::Gradient(gradient)) => gradient.stops.iter().all(|stop| stop.color.alpha == u8::MAX),
    }
}

/// A box around all points of a path.
fn bounds_of(segments: &[Segment]) -> Rect {
    let (mut left, mut top, mut right, mut bottom) = (f32::MAX, f32::MAX, f32::MIN, f32::MIN);
    for segment in segments {
        let points = match *segment {
            Segment::Move(point) | Segment::Line(point) => [point; 3],
            Segment::Cubic(first, second, end) => [first, second, end],
            Segment::Close => continue,
        };
        for point in points {
            (left, right) = (left.min(point.x), right.max(point.x));
            (top, bottom) = (top.min(point.y), bottom.max(point.y));
        }
    }
    Rect { x: left, y: top, width: (right - left).max(0.0), height: (bottom - top).max(0.0) }
}

fn flat_fill(look: &BoxLook) -> Option<Color> {
    look.fill.as_ref().and_then(Fill::color).filter(|color| color.alpha > 0)
}

fn gradient_of(look: &BoxLook) -> Option<&GradientLook> {
    match &look.fill {
        Some(Fill::Gradient(gradient)) => Some(gradient),
        _ => None,
    }
}

/// From the coordinates of a path to those of the page.
pub(super) fn placement(rect: Rect, view: Option<[f32; 4]>) -> impl Fn(Point) -> Point + Copy {
    let (left, top, scale_x, scale_y) = match view {
        Some([left, top, width, height]) => (left, top, rect.width / width, rect.height / height),
        None => (0.0, 0.0, 1.0, 1.0),
    };
    move |point| Point { x: rect.x + (point.x - left) * scale_x, y: rect.y + (point.y - top) * scale_y }
}

/// Where a gradient runs in a box.
fn gradient_shape(form: GradientForm, rect: Rect) -> (GradientShape, Transform) {
    let at = |[x, y]: [f32; 2]| Point { x: rect.x + x * rect.width, y: rect.y + y * rect.height };
    match form {
        GradientForm::Points(from, to) => (GradientShape::Linear { start: at(from), end: at(to) }, Transform::IDENTITY),
        GradientForm::Angle(degrees) => {
            let (sin, cos) = sin_cos_degrees(f64::from(degrees));
            let (sin, cos) = (narrow(sin), narrow(cos));
            // The line through the middle that is so long that both corners have the outermost colours (CSS Images 3,
            // 3.1.1).
            let half = ((rect.width * sin).abs() + (rect.height * cos).abs()) / 2.0;
            let middle = at([0.5, 0.5]);
            let start = Point { x: middle.x - sin * half, y: middle.y + cos * half };
            let end = Point { x: middle.x + sin * half, y: middle.y - cos * half };
            (GradientShape::Linear { start, end }, Transform::IDENTITY)
        }
        GradientForm::Radial(centre, radius) => {
            let centre = at(centre);
            let origin = Point::default();
            let shape = GradientShape::Radial { start: (origin, 0.0), end: (origin, 1.0) };
            let (x, y) = (rect.width / 2.0 * radius, rect.height / 2.0 * radius);
            (shape, Transform { coefficients: [x, 0.0, 0.0, y, centre.x, centre.y] })
        }
    }
}

pub(super) fn ellipse(rect: Rect) -> [Segment; 6] {
    let (rx, ry) = (rect.width / 2.0, rect.height / 2.0);
    let (x, y) = (rect.x + rx, rect.y + ry);
    let (cx, cy) = (rx * CIRCLE, ry * CIRCLE);
    let point = |x: f32, y: f32| Point { x, y };
    [
        Segment::Move(point(x + rx, y)),
        Segment::Cubic(point(x + rx, y + cy), point(x + cx, y + ry), point(x, y + ry)),
        Segment::Cubic(point(x - cx, y + ry), point(x - rx, y + cy), point(x - rx, y)),
        Segment::Cubic(point(x - rx, y - cy), point(x - cx, y - ry), point(x, y - ry)),
        Segment::Cubic(point(x + cx, y - ry), point(x + rx, y - cy), point(x + rx, y)),
        Segment::Close,
    ]
}

/// The outline of a box whose corners all have a radius, as far as it fits.
pub(super) fn rounded_box(rect: Rect, radius: f32) -> Vec<Segment> {
    rounded(rect, [corner(radius, rect); 4])
}

/// The outline of a box with round corners: top left, top right, bottom right, bottom left.
pub(super) fn rounded(rect: Rect, [top_left, top_right, bottom_right, bottom_left]: [f32; 4]) -> Vec<Segment> {
    let (left, top, right, bottom) = (rect.x, rect.y, rect.right(), rect.bottom());
    // Each corner with the directions from which the outline comes and in which it goes on.
    let corners = [
        (Point { x: right, y: top }, top_right, [-1.0, 0.0], [0.0, 1.0]),
        (Point { x: right, y: bottom }, bottom_right, [0.0, -1.0], [-1.0, 0.0]),
        (Point { x: left, y: bottom }, bottom_left, [1.0, 0.0], [0.0, -1.0]),
        (Point { x: left, y: top }, top_left, [0.0, 1.0], [1.0, 0.0]),
    ];
    let mut segments = vec![Segment::Move(Point { x: left + top_left, y: top })];
    for (corner, radius, from, to) in corners {
        let off = |[x, y]: [f32; 2], distance: f32| Point { x: corner.x + x * distance, y: corner.y + y * distance };
        segments.push(Segment::Line(off(from, radius)));
        if radius > 0.0 {
            let control = radius * (1.0 - CIRCLE);
            segments.push(Segment::Cubic(off(from, control), off(to, control), off(to, radius)));
        }
    }
    segments.push(Segment::Close);
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: Rect = Rect { x: 10.0, y: 20.0, width: 100.0, height: 50.0 };

    #[test]
    fn what_cannot_be_seen_is_not_painted() {
        let clear = Color { alpha: 0, ..Color::BLACK };
        let look = BoxLook {
            fill: Some(Fill::Color(clear)),
            stroke: Some(StrokeLook::solid(Color::BLACK, 0.0)),
            ..BoxLook::default()
        };
        assert!(rect_item(BOX, &look).is_none());
        let round = BoxLook { fill: Some(Fill::Color(Color::BLACK)), radius: 400.0, ..BoxLook::default() };
        assert_eq!(rect_item(BOX, &round).map(|item| item.radius), Some(25.0));
    }

    #[test]
    fn layers_of_a_shadow_add_up_to_its_opacity_and_reach_as_far_as_its_blur() {
        for (blur, alpha) in [(0.0, 90), (1.0, 40), (8.0, 77), (40.0, 255), (200.0, 6)] {
            let shadow = ShadowLook { offset: [0.0; 2], blur, color: Color { alpha, ..Color::BLACK } };
            let layers = layers(&shadow);
            assert!(layers.len() <= usize::from(LAYER_COUNT_MAX), "{blur}: {}", layers.len());
            let through = layers.iter().fold(1.0, |left: f32, (_, alpha)| left * (1.0 - f32::from(*alpha) / 255.0));
            let reached = (1.0 - through) * 255.0;
            assert!((reached - f32::from(alpha)).abs() <= 1.0, "blur {blur}: {reached} of {alpha}");
            assert!(layers.iter().all(|(grow, _)| grow.abs() <= blur));
            assert!(layers.windows(2).all(|pair| pair[0].0 > pair[1].0), "the widest comes first");
        }
    }

    #[test]
    fn gradients_run_from_corner_to_corner() {
        let ends = |degrees| match gradient_shape(GradientForm::Angle(degrees), BOX).0 {
            GradientShape::Linear { start, end } => (start, end),
            GradientShape::Radial { .. } => unreachable!("an angle makes a linear gradient"),
        };
        let point = |x, y| Point { x, y };
        assert_eq!(ends(90.0), (point(10.0, 45.0), point(110.0, 45.0)));
        assert_eq!(ends(180.0), (point(60.0, 20.0), point(60.0, 70.0)));
        assert_eq!(ends(0.0), (point(60.0, 70.0), point(60.0, 20.0)));
    }
}
