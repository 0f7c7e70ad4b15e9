//! Measuring frames: free children, or stacks.

use super::flow::Flow;
use super::measure::{Place, PlaceKind, Sized, Subject, box_look};
use super::measured::{Content, Measured};
use super::state::{Layouter, Stop};
use crate::expression::Scope;
use crate::template::model::{Align, FrameLayout, FrameNode, Node};

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
        let width = subject.filled_width();
        let inner = (width - left - right).max(0.0);
        let kind = match frame.layout {
            FrameLayout::Free => PlaceKind::Free,
            FrameLayout::Stack { across: true, .. } => PlaceKind::Row,
            FrameLayout::Stack { across: false, .. } => PlaceKind::Column,
        };
        let mut children = match kind {
            PlaceKind::Row => Vec::new(),
            _ => self.measure_all(&frame.nodes, scope, Place { width: inner, kind })?,
        };
        let (content_height, design_content_height) = match frame.layout {
            FrameLayout::Free => place_free(&mut children),
            FrameLayout::Stack { across: false, gap, align } => place_column(&mut children, gap, align, inner),
            FrameLayout::Stack { across: true, gap, align } => {
                let height = self.place_row(&mut children, &frame.nodes, scope, Row { gap, align, width: inner })?;
                (height, height)
            }
        };
        let padding = top + bottom;
        let height = match (frame.layout, subject.height) {
            // The bottom edge of a free frame is pushed like everything below what grows.
            (FrameLayout::Free, Some(given)) => {
                (given + content_height - design_content_height).max(extent(&children) + padding)
            }
            (FrameLayout::Free, None) => content_height.max(extent(&children)) + padding,
            (FrameLayout::Stack { .. }, given) => given.unwrap_or(0.0).max(content_height + padding),
        };
        let design_height = subject.node.height.unwrap_or(design_content_height + padding);
        let content = if kind == PlaceKind::Column {
            Content::Column { look, children }
        } else {
            Content::Group { look, children }
        };
        Ok(Sized { content, width, height, design_height })
    }

    fn place_row(
        &mut self,
        children: &mut Vec<Measured<'a>>,
        nodes: &'a [Node],
        scope: &Scope<'_, 'a>,
        row: Row,
    ) -> Result<f32, Stop> {
        let mut x = 0.0;
        let mut height: f32 = 0.0;
        for node in nodes {
            let place = Place { width: (row.width - x).max(0.0), kind: PlaceKind::Row };
            let mut child = self.measure(node, scope, place)?;
            if matches!(child.content, Content::Nothing) {
                continue;
            }
            child.x = x;
            x += child.width + row.gap;
            height = height.max(child.height);
            children.push(child);
        }
        for child in children {
            child.y = aligned(row.align, height - child.height);
        }
        Ok(height)
    }
}

#[derive(Clone, Copy)]
struct Row {
    gap: f32,
    align: Align,
    width: f32,
}

/// Offset for an alignment when that much is free.
pub(super) fn aligned(align: Align, free: f32) -> f32 {
    match align {
        Align::Start | Align::Left | Align::Justify => 0.0,
        Align::Center => free / 2.0,
        Align::End | Align::Right => free,
    }
}

fn place_column(children: &mut [Measured<'_>], gap: f32, align: Align, width: f32) -> (f32, f32) {
    let mut y = 0.0;
    let mut bottom = 0.0;
    let mut design = 0.0;
    for (index, child) in children.iter_mut().enumerate() {
        child.y = y;
        child.x = aligned(align, width - child.width);
        bottom = child.bottom();
        y = bottom + gap;
        design += child.design_height + if index > 0 { gap } else { 0.0 };
    }
    (bottom, design)
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
