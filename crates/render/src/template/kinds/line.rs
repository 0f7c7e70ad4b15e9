//! Straight lines.

use super::{KindEntry, Needs};
use crate::diagnostic::codes;
use crate::document::Color;
use crate::template::look::StrokeShape;
use crate::template::model::{Bindable, Kind, LineNode, StrokeLook};
use crate::template::node::Place;
use crate::template::reader::ObjectReader;
use crate::template::shape::{Flag, Length, Pair};

pub(super) const ENTRY: KindEntry = KindEntry {
    name: "line",
    definition: "lineNode",
    title: "a line node",
    doc: "A straight line, from `at` to `to`, or across a box of a given size.",
    placed: true,
    needs: Needs::OneSide("give `to`, `size`, `width` or `height`"),
    bindable: &[
        Bindable::X,
        Bindable::Y,
        Bindable::Width,
        Bindable::Height,
        Bindable::Rotation,
        Bindable::Opacity,
        Bindable::StrokeColor,
        Bindable::StrokeWidth,
    ],
    read,
};

fn read(reader: &mut ObjectReader<'_>, place: &mut Place) -> Option<Kind> {
    let solid = StrokeLook::solid(Color::BLACK, 0.5);
    let stroke = reader
        .optional("stroke", StrokeShape, "How it is drawn; black, half a point wide, when nothing is said.")
        .unwrap_or(solid);
    let mut rising = reader.or(
        "rising",
        Flag,
        false,
        "With a size: from bottom left to top right, instead of from top left to bottom right.",
    );
    let end =
        reader.optional("to", Pair("[x, y]", Length::ANY), "End of the line, measured like `at`; instead of a size.");
    for other in ["size", "width", "height", "rising"] {
        if reader.has("to") && reader.has(other) {
            let message = format!("a line node has either `to` or `{other}`, not both");
            reader.error_at(Some(other), codes::INVALID_VALUE, message, Some(format!("leave out `{other}`")));
        }
    }
    if let Some([to_x, to_y]) = end {
        let [x, y] = place.at;
        rising = (to_x >= x) != (to_y >= y);
        *place =
            Place { at: [x.min(to_x), y.min(to_y)], width: Some((to_x - x).abs()), height: Some((to_y - y).abs()) };
    } else {
        // A line with one size only is level or upright.
        place.width = place.width.or(Some(0.0));
        place.height = place.height.or(Some(0.0));
    }
    Some(Kind::Line(LineNode { stroke, rising }))
}
