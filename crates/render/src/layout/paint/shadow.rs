//! Shadows of shapes that are no boxes: how much of each small square they cover, blurred, as the opacity of one colour.
//!
//! A blurred edge has no detail finer than its blur, so that squares of a sixth of it are invisible on paper, and the
//! picture stays small: the larger the blur, the larger the squares.

use std::sync::Arc;

use super::{Painter, Tagging};
use crate::document::{Color, Item, Point, Rect, Segment, narrow};
use crate::picture::{Picture, PictureData};
use crate::template::model::ShadowLook;
use crate::text::{index32, round_i32};

/// Widest and narrowest square, points: half a point is not seen in a gradual change, 600 to an inch are never needed.
const CELL_MAX: f32 = 0.5;
const CELL_MIN: f32 = 0.12;

/// Squares of one shadow: 1,000 on each side.
const CELL_COUNT_MAX: f32 = 1.0e6;

/// Lines in which one row of squares is looked at.
const LINES: u8 = 4;

/// Crossings of a shape's edges with all lines; a hostile zigzag has more.
const CROSSING_COUNT_MAX: usize = 4_000_000;

/// Straight pieces of one curve: a shadow has no sharp edge.
const PIECE_COUNT: u8 = 16;

/// Full coverage. Four bits more than a byte, so that three blurs round less than what is seen.
const FULL: f32 = 4_080.0;

impl Painter<'_, '_> {
    /// The shadow of any shape.
    pub(super) fn paint_shape_shadow(
        &mut self,
        segments: &[Segment],
        even_odd: bool,
        shadow: &ShadowLook,
        tagging: Tagging,
    ) {
        if segments.is_empty() || shadow.color.alpha == 0 {
            return;
        }
        let [right, down] = shadow.offset;
        let moved: Vec<Segment> =
            segments.iter().map(|segment| super::shapes::moved(segment, Point { x: right, y: down })).collect();
        self.apply(tagging);
        if shadow.blur <= 0.0 {
            return self.push_path(&moved, Some(shadow.color), even_odd, None);
        }
        let Some((picture, rect)) = cast(&moved, even_odd, shadow.blur, shadow.color) else { return };
        let pictures = &mut self.layouter.document.pictures;
        pictures.push(Arc::new(picture));
        let picture = index32(pictures.len() - 1);
        self.page.items.push(Item::Picture { picture, rect });
    }
}

/// The blurred shadow of a path, and where it lies. Nothing when it is too detailed to be cast.
fn cast(segments: &[Segment], even_odd: bool, blur: f32, color: Color) -> Option<(Picture, Rect)> {
    let edges = flatten(segments);
    let (mut left, mut top, mut right, mut bottom) = (f32::MAX, f32::MAX, f32::MIN, f32::MIN);
    for point in edges.iter().flat_map(|(from, to)| [from, to]) {
        (left, right) = (left.min(point.x), right.max(point.x));
        (top, bottom) = (top.min(point.y), bottom.max(point.y));
    }
    if left > right {
        return None;
    }
    let (width, height) = (right - left + blur * 2.0, bottom - top + blur * 2.0);
    let least = (width * height / CELL_COUNT_MAX).sqrt().max(CELL_MIN);
    let wanted = (blur / 6.0).min(CELL_MAX).max(least);
    // Three blurs by whole numbers of squares reach exactly as far as the blur.
    let radius = round_i32(f64::from((blur / 3.0 / wanted).ceil())).max(1);
    let cell = (blur / 3.0 / narrow(f64::from(radius))).max(least);
    let count = |length: f32| usize::try_from(round_i32(f64::from((length / cell).ceil()))).unwrap_or(1).max(1);
    let (columns, rows) = (count(width), count(height));
    let origin = Point { x: left - blur, y: top - blur };
    let mut cells = coverage(&edges, even_odd, origin, cell, columns, rows)?;
    let radius = usize::try_from(radius).unwrap_or(1);
    for _ in 0..3 {
        blur_rows(&mut cells, columns, radius);
    }
    let mut turned = transposed(&cells, columns);
    for _ in 0..3 {
        blur_rows(&mut turned, rows, radius);
    }
    let cells = transposed(&turned, rows);
    let full = f32::from(color.alpha) / FULL;
    let alpha = cells.iter().map(|&cell| {
        let alpha = round_i32(f64::from(narrow(f64::from(cell)) * full));
        u8::try_from(alpha).unwrap_or(u8::MAX)
    });
    let alpha = Some(alpha.collect());
    let data = PictureData::Flat(Color { alpha: 255, ..color });
    let size = |count: usize| narrow(f64::from(index32(count))) * cell;
    let rect = Rect { x: origin.x, y: origin.y, width: size(columns), height: size(rows) };
    Some((Picture { width: index32(columns), height: index32(rows), data, alpha }, rect))
}

