//! Frames: nodes that hold nodes.

use serde_json::Value as Json;

use super::column::WidthShape;
use super::{BOX_BINDABLE, KindEntry, Needs};
use crate::diagnostic::{Diagnostic, codes};
use crate::template::describe::{Description, Form};
use crate::template::look::{StrokeShape, read_box};
use crate::template::model::{
    BoxAlign, ColumnCount, FLOW_COLUMN_COUNT_MAX, FlowColumns, FrameLayout, FrameNode, Justify, Kind, Node, SPAN_ALL,
};
use crate::template::node::{NODES, Place};
use crate::template::reader::ObjectReader;
use crate::template::reading::Reading;
use crate::template::shape::{Choice, Flag, Length, List, Pair, Shape, Whole};

pub(super) const ENTRY: KindEntry = KindEntry {
    name: "frame",
    definition: "frameNode",
    title: "a frame node",
    doc: "A box that holds nodes: at places of their own, one after the other, in a grid, or flowing through columns. It \
          grows with them.",
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
    Columns,
}

/// What only one way of placing knows.
const FOREIGN: [(Layout, &[&str], &str); 3] = [
    (Layout::Stack, &["direction", "wrap"], "unless `layout` is `stack`"),
    (Layout::Grid, &["columns"], "unless `layout` is `grid`"),
    (Layout::Columns, &["count", "columnWidth", "rule", "balance"], "unless `layout` is `columns`"),
];

fn read(reader: &mut ObjectReader<'_>, _place: &mut Place) -> Option<Kind> {
    let look = read_box(reader);
    let clip = reader.or("clip", Flag, false, "Nothing outside of the box is painted; round corners count. A frame whose nodes stand at their own `at` keeps its height.");
    let layouts = Choice(&[
        ("free", Layout::Free),
        ("stack", Layout::Stack),
        ("grid", Layout::Grid),
        ("columns", Layout::Columns),
    ]);
    let layout = reader.or(
        "layout",
        layouts,
        Layout::Free,
        "How nodes are placed: by their own `at`, one after the other, in the cells of a grid, row by row, or down one \
         column after the other.",
    );
    let directions = Choice(&[("column", false), ("row", true)]);
    let across = reader.or("direction", directions, false, "In a stack: downwards, or from left to right.");
    let wrap = reader.or("wrap", Flag, false, "In a stack from left to right: what does not fit goes on below.");
    let columns =
        reader.optional("columns", COLUMNS, "In a grid: widths of the columns, lengths or shares such as `2fr`.");
    let gap = reader.or(
        "gap",
        Gaps,
        [0.0; 2],
        "In a stack, grid or columns: space between two nodes and two columns, or [across, down].",
    );
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
        reader.no_effect("gap", "unless `layout` is `stack`, `grid` or `columns`");
    }
    if matches!(layout, Layout::Free | Layout::Columns) {
        for name in ["align", "justify"] {
            reader.no_effect(name, "unless `layout` is `stack` or `grid`");
        }
    }
    if layout == Layout::Grid && columns.is_none() && !reader.has("columns") {
        let message = "a grid needs `columns`".to_owned();
        let hint = "give their widths, such as [\"1fr\", \"1fr\"]".to_owned();
        reader.error_at(None, codes::MISSING_PROPERTY, message, Some(hint));
    }
    let flow = read_columns(reader, gap);
    let nodes = reader.or("nodes", NODES, Vec::new(), "What it holds.");
    if layout == Layout::Grid || layout == Layout::Stack && across {
        check_copies(reader, &nodes, layout == Layout::Grid);
    }
    let layout = match layout {
        Layout::Free => FrameLayout::Free,
        Layout::Stack => FrameLayout::Stack { across, gap, align, justify, wrap: wrap && across },
        Layout::Grid => {
            let columns = columns.unwrap_or_default();
            check_spans(reader, &nodes, columns.len());
            FrameLayout::Grid { columns, gap, align, justify }
        }
        Layout::Columns => FrameLayout::Columns(flow),
    };
    Some(Kind::Frame(FrameNode { layout, look, clip, nodes }))
}

/// Columns that content flows through when nobody says how many.
const FLOW_COLUMN_COUNT: u32 = 2;

/// Reads how content flows through columns.
fn read_columns(reader: &mut ObjectReader<'_>, gap: [f32; 2]) -> FlowColumns {
    reader.exclude("count", "columnWidth");
    let count = Whole { phrase: "a whole number from 1 to 20", minimum: 1, maximum: FLOW_COLUMN_COUNT_MAX.into() };
    let count = reader.or("count", count, FLOW_COLUMN_COUNT, "In columns: how many.");
    let width = reader.optional(
        "columnWidth",
        Length::between(1.0, crate::template::shape::LENGTH_MAX_POINTS),
        "In columns: as many as fit with at least this width.",
    );
    let rule = reader.optional("rule", StrokeShape, "In columns: the line between two, a colour or a stroke object.");
    let balance = reader.or("balance", Flag, true, "In columns: they end at the same height where the content ends.");
    let fixed = ColumnCount::Fixed(u16::try_from(count).unwrap_or(1));
    FlowColumns { count: width.map_or(fixed, ColumnCount::Width), gap, rule, balance }
}

/// Reports nodes that cover more columns than a grid has.
fn check_spans(reader: &mut ObjectReader<'_>, nodes: &[Node], count: usize) {
    let Some(reading) = reader.state() else { return };
    let is_wide = |node: &&Node| node.span != SPAN_ALL && usize::from(node.span) > count.max(1);
    for node in nodes.iter().filter(is_wide) {
        let message = format!("the node covers {} columns, the grid has {count}", node.span);
        let finding = Diagnostic::error(codes::INVALID_VALUE, format!("{}/span", node.pointer), message);
        reading.report(finding.with_node(Some(&node.id)));
    }
}

/// Reports what has no effect on copies that are children of a row or a grid.
fn check_copies(reader: &mut ObjectReader<'_>, nodes: &[Node], is_grid: bool) {
    let Some(reading) = reader.state() else { return };
    for node in nodes {
        let Some(repeat) = &node.repeat else { continue };
        for (name, given) in [("columns", repeat.columns > 0), ("gap", is_grid && repeat.gap > 0.0)] {
            if given {
                let place = if is_grid { "a grid" } else { "a row" };
                let message = format!("`{name}` has no effect on copies in {place}: each is a child like any other");
                let finding =
                    Diagnostic::warning(codes::INVALID_VALUE, format!("{}/repeat/{name}", node.pointer), message);
                reading.report(finding.with_node(Some(&node.id)));
            }
        }
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
