//! The legend: a mark and a name for each series or slice, in rows that wrap, or in a column.

use super::data::Series;
use super::scene::{Scene, marker, polygon};
use super::slices::Slice;
use super::typesetter::{Label, Typesetter, Voice};
use crate::document::{Color, Point, Rect, narrow};
use crate::template::model::{ChartNode, LegendPlace};
use crate::text::{index32, round_i32};

/// What a legend names.
pub(crate) struct Entry<'d> {
    name: &'d str,
    color: Color,
}

impl<'d> Entry<'d> {
    /// A series.
    pub(crate) fn of_series(series: &'d Series) -> Self {
        Self { name: &series.name, color: series.color }
    }

    /// A slice.
    pub(crate) fn of_slice(slice: &Slice<'d>) -> Self {
        Self { name: slice.name, color: slice.color }
    }
}

/// Part of the chart's height, or width, that a legend takes at most.
const SHARE_MAX: f32 = 0.4;

/// Entries that are looked at; what goes beyond is told by its number.
const ENTRY_COUNT_MAX: usize = 60;

/// The shape of a legend's marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Swatch {
    /// A filled square.
    Square,
    /// A piece of line.
    Line,
    /// The mark of the series' points.
    Dot,
}

/// Draws the legend and gives the room that is left.
pub(crate) fn draw(
    scene: &mut Scene,
    setter: &mut dyn Typesetter,
    node: &ChartNode,
    usual: LegendPlace,
    entries: &[Entry<'_>],
    area: Rect,
) -> Rect {
    let place = if node.legend == LegendPlace::Auto { usual } else { node.legend };
    if place == LegendPlace::None || entries.iter().all(|entry| entry.name.is_empty()) {
        return area;
    }
    let em = setter.size(Voice::Text);
    let indent = match node.kind.swatch {
        Swatch::Square | Swatch::Dot => em * 1.15,
        Swatch::Line => em * 1.85,
    };
    let line = setter.line_height(Voice::Text);
    let column = place == LegendPlace::Right;
    let width = if column { area.width * SHARE_MAX } else { area.width };
    let name_width = (width - indent).max(0.0);
    let rows_max = whole(if column { area.height } else { area.height * SHARE_MAX } / line);
    let labels: Vec<Label> = entries
        .iter()
        .take(ENTRY_COUNT_MAX)
        .map(|entry| setter.line(entry.name, Voice::Text, Some(name_width)))
        .collect();
    let grid = Grid::new(&labels, width, indent, em * GAP_EMS, rows_max, column);
    let shown = if entries.len() > grid.cells() { grid.cells().saturating_sub(1) } else { entries.len() };
    let shown = shown.min(labels.len());
    let mut placed: Vec<(Point, Option<Color>, Label)> = Vec::with_capacity(shown + 1);
    for (cell, (entry, label)) in entries.iter().zip(&labels).take(shown).enumerate() {
        placed.push((grid.place(cell, line), Some(entry.color), *label));
    }
    if shown < entries.len() {
        let rest = setter.line(&format!("+ {}", entries.len() - shown), Voice::Text, Some(name_width));
        placed.push((grid.place(shown, line), None, rest));
    }
    let height = placed.iter().map(|(at, ..)| at.y + line).fold(0.0, f32::max);
    let widest = placed.iter().map(|(at, _, label)| at.x + indent + label.width).fold(0.0, f32::max);
    let space = em * 0.9;
    let (corner, rest) = match place {
        LegendPlace::Right => {
            let used = widest.min(width);
            let corner = Point { x: area.right() - used, y: area.y + (area.height - height).max(0.0) / 2.0 };
            (corner, Rect { width: (area.width - used - space * 1.6).max(0.0), ..area })
        }
        LegendPlace::Bottom => {
            let corner = Point { x: area.x, y: area.bottom() - height };
            (corner, Rect { height: (area.height - height - space).max(0.0), ..area })
        }
        LegendPlace::Top | LegendPlace::Auto | LegendPlace::None => {
            let taken = height + space;
            (Point { x: area.x, y: area.y }, Rect { y: area.y + taken, height: (area.height - taken).max(0.0), ..area })
        }
    };
    for (place, (at, color, label)) in placed.iter().enumerate() {
        let (x, y) = (corner.x + at.x, corner.y + at.y);
        if let Some(color) = color {
            let at = Point { x, y: y + line / 2.0 };
            swatch(scene, node, place, at, em, *color);
        }
        let indent = if color.is_some() { indent } else { 0.0 };
        scene.text(label, Point { x: x + indent, y }, None);
    }
    rest
}

/// Space between two entries of a row, as a multiple of the size of the letters.
const GAP_EMS: f32 = 1.6;

/// Where entries stand: one after the other in a single row, else in columns of one width.
struct Grid {
    /// Left edges in the single row; empty when there are columns.
    lefts: Vec<f32>,
    columns: usize,
    column_width: f32,
    rows_max: usize,
}

impl Grid {
    fn new(labels: &[Label], width: f32, indent: f32, gap: f32, rows_max: usize, one_column: bool) -> Self {
        let widest = labels.iter().map(|label| indent + label.width).fold(0.0, f32::max);
        if one_column {
            return Self { lefts: Vec::new(), columns: 1, column_width: widest, rows_max };
        }
        let mut lefts = Vec::with_capacity(labels.len());
        let mut x = 0.0;
        for label in labels {
            lefts.push(x);
            x += indent + label.width + gap;
        }
        if x - gap <= width {
            return Self { columns: lefts.len().max(1), lefts, column_width: 0.0, rows_max: 1 };
        }
        let most = whole((width + gap) / (widest + gap));
        // As many rows as are needed, and then no more columns than fill them.
        let rows = labels.len().div_ceil(most).max(1);
        let columns = labels.len().div_ceil(rows).max(1);
        Self { lefts: Vec::new(), columns, column_width: widest + gap, rows_max }
    }

    /// Entries that have a place.
    fn cells(&self) -> usize {
        self.columns.saturating_mul(self.rows_max)
    }

    fn place(&self, cell: usize, line: f32) -> Point {
        let number = |count: usize| narrow(f64::from(index32(count)));
        let (row, column) = (cell / self.columns.max(1), cell % self.columns.max(1));
        let x = self.lefts.get(cell).copied().unwrap_or_else(|| number(column) * self.column_width);
        Point { x, y: number(row) * line }
    }
}

/// How many whole ones fit, at least one.
fn whole(count: f32) -> usize {
    usize::try_from(round_i32(f64::from(count.floor().max(1.0)))).unwrap_or(1)
}

/// A mark whose left middle is at a place.
fn swatch(scene: &mut Scene, node: &ChartNode, place: usize, at: Point, em: f32, color: Color) {
    match node.kind.swatch {
        Swatch::Square => {
            let side = em * 0.75;
            let from = Point { x: at.x, y: at.y - side / 2.0 };
            scene.rect(from, Point { x: at.x + side, y: at.y + side / 2.0 }, color);
        }
        Swatch::Line => {
            let thick = em * 0.2;
            let mut path = Vec::new();
            let (left, right) = (at.x, at.x + em * 1.45);
            let (top, bottom) = (at.y - thick / 2.0, at.y + thick / 2.0);
            polygon(
                &mut path,
                [(left, top), (right, top), (right, bottom), (left, bottom)].map(|(x, y)| Point { x, y }),
            );
            if node.markers {
                marker(&mut path, place, Point { x: (left + right) / 2.0, y: at.y }, em * 0.32);
            }
            scene.path(&path, Some(color), None);
        }
        Swatch::Dot => {
            let mut path = Vec::new();
            marker(&mut path, place, Point { x: at.x + em * 0.4, y: at.y }, em * 0.34);
            scene.path(&path, Some(color), None);
        }
    }
}
