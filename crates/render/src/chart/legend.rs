//! The legend: a mark and a name for each series or slice, in rows that wrap, or in a column.

use super::data::Series;
use super::scene::{Scene, circle, polygon};
use super::slices::Slice;
use super::typesetter::{Label, Typesetter, Voice};
use crate::document::{Color, Point, Rect};
use crate::template::model::{ChartNode, LegendPlace};

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
    /// A dot.
    Dot,
}

/// Sizes that follow from the size of the letters.
struct Measure {
    em: f32,
    line: f32,
    /// From the left of the mark to the name.
    indent: f32,
    /// Between two entries of a row.
    gap: f32,
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
    let measure = Measure { em, line: setter.line_height(Voice::Text), indent, gap: em * 1.6 };
    let column = place == LegendPlace::Right;
    let width = if column { area.width * SHARE_MAX } else { area.width };
    let name_width = (width - indent).max(0.0);
    let rows = ((if column { area.height } else { area.height * SHARE_MAX }) / measure.line).floor().max(1.0);
    let mut laid = Laid { measure: &measure, column, width, rows, x: 0.0, row: 0.0, placed: Vec::new() };
    for (index, entry) in entries.iter().enumerate() {
        let left = entries.len() - index;
        // The number of those left out needs a place too: the last one is kept for it.
        let label = setter.line(entry.name, Voice::Text, Some(name_width));
        let keeps_room = left > 1;
        if index >= ENTRY_COUNT_MAX || !laid.fits(&label, keeps_room) {
            let rest = setter.line(&format!("+ {left}"), Voice::Text, Some(name_width));
            laid.add(None, rest);
            break;
        }
        laid.add(Some(entry.color), label);
    }
    let height = (laid.row + 1.0) * measure.line;
    let widest = laid.placed.iter().map(|placed| placed.x + indent + placed.label.width).fold(0.0, f32::max);
    let space = measure.em * 0.9;
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
    for placed in &laid.placed {
        let (x, y) = (corner.x + placed.x, corner.y + placed.row * measure.line);
        if let Some(color) = placed.color {
            swatch(scene, node.kind.swatch, Point { x, y: y + measure.line / 2.0 }, measure.em, color);
        }
        let indent = if placed.color.is_some() { indent } else { 0.0 };
        scene.text(&placed.label, Point { x: x + indent, y }, None);
    }
    rest
}

/// A mark whose left middle is at a place.
fn swatch(scene: &mut Scene, shape: Swatch, at: Point, em: f32, color: Color) {
    match shape {
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
            polygon(&mut path, [(left, top), (right, top), (right, bottom), (left, bottom)].map(|(x, y)| Point { x, y }));
            scene.path(&path, Some(color), None);
        }
        Swatch::Dot => {
            let radius = em * 0.34;
            let mut path = Vec::new();
            circle(&mut path, Point { x: at.x + em * 0.4, y: at.y }, radius);
            scene.path(&path, Some(color), None);
        }
    }
}

struct Placed {
    x: f32,
    row: f32,
    color: Option<Color>,
    label: Label,
}

/// Entries as they are being put into rows.
struct Laid<'m> {
    measure: &'m Measure,
    column: bool,
    width: f32,
    rows: f32,
    x: f32,
    row: f32,
    placed: Vec<Placed>,
}

impl Laid<'_> {
    /// Where an entry would go: its left edge and its row.
    fn next(&self, label: &Label) -> (f32, f32) {
        if self.placed.is_empty() {
            (0.0, 0.0)
        } else if self.column || self.x + self.measure.indent + label.width > self.width {
            (0.0, self.row + 1.0)
        } else {
            (self.x, self.row)
        }
    }

    /// Whether an entry has a place, and the next one too when it needs one.
    fn fits(&self, label: &Label, keeps_room: bool) -> bool {
        let (x, row) = self.next(label);
        let room_after = !self.column
            && x + self.measure.indent + label.width + self.measure.gap + self.measure.em * 3.0 <= self.width;
        row + 1.0 < self.rows || (row < self.rows && (!keeps_room || room_after))
    }

    fn add(&mut self, color: Option<Color>, label: Label) {
        let (x, row) = self.next(&label);
        self.row = row;
        self.x = x + self.measure.indent + label.width + self.measure.gap;
        self.placed.push(Placed { x, row, color, label });
    }
}
