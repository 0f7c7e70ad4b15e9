//! Rectangles and ellipses.

use super::{BOX_BINDABLE, KindEntry, Needs};
use crate::template::look::{StrokeShape, read_border, read_fill};
use crate::template::model::{BoxLook, Kind, ShapeNode};
use crate::template::node::Place;
use crate::template::paint::SHADOW;
use crate::template::reader::ObjectReader;

pub(super) const RECT: KindEntry = KindEntry {
    name: "rect",
    definition: "rectNode",
    title: "a rect node",
    doc: "A rectangle, with round corners when `radius` is given.",
    placed: true,
    needs: Needs::BothSides("give `size`, or `width` and `height`"),
    bindable: BOX_BINDABLE,
    read: read_rect,
};

pub(super) const ELLIPSE: KindEntry = KindEntry {
    name: "ellipse",
    definition: "ellipseNode",
    title: "an ellipse node",
    doc: "An ellipse that fills its box; a circle when the box is square.",
    placed: true,
    needs: Needs::BothSides("give `size`, or `width` and `height`"),
    bindable: BOX_BINDABLE,
    read: read_ellipse,
};

fn read_rect(reader: &mut ObjectReader<'_>, _place: &mut Place) -> Option<Kind> {
    let look = read_border(reader);
    Some(Kind::Rect(ShapeNode { look }))
}

fn read_ellipse(reader: &mut ObjectReader<'_>, _place: &mut Place) -> Option<Kind> {
    let look = BoxLook {
        fill: read_fill(reader),
        shadow: reader.optional("shadow", SHADOW, "What it throws on what is behind it."),
        stroke: reader.optional("stroke", StrokeShape, "Outline: a colour, or a stroke object."),
        ..BoxLook::default()
    };
    Some(Kind::Ellipse(ShapeNode { look }))
}
