//! What is around a page for those who print and cut it: boxes (ISO 32000-1, 14.11.2) and marks (14.11.3).

use super::canvas::Canvas;
use super::inks::REGISTRATION;
use super::number::{hundredths, push_hundredths};
use crate::document::{
    CIRCLE, Color, Ink, LineCap, LineJoin, Path, Point, PrinterMark, Rect, RectItem, Segment, Sheet, Size, Spot, Stroke,
};

/// Thickness of marks, points: as thin as every press holds.
const LINE_WIDTH: f32 = 0.25;

/// Between the bleed and a mark, and the length of a line where the page is cut.
const GAP: f32 = 4.0;
const LINE_LENGTH: f32 = 15.0;

/// Distance of targets and patches from the bleed, to their middle.
const MIDDLE: f32 = 12.0;

/// Radius of a target's circle, and half of the length of its cross.
const TARGET_RADIUS: f32 = 4.0;
const TARGET_REACH: f32 = 7.0;

/// Side of a patch of ink.
const PATCH_SIDE: f32 = 10.0;

/// The colour of all plates.
const ALL_PLATES: Color = Color { ink: REGISTRATION, ..Color::BLACK };

/// Writes the boxes of a page. Pages count from the corner of their trim, so that the sheet may begin below 0.
pub(super) fn push_boxes(out: &mut Vec<u8>, page: Size, sheet: Option<&Sheet>) {
    let trim = Rect { x: 0.0, y: 0.0, width: page.width, height: page.height };
    let Some(sheet) = sheet else { return push_box(out, b"/MediaBox[", page, trim) };
    push_box(out, b"/MediaBox[", page, sheet.media_box(page));
    push_box(out, b"/BleedBox[", page, sheet.bleed_box(page));
    push_box(out, b"/TrimBox[", page, trim);
}

fn push_box(out: &mut Vec<u8>, name: &[u8], page: Size, rect: Rect) {
    out.extend_from_slice(name);
    let height = hundredths(page.height);
    let corners =
        [hundredths(rect.x), height - hundredths(rect.bottom()), hundredths(rect.right()), height - hundredths(rect.y)];
    for (place, value) in corners.into_iter().enumerate() {
        if place > 0 {
            out.push(b' ');
        }
        push_hundredths(out, value);
    }
    out.push(b']');
}

/// Keeps what follows inside of the bleed, so that marks stand on bare paper.
pub(super) fn begin(canvas: &mut Canvas, page: Size, sheet: &Sheet) {
    canvas.save();
    canvas.clip_rect(&sheet.bleed_box(page));
}

/// Ends what is inside of the bleed, and paints the marks around it.
pub(super) fn end(canvas: &mut Canvas, page: Size, sheet: &Sheet, spots: &[Spot], tagged: bool) {
    canvas.restore();
    if sheet.marks.is_empty() {
        return;
    }
    if tagged {
        // Cut marks and colour bars are artifacts of the page (14.8.2.2.2).
        canvas.out.extend_from_slice(b"/Artifact<</Type/Page>>BDC\n");
    }
    for mark in &sheet.marks {
        match mark {
            PrinterMark::Crop => paint_lines(canvas, &crop_lines(page, sheet)),
            PrinterMark::Registration => {
                for target in targets(page, sheet) {
                    paint_target(canvas, target);
                }
            }
            PrinterMark::Colors => paint_patches(canvas, page, sheet, spots),
        }
    }
    if tagged {
        canvas.out.extend_from_slice(b"EMC\n");
    }
}

fn point(x: f32, y: f32) -> Point {
    Point { x, y }
}

