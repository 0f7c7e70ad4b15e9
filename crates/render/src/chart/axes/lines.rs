//! Lines of axes: the grid, the lines along them, small ticks.

use super::{Places, Plot};
use crate::chart::palette::faded;
use crate::chart::{Chart, Scene};
use crate::document::{LineCap, LineJoin, Stroke};
use crate::template::model::{ChartAxis, Rule, StrokeLook};

/// Opacity of grid lines, of 255: they are seen when looked for.
const GRID_ALPHA: u8 = 36;

/// Opacity of the line along the items.
const LINE_ALPHA: u8 = 150;

/// Width of grid lines.
const GRID_WIDTH: f32 = 0.5;

/// Width of the line along the items.
const LINE_WIDTH: f32 = 0.75;

/// Draws the lines that lie below the values.
pub(super) fn grid(chart: &Chart<'_>, scene: &mut Scene, plot: &Plot) {
    let node = chart.node;
    let usual = usual_stroke(chart, GRID_ALPHA, GRID_WIDTH);
    if let Some(stroke) = chosen(&node.value_axis.grid, &usual, true) {
        let base = plot.scale.base();
        for tick in &plot.scale.ticks {
            // The line along the items is drawn there.
            if *tick != base || plot.line.is_none() {
                scene.line(plot.point(0.0, *tick), plot.point(plot.length(), *tick), Some(stroke.clone()));
            }
        }
    }
    let numbers = matches!(plot.places, Places::Numbers(_));
    if let Some(stroke) = chosen(&node.category_axis.grid, &usual, numbers) {
        let alongs: Vec<f32> = match &plot.places {
            Places::Numbers(scale) => scale.ticks.iter().filter_map(|tick| plot.along_number(*tick)).collect(),
            _ if plot.pitch() < GRID_PITCH_MIN => Vec::new(),
            _ => (0..plot.count()).map(|item| plot.along(item)).collect(),
        };
        for along in alongs {
            let (from, to) = (plot.point(along, plot.scale.min), plot.point(along, plot.scale.max));
            scene.line(from, to, Some(stroke.clone()));
        }
    }
    if let Some(stroke) = axis_line(chart, &node.value_axis, false) {
        let (from, to) = (plot.point(0.0, plot.scale.min), plot.point(0.0, plot.scale.max));
        scene.line(from, to, Some(stroke));
    }
}

/// Grid lines nearer than this would be a grey area.
const GRID_PITCH_MIN: f32 = 4.0;

/// The line along an axis; along the items there is one unless the author says otherwise.
pub(super) fn axis_line(chart: &Chart<'_>, axis: &ChartAxis, usually: bool) -> Option<Stroke> {
    let usual = usual_stroke(chart, LINE_ALPHA, LINE_WIDTH);
    chosen(&axis.line, &usual, usually)
}

fn usual_stroke(chart: &Chart<'_>, alpha: u8, width: f32) -> StrokeLook {
    StrokeLook::solid(faded(chart.node.axis_style.color, alpha), width)
}

fn chosen(rule: &Rule, look: &StrokeLook, usually: bool) -> Option<Stroke> {
    match rule {
        Rule::Usual => look.to_stroke().filter(|_| usually),
        Rule::Shown => look.to_stroke(),
        Rule::None => None,
        Rule::Stroke(look) => look.to_stroke(),
    }
}

/// Length of the small lines that say which point a label belongs to.
pub(super) const TICK_LENGTH: f32 = 3.0;

/// The look of these lines.
pub(super) fn tick_stroke(chart: &Chart<'_>) -> Stroke {
    let color = faded(chart.node.axis_style.color, LINE_ALPHA);
    Stroke { color, width: GRID_WIDTH, dash: Vec::new(), cap: LineCap::Butt, join: LineJoin::Miter }
}
