//! Painting barcodes: bars, the text under them, a logo.

use super::shapes::fitted;
use super::text::Lines;
use super::{Painter, Tagging};
use crate::document::{Point, Rect, Segment};
use crate::layout::measured::BarcodeBox;
use crate::template::model::Fit;

impl Painter<'_, '_> {
    /// A barcode into its box.
    pub(super) fn paint_barcode(&mut self, rect: Rect, barcode: &BarcodeBox, tagging: Tagging) {
        if barcode.bars.is_empty() {
            return;
        }
        let moved = |point: Point| Point { x: point.x + rect.x, y: point.y + rect.y };
        let segments: Vec<Segment> = barcode
            .bars
            .iter()
            .map(|segment| match *segment {
                Segment::Move(point) => Segment::Move(moved(point)),
                Segment::Line(point) => Segment::Line(moved(point)),
                Segment::Cubic(first, second, end) => Segment::Cubic(moved(first), moved(second), moved(end)),
                Segment::Close => Segment::Close,
            })
            .collect();
        self.paint_path(&segments, Some(barcode.color), None, tagging);
        for caption in &barcode.captions {
            let Point { x, y } = moved(caption.at);
            let range = 0..caption.text.block.lines.len();
            self.paint_lines(&caption.text, &Lines { range, x, y }, tagging);
        }
        if let Some((place, placed)) = barcode.logo {
            let Point { x, y } = moved(Point { x: place.x, y: place.y });
            let size = placed.size;
            if size.width > 0.0 && size.height > 0.0 {
                let room = Rect { x, y, ..place };
                self.paint_art(placed, fitted(room, size.width / size.height, Fit::Contain, [0.5; 2]), tagging);
            }
        }
    }
}
