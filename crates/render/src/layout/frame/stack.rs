//! Stacks: children one below the other, one beside the other, or beside each other in lines.

use super::{box_offset, put_in_height, spread};
use crate::expression::Scope;
use crate::layout::measure::{Place, PlaceKind};
use crate::layout::measured::{Content, Measured};
use crate::layout::state::{Layouter, Stop};
use crate::template::model::{BoxAlign, Justify, Node};

/// How a stack places its children.
#[derive(Clone, Copy)]
pub(super) struct Stack {
    /// Across and down.
    pub(super) gap: [f32; 2],
    pub(super) align: BoxAlign,
    pub(super) justify: Justify,
    pub(super) width: f32,
    /// Height without padding, when the frame has one.
    pub(super) height: Option<f32>,
}

/// What a line may be wider than its room, in points: sums of rounded numbers are not exact.
const FIT_TOLERANCE: f32 = 0.01;

impl Stack {
    /// Puts children below each other; gives the height that they take, and the one by design.
    pub(super) fn place_column(self, children: &mut [Measured<'_>]) -> (f32, f32) {
        let [_, gap] = self.gap;
        let mut y = 0.0;
        let mut bottom = 0.0;
        let mut design = 0.0;
        for (index, child) in children.iter_mut().enumerate() {
            child.y = y;
            child.x = box_offset(self.align, self.width - child.width);
            bottom = child.bottom();
            y = bottom + gap;
            design += child.design_height + if index > 0 { gap } else { 0.0 };
        }
        let free = self.height.map_or(0.0, |height| height - bottom);
        if self.justify != Justify::Start && free > 0.0 {
            let (mut offset, more) = spread(self.justify, free, children.len());
            for child in children {
                child.y += offset;
                offset += more;
            }
            bottom += free;
        }
        (bottom, design)
    }

    /// Puts children of one line beside each other from a place down; gives the height of the line.
    fn place_line(self, line: &mut [Measured<'_>], top: f32, least_height: f32) -> f32 {
        let height = line.iter().fold(least_height, |height: f32, child| height.max(child.height));
        let right = line.last().map_or(0.0, |last| last.x + last.width);
        let (mut offset, more) = spread(self.justify, self.width - right, line.len());
        for child in line {
            put_in_height(child, self.align, top, height);
            child.x += offset;
            offset += more;
        }
        height
    }
}

/// A row that is being filled from the left.
struct Row {
    gap: f32,
    /// Right edge of the last child, and the number of its node.
    last: Option<(f32, u32)>,
}

impl Row {
    fn new(stack: Stack) -> Self {
        let [gap, _] = stack.gap;
        Self { gap, last: None }
    }

    /// Where a child of a node begins: two copies of one node have the gap that their repetition asks for.
    fn end(&self, node: &Node) -> f32 {
        let Some((right, last)) = self.last else { return 0.0 };
        let own = node.repeat.as_ref().map(|repeat| repeat.gap).filter(|gap| *gap > 0.0 && last == node.index);
        right + own.unwrap_or(self.gap)
    }

    fn take<'a>(&mut self, mut child: Measured<'a>) -> Measured<'a> {
        child.x = self.end(child.node);
        self.last = Some((child.x + child.width, child.node.index));
        child
    }
}

impl<'a> Layouter<'a> {
    /// Puts children beside each other, each with the room that the others leave.
    pub(super) fn place_row(
        &mut self,
        children: &mut Vec<Measured<'a>>,
        nodes: &'a [Node],
        scope: &Scope<'_, 'a>,
        stack: Stack,
    ) -> Result<(f32, f32), Stop> {
        let mut row = Row::new(stack);
        for node in nodes {
            self.each_copy(node, scope, |layouter, inner| {
                let place = Place { width: (stack.width - row.end(node)).max(0.0), kind: PlaceKind::Row };
                let child = layouter.measure_shown(node, inner, place)?;
                if !matches!(child.content, Content::Nothing) {
                    children.push(row.take(child));
                }
                Ok(())
            })?;
        }
        let least = if stack.align == BoxAlign::Start { 0.0 } else { stack.height.unwrap_or(0.0) };
        let height = stack.place_line(children, 0.0, least);
        Ok((height, height))
    }

    /// Puts children beside each other in lines; what does not fit into a line begins the next one.
    pub(super) fn place_lines(
        &mut self,
        children: &mut Vec<Measured<'a>>,
        nodes: &'a [Node],
        scope: &Scope<'_, 'a>,
        stack: Stack,
    ) -> Result<(f32, f32), Stop> {
        let [_, gap_down] = stack.gap;
        let mut row = Row::new(stack);
        let mut first = 0;
        let (mut y, mut bottom) = (0.0, 0.0);
        for node in nodes {
            self.each_copy(node, scope, |layouter, inner| {
                let place = Place { width: stack.width, kind: PlaceKind::Row };
                let child = layouter.measure_shown(node, inner, place)?;
                if matches!(child.content, Content::Nothing) {
                    return Ok(());
                }
                if children.len() > first && row.end(node) + child.width > stack.width + FIT_TOLERANCE {
                    bottom = y + stack.place_line(children.get_mut(first..).unwrap_or_default(), y, 0.0);
                    y = bottom + gap_down;
                    first = children.len();
                    row = Row::new(stack);
                }
                children.push(row.take(child));
                Ok(())
            })?;
        }
        if children.len() > first {
            bottom = y + stack.place_line(children.get_mut(first..).unwrap_or_default(), y, 0.0);
        }
        Ok((bottom, bottom))
    }
}
