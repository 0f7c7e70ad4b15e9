//! Outlines: a document with the places of a fault framed, to be looked at.

use super::Fault;
use crate::document::{ArtifactKind, Color, Document, Item, LineCap, LineJoin, Rect, RectItem, Stroke};

/// Frames stand this far from what they frame, points.
const DISTANCE_POINTS: f32 = 3.0;

/// The page of a fault, with red frames around its places.
#[must_use]
pub fn outlined(document: &Document, fault: &Fault) -> Document {
    let mut document = document.clone();
    let Some(page) = document.pages.get_mut(fault.page.unwrap_or(0)) else { return document };
    page.items.push(Item::Artifact(ArtifactKind::Layout));
    for place in &fault.places {
        let rect = Rect {
            x: place.x - DISTANCE_POINTS,
            y: place.y - DISTANCE_POINTS,
            width: place.width + 2.0 * DISTANCE_POINTS,
            height: place.height + 2.0 * DISTANCE_POINTS,
        };
        let color = Color::rgb(214, 40, 40);
        let stroke = Stroke { color, width: 1.5, dash: Vec::new(), cap: LineCap::Butt, join: LineJoin::Miter };
        let fill = Some(Color { alpha: 28, ..color });
        page.items.push(Item::Rect(RectItem { rect, radius: 2.0, fill, stroke: Some(stroke) }));
    }
    document
}
