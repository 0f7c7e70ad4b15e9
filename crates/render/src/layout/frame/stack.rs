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

impl<'a> Layouter<'a> {
    /// Puts children beside each other, each with the room that the others leave.
    pub(super) fn place_row(
        &mut self,
        children: &mut Vec<Measured<'a>>,
        nodes: &'a [Node],
        scope: &Scope<'_, 'a>,
        stack: Stack,
    ) -> Result<(f32, f32), Stop> {
        let [gap, _] = stack.gap;
        let mut x = 0.0;
        for node in nodes {
            let place = Place { width: (stack.width - x).max(0.0), kind: PlaceKind::Row };
            let mut child = self.measure(node, scope, place)?;
            if matches!(child.content, Content::Nothing) {
                continue;
            }
            child.x = x;
            x += child.width + gap;
            children.push(child);
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
        let [gap_across, gap_down] = stack.gap;
        let mut first = 0;
        let (mut x, mut y, mut bottom) = (0.0, 0.0, 0.0);
        for node in nodes {
            let mut child = self.measure(node, scope, Place { width: stack.width, kind: PlaceKind::Row })?;
            if matches!(child.content, Content::Nothing) {
                continue;
            }
            if children.len() > first && x + child.width > stack.width + FIT_TOLERANCE {
                bottom = y + stack.place_line(children.get_mut(first..).unwrap_or_default(), y, 0.0);
                y = bottom + gap_down;
                first = children.len();
                x = 0.0;
            }
            child.x = x;
            x += child.width + gap_across;
            children.push(child);
        }
        if children.len() > first {
            bottom = y + stack.place_line(children.get_mut(first..).unwrap_or_default(), y, 0.0);
        }
        Ok((bottom, bottom))
    }
}
