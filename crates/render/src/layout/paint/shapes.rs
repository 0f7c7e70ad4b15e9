//! Painting shapes and pictures.

use super::fill::{corner, rounded};
use super::{Painter, Tagging};
use crate::document::{Item, Point, Rect, Segment, Transform};
use crate::layout::measured::ImageBox;
use crate::layout::picture::{ArtIndex, Placed};
use crate::template::model::{BoxLook, Fit, StrokeLook};

impl Painter<'_, '_> {
    /// A straight line from corner to corner.
    pub(super) fn paint_line(&mut self, rect: Rect, look: &StrokeLook, rising: bool, tagging: Tagging) {
        let Some(stroke) = look.to_stroke() else { return };
        let (from_y, to_y) = if rising { (rect.bottom(), rect.y) } else { (rect.y, rect.bottom()) };
        let from = Point { x: rect.x, y: from_y };
        let to = Point { x: rect.right(), y: to_y };
        self.paint_path(&[Segment::Move(from), Segment::Line(to)], None, Some(stroke), tagging);
    }

    /// A picture in its box, with what is behind and around it.
    pub(super) fn paint_image(&mut self, image: &ImageBox<'_>, rect: Rect, tagging: Tagging) {
        if let Some(cut) = &image.source.cut {
            return self.paint_cut_image(image, cut, rect, tagging);
        }
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
            let is_round = image.look.radius > 0.0;
            let clips = image.source.fit == Fit::Cover || is_round;
            if is_round {
                let seen = intersection(place, inner);
                // Inside of the padding, corners are as much less round.
                let radius = corner(image.look.radius - top.min(right).min(bottom).min(left), seen);
                self.push_clip(&rounded(seen, [radius; 4]), false);
            } else if clips {
                self.push(Transform::IDENTITY, Some(inner), 1.0);
            }
            self.paint_art(image.placed, place, tagging);
            if clips {
                self.pop();
            }
        }
        let around = BoxLook { fill: None, shadow: None, ..image.look.clone().into_owned() };
        self.paint_box(rect, &around, tagging.for_decoration());
    }

    /// A picture stretched to a rectangle.
    pub(super) fn paint_art(&mut self, placed: Placed, rect: Rect, tagging: Tagging) {
        self.apply(tagging);
        self.page.items.push(match placed.art {
            ArtIndex::Picture(picture) => Item::Picture { picture, rect },
            ArtIndex::Drawing(drawing) => Item::Drawing { drawing, rect },
            ArtIndex::PdfPage(pdf_page) => Item::PdfPage { pdf_page, rect },
        });
    }
}

/// What two rectangles have in common.
pub(super) fn intersection(one: Rect, other: Rect) -> Rect {
    let (x, y) = (one.x.max(other.x), one.y.max(other.y));
    let (right, bottom) = (one.right().min(other.right()), one.bottom().min(other.bottom()));
    Rect { x, y, width: (right - x).max(0.0), height: (bottom - y).max(0.0) }
}

/// A segment whose coordinates counted from a corner.
pub(super) fn moved(segment: &Segment, corner: Point) -> Segment {
    segment.map(|point| Point { x: point.x + corner.x, y: point.y + corner.y })
}

/// Where a picture of some proportions goes in a box.
pub(super) fn fitted(inner: Rect, ratio: f32, fit: Fit, [focus_x, focus_y]: [f32; 2]) -> Rect {
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
}
