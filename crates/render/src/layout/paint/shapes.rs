//! Painting shapes, pictures and barcodes.

use super::{Painter, Tagging};
use crate::document::{Color, Item, Path, Point, Rect, RectItem, Segment, Stroke, Transform};
use crate::layout::measured::ImageBox;
use crate::layout::picture::ArtIndex;
use crate::template::model::{BoxLook, Fit, StrokeLook};

/// Distance of the control points of a quarter circle of radius 1 as a cubic curve.
const CIRCLE: f32 = 0.552_285;

impl Painter<'_, '_> {
    /// A straight line from corner to corner.
    pub(super) fn paint_line(&mut self, rect: Rect, look: &StrokeLook, rising: bool, tagging: Tagging) {
        let Some(stroke) = stroke(look) else { return };
        let (from_y, to_y) = if rising { (rect.bottom(), rect.y) } else { (rect.y, rect.bottom()) };
        let from = Point { x: rect.x, y: from_y };
        let to = Point { x: rect.right(), y: to_y };
        self.paint_path(&[Segment::Move(from), Segment::Line(to)], None, Some(stroke), tagging);
    }

    /// An ellipse that touches the sides of its box.
    pub(super) fn paint_ellipse(&mut self, rect: Rect, look: &BoxLook, tagging: Tagging) {
        let stroke = look.stroke.as_ref().and_then(stroke);
        let fill = visible(look.fill);
        if fill.is_none() && stroke.is_none() {
            return;
        }
        let (rx, ry) = (rect.width / 2.0, rect.height / 2.0);
        let (x, y) = (rect.x + rx, rect.y + ry);
        let (cx, cy) = (rx * CIRCLE, ry * CIRCLE);
        let point = |x: f32, y: f32| Point { x, y };
        let segments = [
            Segment::Move(point(x + rx, y)),
            Segment::Cubic(point(x + rx, y + cy), point(x + cx, y + ry), point(x, y + ry)),
            Segment::Cubic(point(x - cx, y + ry), point(x - rx, y + cy), point(x - rx, y)),
            Segment::Cubic(point(x - rx, y - cy), point(x - cx, y - ry), point(x, y - ry)),
            Segment::Cubic(point(x + cx, y - ry), point(x + rx, y - cy), point(x + rx, y)),
            Segment::Close,
        ];
        self.paint_path(&segments, fill, stroke, tagging);
    }

    /// The bars of a barcode, which are relative to the box's corner.
    pub(super) fn paint_bars(&mut self, rect: Rect, bars: &[Segment], color: Color, tagging: Tagging) {
        if bars.is_empty() {
            return;
        }
        let moved = |point: Point| Point { x: point.x + rect.x, y: point.y + rect.y };
        let segments: Vec<Segment> = bars
            .iter()
            .map(|segment| match *segment {
                Segment::Move(point) => Segment::Move(moved(point)),
                Segment::Line(point) => Segment::Line(moved(point)),
                Segment::Cubic(first, second, end) => Segment::Cubic(moved(first), moved(second), moved(end)),
                Segment::Close => Segment::Close,
            })
            .collect();
        self.paint_path(&segments, Some(color), None, tagging);
    }

