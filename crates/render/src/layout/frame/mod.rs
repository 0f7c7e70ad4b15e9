//! Measuring frames: free children, stacks, grids, columns.

mod columns;
mod grid;
mod stack;

use super::flow::Flow;
use super::measure::{Place, PlaceKind, Sized, Subject, box_look};
use super::measured::{Content, Measured};
use super::state::{Layouter, Stop};
use crate::expression::Scope;
use crate::template::model::{Align, BoxAlign, FrameLayout, FrameNode, Justify, Kind};
use stack::Stack;

impl<'a> Layouter<'a> {
    /// Measures a frame with its children.
    pub(super) fn measure_frame(
        &mut self,
        subject: &Subject<'_, 'a>,
        frame: &'a FrameNode,
        scope: &Scope<'_, 'a>,
    ) -> Result<Sized<'a>, Stop> {
        let look = box_look(&frame.look, subject.bound);
        let [top, right, bottom, left] = look.padding;
        let padding = top + bottom;
        let width = subject.filled_width();
        let inner = (width - left - right).max(0.0);
        let room = subject.height.map(|height| (height - padding).max(0.0));
        let mut children = Vec::new();
        let (content_height, design_content_height) = match &frame.layout {
            FrameLayout::Free => {
                children = self.measure_all(&frame.nodes, scope, Place { width: inner, kind: PlaceKind::Free })?;
                place_free(&mut children)
            }
            FrameLayout::Stack { across, gap, align, justify, wrap } => {
                let stack = Stack { gap: *gap, align: *align, justify: *justify, width: inner, height: room };
                match (*across, *wrap) {
                    (false, _) => {
                        let place = Place { width: inner, kind: PlaceKind::Column };
                        children = self.measure_all(&frame.nodes, scope, place)?;
                        stack.place_column(&mut children)
                    }
                    (true, false) => self.place_row(&mut children, &frame.nodes, scope, stack)?,
                    (true, true) => self.place_lines(&mut children, &frame.nodes, scope, stack)?,
                }
            }
            FrameLayout::Grid { columns, gap, align, justify } => {
                let grid = grid::Grid::new(columns, *gap, *align, *justify, inner);
                self.place_grid(&mut children, &frame.nodes, scope, grid)?
            }
            FrameLayout::Columns(columns) => {
                let (align, justify) = (BoxAlign::Start, Justify::Start);
                let stack = Stack { gap: columns.gap, align, justify, width: inner, height: room };
                self.place_in_columns(&mut children, subject.node, (columns, &frame.nodes), scope, stack)?
            }
        };
        let height = match (&frame.layout, subject.height) {
            // Nothing sticks out of a frame that clips, so that nothing makes it grow.
            (FrameLayout::Free, Some(given)) if frame.clip => given,
            // The bottom edge of a free frame is pushed like everything below what grows.
            (FrameLayout::Free, Some(given)) => {
                (given + content_height - design_content_height).max(extent(&children) + padding)
            }
            (FrameLayout::Free, None) => content_height.max(extent(&children)) + padding,
            (_, given) => given.unwrap_or(0.0).max(content_height + padding),
        };
        let design_height = subject.node.height.unwrap_or(design_content_height + padding);
        let moves_whole =
            matches!(frame.layout, FrameLayout::Free | FrameLayout::Stack { across: true, wrap: false, .. });
        let content = if moves_whole { Content::Group { look, children } } else { Content::Column { look, children } };
        Ok(Sized { content, width, height, design_height })
    }
}

/// Offset for an alignment when that much is free.
pub(super) fn aligned(align: Align, free: f32) -> f32 {
    match align {
        Align::Start | Align::Left | Align::Justify => 0.0,
        Align::Center => free / 2.0,
        Align::End | Align::Right => free,
    }
}

/// Offset of a box when that much is free.
fn box_offset(align: BoxAlign, free: f32) -> f32 {
    match align {
        BoxAlign::Start | BoxAlign::Stretch => 0.0,
        BoxAlign::Center => free / 2.0,
        BoxAlign::End => free,
    }
}

/// Offset of the first of some boxes, and what is added between two of them, when that much is free.
fn spread(justify: Justify, free: f32, count: usize) -> (f32, f32) {
    let free = free.max(0.0);
    match justify {
        Justify::Start => (0.0, 0.0),
        Justify::Center => (free / 2.0, 0.0),
        Justify::End => (free, 0.0),
        Justify::Between => {
            let spaces = u16::try_from(count.saturating_sub(1)).unwrap_or(u16::MAX);
            (0.0, if spaces > 0 { free / f32::from(spaces) } else { 0.0 })
        }
    }
}

/// Puts a child into a height: at its top, middle or bottom, or as high as it is.
fn put_in_height(child: &mut Measured<'_>, align: BoxAlign, top: f32, height: f32) {
    let has_box = matches!(
        child.content,
        Content::Text(_)
            | Content::Rich(_)
            | Content::Rect { .. }
            | Content::Ellipse { .. }
            | Content::Group { .. }
            | Content::Column { .. }
    );
    if align == BoxAlign::Stretch && has_box && child.node.height.is_none() && !child.is_copies {
        stretch(child, height);
    }
    child.y = top + box_offset(align, height - child.height);
}

/// Makes a box that high; a stack in it shares the room out.
fn stretch(child: &mut Measured<'_>, height: f32) {
    let free = height - child.height;
    if free <= 0.0 {
        return;
    }
    child.height = height;
    if let (Kind::Frame(frame), Content::Column { children, .. }) = (&child.node.kind, &mut child.content)
        && let FrameLayout::Stack { justify, across: false, .. } = &frame.layout
    {
        let (mut offset, more) = spread(*justify, free, children.len());
        for child in children {
            child.y += offset;
            offset += more;
        }
    }
}

/// Moves free children down by what grows above them; gives the heights of all content as it is and by design.
pub(super) fn place_free(children: &mut [Measured<'_>]) -> (f32, f32) {
    let mut order: Vec<usize> = (0..children.len()).collect();
    let top = |index: usize, children: &[Measured<'_>]| children.get(index).map_or(0.0, |child| child.y);
    order.sort_by(|first, second| top(*first, children).total_cmp(&top(*second, children)));
    let mut flow = Flow::default();
    let mut design_bottom: f32 = 0.0;
    for index in order {
        let Some(child) = children.get_mut(index) else { continue };
        let design_top = f64::from(child.y);
        let shift = flow.shift(design_top);
        let design_end = design_top + f64::from(child.design_height);
        design_bottom = design_bottom.max(child.y + child.design_height);
        child.y = super::narrow(design_top + shift);
        flow.push(design_top, design_end, design_top + shift + f64::from(child.height));
    }
    let end = f64::from(design_bottom);
    (super::narrow(end + flow.shift(end)).max(0.0), design_bottom)
}

pub(super) fn extent(children: &[Measured<'_>]) -> f32 {
    children.iter().fold(0.0, |extent: f32, child| extent.max(child.bottom()))
}
