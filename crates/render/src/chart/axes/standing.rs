//! Plots whose values go upwards: columns, lines, areas, points.

use super::lines::{TICK_LENGTH, axis_line, tick_stroke};
use super::numbers::{Ticks, fitting, number_labels};
use super::{Across, LABEL_SHARE_MAX, Places, Plan, Plot, cut_bottom, cut_left};
use crate::chart::categories::{Arranged, Room, below};
use crate::chart::scale::{Scale, Wanted};
use crate::chart::{Chart, Purpose, Scene, Typesetter, Voice};
use crate::document::{Point, Rect, narrow};
use crate::text::index32;

/// Sizes that a chart of upright bars or lines has found before.
pub(super) struct Sizes {
    /// Between labels and plot.
    pub(super) gap: f32,
    /// Steps between ticks at most.
    pub(super) steps: usize,
    /// The chart without legend and titles.
    pub(super) whole: Rect,
    /// Height of values that are written below their bars.
    pub(super) below_values: f32,
}

/// Part of the width that slanted labels may move the plot to the right, so that the first one has room.
const OVERHANG_SHARE_MAX: f32 = 0.12;

/// Arranges the labels of items below a plot of this width.
fn below_items(chart: &Chart<'_>, setter: &mut dyn Typesetter, area: &Rect, depth_max: f32, bands: bool) -> Arranged {
    let count = chart.data.item_count();
    let steps = if bands { count } else { count.saturating_sub(1) };
    let pitch = area.width / narrow(f64::from(index32(steps.max(1))));
    let left = area.x - chart.area.x + if bands { pitch / 2.0 } else { 0.0 };
    let room = Room { pitch, depth_max, bands, left, width: chart.area.width };
    below(&chart.data.labels, setter, room)
}

/// Values upwards, items to the right.
pub(super) fn standing(
    chart: &Chart<'_>,
    scene: &mut Scene,
    setter: &mut dyn Typesetter,
    plan: &Plan,
    area: &mut Rect,
    sizes: Sizes,
) -> Plot {
    let node = chart.node;
    let count = chart.data.item_count();
    let line = setter.line_height(Voice::Axis);
    let gap = sizes.gap;
    let scale = Scale::new(&Wanted { steps: sizes.steps, ..plan.values });
    let ticks = if node.value_axis.labels {
        number_labels(setter, &scale, Purpose::ValueTick, plan.shares, area.width * LABEL_SHARE_MAX)
    } else {
        Ticks { labels: Vec::new() }
    };
    let gutter = ticks.labels.iter().map(|(_, label)| label.width).fold(0.0, f32::max);
    if gutter > 0.0 {
        cut_left(area, gutter + gap);
    }
    let depth_max = sizes.whole.height * LABEL_SHARE_MAX;
    let (places, below_plot) = match &plan.across {
        Across::Bands | Across::Ends => {
            let bands = matches!(plan.across, Across::Bands);
            let places = if bands { Places::Bands(count) } else { Places::Ends(count) };
            let arranged = if node.category_axis.labels {
                // The last label stands in the middle below its point: half of it is beyond.
                if !bands && let Some(last) = chart.data.labels.last() {
                    let last = setter.line(last, Voice::Axis, None);
                    let half = (last.width / 2.0).min(area.width * 0.1);
                    area.width = (area.width - half).max(0.0);
                }
                let arranged = below_items(chart, setter, area, depth_max, bands);
                if arranged.overhang > 0.0 {
                    // The items move closer together, so that the first one moves a little less than the plot.
                    cut_left(area, (arranged.overhang * 1.1).min(area.width * OVERHANG_SHARE_MAX));
                    below_items(chart, setter, area, depth_max, bands)
                } else {
                    arranged
                }
            } else {
                Arranged::default()
            };
            (places, Below::Items(arranged))
        }
        Across::Numbers(wanted) => {
            let width_max = area.width * LABEL_SHARE_MAX;
            let (scale, labels) = fitting(setter, wanted, area.width, Purpose::CategoryTick, false, width_max);
            if let Some((_, last)) = labels.labels.last().filter(|_| node.category_axis.labels) {
                area.width = (area.width - (last.width / 2.0).min(area.width * 0.1)).max(0.0);
            }
            (Places::Numbers(scale), Below::Numbers(labels))
        }
    };
    let depth = match &below_plot {
        Below::Items(arranged) => arranged.depth,
        Below::Numbers(_) if node.category_axis.labels => line,
        Below::Numbers(_) => 0.0,
    };
    if depth > 0.0 {
        cut_bottom(area, depth + gap + sizes.below_values);
    } else if node.value_axis.labels {
        cut_bottom(area, line / 2.0);
    }
    let plot =
        Plot { area: *area, scale, places, horizontal: false, line: axis_line(chart, &node.category_axis, true) };
    for (share, label) in &ticks.labels {
        let y = area.bottom() - share * area.height - label.height / 2.0;
        scene.text(label, Point { x: area.x - gap - label.width, y }, None);
    }
    let top = area.bottom() + gap + sizes.below_values;
    match &below_plot {
        Below::Items(arranged) => place_below(chart, scene, &plot, arranged, top, line),
        Below::Numbers(labels) if node.category_axis.labels => {
            for (share, label) in &labels.labels {
                let x = area.x + share * area.width - label.width / 2.0;
                scene.text(label, Point { x, y: top }, None);
            }
        }
        Below::Numbers(_) => {}
    }
    plot
}

/// What stands below the plot.
enum Below {
    Items(Arranged),
    Numbers(Ticks),
}

/// Puts the labels of items below the plot.
fn place_below(chart: &Chart<'_>, scene: &mut Scene, plot: &Plot, arranged: &Arranged, top: f32, line: f32) {
    let area = plot.area;
    for (item, label) in &arranged.labels {
        let x = area.x + plot.along(*item);
        if arranged.slanted {
            // The end of the line stands below its item, the line comes from below.
            let drop = (label.width + line * 0.25) * std::f32::consts::FRAC_1_SQRT_2;
            let back = (label.width + line * 0.55) * std::f32::consts::FRAC_1_SQRT_2;
            scene.turned_text(label, Point { x: x - back, y: top + drop - line * 0.35 }, -45.0, None);
            continue;
        }
        let mut left = x - label.width / 2.0;
        if matches!(plot.places, Places::Ends(_)) {
            // At the ends a label stays inside of its chart.
            let right_most = chart.area.right() - label.width;
            left = left.min(right_most).max(chart.area.x);
        }
        scene.text(label, Point { x: left, y: top }, None);
    }
    if arranged.thinned && matches!(plot.places, Places::Ends(_)) {
        let stroke = tick_stroke(chart);
        for (item, _) in &arranged.labels {
            let x = area.x + plot.along(*item);
            let (from, to) = (area.bottom(), area.bottom() + TICK_LENGTH);
            scene.line(Point { x, y: from }, Point { x, y: to }, Some(stroke.clone()));
        }
    }
}
