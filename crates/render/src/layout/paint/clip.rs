//! Clipping: frames that show nothing outside of their box.

use super::fill::rounded_box;
use super::{Painter, Tagging};
use crate::document::{Rect, Transform};
use crate::layout::state::Stop;
use crate::template::model::BoxLook;

impl Painter<'_, '_> {
    /// Paints a box with what is inside of it, cut off at its edge; the border stands over what is cut.
    pub(super) fn paint_clipped(
        &mut self,
        rect: Rect,
        look: &BoxLook,
        tagging: Tagging,
        inside: impl FnOnce(&mut Self) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        self.paint_box(rect, &BoxLook { stroke: None, ..look.clone() }, tagging.for_decoration());
        if look.radius > 0.0 {
            self.push_clip(&rounded_box(rect, look.radius), false);
        } else {
            self.push(Transform::IDENTITY, Some(rect), 1.0);
        }
        inside(self)?;
        self.pop();
        self.paint_box(rect, &BoxLook { fill: None, shadow: None, ..look.clone() }, tagging.for_decoration());
        Ok(())
    }
}
