//! Painting text: glyph runs line by line, and the lines under and through them.

use super::{Painter, Tagging};
use crate::document::{ArtifactKind, GlyphRun, Item, Point, Rect, RectItem, Transform};
use crate::layout::measured::{Content, Measured, TextContent};
use crate::layout::place::Part;
use crate::layout::state::Stop;
use crate::layout::vertical::turned_into;
use crate::template::model::VerticalAlign;

/// Some lines of a text, and where they go.
pub(super) struct Lines {
    /// Lines counted from the text's first.
    pub(super) range: std::ops::Range<usize>,
    pub(super) x: f32,
    /// Top of the first of them.
    pub(super) y: f32,
}

impl<'a> Painter<'_, 'a> {
    /// Paints a text node, or some of its lines.
    pub(super) fn paint_text(
        &mut self,
        node: &mut Measured<'a>,
        part: &Part,
        rect: Rect,
        tagging: Tagging,
    ) -> Result<(), Stop> {
        let Content::Text(text) = &node.content else { return Ok(()) };
        self.paint_box(rect, &text.look, tagging.for_decoration());
        let [top, _, bottom, left] = text.look.padding;
        let block = &text.text.block;
        let lines = match part {
            Part::Lines(range) => {
                let above = if range.start == 0 { top } else { 0.0 };
                Lines { range: range.clone(), x: rect.x + left, y: rect.y + above }
            }
            _ => {
                let free = (rect.height - top - bottom - block.height).max(0.0);
                let down = offset(text.text.vertical_align, free);
                Lines { range: 0..block.lines.len(), x: rect.x + left, y: rect.y + top + down }
            }
        };
        if text.clip {
            self.push(Transform::IDENTITY, Some(rect), 1.0);
        }
        if text.is_vertical {
            let inside = inside(rect, text.look.padding);
            let across = offset(text.text.vertical_align, (inside.width - block.height).max(0.0));
            self.push(turned_into(inside), None, 1.0);
            self.paint_lines(&text.text, &Lines { x: 0.0, y: across, ..lines }, tagging);
            self.pop();
        } else {
            self.paint_lines(&text.text, &lines, tagging);
        }
        if text.clip {
            self.pop();
        }
        Ok(())
    }

    /// Paints lines of a text.
    pub(super) fn paint_lines(&mut self, text: &TextContent, lines: &Lines, tagging: Tagging) {
        let block = &text.block;
        let start = block.lines.start as usize;
        let Some(pool) = self.layouter.store.lines.get(start..block.lines.end as usize) else { return };
        let Some(shown) = pool.get(lines.range.clone()) else { return };
        let first_top = shown.first().map_or(0.0, |line| line.y);
        let mut is_empty = true;
        let first_item = self.page.items.len();
        for index in 0..shown.len() {
            let Some(line) = self.layouter.store.lines.get(start + lines.range.start + index) else { continue };
            let line_x = lines.x + line.x;
            let baseline = lines.y + line.y - first_top + block.baseline;
            for run_index in line.runs.clone() {
                let Some(run) = self.layouter.store.runs.get(run_index as usize) else { continue };
                let glyphs = Self::glyph_range(run.glyphs.start, run.glyphs.end, run.hanging);
                if glyphs.is_empty() {
                    continue;
                }
                let item = GlyphRun {
                    face: run.face,
                    size: block.size,
                    color: text.color,
                    origin: Point { x: line_x + run.x, y: baseline },
                    letter_spacing: run.letter_spacing,
                    glyphs,
                    text: run.text.clone(),
                    posture: run.posture,
                };
                if is_empty {
                    self.apply(tagging);
                    is_empty = false;
                }
                self.push_run(item, tagging);
            }
        }
        if let Some(shadow) = &text.shadow {
            self.paint_shadow_below(first_item, shadow, tagging);
        }
        if text.decoration.is_some() {
            self.paint_decoration(text, lines, tagging);
        }
    }

    fn paint_decoration(&mut self, text: &TextContent, lines: &Lines, tagging: Tagging) {
        let Some(decoration) = text.decoration else { return };
        let tagging = match tagging {
            Tagging::Under(_) => Tagging::Artifact(ArtifactKind::Layout),
            artifact @ Tagging::Artifact(_) => artifact,
        };
        let block = &text.block;
        let start = block.lines.start as usize;
        let pool = self.layouter.store.lines.get(start..block.lines.end as usize).unwrap_or_default();
        let shown = pool.get(lines.range.clone()).unwrap_or_default();
        let first_top = shown.first().map_or(0.0, |line| line.y);
        let mut rects = Vec::new();
        for line in shown.iter().filter(|line| line.width > 0.0) {
            let baseline = lines.y + line.y - first_top + block.baseline;
            for (distance, thickness) in [decoration.underline, decoration.strike].into_iter().flatten() {
                rects.push(Rect { x: lines.x + line.x, y: baseline + distance, width: line.width, height: thickness });
            }
        }
        for rect in rects {
            self.apply(tagging);
            self.page.items.push(Item::Rect(RectItem { rect, radius: 0.0, fill: Some(text.color), stroke: None }));
        }
    }
}

/// A rectangle without its padding.
pub(super) fn inside(rect: Rect, [top, right, bottom, left]: [f32; 4]) -> Rect {
    Rect { x: rect.x + left, y: rect.y + top, width: rect.width - left - right, height: rect.height - top - bottom }
}

/// How far down text stands when that much height is free.
pub(in crate::layout) fn offset(align: VerticalAlign, free: f32) -> f32 {
    match align {
        VerticalAlign::Top | VerticalAlign::Baseline => 0.0,
        VerticalAlign::Middle => free / 2.0,
        VerticalAlign::Bottom => free,
    }
}
