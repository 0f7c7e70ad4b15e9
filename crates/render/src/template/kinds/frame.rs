//! Frames: nodes that hold nodes.

use super::{KindEntry, Needs};
use crate::template::look::read_box;
use crate::template::model::{Align, Bindable, FrameLayout, FrameNode, Kind};
use crate::template::node::{NODES, Place};
use crate::template::reader::ObjectReader;
use crate::template::shape::{Choice, Length};

pub(super) const ENTRY: KindEntry = KindEntry {
    name: "frame",
    definition: "frameNode",
    title: "a frame node",
    doc: "A box that holds nodes, at places of their own or one after the other; it grows with them.",
    placed: true,
    needs: Needs::Nothing,
    bindable: &[
        Bindable::X,
        Bindable::Y,
        Bindable::Width,
        Bindable::Height,
        Bindable::Rotation,
        Bindable::Opacity,
        Bindable::Fill,
        Bindable::StrokeColor,
        Bindable::StrokeWidth,
    ],
    read,
};

/// Placement across a stack; lines of text are not justified here.
const STACK_ALIGN: Choice<Align> = Choice(&[("start", Align::Start), ("center", Align::Center), ("end", Align::End)]);

fn read(reader: &mut ObjectReader<'_>, _place: &mut Place) -> Option<Kind> {
    let look = read_box(reader);
    let layouts = Choice(&[("free", false), ("stack", true)]);
    let stack = reader.or("layout", layouts, false, "How nodes are placed: by their own `at`, or one after the other.");
    let directions = Choice(&[("column", false), ("row", true)]);
    let across = reader.or("direction", directions, false, "In a stack: downwards, or from left to right.");
    let gap = reader.or("gap", Length::DISTANCE, 0.0, "In a stack: space between two nodes.");
    let align = reader.or("align", STACK_ALIGN, Align::Start, "In a stack: placement of each node on the other axis.");
    if !stack {
        for name in ["direction", "gap", "align"] {
            reader.no_effect(name, "unless `layout` is `stack`");
        }
    }
    let nodes = reader.or("nodes", NODES, Vec::new(), "What it holds.");
    let layout = if stack { FrameLayout::Stack { across, gap, align } } else { FrameLayout::Free };
    Some(Kind::Frame(FrameNode { layout, look, nodes }))
}
