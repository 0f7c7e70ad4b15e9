//! Frames: nodes that hold nodes.

use serde_json::Value as Json;

use super::column::WidthShape;
use super::{BOX_BINDABLE, KindEntry, Needs};
use crate::diagnostic::{Diagnostic, codes};
use crate::template::describe::{Description, Form};
use crate::template::look::read_box;
use crate::template::model::{BoxAlign, FrameLayout, FrameNode, Justify, Kind, Node};
use crate::template::node::{NODES, Place};
use crate::template::reader::ObjectReader;
use crate::template::reading::Reading;
use crate::template::shape::{Choice, Flag, Length, List, Pair, Shape};

pub(super) const ENTRY: KindEntry = KindEntry {
    name: "frame",
    definition: "frameNode",
    title: "a frame node",
    doc: "A box that holds nodes: at places of their own, one after the other, or in a grid. It grows with them.",
    placed: true,
    needs: Needs::Nothing,
    bindable: BOX_BINDABLE,
    read,
};

const ALIGN: Choice<BoxAlign> = Choice(&[
    ("start", BoxAlign::Start),
    ("center", BoxAlign::Center),
    ("end", BoxAlign::End),
    ("stretch", BoxAlign::Stretch),
]);

const JUSTIFY: Choice<Justify> = Choice(&[
    ("start", Justify::Start),
    ("center", Justify::Center),
    ("end", Justify::End),
    ("between", Justify::Between),
]);

/// Columns of a grid; more are narrower than a letter.
const COLUMN_COUNT_MAX: usize = 50;

const COLUMNS: List<WidthShape> =
    List { phrase: "an array of widths", of: WidthShape { auto: false }, least: 1, most: COLUMN_COUNT_MAX };

#[derive(Clone, Copy, PartialEq)]
enum Layout {
    Free,
    Stack,
    Grid,
}

/// What only one way of placing knows.
const FOREIGN: [(Layout, &[&str], &str); 2] = [
    (Layout::Stack, &["direction", "wrap"], "unless `layout` is `stack`"),
    (Layout::Grid, &["columns"], "unless `layout` is `grid`"),
];

fn read(reader: &mut ObjectReader<'_>, _place: &mut Place) -> Option<Kind> {
    let look = read_box(reader);
    let layouts = Choice(&[("free", Layout::Free), ("stack", Layout::Stack), ("grid", Layout::Grid)]);
    let layout = reader.or(
        "layout",
        layouts,
        Layout::Free,
        "How nodes are placed: by their own `at`, one after the other, or in the cells of a grid, row by row.",
    );
    let directions = Choice(&[("column", false), ("row", true)]);
    let across = reader.or("direction", directions, false, "In a stack: downwards, or from left to right.");
    let wrap = reader.or("wrap", Flag, false, "In a stack from left to right: what does not fit goes on below.");
    let columns =
        reader.optional("columns", COLUMNS, "In a grid: widths of the columns, lengths or shares such as `2fr`.");
    let gap = reader.or("gap", Gaps, [0.0; 2], "In a stack or grid: space between two nodes, or [across, down].");
    let align = reader.or(
        "align",
        ALIGN,
        BoxAlign::Start,
        "In a stack: placement of each node on the other axis; in a grid: in the height of its row. `stretch` makes it \
         as high as the highest one beside it.",
    );
    let justify = reader.or(
        "justify",
        JUSTIFY,
        Justify::Start,
        "In a stack: placement along it, when there is room; in a grid: in the width of the cell.",
    );
    for (knows, names, because) in FOREIGN {
        for name in names.iter().filter(|_| layout != knows) {
            reader.no_effect(name, because);
        }
    }
    if layout == Layout::Free {
        for name in ["gap", "align", "justify"] {
            reader.no_effect(name, "unless `layout` is `stack` or `grid`");
        }
    }
    if layout == Layout::Grid && columns.is_none() && !reader.has("columns") {
        let message = "a grid needs `columns`".to_owned();
        let hint = "give their widths, such as [\"1fr\", \"1fr\"]".to_owned();
        reader.error_at(None, codes::MISSING_PROPERTY, message, Some(hint));
    }
    let nodes = reader.or("nodes", NODES, Vec::new(), "What it holds.");
    let layout = match layout {
        Layout::Free => FrameLayout::Free,
        Layout::Stack => FrameLayout::Stack { across, gap, align, justify, wrap: wrap && across },
        Layout::Grid => {
            let columns = columns.unwrap_or_default();
            check_spans(reader, &nodes, columns.len());
            FrameLayout::Grid { columns, gap, align, justify }
        }
    };
    Some(Kind::Frame(FrameNode { layout, look, nodes }))
}

/// Reports nodes that cover more columns than a grid has.
fn check_spans(reader: &mut ObjectReader<'_>, nodes: &[Node], count: usize) {
    let Some(reading) = reader.state() else { return };
    for node in nodes.iter().filter(|node| usize::from(node.span) > count.max(1)) {
        let message = format!("the node covers {} columns, the grid has {count}", node.span);
        let finding = Diagnostic::error(codes::INVALID_VALUE, format!("{}/span", node.pointer), message);
        reading.report(finding.with_node(Some(&node.id)));
    }
}

/// One length for both ways, or `[across, down]`.
#[derive(Clone, Copy)]
struct Gaps;

const BOTH_GAPS: Pair<Length> = Pair("a length or [across, down]", Length::DISTANCE);

impl Shape for Gaps {
    type Value = [f32; 2];

    fn read(&self, json: &Json, reading: &mut Reading) -> Option<[f32; 2]> {
        if json.is_array() {
            return BOTH_GAPS.read(json, reading);
        }
        Length::DISTANCE.read(json, reading).map(|gap| [gap; 2])
    }

    fn form(&self, description: &mut Description) -> Form {
        Form::AnyOf(vec![Length::DISTANCE.form(description), BOTH_GAPS.form(description)])
    }

    fn show(&self, value: &[f32; 2]) -> Option<Json> {
        let [across, down] = value;
        if across == down { Length::DISTANCE.show(across) } else { BOTH_GAPS.show(value) }
    }
}