/// The path as straight lines; every part is closed.
fn flatten(segments: &[Segment]) -> Vec<(Point, Point)> {
    let mut edges = Vec::with_capacity(segments.len());
    let (mut start, mut current) = (Point::default(), Point::default());
    for segment in segments {
        match *segment {
            Segment::Move(point) => {
                edges.push((current, start));
                (start, current) = (point, point);
            }
            Segment::Line(point) => {
                edges.push((current, point));
                current = point;
            }
            Segment::Cubic(first, second, end) => {
                let from = current;
                for piece in 1..=PIECE_COUNT {
                    let t = f32::from(piece) / f32::from(PIECE_COUNT);
                    let s = 1.0 - t;
                    let mix = |a: f32, b: f32, c: f32, d: f32| {
                        s * s * s * a + 3.0 * s * s * t * b + 3.0 * s * t * t * c + t * t * t * d
                    };
                    let point =
                        Point { x: mix(from.x, first.x, second.x, end.x), y: mix(from.y, first.y, second.y, end.y) };
                    edges.push((current, point));
                    current = point;
                }
            }
            Segment::Close => {
                edges.push((current, start));
                current = start;
            }
        }
    }
    edges.push((current, start));
    edges.retain(|(from, to)| from != to);
    edges
}

/// How much of each square the shape covers, from 0 to [`FULL`]: exactly along each line, and averaged over lines.
fn coverage(
    edges: &[(Point, Point)],
    even_odd: bool,
    origin: Point,
    cell: f32,
    columns: usize,
    rows: usize,
) -> Option<Vec<u32>> {
    let line_height = cell / f32::from(LINES);
    let mut crossings: Vec<(u32, f32, i32)> = Vec::new();
    for (from, to) in edges {
        let (upper, lower, turn) = if from.y < to.y { (from, to, 1) } else { (to, from, -1) };
        let line = |y: f32| round_i32(f64::from(((y - origin.y) / line_height - 0.5).ceil())).max(0);
        let (first, end) = (line(upper.y), line(lower.y));
        if crossings.len().saturating_add(usize::try_from(end - first).unwrap_or(0)) > CROSSING_COUNT_MAX {
            return None;
        }
        for line in first..end {
            let y = origin.y + (narrow(f64::from(line)) + 0.5) * line_height;
            let share = (y - upper.y) / (lower.y - upper.y);
            let x = (upper.x + (lower.x - upper.x) * share - origin.x) / cell;
            crossings.push((u32::try_from(line).unwrap_or(0), x, turn));
        }
    }
    crossings.sort_unstable_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)));
    let mut sums = vec![0.0_f32; columns.checked_mul(rows)?];
    let mut winding = 0;
    let mut line = u32::MAX;
    for pair in crossings.windows(2) {
        let [(this, from, turn), (next, to, _)] = pair else { break };
        if *this != line {
            (line, winding) = (*this, 0);
        }
        winding += turn;
        let inside = if even_odd { winding % 2 != 0 } else { winding != 0 };
        if inside && this == next {
            let row = usize::try_from(line / u32::from(LINES)).unwrap_or(usize::MAX);
            let start = row.saturating_mul(columns);
            if let Some(row) = sums.get_mut(start..start.saturating_add(columns)) {
                cover(row, *from, *to);
            }
        }
    }
    let scale = FULL / f32::from(LINES);
    Some(sums.into_iter().map(|sum| u32::try_from(round_i32(f64::from(sum * scale))).unwrap_or(0)).collect())
}

/// Adds a span to the squares of a row.
fn cover(row: &mut [f32], from: f32, to: f32) {
    let whole = |x: f32| usize::try_from(round_i32(f64::from(x.floor()))).unwrap_or(0);
    let first = whole(from.max(0.0));
    for (place, sum) in
        row.iter_mut().enumerate().skip(first).take(whole(to.max(0.0)) - first.min(whole(to.max(0.0))) + 1)
    {
        let left = narrow(f64::from(index32(place)));
        *sum += (to.min(left + 1.0) - from.max(left)).max(0.0);
    }
}

