//! Heights by design: the room that a node which is hidden keeps, or gives back.

use super::measure::size_of_path;
use super::{rich, text};
use crate::template::model::{
    Cell, ColumnCount, FrameLayout, FrameNode, Kind, Node, RowContent, RowSpan, TableNode, TableRow,
};

/// Height that a node has by design: the one that it is given, else that of its content with one copy of everything.
/// It is found without data, since a node is often hidden because there is none.
///
/// Nodes are nested no deeper than the JSON that they come from.
pub(super) fn design_height(node: &Node) -> f32 {
    match (&node.kind, node.height) {
        (Kind::Path(path), height) => size_of_path(path, node.width, height).height,
        (_, Some(height)) => height,
        (Kind::Text(text), None) => text::design_height(text),
        (Kind::Rich(rich), None) => rich::design_height(&rich.style, &rich.look),
        (Kind::Contents(contents), None) => rich::design_height(&contents.style, &contents.look),
        (Kind::Table(table), None) => table_height(table),
        (Kind::Frame(frame), None) => frame_height(frame),
        _ => 0.0,
    }
}

/// Header, groups and rows of one item, and totals, as of a table that is shown.
fn table_height(table: &TableNode) -> f32 {
    let header = table.header.iter().flat_map(|header| &header.rows);
    let groups = table.groups.iter().flat_map(|group| &group.header);
    rows_height(table, header.chain(groups).chain(&table.rows).chain(&table.totals))
}

fn rows_height<'t>(table: &TableNode, rows: impl Iterator<Item = &'t TableRow>) -> f32 {
    rows.fold(0.0, |height: f32, row| {
        height
            + match &row.content {
                RowContent::Cells(cells) => highest(cells, |cell| cell_height(table, cell)),
                RowContent::Rows(rows) => rows_height(table, rows.iter()),
            }
    })
}

fn cell_height(table: &TableNode, cell: &Cell) -> f32 {
    if cell.row_span != RowSpan::ONE {
        return 0.0;
    }
    let [top, _, bottom, _] = table.padding;
    let content = if cell.nodes.is_empty() {
        text::design_lines_height(&cell.text, &cell.style)
    } else {
        free_height(&cell.nodes)
    };
    content + top + bottom
}

fn frame_height(frame: &FrameNode) -> f32 {
    let [top, _, bottom, _] = frame.look.padding;
    let nodes = &frame.nodes;
    let content = match &frame.layout {
        FrameLayout::Free => free_height(nodes),
        FrameLayout::Stack { across: true, .. } => highest(nodes, design_height),
        FrameLayout::Stack { gap: [_, gap], .. } => below(nodes.iter().map(design_height), *gap),
        FrameLayout::Grid { columns, gap: [_, gap], .. } => {
            below(grid_rows(nodes, columns.len()).map(|row| highest(row, design_height)), *gap)
        }
        FrameLayout::Columns(columns) => {
            let count = if let ColumnCount::Fixed(count) = columns.count { count.max(1) } else { 1 };
            let [_, gap] = columns.gap;
            below(nodes.iter().map(design_height), gap) / f32::from(count)
        }
    };
    content + top + bottom
}

/// The nodes of each row of a grid.
fn grid_rows(mut nodes: &[Node], count: usize) -> impl Iterator<Item = &[Node]> {
    std::iter::from_fn(move || {
        let mut taken = 0_usize;
        let fits = |node: &&Node| {
            let span = usize::from(node.span).clamp(1, count.max(1));
            taken = taken.saturating_add(span);
            taken == span || taken <= count
        };
        let length = nodes.iter().take_while(fits).count();
        let (row, rest) = nodes.split_at_checked(length).filter(|_| length > 0)?;
        nodes = rest;
        Some(row)
    })
}

fn free_height(nodes: &[Node]) -> f32 {
    highest(nodes, |node| {
        let [_, y] = node.at;
        y + design_height(node)
    })
}

fn highest<T>(parts: &[T], height: impl Fn(&T) -> f32) -> f32 {
    parts.iter().map(height).fold(0.0, f32::max)
}

/// Height of parts below each other.
fn below(heights: impl Iterator<Item = f32>, gap: f32) -> f32 {
    heights.fold(None, |sum: Option<f32>, height| Some(sum.map_or(height, |sum| sum + gap + height))).unwrap_or(0.0)
}
