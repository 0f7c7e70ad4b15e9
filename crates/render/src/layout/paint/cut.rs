//! Painting pictures of which a part is shown: a rectangle of them, or what is inside of a shape.

use super::fill::{corner, ellipse, placement, rounded};
use super::shapes::{fitted, intersection};
use super::{Painter, Tagging};
use crate::document::{Rect, Segment, Size};
use crate::layout::measured::ImageBox;
use crate::layout::picture::shares;
use crate::template::model::{BoxLook, ImageCut, ImageMask};

impl Painter<'_, '_> {
    /// A picture that is cut, with what is behind and around it.
    pub(super) fn paint_cut_image(&mut self, image: &ImageBox<'_>, cut: &ImageCut, rect: Rect, tagging: Tagging) {
        let [top, right, bottom, left] = image.look.padding;
        let inner = Rect {
            x: rect.x + left,
            y: rect.y + top,
            width: (rect.width - left - right).max(0.0),
            height: (rect.height - top - bottom).max(0.0),
        };
        let whole = image.placed.size;
        let [crop_left, crop_top, across, down] = cut.crop.map_or([0.0, 0.0, 1.0, 1.0], |crop| shares(crop, whole));
        let part = Size { width: whole.width * across, height: whole.height * down };
        if inner.width <= 0.0 || inner.height <= 0.0 || part.width <= 0.0 || part.height <= 0.0 {
            return self.paint_box(rect, &image.look, tagging.for_decoration());
        }
        let place = fitted(inner, part.width / part.height, image.source.fit, image.source.focus);
        let seen = intersection(place, inner);
        let (outline, even_odd, is_shape) = match &cut.mask {
            Some(ImageMask::Ellipse) => (ellipse(seen).to_vec(), false, true),
            Some(ImageMask::Path(path)) => {
                let to_page = placement(seen, path.view);
                (path.segments.iter().map(|segment| segment.map(to_page)).collect(), path.even_odd, true)
            }
            Some(ImageMask::Picture(_)) | None => (rounded(seen, [corner(image.look.radius, seen); 4]), false, false),
        };
        self.paint_around(&outline, even_odd, is_shape.then_some(seen), image, rect, tagging, false);
        self.push_clip(&outline, even_odd);
        // The whole picture stands so that the part comes to its place.
        let (width, height) = (place.width / across, place.height / down);
        let whole = Rect { x: place.x - crop_left * width, y: place.y - crop_top * height, width, height };
        self.paint_art(image.placed, whole, tagging);
        self.pop();
        self.paint_around(&outline, even_odd, is_shape.then_some(seen), image, rect, tagging, true);
    }

    /// Shadow and fill behind a picture, or the line around it: of the shape that it is cut to, or of its box.
    #[expect(clippy::too_many_arguments, reason = "a shape, where it stands, and which half of its look is painted")]
    fn paint_around(
        &mut self,
        outline: &[Segment],
        even_odd: bool,
        shape: Option<Rect>,
        image: &ImageBox<'_>,
        rect: Rect,
        tagging: Tagging,
        is_above: bool,
    ) {
        let look = image.look.clone().into_owned();
        let look =
            if is_above { BoxLook { fill: None, shadow: None, ..look } } else { BoxLook { stroke: None, ..look } };
        let tagging = tagging.for_decoration();
        match shape {
            Some(seen) => {
                if let Some(shadow) = &look.shadow {
                    self.paint_shape_shadow(outline, even_odd, shadow, tagging);
                }
                self.paint_shape(outline, even_odd, &look, seen, tagging);
            }
            None => self.paint_box(rect, &look, tagging),
        }
    }
}
