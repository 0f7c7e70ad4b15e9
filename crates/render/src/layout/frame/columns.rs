//! Columns: children flow down one column, then down the next one; some stand across all of them.

use super::stack::Stack;
use crate::expression::Scope;
use crate::layout::baseline::snaps;
use crate::layout::measure::{Place, PlaceKind};
use crate::layout::measured::{Content, FlowBox, Measured};
use crate::layout::place::{Cursor, Placer, Trial};
use crate::layout::regions::{Endless, HeightLimit};
use crate::layout::state::{Layouter, Stop};
use crate::template::model::{BoxAlign, ColumnCount, FLOW_COLUMN_COUNT_MAX, FlowColumns, Justify, Node, SPAN_ALL};

/// Columns in a room of some width.
#[derive(Clone, Copy)]
struct Grid<'a> {
    source: &'a FlowColumns,
    count: u16,
    /// Width of a column.
    width: f32,
}

impl<'a> Grid<'a> {
    fn new(source: &'a FlowColumns, width: f32) -> Self {
        let [gap, _] = source.gap;
        let count = match source.count {
            ColumnCount::Fixed(count) => count.max(1),
            ColumnCount::Width(least) => {
                let fits = |count: &u16| f32::from(*count) * (least + gap) - gap <= width + WIDTH_TOLERANCE;
                (1..=FLOW_COLUMN_COUNT_MAX).take_while(fits).last().unwrap_or(1)
            }
        };
        let gaps = f32::from(count.saturating_sub(1)) * gap;
        Self { source, count, width: ((width - gaps) / f32::from(count)).max(0.0) }
    }
}

/// Sums of rounded numbers are not exact.
const WIDTH_TOLERANCE: f32 = 0.01;

impl<'a> Layouter<'a> {
    /// Measures children in columns. What stands across all columns divides them: the parts stand one below the other.
    /// Gives the height of all parts, and the one by design.
    pub(super) fn place_in_columns(
        &mut self,
        parts: &mut Vec<Measured<'a>>,
        node: &'a Node,
        (source, nodes): (&'a FlowColumns, &'a [Node]),
        scope: &Scope<'_, 'a>,
        stack: Stack,
    ) -> Result<(f32, f32), Stop> {
        let grid = Grid::new(source, stack.width);
        let is_divided = nodes.iter().any(|child| child.span == SPAN_ALL);
        // A given height is that of all columns only when nothing divides them.
        let height = stack.height.filter(|_| !is_divided);
        let mut children = Vec::new();
        for child in nodes {
            let spans = child.span == SPAN_ALL;
            let width = if spans { stack.width } else { grid.width };
            let measured = self.measure(child, scope, Place { width, kind: PlaceKind::Column })?;
            if matches!(measured.content, Content::Nothing) {
                continue;
            }
            if spans {
                self.end_part(parts, node, &mut children, grid, height)?;
                parts.push(measured);
            } else {
                children.push(measured);
            }
        }
        self.end_part(parts, node, &mut children, grid, height)?;
        Ok(Stack { height: None, ..stack }.place_column(parts))
    }

    /// Makes a part of the children that stand above each other in the columns.
    fn end_part(
        &mut self,
        parts: &mut Vec<Measured<'a>>,
        node: &'a Node,
        children: &mut Vec<Measured<'a>>,
        grid: Grid<'a>,
        height: Option<f32>,
    ) -> Result<(), Stop> {
        let mut children = std::mem::take(children);
        if children.is_empty() {
            return Ok(());
        }
        let Grid { source, count, width } = grid;
        let stack = Stack { gap: source.gap, align: BoxAlign::Start, justify: Justify::Start, width, height: None };
        let (_, design) = stack.place_column(&mut children);
        let [gap, _] = source.gap;
        let mut flow = FlowBox {
            children,
            count: u32::from(count),
            width,
            gap,
            rule: source.rule.as_ref(),
            balance: source.balance,
            whole: Vec::new(),
        };
        let (height, has_breaks) = self.settle(&mut flow, height)?;
        let total = f32::from(count) * (width + gap) - gap;
        parts.push(Measured {
            width: total,
            height,
            design_height: design / f32::from(count),
            content: Content::Flow(Box::new(flow)),
            has_breaks,
            // It holds the children for the frame, which is the node.
            is_copies: true,
            ..Measured::empty(node)
        });
        Ok(())
    }

    /// Finds how the content stands when it is not cut between pages; gives its height, and whether it must be cut.
    fn settle(&mut self, flow: &mut FlowBox<'a>, height: Option<f32>) -> Result<(f32, bool), Stop> {
        let mut endless = Endless;
        let mut placer = Placer { layouter: self, rooms: &mut endless, trial: Some(Trial::default()) };
        let start = Cursor { page: 0, y: 0.0 };
        let mut filled = placer.fill(flow, start, None)?;
        let has_breaks = filled.last() > 0;
        if has_breaks {
            placer.trial = Some(Trial { ignores_breaks: true, ..Trial::default() });
            filled = placer.fill(flow, start, None)?;
        }
        let mut balance = flow.balance;
        if let Some(height) = height.filter(|_| !balance) {
            let limited = placer.fill(flow, start, Some(HeightLimit { offset: 0, height }))?;
            if limited.last() == 0 {
                filled = limited;
            } else {
                // What needs more than the height needs the least more when it is shared out.
                balance = true;
            }
        }
        if balance {
            filled = placer.level(flow, start, filled)?;
        }
        let height = filled.tallest(0);
        flow.whole = filled.pieces;
        Ok((height, has_breaks || flow.children.iter().any(snaps)))
    }
}
