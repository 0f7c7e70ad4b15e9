//! Painting charts: the marks of a scene, moved to where the chart stands.

use super::shapes::moved;
use super::text::Lines;
use super::{Painter, Tagging};
use crate::chart::Mark;
use crate::document::{Item, Path, Point, Rect, RectItem};
use crate::layout::measured::ChartBox;
use crate::layout::rotate::rotation_about;

impl Painter<'_, '_> {
    /// Paints a chart with what is behind and around it.
    pub(super) fn paint_chart(&mut self, chart: &ChartBox<'_>, rect: Rect, tagging: Tagging) {
        self.paint_box(rect, &chart.look, tagging.for_decoration());
        let [top, _, _, left] = chart.look.padding;
        let corner = Point { x: rect.x + left, y: rect.y + top };
        let start = self.segment_count();
        let segments = chart.scene.segments.iter().map(|segment| moved(segment, corner));
        self.layouter.document.segments.extend(segments);
        for mark in &chart.scene.marks {
            match mark {
                Mark::Rect { rect, fill } => {
                    let rect = Rect { x: rect.x + corner.x, y: rect.y + corner.y, ..*rect };
                    self.apply(tagging);
                    self.page.items.push(Item::Rect(RectItem { rect, radius: 0.0, fill: Some(*fill), stroke: None }));
                }
                Mark::Path { segments, fill, stroke } => {
                    let segments = segments.start.saturating_add(start)..segments.end.saturating_add(start);
                    self.apply(tagging);
                    let path = Path { segments, fill: *fill, even_odd: false, stroke: stroke.clone() };
                    self.page.items.push(Item::Path(path));
                }
                Mark::Text { label, at, degrees, color } => {
                    let Some(mut text) = chart.texts.get(*label).cloned() else { continue };
                    text.color = color.unwrap_or(text.color);
                    let (x, y) = (corner.x + at.x, corner.y + at.y);
                    let lines = Lines { range: 0..text.block.lines.len(), x, y };
                    let turned = *degrees != 0.0;
                    if turned {
                        let about = Rect { x, y, width: 0.0, height: 0.0 };
                        self.push(rotation_about(about, *degrees), None, 1.0);
                    }
                    self.paint_lines(&text, &lines, tagging);
                    if turned {
                        self.pop();
                    }
                }
            }
        }
    }
}
