//! Painting barcodes: bars, the text under them, a logo.

use super::shapes::{fitted, moved};
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
        let corner = Point { x: rect.x, y: rect.y };
        let placed = |point: Point| Point { x: point.x + corner.x, y: point.y + corner.y };
        let segments: Vec<Segment> = barcode.bars.iter().map(|segment| moved(segment, corner)).collect();
        self.paint_path(&segments, Some(barcode.color), None, tagging);
        for caption in &barcode.captions {
            let Point { x, y } = placed(caption.at);
            let range = 0..caption.text.block.lines.len();
            self.paint_lines(&caption.text, &Lines { range, x, y }, tagging);
        }
        if let Some((place, logo)) = barcode.logo {
            let Point { x, y } = placed(Point { x: place.x, y: place.y });
            let size = logo.size;
            if size.width > 0.0 && size.height > 0.0 {
                let room = Rect { x, y, ..place };
                self.paint_art(logo, fitted(room, size.width / size.height, Fit::Contain, [0.5; 2]), tagging);
            }
        }
    }
}