    /// A filled rectangle with radii of its own for each corner: top left, top right, bottom right, bottom left.
    pub(super) fn paint_rounded(&mut self, rect: Rect, radii: [f32; 4], color: Color, tagging: Tagging) {
        let [top_left, top_right, bottom_right, bottom_left] = radii;
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
            let off =
                |[x, y]: [f32; 2], distance: f32| Point { x: corner.x + x * distance, y: corner.y + y * distance };
            segments.push(Segment::Line(off(from, radius)));
            if radius > 0.0 {
                let control = radius * (1.0 - CIRCLE);
                segments.push(Segment::Cubic(off(from, control), off(to, control), off(to, radius)));
            }
        }
        segments.push(Segment::Close);
        self.paint_path(&segments, Some(color), None, tagging);
    }

    fn paint_path(&mut self, segments: &[Segment], fill: Option<Color>, stroke: Option<Stroke>, tagging: Tagging) {
        let start = self.segment_count();
        self.layouter.document.segments.extend_from_slice(segments);
        let range = start..self.segment_count();
        self.apply(tagging);
        self.page.items.push(Item::Path(Path { segments: range, fill, even_odd: false, stroke }));
    }

    /// A picture in its box, with what is behind and around it.
    pub(super) fn paint_image(&mut self, image: &ImageBox<'_>, rect: Rect, tagging: Tagging) {
        let behind = BoxLook { stroke: None, ..image.look.clone().into_owned() };
        self.paint_box(rect, &behind, tagging.for_decoration());
        let [top, right, bottom, left] = image.look.padding;
        let inner = Rect {
            x: rect.x + left,
            y: rect.y + top,
            width: (rect.width - left - right).max(0.0),
            height: (rect.height - top - bottom).max(0.0),
        };
        let natural = image.placed.size;
        if inner.width > 0.0 && inner.height > 0.0 && natural.width > 0.0 && natural.height > 0.0 {
            let place = fitted(inner, natural.width / natural.height, image.source.fit, image.source.focus);
            let clips = image.source.fit == Fit::Cover;
            if clips {
                self.push(Transform::IDENTITY, Some(inner), 1.0);
            }
            self.apply(tagging);
            self.page.items.push(match image.placed.art {
                ArtIndex::Picture(picture) => Item::Picture { picture, rect: place },
                ArtIndex::Drawing(drawing) => Item::Drawing { drawing, rect: place },
            });
            if clips {
                self.pop();
            }
        }
        let around = BoxLook { fill: None, ..image.look.clone().into_owned() };
        self.paint_box(rect, &around, tagging.for_decoration());
    }
}

/// Where a picture of some proportions goes in a box.
fn fitted(inner: Rect, ratio: f32, fit: Fit, [focus_x, focus_y]: [f32; 2]) -> Rect {
    let wider = ratio > inner.width / inner.height;
    let by_width = match fit {
        Fit::Fill => return inner,
        Fit::Contain => wider,
        Fit::Cover => !wider,
    };
    let (width, height) =
        if by_width { (inner.width, inner.width / ratio) } else { (inner.height * ratio, inner.height) };
    Rect { x: inner.x + (inner.width - width) * focus_x, y: inner.y + (inner.height - height) * focus_y, width, height }
}

/// A rectangle with a look; nothing when nothing of it would be seen.
pub(super) fn rect_item(rect: Rect, look: &BoxLook) -> Option<RectItem> {
    let fill = visible(look.fill);
    let stroke = look.stroke.as_ref().and_then(stroke);
    if fill.is_none() && stroke.is_none() {
        return None;
    }
    let radius = look.radius.min(rect.width / 2.0).min(rect.height / 2.0).max(0.0);
    Some(RectItem { rect, radius, fill, stroke })
}

/// A stroke that can be seen.
pub(super) fn stroke(look: &StrokeLook) -> Option<Stroke> {
    let seen = look.width > 0.0 && look.color.alpha > 0;
    seen.then(|| Stroke { color: look.color, width: look.width, dash: look.dash.clone(), round: false })
}

fn visible(color: Option<Color>) -> Option<Color> {
    color.filter(|color| color.alpha > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: Rect = Rect { x: 10.0, y: 20.0, width: 100.0, height: 50.0 };

    #[test]
    fn pictures_keep_their_proportions() {
        let contained = fitted(BOX, 1.0, Fit::Contain, [0.5, 0.5]);
        assert_eq!(contained, Rect { x: 35.0, y: 20.0, width: 50.0, height: 50.0 });
        let covering = fitted(BOX, 1.0, Fit::Cover, [0.5, 0.0]);
        assert_eq!(covering, Rect { x: 10.0, y: 20.0, width: 100.0, height: 100.0 });
        let covering = fitted(BOX, 4.0, Fit::Cover, [1.0, 0.5]);
        assert_eq!(covering, Rect { x: -90.0, y: 20.0, width: 200.0, height: 50.0 });
        assert_eq!(fitted(BOX, 3.0, Fit::Fill, [0.0, 0.0]), BOX);
    }

    #[test]
    fn what_cannot_be_seen_is_not_painted() {
        let clear = Color { alpha: 0, ..Color::BLACK };
        let look = BoxLook {
            fill: Some(clear),
            stroke: Some(StrokeLook { color: Color::BLACK, width: 0.0, dash: Vec::new() }),
            ..BoxLook::default()
        };
        assert!(rect_item(BOX, &look).is_none());
        let round = BoxLook { fill: Some(Color::BLACK), radius: 400.0, ..BoxLook::default() };
        assert_eq!(rect_item(BOX, &round).map(|item| item.radius), Some(25.0));
    }
}
