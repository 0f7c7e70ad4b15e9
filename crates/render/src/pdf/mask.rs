//! Soft masks of gradients whose opacity changes (ISO 32000-1, 11.6.5.2): the same gradient once more, in grey.

use super::bounds::Bounds;
use super::canvas::Canvas;
use super::number::{push_reference, push_unsigned};
use super::shading::{Paint, push_shading};
use crate::document::{Rect, Segment};
use crate::picture::Gradient;

/// A mask's form, without what every form has.
pub(super) struct Mask {
    pub(super) content: Vec<u8>,
    pub(super) dictionary: Vec<u8>,
}

/// Room around what is masked, so that the edge of the mask's box never shows.
const MARGIN: f32 = 1.0;

/// Whether one opacity cannot say how a gradient fades.
pub(super) fn is_needed(gradient: &Gradient) -> bool {
    gradient.stops.windows(2).any(|pair| matches!(pair, [one, other] if one.color.alpha != other.color.alpha))
}

/// Makes the mask of a gradient in the coordinates of the canvas.
pub(super) fn make(canvas: &mut Canvas, segments: &[Segment], gradient: &Gradient) -> Mask {
    let bounds = Bounds::of_segments(segments).unwrap_or_default();
    let around = Rect {
        x: bounds.x - MARGIN,
        y: bounds.y - MARGIN,
        width: bounds.width + 2.0 * MARGIN,
        height: bounds.height + 2.0 * MARGIN,
    };
    let outer = canvas.begin_group();
    canvas
        .out
        .extend_from_slice(b"/Type/XObject/Subtype/Form/Group<</S/Transparency/CS/DeviceGray>>/Resources<</Shading<<");
    push_shading(&mut canvas.out, 0, gradient, Paint::Alpha);
    canvas.out.extend_from_slice(b">>>>/BBox[");
    let (left, bottom, width, height) = canvas.edges(&around);
    canvas.pair(left, bottom);
    canvas.pair(left + width, bottom + height);
    canvas.out.push(b']');
    let dictionary = std::mem::take(&mut canvas.out);
    canvas.shade(gradient, 0);
    let content = canvas.end_group(outer);
    Mask { content, dictionary }
}

/// Writes the graphics state `M<name>` that masks what follows.
pub(super) fn push_state(out: &mut Vec<u8>, name: u32, form: u32) {
    out.extend_from_slice(b"/M");
    push_unsigned(out, u64::from(name));
    out.extend_from_slice(b"<</SMask<</S/Luminosity/G ");
    push_reference(out, form);
    out.extend_from_slice(b">>>>");
}
