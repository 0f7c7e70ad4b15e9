//! Points at two numbers each.

use std::collections::BTreeSet;

use super::{ChartKind, Content, Legend};
use crate::chart::axes::{self, Across, Plan};
use crate::chart::data::extent;
use crate::chart::legend::Swatch;
use crate::chart::palette::faded;
use crate::chart::scale::Wanted;
use crate::chart::scene::marker;
use crate::chart::{Chart, Scene, Typesetter};
use crate::document::Color;
use crate::template::model::LegendPlace;
use crate::text::round_i32;

pub(super) const KIND: ChartKind = ChartKind {
    name: "scatter",
    takes: &["categoryAxis", "valueAxis", "legend"],
    legend: Legend::Series(LegendPlace::Top),
    swatch: Swatch::Dot,
    hole: 0.0,
    content: Content::Points,
    draw,
};

/// Radius of a point when there are few.
const RADIUS: f32 = 2.6;

/// Radius of a point when there are very many.
const RADIUS_SMALL: f32 = 1.2;

/// From so many points on they are small.
const MANY: usize = 1_500;

/// Opacity of points, of 255: where several lie over one another it is darker.
const ALPHA: u8 = 190;

/// Points nearer than a so-manieth of a point of the page are one: nobody sees the difference.
const CELLS_A_POINT: f64 = 4.0;

fn draw(chart: &Chart<'_>, scene: &mut Scene, setter: &mut dyn Typesetter) {
    let places = || {
        let series = chart.data.series.iter();
        series.flat_map(|series| series.x.iter().zip(&series.values).filter_map(|(x, y)| Some(((*x)?, (*y)?))))
    };
    let wanted = |(low, high): (f64, f64), min, max| Wanted {
        low,
        high,
        min,
        max,
        zero: false,
        whole: false,
        tight: false,
        steps: 1,
    };
    let across = extent(places().map(|(x, _)| x)).unwrap_or((0.0, 0.0));
    let upwards = extent(places().map(|(_, y)| y)).unwrap_or((0.0, 0.0));
    let (category, value) = (&chart.data.category, &chart.data.value);
    let plan = Plan {
        across: Across::Numbers(wanted(across, category.min, category.max)),
        values: wanted(upwards, value.min, value.max),
        shares: false,
        labels_above: false,
    };
    let plot = axes::draw(chart, scene, setter, &plan);
    plot.finish(scene);
    let radius = if places().nth(MANY).is_some() { RADIUS_SMALL } else { RADIUS };
    for (place, series) in chart.data.series.iter().enumerate() {
        let mut seen = BTreeSet::new();
        let mut marks: Vec<(Color, Vec<_>)> = Vec::new();
        for (item, (x, y)) in series.x.iter().zip(&series.values).enumerate() {
            let (Some(x), Some(y)) = (*x, *y) else { continue };
            let Some(along) = plot.along_number(x).filter(|_| (0.0..=1.0).contains(&plot.scale.share(y))) else {
                continue;
            };
            let point = plot.point(along, y);
            let cell = [point.x, point.y].map(|place| round_i32(f64::from(place) * CELLS_A_POINT));
            let color = series.color_of(item);
            if seen.insert((cell, color)) {
                // Points of one colour are one path each run: the usual series is a single one.
                match marks.last_mut() {
                    Some((last, path)) if *last == color => marker(path, place, point, radius),
                    _ => {
                        let mut path = Vec::new();
                        marker(&mut path, place, point, radius);
                        marks.push((color, path));
                    }
                }
            }
        }
        for (color, path) in marks {
            scene.path(&path, Some(faded(color, ALPHA)), None);
        }
    }
}
