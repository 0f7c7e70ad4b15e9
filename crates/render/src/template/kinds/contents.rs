//! Contents lists.

use super::{KindEntry, Needs, TEXT_BINDABLE};
use crate::template::look::read_box;
use crate::template::model::{ContentsNode, Kind, Leader, TextStyle};
use crate::template::node::Place;
use crate::template::reader::ObjectReader;
use crate::template::shape::{Choice, Length, List, Whole};
use crate::template::style::{Overrides, StyleShape};

pub(super) const ENTRY: KindEntry = KindEntry {
    name: "contents",
    definition: "contentsNode",
    title: "a contents list",
    doc: "The bookmarks of the document with the numbers of their pages; a click leads there.",
    placed: true,
    needs: Needs::Nothing,
    bindable: TEXT_BINDABLE,
    read,
};

/// Levels of bookmarks.
const LEVEL_COUNT_MAX: u32 = 6;

/// Distance by which each level is moved in, unless it is given.
const INDENT_POINTS: f32 = 14.0;

/// Space between two entries, unless it is given.
const GAP_POINTS: f32 = 3.0;

const LEADER: Choice<Leader> = Choice(&[("dots", Leader::Dots), ("line", Leader::Line), ("none", Leader::None)]);

fn read(reader: &mut ObjectReader<'_>, _place: &mut Place) -> Option<Kind> {
    let overrides = Overrides::read(reader);
    let look = read_box(reader);
    let levels = Whole { phrase: "a whole number from 1 to 6", minimum: 1, maximum: LEVEL_COUNT_MAX };
    let depth = reader.or("depth", levels, 3, "Deepest level of bookmarks that is listed.");
    let leader = reader.or("leader", LEADER, Leader::Dots, "What leads from a title to its number.");
    let indent = reader.or("indent", Length::DISTANCE, INDENT_POINTS, "Distance by which each level is moved in.");
    let gap = reader.or("gap", Length::DISTANCE, GAP_POINTS, "Space between two entries.");
    let styles = List { phrase: "an array of styles", of: StyleShape, least: 0, most: 6 };
    let levels = reader.or("levels", styles, Vec::new(), "Looks of the levels, from the outermost.");
    let style = match reader.state() {
        Some(reading) => overrides.over(&reading.base_style, &reading.styles),
        None => TextStyle::default(),
    };
    let depth = u8::try_from(depth).unwrap_or(1);
    Some(Kind::Contents(Box::new(ContentsNode { depth, leader, indent, gap, style, levels, look })))
}