/// Two lines at each corner, outside of the bleed.
fn crop_lines(page: Size, sheet: &Sheet) -> Vec<Segment> {
    let bleed = sheet.bleed_box(page);
    let (near, far) = (GAP, GAP + LINE_LENGTH);
    let mut lines = Vec::with_capacity(16);
    for y in [0.0, page.height] {
        lines.extend([Segment::Move(point(bleed.x - near, y)), Segment::Line(point(bleed.x - far, y))]);
        lines.extend([Segment::Move(point(bleed.right() + near, y)), Segment::Line(point(bleed.right() + far, y))]);
    }
    for x in [0.0, page.width] {
        lines.extend([Segment::Move(point(x, bleed.y - near)), Segment::Line(point(x, bleed.y - far))]);
        lines.extend([Segment::Move(point(x, bleed.bottom() + near)), Segment::Line(point(x, bleed.bottom() + far))]);
    }
    lines
}

/// Middles of the targets, one at each side.
fn targets(page: Size, sheet: &Sheet) -> [Point; 4] {
    let bleed = sheet.bleed_box(page);
    let (x, y) = (page.width / 2.0, page.height / 2.0);
    [
        point(x, bleed.y - MIDDLE),
        point(bleed.right() + MIDDLE, y),
        point(x, bleed.bottom() + MIDDLE),
        point(bleed.x - MIDDLE, y),
    ]
}

fn paint_target(canvas: &mut Canvas, Point { x, y }: Point) {
    let (radius, control) = (TARGET_RADIUS, TARGET_RADIUS * CIRCLE);
    paint_lines(
        canvas,
        &[
            Segment::Move(point(x - TARGET_REACH, y)),
            Segment::Line(point(x + TARGET_REACH, y)),
            Segment::Move(point(x, y - TARGET_REACH)),
            Segment::Line(point(x, y + TARGET_REACH)),
            Segment::Move(point(x + radius, y)),
            Segment::Cubic(point(x + radius, y + control), point(x + control, y + radius), point(x, y + radius)),
            Segment::Cubic(point(x - control, y + radius), point(x - radius, y + control), point(x - radius, y)),
            Segment::Cubic(point(x - radius, y - control), point(x - control, y - radius), point(x, y - radius)),
            Segment::Cubic(point(x + control, y - radius), point(x + radius, y - control), point(x + radius, y)),
            Segment::Close,
        ],
    );
}

fn paint_lines(canvas: &mut Canvas, segments: &[Segment]) {
    let stroke =
        Stroke { color: ALL_PLATES, width: LINE_WIDTH, dash: Vec::new(), cap: LineCap::Butt, join: LineJoin::Miter };
    canvas.path(&Path { segments: 0..0, fill: None, even_odd: false, stroke: Some(stroke) }, segments);
}

/// Full tones of all inks, then their half tones, as many as there is room for beside the target.
fn paint_patches(canvas: &mut Canvas, page: Size, sheet: &Sheet, spots: &[Spot]) {
    let inks = (0..4).map(|ink| {
        let at = |place| if place == ink { 100 } else { 0 };
        ([at(0), at(1), at(2), at(3)], None)
    });
    let spots = (0_u16..).zip(spots).map(|(index, spot)| (spot.process, Some(index)));
    let all: Vec<_> = inks.chain(spots).collect();
    let bleed = sheet.bleed_box(page);
    let room = page.width / 2.0 - TARGET_REACH - GAP;
    let mut x = GAP;
    for (tint, (process, spot)) in [100, 50].into_iter().flat_map(|tint| all.iter().map(move |ink| (tint, ink))) {
        if x + PATCH_SIDE > room {
            break;
        }
        let scaled = process.map(|percent| u8::try_from(u16::from(percent) * tint / 100).unwrap_or(100));
        let tint = u8::try_from(tint).unwrap_or(100);
        let color = Color::process(scaled);
        let color = Color { ink: spot.map_or(color.ink, |index| Ink::spot(index, tint)), ..color };
        let rect = Rect { x, y: bleed.y - MIDDLE - PATCH_SIDE / 2.0, width: PATCH_SIDE, height: PATCH_SIDE };
        canvas.rect_item(&RectItem { rect, radius: 0.0, fill: Some(color), stroke: None });
        x += PATCH_SIDE;
    }
}
