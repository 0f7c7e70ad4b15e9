//! Charts: numbers and a size become rectangles, paths and lines of text.
//!
//! Everything here is a function of settings, data and size. What it needs from outside, how wide a text is and how a
//! locale writes a number, it asks a [`Typesetter`]. A kind of chart is one file and one line in [`kinds`].

mod axes;
mod categories;
mod curve;
mod data;
mod describe;
mod kinds;
mod legend;
mod palette;
mod scale;
mod scene;
mod slices;
mod stack;
#[cfg(test)]
mod tests;
mod typesetter;
mod words;

pub(crate) use data::{AxisData, Data, Series, drawable};
pub(crate) use describe::describe;
pub(crate) use kinds::{ALL, ChartKind, Content};
pub(crate) use palette::{PALETTE, nth};
pub(crate) use scene::{Mark, Scene};
pub(crate) use typesetter::{Figure, Label, Purpose, Typesetter, Voice};

use self::kinds::Legend;
use crate::document::{Rect, Size};
use crate::template::model::{ChartNode, LegendPlace};

/// Items times series of one chart: enough for a measurement a minute over two months, and drawn in milliseconds.
pub(crate) const VALUE_COUNT_MAX: usize = 100_000;

/// A chart and the room that is left for it.
pub(crate) struct Chart<'c> {
    /// How it is drawn.
    pub(crate) node: &'c ChartNode,
    /// What it shows.
    pub(crate) data: &'c Data,
    /// Where it goes, from the upper left corner of the chart.
    pub(crate) area: Rect,
}

/// Draws a chart of this size.
pub(crate) fn draw(node: &ChartNode, data: &Data, size: Size, setter: &mut dyn Typesetter) -> Scene {
    let mut scene = Scene::default();
    let area = Rect { x: 0.0, y: 0.0, width: size.width, height: size.height };
    if size.width <= 0.0 || size.height <= 0.0 {
        return scene;
    }
    if !data.has_values() {
        let label = setter.line(&data.empty, Voice::Text, Some(size.width));
        scene.text_centred(&label, size.width / 2.0, size.height / 2.0, None);
        return scene;
    }
    let area = match node.kind.legend {
        Legend::None => area,
        Legend::Series(place) if data.series.len() > 1 || node.legend != LegendPlace::Auto => {
            let entries: Vec<legend::Entry<'_>> = data.series.iter().map(legend::Entry::of_series).collect();
            legend::draw(&mut scene, setter, node, place, &entries, area)
        }
        Legend::Series(_) => area,
        Legend::Slices(place) => {
            let slices = slices::slices(node, data);
            let entries: Vec<legend::Entry<'_>> = slices.iter().map(legend::Entry::of_slice).collect();
            legend::draw(&mut scene, setter, node, place, &entries, area)
        }
    };
    (node.kind.draw)(&Chart { node, data, area }, &mut scene, setter);
    scene
}