/// Averages each square with those beside it.
fn blur_rows(cells: &mut [u32], columns: usize, radius: usize) {
    let width = u32::try_from(radius * 2 + 1).unwrap_or(u32::MAX);
    let mut blurred = Vec::with_capacity(columns);
    for row in cells.chunks_mut(columns.max(1)) {
        blurred.clear();
        let mut sum: u32 = row.iter().take(radius).sum();
        for place in 0..row.len() {
            sum += row.get(place + radius).copied().unwrap_or(0);
            blurred.push((sum + width / 2) / width);
            sum -= place.checked_sub(radius).and_then(|place| row.get(place)).copied().unwrap_or(0);
        }
        row.copy_from_slice(&blurred);
    }
}

/// Rows become columns.
fn transposed(cells: &[u32], columns: usize) -> Vec<u32> {
    let rows = cells.len() / columns.max(1);
    let mut turned = Vec::with_capacity(cells.len());
    for column in 0..columns {
        turned.extend((0..rows).filter_map(|row| cells.get(row * columns + column)));
    }
    turned
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;

    fn polygon(points: &[(f32, f32)]) -> Vec<Segment> {
        let mut segments: Vec<Segment> = points.iter().map(|&(x, y)| Segment::Line(Point { x, y })).collect();
        if let Some(Segment::Line(first)) = segments.first().copied() {
            segments[0] = Segment::Move(first);
        }
        segments.push(Segment::Close);
        segments
    }

    const SQUARE: [(f32, f32); 4] = [(10.0, 10.0), (50.0, 10.0), (50.0, 50.0), (10.0, 50.0)];

    #[test]
    fn a_shadow_is_full_in_the_middle_half_at_the_edge_and_nothing_beyond_its_blur() {
        let (picture, rect) = cast(&polygon(&SQUARE), false, 6.0, Color::BLACK).unwrap();
        assert!((rect.x - 4.0).abs() < 0.01 && rect.width >= 52.0 && rect.width < 53.0, "{rect:?}");
        let columns = usize::try_from(picture.width).unwrap();
        let cell = rect.width / narrow(f64::from(picture.width));
        let alpha = picture.alpha.as_ref().unwrap();
        let at = |x: f32, y: f32| {
            let place = |value: f32| usize::try_from(round_i32(f64::from((value / cell).floor()))).unwrap();
            alpha[place(y - rect.y) * columns + place(x - rect.x)]
        };
        assert_eq!(at(30.0, 30.0), 255);
        assert!((100..=155).contains(&at(10.0, 30.0)), "{}", at(10.0, 30.0));
        assert!(at(4.3, 30.0) < 4 && at(4.3, 4.3) == 0);
        assert!(at(8.0, 30.0) < at(12.0, 30.0));
        assert!(matches!(picture.data, PictureData::Flat(Color::BLACK)));
    }

    #[test]
    fn what_is_inside_follows_the_rule_of_the_shape() {
        let mut ring = polygon(&SQUARE);
        ring.extend(polygon(&[(20.0, 20.0), (40.0, 20.0), (40.0, 40.0), (20.0, 40.0)]));
        let sum = |even_odd| -> u64 {
            let (picture, _) = cast(&ring, even_odd, 1.5, Color::BLACK).unwrap();
            picture.alpha.unwrap().iter().map(|&alpha| u64::from(alpha)).sum()
        };
        let (filled, hollow) = (sum(false), sum(true));
        assert!(hollow * 100 / filled.max(1) > 73 && hollow * 100 / filled.max(1) < 77, "{hollow} of {filled}");
    }

    #[test]
    fn shapes_without_area_and_huge_ones_cost_little() {
        assert!(cast(&[], false, 5.0, Color::BLACK).is_none());
        let (line, _) = cast(&polygon(&[(0.0, 0.0), (100.0, 0.0)]), false, 5.0, Color::BLACK).unwrap();
        assert!(line.alpha.unwrap().iter().all(|&alpha| alpha == 0));
        let huge = polygon(&[(0.0, 0.0), (14_400.0, 0.0), (14_400.0, 14_400.0)]);
        let (huge, _) = cast(&huge, false, 1.0, Color::BLACK).unwrap();
        assert!(huge.width * huge.height < 1_100_000, "{} × {}", huge.width, huge.height);
    }
}
